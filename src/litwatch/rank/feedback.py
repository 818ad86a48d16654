"""What the reader's opinions do to a line's ranking: a leaning, one more column of term weights.

It is Rocchio's feedback (in Salton 1971, The SMART Retrieval System, ch. 14), towards the papers found useful and away
from those that were not, where a paper counts by how much the opinion of it surprises:

    leaning = S · r · g(e) / (e · n²) · Σ wᵢ (yᵢ - pᵢ) · idf² ∘ xᵢ        pᵢ = logistic(logit(scoreᵢ) + b)

with xᵢ a paper's term weights, yᵢ 1 for useful and 0 for not, wᵢ what the opinion weighs at its age, e their sum, and
n² the mean squared length of idf ∘ xᵢ. That is one step up the likelihood of a logistic regression whose offset is the
ranking without feedback. Its intercept b is how readily this reader calls a paper useful: from "useful" on everything
nothing is learned of the terms. g(e) = (e - 1) / (e + 9), nothing up to an evidence of 1. r is 1, or 1/2 where the
ranking without feedback has the useful before the others as it is: there is less to win there than to lose.

A paper's logit moves by its weights' product with the leaning, less that of a random paper, by at most CAP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Opinion, Paper
from litwatch.rank.background import Background
from litwatch.rank.reasons import surfaces
from litwatch.rank.weights import Columns, paper_stems, paper_weights

CAP = 1.0
"""What feedback moves a score at most, as logit: 0.50 to 0.73 or 0.27, 0.1 to 0.23 or 0.04."""
HALF_LIFE = timedelta(days=365)
"""An opinion of this age weighs half: readers change, and so do fields."""

_STEP = 40.0
"""S above: on the judged lines quality is flat from 40 to 80."""
_FLOOR, _GROWTH = 1.0, 9.0
"""Evidence up to which nothing moves, and how slowly it moves more from there: half of it all with eleven opinions."""
_READINESS = 1.0
"""b before any opinion, as logit, with a standard deviation of 1: a score is near the share of papers that bear
directly on a claim, and readers call useful more than those."""
_LEAST = 0.5
"""r above, at the least. On the judged lines with marks simulated, ranked by meaning, that halves what the worst line
loses and leaves the mean gain; quality is flat from 0.3 to 0.6."""
_TERMS = 200
"""Terms kept, the heaviest, so that a line with very many marks costs no more than another."""
_TOLD = 8
"""Terms told of what a leaning did to a paper."""
_SURE = 1e-6
"""No score is taken to be nearer to 0 or 1; they are rounded to that."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Leaning:
    terms: Mapping[str, float]
    """Stem to what one unit of its weight in a paper (`paper_weights`) adds to the logit; in the order of the stems."""
    centre: float
    """The product that a random paper of the background has."""
    evidence: float
    """What the opinions that it was learned from weigh together."""

    def shift(self, products: Floats) -> Floats:
        """What the logit of each paper moves by. products: of its weights with `terms`, any shape."""
        return np.clip(products - self.centre, -CAP, CAP)


def leaning_of(
    opinions: Sequence[Opinion],
    papers: Mapping[str, Paper],
    scores: Mapping[str, float],
    background: Background,
    *,
    now: datetime,
) -> Leaning | None:
    """What a line's opinions come to now, the same whatever their order; None where they are too few to act.

    papers: by arXiv id; scores: what they have on the line without feedback, 0 to 1. An opinion of a paper that is in
    one of them only is left out.
    """
    told = sorted(
        (o for o in opinions if o.arxiv_id in papers and o.arxiv_id in scores), key=lambda opinion: opinion.arxiv_id
    )
    weights = np.array([_weight(opinion, now) for opinion in told])
    evidence = float(weights.sum())
    if evidence <= _FLOOR:
        return None
    marked = [papers[opinion.arxiv_id] for opinion in told]
    terms = sorted({term for paper in marked for term in paper_stems(paper)})
    rows = paper_weights(marked, Columns(terms), background.mean_length)
    squares = np.array([background.idf(term) for term in terms]) ** 2
    length = float(weights @ (rows.power(2) @ squares)) / evidence
    if not length:
        return None  # papers without a word
    before = np.array([scores[opinion.arxiv_id] for opinion in told])
    useful = np.array([opinion.useful for opinion in told], dtype=np.float64)
    surprise = _surprise(before, useful, weights)
    strength = _STEP * _room(before, useful, weights) * (evidence - _FLOOR) / (evidence + _GROWTH) / (evidence * length)
    learned = strength * squares * (rows.T @ (weights * surprise))
    kept = np.sort(np.argsort(-np.abs(learned), kind="stable")[:_TERMS])
    found = {terms[n]: float(learned[n]) for n in kept if learned[n]}
    return Leaning(
        terms=found,
        centre=sum(weight * background.share(term) for term, weight in found.items()),
        evidence=evidence,
    )


