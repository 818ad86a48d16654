"""Papers taken in from a text: matches whatever their score, kept when the line is ranked again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matching_sample import NOW, TOMORROW

from litwatch.grounding.citations import Citation
from litwatch.grounding.judged import Grounded, Known, ground
from litwatch.model import Anchor, Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.matching import rank_once, sync
from litwatch.service.taking import take_in
from litwatch.store.matches import line_matches
from litwatch.store.papers import get_papers, harvested_ids, save_papers
from litwatch.store.store import Store
from litwatch.store.taken import taken_papers

pytestmark = pytest.mark.both_databases

LINE = Line(
    slug="lanterns",
    question="Do warm lanterns dim sooner?",
    claims=(Claim(id="c1", text="Warm lanterns in a harbour dim sooner than cold ones."),),
)
RANKER = Ranker(bundled())


def paper(arxiv_id: str, title: str, abstract: str = "An invented paper on something else.") -> Paper:
    return Paper(arxiv_id=arxiv_id, title=title, abstract=abstract, comment="invented", published=NOW, updated=NOW)


FAR = paper("2511.00001", "Moths circle lamps", "An invented paper on moths, which fly at night and circle a lamp.")
NEAR = paper("2511.00002", "Warm lanterns dim", "An invented paper: warm lanterns in a harbour dim sooner.")


def grounded(*papers: Paper) -> list[Grounded]:
    return [ground(Citation(arxiv_id=each.arxiv_id), Known(paper=each)) for each in papers]


def rank(store: Store, line: Line) -> None:
    sync(store, [line], RANKER, now=TOMORROW)
    while rank_once(store, [line], RANKER, now=TOMORROW):
        pass


def matched(store: Store) -> dict[str, float]:
    with store.read() as db:
        return {stored.match.arxiv_id: stored.match.score for stored in line_matches(db, "lanterns")}


@pytest.fixture
def kept(store: Store) -> Store:
    """A store that knows the line and one harvested paper far from it."""
    with store.write() as db:
        save_papers(db, [FAR], now=NOW)
    rank(store, LINE)
    return store


def test_a_paper_below_the_floor_becomes_a_match(kept: Store) -> None:
    assert matched(kept) == {}
    taken = take_in(kept, LINE, grounded(FAR, NEAR), RANKER, source="answer.md", now=NOW)
    assert [(one.arxiv_id, one.fresh, one.already) for one in taken] == [
        (FAR.arxiv_id, True, False),
        (NEAR.arxiv_id, True, False),
    ]
    scores = matched(kept)
    assert scores[FAR.arxiv_id] < RANKER.floor <= scores[NEAR.arxiv_id]
    with kept.read() as db:
        assert [(one.arxiv_id, one.source, one.at) for one in taken_papers(db, "lanterns")] == [
            (FAR.arxiv_id, "answer.md", NOW),
            (NEAR.arxiv_id, "answer.md", NOW),
        ]


def test_a_paper_that_the_store_had_not_is_no_news_of_the_harvest(kept: Store) -> None:
    take_in(kept, LINE, grounded(FAR, NEAR), RANKER, source="answer.md", now=NOW)
    with kept.read() as db:
        assert get_papers(db, [NEAR.arxiv_id]) == [NEAR]
        assert harvested_ids(db, [FAR.arxiv_id, NEAR.arxiv_id]) == {FAR.arxiv_id}


def test_taken_in_twice_it_is_what_it_was(kept: Store) -> None:
    take_in(kept, LINE, grounded(FAR), RANKER, source="first.md", now=NOW)
    with kept.read() as db:
        before = line_matches(db, "lanterns")
    (again,) = take_in(kept, LINE, grounded(FAR), RANKER, source="second.md", now=TOMORROW)
    assert (again.taken, again.fresh, again.already) == (True, False, True)
    with kept.read() as db:
        assert line_matches(db, "lanterns") == before
        assert [(one.source, one.at) for one in taken_papers(db, "lanterns")] == [("first.md", NOW)]


def test_it_stays_a_match_and_is_scored_anew_when_the_line_is_edited(kept: Store) -> None:
    take_in(kept, LINE, grounded(FAR, NEAR), RANKER, source="answer.md", now=NOW)
    before = matched(kept)
    edited = replace(LINE, claims=(Claim(id="c1", text="Moths circle a lamp at night."),))
    rank(kept, edited)
    after = matched(kept)
    assert after.keys() == before.keys()
    assert after[FAR.arxiv_id] > before[FAR.arxiv_id]
    assert after[NEAR.arxiv_id] < before[NEAR.arxiv_id]


def test_it_stays_a_match_when_its_text_is_revised_or_a_harvest_meets_it(kept: Store) -> None:
    take_in(kept, LINE, grounded(FAR, NEAR), RANKER, source="answer.md", now=NOW)
    with kept.write() as db:
        save_papers(db, [replace(FAR, version=2, abstract="Invented: of sheep."), NEAR], now=TOMORROW)
    rank(kept, LINE)
    with kept.read() as db:
        versions = {stored.match.arxiv_id: stored.match.version for stored in line_matches(db, "lanterns")}
    assert versions == {FAR.arxiv_id: 2, NEAR.arxiv_id: 1}


def test_what_the_reader_excludes_later_goes(kept: Store) -> None:
    take_in(kept, LINE, grounded(FAR, NEAR), RANKER, source="answer.md", now=NOW)
    rank(kept, replace(LINE, exclude=("moths",)))
    assert matched(kept).keys() == {NEAR.arxiv_id}


@pytest.mark.parametrize(
    ("line", "one", "reason"),
    [
        (replace(LINE, anchors=(Anchor(arxiv_id=NEAR.arxiv_id),)), grounded(NEAR)[0], "the line rests on it"),
        (replace(LINE, exclude=("lanterns",)), grounded(NEAR)[0], "it has a word that the line excludes"),
        (LINE, grounded(replace(NEAR, withdrawn=True))[0], "withdrawn"),
        (LINE, ground(Citation(arxiv_id="2511.00009"), Known()), "missing"),
        (LINE, ground(Citation(arxiv_id="2511.00009"), Known(asked=False)), "unchecked"),
        (LINE, ground(Citation(arxiv_id=NEAR.arxiv_id, titles=("Of sheep",)), Known(paper=NEAR)), "title differs"),
    ],
)
def test_what_is_not_taken_in_is_refused_with_a_reason(kept: Store, line: Line, one: Grounded, reason: str) -> None:
    (refused,) = take_in(kept, line, [one], RANKER, source="answer.md", now=NOW)
    assert (refused.taken, refused.refusal) == (False, reason)
    assert matched(kept) == {}
