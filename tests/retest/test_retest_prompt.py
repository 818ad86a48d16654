"""A research prompt: what stands in it, what goes first where there is little room, and the count of its tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from retest_sample import GONE, LINE, NAPS, PAPERS, REST, paper, quiet, report, verdict

import litwatch
from litwatch.bert.wordpiece import WordPiece
from litwatch.model import Stance, Status
from litwatch.retest.prompt import NoRoom, Prompt, prompt, tokens_of
from litwatch.retest.report import Known, Report
from litwatch.text import arxiv_ids

MANY = [paper(500 + n, f"Number {n} of many on naps") for n in range(30)]


def crowded() -> Report:
    """Thirty candidates against one claim."""
    marks = tuple(
        verdict(500 + n, NAPS, one, Stance.CONTRADICTS, 0.5 + n / 100, f"Sentence {n} says no.")
        for n, one in enumerate(MANY)
    )
    return report((Known(claim=NAPS, status=Status.CONTESTED, verdicts=marks),), *MANY)


def made(told: Report, budget: int = 4000, **more: set[str]) -> Prompt:
    found = prompt(told, budget=budget, **more)
    assert isinstance(found, Prompt)
    return found


def least(told: Report) -> int:
    found = prompt(told, budget=1)
    assert isinstance(found, NoRoom)
    return found.least


def test_it_says_the_question_the_standings_the_evidence_and_what_to_do() -> None:
    text = made(report()).text

    assert LINE.question in text
    assert "- c1 [contested since 20 Nov 2025; perishable, as proposed from its words]" in text
    assert "Wakeful rest loses a fifth of the pairs (2023)." in text
    assert (
        f"arXiv:{REST.arxiv_id} (12 Nov 2025) “A quiet break keeps what a nap keeps” contradicts c1 (candidate, 0.71)"
        in text
    )
    assert "(confirmed by the reader): “No advantage was found.”" in text
    assert "Take the claims above one by one" in text
    assert "litwatch check answer.md --take sleep-and-memory" in text
    assert "Counting sheep" not in text


def test_evidence_stands_strongest_first_challenges_before_supports() -> None:
    rows = [row for row in made(report()).text.splitlines() if row.startswith("- arXiv:2511")]

    assert rows[0].split()[1] == f"arXiv:{GONE.arxiv_id}"
    assert " supports " in rows[-1]


def test_every_id_in_it_is_one_that_was_given() -> None:
    assert set(arxiv_ids(made(report()).text)) <= {*PAPERS, "2401.00002"}


def test_where_nothing_is_marked_that_is_said_and_what_it_is_worth() -> None:
    assert "misses nearly all real challenges" in made(quiet()).text


def test_what_has_no_room_goes_weakest_first_and_is_counted() -> None:
    whole = made(crowded(), 100_000)
    tight = made(crowded(), whole.tokens - 400)

    assert whole.left_out.evidence == 0
    assert 0 < tight.left_out.evidence < 27
    assert f"Left out for want of room: {tight.left_out.evidence} weaker pieces of evidence." in tight.text
    kept = [name for name in arxiv_ids(tight.text) if name in {one.arxiv_id for one in MANY}]
    assert kept == [one.arxiv_id for one in reversed(MANY)][: 30 - tight.left_out.evidence]
    assert tight.left_out.findings == tight.left_out.anchors == 0


def test_the_strongest_three_outlast_what_the_page_dated_and_cites() -> None:
    told = crowded()
    found = made(told, least(told) + 250)

    assert (found.left_out.findings, found.left_out.anchors) == (1, 1)
    assert 27 <= found.left_out.evidence < 30


def test_too_small_a_budget_names_the_least() -> None:
    told = crowded()

    assert isinstance(prompt(told, budget=least(told) - 1), NoRoom)
    assert made(told, least(told)).tokens <= least(told)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=6000))
def test_it_never_takes_more_than_it_was_given(beyond: int) -> None:
    told = crowded()
    budget = least(told) + beyond
    found = made(told, budget)

    assert found.tokens == tokens_of(found.text) <= budget


def test_a_paper_that_gives_orders_to_machines_is_left_out_and_counted() -> None:
    found = made(report(), suspicious={REST.arxiv_id})

    assert REST.arxiv_id not in found.text
    assert "Left out since they give orders to machines that read them: 1 paper." in found.text


# --- counting ------------------------------------------------------------------------------------------------

# What byte-pair tokenizers in wide use make of these at most, as their published vocabularies cut them.
COUNTED = {
    "a frequent word": ("the", 1),
    "a rarer word": ("sycophancy", 3),
    "a long word": ("disinformation", 3),
    "an id whose digits stand alone": ("2507.21919", 10),
    "a name with capitals within": ("arXiv", 3),
    "letters in capitals": ("RLVR", 2),
    "words and blanks": ("warm models err", 3),
    "signs": ("“x”", 5),
    "a blank before a digit": ("in 2025", 6),
    "beyond ASCII": ("日本", 6),
}


@pytest.mark.parametrize(("text", "least_tokens"), COUNTED.values(), ids=COUNTED)
def test_a_count_is_no_less_than_tokenizers_make_of_it(text: str, least_tokens: int) -> None:
    assert tokens_of(text) >= least_tokens


def test_of_abstracts_the_count_is_above_the_bundled_tokenizers_and_not_far_above() -> None:
    house = Path(litwatch.__file__).parent
    cut = WordPiece((house / "bert" / "vocab.txt").read_text(encoding="utf-8").splitlines())
    rows = (house / "demo" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [f"{paper['title']}. {paper['abstract']}" for paper in map(json.loads, rows)]

    shares = [tokens_of(text) / len(cut.pieces(text, most=10_000)) for text in texts]

    assert min(shares) >= 1
    assert sum(shares) / len(shares) < 2


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_longer_text_counts_no_less(one: str, other: str) -> None:
    assert tokens_of(f"{one}\n{other}") >= max(tokens_of(one), tokens_of(other))
