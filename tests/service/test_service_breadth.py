"""Breadth told by what the store holds. Papers are invented; lines are ranked for them as ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Claim, Cursor, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.breadth import breadth_beforehand, breadth_found, check_breadth, leaning_beforehand
from litwatch.service.matching import rank_once, sync
from litwatch.store.cursors import save_cursors
from litwatch.store.papers import save_papers
from litwatch.store.store import Store

NOW = datetime(2025, 11, 28, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
RANKER = Ranker(bundled())

WARM = Line(
    slug="warm",
    question="Are language models reliable?",
    claims=(Claim(id="c1", text="Language models are reliable."),),
    categories=("cs.CL",),
)
OWLS = Line(
    slug="owls",
    question="Do strigiform syrinxes lateralise?",
    claims=(Claim(id="c1", text="Strigiform syrinxes lateralise."),),
    categories=("cs.CL",),
)


def leaning(*claims: str) -> Line:
    numbered = tuple(Claim(id=f"c{number}", text=text) for number, text in enumerate(claims, 1))
    return Line(slug="plans", question="Can they plan?", claims=numbered)


def stored(store: Store, count: int, *, matching: bool, since: datetime = NOW - 4 * WEEK) -> None:
    """So many papers, evenly from `since` to now."""
    said = "Reliable language models." if matching else "Herring shoals."
    step = (NOW - since) / (count + 1)
    batch = [
        Paper(
            arxiv_id=f"2511.{number:05}",
            title=said,
            abstract=f"Invented. {said}",
            categories=("cs.CL",),
            primary_category="cs.CL",
            published=since + step * number,
            updated=since + step * number,
        )
        for number in range(1, count + 1)
    ]
    with store.write() as db:
        save_papers(db, batch, now=NOW)


def harvested(store: Store, *, since: datetime = NOW - 8 * WEEK, through: datetime = NOW) -> None:
    with store.write() as db:
        cursor = Cursor(whole_since=since, submitted_through=through, changed_through=through.date())
        save_cursors(db, {"cs.CL": cursor})


def found(store: Store, lines: Sequence[Line], *, top: int = 20, ranked: bool = True) -> dict[str, str]:
    sync(store, lines, RANKER, now=NOW)
    while ranked and rank_once(store, lines, RANKER, now=NOW):
        pass
    return breadth_found(store, lines, RANKER, top=top, now=NOW)


@pytest.mark.both_databases
def test_a_line_that_matches_more_than_can_be_read_is_told_so(store: Store) -> None:
    harvested(store)
    stored(store, 600, matching=True)
    said = found(store, [WARM, OWLS])
    assert said["warm"].startswith("too broad: 150 papers a week matched over the last 4 weeks")
    assert "and a digest has room for 20; `" in said["warm"]
    assert "`language`" in said["warm"]
    assert said["owls"].startswith("too narrow: none of the 600 papers of its categories in the last 4 weeks matches")
    assert "`strigiform`" in said["owls"].lower()
    assert found(store, [WARM, OWLS], top=60)["warm"] == ""


@pytest.mark.parametrize(
    ("since", "through", "told"),
    [
        pytest.param(NOW - 8 * WEEK, NOW, True, id="two months whole"),
        pytest.param(NOW - 3 * WEEK, NOW, True, id="three weeks whole"),
        pytest.param(NOW - WEEK, NOW, False, id="one week whole"),
        pytest.param(NOW - 8 * WEEK, NOW - 3 * WEEK, False, id="nothing came of late"),
    ],
)
def test_it_is_told_after_two_weeks_that_are_whole(
    store: Store, since: datetime, through: datetime, told: bool
) -> None:
    harvested(store, since=since, through=through)
    stored(store, 600, matching=True)
    assert ("warm" in found(store, [WARM])) is told


def test_what_is_not_told_of_yet_is_left_out(store: Store) -> None:
    stored(store, 20, matching=True)
    assert found(store, [WARM]) == {}  # its category was not harvested
    harvested(store)
    assert found(store, [WARM, replace(OWLS, categories=())]) == {"warm": ""}
    assert found(store, [WARM, replace(WARM, slug="other", question="Models?")], ranked=False) == {"warm": ""}


def test_three_weeks_without_a_match_are_no_month(store: Store) -> None:
    harvested(store, since=NOW - 3 * WEEK)
    stored(store, 300, matching=False, since=NOW - 3 * WEEK)
    assert found(store, [OWLS]) == {"owls": ""}
    harvested(store)
    assert found(store, [OWLS])["owls"].startswith("too narrow: none of the 300 papers")


def test_papers_of_long_ago_that_a_search_backwards_brought_are_not_counted(store: Store) -> None:
    harvested(store)
    stored(store, 600, matching=True, since=NOW - 24 * WEEK)
    assert found(store, [WARM]) == {"warm": ""}  # a hundred in the last four weeks


def test_doctor_names_the_active_lines_that_are_not_fine_and_calls_none_wrong(store: Store) -> None:
    harvested(store)
    stored(store, 600, matching=True)
    paused = replace(WARM, slug="paused", active=False)
    fine = Line(slug="fine", question="Which reliable herring?", claims=WARM.claims, categories=("cs.CL",))
    found(store, [WARM, OWLS, paused])
    checks = check_breadth(store, [WARM, OWLS, paused, fine], RANKER, top=20, now=NOW)
    assert [(check.check, check.ok) for check in checks] == [("line warm", True), ("line owls", True)]


def test_beforehand_it_is_told_by_the_bundled_sample() -> None:
    broad = breadth_beforehand(replace(WARM, categories=()), RANKER, top=20)
    assert broad.startswith("too broad: some ")
    assert "papers a week or more will match, and a digest has room for 20; `" in broad
    assert "carry most of them: narrow its claims down by rarer words" in broad
    narrow = breadth_beforehand(OWLS, RANKER, top=20)
    assert narrow.startswith("too narrow: none of ")
    assert "sample papers of its categories would match; hardly a paper has `" in narrow
    assert narrow.endswith("it has few words: add a claim of a sentence or two")
    assert breadth_beforehand(replace(OWLS, categories=("q-bio.PE",)), RANKER, top=20) == ""  # hardly any in the sample


def test_claims_that_lean_on_their_question_are_named() -> None:
    assert leaning_beforehand(WARM) == ""
    assert leaning_beforehand(leaning("They cannot.", "Models plan by search.")) == (
        'claim c1 does not say what it is about ("They cannot."): name it there, for a claim is matched by itself too'
    )
    many = leaning_beforehand(leaning(*(f"They cannot plan {number}." for number in range(9))))
    assert many.startswith("claims c1, c2, c3 and 6 more do not say what they are about")


def test_words_beyond_measure_are_cut() -> None:
    said = breadth_beforehand(leaning("zq" * 10_000), RANKER, top=20)
    assert f"`{'zq' * 19}z…`" in said
    assert len(said) < 400
