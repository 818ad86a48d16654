"""Anchors under watch: what became of the papers that lines rest on, and which claims that touches."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from litwatch.harvest.withdrawal import says_withdrawn
from litwatch.model import AnchorChange, AnchorChangeKind, AnchorNews, Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.store.anchors import add_anchor_changes, anchor_changes, first_digest_start, told_anchor_changes
from litwatch.store.papers import get_papers, older_texts
from litwatch.store.store import Db
from litwatch.text import arxiv_ids, normal_form, squeeze

RESTS = 0.25
"""The score of a claim taken by itself from which on it rests on an anchor that it does not name. It lies above the
floor, which asks for what may bear on a claim: on the sample pages, anchors have 0.29 and more with the claims that
were taken from them and 0.16 at most with the others."""
_MOST_CLAIMS = 5

_STILL_TOLD = timedelta(days=90)
"""So old may be what a digest tells from before its period, and no digest told: what had no room, and what a harvest
brought that was still at work when the last digest was composed."""


def changes_between(before: Paper, after: Paper, *, at: datetime) -> tuple[AnchorChange, ...]:
    """What of a paper's record is worth telling whoever rests on it.

    A version carries both abstracts. A withdrawal tells of its version by itself and carries what it says of its
    reasons; a version after it that is none is a return, and one that is withdrawn again nothing new. An older
    version than the one known tells nothing, and neither does what arXiv edits in the text of a version, or a DOI or
    journal reference that goes: services differ in how they spell the same record.
    """
    if after.version < before.version:
        return ()

    def change(kind: AnchorChangeKind, was: str, now: str) -> AnchorChange:
        return AnchorChange(arxiv_id=after.arxiv_id, kind=kind, version=after.version, before=was, after=now, at=at)

    found = []
    if after.withdrawn:
        if not before.withdrawn:
            found.append(change(AnchorChangeKind.WITHDRAWN, "", _notice(after)))
    elif before.withdrawn:
        found.append(change(AnchorChangeKind.REINSTATED, before.abstract, after.abstract))
    elif after.version > before.version:
        found.append(change(AnchorChangeKind.VERSION, before.abstract, after.abstract))
        if _spelled(before.title) != _spelled(after.title):
            found.append(change(AnchorChangeKind.TITLE, before.title, after.title))
    for kind, was, now in (
        (AnchorChangeKind.JOURNAL_REF, squeeze(before.journal_ref), squeeze(after.journal_ref)),
        (AnchorChangeKind.DOI, before.doi.strip(), after.doi.strip()),
    ):
        if _spelled(now) not in ("", _spelled(was)):
            found.append(change(kind, was, now))
    return tuple(found)


def keep_anchor_changes(
    db: Db, moved: Sequence[tuple[Paper, Paper]], anchors: Collection[str], *, now: datetime
) -> None:
    """Writes what became of the anchors among these papers, each given as it was and as it is in the store.

    To be called in the transaction that saved them. A DOI or journal reference that a change named already, as what
    was or what is, is not kept again: services go on to spell it by turns.
    """
    ours = [(before, after) for before, after in moved if after.arxiv_id in anchors]
    known = {
        (kept.arxiv_id, kept.kind, _spelled(said))
        for kept in anchor_changes(db, [after.arxiv_id for _, after in ours])
        for said in (kept.before, kept.after)
    }
    changes: list[AnchorChange] = []
    for before, after in ours:
        for change in changes_between(before, after, at=now):
            if change.kind is AnchorChangeKind.REINSTATED:
                changes.append(replace(change, before=_as_it_stood(db, before).abstract))
            elif change.kind not in _PUBLISHED or (change.arxiv_id, change.kind, _spelled(change.after)) not in known:
                changes.append(change)
    add_anchor_changes(db, changes)


_PUBLISHED = (AnchorChangeKind.JOURNAL_REF, AnchorChangeKind.DOI)


def keep_standing_withdrawals(db: Db, ids: Collection[str], *, now: datetime) -> None:
    """Writes which of these stored anchors are withdrawn, where that was not written when it happened.

    They were so before litwatch first saw them, or became so while no line rested on them. To be called after
    `keep_anchor_changes` of the same papers.
    """
    last = {c.arxiv_id: c.kind for c in anchor_changes(db, ids) if c.kind in _STANDING}
    unknown = [
        paper
        for paper in get_papers(db, ids)
        if paper.withdrawn and last.get(paper.arxiv_id) is not AnchorChangeKind.WITHDRAWN
    ]
    changes = [
        AnchorChange(
            arxiv_id=paper.arxiv_id,
            kind=AnchorChangeKind.WITHDRAWN,
            version=paper.version,
            before="",
            after=_notice(paper),
            at=now,
        )
        for paper in sorted(unknown, key=lambda paper: paper.arxiv_id)
    ]
    add_anchor_changes(db, changes)


_STANDING = (AnchorChangeKind.WITHDRAWN, AnchorChangeKind.REINSTATED)


def resting_claims(line: Line, papers: Sequence[Paper], ranker: Ranker) -> dict[str, tuple[Claim, ...]]:
    """By arXiv id, the open claims that rest on each paper; none where it is the line as a whole that does.

    These are the claims that name its id, in their order; where none does, those that it bears on by their words,
    best first and at most five.
    """
    claims = line.open_claims
    named = {claim.id: arxiv_ids(claim.full_text) for claim in claims}
    found = {paper.arxiv_id: tuple(c for c in claims if paper.arxiv_id in named[c.id]) for paper in papers}
    unnamed = [paper for paper in papers if not found[paper.arxiv_id]]
    if claims and unnamed:
        least = max(RESTS, ranker.floor)
        for paper, scores in zip(unnamed, ranker.claim_scores(line, unnamed), strict=True):
            near = sorted(zip(scores, claims, strict=True), key=lambda pair: -pair[0])
            found[paper.arxiv_id] = tuple(claim for score, claim in near[:_MOST_CLAIMS] if score >= least)
    return found


def anchor_news(
    db: Db, lines: Sequence[Line], *, since: datetime | None = None, until: datetime | None = None
) -> dict[str, tuple[AnchorNews, ...]]:
    """By slug, what became of each line's anchors after `since` and not after `until`: withdrawn ones first, then by
    id. Lines of which there is nothing to tell are left out."""
    ids = {anchor.arxiv_id for line in lines for anchor in line.anchors}
    return _news(db, lines, anchor_changes(db, ids, since=since, until=until))


def untold_anchor_news(
    db: Db, lines: Sequence[Line], channel: str, *, start: datetime, until: datetime
) -> dict[str, tuple[AnchorNews, ...]]:
    """The same for a digest of the channel whose period begins at `start`: each change once.

    With it comes what the channel's digests did not tell of their periods, so far as it is no older than 90 days.
    channel: "" for none, which was told nothing.
    """
    ids = {anchor.arxiv_id for line in lines for anchor in line.anchors}
    first = first_digest_start(db, channel) if channel else None
    since = min(start, max(first, until - _STILL_TOLD)) if first else start
    changes = anchor_changes(db, ids, since=since, until=until)
    told = told_anchor_changes(db, channel, since=since) if changes else set()
    return _news(db, lines, [c for c in changes if (c.arxiv_id, c.kind, c.version, c.at) not in told])


def _news(db: Db, lines: Sequence[Line], changes: Sequence[AnchorChange]) -> dict[str, tuple[AnchorNews, ...]]:
    if not changes:
        return {}
    by_id: dict[str, list[AnchorChange]] = {}
    for change in changes:
        by_id.setdefault(change.arxiv_id, []).append(change)
    papers = {paper.arxiv_id: paper for paper in get_papers(db, by_id)}
    texts = {key: _as_it_stood(db, paper) for key, paper in papers.items()}
    ranker = Ranker(bundled())
    found: dict[str, tuple[AnchorNews, ...]] = {}
    for line in lines:
        ids = sorted({anchor.arxiv_id for anchor in line.anchors} & papers.keys())
        resting = resting_claims(line, [texts[key] for key in ids], ranker) if ids else {}
        news = [AnchorNews(paper=papers[key], changes=tuple(by_id[key]), claims=resting[key]) for key in ids]
        if news:
            found[line.slug] = tuple(sorted(news, key=lambda one: (not one.withdrawn, one.paper.arxiv_id)))
    return found


def _as_it_stood(db: Db, paper: Paper) -> Paper:
    """The paper, where it is withdrawn with the title and abstract of its last version that was not."""
    if not paper.withdrawn:
        return paper
    for text in reversed(older_texts(db, paper.arxiv_id)):
        if not says_withdrawn(text.comment, text.abstract):
            return replace(paper, title=text.title, abstract=text.abstract)
    return paper


def _notice(paper: Paper) -> str:
    """What a withdrawn version says of it: its comment, else its abstract where that is nothing else."""
    if says_withdrawn(paper.comment, "") or not says_withdrawn("", paper.abstract):
        return squeeze(paper.comment)
    return squeeze(paper.abstract)


def _spelled(text: str) -> str:
    """A line's letters and figures alone, whether its accents are characters or commands of TeX."""
    bare = normal_form("NFKD", re.sub(r"\\.", "", text)).casefold()
    return "".join(c for c in bare if c.isalnum())
