"""What to ask arXiv next: pure, from cursors and the time.

Three things together miss nothing:

- *changes*: OAI-PMH lists every record by the day on which it last changed (announced, replaced, edited), so that a
  paper which moderation held for weeks turns up on the day it appears, whatever its submission date;
- *counts*: the search API says how many papers were submitted in a window. Where it declares more than are stored,
  the window is halved until the missing ones are found. That also carries a poll while OAI-PMH is down, and is how a
  category is filled the first time;
- *announcements*: today's RSS feed names ids, which are looked up in the store.

What is asked grows with the categories watched, not with the lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from litwatch.harvest.calendar import EASTERN
from litwatch.harvest.oai import Change, Listing, archive_spec, set_spec
from litwatch.model import Cursor

HOLD = timedelta(days=120)
"""So long after its submission a paper may still be announced: the longest seen was 92 days."""
FIRST_LOOK = timedelta(days=35)
"""How far back a category is read whole when it is watched for the first time."""
RECENT = timedelta(days=14)
"""The time that every poll counts; 97 % of papers appear within that after their submission."""
AUDIT_EVERY = timedelta(days=7)
"""So often all of `HOLD` is counted."""
OVERLAP = timedelta(days=1)
"""A listing begins a day before the last one ended: that day was not over."""
SWEEP = timedelta(days=10)
SWEEP_EVERY = timedelta(days=7)
"""So often a listing reaches back over `SWEEP`, for records that arXiv dated late."""
_SLICE = timedelta(days=14)
"""A long absence is listed in steps of so many days, each kept when it is whole."""
_LISTS_CHANGE = time(21, 30)
_MOST_SETS = 3
"""From more categories of one archive than this on, listing all of the archive takes fewer requests."""
_LONGEST_WINDOW = timedelta(days=30)
_BACKFILL_WINDOW = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class PlannedListing:
    """Listings of one set, oldest days first; the last one is open to the present."""

    listings: tuple[Listing, ...]
    categories: tuple[str, ...]
    """The watched ones that it covers."""
    sweep: bool
    """Whether it reaches back over late days."""


def plan_listings(cursors: Mapping[str, Cursor], now: datetime) -> tuple[PlannedListing, ...]:
    """What changed since each category was listed last; new categories have no cursor and no listing."""
    sets: dict[str, list[str]] = {}
    for category in sorted(cursors):
        sets.setdefault(archive_spec(category), []).append(category)
    planned = []
    for spec, members in sets.items():
        usual = sorted(cursors[category].changed_through for category in members)[len(members) // 2]
        level = [one for one in members if abs(usual - cursors[one].changed_through) <= SWEEP]
        groups = {set_spec(one): [one] for one in members if one not in level or len(level) <= _MOST_SETS}
        if len(level) > _MOST_SETS:
            groups[spec] = level
        planned += [_listing(name, tuple(group), cursors, now) for name, group in groups.items()]
    return tuple(planned)


def believed(cursor: Cursor, now: datetime) -> Cursor:
    """The cursor without times that lie ahead: a clock that was wrong once must not keep anything from being asked.

    What was counted by a clock ahead is counted again, and a category that was watched first by one begins anew.
    """
    first = midnight(now - FIRST_LOOK)
    ahead = cursor.submitted_through > now
    begun = cursor.whole_since <= first or not ahead
    return replace(
        cursor,
        whole_since=cursor.whole_since if begun else first,
        submitted_through=cursor.submitted_through if not ahead else max(cursor.whole_since, first) if begun else first,
        changed_through=min(cursor.changed_through, now.date()),
        swept_at=cursor.swept_at if cursor.swept_at and cursor.swept_at <= now else None,
        audited_at=cursor.audited_at if cursor.audited_at and cursor.audited_at <= now else None,
        news_at=min(cursor.news_at, now) if cursor.news_at else None,
    )


def _listing(spec: str, categories: tuple[str, ...], cursors: Mapping[str, Cursor], now: datetime) -> PlannedListing:
    swept = [cursors[category].swept_at for category in categories]
    sweep = any(at is None or now - at >= SWEEP_EVERY for at in swept)
    start = min(cursors[category].changed_through for category in categories) - (SWEEP if sweep else OVERLAP)
    listings = []
    while now.date() - start > 2 * _SLICE:
        listings.append(Listing(set_spec=spec, since=start, until=start + _SLICE - timedelta(days=1)))
        start += _SLICE
    listings.append(Listing(set_spec=spec, since=start))
    return PlannedListing(listings=tuple(listings), categories=categories, sweep=sweep)


def is_news(created: date, listed_since: date) -> bool:
    """Whether a paper that we do not have, submitted on `created`, can have been announced since `listed_since`.

    What is older was announced before and only changed now: no news for a reader.
    """
    return created >= listed_since - HOLD


def may_be_cross_list(change: Change, watched: Collection[str], listed_since: date) -> bool:
    """Whether an old paper that we do not have was listed for a watched category that was added to it.

    Or for an edit in place: a listing does not say which. It shows no new version, and its primary category is none
    of ours.
    """
    return change.categories[0] not in watched and change.updated < listed_since - SWEEP


def token_good_since(now: datetime) -> datetime:
    """From when on a resumption token may be taken again: since arXiv renewed its lists, about 22:30 Eastern.

    Were an older one taken, records that moved to another day in between would be passed over. In the evening, when
    the lists may change at any time, none is.
    """
    local = now.astimezone(EASTERN)
    if local.time() >= _LISTS_CHANGE:
        return now + timedelta(seconds=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


# --- counting ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Window:
    """The papers of these categories that were submitted between two moments."""

    categories: tuple[str, ...]
    start: datetime
    end: datetime

    @property
    def query(self) -> str:
        return f"{_any_category(self.categories)} AND {_submitted(self.start, self.end)}"

    def halves(self) -> tuple[Window, Window]:
        """For a window with more papers than arXiv lists in one set; at midnight where it is longer than a day."""
        middle = self.start + (self.end - self.start) / 2
        if midnight(middle) > self.start:
            middle = midnight(middle)
        return (
            Window(categories=self.categories, start=self.start, end=middle),
            Window(categories=self.categories, start=middle, end=self.end),
        )


@dataclass(frozen=True, kw_only=True)
class PlannedCount:
    windows: tuple[Window, ...]
    """Oldest first, without a gap, up to now."""
    categories: tuple[str, ...]
    full: bool
    """Whether all the time in which papers may be held is counted."""


def plan_counts(cursors: Mapping[str, Cursor], now: datetime, *, unlisted: Iterable[str] = ()) -> list[PlannedCount]:
    """What to count for these categories; those that stand at the same days share their windows.

    unlisted: categories whose changes could not be listed, for which the count has to find everything.
    """
    alone = set(unlisted)
    groups: dict[tuple[datetime, datetime, bool], list[str]] = {}
    for category, cursor in cursors.items():
        through = min(cursor.submitted_through, now)
        full = category in alone or cursor.audited_at is None or now - cursor.audited_at >= AUDIT_EVERY
        start = max(cursor.whole_since, through - (HOLD if full else RECENT))
        groups.setdefault((midnight(start), midnight(through), full), []).append(category)
    planned = []
    for (start, through, full), members in sorted(groups.items()):
        categories = tuple(sorted(members))
        # What was received before is counted apart from a long time that was not: its papers are not asked for again.
        edges = [start, through, now] if start < through and now - through > timedelta(days=2) else [start, now]
        windows = [Window(categories=categories, start=low, end=high) for low, high in pairwise(edges)]
        planned.append(PlannedCount(windows=tuple(windows), categories=categories, full=full))
    return planned


def fetch_windows(window: Window) -> tuple[Window, ...]:
    """A window in pieces that arXiv lists in one result set each, as a rule; oldest first."""
    return tuple(_cut(window.categories, window.start, window.end, _LONGEST_WINDOW))


# --- searching backwards -------------------------------------------------------------------------------------


def backfill_windows(
    categories: Sequence[str], now: datetime, days: int, *, reached: datetime | None = None
) -> tuple[Window, ...]:
    """The time that a new line looks back over, newest part first: what it finds first is what matters most.

    It ends where the first look at a category begins: the weeks since then are harvested whole. reached: down to
    where a search that was broken off came.
    """
    end = min(reached or now, now - FIRST_LOOK)
    return tuple(reversed(_cut(tuple(sorted(categories)), now - timedelta(days=days), end, _BACKFILL_WINDOW)))


def backfill_query(window: Window, terms: Sequence[str]) -> str:
    """The papers of a window that use one of a line's distinctive terms (words or phrases)."""
    words = " OR ".join(f'all:"{term}"' if " " in term or "-" in term else f"all:{term}" for term in terms)
    return f"{_any_category(window.categories)} AND ({words}) AND {_submitted(window.start, window.end)}"


def category_query(categories: Sequence[str]) -> str:
    """All papers of the categories."""
    return _any_category(sorted(categories))


def midnight(moment: datetime) -> datetime:
    """The beginning of its day, in UTC."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def _cut(categories: tuple[str, ...], start: datetime, end: datetime, longest: timedelta) -> list[Window]:
    windows = []
    while start < end:
        stop = min(start + longest, end)
        windows.append(Window(categories=categories, start=start, end=stop))
        start = stop
    return windows


def _any_category(categories: Sequence[str]) -> str:
    return f"({' OR '.join(f'cat:{category}' for category in categories)})"


def _submitted(start: datetime, end: datetime) -> str:
    return f"submittedDate:[{start:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]"
