"""Channels that are stopped because they refused for good.

A stopped channel is sent nothing but, once a day, the oldest message that waits for it; what else is composed for it
waits. It goes on when that is taken, when its URL is one that it did not refuse, or when a person lets it. One that a
URL let go on and that is refused again is in the same spell until something is sent: each URL lets it go on once, so
that two daemons with different ones, both of them wrong, do not try a login over and over.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select, update

from litwatch.model import DeliveryState
from litwatch.store.schema import channels, deliveries

_SALT_BYTES = 16
_HASH_BYTES = 32
_URLS_KEPT = 8
"""So many of the newest that were refused in one spell."""


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    stopped_at: datetime | None = None
    """None for one that is not stopped."""
    because: str = ""
    refused: str = ""
    """Salted hashes of the URLs that were refused, the newest first; see `is_refused`. One that a URL let go on keeps
    them until something is sent."""


def channel_states(db: Connection) -> dict[str, ChannelState]:
    """By name, every channel that the store ever knew."""
    return {
        row.name: ChannelState(stopped_at=row.stopped_at, because=row.stopped_because, refused=row.stopped_url)
        for row in db.execute(select(channels))
    }


def stopped_channels(db: Connection) -> dict[str, ChannelState]:
    return {name: state for name, state in channel_states(db).items() if state.stopped_at}


def stop_channel(db: Connection, name: str, *, because: str, refused: str, now: datetime) -> None:
    """because: why, in words that hold no secret. refused: of the URL, by `fingerprint`.

    One that is stopped already stays so since when it was, with the newest reason: it is one spell.
    """
    query = select(channels.c.stopped_at, channels.c.stopped_url).where(channels.c.name == name)
    before = db.execute(query).one_or_none()
    if before is None:
        return
    stopped: dict[str, object] = {"stopped_because": because}
    if before.stopped_at is None:
        urls = " ".join([refused, *before.stopped_url.split()][:_URLS_KEPT])
        stopped |= {"stopped_at": now, "stopped_url": urls}
    db.execute(update(channels).where(channels.c.name == name).values(**stopped))


def is_stopped(db: Connection, name: str) -> bool:
    stopped = channels.c.name == name, channels.c.stopped_at.is_not(None)
    return db.execute(select(channels.c.name).where(*stopped)).one_or_none() is not None


def let_go_on(db: Connection, name: str, *, refused: str | None = None) -> bool:
    """Lets a stopped channel be sent to again, all that waits for it at once; False when it was not stopped.

    refused: where a URL that is none of these lets it: only while these are still the fingerprints of the URLs that
    were refused, and they are kept. Else all of them may let it go on again.
    """
    query = select(channels.c.stopped_at, channels.c.stopped_url).where(channels.c.name == name)
    row = db.execute(query).one_or_none()
    if row is None or refused not in (None, row.stopped_url) or (row.stopped_at is None and not row.stopped_url):
        return False
    goes_on = {"stopped_at": None, "stopped_because": "", "stopped_url": refused or ""}
    db.execute(update(channels).where(channels.c.name == name).values(**goes_on))
    if row.stopped_at is None:
        return False
    waiting = deliveries.c.channel == name, deliveries.c.state == DeliveryState.FAILED.value
    db.execute(update(deliveries).where(*waiting).values(attempts=0, due_at=row.stopped_at))
    return True


def fingerprint(name: str, url: str) -> str:
    """A hash of a channel's URL under a salt of its own: it tells whether the URL changed, and not what it is."""
    salt = os.urandom(_SALT_BYTES)
    return f"{salt.hex()}:{_hash(name, url, salt)}"


def is_refused(name: str, url: str, refused: str) -> bool:
    """Whether it is a URL that one of these fingerprints, separated by blanks, was made of."""
    return any(_is_made_of(name, url, each) for each in refused.split())


@lru_cache(maxsize=1024)  # a daemon asks at every beat
def _is_made_of(name: str, url: str, print_: str) -> bool:
    salt, _, found = print_.partition(":")
    return hmac.compare_digest(_hash(name, url, bytes.fromhex(salt)), found)


def _hash(name: str, url: str, salt: bytes) -> str:
    # Slow on purpose (some 50 ms): who reads the store must not find a short password by trying.
    return hashlib.scrypt(url.encode(), salt=name.encode() + salt, n=2**14, r=8, p=1, dklen=_HASH_BYTES).hex()
