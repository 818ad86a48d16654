"""An invented digest, in our own words, of a week in which the papers that lines rest on changed."""

from __future__ import annotations

from datetime import UTC, datetime

from digest_sample import COVERAGE, LINES, NOW, SLEEP, TIDES, match, paper

from litwatch.digest.compose import Candidate, compose
from litwatch.model import AnchorChange, AnchorChangeKind, AnchorNews, Digest, Paper, Status, StatusChange


def anchor_change(found: Paper, kind: AnchorChangeKind, before: str, after: str, day: int = 20) -> AnchorChange:
    at = datetime(2025, 11, day, 6, 30, tzinfo=UTC)
    return AnchorChange(arxiv_id=found.arxiv_id, kind=kind, version=found.version, before=before, after=after, at=at)


def anchored() -> Digest:
    """A week in which the papers that two lines rest on changed in every way, and little else came."""
    gone = paper(91, "Word pairs after a night and after a day: a study of 48 sleepers", version=3, withdrawn=True)
    moved = paper(92, "What wakeful rest keeps: word pairs, faces and routes", version=2)
    other = paper(93, "<b>Gauges</b> & dredgers: a history of one estuary", version=4)
    back = paper(94, "Spindles revisited", version=5)
    before = (
        "It is debated what a short rest keeps. We asked 1,204 adults to learn word pairs and then to rest quietly or "
        "to nap for ten minutes. Quiet rest kept 12 % fewer word pairs than a nap ($p < 0.01$), with an effect of "
        "$d = 0.31$. The effect was the same in all age groups. Data are open."
    )
    after = (
        "It is debated what a short rest keeps. We asked 1,240 adults to learn word pairs and then to rest quietly or "
        "to nap for ten minutes. However, quiet rest kept only 3 % fewer word pairs than a nap ($p = 0.04$), with an "
        "effect of $d = 0.08$. In adults over sixty we found no effect at all. Data are open."
    )
    news = {
        SLEEP.slug: (
            AnchorNews(
                paper=gone,
                changes=(
                    anchor_change(
                        gone,
                        AnchorChangeKind.WITHDRAWN,
                        "",
                        "This paper has been withdrawn by its authors, since two recordings were swapped.",
                    ),
                ),
                claims=SLEEP.claims[:2],
            ),
            AnchorNews(
                paper=moved,
                changes=(
                    anchor_change(moved, AnchorChangeKind.VERSION, before, after, 19),
                    anchor_change(moved, AnchorChangeKind.TITLE, "What rest keeps", moved.title, 19),
                    anchor_change(moved, AnchorChangeKind.JOURNAL_REF, "", "J. Quiet Res. 12 (2025) 34-56", 21),
                    anchor_change(moved, AnchorChangeKind.DOI, "", "10.5555/quiet.2025.34", 21),
                ),
                claims=SLEEP.claims[1:2],
            ),
            AnchorNews(
                paper=back,
                changes=(anchor_change(back, AnchorChangeKind.REINSTATED, before, before, 21),),
                claims=SLEEP.claims[2:],
            ),
        ),
        TIDES.slug: (
            AnchorNews(
                paper=other,
                changes=(
                    anchor_change(
                        other,
                        AnchorChangeKind.VERSION,
                        before,
                        "This estuary was dredged four times. Each time the gauges were moved, and nobody wrote down "
                        "where to. We find the old places by the shells that still stick to the piles.",
                    ),
                ),
            ),
        ),
    }
    reopened = StatusChange(
        claim=SLEEP.claims[0],
        before=Status.CONTESTED,
        after=Status.OPEN,
        arxiv_id=paper(95, "").arxiv_id,
        sentence="",
        withdrawn=True,
    )
    motor = paper(15, "Twenty-minute naps and finger tapping: a null result in pianists")
    return compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        lines=LINES,
        candidates=(Candidate(match=match(motor, SLEEP, 0.41, "c3", ("naps", 0.35)), paper=motor),),
        changes={SLEEP.slug: (reopened,)},
        anchors=news,
        coverage=COVERAGE,
        top=20,
        threshold=0.5,
        now=NOW,
    )
