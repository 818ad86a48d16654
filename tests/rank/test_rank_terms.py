from __future__ import annotations

from litwatch.model import Claim, Line
from litwatch.rank.background import bundled
from litwatch.rank.terms import search_terms
from litwatch.rank.words import stem

LINE = Line(
    slug="steering",
    question="Do steering vectors show what a model's neurons compute?",
    claims=(
        Claim(id="c1", text="Sparse autoencoders find monosemantic neurons; the autoencoder’s features steer models."),
        Claim(id="c2", text="A probe finds truthfulness."),
        Claim(id="c3", text="Grokking is phlogiston.", retired=True),
    ),
)


def test_the_words_are_the_lines_own_and_the_telling_ones_come_first() -> None:
    terms = search_terms(LINE, bundled())
    assert {"steering", "autoencoders", "monosemantic", "neurons", "probe", "truthfulness"} <= set(terms)
    assert set(terms[:5]) & {"autoencoders", "monosemantic", "neurons"}


def test_common_words_and_retired_claims_ask_for_nothing() -> None:
    terms = search_terms(LINE, bundled())
    assert not {"model", "models", "what", "the", "phlogiston", "grokking"} & set(terms)


def test_a_plural_is_asked_for_once_and_no_apostrophe_is() -> None:
    terms = search_terms(LINE, bundled())
    assert not {"autoencoder", "neuron"} & set(terms)
    assert all(term.isalnum() for term in terms)


def test_limit_and_reach_bound_what_is_asked_for() -> None:
    background = bundled()
    assert search_terms(LINE, background, limit=3) == search_terms(LINE, background)[:3]
    few = search_terms(LINE, background, reach=0.02)
    assert 0 < len(few) < len(search_terms(LINE, background))
    assert sum(background.share(stem(term)) for term in few) <= 0.02


def test_a_line_without_words_asks_for_nothing() -> None:
    assert search_terms(Line(slug="bare", question="Why?"), bundled()) == ()
