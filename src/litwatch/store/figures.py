"""The store in figures, as a monitor asks for them: one short look that counts and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, not_, select, text

from litwatch.model import DeliveryState, HarvestState
from litwatch.store.harvests import recent_harvests
from litwatch.store.leases import POLL, daemons, holder_of
from litwatch.store.outbox import is_overtaken, oldest_due
from litwatch.store.schema import (
    channels,
    deliveries,
    harvests,
    matches,
    papers,
    reviews,
    second_opinions,
    set_aside,
    verdicts,
)
from litwatch.store.spending import month_of, spent
from litwatch.store.upkeep import upkeep_now

_RECENT = 50
"""Harvests: more than a day of trouble makes of them."""
_WELL = tuple(state.value for state in HarvestState if state.complete)
_SECONDS = 5
"""PostgreSQL gives up on a count that takes longer."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Ages in seconds; None where it never happened."""

    harvest_states: Mapping[str, HarvestState] = field(default_factory=dict)
    """By category, how the last harvest that came to it ended; of the last one as a whole under ""."""
    harvest_age: float | None = None
    """Since the last one began that ended well."""
    harvest_requests: Mapping[int, int] = field(default_factory=dict)
    """By harvest, of the recent ones, how many requests it took."""
    papers: int = 0
    matches: int = 0
    verdicts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By stance and last review, "" for none."""
    deliveries: Mapping[tuple[str, DeliveryState], int] = field(default_factory=dict)
    """By channel and state, zeros with them; what a later message made needless is left out."""
    oldest_due: float = 0.0
    stopped: Mapping[str, bool] = field(default_factory=dict)
    """By channel."""
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """By kind, what is left out now."""
    questions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """To language models, by method and state."""
    tokens: float = 0.0
    """Of this month in UTC, what questions to language models took or have reserved."""
    upkeep: Mapping[str, tuple[float, bool]] = field(default_factory=dict)
    """By task, its age and whether it ended well."""
    daemons: int = 0
    polls: bool = False
    """Whether `who` asks arXiv now."""


def figures(db: Connection, *, now: datetime, who: str) -> Figures:
    """who: the daemon that asks, as its leases name it."""
    if db.dialect.name == "postgresql":
        db.execute(text(f"SET LOCAL statement_timeout = '{_SECONDS}s'"))
    recent = recent_harvests(db, _RECENT)
    states = {"": recent[0].state} if recent else {}
    for record in recent:
        for one in record.categories:
            states.setdefault(one.category, one.state)
    well = db.execute(select(func.max(harvests.c.at)).where(harvests.c.state.in_(_WELL))).scalar_one()
    due = oldest_due(db, now)
    stopped = {row.name: row.stopped_at is not None for row in db.execute(select(channels))}
    return Figures(
        harvest_states=states,
        harvest_age=_age(well, now) if well else None,
        harvest_requests={record.id: record.requests for record in recent},
        papers=_count(db, select(func.count()).select_from(papers)),
        matches=_count(db, select(func.count()).select_from(matches)),
        verdicts=_verdicts(db),
        deliveries={(name, state): 0 for name in stopped for state in DeliveryState} | _deliveries(db),
        oldest_due=_age(due, now) if due else 0.0,
        stopped=stopped,
        set_aside={row.kind: row.number for row in db.execute(_set_aside_now(now))},
        questions=_questions(db),
        tokens=spent(db, month_of(now)).tokens,
        upkeep={name: (_age(done.at, now), done.ok) for name, done in upkeep_now(db).items()},
        daemons=len(daemons(db)),
        polls=holder_of(db, POLL) == who,
    )


def _age(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())


def _count(db: Connection, query: Select[Any]) -> int:
    return int(db.execute(query).scalar_one())


def _set_aside_now(now: datetime) -> Select[Any]:
    return (
        select(set_aside.c.kind, func.count().label("number")).where(set_aside.c.until > now).group_by(set_aside.c.kind)
    )


def _verdicts(db: Connection) -> dict[tuple[str, str], int]:
    last = select(reviews.c.verdict, func.max(reviews.c.id).label("id")).group_by(reviews.c.verdict).subquery()
    reviewed = verdicts.outerjoin(last, last.c.verdict == verdicts.c.id).outerjoin(reviews, reviews.c.id == last.c.id)
    review = func.coalesce(reviews.c.review, "")
    query = select(verdicts.c.stance, review, func.count()).select_from(reviewed).group_by(verdicts.c.stance, review)
    return {(stance, said): number for stance, said, number in db.execute(query)}


def _questions(db: Connection) -> dict[tuple[str, str], int]:
    columns = second_opinions.c.method, second_opinions.c.state
    query = select(*columns, func.count().label("number")).group_by(*columns)
    return {(row.method, row.state): row.number for row in db.execute(query)}


def _deliveries(db: Connection) -> dict[tuple[str, DeliveryState], int]:
    query = select(deliveries.c.channel, deliveries.c.state, func.count()).where(not_(is_overtaken()))
    rows = db.execute(query.group_by(deliveries.c.channel, deliveries.c.state))
    return {(channel, DeliveryState(state)): number for channel, state, number in rows}
