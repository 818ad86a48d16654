"""Measures of ranking and marking; pure functions of relevances or labels in the order of a ranking."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_Z = 1.959963984540054
"""Quantile of the normal distribution for an interval at 95 %, two-sided."""


def linear(relevance: float) -> float:
    return relevance


def exponential(relevance: float) -> float:
    """2^relevance − 1: one paper of relevance 3 is worth more than two of 2 (Burges et al. 2005)."""
    return float(2.0**relevance - 1)


def ndcg_at_k(
    ranked: Sequence[float],
    k: int,
    *,
    gain: Callable[[float], float] = linear,
    known: Sequence[float] | None = None,
) -> float:
    """Normalised discounted cumulative gain of the first k, 0 to 1, discounts 1 / log2(rank + 1).

    ranked: relevances, best rank first. known: the relevances of all that could be found, where the ranking does
    not hold them all. 0 where nothing is relevant.
    """
    ideal = _dcg(sorted(ranked if known is None else known, reverse=True)[:k], gain)
    return _dcg(ranked[:k], gain) / ideal if ideal else 0.0


def _dcg(ranked: Sequence[float], gain: Callable[[float], float]) -> float:
    return math.fsum(gain(relevance) / math.log2(rank + 1) for rank, relevance in enumerate(ranked, start=1))


def recall_at_k(ranked: Sequence[bool], k: int, *, known: int | None = None, reachable: bool = False) -> float:
    """Share of the relevant that are among the first k; 0 where nothing is relevant.

    known: how many are relevant, where the ranking does not hold them all. reachable: as a share of min(k, known),
    all that k places can hold.
    """
    relevant = sum(ranked) if known is None else known
    relevant = min(k, relevant) if reachable else relevant
    return sum(ranked[:k]) / relevant if relevant else 0.0


def precision_at_k(ranked: Sequence[bool], k: int) -> float:
    """Share of the first k that are relevant; places that the ranking leaves empty count as not."""
    return sum(ranked[:k]) / k


def average_precision(ranked: Sequence[bool], *, known: int | None = None) -> float:
    """Mean over the relevant of the precision at their rank, 0 for those not ranked (as TREC's `map`)."""
    relevant = sum(ranked) if known is None else known
    found, total = 0, 0.0
    for rank, hit in enumerate(ranked, start=1):
        if hit:
            found += 1
            total += found / rank
    return total / relevant if relevant else 0.0


def precision_recall_f1(marked: Sequence[bool], true: Sequence[bool]) -> tuple[float, float, float]:
    """Of what is marked, the share that is true; of what is true, the share marked; their harmonic mean.

    A share of nothing is 0.
    """
    both = sum(m and t for m, t in zip(marked, true, strict=True))
    precision = both / sum(marked) if any(marked) else 0.0
    recall = both / sum(true) if any(true) else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1


def calibration_error(chances: Sequence[float], true: Sequence[bool], *, bins: int = 10) -> float:
    """How far probabilities are from shares: over bins of equal width, weighed by how many fall into each, the mean
    of |mean probability − share that is true| (Naeini et al. 2015). 0 for none."""
    fallen: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for chance, hit in zip(chances, true, strict=True):
        fallen[min(int(chance * bins), bins - 1)].append((chance, hit))
    return sum(abs(math.fsum(chance - hit for chance, hit in one)) for one in fallen) / len(chances) if chances else 0.0


def mean(values: Sequence[float]) -> float:
    """0 for no values."""
    return math.fsum(values) / len(values) if values else 0.0


def wilson(hits: int, of: int, *, z: float = _Z) -> tuple[float, float]:
    """The score interval of a share of which `hits` of `of` were seen (Wilson 1927), by default at 95 %.

    Unlike the share plus or minus its error it stays within 0 to 1, and is honest for few and for none: of nothing it
    is all of 0 to 1.
    """
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    # Rounding may put a bound past a share that is all or nothing.
    return (max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))


def difference_of_shares(hits: int, of: int, hits_before: int, of_before: int) -> tuple[float, float, float]:
    """The first share less the second, and its 95 % interval (Newcombe 1998, his method 10: from Wilson's bounds).

    Neither may be of nothing.
    """
    share, before = hits / of, hits_before / of_before
    (low, high), (low_before, high_before) = wilson(hits, of), wilson(hits_before, of_before)
    value = share - before
    return (
        value,
        value - math.hypot(share - low, high_before - before),
        value + math.hypot(high - share, before - low_before),
    )
