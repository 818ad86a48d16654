"""The daemon among hostile files and a hostile arXiv: what it logs, answers its monitor, and shows on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hostile_arxiv import CLAIM, QUESTION, HostileArxiv
from hostile_checks import is_harmless_mail, is_log, is_shown
from hostile_files import GOOD
from hostile_texts import CHOSEN

from conftest import Litwatch
from scripted_mail import Script, ScriptedMail

PATIENCE = 60.0
PASSWORD = "Ge/heim:W@rt%7"
OURS = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[0-9]*[AGK]|2K)")
"""What Rich writes to a terminal: colours, the cursor hidden and moved within its own rows."""


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


@pytest.fixture
def hostile(litwatch: Litwatch, mail: ScriptedMail) -> Iterator[Litwatch]:
    """A folder with a good line, broken files of hostile names, a channel, and an arXiv of hostile papers."""
    arxiv = HostileArxiv(CHOSEN[:20])
    litwatch.configure(
        f"{arxiv.settings}[judge]\nthreshold = 0.05\n[rank]\nfloor = 0.01\n[service]\nlisten = '127.0.0.1:0'\n"
        f'[channels.mail]\nurl = "{mail.url(password=PASSWORD)}"\nalerts = true\nschedule = "daily 08:00 UTC"\n'
    )
    assert litwatch("add-line", "--question", QUESTION, "--claim", CLAIM, "--categories", "cs.CL").code == 0
    folder = litwatch.folder / "watchlists"
    (folder / "a\x1b[31m\u202e.yaml").write_text("question: [\n")
    (folder / "b\nlitwatch all is well.yaml").write_text(GOOD)
    (folder / "c.yaml").write_text(GOOD + '"\\e]0;pwned\\a": x\n')
    yield litwatch
    arxiv.close()


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
    said = {
        "LITWATCH_NOW": "2025-11-20T12:00:00Z",
        "LITWATCH_RANK__SEMANTIC": "false",
        "LITWATCH_JUDGE__METHOD": "cues",
    }
    return kept | said | {"TERM": "xterm-256color", "COLUMNS": "100"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_daemon_says_of_hostile_things_forges_no_record(
    hostile: Litwatch, mail: ScriptedMail, form: str
) -> None:
    env = environment() | {"LITWATCH_SERVICE__LOG": form}
    with subprocess.Popen(
        [sys.executable, "-m", "litwatch", "run"], cwd=hostile.folder, env=env, stderr=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stderr
        logged, address = "", ""
        end = time.monotonic() + PATIENCE
        for line in daemon.stderr:
            logged += line
            if found := re.search(r"http://(127\.0\.0\.1:\d+)", line):
                address = found[1]
            if (mail.taken and address) or time.monotonic() > end:
                break
        answers = [requests.get(f"http://{address}/{name}", timeout=30) for name in ("healthz", "readyz", "metrics")]
        daemon.send_signal(signal.SIGTERM)
        logged += daemon.stderr.read()
    assert mail.taken, logged
    is_log(logged, form=form)
    for answer in answers:
        is_shown(answer.text)
        assert PASSWORD not in answer.text
    assert PASSWORD not in logged
    for raw in mail.taken:
        is_harmless_mail(raw)


def on_a_terminal(folder: Path, *words: str) -> str:
    """What a command writes to a terminal that it takes for a person's."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "litwatch", *words], cwd=folder, env=environment(), stdout=theirs, stderr=theirs
    ) as command:
        os.close(theirs)
        said = b""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    piece = os.read(ours, 65536)
                except OSError:  # the other side is closed
                    break
                if not piece:
                    break
                said += piece
            elif command.poll() is not None:
                break
    os.close(ours)
    assert command.returncode in (0, 1), said
    return said.decode()


def test_a_terminal_is_sent_no_sequence_but_those_of_the_tables_and_the_progress(hostile: Litwatch) -> None:
    for path in (hostile.folder / "watchlists").iterdir():
        if not path.name.startswith("does-"):
            path.unlink()
    for words in (("poll",), ("papers", "does"), ("show", "does"), ("claims", "does"), ("digest",), ("harvests",)):
        said = on_a_terminal(hostile.folder, *words)
        assert "Traceback" not in said
        is_shown(OURS.sub("", said).replace("\r", ""))
        assert "\x1b]8" not in said


def test_progress_is_no_markup(hostile: Litwatch) -> None:
    """A text with brackets neither ends the command nor turns red."""
    program = (
        "from litwatch.cli import show\n"
        "with show.spinner('[red]a[/nothing] \\x1b[31m') as tell:\n    tell('[/b] [link=https://evil.example]x')\n"
    )
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", program], stderr=theirs, env=environment(), check=False, timeout=60)
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "[/b] [link=https://evil.example]x" in said
    assert "\x1b]8" not in said
    is_shown(OURS.sub("", said).replace("\r", ""))


def test_a_record_in_json_can_be_read_as_one() -> None:
    line = json.dumps(dict.fromkeys(("ts", "level", "logger", "unit", "kind", "subject", "message", "exc"), "x"))
    is_log(line + "\n", form="json")
    with pytest.raises(AssertionError):
        is_log("2025-11-20 all is well\n")
