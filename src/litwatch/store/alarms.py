"""Alarms: which channel was told of which spell of trouble with harvests, and until when it lasted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from litwatch.model import HarvestState
from litwatch.store.schema import alarms, digests, paper_categories, papers


@dataclass(frozen=True, kw_only=True)
class OpenAlarm:
    """Trouble that a channel was told of and that was not seen to be over."""

    id: int
    raised_at: datetime
    state: HarvestState
    """When it was raised."""
    categories: tuple[str, ...]
    """That were in trouble then; none where the harvest failed as a whole."""


def open_alarm(db: Connection, channel: str) -> OpenAlarm | None:
    """The alarm of a channel that is not over; there is never more than one."""
    query = select(alarms, digests.c.content).join(digests, digests.c.id == alarms.c.digest)
    query = query.where(alarms.c.channel == channel, alarms.c.over_at.is_(None)).order_by(alarms.c.id.desc()).limit(1)
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    told = row.content["alarm"]["categories"]
    return OpenAlarm(id=row.id, raised_at=row.raised_at, state=HarvestState(row.state), categories=tuple(sorted(told)))


def raise_alarm(db: Connection, *, channel: str, digest: str, state: HarvestState, reason: str, now: datetime) -> None:
    """digest: id of the frozen message that tells of it."""
    row = {"channel": channel, "raised_at": now, "state": state.value, "reason": reason, "digest": digest}
    db.execute(insert(alarms).values(**row))


def close_alarm(db: Connection, number: int, *, over_at: datetime) -> None:
    db.execute(update(alarms).where(alarms.c.id == number).values(over_at=over_at))


def count_came(db: Connection, categories: Collection[str], start: datetime, end: datetime) -> int:
    """How many papers of these categories litwatch first saw in that time, both ends included."""
    of_categories = select(paper_categories.c.arxiv_id).where(paper_categories.c.category.in_(categories))
    return db.execute(
        select(func.count())
        .select_from(papers)
        .where(papers.c.first_seen.between(start, end), papers.c.harvested, papers.c.arxiv_id.in_(of_categories))
    ).scalar_one()
