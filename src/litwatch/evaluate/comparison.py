"""Other methods measured beside ours, on the same queries and by the same measures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from litwatch.evaluate.measures import mean
from litwatch.evaluate.peers import Method
from litwatch.model import Line, Paper

_AT_ONCE = 200
_RESAMPLES = 10_000
_SEED = 20250601

Measures = tuple[float, ...]
"""The measures of one query; the first is the one that methods are compared by."""
PeersOver = Callable[[Sequence[Paper], Collection[str]], Iterable[Method]]
"""The methods, made ready over these papers; and the arXiv ids of those that are measured."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Mean over the queries of ours less theirs, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class PeerReport:
    method: str
    says: str
    measures: Mapping[str, float]
    """Mean of each measure over the queries."""
    difference: Difference
    """In the first measure; above 0 where ours is the better."""

    def as_json(self) -> dict[str, object]:
        return {"method": self.method, "says": self.says, **self.measures, "difference": vars(self.difference)}


def compare(
    methods: Iterable[Method],
    lines: Sequence[Line],
    anchors: Mapping[str, Paper],
    *,
    names: Sequence[str],
    ours: Sequence[Measures],
    measure: Callable[[int, NDArray[np.float64]], Measures],
) -> tuple[PeerReport, ...]:
    """The reports, best first.

    names: of the measures. ours: per line, of our ranking. measure: of the line at this place, from the scores of
    all papers.
    """
    reports = []
    for method in methods:
        theirs: list[Measures] = []
        for start in range(0, len(lines), _AT_ONCE):
            scores = method.scores(lines[start : start + _AT_ONCE], anchors)
            theirs += [measure(start + place, column) for place, column in enumerate(scores.T)]
        reports.append(
            PeerReport(
                method=method.name,
                says=method.says,
                measures=dict(zip(names, map(mean, zip(*theirs, strict=True)), strict=True)),
                difference=paired_difference([row[0] for row in ours], [row[0] for row in theirs]),
            )
        )
    return tuple(sorted(reports, key=lambda report: (-report.measures[names[0]], report.method)))


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Ours less theirs, with the 95 % percentile interval of 10,000 resamples of the queries (Efron and Tibshirani
    1993, chapter 13); the same figures give the same interval."""
    differences = np.subtract(ours, theirs)
    draws = np.random.default_rng(_SEED)
    count = len(differences)
    means = [differences[draws.integers(count, size=count)].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(value=float(differences.mean()), low=float(low), high=float(high))
