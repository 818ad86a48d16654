"""Opening a store: new, old, newer, foreign, locked; and the gate that all processes share."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

import litwatch.store
from litwatch.errors import HarvestError, StoreError
from litwatch.model import HarvestState, Paper
from litwatch.store import schema
from litwatch.store.gate import StoreGate
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.outbox import get_delivery
from litwatch.store.papers import get_papers, last_text, save_papers
from litwatch.store.store import HEAD, Store, open_store
from litwatch.store.verdicts import verdict_by_id

NOW = datetime(2025, 11, 20, tzinfo=UTC)
PAPER = Paper(arxiv_id="2511.90001", title="A title", abstract="An abstract.", published=NOW, updated=NOW)


@pytest.mark.both_databases
def test_a_new_store_has_the_form_that_the_schema_says(unmade_url: str) -> None:
    store = open_store(unmade_url)
    with store.read() as db:
        assert compare_metadata(MigrationContext.configure(db), schema.metadata) == []
    store.close()


def test_the_newest_migration_is_the_one_the_store_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(litwatch.store.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_file_is_private(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/deep/new.db").close()
    assert stat.S_IMODE((tmp_path / "deep" / "new.db").stat().st_mode) == 0o600


def test_a_store_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    open_store(url).close()
    with sqlite3.connect(tmp_path / "new.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    before = (tmp_path / "new.db").read_bytes()
    with pytest.raises(StoreError, match=r"written by a newer litwatch .*; upgrade litwatch"):
        open_store(url)
    assert (tmp_path / "new.db").read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("hello")
    with pytest.raises(StoreError, match="is no litwatch store but some other file"):
        open_store(f"sqlite:///{tmp_path}/page.txt")
    assert (tmp_path / "page.txt").read_text() == "hello"


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(StoreError, match="holds other tables"):
        open_store(f"sqlite:///{tmp_path}/other.db")


def test_a_url_of_no_known_kind_is_refused_without_its_password() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("oracel://joe:geheim@example.org/x")
    assert "geheim" not in str(refused.value)


def test_a_locked_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litwatch.store.store.LOCK_SECONDS", 0.2)
    store = open_store(f"sqlite:///{tmp_path}/new.db")
    other = sqlite3.connect(tmp_path / "new.db")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="is locked by another process; try again"), store.write():
        pass
    other.close()
    store.close()


@pytest.mark.both_databases
def test_times_come_back_aware_and_naive_ones_are_refused(store: Store) -> None:
    with store.write() as db:
        db.execute(insert(schema.channels).values(name="a", known_since=NOW))
        assert db.execute(select(schema.channels.c.known_since)).scalar_one() == NOW
    with pytest.raises(Exception, match="has no time zone"), store.write() as db:
        db.execute(insert(schema.channels).values(name="b", known_since=datetime(2025, 1, 1)))  # noqa: DTZ001


@pytest.mark.both_databases
def test_what_is_no_text_is_left_out_of_texts_from_anywhere(store: Store) -> None:
    hostile = "a\0b\ud800c \U0001f600 \x1b[31m\x9b"
    with store.write() as db:
        db.execute(insert(schema.channels).values(name="a", known_since=NOW, stopped_because=hostile))
        db.execute(insert(schema.listings).values(key="a\0", token=hostile, at=NOW))
        save_papers(db, [replace(PAPER, title=hostile, authors=(hostile,))], now=NOW)
    with store.read() as db:
        assert db.execute(select(schema.channels.c.stopped_because)).scalar_one() == "abc \U0001f600 \x1b[31m\x9b"
        [kept] = get_papers(db, [PAPER.arxiv_id])
        assert kept.title == "abc \U0001f600 \x1b[31m\x9b"
        assert "\ud800" not in kept.authors[0]
        assert db.execute(select(schema.listings.c.token).where(schema.listings.c.key == "a\0")).one()


@pytest.mark.both_databases
@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_row_has_finds_none_however_great_it_is(store: Store, number: int) -> None:
    with store.write() as db:
        assert verdict_by_id(db, number) is None
        assert get_delivery(db, number) is None
        record = HarvestRecord(id=begin_harvest(db, at=NOW), at=NOW, state=HarvestState.FRESH, declared=number)
        finish_harvest(db, record)
        assert db.execute(select(schema.harvests.c.declared)).scalar_one() == 2**31 - 1


@pytest.mark.both_databases
def test_what_one_writes_the_next_one_counts_on(store: Store, store_url: str) -> None:
    with store.write() as db:
        save_papers(db, [PAPER], now=NOW)
    programs = [subprocess.Popen([sys.executable, "-c", _COUNTS, store_url], stderr=subprocess.PIPE) for _ in range(3)]
    said = [program.communicate(timeout=60)[1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0], said
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id])[0].version == 1 + 3 * 40


_COUNTS = """
import sys
from sqlalchemy import select, update
from litwatch.store.schema import papers
from litwatch.store.store import open_store
store = open_store(sys.argv[1])
for _ in range(40):
    with store.write() as db:
        seen = db.execute(select(papers.c.version)).scalar_one()
        db.execute(update(papers).values(version=seen + 1))
