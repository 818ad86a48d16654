"""Ranking and judging what is stored: each call does one unit of work and says whether there may be more."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from litwatch import __version__, ledger
from litwatch.judge.base import Judge
from litwatch.model import Claim, Evidence, Line, Paper, Stance
from litwatch.rank.ranker import Ranker
from litwatch.store.claims import claims_changed, held_claims
from litwatch.store.lines import LineState, line_states, mark_ranked, sync_lines
from litwatch.store.matches import mark_judged, matches_to_judge, replace_matches
from litwatch.store.papers import get_papers, last_text, papers_after
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import Pair, add_verdicts, challenge_verdicts, judged_pairs, outdated_pairs

RANKED_AT_ONCE = 4000
JUDGED_AT_ONCE = 4000

_WITHDRAWAL = Evidence(
    stance=Stance.NONE,
    probability=1.0,
    challenge=0.0,
    sentence="",
    reason="the paper was withdrawn",
    method=ledger.WITHDRAWN,
)


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
        held = held_claims(db, [line.slug for line in lines])
    prints = {line.slug: fingerprint(line, anchors, ranker) for line in lines}
    present = {slug: state.fingerprint for slug, state in states.items() if not state.removed}
    if present != prints or any(claims_changed(line, held[line.slug]) for line in lines):
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
        replace_matches(db, list(group), ids, found, now=now)
        mark_ranked(db, group, reached)
    return True


def judge_once(store: Store, lines: Sequence[Line], judge: Judge, *, now: datetime) -> bool:
    """Judges the next matches of all lines, each with the claims that it bears on, paper by paper.

    What has a verdict is asked again with every new text, method and threshold, also where the paper bears on the
    claim no more: so that no verdict stands on what its paper no longer says.
    """
    active = [line for line in lines if line.active]
    claims = {(line.slug, claim.id): claim for line in active for claim in line.open_claims}
    known = [(slug, claim) for (slug, _), claim in claims.items()]
    key = f"{judge.method}@{judge.threshold:g}"
    with store.read() as db:
        slugs = [line.slug for line in active]
        waiting = [stored.match for stored in matches_to_judge(db, slugs, key, JUDGED_AT_ONCE)]
        outdated = outdated_pairs(db, known, withdrawn=ledger.WITHDRAWN)[:JUDGED_AT_ONCE]
        if not waiting and not outdated:
            return False
        pairs = [Pair(match.line, name, match.arxiv_id) for match in waiting for name, _ in match.claim_scores]
        judged = judged_pairs(db, known, sorted({match.arxiv_id for match in waiting}))
        ids = {match.arxiv_id for match in waiting} | {pair.arxiv_id for pair in outdated}
        papers = {paper.arxiv_id: paper for paper in get_papers(db, ids)}
    due = {(match.line, match.arxiv_id) for match in waiting}
    pairs += [pair for pair in judged if (pair.line, pair.arxiv_id) in due]
    asked = [pair for pair in dict.fromkeys((*pairs, *outdated)) if (pair.line, pair.claim) in claims]
    told = [(claims[pair.line, pair.claim], papers[pair.arxiv_id]) for pair in asked]
    evidence = judge.judge(told)
    by_line: dict[str, list[tuple[Claim, Paper, Evidence]]] = {match.line: [] for match in waiting}
    for pair, (claim, paper), said in zip(asked, told, evidence, strict=True):
        by_line.setdefault(pair.line, []).append((claim, paper, _WITHDRAWAL if paper.withdrawn else said))
    with store.write() as db:
        for slug, judgments in by_line.items():
            add_verdicts(db, slug, judgments, now=now)
            mark_judged(db, slug, [match.arxiv_id for match in waiting if match.line == slug], key)
    return True


def count_challenges(db: Db, lines: Sequence[Line], threshold: float) -> dict[str, int]:
    """By slug: how many of the line's matched papers have a likely challenge (`ledger.is_marked`); 0 is left out."""
    marked = {
        (verdict.line, verdict.arxiv_id)
        for verdict in ledger.counted(challenge_verdicts(db, lines))
        if ledger.is_marked(verdict, threshold)
    }
    return dict(Counter(slug for slug, _ in marked))


def _changed(states: Mapping[str, LineState], group: Mapping[str, LineState]) -> bool:
    return any(states[slug] != state for slug, state in group.items())
