"""Alarms: which channel was told of which spell of trouble with harvests, and until when it lasted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from litwatch.model import HarvestState
from litwatch.store.schema import alarms, paper_categories, papers


@dataclass(frozen=True, kw_only=True)
class ToldTrouble:
    """A category that an alarm named."""

    category: str
    """ "" for the harvest as a whole."""
    state: HarvestState
    """The worst that was told of it."""
    at: datetime
    """When that was."""
    lasts: bool = True
    """Whether it was in trouble in each harvest since."""


@dataclass(frozen=True, kw_only=True)
class OpenAlarm:
    """Trouble that a channel was told of and that was not seen to be over."""

    id: int
    began: datetime
    raised_at: datetime
    """When it was last told."""
    reason: str
    digest: str
    """Id of the frozen message that told of it last."""
    told: tuple[ToldTrouble, ...]


def open_alarm(db: Connection, channel: str) -> OpenAlarm | None:
    """The alarm of a channel that is not over; there is never more than one."""
    query = select(alarms).where(alarms.c.channel == channel, alarms.c.over_at.is_(None))
    row = db.execute(query.order_by(alarms.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return OpenAlarm(
        id=row.id,
        began=row.began,
        raised_at=row.raised_at,
        reason=row.reason,
        digest=row.digest,
        told=_told(row.categories),
    )


def raise_alarm(
    db: Connection,
    *,
    channel: str,
    digest: str,
    began: datetime,
    state: HarvestState,
    reason: str,
    told: Sequence[ToldTrouble],
    now: datetime,
    over_at: datetime | None = None,
) -> None:
    """digest: id of the frozen message that tells of it. over_at: of one whose end is not waited for."""
    row = {"channel": channel, "began": began, "over_at": over_at}
    db.execute(insert(alarms).values(**row, **_message(digest, state, reason, told, now)))


def raise_again(
    db: Connection,
    number: int,
    *,
    digest: str,
    state: HarvestState,
    reason: str,
    told: Sequence[ToldTrouble],
    now: datetime,
) -> None:
    """The same spell, told by one message more."""
    db.execute(update(alarms).where(alarms.c.id == number).values(**_message(digest, state, reason, told, now)))


def keep_told(db: Connection, number: int, told: Sequence[ToldTrouble]) -> None:
    db.execute(update(alarms).where(alarms.c.id == number).values(categories=_rows(told)))


def close_alarm(db: Connection, number: int, *, over_at: datetime) -> None:
    db.execute(update(alarms).where(alarms.c.id == number).values(over_at=over_at))


def told_after(db: Connection, channel: str, moment: datetime, *, until: datetime) -> tuple[ToldTrouble, ...]:
    """What a channel was told of after `moment` and not after `until`, whether it is over or not."""
    query = select(alarms.c.categories).where(alarms.c.channel == channel, alarms.c.raised_at > moment)
    found = [one for categories in db.execute(query).scalars() for one in _told(categories)]
    return tuple(one for one in found if moment < one.at <= until)


def told_for(db: Connection, channel: str, reason: str) -> set[str]:
    """The categories of all alarms that a channel was ever told for just that reason."""
    query = select(alarms.c.categories).where(alarms.c.channel == channel, alarms.c.reason == reason)
    return {one.category for categories in db.execute(query).scalars() for one in _told(categories)}


def count_came(db: Connection, categories: Collection[str], start: datetime, end: datetime) -> int:
    """How many papers of these categories litwatch first saw in that time, both ends included."""
    of_categories = select(paper_categories.c.arxiv_id).where(paper_categories.c.category.in_(categories))
    return db.execute(
        select(func.count())
        .select_from(papers)
        .where(papers.c.first_seen.between(start, end), papers.c.harvested, papers.c.arxiv_id.in_(of_categories))
    ).scalar_one()


def _message(
    digest: str, state: HarvestState, reason: str, told: Sequence[ToldTrouble], now: datetime
) -> dict[str, Any]:
    return {"digest": digest, "raised_at": now, "state": state.value, "reason": reason, "categories": _rows(told)}


def _rows(told: Sequence[ToldTrouble]) -> list[list[object]]:
    return [[one.category, one.state.value, one.at.isoformat(), one.lasts] for one in told]


def _told(rows: Sequence[Any]) -> tuple[ToldTrouble, ...]:
    return tuple(
        ToldTrouble(category=category, state=HarvestState(state), at=datetime.fromisoformat(at), lasts=lasts)
        for category, state, at, lasts in rows
    )
