"""Commands that ask arXiv, and tell what was asked: poll, harvests."""

from __future__ import annotations

from typing import Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import LitwatchError, NotFoundError
from litwatch.model import HarvestState


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
    from litwatch.service.poll import poll_once

    session = Session(config)
    active = [line for line in session.lines if line.active]
    if not active:
        raise NotFoundError("there is no active line to poll for; `litwatch add-line PAGE` adds one")
    with session.working("asking arXiv") as progress:
        report = poll_once(
            session.store,
            session.lines,
            session.api,
            session.bench,
            now=session.now,
            backfill=[line.slug for line in active] if backfill else (),
            backfill_days=session.config.arxiv.backfill_days,
            progress=progress,
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
            }
        )
    else:
        show.say(
            f"{harvest.state}: {harvest.new:,} new, {harvest.revised:,} revised papers in {harvest.requests} requests; "
            f"{report.matches:,} matches, {report.contradictions:,} with a likely challenge"
        )
        if report.not_backfilled:
            lines = ", ".join(report.not_backfilled)
            show.say(f"Not searched backwards yet: {lines}. `litwatch poll --backfill` does.")
    if harvest.state is HarvestState.FAILED:
        raise LitwatchError(f"the harvest failed: {harvest.reason}")
    if harvest.state is HarvestState.STALLED:
        raise LitwatchError("the harvest is stalled: arXiv had nothing new although an announcement was due")


def harvests(
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, newest first.")] = 50,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show the record of polls: what was asked, what arXiv declared, what came."""
    from litwatch.store.harvests import recent_harvests

    session = Session(config)
    with session.store.read() as db:
        records = recent_harvests(db, limit)
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
                }
                for record in records
            ]
        )
        return
    show.table(
        ("at", "reason", "state", "requests", "declared", "received", "new", "revised"),
        [
            (
                show.iso(record.at),
                record.reason,
                str(record.state),
                *(f"{n:,}" for n in (record.requests, record.declared, record.received, record.new, record.revised)),
            )
            for record in records
        ],
        wide=1,
    )
