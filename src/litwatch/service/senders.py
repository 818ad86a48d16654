"""Threads that send, one for each channel: a service that does not answer holds no other channel up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from types import TracebackType

_AT_ONCE = 16


class Senders:
    """May be used from any thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._at_work: dict[str, Future[None]] = {}
        self._failed: dict[str, tuple[Exception, TracebackType | None]] = {}

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
            with self._lock:
                self._failed[channel] = error, error.__traceback__
        else:
            with self._lock:
                self._failed.pop(channel, None)

    def failures(self, *, of: Collection[str]) -> list[tuple[Exception, TracebackType | None]]:
        """What the last work of these channels failed by, with where. That of others, but for those at work, is
        forgotten: nothing is left that it could keep from being sent."""
        with self._lock:
            at_work = {name for name, future in self._at_work.items() if not future.done()}
            self._failed = {name: said for name, said in self._failed.items() if name in of or name in at_work}
            return list(self._failed.values())

    def wait(self) -> None:
        """Until all that was started is done."""
        with self._lock:
            at_work = list(self._at_work.values())
        wait(at_work)

    def close(self) -> None:
        """Begins nothing more, and waits for what is at work."""
        self._pool.shutdown(cancel_futures=True)
