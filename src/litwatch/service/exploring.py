"""What a digest tells beyond what had a place in it: some papers drawn by chance, so that misses can be estimated."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litwatch.digest.compose import Candidate, Drawn
from litwatch.model import Digest
from litwatch.rank.exploring import allotted, draw, draw_of_paper, expected
from litwatch.service.candidates import candidates_of
from litwatch.store.matches import StoredMatch
from litwatch.store.near_misses import NearMiss, get_near_misses, untold_near_misses
from litwatch.store.store import Db
from litwatch.store.untold import Untold, fresh_fits, matches_with

_LONGEST = timedelta(days=28)
"""Of a longer period only the end is drawn from: the more papers there are to draw from, the heavier the draw."""
_ANNOUNCED_WITHIN = timedelta(days=7)
"""arXiv announces nearly all papers so soon after they were submitted."""


def draw_beyond(db: Db, untold: Untold, digest: Digest, count: int, *, last: datetime | None) -> list[Drawn]:
    """At most `count` papers of which the digest, as it was composed of `untold`, tells none, drawn by chance.

    They are of two kinds in turn: matches that had no place, having no room or being put below the floor by the
    reader's feedback, and near misses. All are found after `last` and were new in the digest's period: were those drawn
    from, too, that a search backwards or a changed line brings up, the one drawn would stand for half a year. Within a
    kind all papers are alike, whatever their lines. None is a likely challenge, withdrawn, excluded by its line, or
    known to the channel.

    The chance of each is its inclusion probability: how many papers of its kind are drawn in the mean, over how many
    there are; for a near miss, times the chance with which it was kept for a line. It is an estimate: it holds for the
    numbers of both kinds in this digest, and where the form had room for what was drawn.
    """
    period = digest.coverage
    new = max(period.period_start, period.period_end - _LONGEST) - _ANNOUNCED_WITHIN
    slugs = [line.slug for line in untold.lines]
    placed = {entry.paper.arxiv_id for entry in digest.entries}
    fits = fresh_fits(db, untold, told_until=last, published_after=new)
    beyond = _Kind.of((_Pair.of(*fit) for fit in fits if fit[1] not in placed), count)
    misses = untold_near_misses(db, slugs, untold.channel, found_after=last, published_after=new)
    near = _Kind.of(_of_one_line_each(misses), count)
    sizes = beyond.size, near.size
    # A place that is left over is of the one kind in half of the digests, and of the other in the others.
    half = int(draw(digest.channel, digest.coverage.period_start.date().isoformat()) < 0.5)
    numbers, means = allotted(count, sizes, half), expected(count, sizes)
    return [
        *_matches(db, untold, beyond.first[: numbers[0]], means[0] / max(beyond.size, 1), last),
        *_near_misses(db, untold, near.first[: numbers[1]], means[1] / max(near.size, 1), last),
    ]


@dataclass(frozen=True, order=True)
class _Pair:
    draw: float
    """Uniform in [0, 1): those with the least are drawn."""
    line: str
    arxiv_id: str
    kept: float
    """The chance with which it was kept."""

    @classmethod
    def of(cls, line: str, arxiv_id: str, kept: float = 1.0) -> _Pair:
        # One of the paper alone: with the least of several lines it would come the sooner the more it has.
        return cls(draw_of_paper(arxiv_id), line, arxiv_id, kept)


def _of_one_line_each(misses: Iterable[NearMiss]) -> Iterable[_Pair]:
    """Each paper once, under one of its lines by chance."""
    found: dict[str, NearMiss] = {}
    for miss in misses:
        found[miss.arxiv_id] = min(found.get(miss.arxiv_id, miss), miss, key=_draw)
    return (_Pair.of(miss.line, miss.arxiv_id, miss.chance) for miss in found.values())


def _draw(miss: NearMiss) -> float:
    # What was kept is what has a draw below that chance.
    return draw(miss.line, miss.arxiv_id) / miss.chance


@dataclass(frozen=True)
class _Kind:
    size: int
    first: Sequence[_Pair]
    """As they are drawn."""

    @classmethod
    def of(cls, pairs: Iterable[_Pair], count: int) -> _Kind:
        """Of what may be very much, each paper once: only what may be drawn is held."""
        size = 0

        def counted() -> Iterable[_Pair]:
            nonlocal size
            for pair in pairs:
                size += 1
                yield pair

        first = heapq.nsmallest(count, counted())
        return cls(size, first)


def _matches(db: Db, untold: Untold, pairs: Sequence[_Pair], chance: float, last: datetime | None) -> list[Drawn]:
    found = matches_with(db, untold, [pair.arxiv_id for pair in pairs])
    home = {pair.arxiv_id: pair.line for pair in pairs}
    return [
        Drawn(candidate=candidate, chance=chance, also=_others(untold, found, candidate))
        for candidate in candidates_of(db, untold, found, last)
        if home[candidate.match.arxiv_id] == candidate.match.line
    ]


def _others(untold: Untold, found: Sequence[StoredMatch], candidate: Candidate) -> tuple[str, ...]:
    own = [item.match for item in found if item.match.arxiv_id == candidate.match.arxiv_id]
    fits = {match.line for match in own if match.score >= untold.floor}
    return tuple(line.slug for line in untold.lines if line.slug in fits - {candidate.match.line})


def _near_misses(db: Db, untold: Untold, pairs: Sequence[_Pair], chance: float, last: datetime | None) -> list[Drawn]:
    kept = {(pair.line, pair.arxiv_id): pair.kept for pair in pairs}
    found = get_near_misses(db, kept)
    # What a verdict says of one, from a time when it was a match, does not make a challenge of it here.
    return [
        Drawn(
            candidate=replace(candidate, verdicts=()),
            chance=chance * kept[candidate.match.line, candidate.match.arxiv_id],
            near=True,
        )
        for candidate in candidates_of(db, untold, found, last)
    ]
