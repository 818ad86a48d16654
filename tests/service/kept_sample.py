"""A store with rows in every table, made from the schema, and what a store holds, row by row."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, String, Table, TypeDecorator, insert, select

from litwatch.store.schema import Json, UtcTime, metadata
from litwatch.store.store import Store

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
_WORDS = ("plans", "naïve", "Ω-3", "it's", '"quoted"', "tab\there", "line\nbreak", "100 %", "🜚", "<b>", "")
_STATES = {"deliveries": "sent", "alarms": "stalled", "harvests": "fresh"}

Rows = dict[str, list[tuple[Any, ...]]]


def fill_every_table(store: Store, *, rows: int = 7, seed: int = 1) -> None:
    """Invented rows, with null where it may be; what refers to another row refers to one that is there."""
    dice = random.Random(seed)
    made: dict[str, list[dict[str, Any]]] = {}
    with store.write() as db:
        for table in metadata.sorted_tables:
            made[table.name] = [_row(table, number, made, dice) for number in range(1, rows + 1)]
            db.execute(insert(table), made[table.name])


def rows_of(store: Store) -> Rows:
    """All rows of each table, in the order of their keys."""
    with store.read() as db:
        return {
            table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def _row(table: Table, number: int, made: dict[str, list[dict[str, Any]]], dice: random.Random) -> dict[str, Any]:
    return {column.name: _value(table, column, number, made, dice) for column in table.columns}


def _value(
    table: Table, column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]], dice: random.Random
) -> Any:
    if column.foreign_keys:
        other = next(iter(column.foreign_keys)).column
        return made[other.table.name][number - 1][other.name]
    if column.nullable and dice.random() < 0.3:
        return None
    if column.name == "state" and table.name in _STATES:
        return _STATES[table.name]
    if column.name in ("until", "held_until") and isinstance(column.type, Float):
        return 0.0
    if column.name == "at" and isinstance(column.type, Float):
        return 4e9 + number  # not yet old
    if column.name == "holder" and table.name == "harvests":
        return ""
    if isinstance(column.type, UtcTime):
        return T + timedelta(seconds=dice.randrange(10**7), microseconds=dice.randrange(10**6))
    if isinstance(column.type, Json):
        return dice.choice(([], {}, [1, 2.5, None, "Ω"], {"sections": [{"a": "\n"}], "": 1e-9}, [["x", 0.1]]))
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Boolean):
        return dice.random() < 0.5
    if isinstance(kind, Date):
        return date(2025, 11, number)
    if isinstance(kind, Integer):
        return number if column.primary_key or column.unique else dice.randrange(10**6)
    if isinstance(kind, Float):
        return dice.random()
    if isinstance(kind, LargeBinary):
        return dice.randbytes(dice.randrange(1, 50))
    length = kind.length if isinstance(kind, String) else None
    if column.primary_key:
        return f"{number}-{dice.choice(_WORDS).strip()}"[: length or 64]
    text = " ".join(dice.choices(_WORDS, k=5))
    return text[:length] if length else text * dice.randrange(1, 40)
