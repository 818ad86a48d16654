"""What opinions do to a line's ranking: nothing while they are few, a little with some, never much. Invented papers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from litwatch.model import Opinion, Paper
from litwatch.rank.background import bundled
from litwatch.rank.feedback import (
    CAP,
    HALF_LIFE,
    Leaning,
    evidence_of,
    leaning_of,
    moved,
    pulls,
    shift_between,
    shifts,
    wanting,
)
from litwatch.rank.weights import Columns, paper_weights

NOW = datetime(2025, 11, 20, tzinfo=UTC)
BACKGROUND = bundled()
WARMTH = ("warmth of chatbots in therapy", "empathy of chatbots with patients", "patients trust chatbots in therapy")
QUBITS = ("qubits in surface codes", "fault tolerance of surface codes", "decoding of noisy qubits")


def paper(arxiv_id: str, title: str, abstract: str = "") -> Paper:
    return Paper(
        arxiv_id=arxiv_id, title=title, abstract=abstract or f"We look at {title}.", published=NOW, updated=NOW
    )


def marked(useful: Sequence[str], not_useful: Sequence[str], *, times: int = 1) -> list[tuple[Paper, bool]]:
    titles = [
        (title, word) for _ in range(times) for word, all_ in ((True, useful), (False, not_useful)) for title in all_
    ]
    return [(paper(f"2511.{n:05}", title), word) for n, (title, word) in enumerate(titles)]


def learned(
    marks: Sequence[tuple[Paper, bool]],
    *,
    score: Callable[[Paper], float] = lambda _: 0.3,
    at: datetime = NOW,
    now: datetime = NOW,
) -> Leaning | None:
    opinions = [Opinion(arxiv_id=paper.arxiv_id, useful=useful, at=at) for paper, useful in marks]
    scores = {paper.arxiv_id: score(paper) for paper, _ in marks}
    return leaning_of(opinions, {paper.arxiv_id: paper for paper, _ in marks}, scores, BACKGROUND, now=now)


def shift(leaning: Leaning | None, *titles: str) -> list[float]:
    assert leaning is not None
    return [float(s) for s in shifts(leaning, [paper("2511.99999", title) for title in titles], BACKGROUND)]


def weight(leaning: Leaning | None, stem: str) -> float:
    assert leaning is not None
    return leaning.terms[stem]


def test_papers_like_the_useful_ones_rise_and_those_like_the_others_fall() -> None:
    leaning = learned(marked(WARMTH, QUBITS))
    rises, falls, stays = shift(leaning, "chatbots for patients", "codes for qubits", "herring in the dark sea")
    assert falls < -0.1 < abs(stays) < 0.05 < 0.1 < rises


def test_one_opinion_moves_nothing() -> None:
    assert learned([]) is None
    assert learned(marked(WARMTH[:1], ())) is None
    assert learned(marked((), WARMTH[:1])) is None
    assert learned(marked(WARMTH[:1], QUBITS[:1])) is not None


def test_it_moves_more_the_more_was_marked() -> None:
    moved = [weight(learned(marked(WARMTH, QUBITS, times=times)), "chatbot") for times in (1, 2, 4, 8, 16)]
    assert moved == sorted(moved)
    assert moved[1] > 1.5 * moved[0]
    assert moved[4] < 1.2 * moved[3]


def test_opinions_fade_with_their_age() -> None:
    marks = marked(WARMTH, QUBITS)
    whole, half, quarter = (learned(marks, now=NOW + n * HALF_LIFE) for n in range(3))
    assert weight(whole, "chatbot") > 1.5 * weight(half, "chatbot") > 2 * weight(quarter, "chatbot") > 0
    assert whole is not None
    assert half is not None
    assert (whole.evidence, half.evidence) == (6, pytest.approx(3))
    assert learned(marks, now=NOW + 3 * HALF_LIFE) is None  # six of an eighth


def test_an_opinion_given_by_a_clock_ahead_of_ours_counts_as_given_now() -> None:
    marks = marked(WARMTH, QUBITS)
    assert learned(marks, at=NOW + timedelta(days=9)) == learned(marks)


def test_nothing_moves_a_score_by_more_than_the_cap() -> None:
    leaning = learned(marked(WARMTH[:1], QUBITS[:1], times=300))
    up, down = shift(leaning, " ".join([WARMTH[0]] * 9), " ".join([QUBITS[0]] * 9))
    assert (up, down) == (CAP, -CAP)


@pytest.mark.parametrize("useful", [True, False])
def test_an_opinion_that_was_to_be_expected_teaches_less_than_a_surprise(useful: bool) -> None:
    high, low = marked(QUBITS[:1], WARMTH[:1])
    found = learned([(high[0], useful), (low[0], useful)], score=lambda paper: 0.9 if paper == high[0] else 0.05)
    taught, expected = ("chatbot", "qubit") if useful else ("qubit", "chatbot")
    assert abs(weight(found, taught)) > 3 * abs(weight(found, expected))


def test_useful_on_everything_teaches_less_of_the_terms_than_a_contrast() -> None:
    everything = learned(marked(WARMTH, (), times=4))
    contrast = learned(marked(WARMTH, QUBITS, times=2))
    assert weight(contrast, "chatbot") > 1.5 * weight(everything, "chatbot") > 0


def test_marks_that_the_ranking_has_in_order_teach_half_of_what_those_do_that_it_has_not() -> None:
    marks = marked(WARMTH[:2], QUBITS[:2])
    in_order = learned(marks, score=lambda each: 0.3 + 1e-6 * (each.title in WARMTH))
    in_disorder = learned(marks, score=lambda each: 0.3 - 1e-6 * (each.title in WARMTH))
    assert weight(in_order, "warmth") == pytest.approx(weight(in_disorder, "warmth") / 2, rel=1e-3)


def test_what_is_learned_is_the_formula() -> None:
    marks = marked(WARMTH, QUBITS[:2])
    said = {paper.arxiv_id: 0.1 + 0.15 * n for n, (paper, _) in enumerate(marks)}
    ages = {paper.arxiv_id: n * HALF_LIFE / 4 for n, (paper, _) in enumerate(marks)}
    opinions = [
        Opinion(arxiv_id=paper.arxiv_id, useful=useful, at=NOW - ages[paper.arxiv_id]) for paper, useful in marks
    ]
    found = leaning_of(opinions, {paper.arxiv_id: paper for paper, _ in marks}, said, BACKGROUND, now=NOW)

    weight = {name: 0.5 ** (age / HALF_LIFE) for name, age in ages.items()}
    evidence = sum(weight.values())

    def expected(name: str, b: float) -> float:
        return 1 / (1 + math.exp(-math.log(said[name] / (1 - said[name])) - b))

    def slope(b: float) -> float:
        return sum(weight[p.arxiv_id] * (useful - expected(p.arxiv_id, b)) for p, useful in marks) - (b - 1)

    b = brentq(slope, -20, 20, xtol=1e-13)
    assert found is not None
    terms = tuple(found.terms)
    rows = paper_weights([paper for paper, _ in marks], Columns(terms), BACKGROUND.mean_length).toarray()
    idf = np.array([BACKGROUND.idf(term) for term in terms])
    length = (
        sum(weight[p.arxiv_id] * np.sum((idf * row) ** 2) for (p, _), row in zip(marks, rows, strict=True)) / evidence
    )
    drawn = sum(
        weight[p.arxiv_id] * (useful - expected(p.arxiv_id, b)) * row
        for (p, useful), row in zip(marks, rows, strict=True)
    )
    strength = 40 * (evidence - 1) / (evidence + 9) / (evidence * length)
    np.testing.assert_allclose(list(found.terms.values()), strength * idf**2 * drawn, rtol=1e-9)
    assert found.centre == pytest.approx(sum(w * BACKGROUND.share(term) for term, w in found.terms.items()))


def test_it_is_one_column_of_the_product_that_ranks() -> None:
    leaning = learned(marked(WARMTH, QUBITS))
    assert leaning is not None
    terms = sorted({*leaning.terms, "her", "trust", "sea"})
    column = np.array([leaning.terms.get(term, 0.0) for term in terms])
    papers = [paper("2511.00001", "Trust in chatbots at sea"), paper("2511.00002", "Noisy codes of patients")]
    products = paper_weights(papers, Columns(terms), BACKGROUND.mean_length) @ column
    np.testing.assert_allclose(leaning.shift(products), shifts(leaning, papers, BACKGROUND), rtol=1e-12)


def test_the_heaviest_terms_are_kept_where_there_are_very_many() -> None:
    words = [f"{a}{b}{c}um" for a in "bcdfg" for b in "aeiou" for c in "klmnprstvz"]
    long = paper("2511.00001", "Many words", " ".join([*words, *["bizub"] * 9]))
    leaning = learned([(long, True), (paper("2511.00002", "Qubits"), False)])
    assert leaning is not None
    assert len(leaning.terms) == 200
    assert {"bizub", "qubit"} <= leaning.terms.keys()
    assert list(leaning.terms) == sorted(leaning.terms)


def test_an_opinion_of_a_paper_that_is_not_at_hand_is_left_out() -> None:
    marks = marked(WARMTH, QUBITS)
    opinions = [Opinion(arxiv_id=paper.arxiv_id, useful=useful, at=NOW) for paper, useful in marks]
    papers = {paper.arxiv_id: paper for paper, _ in marks}
    scores = dict.fromkeys(papers, 0.3)
    gone = marks[0][0].arxiv_id
    without = leaning_of(opinions[1:], papers, scores, BACKGROUND, now=NOW)
    assert without is not None
    assert leaning_of(opinions, {k: v for k, v in papers.items() if k != gone}, scores, BACKGROUND, now=NOW) == without
    assert leaning_of(opinions, papers, {k: v for k, v in scores.items() if k != gone}, BACKGROUND, now=NOW) == without


def test_papers_without_a_word_teach_nothing() -> None:
    assert learned([(paper("2511.00001", "1 2", "3."), True), (paper("2511.00002", "4", "5."), False)]) is None


@settings(max_examples=60, deadline=None)
@given(
    marks=st.lists(
        st.tuples(
            st.sampled_from([*WARMTH, *QUBITS]), st.booleans(), st.sampled_from([0.0, 1e-6, 0.2, 0.5, 0.97, 1.0])
        ),
        max_size=12,
    ),
    order=st.randoms(use_true_random=False),
)
def test_any_opinions_come_to_the_same_in_any_order_and_stay_within_the_cap(
    marks: list[tuple[str, bool, float]], order: Random
) -> None:
    papers = {f"2511.{n:05}": paper(f"2511.{n:05}", title) for n, (title, _, _) in enumerate(marks)}
    scores = {name: score for name, (_, _, score) in zip(papers, marks, strict=True)}
    opinions = [
        Opinion(arxiv_id=name, useful=useful, at=NOW) for name, (_, useful, _) in zip(papers, marks, strict=True)
    ]
    first = leaning_of(opinions, papers, scores, BACKGROUND, now=NOW)
    order.shuffle(opinions)
    assert leaning_of(opinions, papers, scores, BACKGROUND, now=NOW) == first
    assert (first is None) == (len(marks) < 2)
    if first is not None:
        assert all(-CAP <= moved <= CAP for moved in shift(first, *WARMTH, *QUBITS, "herring"))


def test_the_terms_that_pulled_a_paper_are_told_in_its_own_words_strongest_first() -> None:
    leaning = learned(marked(WARMTH, QUBITS))
    assert leaning is not None
    told = pulls(leaning, paper("2511.99999", "Chatbots, Qubits and the sea", "They met."), BACKGROUND)
    assert {word: part > 0 for word, part in told} == {"chatbots": True, "qubits": False}
    assert [abs(part) for _, part in told] == sorted((abs(part) for _, part in told), reverse=True)
    assert pulls(leaning, paper("2511.99999", "Nothing of it", "None."), BACKGROUND) == ()


def test_scores_move_by_logits_and_stay_where_nothing_pulls() -> None:
    scores = np.array([0.0, 0.1, 0.5, 1.0])
    assert moved(scores, np.zeros(4)).tolist() == scores.tolist()
    assert moved(scores, np.array([0.0, 1.0, -1.0, 0.0])).tolist() == [0.0, 0.231969, 0.268941, 1.0]
    assert shift_between(0.1, 0.231969) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("ages", "more"), [((), 2), ((0,), 1), ((1,), 1), ((0, 0), 0), ((2, 2, 2, 2), 1), ((1, 0), 0)])
def test_how_many_more_marks_it_takes(ages: Sequence[int], more: int) -> None:
    """ages: in half-lives."""
    opinions = [Opinion(arxiv_id=f"2511.{n:05}", useful=True, at=NOW - age * HALF_LIFE) for n, age in enumerate(ages)]
    assert wanting(evidence_of(opinions, NOW)) == more
    papers = [paper(opinion.arxiv_id, WARMTH[0]) for opinion in opinions]
    said = leaning_of(opinions, {p.arxiv_id: p for p in papers}, {p.arxiv_id: 0.3 for p in papers}, BACKGROUND, now=NOW)
    assert (said is None) == bool(more)
