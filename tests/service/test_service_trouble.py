"""What the record of harvests says to a channel: how each ended for it, its spells of trouble, a digest's opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alarm_sample import (
    DAY,
    FAILED,
    FRESH,
    HOUR,
    LAB,
    LINES,
    MISSPELT,
    NO_SUCH,
    PLANS,
    QUIET,
    STALLED,
    WAITING,
    T,
    harvested,
    keep,
    outcomes,
    record,
)

from litwatch.digest.coverage import closing, trouble
from litwatch.model import Coverage, HarvestState, Line
from litwatch.service.digests import Settings, preview
from litwatch.service.trouble import add_up, ask_again_at, brought_something, finish_for, last_spell, troubles_for
from litwatch.store.harvests import begin_harvest, finish_harvest
from litwatch.store.store import Store

# --- the record, purely --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("newest_first", "minutes"),
    [
        ("", None),
        ("F", None),
        ("xF", 30),
        ("sF", 30),
        ("sxF", 60),
        ("xxxF", 120),
        ("xxxxF", 240),
        ("xxxxxF", 360),
        ("x" * 50, 360),
        ("Fxxx", None),
        ("xFxxx", 30),
    ],
)
def test_trouble_is_asked_over_after_half_an_hour_and_then_ever_later(newest_first: str, minutes: int | None) -> None:
    states = {"F": FRESH, "x": FAILED, "s": STALLED}
    recent = [record(T - n * DAY, states[letter]) for n, letter in enumerate(newest_first)]
    assert ask_again_at(recent) == (None if minutes is None else T + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("whole", "states", "watched", "found"),
    [
        (FAILED, {}, ("cs.CL",), FAILED),
        (FRESH, {}, ("cs.CL",), FRESH),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.CL",), FRESH),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.CL", "cs.GR"), STALLED),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.LG",), WAITING),
        (FAILED, {"CL": FRESH, "GR": QUIET}, ("cs.CL",), FAILED),
        (FRESH, {"CL": FRESH, "GR": QUIET}, ("cs.GR",), QUIET),
    ],
)
def test_a_harvest_ended_for_a_channel_as_for_its_categories(
    whole: HarvestState, states: dict[str, HarvestState], watched: tuple[str, ...], found: HarvestState
) -> None:
    assert finish_for(record(T, whole, **states), watched).state is found


@pytest.mark.parametrize(
    ("whole", "states", "watched", "found"),
    [
        (FRESH, {"CL": FRESH}, ("cs.CL", "cs.XX"), FRESH),
        (FRESH, {"CL": FRESH}, ("cs.CL",), FRESH),
        (FRESH, {"CL": FRESH}, ("cs.XX",), FAILED),
        (FAILED, {}, ("cs.XX",), FAILED),
        (FAILED, {}, ("cs.CL",), WAITING),
        (STALLED, {"CL": STALLED}, ("cs.CL", "cs.XX"), STALLED),
        (FAILED, {"CL": FRESH}, ("cs.CL", "cs.XX"), FAILED),
    ],
)
def test_a_category_that_arxiv_does_not_have_is_left_out_where_there_are_others(
    whole: HarvestState, states: dict[str, HarvestState], watched: tuple[str, ...], found: HarvestState
) -> None:
    ended = replace(record(T, whole), categories=(*outcomes(**states), NO_SUCH))
    assert finish_for(ended, watched).state is found


@pytest.mark.parametrize(
    ("whole", "states", "found"),
    [
        (FAILED, {}, [""]),
        (STALLED, {}, [""]),
        (FRESH, {}, []),
        (FAILED, {"CL": FRESH, "GR": QUIET}, []),
        (FAILED, {"CL": FAILED, "GR": FRESH}, ["cs.CL"]),
        (FAILED, {"LG": FAILED}, []),
    ],
)
def test_trouble_is_with_new_papers_of_a_category_or_with_the_harvest_as_a_whole(
    whole: HarvestState, states: dict[str, HarvestState], found: list[str]
) -> None:
    assert [one.category for one in troubles_for(record(T, whole, **states), ("cs.CL", "cs.GR"))] == found


def test_the_last_spell_reaches_from_its_first_harvest_to_the_one_after_it() -> None:
    states = (FRESH, QUIET, STALLED, FAILED, WAITING, FAILED)
    recent = [record(T - n * DAY, state, CL=state) for n, state in enumerate(states)]
    spell = last_spell(recent, {"cs.CL"})
    assert spell is not None
    assert (spell.began, spell.well_before, spell.over_at) == (T - 3 * DAY, T - 4 * DAY, T - DAY)
    assert last_spell(recent, {"cs.GR"}) is None


def test_the_days_without_a_harvest_lie_whole_in_the_period_and_after_the_first_of_all() -> None:
    start, end = datetime(2025, 11, 10, 8, tzinfo=UTC), datetime(2025, 11, 17, 8, tzinfo=UTC)
    done = [record(datetime(2025, 11, day, 6, tzinfo=UTC), FRESH) for day in (12, 13, 15, 17)]
    without = [date(2025, 11, day) for day in (11, 14, 16)]
    assert list(add_up(done, (), start, end, first=False).days_without) == without
    assert list(add_up(done, (), start, end, first=True).days_without) == without[1:]


def test_a_harvest_that_brought_one_category_whole_brought_something() -> None:
    assert brought_something(record(T, FAILED, CL=FAILED, GR=FRESH), {"cs.CL", "cs.GR"})
    assert not brought_something(record(T, FAILED, CL=FAILED, GR=FRESH), {"cs.CL"})
    assert not brought_something(record(T, FAILED), {"cs.CL"})


# --- what a digest says of it --------------------------------------------------------------------------------


def coverage(store: Store, now: datetime, lines: Sequence[Line] = LINES) -> Coverage:
    return preview(store, lines, LAB, Settings(top=5, threshold=0.5), now=now).shown.coverage


def opening(store: Store, now: datetime, lines: Sequence[Line] = LINES) -> str:
    return trouble(coverage(store, now, lines))


def test_a_digest_opens_with_the_categories_in_trouble(store: Store) -> None:
    harvested(store, T, FAILED, CL=FAILED, GR=FRESH)
    assert opening(store, T) == (
        "The last harvest, 18 Nov 2025 06:30 UTC, was in trouble: cs.CL could not be fetched whole (no luck in CL). "
        "Papers of cs.CL may be missing here; the other categories are well. "
        "What was missed is asked for again; `litwatch doctor` looks into it."
    )


def test_a_digest_opens_with_arxiv_not_having_been_asked_for_days(store: Store) -> None:
    harvested(store, T, FRESH, CL=FRESH, GR=QUIET)
    assert opening(store, T + 3 * DAY) == ""
    assert opening(store, T + 4 * DAY).startswith(
        "arXiv was last asked on 18 Nov 2025 06:30 UTC: what it announced since is not here."
    )
    harvested(store, T + 4 * DAY, FAILED)
    assert "The last harvest that ended well was on 18 Nov 2025 06:30 UTC" in opening(store, T + 4 * DAY)


def test_a_digest_opens_with_what_else_did_not_come_and_says_that_new_papers_did(store: Store) -> None:
    keep(store, replace(record(T, FAILED, CL=FRESH, GR=WAITING), reason="export.example.org answers 503, 3 times"))
    assert opening(store, T) == (
        "Not all that was asked of arXiv came: export.example.org answers 503, 3 times. New papers are not concerned."
    )


def test_what_else_did_not_come_is_told_without_the_trouble_of_others(store: Store) -> None:
    reason = "HTTP 503; cs.GR: no luck in GR; arXiv has no papers in cs.XX: check `categories` in the watchlists"
    keep(store, replace(record(T, FAILED), categories=(*outcomes(CL=FRESH, GR=STALLED), NO_SUCH), reason=reason))
    assert opening(store, T, (PLANS,)) == (
        "Not all that was asked of arXiv came: HTTP 503. New papers are not concerned."
    )
    assert "was in trouble: cs.GR has stalled (no luck in GR)" in opening(store, T)
    assert "Nor did all else come that was asked of arXiv: HTTP 503." in opening(store, T)


MISSING = "arXiv has no papers in cs.XX: check `categories` in the watchlists."


def test_a_digest_opens_with_the_category_that_arxiv_does_not_have(store: Store) -> None:
    keep(store, replace(record(T, FRESH), categories=(*outcomes(CL=FRESH, GR=FRESH), NO_SUCH)))
    assert opening(store, T) == ""
    assert opening(store, T, (*LINES, MISSPELT)) == MISSING
    assert opening(store, T, (MISSPELT,)) == MISSING
    assert "fresh" not in " ".join(closing(coverage(store, T, (MISSPELT,))))


def test_trouble_with_others_stands_before_the_category_that_arxiv_does_not_have(store: Store) -> None:
    keep(store, replace(record(T, STALLED), categories=(*outcomes(CL=STALLED, GR=FRESH), NO_SUCH)))
    said = opening(store, T, (*LINES, MISSPELT))
    assert said.startswith("The last harvest, 18 Nov 2025 06:30 UTC, was in trouble: cs.CL has stalled (no luck in CL)")
    assert "Papers of cs.CL may be missing here; the other categories are well." in said
    assert said.endswith(MISSING)


def closed(store: Store, *states: HarvestState) -> str:
    """The last line of the coverage after a harvest an hour, each of 500 records."""
    for hours, state in enumerate(states):
        with store.write() as db:
            at = T + hours * HOUR
            ended = record(at, state, begin_harvest(db, at=at), CL=state, GR=QUIET if state.complete else FAILED)
            finish_harvest(db, replace(ended, requests=3, declared=500, received=500))
    return closing(coverage(store, T + len(states) * HOUR))[-1]


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ((FRESH,), "1, ended well; in 3 requests arXiv declared 500 records, and all of them came."),
        ((FRESH, QUIET), "2, all ended well; in 6 requests arXiv declared 1,000 records, and all of them came."),
        (
            (FRESH, FAILED, FRESH),
            "3; in 9 requests arXiv declared 1,500 records, and 1,500 came. "
            "1 did not end well: what it missed was asked for again.",
        ),
        (
            (FAILED, FAILED, FRESH),
            "3; in 9 requests arXiv declared 1,500 records, and 1,500 came. "
            "2 did not end well: what they missed was asked for again.",
        ),
        (
            (FRESH, FAILED),
            "2; in 6 requests arXiv declared 1,000 records, and 1,000 came. "
            "1 did not end well: what it missed is asked for again.",
        ),
    ],
)
def test_that_all_came_is_said_only_where_every_harvest_ended_well(
    store: Store, states: tuple[HarvestState, ...], says: str
) -> None:
    assert closed(store, *states) == f"Harvests in this window: {says}"


def test_a_digest_closes_with_its_coverage(store: Store) -> None:
    for days, state in ((0, FRESH), (1, FRESH), (3, FAILED), (4, FRESH)):
        harvested(store, T + days * DAY, state, CL=state, GR=QUIET if state.complete else FAILED)
    said = closing(coverage(store, T + 4 * DAY))
    assert said[1] == "Last harvest: 22 Nov 2025 06:30 UTC; cs.CL fresh, cs.GR quiet."
    assert said[2].endswith("None on 20 Nov.")
