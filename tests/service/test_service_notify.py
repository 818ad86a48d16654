"""What systemd is told, on a real datagram socket."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from litwatch.service import notify


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The end that systemd listens on."""
    if request.param == "abstract" and not sys.platform.startswith("linux"):
        pytest.skip("abstract sockets are Linux's")
    name = f"litwatch-{os.getpid()}-{tmp_path.name}"
    place, told = (
        (str(tmp_path / "notify"),) * 2 if request.param == "path" else (f"\0{name}", f"@{name}")
    )  # fmt: skip
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(place)
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", told)
        yield listening


def test_readiness_and_status_come_in_one_datagram(systemd: socket.socket) -> None:
    assert notify.ready("3 lines")
    assert systemd.recv(4096) == b"READY=1\nSTATUS=3 lines"


def test_each_turn_of_the_service_is_told(systemd: socket.socket) -> None:
    assert notify.watchdog()
    assert notify.status("polls")
    assert notify.stopping("asked to")
    assert [systemd.recv(4096) for _ in range(3)] == [b"WATCHDOG=1", b"STATUS=polls", b"STOPPING=1\nSTATUS=asked to"]


def test_a_reload_is_told_with_the_monotonic_time_that_systemd_wants(systemd: socket.socket) -> None:
    assert notify.reloading()
    first, second = systemd.recv(4096).decode().split("\n")
    assert first == "RELOADING=1"
    assert second.startswith("MONOTONIC_USEC=")
    assert int(second.partition("=")[2]) > 0


def test_a_line_break_in_a_status_is_no_second_assignment(systemd: socket.socket) -> None:
    notify.status("a title\nWATCHDOG=trigger\u2028MAINPID=1")
    assert systemd.recv(4096) == b"STATUS=a title WATCHDOG=trigger MAINPID=1"


def test_a_long_status_is_cut(systemd: socket.socket) -> None:
    notify.status("x" * 10_000)
    assert len(systemd.recv(20_000)) < 400


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/at/all", "/" + "x" * 300, "vsock:2:1234"])
def test_nobody_who_listens_is_no_trouble(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert notify.ready("") is False
    monkeypatch.delenv("NOTIFY_SOCKET")
    assert notify.ready("") is False


@pytest.mark.parametrize(
    ("micros", "whose", "seconds"),
    [
        ("120000000", None, 120.0),
        ("120000000", "me", 120.0),
        ("120000000", "1", None),
        ("0", None, None),
        ("often", None, None),
        (None, None, None),
        ("120000000", "nobody", None),
    ],
)
def test_the_watchdog_is_heeded_where_it_watches_this_process(
    micros: str | None, whose: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WATCHDOG_USEC", micros), ("WATCHDOG_PID", str(os.getpid()) if whose == "me" else whose)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert notify.watchdog_seconds() == seconds
