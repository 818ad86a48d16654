"""What commands and pages show of the store, without changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from litwatch import ledger
from litwatch.grounding.titles import alike
from litwatch.model import (
    Anchor,
    AnchorChange,
    AnchorChangeKind,
    AnchorNews,
    AnchorState,
    Claim,
    Line,
    Mark,
    Match,
    Paper,
    Stance,
    Verdict,
)
from litwatch.rank.ranker import Ranker
from litwatch.schedule import Schedule
from litwatch.service.anchors import anchor_news
from litwatch.service.digests import Channel
from litwatch.service.feedback import Said
from litwatch.service.histories import ClaimRecord, claim_records
from litwatch.service.judging import count_challenges
from litwatch.service.matching import known_anchors
from litwatch.store.anchors import anchor_changes
from litwatch.store.claims import HeldClaim, first_noted, held_claims
from litwatch.store.cursors import get_cursors
from litwatch.store.matches import count_matches, line_marks, line_matches
from litwatch.store.papers import all_papers, anchor_checks, get_papers
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import line_verdicts, reworded_verdicts


@dataclass(frozen=True, kw_only=True)
class Counts:
    matches: int
    challenges: int
    """Papers with a likely challenge."""


@dataclass(frozen=True, kw_only=True)
class AnchorRow:
    arxiv_id: str
    title: str
    """As the line cites it; arXiv's where it cites none."""
    state: AnchorState
    found_title: str = ""
    """arXiv's title where it differs from the one cited."""
    paper: Paper | None = None
    """None where arXiv was not asked yet or knows none."""
    changes: tuple[AnchorChange, ...] = ()
    """What became of it since it is watched, oldest first."""


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    match: Match
    paper: Paper
    mark: Mark | None
    verdicts: tuple[Verdict, ...]
    """Those that count (`ledger.counted`) on the line's open claims."""
    beside: Mapping[int, Verdict] = field(default_factory=dict)
    """By id of such a verdict, what the other kind of method said (`ledger.beside`), where it said something."""


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    claim: Claim
    standing: ledger.Standing
    verdicts: tuple[Verdict, ...] = ()
    """On the claim as it reads, those that take a stance, oldest first."""
    counted: frozenset[int] = frozenset()
    """Ids of those among them that count (`ledger.counted`)."""
    withdrawn: frozenset[str] = frozenset()
    """arXiv ids of papers whose verdicts fell with their withdrawal."""
    earlier: tuple[Verdict, ...] = ()
    """What the reader reviewed when the claim had another wording; it counts no longer."""
    beside: Mapping[int, Verdict] = field(default_factory=dict)
    """By id of one of `verdicts`, what the other kind of method said (`ledger.beside`), also that it is none."""
    history: tuple[ledger.Change, ...] = ()
    """How its standing moved through all that it ever read, oldest first."""
    fallen: tuple[ledger.Fallen, ...] = ()
    """Withdrawn papers that it rests on, as they stand."""
    stale: ledger.Stale | None = None
    """Where nothing tested it for long; None also where the time is not known."""


def line_counts(store: Store, lines: Sequence[Line], threshold: float) -> dict[str, Counts]:
    with store.read() as db:
        matches, challenges = count_matches(db), count_challenges(db, lines, threshold)
    return {
        line.slug: Counts(matches=matches.get(line.slug, 0), challenges=challenges.get(line.slug, 0)) for line in lines
    }


def next_digest(
    line: Line, channels: Sequence[Channel], schedules: Mapping[str, str], *, now: datetime
) -> datetime | None:
    """When one of its channels tells the line next; None where none does."""
    return min(
        (Schedule.parse(schedules[channel.name]).next_after(now) for channel in channels if channel.wants(line)),
        default=None,
    )


def standings(store: Store, line: Line, threshold: float) -> dict[str, ledger.Standing]:
    """Each claim's standing, by its id."""
    return {row.claim.id: row.standing for row in claim_rows(store, line, threshold)}


