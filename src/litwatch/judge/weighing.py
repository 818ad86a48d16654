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
        cover=math.log(0.15 + bm25 / claim.total) if claim.total else math.log(0.15),
        sentence=max(shared) / math.sqrt(claim.total) if claim.total else 0.0,
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

    def probability(self, features: Features) -> float:
        z = self.bias + sum(weight * features.value(name) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    supports: Logit
    contradicts: Logit
    supersedes: Logit
    against: Logit

    def odds(self, features: Features) -> Odds:
        return Odds(
            supports=self.supports.probability(features),
            contradicts=self.contradicts.probability(features),
            supersedes=self.supersedes.probability(features),
            against=self.against.probability(features),
        )


@lru_cache(maxsize=1)
def bundled_weights() -> Weights:
    """The weights of weights.json, written by tools/fit_cue_judge.py."""
    table = json.loads((files("litwatch.judge") / "weights.json").read_text(encoding="utf-8"))
    return Weights(**{name: Logit(bias=fit["bias"], weights=fit["weights"]) for name, fit in table.items()})


# A challenge or support that is argued for has FLOOR + SPAN × strength; the most that an unreviewed mark may claim is
# their sum. One that is not argued for is held below one half: nearness alone is no evidence.
_FLOOR, _SPAN = 0.3, 0.6
_UNARGUED = 0.28


def winner(arguments: Arguments) -> Argument | None:
    """The stronger argument; at a draw that for support, since a false alarm costs more than a late one."""
    challenge, support = arguments.challenge, arguments.support
    if challenge and (not support or challenge.strength > support.strength):
        return challenge
    return support


def settle(topical: Odds, arguments: Arguments) -> Odds:
    """The probabilities to decide by: those of the winning argument, and what nearness says of the other stances."""
    won = winner(arguments)
    argued = _FLOOR + _SPAN * won.strength if won else 0.0
    if won and won.stance.challenges:
        return Odds(
            supports=_UNARGUED * topical.supports,
            contradicts=argued if won.stance is Stance.CONTRADICTS else 0.0,
            supersedes=argued if won.stance is Stance.SUPERSEDES else 0.0,
            against=topical.against,
        )
    held = _UNARGUED * (1 - 0.7 * won.strength if won else 1.0)
    return Odds(
        supports=argued or _UNARGUED * topical.supports,
        contradicts=held * topical.contradicts,
        supersedes=held * topical.supersedes,
        against=topical.against,
    )
