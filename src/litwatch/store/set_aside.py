"""What failed in a way that nobody foresaw and is left out for a day, so that the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from litwatch.store.schema import set_aside as rows

LINE: Final = "line"
"""A line that cannot be ranked, by its slug."""
CLAIM: Final = "claim"
"""A claim that cannot be judged, as "line/claim"."""
PAPER: Final = "paper"
"""A paper that cannot be ranked, by its arXiv id."""
JUDGING: Final = "judging"
"""A paper that ranks but cannot be judged, by its arXiv id."""
CHANNEL: Final = "channel"

TRIED_AGAIN_AFTER = timedelta(days=1)
_REASON_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class SetAside:
    kind: str
    name: str
    reason: str
    """One line without control characters, as "TypeError: what it said"."""
    since: datetime
    until: datetime
    """It is tried again from then on, or as soon as it changes."""


@dataclass(frozen=True, kw_only=True)
class Row(SetAside):
    of: str
    """What it was when it failed, as the one who set it aside names it: a fingerprint, a digest."""

    def holds(self, of: str, now: datetime) -> bool:
        """Whether what is `of` now is still to be left out."""
        return self.of == of and self.until > now


def reason_of(error: BaseException) -> str:
    return one_line(f"{type(error).__name__}: {error}")


def one_line(text: str) -> str:
    """At most 300 characters, none of which moves a cursor, turns the writing or ends the line."""
    words = "".join(sign if sign.isprintable() else " " for sign in text).split()
    said = " ".join(words)
    return said if len(said) <= _REASON_LENGTH else said[: _REASON_LENGTH - 1] + "…"


def set_aside(db: Connection, kind: str, name: str, reason: str, of: str, now: datetime) -> bool:
    """Leaves it out until tomorrow, or until it is no longer `of`. True when it was not set aside as that before."""
    before = db.execute(select(rows).where(_is(kind, name))).one_or_none()
    again = before is not None and before.of == of
    values = {"reason": one_line(reason), "of": of, "until": now + TRIED_AGAIN_AFTER}
    if before is None:
        db.execute(insert(rows).values(kind=kind, name=name, since=now, **values))
    else:
        since = before.since if again else now
        db.execute(update(rows).where(_is(kind, name)).values(since=since, **values))
    return not again


def bring_back(db: Connection, kind: str, name: str) -> None:
    """Forgets that it was set aside; nothing happens where it was not."""
    db.execute(delete(rows).where(_is(kind, name)))


def list_set_aside(db: Connection, *, now: datetime) -> tuple[SetAside, ...]:
    """What is left out now, the longest first."""
    query = select(rows).where(rows.c.until > now).order_by(rows.c.since, rows.c.kind, rows.c.name)
    return tuple(
        SetAside(kind=row.kind, name=row.name, reason=row.reason, since=row.since, until=row.until)
        for row in db.execute(query)
    )


def rows_by_name(db: Connection, kind: str) -> dict[str, Row]:
    """All of this kind, also those whose time is over."""
    return {
        row.name: Row(kind=kind, name=row.name, reason=row.reason, of=row.of, since=row.since, until=row.until)
        for row in db.execute(select(rows).where(rows.c.kind == kind))
    }


def _is(kind: str, name: str) -> ColumnElement[bool]:
    return and_(rows.c.kind == kind, rows.c.name == name)
