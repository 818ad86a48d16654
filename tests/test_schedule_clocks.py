"""Schedules where clocks change: each time once, in order, at the hour asked for; and at a small cost."""

from __future__ import annotations

import calendar
import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from litwatch.schedule import Schedule

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Cairo",
    "America/Phoenix",
    "UTC",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

clock_times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
texts = st.one_of(
    st.builds("{} {}".format, st.sampled_from([*DAYS, "daily", "weekdays", "mon,thu"]), clock_times),
    st.builds("monthly {} {}".format, st.integers(1, 31), clock_times),
    st.builds("every {} hours".format, st.integers(1, 12)),
    st.builds("every {} minutes".format, st.integers(1, 59)),
    st.sampled_from(["hourly", "30 2 29 2 *", "*/7 1-3 * * *", "15,45 * * * sun", "0 0 last * *", "5 4 29 2 mon"]),
)
schedules = st.builds(lambda text, zone: Schedule.parse(f"{text} {zone}"), texts, st.sampled_from(ZONES))
moments = st.builds(
    lambda day, within: datetime(2005, 1, 1, tzinfo=UTC) + day * DAY + within,
    st.integers(0, 35 * 365),
    st.timedeltas(timedelta(0), DAY),
)


def local(schedule: Schedule, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None)


def between(schedule: Schedule, start: str, end: str) -> list[str]:
    """The due times after one UTC time up to another one, each with the zone's offset then."""
    moment, last = (datetime.fromisoformat(f"{each}+00:00") for each in (start, end))
    found = []
    while (moment := schedule.next_after(moment)) <= last:
        found.append(moment.astimezone(ZoneInfo(schedule.zone)).isoformat(timespec="minutes"))
    return found


@settings(deadline=None)
@given(schedules, moments)
def test_the_next_time_lies_ahead_and_the_last_one_behind_with_none_between(
    schedule: Schedule, moment: datetime
) -> None:
    following, last = schedule.next_after(moment), schedule.last_until(moment)
    assert following > moment
    assert last is not None
    assert last <= moment
    assert schedule.next_after(last) == following
    assert schedule.last_until(following) == following
    assert schedule.last_until(following - timedelta(microseconds=1)) == last


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 6), clock_times, st.integers(2005, 2038))
@example("Pacific/Apia", 4, "08:00", 2011)  # a Friday that its calendar left out
@example("Europe/Berlin", 6, "02:30", 2026)
@example("Australia/Lord_Howe", 6, "02:15", 2026)
@example("Australia/Lord_Howe", 6, "01:45", 2026)
@example("Africa/Cairo", 4, "00:30", 2026)
def test_a_weekly_time_comes_once_for_each_such_day_of_a_year_at_its_hour(
    zone: str, weekday: int, time: str, year: int
) -> None:
    schedule = Schedule.parse(f"{DAYS[weekday]} {time} {zone}")
    moment = datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(microseconds=1)
    shown = []
    while (moment := schedule.next_after(moment)).astimezone(ZoneInfo(zone)).year == year:
        shown.append(local(schedule, moment))
    days = [date(year, 1, 1) + n * DAY for n in range(365 + calendar.isleap(year))]
    named = [datetime.fromisoformat(f"{day} {time}") for day in days if day.weekday() == weekday]
    assert len(shown) == len(named)
    for was, asked in zip(shown, named, strict=True):
        there = asked.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if there == asked:
            assert was == asked
        else:
            assert asked < was <= there, "a time that the clock skips comes at the end of the gap"


@settings(deadline=None)
@given(st.sampled_from([zone for zone in ZONES if zone != "Pacific/Apia"]), clock_times, moments)
def test_a_daily_time_comes_once_each_day(zone: str, time: str, moment: datetime) -> None:
    schedule = Schedule.parse(f"daily {time} {zone}")
    first = schedule.next_after(moment)
    assert local(schedule, schedule.next_after(first)).date() - local(schedule, first).date() == DAY


