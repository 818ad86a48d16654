"""What each answer of Slack's means, over HTTP: try again, and when; stop; leave the message; or not known."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from litwatch.deliver.channel import send
from litwatch.errors import DeliveryError
from litwatch.model import Payload

BLOCKS = ({"type": "section", "text": {"type": "mrkdwn", "text": "Nothing new."}},)
PAYLOAD = Payload(subject="Nothing new", text="Nothing new.", slack=BLOCKS)
NAMED = {"digest": "lab/digest/2025-11-24T080000Z", "number": 17, "date": datetime(2025, 11, 24, 8, tzinfo=UTC)}
HOOK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C"
TOKEN = "xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d"
BOT = f"slack://{TOKEN}/%23papers"
SECRETS = ("TIiajkdnlazkcOXrIdevi7C", "4ddbc191d40ee098cbaae6f3523ada2d", "A1BRTD4JD")


class Slack(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.taken: list[dict[str, Any]] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.otherwise = (200, "ok")
        self.headers: dict[str, str] = {}
        self.hangs_up = False
        self.silent = False
        self.drips = ""
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class Hook(BaseHTTPRequestHandler):
    server: Slack

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.silent:
            self.server.closing.wait(30)
        if self.server.hangs_up or self.server.silent:
            self.close_connection = True
            return
        if self.server.drips:
            self._drip()
            return
        status, answer = self.server.answers.get(message.get("channel", ""), self.server.otherwise)
        if status == 200 and ("error" not in answer):
            self.server.taken.append(message)
        self.send_response(status)
        for header, value in self.server.headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def _drip(self) -> None:
        """For ten seconds at most."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if self.server.drips == "answer" else b"X-More: "))
        self.close_connection = True
        with contextlib.suppress(OSError):
            for _ in range(200):
                self.wfile.write(b"o")
                if self.server.closing.wait(0.05):
                    break

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    from apprise.plugins.slack import NotifySlack

    server = Slack()
    base = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{base}/services")
    monkeypatch.setattr(NotifySlack, "workflow_trigger_url", f"{base}/triggers")
    monkeypatch.setattr(NotifySlack, "api_url", f"{base}/api/{{}}")
    monkeypatch.setattr(NotifySlack, "request_rate_per_sec", 0)
    yield server
    server.close()


