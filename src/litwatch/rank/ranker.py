"""Papers ranked for lines: one sparse product of (papers × terms) with (terms × the lines and claims of all).

From every product the value that a random paper of the background would have is taken off: a query of common words
fits everything a little, and with that its scores could not be compared with another's. What is left is averaged,
half for the whole line and half for the claim that fits best, and mapped to 0..1 by a logistic curve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Line, Match, Paper
from litwatch.rank.background import Background
from litwatch.rank.queries import Queries, queries_of
from litwatch.rank.reasons import Sentence, has_term, read_sentences, shared_terms, surfaces, telling_sentence
from litwatch.rank.weights import Columns, paper_weights

FLOOR = 0.1

_CLAIM_SHARE = 0.5
"""Weight of the best claim against the whole line."""
_SLOPE, _MIDDLE = 2.7, 1.6
"""The logistic curve from products to scores, set on the judged lines: near the share that bears directly on a
claim among the judged papers of that product, and FLOOR keeps 97 % of those that do."""
_BATCH = 4000
"""Papers taken at a time, so that memory stays flat."""

Floats = NDArray[np.float64]
Wanted = Callable[[str, str, float], bool]
"""Slug of a line, arXiv id of a paper, and its score."""


@dataclass(frozen=True)
class _Batch:
    start: int
    papers: Sequence[Paper]
    weights: sparse.csr_matrix
    """papers × terms"""
    products: Floats
    """papers × the queries' columns, less what a random paper has."""

    def terms_of(self, row: int) -> tuple[NDArray[np.int32], Floats]:
        """The columns of one paper's terms and their weights."""
        part = slice(self.weights.indptr[row], self.weights.indptr[row + 1])
        return self.weights.indices[part], self.weights.data[part]


class Ranker:
    def __init__(self, background: Background, *, floor: float = FLOOR) -> None:
        """floor: the score, 0 to 1, from which on a paper is a match."""
        self.background = background
        self.floor = floor

    def rank(
        self,
        lines: Sequence[Line],
        papers: Sequence[Paper],
        *,
        anchors: Mapping[str, Paper] | None = None,
        floor: float | None = None,
        wanted: Wanted | None = None,
    ) -> list[Match]:
        """The matches of each line, in the order of `lines`, best first and ties by arXiv id.

        anchors: those that are known, by arXiv id. floor: instead of the ranker's own; with 0 every paper is a
        match. Papers that are withdrawn or have an excluded term are none. wanted: asked whether a paper below the
        ranker's own floor, but not below `floor`, is made a match of.
        """
        floor, sure = self.floor if floor is None else floor, self.floor
        queries = queries_of(lines, anchors or {}, self.background)
        columns = Columns(queries.terms)
        found: list[list[Match]] = [[] for _ in lines]
        for batch in self._batches(papers, queries, columns):
            written: dict[int, dict[int, str]] = {}
            read: dict[int, tuple[Sentence, ...]] = {}
            for matches, line, (first, end) in zip(found, lines, queries.spans, strict=True):
                scores = _score(_joined(batch.products[:, first:end]))
                rows = [int(row) for row in np.flatnonzero(scores >= floor)]
                pull = queries.matrix[:, first:end].toarray()
                for row in rows:
                    paper = batch.papers[row]
                    score = float(scores[row])
                    if wanted and score < sure and not wanted(line.slug, paper.arxiv_id, score):
                        continue
                    if paper.withdrawn or has_term(paper, line.exclude):
                        continue
                    if row not in written:
                        written[row] = surfaces(paper, columns)
                        read[row] = read_sentences(paper, columns)
                    products = batch.products[row, first:end]
                    places, weights = batch.terms_of(row)
                    parts = (weights - queries.expected[places]) * _pull(pull[places], products)
                    near = _near_claims(line, products, floor)
                    matches.append(
                        Match(
                            line=line.slug,
                            arxiv_id=paper.arxiv_id,
                            version=paper.version,
                            score=score,
                            claim=near[0][0] if near else "",
                            claim_scores=near,
                            terms=shared_terms(places, parts, written[row]),
                            sentence=telling_sentence(read[row], places, parts),
                        )
                    )
        return [match for matches in found for match in sorted(matches, key=lambda m: (-m.score, m.arxiv_id))]

    def scores(
        self, lines: Sequence[Line], papers: Sequence[Paper], *, anchors: Mapping[str, Paper] | None = None
    ) -> Floats:
        """The score of every paper for every line, papers × lines, 0 to 1; nothing is left out."""
        queries = queries_of(lines, anchors or {}, self.background)
        scores = np.zeros((len(papers), len(lines)))
        for batch in self._batches(papers, queries, Columns(queries.terms)):
            for number, (first, end) in enumerate(queries.spans):
                joined = _joined(batch.products[:, first:end])
                scores[batch.start : batch.start + len(batch.papers), number] = _score(joined)
        return scores

    def claim_scores(self, line: Line, papers: Sequence[Paper]) -> Floats:
        """The score of every paper for each open claim taken by itself, papers × claims, 0 to 1."""
        queries = queries_of([line], {}, self.background)
        scores = np.zeros((len(papers), len(line.open_claims)))
        for batch in self._batches(papers, queries, Columns(queries.terms)):
            scores[batch.start : batch.start + len(batch.papers)] = _score(batch.products[:, 1:])
        return scores

    def _batches(self, papers: Sequence[Paper], queries: Queries, columns: Columns) -> Iterator[_Batch]:
        offsets = queries.offsets
        for start in range(0, len(papers), _BATCH):
            batch = papers[start : start + _BATCH]
            weights = paper_weights(batch, columns, self.background.mean_length)
            products = (weights @ queries.matrix).toarray() - offsets
            yield _Batch(start, batch, weights, products)


def _joined(products: Floats) -> Floats:
    """Whole line and best claim in one. products: papers × (the line, then its claims)."""
    joined: Floats = products[:, 0]
    if products.shape[1] > 1:
        joined = (1 - _CLAIM_SHARE) * joined + _CLAIM_SHARE * products[:, 1:].max(axis=1)
    return joined


def _pull(weights: Floats, products: Floats) -> Floats:
    """The query that `_joined` comes to for one paper. weights: terms × (the line, then its claims)."""
    if len(products) == 1:
        return weights[:, 0]
    return (1 - _CLAIM_SHARE) * weights[:, 0] + _CLAIM_SHARE * weights[:, 1 + products[1:].argmax()]


def _near_claims(line: Line, products: Floats, floor: float) -> tuple[tuple[str, float], ...]:
    """(claim id, score) of the claims at or above the floor, best first."""
    scores = _score(products[1:])
    near = [(claim.id, float(s)) for claim, s in zip(line.open_claims, scores, strict=True) if s >= floor]
    return tuple(sorted(near, key=lambda pair: -pair[1]))


def _score(products: Floats) -> Floats:
    scores: Floats = 1 / (1 + np.exp(-_SLOPE * (products - _MIDDLE)))
    return np.round(scores, 6)  # the last bits of a sum are no reason to put one paper before another
