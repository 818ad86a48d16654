"""When something is due: plain words or cron, in an IANA time zone.

"daily 06:30 UTC" · "mon 08:00 Europe/Berlin" · "mon,thu 18:00" · "weekdays 07:00" · "monthly 1 09:00"
· "hourly" · "every 6 hours" · cron's five fields, as "30 6 * * mon-fri Europe/Berlin". Without a zone: UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
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
            trigger = schedule._trigger
        except ValueError as error:
            raise ValueError(f"{text!r} is no schedule ({error}); write it {_FORMS}") from None
        del trigger
        return schedule

    def next_after(self, moment: datetime) -> datetime:
        """The first due time later than `moment`, in UTC."""
        found = self._trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
        if found is None:
            raise ValueError("this schedule has no next time")
        return utc(found)

    def last_until(self, moment: datetime) -> datetime | None:
        """The last due time at or before `moment`, in UTC; None when there was none in a year."""
        for days in (2, 9, 33, 367):
            due, last = self.next_after(moment - timedelta(days=days)), None
            while due <= moment:
                last, due = due, self.next_after(due)
            if last:
                return last
        return None

    @cached_property
    def _trigger(self) -> CronTrigger:
        from apscheduler.triggers.cron import CronTrigger

        return CronTrigger(**dict(zip(_CRON_FIELDS, self.fields, strict=True)), timezone=ZoneInfo(self.zone))


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
