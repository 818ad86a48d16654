"""Retention by rule: what is kept no longer, cleared in small pieces so that nothing has to wait."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from litwatch.config import Config
from litwatch.errors import LitwatchError
from litwatch.harvest.session import Service
from litwatch.service.due import told_until
from litwatch.service.journal import trouble, unit
from litwatch.store.harvests import failing_since
from litwatch.store.near_misses import count_near_misses, drop_near_misses
from litwatch.store.outbox import channel_since, digest_ends
from litwatch.store.retention import (
    count_old_harvests,
    count_to_empty,
    count_unneeded,
    digests_to_empty,
    drop_harvests,
    drop_texts,
    empty_digests,
    old_harvests,
    papers_unneeded,
)
from litwatch.store.second_opinions import count_unasked, drop_unasked
from litwatch.store.store import Db, Store
from litwatch.store.upkeep import Upkeep, last_upkeep, note_upkeep
from litwatch.store.vectors import count_old_vectors, drop_old_vectors

log = logging.getLogger("litwatch.retention")

RETENTION = "retention"
"""Its name among the upkeep."""
_EVERY = timedelta(hours=23)
"""Daily, though beats never come at quite the same time."""
_AGAIN = timedelta(hours=1)
"""After one that failed."""
_PAPERS_AT_ONCE = 2000
_HARVESTS_AT_ONCE = 200
"""With some ten questions each."""
_DIGESTS_AT_ONCE = 100
_LOOKED_BACK_ON = timedelta(days=120)
"""Records and digests are kept so long whatever the rule says: harvests read 100 days of them, digests 90."""
_NEAR_MISSES_AT_ONCE = 2000
_NEAR_MISSES_KEPT = timedelta(days=365)
"""Longer than any digest's period: only those found in it may be drawn."""
_VECTORS_AT_ONCE = 2000
_VECTORS_KEPT_DAYS = 365
"""By the clock that all processes on the store share. A vector that is still needed is made again."""
_UNASKED_KEPT = timedelta(days=365)
"""Questions to a language model: so long one may wait for a budget, or for its claim to be held again."""
_BEFORE_A_PERIOD = timedelta(days=28)
"""A digest looks so far back from the beginning of its period."""
_BEYOND_BACKFILL = timedelta(days=31)
"""A new line's search backwards must not find a paper whose text is gone."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How many days each is kept; 0: for ever."""

    papers_days: int
    records_days: int
    digests_days: int
    backfill_days: int
    """How far back a new line looks: papers are kept longer than that."""
    channels: tuple[str, ...] = ()
    """Those configured: the records of their open periods are kept."""


@dataclass(frozen=True, kw_only=True)
class Tidied:
    """How much was cleared: papers whose text was dropped, harvests, digests, near misses, vectors of texts, questions
    that no language model was asked."""

    papers: int = 0
    records: int = 0
    digests: int = 0
    near_misses: int = 0
    vectors: int = 0
    questions: int = 0

    @property
    def total(self) -> int:
        return self.papers + self.records + self.digests + self.near_misses + self.vectors + self.questions

    def __add__(self, other: Tidied) -> Tidied:
        return Tidied(
            papers=self.papers + other.papers,
            records=self.records + other.records,
            digests=self.digests + other.digests,
            near_misses=self.near_misses + other.near_misses,
            vectors=self.vectors + other.vectors,
            questions=self.questions + other.questions,
        )


def rules_of(config: Config) -> Rules:
    kept = config.retention
    return Rules(
        papers_days=kept.papers_days,
        records_days=kept.records_days,
        digests_days=kept.digests_days,
        backfill_days=config.arxiv.backfill_days,
        channels=tuple(config.channels),
    )


