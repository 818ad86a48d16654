"""Killed at random within its work, over and over, by a network that forgets to answer: nothing lost, nothing twice.

The long form is tests/benchmarks/bench_faults.py.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from benchmarks.faults import Plan, run_faults
from benchmarks.reckoning import MATCHES, NOT_SENT, NOT_TAKEN, PAPERS, PERIODS, STORE, TWICE, UNTOLD, Outcome

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux, to end a process by its handle"),
]

KILLS = 12


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some weeks of a smaller category."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as stream:
        records = [row for row in stream if "2025-09-24" <= json.loads(row)["published"] < "2025-11-20"]
    path.write_text("".join(row for row in records if "cs.IR" in json.loads(row)["categories"]), encoding="utf-8")
    return path


@pytest.mark.both_databases
def test_what_is_killed_at_random_loses_nothing_and_tells_nothing_twice(
    corpus: Path, tmp_path: Path, unmade_url: str
) -> None:
    outcome = run_faults(Plan(corpus=corpus, kills=KILLS, seed=5), tmp_path, unmade_url)
    assert sum(outcome.kills.values()) >= KILLS
    assert len(outcome.kills) >= 4, "more than one phase was hit"
    assert min(outcome.papers, outcome.matches, outcome.digests) > 10
    assert outcome.verdicts > 0
    assert outcome.flaws == {}, outcome.table()


def test_the_reckoning_sees_what_is_lost_and_what_is_told_twice() -> None:
    seen = Outcome()
    for name in (PAPERS, MATCHES, UNTOLD, PERIODS, NOT_SENT, NOT_TAKEN, TWICE, STORE):
        seen.wrong(name, ["one"])
    assert all(f" {count}" in seen.table() for count in (1, 2, 3))
