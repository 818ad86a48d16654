"""The daemon: APScheduler gives the beat, the database says what is due, each beat does what there is.

The beat holds no state. A digest or poll that came due while the daemon was down is found due at the first
beat, and is done once, late.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import FrameType

from litwatch.deliver.channel import check_url
from litwatch.errors import DeliveryError, LitwatchError
from litwatch.model import DeliveryState, DigestKind, HarvestState, Line
from litwatch.schedule import Schedule
from litwatch.service.alarms import alarm_once
from litwatch.service.asking import Services
from litwatch.service.digests import Channel, Settings, digest_once
from litwatch.service.outbox import deliver_once
from litwatch.service.poll import Bench, catch_up, poll_once
from litwatch.service.trouble import ask_again_at
from litwatch.store.harvests import HarvestRecord, last_harvest, recent_harvests
from litwatch.store.lines import line_states
from litwatch.store.outbox import know_channel, last_digest_end
from litwatch.store.store import Store

log = logging.getLogger("litwatch.daemon")

BEAT_SECONDS = 20
_STOP_WITHIN = 9.0
"""Seconds that a unit in hand may take to end after SIGTERM. All it wrote is whole: what is cut off is asked
for again."""
_POLL_AGAIN = timedelta(minutes=30)
"""arXiv is asked no more often than this, whatever the schedule says; after trouble see `ask_again_at`."""


class Daemon:
    """load: reads configuration and lines anew for each beat, as a command would, and gives what a beat needs."""

    def __init__(self, load: Callable[[], Beat]) -> None:
        self._load = load
        self._stop = threading.Event()
        self._alerted_after = -1
        self._said: tuple[str, ...] = ()

    def run(self) -> None:
        """Beats until SIGTERM or SIGINT."""
        from apscheduler.schedulers.background import BackgroundScheduler

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        scheduler = BackgroundScheduler(timezone=UTC)
        scheduler.add_job(
            self.beat,
            "interval",
            seconds=BEAT_SECONDS,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        scheduler.start()
        log.info("started")
        self._stop.wait()
        log.info("stopping")
        ended = threading.Thread(target=scheduler.shutdown, daemon=True)
        ended.start()
        ended.join(_STOP_WITHIN)
        if ended.is_alive():
            log.warning("the unit in hand did not end in time and is cut off; it will be done again")
            logging.shutdown()
            os._exit(0)
        log.info("stopped")

    def beat(self) -> None:
        """Does what is due now, unit by unit, until nothing is or the daemon is to stop."""
        try:
            beat = self._load()
        except LitwatchError as error:
            self._say_once((str(error),))
            return
        try:
            self._say_once((*beat.troubles, *beat.channel_troubles.values()))
            for unit in (beat.poll, beat.alarms, beat.take_up_edits, beat.digests):
                self._work_off(unit)
            # What is likely challenged changes with a harvest: between two there is no need to look.
            if (last := beat.last_harvest_id()) != self._alerted_after:
                self._work_off(beat.alerts)
                self._alerted_after = last
            self._work_off(beat.deliveries)
        finally:
            beat.close()

    def _work_off(self, unit: Callable[[], bool]) -> None:
        """One unit's trouble holds no other one up."""
        try:
            while not self._stop.is_set() and unit():
                pass
        except LitwatchError as error:
            log.error("%s", error)

    def _say_once(self, troubles: tuple[str, ...]) -> None:
        """Logs what is wrong when it comes up or changes, not at every beat."""
        for trouble in troubles:
            if trouble not in self._said:
                log.error("%s", trouble)
        self._said = troubles

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()


@dataclass(frozen=True, kw_only=True)
class Told:
    """A channel with when it is told and whether it wants likely challenges and trouble at once."""

    channel: Channel
    schedule: Schedule
    alerts: bool


