"""What commands show of papers and claims: rows of JSON, or lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litwatch import ledger
from litwatch.cli import marked, show
from litwatch.digest import content
from litwatch.digest.beside import takes_back
from litwatch.digest.wording import count
from litwatch.ledger import Stale
from litwatch.model import AnchorChangeKind, AnchorNews, Claim, Line, Review, Status, TakenBack, Track, Verdict
from litwatch.service.reading import ClaimRow, PaperRow


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The likely challenges of a paper, and those that a language model took back."""

    shown: tuple[tuple[Claim, Verdict], ...]
    taken_back: tuple[TakenBack, ...]


def marks_of(row: PaperRow, line: Line, threshold: float) -> Marks:
    of = [(claim, verdict) for verdict in row.verdicts if (claim := line.claim(verdict.claim))]
    beside = [(claim, verdict, row.beside.get(verdict.id)) for claim, verdict in of]
    return Marks(
        shown=tuple((claim, verdict) for claim, verdict in of if ledger.is_marked(verdict, threshold)),
        taken_back=tuple(
            TakenBack(claim=claim, verdict=other, by=verdict)
            for claim, verdict, other in beside
            if other and takes_back(verdict, other, threshold)
        ),
    )


def paper_row(row: PaperRow, marks: Marks, tracks: Sequence[Track]) -> dict[str, Any]:
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
        "challenges": [verdict.id for _, verdict in marks.shown],
        "marks": [content.mark(verdict, row.beside.get(verdict.id), tracks) for _, verdict in marks.shown],
        "taken_back": [content.mark(back.verdict, back.by, ()) for back in marks.taken_back],
        "url": row.paper.url,
    }


def say_paper(row: PaperRow, marks: Marks, tracks: Sequence[Track]) -> None:
    paper = row.paper
    show.say(f"{row.match.score:.2f}  {show.safe(paper.title)}")
    why = f"bears on {row.match.claim}" if row.match.claim else "fits the line as a whole"
    terms = ", ".join(show.safe(term) for term, _ in row.match.terms[:6])
    feedback = f", you marked it {row.mark}" if row.mark else ""
    show.say(f"      arXiv:{paper.arxiv_id}v{paper.version}, {show.day(paper.published)}; {why}: {terms}{feedback}")
    for claim, verdict in marks.shown:
        show.say(f"      {marked.head(claim, verdict)}, verdict {verdict.id}")
        marked.say(marked.grounds(verdict, row.beside.get(verdict.id), tracks), " " * 8)
    for back in marks.taken_back:
        first, *rest = marked.taken_back(back)
        show.say(f"      {first}")
        marked.say(rest, " " * 8)


def _taken_back(row: ClaimRow, verdict: Verdict, threshold: float) -> TakenBack | None:
    """Of a verdict, that it is a mark which a language model took back."""
    by = row.beside.get(verdict.id)
    if by is None or by.id not in row.counted or not takes_back(by, verdict, threshold):
        return None
    return TakenBack(claim=row.claim, verdict=verdict, by=by)


def claim_row(
    row: ClaimRow, anchors: Sequence[AnchorNews], threshold: float, tracks: Sequence[Track]
) -> dict[str, Any]:
    listed = sorted((*row.verdicts, *row.earlier), key=lambda verdict: verdict.id)
    below = [verdict for verdict in listed if _is_below(verdict, threshold)]
    return {
        "id": row.claim.id,
        "text": row.claim.text,
        "status": str(row.standing.status),
        "since": row.standing.since,
        "stale": row.stale and {"days": row.stale.days, "since": row.stale.since, "unread": row.stale.unread},
        "fallen": [{"arxiv_id": one.arxiv_id, "version": one.version, "at": one.at} for one in row.fallen],
        "below_threshold": len([verdict for verdict in below if verdict.id in row.counted]),
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
                "taken_back": _taken_back(row, verdict, threshold) is not None,
                "beside": content.beside(row.beside.get(verdict.id)),
                "track": content.track(verdict, tracks),
            }
            for verdict in listed
            if verdict not in below
        ],
    }


