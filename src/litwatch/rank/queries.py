"""Lines as queries: one column of term weights for each whole line and for each of its open claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Line, Paper
from litwatch.rank.background import Background
from litwatch.rank.feedback import Leaning
from litwatch.rank.weights import paper_stems, saturated
from litwatch.rank.words import stems

_ANCHOR_SHARE = 0.25
"""Weight of the anchors' abstracts against the line's own words."""

Vector = dict[str, float]


@dataclass(frozen=True)
class Queries:
    terms: tuple[str, ...]
    """Stems, sorted, so that a line's sums run in the same order whatever other lines are there."""
    matrix: sparse.csc_matrix
    """terms × columns; each column of a line or claim of length 1, or 0 where it has no usable word."""
    expected: NDArray[np.float64]
    """Per term, its weight in a random paper of the background: the share of papers that have it."""
    spans: tuple[tuple[int, int], ...]
    """Per line, its own column and the end of the columns of its claims, which follow it."""
    leanings: tuple[int | None, ...]
    """Per line, the column of what the reader's feedback comes to, of any length; None where there is none."""

    def weights(self, column: int, places: NDArray[np.int32]) -> NDArray[np.float64]:
        """Of one query, the weights of the terms at these rows."""
        part = slice(self.matrix.indptr[column], self.matrix.indptr[column + 1])
        rows, weights = self.matrix.indices[part], self.matrix.data[part]
        at = np.minimum(np.searchsorted(rows, places), max(len(rows) - 1, 0))
        return np.where(rows[at] == places, weights[at], 0.0) if len(rows) else np.zeros(len(places))

    @property
    def offsets(self) -> NDArray[np.float64]:
        """Per column, the product that a random paper of the background has."""
        return np.asarray(self.matrix.T @ self.expected, dtype=np.float64)


def queries_of(
    lines: Sequence[Line],
    anchors: Mapping[str, Paper],
    background: Background,
    leanings: Mapping[str, Leaning] | None = None,
) -> Queries:
    """anchors: the known ones by arXiv id; a line's own among them lean it towards their abstracts.

    leanings: by slug, what the reader's feedback on a line comes to.
    """
    vectors: list[Mapping[str, float]] = []
    spans = []
    leaning_at: list[int | None] = []
    for line in lines:
        first = len(vectors)
        known = [anchors[anchor.arxiv_id] for anchor in line.anchors if anchor.arxiv_id in anchors]
        vectors.append(_line_vector(line, known, background))
        vectors.extend(_weighted(dict.fromkeys(stems(c.full_text), 1.0), background) for c in line.open_claims)
        spans.append((first, len(vectors)))
        leaning = (leanings or {}).get(line.slug)
        leaning_at.append(len(vectors) if leaning else None)
        if leaning:
            vectors.append(leaning.terms)
    terms = tuple(sorted({term for vector in vectors for term in vector}))
    row_of = {term: row for row, term in enumerate(terms)}
    rows = [row_of[term] for vector in vectors for term in vector]
    columns = [column for column, vector in enumerate(vectors) for _ in vector]
    weights = [weight for vector in vectors for weight in vector.values()]
    return Queries(
        terms=terms,
        matrix=sparse.csc_matrix((weights, (rows, columns)), shape=(len(terms), len(vectors)), dtype=np.float64),
        expected=np.array([background.share(term) for term in terms], dtype=np.float64),
        spans=tuple(spans),
        leanings=tuple(leaning_at),
    )


def line_text(line: Line) -> str:
    """Question, lead and open claims as one text."""
    return " ".join([line.question, line.about, *(claim.full_text for claim in line.open_claims)])


def line_vector(line: Line, background: Background) -> Vector:
    """The stems of a line's text with their weights; of length 1."""
    counts = Counter(stems(line_text(line)))
    return _weighted({term: count**0.5 for term, count in counts.items()}, background)


def _line_vector(line: Line, anchors: Sequence[Paper], background: Background) -> Vector:
    own = line_vector(line, background)
    if not anchors:
        return own
    theirs: Vector = {}
    for paper in anchors:
        read = paper_stems(paper)
        length = len(read) / background.mean_length
        counts = {term: saturated(count, length) for term, count in Counter(read).items()}
        for term, weight in _weighted(counts, background).items():
            theirs[term] = theirs.get(term, 0.0) + weight
    theirs = _unit(theirs)
    return _unit({term: own.get(term, 0.0) + _ANCHOR_SHARE * theirs.get(term, 0.0) for term in {**own, **theirs}})


def _weighted(counts: Mapping[str, float], background: Background) -> Vector:
    return _unit({term: count * background.idf(term) for term, count in counts.items()})


def _unit(vector: Vector) -> Vector:
    length = sum(weight * weight for weight in vector.values()) ** 0.5
    return {term: weight / length for term, weight in vector.items()}
