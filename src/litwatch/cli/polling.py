"""Commands that ask arXiv, and tell what was asked: poll, harvests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.record import record_rows, states
from litwatch.cli.session import Session, clock, parse_moment
from litwatch.errors import ConfigError, DeliveryError, LanguageModelError, LitwatchError, NotFoundError
from litwatch.model import DeliveryState, HarvestState

if TYPE_CHECKING:
    from collections.abc import Callable

    from litwatch.store.harvests import HarvestRecord, Question

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
_SHOWN = 50
_QUESTIONS = 100
"""To a language model in one poll: a server that takes ten seconds for each holds it up for a quarter of an hour."""


def register(app: typer.Typer) -> None:
    app.command("poll")(poll)
    app.command("harvests")(harvests)


def poll(
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Search backwards for every line, arxiv.backfill_days long.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Ask arXiv what is new; store, rank and judge it."""
    from litwatch.digest.coverage import nowhere
    from litwatch.service.poll import poll_once

    session = Session(config)
    active = [line for line in session.lines if line.active]
    if not active:
        raise NotFoundError("there is no active line to poll for; `litwatch add-line PAGE` adds one")
    with session.working("asking arXiv") as progress:
        report = poll_once(
            session.store,
            session.lines,
            session.services,
            session.bench,
            now=session.now,
            backfill=[line.slug for line in active] if backfill else (),
            backfill_days=session.config.arxiv.backfill_days,
            progress=progress,
            ask=lambda: _ask(session, progress),
        )
    harvest = report.harvest
    if json:
        show.as_json(
            {
                "state": str(harvest.state),
                "requests": harvest.requests,
                "declared": harvest.declared,
                "received": harvest.received,
                "new": harvest.new,
                "revised": harvest.revised,
                "matches": report.matches,
                "contradictions": report.contradictions,
                "reason": harvest.reason,
                "categories": _categories(harvest),
            }
        )
    else:
        show.say(
            f"{harvest.state}: {harvest.new:,} new, {harvest.revised:,} revised papers in {harvest.requests} requests; "
            f"{report.matches:,} matches, {report.contradictions:,} with a likely challenge"
        )
        if len({one.state for one in harvest.categories}) > 1:
            show.say(states(harvest))
        if absent := nowhere(harvest.categories):
            show.say(f"{absent}.")
        if report.not_backfilled:
            lines = ", ".join(report.not_backfilled)
            show.say(f"Not searched backwards yet: {lines}. `litwatch poll --backfill` does.")
    _sound_alarms(session)
    if harvest.state is HarvestState.FAILED:
        raise LitwatchError(f"the harvest failed: {harvest.reason}")
    if harvest.state is HarvestState.STALLED:
        why = harvest.reason or "arXiv had nothing new although an announcement was due"
        raise LitwatchError(f"the harvest is stalled: {why}")


def _ask(session: Session, progress: Callable[[str], None]) -> None:
    """Asks a language model, where the reader configured one, of some of what was judged; its trouble ends no poll."""
    judge = session.config.judge
    from litwatch.service.second_opinions import ask_once, asks_of, budget_of

    if (asks := asks_of(judge)) is None:
        return
    from litwatch.service.language_model import make_language_model

    progress("asking the language model")
    try:
        model, budget = make_language_model(judge.llm), budget_of(judge)
        for _ in range(_QUESTIONS):
            if not ask_once(session.store, session.lines, model, asks, budget, now=session.now, clock=clock):
                return
    except (ConfigError, LanguageModelError) as error:
        show.warn(str(error))


def _categories(harvest: HarvestRecord) -> dict[str, dict[str, str]]:
    return {one.category: {"state": str(one.state), "reason": one.reason} for one in harvest.categories}


def _sound_alarms(session: Session) -> None:
    """Tells the channels that want alerts of trouble with the harvest and of its end, as the daemon would.

    With them goes what else is due there. A channel's own trouble is said and holds nothing up: it is asked again.
    """
    wanting = [each for each in session.channels if session.config.channels[each.name].alerts]
    if not wanting:
        return
    from litwatch.deliver.channel import check_url
    from litwatch.service.alarms import alarm_once
    from litwatch.service.outbox import deliver_once

    urls: dict[str, str] = {}
    for each in wanting:
        try:
            check_url(each.name, each.url)
        except DeliveryError as error:
            show.warn(str(error))
            continue
        urls[each.name] = each.url
        alarm_once(session.store, session.lines, each, now=session.now)
    while outcome := deliver_once(session.store, urls, now=session.now):
        if outcome.state is DeliveryState.SENT:
            show.note(f"{outcome.channel}: delivery {outcome.delivery} is {outcome.state}")
        else:
            show.warn(outcome.error)


def harvests(
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="At most so many, newest first; 50 where no --since is given."),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Those of that day and after.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Those of that day and before.")] = None,
    questions: Annotated[bool, typer.Option("--questions", help="With every question that was asked.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show the record of polls: what was asked, what arXiv declared, what came."""
    from litwatch.store.harvests import harvests_between, questions_of, recent_harvests

    after = parse_moment(since, "--since") if since is not None else None
    last = parse_moment(until, "--until", end_of_day=True) if until else None
    session = Session(config)
    with session.store.read() as db:
        if after or last:
            # From the very moment on: what began then is of that day.
            start = (after or EARLIEST) - timedelta(microseconds=1)
            records = harvests_between(db, start, last or LATEST)[::-1][:limit]
        else:
            records = recent_harvests(db, limit or _SHOWN)
        asked = questions_of(db, [record.id for record in records]) if json or questions else {}
    if json:
        show.as_json(
            [
                {
                    "at": record.at,
                    "source": record.source,
                    "window": [record.window_start, record.window_end],
                    "state": str(record.state),
                    "requests": record.requests,
                    "declared": record.declared,
                    "received": record.received,
                    "new": record.new,
                    "revised": record.revised,
                    "reason": record.reason,
                    "categories": _categories(record),
                    "questions": [_question(question) for question in asked[record.id]],
                }
                for record in records
            ]
        )
        return
    if not records:
        show.say("No harvest then." if after or last else "None yet; `litwatch poll` asks arXiv.")
        return
    for row in record_rows(records, asked if questions else None):
        show.say(row)


def _question(question: Question) -> dict[str, object]:
    return {
        "source": question.source,
        "what": question.what,
        "window": [question.window_start, question.window_end],
        "requests": question.requests,
        "declared": question.declared,
        "received": question.received,
        "new": question.new,
        "revised": question.revised,
        "whole": question.whole,
        "reason": question.reason,
    }
