from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.evaluate.measures import (
    average_precision,
    calibration_error,
    difference_of_shares,
    exponential,
    mean,
    ndcg_at_k,
    precision_at_k,
    precision_recall_f1,
    recall_at_k,
    wilson,
)

NO, YES = False, True


def shares() -> st.SearchStrategy[tuple[int, int]]:
    """(hits, of), of at least 1."""
    return st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("ranked", "k", "expected"),
    [
        ([3, 2, 1], 10, 1.0),
        ([0, 3], 10, 1 / log2(3)),
        ([0, 1, 3], 2, (1 / log2(3)) / (7 + 1 / log2(3))),
        ([1, 3], 10, (1 + 7 / log2(3)) / (7 + 1 / log2(3))),
        ([0, 0], 10, 0.0),
        ([], 10, 0.0),
    ],
)
def test_ndcg_with_exponential_gains(ranked: list[int], k: int, expected: float) -> None:
    assert ndcg_at_k(ranked, k, gain=exponential) == pytest.approx(expected)


def test_ndcg_with_linear_gains_counts_a_3_as_three_1s() -> None:
    assert ndcg_at_k([1, 3], 10) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_ndcg_is_held_against_relevant_papers_that_were_not_ranked() -> None:
    assert ndcg_at_k([1], 10, known=[1, 1]) == pytest.approx(1 / (1 + 1 / log2(3)))


@pytest.mark.parametrize(
    ("ranked", "k", "settings", "expected"),
    [
        ([YES, NO, YES, YES], 3, {}, 2 / 3),
        ([YES, NO, YES, YES], 2, {"reachable": True}, 1 / 2),
        ([YES], 3, {"known": 4}, 1 / 4),
        ([YES], 3, {"known": 4, "reachable": True}, 1 / 3),
        ([NO], 3, {}, 0.0),
    ],
)
def test_recall(ranked: list[bool], k: int, settings: dict[str, int], expected: float) -> None:
    assert recall_at_k(ranked, k, **settings) == pytest.approx(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ranked", "known", "expected"),
    [
        ([YES, NO, YES], None, (1 + 2 / 3) / 2),
        ([NO, YES], None, 1 / 2),
        ([YES], 2, 1 / 2),
        ([NO, NO], None, 0.0),
    ],
)
def test_average_precision(ranked: list[bool], known: int | None, expected: float) -> None:
    assert average_precision(ranked, known=known) == pytest.approx(expected)


def test_places_left_empty_count_against_precision() -> None:
    assert precision_at_k([YES, NO, YES], 2) == 0.5
    assert precision_at_k([YES], 10) == 0.1


@pytest.mark.parametrize(
    ("marked", "true", "expected"),
    [
        ([YES, YES, YES, NO], [YES, NO, NO, YES], (1 / 3, 1 / 2, 0.4)),
        ([NO, NO], [YES, NO], (0, 0, 0)),
        ([YES, NO], [NO, NO], (0, 0, 0)),
        ([YES], [YES], (1, 1, 1)),
    ],
)
def test_precision_recall_and_f1(marked: list[bool], true: list[bool], expected: tuple[float, float, float]) -> None:
    assert precision_recall_f1(marked, true) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("chances", "true", "expected"),
    [
        ([0.5, 0.5], [YES, NO], 0.0),
        ([0.0, 1.0], [NO, YES], 0.0),
        ([1.0, 1.0], [NO, NO], 1.0),
        ([0.9, 0.1, 0.1, 0.1], [NO, NO, NO, NO], 0.3),
        # In one bin together these are right on the whole, apart they are not.
        ([0.41, 0.49], [NO, YES], 0.05),
        ([0.35, 0.45], [NO, YES], 0.45),
        ([], [], 0.0),
    ],
)
def test_calibration_error_weighs_each_bin_by_its_size(chances: list[float], true: list[bool], expected: float) -> None:
    assert calibration_error(chances, true) == pytest.approx(expected)


def test_the_mean_of_nothing_is_zero() -> None:
    assert mean([]) == 0
    assert mean([1, 2]) == 1.5


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (8, 10, 0.490, 0.943),
        (0, 10, 0.0, 0.278),
        (10, 10, 0.722, 1.0),
        (81, 263, 0.255, 0.366),  # Newcombe's own example of a large sample
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilsons_interval_of_a_share(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@given(shares())
def test_wilsons_interval_holds_the_share_and_stays_within_0_to_1(share: tuple[int, int]) -> None:
    hits, of = share
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1


@given(shares(), st.integers(2, 50))
def test_wilsons_interval_grows_narrower_with_more_of_the_same(share: tuple[int, int], times: int) -> None:
    hits, of = share
    (low, high), (narrow_low, narrow_high) = wilson(hits, of), wilson(times * hits, times * of)
    assert narrow_high - narrow_low < high - low


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    assert difference_of_shares(56, 70, 48, 80) == (
        pytest.approx(0.2),
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )


@given(shares(), shares())
def test_the_difference_of_two_shares_is_told_alike_from_both_sides(one: tuple[int, int], two: tuple[int, int]) -> None:
    value, low, high = difference_of_shares(*one, *two)
    assert -1 <= low <= value <= high <= 1
    assert difference_of_shares(*two, *one) == (pytest.approx(-value), pytest.approx(-high), pytest.approx(-low))
