"""The daemon: APScheduler gives the beat, the database says what is due, each beat does what there is.

The beat holds no state. What came due while the daemon was down is found due at the first beat, and is done once,
late. Asking arXiv, ranking and telling, asking a language model, sending, and upkeep have a thread each, so that none
waits for the others.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from litwatch.errors import DeliveryError, LitwatchError
from litwatch.service import notify
from litwatch.service.asking import Services
from litwatch.service.beat import Beat, Memory
from litwatch.service.outbox import Outbox, settle_abandoned
from litwatch.service.poll import Bench
from litwatch.service.redaction import hide, secrets_of
from litwatch.service.senders import Senders
from litwatch.service.setting import LastGood, Setting
from litwatch.service.vitals import Vitals
from litwatch.store.holder import holder
from litwatch.store.leases import LEASE_SECONDS, RENEW_SECONDS, clear, enlist, renew, resign
from litwatch.store.store import Store

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("litwatch.daemon")

BEATS = {"poll": 10, "work": 20, "ask": 10, "send": 10, "upkeep": 60}
"""Seconds between two looks at what is due, by kind of work."""
_LOOK_SECONDS = 2.0
"""Between two looks of the main thread at signals, the clock and the watchdog."""
_STOP_WITHIN = 8.5
"""Seconds that the units in hand may take to end after SIGTERM. All they wrote is whole: what is cut off is asked
for again, and a message whose answer did not come is unknown."""
_BATCHES = 20
"""Of ranking, and of judging, between two looks at what is to be told."""
_QUESTIONS = 20
"""To a language model, between two looks at the files."""
_JUMPED = timedelta(seconds=5)


class Daemon:
    """files: the reader's configuration and lines. make_services: the ways to arXiv for one poll. clock: aware UTC.

    on_setting: told of each new setting, before anything is done with it.
    """

    def __init__(
        self,
        store: Store,
        files: LastGood,
        make_services: Callable[[Store, Setting, datetime], Services],
        *,
        clock: Callable[[], datetime],
        on_setting: Callable[[Setting], None] = lambda _: None,
    ) -> None:
        self.store = store
        # A store that is away holds a renewal up for some 20 seconds: that is no reason to count as dead.
        self.vitals = Vitals(beat_seconds=LEASE_SECONDS)
        self._files = files
        self._make_services = make_services
        self._clock = clock
        self._on_setting = on_setting
        self._reading = threading.Lock()
        self._known: Setting | None = None
        self._memory = Memory()
        self._outbox = Outbox()
        self._senders = Senders()
        self._who = holder()
        self._stop = threading.Event()
        self._anew = False
        self._asked: list[int] = []
        """Signals that came and were not looked at yet."""
        self._saying = threading.Lock()
        self._said: dict[str, str] = {}

    # --- what is due now ---------------------------------------------------------------------------------------

    def setting(self, *, anew: bool = False) -> Setting:
        """What the reader's files say now. Raises ConfigError where the configuration never was whole."""
        with self._reading:
            setting = self._files.current(anew=anew)
            if setting is not self._known:
                urls = [setting.config.store_url, *(told.channel.url for told in setting.channels)]
                urls.append(setting.config.judge.llm.api_key.get_secret_value())
                names = {told.channel.name for told in setting.channels}
                hide(secret for url in urls for secret in secrets_of(url) if secret not in names)
                self._on_setting(setting)
                self._known = setting
        self._say("setting", "; ".join(setting.troubles))
        return setting

    def beat(self) -> Beat:
        """What may be due at this moment."""
        setting, now = self.setting(), self._clock()
        return Beat(
            store=self.store,
            setting=setting,
            make_bench=lambda: self._bench(setting),
            services=lambda: self._make_services(self.store, setting, now),
            outbox=self._outbox,
            senders=self._senders,
            memory=self._memory,
            now=now,
            clock=self._clock,
            who=self._who,
            stopping=self._stop.is_set,
            at_work=self.vitals.at,
        )

    def _bench(self, setting: Setting) -> Bench:
        with self._reading:
            return self._files.bench(setting, self.store)

    def poll(self) -> None:
        """Asks arXiv, where that is due and no other daemon does."""
        self._work_off("poll", Beat.harvest)

    def work(self) -> None:
        """Ranks and judges what came, then freezes what is to be told."""
        self._work_off("rank", Beat.rank, most=_BATCHES)
        self._work_off("judge", Beat.judge, most=_BATCHES)
        for name, unit in (
            ("lines", Beat.lines_agree),
            ("channels", self._look_at_channels),
            ("alarms", Beat.alarms),
            ("digests", Beat.digests),
            ("alerts", Beat.alerts),
            ("notices", Beat.notices),
        ):
            self._work_off(name, unit)

    def _look_at_channels(self, beat: Beat) -> bool:
        if troubles := beat.channel_troubles:
            raise DeliveryError("; ".join(troubles.values()), permanent=True)
        return False

    def ask(self) -> None:
        """Asks a language model, where the reader configured one, of what was judged."""
        self._work_off("ask", Beat.ask, most=_QUESTIONS)

    def send(self) -> None:
        """Sends what is due."""
        self._work_off("deliveries", partial(Beat.deliveries, wait=False))

    def upkeep(self) -> None:
        """Backups, and what is kept no longer."""
        self._work_off("upkeep", Beat.upkeep)

    def renew(self) -> None:
        """Keeps the leases of this daemon, and its place among the daemons at work."""
        self.vitals.beat()
        try:
            with self.store.write() as db:
                enlist(db, who=self._who)
                renew(db, who=self._who)
        except LitwatchError as error:
            self._say("store", str(error))
        else:
            self._say("store", "")

    def _work_off(self, name: str, work: Callable[[Beat], bool], *, most: int = 1000) -> None:
        """Does units of one kind until there is none left, `most` of them at once.

        Trouble with one kind holds no other one up, and is said when it comes up, changes and ends.
        """
        try:
            for _ in range(most):
                if self._stop.is_set():
                    return
                with self.vitals.at(name):
                    if not work(self.beat()):
                        break
            self._say(name, "")
        except LitwatchError as error:
            self._say(name, str(error))
        except Exception as error:
            # A bug of ours, or of a library: what was written is whole, the rest goes on, and this is tried again.
            if self._said.get(name) != (said := f"{type(error).__name__}: {error}"):
                log.exception("%s failed in a way that nobody foresaw", name)
            self._say(name, said, level=logging.DEBUG)

    def _say(self, name: str, trouble: str, *, level: int = logging.ERROR) -> None:
        """Notes what is wrong with `name`; logs it when it comes up, changes and ends, not at every beat."""
        with self._saying:
            before = self._said.get(name, "")
            if trouble == before:
                return
            # The store's trouble comes up with everything that needs it, and is said once.
            known = trouble in self._said.values()
            self._said[name] = trouble
        self.vitals.trouble(name, trouble)
        if trouble and not known:
            log.log(level, "%s", trouble)
        elif before and not trouble:
            log.info("%s: well again", name)

    # --- the beat ----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Beats until SIGTERM or SIGINT; SIGHUP has it read all files anew."""
        from apscheduler.schedulers.background import BackgroundScheduler

        # A handler runs within whatever the main thread does: it may take no lock, for the main thread may hold it.
        waiting, ringing = os.pipe()
        os.set_blocking(ringing, False)

        def note(number: int, frame: FrameType | None) -> None:
            self._asked.append(number)
            with suppress(BlockingIOError):  # it rings already
                os.write(ringing, b"!")

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, note)
        self.setting()
        settle_abandoned(self.store, now=self._clock())  # before the leases that tell who is gone are cleared
        with self.store.write() as db:
            clear(db)
            enlist(db, who=self._who)
        # The machine's zone is nothing to a beat; reading it fails where it is not set up.
        scheduler = BackgroundScheduler(timezone=UTC)
        works = {"poll": self.poll, "work": self.work, "ask": self.ask, "send": self.send}
        works |= {"upkeep": self.upkeep, "renew": self.renew}
        for name, work in works.items():
            scheduler.add_job(
                copy_context().run,
                "interval",
                args=(work,),
                id=name,
                name=name,
                seconds=BEATS.get(name, RENEW_SECONDS),
                next_run_time=datetime.now(UTC),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        log.info("started")
        notify.ready("at work")
        while not self._is_asked_to_stop(waiting):
            self._keep_time(scheduler)
            if self.vitals.alive()[0]:
                notify.watchdog()
            if self._anew:
                self._read_anew(scheduler)
        self._end(scheduler)

    def _is_asked_to_stop(self, waiting: int) -> bool:
        """Waits for a signal, or for the next look. waiting: a pipe's end that can be read when one came."""
        if select.select([waiting], [], [], _LOOK_SECONDS)[0]:
            os.read(waiting, 1024)
        asked, self._asked = self._asked, []
        if {signal.SIGTERM, signal.SIGINT} & set(asked):
            self._stop.set()
        self._anew = self._anew or signal.SIGHUP in asked
        return self._stop.is_set()

    def _keep_time(self, scheduler: BackgroundScheduler) -> None:
        """Brings the beat back when the clock was set back: the scheduler would wait for the time it had been."""
        now = datetime.now(UTC)
        for job in scheduler.get_jobs():
            pause = timedelta(seconds=BEATS.get(job.id, RENEW_SECONDS))
            if job.next_run_time is not None and job.next_run_time - now > pause + _JUMPED:
                log.warning("the clock was set back; the beat goes on")
                job.modify(next_run_time=now)

    def _read_anew(self, scheduler: BackgroundScheduler) -> None:
        self._anew = False
        notify.reloading()
        try:
            broken = self.setting(anew=True).troubles
            log.info("configuration and lines were read anew%s", ", but for what is broken" if broken else "")
        except LitwatchError as error:
            self._say("setting", str(error))
        notify.ready("at work")
        for name in ("work", "poll", "send"):
            scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def _end(self, scheduler: BackgroundScheduler) -> None:
        log.info("stopping")
        notify.stopping()

        def finish() -> None:
            scheduler.shutdown()
            self._senders.close()

        ended = threading.Thread(target=finish, daemon=True)
        ended.start()
        ended.join(_STOP_WITHIN)
        left = threading.Thread(target=self._resign, daemon=True)
        left.start()
        left.join(1.0)
        if ended.is_alive():
            log.warning("the unit in hand did not end in time and is cut off; it will be done again")
            logging.shutdown()
            os._exit(0)
        log.info("stopped")

    def _resign(self) -> None:
        try:
            self._outbox.finish(self.store, patience=0.0)
            with self.store.write() as db:
                resign(db, who=self._who)
        except LitwatchError as error:
            log.error("%s", error)
