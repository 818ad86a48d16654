"""Which of several daemons keeps the store's lines as its files say, and what it judges with."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from litwatch.store.leases import LEASE_SECONDS, holder_of, seconds, take
from litwatch.store.schema import leases

_LINES = "lines"
_JUDGES_WITH = "judges-with/"


def keeper(db: Connection) -> str:
    """The daemon that keeps the lines; "" where none does."""
    return holder_of(db, _LINES)


def keep_lines(db: Connection, *, who: str) -> bool:
    """True when `who` keeps the lines now: nobody did, or they did already. It lasts for as long as they live."""
    return take(db, _LINES, who=who)


def judges_with(db: Connection) -> str:
    """What the keeper of the lines judges with (a method at a threshold); "" where it did not judge yet."""
    ours = leases.c.name.startswith(_JUDGES_WITH, autoescape=True), leases.c.holder == keeper(db)
    name = db.execute(select(leases.c.name).where(*ours)).scalar()
    return str(name).removeprefix(_JUDGES_WITH) if name else ""


def note_judging(db: Connection, judged_with: str, *, who: str) -> None:
    """Notes what `who` judges with, where they keep the lines."""
    if not keep_lines(db, who=who):
        return
    db.execute(delete(leases).where(leases.c.name.startswith(_JUDGES_WITH, autoescape=True)))
    until = seconds(db) + LEASE_SECONDS
    db.execute(insert(leases).values(name=_JUDGES_WITH + judged_with, holder=who, until=until))
