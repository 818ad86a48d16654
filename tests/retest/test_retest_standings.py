"""How a report puts the standing of the claims. All papers and claims are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from retest_sample import NAPS, ON_NAPS, REPLAY, SINCE, aged, report

from litwatch.ledger import Stale
from litwatch.model import Claim, Durability, Status
from litwatch.retest import said, standings
from litwatch.retest.report import Held, Known
from litwatch.retest.standings import Group


def standing(held: Held) -> str:
    return standings.standing(held, Group(claims=(held,)))


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        (1, "The one claim is open. No work is marked against it, neither since"),
        (2, "All 2 claims are open. No work is marked against them, neither since"),
    ],
)
def test_a_line_of_one_claim_is_told_in_the_singular(claims: int, says: str) -> None:
    few = tuple(Known(claim=claim, status=Status.OPEN) for claim in (REPLAY, NAPS)[:claims])

    told = " ".join(said.summary(report(few)))

    assert told.startswith(says)
    assert ("it is durable" in told) is (claims == 1)


def test_a_glance_tells_what_each_standing_rests_on_now() -> None:
    naps, replay, dreams, sheep = report().claims

    assert standings.stands(naps) == "contested since 20 Nov 2025"
    assert standings.by_what(naps) == (
        "against it arXiv:2511.90002 (contradicts it, confirmed by you) and 1 more; "
        "arXiv:2301.00001, which it rests on, was withdrawn"
    )
    assert "for it arXiv:2511.90003 (candidate, probability 0.83)" in standings.by_what(replay)
    assert standings.by_what(dreams) == "1 candidate below the threshold"
    assert (standings.by_what(sheep), standings.kind(sheep)) == ("", "")
    assert standings.by_what(aged().claims[2]) == "contradicted → open, since you reworded it on 25 May"


def test_claims_without_evidence_are_told_together_after_the_others() -> None:
    silent = replace(NAPS, id="c8"), replace(NAPS, id="c9")
    days = Stale(days=200, since=SINCE, unread=0)
    few = tuple(Known(claim=claim, status=Status.OPEN, stale=days) for claim in silent)

    told, together = standings.groups(
        report((few[0], Known(claim=NAPS, status=Status.CONTESTED, verdicts=ON_NAPS), few[1]))
    )

    assert ([held.claim.id for held in told.claims], told.remark) == (["c1"], "")
    assert [held.claim.id for held in together.claims] == ["c8", "c9"]
    assert together.remark == (
        "The other 2 claims are open: no evidence either way. None of them has been confirmed or challenged for 200 "
        "days."
    )
    assert standings.standing(together.claims[0], together) == ""
    weaker = replace(together.claims[0], weaker=2)
    assert standings.standing(weaker, together) == "2 candidates below the threshold."


def test_where_they_were_untested_for_different_times_each_says_for_how_long() -> None:
    few = [
        Known(claim=claim, status=Status.OPEN, stale=Stale(days=200 + n, since=SINCE, unread=0))
        for n, claim in enumerate((NAPS, REPLAY))
    ]

    (group,) = standings.groups(report(tuple(few)))

    assert group.remark == "All 2 claims are open: no evidence either way."
    assert standings.standing(group.claims[1], group) == "Neither confirmed nor challenged for 201 days."


def test_claims_that_are_durable_for_the_same_reason_are_told_in_one_row() -> None:
    plain = tuple(Claim(id=f"c{n}", text="People lie to their diaries.") for n in (1, 2))

    told = report(tuple(Known(claim=claim, status=Status.OPEN) for claim in plain))

    assert standings.lasting(told, Durability.DURABLE) == (
        "c1 and c2: proposed, since each names no figure, no date, no system and no limit of its time.",
    )


def test_what_the_reader_settled_outweighs_the_proposal_and_both_are_told() -> None:
    dreams = report().claims[2]

    assert (dreams.durability, dreams.proposal.durability) == (Durability.DURABLE, Durability.PERISHABLE)
    (_, told) = standings.lasting(report(), Durability.DURABLE)
    assert told.startswith("c3 (Current headbands cannot tell a dream from a thought.): settled by you. ")


def test_a_claim_that_nothing_has_tested_for_long_says_so() -> None:
    naps, _, dreams, _ = report().claims

    assert "neither confirmed nor challenged for 201 days" in standing(dreams)
    again = standing(replace(naps, stale=Stale(days=371, since=SINCE, unread=1)))
    assert "nothing has confirmed or challenged it anew for 371 days, 1 candidate unread" in again
    assert "neither" not in again


def test_a_withdrawn_anchor_stands_with_the_claims_that_rest_on_it() -> None:
    assert standings.shaken(report().claims[0]) == (
        "It rests on arXiv:2301.00001 (Rest and recall), which was withdrawn.",
    )
    assert "A paper that 1 claim rests on was withdrawn." in said.summary(report())
