"""Who we are among the processes on a store, and whether another one still lives."""

from __future__ import annotations

import os
import socket


def holder() -> str:
    """This process's name in a row that it claims: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(name: str) -> bool:
    """True when `name` was another process on this host that runs no more; False when it may still run."""
    host, _, number = name.rpartition(":")
    if host != socket.gethostname() or not number.isdecimal() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it runs, as another user
        return False
    return False
