"""When arXiv has something new, and what a category's silence means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.harvest.calendar import (
    EASTERN,
    PUBLISHED_HOLIDAYS,
    TELLING,
    CategoryState,
    announced_at,
    announcements_between,
    category_state,
    index_is_behind,
    is_likely_holiday,
    is_published_holiday,
    last_index_change,
    overall,
)
from litwatch.model import HarvestState

FRESH, WAITING, QUIET = HarvestState.FRESH, HarvestState.WAITING, HarvestState.QUIET
STALLED, FAILED = HarvestState.STALLED, HarvestState.FAILED

YEARS = timedelta(days=5 * 365)
MOMENTS = st.timedeltas(timedelta(), YEARS).map(lambda later: datetime(2024, 1, 1, tzinfo=UTC) + later)
PAPERS_A_DAY = st.floats(min_value=0, max_value=500)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def silent(
    now: datetime, news_at: datetime | None, usual_per_day: float = 63, *, feed_is_empty: bool = False
) -> CategoryState:
    """The state of a category that a whole poll brought nothing of."""
    return category_state(
        now=now, news_at=news_at, usual_per_day=usual_per_day, came=0, complete=True, feed_is_empty=feed_is_empty
    )


# --- announcements -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "at"),
    [
        pytest.param("2025-11-16", "2025-11-17T01:00", id="on Sunday at 20:00 Eastern"),
        pytest.param("2025-11-20", "2025-11-21T01:00", id="on Thursday"),
        pytest.param("2025-11-21", None, id="not on Friday"),
        pytest.param("2025-11-22", None, id="not on Saturday"),
        pytest.param("2025-07-10", "2025-07-11T00:00", id="in summer an hour earlier in UTC"),
        pytest.param("2026-03-05", "2026-03-06T01:00", id="the last evening before summer time"),
        pytest.param("2026-03-08", "2026-03-09T00:00", id="the Sunday on which summer time begins"),
        pytest.param("2025-10-30", "2025-10-31T00:00", id="the last evening of summer time"),
        pytest.param("2025-11-02", "2025-11-03T01:00", id="the Sunday on which summer time ends"),
        pytest.param("2026-11-26", None, id="not on a holiday"),
        pytest.param("2025-11-27", None, id="not due on a likely holiday"),
        pytest.param("2026-02-16", "2026-02-17T01:00", id="on Presidents' Day, which arXiv does not keep"),
    ],
)
def test_arxiv_announces(day: str, at: str | None) -> None:
    assert announced_at(date.fromisoformat(day)) == (utc(at) if at else None)


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        pytest.param("2025-11-20T12:00", "2025-11-20T05:00", id="on Thursday it was Wednesday's announcement"),
        pytest.param("2025-11-21T12:00", "2025-11-21T05:00", id="on Friday it was Thursday's"),
        pytest.param("2025-11-22T12:00", "2025-11-21T05:00", id="on Saturday still Thursday's"),
        pytest.param("2025-11-23T12:00", "2025-11-21T05:00", id="on Sunday still Thursday's"),
        pytest.param("2025-11-24T12:00", "2025-11-24T05:00", id="on Monday it was Sunday's"),
        pytest.param("2025-11-24T04:59", "2025-11-21T05:00", id="not before midnight Eastern"),
        pytest.param("2025-11-24T05:00", "2025-11-24T05:00", id="but at midnight Eastern"),
        pytest.param("2025-07-03T12:00", "2025-07-03T04:00", id="in summer time"),
        pytest.param("2026-03-09T03:59", "2026-03-06T05:00", id="no Monday yet as summer time has begun"),
        pytest.param("2026-03-09T04:00", "2026-03-09T04:00", id="the first Monday of summer time"),
        pytest.param("2025-11-03T04:59", "2025-10-31T04:00", id="no Monday yet as summer time has ended"),
        pytest.param("2025-11-03T05:00", "2025-11-03T05:00", id="the first Monday after summer time"),
        pytest.param("2026-11-27T12:00", "2026-11-26T05:00", id="nothing on the evening of Thanksgiving"),
        pytest.param("2025-12-31T12:00", "2025-12-25T05:00", id="nothing due between Christmas and New Year"),
        pytest.param("2026-12-31T12:00", "2026-12-31T05:00", id="but what arXiv's list of that year leaves open is"),
    ],
)
def test_the_index_changes_at_midnight_eastern_after_an_announcement(now: str, changed: str) -> None:
    found = last_index_change(utc(now))
    assert (found, found.tzinfo) == (utc(changed), UTC)


@pytest.mark.parametrize("day", sorted(PUBLISHED_HOLIDAYS[2026]), ids=str)
def test_a_published_holiday_brings_nothing_and_excuses_silence(day: date) -> None:
    next_noon = datetime(day.year, day.month, day.day, 12, tzinfo=EASTERN) + timedelta(days=1)
    assert is_published_holiday(day)
    assert announced_at(day) is None
    assert announcements_between(next_noon - timedelta(days=1), next_noon) == 0
    assert silent(next_noon, next_noon - timedelta(days=1)).state is QUIET
    assert silent(next_noon - timedelta(hours=3), next_noon - timedelta(days=1)).state is QUIET


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2023, "01-16 06-19 07-04 09-04 11-23 12-25 12-27"),
        (2024, "01-15 06-19 07-04 09-02 11-28 12-25 12-26 12-31"),
        (2025, "01-01 01-20 06-19 07-06 09-01 11-27"),
        (2026, "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31"),
    ],
)
def test_the_rule_foresees_the_holidays_that_arxiv_has_kept(year: int, days: str) -> None:
    kept = [date.fromisoformat(f"{year}-{day}") for day in days.split()]
    assert [day for day in kept if not (is_likely_holiday(day) or is_published_holiday(day))] == []


@pytest.mark.parametrize(
    ("day", "likely"),
    [
        pytest.param("2027-01-18", True, id="Martin Luther King day"),
        pytest.param("2027-01-11", False, id="the Monday before it"),
        pytest.param("2027-05-31", False, id="not Memorial Day"),
        pytest.param("2027-07-04", True, id="Independence day on a Sunday"),
        pytest.param("2027-07-05", True, id="and the Monday on which it is observed"),
        pytest.param("2027-09-06", True, id="Labor Day"),
        pytest.param("2027-11-25", True, id="Thanksgiving"),
        pytest.param("2027-11-26", False, id="not the day after it"),
        pytest.param("2027-12-24", False, id="not Christmas Eve"),
        pytest.param("2027-12-29", True, id="between Christmas and New Year"),
        pytest.param("2026-12-30", False, id="not where arXiv's list leaves that day out"),
        pytest.param("2026-11-26", False, id="not where arXiv's list makes it certain"),
        pytest.param("2026-06-21", True, id="the Sunday after a holiday on a Friday"),
        pytest.param("2026-06-28", False, id="not the Sunday after that"),
    ],
)
def test_a_likely_holiday_is(day: str, likely: bool) -> None:
    assert is_likely_holiday(date.fromisoformat(day)) is likely


@pytest.mark.parametrize(
    ("now", "behind"),
    [
        pytest.param("2025-11-19T19:59", False, id="not before the announcement"),
        pytest.param("2025-11-19T20:00", True, id="from the announcement on"),
        pytest.param("2025-11-19T23:59", True, id="until midnight"),
        pytest.param("2025-11-20T00:00", False, id="not from midnight on"),
        pytest.param("2025-11-23T21:00", True, id="on Sunday evening"),
        pytest.param("2025-11-21T21:00", False, id="not on Friday evening"),
        pytest.param("2025-11-22T21:00", False, id="not on Saturday evening"),
        pytest.param("2026-11-26T21:00", False, id="not on a holiday"),
        pytest.param("2025-11-27T21:00", True, id="on a likely holiday, for there may be an announcement"),
        pytest.param("2026-03-08T20:00", True, id="as summer time begins"),
        pytest.param("2025-11-02T20:00", True, id="as summer time ends"),
    ],
)
def test_the_index_is_behind(now: str, behind: bool) -> None:
    assert index_is_behind(eastern(now).astimezone(UTC)) is behind


@pytest.mark.parametrize(
    ("after", "until", "count"),
    [
        pytest.param("2025-11-17T00:00", "2025-11-24T00:00", 5, id="a week has five"),
        pytest.param("2025-11-19T23:59", "2025-11-20T00:00", 1, id="the end counts"),
        pytest.param("2025-11-20T00:00", "2025-11-20T12:00", 0, id="the beginning does not"),
        pytest.param("2025-11-21T09:00", "2025-11-23T23:00", 0, id="a weekend has none"),
        pytest.param("2026-11-23T09:00", "2026-11-30T09:00", 4, id="the week of Thanksgiving has four"),
        pytest.param("2026-01-17T09:00", "2026-01-24T09:00", 4, id="as has that of Martin Luther King day"),
        pytest.param("2026-03-02T00:00", "2026-03-16T00:00", 10, id="summer time that begins takes none"),
        pytest.param("2025-10-27T00:00", "2025-11-10T00:00", 10, id="summer time that ends adds none"),
        pytest.param("2025-08-13T09:00", "2025-11-13T09:00", 65, id="92 days have 65, but for Labor Day"),
        pytest.param("2025-11-20T09:00", "2025-11-13T09:00", 0, id="backwards there are none"),
    ],
)
def test_announcements_are_counted_as_the_index_shows_them(after: str, until: str, count: int) -> None:
    assert announcements_between(eastern(after), eastern(until)) == count


@given(moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_announcements_add_up_over_adjoining_spans(moments: list[datetime]) -> None:
    first, middle, last = moments
    parts = announcements_between(first, middle) + announcements_between(middle, last)
    assert announcements_between(first, last) == parts


@given(now=MOMENTS)
def test_nothing_was_due_since_the_last_index_change(now: datetime) -> None:
    changed = last_index_change(now)
    assert announcements_between(changed, now) == 0
    assert announcements_between(changed - timedelta(microseconds=1), now) == 1


@given(now=MOMENTS)
def test_the_index_changes_at_the_beginning_of_a_weekday(now: datetime) -> None:
    local = last_index_change(now).astimezone(EASTERN)
    assert (local.hour, local.minute, local.weekday() < 5) == (0, 0, True)
    assert announced_at(local.date() - timedelta(days=1)) == last_index_change(now) - timedelta(hours=4)


# --- the state of a category ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "news_at", "usual", "state"),
    [
        pytest.param("2025-11-20T12:00", "2025-11-19T12:00", 63, STALLED, id="a large category is silent for a day"),
        pytest.param("2025-11-20T12:00", "2025-11-20T06:00", 63, WAITING, id="today's papers came this morning"),
        pytest.param("2025-11-20T04:30", "2025-11-19T12:00", 63, WAITING, id="announced, but not yet in the index"),
        pytest.param("2025-11-21T20:00", "2025-11-21T06:00", 63, WAITING, id="the second poll of a Friday"),
        pytest.param("2025-11-22T12:00", "2025-11-21T06:00", 63, QUIET, id="Saturday after Friday's papers"),
        pytest.param("2025-11-23T12:00", "2025-11-21T06:00", 63, QUIET, id="Sunday after Friday's papers"),
        pytest.param("2025-11-24T02:00", "2025-11-21T06:00", 63, WAITING, id="Sunday evening, announced"),
        pytest.param("2025-11-22T12:00", "2025-11-20T06:00", 63, STALLED, id="Saturday without Friday's papers"),
        pytest.param("2025-11-24T12:00", "2025-11-21T06:00", 63, STALLED, id="Monday without Sunday's papers"),
        pytest.param("2026-01-20T12:00", "2026-01-19T12:00", 63, QUIET, id="Tuesday after a holiday on Monday"),
        pytest.param("2026-01-21T03:00", "2026-01-19T12:00", 63, WAITING, id="the evening after a holiday, announced"),
        pytest.param("2026-01-21T12:00", "2026-01-19T12:00", 63, STALLED, id="the announcement after a holiday is due"),
        pytest.param("2025-11-28T12:00", "2025-11-27T12:00", 63, QUIET, id="a likely holiday excuses its silence"),
        pytest.param("2025-11-28T03:00", "2025-11-27T12:00", 63, QUIET, id="nothing is due on its evening"),
        pytest.param("2025-12-01T12:00", "2025-11-27T12:00", 63, STALLED, id="but not that of the next announcement"),
        pytest.param("2025-12-31T12:00", "2025-12-25T12:00", 63, QUIET, id="Christmas to New Year excuse theirs"),
        pytest.param("2025-11-20T12:00", None, 63, STALLED, id="nothing ever came, though much is usual"),
        pytest.param("2025-11-20T12:00", None, 0, WAITING, id="nothing ever came and nothing is usual"),
        pytest.param("2025-11-20T12:00", "2025-08-20T12:00", 63, STALLED, id="silence after an absence of 92 days"),
        pytest.param("2025-11-20T12:00", "2025-11-19T12:00", 9.2, WAITING, id="not telling after one announcement"),
        pytest.param("2025-11-21T12:00", "2025-11-19T12:00", 9.2, STALLED, id="telling after two"),
        pytest.param("2025-11-20T12:00", "2025-11-17T12:00", 0.5, WAITING, id="a small category on a usual day"),
        pytest.param("2025-11-22T12:00", "2025-11-17T12:00", 0.5, QUIET, id="a small category on Saturday"),
        pytest.param("2025-11-13T12:00", "2025-10-20T12:00", 0.5, WAITING, id="after 18 announcements in a row"),
        pytest.param("2025-11-14T12:00", "2025-10-20T12:00", 0.5, STALLED, id="and after the 19th, which tells"),
        pytest.param("2025-11-20T12:00", "2025-08-20T12:00", 0.1, WAITING, id="the smallest, silent for 92 days"),
        pytest.param("2025-11-20T12:00", "2025-08-20T12:00", 0.5, STALLED, id="a small one, silent for 92 days"),
    ],
)
def test_silence_means(now: str, news_at: str | None, usual: float, state: HarvestState) -> None:
    found = silent(utc(now), utc(news_at) if news_at else None, usual)
    assert found.state is state
    assert bool(found.reason) is (state is STALLED)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("2025-11-20T12:00", id="on a usual day"),
        pytest.param("2025-11-28T12:00", id="announced on a likely holiday"),
        pytest.param("2026-11-27T12:00", id="announced on a published holiday"),
        pytest.param("2025-11-22T12:00", id="on a Saturday, late"),
    ],
)
@pytest.mark.parametrize("absent", [timedelta(hours=1), timedelta(days=1), timedelta(days=92)], ids=str)
def test_papers_that_came_are_fresh(now: str, absent: timedelta) -> None:
    found = category_state(
        now=utc(now), news_at=utc(now) - absent, usual_per_day=63, came=5000, complete=True, feed_is_empty=False
    )
    assert found == CategoryState(state=FRESH)


@pytest.mark.parametrize("came", [0, 40])
def test_a_poll_that_is_not_whole_failed_for_its_reason_whatever_came(came: int) -> None:
    found = category_state(
        now=utc("2025-11-20T12:00"),
        news_at=None,
        usual_per_day=63,
        came=came,
        complete=False,
        feed_is_empty=False,
        trouble="arXiv declares 70 papers and sent 40",
    )
    assert found == CategoryState(state=FAILED, reason="arXiv declares 70 papers and sent 40")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param("2025-11-20T12:00", WAITING, id="one announcement"),
        pytest.param("2025-11-21T12:00", STALLED, id="but not a second"),
    ],
)
def test_an_empty_feed_of_arxivs_own_excuses(now: str, state: HarvestState) -> None:
    assert silent(utc(now), utc("2025-11-19T12:00"), feed_is_empty=True).state is state


@pytest.mark.parametrize(
    ("now", "news_at", "usual", "reason"),
    [
        (
            "2025-11-18T12:00",
            "2025-11-14T12:00",
            63.4,
            "nothing new since 14 Nov, though 2 announcements were due",
        ),
        (
            "2026-01-07T12:00",
            "2025-12-23T12:00",
            4.6,
            "nothing new since 23 Dec 2025, though 5 announcements were due",
        ),
        (
            "2025-11-24T12:00",
            "2025-11-07T12:00",
            1.04,
            "nothing new since 7 Nov, though 11 announcements were due",
        ),
        (
            "2025-11-20T12:00",
            None,
            1200,
            "nothing new has ever come, though 1 announcement was due",
        ),
    ],
)
def test_a_stall_is_told_in_words(now: str, news_at: str | None, usual: float, reason: str) -> None:
    assert silent(utc(now), utc(news_at) if news_at else None, usual).reason == reason


@given(now=MOMENTS, usual=PAPERS_A_DAY, late=st.timedeltas(timedelta(), timedelta(days=3)))
def test_a_weekend_never_stalls_after_fridays_papers(now: datetime, usual: float, late: timedelta) -> None:
    day = now.astimezone(EASTERN)
    saturday = day + timedelta(days=5 - day.weekday())
    news_at = min(last_index_change(saturday) + late, saturday)
    for moment in (saturday, saturday + timedelta(days=1)):
        assert moment.weekday() in (5, 6)
        assert silent(moment, news_at, usual).state in (QUIET, WAITING)


@given(
    news_at=MOMENTS,
    usual=PAPERS_A_DAY,
    spans=st.lists(st.timedeltas(timedelta(), timedelta(days=60)), min_size=2, max_size=2).map(sorted),
)
def test_silence_that_lasts_longer_never_tells_less(news_at: datetime, usual: float, spans: list[timedelta]) -> None:
    sooner, later = (silent(news_at + span, news_at, usual) for span in spans)
    assert later.state is STALLED or sooner.state is not STALLED


@given(now=MOMENTS, silence=st.timedeltas(timedelta(), timedelta(days=60)), usual=PAPERS_A_DAY)
def test_no_category_stalls_before_its_silence_tells(now: datetime, silence: timedelta, usual: float) -> None:
    found = silent(now, now - silence, usual)
    expected = usual * announcements_between(now - silence, now)
    if found.state is STALLED:
        assert expected >= TELLING
    # News of an evening may have met the announcement that the next index change is counted for.
    if expected - usual >= TELLING:
        assert found.state is STALLED


@pytest.mark.parametrize(
    ("states", "state"),
    [
        pytest.param((), WAITING, id="of no categories waits"),
        pytest.param((QUIET, QUIET), QUIET, id="is quiet where all are"),
        pytest.param((QUIET, WAITING), WAITING, id="waits where one does"),
        pytest.param((WAITING, FRESH, QUIET), FRESH, id="is fresh where one is"),
        pytest.param((FRESH, STALLED, WAITING), STALLED, id="stalled where one did"),
        pytest.param((FRESH, STALLED, FAILED, QUIET), FAILED, id="failed where one did"),
    ],
)
def test_a_poll_over_categories(states: tuple[HarvestState, ...], state: HarvestState) -> None:
    assert overall({f"cs.{n}": CategoryState(state=each) for n, each in enumerate(states)}) is state
    assert overall({f"cs.{n}": CategoryState(state=each) for n, each in enumerate(reversed(states))}) is state


@pytest.mark.parametrize(
    ("now", "news_at", "state"),
    [
        ("2025-11-21T04:00", "2025-11-20T04:00", WAITING),
        ("2025-11-21T12:00", "2025-11-20T04:00", STALLED),
        ("2025-11-20T12:00", "2025-11-20T04:00", WAITING),
        ("2025-11-22T12:00", "2025-11-21T04:00", QUIET),
    ],
    ids=[
        "the next evening it is not in the index yet",
        "the next day it is",
        "the morning after shows what the evening listed",
        "at the weekend nothing more is due",
    ],
)
def test_what_was_listed_in_the_evening_is_what_the_next_index_shows(
    now: str, news_at: str, state: HarvestState
) -> None:
    assert silent(utc(now), utc(news_at), 100).state is state
