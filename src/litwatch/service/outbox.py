"""Deliveries: claimed, sent, settled, each by one process and one channel at a time.

What is known of a message that went out is never forgotten while the process lives: where the store cannot take it
down, it is kept and tried again, and nothing else is sent meanwhile. Only a process that dies between sending and
settling leaves a delivery of which nobody knows whether it arrived.
"""

from __future__ import annotations

import hashlib
import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litwatch.deliver.channel import is_mail, mail_of, send
from litwatch.errors import DeliveryError, StoreError
from litwatch.model import Delivery, DeliveryState
from litwatch.service.unsettled import let_mended_go_on, resolve, resolve_unknown, retry, settle_abandoned
from litwatch.store.channels import fingerprint, let_go_on, stop_channel
from litwatch.store.holder import holder
from litwatch.store.outbox import claim, conclude, due_channels, due_deliveries, get_delivery, postpone
from litwatch.store.store import Db, Store

__all__ = ["Outbox", "Outcome", "deliver_once", "resolve", "resolve_unknown", "retry", "settle_abandoned"]

log = logging.getLogger("litwatch.outbox")

_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = timedelta(hours=24)
_JITTER = 0.25
"""So much of a wait is left to chance, so that what failed together does not come again together."""
_LONGEST_ERROR = 1000
ATTEMPTS = 14
"""With the waits between them 4.3 to 5.8 days: longer than a weekend, with a holiday, without anybody at the mail
server."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one attempt to deliver."""

    delivery: int
    channel: str
    state: DeliveryState
    error: str = ""
    """Of one that was sent: which recipients were refused."""
    stopped: bool = False
    """Whether the channel is sent nothing more until somebody mends it."""


@dataclass(frozen=True, kw_only=True)
class _Settlement:
    """What is to be taken down of a delivery that this process claimed."""

    outcome: Outcome
    claimed_at: datetime
    due_at: datetime | None = None
    refused: str = ""
    """The fingerprint of the URL, where the channel is to be stopped. Its message's attempts are counted anew then:
    the daily ones of weeks must not use up those that it has for trouble that passes."""
    asked_until: datetime | None = None
    """Until when the service asked to be sent nothing."""
    sent_bytes: str = ""
    """A hash of the mail, where one went out."""


class Outbox:
    """The sender of one process. Its methods may be called from several threads, each for channels of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsettled: list[_Settlement] = []

    def due_channels(self, store: Store, urls: Mapping[str, str], *, rule: str, now: datetime) -> list[str]:
        """The channels with something to send now, after all that needs no sending was settled.

        urls: by channel name. rule: what becomes of unknown deliveries; see `resolve_unknown`.
        """
        self._settle(store)
        settle_abandoned(store, now=now)
        resolve_unknown(store, rule=rule, now=now)
        let_mended_go_on(store, urls)
        with store.read() as db:
            return due_channels(db, now=now, channel_names=list(urls))

    def deliver_once(self, store: Store, urls: Mapping[str, str], *, now: datetime) -> Outcome | None:
        """Sends the next delivery that is due on one of these channels; None when there is none.

        Raises StoreError, before anything is sent, when what becomes of it could not be taken down; one that shows
        only after the sending is kept in mind, and settled by the next call or by `finish`.
        """
        self._settle(store)
        settle_abandoned(store, now=now)
        let_mended_go_on(store, urls)
        with store.read() as db:
            due = due_deliveries(db, now=now, channel_names=list(urls))
        if due and not store.has_room():
            raise StoreError(
                f"the store {store.name} has almost no room left on its disk: nothing is sent until it has"
            )
        for number in due:
            if (delivery := self._claim(store, number, now=now)) is not None:
                return self._attempt(store, delivery, urls[delivery.channel], now=now)
        return None

    def finish(self, store: Store, *, patience: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Tries for so many seconds to settle what is not settled yet. Raises StoreError when that fails throughout."""
        waited = 0.0
        while True:
            try:
                return self._settle(store)
            except StoreError as error:
                if waited >= patience:
                    with self._lock:
                        outcomes = [each.outcome for each in self._unsettled]
                    raise StoreError("; ".join([str(error), *map(_lost, outcomes)])) from error
            sleep(1.0)
            waited += 1.0

    def _claim(self, store: Store, number: int, *, now: datetime) -> Delivery | None:
        try:
            with store.write() as db:
                return get_delivery(db, number) if claim(db, number, holder=holder(), now=now) else None
        except StoreError as error:
            # It may be claimed all the same, where the answer was lost: then it is given free again.
            failed = Outcome(delivery=number, channel="", state=DeliveryState.FAILED, error=f"not sent: {error}")
            self._keep(_Settlement(outcome=failed, claimed_at=now, due_at=now))
            raise

    def _attempt(self, store: Store, delivery: Delivery, url: str, *, now: datetime) -> Outcome:
        settlement = _sent(delivery, url, now=now)
        self._keep(settlement)
        try:
            self._settle(store)
        except StoreError as error:
            log.error("delivery %d is %s, to be taken down later: %s", delivery.id, settlement.outcome.state, error)
        return settlement.outcome

    def _keep(self, settlement: _Settlement) -> None:
        with self._lock:
            self._unsettled.append(settlement)

    def _settle(self, store: Store) -> None:
        with self._lock:
            while self._unsettled:
                with store.write() as db:
                    _take_down(db, self._unsettled[0])
                del self._unsettled[0]


