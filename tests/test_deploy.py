"""What is deployed: the unit, the service within its restrictions, the image, the compose file, what is said of it."""

from __future__ import annotations

import ctypes.util
import fnmatch
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from conftest import MailServer
from litwatch.service.metrics import Metrics
from litwatch.store.figures import Figures
from litwatch.web.probes import Probes
from sandbox import settings

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy" / "litwatch.service"
SANDBOX = Path(__file__).with_name("sandbox.py")
LITWATCH = (sys.executable, "-m", "litwatch")

# --- the unit ------------------------------------------------------------------------------------------------

analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze, which is not here")


@analyze
def test_systemd_counts_the_unit_among_the_hardened() -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=True,
    )
    figure = re.search(r"Overall exposure level for litwatch\.service: ([\d.]+)", said.stdout)
    assert figure
    assert float(figure[1]) <= 2.0


@analyze
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    # What it starts is not installed here: this Python stands for it.
    text = UNIT.read_text(encoding="utf-8").replace("/opt/litwatch/bin/litwatch", sys.executable)
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    # It looks at the machine's own units, too, and they are none of ours.
    about_ours = [line for line in said.stderr.splitlines() if UNIT.name in line]
    assert about_ours == []


def test_the_unit_gives_litwatch_more_time_to_end_than_it_takes() -> None:
    unit = settings(UNIT)
    assert unit["Type"] == ["notify"]
    assert int(unit["TimeoutStopSec"][0]) > 10
    assert unit["Restart"] == ["on-failure"], "an end that was asked for is none that is undone"


# --- within its restrictions ---------------------------------------------------------------------------------


@cache
def _no_sandbox() -> str:
    """Why a sandbox cannot be made here; "" where it can."""
    if os.geteuid() != 0:
        return "needs root to make a sandbox"
    missing = [name for name in ("unshare", "systemd-analyze") if not shutil.which(name)]
    missing += [] if ctypes.util.find_library("seccomp") else ["libseccomp"]
    if missing:
        return f"needs {', '.join(missing)}"
    tried = subprocess.run(
        ["unshare", "--mount", "--ipc", "--propagation=private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        check=False,
    )
    return "may not mount here" if tried.returncode else ""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The one folder that the service may write to."""
    if trouble := _no_sandbox():
        pytest.skip(trouble)
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    (folder / "watchlists").mkdir()
    return folder


def within(state: Path, *command: str) -> list[str]:
    """The command line that runs a command as the unit would."""
    unshared = ("unshare", "--mount", "--ipc", "--propagation=private")
    return [*unshared, sys.executable, str(SANDBOX), str(UNIT), str(state), *command]


def run_within(state: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(within(state, *command), capture_output=True, text=True, check=False)


def configure(state: Path, text: str = "") -> None:
    # Nobody answers there: what is tried here is the service, not arXiv.
    nowhere = "http://127.0.0.1:9"
    arxiv = (
        f'[arxiv]\ndelay_seconds = 0\napi_url = "{nowhere}/api"\noai_url = "{nowhere}/oai"\nrss_url = "{nowhere}/rss"\n'
    )
    (state / "litwatch.toml").write_text(arxiv + '[service]\nlisten = "127.0.0.1:0"\n' + text, encoding="utf-8")
    for path in (state, *state.rglob("*")):
        os.chown(path, 61_184, 61_184)


FORBIDDEN = """
import ctypes, json, mmap, os, socket

def tried(work):
    try:
        work()
    except OSError as error:
        return error.errno and os.strerror(error.errno)
    return "done"

def exec_memory():
    mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)

def new_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "")

