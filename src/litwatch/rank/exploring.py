"""Drawing papers by chance among those that have no place by their score, to see what a line misses.

The draw is a hash of line and paper and of nothing else: whoever draws, when and how often, the same papers come, so
that a preview shows what is sent. To the question what is missed it is as good as a die, since no score has part in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

NEAR = 3
"""A near miss has a score of at least the floor divided by this. On the judged lines (docs/ranking.md) 48 of the 58
papers of relevance 2 or 3 that the floor passes over lie there, ranked by meaning, and all 59 by terms. The other ten
are too far off in their words to be read for their meaning, and score less: of what is below, near misses say nothing.
"""
CHANCE = 1 / 32
"""With which a near miss is kept. There are some eight of them to a match by terms, three or four with meaning: so few
that they cost little beside the matches, and still a handful a week for a single line."""


def near_floor(floor: float) -> float:
    """The score from which on a paper below `floor` is a near miss."""
    return floor / NEAR


def draw(line: str, arxiv_id: str) -> float:
    """Uniform in [0, 1) over papers, the same in every process and for ever. line: its slug."""
    digest = hashlib.sha256(f"{line} {arxiv_id}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def draw_of_paper(arxiv_id: str) -> float:
    """As `draw`, whatever the line, and independent of those."""
    return draw("", arxiv_id)


def is_drawn(line: str, arxiv_id: str, chance: float) -> bool:
    return draw(line, arxiv_id) < chance


def allotted(count: int, sizes: Sequence[int], first: int) -> tuple[int, ...]:
    """How many of `count` each kind of paper gets: one after the other in turn, as long as it has some.

    sizes: how many papers there are of each kind. first: which of them begins, counted from 0.
    """
    given = [0] * len(sizes)
    turn = first
    for _ in range(min(count, sum(sizes))):
        while given[turn % len(sizes)] == sizes[turn % len(sizes)]:
            turn += 1
        given[turn % len(sizes)] += 1
        turn += 1
    return tuple(given)


def expected(count: int, sizes: Sequence[int]) -> tuple[float, ...]:
    """How many each kind gets in the mean, where any of them may begin alike."""
    ways = [allotted(count, sizes, first) for first in range(len(sizes))]
    return tuple(sum(way[kind] for way in ways) / len(ways) for kind in range(len(sizes)))
