"""The reader's reviews as labels to learn from; all is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from litwatch.model import Claim, Evidence, Line, Paper, Review, Stance
from litwatch.service.reviews import Label, reviewed_labels
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
CLAIM = Claim(id="c1", text="It warms.")
LINE = Line(slug="tides", question="Does it?", claims=(CLAIM,))
PAPER = Paper(arxiv_id="2511.90001", title="An invented gauge", abstract="It cools.", published=T, updated=T)


@pytest.fixture
def store(store: Store) -> Store:
    said = Evidence(
        stance=Stance.CONTRADICTS, probability=0.7, challenge=0.7, sentence="It cools.", method="minilm-cross/1"
    )
    with store.write() as db:
        sync_lines(db, [LINE], {LINE.slug: "f"}, now=T)
        save_papers(db, [PAPER], now=T)
        add_verdicts(db, LINE.slug, [(CLAIM, PAPER, said)], now=T)
    return store


def review(store: Store, word: Review) -> None:
    with store.write() as db:
        (verdict,) = line_verdicts(db, LINE.slug, [CLAIM])
        add_review(db, verdict.id, word, now=T)


def test_what_nobody_reviewed_is_no_label(store: Store) -> None:
    assert reviewed_labels(store, [LINE]) == []


def test_a_confirmed_verdict_is_its_stance_with_its_sentence(store: Store) -> None:
    review(store, Review.CONFIRMED)
    (label,) = reviewed_labels(store, [LINE])
    assert (label.claim, label.paper.arxiv_id) == (CLAIM, PAPER.arxiv_id)
    assert (label.stance, label.sentence) == (Stance.CONTRADICTS, "It cools.")


def test_a_rejected_verdict_is_a_label_of_no_stance(store: Store) -> None:
    review(store, Review.REJECTED)
    (label,) = reviewed_labels(store, [LINE])
    assert isinstance(label, Label)
    assert (label.stance, label.sentence) == (Stance.NONE, "")


def test_a_review_of_another_wording_or_an_earlier_version_is_no_label(store: Store) -> None:
    review(store, Review.CONFIRMED)
    assert reviewed_labels(store, [replace(LINE, claims=(replace(CLAIM, text="It never warms."),))]) == []
    with store.write() as db:
        save_papers(db, [replace(PAPER, version=2, abstract="It warms after all.")], now=T)
    assert reviewed_labels(store, [LINE]) == []


def test_of_two_methods_on_one_pair_the_confirmed_verdict_is_the_label(store: Store) -> None:
    review(store, Review.CONFIRMED)
    other = Evidence(
        stance=Stance.SUPERSEDES, probability=0.6, challenge=0.6, sentence="It cools.", method="llm/local/1"
    )
    with store.write() as db:
        add_verdicts(db, LINE.slug, [(CLAIM, PAPER, other)], now=T)
        add_review(db, line_verdicts(db, LINE.slug, [CLAIM])[-1].id, Review.REJECTED, now=T)
    (label,) = reviewed_labels(store, [LINE])
    assert label.stance is Stance.CONTRADICTS
