"""The whole store as one SQLite file, and back into a store: table by table, as it was at one moment.

The file has the tables of a SQLite store in its newest form, wherever it comes from, so that a copy of one database
goes into the other. Leases, the rate gate and the dates of upkeep are no part of it: they are of a service at work.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DataError

from litwatch.errors import StoreError
from litwatch.model import DeliveryState
from litwatch.store.holder import spoken
from litwatch.store.leases import daemons, holder_of
from litwatch.store.outbox import DUE
from litwatch.store.schema import (
    deliveries,
    gates,
    harvests,
    leases,
    metadata,
    second_opinions,
    spending,
    upkeep,
    vectors,
)
from litwatch.store.second_opinions import State
from litwatch.store.store import LOCK_SECONDS, Store, open_store

_ROWS = 1000
"""Read and written at once: a table is never held in memory."""
_NOT_CARRIED = (leases, gates, upkeep)
CARRIED = tuple(table for table in metadata.sorted_tables if table not in _NOT_CARRIED)
"""What a copy holds; a table stands after those that it refers to."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What putting a copy into a store did."""

    tables: Mapping[str, int]
    """Rows by table."""
    kept: Path | None
    """Where what was replaced lies now."""
    unknown: int
    """How many deliveries may have been sent since, and are not sent by themselves."""


# --- out of a store ------------------------------------------------------------------------------------------


def snapshot(store: Store, path: Path) -> dict[str, int]:
    """Writes what the store holds to a new SQLite file while others go on writing; returns the rows by table.

    Raises StoreError where the store is damaged; that or OSError where there is no room for the file.
    """
    if store.path is not None:
        _vacuum_into(store.path, path)
    copy = open_store(f"sqlite:///{path}")
    try:
        with copy.write() as db:
            if store.path is not None:
                for table in _NOT_CARRIED:
                    db.execute(delete(table))
                counts = count_rows(db)
            else:
                with store.read() as source:
                    counts = _copy(source, db)
    finally:
        copy.close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing of it beside it
    if trouble := damage(path):
        raise StoreError(f"the store {store.name} is damaged ({trouble}); restore it from an earlier backup")
    return counts


