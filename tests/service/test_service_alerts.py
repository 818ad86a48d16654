"""Alerts: at once, grouped, not too many, and known by the time of the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telling_sample import TIDES, arxiv_id, harvest, watch

from litwatch.model import DeliveryState, DigestKind
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content
from litwatch.store.channels import let_go_on, stop_channel
from litwatch.store.outbox import digest_ends, settle
from litwatch.store.store import Store

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAB = Channel(name="lab", url="json://127.0.0.1:9/", alerts_per_day=2)
ALERT = DigestKind.ALERT


class Told:
    """litwatch with one line and one channel."""

    def __init__(self, store: Store, channel: Channel = LAB) -> None:
        self.store = store
        self.channel = channel

    def digest(self, now: datetime, kind: DigestKind = DigestKind.DIGEST, **more: Any) -> int | None:
        return digest_once(
            self.store, [TIDES], self.channel, Settings(top=9, threshold=0.5), now=now, kind=kind, **more
        )

    def alert(self, now: datetime) -> list[str] | None:
        """The papers of the alert that is composed now; None where there is none."""
        number = self.digest(now, ALERT)
        return None if number is None else self.papers(number)

    def content(self, number: int | None) -> dict[str, Any]:
        assert number is not None
        return frozen_content(self.store, number)

    def papers(self, number: int | None) -> list[str]:
        return [entry["arxiv_id"] for part in self.content(number)["sections"] for entry in part["entries"]]


@pytest.fixture
def told(store: Store) -> Told:
    watch(store, T - 9 * DAY)
    found = Told(store)
    harvest(store, T - DAY, 1)
    assert found.papers(found.digest(T - DAY + HOUR)) == [arxiv_id(1)]
    return found


def ids(*numbers: int) -> list[str]:
    return [arxiv_id(number) for number in numbers]


def test_an_alert_groups_all_that_is_new_and_tells_it_once(told: Told) -> None:
    harvest(told.store, T, 2, against=(3, 4))
    assert told.alert(T) == ids(3, 4)
    assert told.alert(T + HOUR) is None


def test_beyond_the_cap_alerts_wait_and_come_grouped_when_a_day_is_over(told: Told) -> None:
    for n in range(5):
        harvest(told.store, T + n * HOUR, against=(10 + n,))
        expected = ids(10 + n) if n < 2 else None
        assert told.alert(T + n * HOUR) == expected
    assert told.alert(T + DAY - HOUR) is None
    assert told.alert(T + DAY) == ids(12, 13, 14), "no harvest is needed for what waited"
    assert told.alert(T + DAY + HOUR) is None


def test_within_any_day_there_are_no_more_alerts_than_the_channel_takes(told: Told) -> None:
    times = []
    for n in range(100):
        now = T + n * HOUR
        harvest(told.store, now, against=(10 + n,))
        if told.alert(now):
            times.append(now)
    assert len(times) == 10
    assert max(sum(start <= time < start + DAY for time in times) for start in times) == 2


def test_while_its_channel_is_stopped_no_alert_is_composed_and_then_one_tells_all(told: Told) -> None:
    with told.store.write() as db:
        stop_channel(db, "lab", because="no such hook", refused="", now=T)
    for n in range(4):
        harvest(told.store, T + n * DAY, against=(10 + n,))
        assert told.alert(T + n * DAY) is None
        if n == 1:
            assert told.papers(told.digest(T + n * DAY)) == ids(10, 11)
    with told.store.write() as db:
        let_go_on(db, "lab")
    assert told.alert(T + 4 * DAY) == ids(12, 13)


def test_the_digest_tells_what_waits_for_an_alert_and_no_alert_does_after_it(told: Told) -> None:
    for n in range(4):
        harvest(told.store, T + n * HOUR, against=(10 + n,))
        told.alert(T + n * HOUR)
    assert told.papers(told.digest(T + 5 * HOUR)) == ids(12, 13)
    assert told.alert(T + 2 * DAY) is None


def test_the_digest_tells_the_other_papers_of_a_harvest_that_an_alert_was_about(told: Told) -> None:
    harvest(told.store, T, 2, 3, against=(4,))
    assert told.alert(T) == ids(4)
    shown = told.content(told.digest(T + HOUR))
    entries = [entry for part in shown["sections"] for entry in part["entries"]]
    assert [(entry["arxiv_id"], entry["earlier"]) for entry in entries] == [(each, False) for each in ids(2, 3)]


def test_the_digest_names_what_alerts_told_since_the_last_one_and_counts_it_not(told: Told) -> None:
    harvest(told.store, T, against=(4,))
    told.alert(T)
    harvest(told.store, T + HOUR, 5)
    shown = told.content(told.digest(T + 2 * HOUR))
    (known,) = shown["alerted"]
    assert (known["arxiv_id"], known["told_at"], known["lost"]) == (arxiv_id(4), "2025-11-18T06:30:00Z", False)
    harvest(told.store, T + 3 * HOUR, 6)
    assert told.content(told.digest(T + 4 * HOUR))["alerted"] == []


def test_a_change_of_standing_that_an_alert_told_is_no_news_of_the_digest(told: Told) -> None:
    harvest(told.store, T, against=(4,))
    (part,) = told.content(told.digest(T, ALERT))["sections"]
    assert [change["arxiv_id"] for change in part["changes"]] == ids(4)
    harvest(told.store, T + HOUR, 5)
    (part,) = told.content(told.digest(T + 2 * HOUR))["sections"]
    assert part["changes"] == []


def test_an_alert_that_was_given_up_is_named_as_such_and_its_change_told(told: Told) -> None:
    harvest(told.store, T, against=(4,))
    number = told.digest(T, ALERT)
    assert number is not None
    with told.store.write() as db:
        settle(db, number, DeliveryState.DEAD, now=T, error="refused")
    harvest(told.store, T + HOUR, 5)
    shown = told.content(told.digest(T + 2 * HOUR))
    assert [known["lost"] for known in shown["alerted"]] == [True]
    assert [change["arxiv_id"] for part in shown["sections"] for change in part["changes"]] == ids(4)


def test_a_quiet_digest_comes_at_its_time_all_the_same_and_by_hand_only_after_a_harvest(told: Told) -> None:
    assert told.digest(T) is None
    shown = told.content(told.digest(T + HOUR, due=T + HOUR))
    assert shown["coverage"]["period_start"] == "2025-11-17T07:30:00Z"
    assert not any(part["entries"] for part in shown["sections"])


def test_a_channel_that_watches_nothing_has_no_quiet_digests(told: Told) -> None:
    told.channel = replace(LAB, lines=("other-*",))
    assert told.digest(T, due=T) is None


def test_two_daemons_compose_one_digest_for_a_time(told: Told) -> None:
    harvest(told.store, T, 2)
    assert told.digest(T + timedelta(seconds=3), due=T) is not None
    harvest(told.store, T + timedelta(seconds=4), 3)
    for seconds in (3, 4, 60):
        assert told.digest(T + timedelta(seconds=seconds), due=T) is None
    assert told.papers(told.digest(T + 7 * DAY, due=T + 7 * DAY)) == ids(3)


def test_a_clock_that_goes_back_repeats_no_digest_and_holds_no_alert_up(told: Told) -> None:
    assert told.digest(T, due=T) is not None
    harvest(told.store, T - HOUR, 2, against=(3,))
    assert told.digest(T - HOUR, due=T - 2 * HOUR) is None
    assert told.digest(T - HOUR) is None
    assert told.alert(T - HOUR) == ids(3)


def test_a_digest_by_a_clock_a_year_ahead_leaves_those_after_it_as_they_would_have_been(told: Told) -> None:
    harvest(told.store, T + 365 * DAY, 2)
    assert told.papers(told.digest(T + 365 * DAY, due=T + 364 * DAY)) == ids(2)
    harvest(told.store, T, 3)
    shown = told.content(told.digest(T + HOUR, due=T + HOUR))
    assert shown["coverage"]["period_start"] == "2025-11-17T07:30:00Z"
    assert [entry["arxiv_id"] for part in shown["sections"] for entry in part["entries"]] == ids(3)
    with told.store.read() as db:
        assert digest_ends(db, LAB.name, 2) == [T + HOUR, T + 365 * DAY], "in the order in which they were composed"
