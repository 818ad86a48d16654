"""Clock, output and what a run holds open: nothing leaks from a daemon's beat, no input makes a traceback."""

from __future__ import annotations

import gc
import io
import sys
from pathlib import Path

import pytest

from conftest import Litwatch
from litwatch.cli.running import make_daemon
from litwatch.cli.session import Session
from litwatch.store.store import open_store

WORDS = ("add-line", "--question", "Can models plan?", "--claim", "Models fail at plans of a dozen steps.")


def sessions() -> int:
    gc.collect()
    return sum(isinstance(each, Session) for each in gc.get_objects())


def descriptors() -> int:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to count what is open")
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def config(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> Path:
    litwatch("init")
    litwatch(*WORDS)
    monkeypatch.setenv("LITWATCH_NOW", "2025-11-20T12:00:00Z")
    return litwatch.folder / "litwatch.toml"


def test_a_beat_leaves_nothing_behind(config: Path) -> None:
    store = open_store(f"sqlite:///{config.parent}/litwatch.db")
    daemon = make_daemon(config, store)
    daemon.work()
    before = sessions(), descriptors()
    for _ in range(5):
        daemon.work()
        daemon.send()
    assert (sessions(), descriptors()) == before
    store.close()


@pytest.mark.parametrize("now", ["0001-01-01", "0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-05:00", "1989-12-31"])
def test_a_clock_far_from_any_paper_is_refused(litwatch: Litwatch, now: str) -> None:
    litwatch("init")
    answer = litwatch("lines", now=now)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith("litwatch: LITWATCH_NOW: ")


@pytest.mark.parametrize("words", [("claims", "can", "--as-of", "once"), ("papers", "can", "--since", "yesterday")])
def test_a_date_that_is_none_is_wrong_usage(config: Path, litwatch: Litwatch, words: tuple[str, ...]) -> None:
    answer = litwatch(*words)
    assert (answer.code, answer.out) == (2, "")
    assert "is no date" in answer.err


def test_a_number_beyond_any_verdict_is_wrong_usage(config: Path, litwatch: Litwatch) -> None:
    for word in ("confirm", "reject"):
        for number in ("99999999999999999999", "0"):
            assert litwatch(word, number).code == 2


def test_an_error_is_one_line_whatever_stands_in_it(litwatch: Litwatch) -> None:
    litwatch("init")
    answer = litwatch("lines", "--config", "no\nsuch\x1b[31m.toml")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "\x1b" not in answer.err
    assert "no such[31m.toml: no such configuration file" in answer.err


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_terminal_that_lacks_a_character_ends_no_command(
    config: Path, litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    litwatch("add-line", "--question", "Does Erdős–Rényi hold? Ω", "--claim", "Es hält.")
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", narrow)
    answer = litwatch("lines", *form)
    narrow.flush()
    assert (answer.code, answer.err) == (0, "")
    assert b"does-erdos" in raw.getvalue()
    if form:
        assert b"\\u0151" in raw.getvalue(), "JSON loses no character"


def test_of_all_stored_papers_thirty_are_shown_unless_more_are_wanted(litwatch: Litwatch) -> None:
    litwatch("demo", ".")
    now = "2025-11-17T09:00:00Z"
    shown = litwatch("papers", "when", "--rank-all", now=now).out
    assert shown.count("arXiv:2511.9") == 30
    assert len(litwatch("papers", "when", "--rank-all", "--json", now=now).json) > 30
    assert litwatch("papers", "when", "--rank-all", "--limit", "40", now=now).out.count("arXiv:2511.9") == 40


def test_a_variable_alone_makes_no_litwatch(litwatch: Litwatch) -> None:
    litwatch.env = {"LITWATCH_RANK__TOP": "5", "HOME": str(litwatch.folder)}
    answer = litwatch("lines")
    assert answer.code == 1
    assert "LITWATCH_STORE__URL" in answer.err
    assert list(litwatch.folder.iterdir()) == []
