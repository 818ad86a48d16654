"""doctor looks at what digests send their readers to it for: the last harvest, and what was not delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.model import HarvestState
from litwatch.service.digests import Channel, Settings, digest_once
from litwatch.service.outbox import deliver_once
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.store import Store, open_store
from scripted_mail import Script, ScriptedMail

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
CHANNEL = Channel(name="lab", url=SLACK_URL)


@pytest.fixture
def doctor(litwatch: Litwatch) -> Callable[[], dict[str, tuple[bool, str]]]:
    litwatch.configure(
        f'[arxiv]\napi_url = "http://127.0.0.1:9/api"\ndelay_seconds = 0\n[channels.lab]\nurl = "{SLACK_URL}"\n'
    )
    litwatch("add-line", "--question", "Can models plan?", "--claim", "They cannot.")

    def look() -> dict[str, tuple[bool, str]]:
        rows = litwatch("doctor", "--json").json
        return {row["check"]: (row["ok"], row["says"]) for row in rows}

    return look


def harvested(litwatch: Litwatch, state: HarvestState, at: datetime, reason: str = "") -> None:
    store = open_store(f"sqlite:///{litwatch.folder}/litwatch.db")
    with store.write() as db:
        record = HarvestRecord(id=begin_harvest(db, at=at), at=at, state=state, reason=reason)
        finish_harvest(db, record)
    store.close()


def test_before_the_first_poll_doctor_says_how_to_begin(doctor: Callable[[], dict[str, tuple[bool, str]]]) -> None:
    ok, says = doctor()["harvest"]
    assert ok
    assert "none yet; `litwatch poll`" in says


@pytest.mark.parametrize(
    ("state", "hours", "ok", "says"),
    [
        (HarvestState.FRESH, 5, True, "fresh, at 2025-11-20T07:00:00Z"),
        (HarvestState.QUIET, 5, True, "quiet, at"),
        (HarvestState.FAILED, 5, False, "failed at 2025-11-20T07:00:00Z (no route to host); "),
        (HarvestState.STALLED, 5, False, "stalled at 2025-11-20T07:00:00Z (no route to host); "),
        (HarvestState.FRESH, 24 * 12, False, "12 days ago"),
    ],
)
def test_the_last_harvest_is_told_with_its_cure(
    doctor: Callable[[], dict[str, tuple[bool, str]]],
    litwatch: Litwatch,
    state: HarvestState,
    hours: int,
    ok: bool,
    says: str,
) -> None:
    harvested(litwatch, state, NOW - timedelta(hours=hours), "" if ok else "no route to host")
    found, said = doctor()["harvest"]
    assert found is ok
    assert says in said
    assert ok or "`litwatch poll`" in said


def frozen(store: Store, channel: Channel, at: datetime) -> int:
    number = digest_once(store, (), channel, Settings(top=5, threshold=0.5), now=at)
    assert number is not None
    return number


def test_what_was_not_delivered_is_named_with_the_command(
    doctor: Callable[[], dict[str, tuple[bool, str]]], litwatch: Litwatch, slack_server: SlackServer
) -> None:
    assert doctor()["outbox"][0]
    harvested(litwatch, HarvestState.FRESH, NOW)
    store = open_store(f"sqlite:///{litwatch.folder}/litwatch.db")
    slack_server.status, slack_server.answer = 400, b"invalid_blocks"
    dead = frozen(store, CHANNEL, NOW)
    outcome = deliver_once(store, {"lab": SLACK_URL}, now=NOW)
    assert outcome is not None
    assert outcome.state == "dead"
    gone = frozen(store, Channel(name="gone", url=SLACK_URL), NOW)
    store.close()
    ok, says = doctor()["outbox"]
    assert not ok
    assert f"litwatch outbox retry {dead}" in says
    assert f"delivery {gone} waits for gone, a channel that is not configured" in says
    assert f"litwatch outbox resolve {gone}" in says


def test_a_channel_whose_pattern_matches_no_line_is_named(
    doctor: Callable[[], dict[str, tuple[bool, str]]], litwatch: Litwatch
) -> None:
    assert doctor()["channel lab"][0]
    config = litwatch.folder / "litwatch.toml"
    config.write_text(config.read_text() + 'lines = ["can-*", "empathy-*"]\n')
    ok, says = doctor()["channel lab"]
    assert not ok
    assert "'empathy-*' matches no line" in says
    assert "can-*" not in says


# --- channels ------------------------------------------------------------------------------------------------


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


def checked(litwatch: Litwatch, url: str, *, send_test: bool = True) -> tuple[bool, str]:
    """What doctor says of a channel of that URL."""
    litwatch.configure(
        f'[arxiv]\napi_url = "http://127.0.0.1:9/api"\ndelay_seconds = 0\n[channels.mail]\nurl = "{url}"\n'
    )
    answer = litwatch("doctor", "--json", *(["--send-test"] if send_test else []))
    assert "geheim" not in answer.out + answer.err
    return next((row["ok"], row["says"]) for row in answer.json if row["check"] == "channel mail")


@pytest.mark.parametrize(
    ("replies", "cure"),
    [
        ({}, ""),
        ({"AUTH": "535 5.7.8 bad credentials: geheim"}, "check user name and password"),
        ({"AUTH": "534 5.7.9 Application-specific password required"}, "app password"),
        ({"MAIL": "530 5.7.0 Must issue a STARTTLS command first"}, "mode=starttls"),
        ({"RCPT": "550 5.1.1 no such user geheim"}, "correct to="),
        ({"message": "552 5.3.4 too big"}, "too long"),
        ({"message": "550 5.4.5 Daily sending quota exceeded"}, "limit is reached"),
    ],
)
def test_a_test_mail_names_the_cure_of_each_trouble(
    litwatch: Litwatch, mail: ScriptedMail, replies: dict[str, str], cure: str
) -> None:
    mail.script.replies = replies
    ok, says = checked(litwatch, mail.url(password="geheim"))
    assert (ok, len(mail.taken)) == (not replies, 0 if replies else 1)
    assert (cure or "a test message was taken") in says


@pytest.mark.parametrize(("mode", "cure"), [("starttls", "offers no STARTTLS"), ("ssl", "mode=starttls")])
def test_a_wrong_port_is_told_with_the_right_mode(litwatch: Litwatch, mail: ScriptedMail, mode: str, cure: str) -> None:
    ok, says = checked(litwatch, mail.url(password="geheim", mode=mode))
    assert not ok
    assert cure in says


@pytest.mark.parametrize("raw", "@:/#?")
def test_a_raw_special_character_in_a_password_is_named_without_sending(litwatch: Litwatch, raw: str) -> None:
    ok, says = checked(
        litwatch, f"mailtos://me:ge{raw}geheim@localhost:9?smtp=localhost&to=a@example.org", send_test=False
    )
    assert not ok
    assert f"a raw {raw} (write %" in says


@pytest.mark.parametrize(
    ("status", "answer", "cure"),
    [
        (404, b"no_service", "new webhook"),
        (403, b"invalid_token", "new webhook"),
        (410, b"channel_is_archived", "archived"),
        (429, b"rate_limited", "no more messages for now"),
        (400, b"invalid_blocks", "form of the message"),
    ],
)
def test_a_test_on_slack_names_the_cure_of_each_trouble(
    litwatch: Litwatch, slack_server: SlackServer, status: int, answer: bytes, cure: str
) -> None:
    slack_server.status, slack_server.answer = status, answer
    ok, says = checked(litwatch, SLACK_URL)
    assert not ok
    assert cure in says


def test_a_stopped_channel_says_so_until_a_test_message_is_taken(
    doctor: Callable[[], dict[str, tuple[bool, str]]], litwatch: Litwatch, slack_server: SlackServer
) -> None:
    harvested(litwatch, HarvestState.FRESH, NOW)
    store = open_store(litwatch.store_url)
    slack_server.status, slack_server.answer = 404, b"no_service"
    frozen(store, CHANNEL, NOW)
    deliver_once(store, {"lab": SLACK_URL}, now=NOW)
    store.close()
    ok, says = doctor()["channel lab"]
    assert not ok
    assert "stopped since 2025-11-20T12:00:00Z" in says
    assert "`litwatch channel test lab` lets it go on" in says
    slack_server.status, slack_server.answer = 200, b"ok"
    assert "goes on now" in litwatch("doctor", "--send-test").out
    assert doctor()["channel lab"][0]
