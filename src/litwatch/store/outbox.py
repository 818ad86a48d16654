"""Channels, frozen digests, what was told, and deliveries with their states.

A digest, the papers that it tells and its delivery come in one transaction. A delivery is claimed by an
update whose row count tells who won, sent outside of any transaction, and settled: sent, failed (due again),
unknown (the answer was lost) or dead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, not_, or_, select, update

from litwatch.model import Delivery, DeliveryState, Digest, DigestKind, Payload
from litwatch.store.schema import channels, deliveries, digests, told

DUE = (DeliveryState.PENDING.value, DeliveryState.FAILED.value)
OVERTAKEN = "overtaken: "
"""How the last error of a delivery begins that a later message made needless: nobody has to mend it."""
_TRIED_AGAIN_AFTER = timedelta(days=1)
"""A stopped channel is tried so often: a refusal may have been the server's own mistake, and nobody may look."""
_NO_WAIT_IS_LONGER = timedelta(hours=25)
_UNKNOWN_ONCE = (deliveries.c.state == DeliveryState.UNKNOWN.value, not_(deliveries.c.sent_again))
_HEAD = [deliveries.c[name] for name in ("id", "digest", "channel", "state", "attempts", "due_at", "last_error")]
_PAYLOAD = (deliveries.c.subject, deliveries.c.text, deliveries.c.html, deliveries.c.slack)


def know_channel(db: Connection, name: str, *, now: datetime) -> datetime:
    """Since when the store knows the channel; from now on, if it did not."""
    since = channel_since(db, name)
    if since is None:
        db.execute(insert(channels).values(name=name, known_since=now))
        return now
    return since


def channel_since(db: Connection, name: str) -> datetime | None:
    return db.execute(select(channels.c.known_since).where(channels.c.name == name)).scalar()


def digest_ends(db: Connection, channel: str, limit: int = 5) -> list[datetime]:
    """Where the periods of a channel's digests ended, the last one composed first; alerts do not count."""
    query = select(digests.c.period_end).join(deliveries, deliveries.c.digest == digests.c.id)
    query = query.where(digests.c.channel == channel, digests.c.kind == DigestKind.DIGEST.value)
    return list(db.execute(query.order_by(deliveries.c.id.desc()).limit(limit)).scalars())


def digest_exists(db: Connection, digest_id: str) -> bool:
    return db.execute(select(digests.c.id).where(digests.c.id == digest_id)).one_or_none() is not None


