"""Alerts as they were frozen: how many there were lately, and what they told since the last digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from litwatch.model import DeliveryState, DigestKind
from litwatch.store.schema import deliveries, digests


@dataclass(frozen=True, kw_only=True)
class FrozenAlert:
    at: datetime
    """When it was composed."""
    sections: Sequence[dict[str, Any]]
    """Of its content."""
    lost: bool
    """Whether it was given up before it was delivered."""


def count_alerts(db: Connection, channel: str, start: datetime, end: datetime) -> int:
    """How many were composed for a channel after `start` and before `end`."""
    query = select(func.count()).select_from(digests)
    query = query.where(digests.c.channel == channel, digests.c.kind == DigestKind.ALERT.value)
    return int(db.execute(query.where(digests.c.created > start, digests.c.created < end)).scalar_one())


def alerts_since_digest(db: Connection, channel: str) -> list[FrozenAlert]:
    """Those that were composed after the channel's last digest, whatever the clock said, oldest first."""
    query = (
        select(digests.c.created, digests.c.content, deliveries.c.state)
        .join(deliveries, deliveries.c.digest == digests.c.id)
        .where(digests.c.channel == channel)
    )
    last = (
        select(func.coalesce(func.max(deliveries.c.id), 0))
        .join(digests, deliveries.c.digest == digests.c.id)
        .where(digests.c.channel == channel, digests.c.kind == DigestKind.DIGEST.value)
    )
    alerts = query.where(digests.c.kind == DigestKind.ALERT.value, deliveries.c.id > last.scalar_subquery())
    return [
        FrozenAlert(at=row.created, sections=row.content["sections"], lost=row.state == DeliveryState.DEAD.value)
        for row in db.execute(alerts.order_by(deliveries.c.id))
    ]
