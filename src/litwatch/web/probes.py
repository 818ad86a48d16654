"""What a monitor on this machine asks: /healthz, /readyz, /metrics, over HTTP on loopback.

The little HTTP that this takes is written out, so that what a client can hold is bounded: so many at once, so many
bytes, so many seconds to ask and to take the answer, however slowly it speaks. A page in a browser that had its
own name lead to this machine (DNS rebinding) is refused by its Host header.
"""

from __future__ import annotations

import json
import logging
import os
import re
import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from litwatch.errors import ConfigError
from litwatch.service.redaction import redacted

log = logging.getLogger("litwatch.probes")

Health = Callable[[], tuple[bool, str | Mapping[str, str]]]
"""Whether it is well, and what is to be said: a text, or one by the name of each thing checked."""

AT_ONCE = 16
"""Clients that are answered at once; more are sent away."""
METRICS_AT_ONCE = 4
"""So many of them may be given figures: these take the store, and must leave places for who asks whether it lives."""
SECONDS = 5.0
"""In which a client has to ask, and again to take its answer."""
_LONGEST_HEAD = 8192
_LONGEST_LINE = 2048
_LINGER_SECONDS = 0.5
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_METHODS = ("GET", "HEAD")
_HEADERS = (
    "Cache-Control: no-store",
    "Connection: close",
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy: same-origin",
    "Referrer-Policy: no-referrer",
    "X-Content-Type-Options: nosniff",
)


class Probes:
    """listen: HOST:PORT, the host a loopback address; port 0 takes any that is free.

    healthz, readyz: their answer is 200 or 503. metrics: Prometheus text. They are called in threads of their own.
    """

    def __init__(
        self,
        listen: str,
        *,
        healthz: Health,
        readyz: Health,
        metrics: Callable[[], bytes],
        seconds: float = SECONDS,
    ) -> None:
        self._listen = listen
        self._answers: dict[str, Callable[[], _Answer]] = {
            "/healthz": lambda: _health(healthz),
            "/readyz": lambda: _health(readyz),
            "/metrics": lambda: self._figures(metrics),
        }
        self._metrics_free = threading.BoundedSemaphore(METRICS_AT_ONCE)
        self._seconds = seconds
        self._listener: socket.socket | None = None
        self._names: frozenset[str] = frozenset()
        self._wake, self._woken = socket.socketpair()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._clients: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name="probes", daemon=True)

    @property
    def address(self) -> str:
        """HOST:PORT that it listens on."""
        assert self._listener is not None
        host, port = self._listener.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self) -> None:
        """Listens and answers, on threads beside. Raises ConfigError where it cannot listen."""
        host, _, port = self._listen.rpartition(":")
        bare = "127.0.0.1" if host == "localhost" else host.strip("[]")
        family = socket.AF_INET6 if ":" in bare else socket.AF_INET
        try:
            self._listener = socket.create_server((bare, int(port)), family=family, backlog=AT_ONCE)
        except (OSError, ValueError) as error:
            self.close()
            why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no such address"
            raise ConfigError(
                f"service.listen: nothing can be answered at {self._listen} ({why.lower()}); name another port there, "
                '127.0.0.1:0 for any that is free, or "" to answer nobody'
            ) from error
        self._listener.setblocking(False)
        self._names = frozenset({*_LOOPBACK_NAMES, f"[{bare}]" if ":" in bare else bare})
        self._thread.start()

    def close(self) -> None:
        """Answers no more, and cuts off who is connected."""
        self._wake.close()
        if self._thread.is_alive():
            self._thread.join(self._seconds)
        with self._lock:
            clients = tuple(self._clients)
        for client in clients:
            _shut(client)
        if self._listener:
            self._listener.close()
        self._woken.close()

    def _accept(self) -> None:
        assert self._listener is not None
        with selectors.DefaultSelector() as ready:
            ready.register(self._listener, selectors.EVENT_READ)
            ready.register(self._woken, selectors.EVENT_READ)
            while True:
                if any(key.fileobj is self._woken for key, _ in ready.select()):
                    return
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    # The client went away, or this process has no file left to open: that one passes, too.
                    time.sleep(0.05)
                    continue
                if not self._free.acquire(blocking=False):
                    client.close()
                    continue
                with self._lock:
                    self._clients.add(client)
                threading.Thread(target=self._serve, args=(client,), name="probe", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            self._talk(client)
        except OSError:
            pass  # it went away or was too slow
        except Exception:
            log.exception("a probe could not be answered")
        finally:
            with self._lock:
                self._clients.discard(client)
            client.close()
            self._free.release()

    def _talk(self, client: socket.socket) -> None:
        head, rest = _read_head(client, time.monotonic() + self._seconds)
        method, answer = self._answer(head)
        deadline = time.monotonic() + self._seconds
        _send(client, answer.wire(method), deadline)
        if rest or method not in _METHODS:
            # What was not read would reset the connection, and the client would lose the answer.
            client.shutdown(socket.SHUT_WR)
            _drain(client, min(deadline, time.monotonic() + _LINGER_SECONDS))

    def _answer(self, head: bytes | None) -> tuple[str, _Answer]:
        """(method, answer) to the head of a request; None where it was too long."""
        if head is None:
            return "GET", _refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        first, *lines = head.decode("latin-1").split("\r\n")
        request = re.fullmatch(r"([!-~]+) ([!-~]+) HTTP/1\.[01]", first)
        if not request or len(first) > _LONGEST_LINE:
            return "GET", _refusal(HTTPStatus.BAD_REQUEST)
        method, target = request[1], request[2].partition("?")[0]
        headers = [line.partition(":") for line in lines]
        hosts = [value.strip().lower() for name, _, value in headers if name.lower() == "host"]
        if len(hosts) != 1 or re.sub(r":\d{1,5}$", "", hosts[0]) not in self._names:
            return method, _refusal(HTTPStatus.FORBIDDEN)
        if target not in self._answers:
            return method, _refusal(HTTPStatus.NOT_FOUND)
        if method not in _METHODS:
            return method, _refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"Allow: {', '.join(_METHODS)}")
        try:
            return method, self._answers[target]()
        except Exception:
            log.exception("%s could not be answered", target)
            return method, _refusal(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _figures(self, metrics: Callable[[], bytes]) -> _Answer:
        if not self._metrics_free.acquire(blocking=False):
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            return _Answer(status=HTTPStatus.OK, body=metrics(), kind=_METRICS)
        finally:
            self._metrics_free.release()


# --- answers -------------------------------------------------------------------------------------------------

_JSON = "application/json"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    kind: str
    headers: tuple[str, ...] = ()

    def wire(self, method: str) -> bytes:
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            f"Content-Type: {self.kind}",
            f"Content-Length: {len(self.body)}",
            *_HEADERS,
            *self.headers,
            "\r\n",
        )
        return "\r\n".join(head).encode("ascii") + (b"" if method == "HEAD" else self.body)