open("own", "w").close()
print(json.dumps({
    "write elsewhere": tried(lambda: open("/etc/own", "w")),
    "write to its own": tried(lambda: open("own", "w").close()),
    "make code": tried(exec_memory),
    "make a namespace": tried(new_namespace),
    "become root": tried(lambda: os.setuid(0)),
    "set a user bit": tried(lambda: os.chmod("own", 0o4755)),
    "talk to the kernel": tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "go out": tried(lambda: socket.socket().close()),
    "see others": tried(lambda: os.stat("/proc/1")),
    "see homes": os.listdir("/home"),
}))
"""


def test_the_sandbox_forbids_what_the_unit_does(state: Path) -> None:
    said = run_within(state, sys.executable, "-c", FORBIDDEN)
    assert json.loads(said.stdout or said.stderr) == {
        "write elsewhere": "Read-only file system",
        "write to its own": "done",
        "make code": "Operation not permitted",
        "make a namespace": "Operation not permitted",
        "become root": "Operation not permitted",
        "set a user bit": "Operation not permitted",
        "talk to the kernel": "Address family not supported by protocol",
        "go out": "done",
        "see others": "No such file or directory",
        "see homes": [],
    }


def test_ranking_and_judging_work_within_the_unit_s_restrictions(state: Path) -> None:
    configure(state)
    said = run_within(state, *LITWATCH, "demo", "demo")
    assert said.returncode == 0, said.stderr
    assert "invented" in said.stdout + said.stderr
    assert (state / "demo" / "digest.html").stat().st_size > 1000


def test_a_message_goes_out_from_within_the_unit_s_restrictions(state: Path, mail_server: MailServer) -> None:
    configure(state, f'[channels.weekly-mail]\nurl = "{mail_server.url()}"\n')
    said = run_within(state, *LITWATCH, "channel", "test", "weekly-mail")
    assert said.returncode == 0, said.stderr
    assert len(mail_server.taken) == 1


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The end that takes what the service tells."""
    name = f"litwatch-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        monkeypatch.setenv("WATCHDOG_USEC", "120000000")
        yield listening


def hear(systemd: socket.socket, wanted: str) -> str:
    """The first datagram from now on that says it."""
    while wanted not in (said := systemd.recv(65536).decode()).split("\n"):
        pass
    return said


