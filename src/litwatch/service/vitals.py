"""Whether the service is alive and ready: which jobs are at work since when, and what troubles stand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from litwatch.service.redaction import redacted

LIMITS: Mapping[str, float] = MappingProxyType({"poll": 1800.0, "send": 1200.0, "ask": 1800.0, "upkeep": 7200.0})
"""Seconds that one unit of a job may go on without a sign of life before it counts as stuck. A poll, which may take
many hours, gives one with each request: it may be asked for again, and waits for its turn. A message may take
three minutes, and one in pieces ten more of pauses between them (`deliver.channel.send`). A language model is asked
twice at most, ten minutes each. A backup takes the whole store, onto however slow a disk."""
LIMIT = 600.0
"""The limit of every other job."""
_BEATS_MISSED = 3


class Vitals:
    """What /healthz, /readyz and the watchdog look at. May be used from any thread.

    beat_seconds: how far the beats lie apart. needed: names of troubles with which the service can do nothing; others
    are told and leave it ready. Times are by `monotonic`, in seconds.
    """

    def __init__(
        self,
        *,
        beat_seconds: float,
        limits: Mapping[str, float] = LIMITS,
        needed: Collection[str] = ("store",),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._beat_seconds = beat_seconds
        self._limits = limits
        self._needed = frozenset(needed)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._at_work: dict[int, list[str]] = {}
        """By thread, its units, each within the one before."""
        self._signs: dict[int, float] = {}
        """By thread at work, when a unit last began or ended."""
        self._troubles: dict[str, str] = {}
        self._last_beat = monotonic()
        self._begun = False

    def beat(self) -> None:
        """The beat came. The first one ends the start."""
        with self._lock:
            self._last_beat = self._monotonic()
            self._begun = True

    def began(self, job: str) -> None:
        """This thread begins one unit of the job. Within a longer one that is a sign of life of that, as its end is."""
        with self._lock:
            me = threading.get_ident()
            self._at_work.setdefault(me, []).append(job)
            self._signs[me] = self._monotonic()

    def ended(self, job: str) -> None:
        with self._lock:
            me = threading.get_ident()
            units = self._at_work.get(me, [])
            if job in units:
                del units[len(units) - 1 - units[::-1].index(job)]
                self._signs[me] = self._monotonic()
            if not units:
                self._at_work.pop(me, None)
                self._signs.pop(me, None)

    @contextmanager
    def at(self, job: str) -> Iterator[None]:
        """`began` and, however it ends, `ended`."""
        self.began(job)
        try:
            yield
        finally:
            self.ended(job)

    def trouble(self, name: str, text: str) -> None:
        """What is wrong with `name` now; "" when nothing is any more."""
        with self._lock:
            if text:
                self._troubles[name] = redacted(text)
            else:
                self._troubles.pop(name, None)

    def alive(self, now: float | None = None) -> tuple[bool, str]:
        """Whether the beat comes and no unit is stuck, and what is not so.

        now: by the monotonic clock; None for this moment.
        """
        with self._lock:
            now = self._monotonic() if now is None else now
            for thread, since in sorted(self._signs.items(), key=lambda sign: sign[1]):
                job = self._at_work[thread][-1]
                limit = self._limits.get(job, LIMIT)
                if now - since > limit:
                    return False, f"{job} has been at one unit for {now - since:.0f} s, more than its {limit:.0f} s"
            missed = now - self._last_beat
            if missed > _BEATS_MISSED * self._beat_seconds:
                return False, f"no beat came for {missed:.0f} s; one is due every {self._beat_seconds:.0f} s"
            return True, ""

    def ready(self) -> tuple[bool, dict[str, str]]:
        """Whether it began and has what it needs, and every trouble that stands, by name."""
        with self._lock:
            troubles = dict(self._troubles) if self._begun else {"start": "is under way", **self._troubles}
            return self._begun and not self._needed & troubles.keys(), troubles
