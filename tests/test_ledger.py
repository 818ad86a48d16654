"""A claim's standing, told from verdicts and reviews as of any date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.ledger import READER, WITHDRAWN, beside, counted, history, is_marked, standing
from litwatch.model import Claim, Evidence, Review, Stance, Status, Verdict

CLAIM = Claim(id="c1", text="Longer prompts help small models.")
START = datetime(2025, 3, 1, tzinfo=UTC)
CHALLENGES = (Stance.CONTRADICTS, Stance.SUPERSEDES)
WORSE = {
    Status.SUPPORTED: 0,
    Status.OPEN: 1,
    Status.CONTESTED: 2,
    Status.SUPERSEDED: 3,
    Status.CONTRADICTED: 3,
}


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def verdict(
    id_: int,
    stance: Stance,
    *,
    paper: str = "2503.00001",
    version: int = 1,
    probability: float = 0.8,
    at: int = 0,
    review: Review | None = None,
    reviewed: int | None = None,
    claim: str = "c1",
    method: str = "cues/1",
    sentence: str = "Longer prompts did not help.",
) -> Verdict:
    return Verdict(
        id=id_,
        line="prompts",
        claim=claim,
        arxiv_id=paper,
        version=version,
        evidence=Evidence(
            stance=stance,
            probability=probability,
            challenge=probability if stance in CHALLENGES else 0.05,
            sentence=sentence,
            method=method,
        ),
        at=day(at),
        review=review,
        reviewed_at=None if reviewed is None else day(reviewed),
    )


A, B = "2503.00001", "2503.00002"
YES, NO = Review.CONFIRMED, Review.REJECTED
MODEL = "llm/sample/1"


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        pytest.param([], Status.OPEN, id="nothing is known"),
        pytest.param([verdict(1, Stance.NONE, review=YES)], Status.OPEN, id="a confirmed none moves nothing"),
        pytest.param([verdict(1, Stance.CONTRADICTS)], Status.CONTESTED, id="a likely contradiction contests"),
        pytest.param([verdict(1, Stance.SUPERSEDES)], Status.CONTESTED, id="a likely supersession contests"),
        pytest.param([verdict(1, Stance.CONTRADICTS, probability=0.3)], Status.OPEN, id="an unlikely one does not"),
        pytest.param([verdict(1, Stance.CONTRADICTS, review=YES)], Status.CONTRADICTED, id="confirmed contradiction"),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, probability=0.3, review=YES)],
            Status.CONTRADICTED,
            id="a confirmation counts whatever the probability",
        ),
        pytest.param([verdict(1, Stance.SUPERSEDES, review=YES)], Status.SUPERSEDED, id="confirmed supersession"),
        pytest.param([verdict(1, Stance.CONTRADICTS, review=NO)], Status.OPEN, id="a rejected one counts for nothing"),
        pytest.param([verdict(1, Stance.SUPPORTS)], Status.OPEN, id="one unreviewed support is too little"),
        pytest.param([verdict(1, Stance.SUPPORTS, review=YES)], Status.SUPPORTED, id="one confirmed support is enough"),
        pytest.param(
            [verdict(1, Stance.SUPPORTS), verdict(2, Stance.SUPPORTS, paper=B)],
            Status.SUPPORTED,
            id="unreviewed supports of two papers",
        ),
        pytest.param(
            [verdict(1, Stance.SUPPORTS), verdict(2, Stance.SUPPORTS, at=1)],
            Status.OPEN,
            id="two verdicts on one paper are one support",
        ),
        pytest.param(
            [verdict(1, Stance.SUPPORTS, review=YES), verdict(2, Stance.CONTRADICTS, paper=B, review=YES)],
            Status.CONTESTED,
            id="confirmed both ways",
        ),
        pytest.param(
            [verdict(1, Stance.SUPPORTS, review=YES), verdict(2, Stance.CONTRADICTS, paper=B)],
            Status.CONTESTED,
            id="a likely contradiction contests confirmed support",
        ),
        pytest.param(
            [verdict(1, Stance.SUPERSEDES, review=YES), verdict(2, Stance.CONTRADICTS, paper=B, review=YES)],
            Status.CONTRADICTED,
            id="what is false is not merely overtaken",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS), verdict(2, Stance.NONE, version=2, at=3)],
            Status.OPEN,
            id="the newest version's verdict counts",
        ),
        pytest.param(
            [
                verdict(1, Stance.CONTRADICTS, review=YES),
                verdict(2, Stance.CONTRADICTS, version=2, at=3, review=NO),
            ],
            Status.OPEN,
            id="an older version does not come back when the newer is rejected",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=YES), verdict(2, Stance.NONE, at=3)],
            Status.CONTRADICTED,
            id="judging the same version again does not undo a confirmation",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, claim="c2", review=YES)], Status.OPEN, id="another claim's verdict"
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=YES), verdict(2, Stance.NONE, version=2, at=3)],
            Status.CONTRADICTED,
            id="a newer version on which a machine is silent does not undo a confirmation",
        ),
        pytest.param(
            [
                verdict(1, Stance.SUPPORTS, review=YES),
                verdict(2, Stance.CONTRADICTS, version=2, at=3, sentence="They hurt."),
            ],
            Status.CONTESTED,
            id="a likely challenge of a newer version stands beside a confirmed support",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=NO), verdict(2, Stance.SUPERSEDES, at=3, method="cues/2")],
            Status.OPEN,
            id="a rejected challenge does not come back by another method",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=NO), verdict(2, Stance.CONTRADICTS, version=2, at=3)],
            Status.OPEN,
            id="nor in a newer version by the same sentence",
        ),
        pytest.param(
            [
                verdict(1, Stance.CONTRADICTS, review=NO),
                verdict(2, Stance.CONTRADICTS, version=2, at=3, sentence="They hurt."),
            ],
            Status.CONTESTED,
            id="a newer version may challenge anew by another sentence",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=NO), verdict(2, Stance.CONTRADICTS, at=3, review=YES)],
            Status.CONTRADICTED,
            id="of two reviewed verdicts on a version the confirmed one counts",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=YES), verdict(2, Stance.NONE, version=2, at=3, method=WITHDRAWN)],
            Status.OPEN,
            id="a withdrawn paper counts for nothing",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS), verdict(2, Stance.NONE, at=1, method=MODEL)],
            Status.OPEN,
            id="a language model's none takes the default's mark back",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS), verdict(2, Stance.NONE, at=1, method=MODEL, review=NO)],
            Status.CONTESTED,
            id="unless the reader rejects that none",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS), verdict(2, Stance.NONE, at=1, version=2, method=MODEL, review=NO)],
            Status.OPEN,
            id="which brings back nothing of another version",
        ),
        pytest.param(
            [verdict(1, Stance.NONE, at=1, method=MODEL), verdict(2, Stance.CONTRADICTS, at=5, method="cues/2")],
            Status.OPEN,
            id="it goes before the default's, though that came later",
        ),
        pytest.param(
            [verdict(1, Stance.NONE, at=1, method=MODEL), verdict(2, Stance.CONTRADICTS, at=5, version=2)],
            Status.CONTESTED,
            id="but not on a newer version, which it did not read",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, at=1, method=MODEL), verdict(2, Stance.NONE, at=5, method=WITHDRAWN)],
            Status.OPEN,
            id="nor after the same version was withdrawn",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=YES), verdict(2, Stance.NONE, at=1, method=MODEL)],
            Status.CONTRADICTED,
            id="the reader's word goes before a language model's",
        ),
        pytest.param(
            [verdict(1, Stance.CONTRADICTS, review=NO), verdict(2, Stance.SUPERSEDES, at=1, method=MODEL)],
            Status.OPEN,
            id="what the reader rejected does not come back by a language model",
        ),
        pytest.param(
            [verdict(1, Stance.NONE, at=1, method="llm/a/1"), verdict(2, Stance.CONTRADICTS, at=2, method="llm/b/1")],
            Status.CONTESTED,
            id="of two language models the last one counts",
        ),
    ],
)
def test_the_status_follows_the_table(verdicts: list[Verdict], status: Status) -> None:
    assert standing(CLAIM, verdicts).status is status


def test_a_retired_claim_is_retired_whatever_was_found() -> None:
    found = [verdict(1, Stance.CONTRADICTS, review=YES, reviewed=1)]
    assert standing(replace(CLAIM, retired=True), found).status is Status.RETIRED


def test_a_retired_claim_is_so_since_it_was_retired() -> None:
    assert standing(replace(CLAIM, retired=True), [], retired_at=day(3)).since == day(3)


def test_a_withdrawal_has_a_date_and_a_name() -> None:
    found = [
        verdict(1, Stance.CONTRADICTS, review=YES, reviewed=1),
        verdict(2, Stance.NONE, version=2, at=3, method=WITHDRAWN),
    ]
    assert [standing(CLAIM, found, as_of=day(n)).status for n in (2, 3)] == [Status.CONTRADICTED, Status.OPEN]
    assert history(CLAIM, found)[-1].by == WITHDRAWN


@pytest.mark.parametrize(
    ("judged", "marked"),
    [
        pytest.param(verdict(1, Stance.SUPERSEDES, probability=0.5), True, id="at the threshold"),
        pytest.param(verdict(1, Stance.CONTRADICTS, probability=0.49), False, id="below it"),
        pytest.param(verdict(1, Stance.CONTRADICTS, probability=0.1, review=YES), True, id="confirmed below it"),
        pytest.param(verdict(1, Stance.CONTRADICTS, review=NO), False, id="rejected"),
        pytest.param(verdict(1, Stance.SUPPORTS, review=YES), False, id="a support"),
        pytest.param(verdict(1, Stance.NONE, review=YES), False, id="no stance"),
    ],
)
def test_what_is_marked_as_a_likely_challenge(judged: Verdict, marked: bool) -> None:
    assert is_marked(judged, 0.5) is marked


def test_what_counts_is_told_apart_by_line_claim_and_paper() -> None:
    found = [verdict(1, Stance.CONTRADICTS), verdict(2, Stance.SUPPORTS, claim="c2", at=1)]
    other = replace(found[0], id=3, line="another", review=NO)
    assert [kept.id for kept in counted([*found, other])] == [1, 2]


def test_beside_a_verdict_stands_what_the_other_kind_of_method_said_last_of_the_same_version() -> None:
    first, again = verdict(1, Stance.CONTRADICTS), verdict(2, Stance.SUPPORTS, at=3, method="cues/2")
    asked, earlier = verdict(3, Stance.NONE, at=2, method=MODEL), verdict(4, Stance.SUPPORTS, at=1, method="llm/old/1")
    elsewhere = [
        verdict(5, Stance.NONE, at=9, version=2, method=MODEL),
        verdict(6, Stance.NONE, at=9, paper=B, method=MODEL),
        verdict(7, Stance.NONE, at=9, claim="c2", method=MODEL),
        replace(asked, id=8, line="another", at=day(9)),
    ]
    found = [first, again, asked, earlier, *elsewhere]
    assert beside(first, found) is asked
    assert beside(again, found) is asked
    assert beside(asked, found) is again
    assert beside(elsewhere[0], found) is None


def test_beside_a_withdrawal_stands_nothing() -> None:
    gone, asked = verdict(1, Stance.NONE, method=WITHDRAWN), verdict(2, Stance.NONE, method=MODEL)
    assert beside(gone, [gone, asked]) is None
    assert beside(asked, [gone, asked]) is None


def test_a_later_review_is_not_yet_known() -> None:
    found = [verdict(1, Stance.CONTRADICTS, at=2, review=YES, reviewed=5)]
    told = [standing(CLAIM, found, as_of=day(n)).status for n in (1, 2, 4, 5)]
    assert told == [Status.OPEN, Status.CONTESTED, Status.CONTESTED, Status.CONTRADICTED]
    assert standing(CLAIM, found, as_of=day(4)).because == replace(found[0], review=None, reviewed_at=None)


def test_history_names_the_verdict_and_who_moved_the_claim() -> None:
    first = verdict(1, Stance.CONTRADICTS, at=1, review=NO, reviewed=4)
    second = verdict(2, Stance.SUPERSEDES, paper=B, at=6, review=YES, reviewed=9)
    told = [(c.at, c.before, c.after, c.because.id, c.by) for c in history(CLAIM, [second, first])]
    assert told == [
        (day(1), Status.OPEN, Status.CONTESTED, 1, "cues/1"),
        (day(4), Status.CONTESTED, Status.OPEN, 1, READER),
        (day(6), Status.OPEN, Status.CONTESTED, 2, "cues/1"),
        (day(9), Status.CONTESTED, Status.SUPERSEDED, 2, READER),
    ]


def test_of_verdicts_given_at_one_moment_the_bearer_is_named() -> None:
    found = [
        verdict(1, Stance.CONTRADICTS),
        verdict(2, Stance.NONE, paper=B),
        verdict(3, Stance.SUPPORTS, paper="x"),
    ]
    (change,) = history(CLAIM, found)
    assert change.because.id == 1


def test_the_threshold_is_the_callers() -> None:
    found = [verdict(1, Stance.CONTRADICTS, probability=0.4)]
    assert standing(CLAIM, found).status is Status.OPEN
    assert standing(CLAIM, found, threshold=0.3).status is Status.CONTESTED


@st.composite
def records(draw: st.DrawFn) -> list[Verdict]:
    found = []
    for number in range(draw(st.integers(0, 7))):
        at = draw(st.integers(0, 6))
        review = draw(st.sampled_from([None, None, YES, NO]))
        found.append(
            verdict(
                number,
                draw(st.sampled_from(list(Stance))),
                paper=draw(st.sampled_from([A, B, "2503.00003"])),
                version=draw(st.integers(1, 2)),
                method=draw(st.sampled_from(["cues/1", "cues/1", MODEL])),
                probability=draw(st.sampled_from([0.2, 0.5, 0.9])),
                at=at,
                review=review,
                reviewed=None if review is None else at + draw(st.integers(0, 4)),
            )
        )
    return found


@given(records(), st.integers(0, 10), records())
def test_the_past_does_not_depend_on_what_came_after(found: list[Verdict], now: int, later: list[Verdict]) -> None:
    known = [
        replace(v, review=None, reviewed_at=None) if v.reviewed_at is not None and v.reviewed_at > day(now) else v
        for v in found
        if v.at <= day(now)
    ]
    after = [replace(v, id=v.id + 100, at=v.at + timedelta(days=now + 1), review=None, reviewed_at=None) for v in later]
    assert standing(CLAIM, found + after, as_of=day(now)) == standing(CLAIM, known)


@given(records(), st.integers(0, 10))
def test_replaying_the_history_ends_in_the_standing(found: list[Verdict], now: int) -> None:
    status = Status.OPEN
    for change in history(CLAIM, found):
        assert change.before is status
        assert change.after is not status
        assert standing(CLAIM, found, as_of=change.at).status is change.after
        status = change.after
    assert standing(CLAIM, found).status is status
    before = [change for change in history(CLAIM, found) if change.at <= day(now)]
    assert standing(CLAIM, found, as_of=day(now)).status is (before[-1].after if before else Status.OPEN)


@given(records(), st.data())
def test_rejecting_a_challenge_never_makes_the_claim_look_worse(found: list[Verdict], data: st.DataObject) -> None:
    challenges = [v for v in found if v.evidence.stance.challenges]
    if not challenges:
        return
    rejected = data.draw(st.sampled_from(challenges))
    after = [replace(v, review=NO, reviewed_at=day(20)) if v is rejected else v for v in found]
    assert WORSE[standing(CLAIM, after).status] <= WORSE[standing(CLAIM, found).status]


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(found: list[Verdict], random: Random) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)
    assert standing(CLAIM, shuffled) == standing(CLAIM, found)
