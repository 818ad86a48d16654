"""When arXiv has something new, and what it means when a category brought nothing.

arXiv announces at 20:00 US Eastern, Sunday to Thursday; a holiday defers that to the next such evening. OAI-PMH
lists what was announced from about 22:30, the search API from the midnight that follows: its index changes at the
beginning of Monday to Friday, Eastern time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from litwatch.model import HarvestState

EASTERN = ZoneInfo("America/New_York")

PUBLISHED_HOLIDAYS: Mapping[int, frozenset[date]] = {
    2026: frozenset(
        date(2026, month, day)
        for month, day in ((1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31))
    ),
}
"""By year, the days on which arXiv said that it announces nothing. In other years `is_likely_holiday` goes by rule."""

TELLING = 9.21
"""So many papers were to be expected before their absence tells (Poisson: e^-9.21 is 1 in 10,000)."""

_ANNOUNCED = time(20)
_LISTED = time(22)
"""From about 22:30 Eastern OAI-PMH lists what was announced that evening."""
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
_DAY = timedelta(days=1)
# Not strftime's: those follow the locale of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# --- the calendar --------------------------------------------------------------------------------------------


def is_published_holiday(day: date) -> bool:
    """Whether arXiv's own list has that day. A year without a list has none."""
    return day in PUBLISHED_HOLIDAYS.get(day.year, ())


def is_likely_holiday(day: date) -> bool:
    """Whether arXiv may leave out the evening of that day, going by rule and not by its list.

    In a year without a list: the US federal days that its lists keep and the days from Christmas to New Year. In
    every year: the Sunday after a holiday on a Friday, as on 2025-07-06, since what closes on that Friday is due on it.
    """
    if day.weekday() == _SUNDAY and _is_holiday(day - 2 * _DAY):
        return True
    return day.year not in PUBLISHED_HOLIDAYS and day in _kept_by_rule(day.year)


def announced_at(day: date) -> datetime | None:
    """When an announcement is due on that Eastern day, in UTC; None on Friday, Saturday and holidays, likely or not."""
    if _is_evening_of_announcements(day) and not _is_holiday(day):
        return _eastern(day, _ANNOUNCED)
    return None


def last_index_change(now: datetime) -> datetime:
    """The last moment at or before `now` at which the search API should have shown new papers, in UTC."""
    day = now.astimezone(EASTERN).date()
    while not _index_changes(day):
        day -= _DAY
    return _eastern(day)


def feed_day(now: datetime) -> date:
    """The Eastern day whose announcements the RSS feeds show at `now`: that of the last index change."""
    return last_index_change(now).astimezone(EASTERN).date()


def feed_day_from(day: date) -> date:
    """The first day from `day` on that has a feed of its own."""
    while not _index_changes(day):
        day += _DAY
    return day


def announcements_between(after: datetime, until: datetime) -> int:
    """How many announcements should have reached the search API after `after`, up to and with `until`."""
    first, last = (moment.astimezone(EASTERN).date() for moment in (after, until))
    days = (first + n * _DAY for n in range((last - first).days + 1))
    return sum(_index_changes(day) and after < _eastern(day) <= until for day in days)


def index_is_behind(now: datetime) -> bool:
    """Whether OAI-PMH may list papers that the search API shows only from midnight on.

    So it is from the announcement to the midnight that follows; on a likely holiday too, for there may be one.
    """
    local = now.astimezone(EASTERN)
    day = local.date()
    return local.time() >= _ANNOUNCED and _is_evening_of_announcements(day) and not is_published_holiday(day)


def _covered_by(news_at: datetime) -> datetime:
    """Up to when no further announcement is due for a category that had news then.

    What OAI-PMH lists late in the evening is what the search API shows from the midnight that follows: that one
    announcement was met already.
    """
    local = news_at.astimezone(EASTERN)
    if local.time() >= _LISTED and _is_evening_of_announcements(local.date()):
        return _eastern(local.date() + _DAY)
    return news_at


# --- the state of a category ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CategoryState:
    """How a poll ended for one category."""

    state: HarvestState
    reason: str = ""
    """What is wrong, in words; empty unless stalled or failed."""


