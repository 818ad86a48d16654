"""What the reader put off in the review queue: it comes again, after all else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from litwatch.store.schema import skips


def skip(db: Connection, item: str, *, now: datetime) -> None:
    db.execute(delete(skips).where(skips.c.item == item))
    db.execute(insert(skips).values(item=item, at=now))


def skipped(db: Connection) -> dict[str, datetime]:
    """By item, when it was put off last."""
    return {row.item: row.at for row in db.execute(select(skips))}
