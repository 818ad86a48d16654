"""How much came and matched in a window of time; papers and lines are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Claim, Line, Match, Paper
from litwatch.store.lines import sync_lines
from litwatch.store.matches import replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.recent import matches_between, papers_between
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 3, tzinfo=UTC)
DAY = timedelta(days=1)
TIDES = Line(slug="tides", question="Do they warm?", claims=(Claim(id="c1", text="They do."),))


def paper(number: int, at: datetime, *categories: str) -> Paper:
    arxiv_id = f"2511.{number:05}"
    return Paper(
        arxiv_id=arxiv_id, title="An invented gauge", abstract="A.", categories=categories, published=at, updated=at
    )


IN_BOTH, IN_ONE, ELSEWHERE = paper(1, T, "cs.AI", "cs.CL"), paper(2, T + DAY, "cs.CL"), paper(3, T, "math.NT")
BEFORE, AFTER, ANCHOR = paper(4, T - DAY, "cs.AI"), paper(5, T + 7 * DAY, "cs.AI"), paper(6, T, "cs.AI")


@pytest.fixture
def store(store: Store) -> Store:
    all_of_it = [IN_BOTH, IN_ONE, ELSEWHERE, BEFORE, AFTER]
    with store.write() as db:
        save_papers(db, all_of_it, now=T)
        save_papers(db, [ANCHOR], now=T, harvested=False)
        sync_lines(db, [TIDES], {"tides": "f"}, now=T)
        found = [Match(line="tides", arxiv_id=p.arxiv_id, version=1, score=0.5, claim="") for p in all_of_it]
        del found[1]
        replace_matches(db, ["tides"], [p.arxiv_id for p in all_of_it], found, now=T)
    return store


@pytest.mark.parametrize(
    ("categories", "papers", "matches"),
    [(("cs.AI", "cs.CL"), 2, 1), (("cs.CL",), 2, 1), (("math.NT", "cs.AI"), 2, 2), (("hep-th",), 0, 0), ((), 0, 0)],
)
def test_a_paper_counts_once_by_its_categories_and_its_submission(
    store: Store, categories: tuple[str, ...], papers: int, matches: int
) -> None:
    with store.read() as db:
        assert papers_between(db, categories, T, T + 7 * DAY) == papers
        assert matches_between(db, "tides", categories, T, T + 7 * DAY) == matches
        assert matches_between(db, "winds", categories, T, T + 7 * DAY) == 0
