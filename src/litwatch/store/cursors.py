"""How far each category was received, and what is under way: listings broken off, papers that are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from litwatch.model import Cursor
from litwatch.store.schema import cursors, lines, listings, wanted

_CHUNK = 900
_TOKENS_KEPT = timedelta(days=2)
_FIELDS = tuple(Cursor.__dataclass_fields__)


def get_cursors(db: Connection, categories: Sequence[str]) -> dict[str, Cursor]:
    """Those of `categories` that were harvested before."""
    rows = db.execute(select(cursors).where(cursors.c.category.in_(categories)))
    return {row.category: Cursor(**{name: getattr(row, name) for name in _FIELDS}) for row in rows}


def save_cursors(db: Connection, moved: Mapping[str, Cursor]) -> None:
    db.execute(delete(cursors).where(cursors.c.category.in_(moved)))
    rows = [
        {"category": category, **{name: getattr(cursor, name) for name in _FIELDS}}
        for category, cursor in moved.items()
    ]
    if rows:
        db.execute(insert(cursors), rows)


# --- listings ------------------------------------------------------------------------------------------------


def listing_token(db: Connection, key: str, *, not_before: datetime) -> str:
    """The token to go on with in a listing that was broken off at `not_before` or later; "" to begin it anew."""
    query = select(listings.c.token).where(listings.c.key == key, listings.c.at >= not_before)
    return db.execute(query).scalar() or ""


def save_listing(db: Connection, key: str, token: str, *, now: datetime) -> None:
    """Notes how far a listing came; "" for one that is whole or has to begin anew. Those of other days are dropped."""
    db.execute(delete(listings).where(or_(listings.c.key == key, listings.c.at < now - _TOKENS_KEPT)))
    if token:
        db.execute(insert(listings).values(key=key, token=token, at=now))


# --- papers that are wanted ----------------------------------------------------------------------------------


def want(db: Connection, ids: Iterable[str], source: str, *, now: datetime) -> None:
    """Notes papers whose record has to be asked for; those wanted already stay as they are."""
    asked = dict.fromkeys(ids)
    known = {arxiv_id for arxiv_id, _ in wanted_papers(db)}
    rows = [{"arxiv_id": arxiv_id, "source": source, "since": now} for arxiv_id in asked if arxiv_id not in known]
    if rows:
        db.execute(insert(wanted), rows)


def wanted_papers(db: Connection) -> list[tuple[str, datetime]]:
    """(arXiv id, since when) of each, the longest wanted first."""
    return [(row.arxiv_id, row.since) for row in db.execute(select(wanted).order_by(wanted.c.since, wanted.c.arxiv_id))]


def want_no_more(db: Connection, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _CHUNK):
        db.execute(delete(wanted).where(wanted.c.arxiv_id.in_(ids[start : start + _CHUNK])))


# --- searching backwards for a line --------------------------------------------------------------------------


def backfill_reached(db: Connection, slug: str) -> datetime | None:
    """Down to when a search backwards that was broken off came; None where none is under way."""
    return db.execute(select(lines.c.backfill_reached).where(lines.c.slug == slug)).scalar()


def save_backfill(db: Connection, slug: str, reached: datetime) -> None:
    db.execute(update(lines).where(lines.c.slug == slug).values(backfill_reached=reached))
