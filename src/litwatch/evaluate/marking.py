"""What a judge marks on judged pairs of a claim and a paper, measured; and other judges on the same pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from litwatch.evaluate.comparison import Difference
from litwatch.evaluate.judges import JudgePairs, OtherJudge
from litwatch.evaluate.measures import average_precision, calibration_error, precision_at_k, precision_recall_f1
from litwatch.model import Claim, Evidence, Line, Paper

_RESAMPLES = 1000
_SEED = 20250601


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a judge is asked of one line, and what it should mark."""

    line: Line
    pairs: tuple[tuple[Claim, Paper], ...]
    challenges: Collection[tuple[str, str]]
    """(claim, paper) of what contradicts or supersedes."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One claim and one judged paper with what the judge says of them."""

    line: str
    claim: str
    paper: str
    evidence: Evidence
    marked: bool
    true: bool

    def as_verdict(self) -> dict[str, object]:
        return {
            "line": self.line,
            "claim": self.claim,
            "paper": self.paper,
            "stance": self.evidence.stance.value,
            "probability": self.evidence.challenge,
            "marked": self.marked,
            "sentence": self.evidence.sentence,
        }


@dataclass(frozen=True, kw_only=True)
class Marking:
    pairs: int
    positives: int
    marked: int
    precision: float
    recall: float
    f1: float
    average_precision: float
    precision_10: float
    calibration_error: float
    """Of the probability of a challenge over all pairs; nearly all of them are easy."""
    calibration_error_marked: float
    """The same over the marked pairs alone."""

    def as_json(self) -> dict[str, object]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "average_precision": self.average_precision,
            "precision@10": self.precision_10,
            "calibration_error": self.calibration_error,
            "calibration_error_marked": self.calibration_error_marked,
            "pairs": self.pairs,
            "positives": self.positives,
            "marked": self.marked,
        }


@dataclass(frozen=True, kw_only=True)
class JudgeReport:
    method: str
    says: str
    marking: Marking
    difference: Difference
    """In average precision; above 0 where ours is the better."""

    def as_json(self) -> dict[str, object]:
        return {
            "method": self.method,
            "says": self.says,
            "average_precision": self.marking.average_precision,
            "precision": self.marking.precision,
            "recall": self.marking.recall,
            "precision@10": self.marking.precision_10,
            "calibration_error": self.marking.calibration_error,
            "difference": vars(self.difference),
        }


def judged_by(judge: JudgePairs, asked: Asked, threshold: float) -> list[Pair]:
    return [
        Pair(
            line=asked.line.slug,
            claim=claim.id,
            paper=paper.arxiv_id,
            evidence=evidence,
            marked=evidence.stance.challenges and evidence.challenge >= threshold,
            true=(claim.id, paper.arxiv_id) in asked.challenges,
        )
        for (claim, paper), evidence in zip(asked.pairs, judge(asked.pairs), strict=True)
    ]


def marking(pairs: Sequence[Pair]) -> Marking:
    true = [pair.true for pair in pairs]
    precision, recall, f1 = precision_recall_f1([pair.marked for pair in pairs], true)
    ranked = [pair.true for pair in _likeliest_first(pairs)]
    marked = [pair for pair in pairs if pair.marked]
    return Marking(
        pairs=len(pairs),
        positives=sum(true),
        marked=len(marked),
        precision=precision,
        recall=recall,
        f1=f1,
        average_precision=average_precision(ranked),
        precision_10=precision_at_k(ranked, 10),
        calibration_error=_calibration_error(pairs),
        calibration_error_marked=_calibration_error(marked),
    )


def _likeliest_first(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.evidence.challenge, pair.line, pair.claim, pair.paper))


def _calibration_error(pairs: Sequence[Pair]) -> float:
    return calibration_error([pair.evidence.challenge for pair in pairs], [pair.true for pair in pairs])


def compare_judges(
    others: Iterable[OtherJudge], asked: Sequence[Asked], ours: Sequence[Pair], *, threshold: float
) -> tuple[JudgeReport, ...]:
    """How others mark the same pairs, best average precision first."""
    reports = []
    for other in others:
        theirs = [pair for one in asked for pair in judged_by(other.judge, one, threshold)]
        reports.append(
            JudgeReport(
                method=other.name,
                says=other.says,
                marking=marking(theirs),
                difference=difference_in_average_precision(ours, theirs),
            )
        )
    return tuple(sorted(reports, key=lambda report: (-report.marking.average_precision, report.method)))


def difference_in_average_precision(ours: Sequence[Pair], theirs: Sequence[Pair]) -> Difference:
    """Ours less theirs over all pairs, with the 95 % percentile interval of 1,000 resamples of the lines (Efron and
    Tibshirani 1993, chapter 13): the pairs of a line have claims and papers in common, so they are drawn together.
    Draws without a challenge tell nothing and are left out; the same pairs give the same interval."""
    place = {line: number for number, line in enumerate(sorted({pair.line for pair in ours}))}
    orders = [_Order(pairs, place) for pairs in (ours, theirs)]
    value, found = orders[0].average_precision() - orders[1].average_precision(), []
    draws = np.random.default_rng(_SEED)
    for _ in range(_RESAMPLES):
        times = np.bincount(draws.integers(len(place), size=len(place)), minlength=len(place))
        if times[orders[0].challenged].any():
            found.append(orders[0].average_precision(times) - orders[1].average_precision(times))
    low, high = np.percentile(found, [2.5, 97.5]) if found else (value, value)
    return Difference(value=value, low=float(low), high=float(high))


class _Order:
    """place: of each line among the lines."""

    def __init__(self, pairs: Iterable[Pair], place: Mapping[str, int]) -> None:
        ordered = _likeliest_first(pairs)
        self._lines = np.array([place[pair.line] for pair in ordered], dtype=np.intp)
        self._true = np.array([pair.true for pair in ordered], dtype=np.bool_)
        self.challenged = np.unique(self._lines[self._true])
        """Places of the lines that have a challenge."""

    def average_precision(self, times: np.ndarray[tuple[int], np.dtype[np.intp]] | None = None) -> float:
        """times: how often each line was drawn, once unless given."""
        true = self._true if times is None else np.repeat(self._true, times[self._lines])
        ranks = np.flatnonzero(true) + 1
        return float((np.arange(1, len(ranks) + 1) / ranks).mean()) if len(ranks) else 0.0
