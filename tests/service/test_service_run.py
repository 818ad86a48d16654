"""`litwatch run` as a process: how it starts, reads anew, and ends, whatever it is at."""

from __future__ import annotations

import os
import queue
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Litwatch

PATIENCE = 60.0


class Running:
    """A daemon of its own, and what it logs."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "litwatch", "run"],
            cwd=folder,
            env={**clean, "LITWATCH_RANK__SEMANTIC": "false", "LITWATCH_JUDGE__METHOD": "cues", **env},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._heard: queue.Queue[str] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._heard.put(line)

    def says(self, pattern: str) -> str:
        """The first line from now on that matches."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = self._heard.get(timeout=0.2)
            except queue.Empty:
                assert self.process.poll() is None, f"it ended without {pattern!r}: {''.join(self.lines)}"
                continue
            self.lines.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError(f"never said {pattern!r}: {''.join(self.lines)}")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._ear.join()
        assert self.process.stderr
        self.process.stderr.close()


@pytest.fixture
def deaf() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.fixture
def run(litwatch: Litwatch) -> Iterator[Callable[..., Running]]:
    """run(arxiv, NAME=value…): a daemon on the demo's papers that asks `arxiv`."""
    litwatch("demo", ".")
    started: list[Running] = []

    def start(arxiv: str = "http://127.0.0.1:9/", **env: str) -> Running:
        given = {f"LITWATCH_ARXIV__{name}_URL": arxiv for name in ("API", "OAI", "RSS")}
        given |= {"LITWATCH_ARXIV__DELAY_SECONDS": "0", "LITWATCH_SERVICE__LISTEN": ""}
        started.append(Running(litwatch.folder, {**given, **env}))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_it_ends_within_ten_seconds_while_arxiv_does_not_answer(run: Callable[..., Running], deaf: str) -> None:
    daemon = run(deaf)
    daemon.says("started")
    daemon.signal(signal.SIGTERM)
    # systemd waits fifteen seconds before it kills: subprocess raises when this takes longer.
    assert daemon.process.wait(timeout=14) == 0
    daemon.says("cut off|stopped")


def test_a_second_one_on_the_same_file_refuses_and_says_why(run: Callable[..., Running]) -> None:
    first = run()
    first.says("started")
    second = run()
    second.says(r"a litwatch daemon already runs on the store .*: stop it first, or use PostgreSQL")
    assert second.process.wait(timeout=PATIENCE) == 1
    first.signal(signal.SIGTERM)
    assert first.process.wait(timeout=PATIENCE) == 0
    third = run()
    third.says("started")


def test_it_reads_anew_on_a_hangup_and_goes_on_as_it_was_while_a_file_is_broken(
    run: Callable[..., Running], litwatch: Litwatch
) -> None:
    daemon = run()
    daemon.says("started")
    (path,) = (litwatch.folder / "watchlists").glob("*.yaml")
    whole = path.read_text(encoding="utf-8")
    path.write_text("question: [", encoding="utf-8")
    daemon.signal(signal.SIGHUP)
    assert path.name in daemon.says("its line stays as it was")
    daemon.says("read anew")
    path.write_text(whole, encoding="utf-8")
    daemon.signal(signal.SIGHUP)
    daemon.says("setting: well again")
    config = litwatch.folder / "litwatch.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[nothing]\n", encoding="utf-8")
    daemon.signal(signal.SIGHUP)
    assert "nothing" in daemon.says("the configuration stays as it was")
    daemon.signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=PATIENCE) == 0


def test_it_ends_on_sigterm_however_many_signals_came_just_before(run: Callable[..., Running]) -> None:
    daemon = run()
    daemon.says("started")
    for _ in range(2000):
        daemon.signal(signal.SIGHUP)
    daemon.signal(signal.SIGTERM)
    assert daemon.process.wait(timeout=PATIENCE) == 0


def test_a_broken_watchlist_at_the_start_holds_no_other_line_up(
    run: Callable[..., Running], litwatch: Litwatch
) -> None:
    (litwatch.folder / "watchlists" / "broken.yaml").write_text("question: [", encoding="utf-8")
    daemon = run()
    daemon.says(r"broken\.yaml.*it is no line")
    daemon.says("poll is failed")


def test_a_broken_configuration_at_the_start_ends_it_with_one_line(
    run: Callable[..., Running], litwatch: Litwatch
) -> None:
    (litwatch.folder / "litwatch.toml").write_text("[nothing]\n", encoding="utf-8")
    daemon = run()
    daemon.says(r"^litwatch: .*litwatch\.toml: .*nothing")
    assert daemon.process.wait(timeout=PATIENCE) == 1


def test_what_is_killed_in_a_poll_goes_on_at_the_next_start_at_once(
    run: Callable[..., Running], deaf: str, litwatch: Litwatch
) -> None:
    first = run(deaf)
    first.says("started")
    rows = []
    end = time.monotonic() + PATIENCE
    # The poll is under way when its lease is taken; it is not in the record yet.
    while not rows and time.monotonic() < end:
        with sqlite3.connect(litwatch.folder / "litwatch.db") as db:
            rows = db.execute("SELECT holder FROM leases WHERE name = 'poll'").fetchall()
        db.close()
    first.signal(signal.SIGKILL)
    first.process.wait()
    run().says("poll is failed")
