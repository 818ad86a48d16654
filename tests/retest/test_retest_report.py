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
    LOOKED,
    NAPS,
    NOW,
    ON_DREAMS,
    ON_NAPS,
    ON_REPLAY,
    PAPERS,
    REPLAY,
    REST,
    SINCE,
    aged,
    known,
    paper,
    quiet,
    report,
    verdict,
)

from litwatch.model import Claim, Durability, Review, Stance, Status, Verdict
from litwatch.retest import looked, said, standings
from litwatch.retest.assembling import FEW, MOST_STRONGEST, window_start
from litwatch.retest.content import content
from litwatch.retest.questions import TEMPLATE, WANTED
from litwatch.retest.report import Held, Known, Report
from litwatch.retest.standings import Group
from litwatch.text import arxiv_ids


def named(told: Report) -> list[str]:
    return [one.paper.arxiv_id for one in told.strongest]


def against(claim: Claim, *verdicts: Verdict) -> tuple[Known, ...]:
    return (Known(claim=claim, status=Status.CONTESTED, verdicts=verdicts),)


def standing(held: Held) -> str:
    return standings.standing(held, Group(claims=(held,)))


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
    assert "2 papers against it, 1 for it" in standing(replay)


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
    assert "1 candidate below the threshold" in standing(told.claims[0])
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


def test_what_is_older_than_the_window_is_named_with_its_date_and_silence_is_of_the_window() -> None:
    told = aged()

    assert (told.strongest, [one.verdict.id for one in told.older]) == ((), [21, 24])
    assert "No work since 25 May 2025 is marked against them, but 2 older papers are" in said.summary(told)[1]
    assert said.no_challenge(told).startswith("Nothing that was read of 25 May 2025 to 24 Nov 2025 is marked")
    assert "28 Jan 2025" in said.byline(told.older[0])
    assert said.older_brief(told.older[0]).startswith("c1: contradicts (confirmed by you)")
    assert "before the window" in said.source(told.claims[0].against[0])
    assert "nothing older is" in said.no_challenge(quiet())


def test_older_work_beside_new_work_is_counted_and_a_paper_is_of_the_window_by_any_of_its_marks() -> None:
    old = paper(301, "Old", days=300)
    marks = [verdict(301, NAPS, old, Stance.CONTRADICTS, 0.9), *ON_NAPS]
    earlier = verdict(302, NAPS, AGAIN, Stance.CONTRADICTS, 0.95, version=2)

    told = report((against(NAPS, earlier, *marks)[0], against(REPLAY, ON_REPLAY[2])[0]), old)

    assert [one.verdict.id for one in told.older] == [301]
    assert said.summary(told)[1].endswith(" So is 1 older paper.")
    (again,) = [one for one in told.strongest if one.paper == AGAIN]
    assert (again.claim, again.also) == (REPLAY, (NAPS,))


def test_what_the_reader_rejected_is_said_beside_new_work() -> None:
    (new,) = aged().fresh

    assert said.fresh_said(new) == "Candidate: it supports c1 (probability 0.61). You rejected that it contradicts c2."
    assert said.fresh_said(replace(new, said=())) == ""
    newer = replace(new, paper=replace(new.paper, version=2))
    assert "You rejected that version 1 contradicts c2." in said.fresh_said(newer)


def test_a_category_that_was_not_received_whole_is_called_unharvested_only_where_nothing_was() -> None:
    def about(told: Report) -> str:
        return next(text for text in looked.not_looked_at(told) if "cs.HC" in text and "in cs.HC:" in text)

    never = replace(LOOKED, coverage=replace(LOOKED.coverage, harvest=None))

    assert about(report()) == "All papers in cs.HC: what is stored of them was not received whole."
    assert about(report(looked=never)) == "Anything in cs.HC: not harvested yet."


def test_a_retired_claim_is_told_without_evidence_and_is_neither_durable_nor_perishable() -> None:
    told = report()

    assert told.claims[-1].status is Status.RETIRED
    assert "c4" not in [held.claim.id for side in Durability for held in told.lasting(side)]


def test_a_candidate_is_always_called_one() -> None:
    for one in report().evidence:
        assert ("candidate" in said.brief(one)) is (one.verdict.review is None)
    assert all("Candidate: " in said.badge(one) or one.confirmed for one in report().strongest)


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


def test_older_challenges_are_taken_at_their_word_where_the_window_has_too_few() -> None:
    first, second = aged().questions

    assert (first.grounds, second.grounds) == (("2511.90007",), ("2511.90003",))
    assert "a challenge that you confirmed" in first.because
    assert first.because.endswith("submitted before the window")

    new = verdict(401, REPLAY, paper(401, "New", days=3), Stance.CONTRADICTS, 0.51)
    old = verdict(402, NAPS, paper(402, "Old", days=300), Stance.CONTRADICTS, 0.9, review=Review.CONFIRMED)
    both = (against(NAPS, old)[0], against(REPLAY, new)[0])
    told = report(both, paper(401, "New", days=3), paper(402, "Old", days=300))
    assert [question.grounds for question in told.questions] == [("2511.90401",), ("2511.90402",)]


def test_only_where_no_paper_of_any_date_is_marked_do_the_questions_say_so() -> None:
    said_so = "no paper of any date is marked against a claim"
    one = verdict(403, NAPS, paper(403, "Old", days=300), Stance.CONTRADICTS, 0.9)
    told = report((against(NAPS, one)[0], known()[1]), paper(403, "Old", days=300))
    alone = report((against(NAPS, one)[0], Known(claim=DREAMS, status=Status.OPEN)), paper(403, "Old", days=300))

    assert all(said_so in question.because for question in quiet().questions)
    assert not [question for question in (*told.questions, *aged().questions) if "no paper" in question.because]
    assert "no other paper of any date is marked against a claim" in alone.questions[1].because


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
