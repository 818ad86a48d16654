"""Several daemons on one store: each ranks and judges for the lines that it holds, and leaves the others' alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from litwatch.store.leases import release_lines, take_lines
from litwatch.store.store import Store


@contextmanager
def taken(store: Store, slugs: Sequence[str], who: str | None) -> Iterator[list[str]]:
    """Those of these lines that `who` may work on meanwhile: its share of them, none where others hold them all.

    who: None for one who takes no lease; all of the lines are theirs to try.
    """
    if who is None or not slugs:
        yield list(slugs)
        return
    with store.write() as db:
        mine = take_lines(db, slugs, who=who)
    try:
        yield mine
    finally:
        if mine:
            with store.write() as db:
                release_lines(db, mine, who=who)
