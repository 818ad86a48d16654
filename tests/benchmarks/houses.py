"""A folder in which litwatch lives, and whether its store is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from benchmarks.standins import DESK
from litwatch.store import schema
from litwatch.store.store import open_store


class House:
    """A folder with litwatch's files, and its store."""

    def __init__(self, folder: Path, url: str, arxiv: str, channels: dict[str, str]) -> None:
        self.folder, self.url = folder, url
        self._arxiv, self._channels = arxiv, channels
        (folder / "watchlists").mkdir(parents=True)
        self.configure(top=8)

    def configure(self, *, top: int) -> None:
        """top: papers of a line in a digest."""
        arxiv = self._arxiv
        sections = "".join(
            f'[channels.{name}]\nurl = "{address}"\nschedule = "daily 08:00 UTC"\n'
            f"alerts = {str(name != DESK).lower()}\n"
            for name, address in self._channels.items()
        )
        (self.folder / "litwatch.toml").write_text(
            f'[arxiv]\napi_url = "{arxiv}/api/query"\noai_url = "{arxiv}/oai"\nrss_url = "{arxiv}/rss"\n'
            f"delay_seconds = 0\ntimeout_seconds = 5\nbackfill_days = 20\n[rank]\ntop = {top}\n{sections}",
            encoding="utf-8",
        )

    def env(self, now: datetime) -> dict[str, str]:
        return {"LITWATCH_NOW": now.isoformat(), "LITWATCH_STORE__URL": self.url}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        store = open_store(self.url)
        try:
            with store.read() as db:
                yield db
        finally:
            store.close()

    def troubles(self) -> list[str]:
        """What is wrong with the store: [] when it opens, is whole, and each digest has its delivery."""
        found: list[str] = []
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.url.partition(":///")[2]) as db:
                said = [row[0] for row in db.execute("PRAGMA integrity_check")]
                found += [] if said == ["ok"] else said
            db.close()
        with self.reading() as db:
            for table in schema.metadata.sorted_tables:
                found += _orphans(db, table)
            without = select(schema.digests.c.id).where(schema.digests.c.id.not_in(select(schema.deliveries.c.digest)))
            found += [f"digest {name} has no delivery" for name in db.execute(without).scalars()]
        return found


def _orphans(db: Connection, table: Table) -> list[str]:
    """Rows that name a row which is not there."""
    found = []
    for key in table.foreign_keys:
        here, there = key.parent, key.column
        query = select(func.count()).where(here.is_not(None), here.not_in(select(there)))
        if count := db.execute(query.select_from(table)).scalar_one():
            found.append(f"{count} rows of {table.name} name a {there} that is not there")
    return found