def trouble(url: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send("lab", url, PAYLOAD, **NAMED)
    said = "".join(traceback.format_exception(caught.value))
    assert not any(secret in said for secret in SECRETS)
    return caught.value


def kind(error: DeliveryError) -> str:
    kinds = ("unknown", "partial", "about_message", "permanent")
    said = next((name for name in kinds if getattr(error, name)), "transient")
    return f"{said}, {error.retry_after:.0f} s" if error.retry_after else said


HOOK_ANSWERS = [
    (400, "invalid_blocks", "about_message", "form of the message"),
    (400, "invalid_payload", "about_message", "form of the message"),
    (400, "msg_too_long", "about_message", "too long"),
    (400, "something_new", "about_message", "400 something_new"),
    (413, "", "about_message", "too long"),
    (403, "invalid_token", "permanent", "new webhook"),
    (403, "action_prohibited", "permanent", "administrator"),
    (404, "no_service", "permanent", "no such webhook"),
    (404, "channel_not_found", "permanent", "no such channel"),
    (410, "channel_is_archived", "permanent", "archived"),
    (429, "rate_limited", "transient, 90 s", "for now"),
    (408, "", "unknown", "may have arrived"),
    (500, "rollup_error", "unknown", "may have arrived"),
    (502, "", "unknown", "may have arrived"),
    (504, "<html>", "unknown", "may have arrived"),
    (503, "<html>TIiajkdnlazkcOXrIdevi7C</html>", "transient", "trouble of its own (503)"),
    (200, "<html>sign in</html>", "transient", "not Slack"),
]


@pytest.mark.parametrize(("status", "answer", "means", "says"), HOOK_ANSWERS)
def test_what_a_webhook_answers_is_told_for_what_it_is(
    slack: Slack, caplog: pytest.LogCaptureFixture, status: int, answer: str, means: str, says: str
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.otherwise, slack.headers = (status, answer), {"Retry-After": "90"} if status == 429 else {}
    error = trouble(HOOK)
    assert (kind(error), says in str(error)) == (means, True), str(error)
    heard = "".join(record.getMessage() for record in caplog.records if record.name != "apprise")
    assert not any(secret in heard for secret in SECRETS)


BOT_ERRORS = [
    ("invalid_auth", "permanent", "new token"),
    ("token_revoked", "permanent", "revoked"),
    ("missing_scope", "permanent", "chat:write"),
    ("not_in_channel", "permanent", "/invite"),
    ("channel_not_found", "permanent", "/invite"),
    ("is_archived", "permanent", "archived"),
    ("msg_too_long", "about_message", "too long"),
    ("invalid_blocks", "about_message", "form"),
    ("ratelimited", "transient", "for now"),
    ("internal_error", "unknown", "may have arrived"),
    ("fatal_error", "unknown", "may have arrived"),
    ("service_unavailable", "transient", "trouble of its own"),
]


@pytest.mark.parametrize(("error", "means", "says"), BOT_ERRORS)
def test_what_slack_answers_a_bot_is_told_for_what_it_is(slack: Slack, error: str, means: str, says: str) -> None:
    slack.otherwise = (200, json.dumps({"ok": False, "error": error}))
    found = trouble(BOT)
    assert (kind(found), says in str(found)) == (means, True), str(found)


def test_a_bot_posts_the_blocks_to_each_channel(slack: Slack) -> None:
    slack.otherwise = (200, '{"ok": true, "channel": "C1"}')
    send("lab", f"{BOT}/%23news", PAYLOAD, **NAMED)
    assert sorted(message["channel"] for message in slack.taken) == ["#news", "#papers"]
    assert slack.taken[0]["attachments"][0]["blocks"] == list(BLOCKS)


def test_one_channel_of_two_is_partial(slack: Slack) -> None:
    slack.otherwise = (200, '{"ok": true, "channel": "C1"}')
    slack.answers["#gone"] = (200, '{"ok": false, "error": "channel_not_found"}')
    error = trouble(f"{BOT}/%23gone")
    assert (error.partial, len(slack.taken)) == (True, 1)


def test_one_channel_that_has_it_and_one_that_may_have_it_are_not_sent_it_again(slack: Slack) -> None:
    slack.otherwise = (200, '{"ok": true, "channel": "C1"}')
    slack.answers["#lost"] = (504, "")
    error = trouble(f"{BOT}/%23lost")
    assert (error.partial, error.unknown, len(slack.taken)) == (True, False, 1)
    assert "one may not have it" in str(error)
    assert "`litwatch replay 17`" in str(error)


def test_nonsense_nested_without_end_is_no_bug(slack: Slack) -> None:
    slack.otherwise = (200, '{"ok":' + "[" * 100_000)
    assert "not Slack" in str(trouble(BOT))


@pytest.mark.parametrize("drips", ["answer", "head"])
def test_an_answer_drop_by_drop_is_unknown_and_holds_nothing(slack: Slack, drips: str) -> None:
    slack.drips = drips
    with pytest.raises(DeliveryError) as caught:
        send("lab", HOOK, PAYLOAD, **NAMED, patience=1.0)
    assert kind(caught.value) == "unknown"


def test_a_trigger_of_a_workflow_gets_the_text(slack: Slack) -> None:
    send("lab", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdn/?mode=trigger", PAYLOAD, **NAMED)
    assert slack.taken == [{"text": "Nothing new: Nothing new."}]


def test_a_connection_lost_after_the_message_is_unknown(slack: Slack) -> None:
    slack.hangs_up = True
    error = trouble(HOOK)
    assert kind(error) == "unknown"
    assert "may have arrived" in str(error)


def test_silence_after_the_message_is_unknown(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litwatch.deliver.plugin.TIMEOUT", 0.2)
    slack.silent = True
    assert kind(trouble(f"{HOOK}?cto=0.2&rto=0.2")) == "unknown"


def test_nobody_at_slacks_address_is_tried_again(slack: Slack) -> None:
    slack.close()
    error = trouble(HOOK)
    assert kind(error) == "transient"
    assert "cannot be reached" in str(error)


def test_two_sends_side_by_side_hear_each_its_own_trouble(slack: Slack) -> None:
    slack.answers = {f"#c{n}": (200, '{"ok": false, "error": "is_archived"}') for n in range(0, 8, 2)}
    slack.otherwise = (200, '{"ok": false, "error": "ratelimited"}')
    found: dict[int, DeliveryError] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: trouble(f"slack://{TOKEN}/%23c{n}")})) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {n: error.permanent for n, error in found.items()} == {n: n % 2 == 0 for n in range(8)}
