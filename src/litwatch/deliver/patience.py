"""A limit on the time that a library's call may take which has none of its own."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

Given = TypeVar("Given")


class LateError(Exception):
    """Nobody knows how far it came."""


def within(seconds: float, act: Callable[[], Given]) -> Given:
    """What `act` gives or raises, in a thread of its own. Raises LateError when that is not over in time.

    The thread then ends at the next step that Python takes in it: a service that answers a byte every few seconds, or
    without end, holds it no longer.
    """
    outcome: Future[Given] = Future()

    def run() -> None:
        try:
            outcome.set_result(act())
        except BaseException as error:
            outcome.set_exception(error)

    thread = Thread(target=copy_context().run, args=(run,), daemon=True, name="sending")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        assert thread.ident is not None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        raise LateError
    return outcome.result()
