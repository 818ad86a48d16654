"""What was missed, estimated from what was drawn by chance: on draws whose truth is known."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.evaluate.recall import Drawn, Recall, estimate_missed, recall, without_place
from litwatch.evaluate.shares import Share, Unknown


def drawn(number: int, useful: int, *, chance: float = 0.1, unmarked: int = 0, near: bool = False) -> list[Drawn]:
    words: list[bool | None] = [*[True] * useful, *[False] * (number - useful - unmarked), *[None] * unmarked]
    return [Drawn(chance=chance, useful=word, near=near) for word in words]


def test_each_drawn_paper_stands_for_as_many_as_its_chance_says() -> None:
    assert estimate_missed([*drawn(8, 2, chance=0.5), *drawn(5, 1, chance=0.1)]).value == pytest.approx(2 * 2 + 10)


@pytest.mark.parametrize(
    ("useful", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (20, 12.217, 30.888)],
)
def test_with_equal_chances_the_interval_is_the_exact_one_of_a_poisson_count(
    useful: int, low: float, high: float
) -> None:
    missed = estimate_missed(drawn(30, useful, chance=0.125))
    assert (missed.low, missed.high) == (pytest.approx(8 * low, rel=1e-3), pytest.approx(8 * high, rel=1e-3))


def test_papers_without_a_word_are_taken_to_be_like_those_of_their_kind_with_one() -> None:
    marked = estimate_missed([*drawn(4, 1, chance=0.5), *drawn(2, 1, chance=0.01, near=True)])
    half = estimate_missed([*drawn(8, 1, chance=0.5, unmarked=4), *drawn(4, 1, chance=0.01, near=True, unmarked=2)])
    assert (marked.value, half.value) == (pytest.approx(102), pytest.approx(204))


def test_a_kind_without_any_word_is_no_ground_for_an_estimate() -> None:
    with pytest.raises(ValueError, match="none of these papers"):
        estimate_missed([*drawn(9, 3), *drawn(2, 0, unmarked=2, near=True)])


@given(st.lists(st.tuples(st.floats(0.001, 1), st.sampled_from([True, False]), st.booleans()), min_size=1, max_size=60))
def test_the_interval_holds_the_estimate(rows: list[tuple[float, bool, bool]]) -> None:
    missed = estimate_missed([Drawn(chance=chance, useful=useful, near=near) for chance, useful, near in rows])
    assert 0 <= missed.low <= missed.value * (1 + 1e-9)
    assert missed.value < missed.high


def simulated(dice: random.Random, *, weeks: int) -> tuple[list[Drawn], int]:
    """Two papers drawn a week, one of 12 to 60 without room and one of 100 to 300 below the floor, of which one in 20
    and one in 200 is useful; with how many of all are."""
    found, useful = [], 0
    for _ in range(weeks):
        for near, size, share in ((False, dice.randint(12, 60), 0.05), (True, dice.randint(100, 300), 0.005)):
            papers = [dice.random() < share for _ in range(size)]
            useful += sum(papers)
            found.append(Drawn(chance=1 / size, useful=dice.choice(papers), near=near))
    return found, useful


def test_over_many_draws_the_estimate_is_right_in_the_mean_and_its_interval_nearly_always() -> None:
    dice = random.Random(1952)
    runs = [simulated(dice, weeks=26) for _ in range(1500)]
    found = [estimate_missed(papers) for papers, _ in runs]
    truths = [truth for _, truth in runs]
    assert mean(missed.value for missed in found) == pytest.approx(mean(truths), rel=0.05)
    held = mean(missed.low <= truth <= missed.high for missed, truth in zip(found, truths, strict=True))
    assert held >= 0.95


def test_recall_is_what_was_told_of_all_that_was_useful() -> None:
    found = recall(Share(told=80, marked=80, useful=60), drawn(50, 4, chance=0.2, near=True))
    assert isinstance(found, Recall)
    assert (found.told_useful, found.missed_useful) == (60, pytest.approx(20))
    assert found.value == pytest.approx(0.75)
    # All that was told is marked, so that only what was missed is uncertain.
    assert found.low == pytest.approx(60 / (60 + found.missed_high))
    assert found.high == pytest.approx(60 / (60 + found.missed_low))
    assert found.as_json()["value"] == 0.75


def test_what_was_told_and_not_marked_makes_recall_less_certain() -> None:
    few, all_marked = (
        recall(Share(told=40, marked=n, useful=n // 2), drawn(60, 1, chance=0.5, near=True)) for n in (10, 40)
    )
    assert isinstance(few, Recall)
    assert isinstance(all_marked, Recall)
    assert few.value == pytest.approx(all_marked.value)
    assert few.low < all_marked.low
    assert few.high > all_marked.high


def test_where_nothing_useful_was_told_recall_is_none_of_it() -> None:
    found = recall(Share(told=20, marked=20, useful=0), drawn(20, 20, chance=0.5, near=True))
    assert isinstance(found, Recall)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_what_had_no_place_once_is_estimated_apart_and_is_not_missed() -> None:
    shown, near = Share(told=80, marked=80, useful=60), drawn(50, 4, chance=0.2, near=True)
    waiting = drawn(20, 10, chance=0.1)
    assert recall(shown, [*near, *waiting]) == recall(shown, near)
    found = without_place([*near, *waiting])
    assert found is not None
    assert found.value == pytest.approx(100)
    assert without_place([*near, *waiting[:9]]) is None


def test_a_heavy_draw_without_a_word_does_not_spoil_the_interval() -> None:
    marked = drawn(100, 1, chance=0.01, near=True)
    assert estimate_missed([*marked, Drawn(chance=0.0001, useful=None, near=True)]).high < 3 * (
        estimate_missed(marked).high
    )


@pytest.mark.parametrize(
    ("shown", "explored", "why"),
    [
        (Share(told=9, marked=9, useful=9), [], "no paper below the floor was told to explore yet"),
        (
            Share(told=9, marked=9, useful=9),
            drawn(12, 1, unmarked=3),
            "of 12 explored papers below the floor 9 are marked, 10 are needed",
        ),
        (Share(told=90, marked=4, useful=4), drawn(10, 1), "of 90 papers told by their score 4 are marked"),
        (Share(told=9, marked=9, useful=0), drawn(10, 0), "no marked paper was useful"),
        (Share(told=9, marked=9, useful=9), drawn(10, 0), "the marks leave anything from 20% to 100% open"),
    ],
)
def test_where_marks_do_not_tell_recall_it_says_why(shown: Share, explored: list[Drawn], why: str) -> None:
    found = recall(shown, [replace(one, near=True) for one in explored])
    assert isinstance(found, Unknown)
    assert why in found.why
