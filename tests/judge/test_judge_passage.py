"""What of a paper is read beside a claim. All texts are invented."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from litwatch.bert.session import bundled_tokens
from litwatch.judge.passage import MOST, Passage, passage
from litwatch.judge.reading import bundled_idf
from litwatch.model import Paper
from litwatch.text import sentences

PIECES = bundled_tokens()
CLAIM = "Can warm chatbots be trusted? Training for warmth makes chatbots err more often on medical questions."
FILLING = "Lighthouses along the northern coast were painted white in the last century by their keepers and friends."


def read(claim: str, title: str, *abstract: str) -> Passage:
    day = datetime(2025, 6, 2, tzinfo=UTC)
    paper = Paper(arxiv_id="2506.90001", title=title, abstract=" ".join(abstract), published=day, updated=day)
    return passage(claim, paper, PIECES, bundled_idf())


def pieces(text: str) -> list[int]:
    return PIECES.pieces(text, most=500)


def test_a_short_abstract_is_read_whole_and_in_order() -> None:
    found = read(CLAIM, "Warmth has a price", "We train chatbots.", "They err more often.")
    expected = [
        PIECES.start,
        *pieces(CLAIM),
        PIECES.end,
        *pieces("Warmth has a price"),
        PIECES.end,
        *pieces("We train chatbots."),
        PIECES.end,
        *pieces("They err more often."),
        PIECES.end,
    ]
    assert list(found.tokens) == expected
    assert found.units == (0, 1, 2)
    assert [found.tokens[end] for end in found.ends] == [PIECES.end] * 3
    assert found.tokens[found.claim - 1] == PIECES.end
    assert list(found.tokens[1 : found.claim - 1]) == pieces(CLAIM)


def test_of_a_long_abstract_the_sentence_that_speaks_of_the_claim_is_read_wherever_it_stands() -> None:
    bearing = "Chatbots trained for warmth err twice as often on medical questions."
    for place in range(14):
        abstract = [FILLING] * 13
        abstract.insert(place, bearing)
        found = read(CLAIM, "Of lighthouses", *abstract)
        assert place + 1 in found.units
        assert len(found.tokens) <= MOST


def test_of_sentences_that_say_as_much_of_the_claim_the_later_ones_are_read() -> None:
    found = read(CLAIM, "Of lighthouses", *([FILLING] * 14))
    assert found.units[-1] == 14
    assert 1 not in found.units


def test_a_long_claim_and_a_long_title_leave_room_for_the_abstract() -> None:
    found = read(CLAIM * 20, "A title that does not end " * 20, FILLING, "They err more often.")
    assert 2 in found.units
    assert len(found.tokens) <= MOST


def test_one_sentence_that_fills_an_abstract_is_read_as_far_as_there_is_room() -> None:
    found = read(CLAIM, "Of lighthouses", ", ".join(["lighthouses and their keepers"] * 200) + ".")
    assert found.units == (0, 1)
    assert len(found.tokens) == MOST


def test_a_paper_without_an_abstract_is_read_by_its_title() -> None:
    assert read(CLAIM, "Warmth has a price").units == (0,)


@given(st.text(max_size=400), st.text(max_size=200), st.lists(st.text(min_size=1, max_size=300), max_size=20))
def test_whatever_the_texts_what_is_read_keeps_its_form(claim: str, title: str, abstract: list[str]) -> None:
    found = read(claim, title, *abstract)
    assert len(found.tokens) <= MOST
    assert found.tokens[0] == PIECES.start
    assert found.tokens[-1] == PIECES.end
    assert found.ends[-1] == len(found.tokens) - 1
    assert list(found.units) == sorted(set(found.units))
    assert found.units[0] == 0
    assert max(found.units) <= len(sentences(" ".join(abstract)))
    assert list(found.ends) == sorted(set(found.ends))
