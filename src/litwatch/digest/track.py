"""How often marks proved right for this reader so far: pure counting, as far as the numbers carry it.

A mark is a verdict that calls a paper a challenge with at least the threshold's probability; that is of either kind,
contradiction or supersession, and so both are counted together. It proved right where the reader's last word on it is
"confirmed". What the reader chose to review is no sample of all marks: it is told as what it is, without a rate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from litwatch.model import Band, Reviewed, Track

FEWEST = 5
"""Reviewed marks from which on it is said how many were right: of fewer, one more could turn it over."""
FEWEST_TO_DIVIDE = 20
"""From which on they are divided by probability."""
_BANDS = 3


def tracks(reviewed: Sequence[Reviewed], methods: Collection[str], threshold: float) -> tuple[Track, ...]:
    """One record for each of these methods, by name; last the one of all methods together, in the place of those of
    which fewer than five marks were reviewed, where there are marks by other methods.

    reviewed: of any method and probability, in any order; those below the threshold are no marks and are passed over.
    """
    marks = [one for one in reviewed if one.probability >= threshold]
    own = {method: [one for one in marks if one.method == method] for method in sorted(methods)}
    scarce = [method for method, found in own.items() if len(found) < FEWEST and len(found) < len(marks)]
    told = [_track(method, found, threshold) for method, found in own.items() if method not in scarce]
    return (*told, *([_track("", marks, threshold)] if scarce else ()))


def track_of(found: Sequence[Track], method: str) -> Track | None:
    """The record that speaks for marks of this method; None where none of `tracks` does."""
    return next((track for name in (method, "") for track in found if track.method == name), None)


def alike(track: Track, probability: float) -> Band | None:
    """Of a record the marks about as probable as that; None where fewer than five of them were reviewed."""
    near = next((band for band in reversed(track.bands) if probability >= band.low), None)
    return near if near and near.reviewed >= FEWEST else None


def _track(method: str, marks: Sequence[Reviewed], threshold: float) -> Track:
    divided = _bands(marks, threshold) if len(marks) >= FEWEST_TO_DIVIDE else ()
    return Track(method=method, reviewed=len(marks), right=sum(one.right for one in marks), bands=divided)


def _bands(marks: Sequence[Reviewed], threshold: float) -> tuple[Band, ...]:
    """Thirds of the range from the threshold to 1."""
    edges = [threshold + (1 - threshold) * step / _BANDS for step in range(_BANDS)]
    of_band: list[list[Reviewed]] = [[] for _ in edges]
    for one in marks:
        of_band[max(place for place, low in enumerate(edges) if one.probability >= low)].append(one)
    return tuple(
        Band(low=low, high=high, reviewed=len(inside), right=sum(one.right for one in inside))
        for low, high, inside in zip(edges, [*edges[1:], 1.0], of_band, strict=True)
    )
