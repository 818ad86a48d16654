"""The reader's last word on papers, from marks and reviews, read for many lines at once; all is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from litwatch.model import Claim, Evidence, Line, Mark, Opinion, Paper, Review, Stance
from litwatch.store.feedback import opinions_of
from litwatch.store.lines import sync_lines
from litwatch.store.matches import add_mark, line_marks
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
CLAIMS = (Claim(id="c1", text="It warms."), Claim(id="c2", text="It rises."))
LINES = tuple(Line(slug=slug, question="Does it?", claims=CLAIMS) for slug in ("tides", "winds", "frost"))
A, B, C = "2511.90001", "2511.90002", "2511.90003"


def paper(arxiv_id: str) -> Paper:
    return Paper(arxiv_id=arxiv_id, title="An invented gauge", abstract="It warms.", published=T, updated=T)


def day(number: int) -> datetime:
    return T + timedelta(days=number)


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        sync_lines(db, LINES, {line.slug: "f" for line in LINES}, now=T)
        save_papers(db, [paper(arxiv_id) for arxiv_id in (A, B, C)], now=T)
    return store


def say(store: Store, mark: Mark, arxiv_id: str = A, *, line: str = "tides", at: int = 0) -> None:
    with store.write() as db:
        add_mark(db, line, arxiv_id, mark, now=day(at))


def verdict(store: Store, arxiv_id: str = A, *, claim: int = 0, stance: Stance = Stance.SUPPORTS) -> int:
    said = Evidence(stance=stance, probability=0.8, challenge=0.1, sentence="It warms.", method="cues/1")
    with store.write() as db:
        assert add_verdicts(db, "tides", [(CLAIMS[claim], paper(arxiv_id), said)], now=T) == 1
        return max(found.id for found in line_verdicts(db, "tides", CLAIMS))


def review(store: Store, number: int, word: Review, *, at: int = 0) -> None:
    with store.write() as db:
        add_review(db, number, word, now=day(at))


def said(store: Store, line: str = "tides") -> list[Opinion]:
    with store.read() as db:
        return opinions_of(db, [line])[line]


def test_nothing_was_said_of_a_line_without_marks(store: Store) -> None:
    with store.read() as db:
        assert opinions_of(db, ["tides", "winds"]) == {"tides": [], "winds": []}
        assert opinions_of(db, []) == {}


def test_the_last_mark_on_a_paper_is_the_opinion_and_keeps_its_time(store: Store) -> None:
    say(store, Mark.USEFUL, B, at=1)
    say(store, Mark.USEFUL, A, at=1)
    say(store, Mark.NOT, A, at=2)
    assert said(store) == [
        Opinion(arxiv_id=A, useful=False, at=day(2)),
        Opinion(arxiv_id=B, useful=True, at=day(1)),
    ]


def test_a_mark_that_was_taken_back_is_no_opinion_and_is_not_shown(store: Store) -> None:
    say(store, Mark.NOT, at=1)
    say(store, Mark.NONE, at=2)
    assert said(store) == []
    with store.read() as db:
        assert line_marks(db, "tides") == {}
    say(store, Mark.USEFUL, at=3)
    assert said(store) == [Opinion(arxiv_id=A, useful=True, at=day(3))]


@pytest.mark.parametrize("stance", [Stance.SUPPORTS, Stance.CONTRADICTS, Stance.SUPERSEDES])
def test_a_confirmed_verdict_says_that_its_paper_is_useful(store: Store, stance: Stance) -> None:
    review(store, verdict(store, stance=stance), Review.CONFIRMED, at=4)
    assert said(store) == [Opinion(arxiv_id=A, useful=True, at=day(4))]


def test_a_rejected_verdict_says_nothing_of_its_paper(store: Store) -> None:
    number = verdict(store)
    review(store, number, Review.CONFIRMED, at=1)
    review(store, number, Review.REJECTED, at=2)
    assert said(store) == []


def test_one_confirmed_verdict_is_enough_whatever_was_rejected_beside_it(store: Store) -> None:
    first, second = verdict(store), verdict(store, claim=1)
    review(store, first, Review.CONFIRMED, at=1)
    review(store, second, Review.REJECTED, at=2)
    assert said(store) == [Opinion(arxiv_id=A, useful=True, at=day(1))]


def test_a_mark_goes_before_a_review_and_the_review_counts_again_when_it_is_taken_back(store: Store) -> None:
    number = verdict(store)
    say(store, Mark.NOT, at=1)
    review(store, number, Review.CONFIRMED, at=2)
    assert said(store) == [Opinion(arxiv_id=A, useful=False, at=day(1))]
    say(store, Mark.NONE, at=3)
    assert said(store) == [Opinion(arxiv_id=A, useful=True, at=day(2))]


def test_a_line_has_its_own_opinions(store: Store) -> None:
    say(store, Mark.USEFUL, A, line="tides")
    say(store, Mark.NOT, A, line="winds")
    review(store, verdict(store, C), Review.CONFIRMED)
    with store.read() as db:
        found = opinions_of(db, ["winds", "tides"])
    assert {slug: [(o.arxiv_id, o.useful) for o in opinions] for slug, opinions in found.items()} == {
        "winds": [(A, False)],
        "tides": [(A, True), (C, True)],
    }


def test_the_opinions_of_many_lines_take_one_query(store: Store) -> None:
    queries: list[str] = []
    with store.read() as db:
        event.listen(db, "before_cursor_execute", lambda *told: queries.append(told[2]))
        opinions_of(db, [line.slug for line in LINES])
    assert len(queries) == 1
