"""The reader's reviews of challenges, as the store gives them; all is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Claim, Evidence, Line, Paper, Review, Reviewed, Stance
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.reviewed import reviewed_challenges
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts, carry_over, line_verdicts, verdict_by_id

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
CLAIM = Claim(id="c1", text="It warms.")
LINE = Line(slug="tides", question="Does it?", claims=(CLAIM,))
PAPER = Paper(arxiv_id="2511.90001", title="An invented gauge", abstract="It cools.", published=T, updated=T)


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        sync_lines(db, [LINE], {LINE.slug: "f"}, now=T)
        save_papers(db, [PAPER], now=T)
    return store


def judge(
    store: Store, stance: Stance, probability: float = 0.7, *, method: str = "cues/1", claim: Claim = CLAIM
) -> int:
    said = Evidence(stance=stance, probability=probability, challenge=0.7, sentence="It cools.", method=method)
    with store.write() as db:
        assert add_verdicts(db, LINE.slug, [(claim, PAPER, said)], now=T) == 1
        return max(found.id for found in line_verdicts(db, LINE.slug, [claim]))


def review(store: Store, number: int, *words: Review, day: int = 0) -> None:
    with store.write() as db:
        for word in words:
            add_review(db, number, word, now=T + timedelta(days=day))


def read(store: Store, day: int | None = None) -> list[Reviewed]:
    with store.read() as db:
        return reviewed_challenges(db, as_of=None if day is None else T + timedelta(days=day))


def test_nothing_was_reviewed_at_first(store: Store) -> None:
    judge(store, Stance.CONTRADICTS)
    assert read(store) == []


def test_the_last_review_of_a_verdict_counts_and_no_other(store: Store) -> None:
    number = judge(store, Stance.CONTRADICTS, 0.71)
    review(store, number, Review.REJECTED, Review.CONFIRMED, Review.REJECTED)
    assert read(store) == [Reviewed(method="cues/1", probability=0.71, right=False)]


def test_both_kinds_of_challenge_count_and_a_support_does_not(store: Store) -> None:
    for stance in (Stance.CONTRADICTS, Stance.SUPERSEDES, Stance.SUPPORTS):
        review(store, judge(store, stance), Review.CONFIRMED)
    assert [one.right for one in read(store)] == [True, True]


def test_a_verdict_on_a_former_wording_and_one_of_a_line_that_is_gone_still_count(store: Store) -> None:
    review(store, judge(store, Stance.CONTRADICTS), Review.CONFIRMED)
    reworded = replace(CLAIM, text="It warms in spring.")
    with store.write() as db:
        sync_lines(db, [replace(LINE, claims=(reworded,))], {LINE.slug: "g"}, now=T)
    review(store, judge(store, Stance.CONTRADICTS, method="llm/m/1", claim=reworded), Review.REJECTED)
    with store.write() as db:
        sync_lines(db, [], {}, now=T)
    assert [(one.method, one.right) for one in read(store)] == [("cues/1", True), ("llm/m/1", False)]


def test_a_verdict_that_the_reader_carried_over_to_a_new_wording_counts_once(store: Store) -> None:
    number = judge(store, Stance.CONTRADICTS)
    review(store, number, Review.CONFIRMED)
    with store.write() as db:
        verdict = verdict_by_id(db, number)
        assert verdict is not None
        carried = carry_over(db, verdict, replace(CLAIM, text="It warms in spring."), now=T)
    review(store, carried, Review.REJECTED, day=1)
    assert [one.right for one in read(store)] == [True]


def test_a_record_can_be_told_again_as_of_any_day(store: Store) -> None:
    number = judge(store, Stance.CONTRADICTS)
    review(store, number, Review.CONFIRMED, day=1)
    review(store, number, Review.REJECTED, day=3)
    assert [one.right for day in (0, 2, 4) for one in read(store, day)] == [True, False]
