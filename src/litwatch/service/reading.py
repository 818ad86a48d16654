"""What commands and pages show of the store, without changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from litwatch import ledger
from litwatch.model import Anchor, AnchorState, Line, Mark, Match, Paper, Verdict
from litwatch.rank.ranker import Ranker
from litwatch.schedule import Schedule
from litwatch.service.digests import Channel
from litwatch.service.matching import known_anchors
from litwatch.store.matches import count_challenges, count_matches, line_marks, line_matches
from litwatch.store.papers import all_papers, anchor_checks, get_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import line_verdicts
from litwatch.text import plain, squeeze

_SAME_TITLE = 0.85
"""Share of equal characters (Ratcliff and Obershelp) from which two titles name one paper: a new version's title may
differ by a word, another paper's by most."""


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


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    match: Match
    paper: Paper
    mark: Mark | None
    verdicts: tuple[Verdict, ...]


def line_counts(store: Store, lines: Sequence[Line], threshold: float) -> dict[str, Counts]:
    with store.read() as db:
        matches, challenges = count_matches(db), count_challenges(db, threshold)
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


def standings(
    store: Store, line: Line, threshold: float, *, as_of: datetime | None = None
) -> dict[str, ledger.Standing]:
    """Each claim's standing, by its id."""
    verdicts = ledger_verdicts(store, line, as_of=as_of)
    return {
        claim.id: ledger.standing(claim, verdicts[claim.id], as_of=as_of, threshold=threshold) for claim in line.claims
    }


def ledger_verdicts(store: Store, line: Line, *, as_of: datetime | None = None) -> dict[str, list[Verdict]]:
    """The verdicts on each claim, by its id, oldest first."""
    found: dict[str, list[Verdict]] = {claim.id: [] for claim in line.claims}
    with store.read() as db:
        for verdict in line_verdicts(db, line.slug, line.claims, as_of=as_of):
            if verdict.claim in found:
                found[verdict.claim].append(verdict)
    return found


def anchor_rows(store: Store, line: Line) -> list[AnchorRow]:
    with store.read() as db:
        checks = anchor_checks(db)
        papers = known_anchors(db, [line])
    return [_anchor_row(anchor, papers.get(anchor.arxiv_id), checks.get(anchor.arxiv_id)) for anchor in line.anchors]


def _anchor_row(anchor: Anchor, paper: Paper | None, check: tuple[bool, datetime] | None) -> AnchorRow:
    if paper is None:
        state = AnchorState.MISSING if check and not check[0] else AnchorState.UNCHECKED
        return AnchorRow(arxiv_id=anchor.arxiv_id, title=anchor.title, state=state)
    if not anchor.title or _alike(anchor.title, paper.title):
        return AnchorRow(arxiv_id=anchor.arxiv_id, title=anchor.title or paper.title, state=AnchorState.FOUND)
    return AnchorRow(
        arxiv_id=anchor.arxiv_id, title=anchor.title, state=AnchorState.TITLE_DIFFERS, found_title=paper.title
    )


def _alike(cited: str, real: str) -> bool:
    a, b = (squeeze("".join(c if c.isalnum() else " " for c in plain(text).casefold())) for text in (cited, real))
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SAME_TITLE


def line_papers(store: Store, line: Line, *, since: datetime | None, limit: int | None) -> list[PaperRow]:
    """The line's matches with their papers, best first."""
    with store.read() as db:
        matches = [stored.match for stored in line_matches(db, line.slug, since=since, limit=limit)]
        ids = [match.arxiv_id for match in matches]
        papers = {paper.arxiv_id: paper for paper in get_papers(db, ids)}
        marks = line_marks(db, line.slug)
        verdicts: dict[str, list[Verdict]] = {}
        for verdict in line_verdicts(db, line.slug, line.open_claims):
            verdicts.setdefault(verdict.arxiv_id, []).append(verdict)
    return [
        PaperRow(
            match=match,
            paper=papers[match.arxiv_id],
            mark=marks.get(match.arxiv_id),
            verdicts=tuple(verdicts.get(match.arxiv_id, ())),
        )
        for match in matches
    ]


def rank_all(store: Store, line: Line, ranker: Ranker, *, since: datetime | None, limit: int | None) -> list[PaperRow]:
    """Every stored paper ranked for the line, also below the floor."""
    with store.read() as db:
        papers = [paper for paper in all_papers(db) if since is None or paper.published >= since]
        anchors = known_anchors(db, [line])
        marks = line_marks(db, line.slug)
    by_id = {paper.arxiv_id: paper for paper in papers}
    matches = ranker.rank([line], papers, anchors=anchors, floor=0.0)[:limit]
    return [
        PaperRow(match=match, paper=by_id[match.arxiv_id], mark=marks.get(match.arxiv_id), verdicts=())
        for match in matches
    ]
