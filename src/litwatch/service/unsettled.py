"""Deliveries and channels that wait for something else than their time: settled by rule, or by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from litwatch.errors import NotFoundError
from litwatch.model import DeliveryState
from litwatch.store.channels import is_refused, let_go_on, stopped_channels
from litwatch.store.holder import is_alive, is_gone
from litwatch.store.leases import daemons, lapsed_daemons
from litwatch.store.outbox import (
    get_delivery,
    long_unknown,
    reopen,
    send_again,
    sending,
    settle,
    settle_unanswered,
)
from litwatch.store.store import Store

RESEND = "resend"
"""The rule that a delivery of unknown outcome is sent once more by itself; by "keep" it waits for a person."""
_UNKNOWN_FOR = timedelta(days=1)
"""So long it stays unknown first: who reads the channel daily can say before whether it came."""
_LONGEST_SEND = timedelta(minutes=15)


def settle_abandoned(store: Store, *, now: datetime) -> int:
    """Settles as unknown what a process was sending that is gone; returns how many.

    A process of this machine is gone when it runs no more, a daemon elsewhere when its place among the daemons lapsed.
    Of one that is neither seen to live nor to be gone, what it claimed a quarter of an hour ago, or in a time that is
    yet to come. One that is taken for gone and is not settles for itself all the same.
    """
    with store.read() as db:
        waiting = sending(db)
        if not waiting:
            return 0
        at_work, lapsed = set(daemons(db)), set(lapsed_daemons(db))
    lost = [
        (row.id, row.claimed_by)
        for row in waiting
        if not is_alive(row.claimed_by)
        and (
            is_gone(row.claimed_by)
            or row.claimed_by in lapsed
            or not (row.claimed_by in at_work or _lately(row.claimed_at, now))
        )
    ]
    if not lost:
        return 0
    with store.write() as db:
        why = "its sender ended before the answer came"
        return sum(settle_unanswered(db, number, claimed_by=who, now=now, error=why) for number, who in lost)


def _lately(claimed_at: datetime | None, now: datetime) -> bool:
    return claimed_at is not None and abs(now - claimed_at) <= _LONGEST_SEND


def resolve_unknown(store: Store, *, rule: str, now: datetime) -> int:
    """Makes due what became unknown a day ago, once each, by the rule "resend"; returns how many.

    It is the same message under the same Message-ID. One that becomes unknown again stays so, for a person.
    """
    if rule != RESEND:
        return 0
    until = now - _UNKNOWN_FOR
    with store.read() as db:
        old = long_unknown(db, until=until, now=now)
    if not old:
        return 0
    with store.write() as db:
        return sum(send_again(db, number, now=now) for number in old)


def let_mended_go_on(store: Store, urls: Mapping[str, str]) -> list[str]:
    """Lets those stopped channels go on whose URL is none of those that were refused; returns their names.

    urls: by channel name, as they are configured now. Each lets its channel go on once until something is sent.
    """
    with store.read() as db:
        stopped = stopped_channels(db)
    mended = {
        name: state.refused
        for name, state in stopped.items()
        if name in urls and not is_refused(name, urls[name], state.refused)
    }
    if not mended:
        return []
    with store.write() as db:
        return [name for name, refused in mended.items() if let_go_on(db, name, refused=refused)]


def retry(store: Store, number: int, *, now: datetime) -> str:
    """Makes a delivery due again, whatever became of it but sent, and lets its channel go on; returns the channel."""
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
            let_go_on(db, delivery.channel)
    return delivery.channel
