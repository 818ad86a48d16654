"""Commands on what was found: poll, papers, claims, confirm, reject, mark, harvests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session, parse_moment
from litwatch.errors import LitwatchError, NotFoundError
from litwatch.model import HarvestState, Mark, Review

if TYPE_CHECKING:
    from litwatch.service.reading import PaperRow

VerdictNumber = Annotated[int, typer.Argument(metavar="VERDICT", help="A verdict's number, as digests show it.")]


def register(app: typer.Typer) -> None:
    app.command("poll")(poll)
    app.command("papers")(papers)
    app.command("claims")(claims)
    app.command("confirm")(confirm)
    app.command("reject")(reject)
    app.command("mark")(mark)
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


def papers(
    name: Annotated[str | None, typer.Argument(metavar="LINE", help="A line's name or its beginning.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Submitted then or later.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    rank_all: Annotated[bool, typer.Option("--rank-all", help="All stored papers, also below the floor.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every stored paper, one JSON object a line.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show a line's papers, best first, with the claim and the terms that they matched by."""
    from litwatch.service import reading

    if every == bool(name):
        raise typer.BadParameter("name a line, or give --all for every stored paper")
    session = Session(config)
    if every:
        _dump_papers(session)
        return
    line = session.line(name or "")
    moment = parse_moment(since, "--since") if since else None
    session.catch_up()
    if rank_all:
        rows = reading.rank_all(session.store, line, session.bench.ranker, since=moment, limit=limit)
    else:
        rows = reading.line_papers(session.store, line, since=moment, limit=limit if json else limit or 30)
    if json:
        show.as_json([_paper_row(row, session.config.judge.threshold) for row in rows])
        return
    if not rows:
        show.say(
            f"No paper matches {line.slug} yet; `litwatch poll` asks arXiv, --rank-all shows what is below the floor."
        )
        return
    for row in rows:
        _say_paper(row, session.config.judge.threshold)


def _dump_papers(session: Session) -> None:
    from litwatch.store.papers import all_papers

    with session.store.read() as db:
        for paper in all_papers(db):
            show.as_json_line(
                {
                    "arxiv_id": paper.arxiv_id,
                    "version": paper.version,
                    "title": paper.title,
                    "published": paper.published,
                    "withdrawn": paper.withdrawn,
                }
            )


def _paper_row(row: PaperRow, threshold: float) -> dict[str, Any]:
    return {
        "arxiv_id": row.paper.arxiv_id,
        "version": row.paper.version,
        "title": row.paper.title,
        "published": row.paper.published,
        "score": round(row.match.score, 4),
        "claim": row.match.claim or None,
        "terms": [[term, round(weight, 4)] for term, weight in row.match.terms],
        "sentence": row.match.sentence,
        "feedback": str(row.mark) if row.mark else None,
        "challenges": [verdict.id for verdict in row.verdicts if _marked(verdict, threshold)],
        "url": row.paper.url,
    }


def _marked(verdict: Any, threshold: float) -> bool:
    return bool(
        verdict.evidence.stance.challenges
        and verdict.review is not Review.REJECTED
        and (verdict.evidence.probability >= threshold or verdict.review is Review.CONFIRMED)
    )


def _say_paper(row: PaperRow, threshold: float) -> None:
    paper = row.paper
    show.say(f"{row.match.score:.2f}  {show.safe(paper.title)}")
    why = f"bears on {row.match.claim}" if row.match.claim else "fits the line as a whole"
    terms = ", ".join(show.safe(term) for term, _ in row.match.terms[:6])
    feedback = f", you marked it {row.mark}" if row.mark else ""
    show.say(f"      arXiv:{paper.arxiv_id}v{paper.version}, {show.day(paper.published)}; {why}: {terms}{feedback}")
    for verdict in row.verdicts:
        if _marked(verdict, threshold):
            said = verdict.evidence
            show.say(
                f"      likely {said.stance} {verdict.claim} ({said.probability:.0%}), verdict {verdict.id}: "
                f'"{show.safe(said.sentence)}"'
            )


