"""Whether a message may be with Slack when the connection breaks: over TLS, and when the time is over."""

from __future__ import annotations

import ctypes
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme

from litwatch.deliver.channel import send
from litwatch.errors import DeliveryError
from litwatch.model import Payload

PAYLOAD = Payload(subject="Nothing new", text="Nothing new.")
NAMED = {"digest": "lab/digest/2025-11-24T080000Z", "number": 17, "date": datetime(2025, 11, 24, 8, tzinfo=UTC)}
HOOK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C"
IN_THE_CLEAR = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
NO_RECORD_OF_OURS = b"\x17\x03\x03\x00\x30" + bytes(48)
"""A record of TLS whose checksum is wrong."""
HANG_UP = b""
SILENCE = b"silence"


class Breaking(socketserver.ThreadingTCPServer):
    """Breaks TLS by what it says in the clear, at the handshake or once it has the request."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None, says: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context, self.says = context, says
        self.read = b""
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Conversation(socketserver.BaseRequestHandler):
    server: Breaking

    def handle(self) -> None:
        below = self.request.dup()
        with suppress(OSError), below:
            if self.server.context:
                secured = self.request = self.server.context.wrap_socket(self.request, server_side=True)
                while b"Nothing new." not in self.server.read and (more := secured.recv(65536)):
                    self.server.read += more
            else:
                self.request.recv(65536)
            if self.server.says == SILENCE:
                self.server.closing.wait(30)
                return
            below.sendall(self.server.says)
            # It reads on until the other side hangs up, lest a reset overtake what it said.
            below.shutdown(socket.SHUT_WR)
            while below.recv(65536):
                pass

    def finish(self) -> None:
        self.request.close()


Start = Callable[..., Breaking]


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    from apprise.plugins.slack import NotifySlack

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    started: list[Breaking] = []

    def start(says: bytes, *, secured: bool) -> Breaking:
        started.append(Breaking(context if secured else None, says))
        monkeypatch.setattr(NotifySlack, "webhook_url", f"https://localhost:{started[-1].server_address[1]}/services")
        return started[-1]

    with authority.cert_pem.tempfile() as bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        yield start
    for server in started:
        server.close()


def trouble(url: str = HOOK, **more: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send("lab", url, PAYLOAD, **NAMED, **more)
    return caught.value


@pytest.mark.parametrize("says", [IN_THE_CLEAR, NO_RECORD_OF_OURS, HANG_UP], ids=["text", "record", "end"])
def test_tls_that_breaks_after_the_message_leaves_it_unknown(breaking: Start, says: bytes) -> None:
    server = breaking(says, secured=True)
    error = trouble()
    assert b"Nothing new." in server.read
    assert (error.unknown, error.permanent) == (True, False)
    assert "may have arrived" in str(error)
    assert "certificate" not in str(error)


@pytest.mark.parametrize(
    ("says", "tells"),
    [(IN_THE_CLEAR, "agree on no TLS"), (HANG_UP, "agree on no TLS"), (SILENCE, "cannot be reached")],
    ids=["text", "end", "silence"],
)
def test_tls_that_breaks_at_the_handshake_has_sent_nothing(
    breaking: Start, monkeypatch: pytest.MonkeyPatch, says: bytes, tells: str
) -> None:
    monkeypatch.setattr("litwatch.deliver.plugin.TIMEOUT", 0.2)
    breaking(says, secured=False)
    error = trouble(f"{HOOK}?cto=0.2&rto=0.2")
    assert (error.unknown, error.permanent) == (False, False), str(error)
    assert tells in str(error)


def test_a_certificate_that_nobody_vouches_for_stops_the_channel(
    breaking: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(IN_THE_CLEAR, secured=True)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    error = trouble()
    assert (error.unknown, error.permanent) == (False, True)
    assert "certificate is not trusted" in str(error)


def test_a_posting_that_ends_as_soon_as_it_is_told_to_leaves_the_message_unknown(
    breaking: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = breaking(SILENCE, secured=True)
    tell = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def told_and_ended(ident: ctypes.c_ulong, error: object) -> None:
        tell(ident, error)
        server.closing.set()  # the connection ends, and so does the wait for an answer
        for thread in threading.enumerate():
            if thread.ident == ident.value:
                thread.join(10)

    monkeypatch.setattr(ctypes.pythonapi, "PyThreadState_SetAsyncExc", told_and_ended)
    error = trouble(patience=1.0)
    assert b"Nothing new." in server.read
    assert error.unknown
    assert "may have arrived" in str(error)
