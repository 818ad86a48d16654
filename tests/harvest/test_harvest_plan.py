"""What to ask next: listings of changes, counts, searches backwards; no day left out, and no more asked than needed."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.harvest.oai import Change, Listing
from litwatch.harvest.plan import (
    FIRST_LOOK,
    HOLD,
    OVERLAP,
    RECENT,
    SWEEP,
    PlannedCount,
    Window,
    backfill_query,
    backfill_windows,
    believed,
    fetch_windows,
    is_news,
    may_be_cross_list,
    plan_counts,
    plan_listings,
    token_good_since,
)
from litwatch.model import Cursor

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=400)
CS = ("cs.AI", "cs.CL", "cs.CV", "cs.IR")


def cursor(
    through: datetime = YESTERDAY,
    *,
    whole_since: datetime = LONG_AGO,
    swept: datetime | None = YESTERDAY,
    audited: datetime | None = YESTERDAY,
) -> Cursor:
    return Cursor(
        whole_since=whole_since,
        submitted_through=through,
        changed_through=through.date(),
        swept_at=swept,
        audited_at=audited,
    )


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def only(planned: list[PlannedCount]) -> PlannedCount:
    (one,) = planned
    return one


# --- listings ------------------------------------------------------------------------------------------------


def test_a_daily_listing_begins_a_day_before_the_last_one_ended_and_is_open() -> None:
    (planned,) = plan_listings({"cs.CL": cursor()}, NOW)
    assert planned.listings == (Listing(set_spec="cs:cs:CL", since=(YESTERDAY - OVERLAP).date()),)
    assert not planned.sweep


def test_once_a_week_a_listing_reaches_back_over_days_that_arxiv_dated_late() -> None:
    (planned,) = plan_listings({"cs.CL": cursor(swept=NOW - timedelta(days=7))}, NOW)
    assert planned.sweep
    assert planned.listings[0].since == (YESTERDAY - SWEEP).date()


@pytest.mark.parametrize(
    ("categories", "sets"),
    [
        (["cs.CL"], ["cs:cs:CL"]),
        (list(CS[:3]), ["cs:cs:AI", "cs:cs:CL", "cs:cs:CV"]),
        (list(CS), ["cs"]),
        (["stat.ML", *CS], ["cs", "stat:stat:ML"]),
        (["hep-th", "astro-ph.GA"], ["physics:astro-ph:GA", "physics:hep-th"]),
    ],
    ids=lambda case: " ".join(case),
)
def test_many_categories_of_one_archive_are_listed_together(categories: list[str], sets: list[str]) -> None:
    planned = plan_listings({category: cursor() for category in categories}, NOW)
    assert [one.listings[0].set_spec for one in planned] == sets
    assert sorted(category for one in planned for category in one.categories) == sorted(categories)


def test_forty_categories_of_one_archive_cost_one_listing() -> None:
    assert len(plan_listings({f"cs.{n:02}": cursor() for n in range(40)}, NOW)) == 1


@given(st.integers(0, 800))
def test_the_listings_of_any_absence_join_without_a_gap_and_end_open(days: int) -> None:
    (planned,) = plan_listings({"cs.CL": cursor(NOW - timedelta(days=days))}, NOW)
    for one, following in itertools.pairwise(planned.listings):
        assert one.until is not None
        assert following.since <= one.until + timedelta(days=1)
    assert planned.listings[0].since < (NOW - timedelta(days=days)).date()
    assert planned.listings[-1].until is None
    assert len(planned.listings) <= 1 + days / 14


def test_a_paper_held_for_as_long_as_any_ever_was_is_news_and_an_old_one_that_changed_is_none() -> None:
    since = date(2025, 11, 19)
    assert is_news(since - timedelta(days=92), since)
    assert not is_news(since - timedelta(days=HOLD.days + 1), since)


@pytest.mark.parametrize(
    ("now", "good_since"),
    [
        ("2025-11-20T06:30", "2025-11-20T05:00"),
        ("2025-11-21T02:29", "2025-11-20T05:00"),
        ("2025-07-03T06:30", "2025-07-03T04:00"),
    ],
)
def test_a_token_is_good_for_the_eastern_day_that_it_was_given_on(now: str, good_since: str) -> None:
    assert token_good_since(datetime.fromisoformat(now + "+00:00")) == datetime.fromisoformat(good_since + "+00:00")


@pytest.mark.parametrize("now", ["2025-11-21T02:30", "2025-11-21T03:10", "2025-11-21T04:59"])
def test_in_the_evening_when_lists_change_no_token_is_good(now: str) -> None:
    moment = datetime.fromisoformat(now + "+00:00")
    assert token_good_since(moment) > moment


def test_a_category_that_lags_is_listed_alone_and_holds_no_other_up() -> None:
    cursors = {name: cursor() for name in CS} | {"cs.CR": cursor(NOW - timedelta(days=365))}
    planned = {one.listings[0].set_spec: one for one in plan_listings(cursors, NOW)}
    assert set(planned) == {"cs", "cs:cs:CR"}
    assert len(planned["cs"].listings) == 1


def test_a_clock_that_was_ahead_keeps_nothing_from_being_asked() -> None:
    ahead = NOW + timedelta(days=400)
    wrong = replace(cursor(ahead, swept=ahead, audited=ahead), changed_through=NOW.date(), news_at=ahead)
    right = believed(wrong, NOW)
    assert plan_listings({"cs.CL": right}, NOW)[0].sweep
    planned = only(plan_counts({"cs.CL": right}, NOW))
    assert planned.full
    assert planned.windows[-1].end == NOW
    assert right.news_at == NOW


def change(categories: str, updated: date) -> Change:
    return Change(
        arxiv_id="2503.90001",
        datestamp=date(2025, 11, 19),
        categories=tuple(categories.split()),
        created=date(2025, 3, 1),
        updated=updated,
        revised=False,
        title="An invented title",
        abstract="An invented abstract.",
    )


@pytest.mark.parametrize(
    ("categories", "updated", "may_be"),
    [
        ("cs.LG cs.CY", "2025-03-01", True),
        ("cs.CY cs.LG", "2025-03-01", False),
        ("cs.LG cs.CY", "2025-11-18", False),
    ],
    ids=["an old paper of another category", "an old paper of ours, edited", "a new version"],
)
def test_an_old_paper_listed_without_a_new_version_may_be_a_cross_list(
    categories: str, updated: str, may_be: bool
) -> None:
    found = may_be_cross_list(change(categories, date.fromisoformat(updated)), {"cs.CY"}, date(2025, 11, 18))
    assert found is may_be


# --- counts --------------------------------------------------------------------------------------------------


def test_a_daily_count_is_one_window_of_two_weeks() -> None:
    planned = only(plan_counts({"cs.CL": cursor()}, NOW))
    (window,) = planned.windows
    assert (window.start, window.end) == (midnight(YESTERDAY - RECENT), NOW)
    assert not planned.full


@pytest.mark.parametrize("why", ["a week since the last", "never before", "changes could not be listed"])
def test_all_the_time_in_which_papers_are_held_is_counted_when(why: str) -> None:
    audited = {"a week since the last": NOW - timedelta(days=7), "never before": None}.get(why, YESTERDAY)
    unlisted = ["cs.CL"] if why == "changes could not be listed" else []
    planned = only(plan_counts({"cs.CL": cursor(audited=audited)}, NOW, unlisted=unlisted))
    assert planned.full
    assert planned.windows[0].start == midnight(YESTERDAY - HOLD)


def test_nothing_is_counted_from_before_a_category_was_watched() -> None:
    first = midnight(NOW - FIRST_LOOK)
    planned = only(plan_counts({"cs.CL": cursor(first, whole_since=first, audited=None)}, NOW))
    assert [(window.start, window.end) for window in planned.windows] == [(first, NOW)]


def test_after_an_absence_what_was_received_before_is_counted_apart() -> None:
    gone = NOW - timedelta(days=92)
    planned = only(plan_counts({"cs.CL": cursor(gone)}, NOW))
    known, new = planned.windows
    assert known.end == new.start == midnight(gone)
    assert new.end == NOW


def test_categories_that_stand_at_the_same_day_share_their_counts() -> None:
    cursors = {name: cursor() for name in CS} | {"cs.CR": cursor(NOW - timedelta(days=30))}
    assert [planned.categories for planned in plan_counts(cursors, NOW)] == [("cs.CR",), CS]


@given(st.integers(1, 30), st.integers(0, 86_399))
def test_a_window_halves_without_a_gap_at_a_midnight_where_it_can(days: int, seconds: int) -> None:
    window = Window(categories=("cs.CL",), start=midnight(NOW) - timedelta(days=days, seconds=seconds), end=NOW)
    first, second = window.halves()
    assert (first.start, first.end, second.end) == (window.start, second.start, window.end)
    assert first.start < first.end < second.end
    assert days < 2 or second.start == midnight(second.start)


def test_a_long_window_is_fetched_in_pieces_without_a_gap() -> None:
    pieces = fetch_windows(Window(categories=("cs.CL",), start=NOW - timedelta(days=92), end=NOW))
    assert all(a.end == b.start for a, b in itertools.pairwise(pieces))
    assert (pieces[0].start, pieces[-1].end) == (NOW - timedelta(days=92), NOW)


# --- searching backwards -------------------------------------------------------------------------------------


def test_queries_are_written_as_arxiv_reads_them() -> None:
    window = Window(categories=("cs.AI", "cs.CL"), start=datetime(2025, 11, 1, tzinfo=UTC), end=NOW)
    assert window.query == "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202511010000 TO 202511201200]"
    assert '(all:warmth OR all:"long context")' in backfill_query(window, ["warmth", "long context"])


def test_a_backfill_covers_its_days_newest_first() -> None:
    windows = backfill_windows(["cs.CL"], NOW, 180)
    assert windows[0].end == NOW - FIRST_LOOK, "from there on everything is read"
    assert windows[-1].start == NOW - timedelta(days=180)
    assert all(a.start == b.end for a, b in itertools.pairwise(windows))


def test_a_backfill_that_broke_off_goes_on_where_it_was() -> None:
    reached = NOW - timedelta(days=100)
    windows = backfill_windows(["cs.CL"], NOW, 180, reached=reached)
    assert (windows[0].end, windows[-1].start) == (reached, NOW - timedelta(days=180))
