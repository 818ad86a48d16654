"""One harvest: what changed, what was announced, what the counts say, anchors, searches backwards; and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from litwatch.errors import HarvestError, LitwatchError
from litwatch.harvest.calendar import (
    EASTERN,
    CategoryState,
    announcements_between,
    category_state,
    last_index_change,
    overall,
)
from litwatch.harvest.plan import (
    FIRST_LOOK,
    PlannedCount,
    PlannedListing,
    believed,
    category_query,
    midnight,
    plan_counts,
    plan_listings,
)
from litwatch.harvest.rss import Announcement
from litwatch.harvest.session import Service
from litwatch.model import NOWHERE, CategoryOutcome, Cursor, HarvestState, Line
from litwatch.service.asking import Asking, Progress, Services
from litwatch.service.audit import count_and_fetch
from litwatch.service.backfill import Backfill, search_back
from litwatch.service.changes import check_announcements, fetch_wanted, list_changes, take_announcements, want_announced
from litwatch.service.watch import look_at_anchors
from litwatch.store.cursors import get_cursors, save_cursors
from litwatch.store.harvests import HarvestRecord, begin_harvest, failing_since, finish_harvest, leave_harvest
from litwatch.store.papers import count_submitted
from litwatch.store.store import Db, Store

_UNLISTED_FOR = timedelta(days=2)
_UNCOUNTED_FOR = timedelta(days=8)
_USUAL_OVER = timedelta(days=28)
_MOSTLY_APPEARED = timedelta(days=7)
"""What was submitted so long ago has mostly been announced."""


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """One part of a harvest. Its trouble holds no other up; it is done again at the end."""

    name: str
    work: Callable[[], str | None]
    """Returns what is to be told of it, where anything is."""


class Harvest:
    """One run against arXiv at `now`. Whatever stops it, what was received is kept and no cursor is ahead."""

    def __init__(self, store: Store, services: Services, *, now: datetime, progress: Progress) -> None:
        self._store = store
        self._services = services
        self._now = now
        self._progress = progress
        self._asked_before = services.requests
        self._announced: tuple[Announcement, ...] | None = None
        self._trouble: dict[str, str] = {}
        """By unit that failed, why."""
        self._notes: dict[str, str] = {}

    def run(self, lines: Sequence[Line], *, backfills: Sequence[Backfill] = (), backfill_days: int) -> HarvestRecord:
        """Asks for changes, announcements, counts, the lines' anchors and the backfills, and records the outcome."""
        with self._store.write() as db:
            number = begin_harvest(db, at=self._now)
        try:
            return self._run(number, lines, backfills, backfill_days)
        except BaseException:
            # The row says "broken off" already, and that nobody is at it from here on.
            with suppress(LitwatchError), self._store.write() as db:
                leave_harvest(db, number)
            raise

    def _run(
        self, number: int, lines: Sequence[Line], backfills: Sequence[Backfill], backfill_days: int
    ) -> HarvestRecord:
        watched = sorted({category for line in lines for category in line.categories})
        anchors = tuple(dict.fromkeys(anchor.arxiv_id for line in lines for anchor in line.anchors))
        asking = Asking(
            store=self._store,
            services=self._services,
            harvest=number,
            anchors=frozenset(anchors),
            watched=frozenset(watched),
            now=self._now,
            progress=self._progress,
        )
        nowhere = self._watch_new(asking, watched)
        categories = [category for category in watched if category not in nowhere]
        with self._store.read() as db:
            kept = get_cursors(db, categories)
        cursors = {name: believed(cursor, self._now) for name, cursor in kept.items()}
        if ahead := {name: cursor for name, cursor in cursors.items() if cursor != kept[name]}:
            with self._store.write() as db:
                save_cursors(db, ahead)
        begun = {name: cursor for name, cursor in cursors.items() if cursor.submitted_through > cursor.whole_since}
        listed = plan_listings(begun, self._now)
        self._changes(asking, listed, list(begun))
        counts = self._counts(asking, listed, cursors)
        rest = [_Unit(name="anchors", work=lambda: look_at_anchors(asking, anchors))] if anchors else []
        for backfill in backfills:
            rest.append(_Unit(name=backfill.line.slug, work=self._backfill(asking, backfill, nowhere, backfill_days)))
        self._work_off(asking, rest)
        outcomes = self._outcomes(asking, listed, counts, categories)
        required = {unit.name for unit in rest}
        return self._record(asking, outcomes, nowhere, required)

    # --- the parts -------------------------------------------------------------------------------------------

    def _watch_new(self, asking: Asking, watched: Sequence[str]) -> list[str]:
        """Gives each new category a cursor; returns those that arXiv has no papers of."""
        with self._store.read() as db:
            known = get_cursors(db, watched)
        new = [category for category in watched if category not in known]
        nowhere: list[str] = []
        api = self._services.api
        for category in new:
            what, query = f"whether there is {category}", category_query([category])
            try:
                with asking.question(Service.API, what, counts=False):
                    has_some = api.count(query) or api.count(query)
            except HarvestError as error:
                self._trouble[what] = str(error)
                continue
            if not has_some:
                nowhere.append(category)
                continue
            start = midnight(self._now - FIRST_LOOK)
            cursor = Cursor(
                whole_since=start, submitted_through=start, changed_through=self._now.date(), swept_at=self._now
            )
            with self._store.write() as db:
                save_cursors(db, {category: cursor})
        return nowhere

    def _changes(self, asking: Asking, listed: Sequence[PlannedListing], categories: Sequence[str]) -> None:
        def listing(planned: PlannedListing) -> Callable[[], None]:
            return lambda: list_changes(asking, planned)

        def announcements() -> None:
            self._announced = take_announcements(asking, categories)

        # The feed first: it tells which of the records listed were announced as new.
        units = [_Unit(name="announcements", work=announcements)] if listed else []
        units += [_Unit(name=_name(planned), work=listing(planned)) for planned in listed]
        self._work_off(asking, units)
        if self._announced:
            want_announced(asking, self._announced)
        self._work_off(asking, [_Unit(name="wanted", work=lambda: fetch_wanted(asking))])
        if self._announced:
            check_announcements(asking, self._announced)

    def _counts(
        self, asking: Asking, listed: Sequence[PlannedListing], cursors: Mapping[str, Cursor]
    ) -> Sequence[PlannedCount]:
        def counting(planned: PlannedCount) -> Callable[[], None]:
            return lambda: count_and_fetch(asking, planned)

        unlisted = {category for planned in listed if not self._is_whole(planned) for category in planned.categories}
        counts = plan_counts(cursors, self._now, unlisted=unlisted)
        self._work_off(asking, [_Unit(name=_name(planned), work=counting(planned)) for planned in counts])
        return counts

    def _backfill(self, asking: Asking, backfill: Backfill, nowhere: Sequence[str], days: int) -> Callable[[], None]:
        return lambda: search_back(asking, backfill, nowhere, days)

    def _work_off(self, asking: Asking, units: Sequence[_Unit]) -> None:
        """Does each unit, and at the end once more those that failed, unless arXiv gave no answer to any."""
        failed = [unit for unit in units if not self._does(unit)]
        if any(question.whole and question.requests for question in asking.asked):
            for unit in failed:
                self._does(unit)

    def _does(self, unit: _Unit) -> bool:
        try:
            note = unit.work()
        except HarvestError as error:
            self._trouble[unit.name] = str(error)
            return False
        self._trouble.pop(unit.name, None)
        if note:
            self._notes[unit.name] = note
        return True

    # --- how it ended ----------------------------------------------------------------------------------------

    def _outcomes(
        self,
        asking: Asking,
        listed: Sequence[PlannedListing],
        counts: Sequence[PlannedCount],
        categories: Sequence[str],
    ) -> tuple[CategoryOutcome, ...]:
        """Of each category that arXiv has. It is complete where its changes were listed whole, or its count agrees."""
        unlisted = {category for one in listed if not self._is_whole(one) for category in one.categories}
        uncounted = {category for one in counts if not self._is_whole(one) for category in one.categories}
        asked: list[PlannedListing | PlannedCount] = [*listed, *counts]
        whole = {category for one in asked if self._is_whole(one) for category in one.categories}
        told = self._announced is not None and not self._announced
        changed_today = last_index_change(self._now).astimezone(EASTERN).date() == self._now.astimezone(EASTERN).date()
        trouble = _joined(self._trouble.values())
        found = []
        with self._store.read() as db:
            cursors = get_cursors(db, categories)
            unlisted_since = failing_since(db, Service.OAI.value, "changes in", until=self._now)
            uncounted_since = failing_since(db, Service.API.value, "count of", until=self._now)
            for category in categories:
                cursor = cursors.get(category)
                late = _too_late(
                    unlisted_since if category in unlisted else None,
                    uncounted_since if category in uncounted else None,
                    self._now,
                )
                state = category_state(
                    now=self._now,
                    news_at=cursor.news_at if cursor else None,
                    usual_per_day=_usual(db, category, cursor, self._now) if cursor else 0.0,
                    came=asking.came[category],
                    complete=category in whole and not late,
                    feed_is_empty=told and changed_today,
                    trouble="; ".join(part for part in (late, trouble) if part),
                )
                found.append(CategoryOutcome(category=category, state=state.state, reason=state.reason))
        return tuple(found)

    def _is_whole(self, planned: PlannedListing | PlannedCount) -> bool:
        if isinstance(planned, PlannedListing) and "wanted" in self._trouble:
            return False
        return _name(planned) not in self._trouble

    def _record(
        self,
        asking: Asking,
        outcomes: tuple[CategoryOutcome, ...],
        nowhere: Sequence[str],
        required: Collection[str],
    ) -> HarvestRecord:
        state = overall({one.category: CategoryState(state=one.state, reason=one.reason) for one in outcomes})
        if self._trouble.keys() & required or (nowhere and not outcomes):
            state = HarvestState.FAILED
        absent = [CategoryOutcome(category=category, state=HarvestState.FAILED, reason=NOWHERE) for category in nowhere]
        declared, received = asking.sums()
        sources = dict.fromkeys(question.source for question in asking.asked if question.requests)
        record = HarvestRecord(
            id=asking.harvest,
            at=self._now,
            source=", ".join(sources),
            window_start=min((asked.window_start for asked in asking.asked if asked.window_start), default=None),
            window_end=max((asked.window_end for asked in asking.asked if asked.window_end), default=None),
            state=state,
            requests=self._services.requests - self._asked_before,
            declared=declared,
            received=received,
            new=sum(question.new for question in asking.asked),
            revised=sum(question.revised for question in asking.asked),
            reason=self._reason(outcomes, nowhere),
            categories=tuple(sorted((*outcomes, *absent), key=lambda outcome: outcome.category)),
        )
        with self._store.write() as db:
            finish_harvest(db, record)
        return record

    def _reason(self, outcomes: Sequence[CategoryOutcome], nowhere: Sequence[str]) -> str:
        """All that is to be said of the harvest, on one line; each trouble once."""
        said = list(self._trouble.values())
        said += [outcome.reason for outcome in outcomes if outcome.state is HarvestState.FAILED]
        stalled: dict[str, list[str]] = {}
        for outcome in outcomes:
            if outcome.state is HarvestState.STALLED:
                stalled.setdefault(outcome.reason, []).append(outcome.category)
        said += [f"{', '.join(categories)}: {why}" for why, categories in stalled.items()]
        said += self._notes.values()
        if nowhere:
            said.append(f"arXiv has no papers in {', '.join(nowhere)}: check `categories` in the watchlists")
        return _joined(said)


