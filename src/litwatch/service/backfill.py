"""Searching backwards for a line: the papers of the months before it came that use its words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from litwatch.errors import HarvestError
from litwatch.harvest.api import TooManyResultsError
from litwatch.harvest.plan import Window, backfill_query, backfill_windows
from litwatch.harvest.session import Service
from litwatch.model import Line
from litwatch.service.asking import Asking, Tally
from litwatch.store.cursors import backfill_reached, save_backfill
from litwatch.store.lines import mark_backfilled

# So many papers of a window hold one of a line's fifty words for certain.
_SURELY_SOME = 200


@dataclass(frozen=True, kw_only=True)
class Backfill:
    """A line to search backwards for, with its distinctive terms."""

    line: Line
    terms: tuple[str, ...]


def search_back(asking: Asking, backfill: Backfill, unknown: Collection[str], days: int) -> None:
    """Keeps what a line's terms find in the last `days` days, newest first; one that broke off goes on where it was.

    unknown: categories that arXiv has no papers of.
    """
    slug = backfill.line.slug
    watched = [category for category in backfill.line.categories if category not in unknown]
    if watched and backfill.terms:
        with asking.store.read() as db:
            reached = backfill_reached(db, slug)
        for window in backfill_windows(watched, asking.now, days, reached=reached):
            with asking.question(Service.API, f"{slug}, searched backwards", window.start, window.end) as tally:
                _search(asking, backfill, window, tally)
            with asking.store.write() as db:
                save_backfill(db, slug, window.start)
    with asking.store.write() as db:
        mark_backfilled(db, slug, now=asking.now)


def _search(asking: Asking, backfill: Backfill, window: Window, tally: Tally) -> None:
    try:
        # An empty answer is asked again: arXiv gives it now and then for what has results.
        declared = _keep(asking, backfill, window, tally) or _keep(asking, backfill, window, tally)
    except TooManyResultsError:
        for half in reversed(window.halves()):
            _search(asking, backfill, half, tally)
        return
    if not declared and (has := asking.services.api.count(window.query)) >= _SURELY_SOME:
        words = len(backfill.terms)
        raise HarvestError(f"arXiv declares no paper for a line's {words} words, in a window that has {has:,}")


def _keep(asking: Asking, backfill: Backfill, window: Window, tally: Tally) -> int:
    """Keeps the papers of one query and notes how far back each page came; returns how many arXiv declared."""
    declared = 0
    query = backfill_query(window, backfill.terms)
    for page in asking.services.api.submitted(query, newest_first=True):
        declared = page.declared
        tally.received += len(page.papers)
        with asking.store.write() as db:
            asking.keep(db, page.papers, tally, news=False)
            if page.papers:
                # arXiv reads times to the minute: what shares the last one's may lie on the next page.
                oldest = min(paper.published for paper in page.papers)
                save_backfill(db, backfill.line.slug, oldest + timedelta(minutes=1))
    tally.declared += declared
    return declared
