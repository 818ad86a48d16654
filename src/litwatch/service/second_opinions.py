"""Asking a language model beside the default judge: each call asks about one pair and says whether there may be more.

What it says becomes a verdict only by the grounding rule (judge/llm.py). Nothing is held while an answer is waited
for: the question is claimed and the most that it may take is reserved before, what it took is settled with what came
of it after. Who dies in between has spent it all, and the question is asked again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from litwatch.config import JudgeSection
from litwatch.errors import LanguageModelError
from litwatch.judge.llm import (
    MOST_TOKENS,
    SCHEMA,
    Asks,
    Void,
    messages,
    method_of,
    most_tokens_of,
    not_askable,
    read_answer,
)
from litwatch.model import Claim, Evidence, Line, Paper
from litwatch.service.language_model import Reply
from litwatch.store.claims import claim_digest
from litwatch.store.holder import holder
from litwatch.store.lines import line_states
from litwatch.store.papers import get_papers
from litwatch.store.second_opinions import (
    Pause,
    Question,
    State,
    answer_to,
    claim_question,
    is_asked_elsewhere,
    note_failure,
    note_success,
    open_questions,
    pause_after,
    pause_now,
    settle_question,
    settled_elsewhere,
)
from litwatch.store.spending import Amount, month_of, reserve, settle, spent
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import add_verdicts, texts_as_they_are

log = logging.getLogger("litwatch.llm")

_ATTEMPTS = 2
_CUT_OFFS = 3
"""Failures after which an answer that was cut off the last time and is again is waited for no longer: each has cost the
most it can."""
_AGAIN_AFTER_CUT_OFF = timedelta(days=1)
_CLAIMED_BEYOND = 60.0
"""Seconds that a question stays claimed beyond the deadlines of its requests: to write down what came."""
_ASKED_ELSEWHERE = timedelta(minutes=5)
"""So long a question waits that is just asked for a claim of the same wording."""
_OVERRUN = 4.0
"""A server that counts more than so many times what a request can take is not believed further."""
_CUT_OFF = f"the answer was cut off after {MOST_TOKENS:,} tokens"
_LEAST = 1 / 20
"""So many tokens a byte a question has at least."""


class Model(Protocol):
    """A language model as it is asked here."""

    @property
    def host(self) -> str: ...

    @property
    def timeout(self) -> float: ...

    def ask(self, messages: Sequence[dict[str, str]], *, schema: dict[str, Any], most_tokens: int) -> Reply: ...


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a month may take, and what tokens cost, by the million."""

    tokens: float
    money: float
    """Infinite where it is not bounded."""
    price_in: float = 0.0
    price_out: float = 0.0

    @property
    def most(self) -> Amount:
        return Amount(tokens=self.tokens, money=self.money)

    def amount(self, tokens_in: float, tokens_out: float) -> Amount:
        money = (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6
        return Amount(tokens=tokens_in + tokens_out, money=money)

    def bound(self, claim: Claim, paper: Paper) -> Amount:
        """The most that a request about this pair can take."""
        return self.amount(most_tokens_of(messages(claim, paper)), MOST_TOKENS)

    def used(self, reply: Reply, *, asked: int) -> Amount:
        """What a request took by the server's own count, up to a few times the most that it can take; that most where
        the server counted nothing, or too little.

        asked: tokens of the question, at most.
        """
        most = self.amount(asked, MOST_TOKENS)
        if reply.tokens_in is None or reply.tokens_out is None or reply.tokens_in < asked * _LEAST:
            return most
        used = self.amount(reply.tokens_in, reply.tokens_out)
        return Amount(tokens=min(used.tokens, most.tokens * _OVERRUN), money=min(used.money, most.money * _OVERRUN))


def asks_of(judge: JudgeSection) -> Asks | None:
    """Of what a language model is asked; None where the reader configured none."""
    if judge.method != "llm":
        return None
    # Whatever is marked is asked about.
    return Asks(method=method_of(judge.llm.model), ask_from=min(judge.llm.ask_from, judge.threshold))


def budget_of(judge: JudgeSection) -> Budget:
    money = judge.llm.money_per_month
    return Budget(
        tokens=judge.llm.tokens_per_month,
        money=float("inf") if money is None else money,
        price_in=judge.llm.price_in,
        price_out=judge.llm.price_out,
    )


def ask_once(
    store: Store,
    lines: Sequence[Line],
    model: Model,
    asks: Asks,
    budget: Budget,
    *,
    now: datetime,
    who: str | None = None,
    clock: Callable[[], datetime] | None = None,
) -> bool:
    """Asks about the pair that likeliest is a challenge and was not asked about; False where there is none now.

    Raises LanguageModelError, in the same words each time, while the month's budget is used up or the model cannot be
    asked; the default judge's verdicts stand meanwhile. who: a daemon. clock: the time when an answer came; `now` where
    it is not given.
    """
    watched = {line.slug: line for line in lines if line.active}
    month = month_of(now)
    with store.read() as db:
        pause = pause_now(db, now=now)
        if (found := _next(db, watched, asks, now=now)) is None:
            if pause:
                raise _left_alone(pause)
            return False
        work = _Work.of(*found, budget)
        # What needs no asking waits for no model and no month.
        if not work.unaskable and _said_elsewhere(db, work.question) is None:
            if pause:
                raise _left_alone(pause)
            if not (needed := spent(db, month) + work.bound).fits(budget.most):
                raise _used_up(month, budget, needed)
    with store.write() as db:
        lasting = _ATTEMPTS * model.timeout + _CLAIMED_BEYOND
        claimed = claim_question(db, work.question, who=who or holder(), lasting=lasting, now=now)
        if claimed is None:  # another process was faster
            return True
        work = replace(work, question=claimed)
        if _is_settled_unasked(db, work, now=now):
            return True
        if not reserve(db, month, work.bound, most=budget.most):
            settle_question(db, claimed, State.WAITING, now=now)
            return True  # the next call says so
    return _ask(store, work, model, budget, month=month, clock=clock or (lambda: now))


@dataclass(frozen=True, kw_only=True)
class _Work:
    """One question with all that it takes to ask it."""

    question: Question
    claim: Claim
    paper: Paper
    unaskable: str
    """Why it is not to be asked; "" where it is."""
    messages: list[dict[str, str]]
    most_in: int
    """Tokens of the question, at most."""
    bound: Amount
    """The most that a request can take."""

    @classmethod
    def of(cls, question: Question, claim: Claim, paper: Paper, budget: Budget) -> _Work:
        asked = messages(claim, paper)
        most_in = most_tokens_of(asked)
        return cls(
            question=question,
            claim=claim,
            paper=paper,
            unaskable=not_askable(claim, paper),
            messages=asked,
            most_in=most_in,
            bound=budget.bound(claim, paper),
        )


def _next(db: Db, lines: Mapping[str, Line], asks: Asks, *, now: datetime) -> tuple[Question, Claim, Paper] | None:
    """The first question about a claim that is held and reads as it was asked about."""
    states = line_states(db)
    kept = [slug for slug in lines if slug in states and not states[slug].removed]
    for question in open_questions(db, asks.method, kept, now=now):
        claim = lines[question.line].claim(question.claim)
        if claim is None or claim.retired or claim_digest(claim) != question.claim_digest:
            continue
        (paper,) = get_papers(db, [question.arxiv_id])
        return question, claim, paper
    return None


def _is_settled_unasked(db: Db, work: _Work, *, now: datetime) -> bool:
    """Whether the question needs no asking, at least not now: it may not be asked, or is asked for another claim of
    the same wording."""
    question = work.question
    if work.unaskable:
        return settle_question(db, question, State.VOID, reason=work.unaskable, now=now)
    said = _said_elsewhere(db, question)
    if isinstance(said, Void):
        return settle_question(db, question, State.VOID, reason=said.reason, now=now)
    if said:
        _keep(db, work, said, now=now)
        return True
    if is_asked_elsewhere(db, question):
        return settle_question(db, question, State.WAITING, due_at=now + _ASKED_ELSEWHERE, now=now)
    return False


def _said_elsewhere(db: Db, question: Question) -> Evidence | Void | None:
    """What came of the same question about a claim of the same wording; None where nothing did yet."""
    settled = settled_elsewhere(db, question)
    if settled is None:
        return None
    return Void(reason=settled[1]) if settled[0] is State.VOID else answer_to(db, question)


def _ask(store: Store, work: _Work, model: Model, budget: Budget, *, month: str, clock: Callable[[], datetime]) -> bool:
    """Asks a question that is claimed, and whose first request is reserved; keeps what comes of it.

    False where it was broken off by our own stopping. What nobody foresaw has the question wait, so that it does not
    come up again at once, for ever.
    """
    try:
        return _asked(store, work, model, budget, month=month, clock=clock)
    except LanguageModelError:
        raise
    except Exception as error:
        with store.write() as db:
            _wait_longer(db, work.question, f"asking failed ({type(error).__name__})", now=clock())
        raise


def _asked(
    store: Store, work: _Work, model: Model, budget: Budget, *, month: str, clock: Callable[[], datetime]
) -> bool:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            reply = model.ask(work.messages, schema=SCHEMA, most_tokens=MOST_TOKENS)
        except LanguageModelError as error:
            with store.write() as db:
                settle(db, month, reserved=work.bound, used=Amount() if error.free else work.bound)
                again = error.at_once and attempt < _ATTEMPTS
                if again and reserve(db, month, work.bound, most=budget.most):
                    continue
                pause = _failed(db, work.question, error, now=clock())
            if pause is None:
                return False
            raise _left_alone(pause) from error
        said = read_answer(reply.text, work.paper, method=work.question.method)
        cut_off = isinstance(said, Void) and said.malformed and reply.cut_off
        with store.write() as db:
            note_success(db)
            used = budget.used(reply, asked=work.most_in)
            settle(db, month, reserved=work.bound, used=used)
            if not isinstance(said, Void):
                _keep(db, work, said, now=clock())
            elif cut_off and (work.question.attempts < _CUT_OFFS or work.question.reason != _CUT_OFF):
                due = clock() + _AGAIN_AFTER_CUT_OFF
                settle_question(db, work.question, State.FAILED, reason=_CUT_OFF, due_at=due, now=clock())
            elif cut_off or not said.malformed or attempt == _ATTEMPTS:
                reason = _CUT_OFF if cut_off else said.reason
                settle_question(db, work.question, State.VOID, reason=reason, now=clock())
            elif reserve(db, month, work.bound, most=budget.most):
                continue
            else:
                settle_question(db, work.question, State.WAITING, now=clock())
        if isinstance(said, Void):
            about = work.question.arxiv_id, work.question.line, work.question.claim
            why = _CUT_OFF if cut_off else said.reason
            log.info("what the language model says of %s for %s/%s does not count: %s", *about, why)
        return True
    raise AssertionError("the loop returns or raises")


def _keep(db: Db, work: _Work, evidence: Evidence, *, now: datetime) -> None:
    """Makes a verdict of an answer, where the paper and the line still are what was asked about."""
    question = work.question
    if texts_as_they_are(db, [question.arxiv_id])[question.arxiv_id] != (question.version, False):
        settle_question(db, question, State.VOID, reason="the paper was revised or withdrawn meanwhile", now=now)
        return
    if line_states(db)[question.line].removed:
        # No verdict is kept of such a line: where it comes back, it is asked about again.
        settle_question(db, question, State.WAITING, now=now)
    elif settle_question(db, question, State.ANSWERED, now=now):
        add_verdicts(db, question.line, [(work.claim, work.paper, evidence)], now=now)


def _failed(db: Db, question: Question, error: LanguageModelError, *, now: datetime) -> Pause | None:
    """Has the question, and the model, wait for a while; None where nothing is wrong with either."""
    if error.stopped:
        settle_question(db, question, State.WAITING, now=now)
        return None
    _wait_longer(db, question, str(error), now=now)
    return note_failure(db, str(error), at_least=error.retry_after or 0.0, now=now)


def _wait_longer(db: Db, question: Question, reason: str, *, now: datetime) -> None:
    due = now + pause_after(question.attempts + 1)
    settle_question(db, question, State.FAILED, reason=reason, due_at=due, now=now)


def _left_alone(pause: Pause) -> LanguageModelError:
    until = pause.until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return LanguageModelError(
        f"the language model cannot be asked: {pause.reason}; it is tried again from {until} on, and the default "
        "judge's verdicts stand meanwhile"
    )


def _used_up(month: str, budget: Budget, needed: Amount) -> LanguageModelError:
    key = "tokens_per_month" if needed.tokens > budget.tokens else "money_per_month"
    return LanguageModelError(
        f"the language model's budget for {month} is used up (judge.llm.{key}): nothing more is asked this month, and "
        "the default judge's verdicts stand"
    )
