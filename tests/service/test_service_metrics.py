"""What Prometheus reads, through Prometheus' own parser."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from litwatch.errors import StoreError
from litwatch.model import CategoryOutcome, DeliveryState, HarvestState
from litwatch.service.metrics import AWAY_SECONDS, KEPT_SECONDS, Metrics, read_figures
from litwatch.service.own_process import OwnProcess
from litwatch.store.figures import Figures
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.leases import POLL, enlist, take
from litwatch.store.outbox import know_channel
from litwatch.store.schema import lines, papers, reviews, set_aside, upkeep, verdicts
from litwatch.store.store import Store

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)


class Source:
    """Figures given by hand, with a count of how often they were asked for."""

    def __init__(self, *figures: Figures | Exception) -> None:
        self.figures = list(figures)
        self.asked = 0

    def __call__(self) -> Figures:
        self.asked += 1
        found = self.figures[0] if len(self.figures) == 1 else self.figures.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """By name and the values of its labels."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_every_metric_says_what_it_is_and_is_named_by_the_rules() -> None:
    metrics = Metrics(Source(Figures(upkeep={"backup": (60.0, True)}, harvest_age=1.0)))
    metrics.unit_ended("poll", 1.0, True)
    families = list(text_string_to_metric_families(metrics.render().decode()))
    assert all(family.documentation for family in families)
    ours = {family.name for family in families if family.name.startswith("litwatch_")}
    assert ours == {
        "litwatch_backup_age_seconds", "litwatch_build_info", "litwatch_channel_stopped", "litwatch_daemons",
        "litwatch_deliveries", "litwatch_delivery_oldest_due_seconds", "litwatch_harvest_age_seconds",
        "litwatch_harvest_state", "litwatch_is_poller", "litwatch_language_model_questions",
        "litwatch_language_model_tokens", "litwatch_matches", "litwatch_papers", "litwatch_requests",
        "litwatch_set_aside", "litwatch_store_up", "litwatch_unit_failures", "litwatch_unit_seconds",
        "litwatch_upkeep_age_seconds", "litwatch_upkeep_ok", "litwatch_verdicts",
    }  # fmt: skip
    assert not [name for name in ours if name.endswith("_created")]


def test_the_process_tells_its_memory_and_files() -> None:
    told = samples(Metrics(Source(Figures())).render())
    assert told["process_resident_memory_bytes",] > 1e6
    assert told["process_virtual_memory_bytes",] > told["process_resident_memory_bytes",]
    assert 0 < told["process_open_fds",] < told["process_max_fds",]
    assert told["process_cpu_seconds_total",] > 0
    assert told["process_threads",] >= 1


def test_a_process_that_has_a_bracket_in_its_name_is_read_right(tmp_path: Path) -> None:
    (tmp_path / "fd").mkdir()
    fields = ["S", *map(str, range(4, 53))]  # so that each stands for its own number in proc(5)
    (tmp_path / "stat").write_text(f"12 (a) b (c)) {' '.join(fields)}\n")
    told = {family.name: family.samples[0].value for family in OwnProcess(tmp_path).collect()}
    assert told["process_threads"] == 20
    assert told["process_virtual_memory_bytes"] == 23
    assert told["process_open_fds"] == 0


def test_where_the_process_cannot_be_looked_at_nothing_is_told_of_it(tmp_path: Path) -> None:
    assert list(OwnProcess(tmp_path).collect()) == []


def test_figures_become_samples_with_their_labels() -> None:
    told = samples(
        Metrics(
            Source(
                Figures(
                    harvest_states={"": HarvestState.STALLED, "cs.CL": HarvestState.FRESH},
                    verdicts={("contradicts", ""): 3, ("contradicts", "confirmed"): 1},
                    deliveries={("weekly-mail", DeliveryState.DEAD): 2},
                    stopped={"weekly-mail": True, "lab-slack": False},
                    questions={("llm:tide/1", "waiting"): 7},
                    tokens=52_000.0,
                    set_aside={"paper": 4},
                    upkeep={"backup": (90.0, False)},
                    polls=True,
                )
            )
        ).render()
    )
    assert told["litwatch_store_up",] == 1
    assert [told["litwatch_harvest_state", "cs.CL", state] for state in ("fresh", "stalled")] == [1, 0]
    assert told["litwatch_harvest_state", "all", "stalled"] == 1
    assert told["litwatch_verdicts", "none", "contradicts"] == 3
    assert told["litwatch_verdicts", "confirmed", "contradicts"] == 1
    assert told["litwatch_deliveries", "weekly-mail", "dead"] == 2
    assert (told["litwatch_channel_stopped", "weekly-mail"], told["litwatch_channel_stopped", "lab-slack"]) == (1, 0)
    assert told["litwatch_language_model_questions", "llm:tide/1", "waiting"] == 7
    assert told["litwatch_language_model_tokens",] == 52_000
    assert told["litwatch_set_aside", "paper"] == 4
    assert told["litwatch_is_poller",] == 1
    assert told["litwatch_upkeep_ok", "backup"] == 0
    assert ("litwatch_backup_age_seconds",) not in told, "the last one that ended well is not known"
    assert ("litwatch_harvest_age_seconds",) not in told, "none ended well yet"


