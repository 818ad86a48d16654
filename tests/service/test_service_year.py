"""A year on a hand clock, in three zones and across both changes of their clocks: one digest a period, at its hour.

What is due is told from the schedule's words, apart from how litwatch reads them: `periods`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from telling_sample import TIDES, harvest, watch

from litwatch.schedule import Schedule
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content
from litwatch.service.due import digest_due
from litwatch.store.outbox import channel_since, digest_ends, know_channel
from litwatch.store.store import Store, open_store

START, END = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
BEAT, MINUTE, HOUR, DAY = timedelta(seconds=20), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SCHEDULES = ("mon 08:00", "sun 02:30", "daily 02:15", "monthly 31 23:30")
SETTINGS = Settings(top=99, threshold=0.5)


def periods(schedule: str, zone: str) -> list[datetime]:
    """Every time of the year that a schedule names: where the clock skips it, the first moment that it shows after."""
    name, *day, time = schedule.split()
    place, found = ZoneInfo(zone), []
    shown = datetime.fromisoformat(f"{START.date() - DAY} {time}")
    while shown.date() <= END.date() + DAY:
        weekday = shown.strftime("%a").lower()
        if name in ("daily", weekday) or (day and shown.day == int(day[0])):
            there = shown
            while (moment := there.replace(tzinfo=place).astimezone(UTC)).astimezone(place).replace(
                tzinfo=None
            ) != there:
                there += MINUTE
            found.append(moment)
        shown += DAY
    return [moment for moment in found if START < moment <= END]


@dataclass(frozen=True)
class Outage:
    """The daemon is down: it beats at `start` for the last time before, and at `end` for the first time after."""

    start: datetime
    end: datetime


def outages(chance: random.Random) -> list[Outage]:
    """Some twenty in a year, of minutes or of days."""
    found, now = [], START + DAY
    while (now := now + chance.random() * 30 * DAY) < END - 15 * DAY:
        end = now + chance.choice([3 * MINUTE, 5 * HOUR, 40 * HOUR, 12 * DAY]) * (0.5 + chance.random())
        found.append(Outage(now, end))
        now = end
    return found


def beats(due: list[datetime], down: list[Outage], chance: random.Random) -> Iterator[datetime]:
    """When the daemon looks: each 20 seconds around what is due, else when it happens, and never while it is down.

    Now and then its clock is set back by up to half an hour.
    """
    looks = {moment + n * BEAT - timedelta(seconds=7) for moment in due for n in (0, 1)}
    looks |= {START + chance.random() * (END - START) for _ in range(100)}
    looks |= {outage.end for outage in down}
    for look in sorted(looks):
        if not any(outage.start < look < outage.end for outage in down):
            yield look
            if chance.random() < 0.05:
                back = chance.random() * 30 * MINUTE
                yield from (look - back, look - back + BEAT)


@dataclass(frozen=True)
class Told:
    due: datetime
    at: datetime
    number: int


class Year:
    """One store and the channels of a zone; each look is one of a daemon that has just begun."""

    def __init__(self, store: Store, zone: str) -> None:
        self.store = store
        self.channels = {
            schedule: Channel(name=schedule.replace(" ", "-").replace(":", ""), url="json://127.0.0.1:9/")
            for schedule in SCHEDULES
        }
        self.schedules = {schedule: Schedule.parse(f"{schedule} {zone}") for schedule in SCHEDULES}
        self.told: dict[str, list[Told]] = {schedule: [] for schedule in SCHEDULES}
        watch(store, START)
        with store.write() as db:
            for channel in self.channels.values():
                know_channel(db, channel.name, now=START)

    def look(self, now: datetime) -> None:
        with self.store.read() as db:
            known = {
                schedule: (channel_since(db, channel.name), digest_ends(db, channel.name))
                for schedule, channel in self.channels.items()
            }
        for schedule, (since, ended) in known.items():
            assert since is not None
            due = digest_due(self.schedules[schedule], known_since=since, ended=ended, now=now)
            if due is None:
                continue
            number = self.compose(schedule, now, due)
            if number is not None:
                self.told[schedule].append(Told(due, now, number))
            # Another daemon came to the same decision in the same moment.
            assert self.compose(schedule, now + timedelta(seconds=1), due) is None

    def compose(self, schedule: str, now: datetime, due: datetime) -> int | None:
        return digest_once(self.store, [TIDES], self.channels[schedule], SETTINGS, now=now, due=due)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_year_has_one_digest_a_period_at_its_hour_or_once_late_after_an_outage(tmp_path: Path, zone: str) -> None:
    chance = random.Random(f"{zone} 2026")
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    year, numbers = Year(store, zone), count(1)
    due = {schedule: periods(schedule, zone) for schedule in SCHEDULES}
    assert {schedule: len(moments) for schedule, moments in due.items()} == dict(
        zip(SCHEDULES, (52, 52, 365, 7), strict=True)
    )
    down = outages(chance)
    harvest(store, harvested := START, next(numbers))
    for now in beats(sorted({moment for moments in due.values() for moment in moments}), down, chance):
        if now - harvested > DAY:
            harvest(store, now, *(next(numbers) for _ in range(chance.randrange(2))))
            harvested = now
        year.look(now)

    for schedule, moments in due.items():
        told = year.told[schedule]
        assert [(one.due, one.at) for one in told] == expected(moments, down, told)
        periods_of = [content["coverage"] for content in (frozen_content(store, one.number) for one in told)]
        assert all(before["period_end"] == after["period_start"] for before, after in pairwise(periods_of))
        papers = Counter(
            entry["arxiv_id"]
            for one in told
            for part in frozen_content(store, one.number)["sections"]
            for entry in part["entries"]
        )
        assert set(papers.values()) == {1}
        assert len(papers) > (100 if schedule != "monthly 31 23:30" else 50)
    store.close()


def expected(moments: list[datetime], down: list[Outage], told: list[Told]) -> list[tuple[datetime, datetime]]:
    """Each period with when it is told: within a beat, or by the first one after an outage, which tells the last alone.

    told: taken for the moment of a beat alone, which lies within 20 seconds of what was due.
    """
    at = {one.due: one.at for one in told}
    found = []
    for moment, following in pairwise([*moments, END + DAY]):
        outage = next((each for each in down if each.start < moment <= each.end), None)
        if outage is None:
            seen = at.get(moment, moment - DAY)
            assert moment <= seen < moment + BEAT, f"{moment} was told at {seen}"
            found.append((moment, seen))
        elif following > outage.end:
            found.append((moment, outage.end))
    return found
