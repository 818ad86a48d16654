"""What became of the papers that lines rest on: rows are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from litwatch.model import AnchorChange, AnchorChangeKind, DigestKind
from litwatch.store.schema import anchor_changes as table
from litwatch.store.schema import digests

# SQLite allows 32,766 parameters in a statement; a list of ids stays far below it.
_CHUNK = 900
_FIELDS = tuple(name for name in AnchorChange.__dataclass_fields__ if name != "kind")


def add_anchor_changes(db: Connection, changes: Sequence[AnchorChange]) -> None:
    """Keeps changes of stored papers, in the order in which they will be told."""
    if changes:
        rows = [{**{n: getattr(change, n) for n in _FIELDS}, "kind": change.kind.value} for change in changes]
        db.execute(insert(table), rows)


def anchor_changes(
    db: Connection, ids: Iterable[str], *, since: datetime | None = None, until: datetime | None = None
) -> list[AnchorChange]:
    """What became of these papers after `since` and not after `until`, oldest first."""
    wanted = sorted(set(ids))
    rows: list[Row[Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        query = select(table).where(table.c.arxiv_id.in_(wanted[start : start + _CHUNK]))
        if since is not None:
            query = query.where(table.c.at > since)
        if until is not None:
            query = query.where(table.c.at <= until)
        rows += db.execute(query).all()
    rows.sort(key=lambda row: row.id)
    return [
        AnchorChange(**{name: getattr(row, name) for name in _FIELDS}, kind=AnchorChangeKind(row.kind)) for row in rows
    ]


def first_digest_start(db: Connection, channel: str) -> datetime | None:
    """Where the period of the channel's first digest began; None before it. What came earlier is no news to it."""
    query = select(func.min(digests.c.period_start))
    return db.execute(query.where(digests.c.channel == channel, digests.c.kind == DigestKind.DIGEST.value)).scalar()


def told_anchor_changes(
    db: Connection, channel: str, *, since: datetime
) -> set[tuple[str, AnchorChangeKind, int, datetime]]:
    """(arXiv id, kind, version, time) of each change that the channel's digests with an end after `since` told.

    Read from the digests as they were frozen: what had no room in one was not told.
    """
    query = select(digests.c.content).where(digests.c.channel == channel, digests.c.period_end > since)
    return {
        (
            news["arxiv_id"],
            AnchorChangeKind(change["kind"]),
            change["version"],
            datetime.fromisoformat(change["at"]),
        )
        for content in db.execute(query).scalars()
        for section in content["sections"]
        for news in section.get("anchors", ())
        for change in news["changes"]
    }
