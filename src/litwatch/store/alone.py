"""One daemon on one SQLite file: a lock of the operating system's, which ends with its holder however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litwatch.errors import StoreError
from litwatch.store.holder import holder, spoken
from litwatch.store.store import Store


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Meanwhile no other process may be in here for the same SQLite file; of PostgreSQL's any number may.

    Raises StoreError where another one is.
    """
    if store.path is None:
        yield
        return
    with alone_on(store.path):
        yield


@contextmanager
def alone_on(database: Path) -> Iterator[None]:
    """As `alone`, for a file that may be damaged or not there yet: it is not opened."""
    lock = Path(f"{database.resolve()}.lock")  # one for all names of the file
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{lock} cannot be written ({error.strerror}); give this user write access") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = spoken(os.read(handle, 200).decode(errors="replace").strip())
            raise StoreError(
                f"a litwatch daemon already runs on the store {database} ({other}): stop it first, or "
                "use PostgreSQL, on which several share the work"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, holder().encode(), 0)
        yield
    finally:
        os.close(handle)
