"""The reader's own marks in, quality out; lines and papers are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count

import pytest

from litwatch.evaluate.own import OwnReport, Told, own_report
from litwatch.evaluate.recall import Recall
from litwatch.evaluate.shares import Change, Unknown
from litwatch.store.quality import ToldPaper

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FLOOR = 0.25
USEFUL, NOT = True, False
numbers = count(1)


def told(
    useful: bool | None = None,
    *,
    place: int = 1,
    at: datetime = T,
    line: str = "tides",
    arxiv_id: str = "",
    score: float = 0.5,
    chance: float | None = None,
    judged_after: timedelta = DAY,
) -> ToldPaper:
    return ToldPaper(
        line=line,
        arxiv_id=arxiv_id or f"2511.{next(numbers):05}",
        told_at=at,
        place=place,
        score=score,
        chance=chance,
        useful=useful,
        judged_at=None if useful is None else at + judged_after,
    )


def digest(useful: int, marked: int, *, at: datetime = T, of: int = 10) -> list[ToldPaper]:
    """At the first `of` places, the first `marked` ones marked and of these the first `useful` ones useful."""
    return [told(n <= useful if n <= marked else None, place=n, at=at) for n in range(1, of + 1)]


def report(rows: Sequence[Told], *lines: str, since: datetime | None = None) -> OwnReport:
    return own_report(lines or ("tides",), rows, floor=FLOOR, since=since)


def test_precision_counts_what_was_told_at_the_first_places_and_marked() -> None:
    rows = [told(USEFUL, place=1), told(place=2), told(NOT, place=5), told(USEFUL, place=6), told(USEFUL, place=21)]
    (quality,) = report(rows).lines
    figures = {k: (share.told, share.marked, share.useful) for k, share in quality.precision.items()}
    assert figures == {5: (3, 2, 1), 10: (4, 3, 2), 20: (4, 3, 2)}
    assert (quality.shown.told, quality.shown.marked, quality.shown.useful) == (5, 4, 3)


def test_precision_comes_with_wilsons_interval() -> None:
    told_10 = report(digest(8, 10)).as_json()["lines"][0]["precision"]["10"]
    assert told_10 == {"value": 0.8, "low": 0.4902, "high": 0.9433, "marked": 10, "told": 10}


def test_what_nobody_marked_has_no_precision() -> None:
    told_5 = report([told()]).as_json()["lines"][0]["precision"]["5"]
    assert told_5 == {"value": None, "low": None, "high": None, "marked": 0, "told": 1}


def test_a_paper_whose_place_is_not_known_is_at_none_of_the_first() -> None:
    (quality,) = report([told(USEFUL, place=0)]).lines
    assert (quality.shown.useful, quality.precision[20].told) == (1, 0)


def test_what_was_told_to_explore_has_no_part_in_precision() -> None:
    (quality,) = report([told(NOT, place=3, chance=0.1), told(USEFUL)]).lines
    assert quality.precision[5].value == 1
    assert (quality.shown.told, quality.explored.told, quality.explored.marked) == (1, 1, 1)


def test_what_several_channels_told_counts_once_as_it_was_told_first() -> None:
    later, first = (told(USEFUL, place=place, at=at, arxiv_id="2511.1") for place, at in ((2, T + DAY), (9, T)))
    (quality,) = report([later, first]).lines
    assert (quality.precision[5].told, quality.precision[10].told, quality.shown.told) == (0, 1, 1)


def test_at_one_moment_the_better_place_counts_and_a_place_before_a_draw() -> None:
    ways = [{"place": 9}, {"place": 3}, {"place": 0}, {"place": 1, "chance": 0.5}]
    for order in (ways, ways[::-1]):
        (quality,) = report([told(USEFUL, arxiv_id="2511.1", **way) for way in order]).lines  # type: ignore[arg-type]
        assert (quality.precision[5].useful, quality.shown.told, quality.explored.told) == (1, 1, 0)


def test_lines_are_told_apart_and_together_and_a_paper_under_two_counts_once_in_all() -> None:
    rows = [
        told(USEFUL, line="winds", arxiv_id="2511.1", at=T + DAY),
        told(arxiv_id="2511.1", place=7),
        told(NOT),
        told(USEFUL, line="clouds"),
    ]
    found = report(rows, "tides", "winds")
    assert [(q.line, q.shown.told, q.shown.marked) for q in found.lines] == [("tides", 2, 1), ("winds", 1, 1)]
    assert (found.every.shown.told, found.every.shown.marked, found.every.shown.useful) == (2, 2, 1)
    assert found.every.precision[5].told == 1


def test_a_line_that_told_nothing_is_listed() -> None:
    told_of = report([], "tides", "winds").as_json()
    assert [(row["line"], row["told"], row["recall"], row["drift"]) for row in told_of["lines"]] == [
        ("tides", 0, None, []),
        ("winds", 0, None, []),
    ]
    assert "line" not in told_of["all"]


def test_what_was_judged_before_it_was_told_or_never_told_stands_aside() -> None:
    rows = [
        told(USEFUL, judged_after=-DAY),
        told(NOT, judged_after=timedelta()),
        ToldPaper(line="tides", arxiv_id="2511.9", useful=True, judged_at=T),
    ]
    (quality,) = report(rows).lines
    assert (quality.aside, quality.shown.told, quality.shown.marked) == (2, 2, 1)


def test_since_leaves_out_what_was_first_told_before() -> None:
    rows = [
        told(USEFUL, at=T - DAY, arxiv_id="2511.1"),
        told(USEFUL, at=T + DAY, arxiv_id="2511.1"),
        told(USEFUL, at=T - DAY, judged_after=-DAY),
        told(NOT),
        ToldPaper(line="tides", arxiv_id="2511.8", useful=True, judged_at=T - DAY),
        ToldPaper(line="tides", arxiv_id="2511.9", useful=True, judged_at=T),
    ]
    (quality,) = report(rows, since=T).lines
    assert (quality.shown.told, quality.shown.useful, quality.aside) == (1, 0, 1)


# --- drift ---------------------------------------------------------------------------------------------------

MONTHS = [datetime(2025, month, 20, tzinfo=UTC) for month in (8, 9, 10)]


def test_drift_goes_by_the_month_oldest_first_where_marks_are_many() -> None:
    rows = [row for at in MONTHS[::-1] for row in digest(at.month - 3, 10, at=at, of=12)]
    drift = report(rows).as_json()["lines"][0]["drift"]
    assert [(period["period"], period["value"], period["marked"]) for period in drift] == [
        ("2025-08", 0.5, 10),
        ("2025-09", 0.6, 10),
        ("2025-10", 0.7, 10),
    ]
    assert drift[0].keys() == {"period", "value", "low", "high", "marked", "told"}


def test_drift_goes_by_the_quarter_where_marks_are_few_and_leaves_out_those_without() -> None:
    rows = [row for at in MONTHS for row in digest(1, 2, at=at)] + digest(0, 0, at=T - 365 * DAY)
    (quality,) = report(rows).lines
    assert [(period.name, period.share.marked) for period in quality.drift] == [("2025-Q3", 4), ("2025-Q4", 2)]


@pytest.mark.parametrize(
    ("before", "last", "says"),
    [((10, 40), (9, 10), "better"), ((36, 40), (3, 10), "worse"), ((20, 40), (7, 10), "not clear")],
)
def test_the_last_period_differs_only_where_the_interval_says_so(
    before: tuple[int, int], last: tuple[int, int], says: str
) -> None:
    rows = [told(n < before[0], at=MONTHS[1]) for n in range(before[1])]
    rows += [told(n < last[0], at=MONTHS[2]) for n in range(last[1])]
    change = report(rows).lines[0].change
    assert isinstance(change, Change)
    assert change.says == says
    assert change.low <= change.value <= change.high
    assert change.value == pytest.approx(last[0] / last[1] - before[0] / before[1])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "marks are on no period"),
        (digest(3, 5), "marks are on 1 period"),
        (digest(1, 1, at=MONTHS[0]) + digest(5, 9), "9 marks on the last period and 1 on those before it"),
    ],
)
def test_few_marks_are_not_compared(rows: list[ToldPaper], why: str) -> None:
    change = report(rows).lines[0].change
    assert isinstance(change, Unknown)
    assert why in change.why


# --- recall --------------------------------------------------------------------------------------------------


def explored(
    number: int, useful: int, *, at: datetime = T, score: float = 0.05, line: str = "tides"
) -> list[ToldPaper]:
    return [told(n < useful, place=11, at=at, score=score, chance=0.5, line=line) for n in range(number)]


def test_recall_weighs_what_was_told_against_what_the_explored_ones_stand_for() -> None:
    (quality,) = report([*digest(18, 20, of=20), *explored(30, 1)]).lines
    assert isinstance(quality.recall, Recall)
    assert (quality.recall.told_useful, quality.recall.missed_useful) == (18, pytest.approx(2))
    told_of = quality.as_json()
    assert told_of["recall"]["value"] == pytest.approx(18 / 20, abs=1e-4)
    assert told_of["why"] is None
    assert told_of["explored"] == {"told": 30, "marked": 30, "useful": 1}


def test_recall_looks_only_at_the_time_in_which_papers_were_drawn() -> None:
    rows = [*digest(18, 20, of=20), *explored(30, 1)]
    outside = [*digest(10, 10, at=T - DAY), *digest(10, 10, at=T + 40 * DAY)]
    drawn_before = explored(1, 0, at=T - DAY, line="winds")

    def told_useful(*more: list[ToldPaper], since: datetime | None = None) -> float:
        found = report([*rows, *chain(*more)], since=since).lines[0].recall
        assert isinstance(found, Recall)
        return found.told_useful

    assert (told_useful(), told_useful(outside), told_useful(outside, drawn_before)) == (18, 18, 28)
    assert told_useful(outside, drawn_before, since=T) == 18


def test_below_the_floor_is_a_kind_of_its_own() -> None:
    rows = [*digest(18, 20, of=20), *explored(30, 1), *explored(20, 8, score=FLOOR)]
    told_of = report(rows).as_json()["lines"][0]
    assert told_of["recall"]["missed_useful"] == pytest.approx(2)
    assert told_of["no_place"]["value"] == pytest.approx(16)
    assert report([*digest(9, 10), *explored(30, 9, score=FLOOR)]).as_json()["lines"][0]["recall"] is None


def test_what_was_published_before_anything_was_drawn_for_its_line_has_no_part_in_recall() -> None:
    rows = [*digest(18, 20, of=20), *explored(30, 1)]
    old = [replace(row, published=T - 90 * DAY, watched_since=T - 30 * DAY) for row in digest(10, 10)]
    held = [replace(row, published=T - 10 * DAY, watched_since=T - 3 * DAY) for row in digest(10, 10)]
    found = [report([*rows, *more]).lines[0].recall for more in (old, held)]
    assert [each.told_useful for each in found if isinstance(each, Recall)] == [18, 28]


def test_what_was_told_before_its_line_was_kept_is_counted_apart() -> None:
    row = told(line="", place=0)
    found = report([row, replace(row, told_at=T + DAY), told(USEFUL)])
    assert (found.before, found.as_json()["told_before"], found.every.shown.told) == (1, 1, 1)
    assert report([row], since=T + DAY).before == 0


def test_a_paper_that_two_channels_drew_has_the_better_of_its_chances() -> None:
    twice = [told(USEFUL, place=11, chance=chance, arxiv_id="2511.1", score=0.05) for chance in (0.1, 0.25)]
    (quality,) = report([*digest(50, 50, of=50), *explored(30, 1), *twice]).lines
    assert isinstance(quality.recall, Recall)
    assert quality.recall.missed_useful == pytest.approx(2 + 4)
