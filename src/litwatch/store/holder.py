"""Who we are among the processes on a store, and whether another one still lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


@cache
def _named(pid: int) -> str:
    # Cached by process id: a fork is another process.
    return f"{_place()}:{pid}:{_started(pid)}"


def holder() -> str:
    """This process's name in a row that it claims: host and namespace, process id, and when it started.

    Process ids are given anew, after a restart of the machine or in a container even to the same program: the start,
    in clock ticks since boot, tells them apart. Containers that share the name of their host still number their
    processes each from 1: so the namespace of the ids belongs to the name. What the system does not say is left out.
    """
    return _named(os.getpid())


def is_gone(name: str) -> bool:
    """True when `name` was a process here that runs no more; False when it may still run, or is not ours to see."""
    place, _, rest = name.partition(":")
    number, _, started = rest.partition(":")
    # The first version of the store knew no namespaces.
    if place not in (_place(), socket.gethostname()) or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):  # it runs, as another user
        pass
    now = _started(int(number))
    return bool(started and now and started != now)


def spoken(name: str) -> str:
    """A holder's name as a person needs it: "HOST, process NUMBER"."""
    place, _, rest = name.rpartition("@")[2].partition(":")
    return f"{place.partition('/')[0]}, process {rest.partition(':')[0]}"


@cache
def _machine() -> str:
    """Names this machine: those made from one image share their name, and all number their namespaces alike."""
    for path in ("/proc/sys/kernel/random/boot_id", "/etc/machine-id"):
        try:
            return Path(path).read_text(encoding="ascii", errors="replace")[:8]
        except OSError:
            continue
    return ""


def _place() -> str:
    """The host and, where it has one, the namespace whose process ids we see (see pid_namespaces(7))."""
    try:
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{_machine()}.{namespace}"


def is_alive(name: str) -> bool:
    """True when `name` is a process here that runs, and certainly that one."""
    place, _, rest = name.partition(":")
    started = rest.partition(":")[2]
    return name == holder() or (place == _place() and bool(started) and not is_gone(name))


def _started(pid: int) -> str:
    """Field 22 of proc(5)'s stat; "" where it cannot be read, "dead" for one that waits only to be buried."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in parentheses, which may hold blanks.
    fields = stat.rpartition(")")[2].split()
    return "dead" if fields[0] in "ZX" else fields[19]
