"""What is known of a line → its re-test: pure, from values that the caller gathered.

Evidence is a verdict that counts (`ledger.counted`), on an open claim, and that is confirmed or reaches the threshold.
What counts and is below the threshold is told apart from it, and never as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from litwatch import ledger
from litwatch.model import Anchor, Claim, Line, Paper, Stance, Track, Verdict
from litwatch.retest.durability import proposed
from litwatch.retest.report import Fresh, Held, Known, Looked, Report, Shown

MOST_STRONGEST = 8
MOST_FRESH = 8
FEW = 3
"""Marked papers below which the next ones under the threshold are shown, too; and how many of those."""
_DAYS_A_MONTH = 30.5


def window_start(now: datetime, months: float) -> datetime:
    """Midnight in UTC, so that a command's `--since DATE` means the same."""
    first = (now - timedelta(days=round(months * _DAYS_A_MONTH))).astimezone(UTC).date()
    return datetime.combine(first, time(), UTC)


def assemble(
    line: Line,
    known: Sequence[Known],
    papers: Mapping[str, Paper],
    looked: Looked,
    *,
    since: datetime,
    now: datetime,
    threshold: float,
    tracks: Sequence[Track] = (),
    anchors: Sequence[Anchor] = (),
    best: Sequence[Fresh] = (),
    months: float = 6,
) -> Report:
    """The report without its questions. papers: by id, those of all verdicts that count; a verdict on another is passed
    over. best: matches of the window, best first."""
    claims = tuple(_held(one, papers, threshold, since) for one in known)
    challenges = _by_paper([one for held in claims for one in held.against])
    strongest = [one for one in challenges if not one.earlier]
    nearest: list[Shown] = []
    if len(strongest) < FEW:
        below = [
            _shown(one, verdict, papers, since)
            for one in known
            for verdict in _there(one, papers)
            if verdict.evidence.stance.challenges and not ledger.is_likely(verdict, threshold)
        ]
        marked = {one.paper.arxiv_id for one in challenges}
        near = [one for one in _by_paper(below) if not one.earlier and one.paper.arxiv_id not in marked]
        nearest = near[:FEW]
    told = {one.paper.arxiv_id for one in (*strongest, *nearest)}
    fresh = [one for one in best if one.paper.arxiv_id not in told][:MOST_FRESH]
    return Report(
        line=line,
        as_of=now,
        since=since,
        claims=claims,
        fresh=tuple(replace(one, said=_said(one.paper, known, threshold)) for one in fresh),
        strongest=tuple(strongest[:MOST_STRONGEST]),
        further=len(strongest[MOST_STRONGEST:]),
        revised=sum(one.revised for one in strongest),
        older=tuple(one for one in challenges if one.earlier),
        nearest=tuple(nearest),
        looked=looked,
        tracks=tuple(tracks),
        anchors=tuple(anchors),
        threshold=threshold,
        months=months,
    )


def _there(known: Known, papers: Mapping[str, Paper]) -> list[Verdict]:
    return [] if known.claim.retired else [verdict for verdict in known.verdicts if verdict.arxiv_id in papers]


def _held(known: Known, papers: Mapping[str, Paper], threshold: float, since: datetime) -> Held:
    claim, there = known.claim, _there(known, papers)
    evidence = [_shown(known, verdict, papers, since) for verdict in there if ledger.is_likely(verdict, threshold)]
    evidence.sort(key=lambda one: one.strength, reverse=True)
    return Held(
        claim=claim,
        status=known.status,
        since=known.since,
        proposal=proposed(claim),
        support=_once(one for one in evidence if one.verdict.evidence.stance is Stance.SUPPORTS),
        against=_once(one for one in evidence if one.verdict.evidence.stance.challenges),
        weaker=sum(ledger.is_unread(verdict) and not ledger.is_likely(verdict, threshold) for verdict in there),
        anchors=known.anchors,
        moved=known.moved,
        stale=known.stale,
    )


def _shown(known: Known, verdict: Verdict, papers: Mapping[str, Paper], since: datetime) -> Shown:
    paper = papers[verdict.arxiv_id]
    old = paper.published < since
    revised = old and verdict.version == paper.version and paper.updated >= since
    return Shown(
        claim=known.claim,
        verdict=verdict,
        paper=paper,
        other=known.beside.get(verdict.id),
        revised=revised,
        earlier=old and not revised,
    )


def _once(evidence: Iterable[Shown]) -> tuple[Shown, ...]:
    """Each paper by its strongest verdict: a newer version may stand beside what the reader confirmed of an older."""
    found: dict[str, Shown] = {}
    for one in evidence:
        found.setdefault(one.paper.arxiv_id, one)
    return tuple(found.values())


def _by_paper(against: Sequence[Shown]) -> list[Shown]:
    """Each paper once by its strongest mark, one of the window before others, with the other claims that it is marked
    against; the strongest paper first."""
    found: dict[str, list[Shown]] = {}
    for one in sorted(against, key=lambda one: (not one.earlier, *one.strength), reverse=True):
        found.setdefault(one.paper.arxiv_id, []).append(one)
    return [replace(first, also=_others(first, rest)) for first, *rest in found.values()]


def _others(first: Shown, rest: Sequence[Shown]) -> tuple[Claim, ...]:
    claims = {one.claim.id: one.claim for one in rest if one.claim.id != first.claim.id}
    return tuple(claims.values())


def _said(paper: Paper, known: Sequence[Known], threshold: float) -> tuple[Verdict, ...]:
    """Of each claim and stance once, what counts before what was rejected."""
    found: dict[tuple[str, Stance], Verdict] = {}
    for one in known:
        if one.claim.retired:
            continue
        likely = [verdict for verdict in one.verdicts if ledger.is_likely(verdict, threshold)]
        for verdict in (*likely, *one.rejected):
            if verdict.arxiv_id == paper.arxiv_id:
                found.setdefault((verdict.claim, verdict.evidence.stance), verdict)
    return tuple(found.values())
