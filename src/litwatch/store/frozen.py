"""Digests as they were frozen, found again by the name that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, select

from litwatch.model import Delivery
from litwatch.store.outbox import delivered_content, get_delivery
from litwatch.store.schema import deliveries, digests

_LOOKED_THROUGH = 2000


@dataclass(frozen=True, kw_only=True)
class Frozen:
    delivery: Delivery
    """With its payload, whose texts are "" where retention dropped them."""
    content: dict[str, Any]
    sent_bytes: str
    """SHA-256 of the mail that went out, in hex; "" where none did."""


def find_frozen(db: Connection, name: str) -> Frozen | None:
    """By a digest's id or a delivery's number."""
    number = db.execute(select(deliveries.c.id).where(deliveries.c.digest == name)).scalar()
    if number is None and name.isascii() and name.isdecimal() and int(name) < 2**63:
        number = int(name)
    delivery = get_delivery(db, number) if number is not None else None
    if delivery is None:
        return None
    sent_bytes = db.execute(select(deliveries.c.sent_bytes).where(deliveries.c.id == delivery.id)).scalar_one()
    return Frozen(delivery=delivery, content=delivered_content(db, delivery.id), sent_bytes=sent_bytes)


def near_ids(db: Connection, name: str) -> list[str]:
    """Up to three ids of digests that look like a name, of the newest ones; those that hold it whole come first."""
    query = select(digests.c.id).order_by(digests.c.created.desc()).limit(_LOOKED_THROUGH)
    ids = list(db.execute(query).scalars())
    holding = [each for each in ids if name and name in each]
    return (holding or get_close_matches(name, ids, n=3, cutoff=0.5))[:3]
