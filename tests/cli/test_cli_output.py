"""Where an answer goes to that cannot take it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Litwatch

LITWATCH = (sys.executable, "-m", "litwatch")
FULL = Path("/dev/full")


@pytest.fixture
def demo(litwatch: Litwatch) -> Path:
    assert litwatch("demo", ".").code == 0
    return litwatch.folder


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("lines", "--json"), ("papers", "--all"), ("--help",), ("--version",)])
def test_a_full_disk_behind_standard_output_is_told_in_one_line(demo: Path, words: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        ended = subprocess.run(
            [*LITWATCH, *words], cwd=demo, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    (said,) = ended.stderr.splitlines()
    assert said.startswith("litwatch: standard output cannot be written (No space left on device)")


@pytest.mark.parametrize("words", [("lines", "--json"), ("papers", "--all", "--json"), ("--help",)])
def test_a_reader_that_has_seen_enough_gets_no_complaint(demo: Path, words: tuple[str, ...]) -> None:
    taken, gives = os.pipe()
    os.close(taken)
    try:
        ended = subprocess.run(
            [*LITWATCH, *words], cwd=demo, stdout=gives, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(gives)
    assert ended.stderr == ""


def test_an_answer_is_whole_where_it_is_taken(demo: Path) -> None:
    ended = subprocess.run([*LITWATCH, "lines", "--json"], cwd=demo, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("[")
    assert ended.stdout.endswith("]\n")
