"""Invented lines, measured by the bundled sample of papers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litwatch.model import Claim, Line
from litwatch.rank.advice import advice_to_narrow, advice_to_widen, leaning_claims, meant
from litwatch.rank.background import bundled
from litwatch.rank.breadth import (
    Fit,
    Floats,
    Sample,
    fit_to_reference,
    most_weekly,
    reference_sample,
    reference_scores,
    too_many,
    too_narrow,
    unknown_share,
)
from litwatch.rank.ranker import Ranker
from litwatch.rank.reference import bundled_reference

RANKER = Ranker(bundled())
AI = ("cs.AI", "cs.CL", "cs.LG")


def line(question: str, *claims: str, categories: tuple[str, ...] = AI) -> Line:
    return Line(
        slug="sample",
        question=question,
        claims=tuple(Claim(id=f"c{number}", text=text) for number, text in enumerate(claims, 1)),
        categories=categories,
    )


FINE = line(
    "Do watermarks of generated text survive paraphrasing?",
    "A watermark in the tokens of a language model is removed by one round of paraphrasing.",
    "Detectors of watermarks flag text by writers whose first language is another one.",
)
BROAD = line("What is new in language models?", "Language models improve with training.")
SLIPS = line("Do langauge modles halucinate?", "Chatbts halucinate.")
FOREIGN = line("Verdaut der Totengräberkäfer Lignozellulose?", "Seine Darmflora fermentiert Hemizellulose.")


def scores_of(one: Line) -> Floats:
    scores: Floats = reference_scores([one], RANKER, bundled_reference())[:, 0]
    return scores


def fit(one: Line, *, most: float = 100.0) -> Fit:
    return fit_to_reference(one, scores_of(one), RANKER, bundled_reference(), most=most)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(FINE, Fit.FINE, id="claims that say what they mean"),
        pytest.param(BROAD, Fit.BROAD, id="the name of a field"),
        pytest.param(line("How do neural networks learn?"), Fit.BROAD, id="a question without a claim"),
        pytest.param(SLIPS, Fit.NARROW, id="slips of the pen"),
        pytest.param(FOREIGN, Fit.NARROW, id="another language"),
        pytest.param(line("The?"), Fit.NARROW, id="no usable word"),
        pytest.param(replace(BROAD, categories=("math.NT",)), Fit.UNTOLD, id="categories that the sample hardly has"),
    ],
)
def test_a_line_is_told_by_how_much_of_the_sample_it_matches(one: Line, expected: Fit) -> None:
    assert fit(one) is expected


def test_lines_are_scored_alike_alone_and_together() -> None:
    together = reference_scores([BROAD, FINE, SLIPS], RANKER, bundled_reference())
    assert np.allclose(together[:, 1], scores_of(FINE))
    assert together.min() >= 0
    assert together.max() <= 1
    assert reference_scores([], RANKER, bundled_reference()).shape == (3000, 0)


def test_the_sample_is_counted_within_the_lines_categories() -> None:
    everywhere = reference_sample(replace(BROAD, categories=()), scores_of(BROAD), 0.1, bundled_reference())
    in_one = reference_sample(replace(BROAD, categories=("cs.CL",)), scores_of(BROAD), 0.1, bundled_reference())
    assert everywhere.papers == 3000
    assert 0 < in_one.papers < everywhere.papers
    assert 0 < in_one.matched < everywhere.matched
    assert everywhere.papers_weekly == pytest.approx(bundled_reference().weekly)


def test_matches_a_week_come_with_how_sure_they_are() -> None:
    sample = Sample(matched=100, papers=1000, weeks=2.0)
    assert (sample.weekly, sample.papers_weekly) == (50, 500)
    assert sample.interval == pytest.approx((41.1, 60.8), abs=0.05)  # by hand: 100 + 1.92 ± 1.96 √100.96, halved
    low, high = Sample(matched=0, papers=1000, weeks=2.0).interval
    assert (low, high) == pytest.approx((0, 1.92), abs=0.01)


@pytest.mark.parametrize(
    ("matched", "papers", "broad"),
    [
        (500, 4000, True),
        (420, 4000, False),  # not surely more than a hundred a week
        (500, 12_000, False),  # many, of very many
        (1000, 40_000, True),  # too many of however many
        (90, 95, False),  # too little to tell by
        (200, 400, False),  # half of a small category
    ],
)
def test_too_many_are_more_than_can_be_looked_at_and_a_large_part(matched: int, papers: int, broad: bool) -> None:
    assert too_many(Sample(matched=matched, papers=papers, weeks=4.0), 100) is broad


@pytest.mark.parametrize(
    ("matched", "papers", "weeks", "narrow"),
    [(0, 5000, 4.0, True), (1, 5000, 4.0, False), (0, 5000, 3.0, False), (0, 60, 4.0, False)],
)
def test_too_narrow_is_what_nothing_matches_for_a_month(matched: int, papers: int, weeks: float, narrow: bool) -> None:
    assert too_narrow(Sample(matched=matched, papers=papers, weeks=weeks)) is narrow


def test_a_reader_who_wants_few_papers_has_no_broader_line_for_it() -> None:
    assert most_weekly(3) == most_weekly(20) == 100
    assert most_weekly(40) == 200


def test_a_word_that_no_paper_has_weighs_most() -> None:
    assert unknown_share(FINE, bundled()) < 0.1
    assert unknown_share(FOREIGN, bundled()) > 0.9
    assert unknown_share(line("The?"), bundled()) == 1


# --- advice --------------------------------------------------------------------------------------------------


def test_a_broad_line_is_told_the_words_that_carry_its_matches_and_its_own_rarer_ones() -> None:
    broad = line("Do language models plan, and do LLM agents use a scratchpad?", "Models learn.", "LLM agents plan.")
    advice = advice_to_narrow(broad, scores_of(broad), 0.1, bundled(), bundled_reference())
    assert set(advice.carriers) <= {"language", "models", "plan", "LLM", "agents", "learn"}
    assert advice.carriers
    assert advice.rarer == ("scratchpad",)
    assert advice.short == ("c1", "c2")


def test_a_category_that_brings_many_matches_and_no_close_one_is_named() -> None:
    scores = np.zeros(3000)
    reference = bundled_reference()
    vision = np.flatnonzero(reference.within(["cs.CV"]) & ~reference.within(["cs.CL"]))
    language = np.flatnonzero(reference.within(["cs.CL"]) & ~reference.within(["cs.CV"]))
    scores[vision[:60]], scores[language[:100]] = 0.2, 0.9
    watched = replace(BROAD, categories=("cs.CL", "cs.CV"))
    assert advice_to_narrow(watched, scores, 0.1, bundled(), reference).loose == ("cs.CV",)
    scores[vision[:30]] = 0.9
    assert advice_to_narrow(watched, scores, 0.1, bundled(), reference).loose == ()


def test_a_narrow_line_is_told_the_words_that_hardly_a_paper_has_and_what_they_may_mean() -> None:
    advice = advice_to_widen(SLIPS, scores_of(SLIPS), 0.1, bundled(), bundled_reference())
    assert set(advice.unknown) == {("halucinate", "hallucinate"), ("modles", "models"), ("Chatbts", "chatbots")}
    assert advice.brief
    assert not advice_to_widen(FINE, scores_of(FINE), 0.1, bundled(), bundled_reference()).brief


def test_a_narrow_line_is_told_where_the_papers_that_fit_stand() -> None:
    elsewhere = replace(FINE, categories=("math.NT",))
    advice = advice_to_widen(elsewhere, scores_of(elsewhere), 0.1, bundled(), bundled_reference())
    assert "cs.CL" in advice.elsewhere
    everywhere = replace(FINE, categories=())
    assert not advice_to_widen(everywhere, scores_of(everywhere), 0.1, bundled(), bundled_reference()).elsewhere


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("langauge", "language"),
        ("Hallucinatoin", "hallucination"),
        ("empahty", "empathy"),
        ("modles", "models"),
        ("language", ""),
        ("trainning", ""),  # read as "training" anyway
        ("modl", ""),
        ("RLVERS", ""),
        ("Flibberwock", ""),
        ("käfern", ""),
        ("languagelanguagelanguagelanguage" * 10_000, ""),
    ],
)
def test_a_slip_is_told_from_a_rare_word(word: str, expected: str) -> None:
    assert meant(word, bundled()) == expected


def test_a_short_claim_that_leans_on_its_question_is_found() -> None:
    leaning = line(
        "Can models plan?",
        "They fail beyond a dozen steps.",
        "Plans of language models fail beyond a dozen steps.",
        "They write plans of a dozen steps in a formal language and fail where actions have side effects.",
        "Planners fail.",
    )
    assert [claim.id for claim in leaning_claims(leaning)] == ["c1"]
