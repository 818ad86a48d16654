"""Commands that show what was found: papers, claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch import ledger
from litwatch.cli import explaining, show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session, parse_moment
from litwatch.model import AnchorChangeKind, AnchorNews, Review, Verdict

if TYPE_CHECKING:
    from litwatch.model import Line
    from litwatch.service.explaining import Explanation
    from litwatch.service.reading import ClaimRow, PaperRow

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
    from litwatch.service import reading

    if every == bool(name):
        raise typer.BadParameter("name a line, or give --all for every stored paper")
    session = Session(config)
    if every:
        _dump_papers(session)
        return
    line = session.line(name or "")
    moment = parse_moment(since, "--since") if since else None
    most = limit if json else limit or _SHOWN
    session.catch_up()
    if rank_all:
        rows = reading.rank_all(session.store, line, session.bench.ranker, since=moment, limit=most, now=session.now)
    else:
        rows = reading.line_papers(session.store, line, since=moment, limit=most)
    explained = _explained(session, line, rows) if explain else ()
    if json:
        shown = [_paper_row(row, session.config.judge.threshold) for row in rows]
        whys = [{"explain": explaining.as_row(each)} for each in explained] or [{}] * len(shown)
        show.as_json([row | why for row, why in zip(shown, whys, strict=True)])
        return
    if not rows:
        show.say(
            f"No paper matches {line.slug} yet; `litwatch poll` asks arXiv, --rank-all shows what is below the floor."
        )
        return
    for place, row in enumerate(rows):
        _say_paper(row, session.config.judge.threshold)
        if explained:
            explaining.say(explained[place], line)


def _explained(session: Session, line: Line, rows: Sequence[PaperRow]) -> Sequence[Explanation]:
    from litwatch.service.explaining import explain

    found = [(row.match, row.paper) for row in rows]
    return explain(session.store, line, found, session.bench.ranker, now=session.now)


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
        "challenges": [verdict.id for verdict in row.verdicts if ledger.is_marked(verdict, threshold)],
        "url": row.paper.url,
    }


def _say_paper(row: PaperRow, threshold: float) -> None:
    paper = row.paper
    show.say(f"{row.match.score:.2f}  {show.safe(paper.title)}")
    why = f"bears on {row.match.claim}" if row.match.claim else "fits the line as a whole"
    terms = ", ".join(show.safe(term) for term, _ in row.match.terms[:6])
    feedback = f", you marked it {row.mark}" if row.mark else ""
    show.say(f"      arXiv:{paper.arxiv_id}v{paper.version}, {show.day(paper.published)}; {why}: {terms}{feedback}")
    for verdict in row.verdicts:
        if ledger.is_marked(verdict, threshold):
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
    from litwatch.service.reading import claim_rows, shaken_claims

    session = Session(config)
    line = session.line(name)
    moment = parse_moment(as_of, "--as-of", end_of_day=True) if as_of else None
    session.catch_up()
    rows = claim_rows(session.store, line, session.config.judge.threshold, as_of=moment)
    told = replace(line, claims=tuple(row.claim for row in rows))
    anchors = shaken_claims(session.store, told, as_of=moment)
    if json:
        show.as_json([_claim_row(row, anchors) for row in rows])
        return
    for row in rows:
        _say_claim(row, anchors)
    for news in anchors:
        if not news.claims:
            show.say(f"The line as a whole rests on {_anchor_row(news)}")


def _claim_row(row: ClaimRow, anchors: Sequence[AnchorNews]) -> dict[str, Any]:
    listed = sorted((*row.verdicts, *row.earlier), key=lambda verdict: verdict.id)
    return {
        "id": row.claim.id,
        "text": row.claim.text,
        "status": str(row.standing.status),
        "since": row.standing.since,
        "anchors": [
            {
                "arxiv_id": news.paper.arxiv_id,
                "version": news.changes[-1].version,
                "withdrawn": news.withdrawn,
                "changes": [{"at": c.at, "kind": str(c.kind), "version": c.version} for c in news.changes],
            }
            for news in anchors
            if row.claim in news.claims
        ],
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
                "counts": verdict.id in row.counted,
                "withdrawn": verdict.arxiv_id in row.withdrawn,
                "earlier_wording": verdict in row.earlier,
            }
            for verdict in listed
        ],
    }


def _say_claim(row: ClaimRow, anchors: Sequence[AnchorNews]) -> None:
    since = f" since {show.day(row.standing.since)}" if row.standing.since else ""
    show.say(f"{row.claim.id}  {row.standing.status}{since}: {show.safe(row.claim.title or row.claim.text)}")
    for news in anchors:
        if row.claim in news.claims:
            show.say(f"    rests on {_anchor_row(news)}")
    shown = [v for v in row.verdicts if v.id in row.counted or v.review or v.arxiv_id in row.withdrawn]
    shown.sort(key=lambda verdict: (verdict.review is None, -verdict.evidence.probability))
    for verdict in shown[:5]:
        if verdict.arxiv_id in row.withdrawn:
            remark = ", counts no longer: the paper was withdrawn"
        else:
            stands = verdict.id in row.counted or verdict.review is Review.REJECTED
            remark = "" if stands else ", counts no longer"
        show.say(_verdict_row(verdict, remark))
    if len(shown) > 5:
        show.say(f"    and {len(shown) - 5} more; --json shows all")
    for verdict in row.earlier:
        show.say(_verdict_row(verdict, " when the claim read otherwise, counts no longer"))


def _anchor_row(news: AnchorNews) -> str:
    """ "arXiv:2507.21919v3: version 2 on 2025-11-12, withdrawn on 2025-11-20"."""
    said = ", ".join(
        f"{f'version {c.version}' if c.kind is AnchorChangeKind.VERSION else c.kind} on {show.day(c.at)}"
        for c in news.changes
    )
    return f"arXiv:{news.paper.arxiv_id}v{news.changes[-1].version}, changed: {said}"


def _verdict_row(verdict: Verdict, remark: str) -> str:
    said = verdict.evidence
    review = f", {verdict.review}" if verdict.review else ""
    return (
        f"    {verdict.id}: arXiv:{verdict.arxiv_id}v{verdict.version} likely {said.stance}"
        f' ({said.probability:.0%}{review}{remark}): "{show.safe(said.sentence)}"'
    )
