"""What a digest is composed of: the papers that have a chance to be told, and how the claims moved meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from litwatch import ledger
from litwatch.digest.compose import Candidate
from litwatch.model import Claim, DigestKind, Line, Reviewed, Stance, StatusChange, Verdict
from litwatch.store.matches import StoredMatch
from litwatch.store.papers import get_papers
from litwatch.store.reviewed import reviewed_challenges
from litwatch.store.store import Db
from litwatch.store.untold import Untold, best, challenging, matches_with
from litwatch.store.verdicts import claims_spoken_of, line_verdicts, verdicts_on


@dataclass(frozen=True, kw_only=True)
class Chosen:
    candidates: tuple[Candidate, ...] = ()
    beyond: dict[str, int] = field(default_factory=dict)
    """By slug, how many papers there are besides; as `compose` takes it."""
    reviewed: tuple[Reviewed, ...] = ()
    """What marks are held against; as `compose` takes it."""


def choose(db: Db, untold: Untold, kind: DigestKind, top: int, *, last: datetime | None) -> Chosen:
    """Of what is untold all that `compose` can have a place for: the likely challenges and, but for an alert, the
    `top` of each line.

    last: up to when the channel's digests told; what was found since is fresh.
    """
    alert = kind is DigestKind.ALERT
    ids = challenging(db, untold, reworded=not alert)
    beyond: dict[str, int] = {}
    if not alert:
        rest = best(db, untold, top, told_until=last)
        ids, beyond = ids.union(rest.ids), dict(rest.beyond)
    candidates = candidates_of(db, untold, matches_with(db, untold, ids), last)
    reviewed = reviewed_challenges(db) if candidates else []
    return Chosen(candidates=tuple(candidates), beyond=beyond, reviewed=tuple(reviewed))


def changes_of_standing(
    db: Db, lines: Sequence[Line], *, start: datetime, now: datetime, threshold: float
) -> dict[str, tuple[StatusChange, ...]]:
    """By slug, the open claims whose standing at the period's start was another than it is now."""
    spoken_of = claims_spoken_of(db, start)
    found = {}
    for line in lines:
        claims = [claim for claim in line.open_claims if (line.slug, claim.id) in spoken_of]
        if claims:
            verdicts = line_verdicts(db, line.slug, claims)
            found[line.slug] = _changes(claims, verdicts, start, now, threshold)
    return found


def _changes(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], start: datetime, now: datetime, threshold: float
) -> tuple[StatusChange, ...]:
    found = []
    for claim in claims:
        own = [verdict for verdict in verdicts if verdict.claim == claim.id]
        before = ledger.standing(claim, own, as_of=start, threshold=threshold).status
        after = ledger.standing(claim, own, as_of=now, threshold=threshold)
        if after.status is not before:
            found.append(
                StatusChange(
                    claim=claim,
                    before=before,
                    after=after.status,
                    arxiv_id=after.because.arxiv_id if after.because else "",
                    sentence=after.because.evidence.sentence if after.because else "",
                    withdrawn=after.because is not None and after.because.evidence.method == ledger.WITHDRAWN,
                    candidate=after.because is not None
                    and after.because.review is None
                    and after.because.evidence.stance is not Stance.NONE,
                )
            )
    return tuple(found)


def candidates_of(db: Db, untold: Untold, found: Sequence[StoredMatch], last: datetime | None) -> list[Candidate]:
    """The same with all that is known about each, in the same order."""
    ids = {item.match.arxiv_id for item in found}
    papers = {paper.arxiv_id: paper for paper in get_papers(db, ids)}
    verdicts: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts_on(db, untold.lines, ids):
        verdicts.setdefault((verdict.line, verdict.arxiv_id), []).append(verdict)
    return [
        Candidate(
            match=item.match,
            paper=papers[item.match.arxiv_id],
            verdicts=tuple(verdicts.get((item.match.line, item.match.arxiv_id), ())),
            fresh=last is None or item.found_at > last,
        )
        for item in found
    ]
