"""doctor looks at what digests send their readers to it for: the last harvest, and what was not delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.model import HarvestState
from litwatch.service.digests import Channel, Settings, digest_once
from litwatch.service.outbox import deliver_once
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.store import Store, open_store

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
    slack_server.status, slack_server.answer = 404, b"no_service"
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
