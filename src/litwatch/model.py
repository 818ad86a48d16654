"""The values that flow through litwatch.

All are frozen and keyword-only; collections are tuples; times are aware and in UTC. A value is changed with
`dataclasses.replace`. Nothing here knows where a value came from or where it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum


class ClaimKind(StrEnum):
    NOTE = "note"
    """A titled note of the page: a heading and what it states."""
    FINDING = "finding"
    """A dated finding that restates none of the notes."""
    PLAIN = "plain"
    """A claim given in plain words, without a page."""


class Durability(StrEnum):
    """What time does to a claim that is right today, as its reader settles it."""

    DURABLE = "durable"
    """An insight into how things are: a stronger model or a newer method does not end it by itself."""
    PERISHABLE = "perishable"
    """A limit or a figure of what was tried: it holds until something better is."""


class AnchorState(StrEnum):
    UNCHECKED = "unchecked"
    """arXiv has not been asked yet."""
    FOUND = "found"
    MISSING = "missing"
    """arXiv answered and knows no such paper."""
    TITLE_DIFFERS = "title differs"
    """The paper exists under another title than the one cited: probably a wrong id."""
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    NONE = "none"

    @property
    def challenges(self) -> bool:
        return self in (Stance.CONTRADICTS, Stance.SUPERSEDES)


class Review(StrEnum):
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Mark(StrEnum):
    """The reader's feedback on a match."""

    USEFUL = "useful"
    NOT = "not"
    NONE = "none"
    """Takes back the mark that was given before."""


class Status(StrEnum):
    """The standing of a claim in the ledger."""

    OPEN = "open"
    SUPPORTED = "supported"
    CONTESTED = "contested"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class HarvestState(StrEnum):
    FRESH = "fresh"
    """New papers came."""
    WAITING = "waiting"
    """None came and none was due: the next announcement is still ahead."""
    QUIET = "quiet"
    """None came: arXiv announces nothing on this day (weekend, holiday)."""
    STALLED = "stalled"
    """None came although an announcement was due."""
    FAILED = "failed"
    """arXiv could not be asked, or what came was not whole."""

    @property
    def complete(self) -> bool:
        return self not in (HarvestState.STALLED, HarvestState.FAILED)


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Refused or unreachable; due again at `due_at`."""
    UNKNOWN = "unknown"
    """Sent, but the answer was lost: it may or may not have arrived."""
    DEAD = "dead"
    """Given up; a person may retry it."""


# --- lines ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding with the years its page gives it; attached to the claim that it restates."""

    text: str
    dated: str = ""
    """As the page wrote it: "2025", "2024–2025"; empty where it gave none."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    id: str
    """Stable within its line, as "c1"; kept when the text around it is edited."""
    text: str
    """What is believed: the statement itself."""
    title: str = ""
    """A note's heading, often a question; empty for other kinds."""
    kind: ClaimKind = ClaimKind.PLAIN
    dated: str = ""
    findings: tuple[Finding, ...] = ()
    """Dated findings of the page that restate this claim."""
    retired: bool = False
    """The reader no longer holds it; it is kept for the record and not judged."""
    durability: Durability | None = None
    """As the reader settled it; None where they have not. It has no part in what is judged."""

    @property
    def full_text(self) -> str:
        """Title, statement and findings in one string: what ranking reads."""
        return " ".join(part for part in (self.title, self.text, *(f.text for f in self.findings)) if part)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A paper that a line rests on, as the reader cited it."""

    arxiv_id: str
    """Without version."""
    title: str = ""
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    slug: str
    question: str
    about: str = ""
    """The lead: what the question means to its reader, a paragraph at most."""
    claims: tuple[Claim, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    categories: tuple[str, ...] = ()
    """arXiv categories to watch, as "cs.CL"."""
    exclude: tuple[str, ...] = ()
    """Terms whose papers the reader does not want in this line."""
    tasks: tuple[str, ...] = ()
    """What the page asks its reader to do next, one entry a task."""
    next_lines: tuple[str, ...] = ()
    """Further questions that the page proposes."""
    active: bool = True

    @property
    def open_claims(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if not claim.retired)

    def claim(self, claim_id: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.id == claim_id), None)


# --- papers --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One arXiv e-print as its newest stored version shows it."""

    arxiv_id: str
    """Without version: "2507.21919", "hep-th/9901001"."""
    version: int = 1
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    primary_category: str = ""
    published: datetime
    """Submission of version 1."""
    updated: datetime
    """Submission of this version."""
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    withdrawn: bool = False

    @property
    def url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def has_text(self) -> bool:
        """False of an old paper whose text is kept no longer (`[retention]`): it is known, and no more is."""
        return bool(self.abstract or self.authors)


