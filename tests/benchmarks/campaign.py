"""Months of litwatch against a simulated arXiv, from the outside: what was missed, told twice, asked too often.

What should have come of it is told from the simulator's own archive.
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.simulated import (
    QUESTIONS,
    TOPICS,
    WITHDRAWAL,
    Plan,
    Postbox,
    Reader,
    Simulator,
    draw_faults,
    revise,
    told_papers,
)

FIRST_LOOK = timedelta(days=35)
"""A first poll is meant to find what was submitted since then."""
HALF_AN_HOUR = timedelta(minutes=30)
TRIES, LAST_TRIES = 4, 12
"""How often a day's poll is repeated while it fails; more often on the last day, which is held against arXiv."""
WEEK = 7
EASTERN = ZoneInfo("America/New_York")


@dataclass(kw_only=True)
class Outcome:
    """What a campaign came to. Papers by id; delays in days; the gap in seconds."""

    expected: int = 0
    """Papers of the watched categories that were announced meanwhile, or that the first poll should find."""
    stored: int = 0
    missed: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    """Stored at an older version than arXiv shows."""
    withdrawals: int = 0
    unnoticed: tuple[str, ...] = ()
    """Withdrawn, and not stored as such."""
    told: int = 0
    told_twice: tuple[str, ...] = ()
    troubles: list[tuple[date, str]] = field(default_factory=list)
    """Alerts about trouble: the day and what they said."""
    quiet_troubles: list[tuple[date, str]] = field(default_factory=list)
    """Those on a Saturday, a Sunday, or a day on which nothing was announced, though no poll had failed."""
    states: Counter[str] = field(default_factory=Counter)
    """Of polls."""
    failed_days: int = 0
    """Days whose last poll failed."""
    requests: list[int] = field(default_factory=list)
    """Of each day with polls."""
    counted: int = 0
    """Requests by litwatch's own account."""
    by_source: Counter[str] = field(default_factory=Counter)
    smallest_gap: float = 0.0
    most_at_once: int = 0
    unordered_429: int = 0
    faults: int = 0
    delays: list[float] = field(default_factory=list)
    """From the search API's showing a paper to its being stored, for those announced meanwhile."""
    seconds: float = 0.0

    @property
    def flaws(self) -> dict[str, Any]:
        """What must not be, by name; empty when all is well."""
        found = {
            "missed": self.missed,
            "versions behind": self.behind,
            "withdrawals unnoticed": self.unnoticed,
            "told twice": self.told_twice,
            "trouble on quiet days": self.quiet_troubles,
            "429 that no fault ordered": self.unordered_429,
            "at once": self.most_at_once if self.most_at_once > 1 else 0,
        }
        return {name: value for name, value in found.items() if value}

    def table(self) -> str:
        daily = self.requests[1:] or [0]
        rows = [
            ("papers expected, missed", f"{self.expected:,}, {len(self.missed):,}"),
            ("versions behind", f"{len(self.behind):,} of {self.stored:,} stored"),
            ("withdrawals unnoticed", f"{len(self.unnoticed)} of {self.withdrawals}"),
            ("papers told, told twice", f"{self.told}, {len(self.told_twice)}"),
            ("alerts about trouble", f"{len(self.troubles)}, on quiet days {len(self.quiet_troubles)}"),
            ("polls", ", ".join(f"{count} {state}" for state, count in self.states.most_common())),
            ("days that ended failed", f"{self.failed_days} of {len(self.requests)}"),
            ("faults met", f"{self.faults}"),
            ("requests", f"{sum(self.requests):,} ({self.counted:,} by its own account), first day {self.requests[0]}"),
            ("  a day after the first", f"mean {statistics.mean(daily):.1f}, worst {max(daily)}"),
            ("  by source", ", ".join(f"{name} {count:,}" for name, count in sorted(self.by_source.items()))),
            ("smallest gap", f"{self.smallest_gap * 1000:.0f} ms"),
            ("most at once, 429 unordered", f"{self.most_at_once}, {self.unordered_429}"),
            ("delay to storage, days", f"median {statistics.median(self.delays or [0]):.2f}, "
             f"worst {max(self.delays, default=0):.2f}"),
            ("took", f"{self.seconds:.0f} s"),
        ]  # fmt: skip
        return "\n".join(f"  {name:28} {value}" for name, value in rows)


def run_campaign(plan: Plan, folder: Path) -> Outcome:
    """Lives through the plan's days in `folder` and holds the result against the archive."""
    begun = time.perf_counter()
    first = morning(plan, 0)
    sim, postbox = Simulator(plan, first), Postbox()
    try:
        return _Campaign(plan, sim, postbox, Reader(folder, plan, sim.url, postbox.server_port)).run(begun)
    finally:
        sim.close()
        postbox.close()


def morning(plan: Plan, day: int) -> datetime:
    return datetime.combine(plan.start + timedelta(days=day), clock_time(6, 30), UTC)


