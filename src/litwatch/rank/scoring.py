"""From products and nearnesses to scores: what a paper comes to on a line, and on each of its claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from litwatch.rank.feedback import moved
from litwatch.rank.nearness import Nearness

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

CLAIM_SHARE = 0.5
"""Weight of the claim that fits best against the whole line, in what shared terms come to."""
LIKELY = 0.05
"""Score by shared terms from which on a paper is read by meaning: for a line a tenth of all papers. Of the 850 judged
papers above the floor that bear on a claim or are useful background one lies below (docs/ranking.md)."""

_SLOPE, _MIDDLE = 2.7, 1.6
"""The logistic curve from products alone to scores, set on the judged lines: near the share that bears directly on a
claim among the judged papers of that product."""
_WORDS, _NEAR, _START = 1.92, 4.3, -8.1
"""The curve with meaning, a logistic regression on the judged lines with the product and the two nearnesses weighted as
ranking found best."""
USUAL = 0.75
"""What the two nearnesses come to together, on the judged lines, for a random paper that is likely by its terms: from
0.71 to 0.81. A line of few words comes to as little as 0.4, and is brought to this level; also taken for a paper that
is not read."""


@dataclass(frozen=True)
class LineScores:
    """Of one line and the papers of a batch."""

    products: Floats
    """papers × (the line, then its open claims): with each the product of shared terms, less a random paper's."""
    rows: Rows
    """Of the papers that were read by meaning, increasing."""
    near: Nearness | None
    """Of those papers; None where nothing is read by meaning."""
    level: float = USUAL
    """What the two nearnesses come to together for random papers that are likely by the line's terms."""
    shift: Floats | None = None
    """What the reader's feedback moves each paper's logit by; None where none acts."""

    @property
    def logits(self) -> Floats:
        """Per paper, without feedback."""
        joined = _joined(self.products)
        if self.near is None:
            return _SLOPE * (joined - _MIDDLE)
        logits = _WORDS * joined + (_NEAR * USUAL + _START)
        logits[self.rows] += _NEAR * (self.near.together - self.level)
        return logits

    @property
    def base(self) -> Floats:
        """Per paper, 0 to 1, without feedback."""
        return _score(self.logits)

    @property
    def final(self) -> Floats:
        """Per paper, 0 to 1."""
        return self.base if self.shift is None else moved(self.base, self.shift)

    def claims(self, row: int) -> Floats:
        """Of one paper, the score on each open claim taken by itself, 0 to 1."""
        products = self.products[row, 1:]
        if self.near is None:
            return _score(_SLOPE * (products - _MIDDLE))
        near = np.zeros(len(products))
        place = int(np.searchsorted(self.rows, row))
        if place < len(self.rows) and self.rows[place] == row and len(products):
            near = self.near.whole[place] + self.near.claims[place] - self.level
        return _score(_WORDS * products + _NEAR * (near + USUAL) + _START)

    def semantic(self, row: int) -> float:
        """Share that meaning has beside shared terms in what lifts a paper, 0 to 1."""
        place = int(np.searchsorted(self.rows, row))
        if self.near is None or place == len(self.rows) or self.rows[place] != row:
            return 0.0
        near = _NEAR * max(float(self.near.together[place]) - self.level, 0.0)
        words = _WORDS * max(float(_joined(self.products[row : row + 1])[0]), 0.0)
        return round(near / (near + words), 4) if near else 0.0


def likely(products: Floats) -> Rows:
    """The papers that are worth reading by meaning. products: as `LineScores` has them."""
    return np.flatnonzero(_SLOPE * (_joined(products) - _MIDDLE) >= np.log(LIKELY / (1 - LIKELY)))


def scores_by_terms(products: Floats) -> Floats:
    """Per paper, 0 to 1, as without meaning. products: as `LineScores` has them."""
    return _score(_SLOPE * (_joined(products) - _MIDDLE))


def _joined(products: Floats) -> Floats:
    """Whole line and best claim in one."""
    joined: Floats = products[:, 0]
    if products.shape[1] > 1:
        joined = (1 - CLAIM_SHARE) * joined + CLAIM_SHARE * products[:, 1:].max(axis=1)
    return joined


def _score(logits: Floats) -> Floats:
    scores: Floats = 1 / (1 + np.exp(-logits))
    return np.round(scores, 6)  # the last bits of a sum are no reason to put one paper before another
