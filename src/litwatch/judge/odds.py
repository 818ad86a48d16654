"""From what the cross-encoder and the cues say of a pair to probabilities that can be taken at their word.

Two logistic regressions over a few signals: one for a challenge of either kind, one for support (Platt 1999, with more
than one score). They were fitted on judged lines that the cross-encoder was not trained on, each line left out in turn
to measure them: see docs/judging.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from litwatch.judge.argument import Arguments
from litwatch.judge.base import Odds
from litwatch.judge.cross_encoder import Reading
from litwatch.judge.weighing import Features


@dataclass(frozen=True, kw_only=True, slots=True)
class Signals:
    challenge: float
    """Logit of "contradicts or supersedes" against all else, as the cross-encoder has it."""
    supports: float
    """Logit of "supports" against all else."""
    cover: float
    """As in the cue judge's features: how much of the claim's words title and abstract hold."""
    argued: float
    """0 to 1: the strongest express argument against the claim, less the strongest for it."""


def signals(reading: Reading, features: Features, arguments: Arguments) -> Signals:
    supports, contradicts, supersedes, none = reading.scores
    against = arguments.challenge.strength if arguments.challenge else 0.0
    alike = arguments.support.strength if arguments.support and arguments.support.worded else 0.0
    return Signals(
        challenge=_either(contradicts, supersedes) - _either(supports, none),
        supports=supports - _either(contradicts, supersedes, none),
        cover=features.cover,
        argued=against - alike,
    )


def _either(*logits: float) -> float:
    """The logit of any of several classes: log of the sum of exponentials."""
    most = max(logits)
    return most + math.log(sum(math.exp(logit - most) for logit in logits))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    bias: float
    weights: Mapping[str, float]
    """By the name of the signal."""

    def probability(self, said: Signals) -> float:
        return _probability(self.bias + sum(weight * getattr(said, name) for name, weight in self.weights.items()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibrations:
    challenge: Calibration
    supports: Calibration
    gate: float
    """A pair whose `cover` is less is not read: what such pairs are worth is `unread`."""
    unread: float
    """Probability of a challenge of the pairs below the gate."""

    def odds(self, reading: Reading, said: Signals) -> Odds:
        supports, contradicts, supersedes, _ = reading.scores
        challenge = self.challenge.probability(said)
        share = _probability(contradicts - supersedes)
        return Odds(
            supports=min(self.supports.probability(said), 1 - challenge),
            challenge=challenge,
            contradicts=challenge * share,
            supersedes=challenge * (1 - share),
            against=_probability(_either(contradicts, supersedes) - supports),
        )


@cache
def bundled_calibrations() -> Calibrations:
    """Those of calibration.json, written by `litwatch train-judge`."""
    source = resources.files("litwatch.judge") / "minilm" / "calibration.json"
    return read_calibrations(json.loads(source.read_text(encoding="utf-8")))


def read_calibrations(table: Mapping[str, Any]) -> Calibrations:
    """From the form of calibration.json. Raises ValueError for another one."""
    try:
        challenge, supports = (
            Calibration(
                bias=float(table[kind]["bias"]),
                weights={name: float(weight) for name, weight in table[kind]["weights"].items() if _NAMES[name]},
            )
            for kind in ("challenge", "supports")
        )
        return Calibrations(
            challenge=challenge, supports=supports, gate=float(table["gate"]), unread=float(table["unread"])
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"not of the form that train-judge writes ({fault})") from fault


_NAMES = {field.name: True for field in fields(Signals)}
