"""What holds of the ledger whatever happened: a day is told by what was known then, and by the events alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.ledger import (
    ANCHOR,
    STALE_AFTER,
    Fallen,
    counted,
    history,
    stale,
    standing,
    status,
    status_of_counted,
    telling,
)
from litwatch.model import Claim, Evidence, Review, Stance, Status, Verdict

CLAIM = Claim(id="c1", text="Longer prompts help small models.")
START = datetime(2025, 3, 1, tzinfo=UTC)
PAPERS = ("2503.00001", "2503.00002", "2503.00003")
SENTENCES = ("Longer prompts did not help.", "Prompts of any length helped.")
METHODS = ("cues/1", "minilm-cross/2", "llm/sample/1")
LAST = 12
DAYS = st.integers(0, LAST)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@st.composite
def verdicts(draw: st.DrawFn) -> list[Verdict]:
    found = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        at = draw(DAYS)
        stance = draw(st.sampled_from(Stance))
        probability = draw(st.sampled_from((0.3, 0.6, 0.9)))
        said = [
            (draw(st.sampled_from(Review)), day(when))
            for when in sorted(draw(st.lists(st.integers(at, LAST), max_size=3, unique=True)))
        ]
        found.append(
            Verdict(
                id=number,
                line="prompts",
                claim="c1",
                arxiv_id=draw(st.sampled_from(PAPERS)),
                version=draw(st.integers(1, 2)),
                evidence=Evidence(
                    stance=stance,
                    probability=probability,
                    challenge=probability if stance.challenges else 0.05,
                    sentence=draw(st.sampled_from(SENTENCES)),
                    method=draw(st.sampled_from(METHODS)),
                ),
                at=day(at),
                review=said[-1][0] if said else None,
                reviewed_at=said[-1][1] if said else None,
                overruled=tuple(said[:-1]),
            )
        )
    return found


@st.composite
def falls(draw: st.DrawFn) -> list[Fallen]:
    found = []
    for number in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, LAST - 1))
        until = draw(st.none() | st.integers(at + 1, LAST))
        found.append(fallen(f"2401.0000{number}", at, until))
    return found


def fallen(arxiv_id: str, at: int, until: int | None = None) -> Fallen:
    return Fallen(
        claim="c1",
        arxiv_id=arxiv_id,
        version=2,
        says="Withdrawn by the authors.",
        at=day(at),
        until=None if until is None else day(until),
    )


def known_by(found: Sequence[Verdict], moment: datetime) -> list[Verdict]:
    """What would be on record had the world ended at that moment."""
    kept = []
    for verdict in found:
        if verdict.at > moment:
            continue
        said = [*verdict.overruled, *([(verdict.review, verdict.reviewed_at)] if verdict.review else [])]
        before = [one for one in said if one[1] and one[1] <= moment]
        review, at = before[-1] if before else (None, None)
        kept.append(replace(verdict, review=review, reviewed_at=at, overruled=tuple(before[:-1])))
    return kept


def fallen_by(found: Sequence[Fallen], moment: datetime) -> list[Fallen]:
    return [
        replace(one, until=one.until if one.until and one.until <= moment else None)
        for one in found
        if one.at <= moment
    ]


@given(verdicts(), falls(), DAYS)
def test_as_of_a_day_it_is_told_as_if_nothing_had_come_after(
    found: list[Verdict], down: list[Fallen], number: int
) -> None:
    moment = day(number)
    told = standing(CLAIM, found, as_of=moment, fallen=down)
    assert told == standing(CLAIM, known_by(found, moment), fallen=fallen_by(down, moment))
    assert stale(CLAIM, found, held_since=START, as_of=moment, fallen=down) == stale(
        CLAIM, known_by(found, moment), held_since=START, as_of=moment, fallen=fallen_by(down, moment)
    )


@given(verdicts(), falls())
def test_replaying_all_events_gives_the_standing_of_each_day(found: list[Verdict], down: list[Fallen]) -> None:
    changes = history(CLAIM, found, fallen=down)
    stands = Status.OPEN
    for number in range(LAST + 1):
        for change in changes:
            if change.at == day(number):
                assert change.before is stands
                stands = change.after
        assert standing(CLAIM, found, as_of=day(number), fallen=down).status is stands
    assert status(CLAIM, found, fallen=down) is stands


@given(verdicts(), falls(), st.sampled_from(PAPERS))
def test_a_few_verdicts_tell_the_status_with_and_without_any_one_paper(
    found: list[Verdict], down: list[Fallen], arxiv_id: str
) -> None:
    # Every verdict again under other papers: more of each kind than any rule asks for.
    many = [
        replace(one, id=one.id + 100 * more, arxiv_id=f"{one.arxiv_id}{more or ''}")
        for more in range(4)
        for one in found
    ]
    counting = counted(many)
    few = telling(counting, 0.5)
    for gone in ("", arxiv_id):
        by_all = [one for one in counting if one.arxiv_id != gone]
        by_few = [one for one in few if one.arxiv_id != gone]
        assert status_of_counted(CLAIM, by_few, fallen=down) is status_of_counted(CLAIM, by_all, fallen=down)
    kinds = {(one.evidence.stance, one.review) for one in few}
    assert all(len({one.arxiv_id for one in few if (one.evidence.stance, one.review) == kind}) <= 3 for kind in kinds)


@given(verdicts(), falls(), st.randoms())
def test_the_order_in_which_the_record_is_read_makes_no_difference(
    found: list[Verdict], down: list[Fallen], random: object
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert history(CLAIM, shuffled, fallen=down) == history(CLAIM, found, fallen=down)


@given(verdicts(), falls(), st.sampled_from(PAPERS), st.sampled_from(Stance))
def test_no_judging_ever_takes_the_readers_last_word_away(
    found: list[Verdict], down: list[Fallen], arxiv_id: str, stance: Stance
) -> None:
    """A confirmed verdict on the newest version counts alone, whatever any machine says of that version after it."""
    reviewed = replace(found[0], review=Review.CONFIRMED, reviewed_at=day(LAST)) if found else None
    if reviewed is None or reviewed.evidence.stance is Stance.NONE:
        return
    alone = [reviewed]
    again = replace(
        reviewed,
        id=99,
        at=day(LAST + 1),
        evidence=replace(reviewed.evidence, stance=stance, method="other/1", sentence="Another one."),
        review=None,
        reviewed_at=None,
        overruled=(),
    )
    assert status(CLAIM, [*alone, again]) is status(CLAIM, alone)


# --- papers that a claim rests on ----------------------------------------------------------------------------


def confirmed(stance: Stance) -> Verdict:
    return Verdict(
        id=1,
        line="prompts",
        claim="c1",
        arxiv_id=PAPERS[0],
        version=1,
        evidence=Evidence(stance=stance, probability=0.8, challenge=0.8, sentence="It is so.", method="cues/1"),
        at=day(1),
        review=Review.CONFIRMED,
        reviewed_at=day(2),
    )


@pytest.mark.parametrize(
    ("found", "after"),
    [
        pytest.param([], Status.CONTESTED, id="what rests on a withdrawn paper is contested"),
        pytest.param([confirmed(Stance.SUPPORTS)], Status.CONTESTED, id="also where another paper supports it"),
        pytest.param([confirmed(Stance.CONTRADICTS)], Status.CONTRADICTED, id="a confirmed contradiction tells first"),
        pytest.param([confirmed(Stance.SUPERSEDES)], Status.SUPERSEDED, id="and so does a confirmed supersession"),
    ],
)
def test_a_withdrawn_anchor_contests_and_says_no_more(found: list[Verdict], after: Status) -> None:
    assert standing(CLAIM, found, fallen=[fallen("2401.00001", 3)]).status is after


def test_a_paper_that_came_back_or_is_cited_no_more_lets_the_claim_be() -> None:
    down = [fallen("2401.00001", 3, 7)]
    told = [(change.at, change.before, change.after, change.by) for change in history(CLAIM, [], fallen=down)]
    assert told == [
        (day(3), Status.OPEN, Status.CONTESTED, ANCHOR),
        (day(7), Status.CONTESTED, Status.OPEN, ANCHOR),
    ]
    assert standing(CLAIM, [], as_of=day(5), fallen=down).because == replace(down[0], until=None)


def test_what_fell_of_another_claim_is_passed_over() -> None:
    other = replace(fallen("2401.00001", 3), claim="c2")
    assert standing(CLAIM, [], fallen=[other]).status is Status.OPEN


# --- how long nothing tested it ------------------------------------------------------------------------------


def test_a_claim_that_nothing_tested_for_long_is_stale_and_says_what_is_unread() -> None:
    faint = replace(
        confirmed(Stance.CONTRADICTS), review=None, reviewed_at=None, evidence=Evidence(
            stance=Stance.CONTRADICTS, probability=0.3, challenge=0.3, sentence="It is so.", method="cues/1"
        )
    )  # fmt: skip
    found = stale(CLAIM, [faint], held_since=START, as_of=START + timedelta(days=200))
    assert found is not None
    assert (found.days, found.unread) == (200, 1)


@pytest.mark.parametrize(
    ("found", "since"),
    [
        pytest.param([], 0, id="never tested: since it is held"),
        pytest.param([confirmed(Stance.SUPPORTS)], 2, id="since it was confirmed"),
        pytest.param([replace(confirmed(Stance.CONTRADICTS), review=None, reviewed_at=None)], 1, id="since a mark"),
        pytest.param(
            [replace(confirmed(Stance.CONTRADICTS), review=Review.REJECTED)], 0, id="a rejected mark tests nothing"
        ),
    ],
)
def test_how_long_is_counted_from_what_last_tested_it(found: list[Verdict], since: int) -> None:
    told = stale(CLAIM, found, held_since=START, as_of=day(since) + STALE_AFTER)
    assert told is not None
    assert told.since == day(since)
    assert stale(CLAIM, found, held_since=START, as_of=day(since) + STALE_AFTER - timedelta(seconds=1)) is None


def test_a_retired_claim_is_never_stale() -> None:
    assert stale(replace(CLAIM, retired=True), [], held_since=START, as_of=START + timedelta(days=900)) is None
