"""When backup and retention were last done, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from litwatch.store.schema import upkeep


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    at: datetime
    ok: bool
    says: str
    """What was done, or why it failed."""


def last_upkeep(db: Connection, name: str) -> Upkeep | None:
    """name: "backup" or "retention"."""
    row = db.execute(select(upkeep).where(upkeep.c.name == name)).one_or_none()
    return None if row is None else Upkeep(at=row.at, ok=row.ok, says=row.says)


def note_upkeep(db: Connection, name: str, done: Upkeep) -> None:
    db.execute(delete(upkeep).where(upkeep.c.name == name))
    db.execute(insert(upkeep).values(name=name, at=done.at, ok=done.ok, says=done.says))
