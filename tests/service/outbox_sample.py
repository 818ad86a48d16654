"""Invented messages that wait in a store, a mail server that can be troublesome, and what became of deliveries."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from conftest import MailServer
from litwatch.digest.content import content
from litwatch.model import Coverage, DeliveryState, Digest, DigestKind, Payload
from litwatch.service.outbox import Outbox, Outcome, deliver_once
from litwatch.store.outbox import freeze, know_channel
from litwatch.store.schema import deliveries
from litwatch.store.store import Store

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class TroublesomeMail(MailServer):
    """Refuses some recipients, or takes a message and hangs up without an answer, as it is told."""

    refused: Collection[str] = ()
    drops = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if not self.drops:
            return await super().handle_DATA(server, session, envelope)
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        server.transport.abort()
        return "250 OK"


def frozen(store: Store, channel: str = "mail", *, at: datetime = T, name: str = "", said: str = "Some news.") -> int:
    """A digest that tells no paper, with its delivery, due at once; returns the delivery's number."""
    digest = Digest(
        id=f"{channel}/{name or f'digest/{at:%Y-%m-%dT%H%M%SZ}'}",
        kind=DigestKind.DIGEST,
        channel=channel,
        coverage=Coverage(period_start=at - DAY, period_end=at, papers_read=0),
        created=at,
    )
    blocks: tuple[dict[str, object], ...] = ({"type": "section", "text": {"type": "mrkdwn", "text": said}},)
    payload = Payload(subject=f"litwatch: {said}", text=said, html=f"<p>{said}</p>", slack=blocks)
    with store.write() as db:
        know_channel(db, channel, now=at)
        return freeze(db, digest, payload, content(digest), due_at=at)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A delivery as the store holds it."""

    state: DeliveryState
    attempts: int
    due_at: datetime
    last_error: str
    sent_again: bool


def row(store: Store, number: int = 1) -> Row:
    columns = [deliveries.c[name] for name in Row.__dataclass_fields__]
    with store.read() as db:
        found = db.execute(select(*columns).where(deliveries.c.id == number)).one()
    return Row(**{**found._asdict(), "state": DeliveryState(found.state)})


def send_all(store: Store, urls: Mapping[str, str], *, now: datetime) -> list[Outcome]:
    """What became of each delivery that was due."""
    outcomes = []
    while outcome := deliver_once(store, urls, now=now):
        outcomes.append(outcome)
    return outcomes


def claimed_elsewhere(store: Store, number: int = 1, *, by: str = "elsewhere:7:12", at: datetime = T) -> None:
    """As a process of another machine leaves it that is at sending."""
    with store.write() as db:
        db.execute(
            deliveries.update()
            .where(deliveries.c.id == number)
            .values(state="sending", claimed_by=by, claimed_at=at, attempts=1)
        )


def beat(
    outbox: Outbox, store: Store, urls: Mapping[str, str], *, now: datetime, rule: str = "resend"
) -> list[Outcome]:
    """What a daemon does at one moment: every channel that has something due, until one is not taken."""
    outcomes = []
    for name in outbox.due_channels(store, urls, rule=rule, now=now):
        while outcome := outbox.deliver_once(store, {name: urls[name]}, now=now):
            outcomes.append(outcome)
            if outcome.state is not DeliveryState.SENT:
                break
    return outcomes