def freeze(db: Connection, digest: Digest, payload: Payload, content: dict[str, Any], *, due_at: datetime) -> int:
    """Keeps a digest with what it tells and one pending delivery; returns the delivery's id."""
    db.execute(
        insert(digests).values(
            id=digest.id,
            channel=digest.channel,
            kind=digest.kind.value,
            period_start=digest.coverage.period_start,
            period_end=digest.coverage.period_end,
            created=digest.created,
            content=content,
        )
    )
    rows = [
        {
            "channel": digest.channel,
            "arxiv_id": entry.paper.arxiv_id,
            "digest": digest.id,
            "line": section.line,
            "place": place,
            "score": entry.score,
            "chance": entry.chance,
        }
        for section in digest.sections
        for place, entry in enumerate(section.entries, start=1)
    ]
    if rows:
        db.execute(insert(told), rows)
    key = db.execute(
        insert(deliveries).values(
            digest=digest.id,
            channel=digest.channel,
            state=DeliveryState.PENDING.value,
            attempts=0,
            due_at=due_at,
            claimed_by="",
            last_error="",
            subject=payload.subject,
            text=payload.text,
            html=payload.html,
            slack=list(payload.slack),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def due_deliveries(db: Connection, *, now: datetime, channel_names: Sequence[str]) -> list[int]:
    """Those that may be sent now, in the order in which they were composed."""
    query = select(deliveries.c.id).where(_is_due(now), _goes_on(now), deliveries.c.channel.in_(channel_names))
    return list(db.execute(query.order_by(deliveries.c.id)).scalars())


def due_channels(db: Connection, *, now: datetime, channel_names: Sequence[str]) -> list[str]:
    """Those with something to send now, the one whose delivery is oldest first."""
    query = select(deliveries.c.channel).where(_is_due(now), _goes_on(now), deliveries.c.channel.in_(channel_names))
    return list(db.execute(query.group_by(deliveries.c.channel).order_by(func.min(deliveries.c.id))).scalars())


def oldest_due(db: Connection, now: datetime) -> datetime | None:
    """Since when the delivery that waits longest is due, on a stopped channel, too; None where none is."""
    return db.execute(select(func.min(deliveries.c.due_at)).where(_is_due(now))).scalar()


def claim(db: Connection, number: int, *, holder: str, now: datetime) -> bool:
    """True when this caller, and no other, may send the delivery now."""
    won = db.execute(
        update(deliveries)
        .where(deliveries.c.id == number, _is_due(now), _goes_on(now))
        .values(
            state=DeliveryState.SENDING.value,
            attempts=deliveries.c.attempts + 1,
            claimed_by=holder,
            claimed_at=now,
        )
    )
    return won.rowcount == 1


def conclude(
    db: Connection,
    number: int,
    state: DeliveryState,
    *,
    holder: str,
    claimed_at: datetime,
    now: datetime,
    error: str = "",
    due_at: datetime | None = None,
    counts: bool = True,
    sent_bytes: str = "",
) -> bool:
    """Settles what `holder` claimed then; False when it is no longer its own.

    One that was taken for abandoned meanwhile, and so for unknown, is known after all. That it was sent counts even
    where it was made due again since. counts: False has its attempts counted anew. sent_bytes: a hash of the message
    that went out, "" where it is none that is kept.
    """
    still = [DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value, *(DUE if state is DeliveryState.SENT else ())]
    own = deliveries.c.claimed_by == holder, deliveries.c.claimed_at == claimed_at, deliveries.c.state.in_(still)
    more: dict[str, Any] = {**({} if counts else {"attempts": 0}), **({"sent_bytes": sent_bytes} if sent_bytes else {})}
    return _settle(db, state, deliveries.c.id == number, *own, now=now, error=error, due_at=due_at, **more)


def settle(
    db: Connection,
    number: int,
    state: DeliveryState,
    *,
    now: datetime,
    error: str = "",
    due_at: datetime | None = None,
) -> None:
    _settle(db, state, deliveries.c.id == number, now=now, error=error, due_at=due_at)


def settle_unanswered(db: Connection, number: int, *, claimed_by: str, now: datetime, error: str) -> bool:
    """Settles as unknown what `claimed_by` was sending and will not settle; False when it did after all."""
    still = deliveries.c.claimed_by == claimed_by, deliveries.c.state == DeliveryState.SENDING.value
    return _settle(db, DeliveryState.UNKNOWN, deliveries.c.id == number, *still, now=now, error=error, due_at=None)


def _settle(
    db: Connection,
    state: DeliveryState,
    *which: ColumnElement[bool],
    now: datetime,
    error: str,
    due_at: datetime | None,
    **more: Any,
) -> bool:
    values: dict[str, Any] = {"state": state.value, "settled_at": now, "last_error": error, **more}
    if due_at is not None:
        values["due_at"] = due_at
    return db.execute(update(deliveries).where(*which).values(**values)).rowcount == 1


def postpone(db: Connection, channel: str, *, until: datetime) -> None:
    """Lets nothing more be due on a channel before `until`: its service asked for that."""
    early = deliveries.c.channel == channel, deliveries.c.state.in_(DUE), deliveries.c.due_at < until
    db.execute(update(deliveries).where(*early).values(due_at=until))


def reopen(db: Connection, number: int, *, due_at: datetime) -> None:
    """Makes a delivery pending, with its attempts counted anew."""
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "due_at": due_at, "last_error": ""}
    db.execute(update(deliveries).where(deliveries.c.id == number).values(**values))


def long_unknown(db: Connection, *, until: datetime, now: datetime) -> list[int]:
    """Those that are unknown since `until` or longer and were not sent again by rule yet.

    One that became unknown in what is now far in the future counts as old: the clock was wrong then.
    """
    old = or_(deliveries.c.settled_at <= until, deliveries.c.settled_at > now + _NO_WAIT_IS_LONGER)
    return list(db.execute(select(deliveries.c.id).where(*_UNKNOWN_ONCE, old)).scalars())


def send_again(db: Connection, number: int, *, now: datetime) -> bool:
    """Makes an unknown delivery due once more by rule; False when it is not unknown any more, or was that already."""
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "due_at": now, "sent_again": True}
    again = update(deliveries).where(deliveries.c.id == number, *_UNKNOWN_ONCE)
    return db.execute(again.values(**values)).rowcount == 1


