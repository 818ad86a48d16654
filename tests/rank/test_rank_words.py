from __future__ import annotations

import pytest

from litwatch.rank.words import singular, stem, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chain-of-thought prompting", ["Chain", "of", "thought", "prompting"]),
        (r"the \emph{deep} networks of Schr\"{o}dinger", ["the", "deep", "networks", "of", "Schrodinger"]),
        (r"in $O(n \log n)$ time", ["in", "O", "n", "n", "time"]),
        ("Poincaré's {B}ayes", ["Poincare's", "Bayes"]),
        ("F_1 of GPT-4o", ["F", "1", "of", "GPT", "4o"]),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("empty", ["the", "It's", "isn’t", "2025", "n", "However"])
def test_what_tells_papers_apart_badly_has_no_stem(empty: str) -> None:
    assert stem(empty) == ""


def test_forms_of_a_word_share_a_stem_and_a_possessive_is_dropped() -> None:
    assert stem("Evaluating") == stem("evaluation") == stem("evaluates")
    assert stem("model's") == stem("model’s") == stem("Models")
    assert stem("LLMs") == stem("llm")
    assert stems("The models were evaluated in 2024") == [stem("model"), stem("evaluate")]


@pytest.mark.parametrize(("word", "expected"), [("Agents", "agent"), ("bias", "bia"), ("loss", "loss"), ("gas", "gas")])
def test_singular_takes_off_what_arxiv_takes_off(word: str, expected: str) -> None:
    assert singular(word) == expected
