"""A store on PostgreSQL: what its server says becomes a line with the cure, and older stores are taken along."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, text

import litwatch.store
from litwatch.errors import StoreError
from litwatch.store import schema
from litwatch.store.cursors import get_cursors
from litwatch.store.store import Store, open_store
from postgres import Postgres

NOW = datetime(2025, 11, 20, tzinfo=UTC)


@pytest.fixture
def database() -> str:
    return "postgresql"


def database_of(url: str) -> str:
    return url.rpartition("/")[2]


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# --- who may not come in -------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_not_shown(postgres: Postgres, store_url: str) -> None:
    said = refusal(postgres.url(database_of(store_url), "guarded:geheim"))
    assert "refuses the user or password in store.url" in said
    assert "geheim" not in said
    hidden = refusal(f"{postgres.url(database_of(store_url), 'guarded')}?password=geheim")
    assert "refuses the user or password" in hidden
    assert "geheim" not in hidden


def test_a_password_that_is_missing_is_asked_for(postgres: Postgres, store_url: str) -> None:
    assert "wants a password; give it in store.url" in refusal(postgres.url(database_of(store_url), "guarded"))


def test_a_password_with_special_characters_is_taken_as_written_in_a_url(postgres: Postgres, unmade_url: str) -> None:
    postgres.execute(f"ALTER DATABASE {database_of(unmade_url)} OWNER TO guarded")
    good = postgres.url(database_of(unmade_url), f"guarded:{quote(postgres.password, safe='')}")
    open_store(good).close()
    said = refusal(postgres.url(database_of(unmade_url), f"guarded:{postgres.password}"))
    assert "write them as %40 and %2F" in said
    assert "ss/w" not in said


def test_a_user_who_owns_nothing_is_told_so(postgres: Postgres, store_url: str, unmade_url: str) -> None:
    user = f"guarded:{quote(postgres.password, safe='')}"
    for url in (store_url, unmade_url):
        assert "may not be used by this user; let it own the database" in refusal(postgres.url(database_of(url), user))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("litwatch@127.0.0.1:{port}/nowhere", "does not exist, or its user does not; create them"),
        ("somebody@127.0.0.1:{port}/postgres", "does not exist, or its user does not; create them"),
        ("litwatch@127.0.0.1:{closed}/postgres", "cannot be reached; check that the database runs"),
        ("litwatch@nowhere.invalid:{port}/postgres", "cannot be reached: its host is unknown"),
        ("litwatch@127.0.0.1:{port}/postgres?sslmode=require", "speaks no TLS, which store.url asks for"),
        ("litwatch@127.0.0.1:{port}/postgres?color=red", "an option that PostgreSQL does not know"),
        ("litwatch@127.0.0.1:five/postgres", "names no database litwatch can use"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_with_the_cure(postgres: Postgres, where: str, says: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        closed = probe.getsockname()[1]
    assert says in refusal(f"postgresql+psycopg://{where.format(port=postgres.port, closed=closed)}")


def test_a_driver_that_is_not_installed_is_named_with_how_to_install_it() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from litwatch.store.store import open_store\n"
        "open_store('postgresql+psycopg://joe:geheim@127.0.0.1/x')"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stderr
    last = said.splitlines()[-1]
    assert "driver (psycopg) is not installed; for PostgreSQL write postgresql+psycopg://HOST/NAME and" in last
    assert 'pip install "litwatch[postgres]"' in last
    assert "geheim" not in last


# --- while it is open ----------------------------------------------------------------------------------------


def test_who_waits_too_long_for_another_writer_is_told_so(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litwatch.store.store.LOCK_SECONDS", 0.2)
    other = open_store(store_url)
    with store.write(), pytest.raises(StoreError, match="is locked by another process; try again"), other.write():
        pytest.fail("two wrote at once")
    with other.write() as db:
        db.execute(insert(schema.channels).values(name="after", known_since=NOW))
    other.close()


def test_readers_wait_for_no_writer(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    with store.write() as db:
        db.execute(insert(schema.channels).values(name="a", known_since=NOW))
        with other.read() as reading:
            assert reading.execute(select(schema.channels)).all() == []
    other.close()


def test_a_connection_that_the_server_ends_loses_the_transaction_and_nothing_more(
    store: Store, postgres: Postgres
) -> None:
    def write_and_be_cut_off() -> None:
        with store.write() as db:
            db.execute(insert(schema.channels).values(name="lost", known_since=NOW))
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
            postgres.execute(f"SELECT pg_terminate_backend({mine}, 10000)")
            db.execute(select(schema.channels))

    with pytest.raises(StoreError, match="cannot be reached"):
        write_and_be_cut_off()
    with store.write() as db:
        assert db.execute(select(schema.channels)).all() == []


def test_a_server_that_crashed_is_said_to_be_away_and_found_again(store: Store, postgres: Postgres) -> None:
    with store.write() as db:
        db.execute(insert(schema.channels).values(name="kept", known_since=NOW))
    postgres.stop()
    try:
        with pytest.raises(StoreError, match="cannot be reached; check that the database runs"), store.read():
            pass
    finally:
        postgres.start()
    with store.read() as db:
        assert db.execute(select(schema.channels.c.name)).scalars().all() == ["kept"]


def test_a_writer_that_stands_still_is_let_go_long_before_a_reader(store: Store) -> None:
    shown = text("SELECT current_setting('idle_in_transaction_session_timeout')")
    with store.write() as db:
        assert db.execute(shown).scalar_one() == "15s"
    with store.read() as db:
        assert db.execute(shown).scalar_one() == "10min"


def test_a_reader_writes_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match="is read-only"), store.read() as db:
        db.execute(insert(schema.channels).values(name="a", known_since=NOW))


# --- older stores --------------------------------------------------------------------------------------------


def make(url: str, revision: str, *statements: str) -> None:
    """A store as an earlier litwatch left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(litwatch.store.__file__).parent / "migrations"))
    server = create_engine(url)
    with server.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        for statement in statements:
            db.exec_driver_sql(statement)
    server.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_an_older_store_is_brought_to_the_form_that_the_schema_says(unmade_url: str, revision: str) -> None:
    make(
        unmade_url,
        revision,
        "INSERT INTO channels (name, known_since) VALUES ('desk', '2025-11-01T08:00:00Z')",
    )
    store = open_store(unmade_url)
    with store.write() as db:
        assert compare_metadata(MigrationContext.configure(db), schema.metadata) == []
        assert [tuple(row) for row in db.execute(select(schema.channels))] == [
            ("desk", datetime(2025, 11, 1, 8, tzinfo=UTC), None, "", "")
        ]
        db.execute(insert(schema.leases).values(name="long", holder="h" * 160, until=0.0))
        db.execute(insert(schema.gates).values(name="arxiv", holder="h" * 160, held_until=0.0, free_at=0.0))
    store.close()


def test_the_cursors_of_the_first_form_go_on_where_they_stood(unmade_url: str) -> None:
    make(
        unmade_url,
        "0001",
        "INSERT INTO cursors (category, submitted_through, revised_through)"
        " VALUES ('cs.CL', '2025-11-19T06:30:00Z', '2025-11-15T06:30:00+02:00')",
    )
    store = open_store(unmade_url)
    with store.read() as db:
        cursor = get_cursors(db, ["cs.CL"])["cs.CL"]
    assert cursor.submitted_through == datetime(2025, 11, 19, 6, 30, tzinfo=UTC)
    assert cursor.whole_since == datetime(2025, 10, 15, 6, 30, tzinfo=UTC)
    assert cursor.changed_through == date(2025, 11, 15)
    store.close()
