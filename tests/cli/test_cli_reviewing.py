"""`review`: one key each, from a pipe as from a terminal; on the demo's invented papers."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
from typing import Any

import pytest

from conftest import Answer, Litwatch

NOW = "2025-11-17T09:00:00Z"


@pytest.fixture
def demo(litwatch: Litwatch) -> Litwatch:
    litwatch("demo", ".")
    return litwatch


def keys(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch, pressed: str, *words: str) -> Answer:
    monkeypatch.setattr(sys, "stdin", io.StringIO(pressed))
    return litwatch("review", *words, now=NOW)


def waiting(litwatch: Litwatch) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = litwatch("review", "--json", now=NOW).json
    return rows


def reviewed(litwatch: Litwatch) -> dict[int, str]:
    claims = litwatch("claims", "when", "--json", now=NOW).json
    return {row["verdict"]: row["review"] for claim in claims for row in claim["verdicts"] if row["review"]}


def test_the_queue_is_listed_with_what_a_script_needs(demo: Litwatch) -> None:
    rows = waiting(demo)
    assert rows
    assert {"verdict", "line", "claim", "arxiv_id", "stance", "probability", "sentence"} <= rows[0].keys()
    worths = [row["worth"] for row in rows]
    assert worths == sorted(worths, reverse=True)


def test_one_key_answers_and_the_next_one_comes(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *rest = (row["verdict"] for row in waiting(demo))
    said = keys(demo, monkeypatch, "crq")
    assert said.code == 0
    answers = reviewed(demo)
    assert answers[first] == "confirmed"
    assert "rejected" in answers.values()
    assert len(waiting(demo)) <= len([second, *rest]) - 1
    assert "left; `litwatch review` goes on." in said.out


def test_it_goes_on_where_it_was_left_and_ends_with_the_input(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [row["verdict"] for row in waiting(demo)]
    assert keys(demo, monkeypatch, "r").code == 0
    assert before[0] in reviewed(demo)
    assert keys(demo, monkeypatch, "").code == 0
    assert before[0] not in [row["verdict"] for row in waiting(demo)]


def test_what_is_skipped_comes_last_and_once_a_sitting(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = waiting(demo)
    said = keys(demo, monkeypatch, "s" * (len(rows) + 3))
    assert said.out.count("Put off.") == len(rows)
    assert reviewed(demo) == {}
    assert all(row["skipped"] for row in waiting(demo))


def test_back_lets_the_last_word_be_changed(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    first = waiting(demo)[0]["verdict"]
    keys(demo, monkeypatch, "cbrq")
    assert reviewed(demo)[first] == "rejected"


def test_its_page_and_its_abstract_are_shown_and_another_key_explains(
    demo: Litwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = waiting(demo)[0]
    said = keys(demo, monkeypatch, "oaxq").out
    assert f"https://arxiv.org/abs/{row['arxiv_id']}" in said
    assert "s  not now" in said
    assert reviewed(demo) == {}


def test_nothing_is_wider_than_a_plain_terminal(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    said = keys(demo, monkeypatch, "a" + "s" * 20).out
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("columns", [30, 57])
def test_nothing_is_wider_than_a_narrow_one(demo: Litwatch, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = keys(demo, monkeypatch, "a" + "s" * 20).out
    # The name of a line and a command stay whole.
    ours = [row for row in said.splitlines() if " to review" not in row and "`" not in row]
    assert max(map(len, ours)) <= columns


def test_where_nothing_waits_it_says_so(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    while waiting(demo):
        keys(demo, monkeypatch, "r" * 30)
    said = keys(demo, monkeypatch, "")
    assert (said.code, said.out) == (0, "Nothing waits for your word.\n")


def test_an_unknown_line_is_named(demo: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys(demo, monkeypatch, "q", "no-such-line").code == 3


def _until_asked(terminal: int) -> bytes:
    """Reads up to the next prompt: what is typed before it is thrown away."""
    said = b""
    while not said.endswith(b"[q]uit "):
        said += os.read(terminal, 1)
    return said


def test_at_a_terminal_a_key_needs_no_return(demo: Litwatch) -> None:
    """Through a real pseudo-terminal, with a terminal that can do nothing."""
    first = waiting(demo)[0]["verdict"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
    environment |= {
        "TERM": "dumb",
        "LITWATCH_NOW": NOW,
        "LITWATCH_CONFIG": str(demo.folder / "litwatch.toml"),
        "LITWATCH_RANK__SEMANTIC": "false",
        "LITWATCH_JUDGE__METHOD": "cues",
    }
    if not demo.store_url.startswith("sqlite"):
        environment["LITWATCH_STORE__URL"] = demo.store_url
    here, there = pty.openpty()
    command = [sys.executable, "-m", "litwatch", "review"]
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there, env=environment, close_fds=True) as asking:
        os.close(there)
        said = b""
        # The right arrow ends in a letter that is an answer by itself.
        for key in (b"\x1b[C", b"c", b"q"):
            said = _until_asked(here)
            os.write(here, key)
        with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed
            while piece := os.read(here, 4096):
                said += piece
        asking.wait()
    os.close(here)
    assert asking.returncode == 0, said
    assert reviewed(demo) == {first: "confirmed"}
