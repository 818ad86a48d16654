from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from litwatch.model import Anchor, Claim, Line, Match, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker

AT = datetime(2025, 11, 3, tzinfo=UTC)
EMPATHY = Line(
    slug="empathy",
    question="Does warmth make chatbots less reliable?",
    claims=(
        Claim(id="c1", text="Warmth training of chatbots raises their factual errors."),
        Claim(id="c2", text="Therapists show more empathy than language models over many sessions."),
    ),
)
QUANTUM = Line(
    slug="quantum",
    question="Do surface codes scale?",
    claims=(Claim(id="c1", text="Surface codes need millions of qubits for fault tolerance."),),
)


def paper(arxiv_id: str, title: str, abstract: str, **more: object) -> Paper:
    return replace(
        Paper(arxiv_id=arxiv_id, title=title, abstract=abstract, published=AT, updated=AT),
        **more,  # type: ignore[arg-type]
    )


WARM = paper("2511.00001", "Warm chatbots err", "We train chatbots for warmth; factual errors rise.", version=2)
THERAPY = paper(
    "2511.00002", "Empathy over many sessions", "Therapists and language models compared: therapists show empathy."
)
QUBITS = paper("2511.00003", "Qubits for surface codes", "Fault tolerance with surface codes needs few qubits.")
FISH = paper("2511.00004", "Herring", "Shoals of herring turn in the dark.")
PAPERS = (FISH, THERAPY, QUBITS, WARM)
RANKER = Ranker(bundled())


def ids(matches: list[Match], line: str) -> list[str]:
    return [match.arxiv_id for match in matches if match.line == line]


def test_each_line_gets_its_own_papers_and_the_claim_that_they_bear_on() -> None:
    matches = RANKER.rank([EMPATHY, QUANTUM], PAPERS)
    assert set(ids(matches, "empathy")) == {WARM.arxiv_id, THERAPY.arxiv_id}
    assert ids(matches, "quantum") == [QUBITS.arxiv_id]
    claims = {match.arxiv_id: match.claim for match in matches if match.line == "empathy"}
    assert claims == {WARM.arxiv_id: "c1", THERAPY.arxiv_id: "c2"}
    assert next(match.version for match in matches if match.arxiv_id == WARM.arxiv_id) == 2


def test_matches_are_ordered_and_scores_lie_between_0_and_1() -> None:
    matches = RANKER.rank([EMPATHY], PAPERS, floor=0)
    assert len(matches) == len(PAPERS)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert matches[-1].claim == RANKER.rank([EMPATHY], [FISH], floor=0)[0].claim


def test_a_match_says_which_terms_carry_it_in_the_papers_words() -> None:
    [match] = RANKER.rank([QUANTUM], PAPERS)
    assert {"qubits", "codes", "surface", "tolerance"} <= {term for term, _ in match.terms}
    weights = [weight for _, weight in match.terms]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) <= 8
    assert 0.9 < sum(weights) <= 1.001


def test_a_match_quotes_the_sentence_that_carries_it() -> None:
    abstract = "We collect a corpus. Warm chatbots make more factual errors than plain ones. Code is released."
    (match,) = RANKER.rank([EMPATHY], [paper("2511.00009", "A study", abstract)])
    assert match.sentence == "Warm chatbots make more factual errors than plain ones."
    (bare,) = RANKER.rank([EMPATHY], [paper("2511.00009", "Factual errors of warm chatbots", "")])
    assert bare.sentence == "Factual errors of warm chatbots"


def test_names_keep_their_capitals() -> None:
    line = Line(slug="l", question="Is ChatGPT a tutor?", claims=(Claim(id="c1", text="ChatGPT tutors LLM novices."),))
    [match] = RANKER.rank([line], [paper("2511.00005", "Tutoring with ChatGPT", "LLMs as tutors of novices.")])
    assert {"ChatGPT", "LLMs", "tutoring"} <= {term for term, _ in match.terms}


def test_only_claims_at_or_above_the_floor_are_named() -> None:
    [match] = RANKER.rank([EMPATHY], [WARM])
    assert [claim for claim, _ in match.claim_scores] == ["c1"]
    assert all(score >= RANKER.floor for _, score in match.claim_scores)