# --- harvesting ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far a category was received whole; each moves only past what arXiv sent whole."""

    whole_since: datetime
    """All papers submitted since then are meant to be stored; what lies before was only searched, if at all."""
    submitted_through: datetime
    """Papers submitted up to here were counted or asked for, and all that arXiv declared came."""
    changed_through: date
    """Records whose OAI-PMH datestamp lies before this day were all received."""
    swept_at: datetime | None = None
    """When a listing of changes last reached back over the days that arXiv may have dated late."""
    audited_at: datetime | None = None
    """When the papers of all the time in which moderation holds them were last counted and found whole."""
    news_at: datetime | None = None
    """When a harvest last brought a paper that was new to the category."""


NOWHERE = "arXiv has no papers in it: check `categories` in the watchlists"
"""The reason of the outcome for a category that arXiv does not have: a slip, which asking again does not mend."""


@dataclass(frozen=True, kw_only=True)
class CategoryOutcome:
    """How a harvest ended for one category."""

    category: str
    state: HarvestState
    reason: str = ""
    """In words, where there is something to say."""


class AnchorChangeKind(StrEnum):
    VERSION = "version"
    """A newer version, whose text may say something else."""
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    """A version after a withdrawal that is none."""
    TITLE = "title"
    JOURNAL_REF = "journal reference"
    DOI = "DOI"


@dataclass(frozen=True, kw_only=True)
class AnchorChange:
    """What became of a paper that lines rest on; kept for ever, oldest first."""

    arxiv_id: str
    kind: AnchorChangeKind
    version: int
    """Of the paper after the change."""
    before: str
    """What stood there: the abstract that last stood for a version or a return, else the value that changed; "" where
    there was none, and for a withdrawal."""
    after: str
    """What stands there now; for a withdrawal what its version says of it."""
    at: datetime
    """When litwatch saw it."""


# --- ranking and judging -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Match:
    """A paper that bears on a line."""

    line: str
    arxiv_id: str
    version: int
    score: float
    """0 to 1; comparable between lines."""
    claim: str
    """Id of the claim that it bears on most; "" where it fits the line but none of its claims."""
    claim_scores: tuple[tuple[str, float], ...] = ()
    """(claim id, score), best first, only those at or above the floor."""
    terms: tuple[tuple[str, float], ...] = ()
    """(term, weight), heaviest first: the terms that paper and line share, as shares of the score."""
    sentence: str = ""
    """The sentence of the abstract that holds most of what they share, verbatim; the title where there is none."""
    base: float | None = None
    """The score without the reader's feedback; None where feedback had no part in it."""
    semantic: float = 0.0
    """Share of the base score that meaning has beside shared terms, 0 to 1."""


LANGUAGE_MODEL = "llm/"
"""What the name of a method begins with by which a language model was asked."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a judge says of one claim and one paper: a candidate until a person reviews it."""

    stance: Stance
    probability: float
    """That the stance is right, 0 to 1; for a challenge, that it is one of either kind."""
    challenge: float
    """Probability of "contradicts or supersedes", whatever the stance: what marks are ordered by."""
    sentence: str
    """Verbatim from the paper's title or abstract; "" only where the stance is none."""
    reason: str = ""
    """The cues in words, for the reader."""
    method: str
    """Name and version of the method, as "cues/1"."""

    @property
    def by_language_model(self) -> bool:
        """Whether a language model was asked, and not the default judge."""
        return self.method.startswith(LANGUAGE_MODEL)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Evidence as kept in the ledger, with what people said of it."""

    id: int
    line: str
    claim: str
    arxiv_id: str
    version: int
    evidence: Evidence
    at: datetime
    """When it was judged."""
    review: Review | None = None
    """The reader's last word on it."""
    reviewed_at: datetime | None = None
    overruled: tuple[tuple[Review, datetime], ...] = ()
    """What the reader said of it before, oldest first."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The reader's last word on a verdict that takes a challenging stance."""

    method: str
    """Of the verdict."""
    probability: float
    """Of the verdict."""
    right: bool


