"""Commands that show what was found: papers, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import explaining, show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session, parse_moment

if TYPE_CHECKING:
    from datetime import datetime

    from litwatch.model import Line
    from litwatch.service.explaining import Explanation
    from litwatch.service.reading import PaperRow

_SHOWN = 30
"""Papers that a person is shown where no --limit is given."""


def register(app: typer.Typer) -> None:
    app.command("papers")(papers)
    app.command("claims")(claims)


def papers(
    name: Annotated[str | None, typer.Argument(metavar="LINE", help="A line's name or its beginning.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Submitted then or later.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many; without it 30, in JSON all.")
    ] = None,
    rank_all: Annotated[bool, typer.Option("--rank-all", help="All stored papers, also below the floor.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="And where each score comes from.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every stored paper, one JSON object a line.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show a line's papers, best first, with the claim and the terms that they matched by."""
    from litwatch.cli import found, marked
    from litwatch.service import reading
    from litwatch.service.reviewed import track_records

    if every == bool(name):
        raise typer.BadParameter("name a line, or give --all for every stored paper")
    moment = parse_moment(since, "--since") if since is not None else None
    session = Session(config)
    if every:
        _dump_papers(session, moment)
        return
    line = session.line(name or "")
    most = limit if json else limit or _SHOWN
    session.catch_up()
    if rank_all:
        rows = reading.rank_all(session.store, line, session.bench.ranker, since=moment, limit=most, now=session.now)
    else:
        rows = reading.line_papers(session.store, line, since=moment, limit=most)
    explained = _explained(session, line, rows) if explain else ()
    marks = [found.marks_of(row, line, session.config.judge.threshold) for row in rows]
    shown_marks = [verdict for each in marks for _, verdict in each.shown]
    tracks = track_records(session.store, shown_marks, session.config.judge.threshold)
    if json:
        shown = [found.paper_row(row, each, tracks) for row, each in zip(rows, marks, strict=True)]
        whys = [{"explain": explaining.as_row(each)} for each in explained] or [{}] * len(shown)
        show.as_json([row | why for row, why in zip(shown, whys, strict=True)])
        return
    if not rows:
        show.say(
            f"No paper matches {line.slug} yet; `litwatch poll` asks arXiv, --rank-all shows what is below the floor."
        )
        return
    for place, row in enumerate(rows):
        found.say_paper(row, marks[place], tracks)
        if explained:
            explaining.say(explained[place], line)
    marked.say_record(shown_marks, tracks)


def _explained(session: Session, line: Line, rows: Sequence[PaperRow]) -> Sequence[Explanation]:
    from litwatch.service.explaining import explain

    found = [(row.match, row.paper) for row in rows]
    return explain(session.store, line, found, session.bench.ranker, now=session.now)


def _dump_papers(session: Session, since: datetime | None) -> None:
    from litwatch.store.papers import all_papers

    with session.store.read() as db:
        for paper in all_papers(db):
            if since and paper.published < since:
                continue
            show.as_json_line(
                {
                    "arxiv_id": paper.arxiv_id,
                    "version": paper.version,
                    "title": paper.title,
                    "published": paper.published,
                    "withdrawn": paper.withdrawn,
                }
            )


def claims(
    name: LineName,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it stood then.")] = None,
    timeline: Annotated[bool, typer.Option("--timeline", help="And all that befell each claim, by date.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show the ledger: each claim's standing and the verdicts that it rests on."""
    from litwatch.cli import found, marked
    from litwatch.cli.timeline import event_row, say_event
    from litwatch.service.reading import claim_rows, read_since, shaken_claims
    from litwatch.service.reviewed import track_records
    from litwatch.service.timeline import timelines

    session = Session(config)
    line = session.line(name)
    moment = parse_moment(as_of, "--as-of", end_of_day=True) if as_of is not None else None
    session.catch_up()
    threshold = session.config.judge.threshold
    if moment and (first := read_since(session.store, line)) and moment < first:
        show.note(f"{line.slug} is watched since {show.day(first)}: of the time before, nothing was judged or said")
    rows = claim_rows(session.store, line, threshold, as_of=moment, now=session.now)
    told = replace(line, claims=tuple(row.claim for row in rows))
    anchors = shaken_claims(session.store, told, as_of=moment)
    said = [verdict for row in rows for verdict in row.verdicts if json or verdict.id in row.counted]
    tracks = track_records(session.store, said, threshold, as_of=moment)
    befell = timelines(session.store, line, rows, as_of=moment) if timeline else {}
    if json:
        told_rows = [found.claim_row(row, anchors, threshold, tracks) for row in rows]
        for told_row in told_rows if timeline else ():
            told_row["timeline"] = [event_row(event) for event in befell[told_row["id"]]]
        show.as_json(told_rows)
        return
    shown = []
    for row in rows:
        shown.append(found.say_claim(row, anchors, threshold, tracks))
        for event in befell.get(row.claim.id, ()):
            say_event(event)
    for news in anchors:
        if not news.claims:
            show.say(f"The line as a whole rests on {found.anchor_row(news)}")
    marked.say_record([verdict for each in shown for verdict in each], tracks)
