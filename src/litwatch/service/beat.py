"""What may be due at one moment. The database knows what is; each method here does one kind of it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial

from litwatch import __version__
from litwatch.config import LanguageModelSection
from litwatch.deliver.channel import check_url
from litwatch.errors import DeliveryError, LeaseLostError, LitwatchError
from litwatch.model import DeliveryState, DigestKind
from litwatch.service.agreement import Apart, apart
from litwatch.service.alarms import alarm_once
from litwatch.service.asking import Services
from litwatch.service.awaiting import papers_wait
from litwatch.service.backup import backup_once
from litwatch.service.digests import digest_once, form_of
from litwatch.service.due import digest_due, poll_due
from litwatch.service.journal import trouble, unit
from litwatch.service.judging import judge_once, judged_with
from litwatch.service.language_model import LanguageModel, make_language_model
from litwatch.service.matching import rank_once, sync
from litwatch.service.notices import notices_once
from litwatch.service.outbox import Outbox
from litwatch.service.poll import Bench, harvest_once
from litwatch.service.retention import retention_once, rules_of
from litwatch.service.second_opinions import ask_once, asks_of, budget_of
from litwatch.service.senders import Senders
from litwatch.service.setting import Setting, Told
from litwatch.service.trouble import ask_again_at, counted
from litwatch.store.harvests import last_harvest, recent_harvests
from litwatch.store.keeper import keeper
from litwatch.store.leases import POLL, UPKEEP, clear, fenced, holder_of, others_hold_lines, release, take
from litwatch.store.lines import line_states
from litwatch.store.outbox import channel_since, digest_ends, know_channel
from litwatch.store.set_aside import bring_back, reason_of, rows_by_name, set_aside
from litwatch.store.store import Store

log = logging.getLogger("litwatch.daemon")

_WAIT_FOR_PAPERS = timedelta(hours=1)
"""So long a digest waits for a poll that is due or under way, and for what it brought to be ranked and judged."""
_APART_FOR = timedelta(minutes=5)
"""After an edit of files that several daemons have, each takes it up at its own beat."""
_LOOK_AGAIN = timedelta(minutes=10)
"""Between two harvests, what they have to say is looked at so often: a cap may have passed, a unit have failed."""


@dataclass(kw_only=True)
class Memory:
    """What the daemon need not look at again: lost at a restart without harm."""

    looked: dict[tuple[str, str], tuple[object, datetime]] = field(default_factory=dict)
    """By kind and channel: what was looked at and had nothing to say, and when."""
    language_model: tuple[LanguageModelSection, LanguageModel] | None = None
    """The one asked last, which found out what its server takes, with what configured it."""
    apart_since: datetime | None = None
    """Since when another daemon keeps the store's lines, and they are not as they are here."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """The work of one moment, on the setting as it is then.

    who: this daemon among several on the store. services: the ways to arXiv, made when a poll is due and closed after
    it. stopping: whether to leave what is not begun. at_work: entered for each message, as a sign of life.
    """

    store: Store
    setting: Setting
    make_bench: Callable[[], Bench]
    services: Callable[[], Services]
    outbox: Outbox
    senders: Senders
    memory: Memory
    now: datetime
    clock: Callable[[], datetime]
    """For what takes minutes: one message after the other."""
    who: str
    stopping: Callable[[], bool] = lambda: False
    at_work: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext()

    @cached_property
    def bench(self) -> Bench:
        return self.make_bench()

    # --- asking arXiv ------------------------------------------------------------------------------------------

    def harvest(self) -> bool:
        """A poll, when its time has come since the last one, or a line waits to be searched backwards for.

        Of several daemons the one that takes the lease does it. One that loses it meanwhile (its machine slept) writes
        nothing from then on.
        """
        waiting = self._poll_due()
        with self.store.read() as db:
            # One that could not be given back after the last poll would be renewed with all that this daemon holds.
            left_over = holder_of(db, POLL) == self.who
        if waiting is None and not left_over:
            return False
        with self.store.write() as db:
            if not take(db, POLL, who=self.who):
                return False
        try:
            if (waiting := self._poll_due()) is None:  # another daemon was faster
                return False
            with unit("poll"):
                self._ask(waiting)
        finally:
            with self.store.write() as db:
                release(db, POLL, who=self.who)
        return False

    def _ask(self, waiting: Sequence[str]) -> None:
        services = self.services()
        try:
            record = harvest_once(
                fenced(self.store, POLL, who=self.who),
                self.setting.lines,
                services,
                self.bench,
                now=self.now,
                backfill=waiting,
                backfill_days=self.setting.config.arxiv.backfill_days,
                on_request=self._sign,
                who=self.who,
            )
        except LeaseLostError as error:
            log.warning("%s", error)
            return
        finally:
            services.close()
        log.log(
            logging.INFO if record.state.complete else logging.WARNING,
            "poll is %s: %d requests, %d new, %d revised%s",
            record.state,
            record.requests,
            record.new,
            record.revised,
            f" ({record.reason})" if record.reason else "",
        )

    def _sign(self) -> None:
        """Of a poll that goes on."""
        with self.at_work("poll"):
            pass

    @property
    def poll_is_due(self) -> bool:
        """Whether arXiv is to be asked now."""
        return self._poll_due() is not None

    def _poll_due(self) -> list[str] | None:
        """The lines to search backwards for in the poll that is due; None where none is."""
        active = [line for line in self.setting.lines if line.active]
        if not active:
            return None
        with self.store.read() as db:
            recent = recent_harvests(db)
            states = line_states(db)
        # Where another daemon keeps the lines, one that is here only would wait for ever.
        waiting = [
            line.slug
            for line in active
            if line.categories and (not state.backfilled_at if (state := states.get(line.slug)) else self._keeps_lines)
        ]
        said = counted(recent)
        last = said[0] if said else None
        due = poll_due(
            self.setting.poll_schedule,
            last_at=last.at if last else None,
            again_at=ask_again_at(said),
            waiting=bool(waiting),
            # A line that waits is no reason to ask a service over and over that does not answer.
            answers=last is None or last.state.complete,
            now=self.now,
        )
        return waiting if due else None

    # --- ranking and judging -----------------------------------------------------------------------------------

    @cached_property
    def _keeps_lines(self) -> bool:
        """Whether no other daemon keeps the store's lines (see agreement)."""
        with self.store.read() as db:
            return keeper(db) in ("", self.who)

    @cached_property
    def _apart(self) -> Apart | None:
        """How the daemon that keeps the lines differs from this one; None where it does not, or is this one."""
        if self._keeps_lines:
            return None
        key = judged_with(self.bench.judge, self.bench.asks)
        return apart(self.store, self.setting.lines, self.bench.ranker, key, who=self.who)

    def _is_left_to_keeper(self, told: Told) -> bool:
        """Whether a channel tells of lines that are otherwise with the daemon that keeps them: it composes, then."""
        differ = self._apart.lines if self._apart else ()
        return any(map(told.channel.covers, differ))

    def rank(self) -> bool:
        """Takes up edited lines, and ranks a batch of what is stored and was not yet."""
        lines = self.setting.lines
        if not lines:
            return False
        with unit("rank"):
            sync(self.store, lines, self.bench.ranker, now=self.now, who=self.who)
            return rank_once(self.store, lines, self.bench.ranker, now=self.now, who=self.who)

    def judge(self) -> bool:
        """Judges a batch of the matches that were not yet."""
        if not self.setting.lines:
            return False
        with unit("judge"):
            bench = self.bench
            return judge_once(self.store, self.setting.lines, bench.judge, now=self.now, who=self.who, asks=bench.asks)

    def ask(self) -> bool:
        """Asks a language model about one pair that was judged; nothing where the reader configured none.

        Raises a LitwatchError while it cannot be asked, or the month's budget is used up.
        """
        judge = self.setting.config.judge
        if (asks := asks_of(judge)) is None or not self.setting.lines:
            return False
        if self.memory.language_model is None or self.memory.language_model[0] != judge.llm:
            self.memory.language_model = judge.llm, make_language_model(judge.llm, stopping=self.stopping)
        with unit("ask"):
            return ask_once(
                self.store,
                self.setting.lines,
                self.memory.language_model[1],
                asks,
                budget_of(judge),
                now=self.now,
                who=self.who,
                clock=self.clock,
            )

    def lines_agree(self) -> bool:
        """Raises a LitwatchError where another daemon keeps the lines and has had them otherwise for a while."""
        found, memory = self._apart, self.memory
        if found is None or memory.apart_since is None or memory.apart_since > self.now:
            memory.apart_since = self.now if found else None
        elif self.now - memory.apart_since >= _APART_FOR:
            raise LitwatchError(str(found))
        return False

    # --- telling -----------------------------------------------------------------------------------------------

    @cached_property
    def _papers_come(self) -> bool:
        """Whether papers are on their way to what is told: by a poll, or to be ranked and judged; here or elsewhere."""
        with self.store.read() as db:
            under_way = bool(holder_of(db, POLL)) or others_hold_lines(db, who=self.who)
        if under_way or self.poll_is_due:
            return True
        differ = self._apart.lines if self._apart else ()
        lines = [line for line in self.setting.lines if line.slug not in differ]
        judge = None if self._apart and self._apart.judges_with else self.bench.judge
        return papers_wait(self.store, lines, judge, now=self.now, asks=self.bench.asks)

    @cached_property
    def channel_troubles(self) -> dict[str, str]:
        """By name, what is wrong with the channels that cannot be used: they hold no other one up."""
        found = {}
        for told in self.setting.channels:
            try:
                check_url(told.channel.name, told.channel.url)
            except DeliveryError as error:
                found[told.channel.name] = str(error)
        return found

    @property
    def _usable(self) -> tuple[Told, ...]:
        return tuple(told for told in self.setting.channels if told.channel.name not in self.channel_troubles)

    def alarms(self) -> bool:
        """Freezes what the last harvest has to say to each channel that wants alerts: trouble, or its end."""
        for told in self._usable:
            if told.alerts and not self._looked("alarm", told):
                with self.store.read() as db:
                    again = ask_again_at(counted(recent_harvests(db)))
                self._compose("alarm", told, partial(self._alarm, told, again))
        return False

    def _alarm(self, told: Told, again: datetime | None) -> int | None:
        return alarm_once(self.store, self.setting.lines, told.channel, now=self.now, ask_again_at=again)

    def digests(self) -> bool:
        """Freezes the digest of each channel whose time has come since its last one: one, however long that is ago.

        That of a channel that cannot be used waits for it to be mended.
        """
        for told in self.setting.channels:
            name = told.channel.name
            with self.store.read() as db:
                since, ended = channel_since(db, name), digest_ends(db, name)
            if since is None:
                with self.store.write() as db:
                    since = know_channel(db, name, now=self.now)
            due = digest_due(told.schedule, known_since=since, ended=ended, now=self.now)
            if due is None or self._looked("digest", told, due):
                continue
            if self._is_left_to_keeper(told) or (self.now - due < _WAIT_FOR_PAPERS and self._papers_come):
                continue
            self._compose("digest", told, partial(self._digest, told, due=due), due)
        return False

    def alerts(self) -> bool:
        """Freezes an alert for each channel that wants them and has likely challenges that it was not told of."""
        for told in self._usable:
            if told.alerts and not self._looked("alert", told) and not self._is_left_to_keeper(told):
                self._compose("alert", told, partial(self._digest, told, kind=DigestKind.ALERT))
        return False

    def _digest(self, told: Told, *, kind: DigestKind = DigestKind.DIGEST, due: datetime | None = None) -> int | None:
        return digest_once(
            self.store, self.setting.lines, told.channel, self.setting.settings, now=self.now, kind=kind, due=due
        )

    def notices(self) -> bool:
        """Freezes what the channels have to say of each other: one was stopped, a delivery was given up."""
        with unit("notices"):
            channels = [(told.channel, told.alerts) for told in self._usable]
            rule, unusable = self.setting.config.delivery.unknown, self.channel_troubles
            notices_once(self.store, channels, now=self.now, rule=rule, unusable=unusable)
        return False

    def _compose(self, kind: str, told: Told, freeze: Callable[[], int | None], due: datetime | None = None) -> None:
        """What composing for one channel fails by holds no other up: unforeseen, the channel is set aside for a day."""
        name, of = told.channel.name, _of(told)
        with self.store.read() as db:
            aside = rows_by_name(db, "channel").get(name)
        if aside and aside.holds(of, self.now):
            return
        try:
            with self.at_work(kind), unit(kind, name):
                number = freeze()
        except LitwatchError:
            raise
        except Exception as error:
            log.exception("the %s for channel %s could not be composed; the channel is set aside", kind, name)
            with self.store.write() as db:
                set_aside(db, "channel", name, f"{kind}: {reason_of(error)}", of, self.now)
            return
        if aside:
            with self.store.write() as db:
                bring_back(db, "channel", name)
        if number is not None:
            log.info("%s for %s is composed, delivery %d", kind, name, number)
        else:
            self.memory.looked[kind, name] = (due, self._seen), self.now

    def _looked(self, kind: str, told: Told, due: datetime | None = None) -> bool:
        """Whether it was looked at lately, with nothing to say, and nothing changed since."""
        seen, at = self.memory.looked.get((kind, told.channel.name), (None, self.now))
        return seen == (due, self._seen) and timedelta(0) <= self.now - at < _LOOK_AGAIN

    @cached_property
    def _seen(self) -> tuple[int, int, bool]:
        """What decides whether there is something to tell: the last poll, the reader's files, what is on its way."""
        with self.store.read() as db:
            last = last_harvest(db)
        return last.id if last else 0, self.setting.number, self._papers_come

    # --- sending -----------------------------------------------------------------------------------------------

    def deliveries(self, *, wait: bool = True) -> bool:
        """Sends what is due, channels side by side, so that one that does not answer holds no other up.

        wait: until all of it is sent. Where not, what is not done when the next beat comes is let go on with.
        """
        urls = {told.channel.name: told.channel.url for told in self._usable}
        rule = self.setting.config.delivery.unknown
        due = self.outbox.due_channels(self.store, urls, rule=rule, now=self.now)
        for name in due:
            if not self.stopping():
                self.senders.start(name, partial(self._send_all, name, urls[name]))
        if wait:
            self.senders.wait()
        failures = self.senders.failures(of=due)
        for error, trace in failures:
            if not isinstance(error, LitwatchError):
                raise error.with_traceback(trace)
        if failures:
            raise LitwatchError("; ".join(dict.fromkeys(str(error) for error, _ in failures)))
        return False

    def _send_all(self, name: str, url: str) -> None:
        """One after the other, until one is not taken: then the next beat goes on with what is due by then."""
        sent = True
        while sent and not self.stopping():
            with self.at_work("send"), unit("send", name):
                outcome = self.outbox.deliver_once(self.store, {name: url}, now=self.clock())
                if outcome is None:
                    return
                if not (sent := outcome.state is DeliveryState.SENT):
                    trouble()
                error = f" ({outcome.error})" if outcome.error else ""
                said = outcome.delivery, outcome.channel, outcome.state, error
                log.log(logging.INFO if sent else logging.WARNING, "delivery %d on %s is %s%s", *said)

    # --- keeping house -----------------------------------------------------------------------------------------

    def upkeep(self) -> bool:
        """A backup and what is kept no longer, when they are due; of several daemons one does it."""
        with self.store.write() as db:
            if not take(db, UPKEEP, who=self.who):
                return False
            # What the dead leave tells for a while that they are.
            clear(db, over_for=3600.0)
        try:
            backup_once(self.store, self.setting.config, now=self.now, config_file=self.setting.config_file)
            return retention_once(self.store, rules_of(self.setting.config), now=self.now)
        finally:
            with self.store.write() as db:
                release(db, UPKEEP, who=self.who)


def _of(told: Told) -> str:
    """What composing for a channel depends on; its URL is none of it, and no business of the store."""
    said = f"{__version__} {form_of(told.channel)} {told.channel.lines}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]
