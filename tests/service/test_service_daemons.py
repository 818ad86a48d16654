"""Two real daemons on one PostgreSQL, one of them killed: each unit is done once, and the other one goes on.

The long form is tests/benchmarks/bench_daemons.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.daemons import Work, poll_takeover, run_daemons
from postgres import Postgres

pytestmark = pytest.mark.timeout(300)


def test_two_daemons_do_each_unit_once_though_one_is_killed(tmp_path: Path, postgres: Postgres) -> None:
    work = Work(lines=12, channels=8, waiting=4, papers=300)
    result = run_daemons(tmp_path / "house", postgres.empty(), work, daemons=2, kill=True)
    assert result.units == 60
    assert result.flaws == []
    assert result.sent_by["daemon 2"] > 0


def test_the_daemon_that_asks_arxiv_is_replaced_when_it_is_killed(tmp_path: Path, postgres: Postgres) -> None:
    assert poll_takeover(tmp_path / "house", postgres.empty(), elsewhere=False) > 0, "the other one goes on"
