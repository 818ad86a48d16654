"""Small real servers for what arXiv may answer, and a session that asks them without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from litwatch.harvest.session import BoundedSession, Breaker, Service


class OpenGate:
    """Lets everybody through at once, and keeps what pauses arXiv asked for."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@dataclass
class NotingBreaker:
    """A breaker that says what a test sets, and keeps what it is told."""

    refuses: str = ""
    probes: bool = False
    told: list[tuple[Service, str]] = field(default_factory=list)
    """(service, reason) of each failure; (service, "") of each success."""
    opens_after: int = 1_000_000
    """Failures after which it refuses."""

    def refusal(self, service: Service) -> str:
        return self.refuses

    def probing(self, service: Service) -> bool:
        return self.probes

    def failed(self, service: Service, reason: str) -> None:
        self.told.append((service, reason))
        if len(self.told) >= self.opens_after:
            self.refuses = "it failed too often"

    def succeeded(self, service: Service) -> None:
        self.told.append((service, ""))


def bounded(*, gate: OpenGate | None = None, breaker: Breaker | None = None, timeout: float = 5.0) -> BoundedSession:
    return BoundedSession(gate or OpenGate(), timeout=timeout, delay=0, breaker=breaker, sleep=lambda _: None)


@dataclass(frozen=True, kw_only=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    promised: int | None = None
    """Content-Length where it is not the body's."""
    hang: bool = False
    """Nothing more, where there is a body after it, until the server closes."""


class Answering(ThreadingHTTPServer):
    """Answers each request with what `reply` makes of its path, on loopback."""

    daemon_threads = True

    def __init__(self, reply: Callable[[str], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.paths: list[str] = []
        """What was asked, in order."""
        self.agents: list[str] = []
        self.over = Event()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.server.agents.append(self.headers.get("User-Agent", ""))
        answer = self.server.reply(self.path)
        if answer.hang and not answer.body:
            self.server.over.wait(60)
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body) if answer.promised is None else answer.promised))
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.hang:
            self.server.over.wait(60)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(*answers: Answer) -> Iterator[Answering]:
    """A server that gives these answers in order, and the last one from there on."""
    left = list(answers)
    server = Answering(lambda _: left.pop(0) if len(left) > 1 else left[0])
    try:
        yield server
    finally:
        server.close()
