"""What is known of a line → its re-test: pure, from values that the caller gathered.

Evidence is a verdict that counts (`ledger.counted`), on an open claim, and that is confirmed or reaches the threshold.
What counts and is below the threshold is told apart from it, and never as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from litwatch import ledger
from litwatch.model import (
    Anchor,
    AnchorNews,
    Claim,
    Coverage,
    Durability,
    Line,
    Paper,
    Review,
    Stance,
    Status,
    Track,
    Verdict,
)
from litwatch.retest.durability import Proposal, proposed
from litwatch.retest.questions import Question

MOST_STRONGEST = 8
MOST_FRESH = 8
FEW = 3
"""Marked papers below which the next ones under the threshold are shown, too; and how many of those."""
_DAYS_A_MONTH = 30.5


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was gathered of one claim."""

    claim: Claim
    status: Status
    since: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()
    """Those that count and take a stance."""
    beside: Mapping[int, Verdict] = field(default_factory=dict)
    """By id of such a verdict, what the other kind of method said (`ledger.beside`)."""
    anchors: tuple[AnchorNews, ...] = ()
    """News of the papers that it rests on."""
    stale: ledger.Stale | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One piece of evidence."""

    claim: Claim
    verdict: Verdict
    paper: Paper
    other: Verdict | None = None
    """What the other kind of method said."""
    also: tuple[Claim, ...] = ()
    """Further claims that the paper is marked against, where papers are told one by one."""
    revised: bool = False
    """The paper was submitted before the window, and the version that says so within it."""

    @property
    def confirmed(self) -> bool:
        return self.verdict.review is Review.CONFIRMED

    @property
    def strength(self) -> tuple[bool, float, datetime, str]:
        """By which evidence is ordered, the strongest highest: confirmed, probable, new."""
        return self.confirmed, self.verdict.evidence.probability, self.paper.published, self.paper.arxiv_id


@dataclass(frozen=True, kw_only=True)
class Held:
    """A claim as the report tells it."""

    claim: Claim
    status: Status
    since: datetime | None
    proposal: Proposal
    support: tuple[Shown, ...] = ()
    """Strongest first."""
    against: tuple[Shown, ...] = ()
    weaker: int = 0
    """Unreviewed verdicts that count, below the threshold of a mark."""
    anchors: tuple[AnchorNews, ...] = ()
    stale: ledger.Stale | None = None

    @property
    def settled(self) -> bool:
        return self.claim.durability is not None

    @property
    def durability(self) -> Durability:
        return self.claim.durability or self.proposal.durability


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A new paper that bears on the line, whatever it says of a claim."""

    paper: Paper
    claim: Claim | None
    """The one that it bears on most; None where it fits the line as a whole."""
    score: float
    sentence: str
    """Verbatim: the one that holds most of what they share."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was looked at, in figures of the store."""

    coverage: Coverage
    """Of the window."""
    whole_since: tuple[tuple[str, date], ...] = ()
    """By category, from when on its papers were received whole; a category without one was never harvested."""
    stored: int = 0
    """Papers in the store that were submitted in the window, whatever their category."""
    matched: int = 0
    """Of the window."""
    matched_ever: int = 0
    marked: int = 0
    """Matches of the window with a likely challenge."""
    unread: int = 0
    """Likely challenges by matches of any time that nobody reviewed."""
    reviewed: int = 0
    """Verdicts on the claims as they read that the reader reviewed."""
    harvests: int = 0
    """In the window."""
    harvests_ill: int = 0
    """Those among them that stalled or failed."""
    floor: float = 0.0
    asked: str = ""
    """The language model that was asked of pairs, by the name of its method; "" where none is configured."""
    anchors: int = 0
    anchors_withdrawn: int = 0
    unknown: tuple[str, ...] = ()
    """arXiv ids in the words of question, claims and findings that are not in the store."""
    anchors_unresolved: int = 0
    """Cited papers that arXiv does not have, has under another title, or was not asked for yet."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A figure of the report, and the command that gives it again."""

    figure: str
    value: int | float
    command: str


