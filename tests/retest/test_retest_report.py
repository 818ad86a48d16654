"""What a report holds, in which order, and what it leaves to other places. All papers and claims are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from retest_sample import (
    AGAIN,
    DREAMS,
    GONE,
    NAPS,
    NOW,
    ON_DREAMS,
    ON_NAPS,
    ON_REPLAY,
    PAPERS,
    REPLAY,
    REST,
    SINCE,
    known,
    paper,
    quiet,
    report,
    verdict,
)

from litwatch.model import Claim, Durability, Review, Stance, Status, Verdict
from litwatch.retest import looked, said
from litwatch.retest.content import content
from litwatch.retest.questions import TEMPLATE, WANTED
from litwatch.retest.report import FEW, MOST_STRONGEST, Known, Report, window_start
from litwatch.text import arxiv_ids


def named(told: Report) -> list[str]:
    return [one.paper.arxiv_id for one in told.strongest]


def against(claim: Claim, *verdicts: Verdict) -> tuple[Known, ...]:
    return (Known(claim=claim, status=Status.CONTESTED, verdicts=verdicts),)


def test_what_the_reader_confirmed_comes_before_what_is_more_probable() -> None:
    assert named(report())[:2] == [GONE.arxiv_id, REST.arxiv_id]


def test_a_paper_is_told_once_by_its_strongest_mark_with_the_other_claims() -> None:
    told = next(one for one in report().strongest if one.paper == REST)

    assert (told.claim, [claim.id for claim in told.also]) == (NAPS, ["c2"])
    assert "also marked against c2" in said.badge(told)


def test_work_of_before_the_window_speaks_only_by_a_version_of_within_it() -> None:
    told = report()

    assert AGAIN.arxiv_id in named(told)
    (revised,) = [one for one in told.strongest if one.revised]
    assert "the version of 4 Nov 2025 says so" in said.byline(revised)

    earlier = replace(ON_REPLAY[2], version=2)
    assert AGAIN.arxiv_id not in named(report(known(c2=against(REPLAY, earlier)[0])))


def test_what_is_older_than_the_window_still_counts_for_its_claim() -> None:
    (_, replay, *_) = report().claims

    assert [one.verdict.id for one in replay.support] == [13]
    assert "2 papers against it, 1 for it" in said.standing(replay)


def test_beyond_the_most_that_are_told_the_rest_is_counted() -> None:
    many = {n: paper(100 + n, f"Number {n}", days=n + 1) for n in range(MOST_STRONGEST + 3)}
    marks = [verdict(100 + n, NAPS, one, Stance.CONTRADICTS, 0.6) for n, one in many.items()]

    told = report(against(NAPS, *marks), *many.values())

    assert (len(told.strongest), told.further) == (MOST_STRONGEST, 3)
    assert f"{MOST_STRONGEST + 3} papers submitted since" in " ".join(said.summary(told))
    assert said.further(told).startswith("3 more papers")


def test_where_few_are_marked_the_next_ones_stand_apart_and_count_for_nothing() -> None:
    told = report((Known(claim=DREAMS, status=Status.OPEN, verdicts=ON_DREAMS),))

    assert (told.strongest, [one.verdict.id for one in told.nearest]) == ((), [16])
    assert told.claims[0].against == ()
    assert "1 candidate below the threshold" in said.standing(told.claims[0])
    assert not report().nearest


def test_at_most_three_stand_below_the_threshold_the_likeliest_first() -> None:
    near = [paper(200 + n, f"Near {n}") for n in range(5)]
    marks = [verdict(200 + n, NAPS, one, Stance.CONTRADICTS, 0.2 + n / 20) for n, one in enumerate(near)]

    assert [one.verdict.id for one in report(against(NAPS, *marks), *near).nearest] == [204, 203, 202][:FEW]


def test_silence_is_said_and_what_it_is_worth() -> None:
    text = said.no_challenge(quiet())

    assert "is marked against a claim" in text
    assert "misses nearly all real challenges" in text
    assert said.no_challenge(report()) == ""


def test_a_retired_claim_is_told_without_evidence_and_is_neither_durable_nor_perishable() -> None:
    told = report()

    assert told.claims[-1].status is Status.RETIRED
    assert "c4" not in [held.claim.id for side in Durability for held in told.lasting(side)]


def test_what_the_reader_settled_outweighs_the_proposal_and_both_are_told() -> None:
    dreams = report().claims[2]

    assert (dreams.durability, dreams.proposal.durability) == (Durability.DURABLE, Durability.PERISHABLE)
    assert said.lasting(dreams).startswith(
        "c3 (Current headbands cannot tell a dream from a thought.): settled by you. "
    )


def test_a_candidate_is_always_called_one() -> None:
    for one in report().evidence:
        assert ("candidate" in said.brief(one)) is (one.verdict.review is None)
    assert all("Candidate: " in said.badge(one) or one.confirmed for one in report().strongest)


def test_a_claim_that_nothing_has_tested_for_long_says_so() -> None:
    assert "neither confirmed nor challenged for 201 days, 1 candidate unread" in said.standing(report().claims[2])


def test_a_withdrawn_anchor_stands_with_the_claims_that_rest_on_it() -> None:
    assert said.shaken(report().claims[0]) == ("It rests on arXiv:2301.00001 (Rest and recall), which was withdrawn.",)
    assert "A paper that 1 claim rests on was withdrawn." in said.summary(report())


def test_the_version_that_the_reader_confirmed_and_a_newer_one_are_one_paper() -> None:
    two = paper(300, "Twice", version=2)
    confirmed = verdict(301, NAPS, two, Stance.CONTRADICTS, 0.6, version=1, review=Review.CONFIRMED)
    newer = verdict(302, NAPS, two, Stance.CONTRADICTS, 0.7)

    (held,) = report(against(NAPS, confirmed, newer), two).claims

    assert [one.verdict.id for one in held.against] == [301]


# --- questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [report(), quiet()], ids=["with contradictions", "with none"])
def test_two_questions_are_asked_each_saying_by_what_it_was_built(told: Report) -> None:
    assert len(told.questions) == WANTED
    for question in told.questions:
        assert question.text.endswith("?")
        assert question.method == TEMPLATE
        assert question.because.startswith("built from ")


def test_the_questions_take_the_strongest_contradictions_of_different_claims_at_their_word() -> None:
    first, second = report().questions

    assert (first.grounds, second.grounds) == ((GONE.arxiv_id,), (AGAIN.arxiv_id,))
    assert "“No advantage was found”" in first.text
    assert "a challenge that you confirmed" in first.because
    assert "a candidate that nobody has confirmed" in second.because


def test_without_contradictions_the_questions_take_away_what_is_perishable_and_cite_nothing() -> None:
    first, second = quiet().questions

    assert (first.grounds, second.grounds) == ((), ())
    assert "c1" in first.text
    assert "“20%”" in first.text
    assert "which is perishable" in first.because


def test_a_line_of_one_claim_has_two_questions_and_one_of_none_has_none() -> None:
    only = report((Known(claim=REPLAY, status=Status.OPEN),))
    assert len({question.text for question in only.questions}) == 2
    marked = report(
        against(NAPS, verdict(101, NAPS, paper(101, "One", days=1), Stance.CONTRADICTS, 0.6)), paper(101, "One", days=1)
    )
    assert len({question.text for question in marked.questions}) == 2
    assert all(question.text.endswith("?") for question in (*only.questions, *marked.questions))
    retired = report((Known(claim=replace(REPLAY, retired=True), status=Status.RETIRED),))
    assert retired.questions == ()


# --- ids and dates -------------------------------------------------------------------------------------------


def test_every_arxiv_id_in_it_is_of_a_paper_that_was_given() -> None:
    told = report()
    given = {*PAPERS, "2301.00001", "2401.00002"}

    for text in (str(content(told)), *looked.looked_at(told), *looked.not_looked_at(told)):
        assert set(arxiv_ids(text)) <= given


@pytest.mark.parametrize(("months", "days"), [(6, 183), (1, 30), (12, 366)])
def test_the_window_begins_at_a_midnight_that_a_command_can_be_given(months: float, days: int) -> None:
    start = window_start(NOW, months)

    assert start == datetime(2025, 11, 24, tzinfo=UTC) - timedelta(days=days)


@given(st.permutations([*ON_NAPS, *ON_REPLAY]))
def test_the_order_of_what_is_known_has_no_influence(verdicts: list[Verdict]) -> None:
    by_claim = {
        claim.id: Known(
            claim=claim, status=Status.CONTESTED, verdicts=tuple(v for v in verdicts if v.claim == claim.id)
        )
        for claim in (NAPS, REPLAY)
    }

    told = report(tuple(by_claim.values()))

    assert [one.verdict.id for one in told.strongest] == [12, 11, 15]
    assert {one.verdict.id for one in told.evidence} == {11, 12, 13, 14, 15}


def test_evidence_for_and_against_is_strongest_first() -> None:
    naps, replay = report().claims[:2]

    assert [one.verdict.id for one in naps.against] == [12, 11]
    assert [one.verdict.id for one in replay.against] == [15, 14]
    assert REST.published > SINCE
