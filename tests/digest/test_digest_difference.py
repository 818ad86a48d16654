"""What an abstract says otherwise than before, sentence by sentence and word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.digest.difference import (
    LONGEST_ROW,
    MOST_ROWS,
    Difference,
    Fate,
    Piece,
    difference,
    in_words,
)

OPENING = "It is debated what a short rest keeps."


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param(
            f"{OPENING} Warmth improves accuracy by 12 % in all models.",
            f"{OPENING} Warmth improves accuracy by 3 % in all models.",
            ("Warmth improves accuracy by [12 → 3] % in all models.",),
            id="a number",
        ),
        pytest.param(
            "We show that models can plan. They do it well.",
            "We show that models cannot plan. They do it well.",
            ("We show that models [can → cannot] plan.",),
            id="a negation",
        ),
        pytest.param(
            "The effect is large ($d = 0.8$, $p < 10^{-3}$) and robust.",
            "The effect is small ($d = 0.1$, $p < 10^{-3}$) and robust.",
            ("The effect is [large → small] ([$d = 0.8$ → $d = 0.1$], $p < 10^{-3}$) and robust.",),
            id="a formula as a whole",
        ),
        pytest.param(
            "We asked 1,204 adults (aged 20 to 30).",
            "However, we asked 1,204 adults (aged 20 to 35).",
            ("[+ However,] we asked 1,204 adults (aged 20 to [30 → 35]).",),
            id="what came, and no mark for the capital after it",
        ),
        pytest.param(
            "The gain is very clearly significant in both groups.",
            "The gain is significant in both groups.",
            ("The gain is [− very clearly] significant in both groups.",),
            id="what went",
        ),
        pytest.param(
            f"{OPENING} The effect lasts a year. Data are open.",
            f"{OPENING} Nobody over sixty took part. Data are open.",
            ("− The effect lasts a year.", "+ Nobody over sixty took part."),
            id="sentences with nothing in common",
        ),
        pytest.param(
            "Rest helps. Naps help more. Data are open.",
            "Naps help more. Rest helps. Data are open.",
            (),
            id="sentences in another order alone",
        ),
        pytest.param("", "Rest helps.", ("+ Rest helps.",), id="an abstract where none was"),
        pytest.param(
            "Rest helps.\n  It does,  in all.", "Rest helps. It does in all!", (), id="spaces and points alone"
        ),
        pytest.param("Rest helps.", "Rest helps.", (), id="the same"),
        pytest.param("It holds at n ≤ 5.", "It holds at n ≥ 5.", ("It holds at n [≤ → ≥] 5.",), id="a sign of order"),
        pytest.param("Here p ≈ q holds.", "Here p ≠ q holds.", ("Here p [≈ → ≠] q holds.",), id="a sign of likeness"),
        pytest.param("From a - b on.", "From a + b on.", ("From a [- → +] b on.",), id="a hyphen for a minus"),
        pytest.param("A dose of 5 £ a day.", "A dose of 5 ° a day.", ("A dose of 5 [£ → °] a day.",), id="a unit"),
        pytest.param("Some 5 ‰ fell.", "Some 5 % fell.", ("Some 5 [‰ → %] fell.",), id="a share"),
    ],
)
def test_what_changed_is_seen_at_once(before: str, after: str, shown: tuple[str, ...]) -> None:
    changed = difference(before, after)
    assert in_words(changed) == shown
    assert bool(changed) is bool(shown)


def test_a_long_sentence_shows_the_words_around_its_change() -> None:
    words = [f"word{n}" for n in range(40)]
    changed = [*words[:20], "changed", *words[21:]]
    (row,) = in_words(difference(f"We {' '.join(words)}.", f"We {' '.join(changed)}."))
    assert row.startswith("… word13 ")
    assert "word19 [word20 → changed] word21" in row
    assert row.endswith(" …")


LONG = " ".join(f"word{n}" for n in range(60))
KEPT = " ".join(f"Of the group {n} nothing else is told here." for n in range(20))


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        pytest.param(
            f"We {LONG} {' '.join(f'old{n} and' for n in range(40))}.",
            f"We {LONG} {' '.join(f'new{n} and' for n in range(40))}.",
            "… word53 word54 word55 word56 word57 word58 word59 old0 and",
            "… word53 word54 word55 word56 word57 word58 word59 new0 and",
            id="one sentence with many changes",
        ),
        pytest.param(
            f"We, {LONG} and {' '.join(f'old{n} or' for n in range(40))}.",
            f"We {LONG}, and {' '.join(f'new{n} or' for n in range(40))}.",
            "word59 and old0 or",
            "word59, and new0 or",
            id="other points before the change",
        ),
        pytest.param(
            f"We {LONG} {' '.join(f'old{n}' for n in range(80))}.",
            f"We {LONG} {' '.join(f'new{n}' for n in range(80))}.",
            "word59 old0 old1",
            "word59 new0 new1",
            id="two sentences that begin alike",
        ),
        pytest.param(
            f"We {LONG} {' '.join(f'of old{n}' for n in range(59))}.",
            f"We {LONG}.",
            "word59 of old0",
            "word58 word59.",
            id="a tail that went, told with what stood before it",
        ),
        pytest.param(
            f"We ${'x + ' * 80}1$ {' '.join(f'old{n} and' for n in range(40))}.",
            f"We ${'x + ' * 80}2$ {' '.join(f'new{n} and' for n in range(40))}.",
            "+ 1$ old0",
            "+ 2$ new0",
            id="a long formula with another end",
        ),
        pytest.param(
            f"We {'x' * 400}1 {' '.join(f'old{n} and' for n in range(40))}.",
            f"We {'x' * 400}2 {' '.join(f'new{n} and' for n in range(40))}.",
            "…1 old0",
            "…2 new0",
            id="a word without end",
        ),
        pytest.param(
            f"We {LONG} {LONG}{'old' * 200} {' '.join(f'old{n} and' for n in range(40))}.",
            f"We {LONG} {LONG}{'new' * 200} {' '.join(f'new{n} and' for n in range(40))}.",
            "oldold",
            "newnew",
            id="a first change without end",
        ),
    ],
)
def test_a_sentence_with_too_many_changes_shows_the_first_of_them(
    before: str, after: str, gone: str, come: str
) -> None:
    shown_gone, shown_come = in_words(difference(f"{KEPT} {before}", f"{KEPT} {after}"))
    assert shown_gone.startswith("− ")
    assert shown_come.startswith("+ ")
    assert gone in shown_gone
    assert come in shown_come
    assert max(len(shown_gone), len(shown_come)) <= 222


def test_words_kept_by_chance_do_not_chop_up_a_clause_that_was_rewritten() -> None:
    before = "In this study of sleepers the keeping of pairs was measured by a nap, and all data of it are open now."
    after = "In this study of pianists and of routes, tapping was judged by experts, and all data of it are open now."
    (row,) = in_words(difference(before, after))
    assert row.count("[") <= 2


def test_an_abstract_rewritten_as_a_whole_says_so_in_a_line() -> None:
    before = "We asked adults to learn word pairs and then to rest. " * 4 + "Rest kept fewer pairs than a nap did."
    after = "The estuary was dredged four times, and the gauges moved each time. " * 3 + "We found the old places."
    changed = difference(before, after)
    assert changed == Difference(rewritten=(52, 41))
    assert in_words(changed) == ("It was rewritten as a whole: 52 words before, 41 now.",)


def test_more_changes_than_have_room_are_counted() -> None:
    before = " ".join(f"The measure of number {n} is large in all groups." for n in range(9))
    changed = difference(before, before.replace("large", "small"))
    assert len(changed.rows) == MOST_ROWS
    assert in_words(changed)[-1] == "And 3 more sentences changed."


def test_hidden_characters_of_the_source_are_no_part_of_it() -> None:
    assert difference("Rest\u200b helps\x1b[31m.", "Rest helps[31m.") == Difference()


WORDS = st.sampled_from(["rest", "nap", "12", "3", "%", "$p < 0.1$", "$", "(a", "b)", "e.g.", "Rest.", "No.", "…", "é"])
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=200)


@given(TEXTS, TEXTS)
def test_any_two_texts_give_rows_of_bounded_length_with_nothing_invented(before: str, after: str) -> None:
    changed = difference(before, after)
    assert len(changed.rows) <= MOST_ROWS
    for row in changed.rows:
        assert any(piece.fate is not Fate.KEPT for piece in row)
        assert sum(len(piece.text) for piece in row) <= LONGEST_ROW
        for piece in row:
            source = before if piece.fate is Fate.GONE else after
            assert all(_bare(part) in _bare(source) for part in piece.text.split("…"))


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def test_a_word_that_went_stands_before_the_one_that_came() -> None:
    ((*_, gone, come, end),) = difference("It helps a few.", "It helps many.").rows
    assert (gone, come, end) == (Piece("a few", Fate.GONE), Piece("many", Fate.COME), Piece(".", Fate.KEPT))