def shifts(leaning: Leaning, papers: Sequence[Paper], background: Background) -> Floats:
    """What the logits of these papers move by."""
    return leaning.shift(_weights(leaning, papers, background) @ np.array(list(leaning.terms.values())))


def moved(scores: Floats, shifts: Floats) -> Floats:
    """The scores, 0 to 1, where their logits move by that, of the same shape; 0 leaves a score as it is."""
    return np.where(shifts == 0, scores, np.round(_logistic(_logits(scores) + shifts), 6))


def shift_between(before: float, after: float) -> float:
    """What the logit of one score moved by to become the other."""
    first, last = _logits(np.array([before, after]))
    return float(last - first)


def pulls(leaning: Leaning, paper: Paper, background: Background) -> tuple[tuple[str, float], ...]:
    """(term as the paper writes it, what it adds to the logit against a random paper), strongest first, at most eight.

    Beyond them there are weaker ones, the terms that the paper lacks, and the cap: they do not add up to its shift.
    """
    columns = Columns(tuple(leaning.terms))
    row = paper_weights([paper], columns, background.mean_length)
    written = surfaces(paper, columns)
    terms = list(leaning.terms)
    found = [
        (written[int(place)], round(float((weight - background.share(terms[place])) * leaning.terms[terms[place]]), 4))
        for place, weight in zip(row.indices, row.data, strict=True)
    ]
    return tuple(sorted((pull for pull in found if pull[1]), key=lambda pull: (-abs(pull[1]), pull[0]))[:_TOLD])


def evidence_of(opinions: Sequence[Opinion], now: datetime) -> float:
    """What they weigh together; one given now weighs 1."""
    return float(sum(_weight(opinion, now) for opinion in opinions))


def wanting(evidence: float) -> int:
    """How many opinions more, given now, it takes for them to act; 0 where they do."""
    return max(int(_FLOOR - evidence) + 1, 0) if evidence <= _FLOOR else 0


def _weight(opinion: Opinion, now: datetime) -> float:
    """Against an opinion given now, 0 to 1."""
    return float(0.5 ** (max(now - opinion.at, timedelta(0)) / HALF_LIFE))


def _weights(leaning: Leaning, papers: Sequence[Paper], background: Background) -> sparse.csr_matrix:
    return paper_weights(papers, Columns(tuple(leaning.terms)), background.mean_length)


def _room(scores: Floats, useful: Floats, weights: Floats) -> float:
    """How much of the order of the papers there is to mend, _LEAST to 1: twice the share of pairs of a useful paper and
    another that the scores have the wrong way round; 1 where there is no such pair."""
    above = np.sign(scores[:, None] - scores[None, :])
    pairs = np.outer(weights * useful, weights * (1 - useful))
    if not pairs.any():
        return 1.0
    return float(np.clip(1 - (pairs * above).sum() / pairs.sum(), _LEAST, 1.0))


def _surprise(scores: Floats, useful: Floats, weights: Floats) -> Floats:
    """Opinion less what was expected of it, -1 to 1."""
    logits = _logits(scores)
    # The likelihood's slope in b falls all the way, from 0 or more at the lower end to 0 or less at the upper.
    low, high = _READINESS - weights.sum(), _READINESS + weights.sum()
    for _ in range(50):
        b = (low + high) / 2
        slope = weights @ (useful - _logistic(logits + b)) - (b - _READINESS)
        low, high = (b, high) if slope > 0 else (low, b)
    return useful - _logistic(logits + b)


def _logits(scores: Floats) -> Floats:
    sure = np.clip(scores, _SURE, 1 - _SURE)
    logits: Floats = np.log(sure / (1 - sure))
    return logits


def _logistic(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-logits))
