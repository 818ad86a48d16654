"""Channels, frozen digests, what was told, and deliveries with their states.

A digest, the papers that it tells and its delivery come in one transaction. A delivery is claimed by an
update whose row count tells who won, sent outside of any transaction, and settled: sent, failed (due again),
unknown (the answer was lost) or dead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from litwatch.model import Delivery, DeliveryState, Digest, DigestKind, Payload
from litwatch.store.schema import channels, deliveries, digests, told

DUE = (DeliveryState.PENDING.value, DeliveryState.FAILED.value)


def know_channel(db: Connection, name: str, *, now: datetime) -> datetime:
    """Since when the store knows the channel; from now on, if it did not."""
    since = channel_since(db, name)
    if since is None:
        db.execute(insert(channels).values(name=name, known_since=now))
        return now
    return since


def channel_since(db: Connection, name: str) -> datetime | None:
    return db.execute(select(channels.c.known_since).where(channels.c.name == name)).scalar()


def last_digest_end(db: Connection, channel: str) -> datetime | None:
    """Where the last weekly digest of a channel ended; alerts do not count."""
    query = select(func.max(digests.c.period_end)).where(digests.c.channel == channel, digests.c.kind == "digest")
    return db.execute(query).scalar()


def last_told_at(db: Connection, channel: str) -> datetime | None:
    """When the channel was last composed for, by digest or alert; what tells no paper does not count."""
    query = select(func.max(digests.c.created)).where(digests.c.channel == channel)
    tells_papers = digests.c.kind.in_((DigestKind.DIGEST.value, DigestKind.ALERT.value))
    return db.execute(query.where(tells_papers)).scalar()


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
        {"channel": digest.channel, "arxiv_id": entry.paper.arxiv_id, "digest": digest.id} for entry in digest.entries
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
    query = select(deliveries.c.id).where(
        deliveries.c.state.in_(DUE), deliveries.c.due_at <= now, deliveries.c.channel.in_(channel_names)
    )
    return list(db.execute(query.order_by(deliveries.c.id)).scalars())


def claim(db: Connection, number: int, *, holder: str, now: datetime) -> bool:
    """True when this caller, and no other, may send the delivery now."""
    won = db.execute(
        update(deliveries)
        .where(deliveries.c.id == number, deliveries.c.state.in_(DUE), deliveries.c.due_at <= now)
        .values(
            state=DeliveryState.SENDING.value,
            attempts=deliveries.c.attempts + 1,
            claimed_by=holder,
            claimed_at=now,
        )
    )
    return won.rowcount == 1


def settle(
    db: Connection,
    number: int,
    state: DeliveryState,
    *,
    now: datetime,
    error: str = "",
    due_at: datetime | None = None,
) -> None:
    values: dict[str, Any] = {"state": state.value, "settled_at": now, "last_error": error}
    if due_at is not None:
        values["due_at"] = due_at
    db.execute(update(deliveries).where(deliveries.c.id == number).values(**values))


def reopen(db: Connection, number: int, *, due_at: datetime) -> None:
    """Makes a delivery pending, with its attempts counted anew."""
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "due_at": due_at, "last_error": ""}
    db.execute(update(deliveries).where(deliveries.c.id == number).values(**values))


def sending(db: Connection) -> list[Row[Any]]:
    """(id, claimed_by, claimed_at) of deliveries that somebody claimed and did not settle."""
    query = select(deliveries.c.id, deliveries.c.claimed_by, deliveries.c.claimed_at)
    return list(db.execute(query.where(deliveries.c.state == DeliveryState.SENDING.value)))


def get_delivery(db: Connection, number: int) -> Delivery | None:
    """With its payload."""
    row = db.execute(_query().where(deliveries.c.id == number)).one_or_none()
    return _delivery(row, payload=True) if row else None


def delivered_content(db: Connection, number: int) -> dict[str, Any]:
    """The content of a delivery's digest, as it was frozen."""
    query = select(digests.c.content).join(deliveries, deliveries.c.digest == digests.c.id)
    content: dict[str, Any] = db.execute(query.where(deliveries.c.id == number)).scalar_one()
    return content


def list_deliveries(db: Connection, limit: int = 200) -> list[Delivery]:
    """Newest first, without payloads."""
    return [_delivery(row) for row in db.execute(_query().order_by(deliveries.c.id.desc()).limit(limit))]


def _query() -> Any:
    return select(deliveries, digests.c.period_end).join(digests, digests.c.id == deliveries.c.digest)


def _delivery(row: Row[Any], *, payload: bool = False) -> Delivery:
    return Delivery(
        id=row.id,
        digest=row.digest,
        channel=row.channel,
        period_end=row.period_end,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        last_error=row.last_error,
        payload=Payload(subject=row.subject, text=row.text, html=row.html, slack=tuple(row.slack)) if payload else None,
    )
