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

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SETS = {"daily": "*", "weekdays": "mon-fri", "weekends": "sat,sun"}
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_CRON_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_FORMS = 'as "daily 06:30 UTC", "mon 08:00 Europe/Berlin", "every 6 hours" or cron\'s five fields'


@dataclass(frozen=True)
class Schedule:
    """A repeating moment, as cron's five fields in a time zone."""

    fields: tuple[str, str, str, str, str]
    """minute, hour, day of month, month, day of week (by name or with 0 = Monday)."""
    zone: str

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Raises ValueError, saying what forms there are, when the text is no schedule."""
        words = text.split()
        zone = "UTC"
        if words and re.fullmatch(r"[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+\d*)*", words[-1]):
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
        case [days, time] if clock := _TIME.fullmatch(time):
            names = [_DAY_SETS.get(days)] if days in _DAY_SETS else [_day(day) for day in days.split(",")]
            if all(names):
                return (clock["minute"], clock["hour"], "*", "*", ",".join(name for name in names if name))
        case [minute, hour, day, month, weekday]:
            return (minute, hour, day, month, _cron_days(weekday))
    return None


def _day(word: str) -> str | None:
    """A day's or range of days' short names; full English names are read too."""
    ends = word.split("-")
    short = [end[:3] for end in ends if end[:3] in _DAYS and len(end) >= 3]
    return "-".join(short) if len(short) == len(ends) <= 2 else None


def _cron_days(field: str) -> str:
    """Cron counts days from Sunday (0 and 7), APScheduler from Monday: numbers become names."""
    return re.sub(r"(?<![*/\w])[0-7](?!\w)", lambda day: _DAYS[(int(day[0]) - 1) % 7], field)
