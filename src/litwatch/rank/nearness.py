"""How near papers come to a line by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from litwatch.rank.encoder import DIMENSIONS, Vectors
from litwatch.rank.meaning import LineMeaning, PaperMeaning

_SENTENCE_START, _SENTENCE_SLOPE = 0.17, 0.75
"""The cosine of a claim with a paper's best sentence, by that with the paper as a whole: a regression on the judged
papers and on 400 others, which agree; it errs by 0.056 (standard deviation)."""

_CELLS = 6_000_000
"""Cosines that are held at once, of 4 bytes each."""

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Nearness:
    """Cosines, -1 to 1, of some papers with a line."""

    whole: Floats
    """Per paper, of all its text with the whole line."""
    claims: Floats
    """papers × claims: of the paper's nearest sentence, or its title; a line without claims has its question here."""

    @property
    def together(self) -> Floats:
        """Per paper: of the whole, and of the sentence that comes nearest to any claim; -2 to 2."""
        together: Floats = self.whole + self.claims.max(axis=1)
        return together


def nearness_as_a_whole(line: LineMeaning, vectors: Vectors) -> Nearness:
    """Of papers whose sentences are not known. vectors: papers × DIMENSIONS, of their whole texts."""
    return Nearness(
        whole=(vectors @ line.whole).astype(np.float64),
        claims=_SENTENCE_START + _SENTENCE_SLOPE * (vectors @ line.claims.T).astype(np.float64),
    )


class Reading:
    """The vectors of some papers of a batch."""

    def __init__(self, rows: Rows, meanings: Sequence[PaperMeaning], size: int) -> None:
        """rows: of the papers in their batch, increasing; meanings: theirs; size: papers of the batch."""
        self._place = np.full(size, -1, dtype=np.intp)
        self._place[rows] = np.arange(len(rows))
        self._whole = np.vstack([m.whole for m in meanings]) if meanings else np.zeros((0, DIMENSIONS), np.float32)
        self._parts = np.vstack([m.parts for m in meanings]) if meanings else np.zeros((0, DIMENSIONS), np.float32)
        self._starts = np.cumsum([0, *(len(m.parts) for m in meanings)])

    def nearness(self, lines: Sequence[LineMeaning], rows: Sequence[Rows]) -> Iterator[Nearness]:
        """Line by line, of these papers, which are among those read. rows: per line.

        Some lines at a time are one product with all that was read: to pick each line's papers first takes longer.
        """
        most = max(int(_CELLS // max(len(self._parts), 1)), 1)
        start = 0
        while start < len(lines):
            end, columns = start, 0
            while end < len(lines) and (end == start or columns + len(lines[end].claims) <= most):
                columns += len(lines[end].claims)
                end += 1
            yield from self._some(lines[start:end], rows[start:end])
            start = end

    def _some(self, lines: Sequence[LineMeaning], rows: Sequence[Rows]) -> Iterator[Nearness]:
        cosines = self._parts @ np.vstack([line.claims for line in lines]).T
        best = np.maximum.reduceat(cosines, self._starts[:-1], axis=0) if len(cosines) else cosines
        whole = self._whole @ np.array([line.whole for line in lines]).T
        column = 0
        for number, (line, of_line) in enumerate(zip(lines, rows, strict=True)):
            places = self._place[of_line]
            yield Nearness(
                # The last bits hang on how many are multiplied at once.
                whole=np.asarray(np.round(whole[places, number], 5), dtype=np.float64),
                claims=np.asarray(np.round(best[places, column : column + len(line.claims)], 5), dtype=np.float64),
            )
            column += len(line.claims)

    def parts(self, row: int, towards: Vectors) -> Floats | None:
        """Cosines of the paper's title and sentences, in their order, with one vector; None where it was not read."""
        place = self._place[row]
        if place < 0:
            return None
        found: Floats = (self._parts[self._starts[place] : self._starts[place + 1]] @ towards).astype(np.float64)
        return found
