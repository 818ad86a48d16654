"""When something is due: plain words or cron, in an IANA time zone.

"daily 06:30 UTC" · "mon 08:00 Europe/Berlin" · "mon,thu 18:00" · "weekdays 07:00" · "monthly 1 09:00"
· "hourly" · "every 6 hours" · cron's five fields, as "30 6 * * mon-fri Europe/Berlin". Without a zone: UTC.

Where clocks change, each time that a schedule names comes once: one that the clock skips at the first moment after
the gap, one that it shows twice at the first. A schedule that leaves the hour open ("hourly", "every 15 minutes")
goes on through both in real time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litwatch.model import utc

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""As cron counts them, 0 to 6; it knows Sunday as 7 too."""
_FULL_NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY_SETS = {"daily": "*", "weekdays": "mon-fri", "weekends": "sat,sun"}
_DAY_RANGE = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d?))?")
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_CRON_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_YEARS = "1970-2400"
"""A schedule that has no time in them has none at all."""
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_LOOK, _LONGEST_LOOK = timedelta(days=1), timedelta(days=44 * 366)
"""29 February is a Monday after 40 years at the latest, where a century's year between them is no leap year."""
_INSTANT, _SECOND = timedelta(microseconds=1), timedelta(seconds=1)
_FORMS = 'as "daily 06:30 UTC", "mon 08:00 Europe/Berlin", "every 6 hours" or cron\'s five fields'


