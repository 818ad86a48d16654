"""A pair of readings in a handful of numbers, and the numbers in probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from litwatch.judge.argument import Argument, Arguments
from litwatch.judge.base import Odds
from litwatch.judge.reading import ClaimReading, PaperReading
from litwatch.model import Stance

# Okapi BM25 as customary: how soon a repeated term counts no more, how much a long abstract is held back
# (gently: abstracts differ little), and the length in stems of a middling abstract with its title twice.
_SATURATION, _LENGTH_SHARE, _MIDDLING_LENGTH = 1.2, 0.4, 125.0
# Nearness counts no further from here on (about the highest thousandth of the pairs it was fitted on).
_NEAREST, _CLOSEST = 0.7, 2.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Features:
    cover: float
    """ln(0.15 + BM25 of the claim against title and abstract, as a share of the claim's whole weight)."""
    sentence: float
    """idf of the stems that claim and nearest sentence share, per square root of the claim's whole weight."""
    method: float
    limit: float
    gains: float
    against: float
    """These four as in the readings."""
    remedy: float
    """limit × method, for papers that lean to a method: a limitation that meets a new method."""
    clash: float
    """-1 to 1: direction of the claim against that of the nearest sentence."""
    negation: float
    """1 where exactly one of claim and nearest sentence is negated, else 0."""
    shared: tuple[float, ...]
    """For each sentence of the paper, the share of the claim's idf that it holds."""

    def value(self, name: str) -> float:
        value: float = getattr(self, name)
        return value


def measure(claim: ClaimReading, paper: PaperReading) -> Features:
    held_back = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * paper.length / _MIDDLING_LENGTH)
    counts = paper.counts
    matched = {stem: counts[stem] for stem in claim.weights if stem in counts}
    bm25 = sum(claim.weights[s] * n * (_SATURATION + 1) / (n + held_back) for s, n in matched.items())
    shared = tuple(sum(claim.idf[s] for s in matched if s in sentence.stems) for sentence in paper.sentences)
    near = max(range(len(shared)), key=lambda i: (shared[i] * (0.5 + 0.5 * paper.sentences[i].voice), -i))
    sentence = paper.sentences[near]
    return Features(
        cover=math.log(0.15 + min(_NEAREST, bm25 / claim.total)) if claim.total else math.log(0.15),
        sentence=min(_CLOSEST, max(shared) / math.sqrt(claim.total)) if claim.total else 0.0,
        method=paper.method,
        limit=claim.limit,
        gains=paper.gains,
        against=paper.against,
        remedy=claim.limit * max(0.0, paper.method),
        clash=-4 * claim.direction * sentence.direction,
        negation=float(claim.negated != sentence.negated),
        shared=tuple(s / claim.idf_total for s in shared) if claim.idf_total else tuple(0.0 for _ in shared),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Logit:
    """Logistic regression: 1 / (1 + exp(-(bias + Σ weight × feature)))."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Features) -> float:
        return self.bias + sum(weight * features.value(name) for name, weight in self.weights.items())

    def probability(self, features: Features) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.logit(features)))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    supports: Logit
    contradicts: Logit
    supersedes: Logit
    against: Logit

    def odds(self, features: Features) -> Odds:
        return _odds(
            supports=self.supports.probability(features),
            contradicts=self.contradicts.probability(features),
            supersedes=self.supersedes.probability(features),
            against=self.against.probability(features),
        )


def _odds(*, supports: float, contradicts: float, supersedes: float, against: float) -> Odds:
    """A paper may contradict and supersede a claim: the two are taken as independent."""
    return Odds(
        supports=supports,
        challenge=1 - (1 - contradicts) * (1 - supersedes),
        contradicts=contradicts,
        supersedes=supersedes,
        against=against,
    )


@lru_cache(maxsize=1)
def bundled_weights() -> Weights:
    """The weights of weights.json, written by tools/fit_cue_judge.py."""
    table = json.loads((files("litwatch.judge") / "weights.json").read_text(encoding="utf-8"))
    return Weights(**{name: Logit(bias=fit["bias"], weights=fit["weights"]) for name, fit in table.items()})


# What an argument of full strength is worth: no mark that nobody has reviewed claims more.
_MOST = 0.9
# The most that a leaning is worth, and below what other arguments are too faint to stand against it.
_MOST_NEAR, _FAINT = 0.75, 0.25
# Nearness alone is no evidence: without an argument a challenge stays below one half.
_UNARGUED = 0.28


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    odds: Odds
    argument: Argument | None
    """What the stance would rest on."""


def settle(topical: Odds, arguments: Arguments) -> Settled:
    """Probabilities to decide by: what the stronger argument is worth, and what nearness says of the rest.

    At a draw support wins, since a false alarm costs more than a late one. A leaning counts only where nothing is
    said expressly, and no more than nearness alone would give.
    """
    challenge, support, leaning = arguments.challenge, arguments.support, arguments.leaning
    against = _MOST * challenge.strength if challenge else 0.0
    alike = _MOST * support.strength if support else 0.0
    argument = challenge if against > alike else support
    told = max(against, alike if support and support.worded else 0.0)
    if leaning and told < _FAINT and topical.challenge > alike:
        against, argument = min(_MOST_NEAR, topical.challenge), leaning
    held = _UNARGUED * (1 - 0.7 * alike if alike >= against else 1.0)
    supports, contradicts, supersedes = held * topical.supports, held * topical.contradicts, held * topical.supersedes
    if alike >= against:
        supports = max(alike, supports)
    elif argument and against > 1 - (1 - contradicts) * (1 - supersedes):
        supersedes, contradicts = (against, 0.0) if argument.stance is Stance.SUPERSEDES else (0.0, against)
    odds = _odds(supports=supports, contradicts=contradicts, supersedes=supersedes, against=topical.against)
    return Settled(odds=odds, argument=argument)
