"""A digest again, byte for byte as it was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.store.retention import empty_digests
from litwatch.store.store import open_store
from scripted_mail import Script, ScriptedMail

NOW = "2025-11-17T09:00:00Z"
LATER = "2025-12-24T10:00:00Z"
DIGEST = "mail/digest/2025-11-17T090000Z"


@pytest.fixture
def demo(litwatch: Litwatch) -> Litwatch:
    assert litwatch("demo", ".").code == 0
    nowhere = {f"LITWATCH_ARXIV__{name}_URL": "http://127.0.0.1:9/" for name in ("API", "OAI", "RSS")}
    litwatch.env = {**nowhere, "LITWATCH_ARXIV__DELAY_SECONDS": "0"}
    return litwatch


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


def configure(demo: Litwatch, url: str, name: str = "mail") -> None:
    demo.env[f"LITWATCH_CHANNELS__{name.upper()}__URL"] = url


@pytest.fixture
def sent(demo: Litwatch, mail: ScriptedMail) -> Litwatch:
    configure(demo, mail.url())
    assert demo("digest", "--send", now=NOW).code == 0
    return demo


def test_the_mail_is_the_one_that_the_server_took(sent: Litwatch, mail: ScriptedMail) -> None:
    (taken,) = mail.taken
    assert sent("replay", DIGEST, "--form", "mail", "--out", "again.eml", now=LATER).code == 0
    assert (sent.folder / "again.eml").read_bytes() == taken
    assert b"X-Litwatch-Digest: " + DIGEST.encode() in taken
    assert f"This is {DIGEST};".encode() in taken


def test_a_digest_is_found_by_its_deliverys_number_and_is_the_same_on_screen(sent: Litwatch) -> None:
    by_name, by_number = sent("replay", DIGEST, now=LATER), sent("replay", "1", now=LATER)
    assert by_name.code == 0
    assert by_name.out == by_number.out
    assert by_name.out.startswith("litwatch, 10")
    html = sent("replay", "1", "--form", "html", now=LATER).out
    assert html.lower().startswith("<!doctype html>")


def test_its_content_is_the_one_that_was_frozen(sent: Litwatch) -> None:
    told = sent("replay", DIGEST, "--json", now=LATER).json
    assert told["id"] == DIGEST
    assert told == sent("replay", DIGEST, "--form", "json", now=LATER).json


def test_slacks_blocks_are_those_that_slack_took(demo: Litwatch, slack_server: SlackServer) -> None:
    configure(demo, SLACK_URL, "lab")
    assert demo("digest", "--send", now=NOW).code == 0
    (message,) = slack_server.taken
    blocks = json.loads(demo("replay", "1", "--form", "slack", now=LATER).out)
    assert blocks == message["attachments"][0]["blocks"]
    assert "lab/digest/2025-11-17T090000Z" in json.dumps(blocks[-1])
    no_mail = demo("replay", "1", "--form", "mail", now=LATER)
    assert (no_mail.code, "it has the forms text, slack, json" in no_mail.err) == (3, True)


def test_an_unknown_digest_is_told_with_its_neighbours(sent: Litwatch) -> None:
    answer = sent("replay", "mail/digest/2025-11-18", now=LATER)
    assert (answer.code, f"did you mean {DIGEST}?" in answer.err) == (3, True)
    assert sent("replay", "99999999999999999999", now=LATER).code == 3
    assert sent("replay", "77", now=LATER).code == 3


def test_the_mail_of_a_channel_that_is_gone_wants_its_url(sent: Litwatch) -> None:
    del sent.env["LITWATCH_CHANNELS__MAIL__URL"]
    answer = sent("replay", "1", "--form", "mail", now=LATER)
    assert (answer.code, "channel mail is not configured any more" in answer.err) == (1, True)
    assert sent("replay", "1", now=LATER).code == 0


def test_a_mail_that_is_made_again_by_another_url_says_that_it_is_another_one(
    sent: Litwatch, mail: ScriptedMail
) -> None:
    same = sent("replay", "1", "--form", "mail", now=LATER)
    assert (same.code, same.err) == (0, "")
    configure(sent, mail.url(to="other@example.org"))
    other = sent("replay", "1", "--form", "mail", "--out", "again.eml", now=LATER)
    assert other.code == 0
    assert "not byte for byte the mail that was sent" in " ".join(other.err.split())
    assert b"To: other@example.org" in (sent.folder / "again.eml").read_bytes()
    assert sent("replay", "1", now=LATER).err == ""


def test_a_mail_that_was_never_sent_is_shown_without_a_warning(demo: Litwatch, mail: ScriptedMail) -> None:
    configure(demo, mail.url())
    mail.script.replies["MAIL"] = "451 later"
    demo("digest", "--send", now=NOW)
    configure(demo, mail.url(to="other@example.org"))
    assert demo("replay", "1", "--form", "mail", now=LATER).err == ""


def test_a_digest_that_is_kept_no_longer_says_so(sent: Litwatch) -> None:
    store = open_store(sent.store_url)
    with store.write() as db:
        empty_digests(db, [DIGEST], now=datetime(2025, 12, 20, tzinfo=UTC))
    store.close()
    for form in ("text", "html", "mail", "json"):
        answer = sent("replay", DIGEST, "--form", form, now=LATER)
        assert (answer.code, answer.out) == (3, "")
        assert "dropped on 2025-12-20" in answer.err


def test_the_ending_of_the_file_says_the_form(sent: Litwatch) -> None:
    assert sent("replay", DIGEST, "--form", "mail", "--out", "form.eml", now=LATER).code == 0
    assert sent("replay", DIGEST, "--out", "ending.eml", now=LATER).code == 0
    assert (sent.folder / "ending.eml").read_bytes() == (sent.folder / "form.eml").read_bytes()
    refused = sent("replay", DIGEST, "--out", "it.pdf", now=LATER)
    assert refused.code == 2
    assert not (sent.folder / "it.pdf").exists()
