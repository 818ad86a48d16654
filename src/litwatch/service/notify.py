"""Telling systemd how the service fares, by the datagrams of sd_notify(3): all of them no-ops elsewhere.

Nothing here raises: a service that works must not end because nobody listens.
"""

from __future__ import annotations

import os
import socket
import time

_PATIENCE = 1.0
_LONGEST_STATUS = 300


def notify(*states: str) -> bool:
    """Sends assignments, as "READY=1", to $NOTIFY_SOCKET in one datagram; whether somebody was there to take them.

    A line break within a state becomes a blank: what follows it would be an assignment of its own.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return False
    # An address that begins with @ is in Linux's abstract namespace, whose names begin with a zero byte.
    place = "\0" + address[1:] if address.startswith("@") else address
    said = "\n".join(" ".join(state.splitlines()).replace("\0", " ") for state in states)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(_PATIENCE)
            sender.sendto(said.encode("utf-8", "backslashreplace"), place)
    except (OSError, ValueError):
        return False
    return True


def ready(text: str = "") -> bool:
    """The start, or a reload, is over."""
    return notify("READY=1", f"STATUS={text[:_LONGEST_STATUS]}")


def reloading() -> bool:
    """A reload begins; `ready` ends it."""
    return notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping(text: str = "") -> bool:
    return notify("STOPPING=1", f"STATUS={text[:_LONGEST_STATUS]}")


def status(text: str) -> bool:
    """One line for `systemctl status`."""
    return notify(f"STATUS={text[:_LONGEST_STATUS]}")


def watchdog() -> bool:
    """A sign of life; due well within each `watchdog_seconds`."""
    return notify("WATCHDOG=1")


def watchdog_seconds() -> float | None:
    """Within how many seconds systemd wants each sign of life; None where it, or nobody, watches this process."""
    try:
        micros = int(os.environ.get("WATCHDOG_USEC", ""))
        whose = int(os.environ.get("WATCHDOG_PID") or os.getpid())
    except ValueError:
        return None
    return micros / 1_000_000 if micros > 0 and whose == os.getpid() else None