def test_units_are_counted_by_kind_with_their_seconds_and_failures() -> None:
    metrics = Metrics(Source(Figures()))
    metrics.unit_ended("judge", 0.1, True)
    metrics.unit_ended("judge", 2.0, False)
    told = samples(metrics.render())
    assert told["litwatch_unit_seconds_count", "judge"] == 2
    assert told["litwatch_unit_seconds_sum", "judge"] == pytest.approx(2.1)
    assert told["litwatch_unit_seconds_bucket", "judge", "0.25"] == 1
    assert told["litwatch_unit_failures_total", "judge"] == 1


def test_a_store_that_is_away_is_told_and_the_process_still_is(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    metrics = Metrics(
        Source(StoreError("the store cannot be reached"), StoreError("again"), Figures()), monotonic=clock
    )
    metrics.unit_ended("poll", 1.0, True)
    for _ in range(2):
        told = samples(metrics.render())
        assert told["litwatch_store_up",] == 0
        assert ("litwatch_papers",) not in told
        assert told["litwatch_unit_seconds_count", "poll"] == 1
        clock.now += KEPT_SECONDS
    assert [record.getMessage() for record in caplog.records] == [
        "the figures of the store cannot be read: the store cannot be reached"
    ]
    assert samples(metrics.render())["litwatch_store_up",] == 1


def test_scrapes_that_come_close_together_read_the_store_once() -> None:
    clock, source = Clock(), Source(Figures())
    metrics = Metrics(source, monotonic=clock)
    clock.now += KEPT_SECONDS - 0.1
    metrics.render()
    assert source.asked == 1
    clock.now += 0.1
    metrics.render()
    assert source.asked == 2


def test_a_look_that_takes_long_is_made_once_a_scrape() -> None:
    clock, looks = Clock(), []

    def slow() -> Figures:
        looks.append(clock.now)
        clock.now += KEPT_SECONDS + 1
        return Figures(papers=len(looks))

    metrics = Metrics(slow, monotonic=clock)
    assert samples(metrics.render())["litwatch_papers",] == 1, "it ended this moment"
    clock.now += KEPT_SECONDS
    assert samples(metrics.render())["litwatch_papers",] == 2
    assert looks == [0, 2 * KEPT_SECONDS + 1]


def test_while_the_store_keeps_one_scrape_waiting_others_get_the_last_figures() -> None:
    clock, begun, go_on = Clock(), threading.Event(), threading.Event()
    asked = []

    def read() -> Figures:
        asked.append(clock.now)
        if len(asked) > 1:
            begun.set()
            assert go_on.wait(30)
        return Figures(papers=len(asked))

    metrics = Metrics(read, monotonic=clock)
    clock.now += KEPT_SECONDS
    waiting = threading.Thread(target=metrics.render)
    waiting.start()
    try:
        assert begun.wait(30)
        told = samples(metrics.render())
        assert (told["litwatch_papers",], told["litwatch_store_up",]) == (1, 1)
        clock.now += AWAY_SECONDS
        told = samples(metrics.render())
        assert told["litwatch_store_up",] == 0, "a store that does not answer is away"
        assert ("litwatch_papers",) not in told
    finally:
        go_on.set()
        waiting.join(30)
    assert samples(metrics.render())["litwatch_papers",] == 2
    assert len(asked) == 2


def test_requests_count_up_from_the_start_and_never_down() -> None:
    clock = Clock()
    seen = [{1: 40}, {1: 40, 2: 0}, {1: 40, 2: 7}, {2: 7, 3: 5}]
    metrics = Metrics(Source(*(Figures(harvest_requests=asked) for asked in seen)), monotonic=clock)
    totals = []
    for _ in seen[1:]:
        clock.now += KEPT_SECONDS
        totals.append(samples(metrics.render())["litwatch_requests_total",])
    assert totals == [0, 7, 12]


@pytest.mark.both_databases
def test_the_store_is_read_as_it_is(store: Store) -> None:
    with store.write() as db:
        number = begin_harvest(db, at=NOW - timedelta(hours=3))
        finish_harvest(
            db,
            HarvestRecord(
                id=number,
                at=NOW - timedelta(hours=3),
                state=HarvestState.FRESH,
                requests=12,
                categories=(CategoryOutcome(category="cs.CL", state=HarvestState.FRESH),),
            ),
        )
        number = begin_harvest(db, at=NOW - timedelta(hours=1))
        finish_harvest(db, HarvestRecord(id=number, at=NOW - timedelta(hours=1), state=HarvestState.FAILED))
        know_channel(db, "weekly-mail", now=NOW)
        for kind, until in (("paper", 1), ("paper", 2), ("line", -1)):
            row = {"reason": "why", "of": "", "since": NOW, "until": NOW + timedelta(hours=until)}
            db.execute(set_aside.insert().values(kind=kind, name=f"{kind}{until}", **row))
        db.execute(upkeep.insert().values(name="backup", at=NOW - timedelta(days=2), ok=True, says=""))
        enlist(db, who="one")
        enlist(db, who="two")
        take(db, POLL, who="one")
    found = read_figures(store, now=NOW, who="one")
    assert found.harvest_states == {"": HarvestState.FAILED, "cs.CL": HarvestState.FRESH}
    assert found.harvest_age == 3 * 3600
    assert found.harvest_requests == {1: 12, 2: 0}
    assert found.deliveries == {("weekly-mail", state): 0 for state in DeliveryState}
    assert found.stopped == {"weekly-mail": False}
    assert found.set_aside == {"paper": 2}
    assert found.upkeep == {"backup": (2 * 86400.0, True)}
    assert (found.daemons, found.polls) == (2, True)
    assert not read_figures(store, now=NOW, who="two").polls


@pytest.mark.both_databases
def test_the_age_of_the_last_good_harvest_is_known_however_many_failed_since(store: Store) -> None:
    with store.write() as db:
        for hour in range(70):
            at = NOW - timedelta(hours=70 - hour)
            state = HarvestState.QUIET if hour < 3 else HarvestState.FAILED
            finish_harvest(db, HarvestRecord(id=begin_harvest(db, at=at), at=at, state=state))
    assert read_figures(store, now=NOW, who="one").harvest_age == 68 * 3600


def test_no_command_waits_for_what_only_the_daemon_needs() -> None:
    said = "import sys, litwatch.cli.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert not {"prometheus_client", "litwatch.web.probes", "litwatch.service.metrics", "apscheduler"} & set(loaded)


@pytest.mark.both_databases
def test_verdicts_are_counted_by_what_the_reader_said_last(store: Store) -> None:
    paper = dict.fromkeys(("title", "abstract", "primary_category", "comment", "doi", "journal_ref"), "invented")
    paper |= {"arxiv_id": "2501.00001", "version": 1, "authors": [], "categories": [], "text_seq": 1}
    paper |= {"withdrawn": False, "harvested": True} | dict.fromkeys(("published", "updated", "first_seen"), NOW)
    line = {"slug": "a-line", "question": "", "known_since": NOW, "fingerprint": "", "ranked_through": 0}
    said = dict.fromkeys(("claim", "claim_digest", "sentence", "reason", "method"), "")
    said |= {"line": "a-line", "arxiv_id": "2501.00001", "version": 1, "probability": 0.9, "challenge": 0.9, "at": NOW}
    with store.write() as db:
        db.execute(papers.insert().values(**paper))
        db.execute(lines.insert().values(**line))
        for number, stance in enumerate(("contradicts", "contradicts", "supports"), 1):
            db.execute(verdicts.insert().values(id=number, stance=stance, **said))
        for review in ("confirmed", "rejected"):
            db.execute(reviews.insert().values(verdict=1, review=review, at=NOW))
    found = read_figures(store, now=NOW, who="one")
    assert found.papers == 1
    assert found.verdicts == {("contradicts", "rejected"): 1, ("contradicts", ""): 1, ("supports", ""): 1}


@pytest.mark.both_databases
def test_an_empty_store_has_figures(store: Store) -> None:
    assert read_figures(store, now=NOW, who="one") == Figures()
