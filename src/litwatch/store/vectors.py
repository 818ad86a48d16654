"""What models read in texts, as bytes under a key: read once, and kept over commands and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from litwatch.store.leases import seconds
from litwatch.store.schema import vectors

_CHUNK = 900


def recall_vectors(db: Connection, keys: Sequence[str]) -> dict[str, bytes]:
    """What is kept under these keys."""
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), _CHUNK):
        here = vectors.c.key.in_(keys[start : start + _CHUNK])
        found.update((row.key, row.data) for row in db.execute(select(vectors.c.key, vectors.c.data).where(here)))
    return found


def keep_vectors(db: Connection, found: Mapping[str, bytes]) -> None:
    """Keeps those that are not there yet; in a transaction in which no other process writes."""
    there = recall_vectors(db, sorted(found))
    at = seconds(db)
    fresh = [{"key": key, "data": data, "at": at} for key, data in sorted(found.items()) if key not in there]
    if fresh:
        db.execute(insert(vectors), fresh)


def count_old_vectors(db: Connection, *, days: float) -> int:
    """How many were made so many days ago or earlier."""
    return db.execute(select(func.count()).where(vectors.c.at <= seconds(db) - days * 86400)).scalar_one()


def drop_old_vectors(db: Connection, *, days: float, limit: int) -> int:
    """Drops those made so many days ago or earlier, at most `limit`; how many. They are made again when needed."""
    old = select(vectors.c.key).where(vectors.c.at <= seconds(db) - days * 86400).limit(limit)
    return db.execute(delete(vectors).where(vectors.c.key.in_(old))).rowcount
