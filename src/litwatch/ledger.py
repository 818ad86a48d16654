"""Verdicts and reviews in, a claim's standing and its history out.

What counts of a paper is one verdict. Of those on its newest version: the last that the reader confirmed, else the
last judged; a rejected one counts for nothing, and no verdict on an older version takes its place. Of what counts,
the first row that fits gives the status:

| what counts | status |
|---|---|
| the claim is retired | retired |
| a confirmed challenge and a confirmed support | contested |
| a confirmed contradiction | contradicted |
| a confirmed supersession | superseded |
| an unreviewed challenge whose probability reaches the threshold | contested |
| a confirmed support | supported |
| unreviewed supports from two papers, each reaching the threshold | supported |
| anything else | open |

So a machine alone never says more than "contested" against a claim, and one paper that only a machine has read
never makes it "supported": single candidates are too often wrong. Between a confirmed contradiction and a confirmed
supersession the contradiction tells: what is false cannot be merely overtaken.

As of a date, a verdict judged later does not exist and a review given later is not yet given. Retiring has no date,
so a retired claim is retired as of any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from litwatch.model import Claim, Review, Stance, Status, Verdict

READER = "reader"
_SUPPORTS_NEEDED = 2


@dataclass(frozen=True, kw_only=True)
class Standing:
    status: Status
    since: datetime | None = None
    """When this status was reached; None where nothing ever moved the claim, or it is retired."""
    because: Verdict | None = None
    """The verdict, as known at the time asked about, whose judging or review last moved the claim."""


@dataclass(frozen=True, kw_only=True)
class Change:
    at: datetime
    before: Status
    after: Status
    because: Verdict
    """As known at `at`."""
    by: str
    """`READER` where a review moved the claim, else the method of the verdict."""


def standing(
    claim: Claim, verdicts: Sequence[Verdict], *, as_of: datetime | None = None, threshold: float = 0.5
) -> Standing:
    """The claim's status by the table above.

    verdicts: those of the claim's line, in any order; those of other claims are passed over.
    as_of: aware; None for all that is known.
    """
    if claim.retired:
        return Standing(status=Status.RETIRED)
    changes = history(claim, _known(verdicts, as_of), threshold=threshold)
    if not changes:
        return Standing(status=Status.OPEN)
    last = changes[-1]
    return Standing(status=last.after, since=last.at, because=last.because)


def history(claim: Claim, verdicts: Sequence[Verdict], *, threshold: float = 0.5) -> tuple[Change, ...]:
    """Every change of the claim's status, oldest first, beginning from open; one change a moment at most."""
    own = [verdict for verdict in verdicts if verdict.claim == claim.id]
    moments = sorted({moment for verdict in own for moment in _moments(verdict)})
    changes: list[Change] = []
    status = Status.OPEN
    for moment in moments:
        known = _known(own, moment)
        after, bearers = _status(known, threshold)
        if after is status:
            continue
        events = [verdict for verdict in known if moment in _moments(verdict)]
        because = max(events, key=lambda verdict: (verdict in bearers, _reviewed_at(verdict) == moment, verdict.id))
        by = READER if _reviewed_at(because) == moment else because.evidence.method
        changes.append(Change(at=moment, before=status, after=after, because=because, by=by))
        status = after
    return tuple(changes)


def _reviewed_at(verdict: Verdict) -> datetime | None:
    """A review without a date counts from the judging on; none is older than the verdict that it is about."""
    if verdict.review is None:
        return None
    return max(verdict.at, verdict.reviewed_at or verdict.at)


def _moments(verdict: Verdict) -> tuple[datetime, ...]:
    reviewed = _reviewed_at(verdict)
    return (verdict.at,) if reviewed is None else (verdict.at, reviewed)


def _known(verdicts: Iterable[Verdict], as_of: datetime | None) -> list[Verdict]:
    """The verdicts as they stood: later ones left out, later reviews taken back."""
    if as_of is None:
        return list(verdicts)
    known = []
    for verdict in verdicts:
        if verdict.at <= as_of:
            reviewed = _reviewed_at(verdict)
            later = reviewed is not None and reviewed > as_of
            known.append(replace(verdict, review=None, reviewed_at=None) if later else verdict)
    return known


def _counted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdict that counts of each paper, where one does."""
    chosen: dict[str, Verdict] = {}
    for verdict in verdicts:
        held = chosen.get(verdict.arxiv_id)
        if held is None or _precedence(verdict) > _precedence(held):
            chosen[verdict.arxiv_id] = verdict
    return [verdict for verdict in chosen.values() if verdict.review is not Review.REJECTED]


def _precedence(verdict: Verdict) -> tuple[int, bool, datetime, int]:
    return verdict.version, verdict.review is Review.CONFIRMED, verdict.at, verdict.id


def _status(verdicts: Iterable[Verdict], threshold: float) -> tuple[Status, list[Verdict]]:
    """The status by the table, and the verdicts that bear it."""
    counted = _counted(verdicts)
    confirmed = [verdict for verdict in counted if verdict.review is Review.CONFIRMED]
    candidates = [verdict for verdict in counted if verdict.review is None]

    supports = [verdict for verdict in confirmed if verdict.evidence.stance is Stance.SUPPORTS]
    challenges = [verdict for verdict in confirmed if verdict.evidence.stance.challenges]
    contradictions = [verdict for verdict in challenges if verdict.evidence.stance is Stance.CONTRADICTS]
    likely = [v for v in candidates if v.evidence.stance.challenges and v.evidence.challenge >= threshold]
    hopeful = [v for v in candidates if v.evidence.stance is Stance.SUPPORTS and v.evidence.probability >= threshold]

    if challenges and supports:
        return Status.CONTESTED, challenges + supports
    if contradictions:
        return Status.CONTRADICTED, contradictions
    if challenges:
        return Status.SUPERSEDED, challenges
    if likely:
        return Status.CONTESTED, likely
    if supports:
        return Status.SUPPORTED, supports
    if len(hopeful) >= _SUPPORTS_NEEDED:
        return Status.SUPPORTED, hopeful
    return Status.OPEN, []
