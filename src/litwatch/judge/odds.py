"""From what the cross-encoder and the cues say of a pair to probabilities that can be taken at their word.

Three logistic regressions over four signals, one for each stance (Platt 1999, with more than one score). They were
fitted on judged lines that the cross-encoder was not trained on, each line left out in turn to measure them: see
docs/judging.md.
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
from litwatch.judge.weighing import Features, Logit
from litwatch.model import Stance

_STANCES = ("contradicts", "supersedes", "supports")
_EXPRESS = 2.0
"""What an express argument of full strength adds to a logit. Too few judged pairs have one to fit it; on those lines it
changes next to nothing, and where a paper says plainly that it is so or not so the network must not say the reverse."""

_MOST = 0.9
"""What an express argument adds is not fitted: no mark that nobody has reviewed claims more."""

_DOUBTED = 0.4
"""Where the network itself holds support likelier than a challenge, words alone do not claim more; an express argument
may."""
_SURE = 0.99
"""A sum of two probabilities that comes to more counts as this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signals:
    """The cross-encoder's scores, each as the log of its odds against "none"; and that of words."""

    supports: float
    contradicts: float
    supersedes: float
    topical: float
    """Logit of a challenge by words alone: how much of the claim the paper holds, and of what kind both are."""


def signals(reading: Reading, features: Features, topical: Logit) -> Signals:
    supports, contradicts, supersedes, none = reading.scores
    return Signals(
        supports=supports - none,
        contradicts=contradicts - none,
        supersedes=supersedes - none,
        topical=topical.logit(features),
    )


def _argued(arguments: Arguments) -> float:
    """-1 to 1: the strongest express argument against the claim, less the strongest in words for it."""
    against = arguments.challenge.strength if arguments.challenge else 0.0
    alike = arguments.support.strength if arguments.support and arguments.support.worded else 0.0
    return against - alike


def _sided(arguments: Arguments) -> float:
    """-1 to 1: how expressly the paper contradicts, less how expressly it leaves a limit behind."""
    found = arguments.challenge
    return 0.0 if found is None else found.strength * (1 if found.stance is Stance.CONTRADICTS else -1)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    bias: float
    weights: Mapping[str, float]
    """By the name of the signal."""

    def logit(self, said: Signals) -> float:
        return self.bias + sum(weight * float(getattr(said, name)) for name, weight in self.weights.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibrations:
    topical: Logit
    """Over the cue judge's features; fitted on the lines that the cross-encoder is trained on, for it needs many."""
    contradicts: Calibration
    supersedes: Calibration
    supports: Calibration
    gate: float
    """A pair whose `cover` is less is not read: what such pairs are worth is `unread`."""
    unread: float
    """Probability of a challenge of the pairs below the gate."""

    def odds(self, reading: Reading, features: Features, arguments: Arguments) -> Odds:
        said = signals(reading, features, self.topical)
        argued = _EXPRESS * _argued(arguments)
        chance = challenge(self.contradicts, self.supersedes, said, argued)
        kind = self.contradicts.logit(said) - self.supersedes.logit(said)
        share = _probability(kind + _EXPRESS * _sided(arguments))
        return Odds(
            supports=min(_probability(self.supports.logit(said) - argued), 1 - chance),
            challenge=chance,
            contradicts=chance * share,
            supersedes=chance * (1 - share),
            against=_probability(said.contradicts - said.supports + argued),
        )


def challenge(contradicts: Calibration, supersedes: Calibration, said: Signals, argued: float = 0.0) -> float:
    """The probability of a challenge of either kind.

    argued: what an express argument adds to the logit.
    """
    either = _probability(contradicts.logit(said)) + _probability(supersedes.logit(said))
    bound = _DOUBTED if _reads_support(said) else _SURE
    odds = min(either, bound)
    odds = odds / (1 - odds) * math.exp(argued)
    return min(_MOST, odds / (1 + odds))


def _reads_support(said: Signals) -> bool:
    """Whether the network itself holds support likelier than a challenge of either kind."""
    most = max(said.contradicts, said.supersedes)
    either = most + math.log(sum(math.exp(one - most) for one in (said.contradicts, said.supersedes)))
    return said.supports > either


@cache
def bundled_calibrations() -> Calibrations:
    """Those of calibration.json, written by `litwatch train-judge`."""
    source = resources.files("litwatch.judge") / "minilm" / "calibration.json"
    return read_calibrations(json.loads(source.read_text(encoding="utf-8")))


def read_calibrations(table: Mapping[str, Any]) -> Calibrations:
    """From the form of calibration.json. Raises ValueError for another one."""
    try:
        topical, *stances = (
            (_finite(table[kind]["bias"]), {name: _finite(weight) for name, weight in table[kind]["weights"].items()})
            for kind in ("topical", *_STANCES)
        )
        for given, kind in ((topical[1], Features), *((weights, Signals) for _, weights in stances)):
            if unknown := given.keys() - {field.name for field in fields(kind) if field.type == "float"}:
                raise KeyError(*sorted(unknown))
        return Calibrations(
            topical=Logit(bias=topical[0], weights=topical[1]),
            **{
                name: Calibration(bias=bias, weights=weights)
                for name, (bias, weights) in zip(_STANCES, stances, strict=True)
            },
            gate=_finite(table["gate"]),
            unread=_finite(table["unread"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise ValueError(f"not its form: {fault}") from fault


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number to reckon with")
    return number
