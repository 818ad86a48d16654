"""What models read, by meaning or to judge, kept in the store."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from litwatch.errors import StoreError
from litwatch.rank.meaning import Meaning
from litwatch.store.store import Store
from litwatch.store.vectors import keep_vectors, recall_vectors

log = logging.getLogger("litwatch.meaning")


class StoreVectors:
    """What was read, in a store, in transactions of their own: reading is long, and nobody has to wait for it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        with self._store.read() as db:
            return recall_vectors(db, keys)

    def keep(self, found: Mapping[str, bytes]) -> None:
        """Where the store takes nothing now, it is read again another time: that is no reason not to go on."""
        try:
            with self._store.write() as db:
                keep_vectors(db, found)
        except StoreError as error:
            log.warning("what was read could not be kept, and is read again: %s", error)


def make_meaning(store: Store | None, *, semantic: bool) -> Meaning | None:
    """None where the configuration has papers ranked by shared terms alone. store: None keeps what is read in this
    process only."""
    if not semantic:
        return None
    return Meaning(StoreVectors(store) if store else None)
