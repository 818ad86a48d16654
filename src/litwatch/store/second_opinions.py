"""What a language model is to be asked, one row a claim, paper and version, and what came of it.

A row that was answered, or whose answer was void, stays: the same is never asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from litwatch.model import Claim, Evidence, Paper, Stance
from litwatch.store.claims import claim_digest
from litwatch.store.holder import is_gone
from litwatch.store.leases import seconds
from litwatch.store.schema import circuits, papers, second_opinions, verdicts
from litwatch.store.set_aside import one_line

_CHUNK = 900
_PAGE = 200
_ENDPOINT = "llm"
"""Its name among the circuits."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(days=1)
_DOUBLINGS = 20
"""More of them do not lengthen a pause."""


class State(StrEnum):
    WAITING = "waiting"
    ASKING = "asking"
    """A process asks; where it died, or its time is over, it waits again."""
    ANSWERED = "answered"
    """There is a verdict."""
    VOID = "void"
    """Nothing comes of it; the reason says why."""
    FAILED = "failed"
    """The language model could not be asked; it waits until `due_at`."""


_OPEN = (State.WAITING.value, State.ASKING.value, State.FAILED.value)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: whether the paper challenges the claim."""

    line: str
    claim: str
    claim_digest: str
    arxiv_id: str
    version: int
    method: str
    attempts: int = 0
    """Those that failed."""
    reason: str = ""
    """Why the last one failed."""
    until: float = 0.0
    """Of one that was claimed: until when, by the clock that all processes on the store share."""


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The language model failed; nothing is asked of it for a while."""

    failures: int
    """In a row."""
    reason: str
    until: datetime


# --- what is to be asked -------------------------------------------------------------------------------------


def add_questions(
    db: Connection,
    slug: str,
    judged: Sequence[tuple[Claim, Paper, Evidence]],
    *,
    method: str,
    ask_from: float,
    now: datetime,
) -> int:
    """Has asked what the default judge gives a chance of `ask_from` to be a challenge.

    What is or was asked with this method is not asked again. Returns how many are new.
    """
    likely = {
        (claim.id, claim_digest(claim), paper.arxiv_id, paper.version): evidence.challenge
        for claim, paper, evidence in judged
        if not paper.withdrawn and evidence.challenge >= ask_from
    }
    ids = sorted({key[2] for key in likely})
    columns = (second_opinions.c[name] for name in ("claim", "claim_digest", "arxiv_id", "version"))
    known = select(*columns).where(second_opinions.c.line == slug, second_opinions.c.method == method)
    for start in range(0, len(ids), _CHUNK):
        for row in db.execute(known.where(second_opinions.c.arxiv_id.in_(ids[start : start + _CHUNK]))):
            likely.pop(tuple(row), None)
    rows = [
        {
            "line": slug,
            "claim": claim,
            "claim_digest": digest,
            "arxiv_id": arxiv_id,
            "version": version,
            "method": method,
            "challenge": challenge,
            "state": State.WAITING.value,
            "reason": "",
            "attempts": 0,
            "due_at": now,
            "holder": "",
            "until": 0.0,
            "at": now,
        }
        for (claim, digest, arxiv_id, version), challenge in likely.items()
    ]
    if rows:
        db.execute(insert(second_opinions), rows)
    return len(rows)


def open_questions(db: Connection, method: str, slugs: Sequence[str], *, now: datetime) -> Iterator[Question]:
    """Those that may be asked now about papers as they are now, the likeliest challenge first; what failed comes after
    what did not, so that a question that always fails holds up no other."""
    moment = seconds(db)
    query = (
        select(second_opinions)
        .join(papers, papers.c.arxiv_id == second_opinions.c.arxiv_id)
        .where(
            second_opinions.c.method == method,
            second_opinions.c.state.in_(_OPEN),
            second_opinions.c.due_at <= now,
            second_opinions.c.line.in_(slugs),
            papers.c.version == second_opinions.c.version,
            ~papers.c.withdrawn,
        )
        .order_by(second_opinions.c.attempts, second_opinions.c.challenge.desc(), *second_opinions.primary_key.columns)
    )
    start = 0
    while rows := db.execute(query.offset(start).limit(_PAGE)).all():
        for row in rows:
            if row.state == State.ASKING.value and row.until > moment and not is_gone(row.holder):
                continue
            yield Question(
                line=row.line,
                claim=row.claim,
                claim_digest=row.claim_digest,
                arxiv_id=row.arxiv_id,
                version=row.version,
                method=row.method,
                attempts=row.attempts,
                reason=row.reason,
                until=row.until,
            )
        start += _PAGE


def awaited(db: Connection, ids: Collection[str]) -> set[tuple[str, str, str, str, int]]:
    """(line, claim, its digest, arXiv id, version) of what is still to be asked about these papers, or is being."""
    names = ("line", "claim", "claim_digest", "arxiv_id", "version")
    query = select(*(second_opinions.c[name] for name in names)).where(second_opinions.c.state.in_(_OPEN))
    wanted = sorted(ids)
    found: set[tuple[str, str, str, str, int]] = set()
    for start in range(0, len(wanted), _CHUNK):
        rows = db.execute(query.where(second_opinions.c.arxiv_id.in_(wanted[start : start + _CHUNK])))
        found.update((row.line, row.claim, row.claim_digest, row.arxiv_id, row.version) for row in rows)
    return found


# --- asking ----------------------------------------------------------------------------------------------------