def sending(db: Connection) -> list[Row[Any]]:
    """(id, claimed_by, claimed_at) of deliveries that somebody claimed and did not settle."""
    query = select(deliveries.c.id, deliveries.c.claimed_by, deliveries.c.claimed_at)
    return list(db.execute(query.where(deliveries.c.state == DeliveryState.SENDING.value)))


def get_delivery(db: Connection, number: int) -> Delivery | None:
    """With its payload."""
    row = db.execute(_query(*_PAYLOAD).where(deliveries.c.id == number)).one_or_none()
    return _delivery(row, payload=True) if row else None


def delivered_content(db: Connection, number: int) -> dict[str, Any]:
    """The content of a delivery's digest, as it was frozen."""
    query = select(digests.c.content).join(deliveries, deliveries.c.digest == digests.c.id)
    content: dict[str, Any] = db.execute(query.where(deliveries.c.id == number)).scalar_one()
    return content


def list_deliveries(db: Connection, limit: int = 200) -> list[Delivery]:
    """All that are not settled as sent, and the newest `limit` of the others; newest first, without payloads."""
    settled = or_(deliveries.c.state == DeliveryState.SENT.value, is_overtaken())
    newest = select(deliveries.c.id).where(settled).order_by(deliveries.c.id.desc()).limit(limit)
    shown = _query().where(or_(not_(settled), deliveries.c.id.in_(newest)))
    return [_delivery(row) for row in db.execute(shown.order_by(deliveries.c.id.desc()))]


def _is_due(now: datetime) -> ColumnElement[bool]:
    # What is due later than anything is ever put off was put off by a clock that was ahead.
    past = or_(deliveries.c.due_at <= now, deliveries.c.due_at > now + _NO_WAIT_IS_LONGER)
    return and_(deliveries.c.state.in_(DUE), past)


def _goes_on(now: datetime) -> ColumnElement[bool]:
    """Its channel is not stopped; or it is the oldest that waits there, and was not tried for a day."""
    stopped = select(channels.c.name).where(channels.c.stopped_at.is_not(None))
    # What is far ahead was written by a clock that was.
    day = now - _TRIED_AGAIN_AFTER, now + _NO_WAIT_IS_LONGER
    lately = select(channels.c.name).where(channels.c.stopped_at > day[0], channels.c.stopped_at <= day[1])
    waiting = deliveries.alias("waiting")
    oldest = select(func.min(waiting.c.id)).where(waiting.c.channel == deliveries.c.channel, waiting.c.state.in_(DUE))
    tried = and_(
        deliveries.c.settled_at.is_not(None), deliveries.c.settled_at > day[0], deliveries.c.settled_at <= day[1]
    )
    again = and_(deliveries.c.channel.not_in(lately), deliveries.c.id == oldest.scalar_subquery(), not_(tried))
    return or_(deliveries.c.channel.not_in(stopped), again)


def is_overtaken() -> ColumnElement[bool]:
    dead = deliveries.c.state == DeliveryState.DEAD.value
    return and_(dead, deliveries.c.last_error.startswith(OVERTAKEN, autoescape=True))


def overtake(db: Connection, digest: str, *, why: str, now: datetime) -> bool:
    """Gives up the delivery of a frozen message where it was not sent yet; True when it was so.

    One that is being sent, or may have arrived, is left as it is.
    """
    unsent = deliveries.c.digest == digest, deliveries.c.state.in_(DUE)
    return _settle(db, DeliveryState.DEAD, *unsent, now=now, error=OVERTAKEN + why, due_at=None)


def _query(*more: ColumnElement[Any]) -> Any:
    query = select(*_HEAD, *more, digests.c.period_end, digests.c.created)
    return query.join(digests, digests.c.id == deliveries.c.digest)


def _delivery(row: Row[Any], *, payload: bool = False) -> Delivery:
    return Delivery(
        id=row.id,
        digest=row.digest,
        channel=row.channel,
        period_end=row.period_end,
        composed=row.created,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        last_error=row.last_error,
        payload=Payload(subject=row.subject, text=row.text, html=row.html, slack=tuple(row.slack)) if payload else None,
    )