def _is_below(verdict: Verdict, threshold: float) -> bool:
    """Whether a verdict is too improbable to be told as a mark: a candidate for `litwatch review` alone."""
    return verdict.review is None and verdict.evidence.probability < threshold


def say_claim(row: ClaimRow, anchors: Sequence[AnchorNews], threshold: float, tracks: Sequence[Track]) -> list[Verdict]:
    """Gives the verdicts that it says to count."""
    since = f" since {show.day(row.standing.since)}" if row.standing.since else ""
    show.say(f"{row.claim.id}  {row.standing.status}{since}: {show.safe(row.claim.title or row.claim.text)}")
    if row.stale:
        show.say(f"    {stale(row.stale, row.standing.status)}")
    for one in row.fallen:
        show.say(f"    rests on arXiv:{one.arxiv_id}, which was withdrawn on {show.day(one.at)}")
    for news in anchors:
        if row.claim in news.claims:
            show.say(f"    rests on {anchor_row(news)}")
    backs = {verdict.id: _taken_back(row, verdict, threshold) for verdict in row.verdicts}
    said = [v for v in row.verdicts if backs[v.id] or not _is_below(v, threshold)]
    shown = [v for v in said if v.id in row.counted or v.review or v.arxiv_id in row.withdrawn or backs[v.id]]
    shown.sort(key=lambda v: (v.review is None, not v.evidence.stance.challenges, -v.evidence.probability))
    for verdict in shown[:5]:
        if back := backs[verdict.id]:
            first, *rest = marked.taken_back(back)
            show.say(f"    {verdict.id}: arXiv:{verdict.arxiv_id}v{verdict.version} {first}")
            marked.say(rest, " " * 8)
            continue
        if verdict.arxiv_id in row.withdrawn:
            remark = ", counts no longer: the paper was withdrawn"
        else:
            stands = verdict.id in row.counted or verdict.review is Review.REJECTED
            remark = "" if stands else ", counts no longer"
        _say_verdict(row.claim, verdict, remark, row.beside.get(verdict.id), tracks)
    if len(shown) > 5:
        show.say(f"    and {len(shown) - 5} more; --json shows all")
    if below := sum(v.id in row.counted and _is_below(v, threshold) for v in row.verdicts):
        show.say(f"    {below} below the threshold of a mark, to review")
    for verdict in row.earlier:
        _say_verdict(row.claim, verdict, " when the claim read otherwise, counts no longer", None, ())
    return [verdict for verdict in shown if verdict.id in row.counted]


def stale(found: Stale, status: Status) -> str:
    """ "neither confirmed nor challenged for 200 days, 3 candidates unread"."""
    what = (
        "neither confirmed nor challenged" if status is Status.OPEN else "nothing has confirmed or challenged it anew"
    )
    return f"{what} for {found.days:,} days, {count(found.unread, 'candidate')} unread"


def anchor_row(news: AnchorNews) -> str:
    """ "arXiv:2507.21919v3: version 2 on 2025-11-12, withdrawn on 2025-11-20"."""
    said = ", ".join(
        f"{f'version {c.version}' if c.kind is AnchorChangeKind.VERSION else c.kind} on {show.day(c.at)}"
        for c in news.changes
    )
    return f"arXiv:{news.paper.arxiv_id}v{news.changes[-1].version}, changed: {said}"


def _say_verdict(claim: Claim, verdict: Verdict, remark: str, other: Verdict | None, tracks: Sequence[Track]) -> None:
    show.say(f"    {verdict.id}: arXiv:{verdict.arxiv_id}v{verdict.version} {marked.head(claim, verdict)}{remark}")
    marked.say(marked.grounds(verdict, other, tracks), " " * 8)