def deliver_once(store: Store, urls: Mapping[str, str], *, now: datetime) -> Outcome | None:
    """As `Outbox.deliver_once`, for a command: it tries for half a minute to settle what it sent.

    Raises StoreError when that fails, too; the delivery is unknown from then on.
    """
    outbox = Outbox()
    outcome = outbox.deliver_once(store, urls, now=now)
    outbox.finish(store, patience=30.0)
    return outcome


def wait_after(attempts: int) -> timedelta:
    """Exponential back-off from five minutes to a day, a quarter of it at random."""
    longest: timedelta = min(_FIRST_RETRY * 2 ** min(max(0, attempts - 1), 20), _LONGEST_RETRY)
    return longest * random.uniform(1 - _JITTER, 1.0)


def _sent(delivery: Delivery, url: str, *, now: datetime) -> _Settlement:
    """Sends it, and says what is to be taken down of that."""
    assert delivery.payload is not None
    sent_bytes = ""
    try:
        if is_mail(url):
            sent_bytes = hashlib.sha256(_mail(delivery, url)).hexdigest()
        send(
            delivery.channel,
            url,
            delivery.payload,
            digest=delivery.digest,
            number=delivery.id,
            date=delivery.composed,
            attempt=delivery.attempts,
        )
    except DeliveryError as trouble:
        settlement = _refused(delivery, url, trouble, now=now)
        return replace(settlement, sent_bytes=sent_bytes) if trouble.partial or trouble.unknown else settlement
    except Exception as error:
        # Of a channel's library nobody knows what it did before. The message of its error may hold a secret.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error(
            "delivery %d on %s: unexpected error\n%s%s", delivery.id, delivery.channel, where, type(error).__name__
        )
        says = f"channel {delivery.channel}: unexpected error ({type(error).__name__})"
        return _Settlement(
            outcome=_outcome(delivery, DeliveryState.UNKNOWN, says), claimed_at=now, sent_bytes=sent_bytes
        )
    return _Settlement(outcome=_outcome(delivery, DeliveryState.SENT), claimed_at=now, sent_bytes=sent_bytes)


def _mail(delivery: Delivery, url: str) -> bytes:
    assert delivery.payload is not None
    return mail_of(
        delivery.channel,
        url,
        delivery.payload,
        digest=delivery.digest,
        number=delivery.id,
        date=delivery.composed,
    )


def _refused(delivery: Delivery, url: str, trouble: DeliveryError, *, now: datetime) -> _Settlement:
    says = str(trouble)
    if trouble.partial:
        return _Settlement(outcome=_outcome(delivery, DeliveryState.SENT, says), claimed_at=now)
    if trouble.unknown:
        return _Settlement(outcome=_outcome(delivery, DeliveryState.UNKNOWN, says), claimed_at=now)
    if trouble.about_message:
        return _Settlement(outcome=_outcome(delivery, DeliveryState.DEAD, says), claimed_at=now)
    if trouble.permanent:
        return _Settlement(
            outcome=_outcome(delivery, DeliveryState.FAILED, says, stopped=True),
            claimed_at=now,
            due_at=now,
            refused=fingerprint(delivery.channel, url),
        )
    asked = timedelta(seconds=min(max(trouble.retry_after or 0.0, 0.0), _LONGEST_RETRY.total_seconds()))
    dead = delivery.attempts >= ATTEMPTS
    return _Settlement(
        outcome=_outcome(delivery, DeliveryState.DEAD if dead else DeliveryState.FAILED, says),
        claimed_at=now,
        due_at=None if dead else now + max(wait_after(delivery.attempts), asked),
        asked_until=now + asked if asked else None,
    )


def _outcome(delivery: Delivery, state: DeliveryState, error: str = "", *, stopped: bool = False) -> Outcome:
    # What no database takes must not keep a settlement from being taken down.
    said = " ".join(error.replace("\0", " ").encode(errors="replace").decode().split())[:_LONGEST_ERROR]
    return Outcome(delivery=delivery.id, channel=delivery.channel, state=state, error=said, stopped=stopped)


def _take_down(db: Db, settlement: _Settlement) -> None:
    outcome, at = settlement.outcome, settlement.claimed_at
    own = conclude(
        db,
        outcome.delivery,
        outcome.state,
        holder=holder(),
        claimed_at=at,
        now=at,
        error=outcome.error,
        due_at=settlement.due_at,
        counts=not settlement.refused,
        sent_bytes=settlement.sent_bytes,
    )
    if own and settlement.refused:
        because = outcome.error.removeprefix(f"channel {outcome.channel}: ")
        stop_channel(db, outcome.channel, because=because, refused=settlement.refused, now=at)
    if own and outcome.state is DeliveryState.SENT:
        let_go_on(db, outcome.channel)
    if own and settlement.asked_until:
        postpone(db, outcome.channel, until=settlement.asked_until)


def _lost(outcome: Outcome) -> str:
    if outcome.state is not DeliveryState.SENT:
        return f"that delivery {outcome.delivery} was not taken ({outcome.error}) is not kept, either"
    return (
        f"delivery {outcome.delivery} was sent, and that could not be taken down: "
        f"`litwatch outbox resolve {outcome.delivery}` when the store is well again"
    )
