"""Papers that the reader takes in from a text: matches of a line whatever their score, to be reviewed like any other.

Nothing is asserted by it. What is taken in is judged as all matches are, and no claim is made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from litwatch.grounding.judged import Grounded
from litwatch.model import Line, Match, Paper
from litwatch.rank.exploring import CHANCE, near_floor
from litwatch.rank.feedback import Leaning
from litwatch.rank.ranker import Ranker
from litwatch.service.feedback import Said
from litwatch.service.poison import rank_around
from litwatch.store.matches import match_of, replace_matches
from litwatch.store.near_misses import replace_near_misses
from litwatch.store.papers import get_papers, harvested_ids, save_papers
from litwatch.store.store import Db, Store
from litwatch.store.taken import add_taken, taken_into


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What became of one grounded paper."""

    arxiv_id: str
    fresh: bool = False
    """Whether it was taken in now."""
    already: bool = False
    """Whether it was taken in before."""
    match: Match | None = None
    refusal: str = ""
    """Why it was not taken in, in words."""

    @property
    def taken(self) -> bool:
        return self.fresh or self.already


def take_in(
    store: Store, line: Line, grounded: Sequence[Grounded], ranker: Ranker, *, source: str, now: datetime
) -> tuple[TakenIn, ...]:
    """Makes matches of the line of those papers that are what the text means, and notes where they are from.

    source: name of the text. The store must know the line. A paper that matches the line already stays the match that
    it is; one that was taken in before stays as it was. The others are refused with a reason.
    """
    resting = {anchor.arxiv_id for anchor in line.anchors}
    meant: dict[str, Paper] = {}
    for one in grounded:
        if one.is_meant and one.paper and one.arxiv_id not in resting:
            meant[one.arxiv_id] = one.paper
    with store.read() as db:
        stored = {paper.arxiv_id: paper for paper in get_papers(db, meant)}
        said = Said.read(db, [line])
        anchors = {paper.arxiv_id: paper for paper in get_papers(db, resting)}
    # What is stored is newer, but for papers whose text is kept no longer.
    papers = {key: stored[key] if key in stored and stored[key].has_text else paper for key, paper in meant.items()}
    leanings = said.leanings([line], ranker, now=now)
    found, _ = rank_taken(ranker, [line], {line.slug: papers.values()}, anchors, leanings)
    ranked = {match.arxiv_id: match for match in found}
    with store.write() as db:
        known = match_of(db, line.slug, list(papers))
        wanted = [key for key in papers if key in known or key in ranked]
        unstored = [papers[key] for key in wanted if key not in stored or not stored[key].has_text]
        save_papers(db, unstored, now=now, harvested=False)
        fresh = set(add_taken(db, line.slug, wanted, source, now))
        new = [key for key in wanted if key not in known]
        replace_near_misses(db, [line.slug], new, [], chance=CHANCE, now=now)
        replace_matches(db, [line.slug], new, [ranked[key] for key in new], now=now)
    return tuple(
        TakenIn(
            arxiv_id=one.arxiv_id,
            fresh=one.arxiv_id in fresh,
            already=one.arxiv_id in wanted and one.arxiv_id not in fresh,
            match=known.get(one.arxiv_id) or ranked.get(one.arxiv_id),
            refusal="" if one.arxiv_id in wanted else _refusal(one, resting),
        )
        for one in grounded
    )


def _refusal(one: Grounded, resting: Collection[str]) -> str:
    if one.arxiv_id in resting:
        return "the line rests on it"
    if one.is_meant:
        return "it has a word that the line excludes"
    return "withdrawn" if one.paper and one.paper.withdrawn else one.state.value


# --- ranked again --------------------------------------------------------------------------------------------


def taken_among(
    db: Db, lines: Sequence[Line], papers: Sequence[Paper], *, others: bool
) -> dict[str, tuple[Paper, ...]]:
    """By slug, what was taken into each line among these papers, but for those that it rests on.

    others: and what was taken in and no harvest met, which is in no batch of papers to rank.
    """
    resting = {(line.slug, anchor.arxiv_id) for line in lines for anchor in line.anchors}
    pairs = taken_into(db, [line.slug for line in lines]) - resting
    if not pairs:
        return {}
    here = {paper.arxiv_id: paper for paper in papers}
    ids = {arxiv_id for _, arxiv_id in pairs}
    if others:
        here |= {paper.arxiv_id: paper for paper in get_papers(db, ids - harvested_ids(db, ids))}
    return {
        line.slug: found
        for line in lines
        if (found := tuple(here[key] for slug, key in sorted(pairs) if slug == line.slug and key in here))
    }


def rank_taken(
    ranker: Ranker,
    lines: Sequence[Line],
    papers: Mapping[str, Collection[Paper]],
    anchors: Mapping[str, Paper],
    leanings: Mapping[str, Leaning],
) -> tuple[list[Match], set[tuple[str, str]]]:
    """The match that each of these papers, by slug of its line, makes at whatever score; and (line, arXiv id) of those
    that could not be ranked.

    It bears on the claims that it comes near, as far as a near miss does, or else on the nearest that it shares
    anything with. What the line excludes makes none, nor what is withdrawn.
    """
    found: list[Match] = []
    failed: set[tuple[str, str]] = set()
    bearing = partial(_bearing, near_floor(ranker.floor))
    for line in lines:
        if of_line := list(papers.get(line.slug, ())):
            rank = partial(ranker.rank, anchors=anchors, floor=0.0, leanings=leanings)
            outcome = rank_around(rank, [line], of_line)
            found += map(bearing, outcome.matches)
            if outcome.lines or not outcome.whole:
                failed.update((line.slug, paper.arxiv_id) for paper in of_line)
            failed.update((line.slug, arxiv_id) for arxiv_id in outcome.papers)
    return found, failed


def _bearing(least: float, match: Match) -> Match:
    near = tuple(pair for pair in match.claim_scores if pair[1] >= least)
    near = near or tuple(pair for pair in match.claim_scores[:1] if pair[1] > 0)
    return replace(match, claim=near[0][0] if near else "", claim_scores=near)
