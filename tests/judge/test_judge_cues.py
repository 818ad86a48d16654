"""What the cue judge says of a claim and a paper."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.judge.cue_judge import CueJudge
from litwatch.judge.reading import bundled_idf, read_claim, read_paper, stems
from litwatch.model import Claim, Paper, Stance
from litwatch.text import squeeze

WHEN = datetime(2025, 5, 5, tzinfo=UTC)
LIMITED = Claim(
    id="c1",
    title="Can a warehouse robot pack fragile parcels?",
    text="Warehouse robots crush fragile parcels when they pack. Robot grippers cannot pack fragile parcels.",
)


def paper(title: str, abstract: str, *, arxiv_id: str = "2505.00001", withdrawn: bool = False) -> Paper:
    return Paper(arxiv_id=arxiv_id, title=title, abstract=abstract, published=WHEN, updated=WHEN, withdrawn=withdrawn)


REMEDY = paper(
    "Soft grippers for fragile parcels",
    "Robot grippers in warehouses often crush fragile parcels. We propose a soft gripper with a novel controller."
    " Experiments show that our robot gripper packs fragile parcels without any damage and outperforms rigid"
    " baselines.",
)
STUDY = paper(
    "Do robots crush parcels?",
    "It is widely believed that warehouse robots crush fragile parcels when they pack. However, our results"
    " challenge the view that robot grippers cannot pack fragile parcels: breakage is rare in all warehouses.",
    arxiv_id="2505.00002",
)
ELSEWHERE = paper("Orchids of the Andes", "We survey orchids at nine sites. Flowering follows rain.", arxiv_id="2505.3")


def one(claim: Claim, about: Paper, threshold: float = 0.1) -> tuple[Stance, str, str]:
    (evidence,) = CueJudge(threshold=threshold).judge([(claim, about)])
    return evidence.stance, evidence.sentence, evidence.reason


def test_a_method_that_removes_the_claims_limit_supersedes_it_and_says_why() -> None:
    stance, sentence, reason = one(LIMITED, REMEDY)
    assert stance is Stance.SUPERSEDES
    assert sentence.startswith("Experiments show")
    assert "'not pack'" in reason
    assert "'without any damage'" in reason


def test_a_study_that_finds_otherwise_contradicts_and_a_new_method_does_not() -> None:
    (method, study) = CueJudge().weigh([(LIMITED, REMEDY), (LIMITED, STUDY)])
    assert study.contradicts >= 0.5 > study.supersedes
    assert method.supersedes >= 0.5 > method.contradicts


def test_the_position_argued_against_is_not_chosen_as_evidence() -> None:
    _, sentence, _ = one(LIMITED, STUDY)
    assert sentence.startswith("However, our results challenge")


def test_a_question_is_no_finding() -> None:
    asking = paper("Parcels", "Do robot grippers pack fragile parcels reliably? We find that fragile parcels survive.")
    _, sentence, _ = one(LIMITED, asking)
    assert sentence == "We find that fragile parcels survive."


def test_a_paper_on_something_else_is_left_alone() -> None:
    (evidence,) = CueJudge().judge([(LIMITED, ELSEWHERE)])
    assert evidence.stance is Stance.NONE
    assert evidence.challenge < 0.01
    assert evidence.probability > 0.95


def test_a_withdrawn_paper_is_given_no_stance() -> None:
    gone = paper(REMEDY.title, REMEDY.abstract, withdrawn=True)
    (evidence,) = CueJudge(threshold=0.01).judge([(LIMITED, gone)])
    assert (evidence.stance, evidence.challenge) == (Stance.NONE, 0.0)


def test_below_the_threshold_it_abstains_but_keeps_the_order_of_challenges() -> None:
    near, far = CueJudge(threshold=1.0).judge([(LIMITED, REMEDY), (LIMITED, ELSEWHERE)])
    assert near.stance is far.stance is Stance.NONE
    assert near.challenge > far.challenge


def test_a_mark_carries_the_probability_of_a_challenge() -> None:
    (evidence,) = CueJudge(threshold=0.1).judge([(LIMITED, REMEDY)])
    assert evidence.probability == evidence.challenge >= 0.1


def test_a_pair_is_judged_alike_whatever_else_is_judged_with_it() -> None:
    pairs = [(LIMITED, REMEDY), (LIMITED, STUDY), (LIMITED, ELSEWHERE)]
    judge = CueJudge()
    assert judge.judge(pairs) == tuple(judge.judge([pair])[0] for pair in pairs)
    assert judge.judge(pairs[::-1]) == judge.judge(pairs)[::-1]


def test_no_pairs_give_no_evidence() -> None:
    assert CueJudge().judge([]) == ()


def test_a_negation_on_one_side_only_tells_against() -> None:
    claim = Claim(id="c1", text="Daily watering increases the growth of tomato seedlings.")
    same = paper("Tomatoes", "We found that daily watering increased growth of tomato seedlings.")
    other = paper("Tomatoes", "We found that daily watering did not change growth of tomato seedlings.")
    reverse = paper("Tomatoes", "We found that daily watering reduced growth of tomato seedlings.")
    agrees, negated, reversed_ = CueJudge().weigh([(claim, p) for p in (same, other, reverse)])
    assert agrees.against < 0.5 < negated.against
    assert agrees.against < reversed_.against


@pytest.mark.parametrize(("title", "abstract"), [("", ""), ("A title", ""), ("", "Of the and."), ("$x$", "42 %.")])
def test_papers_with_next_to_nothing_to_read_are_judged_as_nothing(title: str, abstract: str) -> None:
    (evidence,) = CueJudge().judge([(LIMITED, paper(title, abstract))])
    assert evidence.stance is Stance.NONE


def test_a_claim_without_content_words_is_judged_as_nothing() -> None:
    (evidence,) = CueJudge().judge([(Claim(id="c1", text="Is it so?"), REMEDY)])
    assert evidence.stance is Stance.NONE


@given(st.text(max_size=80), st.text(max_size=300), st.text(max_size=120))
def test_the_sentence_is_verbatim_and_probabilities_are_probabilities(title: str, abstract: str, claim: str) -> None:
    about = paper(title, abstract)
    (evidence,) = CueJudge(threshold=0.05).judge([(Claim(id="c1", text=claim), about)])
    assert evidence.sentence in squeeze(title) or evidence.sentence in squeeze(abstract)
    assert 0 <= evidence.challenge <= 1
    assert 0 <= evidence.probability <= 1


def test_rare_words_weigh_more_than_common_ones() -> None:
    idf = bundled_idf()
    (common,), (rare,), (unknown,) = stems("model"), stems("watermark"), stems("zyxomma")
    assert idf(common) < idf(rare) < idf(unknown)


def test_the_weight_of_words_can_be_given() -> None:
    flat = CueJudge(idf=lambda stem: 1.0).weigh([(LIMITED, REMEDY)])
    assert flat != CueJudge().weigh([(LIMITED, REMEDY)])


def test_a_claims_question_says_nothing_of_its_limits() -> None:
    idf = bundled_idf()
    plain = read_claim(Claim(id="c1", text="Grippers pack parcels well."), idf)
    asked = read_claim(Claim(id="c1", text="Can grippers never pack parcels? Grippers pack parcels well."), idf)
    assert plain.limit == asked.limit
    assert not asked.negated


def test_a_new_method_and_a_study_are_told_apart() -> None:
    assert read_paper(REMEDY).method > 0 > read_paper(STUDY).method
