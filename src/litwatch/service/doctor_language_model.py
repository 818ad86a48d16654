"""The check of a language model: whether it is there, has the model, and what the month's budget has left."""

from __future__ import annotations

from datetime import UTC, datetime

from litwatch.config import Config
from litwatch.errors import LanguageModelError, LitwatchError
from litwatch.judge.llm import MOST_TOKENS, SCHEMA, Void, messages, method_of, most_tokens_of, read_answer
from litwatch.model import Claim, Paper
from litwatch.service.doctor import Check
from litwatch.service.language_model import LanguageModel, make_language_model
from litwatch.service.second_opinions import Budget, budget_of
from litwatch.store.second_opinions import State, count_questions, note_success, pause_now
from litwatch.store.spending import Amount, month_of, reserve, settle, spent
from litwatch.store.store import Store

_NAMED = 5
_CLAIM = Claim(id="c1", text="Tides cool every harbour.")
_PAPER = Paper(
    arxiv_id="2511.00001",
    title="Tides and harbours",
    abstract="This abstract is invented. We measure ten harbours and find that tides warm nine of them.",
    published=datetime(2025, 11, 1, tzinfo=UTC),
    updated=datetime(2025, 11, 1, tzinfo=UTC),
)


def check_language_model(
    config: Config, *, store: Store | None = None, send_test: bool = False, now: datetime
) -> tuple[Check, ...]:
    """Nothing where none is configured. store: None where it does not open. send_test: asks a question about an
    invented paper."""
    if config.judge.method != "llm":
        return ()
    budget = budget_of(config.judge)
    says: list[str] = []
    ok = True
    try:
        model = make_language_model(config.judge.llm)
        says.append(_found(model))
        if send_test and store:
            says.append(_tried(model, store, budget, now=now))
    except LitwatchError as error:
        ok = False
        says.append(str(error))
    else:
        if model.shows_key:
            ok = False
            says.append("judge.llm.api_key goes over the network for all to read: use an https:// address")
    if store:
        says += _record(store, method_of(config.judge.llm.model), budget, now=now)
    return (Check(check="language model", ok=ok, says="; ".join(says)),)


def _found(model: LanguageModel) -> str:
    """Raises LitwatchError where the server does not answer, or has no such model."""
    there = model.models()
    if there is None:
        return f"{model.host} answers, and does not say which models it has"
    # Ollama's names end in ":latest" where they are given without a tag.
    if model.name not in there and f"{model.name}:latest" not in there:
        some = ", ".join(repr(name)[1:-1][:60] for name in there[:_NAMED]) or "none"
        raise LitwatchError(f"{model.host} has no model {model.name!r}; it has {some}: see judge.llm.model")
    return f"{model.host} has {model.name}"


def _tried(model: LanguageModel, store: Store, budget: Budget, *, now: datetime) -> str:
    """Raises LitwatchError where the model cannot be asked."""
    asked, month = messages(_CLAIM, _PAPER), month_of(now)
    most_in = most_tokens_of(asked)
    bound = budget.amount(most_in, MOST_TOKENS)
    with store.write() as db:
        if not reserve(db, month, bound, most=budget.most):
            return "no test question was asked: the budget has no room for it"
    used, answered = bound, False
    try:
        reply = model.ask(asked, schema=SCHEMA, most_tokens=MOST_TOKENS)
        used, answered = budget.used(reply, asked=most_in), True
    except LanguageModelError as error:
        used = Amount() if error.free else bound
        raise
    finally:
        with store.write() as db:
            settle(db, month, reserved=bound, used=used)
            if answered:
                note_success(db)  # it is left alone no longer
    said = read_answer(reply.text, _PAPER, method=method_of(model.name))
    if isinstance(said, Void):
        raise LitwatchError(f"its answer to a test question would not count: {said.reason}; try another model")
    return f"it answered a test question: {said.stance}"


def _record(store: Store, method: str, budget: Budget, *, now: datetime) -> list[str]:
    month = month_of(now)
    with store.read() as db:
        used, counts, pause = spent(db, month), count_questions(db, method), pause_now(db, now=now)
    waiting = sum(counts.get(state, 0) for state in (State.WAITING, State.ASKING, State.FAILED))
    left = max(0.0, budget.tokens - used.tokens)
    said = [f"{left:,.0f} of {budget.tokens:,.0f} tokens are left for {month}"]
    if budget.money != float("inf"):
        said.append(f"{max(0.0, budget.money - used.money):.2f} of {budget.money:.2f} in money")
    if not Amount(tokens=used.tokens + MOST_TOKENS, money=used.money).fits(budget.most):
        said.append("the budget is used up and nothing more is asked this month")
    said.append(
        f"{counts.get(State.ANSWERED, 0):,} answered, {counts.get(State.VOID, 0):,} void, {waiting:,} to be asked"
    )
    if pause:
        said.append(f"not asked until {pause.until:%Y-%m-%d %H:%M} UTC, since {pause.reason}")
    return said
