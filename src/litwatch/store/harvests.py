"""Cursors per category and the record of harvests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from litwatch.model import Cursor, HarvestState
from litwatch.store.holder import holder, is_gone
from litwatch.store.schema import cursors, harvests

_AT_ONCE = 20
"""More polls than this never run side by side."""


@dataclass(frozen=True, kw_only=True)
class HarvestRecord:
    """One poll, as `harvests` keeps it. Counts are of papers; `declared` is what arXiv said there was."""

    id: int
    at: datetime
    source: str = "api"
    window_start: datetime | None = None
    window_end: datetime | None = None
    state: HarvestState
    requests: int = 0
    declared: int = 0
    received: int = 0
    new: int = 0
    revised: int = 0
    reason: str = ""


def get_cursors(db: Connection, categories: Sequence[str]) -> dict[str, Cursor]:
    rows = db.execute(select(cursors).where(cursors.c.category.in_(categories)))
    return {
        row.category: Cursor(
            submitted_through=row.submitted_through, revised_through=row.revised_through, swept_at=row.swept_at
        )
        for row in rows
    }


def save_cursors(db: Connection, moved: Mapping[str, Cursor]) -> None:
    db.execute(delete(cursors).where(cursors.c.category.in_(moved)))
    rows = [
        {
            "category": category,
            "submitted_through": cursor.submitted_through,
            "revised_through": cursor.revised_through,
            "swept_at": cursor.swept_at,
        }
        for category, cursor in moved.items()
    ]
    if rows:
        db.execute(insert(cursors), rows)


def begin_harvest(db: Connection, *, at: datetime) -> int:
    """A row that tells of a poll broken off until `finish_harvest` says better; while it runs, nobody counts it."""
    row = insert(harvests).values(
        at=at, source="api", state=HarvestState.FAILED.value, requests=0, declared=0, received=0, new=0, revised=0,
        reason="broken off before it ended", holder=holder(),
    )  # fmt: skip
    key = db.execute(row).inserted_primary_key
    assert key is not None
    return int(key[0])


def finish_harvest(db: Connection, record: HarvestRecord) -> None:
    values = {name: getattr(record, name) for name in HarvestRecord.__dataclass_fields__ if name != "id"}
    values |= {"state": record.state.value, "holder": ""}
    db.execute(update(harvests).where(harvests.c.id == record.id).values(**values))


def recent_harvests(db: Connection, limit: int = 50) -> list[HarvestRecord]:
    """Those that ended or were broken off, newest first."""
    rows = db.execute(select(harvests).order_by(harvests.c.id.desc()).limit(limit))
    return [_record(row) for row in rows if not row.holder or is_gone(row.holder)]


def last_harvest(db: Connection) -> HarvestRecord | None:
    """The newest one that ended or was broken off."""
    recent = recent_harvests(db, _AT_ONCE)
    return recent[0] if recent else None


def _record(row: Row[Any]) -> HarvestRecord:
    values = {name: getattr(row, name) for name in HarvestRecord.__dataclass_fields__}
    return HarvestRecord(**{**values, "state": HarvestState(row.state)})
