"""The rate gate: one request to arXiv at a time, and a pause after each, over all processes on the store.

arXiv's terms count requests per user, not per process. So the turn is a row: taken by a conditional update,
held while a request is under way, and free again `delay_seconds` after it ended. A holder that died loses its
turn: at once where its host sees that it is gone, else when `held_until` has passed. Times are in seconds since 1970,
by the clock that all processes on the store share.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from litwatch.errors import HarvestError
from litwatch.store.holder import holder, is_gone
from litwatch.store.leases import seconds
from litwatch.store.schema import gates
from litwatch.store.store import Store

_NAME = "arxiv"


class StoreGate:
    """delay: seconds between the end of a request and the next one. hold: the longest a request may take.

    patience: how long, in seconds, a caller waits for its turn before it gives up with a HarvestError.
    """

    def __init__(
        self,
        store: Store,
        *,
        delay: float,
        hold: float,
        patience: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._delay = delay
        self._hold = hold
        self._patience = patience
        self._sleep = sleep
        self._me = f"{uuid.uuid4().hex[:8]}@{holder()}"
        self._pause: float | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the turn, and gives it back with the pause that is due."""
        self._take()
        try:
            yield
        finally:
            pause, self._pause = self._pause, None
            with self._store.write() as db:
                free_at = seconds(db) + max(self._delay, pause or 0.0)
                mine = update(gates).where(gates.c.name == _NAME, gates.c.holder == self._me)
                db.execute(mine.values(holder="", held_until=0.0, free_at=free_at))

    def pause(self, seconds: float) -> None:
        """During a turn: nobody may ask for that long, because arXiv said so."""
        self._pause = seconds

    def _take(self) -> None:
        start = time.monotonic()
        while True:
            wait = self._try()
            if wait <= 0:
                return
            if time.monotonic() + wait - start > self._patience:
                raise HarvestError(
                    f"arXiv may not be asked for another {wait:.0f} s (another process asks, or it wants a pause);"
                    " try again later",
                    retry_after=wait,
                )
            self._sleep(min(wait, 1.0) + 0.005)

    def _try(self) -> float:
        """Takes the turn if it is free; else the seconds until it may be."""
        with self._store.write() as db:
            now = seconds(db)
            row = db.execute(select(gates).where(gates.c.name == _NAME)).one_or_none()
            if row is None:
                with suppress(IntegrityError), db.begin_nested():  # another process may be faster
                    db.execute(insert(gates).values(name=_NAME, holder="", held_until=0.0, free_at=0.0))
                return 0.001
            held = row.held_until if row.holder and not is_gone(row.holder.partition("@")[2]) else 0.0
            wait: float = max(held, row.free_at) - now
            # After a clock was set back, a row may name a far future that no request of ours ever asked for.
            if wait > 24 * 3600:
                wait = 0.0
            if wait > 0:
                return wait
            won = db.execute(
                update(gates)
                .where(gates.c.name == _NAME, gates.c.holder == row.holder, gates.c.free_at == row.free_at)
                .values(holder=self._me, held_until=now + self._hold)
            )
            return 0.0 if won.rowcount == 1 else 0.01
