"""One harvest: what the plan says is asked of arXiv, kept page by page, and recorded with how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litwatch.errors import HarvestError
from litwatch.harvest.api import Page, SearchApi, TooManyResultsError
from litwatch.harvest.calendar import state_without_news
from litwatch.harvest.plan import Plan, Window, backfill_query, backfill_windows, plan_poll, revised_query
from litwatch.model import Cursor, HarvestState, Line
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest, get_cursors, save_cursors
from litwatch.store.lines import mark_backfilled
from litwatch.store.papers import (
    Saved,
    anchor_checks,
    count_first_seen,
    count_submitted,
    get_papers,
    last_first_seen,
    newest_id,
    save_anchor_checks,
    save_papers,
)
from litwatch.store.store import Store

Progress = Callable[[str], None]

# arXiv once declared no results for a query that had thousands. Far fewer than are stored is no answer either.
_PLAUSIBLE_SHARE = 0.9
# So many papers of a window hold one of a line's fifty words for certain.
_SURELY_SOME = 200
_ANNOUNCEMENT_DAYS_A_MONTH = 20


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
        """Asks for new papers, new versions, the lines' anchors and the backfills, and records the outcome."""
        wanted = sorted({category for line in lines for category in line.categories})
        with self._store.write() as db:
            cursors = get_cursors(db, wanted)
            number = begin_harvest(db, at=self._now)
        asked = self._api.session.asked
        plan = Plan(windows=(), revised_since=None, sweep=False)
        reason, state = "", HarvestState.FRESH
        try:
            unknown = self._unknown(wanted, cursors)
            categories = [category for category in wanted if category not in unknown]
            plan = plan_poll(categories, cursors, self._now)
            self._new_papers(plan, cursors)
            self._new_versions(plan, categories)
            self._anchors(lines)
            for backfill in backfills:
                self._backfill(backfill, categories, backfill_days)
            if unknown:
                reason = f"arXiv has no papers in {', '.join(unknown)}: check `categories` in the watchlists"
            if not self._saved.new:
                state = self._state_without_news()
        except HarvestError as error:
            state, reason = HarvestState.FAILED, str(error)
        record = HarvestRecord(
            id=number,
            at=self._now,
            window_start=min((window.start for window in plan.windows), default=None),
            window_end=max((window.end for window in plan.windows), default=None),
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

    def _unknown(self, categories: Sequence[str], cursors: Mapping[str, Cursor]) -> list[str]:
        """The categories that arXiv has no papers of. One that was harvested before is not asked about again.

        Raises HarvestError when that is all of them: then it is arXiv's answer that cannot be right.
        """
        unknown = []
        for category in categories:
            if category in cursors:
                continue
            self._progress(f"whether there is {category}")
            if not (self._api.count(revised_query([category])) or self._api.count(revised_query([category]))):
                unknown.append(category)
        if unknown and len(unknown) == len(categories):
            raise HarvestError(f"arXiv declares no papers at all in {', '.join(unknown)}; check that these exist")
        return unknown

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
        swept = {
            category: replace(reached[category], swept_at=self._now)
            for category in {category for window in plan.windows for category in window.categories}
            if plan.sweep or category not in cursors
        }
        with self._store.write() as db:
            save_cursors(db, swept)

    def _whole(self, window: Window) -> Iterator[Window]:
        """Keeps all papers of a window and yields each part of it that was received whole."""
        try:
            # An empty answer is asked again: arXiv gives it now and then for what has results.
            declared = self._keep(self._api.submitted(window.query)) or self._keep(self._api.submitted(window.query))
        except TooManyResultsError:
            for half in window.halves():
                yield from self._whole(half)
            return
        if not declared and not self._api.count(revised_query(window.categories)):
            raise HarvestError(f"arXiv declares no papers at all in {', '.join(window.categories)}, where it has some")
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
                raise HarvestError(f"arXiv declares no papers at all in {', '.join(categories)}, where it has some")
            with self._store.write() as db:
                known = {paper.arxiv_id for paper in get_papers(db, [paper.arxiv_id for paper in page.papers])}
                ours = [paper for paper in page.papers if paper.arxiv_id in known]
                self._saved += save_papers(db, ours, now=self._now)
        with self._store.write() as db:
            moved = {
                category: replace(cursor, revised_through=max(cursor.revised_through, self._now))
                for category, cursor in get_cursors(db, categories).items()
            }
            save_cursors(db, moved)

    def _anchors(self, lines: Sequence[Line]) -> None:
        """Resolves the anchors that arXiv was not asked for yet or did not know.

        A paper that it surely knows is asked for with them: an answer without that one says nothing.
        """
        with self._store.read() as db:
            checks = anchor_checks(db)
            canary = newest_id(db)
        ids = dict.fromkeys(anchor.arxiv_id for line in lines for anchor in line.anchors)
        wanted = [key for key in ids if key not in checks or not checks[key][0]]
        if not wanted:
            return
        self._progress(f"{len(wanted)} anchor papers")
        found = self._api.by_id([*wanted, canary] if canary else wanted)
        names = {paper.arxiv_id for paper in found}
        if canary and canary not in names:
            raise HarvestError(f"arXiv's answer on {len(wanted)} anchors lacks a paper that it has: it is not whole")
        self._declared += len(found)
        self._received += len(found)
        ours = [paper for paper in found if paper.arxiv_id in ids]
        with self._store.write() as db:
            save_papers(db, ours, now=self._now, harvested=False)
            save_anchor_checks(db, {key: key in names for key in wanted}, now=self._now)

    def _backfill(self, backfill: Backfill, categories: Sequence[str], days: int) -> None:
        line = backfill.line
        watched = [category for category in line.categories if category in categories]
        if watched and backfill.terms:
            for window in backfill_windows(watched, self._now, days):
                self._progress(f"{line.slug}, back to {window.start:%d %b %Y}")
                self._search_back(window, backfill.terms)
        with self._store.write() as db:
            mark_backfilled(db, line.slug, now=self._now)

    def _search_back(self, window: Window, terms: Sequence[str]) -> None:
        query = backfill_query(window, terms)
        try:
            declared = self._keep(self._api.submitted(query)) or self._keep(self._api.submitted(query))
        except TooManyResultsError:
            for half in window.halves():
                self._search_back(half, terms)
            return
        if not declared and (has := self._api.count(window.query)) >= _SURELY_SOME:
            raise HarvestError(f"arXiv declares no paper for a line's {len(terms)} words, in a window that has {has:,}")

    def _state_without_news(self) -> HarvestState:
        with self._store.read() as db:
            month = count_first_seen(db, self._now - timedelta(days=28), self._now)
            last_news = last_first_seen(db)
        return state_without_news(self._now, last_news, month / _ANNOUNCEMENT_DAYS_A_MONTH)
