"""How the standing of claims moved in a time, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from litwatch import ledger
from litwatch.ledger import Change, Edited, Fallen
from litwatch.model import Claim, Edit, Line, Stance, Status, StatusChange
from litwatch.service.fallen import ground_of
from litwatch.service.histories import claim_records
from litwatch.store.claims import claims_edited
from litwatch.store.store import Db
from litwatch.store.verdicts import claims_spoken_of


def changes_of_standing(
    db: Db,
    lines: Sequence[Line],
    *,
    start: datetime,
    now: datetime,
    threshold: float,
    told: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, tuple[StatusChange, ...]]:
    """By slug, the claims whose standing at the period's start was another than it is now.

    told: by slug and claim id, a standing that the reader was told since: it stands in for that at the start. A claim
    that the reader took out of the file has no standing any more.
    """
    touched = claims_spoken_of(db, start) | claims_edited(db, start) | (told or {}).keys()
    ground = ground_of(db, [line.slug for line in lines], as_of=now)
    found = {}
    for line in lines:
        edited = any(slug == line.slug for slug, _ in touched)
        falls = ground.under(line)
        moved = {one.claim for one in falls if any(moment and moment > start for moment in (one.at, one.until))}
        # Which claims rest on a withdrawn paper may change with any claim of the line.
        shifted = edited and ground.gave_way(line.slug)
        only = [claim.id for claim in line.claims if shifted or claim.id in moved or (line.slug, claim.id) in touched]
        if only:
            records = claim_records(db, line, threshold=threshold, as_of=now, only=only)
            told_of = {claim: after for (slug, claim), after in (told or {}).items() if slug == line.slug}
            found[line.slug] = tuple(
                change
                for claim in line.claims
                if claim.id in records
                for change in _net(claim, records[claim.id].history, start, told_of.get(claim.id))
            )
    return found


def _net(claim: Claim, history: Sequence[Change], start: datetime, told: str | None) -> list[StatusChange]:
    """What the changes after `start` come to; nothing where they come to nothing."""
    earlier = [change.after for change in history if change.at <= start]
    since = history[len(earlier) :]
    if not history:
        return []
    before = Status(told) if told else earlier[-1] if earlier else since[0].before
    last = history[-1]
    if last.after is before:
        return []
    if isinstance(last.because, Edited) and last.before is not before:
        # It brought back what something else had brought about in this time.
        told_by = (one for one in reversed(since) if one.after is last.after and not isinstance(one.because, Edited))
        last = next(told_by, last)
    pens = [change.because for change in since if isinstance(change.because, Edited)]
    reworded = [pen.at for pen in pens if pen is not last.because and pen.edit is Edit.REWORDED]
    return [replace(status_change(claim, before, last), reworded=reworded[-1] if reworded else None)]


def status_change(claim: Claim, before: Status, change: Change) -> StatusChange:
    """A change of standing as it is told: from what the claim stood at before."""
    because = change.because
    if isinstance(because, Edited):
        return StatusChange(claim=claim, before=before, after=change.after, edit=because.edit, at=because.at)
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