def read_since(store: Store, line: Line) -> datetime | None:
    """When the store first read the line's claims."""
    with store.read() as db:
        return first_noted(db, line.slug)


def claim_rows(
    store: Store, line: Line, threshold: float, *, as_of: datetime | None = None, now: datetime | None = None
) -> list[ClaimRow]:
    """The line's claims in the order of its file, each with what is known of it.

    as_of: as they read and stood then; those not held then are left out, those gone since come last. Before the
    line was read for the first time they read as they did then: a page is older than the day litwatch met it. now: as
    of when it is told for how long nothing tested a claim, where `as_of` is not given.
    """
    with store.read() as db:
        first = first_noted(db, line.slug)
        read_at = max(as_of, first) if as_of and first else as_of
        held = held_claims(db, [line.slug], as_of=read_at)[line.slug]
        claims = line.claims if as_of is None else _as_then(line, held)
        reworded = reworded_verdicts(db, line.slug, claims, as_of=as_of)
        records = claim_records(db, replace(line, claims=claims), threshold=threshold, as_of=as_of)
    return [
        _claim_row(claim, records[claim.id], reworded, held.get(claim.id), threshold=threshold, at=as_of or now)
        for claim in claims
    ]


def _claim_row(
    claim: Claim,
    record: ClaimRecord,
    reworded: Sequence[Verdict],
    held: HeldClaim | None,
    *,
    threshold: float,
    at: datetime | None,
) -> ClaimRow:
    """at: when it is told so; None where that is not known."""
    said, fallen = record.verdicts, record.fallen
    stale = None
    if at and held:
        stale = ledger.stale(claim, said, held_since=held.since, as_of=at, threshold=threshold, fallen=fallen)
    return ClaimRow(
        claim=claim,
        standing=ledger.last_standing(claim, record.history, retired_at=held.retired_at if held else None),
        history=record.history,
        fallen=tuple(one for one in fallen if one.until is None),
        stale=stale,
        verdicts=tuple(verdict for verdict in said if verdict.evidence.stance is not Stance.NONE),
        counted=frozenset(verdict.id for verdict in ledger.counted(said)),
        withdrawn=_withdrawn(said),
        earlier=tuple(verdict for verdict in reworded if verdict.claim == claim.id),
        beside=_beside(said, said),
    )


