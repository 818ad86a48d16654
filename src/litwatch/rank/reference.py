"""The reference: a random sample of arXiv papers as bags of stems, so that a line is measured before any paper came.

The bundled one was drawn from arXiv's records (metadata under CC0) by tools/build_reference.py. It holds how often
each paper has which stem, and no text, no order of words and no identifier.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Paper
from litwatch.rank.background import Background
from litwatch.rank.encoder import Vectors
from litwatch.rank.meaning import unpacked
from litwatch.rank.weights import paper_stems, saturated

_BUNDLED = "reference.bin.gz"
_VECTORS = "reference_vectors.bin"
"""As `packed` writes them, in the order of the sample."""
_MOST = 255
"""A count is kept in one byte; no abstract says a word more often."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    version: str
    """Name of the records that the papers were drawn from, as "arxiv-2025.1"."""
    weekly: float
    """Papers a week that the sample stands for: of the records that it was drawn from."""
    arxiv_weekly: float
    """Papers a week of all of arXiv in that time."""
    stems: tuple[str, ...]
    """Sorted."""
    counts: sparse.csr_matrix
    """papers × stems, whole numbers: how often title and abstract have it, the title counted TITLE_WEIGHT times."""
    lengths: NDArray[np.float64]
    """Per paper, all of its stems counted so, those that are not among `stems` too."""
    categories: tuple[tuple[str, ...], ...]
    """Per paper."""
    vectors: Vectors | None = None
    """papers × DIMENSIONS, of what the bundled encoder makes of title and abstract; None where that is not known."""

    def weights(self, terms: Sequence[str], background: Background) -> sparse.csr_matrix:
        """The weights of these stems in each paper, papers × terms, as `paper_weights` has them; none for a stem that
        the sample does not know."""
        lengths = np.repeat(self.lengths / background.mean_length, np.diff(self.counts.indptr))
        weights = sparse.csr_matrix(
            (saturated(self.counts.data.astype(np.float64), lengths), self.counts.indices, self.counts.indptr),
            shape=self.counts.shape,
        )
        row_of = {stem: row for row, stem in enumerate(self.stems)}
        known = [(row_of[term], at) for at, term in enumerate(terms) if term in row_of]
        rows, columns = zip(*known, strict=True) if known else ((), ())
        chosen = sparse.csr_matrix((np.ones(len(known)), (rows, columns)), shape=(len(row_of), len(terms)))
        return weights @ chosen

    @property
    def papers(self) -> int:
        return len(self.categories)

    def within(self, categories: Collection[str]) -> NDArray[np.bool_]:
        """Per paper, whether it stands in one of the categories; in any where none is given."""
        wanted = frozenset(categories)
        return np.array([not wanted or not wanted.isdisjoint(each) for each in self.categories], dtype=bool)

    @classmethod
    def counted(
        cls, papers: Iterable[Paper], *, known: Collection[str], version: str, weekly: float, arxiv_weekly: float
    ) -> Reference:
        """The reference that these papers make. known: the stems that are kept."""
        bags = []
        lengths = []
        categories = []
        for paper in papers:
            read = paper_stems(paper)
            bags.append(Counter(stem for stem in read if stem in known))
            lengths.append(len(read))
            categories.append(paper.categories)
        stems = tuple(sorted({stem for bag in bags for stem in bag}))
        column_of = {stem: column for column, stem in enumerate(stems)}
        cells = [
            (row, column_of[stem], min(count, _MOST)) for row, bag in enumerate(bags) for stem, count in bag.items()
        ]
        rows, columns, counts = zip(*cells, strict=True) if cells else ((), (), ())
        matrix = sparse.csr_matrix((counts, (rows, columns)), shape=(len(bags), len(stems)), dtype=np.int32)
        matrix.sort_indices()
        return cls(
            version=version,
            weekly=weekly,
            arxiv_weekly=arxiv_weekly,
            stems=stems,
            counts=matrix,
            lengths=np.array(lengths, dtype=np.float64),
            categories=tuple(categories),
        )

    def written(self) -> bytes:
        """The form that `read` takes; the same bytes for the same sample."""
        names = sorted({name for each in self.categories for name in each})
        place_of = {name: place for place, name in enumerate(names)}
        head = {
            "version": self.version,
            "papers": self.papers,
            "weekly": round(self.weekly, 1),
            "arxiv_weekly": round(self.arxiv_weekly, 1),
            "categories": names,
            "cells": int(self.counts.nnz),
        }
        placed = [[place_of[name] for name in each] for each in self.categories]
        parts = [
            json.dumps(head).encode("ascii"),
            " ".join(self.stems).encode("utf-8"),
            _bytes(self.lengths, "<u2"),
            _bytes([len(each) for each in placed], "<u1"),
            _bytes([place for each in placed for place in each], "<u2"),
            _bytes(np.diff(self.counts.indptr), "<u2"),
            _bytes(_gaps(self.counts), "<u2"),
            _bytes(self.counts.data, "<u1"),
        ]
        return gzip.compress(b"\n".join(parts[:2]) + b"\n" + b"".join(parts[2:]), compresslevel=9, mtime=0)

    @classmethod
    def read(cls, data: bytes) -> Reference:
        """From the bytes that `written` gives."""
        first, second, rest = gzip.decompress(data).split(b"\n", 2)
        head, stems = json.loads(first), tuple(second.decode("utf-8").split())
        papers, cells = head["papers"], head["cells"]
        lengths, rest = _taken(rest, papers, "<u2")
        placed_in, rest = _taken(rest, papers, "<u1")
        places, rest = _taken(rest, int(placed_in.sum()), "<u2")
        per_row, rest = _taken(rest, papers, "<u2")
        gaps, rest = _taken(rest, cells, "<u2")
        counts, rest = _taken(rest, cells, "<u1")
        names = [head["categories"][place] for place in places]
        ends = np.concatenate([[0], np.cumsum(placed_in)])
        indptr = np.concatenate([[0], np.cumsum(per_row)])
        # Each row's columns are given by their distances: the sum of all, less what the rows before it came to.
        sums = np.concatenate([[0], np.cumsum(gaps)])
        columns = sums[1:] - np.repeat(sums[indptr[:-1]], per_row)
        return cls(
            version=head["version"],
            weekly=head["weekly"],
            arxiv_weekly=head["arxiv_weekly"],
            stems=stems,
            counts=sparse.csr_matrix(
                (counts.astype(np.int32), columns.astype(np.int32), indptr.astype(np.int32)),
                shape=(papers, len(stems)),
            ),
            lengths=lengths.astype(np.float64),
            categories=tuple(tuple(names[ends[row] : ends[row + 1]]) for row in range(papers)),
        )


def _bytes(values: object, form: str) -> bytes:
    return np.asarray(values).astype(form).tobytes()


def _gaps(matrix: sparse.csr_matrix) -> NDArray[np.int64]:
    """Per cell, the distance from the column before it in its row, or from column 0."""
    gaps: NDArray[np.int64] = np.diff(matrix.indices, prepend=0).astype(np.int64)
    starts = matrix.indptr[:-1][np.diff(matrix.indptr) > 0]
    gaps[starts] = matrix.indices[starts]
    return gaps


def _taken(data: bytes, count: int, form: str) -> tuple[NDArray[np.int64], bytes]:
    """So many whole numbers from the front of the data, and what is left of it."""
    size = count * np.dtype(form).itemsize
    return np.frombuffer(data[:size], dtype=form).astype(np.int64), data[size:]


@cache
def bundled_reference() -> Reference:
    """The sample that comes with litwatch; read at the first call."""
    here = resources.files("litwatch.rank")
    vectors = unpacked(here.joinpath(_VECTORS).read_bytes())
    return replace(Reference.read(here.joinpath(_BUNDLED).read_bytes()), vectors=vectors)