@settings(deadline=None)
@given(
    st.sampled_from(["hourly", "every 15 minutes", "every 20 minutes", "10 * * * *"]),
    st.sampled_from([zone for zone in ZONES if zone != "Australia/Lord_Howe"]),
    moments,
)
def test_a_schedule_that_leaves_the_hour_open_beats_in_real_time(text: str, zone: str, moment: datetime) -> None:
    schedule = Schedule.parse(f"{text} {zone}")
    beats = list(itertools.islice(iterated(schedule, moment), 12))
    assert len({after - before for before, after in itertools.pairwise(beats)}) == 1


def iterated(schedule: Schedule, moment: datetime) -> itertools.accumulate[datetime]:
    return itertools.accumulate(
        itertools.repeat(moment), lambda last, _: schedule.next_after(last), initial=schedule.next_after(moment)
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "told"),
    [
        pytest.param(
            "daily 02:30 Europe/Berlin",
            "2026-03-27T12:00",
            "2026-03-30T12:00",
            ["2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"],
            id="a skipped time at the end of the gap",
        ),
        pytest.param(
            "daily 02:30 Europe/Berlin",
            "2026-10-24T12:00",
            "2026-10-26T12:00",
            ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"],
            id="a repeated time at the first",
        ),
        pytest.param(
            "daily 02:15 Australia/Lord_Howe",
            "2026-10-02T20:00",
            "2026-10-04T20:00",
            ["2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"],
            id="a gap of half an hour",
        ),
        pytest.param(
            "daily 01:45 Australia/Lord_Howe",
            "2026-04-03T20:00",
            "2026-04-05T20:00",
            ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"],
            id="half an hour twice",
        ),
        pytest.param(
            "*/30 2,3 * * * Europe/Berlin",
            "2026-03-29T00:00",
            "2026-03-29T12:00",
            ["2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00"],
            id="times that share the end of the gap",
        ),
        pytest.param(
            "every 2 hours Europe/Berlin",
            "2026-10-24T21:00",
            "2026-10-25T04:00",
            ["2026-10-25T00:00+02:00", "2026-10-25T02:00+02:00", "2026-10-25T04:00+01:00"],
            id="every other hour keeps to the clock",
        ),
        pytest.param(
            "every 30 minutes Australia/Lord_Howe",
            "2026-04-04T14:29",
            "2026-04-04T15:30",
            [f"2026-04-05T{time}" for time in ("01:30+11:00", "01:30+10:30", "02:00+10:30")],
            id="half hours, one of them twice",
        ),
        pytest.param(
            "fri 08:00 Pacific/Apia",
            "2011-12-23T20:00",
            "2012-01-06T20:00",
            ["2011-12-31T00:00+14:00", "2012-01-06T08:00+14:00"],
            id="a skipped day",
        ),
        pytest.param(
            "monthly 31 09:00 Asia/Kathmandu",
            "2026-01-01T00:00",
            "2026-06-01T00:00",
            [f"2026-{day}T09:00+05:45" for day in ("01-31", "03-31", "05-31")],
            id="months without the day are passed over",
        ),
    ],
)
def test_what_comes_where_a_clock_changes(text: str, start: str, end: str, told: list[str]) -> None:
    assert between(Schedule.parse(text), start, end) == told


@pytest.mark.parametrize(
    ("text", "steps"), [("29 february", 90), ("monday 29 february", 110), ("every minute", 40), ("mon 08:00", 60)]
)
def test_the_last_time_is_found_in_few_steps_however_far_back(text: str, steps: int) -> None:
    cron = {"29 february": "0 8 29 2 *", "monday 29 february": "0 8 29 2 mon", "every minute": "* * * * *"}
    schedule = Schedule.parse(cron.get(text, text))
    taken = 0

    class Counted(Schedule):
        def next_after(self, moment: datetime) -> datetime:
            nonlocal taken
            taken += 1
            return super().next_after(moment)

    last = Counted(schedule.fields, schedule.zone).last_until(datetime(2027, 5, 5, 12, 0, 30, tzinfo=UTC))
    assert last is not None
    assert taken <= steps


@pytest.mark.parametrize("text", ["0 8 31 2 *", "monthly 32 08:00", "0 8 30 2 mon"])
def test_a_schedule_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no schedule"):
        Schedule.parse(text)