@dataclass(frozen=True, kw_only=True)
class Beat:
    """What may be due at `now`; each method does one unit of work and says whether there may be more."""

    store: Store
    lines: tuple[Line, ...]
    bench: Bench
    services: Services
    poll_schedule: Schedule
    backfill_days: int
    settings: Settings
    channels: tuple[Told, ...]
    now: datetime
    troubles: tuple[str, ...] = ()
    """What was found wrong while the beat was prepared, and did not stop it."""

    @cached_property
    def channel_troubles(self) -> dict[str, str]:
        """By name, what is wrong with the channels that cannot be used: they hold no other one up."""
        found = {}
        for told in self.channels:
            try:
                check_url(told.channel.name, told.channel.url)
            except DeliveryError as error:
                found[told.channel.name] = str(error)
        return found

    @property
    def _usable(self) -> tuple[Told, ...]:
        return tuple(told for told in self.channels if told.channel.name not in self.channel_troubles)

    def close(self) -> None:
        """Lets go of what the beat worked with."""
        self.services.close()
        self.store.close()

    def poll(self) -> bool:
        """A poll, when its time has come since the last one, or a line waits to be searched backwards for."""
        active = [line for line in self.lines if line.active]
        with self.store.read() as db:
            recent = recent_harvests(db)
            states = line_states(db)
        waiting = [
            line.slug
            for line in active
            if line.categories and (line.slug not in states or not states[line.slug].backfilled_at)
        ]
        if not active or not self._poll_due(recent, waiting):
            return False
        report = poll_once(
            self.store,
            self.lines,
            self.services,
            self.bench,
            now=self.now,
            backfill=waiting,
            backfill_days=self.backfill_days,
        )
        harvest = report.harvest
        log.log(
            logging.INFO if harvest.state.complete else logging.WARNING,
            "poll is %s: %d new, %d revised, %d matches, %d likely challenges%s",
            harvest.state,
            harvest.new,
            harvest.revised,
            report.matches,
            report.contradictions,
            f" ({harvest.reason})" if harvest.reason else "",
        )
        return False

    def _poll_due(self, recent: Sequence[HarvestRecord], waiting: list[str]) -> bool:
        """recent: newest first."""
        if not recent:
            return True
        last = recent[0]
        if self.now - last.at < _POLL_AGAIN:
            return False
        again = ask_again_at(recent)
        if again is not None and self.now >= again:
            return True
        due = self.poll_schedule.last_until(self.now)
        # A line that waits is no reason to ask a service over and over that does not answer.
        answers = last.state is not HarvestState.FAILED
        return (bool(waiting) and answers) or (due is not None and due > last.at)

    def alarms(self) -> bool:
        """Freezes what the last harvest has to say to each channel that wants alerts: trouble, or its end."""
        with self.store.read() as db:
            again = ask_again_at(recent_harvests(db))
        for told in self._usable:
            if told.alerts:
                number = alarm_once(self.store, self.lines, told.channel, now=self.now, ask_again_at=again)
                if number is not None:
                    log.info("alarm for %s is composed, delivery %d", told.channel.name, number)
        return False

    def take_up_edits(self) -> bool:
        """Ranks and judges for lines that were edited since, so that a digest tells what its preview shows."""
        if self.lines:
            catch_up(self.store, self.lines, self.bench, now=self.now)
        return False

    def digests(self) -> bool:
        """Freezes the digest of each channel whose time has come since its last one."""
        for told in self._usable:
            with self.store.write() as db:
                since = know_channel(db, told.channel.name, now=self.now)
                last = last_digest_end(db, told.channel.name) or since
            due = told.schedule.last_until(self.now)
            if due is not None and due > last:
                self._freeze(told.channel, DigestKind.DIGEST)
        return False

    def alerts(self) -> bool:
        """Freezes an alert for each channel that wants them and has likely challenges that it was not told of."""
        for told in self._usable:
            if told.alerts:
                self._freeze(told.channel, DigestKind.ALERT)
        return False

    def last_harvest_id(self) -> int:
        """Which harvest came last: 0 where there was none."""
        with self.store.read() as db:
            last = last_harvest(db)
        return last.id if last else 0

    def _freeze(self, channel: Channel, kind: DigestKind) -> None:
        number = digest_once(self.store, self.lines, channel, self.settings, now=self.now, kind=kind)
        if number is not None:
            log.info("%s for %s is composed, delivery %d", kind, channel.name, number)

    def deliveries(self) -> bool:
        """Sends one delivery that is due."""
        urls = {told.channel.name: told.channel.url for told in self._usable}
        outcome = deliver_once(self.store, urls, now=self.now)
        if outcome is None:
            return False
        level = logging.INFO if outcome.state is DeliveryState.SENT else logging.WARNING
        error = f" ({outcome.error})" if outcome.error else ""
        log.log(level, "delivery %d on %s is %s%s", outcome.delivery, outcome.channel, outcome.state, error)
        return True
