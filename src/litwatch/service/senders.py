"""Threads that send, one for each channel: a service that does not answer holds no other channel up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

_AT_ONCE = 16


class Senders:
    """May be used from any thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._at_work: dict[str, Future[None]] = {}
        self._failed: dict[str, Exception] = {}

    def start(self, channel: str, work: Callable[[], None]) -> bool:
        """Has a thread do the work; False where the channel's last work is not done yet.

        It runs in a copy of the caller's context: its records carry the unit that they belong to.
        """
        with self._lock:
            before = self._at_work.get(channel)
            if before is not None and not before.done():
                return False
            self._at_work[channel] = self._pool.submit(copy_context().run, self._do, channel, work)
        return True

    def _do(self, channel: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._failed[channel] = error
        else:
            self._failed.pop(channel, None)

    @property
    def failures(self) -> dict[str, Exception]:
        """By channel, what its last work that is done failed by."""
        return dict(self._failed)

    def wait(self) -> None:
        """Until all that was started is done."""
        with self._lock:
            at_work = list(self._at_work.values())
        wait(at_work)

    def close(self) -> None:
        """Begins nothing more, and waits for what is at work."""
        self._pool.shutdown(cancel_futures=True)
