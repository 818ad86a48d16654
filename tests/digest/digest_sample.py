"""An invented digest, in our own words, with one of everything: for the golden files and for looking at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from litwatch.digest.compose import Candidate, Drawn, compose, explore
from litwatch.digest.payload import Form, fit
from litwatch.model import (
    Alarm,
    Alerted,
    CategoryOutcome,
    Claim,
    ClaimKind,
    Coverage,
    Digest,
    DigestKind,
    Edit,
    Evidence,
    Finish,
    Harvested,
    HarvestState,
    Line,
    Match,
    Paper,
    Payload,
    Review,
    Stance,
    Status,
    StatusChange,
    Verdict,
)

NOW = datetime(2025, 11, 24, 7, 0, tzinfo=UTC)
COVERAGE = Coverage(
    period_start=NOW - timedelta(days=7),
    period_end=NOW,
    papers_read=1912,
    categories=("cs.AI", "cs.CL", "cs.HC"),
    harvest=Finish(state=HarvestState.FRESH, at=NOW - timedelta(minutes=29)),
    outcomes=(
        CategoryOutcome(category="cs.AI", state=HarvestState.FRESH),
        CategoryOutcome(category="cs.CL", state=HarvestState.FRESH),
        CategoryOutcome(category="cs.HC", state=HarvestState.WAITING),
    ),
    last_well=NOW - timedelta(minutes=29),
    harvested=Harvested(runs=7, well=7, requests=61, declared=9844, received=9844),
)
STALLED = CategoryOutcome(
    category="cs.CL",
    state=HarvestState.STALLED,
    reason="nothing new since 19 Nov, though 3 announcements were due",
)

SLEEP = Line(
    slug="sleep-and-memory",
    question="What does sleep add to a memory that waking rest does not?",
    claims=(
        Claim(
            id="c1",
            kind=ClaimKind.NOTE,
            title="Does slow-wave sleep replay strengthen word pairs?",
            text="Replay in slow-wave sleep strengthens word pairs learned on the evening before.",
        ),
        Claim(
            id="c2",
            kind=ClaimKind.NOTE,
            title="Can a quiet break do what a nap does?",
            text="Ten minutes of wakeful rest keep fewer word pairs than a nap of the same length.",
        ),
        Claim(id="c3", text="Naps shorter than half an hour leave motor skills as they were."),
    ),
)
TIDES = Line(
    slug="tides-and-harbours",
    question="How far inland does a dredged channel carry the tide?",
    claims=(Claim(id="c1", text="Dredging a shallow estuary raises its high water more than its low water."),),
)
GLASS = Line(slug="old-glass", question="Does old window glass flow?", claims=(Claim(id="c1", text="It does not."),))
LINES = (SLEEP, TIDES, GLASS)


def paper(number: int, title: str, authors: tuple[str, ...] = ("Ada Example",), **more: object) -> Paper:
    day = datetime(2025, 11, 18, 9, tzinfo=UTC) + timedelta(hours=number % 72)
    values: dict[str, object] = {"abstract": "", "published": day, "updated": day, **more}
    return Paper(arxiv_id=f"2511.9{number:04}", title=title, authors=authors, **values)  # type: ignore[arg-type]


def match(found: Paper, line: Line, score: float, claim: str = "c1", *terms: tuple[str, float]) -> Match:
    return Match(line=line.slug, arxiv_id=found.arxiv_id, version=found.version, score=score, claim=claim, terms=terms)


def verdict(
    number: int,
    found: Paper,
    line: Line,
    claim: str,
    stance: Stance,
    probability: float,
    sentence: str = "It does.",
    reason: str = "",
    review: Review | None = None,
) -> Verdict:
    challenge = probability if stance.challenges else 1 - probability
    evidence = Evidence(
        stance=stance,
        probability=probability,
        challenge=challenge,
        sentence=sentence,
        reason=reason,
        method="cues/1",
    )
    return Verdict(
        id=number,
        line=line.slug,
        claim=claim,
        arxiv_id=found.arxiv_id,
        version=found.version,
        evidence=evidence,
        at=NOW,
        review=review,
    )


def sample(harvest: Finish | None = COVERAGE.harvest) -> Digest:
    """Two lines with papers, one without; marks of every kind; a hostile title; one paper without room."""
    rest = paper(
        11,
        "Quiet wakeful rest matches a short nap for word pairs: a registered replication in $n = 1{,}204$ adults",
        ("Mara Lindqvist-Okafor", "J. P. Tan", *(f"Coauthor Number{n}" for n in range(12))),
        version=2,
    )
    replay = paper(12, "Targeted replay in slow-wave sleep and next-day recall", ("Ines Duarte", "Tom Abbot"))
    hostile = paper(
        13,
        "<script>alert(1)</script> & <!channel> napping \x1b[31m\u202e*loudly*: see https://example.org/nap",
        ("The Nap <b>Consortium</b>",),
    )
    spindle = paper(14, "Spindle density predicts what a nap keeps")
    motor = paper(15, "Twenty-minute naps and finger tapping: a null result in pianists")
    channel = paper(16, "High water after dredging: forty years of gauges in one narrow estuary", ("Bo Vik",))
    gauge = paper(17, "A cheap tide gauge " + "with-an-endlessly-hyphenated-name-" * 4)
    beyond = paper(18, "Dreams of students before examinations")
    candidates = (
        Candidate(
            match=match(rest, SLEEP, 0.64, "c2", ("wakeful rest", 0.31), ("word pairs", 0.22), ("nap", 0.11)),
            paper=rest,
            verdicts=(
                verdict(
                    12,
                    rest,
                    SLEEP,
                    "c2",
                    Stance.CONTRADICTS,
                    0.71,
                    "Contrary to earlier reports, participants who rested quietly kept as many word pairs as "
                    "those who napped.",
                    '"contrary to" and "as many … as" against "fewer than"',
                ),
                verdict(13, rest, SLEEP, "c1", Stance.SUPPORTS, 0.55, "Replay was strongest in slow-wave sleep."),
            ),
        ),
        Candidate(match=match(rest, TIDES, 0.12), paper=rest),
        Candidate(
            match=match(replay, SLEEP, 0.71, "c1", ("slow-wave sleep", 0.4), ("replay", 0.2), ("recall", 0.07)),
            paper=replay,
            verdicts=(
                verdict(14, replay, SLEEP, "c1", Stance.SUPPORTS, 0.83, "Cued replay raised recall by nine per cent."),
            ),
        ),
        Candidate(match=match(hostile, SLEEP, 0.35, "", ("<i>nap</i>", 0.5)), paper=hostile),
        Candidate(match=match(spindle, SLEEP, 0.5, "c3", ("nap", 0.3)), paper=spindle, fresh=False),
        Candidate(
            match=match(motor, SLEEP, 0.41, "c3", ("naps", 0.35)),
            paper=motor,
            verdicts=(
                verdict(
                    15,
                    motor,
                    SLEEP,
                    "c3",
                    Stance.SUPERSEDES,
                    0.52,
                    "We revisit the earlier null with keystroke timing and find gains after twenty minutes.",
                    review=Review.CONFIRMED,
                ),
            ),
        ),
        Candidate(match=match(beyond, SLEEP, 0.2, "", ("sleep", 0.2)), paper=beyond),
        Candidate(match=match(channel, TIDES, 0.58, "c1", ("dredging", 0.44), ("high water", 0.3)), paper=channel),
        Candidate(match=match(gauge, TIDES, 0.22, "c1", ("tide gauge" * 9, 0.3)), paper=gauge),
    )
    moved = StatusChange(
        claim=SLEEP.claims[1],
        before=Status.SUPPORTED,
        after=Status.CONTESTED,
        stance=Stance.CONTRADICTS,
        arxiv_id=rest.arxiv_id,
        sentence="Contrary to earlier reports, participants who rested quietly kept as many word pairs as those "
        "who napped.",
    )
    reworded = StatusChange(
        claim=SLEEP.claims[0],
        before=Status.CONTRADICTED,
        after=Status.OPEN,
        edit=Edit.REWORDED,
        at=NOW - timedelta(days=3),
    )
    return compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        lines=LINES,
        candidates=candidates,
        changes={SLEEP.slug: (reworded, moved)},
        coverage=Coverage(**{**vars(COVERAGE), "harvest": harvest}),
        top=5,
        threshold=0.5,
        now=NOW,
    )


def explored() -> Digest:
    """The sample with three papers drawn by chance: one that had no room, two below the floor, one on a quiet line."""
    snore = paper(30, "Snoring partners and what they remember of the night", ("The Loud Sleepers Group",))
    clock = paper(31, "Body clocks of night nurses and the <b>order</b> of their meals", ("Ines Duarte",))
    sand = paper(32, "Sand flows like water, until it does not", ("Bo Vik", "Tom Abbot"))
    drawn = (
        Drawn(candidate=Candidate(match=match(snore, SLEEP, 0.2, "", ("sleep", 0.2)), paper=snore), chance=1 / 2),
        Drawn(
            candidate=Candidate(match=match(clock, SLEEP, 0.06, "c2", ("rest", 0.3)), paper=clock),
            chance=1 / 1270,
            near=True,
        ),
        Drawn(
            candidate=Candidate(match=match(sand, GLASS, 0.04, "", ("flow", 0.6)), paper=sand), chance=1 / 64, near=True
        ),
    )
    first, *rest = sample().sections
    digest = replace(sample(), sections=(replace(first, left_out=first.left_out + 1), *rest))
    return explore(digest, drawn, lines=LINES, threshold=0.5)


def quiet() -> Digest:
    """A week in which nothing bore on any line."""
    return compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        lines=LINES,
        candidates=(),
        changes={},
        coverage=COVERAGE,
        top=20,
        threshold=0.5,
        now=NOW,
    )


def alerted() -> Digest:
    """A quiet week in which alerts told three papers: one withdrawn since, one whose alert did not arrive."""
    hostile = paper(23, "<b>Naps</b> & <!channel> `rm`: " + "a-title-that-goes-on-" * 8)
    told = (
        Alerted(paper=paper(21, "Quiet breaks keep what naps keep"), at=NOW - timedelta(days=5)),
        Alerted(paper=paper(22, "Replay without sleep", withdrawn=True, version=2), at=NOW - timedelta(days=3)),
        Alerted(paper=hostile, at=NOW - timedelta(days=1), lost=True),
    )
    return replace(quiet(), alerted=told)


def alarm(told: Alarm) -> Digest:
    """Trouble with the harvest, as a channel is told of it at once."""
    coverage = Coverage(period_start=told.began, period_end=NOW, papers_read=told.papers, categories=("cs.CL",))
    return Digest(
        id="weekly-mail/alarm/2025-11-24T070000Z",
        kind=DigestKind.ALARM,
        channel="weekly-mail",
        coverage=coverage,
        created=NOW,
        alarm=told,
    )


def raised() -> Digest:
    """One category that brings nothing, while others do."""
    return alarm(
        Alarm(
            state=HarvestState.STALLED,
            began=NOW - timedelta(minutes=29),
            outcomes=(STALLED,),
            well_before=NOW - timedelta(days=1, minutes=29),
            ask_again_at=NOW + timedelta(minutes=1),
        )
    )


def over() -> Digest:
    """The end of it, two days later."""
    return alarm(
        Alarm(
            state=HarvestState.FRESH,
            began=NOW - timedelta(days=2),
            outcomes=(replace(STALLED, state=HarvestState.FRESH, reason=""),),
            over_at=NOW - timedelta(minutes=1),
            papers=412,
        )
    )


def full(lines: int = 3, papers: int = 20) -> Digest:
    """As much as a reader with three lines gets at most: long titles, every third paper with a mark."""
    watched = tuple(Line(slug=f"{SLEEP.slug}-{n}", question=SLEEP.question, claims=SLEEP.claims) for n in range(lines))
    candidates = []
    for n in range(lines * papers):
        line = watched[n // papers]
        found = paper(
            100 + n,
            "A rather long title, as they are in this field: how the keeping of word pairs over a night depends "
            f"on what was learned before it, part {n}",
            ("Mara Lindqvist-Okafor", "Jan Pieter Tan", "Ada Example", "Bo Vik"),
        )
        said = "Contrary to what earlier and smaller studies of this kind reported, the effect was absent " * 2
        marks = (verdict(n, found, line, "c2", Stance.CONTRADICTS, 0.5 + n / 200, said.strip(), "negation, contrast"),)
        candidates.append(
            Candidate(
                match=match(found, line, 0.9 - n / 100, "c2", *((f"shared term {i}", 0.2) for i in range(6))),
                paper=found,
                verdicts=marks if n % 3 == 0 else (),
            )
        )
    return compose(
        digest_id="weekly-mail/2025-W47",
        channel="weekly-mail",
        lines=watched,
        candidates=candidates,
        changes={},
        coverage=COVERAGE,
        top=papers,
        threshold=0.5,
        now=NOW,
    )


def every_form(digest: Digest) -> Payload:
    """Subject, text and HTML as a mail has them, and the blocks of a Slack message."""
    return replace(fit(digest, Form.MAIL).payload, slack=fit(digest, Form.SLACK).payload.slack)
