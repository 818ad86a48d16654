"""Papers a little below the floor that were drawn by chance: from them it is estimated what a line misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, false, func, insert, or_, select

from litwatch.model import Match
from litwatch.store.matches import StoredMatch, match_values, stored_match
from litwatch.store.schema import matches, near_misses, papers, told

_CHUNK = 900
_ROWS = 1000
"""Read at once of what may be very much."""


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    line: str
    arxiv_id: str
    chance: float
    """With which it was kept."""


def replace_near_misses(
    db: Connection,
    ranked: Sequence[str],
    batch: Sequence[str],
    found: Sequence[Match],
    *,
    chance: float,
    now: datetime,
) -> None:
    """Writes which of the papers `batch` are near misses of the lines `ranked`: those that are none any more go.

    chance: with which each of `found` was drawn.
    """
    since: dict[tuple[str, str], datetime] = {}
    for start in range(0, len(batch), _CHUNK):
        here = and_(near_misses.c.line.in_(ranked), near_misses.c.arxiv_id.in_(batch[start : start + _CHUNK]))
        rows = db.execute(select(near_misses.c.line, near_misses.c.arxiv_id, near_misses.c.found_at).where(here)).all()
        if rows:
            since.update({(row.line, row.arxiv_id): row.found_at for row in rows})
            db.execute(delete(near_misses).where(here))
    if found:
        db.execute(
            insert(near_misses),
            [
                {**match_values(match, since.get((match.line, match.arxiv_id), now)), "chance": chance}
                for match in found
            ],
        )


def untold_near_misses(
    db: Connection,
    slugs: Sequence[str],
    channel: str | None,
    *,
    found_after: datetime | None,
    published_after: datetime | None = None,
) -> Iterator[NearMiss]:
    """Near misses of these lines that the channel was not told of, found and published after that, in no order.

    Papers that are withdrawn are none, nor those that match another of the lines. channel: None for none, which was
    told nothing.
    """
    # A join, not a NOT EXISTS as for the others: no index finds the matches of a paper whatever their line.
    known = select(matches.c.arxiv_id).where(matches.c.line.in_(slugs)).distinct().subquery()
    arxiv_id = near_misses.c.arxiv_id
    query = (
        select(near_misses.c.line, arxiv_id, near_misses.c.chance)
        .outerjoin(known, known.c.arxiv_id == arxiv_id)
        .where(
            near_misses.c.line.in_(slugs),
            known.c.arxiv_id.is_(None),
            ~exists().where(papers.c.arxiv_id == arxiv_id, papers.c.withdrawn),
        )
    )
    if published_after is not None:
        query = query.where(exists().where(papers.c.arxiv_id == arxiv_id, papers.c.published > published_after))
    if channel is not None:
        query = query.where(~exists().where(told.c.channel == channel, told.c.arxiv_id == arxiv_id))
    if found_after is not None:
        query = query.where(near_misses.c.found_at > found_after)
    rows = db.execute(query.execution_options(yield_per=_ROWS))
    return (NearMiss(line=row.line, arxiv_id=row.arxiv_id, chance=row.chance) for row in rows)


def get_near_misses(db: Connection, wanted: Iterable[tuple[str, str]]) -> list[StoredMatch]:
    """Those of a few, each named by the slug of its line and the id of its paper."""
    which = [and_(near_misses.c.line == slug, near_misses.c.arxiv_id == arxiv_id) for slug, arxiv_id in wanted]
    return [stored_match(row) for row in db.execute(select(near_misses).where(or_(false(), *which)))]


def drop_near_misses(db: Connection, *, before: datetime, limit: int) -> int:
    """Drops near misses found before that, at most `limit` of the oldest; how many."""
    rows = db.execute(
        select(near_misses.c.line, near_misses.c.arxiv_id)
        .where(near_misses.c.found_at < before)
        .order_by(near_misses.c.found_at)
        .limit(limit)
    ).all()
    by_line: dict[str, list[str]] = {}
    for row in rows:
        by_line.setdefault(row.line, []).append(row.arxiv_id)
    for slug, ids in by_line.items():
        for start in range(0, len(ids), _CHUNK):
            here = near_misses.c.line == slug, near_misses.c.arxiv_id.in_(ids[start : start + _CHUNK])
            db.execute(delete(near_misses).where(*here))
    return len(rows)


def count_near_misses(db: Connection, *, before: datetime) -> int:
    """How many were found before that."""
    query = select(func.count()).select_from(near_misses).where(near_misses.c.found_at < before)
    return db.execute(query).scalar_one()