@dataclass(frozen=True, kw_only=True)
class Band:
    """Marks of about the same probability that the reader reviewed."""

    low: float
    high: float
    reviewed: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Track:
    """How many of the marks that the reader reviewed so far proved right: a method's track record with this reader."""

    method: str
    """By which they were found; "" for all methods together."""
    reviewed: int
    right: int
    bands: tuple[Band, ...] = ()
    """The same by probability, from the threshold up to 1; none where too few are reviewed to divide them."""


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """A mark of the default judge that a language model takes back: the paper is told without it, and both are."""

    claim: Claim
    verdict: Verdict
    """The default judge's, unreviewed, which counts no more."""
    by: Verdict
    """The language model's, which does."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the reader thinks of a paper for a line, by a mark or by a confirmed verdict."""

    arxiv_id: str
    useful: bool
    at: datetime
    """When it was given."""


# --- digests -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Finish:
    """How the last harvest before a digest ended."""

    state: HarvestState
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Harvested:
    """The harvests of a digest's period, added up: what two of them listed counts in both."""

    runs: int = 0
    well: int = 0
    """Those that ended well for the categories of the digest."""
    requests: int = 0
    declared: int = 0
    received: int = 0
    days_without: tuple[date, ...] = ()
    """Days, in UTC, that lie whole in the period and saw no harvest."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What was looked at for a digest."""

    period_start: datetime
    period_end: datetime
    papers_read: int
    """Papers first seen in the period, matched or not."""
    categories: tuple[str, ...] = ()
    harvest: Finish | None = None
    """How the last one ended for these categories; None where nothing was harvested yet."""
    outcomes: tuple[CategoryOutcome, ...] = ()
    """The same for each category, where the harvest came so far as to tell."""
    last_well: datetime | None = None
    """When the last harvest began that brought what there was in at least one of the categories."""
    harvested: Harvested = Harvested()


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Trouble with the harvest as a channel is told of it: when it begins, and once more when it is over."""

    state: HarvestState
    """STALLED or FAILED; of one that is over, how the harvest that ended it did."""
    began: datetime
    """When the first harvest in trouble was."""
    outcomes: tuple[CategoryOutcome, ...] = ()
    """The categories in trouble, as they are now; none where the harvest failed as a whole."""
    reason: str = ""
    """Of the harvest as a whole; of one that is over, what the alarm that was not sent would have said, if any."""
    well_before: datetime | None = None
    """The last harvest before it that ended well, where one is known."""
    ask_again_at: datetime | None = None
    """When arXiv is asked again without anybody's doing; None where that is not known."""
    over_at: datetime | None = None
    papers: int = 0
    """Of one that is over: papers of the categories that came since it began."""