def claims(
    name: LineName,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As it stood then.")] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show the ledger: each claim's standing and the verdicts that it rests on."""
    from litwatch.service.reading import ledger_verdicts, standings

    session = Session(config)
    line = session.line(name)
    moment = parse_moment(as_of, "--as-of", end_of_day=True) if as_of else None
    session.catch_up()
    stands = standings(session.store, line, session.config.judge.threshold, as_of=moment)
    verdicts = ledger_verdicts(session.store, line, as_of=moment)
    if json:
        show.as_json(
            [
                {
                    "id": claim.id,
                    "text": claim.text,
                    "status": str(stands[claim.id].status),
                    "since": stands[claim.id].since,
                    "verdicts": [
                        {
                            "verdict": verdict.id,
                            "arxiv_id": verdict.arxiv_id,
                            "version": verdict.version,
                            "stance": str(verdict.evidence.stance),
                            "probability": round(verdict.evidence.probability, 4),
                            "sentence": verdict.evidence.sentence,
                            "method": verdict.evidence.method,
                            "review": str(verdict.review) if verdict.review else None,
                            "reason": verdict.evidence.reason,
                            "at": verdict.at,
                        }
                        for verdict in verdicts[claim.id]
                    ],
                }
                for claim in line.claims
            ]
        )
        return
    for claim in line.claims:
        standing = stands[claim.id]
        since = f" since {show.day(standing.since)}" if standing.since else ""
        show.say(f"{claim.id}  {standing.status}{since}: {show.safe(claim.title or claim.text)}")
        shown = sorted(verdicts[claim.id], key=lambda v: (v.review is None, -v.evidence.probability))
        for verdict in shown[:5]:
            said = verdict.evidence
            review = f", {verdict.review}" if verdict.review else ""
            show.say(
                f"    {verdict.id}: arXiv:{verdict.arxiv_id}v{verdict.version} likely {said.stance}"
                f' ({said.probability:.0%}{review}): "{show.safe(said.sentence)}"'
            )
        if len(shown) > 5:
            show.say(f"    and {len(shown) - 5} more; --json shows all")


def confirm(number: VerdictNumber, config: Config = None) -> None:
    """Say that a verdict is right."""
    _review(number, config, Review.CONFIRMED)


def reject(number: VerdictNumber, config: Config = None) -> None:
    """Say that a verdict is wrong."""
    _review(number, config, Review.REJECTED)


def _review(number: int, config: Any, review: Review) -> None:
    from litwatch.store.verdicts import add_review, verdict_by_id

    session = Session(config)
    with session.store.write() as db:
        verdict = verdict_by_id(db, number)
        if verdict is None:
            raise NotFoundError(f"there is no verdict {number}; `litwatch claims LINE` shows them with their numbers")
        if verdict.review is not review:
            add_review(db, number, review, now=session.now)
    said = verdict.evidence
    show.say(f"{review}: arXiv:{verdict.arxiv_id} {said.stance} {verdict.claim} of {verdict.line}")


def mark(
    name: LineName,
    arxiv_id: Annotated[str, typer.Argument(metavar="ARXIV_ID")],
    verdict: Annotated[Mark, typer.Argument(metavar="useful|not")],
    config: Config = None,
) -> None:
    """Say that a match was useful or not."""
    from litwatch.store.matches import add_mark
    from litwatch.store.papers import get_papers
    from litwatch.text import split_arxiv_id

    try:
        wanted, _ = split_arxiv_id(arxiv_id)
    except ValueError as error:
        raise LitwatchError(str(error)) from error
    session = Session(config)
    line = session.line(name)
    session.catch_up()
    with session.store.write() as db:
        if not get_papers(db, [wanted]):
            raise NotFoundError(f"arXiv:{wanted} is not in the store; `litwatch papers {line.slug}` shows what is")
        add_mark(db, line.slug, wanted, verdict, now=session.now)
    show.say(f"arXiv:{wanted} is marked {verdict} for {line.slug}.")


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
