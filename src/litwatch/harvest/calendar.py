"""When arXiv has something new, and what it means when nothing came.

arXiv announces at 20:00 US Eastern, Sunday to Thursday; the search API shows it from the midnight that
follows, so its contents change at the beginning of Monday to Friday, Eastern time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from litwatch.model import HarvestState

EASTERN = ZoneInfo("America/New_York")

# Days on which arXiv defers its announcement, as it published them.
HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in ((1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31))
)

# Below this many papers on a usual day, a day without any is no sign of trouble (Poisson: e^-3 is 5 %).
_TELLING = 3.0


def last_index_change(now: datetime) -> datetime:
    """The last moment at or before `now` at which the search API should have shown new papers."""
    day = now.astimezone(EASTERN).date()
    while not _announces(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return datetime.combine(day, time(), EASTERN)


def state_without_news(now: datetime, last_news: datetime | None, usual_per_day: float) -> HarvestState:
    """What a whole harvest that brought nothing new means.

    last_news: when any harvest last brought a new paper. usual_per_day: new papers of the watched categories
    on a usual announcement day.
    """
    due = last_news is None or last_news < last_index_change(now)
    if due and usual_per_day >= _TELLING:
        return HarvestState.STALLED
    if not _announces(now.astimezone(EASTERN).date() - timedelta(days=1)):
        return HarvestState.QUIET
    return HarvestState.WAITING


def _announces(day: date) -> bool:
    """Whether arXiv announces in the evening of that day (Sunday to Thursday, no holiday)."""
    return day.weekday() in (6, 0, 1, 2, 3) and day not in HOLIDAYS
