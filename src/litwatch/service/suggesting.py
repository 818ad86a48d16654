"""What a line might ask next: clusters of its matches that no claim of it covers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litwatch import ledger
from litwatch.errors import NotFoundError
from litwatch.model import Claim, Line, Mark, Match, Paper, Stance
from litwatch.rank.background import Background
from litwatch.rank.clusters import Cluster, clusters_of
from litwatch.rank.suggesting import Phrases, is_line, said_sentence, told_by
from litwatch.store.matches import line_marks, line_matches
from litwatch.store.papers import get_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import line_verdicts

MOST = 5
COVERED = 0.25
"""A claim covers a paper from this score on. Of the judged papers that match by terms, 23 % bear directly on a claim
where the best score on one is below it, and 42 % where it is not."""
_NEAR = 0.1
"""A claim is weakly near from this score on: the floor, where the configuration does not move it."""
_ALIKE = 0.4
"""Cosine of two clusters from which on the lesser is a piece of the other."""


class Kind(StrEnum):
    CLAIM = "claim"
    """Something to add to the line that it was found in."""
    LINE = "line"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    paper: Paper
    score: float
    """Of its match with the line, 0 to 1."""
    sentence: str
    """What it says that it found, verbatim; "" where its abstract has no sentence of a fitting length."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    number: int
    """From 1, the best first."""
    kind: Kind
    terms: tuple[str, ...]
    near: Claim | None
    """The claim that half of its papers or more come to, though weakly."""
    papers: tuple[Candidate, ...]
    """Those first that are near both to the line and to the middle of the cluster."""
    cohesion: float
    """How much nearer its papers are to each other than to others: their mean silhouette, 0 to 1."""

    @property
    def headline(self) -> tuple[str, ...]:
        """The first three terms that share no word."""
        chosen: list[str] = []
        for term in self.terms:
            if len(chosen) < 3 and not set(term.lower().split()) & set(" ".join(chosen).lower().split()):
                chosen.append(term)
        return tuple(chosen)

    @property
    def title(self) -> str:
        return ", ".join(self.headline)


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    line: Line
    matches: int
    uncovered: int
    """Of the matches, those that no claim covers."""
    found: tuple[Suggestion, ...]

    def numbered(self, number: int) -> Suggestion:
        """Raises NotFoundError where there are not so many."""
        if 1 <= number <= len(self.found):
            return self.found[number - 1]
        there = f"there are {len(self.found)}" if self.found else "there is none yet"
        raise NotFoundError(f"{self.line.slug} has no cluster {number}; {there}: `litwatch suggest {self.line.slug}`")


def suggestions(store: Store, line: Line, background: Background, *, most: int = MOST) -> Suggestions:
    """At most `most` clusters of the line's matches that no claim of it covers; the same for the same store.

    A claim covers a paper whose score on it reaches COVERED, of which a verdict on it counts, or on which the line
    rests. What the reader marked as not useful is left out. Clusters are ordered by cohesion, size (its logarithm) and
    the mean score of their papers, multiplied; one whose terms a claim already has is left out, and so is one that is
    a piece of a better one.
    """
    with store.read() as db:
        matches = [stored.match for stored in line_matches(db, line.slug)]
        known = {paper.arxiv_id: paper for paper in get_papers(db, [match.arxiv_id for match in matches])}
        marks = line_marks(db, line.slug)
        said = line_verdicts(db, line.slug, line.open_claims)
    stands = [v for v in ledger.counted(said) if v.evidence.stance is not Stance.NONE]
    covered = {verdict.arxiv_id for verdict in stands} | {anchor.arxiv_id for anchor in line.anchors}
    read = {key: paper for key, paper in known.items() if paper.abstract and not paper.withdrawn}
    left = {
        match.arxiv_id: match
        for match in matches
        if match.arxiv_id in read and match.arxiv_id not in covered and marks.get(match.arxiv_id) is not Mark.NOT
        if all(score < COVERED for _, score in match.claim_scores)
    }
    found: list[Suggestion] = []
    chosen: list[Cluster] = []
    phrases: Phrases | None = None
    for cluster in sorted(clusters_of([read[key] for key in left], background), key=lambda c: -_worth(c, left)):
        if len(found) == most:
            break
        if any(cluster.likeness(other) >= _ALIKE for other in chosen):
            continue
        phrases = phrases or Phrases(read.values())
        terms = phrases.terms(cluster.papers, background)
        if not terms or told_by(terms, line.open_claims):
            continue
        chosen.append(cluster)
        found.append(
            Suggestion(
                number=len(found) + 1,
                kind=Kind.LINE if is_line(terms, len(cluster.papers), line) else Kind.CLAIM,
                terms=terms,
                near=_near(line, [left[key] for key in cluster.papers]),
                papers=_candidates(cluster, left, read, terms),
                cohesion=cluster.cohesion,
            )
        )
    return Suggestions(line=line, matches=len(matches), uncovered=len(left), found=tuple(found))


def _worth(cluster: Cluster, matches: Mapping[str, Match]) -> float:
    mean = sum(matches[key].score for key in cluster.papers) / len(cluster.papers)
    return round(cluster.cohesion * math.log2(1 + len(cluster.papers)) * mean, 6)


def _near(line: Line, matches: Sequence[Match]) -> Claim | None:
    reached = Counter(name for match in matches for name, score in match.claim_scores if score >= _NEAR)
    for claim in sorted(line.open_claims, key=lambda claim: -reached[claim.id]):
        return claim if 2 * reached[claim.id] >= len(matches) else None
    return None


def _candidates(
    cluster: Cluster, matches: Mapping[str, Match], papers: Mapping[str, Paper], terms: Sequence[str]
) -> tuple[Candidate, ...]:
    near = dict(zip(cluster.papers, cluster.nearness, strict=True))
    best = sorted(near, key=lambda key: (-matches[key].score * near[key], key))
    return tuple(
        Candidate(paper=papers[key], score=matches[key].score, sentence=said_sentence(papers[key], terms))
        for key in best
    )
