"""Ranking what is stored: each call does one unit of work and says whether there may be more."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from litwatch import __version__
from litwatch.model import Line, Match, Paper
from litwatch.rank.exploring import CHANCE, is_drawn, near_floor
from litwatch.rank.ranker import Ranker
from litwatch.service.agreement import fingerprints
from litwatch.service.feedback import Said
from litwatch.service.poison import Ranked, Trouble, rank_around
from litwatch.service.sharing import taken
from litwatch.service.taking import rank_taken, taken_among
from litwatch.store.claims import claims_changed, held_claims
from litwatch.store.keeper import keep_lines, keeper
from litwatch.store.lines import LineState, line_states, lines_past, mark_ranked, sync_lines
from litwatch.store.matches import replace_matches
from litwatch.store.near_misses import replace_near_misses
from litwatch.store.papers import get_papers, last_text, papers_after
from litwatch.store.rested import anchors_changed, rested_on
from litwatch.store.set_aside import LINE, PAPER, Row, bring_back, reason_of, rows_by_name, set_aside
from litwatch.store.store import Db, Store

log = logging.getLogger("litwatch.matching")

RANKED_AT_ONCE = 4000


def known_anchors(db: Db, lines: Sequence[Line]) -> dict[str, Paper]:
    """The anchors of these lines that arXiv gave us, by id."""
    ids = {anchor.arxiv_id for line in lines for anchor in line.anchors}
    return {paper.arxiv_id: paper for paper in get_papers(db, ids)}


def sync(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime, who: str | None = None) -> None:
    """Makes the store know the lines as their files are now. Nothing is written when nothing changed.

    who: a daemon, which does so where it keeps the lines (see agreement), and begins to where no other one does.
    """
    with store.read() as db:
        prints = fingerprints(db, lines, ranker)
        states = line_states(db)
        held = held_claims(db, [line.slug for line in lines])
        resting = rested_on(db, [line.slug for line in lines])
        kept_by = keeper(db)
    present = {slug: state.fingerprint for slug, state in states.items() if not state.removed}
    changed = present != prints or any(
        claims_changed(line, held[line.slug]) or anchors_changed(line, resting[line.slug]) for line in lines
    )
    if who is not None and (kept_by not in ("", who) or (kept_by and not changed)):
        return
    if changed or who is not None:
        with store.write() as db:
            if who is None or keep_lines(db, who=who):
                sync_lines(db, lines, prints, now=now)


def rank_once(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime, who: str | None = None) -> bool:
    """Ranks the next batch of papers for the lines that are furthest behind, all in one product.

    A line that the ranker fails with, or a paper, is set aside for a day; what was left out is ranked then. A line
    that the store knows otherwise than it is here (`sync` did not take it up) is left alone.
    who: a daemon, which works on the lines that it can take and no other one holds.
    """
    with store.read() as db:
        behind = sorted(_behind(db, lines, ranker, now), key=lambda state: state.ranked_through)
    if not behind:
        return _rank_left_out(store, lines, ranker, now=now)
    with taken(store, [state.slug for state in behind], who) as mine:
        return _rank(store, [line for line in lines if line.slug in mine], ranker, now=now)


@dataclass(frozen=True)
class _Batch:
    """The next papers of the lines that are furthest behind, as they were read."""

    lines: Sequence[Line]
    group: Mapping[str, LineState]
    papers: Sequence[Paper]
    reached: int
    anchors: Mapping[str, Paper]
    said: Said
    left_out: Sequence[Row]
    """Papers that are not ranked now."""
    aside: Mapping[str, Row]
    """All papers that were set aside once."""
    taken_in: Mapping[str, Sequence[Paper]]
    """By slug, those that the reader took in: matches whatever their score. A line that is ranked from the start has
    them all here, also those that no harvest met."""

    @classmethod
    def read(cls, db: Db, lines: Sequence[Line], ranker: Ranker, now: datetime) -> _Batch | None:
        """None where none of these lines is behind."""
        behind = _behind(db, lines, ranker, now)
        if not behind:
            return None
        start = min(state.ranked_through for state in behind)
        group = {state.slug: state for state in behind if state.ranked_through == start}
        papers, reached = papers_after(db, start, RANKED_AT_ONCE)
        if len(papers) < RANKED_AT_ONCE:
            reached = last_text(db)  # the rest are anchors, which are not ranked
        chosen = [line for line in lines if line.slug in group]
        aside = rows_by_name(db, PAPER)
        out = {p.arxiv_id for p in papers if (row := aside.get(p.arxiv_id)) and row.holds(_of(p), now)}
        papers = [paper for paper in papers if paper.arxiv_id not in out]
        return cls(
            lines=chosen,
            group=group,
            papers=papers,
            reached=reached,
            anchors=known_anchors(db, chosen),
            said=Said.read(db, chosen),
            left_out=[aside[arxiv_id] for arxiv_id in out],
            aside=aside,
            taken_in=taken_among(db, chosen, papers, others=start == 0),
        )


def _behind(db: Db, lines: Sequence[Line], ranker: Ranker, now: datetime) -> list[LineState]:
    """Active lines that have yet to be ranked for the newest texts, but for those that are set aside."""
    states, newest, aside = line_states(db), last_text(db), rows_by_name(db, LINE)
    prints = fingerprints(db, lines, ranker)
    known = [state for line in lines if line.active and (state := states.get(line.slug)) and not state.removed]
    behind = [state for state in known if state.ranked_through < newest and state.fingerprint == prints[state.slug]]
    return [state for state in behind if not ((row := aside.get(state.slug)) and row.holds(state.fingerprint, now))]


def _rank(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime) -> bool:
    with store.read() as db:
        batch = _Batch.read(db, lines, ranker, now)
    if batch is None:
        return False
    outcome = rank_around(partial(_rank_down, ranker, batch.anchors, batch.said, now), batch.lines, batch.papers)
    again = _TakenIn.ranked(ranker, batch.anchors, batch.said, batch.lines, batch.taken_in, now=now)
    with store.write() as db:
        same = not _changed(line_states(db), batch.group) and batch.said.holds(db, batch.lines)
        if not same or not _still_left_out(db, batch.left_out):
            return True  # another process was here in between: look again
        fresh = _set_aside(db, outcome.troubles, batch, now=now)
        if outcome.whole:
            done = batch.group.keys() - outcome.lines
            _keep(db, outcome, ranker.floor, batch.lines, done, batch.papers, again, now=now)
            mark_ranked(db, done, batch.reached)
            _bring_back(db, batch, done, outcome)
    for trouble in outcome.troubles:
        trace = trouble.error if trouble in fresh else None
        said = reason_of(trouble.error)
        log.error("%s %s is set aside for a day: %s", trouble.kind, trouble.name, said, exc_info=trace)
    return True


def _rank_left_out(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime) -> bool:
    """Ranks a paper that was set aside a day ago for the lines that have passed it since."""
    with store.read() as db:
        row = next((row for row in rows_by_name(db, PAPER).values() if row.until <= now), None)
        if row is None:
            return False
        # Another version of it was ranked as any new text is.
        papers = [paper for paper in get_papers(db, [row.name]) if _of(paper) == row.of]
        states = line_states(db)
        past = {slug: states[slug].fingerprint for slug in lines_past(db, row.name)}
        if papers and not past.items() <= fingerprints(db, lines, ranker).items():
            return False  # another process keeps these lines, and knows all of them
        chosen = [line for line in lines if line.slug in past] if papers else []
        anchors, said = known_anchors(db, chosen), Said.read(db, chosen)
        taken_in = taken_among(db, chosen, papers, others=False)
    work = partial(_rank_down, ranker, anchors, said, now)
    outcome = rank_around(work, chosen, papers) if chosen else Ranked()
    again = _TakenIn.ranked(ranker, anchors, said, chosen, taken_in, now=now)
    with store.write() as db:
        states = line_states(db)
        now_past = {slug: states[slug].fingerprint for slug in lines_past(db, row.name)}
        same = not papers or (get_papers(db, [row.name]) == papers and said.holds(db, chosen))
        if not same or not _still_left_out(db, [row]) or not now_past.items() <= past.items():
            return True
        if outcome.whole:
            _keep(db, outcome, ranker.floor, chosen, now_past.keys() - outcome.lines, papers, again, now=now)
        if outcome.troubles:
            set_aside(db, PAPER, row.name, reason_of(outcome.troubles[-1].error), row.of, now)
        else:
            bring_back(db, PAPER, row.name)
    return True


def _rank_down(
    ranker: Ranker,
    anchors: Mapping[str, Paper],
    said: Said,
    now: datetime,
    lines: Sequence[Line],
    papers: Sequence[Paper],
) -> list[Match]:
    """The matches, and of the near misses those that are drawn."""
    leanings = said.leanings(lines, ranker, now=now)
    return ranker.rank(
        lines, papers, anchors=anchors, floor=near_floor(ranker.floor), wanted=_is_kept, leanings=leanings
    )


def _is_match(match: Match, floor: float) -> bool:
    """Or a near miss: feedback makes matches, and takes none away."""
    return max(match.score, match.score if match.base is None else match.base) >= floor


def _is_kept(line: str, arxiv_id: str, _: float) -> bool:
    return is_drawn(line, arxiv_id, CHANCE)


@dataclass(frozen=True)
class _TakenIn:
    """What the reader took in, ranked again."""

    pairs: frozenset[tuple[str, str]]
    """(line, arXiv id) of all that was ranked, also where it makes no match."""
    matches: Sequence[Match]

    @classmethod
    def ranked(
        cls,
        ranker: Ranker,
        anchors: Mapping[str, Paper],
        said: Said,
        lines: Sequence[Line],
        papers: Mapping[str, Sequence[Paper]],
        *,
        now: datetime,
    ) -> _TakenIn:
        """papers: by slug."""
        pairs = frozenset((slug, paper.arxiv_id) for slug, each in papers.items() for paper in each)
        leanings = said.leanings(lines, ranker, now=now) if pairs else {}
        matches, failed = rank_taken(ranker, lines, papers, anchors, leanings)
        return cls(pairs - failed, matches)


def _keep(
    db: Db,
    outcome: Ranked,
    floor: float,
    lines: Sequence[Line],
    done: Collection[str],
    papers: Sequence[Paper],
    again: _TakenIn,
    *,
    now: datetime,
) -> None:
    """Writes the matches of the lines that are `done`; of a paper that failed, for those lines that it worked with."""
    resting = {line.slug: {anchor.arxiv_id for anchor in line.anchors} for line in lines if line.slug in done}
    found = [m for m in outcome.matches if m.line in resting and m.arxiv_id not in resting[m.line]]
    well = [paper.arxiv_id for paper in papers if paper.arxiv_id not in outcome.papers]
    write = partial(_replace, db, floor=floor, again=again, now=now)
    write(sorted(resting), well, [m for m in found if m.arxiv_id not in outcome.papers])
    for name in outcome.papers:
        worked = [slug for slug in sorted(resting) if (slug, name) not in outcome.failed]
        write(worked, [name], [m for m in found if m.arxiv_id == name])
    ranked = {paper.arxiv_id for paper in papers}
    for slug in resting:
        write([slug], sorted(key for line, key in again.pairs if line == slug and key not in ranked), [])


def _replace(
    db: Db,
    ranked: Sequence[str],
    batch: Sequence[str],
    found: Sequence[Match],
    *,
    floor: float,
    again: _TakenIn,
    now: datetime,
) -> None:
    matching = {(match.line, match.arxiv_id): match for match in found if _is_match(match, floor)}
    here, these = set(ranked), set(batch)
    taken_in = {(m.line, m.arxiv_id): m for m in again.matches if m.line in here and m.arxiv_id in these}
    replace_matches(db, ranked, batch, list((taken_in | matching).values()), now=now)
    near = [m for m in found if not _is_match(m, floor) and (m.line, m.arxiv_id) not in taken_in]
    replace_near_misses(db, ranked, batch, near, chance=CHANCE, now=now)


def _set_aside(db: Db, troubles: Sequence[Trouble], batch: _Batch, *, now: datetime) -> list[Trouble]:
    """Gives those that were not set aside before."""
    papers = {paper.arxiv_id: paper for paper in batch.papers}
    fresh = []
    for trouble in troubles:
        name = trouble.name
        of = batch.group[name].fingerprint if trouble.kind == LINE else _of(papers[name])
        if set_aside(db, trouble.kind, name, reason_of(trouble.error), of, now):
            fresh.append(trouble)
    return fresh


def _bring_back(db: Db, batch: _Batch, done: Collection[str], outcome: Ranked) -> None:
    """What failed once and works now. A paper that is what it was stays: some lines have passed it in between."""
    for slug in rows_by_name(db, LINE).keys() & set(done):
        bring_back(db, LINE, slug)
    for paper in batch.papers:
        row = batch.aside.get(paper.arxiv_id)
        if row and row.of != _of(paper) and paper.arxiv_id not in outcome.papers:
            bring_back(db, PAPER, paper.arxiv_id)


def _still_left_out(db: Db, left_out: Sequence[Row]) -> bool:
    """False where another process meanwhile brought back what was left out here."""
    aside = rows_by_name(db, PAPER) if left_out else {}
    return all(aside.get(row.name) == row for row in left_out)


def _changed(states: Mapping[str, LineState], group: Mapping[str, LineState]) -> bool:
    return any(_place(states[slug]) != _place(state) for slug, state in group.items())


def _place(state: LineState) -> tuple[str, int, bool]:
    return state.fingerprint, state.ranked_through, state.removed


def _of(paper: Paper) -> str:
    """Another version, or another litwatch, is reason to try again."""
    return hashlib.sha256(f"{paper.version} {__version__}".encode()).hexdigest()[:32]
