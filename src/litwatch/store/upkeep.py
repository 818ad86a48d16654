"""When backup and retention were last done, how that ended, and whether one is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from litwatch.store.leases import UPKEEP, holder_of
from litwatch.store.schema import upkeep

_BEGUN = " begun"
"""After a task's name, in the row of one that began and did not end yet; what it says is who is at it."""


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    at: datetime
    ok: bool
    says: str
    """What was done, or why it failed."""


def begin_upkeep(db: Connection, name: str, *, now: datetime) -> None:
    """Notes that a task begins, before `note_upkeep` says how it ended: one that is killed is known by that."""
    _put(db, name + _BEGUN, Upkeep(at=now, ok=False, says=holder_of(db, UPKEEP)))


def note_upkeep(db: Connection, name: str, done: Upkeep) -> None:
    """name: "backup" or "retention"."""
    _put(db, name, done)
    db.execute(delete(upkeep).where(upkeep.c.name == name + _BEGUN))


def last_upkeep(db: Connection, name: str) -> Upkeep | None:
    """How the last one ended, for who holds the lease of upkeep: what began and did not end was broken off."""
    found = _rows(db)
    begun = found.get(name + _BEGUN)
    return _broken_off(begun) if begun else found.get(name)


def upkeep_now(db: Connection) -> dict[str, Upkeep]:
    """By name, how the last one ended: while another is at work that is the one before it."""
    found, at_work = _rows(db), holder_of(db, UPKEEP)
    told = {name: done for name, done in found.items() if not name.endswith(_BEGUN)}
    for name, begun in found.items():
        if name.endswith(_BEGUN) and (begun.says != at_work or not at_work):
            told[name.removesuffix(_BEGUN)] = _broken_off(begun)
    return told


def _broken_off(begun: Upkeep) -> Upkeep:
    return Upkeep(at=begun.at, ok=False, says="broken off before it ended")


def _rows(db: Connection) -> dict[str, Upkeep]:
    return {row.name: Upkeep(at=row.at, ok=row.ok, says=row.says) for row in db.execute(select(upkeep))}


def _put(db: Connection, name: str, row: Upkeep) -> None:
    db.execute(delete(upkeep).where(upkeep.c.name == name))
    db.execute(insert(upkeep).values(name=name, at=row.at, ok=row.ok, says=row.says))
