"""A throw-away PostgreSQL server for the tests, with a database of its own for each of them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from litwatch.store.store import open_store

_SETTINGS = {
    # The server lives as long as the tests: what it stores outlasts its own crash, not the machine's.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
}
_AUTHENTICATION = """\
local all      all      trust
host  all guarded 127.0.0.1/32 scram-sha-256
host  all      all 127.0.0.1/32 trust
"""
"""Everybody is trusted but the user "guarded", who has a password."""


def programs() -> Path | None:
    """The folder with initdb and pg_ctl; None where there is no PostgreSQL. Debian keeps them off PATH."""
    folders = [Path(found).resolve().parent for found in (shutil.which("postgres"), shutil.which("initdb")) if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    return next((folder for folder in folders if (folder / "pg_ctl").exists() and (folder / "initdb").exists()), None)


class Postgres:
    """A server on loopback. Its language is English, whose order of words is not that of their bytes, as SQLite's is:
    what depends on the order of texts shows.
    """

    user = "litwatch"
    password = "p@ss/w:rd%1"
    """Of the user "guarded"; the others have none."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not in pytest's folder: the server refuses to run as root, and its user must reach its files.
        self._folder = Path(tempfile.mkdtemp(prefix="litwatch-postgres-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": _service_user(), "group": None, "extra_groups": []}
            entry = pwd.getpwnam(self._as["user"])
            self._as["group"] = entry.pw_gid
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        self._data = self._folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._numbers = count()
        self._run("initdb", "-U", self.user, "-A", "trust", "-E", "UTF8", "--no-sync", *_ENGLISH)
        (self._data / "pg_hba.conf").write_text(_AUTHENTICATION)
        settings = {**_SETTINGS, "listen_addresses": "127.0.0.1", "port": str(self.port)}
        settings["unix_socket_directories"] = str(self._folder)
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        # Ends the server and its files when its input ends: also when the tests are killed.
        self._ending = subprocess.Popen(
            ["sh", "-c", _END, programs / "pg_ctl", self._data, self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            **self._as,
        )
        self.start()
        self.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{self.password}'")
        self._create("pristine")
        open_store(self.url("pristine")).close()

    def url(self, database: str, user: str = user) -> str:
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def empty(self) -> str:
        """The URL of a new database in which nothing was ever stored."""
        return self.url(self._create(f"empty{next(self._numbers)}"))

    def store(self) -> str:
        """The URL of a new store in its newest form."""
        return self.url(self._create(f"store{next(self._numbers)}", "TEMPLATE pristine"))

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs one statement as the owner of all, outside of any transaction."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=self.user, dbname=database, autocommit=True
        ) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]
            return done.fetchall() if done.description else []

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-s", "-l", str(self._folder / "log"))

    def stop(self) -> None:
        """As a crash would."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def close(self) -> None:
        self._ending.communicate()

    def _create(self, name: str, how: str = "") -> str:
        self.execute(f"CREATE DATABASE {name} {how}")
        return name

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self._data, *words],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as,
        )


_END = 'read _; "$0" -D "$1" -m immediate -w stop; rm -rf "$2"'
_ENGLISH = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")


def _service_user() -> str:
    """Whom to run the server as where the tests run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def running() -> Iterator[Postgres | None]:
    """A server meanwhile; None where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        yield None
        return
    server = Postgres(found)
    try:
        yield server
    finally:
        server.close()
