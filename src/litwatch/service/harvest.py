"""One harvest: what the plan says is asked of arXiv, kept page by page, and recorded with how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litwatch.errors import HarvestError
from litwatch.harvest.api import Page, SearchApi, TooManyResultsError
from litwatch.harvest.calendar import state_without_news
from litwatch.harvest.plan import (
    Plan,
    Window,
    backfill_query,
    backfill_windows,
    plan_poll,
    revised_query,
)
from litwatch.model import Cursor, HarvestState, Line
from litwatch.store.harvests import (
    HarvestRecord,
    begin_harvest,
    finish_harvest,
    get_cursors,
    last_harvest,
    save_cursors,
)
from litwatch.store.lines import mark_backfilled
from litwatch.store.papers import (
    Saved,
    anchor_checks,
    count_first_seen,
    count_submitted,
    get_papers,
    save_anchor_checks,
    save_papers,
)
from litwatch.store.store import Store

Progress = Callable[[str], None]

_ASK_MISSING_AGAIN = timedelta(days=7)
# arXiv once declared no results for a query that had thousands. Far fewer than are stored is no answer either.
_PLAUSIBLE_SHARE = 0.9


@dataclass(frozen=True, kw_only=True)
class Backfill:
    """A line to search backwards for, with its distinctive terms."""

    line: Line
    terms: tuple[str, ...]


class Harvest:
    """One run against arXiv at `now`. Whatever stops it, what was received is kept and no cursor is ahead."""

    def __init__(self, store: Store, api: SearchApi, *, now: datetime, progress: Progress) -> None:
        self._store = store
        self._api = api
        self._now = now
        self._progress = progress
        self._declared = 0
        self._received = 0
        self._saved = Saved()

    def run(self, lines: Sequence[Line], *, backfills: Sequence[Backfill] = (), backfill_days: int) -> HarvestRecord:
        """Asks for the lines' anchors, new papers, new versions and the backfills, and records the outcome."""
        categories = tuple(sorted({category for line in lines for category in line.categories}))
        with self._store.write() as db:
            before = last_harvest(db, complete=True)
            cursors = get_cursors(db, categories)
            number = begin_harvest(db, at=self._now)
        plan = plan_poll(categories, cursors, self._now)
        reason, state = "", HarvestState.FRESH
        asked = self._api.session.asked
        try:
            self._anchors(lines)
            self._new_papers(plan, cursors)
            self._new_versions(plan, categories)
            for backfill in backfills:
                self._backfill(backfill, backfill_days)
            if not self._saved.new:
                state = self._state_without_news(before)
        except HarvestError as error:
            state, reason = HarvestState.FAILED, str(error)
        record = HarvestRecord(
            id=number,
            at=self._now,
            window_start=min((window.start for window in plan.windows), default=None),
            window_end=self._now,
            state=state,
            requests=self._api.session.asked - asked,
            declared=self._declared,
            received=self._received,
            new=self._saved.new,
            revised=self._saved.revised,
            reason=reason,
        )
        with self._store.write() as db:
            finish_harvest(db, record)
        return record

    def _new_papers(self, plan: Plan, cursors: Mapping[str, Cursor]) -> None:
        reached = dict(cursors)
        for window in plan.windows:
            self._progress(f"new papers, {window.start:%d %b} to {window.end:%d %b}")
            for part in self._whole(window):
                moved = {}
                for category in part.categories:
                    old = reached.get(category)
                    moved[category] = Cursor(
                        submitted_through=max(part.end, old.submitted_through) if old else part.end,
                        revised_through=old.revised_through if old else self._now,
                        swept_at=old.swept_at if old else None,
                    )
                reached |= moved
                with self._store.write() as db:
                    save_cursors(db, moved)
        if plan.sweep or not cursors:
            swept = {category: replace(cursor, swept_at=self._now) for category, cursor in reached.items()}
            with self._store.write() as db:
                save_cursors(db, swept)

    def _whole(self, window: Window) -> Iterator[Window]:
        """Keeps all papers of a window and yields each part of it that was received whole."""
        try:
            declared = self._keep(self._api.submitted(window.query))
        except TooManyResultsError:
            for half in window.halves():
                yield from self._whole(half)
            return
        if declared == 0 and self._api.count(revised_query(window.categories)) == 0:
            names = ", ".join(window.categories)
            raise HarvestError(f"arXiv declares no papers at all in {names}; check that these categories exist")
        if declared == 0:
            declared = self._keep(self._api.submitted(window.query))
        with self._store.read() as db:
            known = count_submitted(db, window.categories, window.start, window.end)
        if declared < known * _PLAUSIBLE_SHARE:
            raise HarvestError(f"arXiv declares {declared} papers in a window of which {known} are stored already")
        yield window

    def _keep(self, pages: Iterator[Page]) -> int:
        """Saves pages as they come; returns how many papers arXiv declared."""
        declared = 0
        for page in pages:
            declared = page.declared
            self._received += len(page.papers)
            with self._store.write() as db:
                self._saved += save_papers(db, page.papers, now=self._now)
        self._declared += declared
        return declared

    def _new_versions(self, plan: Plan, categories: Sequence[str]) -> None:
        """Takes newer versions of papers we have; an old paper that we never had is no news."""
        if plan.revised_since is None:
            return
        self._progress(f"new versions since {plan.revised_since:%d %b}")
        for page in self._api.revised(revised_query(categories), plan.revised_since):
            if not page.papers:
                raise HarvestError(f"arXiv declares no papers at all in {', '.join(categories)}")
            with self._store.write() as db:
                known = {paper.arxiv_id for paper in get_papers(db, [paper.arxiv_id for paper in page.papers])}
                ours = [paper for paper in page.papers if paper.arxiv_id in known]
                self._saved += save_papers(db, ours, now=self._now)
        with self._store.write() as db:
            moved = {
                category: replace(cursor, revised_through=self._now)
                for category, cursor in get_cursors(db, categories).items()
            }
            save_cursors(db, moved)

    def _anchors(self, lines: Sequence[Line]) -> None:
        """Resolves the anchors nobody asked arXiv for yet, and once a week those that it did not know."""
        with self._store.read() as db:
            checks = anchor_checks(db)
        ids = dict.fromkeys(anchor.arxiv_id for line in lines for anchor in line.anchors)
        wanted = [
            key
            for key in ids
            if key not in checks or (not checks[key][0] and self._now - checks[key][1] >= _ASK_MISSING_AGAIN)
        ]
        if not wanted:
            return
        self._progress(f"{len(wanted)} anchor papers")
        found = self._api.by_id(wanted)
        self._declared += len(found)
        self._received += len(found)
        names = {paper.arxiv_id for paper in found}
        with self._store.write() as db:
            save_papers(db, found, now=self._now, harvested=False)
            save_anchor_checks(db, {key: key in names for key in wanted}, now=self._now)

    def _backfill(self, backfill: Backfill, days: int) -> None:
        line = backfill.line
        if line.categories and backfill.terms:
            for window in backfill_windows(line.categories, self._now, days):
                self._progress(f"{line.slug}, back to {window.start:%d %b %Y}")
                self._search_back(window, backfill.terms)
        with self._store.write() as db:
            mark_backfilled(db, line.slug, now=self._now)

    def _search_back(self, window: Window, terms: Sequence[str]) -> None:
        try:
            self._keep(self._api.submitted(backfill_query(window, terms)))
        except TooManyResultsError:
            for half in window.halves():
                self._search_back(half, terms)

    def _state_without_news(self, before: HarvestRecord | None) -> HarvestState:
        with self._store.read() as db:
            month = count_first_seen(db, self._now - timedelta(days=28), self._now)
        return state_without_news(self._now, before.at if before else None, month / 20)
