"""Services that only apprise knows: what it logs is all there is, heard by each send for itself."""

from __future__ import annotations

import contextlib
import logging
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from litwatch.deliver.channel import send
from litwatch.deliver.plugin import listening
from litwatch.errors import DeliveryError
from litwatch.model import Payload

NAMED = {"digest": "phone/digest/2025-11-24T080000Z", "number": 17, "date": datetime(2025, 11, 24, 8, tzinfo=UTC)}
PAYLOAD = Payload(subject="Nothing new", text="Nothing new.")


class Answering(ThreadingHTTPServer):
    daemon_threads = True
    statuses: list[int]
    drips = False
    closing: threading.Event


class Hook(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.drips:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b"{")
                    if self.server.closing.wait(0.05):
                        break
            return
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering(("127.0.0.1", 0), Hook) as server:
        server.closing = threading.Event()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "permanent", "about_message", "unknown"),
    [
        (401, True, False, False),
        (404, True, False, False),
        (413, True, True, False),
        (429, False, False, False),
        (503, False, False, False),
        *((status, False, False, True) for status in (408, 500, 502, 504)),
    ],
)
def test_the_code_says_whether_it_is_tried_again(
    server: Answering, status: int, permanent: bool, about_message: bool, unknown: bool
) -> None:
    server.statuses = [status]
    with pytest.raises(DeliveryError, match=f"answers {status}") as caught:
        send("phone", f"json://me:geheim@127.0.0.1:{server.server_port}/", PAYLOAD, **NAMED)
    error = caught.value
    assert (error.permanent, error.about_message, error.unknown) == (permanent, about_message, unknown)
    assert not error.partial
    assert "geheim" not in str(error)


def test_a_long_text_that_stops_halfway_is_partial(server: Answering) -> None:
    server.statuses = [200, 500]
    text = "Nothing new.\n" * 700
    with pytest.raises(DeliveryError) as caught:
        send(
            "phone",
            f"ntfy://127.0.0.1:{server.server_port}/papers",
            Payload(subject="Much", text=text),
            **NAMED,
        )
    assert caught.value.partial


def test_an_answer_drop_by_drop_is_unknown_and_holds_nothing(server: Answering) -> None:
    server.drips = True
    with pytest.raises(DeliveryError, match="no answer in time") as caught:
        send("phone", f"json://127.0.0.1:{server.server_port}/", PAYLOAD, **NAMED, patience=1.0)
    assert caught.value.unknown


def test_a_token_that_no_header_can_hold_stops_the_channel_and_is_not_shown(server: Answering) -> None:
    server.statuses = [200]
    url = f"json://127.0.0.1:{server.server_port}/?{quote('+X-Token')}={quote('€'.join(('geh', 'eim')))}"
    with pytest.raises(DeliveryError, match="cannot be sent to the service") as caught:
        send("phone", url, PAYLOAD, **NAMED)
    assert caught.value.permanent
    assert "geh€eim" not in "".join(traceback.format_exception(caught.value))


def test_what_apprise_logs_is_heard_in_its_own_thread_alone_and_by_nobody_else() -> None:
    log = logging.getLogger("apprise")
    begun, told = threading.Barrier(2, timeout=10), threading.Barrier(2, timeout=10)
    heard: dict[str, list[str]] = {}

    def hear(name: str) -> None:
        with listening() as lines:
            begun.wait()
            log.debug("of %s", name)
            told.wait()
        heard[name] = lines

    threads = [threading.Thread(target=hear, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"one": ["of one"], "other": ["of other"]}
    assert not log.propagate
