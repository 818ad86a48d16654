"""The reader's feedback at work: learned for each line as it is ranked, and taken up at once where it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from litwatch.model import Line, Opinion, Paper
from litwatch.rank.feedback import Leaning, evidence_of, leaning_of, moved, shifts, wanting
from litwatch.rank.ranker import Ranker
from litwatch.store.feedback import Scored, line_scores, opinions_of, rescore, scores_without
from litwatch.store.papers import get_papers
from litwatch.store.store import Db, Store

_AT_ONCE = 1000
"""Papers read at a time, so that memory stays flat."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the reader said of papers, and what there is to learn from it: one reading of the store."""

    opinions: Mapping[str, Sequence[Opinion]]
    """By slug, of those lines that have any."""
    papers: Mapping[str, Paper]
    """By arXiv id, those that the opinions are of, and the lines' anchors where they are known."""
    scores: Mapping[tuple[str, str], float]
    """By slug and arXiv id, without feedback; as far as they are kept."""

    @classmethod
    def read(cls, db: Db, lines: Sequence[Line]) -> Said:
        opinions = {slug: said for slug, said in opinions_of(db, [line.slug for line in lines]).items() if said}
        ids = {opinion.arxiv_id for said in opinions.values() for opinion in said}
        anchors = {anchor.arxiv_id for line in lines if line.slug in opinions for anchor in line.anchors}
        return cls(
            opinions=opinions,
            papers={paper.arxiv_id: paper for paper in get_papers(db, ids | anchors)} if opinions else {},
            scores=scores_without(db, list(opinions), ids) if opinions else {},
        )

    def holds(self, db: Db, lines: Sequence[Line]) -> bool:
        """False where the reader said something of these lines since."""
        opinions = opinions_of(db, [line.slug for line in lines])
        return {slug: said for slug, said in opinions.items() if said} == self.opinions

    def leanings(self, lines: Sequence[Line], ranker: Ranker, *, now: datetime) -> dict[str, Leaning]:
        """By slug, of those of these lines whose opinions are enough to act. Not within a transaction that writes: to
        rank a paper by meaning may be one of its own."""
        found = {}
        for line in lines:
            said = self.opinions.get(line.slug, ())
            if wanting(evidence_of(said, now)):
                continue
            leaning = leaning_of(said, self.papers, self._scores(line, said, ranker), ranker.background, now=now)
            if leaning is not None:
                found[line.slug] = leaning
        return found

    def _scores(self, line: Line, said: Sequence[Opinion], ranker: Ranker) -> dict[str, float]:
        """Without feedback, by arXiv id. What was marked and is no match has none that is kept: it is ranked here."""
        ids = [opinion.arxiv_id for opinion in said if opinion.arxiv_id in self.papers]
        scores = {each: self.scores[line.slug, each] for each in ids if (line.slug, each) in self.scores}
        others = [self.papers[each] for each in ids if each not in scores]
        if others:
            made = ranker.scores([line], others, anchors=self.papers)[:, 0]
            scores |= {paper.arxiv_id: float(score) for paper, score in zip(others, made, strict=True)}
        return scores


@dataclass(frozen=True, kw_only=True)
class TakenUp:
    """What the opinions of a line came to."""

    opinions: int
    wanting: int
    """How many more it takes, given now, until they act; 0 where they do."""
    matches: int
    moved: int
    """Matches that have another place among the others than before."""


def take_up(store: Store, line: Line, ranker: Ranker, *, now: datetime) -> TakenUp:
    """Moves the scores of a line's matches and near misses to where its opinions, as they are now, have them.

    They are moved from what they are without feedback: that is not ranked again, and which papers are matches stays
    as well. To do so twice is to do so once; without opinions all is as if there never were any.
    """
    while True:
        with store.read() as db:
            said = Said.read(db, [line])
        leaning = said.leanings([line], ranker, now=now).get(line.slug)
        with store.write() as db:
            if said.holds(db, [line]):  # of two commands at a time, the one that writes last knows of both
                before = line_scores(db, line.slug)
                after = list(_scored_anew(db, before, leaning, ranker))
                rescore(db, line.slug, [new for new, old in zip(after, before, strict=True) if new != old])
                break
    opinions = said.opinions.get(line.slug, ())
    places = _places(after)
    return TakenUp(
        opinions=len(opinions),
        wanting=wanting(evidence_of(opinions, now)),
        matches=len(places),
        moved=sum(now_here != places[arxiv_id] for arxiv_id, now_here in _places(before).items()),
    )


def _scored_anew(db: Db, scored: Sequence[Scored], leaning: Leaning | None, ranker: Ranker) -> Iterable[Scored]:
    """The same, in the same order."""
    for start in range(0, len(scored), _AT_ONCE):
        part = scored[start : start + _AT_ONCE]
        bases = [each.score if each.base is None else each.base for each in part]
        if leaning is None:
            yield from (replace(each, score=base, base=None) for each, base in zip(part, bases, strict=True))
            continue
        papers = {paper.arxiv_id: paper for paper in get_papers(db, [each.arxiv_id for each in part])}
        pull = shifts(leaning, [papers[each.arxiv_id] for each in part], ranker.background)
        scores = moved(np.array(bases), pull)
        yield from (
            replace(each, score=float(score), base=base) for each, score, base in zip(part, scores, bases, strict=True)
        )


def _places(scored: Sequence[Scored]) -> dict[str, int]:
    """By arXiv id, the place of each match, the best at 0."""
    ordered = sorted((each for each in scored if not each.near), key=lambda each: (-each.score, each.arxiv_id))
    return {each.arxiv_id: place for place, each in enumerate(ordered)}
