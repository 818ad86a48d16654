from __future__ import annotations

from math import log2

import pytest

from litwatch.evaluate.measures import (
    average_precision,
    exponential,
    mean,
    ndcg_at_k,
    precision_at_k,
    precision_recall_f1,
    recall_at_k,
)

NO, YES = False, True


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


def test_the_mean_of_nothing_is_zero() -> None:
    assert mean([]) == 0
    assert mean([1, 2]) == 1.5
