"""An invented line with one of everything that a re-test tells: for the golden files and for looking at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from litwatch.ledger import Stale
from litwatch.model import (
    Anchor,
    AnchorChange,
    AnchorChangeKind,
    AnchorNews,
    Claim,
    ClaimKind,
    Coverage,
    Durability,
    Edit,
    Evidence,
    Finding,
    Finish,
    HarvestState,
    Line,
    Paper,
    Review,
    Stance,
    Status,
    StatusChange,
    Track,
    Verdict,
)
from litwatch.retest.assembling import assemble, window_start
from litwatch.retest.questions import from_what_is_known
from litwatch.retest.report import Fresh, Known, Looked, Report

NOW = datetime(2025, 11, 24, 7, 0, tzinfo=UTC)
SINCE = window_start(NOW, 6)
NAPS = Claim(
    id="c1",
    kind=ClaimKind.NOTE,
    title="Can a quiet break do what a nap does?",
    text="Ten minutes of wakeful rest keep 20% fewer word pairs than a nap of the same length.",
    findings=(Finding(text="Wakeful rest loses a fifth of the pairs.", dated="2023"),),
)
REPLAY = Claim(id="c2", text="What sleep strengthens depends on what was learned on the evening before.")
DREAMS = Claim(id="c3", text="Current headbands cannot tell a dream from a thought.", durability=Durability.DURABLE)
SHEEP = Claim(id="c4", text="Counting sheep works.", retired=True)
LINE = Line(
    slug="sleep-and-memory",
    question="What does sleep add to a memory that waking rest does not?",
    claims=(NAPS, REPLAY, DREAMS, SHEEP),
    anchors=(Anchor(arxiv_id="2301.00001", title="Rest and recall"),),
    categories=("q-bio.NC", "cs.HC"),
)


def paper(
    number: int, title: str, *, days: int = 10, version: int = 1, updated: int | None = None, **more: Any
) -> Paper:
    """days: before NOW that it was submitted; updated: that its version was."""
    published = NOW - timedelta(days=days)
    return Paper(
        arxiv_id=f"2511.9{number:04}",
        version=version,
        title=title,
        abstract=more.pop("abstract", ""),
        authors=("Ada Example", "Ben Sample"),
        published=published,
        updated=published if updated is None else NOW - timedelta(days=updated),
        **more,
    )


def verdict(
    number: int,
    claim: Claim,
    about: Paper,
    stance: Stance,
    probability: float,
    sentence: str = "It does.",
    *,
    review: Review | None = None,
    version: int | None = None,
    method: str = "cues/1",
) -> Verdict:
    evidence = Evidence(
        stance=stance,
        probability=probability,
        challenge=probability if stance.challenges else 1 - probability,
        sentence=sentence,
        reason="it says the reverse" if stance.challenges else "it finds the same",
        method=method,
    )
    return Verdict(
        id=number,
        line=LINE.slug,
        claim=claim.id,
        arxiv_id=about.arxiv_id,
        version=version or about.version,
        evidence=evidence,
        at=NOW - timedelta(days=5),
        review=review,
        reviewed_at=NOW - timedelta(days=4) if review else None,
    )


REST = paper(1, "A quiet break keeps what a nap keeps", days=12)
GONE = paper(2, "Naps without advantage: a replication", days=30)
OLD = paper(3, "Sleep and the evening before", days=400)
AGAIN = paper(4, "Evening learning, revisited", days=500, version=3, updated=20)
WEAK = paper(5, "A headband that listens", days=8)
ANCHOR = Paper(
    arxiv_id="2301.00001", version=2, title="Rest and recall", abstract="", published=NOW - timedelta(days=1000),
    updated=NOW - timedelta(days=6), withdrawn=True,
)  # fmt: skip
NEWS = AnchorNews(
    paper=ANCHOR,
    changes=(
        AnchorChange(
            arxiv_id=ANCHOR.arxiv_id, kind=AnchorChangeKind.WITHDRAWN, version=2, before="", after="We erred.",
            at=NOW - timedelta(days=5),
        ),
    ),
    claims=(NAPS,),
)  # fmt: skip
PAPERS = {one.arxiv_id: one for one in (REST, GONE, OLD, AGAIN, WEAK)}
ON_NAPS = (
    verdict(11, NAPS, REST, Stance.CONTRADICTS, 0.71, "Ten quiet minutes kept as many word pairs as a nap."),
    verdict(12, NAPS, GONE, Stance.CONTRADICTS, 0.62, "No advantage was found.", review=Review.CONFIRMED),
)
ON_REPLAY = (
    verdict(13, REPLAY, OLD, Stance.SUPPORTS, 0.83, "What was learned at night was kept best."),
    verdict(14, REPLAY, REST, Stance.CONTRADICTS, 0.55, "The hour of learning made no difference."),
    verdict(15, REPLAY, AGAIN, Stance.SUPERSEDES, 0.66, "Learning in the morning now does as well."),
)
ON_DREAMS = (verdict(16, DREAMS, WEAK, Stance.SUPERSEDES, 0.31, "Our headband tells dreams from thoughts."),)
LOOKED = Looked(
    coverage=Coverage(
        period_start=SINCE,
        period_end=NOW,
        papers_read=0,
        categories=LINE.categories,
        harvest=Finish(state=HarvestState.FRESH, at=NOW - timedelta(hours=1)),
        last_well=NOW - timedelta(hours=1),
    ),
    whole_since=(("q-bio.NC", date(2025, 9, 1)),),
    stored=1912,
    matched=61,
    matched_ever=75,
    marked=2,
    unread=3,
    reviewed=1,
    harvests=180,
    harvests_ill=2,
    floor=0.1,
    anchors=2,
    anchors_withdrawn=1,
    anchors_unresolved=1,
)


def known(**changes: Any) -> tuple[Known, ...]:
    """changes: by a claim's id, what is known of it instead."""
    found = {
        "c1": Known(
            claim=NAPS, status=Status.CONTESTED, since=NOW - timedelta(days=4), verdicts=ON_NAPS, anchors=(NEWS,)
        ),
        "c2": Known(claim=REPLAY, status=Status.CONTESTED, since=NOW - timedelta(days=5), verdicts=ON_REPLAY),
        "c3": Known(
            claim=DREAMS,
            status=Status.OPEN,
            verdicts=ON_DREAMS,
            stale=Stale(days=201, since=NOW - timedelta(days=201), unread=1),
        ),
        "c4": Known(claim=SHEEP, status=Status.RETIRED),
    }
    return tuple((found | changes).values())


