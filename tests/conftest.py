"""What tests share: the project's records where they are at hand, small real servers, and litwatch in a folder."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from litwatch.store.store import Store, open_store
from postgres import Postgres, running

SHARED = Path(__file__).parents[1] / ".." / "shared"

# Papers are ranked by shared terms and judged by cues alone, which is quick; what is about the models asks for them.
os.environ["LITWATCH_RANK__SEMANTIC"] = "false"
os.environ["LITWATCH_JUDGE__METHOD"] = "cues"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test of hostile text logged may hold half a character: such a report could not be sent on."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True)
def _nothing_is_hidden_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process hides for as long as it lives what it once was told to; each test is a process of its own."""
    from litwatch.service import redaction

    monkeypatch.setattr(redaction, "_hidden", frozenset())
    monkeypatch.setattr(redaction, "_pattern", None)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "arxiv").is_dir():
        pytest.skip("needs the project's shared records, which are not beside this clone")
    return SHARED.resolve()


class ArxivSim:
    """The local stand-in for arXiv, on a stream of records."""

    def __init__(self, script: Path, corpus: Path, now: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(script), "--corpus", str(corpus), "--now", now, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    @property
    def api(self) -> str:
        return f"{self.url}/api/query"

    @property
    def urls(self) -> str:
        """The lines of [arxiv] that lead here."""
        return f'api_url = "{self.url}/api/query"\noai_url = "{self.url}/oai"\nrss_url = "{self.url}/rss"'

    def clock(self, now: str) -> None:
        requests.get(f"{self.url}/sim/clock", params={"now": now}, timeout=10).raise_for_status()

    def faults(self, *faults: dict[str, Any]) -> None:
        requests.post(f"{self.url}/sim/faults", data=json.dumps(faults), timeout=10).raise_for_status()

    def revise(self, *changes: dict[str, Any]) -> None:
        requests.post(f"{self.url}/sim/revise", data=json.dumps(changes), timeout=10).raise_for_status()

    def stats(self) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(f"{self.url}/sim/stats", params={"reset": "1"}, timeout=10).json()
        return answer

    def visible(self) -> set[str]:
        return set(requests.get(f"{self.url}/sim/visible", timeout=30).text.split())

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def arxivsim(shared: Path) -> Iterator[Callable[..., ArxivSim]]:
    """Starts simulators: arxivsim(corpus, now, *options)."""
    started: list[ArxivSim] = []

    def start(corpus: Path, now: str, *options: str) -> ArxivSim:
        started.append(ArxivSim(shared / "arxivsim" / "arxivsim.py", corpus, now, *options))
        return started[-1]

    yield start
    for sim in started:
        sim.close()


# --- databases -----------------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="sqlite", help="where tests that do not say so keep their store")


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """ "sqlite" or "postgresql"."""
    return str(getattr(request, "param", request.config.getoption("--database")))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of its own for this run."""
    with running() as server:
        if server is None:
            pytest.skip("needs PostgreSQL, which is not installed here")
        yield server


@pytest.fixture
def store_url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """Where a store of this test's own is or will be."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/litwatch.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.store()
    yield url
    server.drop(url)


@pytest.fixture
def unmade_url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """Where a store can be made, and was not yet."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/unmade.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of its own."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Litwatch:
    """litwatch in a folder of its own: each call is a command, in this process."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        store_url: str = "",
    ) -> None:
        """store_url: of a store that is not litwatch.db in the folder.

        Papers are ranked by shared terms alone, which is quick; what is about meaning asks for it in `env`.
        """
        self.folder = folder
        self.store_url = store_url or f"sqlite:///{folder}/litwatch.db"
        self._settings = {"LITWATCH_RANK__SEMANTIC": "false", "LITWATCH_JUDGE__METHOD": "cues"}
        if store_url:
            self._settings["LITWATCH_STORE__URL"] = store_url
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.env: dict[str, str] = {}

    def __call__(self, *words: str, now: str = "2025-11-20T12:00:00Z") -> Answer:
        from litwatch.cli.main import main

        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["litwatch", *words])
            for name in [name for name in os.environ if name.startswith("LITWATCH_")]:
                patch.delenv(name)
            patch.setenv("LITWATCH_NOW", now)
            for name, value in (self._settings | self.env).items():
                patch.setenv(name, value)
            self._capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            said = self._capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    def configure(self, text: str) -> None:
        (self.folder / "litwatch.toml").write_text(text, encoding="utf-8")
        (self.folder / "watchlists").mkdir(exist_ok=True)


@pytest.fixture
def litwatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: str, store_url: str
) -> Litwatch:
    return Litwatch(tmp_path, monkeypatch, capsys, "" if database == "sqlite" else store_url)


# --- where digests go ----------------------------------------------------------------------------------------


class MailServer:
    """A real SMTP server on loopback, with STARTTLS and login; it keeps what it took."""

    user, password = "reader@example.org", "p@ss/w:rd%1"

    def __init__(self, certificate: trustme.LeafCert, *, stall: float = 0.0) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"
        self.stall = stall
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=self._authenticate,
        )
        self._controller.start()

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login.decode(), data.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=good)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.stall:
            await asyncio.sleep(self.stall)
        return self.answer

    def url(self, password: str | None = None) -> str:
        secret = quote(self.password if password is None else password, safe="")
        return (
            f"mailtos://{quote(self.user, safe='')}:{secret}@localhost:{self.port}"
            "?mode=starttls&verify=no&from=litwatch@example.org&to=me@example.org&smtp=localhost"
        )

    def close(self) -> None:
        self._controller.stop()


@pytest.fixture(scope="session")
def certificate() -> trustme.LeafCert:
    return trustme.CA().issue_cert("localhost")


@pytest.fixture
def mail_server(certificate: trustme.LeafCert) -> Iterator[MailServer]:
    server = MailServer(certificate)
    yield server
    server.close()


class SlackServer(ThreadingHTTPServer):
    """A stand-in for Slack's incoming webhooks that enforces the limits Slack documents."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SlackHook)
        self.taken: list[dict[str, Any]] = []
        self.status, self.answer = 200, b"ok"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/services"

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _SlackHook(BaseHTTPRequestHandler):
    server: SlackServer

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self.server.status, self.server.answer
        if status == 200 and (trouble := slack_trouble(message)):
            status, answer = 400, trouble.encode()
        if status == 200:
            self.server.taken.append(message)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


def slack_trouble(message: dict[str, Any]) -> str:
    """What Slack would refuse of a message: "" when it would take it."""
    for blocks in [message.get("blocks", []), *(part.get("blocks", []) for part in message.get("attachments", []))]:
        if len(blocks) > 50:
            return "invalid_blocks"
        for block in blocks:
            if block["type"] == "section" and not 0 < len(block["text"]["text"]) <= 3000:
                return "invalid_blocks"
            if block["type"] == "header" and not 0 < len(block["text"]["text"]) <= 150:
                return "invalid_blocks"
            if block["type"] == "context" and not 0 < len(block["elements"]) <= 10:
                return "invalid_blocks"
    return ""


@pytest.fixture
def slack_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    from apprise.plugins.slack import NotifySlack

    server = SlackServer()
    monkeypatch.setattr(NotifySlack, "webhook_url", server.url)
    yield server
    server.close()


SLACK_URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C/#papers"