class NoticeKind(StrEnum):
    STOPPED = "stopped"
    """A channel refused for good, and is sent nothing until somebody mends it."""
    GOES_ON = "goes on"
    """A channel that was stopped is sent to again."""
    UNDELIVERED = "undelivered"
    """Messages that litwatch will not try to deliver again by itself."""


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """A message that did not arrive whole, or may not have."""

    delivery: int
    channel: str
    subject: str
    state: DeliveryState
    """DEAD, UNKNOWN, or SENT where some of its recipients were refused."""
    reason: str
    at: datetime
    """When that was settled."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Trouble with a channel as another one tells of it."""

    kind: NoticeKind
    channel: str = ""
    """The one that was stopped; "" of UNDELIVERED."""
    since: datetime
    """When it was stopped, or the first of the undelivered was settled."""
    over_at: datetime | None = None
    reason: str = ""
    waiting: int = 0
    """Deliveries that wait for the channel."""
    first: int | None = None
    """Number of the one that waits longest."""
    undelivered: tuple[Undelivered, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One paper as a digest tells it, under the line that it fits best."""

    paper: Paper
    score: float
    claim: Claim | None
    """The claim that it bears on most."""
    terms: tuple[tuple[str, float], ...] = ()
    sentence: str = ""
    """The paper's sentence that says most about the line, verbatim."""
    marks: tuple[tuple[Claim, Verdict], ...] = ()
    """Verdicts worth showing, likely challenges first, each with its claim."""
    beside: tuple[Verdict, ...] = ()
    """What the other kind of method said of claims that are marked, at most one verdict a mark; see `other_opinion`."""
    taken_back: tuple[TakenBack, ...] = ()
    also: tuple[str, ...] = ()
    """Slugs of the other lines that it fits."""
    earlier: bool = False
    """Matched before the last digest, which had no room for it."""
    chance: float | None = None
    """Of a paper told to explore, one that had no place by its score: with which probability it was chosen."""
    near: bool = False
    """Of such a paper: whether it is no match of the line, its score being a little below the floor."""

    @property
    def challenge(self) -> bool:
        return any(verdict.evidence.stance.challenges for _, verdict in self.marks)

    def other_opinion(self, verdict: Verdict) -> Verdict | None:
        """What stands beside one of the marks: what a language model said of the default judge's, or the other way
        round; None where that said nothing."""
        return next((one for one in self.beside if (one.line, one.claim) == (verdict.line, verdict.claim)), None)


class Edit(StrEnum):
    """What the reader did to a claim in the line's file."""

    REWORDED = "reworded"
    RETIRED = "retired"
    TAKEN_UP = "taken up again"
    RETURNED = "returned"
    """It was taken out of the file and put in again."""
    BESIDE = "beside"
    """The line's other claims were edited, and with them what rests on a withdrawn paper."""


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    claim: Claim
    before: Status
    after: Status
    arxiv_id: str = ""
    """Of the paper that moved the claim; "" where an edit did."""
    sentence: str = ""
    stance: Stance = Stance.NONE
    """Of the verdict that moved the claim."""
    review: Review | None = None
    """What the reader said of that verdict, where it was this that moved the claim."""
    weaker: float | None = None
    """Of a verdict by which the claim moved since it bears less than what was said before: its probability."""
    anchor: bool = False
    """Whether the claim rests, or rested, on the paper, and its withdrawal or the end of that moved the claim."""
    withdrawn: bool = False
    """Whether it was the paper's withdrawal that moved the claim."""
    candidate: bool = False
    """Whether it was a mark that the reader has not reviewed."""
    edit: Edit | None = None
    """By which the claim moved, where no paper moved it."""
    at: datetime | None = None
    """Of `edit`."""
    reworded: datetime | None = None
    """When the reader reworded the claim between `before` and what moved it last."""


@dataclass(frozen=True, kw_only=True)
class AnchorNews:
    """What became of a paper that a line rests on, and what of the line that touches."""

    paper: Paper
    """As it is now."""
    changes: tuple[AnchorChange, ...]
    """At least one, oldest first."""
    claims: tuple[Claim, ...] = ()
    """Those that rest on it, nearest first; empty where it is the line as a whole."""

    @property
    def withdrawn(self) -> bool:
        """Whether a withdrawal is among the news, and still stands."""
        return self.paper.withdrawn and any(change.kind is AnchorChangeKind.WITHDRAWN for change in self.changes)


@dataclass(frozen=True, kw_only=True)
class Alerted:
    """A paper that an alert told since the channel's last digest: known by now, and no news."""

    paper: Paper
    """As it is now."""
    at: datetime
    """When the alert was composed."""
    lost: bool = False
    """Whether that alert could not be delivered."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A line's part of a digest."""

    line: str
    question: str
    entries: tuple[Entry, ...] = ()
    """Likely challenges first, then by score; those told to explore last."""
    left_out: int = 0
    """Untold matches that had no room; counted and named, never silently dropped."""
    changes: tuple[StatusChange, ...] = ()
    anchors: tuple[AnchorNews, ...] = ()
    """Papers that the line rests on and that changed, withdrawn ones first."""


class DigestKind(StrEnum):
    DIGEST = "digest"
    ALERT = "alert"
    """Likely challenges, told at once."""
    ALARM = "alarm"
    """Trouble with the harvest, or that it is over; it tells no paper."""
    NOTICE = "notice"
    """Trouble with another channel, or that it is over; it tells no paper."""


@dataclass(frozen=True, kw_only=True)
class Digest:
    id: str
    """Stable name of channel, kind and period, as "weekly-mail/2025-W47"; "preview" where none is frozen."""
    kind: DigestKind = DigestKind.DIGEST
    channel: str
    sections: tuple[Section, ...] = ()
    coverage: Coverage
    created: datetime
    alerted: tuple[Alerted, ...] = ()
    """Of the kind DIGEST alone: in the order in which they were told."""
    tracks: tuple[Track, ...] = ()
    """Of the methods by which its marks were found; see `digest.track`."""
    alarm: Alarm | None = None
    """Of the kind ALARM alone."""
    notice: Notice | None = None
    """Of the kind NOTICE alone."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, kw_only=True)
class Payload:
    """A digest as one channel will receive it; frozen before it is sent."""

    subject: str
    text: str
    """Plain text, complete on its own."""
    html: str = ""
    slack: tuple[dict[str, object], ...] = ()
    """Slack blocks (Block Kit), at most 50."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    id: int
    digest: str
    channel: str
    period_end: datetime
    composed: datetime
    """When its digest was frozen: the date of its message, the same at each attempt."""
    state: DeliveryState
    attempts: int = 0
    due_at: datetime
    last_error: str = ""
    payload: Payload | None = field(default=None, repr=False)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a naive one: a guess would be wrong half the year."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