def report(
    of: tuple[Known, ...] | None = None,
    *papers: Paper,
    looked: Looked = LOOKED,
    line: Line = LINE,
    best: tuple[Fresh, ...] = (),
) -> Report:
    """papers: further ones that verdicts are about."""
    made = assemble(
        line,
        known() if of is None else of,
        PAPERS | {one.arxiv_id: one for one in papers},
        looked,
        since=SINCE,
        now=NOW,
        threshold=0.5,
        tracks=(Track(method="cues/1", reviewed=6, right=4),),
        anchors=(Anchor(arxiv_id="2401.00002", title="Sleep, a review", year=2024),),
        best=best,
    )
    return replace(made, questions=from_what_is_known(made))


def quiet() -> Report:
    """Nothing speaks for or against a claim."""
    silent = tuple(Known(claim=claim, status=Status.OPEN) for claim in LINE.claims[:3])
    return report(silent, looked=replace(LOOKED, marked=0, unread=0, reviewed=0))


def aged() -> Report:
    """What speaks against the claims is older than the window; of what is new the reader has rejected a mark."""
    twice = paper(7, "Naps and quiet, twice", days=300)
    new = paper(8, "Evenings without a lesson", days=9)
    rejected = verdict(22, REPLAY, new, Stance.CONTRADICTS, 0.58, review=Review.REJECTED)
    naps = (
        verdict(21, NAPS, twice, Stance.CONTRADICTS, 0.7, "Quiet kept as much.", review=Review.CONFIRMED),
        verdict(23, NAPS, new, Stance.SUPPORTS, 0.61),
    )
    replay = (verdict(24, REPLAY, OLD, Stance.SUPERSEDES, 0.83, "The evening before has no part in it."),)
    back = StatusChange(claim=DREAMS, before=Status.CONTRADICTED, after=Status.OPEN, edit=Edit.REWORDED, at=SINCE)
    known = (
        Known(claim=NAPS, status=Status.CONTRADICTED, since=NOW - timedelta(days=250), verdicts=naps),
        Known(
            claim=REPLAY,
            status=Status.CONTESTED,
            since=NOW - timedelta(days=380),
            verdicts=replay,
            rejected=(rejected,),
            stale=Stale(days=380, since=NOW - timedelta(days=380), unread=1),
        ),
        Known(claim=DREAMS, status=Status.OPEN, since=SINCE, moved=back),
    )
    best = (Fresh(paper=new, claim=REPLAY, score=0.62, sentence="Nothing was taught in the evening."),)
    return report(known, twice, new, best=best)
