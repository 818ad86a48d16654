"""The values of a re-test: what is known of a line, and the report that is made of it (`assembling`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

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
    Status,
    StatusChange,
    Track,
    Verdict,
)
from litwatch.retest.durability import Proposal
from litwatch.retest.questions import Question


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was gathered of one claim."""

    claim: Claim
    status: Status
    since: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()
    """Those that count and take a stance."""
    rejected: tuple[Verdict, ...] = ()
    """Those that the reader rejected, of the claim as it reads."""
    beside: Mapping[int, Verdict] = field(default_factory=dict)
    """By id of such a verdict, what the other kind of method said (`ledger.beside`)."""
    anchors: tuple[AnchorNews, ...] = ()
    """News of the papers that it rests on."""
    moved: StatusChange | None = None
    """What last moved the claim."""
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
    earlier: bool = False
    """Both were submitted before the window."""

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
    moved: StatusChange | None = None
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
    said: tuple[Verdict, ...] = ()
    """What is known of what it says of the claims: supports that are evidence, and what the reader rejected."""


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
    older: tuple[Shown, ...] = ()
    """What speaks against the claims and is older than the window: each paper once, by its strongest mark."""
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
    def challenges(self) -> tuple[Shown, ...]:
        """What speaks against the claims, each paper once: that of the window first, each part strongest first."""
        return (*self.strongest, *self.older)

    @property
    def evidence(self) -> tuple[Shown, ...]:
        """All of it, for and against, of every claim."""
        return tuple(one for held in self.claims for one in (*held.against, *held.support))
