"""Counting what is stored against what arXiv declares, and fetching where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from litwatch.errors import HarvestError
from litwatch.harvest.api import PAGE_SIZE, Page, TooManyResultsError
from litwatch.harvest.plan import PlannedCount, Window, category_query, fetch_windows, midnight
from litwatch.harvest.session import Service
from litwatch.model import Cursor
from litwatch.service.asking import Asking, Tally
from litwatch.store.papers import count_submitted

# arXiv once declared no results for a query that had thousands. Far fewer than are stored is no answer either.
_PLAUSIBLE_SHARE = 0.9
# From this share of a window missing on, asking for all of it is cheaper than looking for the gaps.
_MOSTLY_THERE = 0.75


def count_and_fetch(asking: Asking, planned: PlannedCount) -> None:
    """Holds what is stored against arXiv's counts, fetches what is missing, and moves the cursors of the categories.

    Raises HarvestError where arXiv cannot be asked or its counts cannot be right.
    """
    for window in planned.windows:
        _check(asking, window)

    def whole(cursor: Cursor) -> Cursor:
        through = max(cursor.submitted_through, asking.now)
        return replace(cursor, submitted_through=through, audited_at=asking.now if planned.full else cursor.audited_at)

    with asking.store.write() as db:
        asking.move(db, planned.categories, whole)


def _check(asking: Asking, window: Window) -> None:
    what = f"count of papers in {_named(window)}"
    with asking.question(Service.API, what, window.start, window.end, counts=False) as tally:
        tally.received = _stored(asking, window)
        tally.declared = _declared(asking, window, tally.received)
    if tally.declared <= tally.received:
        return
    longer_than_a_day = midnight(window.end) > midnight(window.start)
    if tally.received < _MOSTLY_THERE * tally.declared or tally.declared <= PAGE_SIZE or not longer_than_a_day:
        for part in fetch_windows(window):
            _fetch(asking, part)
        _agree(asking, window, tally.declared)
        return
    for half in window.halves():
        _check(asking, half)


def _agree(asking: Asking, window: Window, declared: int) -> None:
    """Records how the count stands after the missing papers were fetched."""
    what = f"count of papers in {_named(window)}, again"
    with asking.question(Service.API, what, window.start, window.end, counts=False) as tally:
        tally.declared, tally.received = declared, _stored(asking, window)
        if tally.received < declared * _PLAUSIBLE_SHARE:
            raise HarvestError(f"arXiv declares {declared} papers in a window and gives {tally.received} of them")


def _stored(asking: Asking, window: Window) -> int:
    with asking.store.read() as db:
        # arXiv reads times to the minute.
        end = window.end.replace(second=0, microsecond=0)
        return count_submitted(db, window.categories, window.start, end)


def _declared(asking: Asking, window: Window, stored: int) -> int:
    api = asking.services.api
    declared = api.count(window.query)
    if declared < stored * _PLAUSIBLE_SHARE or not declared:
        declared = api.count(window.query)
    if declared < stored * _PLAUSIBLE_SHARE:
        raise HarvestError(f"arXiv declares {declared} papers in a window of which {stored} are stored already")
    if not declared and not api.count(category_query(window.categories)):
        raise HarvestError(f"arXiv declares no papers at all in {_named(window)}, where it has some")
    return declared


def _fetch(asking: Asking, window: Window) -> None:
    """Keeps all papers of a window; the cursors that stand in it move page by page, so that a break goes on there."""
    what = f"papers submitted in {_named(window)}"
    try:
        with asking.question(Service.API, what, window.start, window.end) as tally:
            _keep(asking, asking.services.api.submitted(window.query), window, tally)
            if not tally.received:  # an empty answer is asked again, as above
                _keep(asking, asking.services.api.submitted(window.query), window, tally)
    except TooManyResultsError:
        for half in window.halves():
            _fetch(asking, half)


def _keep(asking: Asking, pages: Iterator[Page], window: Window, tally: Tally) -> None:
    for page in pages:
        tally.received += len(page.papers)
        tally.declared = max(page.declared, tally.received)
        reached = max((paper.published for paper in page.papers), default=window.start)

        def moved(cursor: Cursor, reached: datetime = reached) -> Cursor:
            if window.start <= cursor.submitted_through < reached:
                return replace(cursor, submitted_through=reached)
            return cursor

        with asking.store.write() as db:
            asking.keep(db, page.papers, tally)
            asking.move(db, window.categories, moved)


def _named(window: Window) -> str:
    return ", ".join(window.categories)
