"""Which papers each line rested on, and from when to when: rows are added and never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from litwatch.model import Line
from litwatch.store.schema import line_anchors


@dataclass(frozen=True, kw_only=True)
class Rested:
    """A time in which a line cited a paper as an anchor."""

    arxiv_id: str
    since: datetime
    until: datetime | None = None
    """When the reader took it out of the line's file; None while it is there."""


def rested_on(
    db: Connection, slugs: Collection[str], *, as_of: datetime | None = None
) -> dict[str, tuple[Rested, ...]]:
    """By line, oldest first; as it was known at that time."""
    query = select(line_anchors).where(line_anchors.c.line.in_(slugs)).order_by(line_anchors.c.id)
    if as_of is not None:
        query = query.where(line_anchors.c.since <= as_of)
    found: dict[str, list[Rested]] = {slug: [] for slug in slugs}
    for row in db.execute(query):
        times = found[row.line]
        if not row.gone:
            times.append(Rested(arxiv_id=row.arxiv_id, since=row.since))
            continue
        place = max(place for place, one in enumerate(times) if one.arxiv_id == row.arxiv_id)
        times[place] = Rested(arxiv_id=row.arxiv_id, since=times[place].since, until=row.since)
    return {slug: tuple(times) for slug, times in found.items()}


def anchors_changed(line: Line, rested: Sequence[Rested]) -> bool:
    """Whether the file of the line cites other anchors than the store holds."""
    return {anchor.arxiv_id for anchor in line.anchors} != _present(rested)


def note_anchors(db: Connection, wanted: Sequence[Line], *, now: datetime) -> None:
    """Adds a row for each anchor that a line came to rest on, or rests on no more."""
    rested = rested_on(db, [line.slug for line in wanted])
    rows = []
    for line in wanted:
        before, after = _present(rested[line.slug]), {anchor.arxiv_id for anchor in line.anchors}
        rows += [
            {"line": line.slug, "arxiv_id": arxiv_id, "gone": arxiv_id in before, "since": now}
            for arxiv_id in sorted(before ^ after)
        ]
    if rows:
        db.execute(insert(line_anchors), rows)


def _present(rested: Sequence[Rested]) -> set[str]:
    return {one.arxiv_id for one in rested if one.until is None}
