"""What a database says when an operator can mend it, as one line with the cure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from litwatch.errors import StoreError

_LOCKED = "is locked by another process; try again when that one is done"
_READ_ONLY = "is read-only; give this user write access to it and its folder"
_FULL = "has no room left on its disk; make room and try again"
_UNREACHABLE = "cannot be reached; check that the database runs and store.url is right"
_STARTS = "cannot be reached: it starts or stops; try again"
_CROWDED = "has no connection left; stop what uses them, or raise max_connections of its server"

_STATES = {
    "55P03": _LOCKED,
    "25P03": "cannot be reached: this process stood still for too long and was let go; try again",
    "25006": "is read-only: its server is a standby, or the user may only read; name the one that may be written to",
    "42501": "may not be used by this user; let it own the database",
    "53100": _FULL,
    "53200": "has no memory left; give its server more and try again",
    "53300": _CROWDED,
    "57P01": _STARTS,
    "57P02": _STARTS,
    "57P03": _STARTS,
    "XX001": "is damaged; restore it from a backup",
    "XX002": "is damaged; restore it from a backup",
}
"""By PostgreSQL's code, which is the same in every language that a server speaks (its manual, appendix A)."""

_IO = "cannot be read or written: its disk answers with errors; check the disk and its room"
_CUES = (
    ("locked", _LOCKED),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("disk is full", _FULL),
    ("No space left", _FULL),
    ("disk I/O error", _IO),
    ("not a database", "is no litwatch store but some other file; name another one in store.url"),
    ("malformed", "is damaged; restore it from a backup"),
    ("unable to open", "cannot be opened; check that its folder exists and may be written"),
    ("password authentication", "refuses the user or password in store.url"),
    ("no password supplied", "wants a password; give it in store.url (USER:PASSWORD@HOST) or in ~/.pgpass"),
    ("could not translate host", "cannot be reached: its host is unknown; check store.url"),
    ("failed to resolve host", "cannot be reached: its host is unknown; check store.url"),
    ("no pg_hba.conf entry", "lets this user in from nowhere near here; add a line for it to the server's pg_hba.conf"),
    ("too many clients", _CROWDED),
    ("connection slots", _CROWDED),
    ("database system is", _STARTS),
    ("permission denied", "may not be used by this user; let it own the database"),
    ("SSL was required", "speaks no TLS, which store.url asks for; turn it on there, or change sslmode"),
    ("certificate", "cannot be reached: the server's certificate is not trusted; see sslmode and sslrootcert"),
    ("connection option", "cannot be reached: its URL has an option that PostgreSQL does not know; mend store.url"),
    ("does not exist", "does not exist, or its user does not; create them, or check store.url"),
    ("connection", _UNREACHABLE),
)
"""By a piece of what SQLite says, or PostgreSQL before it let anybody in, when it gives no code."""


_SOME_PAGES = 128 * 1024


@contextmanager
def operable(name: str) -> Iterator[None]:
    """Turns what an operator can mend into a StoreError; a bug in a statement keeps its traceback."""
    try:
        yield
    except DBAPIError as error:
        cure = _cure(error)
        if cure == _IO and _is_full(Path(name)):
            cure = _FULL
        if cure:
            raise StoreError(f"the store {name} {cure}") from error
        raise


def _cure(error: DBAPIError) -> str:
    if state := getattr(error.orig, "sqlstate", None):
        return _STATES.get(state, _UNREACHABLE if state.startswith("08") or error.connection_invalidated else "")
    said = str(error.orig)
    found = next((cure for cue, cure in _CUES if cue in said), "")
    return found or (_UNREACHABLE if error.connection_invalidated else "")


def _is_full(database: Path) -> bool:
    """Whether a disk has no room for a page or two: SQLite often tells that as an error of the disk."""
    try:
        return shutil.disk_usage(database.parent).free < _SOME_PAGES
    except OSError:
        return False
