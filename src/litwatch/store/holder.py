"""Who we are among the processes on a store, and whether another one still lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


@cache
def _named(pid: int) -> str:
    # Cached by process id: a fork is another process.
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def holder() -> str:
    """This process's name in a row that it claims: host, process id, and when it started.

    Process ids are given anew, after a restart of the machine or in a container even to the same program: the start,
    in clock ticks since boot, tells them apart. It is empty where the system does not say it.
    """
    return _named(os.getpid())


def is_gone(name: str) -> bool:
    """True when `name` was a process on this host that runs no more; False when it may still run."""
    host, _, rest = name.partition(":")
    number, _, started = rest.partition(":")
    if host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):  # it runs, as another user
        pass
    now = _started(int(number))
    return bool(started and now and started != now)


def _started(pid: int) -> str:
    """Field 22 of proc(5)'s stat; "" where it cannot be read."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in parentheses, which may hold blanks.
    return stat.rpartition(")")[2].split()[19]
