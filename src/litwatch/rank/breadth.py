"""Whether a line is too broad or too narrow, told from a sample of papers: how many a week match, and why so.

Before any paper came the sample is the bundled reference; later it is what the store holds. Both are counted alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from litwatch.model import Line
from litwatch.rank.background import Background
from litwatch.rank.exploring import near_floor
from litwatch.rank.queries import line_vector
from litwatch.rank.ranker import Ranker
from litwatch.rank.reference import Reference

_SHOWINGS, _ROOM = 5, 20
"""A line may be too broad when so many times the room of its digest match a week: four fifths and more would never be
shown. A smaller room than _ROOM is its reader's choice and does not make a line too broad."""
_SHARE = 0.06
"""It is when also more than this share of its categories' papers match. By terms the judged lines, whose matches were
read, have 0.7 to 5.5 %, and lines that say no more than the name of a field 7 % and more. Neither alone would do: there
is more of arXiv than the reference has, and small categories are read through whatever the share."""
_FAR = 2
"""So many times that many a week are too many whatever their share."""
_FEWEST_PAPERS = 100
"""Of a line's categories in the sample; with fewer nothing is told of it."""
_UNKNOWN = 0.2
"""Share of a line's weight on words that no other paper has, from which on it is for them that nothing matches; the
judged lines have 0.05 at most, lines of slips and lines from fields that the background lacks 0.5 and more."""
_MOSTLY_UNKNOWN = 0.4
"""From here on the few matches that there are come by the line's other words."""
_FEW = 2.0
"""Matches a week, at most, of a line whose words are mostly unknown."""
_LONG = 3.99
"""Weeks without a match from which on a line is too narrow."""
_Z = 1.96

Floats = NDArray[np.float64]


class Fit(StrEnum):
    BROAD = "too broad"
    NARROW = "too narrow"
    FINE = "fine"
    UNTOLD = "untold"
    """The sample has too few papers of the line's categories."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was found among papers of a line's categories, all of which were looked at."""

    matched: int
    papers: int
    weeks: float
    """So long it took arXiv to bring these papers."""

    @property
    def weekly(self) -> float:
        """Matches a week."""
        return self.matched / self.weeks

    @property
    def papers_weekly(self) -> float:
        return self.papers / self.weeks

    @property
    def interval(self) -> tuple[float, float]:
        """Matches a week between which the true rate lies, with 95 % (score interval of a Poisson count)."""
        middle, half = self.matched + _Z**2 / 2, _Z * (self.matched + _Z**2 / 4) ** 0.5
        return max(0.0, middle - half) / self.weeks, (middle + half) / self.weeks


def too_many(sample: Sample, most: float) -> bool:
    """Whether more match than a reader can look at, surely. most: matches a week."""
    if sample.papers < _FEWEST_PAPERS:
        return False
    low, _ = sample.interval
    return low > most and (low > _SHARE * sample.papers_weekly or low > _FAR * most)


def too_narrow(sample: Sample) -> bool:
    """Whether nothing matched in four weeks of papers."""
    return not sample.matched and sample.papers >= _FEWEST_PAPERS and sample.weeks >= _LONG


def most_weekly(top: int) -> float:
    """The matches a week from which on a line is too broad. top: papers that a digest has room for."""
    return float(_SHOWINGS * max(top, _ROOM))


# --- by the reference ----------------------------------------------------------------------------------------


def reference_scores(lines: Sequence[Line], ranker: Ranker, reference: Reference) -> Floats:
    """The score of every paper of the reference for every line, papers × lines, 0 to 1; anchors have no part in it.

    How near a paper's best sentence would come to a claim is told from how near the paper as a whole does.
    """
    return ranker.scores_of(reference, lines)


def reference_sample(line: Line, scores: Floats, floor: float, reference: Reference) -> Sample:
    """scores: of each paper of the reference for the line. The line's excluded terms are not looked at."""
    within = reference.within(line.categories)
    return Sample(
        matched=int(np.count_nonzero(scores[within] >= floor)),
        papers=int(np.count_nonzero(within)),
        weeks=reference.papers / reference.weekly,
    )


def fit_to_reference(line: Line, scores: Floats, ranker: Ranker, reference: Reference, *, most: float) -> Fit:
    """scores: of each paper of the reference for the line. most: matches a week, beyond which it is too broad."""
    sample = reference_sample(line, scores, ranker.floor, reference)
    if sample.papers < _FEWEST_PAPERS:
        return Fit.UNTOLD
    if too_many(sample, most):
        return Fit.BROAD
    unknown = unknown_share(line, ranker.background)
    nothing_near = not np.any(scores[reference.within(line.categories)] >= near_floor(ranker.floor))
    if not sample.matched and (nothing_near or unknown >= _UNKNOWN):
        return Fit.NARROW
    if sample.weekly <= _FEW and unknown >= _MOSTLY_UNKNOWN:
        return Fit.NARROW
    return Fit.FINE


def unknown_share(line: Line, background: Background) -> float:
    """Share of the line's weight (squared, for its vector has length 1) on stems that the background does not have,
    0 to 1; 1 where it has no usable word at all."""
    vector = line_vector(line, background)
    if not vector:
        return 1.0
    return sum(weight * weight for stem, weight in vector.items() if stem not in background.frequencies)