def _withdrawn(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """Papers of which the last that the ledger says is their withdrawal. verdicts: of one claim, oldest first."""
    last = {verdict.arxiv_id: verdict for verdict in verdicts}
    return frozenset(key for key, verdict in last.items() if verdict.evidence.method == ledger.WITHDRAWN)


def _beside(shown: Sequence[Verdict], said: Sequence[Verdict]) -> dict[int, Verdict]:
    """By id of each of the verdicts that are shown, what stands beside it among all that was said."""
    if not any(verdict.evidence.by_language_model for verdict in said):
        return {}
    by_paper: dict[str, list[Verdict]] = {}
    for verdict in said:
        by_paper.setdefault(verdict.arxiv_id, []).append(verdict)
    return {verdict.id: other for verdict in shown if (other := ledger.beside(verdict, by_paper[verdict.arxiv_id]))}


def _as_then(line: Line, held: Mapping[str, HeldClaim]) -> tuple[Claim, ...]:
    places = {claim.id: place for place, claim in enumerate(line.claims)}
    names = sorted(held, key=lambda name: places.get(name, len(places)))
    return tuple(held[name].claim for name in names)


def whole_since(store: Store, categories: Sequence[str]) -> dict[str, datetime | None]:
    """Since when the papers of each category were received whole; None where it was not harvested yet."""
    with store.read() as db:
        cursors = get_cursors(db, categories)
    return {name: cursors[name].whole_since if name in cursors else None for name in categories}


def anchor_rows(store: Store, line: Line) -> list[AnchorRow]:
    with store.read() as db:
        checks = anchor_checks(db)
        papers = known_anchors(db, [line])
        changes = anchor_changes(db, [anchor.arxiv_id for anchor in line.anchors])
    return [
        _anchor_row(
            anchor,
            papers.get(anchor.arxiv_id),
            checks.get(anchor.arxiv_id),
            tuple(change for change in changes if change.arxiv_id == anchor.arxiv_id),
        )
        for anchor in line.anchors
    ]


def _anchor_row(
    anchor: Anchor, paper: Paper | None, check: tuple[bool, datetime] | None, changes: tuple[AnchorChange, ...]
) -> AnchorRow:
    if paper is None:
        state = AnchorState.MISSING if check and not check[0] else AnchorState.UNCHECKED
        return AnchorRow(arxiv_id=anchor.arxiv_id, title=anchor.title, state=state)
    # A title that the paper had when it was cited is no wrong one.
    earlier = [change.before for change in changes if change.kind is AnchorChangeKind.TITLE]
    same = not anchor.title or any(alike(anchor.title, title) for title in (paper.title, *earlier))
    state = AnchorState.FOUND if same else AnchorState.TITLE_DIFFERS
    return AnchorRow(
        arxiv_id=anchor.arxiv_id,
        title=anchor.title or paper.title,
        state=AnchorState.WITHDRAWN if paper.withdrawn else state,
        found_title="" if same else paper.title,
        paper=paper,
        changes=changes,
    )


def shaken_claims(store: Store, line: Line, *, as_of: datetime | None = None) -> tuple[AnchorNews, ...]:
    """What became of the line's anchors up to then, each with the claims that rest on it."""
    with store.read() as db:
        return anchor_news(db, [line], until=as_of).get(line.slug, ())


def line_papers(store: Store, line: Line, *, since: datetime | None, limit: int | None) -> list[PaperRow]:
    """The line's matches with their papers, best first."""
    with store.read() as db:
        matches = [stored.match for stored in line_matches(db, line.slug, since=since, limit=limit)]
        ids = [match.arxiv_id for match in matches]
        papers = {paper.arxiv_id: paper for paper in get_papers(db, ids)}
        marks, verdicts = line_marks(db, line.slug), _said(db, line)
    return [_paper_row(match, papers, marks, verdicts) for match in matches]


def rank_all(
    store: Store, line: Line, ranker: Ranker, *, since: datetime | None, limit: int | None, now: datetime
) -> list[PaperRow]:
    """Every stored paper ranked for the line as its feedback is now, also below the floor."""
    with store.read() as db:
        papers = [paper for paper in all_papers(db) if since is None or paper.published >= since]
        anchors, said = known_anchors(db, [line]), Said.read(db, [line])
        marks, verdicts = line_marks(db, line.slug), _said(db, line)
    leanings = said.leanings([line], ranker, now=now)
    matches = ranker.rank([line], papers, anchors=anchors, floor=0.0, leanings=leanings)[:limit]
    by_id = {paper.arxiv_id: paper for paper in papers}
    return [_paper_row(match, by_id, marks, verdicts) for match in matches]


def _said(db: Db, line: Line) -> dict[str, list[Verdict]]:
    """All that was said on the line's open claims, by paper."""
    found: dict[str, list[Verdict]] = {}
    for verdict in line_verdicts(db, line.slug, line.open_claims):
        found.setdefault(verdict.arxiv_id, []).append(verdict)
    return found


def _paper_row(
    match: Match,
    papers: Mapping[str, Paper],
    marks: Mapping[str, Mark],
    verdicts: Mapping[str, Sequence[Verdict]],
) -> PaperRow:
    """verdicts: all that was said, by paper."""
    said = verdicts.get(match.arxiv_id, ())
    counted = ledger.counted(said)
    return PaperRow(
        match=match,
        paper=papers[match.arxiv_id],
        mark=marks.get(match.arxiv_id),
        verdicts=tuple(counted),
        beside=_beside(counted, said),
    )
