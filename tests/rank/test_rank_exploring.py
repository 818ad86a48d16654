"""Drawing papers by chance: alike everywhere, fair to each, with a chance that is known."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.rank.exploring import allotted, draw, expected, is_drawn, near_floor

PAPERS = [f"2511.{number:05}" for number in range(4000)]


def test_another_process_draws_the_same() -> None:
    script = "from litwatch.rank.exploring import draw; print(repr(draw('tides', '2511.00001')))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert float(told) == draw("tides", "2511.00001") == pytest.approx(0.4865685, abs=1e-7)


@pytest.mark.parametrize("chance", [1 / 32, 1 / 8, 0.5])
def test_as_many_are_drawn_as_their_chance_says(chance: float) -> None:
    share = sum(is_drawn("tides", paper, chance) for paper in PAPERS) / len(PAPERS)
    assert share == pytest.approx(chance, abs=4 * (chance * (1 - chance) / len(PAPERS)) ** 0.5)


def test_draws_are_spread_evenly_from_0_to_1() -> None:
    tenths = [0] * 10
    for paper in PAPERS:
        tenths[int(10 * draw("tides", paper))] += 1
    assert min(tenths) > 320
    assert max(tenths) < 480


def test_lines_draw_apart_from_each_other() -> None:
    both = sum(is_drawn("tides", paper, 0.5) and is_drawn("moor", paper, 0.5) for paper in PAPERS) / len(PAPERS)
    assert both == pytest.approx(0.25, abs=0.03)


def test_what_is_drawn_at_a_small_chance_is_drawn_at_a_greater_one() -> None:
    few = {paper for paper in PAPERS if is_drawn("tides", paper, 0.1)}
    assert few < {paper for paper in PAPERS if is_drawn("tides", paper, 0.3)}


def test_nothing_is_a_near_miss_of_a_floor_of_nought() -> None:
    assert near_floor(0.0) == 0.0
    assert 0 < near_floor(0.3) < 0.3


@pytest.mark.parametrize(
    ("count", "sizes", "first", "given"),
    [
        pytest.param(2, (9, 9), 0, (1, 1), id="one of each"),
        pytest.param(3, (9, 9), 0, (2, 1), id="the odd one goes to the first"),
        pytest.param(3, (9, 9), 1, (1, 2), id="or to the other"),
        pytest.param(1, (9, 9), 1, (0, 1), id="but one"),
        pytest.param(2, (0, 9), 0, (0, 2), id="none of a kind"),
        pytest.param(5, (1, 9), 0, (1, 4), id="few of a kind"),
        pytest.param(5, (1, 2), 1, (1, 2), id="fewer than asked for"),
        pytest.param(2, (0, 0), 1, (0, 0), id="none at all"),
        pytest.param(0, (9, 9), 0, (0, 0), id="none asked for"),
    ],
)
def test_kinds_of_papers_take_turns(count: int, sizes: tuple[int, int], first: int, given: tuple[int, int]) -> None:
    assert allotted(count, sizes, first) == given


@given(st.integers(0, 20), st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_all_places_are_given_as_long_as_there_are_papers(count: int, sizes: tuple[int, int]) -> None:
    for first in (0, 1):
        given = allotted(count, sizes, first)
        assert sum(given) == min(count, sum(sizes))
        assert all(number <= size for number, size in zip(given, sizes, strict=True))
    assert sum(expected(count, sizes)) == min(count, sum(sizes))


def test_an_odd_place_is_half_of_each_kind_in_the_mean() -> None:
    assert expected(3, (9, 9)) == (1.5, 1.5)
    assert expected(3, (1, 9)) == (1.0, 2.0)
