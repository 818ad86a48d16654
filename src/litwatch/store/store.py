"""Opening the store: engine, migrations, transactions, and errors an operator can mend."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from litwatch.errors import StoreError
from litwatch.store.operable import operable

HEAD = "0006"
"""The newest migration: a store at another revision is migrated, or refused when it is newer."""

LOCK_SECONDS = 10.0
"""So long a transaction waits for another one that writes."""
_IDLE_SECONDS = 15
"""So long PostgreSQL lets a transaction that writes stand still: a writer that was stopped, or whose machine lost its
power, must not hold up the others for longer."""
_READ_SECONDS = 600
"""So long it lets one that reads: its rows may go through a pager."""
_ROOM_BYTES = 5_000_000
"""What must be free on the disk of a SQLite store before something is done that has to be taken down."""
_WRITER = 0x6C697477
"""The advisory lock that a transaction takes before it writes ("litw")."""

Db: TypeAlias = Connection
"""A connection inside a transaction, as the store hands it out: what callers pass on to queries."""


class Store:
    """The database. `read` and `write` give connections inside one transaction each.

    A write transaction takes its lock at the start, so that what it read cannot change before it commits: on SQLite
    the file's (BEGIN IMMEDIATE), on PostgreSQL one that all processes on the store share. One writes at a time, then,
    on both, and what holds on one holds on the other. Writes last milliseconds; what takes long (arXiv, ranking,
    sending) is done outside of them. A read transaction sees the store as it was when it began.
    """

    def __init__(self, engine: Engine, name: str, guard: Callable[[Connection], None] | None = None) -> None:
        self._engine = engine
        self._guard = guard
        self.name = name

    @property
    def dialect(self) -> str:
        return self._engine.dialect.name

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store; None for one in memory or on a server."""
        database = self._engine.url.database
        return Path(database) if self.dialect == "sqlite" and database and database != ":memory:" else None

    def has_room(self) -> bool:
        """Whether some writes will find room on the disk; of a server's disk nothing is known."""
        try:
            return self.path is None or shutil.disk_usage(self.path.parent).free >= _ROOM_BYTES
        except OSError:
            return True  # opening it will say what is wrong

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with operable(self.name), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with operable(self.name), self._engine.connect() as connection:
            writing = connection.execution_options(litwatch_write=True)
            with writing.begin():
                if self._guard:
                    self._guard(writing)
                yield writing

    def guarded(self, guard: Callable[[Connection], None]) -> Store:
        """This store, with `guard` called at the start of each transaction that writes: what it raises ends that."""
        return Store(self._engine, self.name, guard)

    def close(self) -> None:
        self._engine.dispose()


def open_store(url: str) -> Store:
    """The store at `url`, created where there is none and migrated to the newest form.

    Raises StoreError when it cannot be opened, is locked or read-only, or was written by a newer litwatch.
    """
    try:
        parsed = make_url(url)
        name = _shown(parsed)
        database = Path(parsed.database) if parsed.drivername.startswith("sqlite") and parsed.database else None
        if database and str(database) != ":memory:":
            name = str(database)
            _make_private(database)
        engine = _engine(url)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"store.url names a database whose driver ({error.name}) is not installed; for PostgreSQL write "
            'postgresql+psycopg://HOST/NAME and install it: pip install "litwatch[postgres]"'
        ) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(
            "store.url names no database litwatch can use; write sqlite:///PATH or postgresql+psycopg://HOST/NAME"
        ) from error
    try:
        with operable(name):
            _migrate(engine, name)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, name)


def _shown(url: URL) -> str:
    """The URL without its secrets. Raises StoreError where the password cut it in two."""
    if "@" in f"{url.host or ''}{'' if url.drivername.startswith('sqlite') else url.database or ''}":
        raise StoreError("store.url has a password with an @ or a / in it; write them as %40 and %2F there")
    hidden = {key: "***" for key in url.query if "password" in key}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def _make_private(database: Path) -> None:
    """An empty file of mode 0600 before SQLite opens it: what a researcher reads is nobody else's business."""
    if database.exists():
        if not os.access(database, os.W_OK):
            raise StoreError(f"the store {database} is read-only; give this user write access to it and its folder")
        return
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(database, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(f"the store {database} cannot be created ({error.strerror}); see store.url") from error


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return _server_engine(url)
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # pysqlite would begin transactions by itself, late and never IMMEDIATE: we say when.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("litwatch_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server_engine(url: str) -> Engine:
    settings = {
        "lock_timeout": f"{LOCK_SECONDS * 1000:.0f}ms",
        "idle_in_transaction_session_timeout": f"{_READ_SECONDS}s",
        # A writer whose machine is gone is noticed by the server within half a minute.
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "timezone": "UTC",
    }
    said = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={
            "options": said,
            "connect_timeout": int(LOCK_SECONDS),
            "application_name": "litwatch",
            # A server whose machine is gone sends no word of it either.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("litwatch_write"):
            patience = f"set_config('idle_in_transaction_session_timeout', '{_IDLE_SECONDS}s', true)"
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER}), {patience}")

    return engine


def _migrate(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"the store {name} was written by a newer litwatch (form {found}, this one knows {HEAD}); "
            "upgrade litwatch, or name another store"
        )
    # Imported late: it costs a tenth of a second, and almost every start finds the store at its newest form.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        writing = connection.execution_options(litwatch_write=True)
        with writing.begin():
            if _revision(writing) != HEAD:  # another process may have been faster
                config.attributes["connection"] = writing
                command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        if inspect(connection).get_table_names():
            raise StoreError("store.url names a database that holds other tables; name an empty one")
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
