"""The record of harvests: each with its outcome by category and with every question that it asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from litwatch.model import CategoryOutcome, HarvestState
from litwatch.store.holder import holder, is_gone
from litwatch.store.leases import POLL, holder_of
from litwatch.store.schema import harvests, questions

BROKEN_OFF = "broken off before it ended"
"""The reason of a poll whose process died or was stopped; the next one goes on where it was."""
_AT_ONCE = 20
"""More polls than this never run side by side."""


@dataclass(frozen=True, kw_only=True)
class HarvestRecord:
    """One poll, as `harvests` keeps it. Counts are of papers; `declared` is what arXiv said there was."""

    id: int
    at: datetime
    source: str = ""
    """The services that were asked, as "oai, rss, api"."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    state: HarvestState
    requests: int = 0
    declared: int = 0
    received: int = 0
    new: int = 0
    revised: int = 0
    reason: str = ""
    categories: tuple[CategoryOutcome, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that a harvest asked, in as many requests as it took.

    `declared` is how many papers arXiv said there were, `received` how many of them came or, of a count, how many of
    them were stored in the end.
    """

    source: str
    """"api", "oai" or "rss"."""
    what: str
    """In words, as "changes in cs"."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    requests: int = 0
    declared: int = 0
    received: int = 0
    new: int = 0
    revised: int = 0
    whole: bool = True
    reason: str = ""
    """Why it is not whole."""


def begin_harvest(db: Connection, *, at: datetime) -> int:
    """A row that tells of a poll broken off until `finish_harvest` says better; while it runs, nobody counts it."""
    row = insert(harvests).values(
        at=at, source="", state=HarvestState.FAILED.value, requests=0, declared=0, received=0, new=0, revised=0,
        reason=BROKEN_OFF, holder=holder(), categories=[],
    )  # fmt: skip
    key = db.execute(row).inserted_primary_key
    assert key is not None
    return int(key[0])


def finish_harvest(db: Connection, record: HarvestRecord) -> None:
    """Closes the row of `record.id`; its questions were added as they ended."""
    values = {name: getattr(record, name) for name in _COLUMNS}
    values |= {"state": record.state.value, "holder": ""}
    values["categories"] = [[one.category, one.state.value, one.reason] for one in record.categories]
    db.execute(update(harvests).where(harvests.c.id == record.id).values(**values))


def leave_harvest(db: Connection, number: int) -> None:
    """Notes that nobody is at it any more, though it did not end."""
    db.execute(update(harvests).where(harvests.c.id == number).values(holder=""))


def add_question(db: Connection, harvest: int, question: Question) -> None:
    values = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    db.execute(insert(questions).values(harvest=harvest, **values))


def questions_of(db: Connection, ids: Sequence[int]) -> dict[int, tuple[Question, ...]]:
    """By harvest, what it asked, in the order of asking."""
    found: dict[int, tuple[Question, ...]] = dict.fromkeys(ids, ())
    for row in db.execute(select(questions).where(questions.c.harvest.in_(ids)).order_by(questions.c.id)):
        asked = Question(**{name: getattr(row, name) for name in Question.__dataclass_fields__})
        found[row.harvest] = (*found[row.harvest], asked)
    return found


def whole_answers(db: Connection, source: str, *, since: datetime) -> list[tuple[datetime, str]]:
    """(when, what) of the questions to that service that were answered whole, oldest first."""
    query = select(harvests.c.at, questions.c.what).join(questions, questions.c.harvest == harvests.c.id)
    asked = questions.c.requests > 0, questions.c.source == source, questions.c.whole, harvests.c.at >= since
    return [(row.at, row.what) for row in db.execute(query.where(*asked).order_by(questions.c.id))]


def failing_since(db: Connection, source: str, what: str, *, until: datetime) -> datetime | None:
    """When the oldest harvest was whose questions of that kind were not answered whole, with no whole one after it.

    what: how the question begins. None where the last one was answered whole.
    """
    whole = func.max(case((questions.c.whole, 1), else_=0))  # PostgreSQL knows no greatest of truths
    query = select(harvests.c.at, whole.label("whole")).join(questions, questions.c.harvest == harvests.c.id)
    kind = questions.c.source == source, questions.c.what.startswith(what, autoescape=True), harvests.c.at <= until
    found = None
    for row in db.execute(query.where(*kind).group_by(harvests.c.id).order_by(harvests.c.id.desc())):
        if row.whole:
            break
        found = row.at
    return found


def recent_harvests(db: Connection, limit: int = 50) -> list[HarvestRecord]:
    """Those that ended or were broken off, newest first."""
    rows = db.execute(select(harvests).order_by(harvests.c.id.desc()).limit(limit)).all()
    return [_record(row) for row in _ended(db, rows)]


def harvests_between(db: Connection, start: datetime, end: datetime) -> list[HarvestRecord]:
    """Those that ended or were broken off and began after `start` and not after `end`, oldest first."""
    query = select(harvests).where(harvests.c.at > start, harvests.c.at <= end).order_by(harvests.c.id)
    return [_record(row) for row in _ended(db, db.execute(query).all())]


def last_harvest(db: Connection) -> HarvestRecord | None:
    """The newest one that ended or was broken off."""
    recent = recent_harvests(db, _AT_ONCE)
    return recent[0] if recent else None


def _ended(db: Connection, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that nobody is at: whoever asks arXiv holds a lease, also where its host cannot be looked at from here."""
    at_work = holder_of(db, POLL) if any(row.holder for row in rows) else ""
    return [row for row in rows if not row.holder or row.holder != at_work or is_gone(row.holder)]


_COLUMNS = tuple(name for name in HarvestRecord.__dataclass_fields__ if name not in ("id", "categories"))


def _record(row: Row[Any]) -> HarvestRecord:
    values = {name: getattr(row, name) for name in _COLUMNS} | {"id": row.id, "state": HarvestState(row.state)}
    outcomes = tuple(
        CategoryOutcome(category=category, state=HarvestState(state), reason=reason)
        for category, state, reason in row.categories
    )
    return HarvestRecord(**values, categories=outcomes)