def test_a_paper_may_fit_the_line_and_none_of_its_claims() -> None:
    line = replace(EMPATHY, claims=())
    [match] = RANKER.rank([line], [WARM])
    assert match.claim == ""
    assert match.claim_scores == ()
    assert match.terms


def test_retired_claims_take_no_part() -> None:
    retired = replace(EMPATHY, claims=(replace(EMPATHY.claims[0], retired=True), EMPATHY.claims[1]))
    matches = RANKER.rank([retired], PAPERS, floor=0)
    assert all(claim == "c2" for match in matches for claim, _ in match.claim_scores)


def test_withdrawn_papers_are_no_match() -> None:
    assert RANKER.rank([EMPATHY], [replace(WARM, withdrawn=True)], floor=0) == []


@pytest.mark.parametrize(
    ("term", "kept"),
    [
        ("warm chatbot", False),
        ("CHATBOTS", False),
        ("chatbots-err", False),
        ("chat", True),
        ("err we", True),
        ("", True),
    ],
)
def test_an_excluded_term_removes_a_paper_by_whole_words_within_a_field(term: str, kept: bool) -> None:
    assert bool(RANKER.rank([replace(EMPATHY, exclude=(term,))], [WARM])) is kept


def test_a_score_does_not_depend_on_other_lines_or_papers() -> None:
    together = RANKER.rank([QUANTUM, EMPATHY], PAPERS)
    alone = [*RANKER.rank([QUANTUM], [QUBITS]), *RANKER.rank([EMPATHY], [THERAPY, WARM])]
    assert together == alone


def test_equal_papers_are_ordered_by_id() -> None:
    twin = replace(WARM, arxiv_id="2510.00009")
    assert ids(RANKER.rank([EMPATHY], [WARM, twin]), "empathy") == ["2510.00009", WARM.arxiv_id]


def test_a_known_anchor_draws_papers_like_it_nearer() -> None:
    anchored = replace(EMPATHY, anchors=(Anchor(arxiv_id="2507.00001"), Anchor(arxiv_id="2507.00002")))
    anchor = paper("2507.00001", "Sycophancy", "Sycophancy and flattery of agreeable assistants.")
    like = paper("2511.00006", "Flattery", "Agreeable assistants and their sycophancy.")
    [[before]] = RANKER.scores([anchored], [like])
    [[after]] = RANKER.scores([anchored], [like], anchors={anchor.arxiv_id: anchor})
    assert after > before


def test_the_matrices_hold_what_matches_tell() -> None:
    scores = RANKER.scores([EMPATHY, QUANTUM], PAPERS)
    assert scores.shape == (4, 2)
    by_claim = RANKER.claim_scores(EMPATHY, PAPERS)
    assert by_claim.shape == (4, 2)
    for match in RANKER.rank([EMPATHY], PAPERS):
        row = [paper.arxiv_id for paper in PAPERS].index(match.arxiv_id)
        assert scores[row, 0] == match.score
        assert by_claim[row].max() == match.claim_scores[0][1]


def test_nothing_to_rank_gives_nothing() -> None:
    assert RANKER.rank([], PAPERS) == []
    assert RANKER.rank([EMPATHY], []) == []
    assert RANKER.scores([EMPATHY], []).shape == (0, 1)
    assert RANKER.rank([Line(slug="bare", question="?")], [*PAPERS, paper("2511.00007", "", "")]) == []


def test_looking_below_the_floor_makes_no_claim_nearer_to_a_match() -> None:
    ranker = Ranker(bundled(), floor=0.5)
    asked: list[str] = []

    def wanted(line: str, arxiv_id: str, score: float) -> bool:
        asked.append(arxiv_id)
        assert score < 0.5
        return arxiv_id == THERAPY.arxiv_id

    above = ranker.rank([EMPATHY, QUANTUM], PAPERS)
    looked = ranker.rank([EMPATHY, QUANTUM], PAPERS, floor=0.0, wanted=wanted)
    assert [match for match in looked if match.score >= 0.5] == above
    below = [match for match in looked if match.score < 0.5]
    assert {match.arxiv_id for match in below} <= {THERAPY.arxiv_id}
    assert FISH.arxiv_id in asked
