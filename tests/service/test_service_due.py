"""What is due, decided from a schedule and from what was done before: missed times, and clocks that jumped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litwatch.schedule import Schedule
from litwatch.service.due import believed, digest_due, poll_due, told_until

WEEKLY = Schedule.parse("mon 08:00 Europe/Berlin")
DAILY = Schedule.parse("daily 06:30")
MONDAY = datetime(2025, 11, 17, 7, tzinfo=UTC)
"""Eight o'clock in Berlin."""
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
YEAR = 365 * DAY
LONG_AGO = MONDAY - 3 * WEEK


def due(now: datetime, *ended: datetime, since: datetime = LONG_AGO) -> datetime | None:
    """ended: the last one composed first."""
    return digest_due(WEEKLY, known_since=since, ended=ended, now=now)


def test_a_digest_is_due_at_its_time_and_no_second_before() -> None:
    assert due(MONDAY - timedelta(seconds=1), MONDAY - WEEK) is None
    assert due(MONDAY, MONDAY - WEEK) == MONDAY


def test_a_digest_that_was_told_is_not_due_until_its_next_time() -> None:
    told = MONDAY + timedelta(seconds=7)
    assert due(told, told) is None
    assert due(MONDAY + WEEK - MINUTE, told, MONDAY - WEEK) is None
    assert due(MONDAY + WEEK, told, MONDAY - WEEK) == MONDAY + WEEK


def test_times_missed_while_nobody_was_there_are_due_once_for_the_last_of_them() -> None:
    now = MONDAY + 5 * WEEK + 3 * DAY
    assert due(now, MONDAY) == MONDAY + 5 * WEEK
    assert due(now + MINUTE, now, MONDAY) is None


def test_a_new_channel_is_not_told_of_the_times_before_it() -> None:
    assert due(MONDAY + HOUR, since=MONDAY + MINUTE) is None
    assert due(MONDAY, since=MONDAY - MINUTE) == MONDAY


def test_a_digest_asked_for_just_before_its_time_leaves_the_one_of_the_schedule() -> None:
    assert due(MONDAY, MONDAY - MINUTE, MONDAY - WEEK) == MONDAY


@pytest.mark.parametrize("back", [timedelta(seconds=20), HOUR, 14 * HOUR])
def test_a_clock_that_went_back_a_little_tells_nothing_again(back: timedelta) -> None:
    told = MONDAY + timedelta(seconds=10)
    now = told - back
    while now < MONDAY + HOUR:
        assert due(now, told, MONDAY - WEEK) is None
        now += 5 * MINUTE
    assert due(MONDAY + WEEK, told, MONDAY - WEEK) == MONDAY + WEEK


def test_a_digest_composed_by_a_clock_a_year_ahead_costs_the_reader_no_other() -> None:
    ended = [MONDAY + YEAR, MONDAY]
    told = []
    now = MONDAY + DAY
    while now < MONDAY + YEAR + 4 * WEEK:
        found = digest_due(WEEKLY, known_since=LONG_AGO, ended=ended[:5], now=now)
        if found:
            told.append(found)
            ended.insert(0, now)
        now += 6 * HOUR
    shown = [each.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) for each in told]
    assert shown == [datetime.fromisoformat("2025-11-24T08:00") + n * WEEK for n in range(56)]


def test_a_channel_first_known_by_a_clock_a_year_ahead_is_told_all_the_same() -> None:
    assert due(MONDAY, since=MONDAY + YEAR) == MONDAY
    assert due(MONDAY + YEAR - HOUR, MONDAY + YEAR - WEEK, since=MONDAY + YEAR) == MONDAY + YEAR - DAY


def test_ends_that_lie_ahead_of_later_ones_are_passed_over() -> None:
    ended = (MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + YEAR, MONDAY - WEEK, MONDAY + 3 * DAY)
    assert believed(ended, MONDAY + 2 * YEAR) == (MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY - WEEK)
    assert told_until(ended, MONDAY + DAY) == MONDAY + 2 * HOUR
    assert told_until((), MONDAY) is None


texts = st.sampled_from(
    ["mon 08:00 Europe/Berlin", "sun 02:30 Australia/Lord_Howe", "daily 02:15 America/New_York", "monthly 31 09:00"]
)


@settings(deadline=None)
@given(texts, st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=60))
def test_whenever_it_is_looked_each_time_due_is_told_at_most_once_and_the_last_one_always(
    text: str, steps: list[int]
) -> None:
    schedule, now = Schedule.parse(text), LONG_AGO
    ended: list[datetime] = []
    told: list[datetime] = []
    for step in steps:
        now += step * MINUTE
        found = digest_due(schedule, known_since=LONG_AGO, ended=ended[:5], now=now)
        if found:
            told.append(found)
            ended.insert(0, now)
        last = schedule.last_until(now)
        assert last is not None
        assert last <= LONG_AGO or told[-1] == last
    assert len(set(told)) == len(told)


SIX = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "now", "more", "asked"),
    [
        pytest.param(None, SIX, {}, True, id="never asked"),
        pytest.param(SIX - DAY, SIX - MINUTE, {}, False, id="not yet time"),
        pytest.param(SIX - DAY, SIX, {}, True, id="time"),
        pytest.param(SIX - 9 * DAY, SIX + 5 * HOUR, {}, True, id="missed"),
        pytest.param(SIX, SIX + 2 * HOUR, {}, False, id="asked in time"),
        pytest.param(SIX - 20 * MINUTE, SIX, {}, False, id="half an hour not over"),
        pytest.param(SIX, SIX + 29 * MINUTE, {"waiting": True}, False, id="a line waits, half an hour not over"),
        pytest.param(SIX, SIX + 30 * MINUTE, {"waiting": True}, True, id="a line waits"),
        pytest.param(SIX, SIX + HOUR, {"waiting": True, "answers": False}, False, id="a line waits, no answers"),
        pytest.param(SIX, SIX + HOUR, {"again_at": SIX + HOUR}, True, id="again after trouble"),
        pytest.param(SIX, SIX + HOUR, {"again_at": SIX + 2 * HOUR}, False, id="not again yet"),
        pytest.param(SIX + 10 * MINUTE, SIX, {}, False, id="the clock went back a little"),
        pytest.param(SIX + YEAR, SIX, {}, True, id="the clock was a year ahead"),
    ],
)
def test_when_arxiv_is_asked(last: datetime | None, now: datetime, more: dict[str, object], asked: bool) -> None:
    given = {"again_at": None, "waiting": False, "answers": True} | more
    assert poll_due(DAILY, last_at=last, now=now, **given) is asked  # type: ignore[arg-type]
