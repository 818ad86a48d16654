"""One poll: ask arXiv, keep what came, rank it and judge it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from litwatch.config import Config
from litwatch.errors import ConfigError, HarvestError
from litwatch.harvest.api import SearchApi
from litwatch.harvest.oai import OaiApi
from litwatch.harvest.rss import RssApi
from litwatch.harvest.session import BoundedSession
from litwatch.judge.base import Judge
from litwatch.judge.cue_judge import CueJudge
from litwatch.judge.llm import Asks
from litwatch.judge.trained_judge import ReadingMemory, TrainedJudge, read_model
from litwatch.model import Line
from litwatch.rank.background import bundled
from litwatch.rank.meaning import Meaning
from litwatch.rank.ranker import Ranker
from litwatch.rank.terms import search_terms
from litwatch.service.asking import Services
from litwatch.service.backfill import Backfill
from litwatch.service.harvest import Harvest
from litwatch.service.judging import count_challenges, judge_once
from litwatch.service.matching import rank_once, sync
from litwatch.service.meaning import StoreVectors
from litwatch.store.breaker import StoreBreaker
from litwatch.store.gate import StoreGate
from litwatch.store.harvests import HarvestRecord
from litwatch.store.holder import spoken
from litwatch.store.leases import POLL, fenced, held, holder_of
from litwatch.store.lines import line_states
from litwatch.store.matches import count_matches
from litwatch.store.store import Store

Progress = Callable[[str], None]

_PATIENCE = 900.0
"""Seconds that a poll waits for another one on the same store."""


@dataclass(frozen=True, kw_only=True)
class PollReport:
    """What a poll did. matches and contradictions: how many it added, over all lines."""

    harvest: HarvestRecord
    matches: int
    contradictions: int
    not_backfilled: tuple[str, ...] = ()
    """Lines that were never searched backwards for."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What ranks and judges, from which probability on a challenge is marked, and of what a language model is asked
    besides."""

    ranker: Ranker
    judge: Judge
    threshold: float
    asks: Asks | None = None


def harvest_once(
    store: Store,
    lines: Sequence[Line],
    services: Services,
    bench: Bench,
    *,
    now: datetime,
    backfill: Sequence[str] = (),
    backfill_days: int,
    progress: Progress = lambda _: None,
    on_request: Callable[[], None] = lambda: None,
    who: str | None = None,
) -> HarvestRecord:
    """Asks arXiv for the active lines and keeps what came. One that fails is reported, not raised.

    backfill: slugs of the lines to search backwards for, `backfill_days` long. on_request: called with every request,
    as a sign of life. who: a daemon (see `sync`).
    """
    active = [line for line in lines if line.active]
    services.on_request(on_request)
    sync(store, lines, bench.ranker, now=now, who=who)
    backfills = [
        Backfill(line=line, terms=search_terms(line, bench.ranker.background))
        for line in active
        if line.slug in backfill
    ]
    harvest = Harvest(store, services, now=now, progress=progress)
    return harvest.run(active, backfills=backfills, backfill_days=backfill_days)


def poll_once(
    store: Store,
    lines: Sequence[Line],
    services: Services,
    bench: Bench,
    *,
    now: datetime,
    backfill: Sequence[str] = (),
    backfill_days: int,
    progress: Progress = lambda _: None,
    ask: Callable[[], None] = lambda: None,
) -> PollReport:
    """Harvests for the active lines (`harvest_once`), then ranks and judges all that is stored and was not yet.

    ask: called after that, to ask a language model of what was judged.
    While another process polls on this store it waits, and raises a HarvestError when that takes too long.
    """
    sync(store, lines, bench.ranker, now=now)
    matches, challenges = _counts(store, lines, bench)
    with store.read() as db:
        states = line_states(db)
        other = holder_of(db, POLL)
    if other:
        progress(f"waiting for another process that asks arXiv ({spoken(other)})")
    with held(store, POLL, patience=_PATIENCE) as other:
        if other:
            raise HarvestError(
                f"another process ({spoken(other)}) is asking arXiv for this store; try again when it is done"
            )
        record = harvest_once(
            fenced(store, POLL),
            lines,
            services,
            bench,
            now=now,
            backfill=backfill,
            backfill_days=backfill_days,
            progress=progress,
        )
    catch_up(store, lines, bench, now=now, progress=progress)
    ask()
    now_matches, now_challenges = _counts(store, lines, bench)
    return PollReport(
        harvest=record,
        matches=max(0, now_matches - matches),
        contradictions=max(0, now_challenges - challenges),
        not_backfilled=tuple(
            line.slug
            for line in lines
            if line.active and states[line.slug].backfilled_at is None and line.slug not in backfill
        ),
    )


def catch_up(
    store: Store, lines: Sequence[Line], bench: Bench, *, now: datetime, progress: Progress = lambda _: None
) -> None:
    """Ranks and judges until nothing is left that was not."""
    sync(store, lines, bench.ranker, now=now)
    progress("ranking")
    while rank_once(store, lines, bench.ranker, now=now):
        pass
    progress("judging")
    while judge_once(store, lines, bench.judge, now=now, asks=bench.asks):
        pass


def _counts(store: Store, lines: Sequence[Line], bench: Bench) -> tuple[int, int]:
    with store.read() as db:
        return sum(count_matches(db).values()), sum(count_challenges(db, lines, bench.threshold).values())


CANDIDATE = 0.2
"""From this probability on a stance is kept as a candidate, whatever the threshold of marks: on the judged lines one in
four of such challenges is right, a dozen a line, and they hold five times as many right ones as the marks do."""


def make_ranker(floor: float, meaning: Meaning | None = None) -> Ranker:
    """The ranker over the bundled background. floor: below it a paper is no match. meaning: None ranks by shared terms
    alone."""
    return Ranker(bundled(), floor=floor, meaning=meaning)


def make_judge(
    threshold: float, *, trained: bool = True, model: Path | None = None, memory: ReadingMemory | None = None
) -> Judge:
    """The default judge. threshold: from which probability on a challenge is its verdict. trained: False has the
    untrained rule alone. model: a folder that `litwatch train-judge` wrote; None for the one that comes along. memory:
    where what was read is kept.

    Raises ConfigError where there is no such model in the folder.
    """
    if not trained:
        return CueJudge(threshold=threshold)
    try:
        own = read_model(model) if model else None
    except OSError as fault:
        raise ConfigError(
            f"the judge's model {fault.filename} cannot be read: {fault.strerror}; "
            "name the folder that `litwatch train-judge` wrote"
        ) from fault
    except ValueError as fault:
        raise ConfigError(f"the judge's model {model} holds {fault}; make it with `litwatch train-judge`") from fault
    return TrainedJudge(threshold=threshold, model=own, memory=memory)


def judge_of(config: Config, store: Store) -> Judge:
    """The default judge as configured, with what it reads kept in the store. Raises ConfigError as `make_judge`."""
    judge = config.judge
    trained, memory = judge.method != "cues", StoreVectors(store)
    # What is no mark yet is worth a reader's look all the same (`litwatch review`): a mark is what the threshold says.
    least = min(judge.threshold, CANDIDATE) if trained else judge.threshold
    return make_judge(least, trained=trained, model=config.judge_model, memory=memory)


def make_services(
    store: Store,
    *,
    api_url: str,
    oai_url: str,
    rss_url: str,
    delay: float,
    timeout: float,
    contact: str,
    now: datetime,
) -> Services:
    """The ways to arXiv, behind the gate that all processes on the store share. Times in seconds."""
    # A turn lasts for one request: connecting and waiting may take the timeout each, and so may the body.
    gate = StoreGate(store, delay=delay, hold=3 * timeout + 10, patience=3 * timeout + 180)
    breaker = StoreBreaker(store, now=now)
    session = BoundedSession(gate, timeout=timeout, delay=delay, contact=contact, breaker=breaker)
    return Services(api=SearchApi(api_url, session), oai=OaiApi(oai_url, session), rss=RssApi(rss_url, session))
