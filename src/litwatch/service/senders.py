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

    def start(self, channel: str, work: Callable[[], None]) -> bool:
        """Has a thread do the work; False where the channel's last work is not done yet.

        It runs in a copy of the caller's context: its records carry the unit that they belong to.
        """
        with self._lock:
            if channel in self._at_work:
                return False
            self._at_work[channel] = self._pool.submit(copy_context().run, work)
        return True

    def collect(self) -> None:
        """Lets go of what is done. Raises what one of them failed by."""
        with self._lock:
            done = {name: future for name, future in self._at_work.items() if future.done()}
            for name in done:
                del self._at_work[name]
        failed = [error for future in done.values() if (error := future.exception())]
        if failed:
            raise failed[0]

    def wait(self) -> None:
        """Until all that was started is done, as `collect`."""
        with self._lock:
            at_work = list(self._at_work.values())
        wait(at_work)
        self.collect()

    def close(self) -> None:
        """Begins nothing more, and waits for what is at work."""
        self._pool.shutdown(cancel_futures=True)
