"""Leases: which process may do what only one may do, until when, told by one clock for all.

A lease is a row that one conditional update takes. Its holder renews it; one that died loses it: at once where its
host sees that it is gone, else when its time is over. The time is the database server's where there is one, since
the clocks of several machines disagree. Who works under a lease writes through a store that is `fenced` by it:
a process that was stopped for longer than its lease lasts finds out before it writes, in the same transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection, delete, func, insert, select, update

from litwatch.errors import LeaseLostError, StoreError
from litwatch.store.holder import holder, is_gone
from litwatch.store.schema import leases
from litwatch.store.store import Store

log = logging.getLogger("litwatch.leases")

LEASE_SECONDS = 20.0
"""How long a lease lasts that is not renewed: with the beat that looks for it, a dead holder is replaced in 30 s."""
RENEW_SECONDS = 5.0

POLL = "poll"
"""Who asks arXiv."""
UPKEEP = "upkeep"
"""Who makes backups and clears what is kept no longer."""
_DAEMON = "daemon/"
_LINE = "line/"


def seconds(db: Connection) -> float:
    """Now, in seconds since 1970, by the clock that all processes on the store share."""
    if db.dialect.name == "postgresql":
        return float(db.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
    return time.time()


def take(db: Connection, name: str, *, who: str | None = None) -> bool:
    """True when `who` (this process) holds the lease now: it was free, or over, or theirs already."""
    me, now = who or holder(), seconds(db)
    row = db.execute(select(leases).where(leases.c.name == name)).one_or_none()
    until = now + LEASE_SECONDS
    if row is None:
        db.execute(insert(leases).values(name=name, holder=me, until=until))
        return True
    if row.holder != me and not _is_over(row.holder, row.until, now):
        return False
    # The row may have changed hands since: then nothing is updated.
    mine = leases.c.name == name, leases.c.holder == row.holder
    return db.execute(update(leases).where(*mine).values(holder=me, until=until)).rowcount == 1


def release(db: Connection, name: str, *, who: str | None = None) -> None:
    db.execute(delete(leases).where(leases.c.name == name, leases.c.holder == (who or holder())))


def renew(db: Connection, *, who: str | None = None) -> None:
    """Gives every lease of `who` its full time again; one that another process took meanwhile stays lost."""
    me = who or holder()
    db.execute(update(leases).where(leases.c.holder == me).values(until=seconds(db) + LEASE_SECONDS))


def holder_of(db: Connection, name: str) -> str:
    """Who holds the lease; "" where nobody does."""
    row = db.execute(select(leases).where(leases.c.name == name)).one_or_none()
    return "" if row is None or _is_over(row.holder, row.until, seconds(db)) else str(row.holder)


def enlist(db: Connection, *, who: str | None = None) -> None:
    """Counts `who` among the daemons at work for as long as it renews."""
    me = who or holder()
    take(db, _DAEMON + me, who=me)


def daemons(db: Connection) -> list[str]:
    """Those at work now. What dead ones left is cleared by the next call of `clear`."""
    rows = db.execute(select(leases).where(leases.c.name.startswith(_DAEMON, autoescape=True))).all()
    now = seconds(db)
    return [row.holder for row in rows if not _is_over(row.holder, row.until, now)]


def lapsed_daemons(db: Connection) -> list[str]:
    """Those that were at work, did not resign, and are gone: until `clear` drops what they left."""
    rows = db.execute(select(leases).where(leases.c.name.startswith(_DAEMON, autoescape=True))).all()
    now = seconds(db)
    return [row.holder for row in rows if _is_over(row.holder, row.until, now)]


def clear(db: Connection, *, over_for: float = 0.0) -> None:
    """Drops leases that are over, and were `over_for` seconds ago."""
    now = seconds(db)
    over = [row for row in db.execute(select(leases)) if _is_over(row.holder, row.until, now)]
    names = [row.name for row in over if row.until <= now - over_for or row.until > now + 2 * LEASE_SECONDS]
    if names:
        db.execute(delete(leases).where(leases.c.name.in_(names)))


def resign(db: Connection, *, who: str | None = None) -> None:
    """Gives back all that `who` holds."""
    db.execute(delete(leases).where(leases.c.holder == (who or holder())))


def take_lines(db: Connection, slugs: Sequence[str], *, who: str | None = None) -> list[str]:
    """Those of these lines that `who` may rank and judge now, and nobody else: at most its share of them.

    The share is what falls to each of the daemons at work, so that several that begin together divide the lines.
    """
    me, now = who or holder(), seconds(db)
    rows = db.execute(select(leases).where(leases.c.name.startswith(_LINE, autoescape=True))).all()
    others = {row.name for row in rows if row.holder != me and not _is_over(row.holder, row.until, now)}
    share = -(-len(slugs) // max(1, len(daemons(db))))
    mine = [slug for slug in slugs if _LINE + slug not in others][:share]
    if mine:
        # One writer at a time: nobody else takes them between the look and here.
        names = [_LINE + slug for slug in mine]
        db.execute(delete(leases).where(leases.c.name.in_(names)))
        until = now + LEASE_SECONDS
        db.execute(insert(leases), [{"name": name, "holder": me, "until": until} for name in names])
    return mine


def release_lines(db: Connection, slugs: Sequence[str], *, who: str | None = None) -> None:
    mine = leases.c.name.in_([_LINE + slug for slug in slugs]), leases.c.holder == (who or holder())
    db.execute(delete(leases).where(*mine))


def others_hold_lines(db: Connection, *, who: str | None = None) -> bool:
    """Whether another process ranks or judges some lines now."""
    query = select(leases).where(leases.c.name.startswith(_LINE, autoescape=True), leases.c.holder != (who or holder()))
    rows, now = db.execute(query).all(), seconds(db)
    return any(not _is_over(row.holder, row.until, now) for row in rows)


def fenced(store: Store, name: str, *, who: str | None = None) -> Store:
    """The store as the holder of this lease may write to it: each transaction begins with a look whether it still is.

    Its writes raise LeaseLostError, and change nothing, when another process took the lease.
    """
    return store.guarded(partial(_still_holds, name=name, who=who or holder()))


def _still_holds(db: Connection, *, name: str, who: str) -> None:
    row = db.execute(select(leases.c.holder).where(leases.c.name == name)).scalar()
    if row != who:
        raise LeaseLostError(f"another process took over what this one was at ({name}); it goes on there")


@contextmanager
def kept_up(store: Store, *, who: str | None = None) -> Iterator[None]:
    """Renews the leases of this process meanwhile, on a thread beside it: for commands, which have no beat."""
    ended = threading.Event()

    def renewing() -> None:
        while not ended.wait(RENEW_SECONDS):
            try:
                with store.write() as db:
                    renew(db, who=who)
            except StoreError as error:
                log.warning("a lease could not be renewed: %s", error)

    thread = threading.Thread(target=renewing, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def held(
    store: Store, name: str, *, patience: float, sleep: Callable[[float], None] = time.sleep, who: str | None = None
) -> Iterator[str]:
    """Waits up to `patience` seconds for the lease and keeps it meanwhile.

    Yields "" when it is held, else who holds it: then the caller must do without.
    """
    waited = 0.0
    while True:
        with store.write() as db:
            won = take(db, name, who=who)
            other = "" if won else holder_of(db, name)
        if won or waited >= patience:
            break
        sleep(0.5)
        waited += 0.5
    if not won:
        yield other or "another process"
        return
    try:
        with kept_up(store, who=who):
            yield ""
    finally:
        with store.write() as db:
            release(db, name, who=who)


def _is_over(name: str, until: float, now: float) -> bool:
    # A clock that was ahead and is right again may leave a time far off.
    return until <= now or until > now + 2 * LEASE_SECONDS or is_gone(name)
