"""The service in Prometheus' text form: what the store holds, read when it is asked for, and what this process did."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from litwatch import __version__
from litwatch.model import HarvestState
from litwatch.service.own_process import OwnProcess
from litwatch.store.figures import Figures, figures
from litwatch.store.store import Store

log = logging.getLogger("litwatch.metrics")

KEPT_SECONDS = 5.0
"""Scrapes that come closer together are given the same figures of the store."""
AWAY_SECONDS = 30.0
"""A store that has not answered a look for so long counts as away."""
_BUCKETS = (0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 7200.0)
ALL = "all"
"""In the place of a category: the harvest as a whole."""


def read_figures(store: Store, *, now: datetime, who: str) -> Figures:
    """The store's figures, in one transaction that only reads; who: as in `figures`."""
    with store.read() as db:
        return figures(db, now=now, who=who)


class Metrics:
    """read: gives the store's figures, and may fail: then `litwatch_store_up` is 0, and the rest is still told.

    It is asked once here: requests are counted from what it says now on. May be used from any thread.
    monotonic: seconds, for how long figures are kept.
    """

    def __init__(self, read: Callable[[], Figures], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._read = read
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._begun: float | None = None
        self._kept: tuple[float, Figures | None] | None = None
        self._counted: dict[int, int] | None = None
        self._failing = False
        self._registry = CollectorRegistry()
        self._registry.register(OwnProcess())
        self._requests = Counter(
            "litwatch_requests",
            "Requests to arXiv of harvests that ended since this process began, by all daemons on the store.",
            registry=self._registry,
        )
        self._seconds = Histogram(
            "litwatch_unit_seconds",
            "Seconds that a unit of work took, by its kind.",
            ["kind"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._failures = Counter(
            "litwatch_unit_failures", "Units of work that ended in trouble, by kind.", ["kind"], registry=self._registry
        )
        self._registry.register(_Stored(self))
        self.current()

    def unit_ended(self, kind: str, seconds: float, well: bool) -> None:
        """Counts a unit of work: what `journal.observe` calls."""
        self._seconds.labels(kind).observe(seconds)
        failures = self._failures.labels(kind)
        if not well:
            failures.inc()

    def render(self) -> bytes:
        """All of it in Prometheus' text form 0.0.4."""
        self.current()  # before the registry asks its collectors: the requests it counts stand beside the others then
        return generate_latest(self._registry)

    def current(self) -> Figures | None:
        """The store's figures, at most `KEPT_SECONDS` old; None where the store is away.

        While another thread looks, and the store keeps it waiting, the last ones: no two wait for the store.
        """
        if self._looking.acquire(blocking=False):
            try:
                if self._kept is None or self._monotonic() - self._kept[0] >= KEPT_SECONDS:
                    self._begun = self._monotonic()
                    found = self._look()
                    self._kept = self._monotonic(), found
            finally:
                self._begun = None
                self._looking.release()
        return self.last()

    def last(self) -> Figures | None:
        """What was read last, however long ago; None where the store is away."""
        begun, kept = self._begun, self._kept
        if kept is None or (begun is not None and self._monotonic() - begun >= AWAY_SECONDS):
            return None
        return kept[1]

    def _look(self) -> Figures | None:
        try:
            found = self._read()
        except Exception as error:  # whatever it is: a monitor has to learn of it by an answer
            if not self._failing:
                log.warning("the figures of the store cannot be read: %s", error)
            self._failing = True
            return None
        self._failing = False
        if self._counted is not None:
            for harvest, requests in found.harvest_requests.items():
                self._requests.inc(max(0, requests - self._counted.get(harvest, 0)))
        self._counted = dict(found.harvest_requests)
        return found


class _Stored(Collector):
    """What is told of the store."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def describe(self) -> Iterator[Metric]:
        """Nothing: else the registry would read the store when this is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        build = InfoMetricFamily("litwatch_build", "Which litwatch this is.")
        build.add_metric([], {"version": __version__, "python": platform.python_version()})
        yield build
        found = self._metrics.last()  # what the scrape has just read, or could not
        yield _gauge("store_up", "1 where the store can be read, else 0.", 0 if found is None else 1)
        if found is not None:
            yield from _harvests(found)
            yield from _found(found)
            yield from _told(found)
            yield from _kept(found)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"litwatch_{name}", says, value=value)


def _harvests(found: Figures) -> Iterator[Metric]:
    states = GaugeMetricFamily(
        "litwatch_harvest_state",
        f'1 for the state in which the last harvest of a category ended ("{ALL}": of everything), 0 for the others.',
        labels=["category", "state"],
    )
    for category, ended in sorted(found.harvest_states.items()):
        for state in HarvestState:
            states.add_metric([category or ALL, state.value], float(state is ended))
    yield states
    if found.harvest_age is not None:
        yield _gauge("harvest_age_seconds", "Seconds since the last harvest that ended well.", found.harvest_age)


def _found(found: Figures) -> Iterator[Metric]:
    yield _gauge("papers", "Papers in the store.", found.papers)
    yield _gauge("matches", "Matches of papers and lines.", found.matches)
    verdicts = GaugeMetricFamily(
        "litwatch_verdicts",
        'Verdicts by stance and by what the reader said of them last ("none": nothing yet).',
        labels=["stance", "review"],
    )
    for (stance, review), number in sorted(found.verdicts.items()):
        verdicts.add_metric([stance, review or "none"], number)
    yield verdicts
    questions = GaugeMetricFamily(
        "litwatch_language_model_questions", "Questions to a language model by state.", labels=["method", "state"]
    )
    for (method, state), number in sorted(found.questions.items()):
        questions.add_metric([method, state], number)
    yield questions
    yield _gauge(
        "language_model_tokens",
        "Tokens that questions to a language model took this month, or have reserved.",
        found.tokens,
    )


def _told(found: Figures) -> Iterator[Metric]:
    deliveries = GaugeMetricFamily(
        "litwatch_deliveries", "Deliveries in the outbox by channel and state.", labels=["channel", "state"]
    )
    for (channel, state), number in sorted(found.deliveries.items()):
        deliveries.add_metric([channel, state.value], number)
    yield deliveries
    yield _gauge(
        "delivery_oldest_due_seconds", "Seconds since the delivery that waits longest is due.", found.oldest_due
    )
    stopped = GaugeMetricFamily(
        "litwatch_channel_stopped", "1 for a channel that refused for good and is sent nothing.", labels=["channel"]
    )
    for channel, stands in sorted(found.stopped.items()):
        stopped.add_metric([channel], float(stands))
    yield stopped


def _kept(found: Figures) -> Iterator[Metric]:
    aside = GaugeMetricFamily(
        "litwatch_set_aside", "What failed in a way nobody foresaw and is left out for now, by kind.", labels=["kind"]
    )
    for kind, number in sorted(found.set_aside.items()):
        aside.add_metric([kind], number)
    yield aside
    ages = GaugeMetricFamily(
        "litwatch_upkeep_age_seconds", "Seconds since a task of upkeep was last tried.", labels=["task"]
    )
    well = GaugeMetricFamily(
        "litwatch_upkeep_ok", "1 for a task of upkeep that ended well when it was last tried.", labels=["task"]
    )
    for task, (age, ok) in sorted(found.upkeep.items()):
        ages.add_metric([task], age)
        well.add_metric([task], float(ok))
    yield ages
    yield well
    age, ok = found.upkeep.get("backup", (0.0, False))
    if ok:
        yield _gauge("backup_age_seconds", "Seconds since the last backup, where it ended well.", age)
    yield _gauge("daemons", "Daemons at work on the store.", found.daemons)
    yield _gauge("is_poller", "1 while this daemon is the one that asks arXiv.", float(found.polls))
