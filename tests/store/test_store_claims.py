"""What claims said, and what was said of them: rows with dates that no later row changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from litwatch.model import Claim, Evidence, Finding, Line, Paper, Review, Stance
from litwatch.store import schema
from litwatch.store.claims import claim_digest, claim_ids, held_claims
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import (
    add_review,
    add_verdicts,
    judged_pairs,
    line_verdicts,
    outdated_pairs,
    reworded_verdicts,
)

pytestmark = pytest.mark.both_databases

NOW = datetime(2025, 11, 20, tzinfo=UTC)
CLAIM = Claim(id="c1", title="Does it?", text="It does.", findings=(Finding(text="It did.", dated="2024"),))
OTHER = Claim(id="c2", text="It does not.")
LINE = Line(slug="here", question="Why?", claims=(CLAIM, OTHER))
PAPER = Paper(arxiv_id="2511.90001", title="A title", abstract="An abstract.", published=NOW, updated=NOW)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        save_papers(db, [PAPER], now=NOW)
        sync_lines(db, [LINE], {LINE.slug: "1"}, now=NOW)
    return store


def sync(store: Store, *claims: Claim, at: int) -> None:
    with store.write() as db:
        sync_lines(db, [replace(LINE, claims=claims)], {LINE.slug: "1"}, now=day(at))


def held(store: Store, at: int | None = None) -> dict[str, Claim]:
    with store.read() as db:
        found = held_claims(db, [LINE.slug], as_of=None if at is None else day(at))[LINE.slug]
    return {name: kept.claim for name, kept in found.items()}


def rows(store: Store, table: str = "claim_texts") -> int:
    with store.read() as db:
        return int(db.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one())


def judge(
    store: Store,
    stance: Stance,
    *,
    claim: Claim = CLAIM,
    paper: Paper = PAPER,
    method: str = "cues/1",
    at: int = 0,
) -> int:
    evidence = Evidence(stance=stance, probability=0.8, challenge=0.8, sentence="An abstract.", method=method)
    with store.write() as db:
        return add_verdicts(db, LINE.slug, [(claim, paper, evidence)], now=day(at))


def stances(store: Store, *claims: Claim) -> list[Stance]:
    with store.read() as db:
        return [verdict.evidence.stance for verdict in line_verdicts(db, LINE.slug, claims or LINE.claims)]


# --- what claims said ----------------------------------------------------------------------------------------


def test_claims_are_told_as_they_read_on_any_day(store: Store) -> None:
    edited = replace(CLAIM, text="It does, mostly.")
    sync(store, edited, at=2)
    sync(store, edited, OTHER, at=4)
    assert [held(store, at) for at in (-1, 1, 3)] == [{}, {"c1": CLAIM, "c2": OTHER}, {"c1": edited}]
    assert held(store) == {"c1": edited, "c2": OTHER}
    with store.read() as db:
        assert claim_ids(db, LINE.slug) == {"c1", "c2"}


def test_claims_that_read_as_before_add_no_row(store: Store) -> None:
    before = rows(store)
    sync(store, *LINE.claims, at=2)
    assert rows(store) == before


def test_a_claim_is_retired_from_the_day_on_that_it_was(store: Store) -> None:
    retired = replace(CLAIM, retired=True)
    sync(store, retired, OTHER, at=2)
    sync(store, replace(retired, text="It did once."), OTHER, at=5)
    with store.read() as db:
        assert held_claims(db, [LINE.slug])[LINE.slug]["c1"].retired_at == day(2)
    sync(store, CLAIM, OTHER, at=6)
    with store.read() as db:
        assert held_claims(db, [LINE.slug])[LINE.slug]["c1"].retired_at is None


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("It does not help much.", True),
        ("it  does not help,\n much", True),
        ("It does help much.", False),
        ("It does not help much?", False),
        ("It does not help 3.5 much.", False),
    ],
)
def test_which_edits_make_another_claim_of_it(text: str, same: bool) -> None:
    before = Claim(id="c1", text="It does not help much.")
    assert (claim_digest(replace(before, text=text)) == claim_digest(before)) is same


def test_a_sign_before_a_number_makes_another_claim() -> None:
    texts = ("It falls by 5% where p<0.05.", "It falls by -5% where p<0.05.", "It falls by 5% where p>0.05.")
    assert len({claim_digest(Claim(id="c1", text=text)) for text in texts}) == 3


# --- what was said of them -----------------------------------------------------------------------------------


def test_none_is_kept_only_where_it_takes_a_verdict_back(store: Store) -> None:
    assert judge(store, Stance.NONE) == 0
    assert judge(store, Stance.SUPPORTS) == 1
    assert judge(store, Stance.SUPPORTS, at=1) == 0
    assert judge(store, Stance.NONE, method="cues/2", at=2) == 1
    assert judge(store, Stance.NONE, method="cues/2", at=3) == 0
    assert judge(store, Stance.SUPPORTS, method="cues/2", at=4) == 1
    assert stances(store) == [Stance.SUPPORTS, Stance.NONE, Stance.SUPPORTS]


def test_verdicts_belong_to_a_wording_and_come_back_with_it(store: Store) -> None:
    judge(store, Stance.CONTRADICTS)
    edited = replace(CLAIM, text="It does, mostly.")
    assert stances(store, edited) == []
    assert stances(store, CLAIM) == [Stance.CONTRADICTS]


def test_a_verdict_does_not_follow_its_text_to_another_id(store: Store) -> None:
    judge(store, Stance.CONTRADICTS)
    swapped = (replace(OTHER, id="c1"), replace(CLAIM, id="c2"))
    assert stances(store, *swapped) == []


def test_of_an_earlier_wording_only_what_was_reviewed_is_told(store: Store) -> None:
    judge(store, Stance.CONTRADICTS)
    judge(store, Stance.SUPPORTS, claim=OTHER)
    with store.write() as db:
        add_review(db, 1, Review.CONFIRMED, now=day(3))
    edited = replace(CLAIM, text="It does, mostly."), replace(OTHER, text="Not at all.")
    with store.read() as db:
        assert [verdict.id for verdict in reworded_verdicts(db, LINE.slug, edited)] == [1]
        assert reworded_verdicts(db, LINE.slug, LINE.claims) == []
        assert reworded_verdicts(db, LINE.slug, edited, as_of=day(2)) == []


def test_a_verdict_is_outdated_by_a_new_version_until_that_is_judged(store: Store) -> None:
    claims = [(LINE.slug, claim) for claim in LINE.claims]

    def outdated() -> list[tuple[str, str, str]]:
        with store.read() as db:
            return [tuple(pair) for pair in outdated_pairs(db, claims, withdrawn="withdrawn")]

    judge(store, Stance.CONTRADICTS)
    assert outdated() == []
    second = replace(PAPER, version=2)
    with store.write() as db:
        save_papers(db, [second], now=NOW)
    assert outdated() == [("here", "c1", PAPER.arxiv_id)]
    with store.read() as db:
        assert judged_pairs(db, claims, [PAPER.arxiv_id]) == [("here", "c1", PAPER.arxiv_id)]
    judge(store, Stance.NONE, paper=second)
    assert outdated() == []
    gone = replace(second, withdrawn=True)
    with store.write() as db:
        save_papers(db, [gone], now=NOW)
    assert outdated() == [("here", "c1", PAPER.arxiv_id)]
    judge(store, Stance.NONE, paper=gone, method="withdrawn")
    assert outdated() == []
