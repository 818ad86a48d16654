"""From the network's scores to probabilities: fitted on judged lines that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from litwatch.evaluate.lines import JudgedLine, read_judged
from litwatch.evaluate.measures import average_precision
from litwatch.judge.argument import argue
from litwatch.judge.cross_encoder import CrossEncoder
from litwatch.judge.odds import Signals, signals
from litwatch.judge.passage import passage
from litwatch.judge.reading import bundled_idf, read_claim, read_paper
from litwatch.judge.weighing import measure
from litwatch.model import Paper, Stance

GATE = -1.2
"""Pairs whose `cover` is less are not read: see docs/judging.md for what that misses."""
SIGNALS = {"challenge": ("challenge", "supports", "cover", "argued"), "supports": ("supports", "challenge", "cover")}
"""What each of the two regressions reads."""
_BINS = 10
_STRENGTH = 1.0
"""Inverse of the regressions' L2 penalty (scikit-learn's C)."""

Chances = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class JudgedPair:
    line: str
    claim: str
    paper: str
    stance: Stance
    signals: Signals
    scores: tuple[float, ...]


def judged_pairs(folder: Path, papers: Mapping[str, Paper], encoder: CrossEncoder) -> list[JudgedPair]:
    """Every claim of judged lines with every paper judged for its line, as the network reads them."""
    return [pair for line in read_judged(folder) for pair in _pairs(line, papers, encoder)]


def _pairs(judged: JudgedLine, papers: Mapping[str, Paper], encoder: CrossEncoder) -> Iterable[JudgedPair]:
    idf = bundled_idf()
    for name in judged.relevance:
        paper = papers[name]
        read = read_paper(paper)
        for claim in judged.line.claims:
            asked = read_claim(claim, idf)
            reading = encoder.read(passage(claim.full_text, paper, encoder.pieces, idf))
            yield JudgedPair(
                line=judged.line.slug,
                claim=claim.id,
                paper=name,
                stance=judged.stances.get((claim.id, name), Stance.NONE),
                signals=signals(reading, measure(asked, read), argue(asked, read, idf)),
                scores=reading.scores,
            )


@dataclass(frozen=True, kw_only=True)
class Fit:
    bias: float
    weights: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        return {"bias": round(self.bias, 5), "weights": {name: round(w, 5) for name, w in self.weights.items()}}


def calibrated(pairs: Sequence[JudgedPair]) -> dict[str, object]:
    """In the form of calibration.json: both regressions over the pairs above the gate, and how well they do on lines
    that they were not fitted on."""
    read = [pair for pair in pairs if pair.signals.cover >= GATE]
    unread = [pair for pair in pairs if pair.signals.cover < GATE]
    low = (sum(pair.stance.challenges for pair in unread) + 0.5) / (len(unread) + 1)
    chances = np.concatenate([left_out(read, "challenge"), np.full(len(unread), low)])
    return {
        "challenge": fitted(read, "challenge").as_json(),
        "supports": fitted(read, "supports").as_json(),
        "gate": GATE,
        "unread": round(low, 5),
        "measured": marking(chances, _is([*read, *unread], "challenge"), 0.5),
    }


def fitted(pairs: Sequence[JudgedPair], kind: str) -> Fit:
    """kind: "challenge" or "supports"."""
    names = SIGNALS[kind]
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(_columns(pairs, names), _is(pairs, kind))
    return Fit(bias=float(model.intercept_[0]), weights=dict(zip(names, map(float, model.coef_[0]), strict=True)))


def left_out(pairs: Sequence[JudgedPair], kind: str) -> Chances:
    """For each pair the probability by a regression that was fitted without its line."""
    lines = np.array([pair.line for pair in pairs])
    chances = np.zeros(len(pairs))
    for line in sorted(set(lines)):
        others = [pair for pair in pairs if pair.line != line]
        here = lines == line
        fit = fitted(others, kind)
        columns = _columns([pair for pair in pairs if pair.line == line], tuple(fit.weights))
        chances[here] = 1 / (1 + np.exp(-(fit.bias + columns @ np.array(list(fit.weights.values())))))
    return chances


def _columns(pairs: Sequence[JudgedPair], names: Sequence[str]) -> Chances:
    return np.array([[getattr(pair.signals, name) for name in names] for pair in pairs])


def _is(pairs: Sequence[JudgedPair], kind: str) -> NDArray[np.bool_]:
    return np.array(
        [pair.stance.challenges if kind == "challenge" else pair.stance is Stance.SUPPORTS for pair in pairs]
    )


def calibration_error(chances: Sequence[float] | Chances, right: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini et al. 2015): mean distance of probability and share, in equal bins."""
    said, was = np.asarray(chances, dtype=float), np.asarray(right, dtype=float)
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    found = 0.0
    for number in range(_BINS):
        here = bins == number
        if here.any():
            found += here.mean() * abs(said[here].mean() - was[here].mean())
    return float(found)


def marking(chances: Chances, right: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """Precision and recall of what reaches the threshold, average precision and calibration error."""
    marked = chances >= threshold
    order = np.argsort(-chances, kind="stable")
    return {
        "marked": float(marked.sum()),
        "precision": float(right[marked].mean()) if marked.any() else 0.0,
        "recall": float(right[marked].sum() / max(1, right.sum())),
        "average_precision": average_precision([bool(right[row]) for row in order]),
        "calibration_error": calibration_error(chances, right),
    }
