"""Papers ranked for lines, in two steps.

The first is one sparse product of (papers × terms) with (terms × the lines and claims of all). From every product the
value that a random paper of the background would have is taken off: a query of common words fits everything a little,
and with that its scores could not be compared with another's. What is left is averaged, half for the whole line and
half for the claim that fits best.

The second reads by meaning what the first finds at all likely: how near a paper's vector is to the line's, and how near
its nearest sentence comes to a claim. Both are added, and mapped to 0..1 by a logistic curve. Without the second step
(`meaning` None) the curve is another, so that a score says about the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Line, Match, Paper
from litwatch.rank.background import Background
from litwatch.rank.encoder import ENCODER
from litwatch.rank.feedback import Leaning
from litwatch.rank.meaning import LineMeaning, Meaning
from litwatch.rank.nearness import Nearness, Reading, nearness_as_a_whole
from litwatch.rank.queries import Queries, queries_of
from litwatch.rank.reasons import Sentences, has_term, read_sentences, shared_terms, surfaces, telling_sentence
from litwatch.rank.reference import Reference, bundled_reference
from litwatch.rank.scoring import CLAIM_SHARE, USUAL, LineScores, likely, scores_by_terms
from litwatch.rank.weights import Columns, paper_weights

FLOOR = 0.1
"""Keeps 97 % of the judged papers that bear directly on a claim, with either curve (docs/ranking.md)."""

_CELLS = 6_000_000
"""Numbers in a batch of products, of 8 bytes each, so that memory stays flat whatever the lines."""
_LINES_AT_ONCE = 100
_FEW = 10
"""Papers of the reference, likely by a line's terms, that tell as much as what is usual."""
_BATCH = 4000
"""Papers taken at a time at most."""

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
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
    def __init__(self, background: Background, *, floor: float = FLOOR, meaning: Meaning | None = None) -> None:
        """floor: the score, 0 to 1, from which on a paper is a match. meaning: None ranks by shared terms alone."""
        self.background = background
        self.floor = floor
        self.meaning = meaning
        self._levels: dict[tuple[str, ...], float] = {}

    @property
    def version(self) -> str:
        """Names what scores depend on besides lines, papers and the floor."""
        return f"{self.background.version} {self.meaning.name if self.meaning else 'terms alone'}"

    def rank(
        self,
        lines: Sequence[Line],
        papers: Sequence[Paper],
        *,
        anchors: Mapping[str, Paper] | None = None,
        floor: float | None = None,
        wanted: Wanted | None = None,
        leanings: Mapping[str, Leaning] | None = None,
    ) -> list[Match]:
        """The matches of each line, in the order of `lines`, best first and ties by arXiv id.

        anchors: those that are known, by arXiv id. floor: instead of the ranker's own; with 0 every paper is a
        match. Papers that are withdrawn or have an excluded term are none. wanted: asked whether a paper below the
        ranker's own floor, but not below `floor`, is made a match of. leanings: by slug, what the reader's feedback
        comes to; a paper is a match where its score reaches the floor with it or without.
        """
        floor = self.floor if floor is None else floor
        queries = queries_of(lines, anchors or {}, self.background, leanings)
        columns = Columns(queries.terms)
        asked = self._asked(lines, queries, leanings)
        found: list[list[Match]] = [[] for _ in lines]
        for batch in self._batches(papers, queries, columns):
            every = [likely(batch.products[:, first:end]) for first, end in queries.spans] if self.meaning else []
            scored = _Scored(batch, asked, every, self.meaning)
            reasons = _Reasons(batch, asked, columns, scored.reading)
            for number, (matches, line, scores) in enumerate(zip(found, lines, scored.lines(), strict=True)):
                base, final = scores.base, scores.final
                reached = np.maximum(base, final)
                for row in np.flatnonzero(reached >= floor).tolist():
                    paper = batch.papers[row]
                    if wanted and reached[row] < self.floor and not wanted(line.slug, paper.arxiv_id, final[row]):
                        continue
                    if paper.withdrawn or has_term(paper, line.exclude):
                        continue
                    by_claim = scores.claims(row)
                    near = _near_claims(line, by_claim, max(floor, self.floor) if reached[row] >= self.floor else floor)
                    terms, sentence = reasons.of(number, row, by_claim)
                    matches.append(
                        Match(
                            line=line.slug,
                            arxiv_id=paper.arxiv_id,
                            version=paper.version,
                            score=float(final[row]),
                            claim=near[0][0] if near else "",
                            claim_scores=near,
                            terms=terms,
                            sentence=sentence,
                            base=None if scores.shift is None else float(base[row]),
                            semantic=scores.semantic(row),
                        )
                    )
        return [match for matches in found for match in sorted(matches, key=lambda m: (-m.score, m.arxiv_id))]

    def scores(
        self,
        lines: Sequence[Line],
        papers: Sequence[Paper],
        *,
        anchors: Mapping[str, Paper] | None = None,
        read: NDArray[np.bool_] | None = None,
    ) -> Floats:
        """The score of every paper for every line, papers × lines, 0 to 1, without feedback; nothing is left out.

        read: papers × lines, which are to be read by meaning; those that are likely by their terms unless given.
        """
        queries = queries_of(lines, anchors or {}, self.background)
        asked = self._asked(lines, queries)
        scores = np.zeros((len(papers), len(lines)))
        for batch in self._batches(papers, queries, Columns(queries.terms)):
            here = slice(batch.start, batch.start + len(batch.papers))
            every: list[Rows] = []
            if self.meaning and read is None:
                every = [likely(batch.products[:, first:end]) for first, end in queries.spans]
            elif self.meaning and read is not None:
                every = [np.flatnonzero(column) for column in read[here].T]
            for number, one in enumerate(_Scored(batch, asked, every, self.meaning).lines()):
                scores[here, number] = one.base
        return scores

    def scores_by_terms(
        self, lines: Sequence[Line], papers: Sequence[Paper], *, anchors: Mapping[str, Paper] | None = None
    ) -> Floats:
        """What the first step says: papers × lines, 0 to 1."""
        return Ranker(self.background, floor=self.floor).scores(lines, papers, anchors=anchors)

    def scores_of(self, reference: Reference, lines: Sequence[Line]) -> Floats:
        """The score of every paper of a reference for every line, papers × lines, 0 to 1; anchors have no part in it.

        How near a paper's best sentence would come to a claim is told from how near the paper as a whole does.
        """
        meanings = self.meaning.lines(lines) if self.meaning and reference.vectors is not None else []
        found = np.zeros((reference.papers, len(lines)))
        for number, products in enumerate(self._reference_products(reference, lines)):
            if not meanings or reference.vectors is None:
                found[:, number] = scores_by_terms(products)
                continue
            rows = likely(products)
            near = nearness_as_a_whole(meanings[number], reference.vectors[rows])
            level = self._level(near)
            found[:, number] = LineScores(products=products, rows=rows, near=near, level=level).base
        return found

    def _asked(self, lines: Sequence[Line], queries: Queries, leanings: Mapping[str, Leaning] | None = None) -> _Asked:
        return _Asked(
            queries=queries,
            leanings=[(leanings or {}).get(line.slug) for line in lines],
            meanings=self.meaning.lines(lines) if self.meaning else [],
            levels=self._levels_of(lines),
        )

    def _levels_of(self, lines: Sequence[Line]) -> list[float]:
        """What nearness comes to for papers that are likely by a line's terms: of a line of few words it is less."""
        if self.meaning is None or self.meaning.name != ENCODER:
            return [USUAL] * len(lines)
        keys = [(line.question, line.about, *(claim.full_text for claim in line.open_claims)) for line in lines]
        fresh = {key: line for key, line in zip(keys, lines, strict=True) if key not in self._levels}
        if fresh:
            reference = bundled_reference()
            assert reference.vectors is not None
            meanings = self.meaning.lines(list(fresh.values()))
            every = self._reference_products(reference, list(fresh.values()))
            for key, meaning, products in zip(fresh, meanings, every, strict=True):
                near = nearness_as_a_whole(meaning, reference.vectors[likely(products)])
                self._levels[key] = self._level(near)
        return [self._levels[key] for key in keys]

    @staticmethod
    def _level(near: Nearness) -> float:
        """The mean, drawn to the usual where there are few papers."""
        known = len(near.whole)
        return float((near.together.sum() if known else 0.0) + _FEW * USUAL) / (known + _FEW)

    def _reference_products(self, reference: Reference, lines: Sequence[Line]) -> Iterator[Floats]:
        """Line by line, as `LineScores` has products."""
        for start in range(0, len(lines), _LINES_AT_ONCE):
            queries = queries_of(lines[start : start + _LINES_AT_ONCE], {}, self.background)
            weights = reference.weights(queries.terms, self.background)
            products = (weights @ queries.matrix).toarray() - queries.offsets
            yield from (products[:, first:end] for first, end in queries.spans)

    def claim_scores(self, line: Line, papers: Sequence[Paper]) -> Floats:
        """The score of every paper for each open claim taken by itself, papers × claims, 0 to 1."""
        queries = queries_of([line], {}, self.background)
        scores = np.zeros((len(papers), len(line.open_claims)))
        asked = self._asked([line], queries)
        for batch in self._batches(papers, queries, Columns(queries.terms)):
            (one,) = _Scored(batch, asked, [np.arange(len(batch.papers))], self.meaning).lines()
            for row in range(len(batch.papers)):
                scores[batch.start + row] = one.claims(row)
        return scores

    def _batches(self, papers: Sequence[Paper], queries: Queries, columns: Columns) -> Iterator[_Batch]:
        offsets = queries.offsets
        size = min(max(_CELLS // max(len(offsets), 1), 1), _BATCH)
        for start in range(0, len(papers), size):
            batch = papers[start : start + size]
            weights = paper_weights(batch, columns, self.background.mean_length)
            products = (weights @ queries.matrix).toarray() - offsets
            yield _Batch(start, batch, weights, products)


@dataclass(frozen=True)
class _Asked:
    """What papers are scored for."""

    queries: Queries
    leanings: Sequence[Leaning | None]
    """Per line."""
    meanings: Sequence[LineMeaning]
    """Per line; none where nothing is read by meaning."""
    levels: Sequence[float]
    """Per line, as `LineScores` has it."""


class _Scored:
    """The papers of a batch scored for all lines."""

    def __init__(self, batch: _Batch, asked: _Asked, every: Sequence[Rows], meaning: Meaning | None) -> None:
        """every: per line, the papers that are read by meaning."""
        self._products = batch.products
        self._asked = asked
        self._every = every
        self.reading: Reading | None = None
        if meaning:
            rows = np.unique(np.concatenate(every)) if every else np.zeros(0, dtype=np.intp)
            self.reading = Reading(rows, meaning.papers([batch.papers[row] for row in rows]), len(batch.papers))

    def lines(self) -> Iterator[LineScores]:
        """One after the other."""
        none = np.zeros(0, dtype=np.intp)
        near = self.reading.nearness(self._asked.meanings, self._every) if self.reading else None
        for number, (first, end) in enumerate(self._asked.queries.spans):
            leaning, column = self._asked.leanings[number], self._asked.queries.leanings[number]
            yield LineScores(
                products=self._products[:, first:end],
                rows=self._every[number] if near else none,
                near=next(near) if near else None,
                level=self._asked.levels[number],
                # Of the leaning's column, too, a random paper's product was taken off.
                shift=None if leaning is None else leaning.shift(self._products[:, column] + leaning.centre),
            )


class _Reasons:
    """Why papers of a batch match; what several lines ask of one paper is read once."""

    def __init__(self, batch: _Batch, asked: _Asked, columns: Columns, reading: Reading | None) -> None:
        self._batch, self._asked, self._queries, self._columns = batch, asked, asked.queries, columns
        self._reading = reading
        self._written: dict[int, dict[int, str]] = {}
        self._read: dict[int, Sentences] = {}

    def of(self, number: int, row: int, by_claim: Floats) -> tuple[tuple[tuple[str, float], ...], str]:
        """The terms that carry a match, and the sentence that tells it. by_claim: the paper's scores on the claims."""
        if row not in self._written:
            paper = self._batch.papers[row]
            self._written[row], self._read[row] = surfaces(paper, self._columns), read_sentences(paper, self._columns)
        first, end = self._queries.spans[number]
        places, weights = self._batch.terms_of(row)
        pull = self._queries.weights(first, places)
        if end > first + 1:
            best = first + 1 + int(self._batch.products[row, first + 1 : end].argmax())
            pull = (1 - CLAIM_SHARE) * pull + CLAIM_SHARE * self._queries.weights(best, places)
        parts = (weights - self._queries.expected[places]) * pull
        near = None
        if self._reading:
            line = self._asked.meanings[number]
            near = self._reading.parts(row, line.claims[by_claim.argmax()] if len(by_claim) else line.whole)
        return shared_terms(places, parts, self._written[row]), telling_sentence(self._read[row], places, parts, near)


def _near_claims(line: Line, scores: Floats, floor: float) -> tuple[tuple[str, float], ...]:
    """(claim id, score) of the claims at or above the floor, best first."""
    near = [(claim.id, float(s)) for claim, s in zip(line.open_claims, scores, strict=True) if s >= floor]
    return tuple(sorted(near, key=lambda pair: -pair[1]))
