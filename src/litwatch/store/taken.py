"""Papers that the reader took in from a text: matches of their line whatever their score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from litwatch.store.schema import matches, taken

_CHUNK = 900


@dataclass(frozen=True, kw_only=True)
class Taken:
    line: str
    arxiv_id: str
    source: str
    """Name of the text that cites it."""
    at: datetime
    """When it was first taken in."""


def add_taken(db: Connection, slug: str, ids: Sequence[str], source: str, now: datetime) -> tuple[str, ...]:
    """Notes that these stored papers were taken into the line; gives those that were not before.

    What was taken once keeps its source and its time.
    """
    known = {each.arxiv_id for each in taken_papers(db, slug)}
    fresh = tuple(arxiv_id for arxiv_id in dict.fromkeys(ids) if arxiv_id not in known)
    if fresh:
        rows = [{"line": slug, "arxiv_id": arxiv_id, "source": source, "at": now} for arxiv_id in fresh]
        db.execute(insert(taken), rows)
    return fresh


def taken_papers(db: Connection, slug: str) -> list[Taken]:
    """What was taken into the line, oldest first and then by id."""
    query = select(taken).where(taken.c.line == slug).order_by(taken.c.at, taken.c.arxiv_id)
    return [Taken(line=row.line, arxiv_id=row.arxiv_id, source=row.source, at=row.at) for row in db.execute(query)]


def taken_anew(db: Connection, slug: str) -> list[Taken]:
    """Those among them that were no match of the line before."""
    before = select(matches.c.arxiv_id).where(
        matches.c.line == slug, matches.c.arxiv_id == taken.c.arxiv_id, matches.c.found_at < taken.c.at
    )
    query = select(taken.c.arxiv_id).where(taken.c.line == slug, ~before.exists())
    anew = set(db.execute(query).scalars())
    return [each for each in taken_papers(db, slug) if each.arxiv_id in anew]


def taken_into(db: Connection, slugs: Sequence[str]) -> set[tuple[str, str]]:
    """(line, arXiv id) of all that was taken into these lines."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(slugs), _CHUNK):
        query = select(taken.c.line, taken.c.arxiv_id).where(taken.c.line.in_(slugs[start : start + _CHUNK]))
        found.update((row.line, row.arxiv_id) for row in db.execute(query))
    return found
