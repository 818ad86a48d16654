"""What to ask arXiv next: pure, from cursors and the time.

Papers appear up to weeks after their submission date, because moderation holds some (of 17,401, 91 % appeared
within four days, 3.2 % after more than fourteen). A window on the submission date therefore reaches back past
the cursor, by a week at every poll and by five weeks once a week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from litwatch.model import Cursor

OVERLAP = timedelta(days=7)
SWEEP = timedelta(days=35)
SWEEP_EVERY = timedelta(days=7)
FIRST_LOOK = SWEEP
"""As far as any later poll reaches: what that finds is then new to arXiv's readers, not only to us."""
REVISED_OVERLAP = timedelta(days=3)
_LONGEST_WINDOW = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Window:
    """One question: the papers of these categories that were submitted between two moments."""

    categories: tuple[str, ...]
    start: datetime
    end: datetime

    @property
    def query(self) -> str:
        return f"{_any_category(self.categories)} AND {_submitted(self.start, self.end)}"

    def halves(self) -> tuple[Window, Window]:
        """For a window with more papers than arXiv lists in one result set."""
        middle = self.start + (self.end - self.start) / 2
        return (
            Window(categories=self.categories, start=self.start, end=middle),
            Window(categories=self.categories, start=middle, end=self.end),
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    windows: tuple[Window, ...]
    """For new papers, oldest first within each group of categories."""
    revised_since: datetime | None
    """How far back to look for new versions; None where every category is new."""
    sweep: bool


def plan_poll(categories: Sequence[str], cursors: Mapping[str, Cursor], now: datetime) -> Plan:
    """The windows to ask for now. Categories that stand at the same day share theirs."""
    sweep = any(
        cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY
        for category, cursor in cursors.items()
        if category in categories
    )
    reach = SWEEP if sweep else OVERLAP
    groups: dict[datetime, list[str]] = {}
    for category in categories:
        cursor = cursors.get(category)
        start = cursor.submitted_through - reach if cursor else now - FIRST_LOOK
        groups.setdefault(start.replace(hour=0, minute=0, second=0, microsecond=0), []).append(category)
    windows: list[Window] = []
    for start, members in sorted(groups.items()):
        windows += _cut(tuple(sorted(members)), start, now)
    revised = [cursors[category].revised_through for category in categories if category in cursors]
    return Plan(windows=tuple(windows), revised_since=min(revised) - REVISED_OVERLAP if revised else None, sweep=sweep)


def backfill_windows(categories: Sequence[str], now: datetime, days: int) -> tuple[Window, ...]:
    """The time that a new line looks back over, newest part first: what it finds first is what matters most.

    It ends where every poll begins: the weeks since then are harvested whole.
    """
    windows = _cut(tuple(sorted(categories)), now - timedelta(days=days), now - FIRST_LOOK, timedelta(days=90))
    return tuple(reversed(windows))


def backfill_query(window: Window, terms: Sequence[str]) -> str:
    """The papers of a window that use one of a line's distinctive terms (words or phrases)."""
    words = " OR ".join(f'all:"{term}"' if " " in term or "-" in term else f"all:{term}" for term in terms)
    return f"{_any_category(window.categories)} AND ({words}) AND {_submitted(window.start, window.end)}"


def revised_query(categories: Sequence[str]) -> str:
    """All papers of the categories; asked newest version first, and only until those known already."""
    return _any_category(sorted(categories))


def _cut(
    categories: tuple[str, ...], start: datetime, end: datetime, longest: timedelta = _LONGEST_WINDOW
) -> list[Window]:
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
