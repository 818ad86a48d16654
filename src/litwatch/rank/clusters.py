"""Papers that lie near each other, told by their terms alone, and apart from the rest of what they were taken from.

K-means on a latent semantic reading of TF-IDF, then trimmed. On two lines, with 170 to 660 papers, what it finds was
read beside two others: HDBSCAN finds little but threes and fours of papers with nearly one title, average linkage cut
at a distance joins what shares a rare word and leaves the large topics in pieces. Sentence vectors in the place of
terms make looser clusters (on 171 papers a silhouette of 0.09 against 0.14) and would have to be there.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_samples
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from litwatch.model import Paper
from litwatch.rank.background import Background
from litwatch.rank.weights import paper_stems

FEWEST = 3
"""Papers of a cluster."""
_TOGETHER = 2 * FEWEST
"""With fewer papers there is nothing to be apart from."""
_SIZES = (10, 16, 24)
"""Papers that a cluster has in the mean: what parts best is taken."""
_FEW = 60
"""Below so many papers every number of parts is tried, from two on,"""
_FEW_EACH = 5
"""as long as a part has so many papers in the mean."""
_MOST_PARTS = 120
_DIMENSIONS = 60
_COMMON = 0.5
"""A stem that a greater share of the papers has is what they were all found by."""
_RARE, _RARER = 2, 500
"""Papers that a stem must have, at least: two, and one of each five hundred."""
_APART = 0.05
"""Silhouette of a paper below which it lies about as near to another cluster: it is left out."""
_LOOSE = 0.12
"""Cohesion below which the papers of a cluster have no more in common, by eye, than any of the line's."""
_COMPARED = 2000
"""Papers by which the terms are joined and the parts found; of more, every second, third or so."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Cluster:
    papers: tuple[str, ...]
    """arXiv ids, those nearest to its middle first."""
    nearness: tuple[float, ...]
    """Of each, the cosine with the middle, -1 to 1."""
    cohesion: float
    """Mean silhouette of its papers by cosine, 0.12 to 1: how much nearer they are to each other than to others."""
    middle: tuple[float, ...]
    """Of length 1; comparable between the clusters of one call."""

    def likeness(self, other: Cluster) -> float:
        """Cosine of the two middles."""
        return float(np.dot(self.middle, other.middle))


def clusters_of(papers: Sequence[Paper], background: Background) -> tuple[Cluster, ...]:
    """The clusters of three papers and more, the most cohesive first; papers that belong to none are left out.

    The same for the same papers in whatever order.
    """
    papers = sorted(papers, key=lambda paper: paper.arxiv_id)
    if len(papers) < _TOGETHER:
        return ()
    # Several threads gain nothing at these sizes, cost much on a busy machine, and add up in another order.
    with threadpool_limits(limits=1):
        points = _points(papers, background)
        if len(np.unique(points, axis=0)) < _TOGETHER:
            return ()
        labels = _parted(points)
        apart = silhouette_samples(points, labels, metric="cosine")
    found = []
    for label in np.unique(labels).tolist():
        rows = np.flatnonzero((labels == label) & (apart >= _APART))
        if len(rows) < FEWEST or apart[rows].mean() < _LOOSE:
            continue
        middle = normalize(points[rows].mean(axis=0, keepdims=True))[0]
        near = points[rows] @ middle
        order = np.argsort(-near, kind="stable")
        found.append(
            Cluster(
                papers=tuple(papers[row].arxiv_id for row in rows[order]),
                nearness=tuple(round(float(near[n]), 4) for n in order),
                cohesion=round(float(apart[rows].mean()), 4),
                middle=tuple(middle.tolist()),
            )
        )
    return tuple(sorted(found, key=lambda cluster: (-cluster.cohesion, cluster.papers)))


def _points(papers: Sequence[Paper], background: Background) -> Floats:
    """papers × dimensions, rows of length 1, what all have in common taken off."""
    counts = [Counter(paper_stems(paper)) for paper in papers]
    seen = Counter(stem for count in counts for stem in count)
    least = max(_RARE, len(papers) // _RARER)
    most = max(_COMMON * len(papers), _RARE)
    columns = {stem: n for n, stem in enumerate(sorted(s for s, df in seen.items() if least <= df <= most))}
    idf = {stem: background.idf(stem) for stem in columns}
    entries = [
        (row, columns[stem], (1 + math.log(count)) * idf[stem])
        for row, of_paper in enumerate(counts)
        for stem, count in sorted(of_paper.items())
        if stem in columns
    ]
    if len(columns) < 2:
        return np.zeros((len(papers), 1))
    rows, places, weights = zip(*entries, strict=True)
    matrix = sparse.csr_matrix((weights, (rows, places)), shape=(len(papers), len(columns)), dtype=np.float64)
    dimensions = min(_DIMENSIONS, len(papers) - 1, len(columns) - 1)
    weighted = normalize(matrix)
    reading = TruncatedSVD(dimensions, n_iter=3, random_state=0).fit(weighted[:: _step(len(papers))])
    reduced = normalize(reading.transform(weighted))
    points: Floats = normalize(reduced - reduced.mean(axis=0))
    return points


def _parted(points: Floats) -> NDArray[np.intp]:
    """The label of each point."""
    step = _step(len(points))
    some = points[::step]
    best, chosen = -2.0, np.zeros(len(points), dtype=np.intp)
    wanted = {min(len(points) // size, _MOST_PARTS) for size in _SIZES}
    if len(points) < _FEW:
        wanted |= set(range(2, len(points) // _FEW_EACH + 1))
    for parts in sorted(wanted - {0, 1}):
        with warnings.catch_warnings():
            # Papers with one text are one point: then there may be fewer parts than asked for, which is well.
            warnings.simplefilter("ignore", ConvergenceWarning)
            labels = KMeans(parts, n_init=2, random_state=0).fit(some).predict(points)
        here = labels[::step]
        if not 1 < len(np.unique(here)) < len(here):
            continue
        quality = float(silhouette_samples(some, here, metric="cosine").mean())
        if quality > best:
            best, chosen = quality, labels
    return chosen


def _step(count: int) -> int:
    return max(1, math.ceil(count / _COMPARED))
