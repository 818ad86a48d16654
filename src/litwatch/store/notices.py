"""What notices tell of: deliveries that wait for a channel or did not arrive, and what was told of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, not_, or_, select

from litwatch.model import DeliveryState, DigestKind, NoticeKind, Undelivered
from litwatch.store.outbox import DUE, is_overtaken
from litwatch.store.schema import deliveries, digests

NOTICE = "notice"
"""Key in the content of a notice with what it is about. Retention keeps it; there are some that it did not keep."""


@dataclass(frozen=True, kw_only=True)
class ToldStop:
    """A message that told a channel that another one is stopped."""

    digest: str
    to: str
    about: str
    since: datetime
    reason: str
    state: DeliveryState


def waiting_on(db: Connection, channel: str) -> tuple[int, int | None]:
    """How many deliveries wait for a channel, and the number of the first."""
    query = select(func.count(), func.min(deliveries.c.id))
    row = db.execute(query.where(deliveries.c.channel == channel, deliveries.c.state.in_(DUE))).one()
    return int(row[0]), row[1]


def sent_after(db: Connection, channel: str, moment: datetime) -> bool:
    """Whether anything was sent on a channel after that."""
    sent = deliveries.c.channel == channel, deliveries.c.state == DeliveryState.SENT.value
    return (
        db.execute(select(deliveries.c.id).where(*sent, deliveries.c.settled_at > moment).limit(1)).first() is not None
    )


def told_stops(db: Connection) -> list[ToldStop]:
    """The messages that told of a stop, were not given up, and were followed by none that told its end."""
    stops: dict[tuple[str, str], ToldStop] = {}
    for row, notice in _notices(db, deliveries.c.state != DeliveryState.DEAD.value):
        about = row.channel, notice["channel"]
        if notice["kind"] == NoticeKind.GOES_ON:
            stops.pop(about, None)
        elif notice["kind"] == NoticeKind.STOPPED:
            stops[about] = ToldStop(
                digest=row.id,
                to=row.channel,
                about=notice["channel"],
                since=datetime.fromisoformat(notice["since"]),
                reason=notice["reason"],
                state=DeliveryState(row.state),
            )
    return list(stops.values())


def told_of_a_stop(db: Connection, *, after: datetime, before: datetime) -> set[tuple[str, str]]:
    """(the channel that was told, the one that is stopped) of messages composed in that time, arrived or given up.

    Those that a later message overtook told nothing.
    """
    lately = digests.c.created > after, digests.c.created < before
    found = _notices(db, *lately, not_(is_overtaken()))
    return {(row.channel, notice["channel"]) for row, notice in found if notice["kind"] == NoticeKind.STOPPED}


def _notices(db: Connection, *which: ColumnElement[bool]) -> list[tuple[Row[Any, Any, Any, Any], dict[str, Any]]]:
    """(id, channel, content, state) of notices, oldest first, each with what it is about."""
    query = select(digests.c.id, digests.c.channel, digests.c.content, deliveries.c.state)
    query = query.join(deliveries, deliveries.c.digest == digests.c.id)
    query = query.where(digests.c.kind == DigestKind.NOTICE.value, *which).order_by(deliveries.c.id)
    return [(row, row.content[NOTICE]) for row in db.execute(query) if NOTICE in row.content]


def undelivered(db: Connection, *, after: datetime, again_by_rule: bool) -> list[Undelivered]:
    """What was given up, may not have arrived or was refused for some recipients, as it was settled after `after`.

    again_by_rule: whether an unknown delivery is sent once more by itself; it does not count before that. Notices do
    not count, else one that did not arrive would make another.
    """
    unknown = deliveries.c.state == DeliveryState.UNKNOWN.value
    if again_by_rule:
        unknown = and_(unknown, deliveries.c.sent_again)
    dead = and_(deliveries.c.state == DeliveryState.DEAD.value, not_(is_overtaken()))
    partly = and_(deliveries.c.state == DeliveryState.SENT.value, deliveries.c.last_error != "")
    query = select(
        deliveries.c.id,
        deliveries.c.channel,
        deliveries.c.subject,
        deliveries.c.state,
        deliveries.c.last_error,
        deliveries.c.settled_at,
    ).join(digests, digests.c.id == deliveries.c.digest)
    query = query.where(deliveries.c.settled_at > after, digests.c.kind != DigestKind.NOTICE.value)
    return [
        Undelivered(
            delivery=row.id,
            channel=row.channel,
            subject=row.subject,
            state=DeliveryState(row.state),
            reason=row.last_error.removeprefix(f"channel {row.channel}: "),
            at=row.settled_at,
        )
        for row in db.execute(query.where(or_(dead, unknown, partly)).order_by(deliveries.c.id))
    ]


def untold(db: Connection, to: str, news: Sequence[Undelivered]) -> tuple[Undelivered, ...]:
    """Those of the news that no message told to the channel `to` yet."""
    if not news:
        return ()
    since = digests.c.created >= min(one.at for one in news)
    seen = {
        (one["delivery"], datetime.fromisoformat(one["at"]))
        for _, notice in _notices(db, digests.c.channel == to, since)
        for one in notice["undelivered"]
    }
    return tuple(one for one in news if (one.delivery, one.at) not in seen)
