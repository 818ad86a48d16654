"""Which share of the useful papers was told: estimated from a few drawn by chance from what had no place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litwatch.evaluate.measures import wilson
from litwatch.evaluate.shares import FEWEST, Share, Unknown, rounded

FEWEST_DRAWN = 10
"""Marks on explored papers without which there is no recall: none useful of 10 still leaves 3 in 10 of all possible."""
WIDEST = 0.75
"""An interval of recall that leaves more than this open is told as "not enough to tell"."""
_TAIL = 0.025


@dataclass(frozen=True, kw_only=True)
class Drawn:
    chance: float
    """With which it was drawn, above 0 to 1."""
    useful: bool | None
    """The reader's word; None where there is none."""
    near: bool = False
    """Whether its score was below the floor; else it was a match that had no place."""


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A number of papers, with its 95 % interval."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        return rounded({name: getattr(self, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class Recall:
    """The useful papers that were told by their score, as a share of those and of the ones below the floor, as far as
    these were drawn from."""

    value: float
    low: float
    high: float
    """The bounds of both parts at their worst: rather too wide than too narrow for 95 %."""
    told_useful: float
    """Estimated: those marked, and as many of the others as of those."""
    missed_useful: float
    missed_low: float
    missed_high: float

    def as_json(self) -> dict[str, Any]:
        return rounded({name: getattr(self, name) for name in self.__dataclass_fields__})


def recall(shown: Share, drawn: Sequence[Drawn]) -> Recall | Unknown:
    """shown: of what was told by its score. drawn: what was told of the rest; only those below the floor count, since
    the others may have been told in a later digest."""
    drawn = [one for one in drawn if one.near]
    judged = _judged(drawn)
    if not drawn:
        return Unknown(
            why="no paper below the floor was told to explore yet; rank.explore says how many a digest tells"
        )
    if len(judged) < FEWEST_DRAWN:
        of = f"of {len(drawn)} explored papers below the floor {len(judged)} are marked"
        return Unknown(why=f"{of}, {FEWEST_DRAWN} are needed")
    if shown.marked < FEWEST:
        return Unknown(why=f"of {shown.told} papers told by their score {shown.marked} are marked, {FEWEST} are needed")
    if not shown.useful and not any(one.useful for one in judged):
        return Unknown(why="no marked paper was useful")
    missed = estimate_missed(drawn)
    # What is marked is known; only the rest is estimated.
    unmarked = shown.told - shown.marked
    value, low, high = (
        shown.useful + unmarked * share for share in (shown.useful / shown.marked, *wilson(shown.useful, shown.marked))
    )
    found = Recall(
        value=value / (value + missed.value),
        low=low / (low + missed.high),
        high=high / (high + missed.low) if high else 0.0,
        told_useful=value,
        missed_useful=missed.value,
        missed_low=missed.low,
        missed_high=missed.high,
    )
    if found.high - found.low > WIDEST:
        return Unknown(
            why=f"the marks leave anything from {found.low:.0%} to {found.high:.0%} open;"
            " more marks on explored papers narrow it"
        )
    return found


def without_place(drawn: Sequence[Drawn]) -> Missed | None:
    """The useful matches that had no place when it was drawn among them, as `recall` takes them; None where too few of
    those drawn have a word."""
    drawn = [one for one in drawn if not one.near]
    return estimate_missed(drawn) if len(_judged(drawn)) >= FEWEST_DRAWN else None


def estimate_missed(drawn: Sequence[Drawn]) -> Missed:
    """The useful papers among all those that these were drawn from.

    Each drawn paper stands for 1 / chance of them (Horvitz & Thompson 1952): the sum over the useful ones is unbiased,
    however few they are and however the chances differ. Those without a word are taken to be as useful as those of
    their kind (near or not) with one, whose weights grow by that. The interval is that of Fay & Feuer (1997) for a
    weighted sum of Poisson counts, which holds for few counts and for none, and is rather too wide where the weights
    differ much.

    Raises ValueError where of a kind not one has a word.
    """
    useful: list[float] = []
    heaviest = 0.0
    for kind in _kinds(drawn):
        judged = _judged(kind)
        if not judged:
            raise ValueError("none of these papers was judged")
        growth = math.fsum(1 / one.chance for one in kind) / math.fsum(1 / one.chance for one in judged)
        useful += [growth / one.chance for one in judged if one.useful]
        heaviest = max(heaviest, *(growth / one.chance for one in judged))
    total, variance = math.fsum(useful), math.fsum(weight**2 for weight in useful)
    return Missed(
        value=total,
        low=_gamma_quantile(_TAIL, total, variance) if useful else 0.0,
        high=_gamma_quantile(1 - _TAIL, total + heaviest, variance + heaviest**2),
    )


def _kinds(drawn: Sequence[Drawn]) -> list[list[Drawn]]:
    kinds = [[one for one in drawn if one.near is near] for near in (False, True)]
    return [kind for kind in kinds if kind]


def _judged(drawn: Sequence[Drawn]) -> list[Drawn]:
    return [one for one in drawn if one.useful is not None]


def _gamma_quantile(probability: float, mean: float, variance: float) -> float:
    from scipy.special import gammaincinv

    return float(gammaincinv(mean**2 / variance, probability)) * variance / mean
