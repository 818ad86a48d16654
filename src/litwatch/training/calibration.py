"""From the network's scores to probabilities: fitted on judged lines that it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from litwatch.errors import DataError
from litwatch.evaluate.lines import JudgedLine
from litwatch.evaluate.measures import average_precision, calibration_error
from litwatch.judge.cross_encoder import CrossEncoder, Reading
from litwatch.judge.odds import Calibration, challenge, signals
from litwatch.judge.passage import passage
from litwatch.judge.reading import bundled_idf, read_claim, read_paper
from litwatch.judge.weighing import Features, Logit, measure
from litwatch.model import Paper, Stance
from litwatch.training.examples import GATE

TOPICAL = ("cover", "sentence", "method", "limit", "gains", "against", "remedy")
SIGNALS = ("supports", "contradicts", "supersedes", "topical")
"""What the regressions of the stances read."""
STANCES = (Stance.CONTRADICTS, Stance.SUPERSEDES, Stance.SUPPORTS)
_STRENGTH = 1.0
"""Inverse of the regressions' L2 penalty (scikit-learn's C)."""

Chances = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class JudgedPair:
    line: str
    claim: str
    paper: str
    stance: Stance
    features: Features
    reading: Reading | None
    """None where the cross-encoder was not asked."""


def judged_pairs(
    lines: Sequence[JudgedLine], papers: Mapping[str, Paper], encoder: CrossEncoder | None
) -> Iterator[JudgedPair]:
    """Every claim of judged lines with every paper judged for its line. encoder: reads those above the gate; None
    leaves it at the words."""
    idf = bundled_idf()
    papers_read = {name: read_paper(papers[name]) for line in lines for name in line.relevance}
    for judged in lines:
        pairs = [
            (claim, name, measure(asked, papers_read[name]))
            for claim, asked in ((claim, read_claim(claim, idf)) for claim in judged.line.claims)
            for name in judged.relevance
        ]
        readings: dict[tuple[str, str], Reading] = {}
        if encoder:
            wanted = [(claim, name) for claim, name, features in pairs if features.cover >= GATE]
            passages = [passage(claim.full_text, papers[name], encoder.pieces, idf) for claim, name in wanted]
            keys = [(claim.id, name) for claim, name in wanted]
            readings = dict(zip(keys, encoder.read_all(passages), strict=True))
        for claim, name, features in pairs:
            yield JudgedPair(
                line=judged.line.slug,
                claim=claim.id,
                paper=name,
                stance=judged.stances.get((claim.id, name), Stance.NONE),
                features=features,
                reading=readings.get((claim.id, name)),
            )


def topical(pairs: Sequence[JudgedPair]) -> Logit:
    """How likely a challenge is by words alone; over some ten thousand pairs or more."""
    columns = np.array([[pair.features.value(name) for name in TOPICAL] for pair in pairs])
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(columns, _challenged(pairs))
    return Logit(bias=float(model.intercept_[0]), weights=dict(zip(TOPICAL, map(float, model.coef_[0]), strict=True)))


def calibrated(pairs: Sequence[JudgedPair], by_words: Logit) -> dict[str, object]:
    """In the form of calibration.json: the regressions over the pairs that were read, and how well they do on lines
    that they were not fitted on. Raises DataError where pairs of fewer than two lines were read."""
    read = [pair for pair in pairs if pair.reading]
    unread = [pair for pair in pairs if not pair.reading]
    if len({pair.line for pair in read}) < 2:
        raise DataError("the judged lines have pairs that share words on fewer than two lines: nothing can be fitted")
    low = (sum(pair.stance.challenges for pair in unread) + 0.5) / (len(unread) + 1)
    chances = np.concatenate([left_out(read, by_words), np.full(len(unread), low)])
    return {
        "topical": _as_json(by_words),
        **{stance.value: _as_json(fitted(read, stance, by_words)) for stance in STANCES},
        "gate": GATE,
        "unread": round(low, 5),
        "measured": marking(chances, _challenged([*read, *unread]), 0.5),
    }


def fitted(pairs: Sequence[JudgedPair], stance: Stance, by_words: Logit) -> Calibration:
    """The regression of one stance; of one that no pair has, what none of so many leaves to expect."""
    wanted = np.array([pair.stance is stance for pair in pairs])
    if not wanted.any():
        return Calibration(bias=-math.log(2 * len(pairs) + 1), weights=dict.fromkeys(SIGNALS, 0.0))
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(_columns(pairs, by_words), wanted)
    return Calibration(
        bias=float(model.intercept_[0]), weights=dict(zip(SIGNALS, map(float, model.coef_[0]), strict=True))
    )


def left_out(pairs: Sequence[JudgedPair], by_words: Logit) -> Chances:
    """For each pair the probability of a challenge by regressions that were fitted without its line; express arguments
    have no part in it. All pairs have a reading."""
    said = [signals(pair.reading, pair.features, by_words) for pair in pairs if pair.reading]
    chances = np.zeros(len(pairs))
    for line in sorted({pair.line for pair in pairs}):
        others = [pair for pair in pairs if pair.line != line]
        against, beyond = (fitted(others, stance, by_words) for stance in (Stance.CONTRADICTS, Stance.SUPERSEDES))
        for row, pair in enumerate(pairs):
            if pair.line == line:
                chances[row] = challenge(against, beyond, said[row])
    return chances


def _columns(pairs: Sequence[JudgedPair], by_words: Logit) -> Chances:
    found = [signals(pair.reading, pair.features, by_words) for pair in pairs if pair.reading]
    return np.array([[getattr(said, name) for name in SIGNALS] for said in found])


def _challenged(pairs: Sequence[JudgedPair]) -> NDArray[np.bool_]:
    return np.array([pair.stance.challenges for pair in pairs])


def _as_json(fit: Logit | Calibration) -> dict[str, object]:
    return {"bias": round(fit.bias, 5), "weights": {name: round(weight, 5) for name, weight in fit.weights.items()}}


def marking(chances: Chances, right: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """Precision and recall of what reaches the threshold, average precision and calibration error."""
    marked = chances >= threshold
    order = np.argsort(-chances, kind="stable")
    return {
        "pairs": float(len(chances)),
        "marked": float(marked.sum()),
        "precision": float(right[marked].mean()) if marked.any() else 0.0,
        "recall": float(right[marked].sum() / max(1, right.sum())),
        "average_precision": average_precision([bool(right[row]) for row in order]),
        "calibration_error": calibration_error(list(map(float, chances)), list(map(bool, right))),
    }
