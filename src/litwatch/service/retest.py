"""Gathering from the store what the re-test of a line tells (`litwatch.retest`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from litwatch import ledger
from litwatch.model import Anchor, AnchorState, Coverage, Line, Review, Stance, StatusChange, Verdict
from litwatch.retest.assembling import FEW, MOST_FRESH, MOST_STRONGEST, assemble, window_start
from litwatch.retest.report import Fresh, Known, Looked, Report
from litwatch.service.moves import status_change
from litwatch.service.reading import AnchorRow, ClaimRow, anchor_rows, claim_rows, shaken_claims
from litwatch.service.reviewed import track_records
from litwatch.service.trouble import brought_something, finish_for, outcomes_for
from litwatch.store.cursors import get_cursors
from litwatch.store.harvests import HarvestRecord, harvests_between, recent_harvests
from litwatch.store.matches import line_matches
from litwatch.store.papers import get_papers
from litwatch.store.store import Db, Store
from litwatch.store.window import count_stored, matched_ids
from litwatch.text import arxiv_ids

_RESOLVED = (AnchorState.FOUND, AnchorState.WITHDRAWN)


def retest(
    store: Store, line: Line, *, threshold: float, floor: float, asked: str = "", months: float = 6, now: datetime
) -> Report:
    """The line's re-test without its questions.

    floor: the score below which a paper is no match. asked: the method of the language model that is asked of pairs;
    "" where none is. months: how far back work counts as new.
    """
    since = window_start(now, months)
    rows = claim_rows(store, line, threshold, now=now)
    anchors = anchor_rows(store, line)
    news = shaken_claims(store, line)
    known = [
        Known(
            claim=row.claim,
            status=row.standing.status,
            since=row.standing.since,
            verdicts=_counting(row),
            rejected=tuple(verdict for verdict in row.verdicts if verdict.review is Review.REJECTED),
            beside=row.beside,
            anchors=tuple(one for one in news if row.claim in one.claims),
            moved=_moved(row),
            stale=row.stale,
        )
        for row in rows
    ]
    said = [verdict for row in rows if not row.claim.retired for verdict in _counting(row)]
    marks = [verdict for verdict in said if ledger.is_marked(verdict, threshold)]
    categories = line.categories
    with store.read() as db:
        papers = {paper.arxiv_id: paper for paper in get_papers(db, {verdict.arxiv_id for verdict in said})}
        cursors = get_cursors(db, categories)
        harvests = harvests_between(db, since - timedelta(microseconds=1), now)
        recent = recent_harvests(db)
        stored = count_stored(db, since=since)
        best = _best(db, line, since)
        words = " ".join((line.question, line.about, *(claim.full_text for claim in line.claims)))
        named = arxiv_ids(words)
        there = {paper.arxiv_id for paper in get_papers(db, named)}
        matched, matched_ever = matched_ids(db, line.slug, since=since), matched_ids(db, line.slug)
    looked = Looked(
        coverage=_coverage(line, recent, since, now),
        whole_since=tuple((name, cursors[name].whole_since.date()) for name in categories if name in cursors),
        stored=stored,
        matched=len(matched),
        matched_ever=len(matched_ever),
        marked=len({verdict.arxiv_id for verdict in marks} & matched),
        unread=sum(verdict.review is None and verdict.arxiv_id in matched_ever for verdict in marks),
        reviewed=sum(verdict.review is not None for row in rows for verdict in row.verdicts),
        harvests=len(harvests),
        harvests_ill=sum(not record.state.complete for record in harvests),
        floor=floor,
        asked=asked,
        unknown=tuple(arxiv_id for arxiv_id in named if arxiv_id not in there),
        anchors=len(anchors),
        anchors_withdrawn=_in_state(anchors, AnchorState.WITHDRAWN),
        anchors_unresolved=len(anchors) - _in_state(anchors, *_RESOLVED),
    )
    return assemble(
        line,
        known,
        papers,
        looked,
        since=since,
        now=now,
        threshold=threshold,
        tracks=track_records(store, marks, threshold),
        anchors=[_resolved(row) for row in anchors if row.state is AnchorState.FOUND],
        best=best,
        months=months,
    )


def _best(db: Db, line: Line, since: datetime) -> list[Fresh]:
    """The matches of the window with the highest scores: as many as find a place whatever else is told."""
    most = MOST_FRESH + MOST_STRONGEST + FEW
    found = [stored.match for stored in line_matches(db, line.slug, since=since, limit=most)]
    papers = {paper.arxiv_id: paper for paper in get_papers(db, {match.arxiv_id for match in found})}
    return [
        Fresh(
            paper=papers[match.arxiv_id],
            claim=line.claim(match.claim) if match.claim else None,
            score=match.score,
            sentence=match.sentence,
        )
        for match in found
        if not papers[match.arxiv_id].withdrawn
    ]


def _resolved(row: AnchorRow) -> Anchor:
    """As arXiv has it."""
    paper = row.paper
    year = paper.published.year if paper else None
    return Anchor(arxiv_id=row.arxiv_id, title=paper.title if paper else row.title, year=year)


def _moved(row: ClaimRow) -> StatusChange | None:
    last = row.history[-1] if row.history else None
    return status_change(row.claim, last.before, last) if last else None


def _counting(row: ClaimRow) -> tuple[Verdict, ...]:
    return tuple(v for v in row.verdicts if v.id in row.counted and v.evidence.stance is not Stance.NONE)


def _in_state(anchors: Sequence[AnchorRow], *states: AnchorState) -> int:
    return sum(row.state in states for row in anchors)


def _coverage(line: Line, recent: Sequence[HarvestRecord], since: datetime, now: datetime) -> Coverage:
    """How the last harvest ended for the line's categories. recent: newest first."""
    watched = line.categories
    return Coverage(
        period_start=since,
        period_end=now,
        papers_read=0,
        categories=watched,
        harvest=finish_for(recent[0], watched) if recent else None,
        outcomes=outcomes_for(recent[0], watched) if recent else (),
        last_well=next((record.at for record in recent if brought_something(record, watched)), None),
    )
