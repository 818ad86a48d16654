"""The circuit breaker: a service of arXiv that failed again and again is left alone but for one question a poll.

How often each failed in a row is a row, so that every process on the store knows, also after a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from litwatch.store.schema import circuits
from litwatch.store.store import Store

OPEN_AFTER = 5
"""Failures in a row."""
_OPEN_FOR = timedelta(hours=12)
"""What failed so long ago says nothing of today: a daily poll asks as usual, one that is made again is gentle."""
_SILENT_AFTER = 2
"""Failures in a poll to which no service gave an answer: then the others are not asked again and again either."""


class StoreBreaker:
    """One poll's view of the circuits. Where one is open, the poll asks once; an answer closes it."""

    def __init__(self, store: Store, *, now: datetime) -> None:
        self._store = store
        self._now = now
        self._failures: dict[str, int] = {}
        self._reasons: dict[str, str] = {}
        self._loaded = False
        self._probed: set[str] = set()
        self._answered = False
        self._failed_here = 0

    def refusal(self, service: str) -> str:
        """Why the service is not asked; "" where it may be."""
        self._load()
        if self._failures.get(service, 0) < OPEN_AFTER or service not in self._probed:
            return ""
        return (
            f"it failed {self._failures[service]} times in a row, last because {self._reasons[service]}; "
            "the next poll tries it again"
        )

    def probing(self, service: str) -> bool:
        """Whether to ask once only: the circuit is open, or nothing of arXiv's answers this poll."""
        self._load()
        if not self._answered and self._failed_here >= _SILENT_AFTER:
            return True
        return self._failures.get(service, 0) >= OPEN_AFTER and service not in self._probed

    def failed(self, service: str, reason: str) -> None:
        self._load()
        count = self._failures[service] = self._failures.get(service, 0) + 1
        self._reasons[service] = reason
        self._failed_here += 1
        if count >= OPEN_AFTER:
            self._probed.add(service)
        with self._store.write() as db:
            mine = circuits.c.service == service
            said = {"failures": count, "reason": reason, "failed_at": self._now}
            if not db.execute(update(circuits).where(mine).values(**said)).rowcount:
                db.execute(insert(circuits).values(service=service, **said))

    def succeeded(self, service: str) -> None:
        self._load()
        self._answered = True
        if self._failures.pop(service, 0):
            with self._store.write() as db:
                db.execute(delete(circuits).where(circuits.c.service == service))

    def _load(self) -> None:
        if self._loaded:
            return
        with self._store.read() as db:
            for row in db.execute(select(circuits)):
                if abs(self._now - row.failed_at) > _OPEN_FOR:
                    continue
                self._failures[row.service] = row.failures
                self._reasons[row.service] = row.reason
        self._loaded = True