def category_state(
    *,
    now: datetime,
    news_at: datetime | None,
    usual_per_day: float,
    came: int,
    complete: bool,
    feed_is_empty: bool,
    trouble: str = "",
) -> CategoryState:
    """What a poll at `now` says of a category, judged by the ids that it brought and never by the dates of a feed.

    news_at: when the last poll ended that brought a new id of the category; None where none ever did.
    usual_per_day: new ids of the category that a usual announcement brings.
    came: new ids of the category in this poll. complete: whether all that was asked for it was received whole;
    `trouble` says what was not.
    feed_is_empty: arXiv's own feed of today was received whole and announces nothing. It excuses one announcement:
    a holiday that no list has, or a late day.
    """
    if not complete:
        return CategoryState(state=HarvestState.FAILED, reason=trouble)
    if came:
        return CategoryState(state=HarvestState.FRESH)
    # Where nothing ever came there is no count to trust; that the last announcement was due is certain.
    due = 1 if news_at is None else announcements_between(_covered_by(news_at), now)
    missed = due - 1 if feed_is_empty else due
    if usual_per_day * missed >= TELLING:
        return CategoryState(state=HarvestState.STALLED, reason=_silence(now, news_at, missed))
    return CategoryState(state=HarvestState.QUIET if _is_quiet(now) else HarvestState.WAITING)


def overall(states: Mapping[str, CategoryState]) -> HarvestState:
    """The state of a poll over categories: the worst trouble, else the best news. WAITING where there are none."""
    found = {category.state for category in states.values()}
    order = (HarvestState.FAILED, HarvestState.STALLED, HarvestState.FRESH, HarvestState.WAITING, HarvestState.QUIET)
    return next((state for state in order if state in found), HarvestState.WAITING)


def _silence(now: datetime, news_at: datetime | None, missed: int) -> str:
    # Without the usual number of papers: categories that fell silent together then share their reason.
    since = "nothing new has ever come"
    if news_at is not None:
        last = news_at.astimezone(UTC)
        year = "" if last.year == now.astimezone(UTC).year else f" {last.year}"
        since = f"nothing new since {last.day} {_MONTHS[last.month - 1]}{year}"
    due = "1 announcement was" if missed == 1 else f"{missed:,} announcements were"
    return f"{since}, though {due} due"


def _is_quiet(now: datetime) -> bool:
    """Whether this Eastern day is a holiday or began without an index change, and no announcement has come since."""
    day = now.astimezone(EASTERN).date()
    tonight = announced_at(day)
    if tonight is not None and now >= tonight:
        return False
    return _is_holiday(day) or not _index_changes(day)


# --- days ----------------------------------------------------------------------------------------------------


def _is_evening_of_announcements(day: date) -> bool:
    return day.weekday() not in (_FRIDAY, _SATURDAY)


def _is_holiday(day: date) -> bool:
    return is_published_holiday(day) or is_likely_holiday(day)


def _index_changes(day: date) -> bool:
    """Whether the search API should show new papers from the beginning of that Eastern day on."""
    return announced_at(day - _DAY) is not None


def _eastern(day: date, at: time = time()) -> datetime:
    # In UTC, for two moments of one zone compare and subtract by the clock on the wall. Summer time comes and
    # goes at 02:00, so neither 20:00 nor midnight is ever missing or double.
    return datetime.combine(day, at, EASTERN).astimezone(UTC)


@cache
def _kept_by_rule(year: int) -> frozenset[date]:
    """New Year, Martin Luther King day, Juneteenth, Independence day, Labor Day, Thanksgiving, Christmas to New Year.

    Not every federal day: arXiv announces on Presidents', Memorial, Columbus and Veterans Day.
    """
    kept = {_nth(year, 1, 3, _MONDAY), _nth(year, 9, 1, _MONDAY), _nth(year, 11, 4, _THURSDAY)}
    kept |= {date(year, 12, day) for day in range(25, 32)}
    for day in (date(year, 1, 1), date(year, 6, 19), date(year, 7, 4)):
        # On a weekend it is observed on the nearest weekday; which evening arXiv then leaves out is open.
        observed = {_SATURDAY: day - _DAY, _SUNDAY: day + _DAY}
        kept |= {day, observed.get(day.weekday(), day)}
    return frozenset(kept)


def _nth(year: int, month: int, n: int, weekday: int) -> date:
    """The n-th such weekday of a month, from 1."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=n - 1)
