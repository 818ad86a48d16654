"""Told once: what is sent, refused, lost on the way, or cut off by a killed process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import trustme

from conftest import SLACK_URL, Litwatch, MailServer, SlackServer
from litwatch.model import HarvestState
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.store import open_store
from scripted_mail import Script, ScriptedMail

NOW = "2025-11-17T09:00:00Z"
LATER = "2025-11-17T10:00:00Z"
WEEK_LATER = "2025-11-24T09:00:00Z"


@pytest.fixture
def demo(litwatch: Litwatch) -> Litwatch:
    """litwatch on the demo's sample papers, with matches that no channel has told."""
    assert litwatch("demo", ".").code == 0
    # Nobody asks arXiv from a test.
    nowhere = {f"LITWATCH_ARXIV__{name}_URL": "http://127.0.0.1:9/" for name in ("API", "OAI", "RSS")}
    litwatch.env = {**nowhere, "LITWATCH_ARXIV__DELAY_SECONDS": "0"}
    return litwatch


def channel(demo: Litwatch, url: str, name: str = "mail") -> None:
    with (demo.folder / "litwatch.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[channels.{name}]\nurl = "{url}"\n')


def states(demo: Litwatch, now: str = NOW) -> list[str]:
    return [row["state"] for row in demo("outbox", "--json", now=now).json]


def test_a_mail_arrives_with_text_and_html_over_tls_and_login(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url())
    assert demo("digest", "--send", now=NOW).code == 0
    (mail,) = mail_server.taken
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "https://arxiv.org/abs/2511." in text.get_content()
    assert 'href="https://arxiv.org/abs/2511.' in html.get_content()
    assert (mail["From"], mail["To"]) == ("litwatch <litwatch@example.org>", "me@example.org")
    assert mail["Message-ID"].startswith("<mail.digest.2025-11-17")


def test_slack_takes_the_blocks(demo: Litwatch, slack_server: SlackServer) -> None:
    channel(demo, SLACK_URL, "lab")
    assert demo("digest", "--send", now=NOW).code == 0
    (message,) = slack_server.taken
    assert message["channel"] == "#papers"
    assert message["attachments"][0]["blocks"][0]["type"] == "header"


def test_a_second_send_has_nothing_to_tell(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url())
    demo("digest", "--send", now=NOW)
    again = demo("digest", "--send", now=LATER)
    assert (again.code, len(mail_server.taken)) == (3, 1)


def test_a_wrong_password_stops_the_channel_and_is_never_shown(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url(password="wrong-secret"))
    sent = demo("digest", "--send", now=NOW)
    assert sent.code == 1
    assert "refuses the login" in sent.err
    assert states(demo) == ["failed"]
    outbox = demo("outbox", now=NOW)
    assert "secret" not in sent.err + sent.out + outbox.out


def test_a_server_that_is_busy_is_tried_again_later_and_told_once(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url())
    mail_server.answer = "451 try again later"
    assert demo("digest", "--send", now=NOW).code == 1
    (row,) = demo("outbox", "--json", now=NOW).json
    assert (row["state"], row["attempts"]) == ("failed", 1)
    assert NOW < row["due_at"] <= "2025-11-17T09:05:00Z"
    mail_server.answer = "250 OK"
    assert demo("digest", "--send", now=NOW).code == 3, "it is not due yet"
    assert demo("digest", "--send", now=LATER).code == 0
    assert (states(demo), len(mail_server.taken)) == (["sent"], 1)


def test_a_server_that_is_down_holds_no_other_channel(demo: Litwatch, slack_server: SlackServer) -> None:
    channel(demo, "mailto://me:pw@localhost:1?from=a@example.org&to=b@example.org&smtp=localhost", "down")
    channel(demo, SLACK_URL, "lab")
    sent = demo("digest", "--send", now=NOW)
    assert sent.code == 1
    assert "channel down: the mail server cannot be reached" in sent.err
    assert len(slack_server.taken) == 1


def test_a_hook_that_slack_does_not_know_stops_the_channel_and_its_token_is_hidden(
    demo: Litwatch, slack_server: SlackServer
) -> None:
    slack_server.status, slack_server.answer = 404, b"no_service"
    channel(demo, SLACK_URL, "lab")
    sent = demo("digest", "--send", now=NOW)
    assert (sent.code, states(demo)) == (1, ["failed"])
    assert "TIiajkdnlazkcOXrIdevi7C" not in sent.err + demo("outbox", "--json", now=NOW).out


def test_a_refused_delivery_is_sent_as_it_was_frozen_once_a_person_retries_it(
    demo: Litwatch, slack_server: SlackServer
) -> None:
    slack_server.status = 404
    channel(demo, SLACK_URL, "lab")
    preview = demo("digest", "--json", now=NOW).json
    demo("digest", "--send", now=NOW)
    slack_server.status = 200
    assert demo("outbox", "retry", "1", now=LATER).code == 0
    sent = demo("digest", "--send", "--json", now=LATER).json
    assert (sent.pop("delivery"), sent.pop("state")) == (1, "sent")
    assert sent == preview


def test_a_channel_url_that_apprise_cannot_use_tells_nothing_and_loses_nothing(
    demo: Litwatch, mail_server: MailServer
) -> None:
    before = (demo.folder / "litwatch.toml").read_text(encoding="utf-8")
    channel(demo, "mailtoo://joe:geheim@example.org")
    sent = demo("digest", "--send", now=NOW)
    assert sent.code == 1
    assert "geheim" not in sent.err
    (demo.folder / "litwatch.toml").write_text(before, encoding="utf-8")
    channel(demo, mail_server.url())
    assert demo("digest", "--send", now=NOW).code == 0
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("url", ["mailtos:/me:geheim@example.org?to=a@b.c", "geheim", "", "nosuch://geheim@x"])
def test_no_url_however_broken_is_shown(demo: Litwatch, url: str) -> None:
    channel(demo, url)
    for answer in (demo("digest", "--send", now=NOW), demo("doctor", now=NOW), demo("outbox", now=NOW)):
        assert "geheim" not in answer.out + answer.err


def test_what_a_mail_has_no_room_for_is_told_by_the_next_one_and_once(
    demo: Litwatch, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litwatch.digest.html.MOST_BYTES", 15_000)
    channel(demo, mail_server.url())
    assert demo("digest", "--send", now=NOW).code == 0
    first = mail_server.taken[0]
    told = [told_ids(first, "plain"), told_ids(first, "html")]
    assert told[0] == told[1]
    assert 0 < len(told[0]) < 15
    sent = demo("digest", "--send", now=LATER)
    assert (sent.code, len(mail_server.taken)) == (3, 1), "nothing was heard from arXiv since"
    store = open_store(f"sqlite:///{demo.folder}/litwatch.db")
    with store.write() as db:
        number = begin_harvest(db, at=datetime.fromisoformat(LATER))
        at = datetime.fromisoformat(LATER)
        finish_harvest(db, HarvestRecord(id=number, at=at, state=HarvestState.QUIET))
    store.close()
    assert demo("digest", "--send", now=WEEK_LATER).code == 0
    assert told_ids(mail_server.taken[1], "plain")
    assert not told[0] & told_ids(mail_server.taken[1], "plain")


def told_ids(mail: EmailMessage, subtype: str) -> set[str]:
    body = mail.get_body((subtype,))
    assert body is not None
    return {text[:10] for text in body.get_content().split("https://arxiv.org/abs/")[1:]}


def test_the_three_forms_of_a_preview_tell_the_same_papers(demo: Litwatch) -> None:
    channel(demo, SLACK_URL, "lab")
    content = demo("digest", "--json", now=NOW).json
    ids = {entry["arxiv_id"] for section in content["sections"] for entry in section["entries"]}
    for form in ("html", "txt", "json"):
        demo("digest", "--out", f"d.{form}", now=NOW)
        text = (demo.folder / f"d.{form}").read_text(encoding="utf-8")
        assert {part[:10] for part in text.split("https://arxiv.org/abs/")[1:]} == ids


def test_a_service_that_takes_short_messages_gets_several(demo: Litwatch) -> None:
    class Short(BaseHTTPRequestHandler):
        sizes: ClassVar[list[int]] = []

        def do_POST(self) -> None:
            self.sizes.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Short) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        channel(demo, f"ntfy://127.0.0.1:{server.server_port}/papers", "phone")
        assert demo("digest", "--send", now=NOW).code == 0
        server.shutdown()
    assert len(Short.sizes) > 1
    assert max(Short.sizes) < 9000


def test_a_delivery_of_a_channel_that_is_gone_says_that_it_waits(demo: Litwatch, slack_server: SlackServer) -> None:
    before = (demo.folder / "litwatch.toml").read_text(encoding="utf-8")
    slack_server.status = 404
    channel(demo, SLACK_URL, "lab")
    demo("digest", "--send", now=NOW)
    (demo.folder / "litwatch.toml").write_text(before, encoding="utf-8")
    assert "channel lab is not configured any more" in demo("outbox", "retry", "1", now=LATER).err


def test_a_clock_that_went_back_tells_nothing_over_again(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url())
    demo("digest", "--send", now=NOW)
    assert demo("digest", "--send", now="2025-11-16T09:00:00Z").code == 3
    assert len(mail_server.taken) == 1


# --- killed processes ----------------------------------------------------------------------------------------


def start(demo: Litwatch, program: str, *words: str, now: str = NOW) -> subprocess.Popen[bytes]:
    env = {**os.environ, "LITWATCH_NOW": now}
    return subprocess.Popen([sys.executable, "-c", program, *words], cwd=demo.folder, env=env, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> int:
    _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err, err.decode()
    return process.returncode


KILLED_BEFORE_SENDING = """
import os, signal
import litwatch.service.outbox as outbox
outbox.deliver_once = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from litwatch.cli.main import main
main()
"""
PLAIN = "from litwatch.cli.main import main; main()"


def test_killed_between_composing_and_sending_the_digest_is_sent_by_the_next(
    demo: Litwatch, mail_server: MailServer
) -> None:
    channel(demo, mail_server.url())
    preview = demo("digest", "--json", now=NOW).json
    assert ended(start(demo, KILLED_BEFORE_SENDING, "digest", "--send")) == -signal.SIGKILL
    assert (states(demo), len(mail_server.taken)) == (["pending"], 0)
    sent = demo("digest", "--send", "--json", now=LATER)
    assert sent.code == 0
    assert sent.json["sections"] == preview["sections"]
    assert (states(demo, LATER), len(mail_server.taken)) == (["sent"], 1)


@pytest.fixture
def stalling(certificate: trustme.LeafCert) -> Iterator[MailServer]:
    """Takes a mail and leaves the sender without an answer."""
    server = MailServer(certificate, stall=20)
    yield server
    server.close()


def test_killed_between_sending_and_settling_the_delivery_is_unknown_until_a_person_says(
    demo: Litwatch, stalling: MailServer
) -> None:
    channel(demo, stalling.url())
    process = start(demo, PLAIN, "digest", "--send")
    deadline = time.monotonic() + 20
    while not stalling.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    ended(process)
    assert len(stalling.taken) == 1
    assert states(demo) == ["unknown"]
    assert demo("digest", "--send", now=LATER).code == 3
    assert len(stalling.taken) == 1, "nothing is sent twice by itself"
    assert demo("outbox", "resolve", "1", now=LATER).code == 0
    assert states(demo, LATER) == ["sent"]


def test_killed_between_sending_and_settling_the_same_message_is_sent_once_more_a_day_later(
    demo: Litwatch, stalling: MailServer
) -> None:
    channel(demo, stalling.url())
    process = start(demo, PLAIN, "digest", "--send")
    deadline = time.monotonic() + 20
    while not stalling.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    ended(process)
    assert states(demo) == ["unknown"]
    stalling.stall = 0
    assert demo("digest", "--send", now="2025-11-18T09:01:00Z").code == 0
    first, second = stalling.taken
    assert first.as_bytes() == second.as_bytes()
    assert demo("digest", "--send", now="2025-11-20T09:00:00Z").code == 3


def test_sigterm_stops_the_daemon_cleanly(demo: Litwatch, mail_server: MailServer) -> None:
    channel(demo, mail_server.url())
    with (demo.folder / "litwatch.toml").open("a", encoding="utf-8") as file:
        file.write('schedule = "every 1 minutes"\nalerts = true\n')
    text = (demo.folder / "litwatch.toml").read_text(encoding="utf-8")
    text = text.replace("[arxiv]\n", '[arxiv]\napi_url = "http://127.0.0.1:9/api/query"\n', 1)
    (demo.folder / "litwatch.toml").write_text(text.replace("delay_seconds = 3.0", "delay_seconds = 0"))
    process = start(demo, PLAIN, "run", now="")
    deadline = time.monotonic() + 40
    while not mail_server.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    begun = time.monotonic()
    process.terminate()
    assert ended(process) == 0
    assert time.monotonic() - begun < 10
    assert mail_server.taken, "the daemon told what was due"


def test_a_preview_can_be_written_in_each_form(demo: Litwatch) -> None:
    for form in ("html", "txt", "json"):
        out = Path(demo.folder / f"digest.{form}")
        assert demo("digest", "--out", str(out), now=NOW).code == 0
        assert "2511.9" in out.read_text(encoding="utf-8")
    assert json.loads((demo.folder / "digest.json").read_text(encoding="utf-8"))["id"].startswith("preview/")


def test_a_recipient_that_is_put_off_gets_the_same_digest_later_and_nobody_gets_it_twice(demo: Litwatch) -> None:
    server = ScriptedMail(Script(replies={"b@example.org": "451 4.7.1 grey-listed, come back"}))
    try:
        channel(demo, server.url(to="me@example.org,b@example.org"))
        first = demo("digest", "--send", now=NOW)
        assert (first.code, "for b***@example.org" in first.err, server.taken) == (1, True, [])
        del server.script.replies["b@example.org"]
        assert demo("digest", "--send", now=LATER).code == 0
        assert (len(server.taken), states(demo, LATER)) == (1, ["sent"])
    finally:
        server.close()


def test_a_recipient_that_is_put_off_for_ever_keeps_the_others_waiting_for_four_attempts(demo: Litwatch) -> None:
    server = ScriptedMail(Script(replies={"b@example.org": "451 4.7.1 grey-listed, come back"}))
    try:
        channel(demo, server.url(to="me@example.org,b@example.org"))
        codes = [demo("digest", "--send", now=f"2025-11-17T{hour}:00:00Z").code for hour in range(10, 15)]
        assert (codes, len(server.taken)) == ([1, 1, 1, 1, 0], 1)
        (row,) = demo("outbox", "--json", now=LATER).json
        assert row["state"] == "sent"
        assert "b***@example.org" in row["last_error"]
        assert f"`litwatch replay {row['delivery']}`" in row["last_error"]
    finally:
        server.close()