@dataclass(frozen=True)
class Schedule:
    """A repeating moment, as cron's five fields in a time zone."""

    fields: tuple[str, str, str, str, str]
    """minute, hour, day of month, month, day of week (single days by name, or "*")."""
    zone: str

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Raises ValueError, saying what forms there are, when the text is no schedule."""
        words = text.split()
        zone = "UTC"
        fields = _fields([word.lower() for word in words])
        if fields is None and words and re.fullmatch(r"[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+\d*)*", words[-1]):
            zone = words.pop()
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError):
                raise ValueError(f"{zone!r} is no time zone; use an IANA name, as Europe/Berlin") from None
            fields = _fields([word.lower() for word in words])
        if fields is None:
            raise ValueError(f"{text!r} is no schedule; write it {_FORMS}")
        schedule = cls(fields, zone)
        try:
            schedule.next_after(_BEGINNING)
        except ValueError as error:
            raise ValueError(f"{text!r} is no schedule ({error}); write it {_FORMS}") from None
        return schedule

    def next_after(self, moment: datetime) -> datetime:
        """The first due time later than `moment`, in UTC."""
        return self._next_open(utc(moment)) if self.fields[1] == "*" else self._next_named(utc(moment))

    def last_until(self, moment: datetime) -> datetime | None:
        """The last due time at or before `moment`, in UTC; None when there was none in 44 years.

        Found by halving: some thirty steps, however far back it lies.
        """
        moment = utc(moment)
        span, none_since = _FIRST_LOOK, moment
        while (last := self.next_after(moment - span)) > moment:
            if span == _LONGEST_LOOK:
                return None
            none_since, span = moment - span, min(4 * span, _LONGEST_LOOK)
        while (following := self.next_after(last)) <= moment:
            middle = last + (none_since - last) / 2
            due = self.next_after(middle)
            if due <= moment:
                last = due
            else:
                last, none_since = following, middle
        return last

    def _next_named(self, moment: datetime) -> datetime:
        """Of a schedule that names its hours: through the times that it names, each as the moment when it comes.

        Those moments rise with the times, though times that a clock skips share one, and times that a clock shows
        twice may lie behind `moment`.
        """
        shown = self._shown(moment)
        while True:
            shown = self._named_after(shown)
            due = self._moment_of(shown)
            if due > moment:
                return due

    def _next_open(self, moment: datetime) -> datetime:
        """Of a schedule that leaves the hour open: from one change of the clock to the next in real time."""
        shown = self._shown(moment)
        while True:
            following = self._named_after(shown)
            due = moment + (following - shown)
            if self._shown(due) == following:
                return due
            change = self._change_between(moment, due)
            moment, shown = change - _INSTANT, self._shown(change) - _INSTANT

    def _named_after(self, shown: datetime) -> datetime:
        """The next time on the clock that the fields name, naive as `shown`."""
        found: datetime | None = self._trigger.get_next_fire_time(None, shown.replace(tzinfo=UTC) + _INSTANT)
        if found is None:
            raise ValueError("it has no next time")
        return found.replace(tzinfo=None)

    def _shown(self, moment: datetime) -> datetime:
        """What the clock of the zone shows, naive."""
        return moment.astimezone(self._place).replace(tzinfo=None)

    def _moment_of(self, shown: datetime) -> datetime:
        """When the clock first shows this time; where it skips it, the first moment after the gap."""
        moment = shown.replace(tzinfo=self._place).astimezone(UTC)
        if self._shown(moment) == shown:
            return moment
        return self._change_between(shown.replace(tzinfo=self._place, fold=1).astimezone(UTC), moment)

    def _change_between(self, before: datetime, after: datetime) -> datetime:
        """The first moment, to the second, of the offset that the zone has at `after`, and had not at `before`."""
        offset = after.astimezone(self._place).utcoffset()
        before = before.replace(microsecond=0)
        while (seconds := (after - before) // _SECOND) > 1:
            middle = before + seconds // 2 * _SECOND
            if middle.astimezone(self._place).utcoffset() == offset:
                after = middle
            else:
                before = middle
        return after

    @cached_property
    def _place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def _trigger(self) -> CronTrigger:
        return _trigger(self.fields)


@cache
def _trigger(fields: tuple[str, str, str, str, str]) -> CronTrigger:
    """Runs through times as a clock without changes shows them, which are given to it as if they were UTC."""
    from apscheduler.triggers.cron import CronTrigger

    return CronTrigger(**dict(zip(_CRON_FIELDS, fields, strict=True)), year=_YEARS, timezone=UTC)


def _fields(words: list[str]) -> tuple[str, str, str, str, str] | None:
    match words:
        case ["hourly"]:
            return ("0", "*", "*", "*", "*")
        case ["every", number, unit] if number.isdecimal() and int(number) > 0:
            if unit in ("minute", "minutes") and int(number) < 60:
                return (f"*/{number}", "*", "*", "*", "*")
            if unit in ("hour", "hours") and int(number) < 24:
                return ("0", f"*/{number}", "*", "*", "*")
        case ["monthly", day, time] if (clock := _TIME.fullmatch(time)) and day.isdecimal():
            return (clock["minute"], clock["hour"], day, "*", "*")
        case ["weekly", *rest] if rest:
            return _fields(rest)
        case [days, time] if (clock := _TIME.fullmatch(time)) and not re.search(r"[\d*/]", days):
            if named := _days(_DAY_SETS.get(days, days)):
                return (clock["minute"], clock["hour"], "*", "*", named)
        case [minute, hour, day, month, weekday] if named := _days(weekday):
            return (minute, hour, day, month, named)
    return None


def _days(field: str) -> str | None:
    """Cron's day of the week ("1-5", "fri-mon", "*/2", "sun,tue") as single days' names; None where it is none.

    APScheduler counts from Monday and takes no range over Sunday: names alone mean the same to both.
    """
    if field == "*":
        return field
    chosen: set[int] = set()
    for part in field.split(","):
        found = _DAY_RANGE.fullmatch(part)
        first, last = (_number(found["first"]), _number(found["last"])) if found else (None, None)
        if found is None or (found["first"] and first is None) or (found["last"] and last is None):
            return None
        step = int(found["step"] or 1)
        if first is None:
            first, last = 0, 6
        elif last is None:
            last = first if found["step"] is None else 6
        elif last < first:
            last += 7
        chosen.update(day % 7 for day in range(first, last + 1, step))
    return ",".join(_DAYS[day] for day in sorted(chosen))


def _number(day: str | None) -> int | None:
    """A day as cron counts it, from its number or its name, short or full."""
    if day is None:
        return None
    if day in ("0", "1", "2", "3", "4", "5", "6", "7"):
        return int(day)
    return next((at for at, name in enumerate(_FULL_NAMES) if len(day) >= 3 and name.startswith(day)), None)
