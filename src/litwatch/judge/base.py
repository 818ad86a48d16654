"""What every judge offers, so that one method can take another's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from litwatch.model import Claim, Evidence, Paper


@dataclass(frozen=True, kw_only=True)
class Odds:
    """The probabilities behind one piece of evidence, each 0 to 1."""

    supports: float
    challenge: float
    """That it contradicts or supersedes."""
    contradicts: float
    supersedes: float
    against: float
    """That the paper contradicts the claim, given that it either supports or contradicts it."""


class Judge(Protocol):
    """Pure and deterministic: what is said of a pair does not depend on the other pairs of the call."""

    @property
    def method(self) -> str:
        """Name and version, as "cues/1"; changed whenever the same pair could be judged otherwise."""

    @property
    def threshold(self) -> float:
        """The probability from which a stance is taken."""

    @property
    def at_once(self) -> int:
        """How many papers of a line are judged between two times that what was judged is kept."""

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        """One piece of evidence for each pair, in order."""

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        """The probabilities that `judge` decides by, in order."""
