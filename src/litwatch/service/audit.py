"""Counting what is stored against what arXiv declares, and fetching where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from litwatch.errors import HarvestError
from litwatch.harvest.api import PAGE_SIZE, Page, TooManyResultsError
from litwatch.harvest.calendar import last_index_change
from litwatch.harvest.plan import PlannedCount, Window, category_query, fetch_windows, midnight
from litwatch.harvest.session import Service
from litwatch.model import Cursor
from litwatch.service.asking import Asking, Tally
from litwatch.store.papers import count_submitted

# arXiv once declared no results for a query that had thousands. Far fewer than are stored is no answer either.
_PLAUSIBLE_SHARE = 0.9
_MOVED_AWAY = 5
_SURELY_SOME = 10
# From this share of a window missing on, asking for all of it is cheaper than looking for the gaps.
_MOSTLY_THERE = 0.75


def count_and_fetch(asking: Asking, planned: PlannedCount) -> None:
    """Holds what is stored against arXiv's counts, fetches what is missing, and moves the cursors of the categories.

    Raises HarvestError where arXiv cannot be asked or its counts cannot be right.
    """
    for window in planned.windows:
        _check(asking, window)

    def whole(cursor: Cursor) -> Cursor:
        audited = asking.now if planned.full else cursor.audited_at
        return replace(cursor, submitted_through=asking.now, audited_at=audited)

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
    else:
        for half in window.halves():
            _check(asking, half)
    _agree(asking, window, tally.declared)


def _agree(asking: Asking, window: Window, declared: int) -> None:
    """Records how the count stands after the missing papers were fetched."""
    what = f"count of papers in {_named(window)}, again"
    with asking.question(Service.API, what, window.start, window.end, counts=False) as tally:
        tally.declared, tally.received = declared, _stored(asking, window)
        if tally.received < declared * _PLAUSIBLE_SHARE - _MOVED_AWAY:
            raise HarvestError(f"arXiv declares {declared} papers in a window and gives {tally.received} of them")


def _stored(asking: Asking, window: Window, *, seen_before: datetime | None = None) -> int:
    with asking.store.read() as db:
        # arXiv reads times to the minute.
        end = window.end.replace(second=0, microsecond=0)
        return count_submitted(db, window.categories, window.start, end, seen_before=seen_before)


def _declared(asking: Asking, window: Window, stored: int) -> int:
    api = asking.services.api
    # What OAI-PMH brought of late the search API may not know yet; its index was a day late before now.
    changed = last_index_change(asking.now)
    known = _stored(asking, window, seen_before=last_index_change(changed - timedelta(seconds=1)))
    declared = api.count(window.query)
    if not _plausible(declared, stored, known):
        declared = api.count(window.query)
    if not _plausible(declared, stored, known):
        raise HarvestError(f"arXiv declares {declared} papers in a window of which {stored} are stored already")
    if not declared and not api.count(category_query(window.categories)):
        raise HarvestError(f"arXiv declares no papers at all in {_named(window)}, where it has some")
    return declared


def _plausible(declared: int, stored: int, known: int) -> bool:
    """Whether arXiv can declare so few papers where so many are stored, and so many were when its index changed.

    Some fewer it may: a paper that moved to other categories is counted with them.
    """
    if not declared and stored >= _SURELY_SOME:
        return False
    return declared >= known * _PLAUSIBLE_SHARE - _MOVED_AWAY


def _fetch(asking: Asking, window: Window) -> None:
    """Keeps all papers of a window; the cursors that stand in it move page by page, so that a break goes on there."""
    what = f"papers submitted in {_named(window)}"
    try:
        with asking.question(Service.API, what, window.start, window.end) as tally:
            seen: set[str] = set()
            _keep(asking, asking.services.api.submitted(window.query), window, tally, seen)
            if not seen:  # an empty answer is asked again, as above
                _keep(asking, asking.services.api.submitted(window.query), window, tally, seen)
    except TooManyResultsError:
        for half in window.halves():
            _fetch(asking, half)


def _keep(asking: Asking, pages: Iterator[Page], window: Window, tally: Tally, seen: set[str]) -> None:
    for page in pages:
        seen.update(paper.arxiv_id for paper in page.papers)
        tally.received, tally.declared = len(seen), page.declared
        reached = max((paper.published for paper in page.papers), default=window.start)

        def moved(cursor: Cursor, reached: datetime = reached) -> Cursor:
            if window.start <= cursor.submitted_through < reached:
                return replace(cursor, submitted_through=reached)
            return cursor

        with asking.store.write() as db:
            asking.keep(db, page.papers, tally)
            asking.move(db, window.categories, moved)
        asking.given = next((paper.arxiv_id for paper in page.papers), asking.given)


def _named(window: Window) -> str:
    return ", ".join(window.categories)
