"""Schedules in plain words and cron, right across changes of the clocks."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from litwatch.schedule import Schedule

THURSDAY = datetime(2025, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "following", "last"),
    [
        ("daily 06:30 UTC", "2025-11-21T06:30", "2025-11-20T06:30"),
        ("mon 08:00 Europe/Berlin", "2025-11-24T07:00", "2025-11-17T07:00"),
        ("Monday 8:00 Europe/Berlin", "2025-11-24T07:00", "2025-11-17T07:00"),
        ("weekly mon 08:00", "2025-11-24T08:00", "2025-11-17T08:00"),
        ("mon,thu 18:00", "2025-11-20T18:00", "2025-11-17T18:00"),
        ("weekdays 07:00", "2025-11-21T07:00", "2025-11-20T07:00"),
        ("monthly 1 09:00", "2025-12-01T09:00", "2025-11-01T09:00"),
        ("hourly", "2025-11-20T13:00", "2025-11-20T12:00"),
        ("every 6 hours", "2025-11-20T18:00", "2025-11-20T12:00"),
        ("30 6 * * 1-5 Europe/Berlin", "2025-11-21T05:30", "2025-11-20T05:30"),
        ("0 9 * * 0", "2025-11-23T09:00", "2025-11-16T09:00"),
        ("0 9 * * 7", "2025-11-23T09:00", "2025-11-16T09:00"),
        ("0 8 * * 0-6", "2025-11-21T08:00", "2025-11-20T08:00"),
        ("0 8 * * 5-7", "2025-11-21T08:00", "2025-11-16T08:00"),
        ("0 8 * * 0-2", "2025-11-23T08:00", "2025-11-18T08:00"),
        ("0 8 * * fri-mon", "2025-11-21T08:00", "2025-11-17T08:00"),
        ("0 8 * * SUN-TUE", "2025-11-23T08:00", "2025-11-18T08:00"),
        ("0 8 * * 1-5/2", "2025-11-21T08:00", "2025-11-19T08:00"),
        ("0 8 * * 1,sat", "2025-11-22T08:00", "2025-11-17T08:00"),
        ("0 8 * * */2", "2025-11-22T08:00", "2025-11-20T08:00"),
        ("*/20 */2 * * *", "2025-11-20T12:20", "2025-11-20T12:00"),
        ("30 6 * * MON", "2025-11-24T06:30", "2025-11-17T06:30"),
        ("30 6 * * Mon Europe/Berlin", "2025-11-24T05:30", "2025-11-17T05:30"),
        ("sun-tue 08:00", "2025-11-23T08:00", "2025-11-18T08:00"),
        ("Hourly", "2025-11-20T13:00", "2025-11-20T12:00"),
    ],
)
def test_a_schedule_knows_its_next_and_its_last_time(text: str, following: str, last: str) -> None:
    schedule = Schedule.parse(text)
    assert schedule.next_after(THURSDAY) == datetime.fromisoformat(following + "+00:00")
    assert schedule.last_until(THURSDAY) == datetime.fromisoformat(last + "+00:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometimes",
        "mon 25:00",
        "mon 08:00 Europe/Berlinn",
        "61 * * * *",
        "0 8 * * 8",
        "0 8 * * 1-",
        "0 8 * * mon/0",
        "0 8 * * foo",
        "every 0 hours",
    ],
)
def test_what_is_no_schedule_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        Schedule.parse(text)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_weekly_time_stays_at_its_local_hour_through_a_year(zone: str) -> None:
    schedule = Schedule.parse(f"sun 08:00 {zone}")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    times = []
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        moment = schedule.next_after(moment)
        times.append(moment.astimezone(ZoneInfo(zone)))
    assert {(time.weekday(), time.hour, time.minute) for time in times} == {(6, 8, 0)}
    assert {b.date() - a.date() for a, b in itertools.pairwise(times)} == {timedelta(days=7)}