@dataclass(frozen=True, kw_only=True)
class Report:
    line: Line
    as_of: datetime
    since: datetime
    """Where the window begins."""
    claims: tuple[Held, ...]
    """In the order of the file; retired ones have no evidence."""
    strongest: tuple[Shown, ...] = ()
    """What speaks against the claims in the window: each paper once, by its strongest mark."""
    further: int = 0
    """Papers that speak against a claim in the window and had no room."""
    revised: int = 0
    """Of both together, how many were submitted before the window and speak by a version of within it."""
    nearest: tuple[Shown, ...] = ()
    """Where few are marked: the next ones below the threshold."""
    fresh: tuple[Fresh, ...] = ()
    """Of the window, what bears most on the line by its score and is not told above, best first."""
    looked: Looked
    questions: tuple[Question, ...] = ()
    remark: str = ""
    """How the questions were come by, where there is something to say."""
    tracks: tuple[Track, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    """Papers that the line cites and that arXiv has, with arXiv's titles."""
    threshold: float = 0.5
    months: float = 6

    @property
    def open_claims(self) -> tuple[Held, ...]:
        return tuple(held for held in self.claims if held.status is not Status.RETIRED)

    def lasting(self, side: Durability) -> tuple[Held, ...]:
        """The claims that are held and that are durable, or perishable."""
        return tuple(held for held in self.open_claims if held.durability is side)

    @property
    def evidence(self) -> tuple[Shown, ...]:
        """All of it, for and against, of every claim."""
        return tuple(one for held in self.claims for one in (*held.against, *held.support))


def window_start(now: datetime, months: float) -> datetime:
    """Midnight in UTC, so that a command's `--since DATE` means the same."""
    first = (now - timedelta(days=round(months * _DAYS_A_MONTH))).astimezone(UTC).date()
    return datetime.combine(first, time(), UTC)


def assemble(
    line: Line,
    known: Sequence[Known],
    papers: Mapping[str, Paper],
    looked: Looked,
    *,
    since: datetime,
    now: datetime,
    threshold: float,
    tracks: Sequence[Track] = (),
    anchors: Sequence[Anchor] = (),
    best: Sequence[Fresh] = (),
    months: float = 6,
) -> Report:
    """The report without its questions. papers: by id, those of all verdicts that count; a verdict on another is passed
    over. best: matches of the window, best first."""
    claims = tuple(_held(one, papers, threshold) for one in known)
    strongest = _by_paper([one for held in claims for one in held.against], since)
    nearest: list[Shown] = []
    if len(strongest) < FEW:
        below = [
            _shown(one, verdict, papers)
            for one in known
            for verdict in one.verdicts
            if not one.claim.retired and verdict.arxiv_id in papers
            if verdict.evidence.stance.challenges and not ledger.is_likely(verdict, threshold)
        ]
        marked = {one.paper.arxiv_id for one in strongest}
        nearest = [one for one in _by_paper(below, since) if one.paper.arxiv_id not in marked][:FEW]
    told = {one.paper.arxiv_id for one in (*strongest, *nearest)}
    return Report(
        line=line,
        as_of=now,
        since=since,
        claims=claims,
        fresh=tuple(one for one in best if one.paper.arxiv_id not in told)[:MOST_FRESH],
        strongest=tuple(strongest[:MOST_STRONGEST]),
        further=len(strongest[MOST_STRONGEST:]),
        revised=sum(one.revised for one in strongest),
        nearest=tuple(nearest),
        looked=looked,
        tracks=tuple(tracks),
        anchors=tuple(anchors),
        threshold=threshold,
        months=months,
    )


def _held(known: Known, papers: Mapping[str, Paper], threshold: float) -> Held:
    claim = known.claim
    there = [] if claim.retired else [verdict for verdict in known.verdicts if verdict.arxiv_id in papers]
    evidence = [_shown(known, verdict, papers) for verdict in there if ledger.is_likely(verdict, threshold)]
    evidence.sort(key=lambda one: one.strength, reverse=True)
    return Held(
        claim=claim,
        status=known.status,
        since=known.since,
        proposal=proposed(claim),
        support=_once(one for one in evidence if one.verdict.evidence.stance is Stance.SUPPORTS),
        against=_once(one for one in evidence if one.verdict.evidence.stance.challenges),
        weaker=sum(ledger.is_unread(verdict) and not ledger.is_likely(verdict, threshold) for verdict in there),
        anchors=known.anchors,
        stale=known.stale,
    )


def _shown(known: Known, verdict: Verdict, papers: Mapping[str, Paper]) -> Shown:
    other = known.beside.get(verdict.id)
    return Shown(claim=known.claim, verdict=verdict, paper=papers[verdict.arxiv_id], other=other)


def _once(evidence: Iterable[Shown]) -> tuple[Shown, ...]:
    """Each paper by its strongest verdict: a newer version may stand beside what the reader confirmed of an older."""
    found: dict[str, Shown] = {}
    for one in evidence:
        found.setdefault(one.paper.arxiv_id, one)
    return tuple(found.values())


def _by_paper(against: Sequence[Shown], since: datetime) -> list[Shown]:
    """Those of the window, each paper once by its strongest mark, with the other claims that it is marked against."""
    found: dict[str, list[Shown]] = {}
    for one in sorted(against, key=lambda one: one.strength, reverse=True):
        of_version = one.verdict.version == one.paper.version and one.paper.updated >= since
        if one.paper.published >= since or of_version:
            found.setdefault(one.paper.arxiv_id, []).append(one)
    return [
        replace(first, also=tuple(one.claim for one in rest), revised=first.paper.published < since)
        for first, *rest in found.values()
    ]
