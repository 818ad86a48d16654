"""No review is ever lost: not by judging again, not by an edited claim; all is invented.

That a migration loses none is held by test_store_upgrade.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litwatch.ledger import standing
from litwatch.model import Claim, Evidence, Line, Paper, Review, Stance, Status
from litwatch.store.claims import held_claims
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store
from litwatch.store.verdicts import add_review, add_verdicts, carry_over, line_verdicts, reviewed_verdicts

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
WORDINGS = ("It warms.", "It warms the shore.", "It warms in winter.")
METHODS = ("cues/1", "minilm-cross/2", "llm/sample/1")


def claim(wording: int) -> Claim:
    return Claim(id="c1", text=WORDINGS[wording])


def line(wording: int) -> Line:
    return Line(slug="tides", question="Does it?", claims=(claim(wording),))


def paper(number: int, version: int = 1) -> Paper:
    return Paper(
        arxiv_id=f"2511.9000{number}",
        version=version,
        title="An invented gauge",
        abstract=f"It cools, in version {version}.",
        published=T,
        updated=T,
    )


def said(stance: Stance, method: str) -> Evidence:
    sentence = "" if stance is Stance.NONE else "It cools."
    return Evidence(stance=stance, probability=0.7, challenge=0.7, sentence=sentence, method=method)


STEPS = st.one_of(
    st.tuples(st.just("judge"), st.integers(1, 2), st.sampled_from(Stance), st.sampled_from(METHODS)),
    st.tuples(st.just("review"), st.integers(0, 9), st.sampled_from(Review), st.none()),
    st.tuples(st.just("reword"), st.integers(0, 2), st.none(), st.none()),
    st.tuples(st.just("revise"), st.integers(1, 2), st.none(), st.none()),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_comes_after_every_review_is_there_and_counts_where_the_claim_reads_as_it_did(
    steps: list[tuple[str, int, object, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('kept')}/litwatch.db")
    given_: dict[int, Review] = {}
    wording, versions, now = 0, {1: 1, 2: 1}, T
    with store.write() as db:
        sync_lines(db, [line(wording)], {"tides": "0"}, now=now)
        save_papers(db, [paper(1), paper(2)], now=now)
    for what, number, one, two in steps:
        now += timedelta(hours=1)
        with store.write() as db:
            if what == "judge" and isinstance(one, Stance):
                about = paper(number, versions[number])
                add_verdicts(db, "tides", [(claim(wording), about, said(one, str(two)))], now=now)
            elif what == "review" and isinstance(one, Review):
                known = line_verdicts(db, "tides", [claim(wording)])
                if known:
                    chosen = known[number % len(known)].id
                    add_review(db, chosen, one, now=now)
                    given_[chosen] = one
            elif what == "reword":
                wording = number
                sync_lines(db, [line(wording)], {"tides": str(wording)}, now=now)
            elif what == "revise":
                versions[number] += 1
                save_papers(db, [paper(number, versions[number])], now=now)
        with store.read() as db:
            kept = {verdict.id: verdict.review for verdict in reviewed_verdicts(db, "tides")}
            assert kept == given_
            present = {v.id: v.review for v in line_verdicts(db, "tides", [claim(wording)]) if v.review}
            assert present.items() <= given_.items()
    store.close()


@pytest.mark.both_databases
def test_a_review_counts_again_when_its_claim_reads_again_as_it_did(store: Store) -> None:
    def stands(wording: int) -> Status:
        with store.read() as db:
            return standing(claim(wording), line_verdicts(db, "tides", [claim(wording)])).status

    with store.write() as db:
        sync_lines(db, [line(0)], {"tides": "0"}, now=T)
        save_papers(db, [paper(1)], now=T)
        add_verdicts(db, "tides", [(claim(0), paper(1), said(Stance.CONTRADICTS, "cues/1"))], now=T)
        (verdict,) = line_verdicts(db, "tides", [claim(0)])
        add_review(db, verdict.id, Review.CONFIRMED, now=T)
    assert (stands(0), stands(1)) == (Status.CONTRADICTED, Status.OPEN)
    with store.write() as db:
        carried = carry_over(db, verdict, claim(1), now=T + timedelta(days=1))
        add_review(db, carried, Review.CONFIRMED, now=T + timedelta(days=1))
    assert (stands(0), stands(1)) == (Status.CONTRADICTED, Status.CONTRADICTED)


@pytest.mark.both_databases
def test_a_claim_reads_so_since_its_wording_changed_not_since_its_spelling_did(store: Store) -> None:
    texts = ("It warms.", "it  warms", "It warms the shore.")
    for number, text in enumerate(texts):
        with store.write() as db:
            said_now = Line(slug="tides", question="Does it?", claims=(Claim(id="c1", text=text),))
            sync_lines(db, [said_now], {"tides": str(number)}, now=T + timedelta(days=number))
    with store.read() as db:
        assert held_claims(db, ["tides"], as_of=T + timedelta(days=1))["tides"]["c1"].since == T
        assert held_claims(db, ["tides"])["tides"]["c1"].since == T + timedelta(days=2)