store.close()
"""


@pytest.mark.both_databases
def test_what_is_read_together_was_so_at_one_moment(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    with store.read() as db:
        assert last_text(db) == 0
        with other.write() as writing:
            save_papers(writing, [PAPER], now=NOW)
        assert last_text(db) == 0
    with store.read() as db:
        assert last_text(db) == 1
    other.close()


@pytest.mark.both_databases
def test_processes_that_make_the_same_store_at_once_all_find_it_made(unmade_url: str) -> None:
    program = "import sys; from litwatch.store.store import open_store; open_store(sys.argv[1]).close()"
    made = [subprocess.Popen([sys.executable, "-c", program, unmade_url], stderr=subprocess.PIPE) for _ in range(4)]
    said = [process.communicate(timeout=60)[1] for process in made]
    assert [process.returncode for process in made] == [0, 0, 0, 0], said
    store = open_store(unmade_url)
    with store.read() as db:
        assert compare_metadata(MigrationContext.configure(db), schema.metadata) == []
    store.close()


# --- the gate ------------------------------------------------------------------------------------------------


@pytest.fixture
def gate(store_url: str) -> Iterator[Callable[..., StoreGate]]:
    """Gates of several processes on one store: gate(delay=…, hold=…, patience=…)."""
    stores: list[Store] = []

    def make(*, delay: float = 0.2, hold: float = 5.0, patience: float = 5.0) -> StoreGate:
        stores.append(open_store(store_url))
        return StoreGate(stores[-1], delay=delay, hold=hold, patience=patience)

    yield make
    for store in stores:
        store.close()


@pytest.mark.both_databases
def test_a_turn_begins_a_delay_after_the_last_one_ended(gate: Callable[..., StoreGate]) -> None:
    first, second = gate(), gate()
    with first.turn():
        pass
    begun = time.monotonic()
    with second.turn():
        assert time.monotonic() - begun >= 0.15


@pytest.mark.both_databases
def test_nobody_takes_a_turn_that_another_holds(gate: Callable[..., StoreGate]) -> None:
    first, second = gate(), gate(patience=0.1)
    with first.turn(), pytest.raises(HarvestError, match="may not be asked"), second.turn():
        pass


@pytest.mark.both_databases
def test_the_turn_of_a_holder_that_does_not_give_it_back_is_free_again_in_time(gate: Callable[..., StoreGate]) -> None:
    stuck = gate(hold=0.3)
    stuck.turn().__enter__()
    begun = time.monotonic()
    with gate().turn():
        assert 0.2 <= time.monotonic() - begun < 3


@pytest.mark.both_databases
def test_the_turn_of_a_killed_process_is_free_at_once(gate: Callable[..., StoreGate], store_url: str) -> None:
    gate()
    program = (
        "import os, signal; from litwatch.store.gate import StoreGate; from litwatch.store.store import open_store\n"
        f"store = open_store('{store_url}')\n"
        "StoreGate(store, delay=0, hold=600, patience=5).turn().__enter__()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGKILL
    begun = time.monotonic()
    with gate().turn():
        assert time.monotonic() - begun < 3


@pytest.mark.both_databases
def test_a_pause_that_arxiv_asked_for_binds_every_process(gate: Callable[..., StoreGate]) -> None:
    first, second = gate(), gate(patience=1)
    with first.turn():
        first.pause(60)
    with pytest.raises(HarvestError) as refused, second.turn():
        pass
    assert 50 < (refused.value.retry_after or 0) <= 60


_ASKS = """
import sys
from litwatch.store.gate import StoreGate
from litwatch.store.store import open_store
store = open_store(sys.argv[1])
gate = StoreGate(store, delay=0.01, hold=30, patience=60)
for _ in range(8):
    with gate.turn(), open(sys.argv[2], "a") as said:
        print("in", file=said, flush=True)
        print("out", file=said, flush=True)
store.close()
"""


@pytest.mark.both_databases
def test_processes_take_turns(store_url: str, tmp_path: Path) -> None:
    said = tmp_path / "turns"
    asking = [
        subprocess.Popen([sys.executable, "-c", _ASKS, store_url, str(said)], stderr=subprocess.PIPE) for _ in range(3)
    ]
    errors = [process.communicate(timeout=90)[1] for process in asking]
    assert [process.returncode for process in asking] == [0, 0, 0], errors
    assert said.read_text().split() == ["in", "out"] * 24
