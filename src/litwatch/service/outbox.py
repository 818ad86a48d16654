"""Deliveries: claimed, sent, settled, each by one process and one channel at a time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from litwatch.deliver.channel import send
from litwatch.errors import DeliveryError, NotFoundError
from litwatch.model import Delivery, DeliveryState
from litwatch.store.holder import holder, is_gone
from litwatch.store.outbox import claim, due_deliveries, get_delivery, reopen, sending, settle
from litwatch.store.store import Store

_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = timedelta(hours=24)
_ATTEMPTS = 10
"""With the waits between them some four days: longer than a weekend without anybody at the mail server."""
_LONGEST_SEND = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one attempt to deliver."""

    delivery: int
    channel: str
    state: DeliveryState
    error: str = ""


def deliver_once(store: Store, urls: Mapping[str, str], *, now: datetime) -> Outcome | None:
    """Sends the next delivery that is due on one of these channels; None when there is none.

    urls: by channel name. A delivery whose sender died on the way is settled as unknown: it may have arrived.
    """
    settle_abandoned(store, now=now)
    with store.read() as db:
        due = due_deliveries(db, now=now, channel_names=list(urls))
    for number in due:
        with store.write() as db:
            won = claim(db, number, holder=holder(), now=now)
            delivery = get_delivery(db, number) if won else None
        if delivery is not None:
            return _attempt(store, delivery, urls[delivery.channel], now=now)
    return None


def settle_abandoned(store: Store, *, now: datetime) -> int:
    """Settles as unknown what a process claimed that is gone, or that claimed it too long ago."""
    with store.read() as db:
        waiting = sending(db)
    lost = [
        row.id
        for row in waiting
        if is_gone(row.claimed_by) or (row.claimed_at is not None and now - row.claimed_at > _LONGEST_SEND)
    ]
    if lost:
        with store.write() as db:
            for number in lost:
                settle(db, number, DeliveryState.UNKNOWN, now=now, error="its sender ended before the answer came")
    return len(lost)


def retry(store: Store, number: int, *, now: datetime) -> str:
    """Makes a delivery due again, whatever became of it but sent; returns its channel."""
    return _act(store, number, now=now, sent=False)


def resolve(store: Store, number: int, *, now: datetime) -> str:
    """Settles an unknown (or failed) delivery as sent: a person saw that it arrived, or wants it no more."""
    return _act(store, number, now=now, sent=True)


def _act(store: Store, number: int, *, now: datetime, sent: bool) -> str:
    settle_abandoned(store, now=now)
    with store.write() as db:
        delivery = get_delivery(db, number)
        if delivery is None:
            raise NotFoundError(f"there is no delivery {number}; `litwatch outbox` lists them")
        if delivery.state in (DeliveryState.SENT, DeliveryState.SENDING):
            raise NotFoundError(f"delivery {number} is {delivery.state}: nothing to do")
        if sent:
            settle(db, number, DeliveryState.SENT, now=now)
        else:
            reopen(db, number, due_at=now)
    return delivery.channel


def _attempt(store: Store, delivery: Delivery, url: str, *, now: datetime) -> Outcome:
    assert delivery.payload is not None
    message_id = f"{delivery.digest.replace('/', '.')}.{delivery.id}"
    error, state, due_at = "", DeliveryState.SENT, None
    try:
        send(delivery.channel, url, delivery.payload, message_id=message_id, now=now)
    except DeliveryError as trouble:
        error = str(trouble)
        if trouble.unknown:
            state = DeliveryState.UNKNOWN
        elif trouble.permanent or delivery.attempts >= _ATTEMPTS:
            state = DeliveryState.DEAD
        else:
            state, due_at = DeliveryState.FAILED, now + retry_after(delivery.attempts)
    with store.write() as db:
        settle(db, delivery.id, state, now=now, error=error, due_at=due_at)
    return Outcome(delivery=delivery.id, channel=delivery.channel, state=state, error=error)


def retry_after(attempts: int) -> timedelta:
    """Exponential back-off from five minutes to a day, the upper half of it at random."""
    longest: timedelta = min(_FIRST_RETRY * 2 ** max(0, attempts - 1), _LONGEST_RETRY)
    return longest * random.uniform(0.5, 1.0)