def claim_question(db: Connection, question: Question, *, who: str, lasting: float, now: datetime) -> Question | None:
    """The question as `who` alone asks it for `lasting` seconds; None where somebody else does, or it was settled."""
    until = seconds(db) + lasting
    # Whoever was at it meanwhile, and gave it back, left other attempts or another due time.
    as_read = second_opinions.c.until == question.until, second_opinions.c.attempts == question.attempts
    mine = _is(question), second_opinions.c.state.in_(_OPEN), *as_read, second_opinions.c.due_at <= now
    values = {"state": State.ASKING.value, "holder": who, "until": until, "at": now}
    if not db.execute(update(second_opinions).where(*mine).values(**values)).rowcount:
        return None
    return Question(**{**question.__dict__, "until": until})


def settle_question(
    db: Connection, question: Question, state: State, *, reason: str = "", due_at: datetime | None = None, now: datetime
) -> bool:
    """Ends the asking of a question that was claimed. False, and nothing changes, where it was lost meanwhile.

    due_at: of one that failed, or goes back to wait: not before.
    """
    mine = _is(question), second_opinions.c.state == State.ASKING.value, second_opinions.c.until == question.until
    values = {
        "state": state.value,
        "reason": one_line(reason),
        "attempts": question.attempts + (state is State.FAILED),
        "due_at": due_at or now,
        "holder": "",
        "until": 0.0,
        "at": now,
    }
    return db.execute(update(second_opinions).where(*mine).values(**values)).rowcount == 1


def settled_elsewhere(db: Connection, question: Question) -> tuple[State, str] | None:
    """How the same question, of a claim of the same wording elsewhere, was settled, and why; None where it was not."""
    row = db.execute(
        select(second_opinions.c.state, second_opinions.c.reason)
        .where(_asks_the_same(question), second_opinions.c.state.in_((State.ANSWERED.value, State.VOID.value)))
        .limit(1)
    ).one_or_none()
    return (State(row.state), row.reason) if row else None


def is_asked_elsewhere(db: Connection, question: Question) -> bool:
    """Whether the same question, of a claim of the same wording elsewhere, is being asked."""
    query = select(second_opinions.c.holder, second_opinions.c.until)
    rows = db.execute(query.where(_asks_the_same(question), second_opinions.c.state == State.ASKING.value)).all()
    moment = seconds(db)
    return any(row.until > moment and not is_gone(row.holder) for row in rows)


def answer_to(db: Connection, question: Question) -> Evidence | None:
    """The verdict that the same question led to, of whatever claim of this wording."""
    said = verdicts.c.claim_digest == question.claim_digest, verdicts.c.arxiv_id == question.arxiv_id
    by = verdicts.c.version == question.version, verdicts.c.method == question.method
    row = db.execute(select(verdicts).where(*said, *by).order_by(verdicts.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Evidence(
        stance=Stance(row.stance),
        probability=row.probability,
        challenge=row.challenge,
        sentence=row.sentence,
        reason=row.reason,
        method=row.method,
    )


# --- a language model that cannot be asked ---------------------------------------------------------------------


def pause_now(db: Connection, *, now: datetime) -> Pause | None:
    """Why the language model is not asked now; None where it may be."""
    row = db.execute(select(circuits).where(circuits.c.service == _ENDPOINT)).one_or_none()
    if row is None or row.failed_at > now:
        return None
    until = row.failed_at + pause_after(row.failures)
    return Pause(failures=row.failures, reason=row.reason, until=until) if now < until else None


def note_failure(db: Connection, reason: str, *, at_least: float = 0.0, now: datetime) -> Pause:
    """It failed once more; it is left alone for twice as long as the last time, a day at most.

    at_least: seconds for which it asked to be left alone.
    """
    row = db.execute(select(circuits).where(circuits.c.service == _ENDPOINT)).one_or_none()
    failures = (row.failures if row else 0) + 1
    while pause_after(failures).total_seconds() < min(at_least, _LONGEST_PAUSE.total_seconds()):
        failures += 1
    pause = Pause(failures=failures, reason=one_line(reason), until=now + pause_after(failures))
    said = {"failures": failures, "reason": pause.reason, "failed_at": now}
    if row is None:
        db.execute(insert(circuits).values(service=_ENDPOINT, **said))
    else:
        db.execute(update(circuits).where(circuits.c.service == _ENDPOINT).values(**said))
    return pause


def note_success(db: Connection) -> None:
    """It answered, whatever it said."""
    db.execute(delete(circuits).where(circuits.c.service == _ENDPOINT))


def pause_after(failures: int) -> timedelta:
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(failures - 1, _DOUBLINGS)))


# --- what is shown and kept --------------------------------------------------------------------------------------


def count_questions(db: Connection, method: str) -> dict[State, int]:
    """Of this method, by state; a state with none is left out."""
    query = select(second_opinions.c.state, func.count()).where(second_opinions.c.method == method)
    return {State(state): number for state, number in db.execute(query.group_by(second_opinions.c.state)).all()}


def count_unasked(db: Connection, *, before: datetime) -> int:
    """Questions that have waited since before that."""
    return db.execute(select(func.count()).select_from(second_opinions).where(_unasked(before))).scalar_one()


def drop_unasked(db: Connection, *, before: datetime) -> int:
    """Drops them: their claim, their paper or their language model is another one by now."""
    return db.execute(delete(second_opinions).where(_unasked(before))).rowcount


def _unasked(before: datetime) -> ColumnElement[bool]:
    waits = second_opinions.c.state.in_((State.WAITING.value, State.FAILED.value))
    return and_(waits, second_opinions.c.at < before)


def _is(question: Question) -> ColumnElement[bool]:
    return and_(*(column == getattr(question, column.name) for column in second_opinions.primary_key.columns))


def _asks_the_same(question: Question) -> ColumnElement[bool]:
    names = ("claim_digest", "arxiv_id", "version", "method")
    same = (second_opinions.c[name] == getattr(question, name) for name in names)
    return and_(*same, or_(second_opinions.c.line != question.line, second_opinions.c.claim != question.claim))