def damage(path: Path) -> str:
    """What is wrong with a SQLite file; "" where it is sound."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS)) as file:
            said = str(file.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        return str(error) if "disk I/O" in str(error) else ""  # the others are of its folder, its lock or its user
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == "ok" else said.replace("\n", " ")


def count_rows(db: Connection) -> dict[str, int]:
    return {table.name: _count(db, table) for table in CARRIED}


def _vacuum_into(database: Path, path: Path) -> None:
    """A whole copy as of one moment, without what was deleted. Raises OSError where there is no room for it."""
    try:
        with closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as source:
            source.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise StoreError(f"the store {database} cannot be copied to {path} ({error})") from error


# --- into a store --------------------------------------------------------------------------------------------


def fill(store: Store, path: Path, *, now: datetime, replace: bool, moved: bool, kept: Path | None = None) -> Filled:
    """Puts a copy into the store, in one transaction: all of it, or the store stays as it was.

    replace: also where the store holds something; a SQLite store is kept beside then. moved: the store that was
    copied is used no more, so that what was due stays due; else a delivery that was not settled becomes unknown.
    kept: what a server's store holds, which the caller kept in this file.
    Raises StoreError while a process works on the store, or where it holds something and `replace` is not set; then
    nothing is kept. Raises it, too, where a database fails at it: what was kept stays then, and the error names it.
    """
    writing = False
    try:
        with closing(open_store(f"sqlite:///{path}")) as copy, copy.read() as source, store.write() as db:
            refuse_at_work(db, store.name)
            if holds_something(db):
                if not replace:
                    raise StoreError(
                        f"the store {store.name} holds something already; name an empty one in store.url, or replace "
                        "what it holds with --force"
                    )
                if store.path is not None:
                    kept = free_name(store.path)
                    os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                    _vacuum_into(store.path, kept)
            writing = True
            was_spent = db.execute(select(spending)).all()
            for table in reversed(CARRIED):
                db.execute(delete(table))
            counts = _copy(source, db)
            unknown = _end_what_was_at_work(db, now=now, moved=moved)
            _keep_spent(db, was_spent)
            if store.dialect == "postgresql":
                _move_sequences(db)
    except BaseException as error:
        if kept is None:
            raise
        if not writing:
            kept.unlink(missing_ok=True)
            raise
        # A COMMIT may be done though its answer was lost: then what was kept is all that is left of the old store.
        if isinstance(error, StoreError):
            raise StoreError(
                f"{error}; it holds all of the backup or what it held before, which is kept as {kept}: restore again "
                "with --force"
            ) from error
        raise
    return Filled(tables=counts, kept=kept, unknown=unknown)


def free_name(path: Path) -> Path:
    """NAME.before-restore, or with a number where that is taken."""
    kept = path.with_name(f"{path.name}.before-restore")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.before-restore-{number}")
    return kept


def holds_something(db: Connection) -> bool:
    """Whether anything was ever kept here, but for vectors: they are made again, and a look at a line makes some."""
    return any(db.execute(select(table).limit(1)).first() for table in CARRIED if table is not vectors)


def foreign_parts(path: Path) -> list[str]:
    """Names of triggers and views in a SQLite file: litwatch writes none, and they would act on what is read."""
    with closing(sqlite3.connect(path)) as file:
        return [str(row[0]) for row in file.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")]


def refuse_at_work(db: Connection, name: str) -> None:
    """Raises StoreError while a process works on the store of this name."""
    running = daemons(db)
    if running:
        raise StoreError(f"a daemon is at work on the store {name} ({spoken(running[0])}); stop it first")
    for lease in db.execute(select(leases.c.name)).scalars().all():
        if other := holder_of(db, lease):
            raise StoreError(f"a process is at work on the store {name} ({spoken(other)}); wait until it is done")


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    counts = {}
    for table in CARRIED:
        counts[table.name] = 0
        query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS)
        for some in source.execute(query).partitions():
            rows: list[dict[str, Any]] = [dict(row._mapping) for row in some]
            try:
                target.execute(insert(table), rows)
            except DataError as error:
                said = str(error.orig).partition("\n")[0]
                raise StoreError(f"a row of the table {table.name} does not fit into this database ({said})") from error
            counts[table.name] += len(rows)
    return counts


def _end_what_was_at_work(db: Connection, *, now: datetime, moved: bool) -> int:
    """Ends what processes had in hand when the copy was made; returns how many deliveries are unknown by that."""
    db.execute(update(harvests).where(harvests.c.holder != "").values(holder=""))
    asking = second_opinions.c.state == State.ASKING.value
    db.execute(update(second_opinions).where(asking).values(state=State.WAITING.value, holder="", until=0.0))
    open_states = (DeliveryState.SENDING.value,) if moved else (*DUE, DeliveryState.SENDING.value)
    # By no rule sent again: since the copy was made it may have been sent, and even again.
    lost = {"state": DeliveryState.UNKNOWN.value, "settled_at": now, "claimed_by": "", "sent_again": not moved}
    lost["last_error"] = "restored from a backup; it may have been sent since"
    return db.execute(update(deliveries).where(deliveries.c.state.in_(open_states)).values(**lost)).rowcount


def _keep_spent(db: Connection, before: Sequence[Row[Any]]) -> None:
    """What was spent on a language model since the copy was made stays spent. before: as it stood in the store."""
    for row in before:
        least = {"tokens": row.tokens, "money": row.money, "requests": row.requests}
        copied = db.execute(select(spending).where(spending.c.month == row.month)).one_or_none()
        if copied is None:
            db.execute(insert(spending).values(month=row.month, **least))
        else:
            values = {name: max(value, getattr(copied, name)) for name, value in least.items()}
            db.execute(update(spending).where(spending.c.month == row.month).values(**values))


def _move_sequences(db: Connection) -> None:
    """Above every number that was given out, here or in the copy: setting one is not undone by a rollback."""
    for table in CARRIED:
        if (number := table.autoincrement_column) is None:
            continue
        sequence = db.execute(select(func.pg_get_serial_sequence(table.name, number.name))).scalar_one()
        newest = f"(SELECT coalesce(max({number.name}), 1) FROM {table.name})"
        # A sequence that gave out none begins with its first number, unless that stands in the copy.
        given = f"is_called OR EXISTS (SELECT 1 FROM {table.name})"
        db.execute(text(f"SELECT setval('{sequence}', greatest({newest}, last_value), {given}) FROM {sequence}"))


def _count(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())
