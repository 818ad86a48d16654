"""Withdrawn papers that claims rest on, as the ledger takes them: told as of any day by what was written down then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from litwatch.harvest.withdrawal import says_withdrawn
from litwatch.ledger import Fallen
from litwatch.model import AnchorChange, AnchorChangeKind, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.anchors import resting_claims
from litwatch.store.anchors import anchor_changes
from litwatch.store.papers import get_papers, older_texts
from litwatch.store.rested import Rested, rested_on
from litwatch.store.store import Db


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What fell of the papers that lines rest on, whatever their claims read."""

    rested: Mapping[str, Sequence[Rested]]
    """By slug."""
    down: Mapping[str, Sequence[tuple[AnchorChange, datetime | None]]]
    """By arXiv id, each withdrawal and when it was taken back."""
    texts: Mapping[tuple[str, int], Paper]
    """By arXiv id and withdrawn version, the paper as it read before."""

    def gave_way(self, slug: str) -> bool:
        """Whether anything fell under the line, whichever claims rest on it."""
        return any(time.arxiv_id in self.down for time in self.rested[slug])

    def under(self, line: Line) -> tuple[Fallen, ...]:
        """What fell under the line's claims, as they are given.

        What rests on a paper is said by its text before the withdrawal (`resting_claims`): that does not change.
        """
        if not self.gave_way(line.slug):
            return ()
        ranker = Ranker(bundled())
        return tuple(
            fall
            for time in self.rested[line.slug]
            for withdrawal, back in self.down.get(time.arxiv_id, ())
            for fall in _of_line(line, time, withdrawal, back, self.texts[time.arxiv_id, withdrawal.version], ranker)
        )


def ground_of(db: Db, slugs: Collection[str], *, as_of: datetime | None = None) -> Ground:
    """The ground under the lines of these slugs, as it was known at that time."""
    rested = rested_on(db, slugs, as_of=as_of)
    ids = {one.arxiv_id for times in rested.values() for one in times}
    down = _withdrawals(anchor_changes(db, ids, until=as_of))
    papers = {paper.arxiv_id: paper for paper in get_papers(db, down)}
    texts = {(key, one.version): _before(db, papers[key], one) for key, falls in down.items() for one, _ in falls}
    return Ground(rested=rested, down=down, texts=texts)


def fallen_anchors(db: Db, lines: Sequence[Line], *, as_of: datetime | None = None) -> dict[str, tuple[Fallen, ...]]:
    """By slug, what fell of the ground under each line's claims, as they are given; a line with nothing is left out."""
    ground = ground_of(db, [line.slug for line in lines], as_of=as_of)
    found = {line.slug: ground.under(line) for line in lines}
    return {slug: falls for slug, falls in found.items() if falls}


def _withdrawals(changes: Sequence[AnchorChange]) -> dict[str, list[tuple[AnchorChange, datetime | None]]]:
    """By arXiv id, each withdrawal and when it was taken back; None where it was not."""
    found: dict[str, list[tuple[AnchorChange, datetime | None]]] = {}
    for change in changes:
        falls = found.setdefault(change.arxiv_id, [])
        if change.kind is AnchorChangeKind.WITHDRAWN:
            falls.append((change, None))
        elif change.kind is AnchorChangeKind.REINSTATED and falls and falls[-1][1] is None:
            falls[-1] = falls[-1][0], change.at
    return {arxiv_id: falls for arxiv_id, falls in found.items() if falls}


def _of_line(
    line: Line, time: Rested, withdrawal: AnchorChange, back: datetime | None, text: Paper, ranker: Ranker
) -> list[Fallen]:
    at = max(time.since, withdrawal.at)
    until = min((moment for moment in (time.until, back) if moment), default=None)
    if until is not None and until <= at:
        return []
    return [
        Fallen(
            claim=claim.id,
            arxiv_id=time.arxiv_id,
            version=withdrawal.version,
            says=withdrawal.after,
            at=at,
            until=until,
        )
        for claim in resting_claims(line, [text], ranker)[time.arxiv_id]
    ]


def _before(db: Db, paper: Paper, withdrawal: AnchorChange) -> Paper:
    """The paper with the last text that stood before its withdrawal; with the withdrawn one where none is known."""
    older = [text for text in older_texts(db, paper.arxiv_id) if text.version <= withdrawal.version]
    standing = [
        text for text in older if text.version < withdrawal.version and not says_withdrawn(text.comment, text.abstract)
    ]
    if not older:
        return paper
    text = (standing or older)[-1]
    return replace(paper, title=text.title, abstract=text.abstract)
