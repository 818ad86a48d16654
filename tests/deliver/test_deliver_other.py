"""Services that only apprise knows: what it logs is all there is, heard by each send for itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


class Hook(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
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
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "permanent", "about_message"),
    [(401, True, False), (404, True, False), (413, True, True), (429, False, False), (502, False, False)],
)
def test_the_code_says_whether_it_is_tried_again(
    server: Answering, status: int, permanent: bool, about_message: bool
) -> None:
    server.statuses = [status]
    with pytest.raises(DeliveryError, match=f"answers {status}") as caught:
        send("phone", f"json://me:geheim@127.0.0.1:{server.server_port}/", PAYLOAD, **NAMED)
    error = caught.value
    assert (error.permanent, error.about_message, error.partial) == (permanent, about_message, False)
    assert "geheim" not in str(error)


def test_a_long_text_that_stops_halfway_is_partial(server: Answering) -> None:
    server.statuses = [200, 500]
    text = "Nothing new.\n" * 3000
    with pytest.raises(DeliveryError) as caught:
        send(
            "phone",
            f"ntfy://127.0.0.1:{server.server_port}/papers",
            Payload(subject="Much", text=text),
            **NAMED,
        )
    assert caught.value.partial


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