class _Campaign:
    def __init__(self, plan: Plan, sim: Simulator, postbox: Postbox, reader: Reader) -> None:
        self._plan = plan
        self._sim = sim
        self._postbox = postbox
        self._reader = reader
        self._outcome = Outcome()
        self._withdrawn: set[str] = set()
        self._told: Counter[str] = Counter()
        """In how many messages each paper was told."""
        self._posted = 0
        """The number of the last delivery that was read."""

    def run(self, begun: float) -> Outcome:
        plan, sim, outcome = self._plan, self._sim, self._outcome
        self._add_lines()
        drawn = draw_faults(plan, 40 * plan.days) if plan.faults else []
        sim.archive.faults = list(drawn)
        dice = random.Random(plan.seed)
        first_sight = sim.visible()
        before, known, now = sim.archive.api_now(), set(first_sight), morning(plan, 0)
        for day in range(plan.days):
            now = morning(plan, day)
            sim.clock(now)
            announced = set(self._watched(sim.visible()))
            quiet = now.weekday() >= 5 or announced <= known
            known |= announced
            if plan.is_down(day):
                self._reader.stop()
            else:
                now = self._live(day, now, quiet)
            self._withdrawn.update(revise(sim, plan, morning(plan, day) + timedelta(hours=9), dice))
        outcome.faults = len(drawn) - len(sim.archive.faults)
        self._compare(first_sight, before, now)
        self._count_requests()
        outcome.seconds = time.perf_counter() - begun
        return outcome

    def _add_lines(self) -> None:
        more = [
            (f"Does {topic} make language models reliable?", f"Language models gain from {topic}.") for topic in TOPICS
        ]
        for question, claim in [*QUESTIONS, *more][: self._plan.lines]:
            words = ("--question", question, "--claim", claim, "--categories", ",".join(self._plan.categories))
            self._reader(morning(self._plan, 0), "add-line", *words)

    def _live(self, day: int, now: datetime, quiet: bool) -> datetime:
        """A day: polls until one does not fail, the weekly digest, and what the daemon sends meanwhile."""
        outcome, asked = self._outcome, len(self._sim.archive.log)
        state, failed = "", False
        for attempt in range(LAST_TRIES if day == self._plan.days - 1 else 1 + TRIES):
            now = morning(self._plan, day) + attempt * HALF_AN_HOUR
            self._sim.clock(now)
            report = json.loads(self._reader(now, "poll", "--json", *(["--backfill"] if day == 0 else []))[1])
            state = report["state"]
            outcome.states[state] += 1
            outcome.counted += report["requests"]
            self._reader.beat(now)
            if state != "failed":
                break
            failed = True
        outcome.failed_days += state == "failed"
        if day % WEEK == WEEK - 1:
            self._reader(now, "digest", "--send")
            self._reader.beat(now)
        self._read_post(now, quiet=quiet, failed=failed and state != "stalled")
        outcome.requests.append(len(self._sim.archive.log) - asked)
        return now

    def _read_post(self, now: datetime, *, quiet: bool, failed: bool) -> None:
        """The outbox says of what kind each new delivery was; what it told stands in the message."""
        told = [told_papers(message) for message in self._postbox.taken]
        self._told.update(arxiv_id for papers in told for arxiv_id in set(papers))
        rows = json.loads(self._reader(now, "outbox", "--json")[1])
        kinds = [row["digest"].split("/")[-2] for row in rows if row["delivery"] > self._posted]
        self._posted = max((row["delivery"] for row in rows), default=0)
        if "alarm" in kinds or ("alert" in kinds and not any(told)):
            wordless = [text for text, papers in zip(self._postbox.taken, told, strict=True) if not papers]
            trouble = (now.date(), " ".join(" ".join(wordless).split())[:300])
            self._outcome.troubles.append(trouble)
            if quiet and not failed:
                self._outcome.quiet_troubles.append(trouble)
        self._postbox.taken.clear()

    def _compare(self, first_sight: dict[str, Any], before: datetime, now: datetime) -> None:
        """The store against the archive, as it shows itself to the last poll. before: what the first one saw."""
        outcome, api_now = self._outcome, self._sim.archive.api_now()
        rows = map(json.loads, self._reader(now, "papers", "--all")[1].splitlines())
        stored = {row["arxiv_id"]: row for row in rows}
        visible = self._sim.visible()
        expected = {
            key: paper
            for key, paper in self._watched(visible).items()
            if key not in first_sight or paper.versions[0].submitted >= morning(self._plan, 0) - FIRST_LOOK
        }
        outcome.expected, outcome.stored = len(expected), len(stored)
        outcome.missed = tuple(sorted(set(expected) - set(stored)))
        newest = {key: visible[key].at(api_now) for key in stored if key in visible}
        outcome.behind = tuple(sorted(key for key, shown in newest.items() if stored[key]["version"] < shown.number))
        withdrawn = [key for key in self._withdrawn & newest.keys() if newest[key].comment == WITHDRAWAL]
        outcome.withdrawals = len(withdrawn)
        outcome.unnoticed = tuple(sorted(key for key in withdrawn if not stored[key]["withdrawn"]))
        outcome.told = len(self._told)
        outcome.told_twice = tuple(sorted(key for key, count in self._told.items() if count > 1))
        with sqlite3.connect(self._reader.folder / "litwatch.db") as db:
            seen = dict(db.execute("SELECT arxiv_id, first_seen FROM papers"))
        db.close()
        for key, paper in expected.items():
            shown = api_midnight(paper.versions[0].announced)
            if key in seen and shown > before:
                stored_at = datetime.fromisoformat(seen[key]).replace(tzinfo=UTC)
                outcome.delays.append((stored_at - shown) / timedelta(days=1))

    def _count_requests(self) -> None:
        outcome, log = self._outcome, self._sim.archive.log
        outcome.by_source = Counter(path.strip("/").split("/")[0] for _, path, *_ in log)
        starts = [row[0] for row in log]
        outcome.smallest_gap = min((late - soon for soon, late in pairwise(starts)), default=0.0)
        outcome.most_at_once = self._sim.archive.most_active
        outcome.unordered_429 = self._sim.unordered_429

    def _watched(self, papers: dict[str, Any]) -> dict[str, Any]:
        wanted = set(self._plan.categories)
        return {key: paper for key, paper in papers.items() if wanted & set(paper.categories)}


def api_midnight(announced: datetime) -> datetime:
    """When the search API shows what was announced then: from the midnight that follows, Eastern time."""
    local = announced.astimezone(EASTERN)
    return datetime.combine(local.date() + timedelta(days=1), clock_time(), EASTERN)
