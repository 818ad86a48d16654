"""What to ask next, and what it means when nothing came."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from litwatch.harvest.calendar import last_index_change, state_without_news
from litwatch.harvest.plan import (
    FIRST_LOOK,
    OVERLAP,
    REVISED_OVERLAP,
    SWEEP,
    Window,
    backfill_query,
    backfill_windows,
    plan_poll,
)
from litwatch.model import Cursor, HarvestState

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def cursor(through: datetime, *, swept: datetime | None = YESTERDAY) -> Cursor:
    return Cursor(submitted_through=through, revised_through=through, swept_at=swept)


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def test_the_first_poll_looks_back_as_far_as_any_later_one_and_for_no_revisions() -> None:
    plan = plan_poll(["cs.CL"], {}, NOW)
    assert (plan.windows[0].start, plan.windows[-1].end) == (midnight(NOW - SWEEP), NOW)
    later = plan_poll(["cs.CL"], {"cs.CL": cursor(NOW, swept=NOW)}, NOW + timedelta(days=8))
    assert later.windows[0].start >= plan.windows[0].start
    assert plan.revised_since is None


def test_a_daily_poll_overlaps_the_last_one() -> None:
    plan = plan_poll(["cs.CL"], {"cs.CL": cursor(YESTERDAY)}, NOW)
    assert [window.start for window in plan.windows] == [midnight(YESTERDAY - OVERLAP)]
    assert plan.revised_since == YESTERDAY - REVISED_OVERLAP


def test_once_a_week_a_poll_reaches_back_for_held_papers() -> None:
    plan = plan_poll(["cs.CL"], {"cs.CL": cursor(YESTERDAY, swept=NOW - timedelta(days=8))}, NOW)
    assert plan.sweep
    assert plan.windows[0].start == midnight(YESTERDAY - SWEEP)


def test_a_category_that_stood_still_does_not_make_the_others_ask_again() -> None:
    old = NOW - timedelta(days=90)
    plan = plan_poll(["cs.CL", "cs.AI"], {"cs.CL": cursor(YESTERDAY), "cs.AI": cursor(old)}, NOW)
    starts = {window.categories: window.start for window in reversed(plan.windows)}
    assert starts[("cs.CL",)] == midnight(YESTERDAY - OVERLAP)
    assert starts[("cs.AI",)] == midnight(old - OVERLAP)


def test_the_windows_of_a_long_absence_join_without_a_gap() -> None:
    plan = plan_poll(["cs.CL"], {"cs.CL": cursor(NOW - timedelta(days=92))}, NOW)
    assert len(plan.windows) > 3
    assert all(a.end == b.start for a, b in zip(plan.windows, plan.windows[1:], strict=False))
    assert plan.windows[-1].end == NOW


def test_a_window_halves_without_a_gap() -> None:
    window = plan_poll(["cs.CL"], {}, NOW).windows[0]
    first, second = window.halves()
    assert (first.start, first.end, second.end) == (window.start, second.start, window.end)


def test_queries_are_written_as_arxiv_reads_them() -> None:
    window = Window(categories=("cs.AI", "cs.CL"), start=datetime(2025, 11, 1, tzinfo=UTC), end=NOW)
    assert window.query == "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202511010000 TO 202511201200]"
    assert '(all:warmth OR all:"long context")' in backfill_query(window, ["warmth", "long context"])


def test_a_backfill_covers_its_days_newest_first() -> None:
    windows = backfill_windows(["cs.CL"], NOW, 180)
    assert windows[0].end == NOW - FIRST_LOOK, "from there on the first poll asks for everything"
    assert windows[-1].start == NOW - timedelta(days=180)
    assert all(a.start == b.end for a, b in itertools.pairwise(windows))


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        ("2025-11-20T12:00", "2025-11-20T05:00"),  # Thursday: what was announced on Wednesday evening
        ("2025-11-21T12:00", "2025-11-21T05:00"),  # Friday: Thursday's
        ("2025-11-22T12:00", "2025-11-21T05:00"),  # Saturday: nothing on Friday evening
        ("2025-11-23T12:00", "2025-11-21T05:00"),
        ("2025-11-24T12:00", "2025-11-24T05:00"),  # Monday: Sunday's
        ("2025-11-24T04:59", "2025-11-21T05:00"),  # before midnight, Eastern
        ("2025-07-03T12:00", "2025-07-03T04:00"),  # in summer time
        ("2026-11-27T12:00", "2026-11-26T05:00"),  # no announcement on the evening of Thanksgiving
    ],
)
def test_the_index_changes_at_midnight_eastern_after_an_announcement(now: str, changed: str) -> None:
    moment = datetime.fromisoformat(now + "+00:00")
    assert last_index_change(moment) == datetime.fromisoformat(changed + "+00:00")


@pytest.mark.parametrize(
    ("now", "last", "usual", "state"),
    [
        ("2025-11-20T12:00", "2025-11-19T12:00", 300.0, HarvestState.STALLED),
        ("2025-11-20T12:00", "2025-11-20T06:00", 300.0, HarvestState.WAITING),
        ("2025-11-22T12:00", "2025-11-21T06:00", 300.0, HarvestState.QUIET),
        ("2025-11-20T12:00", "2025-11-19T12:00", 0.5, HarvestState.WAITING),
    ],
)
def test_nothing_new_means_something_else_on_every_day(now: str, last: str, usual: float, state: HarvestState) -> None:
    moments = [datetime.fromisoformat(text + "+00:00") for text in (now, last)]
    assert state_without_news(moments[0], moments[1], usual) is state