def test_the_service_starts_reloads_and_ends_within_the_unit_s_restrictions(
    state: Path, systemd: socket.socket
) -> None:
    configure(state)
    with subprocess.Popen(within(state, *LITWATCH, "run"), stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        try:
            hear(systemd, "READY=1")
            address = next(found[1] for line in service.stderr if (found := re.search(r"http://([\d.:]+)", line)))
            probe = http.client.HTTPConnection(address, timeout=10)
            probe.request("GET", "/healthz")
            assert probe.getresponse().status == 200
            probe.close()
            probe.request("GET", "/metrics")
            told = probe.getresponse().read().decode()
            probe.close()
            assert re.search(r"^process_resident_memory_bytes [1-9]", told, re.M), "though /proc/stat is not there"
            assert re.search(r"^process_open_fds [1-9]", told, re.M)
            hear(systemd, "WATCHDOG=1")
            service.send_signal(signal.SIGHUP)
            assert "MONOTONIC_USEC=" in hear(systemd, "RELOADING=1")
            hear(systemd, "READY=1")
            service.send_signal(signal.SIGTERM)
            hear(systemd, "STOPPING=1")
            rest = service.stderr.read()
            assert service.wait(timeout=30) == 0, rest
        finally:
            service.kill()
    store = state / "litwatch.db"
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert store.stat().st_uid == 61_184


# --- the image -----------------------------------------------------------------------------------------------


@cache
def dockerfile() -> tuple[tuple[str, str], ...]:
    """(instruction, its words) in order."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    return tuple((line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line.strip())


def told(instruction: str) -> list[str]:
    return [words for name, words in dockerfile() if name == instruction]


def test_all_that_the_image_is_made_of_is_there_and_is_sent() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    sent = [line.removeprefix("!") for line in lines if line.startswith("!")]
    copied = [source for words in told("COPY") if "--from" not in words for source in words.split()[:-1]]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in sent), f"{source} is ignored"
    # What the build reads besides: the readme and licence that pyproject.toml names.
    assert {"README.md", "LICENSE", "pyproject.toml"} <= set(copied)


def test_the_image_runs_as_nobody_in_particular_and_is_told_to_stop_as_litwatch_expects() -> None:
    assert told("USER") == ["10001:10001"]
    assert told("STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(told("ENTRYPOINT")[0]) + json.loads(told("CMD")[0]) == ["litwatch", "run"]


def test_the_image_is_made_on_the_python_that_tests_run_on() -> None:
    python = {words.split()[0].split(":")[1].split("-")[0] for words in told("FROM")}
    assert python == {"3.11"}


@pytest.mark.parametrize(("alive", "code"), [(True, 0), (False, 1)])
def test_the_image_s_health_check_tells_well_from_unwell(alive: bool, code: int) -> None:
    (words,) = told("HEALTHCHECK")
    python, *command = json.loads(words.partition("CMD ")[2])
    assert python == "/opt/litwatch/bin/python"
    probes = Probes("127.0.0.1:0", healthz=lambda: (alive, ""), readyz=lambda: (True, ""), metrics=lambda: b"")
    probes.start()
    try:
        there = [word.replace("9477", probes.address.rpartition(":")[2]) for word in command]
        assert subprocess.run([sys.executable, *there], check=False).returncode == code
    finally:
        probes.close()
    gone = subprocess.run([sys.executable, *there], capture_output=True, check=False)
    assert gone.returncode == 1


# --- compose -------------------------------------------------------------------------------------------------


@cache
def compose() -> Any:
    return YAML(typ="safe").load(ROOT / "deploy" / "compose.yaml")


@pytest.mark.parametrize("name", ["litwatch", "db"])
def test_every_container_may_do_as_little_as_it_can(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "ports" not in service
    assert "privileged" not in service
    assert service["user"].split(":")[0] not in ("0", "root")


def test_no_password_stands_in_the_compose_file() -> None:
    for name, service in compose()["services"].items():
        for key, value in service["environment"].items():
            if re.search(r"PASSWORD|URL", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
                secret = str(value).removeprefix("/run/secrets/")
                assert secret in service["secrets"]
                assert secret in compose()["secrets"]


def test_several_daemons_can_be_started_beside_each_other() -> None:
    service = compose()["services"]["litwatch"]
    assert "container_name" not in service
    assert "hostname" not in service, "a daemon's name in the store begins with its container's"


# --- by hand -------------------------------------------------------------------------------------------------


def test_commands_by_hand_have_the_service_s_credentials(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "weekly-mail.url").write_text("mailtos://me:p'a\"ss $word@smtp.example.org\n")
    (tmp_path / "etc" / "store.url").write_text("postgresql+psycopg://litwatch@db/litwatch\n")
    script = (ROOT / "deploy" / "litwatch-by-hand").read_text(encoding="utf-8")
    shown = f"{shlex.quote(sys.executable)} -c 'import json, os, sys; print(json.dumps([dict(os.environ), sys.argv]))'"
    script, number = re.subn(r"setpriv .* -- /opt/litwatch/bin/litwatch", lambda _: shown, script)
    assert number == 1
    script = script.replace("/etc/litwatch", str(tmp_path / "etc"))
    said = subprocess.run(["sh", "-c", script, "litwatch", "lines", "a b"], capture_output=True, text=True, check=True)
    environment, words = json.loads(said.stdout)
    assert environment["LITWATCH_CHANNELS__WEEKLY_MAIL__URL"] == "mailtos://me:p'a\"ss $word@smtp.example.org"
    assert environment["LITWATCH_STORE__URL"] == "postgresql+psycopg://litwatch@db/litwatch"
    assert words[1:] == ["lines", "a b"]


# --- what is said of it --------------------------------------------------------------------------------------


def documentation() -> str:
    return (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def test_every_metric_that_the_documentation_names_exists() -> None:
    metrics = Metrics(
        lambda: Figures(upkeep={"backup": (1.0, True)}, harvest_age=1.0, set_aside={"line": 1}, stopped={"c": True})
    )
    metrics.unit_ended("poll", 1.0, True)
    known = set(re.findall(r"^# TYPE (\S+)", metrics.render().decode(), flags=re.M))
    known |= {f"{name}_{part}" for name in known for part in ("bucket", "sum", "count")}
    named = set(re.findall(r"\b(?:litwatch|process)_[a-z_]+[a-z]\b", documentation()))
    assert named
    assert named <= known


def test_every_command_and_file_that_the_documentation_names_exists() -> None:
    from litwatch.cli.main import app

    known = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", documentation(), flags=re.M | re.S)
    named = set(re.findall(r"(?:^|/| )litwatch ([a-z][a-z-]+)\b", "\n".join(blocks), flags=re.M))
    named -= {"litwatch"}  # a user and a service of that name
    assert named & known
    assert named <= known
    for path in re.findall(r"\bdeploy/[A-Za-z.-]*[A-Za-z]", documentation()):
        assert (ROOT / path).exists() or path in ("deploy/reader", "deploy/secrets", "deploy/.env"), path


def documented(language: str, holding: str) -> list[str]:
    """The blocks in that language that hold a text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", documentation(), flags=re.M | re.S)
    return [block for block in blocks if holding in block]


@analyze
def test_systemd_takes_every_drop_in_that_the_documentation_shows(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8").replace("/opt/litwatch/bin/litwatch", sys.executable)
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    folder = tmp_path / f"{UNIT.name}.d"
    folder.mkdir()
    shown = documented("ini", "[Service]")
    assert any("ReadWritePaths=" in drop_in for drop_in in shown), "backups on another disk"
    for number, drop_in in enumerate(shown):
        (folder / f"{number}.conf").write_text(drop_in, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in said.stderr.splitlines() if str(tmp_path) in line] == []


def test_what_the_documentation_hides_again_is_what_the_unit_hides() -> None:
    (drop_in,) = documented("ini", "InaccessiblePaths=")
    empty, again = re.findall(r"^InaccessiblePaths=(.*)$", drop_in, flags=re.M)
    shown = re.search(r"^ReadWritePaths=-(/[a-z]+)/", drop_in, flags=re.M)
    assert shown
    assert empty == ""
    assert {*again.split(), f"-{shown[1]}"} == set(settings(UNIT)["InaccessiblePaths"][0].split())


def test_no_backup_that_the_documentation_makes_is_in_the_way_of_another() -> None:
    for way in ("litwatch backup", "in-litwatch backup", "docker compose run --rm litwatch backup"):
        names = re.findall(rf"^{way} (\S+)", documentation(), flags=re.M)
        assert len(names) >= 2, way
        assert len(names) == len(set(names)), way


def test_compose_set_up_by_root_does_not_run_as_root(tmp_path: Path) -> None:
    (setup,) = documented("sh", "LITWATCH_UID")
    setup = setup.partition("password=")[0].replace("cd deploy\n", "")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, does in (("id", "echo 0"), ("chown", 'echo "$@" > owner')):
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-eu", "-c", setup], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / ".env").read_text() == "LITWATCH_UID=10001\nLITWATCH_GID=10001\n"
    assert (tmp_path / "owner").read_text() == "10001:10001 reader\n"


# --- a new machine that decides what lands -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacks", "installed"),
    [
        ((), None),
        (("make",), "make"),
        (("venv",), "python3-venv"),
        (("chromium",), "chromium"),
        (("initdb",), "postgresql"),
        (("make", "venv", "chromium"), "chromium python3-venv make"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_new_machine_is_given_what_it_lacks_and_no_more(
    tmp_path: Path, lacks: tuple[str, ...], installed: str | None
) -> None:
    (tmp_path / ".ci").mkdir()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    # This machine's own server is out of sight, as its tools are.
    script = script.replace("/usr/lib/postgresql/", f"{tmp_path}/postgresql/")
    (tmp_path / ".ci" / "run").write_text(script, encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    said = {
        "id": "echo 0",
        "apt-get": f'echo "$@" >> {tmp_path}/asked',
        "python3": "exit 1" if "venv" in lacks else "exit 0",
        "make": f"echo make $@ >> {tmp_path}/asked",
        "chromium": "",
        "initdb": "",
    }
    for name, does in said.items():
        if name not in lacks or name == "make":
            (tools / name).write_text(f"#!/bin/sh\n{does}\n")
            (tools / name).chmod(0o755)
    for name in ("env", "dirname", "sh"):
        (tools / name).symlink_to(shutil.which(name) or name)
    if "make" in lacks:
        (tools / "make").rename(tmp_path / "make")
        (tools / "apt-get").write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\nPATH={os.environ["PATH"]} cp {tmp_path}/make {tools}/make\n'
        )
    bash = shutil.which("bash") or "bash"
    subprocess.run([bash, str(tmp_path / ".ci" / "run")], env={"PATH": str(tools)}, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked.pop() == "make check"
    given = [line.rpartition("recommends ")[2] for line in asked if "install" in line]
    assert given == ([installed] if installed else [])