def retention_once(store: Store, rules: Rules, *, now: datetime) -> bool:
    """Clears a piece of what is kept no longer, once a day until nothing is left; True when there may be more.

    That it failed is noted in the store and logged; it is tried again after an hour.
    """
    with store.read() as db:
        last = last_upkeep(db, RETENTION)
    if last is not None and timedelta() <= now - last.at < (_EVERY if last.ok else _AGAIN):
        return False
    with unit(RETENTION):
        try:
            done = _clear(store, rules, now)
        except LitwatchError as error:
            trouble()
            log.error("what is kept no longer could not be cleared, it is tried again in an hour: %s", error)
            with store.write() as db:
                note_upkeep(db, RETENTION, Upkeep(at=now, ok=False, says=str(error)))
            return False
        if done.total:
            log.info(
                "cleared texts of %d papers, %d harvests, %d digests, %d near misses, %d vectors, %d questions",
                done.papers,
                done.records,
                done.digests,
                done.near_misses,
                done.vectors,
                done.questions,
            )
            return True
        with store.write() as db:
            note_upkeep(db, RETENTION, Upkeep(at=now, ok=True, says="nothing is left that is kept no longer"))
        return False


def tidy(store: Store, rules: Rules, *, now: datetime, dry_run: bool = False) -> Tidied:
    """Clears all that is kept no longer, or only counts it."""
    if dry_run:
        return _count(store, rules, now)
    total = Tidied()
    while (done := _clear(store, rules, now)).total:
        total += done
    return total


def _count(store: Store, rules: Rules, now: datetime) -> Tidied:
    with store.read() as db:
        papers, records, digests = _cuts(db, rules, now)
        return Tidied(
            papers=count_unneeded(db, before=papers) if papers else 0,
            records=count_old_harvests(db, before=records) if records else 0,
            digests=count_to_empty(db, before=digests) if digests else 0,
            near_misses=count_near_misses(db, before=now - _NEAR_MISSES_KEPT),
            vectors=count_old_vectors(db, days=_VECTORS_KEPT_DAYS),
            questions=count_unasked(db, before=now - _UNASKED_KEPT),
        )


def _clear(store: Store, rules: Rules, now: datetime) -> Tidied:
    """One piece of each, found while others may write and cleared in a transaction of its own."""
    with store.read() as db:
        papers, records, digests = _cuts(db, rules, now)
        ids = papers_unneeded(db, before=papers, limit=_PAPERS_AT_ONCE) if papers else []
        numbers = old_harvests(db, before=records, limit=_HARVESTS_AT_ONCE) if records else []
        sent = digests_to_empty(db, before=digests, limit=_DIGESTS_AT_ONCE) if digests else []
        misses = count_near_misses(db, before=now - _NEAR_MISSES_KEPT)
        vectors = count_old_vectors(db, days=_VECTORS_KEPT_DAYS)
        unasked = count_unasked(db, before=now - _UNASKED_KEPT)
    done = Tidied()
    if papers and ids:
        with store.write() as db:
            done += Tidied(papers=drop_texts(db, ids, before=papers))
    if numbers:
        with store.write() as db:
            done += Tidied(records=drop_harvests(db, numbers))
    if sent:
        with store.write() as db:
            done += Tidied(digests=empty_digests(db, sent, now=now))
    if misses:
        with store.write() as db:
            done += Tidied(near_misses=drop_near_misses(db, before=now - _NEAR_MISSES_KEPT, limit=_NEAR_MISSES_AT_ONCE))
    if vectors:
        with store.write() as db:
            done += Tidied(vectors=drop_old_vectors(db, days=_VECTORS_KEPT_DAYS, limit=_VECTORS_AT_ONCE))
    if unasked:
        with store.write() as db:
            done += Tidied(questions=drop_unasked(db, before=now - _UNASKED_KEPT))
    return done


def _cuts(db: Db, rules: Rules, now: datetime) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Before when papers, records and digests are kept no longer; None: for ever."""
    papers = records = digests = None
    if rules.papers_days:
        backfill = timedelta(days=rules.backfill_days) + _BEYOND_BACKFILL
        papers = now - max(timedelta(days=rules.papers_days), backfill)
    if rules.records_days:
        needed = [failing_since(db, Service.OAI.value, "changes in", until=now)]
        needed += [failing_since(db, Service.API.value, "count of", until=now)]
        for channel in rules.channels:
            start = told_until(digest_ends(db, channel), now) or channel_since(db, channel)
            needed.append(start - _BEFORE_A_PERIOD if start else None)
        cut = now - max(timedelta(days=rules.records_days), _LOOKED_BACK_ON)
        records = min([cut, *filter(None, needed)])
    if rules.digests_days:
        digests = now - max(timedelta(days=rules.digests_days), _LOOKED_BACK_ON)
    return papers, records, digests