def _health(check: Health) -> _Answer:
    well, says = check()
    checks = {"says": says} if isinstance(says, str) and says else dict(says or {})
    told = {"ok": well, "checks": {name: redacted(text) for name, text in checks.items()}}
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return _Answer(status=status, body=json.dumps(told).encode() + b"\n", kind=_JSON)


def _refusal(status: HTTPStatus, *headers: str) -> _Answer:
    body = json.dumps({"ok": False, "error": status.phrase}).encode() + b"\n"
    return _Answer(status=status, body=body, kind=_JSON, headers=headers)


# --- bytes, by a deadline ------------------------------------------------------------------------------------


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read_head(client: socket.socket, deadline: float) -> tuple[bytes | None, bytes]:
    """(the head of a request, what came after it); the head is None where it is too long.

    Raises OSError where it does not come whole in time.
    """
    came = b""
    while b"\r\n\r\n" not in came:
        if len(came) > _LONGEST_HEAD:
            return None, came
        client.settimeout(_left(deadline))
        piece = client.recv(4096)
        if not piece:
            raise ConnectionResetError
        came += piece
    head, _, rest = came.partition(b"\r\n\r\n")
    return head, rest


def _send(client: socket.socket, answer: bytes, deadline: float) -> None:
    view = memoryview(answer)
    while view:
        client.settimeout(_left(deadline))
        view = view[client.send(view) :]


def _drain(client: socket.socket, deadline: float) -> None:
    while True:
        client.settimeout(_left(deadline))
        if not client.recv(65536):
            return


def _shut(client: socket.socket) -> None:
    with suppress(OSError):  # it may have gone by itself
        client.shutdown(socket.SHUT_RDWR)