def _joined(said: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(part for text in said for part in text.split("; ") if part))


def _name(planned: PlannedListing | PlannedCount) -> str:
    kind = "changes" if isinstance(planned, PlannedListing) else "count"
    return f"{kind} in {', '.join(planned.categories)}"


def _too_late(unlisted_since: datetime | None, uncounted_since: datetime | None, now: datetime) -> str:
    """What a service that has failed for days leaves unseen, though the others carry the poll; "" where nothing is."""
    if unlisted_since and now - unlisted_since > _UNLISTED_FOR:
        since = f"{unlisted_since:%Y-%m-%d}"
        return (
            f"changes could not be listed since {since}: new papers are counted, new versions and withdrawals not seen"
        )
    if uncounted_since and now - uncounted_since > _UNCOUNTED_FOR:
        since = f"{uncounted_since:%Y-%m-%d}"
        return f"papers could not be counted since {since}: they are listed, and not held against arXiv's counts"
    return ""


def _usual(db: Db, category: str, cursor: Cursor, now: datetime) -> float:
    """New papers of a category on a usual announcement day: the mean over four weeks that have mostly appeared."""
    until = cursor.news_at or now
    start = max(cursor.whole_since, until - _MOSTLY_APPEARED - _USUAL_OVER)
    end = until - _MOSTLY_APPEARED if until - start > 2 * _MOSTLY_APPEARED else until
    days = announcements_between(start, end)
    return count_submitted(db, [category], start, end) / days if days else 0.0
