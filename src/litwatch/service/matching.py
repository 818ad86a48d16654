"""Ranking and judging what is stored: each call does one unit of work and says whether there may be more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from litwatch import __version__
from litwatch.judge.base import Judge
from litwatch.model import Claim, Evidence, Line, Paper
from litwatch.rank.ranker import Ranker
from litwatch.store.lines import LineState, line_states, mark_ranked, sync_lines
from litwatch.store.matches import mark_judged, matches_to_judge, replace_matches
from litwatch.store.papers import get_papers, last_text, papers_after
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import add_verdicts

RANKED_AT_ONCE = 4000
JUDGED_AT_ONCE = 4000


def known_anchors(db: Db, lines: Sequence[Line]) -> dict[str, Paper]:
    """The anchors of these lines that arXiv gave us, by id."""
    ids = {anchor.arxiv_id for line in lines for anchor in line.anchors}
    return {paper.arxiv_id: paper for paper in get_papers(db, ids)}


def fingerprint(line: Line, anchors: Mapping[str, Paper], ranker: Ranker) -> str:
    """Names all that a line's matches depend on besides the papers; when it changes they are made anew."""
    said = [
        __version__,
        ranker.background.version,
        ranker.floor,
        line.question,
        line.about,
        [[claim.id, claim.full_text] for claim in line.open_claims],
        list(line.exclude),
        [[anchor.arxiv_id, a.version if (a := anchors.get(anchor.arxiv_id)) else 0] for anchor in line.anchors],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def sync(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime) -> None:
    """Makes the store know the lines as their files are now. Nothing is written when nothing changed."""
    with store.read() as db:
        anchors = known_anchors(db, lines)
        states = line_states(db)
    prints = {line.slug: fingerprint(line, anchors, ranker) for line in lines}
    present = {slug: state.fingerprint for slug, state in states.items() if not state.removed}
    if present != prints:
        with store.write() as db:
            sync_lines(db, lines, prints, now=now)


def rank_once(store: Store, lines: Sequence[Line], ranker: Ranker, *, now: datetime) -> bool:
    """Ranks the next batch of papers for the lines that are furthest behind, all in one product."""
    with store.read() as db:
        states = line_states(db)
        newest = last_text(db)
        behind = [state for line in lines if line.active and (state := states[line.slug]).ranked_through < newest]
        if not behind:
            return False
        start = min(state.ranked_through for state in behind)
        group = {state.slug: state for state in behind if state.ranked_through == start}
        papers, reached = papers_after(db, start, RANKED_AT_ONCE)
        chosen = [line for line in lines if line.slug in group]
        anchors = known_anchors(db, chosen)
    if len(papers) < RANKED_AT_ONCE:
        reached = newest  # the rest are anchors, which are not ranked
    resting = {line.slug: {anchor.arxiv_id for anchor in line.anchors} for line in chosen}
    found = [
        match for match in ranker.rank(chosen, papers, anchors=anchors) if match.arxiv_id not in resting[match.line]
    ]
    with store.write() as db:
        if _changed(line_states(db), group):
            return True  # another process was here in between: look again
        ids = [paper.arxiv_id for paper in papers]
        prints = {slug: state.fingerprint for slug, state in group.items()}
        replace_matches(db, list(group), ids, found, prints, now=now)
        mark_ranked(db, group, reached)
    return True


def judge_once(store: Store, lines: Sequence[Line], judge: Judge, *, now: datetime) -> bool:
    """Judges the next matches of all lines, each with the claims that it bears on, paper by paper."""
    claims = {(line.slug, claim.id): claim for line in lines if line.active for claim in line.open_claims}
    with store.read() as db:
        slugs = [line.slug for line in lines if line.active]
        waiting = [stored.match for stored in matches_to_judge(db, slugs, judge.method, JUDGED_AT_ONCE)]
        papers = {paper.arxiv_id: paper for paper in get_papers(db, {match.arxiv_id for match in waiting})}
    if not waiting:
        return False
    asked = [
        (match.line, claims[match.line, claim_id], papers[match.arxiv_id])
        for match in waiting
        for claim_id, _ in match.claim_scores
        if (match.line, claim_id) in claims
    ]
    evidence = judge.judge([(claim, paper) for _, claim, paper in asked])
    judged: dict[str, list[tuple[Claim, Paper, Evidence]]] = {match.line: [] for match in waiting}
    for (slug, claim, paper), said in zip(asked, evidence, strict=True):
        judged[slug].append((claim, paper, said))
    with store.write() as db:
        for slug, found in judged.items():
            add_verdicts(db, slug, found, now=now)
            mark_judged(db, slug, [match.arxiv_id for match in waiting if match.line == slug], judge.method)
    return True


def _changed(states: Mapping[str, LineState], group: Mapping[str, LineState]) -> bool:
    return any(states[slug] != state for slug, state in group.items())
