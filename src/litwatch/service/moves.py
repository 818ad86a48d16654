"""How the standing of claims moved in a time, and what moved it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litwatch import ledger
from litwatch.ledger import Change, Fallen
from litwatch.model import Claim, Line, Stance, Status, StatusChange, Verdict
from litwatch.service.fallen import fallen_anchors
from litwatch.store.store import Db
from litwatch.store.verdicts import claims_spoken_of, line_verdicts


def changes_of_standing(
    db: Db, lines: Sequence[Line], *, start: datetime, now: datetime, threshold: float
) -> dict[str, tuple[StatusChange, ...]]:
    """By slug, the open claims whose standing at the period's start was another than it is now."""
    spoken_of = claims_spoken_of(db, start)
    fallen = fallen_anchors(db, lines, as_of=now)
    found = {}
    for line in lines:
        falls = fallen.get(line.slug, ())
        moved = {one.claim for one in falls if any(moment and moment > start for moment in (one.at, one.until))}
        claims = [claim for claim in line.open_claims if claim.id in moved or (line.slug, claim.id) in spoken_of]
        if claims:
            verdicts = line_verdicts(db, line.slug, claims, as_of=now)
            found[line.slug] = _changes(claims, verdicts, falls, start, threshold)
    return found


def _changes(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], fallen: Sequence[Fallen], start: datetime, threshold: float
) -> tuple[StatusChange, ...]:
    found = []
    for claim in claims:
        own = [verdict for verdict in verdicts if verdict.claim == claim.id]
        history = ledger.history(claim, own, threshold=threshold, fallen=fallen)
        before = next((change.after for change in reversed(history) if change.at <= start), Status.OPEN)
        if history and history[-1].after is not before:
            found.append(status_change(claim, before, history[-1]))
    return tuple(found)


def status_change(claim: Claim, before: Status, change: Change) -> StatusChange:
    """A change of standing as it is told: from what the claim stood at before."""
    because = change.because
    if isinstance(because, Fallen):
        back = because.until is not None and because.until <= change.at
        return StatusChange(
            claim=claim,
            before=before,
            after=change.after,
            arxiv_id=because.arxiv_id,
            sentence="" if back else because.says,
            anchor=True,
            withdrawn=not back,
        )
    evidence = because.evidence
    return StatusChange(
        claim=claim,
        before=before,
        after=change.after,
        arxiv_id=because.arxiv_id,
        sentence=evidence.sentence,
        stance=evidence.stance,
        review=because.review if change.by == ledger.READER else None,
        weaker=None if change.borne or because.review else evidence.probability,
        withdrawn=evidence.method == ledger.WITHDRAWN,
        candidate=because.review is None and evidence.stance is not Stance.NONE,
    )
