"""What waits for the reader's word, in which order, and what a word does; all papers are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Claim, Evidence, Line, Mark, Match, Paper, Review, Stance, Status
from litwatch.service.review_queue import Item, ItemKind, answer, put_off, review_queue
from litwatch.store.lines import sync_lines
from litwatch.store.matches import line_marks, replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.taken import add_taken
from litwatch.store.verdicts import add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
WARM, RISE = Claim(id="c1", text="It warms."), Claim(id="c2", text="It rises.")
LINE = Line(slug="tides", question="Does it?", claims=(WARM, RISE))


def paper(number: int, *, withdrawn: bool = False) -> Paper:
    return Paper(
        arxiv_id=f"2511.9000{number}",
        title=f"An invented gauge, number {number}",
        abstract="It cools.",
        published=T,
        updated=T,
        withdrawn=withdrawn,
    )


def judge(store: Store, claim: Claim, number: int, stance: Stance, probability: float) -> int:
    challenge = probability if stance.challenges else 0.05
    said = Evidence(
        stance=stance, probability=probability, challenge=challenge, sentence="It cools.", method="minilm-cross/2"
    )
    with store.write() as db:
        save_papers(db, [paper(number)], now=T)
        add_verdicts(db, LINE.slug, [(claim, paper(number), said)], now=T)
        return max(verdict.id for verdict in line_verdicts(db, LINE.slug, LINE.claims))


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        sync_lines(db, [LINE], {LINE.slug: "f"}, now=T)
    return store


def queue(store: Store, line: Line = LINE) -> list[Item]:
    return review_queue(store, [line], 0.5)


def numbers(store: Store) -> list[int | None]:
    return [item.verdict.id if item.verdict else None for item in queue(store)]


def test_nothing_waits_where_nothing_was_judged(store: Store) -> None:
    assert queue(store) == []


def test_what_likely_moves_a_claim_comes_first_and_a_challenge_before_a_support(store: Store) -> None:
    support = judge(store, WARM, 1, Stance.SUPPORTS, 0.7)
    faint = judge(store, WARM, 2, Stance.CONTRADICTS, 0.3)
    mark = judge(store, RISE, 3, Stance.CONTRADICTS, 0.55)
    fainter = judge(store, WARM, 4, Stance.SUPERSEDES, 0.22)
    assert numbers(store) == [mark, support, faint, fainter]
    kinds = {item.verdict.id: item.kind for item in queue(store) if item.verdict}
    assert kinds == {
        mark: ItemKind.MARK,
        support: ItemKind.MARK,
        faint: ItemKind.CANDIDATE,
        fainter: ItemKind.CANDIDATE,
    }


def test_it_says_what_either_word_does_and_so_it_comes(store: Store) -> None:
    judge(store, RISE, 3, Stance.CONTRADICTS, 0.55)
    (item,) = queue(store)
    assert (item.now_stands, item.if_confirmed, item.if_rejected) == (
        Status.CONTESTED,
        Status.CONTRADICTED,
        Status.OPEN,
    )
    answer(store, item, Review.CONFIRMED, now=T)
    assert queue(store) == []
    with store.read() as db:
        (verdict,) = line_verdicts(db, LINE.slug, [RISE])
    assert verdict.review is Review.CONFIRMED


def test_what_can_move_nothing_any_more_comes_after_what_can(store: Store) -> None:
    first = judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    second = judge(store, WARM, 2, Stance.CONTRADICTS, 0.8)
    other = judge(store, RISE, 3, Stance.CONTRADICTS, 0.3)
    # While two marks stand rejecting one changes nothing; confirming either does.
    assert numbers(store) == [first, second, other]
    answer(store, queue(store)[0], Review.CONFIRMED, now=T)
    assert numbers(store) == [other, second]
    assert queue(store)[1].worth == 0


def test_what_was_put_off_comes_again_after_all_else(store: Store) -> None:
    judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    judge(store, RISE, 2, Stance.CONTRADICTS, 0.8)
    judge(store, RISE, 3, Stance.SUPPORTS, 0.6)
    first, second, third = numbers(store)
    put_off(store, queue(store)[0], now=T)
    assert numbers(store) == [second, third, first]
    put_off(store, queue(store)[0], now=T + timedelta(hours=1))
    assert numbers(store) == [third, first, second]


def test_a_second_thought_on_what_was_carried_over_counts(store: Store) -> None:
    judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    answer(store, queue(store)[0], Review.CONFIRMED, now=T)
    warmer = Claim(id="c1", text="It warms the shore.")
    reworded = Line(slug=LINE.slug, question=LINE.question, claims=(warmer, RISE))
    with store.write() as db:
        sync_lines(db, [reworded], {LINE.slug: "g"}, now=T)
    (item,) = queue(store, reworded)
    answer(store, item, Review.CONFIRMED, now=T)
    answer(store, item, Review.REJECTED, now=T + timedelta(minutes=1))
    with store.read() as db:
        (carried,) = line_verdicts(db, LINE.slug, [warmer])
    assert carried.review is Review.REJECTED


def test_what_the_paper_no_longer_says_does_not_wait(store: Store) -> None:
    judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    with store.write() as db:
        save_papers(db, [paper(1, withdrawn=True)], now=T)
    assert queue(store) == []


def test_a_rejected_verdict_does_not_come_again_when_it_is_judged_again(store: Store) -> None:
    judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    answer(store, queue(store)[0], Review.REJECTED, now=T)
    judge(store, WARM, 1, Stance.SUPERSEDES, 0.95)
    assert queue(store) == []


def test_what_was_confirmed_under_another_wording_is_asked_again_and_carried_over(store: Store) -> None:
    old = judge(store, WARM, 1, Stance.CONTRADICTS, 0.9)
    answer(store, queue(store)[0], Review.CONFIRMED, now=T)
    warmer = Claim(id="c1", text="It warms the shore.")
    reworded = Line(slug=LINE.slug, question=LINE.question, claims=(warmer, RISE))
    with store.write() as db:
        sync_lines(db, [reworded], {LINE.slug: "g"}, now=T)
    (item,) = queue(store, reworded)
    assert (item.kind, item.if_confirmed, item.if_rejected) == (ItemKind.REWORDED, Status.CONTRADICTED, Status.OPEN)
    answer(store, item, Review.CONFIRMED, now=T)
    assert queue(store, reworded) == []
    with store.read() as db:
        (carried,) = line_verdicts(db, LINE.slug, [warmer])
    assert (carried.review, carried.id != old) == (Review.CONFIRMED, True)


def test_a_match_that_a_text_cites_as_well_is_not_asked_about(store: Store) -> None:
    with store.write() as db:
        save_papers(db, [paper(1)], now=T)
        add_taken(db, LINE.slug, [paper(1).arxiv_id], "answer.md", T)
        match = Match(line=LINE.slug, arxiv_id=paper(1).arxiv_id, version=1, score=0.5, claim="c1")
        replace_matches(db, [LINE.slug], [paper(1).arxiv_id], [match], now=T - timedelta(days=1))
    assert queue(store) == []


def test_a_paper_that_was_taken_in_waits_until_it_is_called_useful_or_not(store: Store) -> None:
    with store.write() as db:
        save_papers(db, [paper(1)], now=T)
        add_taken(db, LINE.slug, [paper(1).arxiv_id], "answer.md", T)
    (item,) = queue(store)
    assert (item.kind, item.claim, item.verdict) == (ItemKind.TAKEN, None, None)
    answer(store, item, Review.CONFIRMED, now=T)
    assert queue(store) == []
    with store.read() as db:
        assert line_marks(db, LINE.slug) == {paper(1).arxiv_id: Mark.USEFUL}
