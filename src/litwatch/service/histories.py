"""How the standing of claims moved through all that they read: what counted of each wording, and what each edit did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from litwatch import ledger
from litwatch.ledger import READER, Change, Edited, Fallen
from litwatch.model import Claim, Edit, Line, Status, Verdict
from litwatch.service.fallen import ground_of
from litwatch.store.claims import Wording, claim_digest, wordings
from litwatch.store.store import Db
from litwatch.store.verdicts import verdicts_by_wording


@dataclass(frozen=True, kw_only=True)
class ClaimRecord:
    """What is on record of a claim."""

    history: tuple[Change, ...] = ()
    """Through all that it ever read, oldest first; from open, or from retired where it was first read so."""
    verdicts: tuple[Verdict, ...] = ()
    """On the claim as it reads, oldest first; "none" where it took a verdict back."""
    fallen: tuple[Fallen, ...] = ()
    """Of the claim as it reads."""


def claim_records(
    db: Db, line: Line, *, threshold: float, as_of: datetime | None = None, only: Collection[str] | None = None
) -> dict[str, ClaimRecord]:
    """By claim id, for the line's claims as they are given: as they read at that time.

    only: ids of claims, where not all are wanted. An edit counts from when litwatch read it; what the line's claims
    read first, they read before, too.
    """
    epochs = _epochs(wordings(db, line.slug, as_of=as_of), line.claims)
    wanted = [claim.id for claim in line.claims if only is None or claim.id in only]
    read = [epoch.claims[name] for epoch in epochs for name in wanted if name in epoch.claims]
    said = verdicts_by_wording(db, line.slug, read, as_of=as_of)
    ground = ground_of(db, [line.slug], as_of=as_of)
    fallen = [ground.under(replace(line, claims=tuple(epoch.claims.values()))) for epoch in epochs]
    records = {}
    for name in wanted:
        readings = _joined(_reading(name, epoch, said, falls) for epoch, falls in zip(epochs, fallen, strict=True))
        now = readings[-1]
        changes = tuple(_changes(readings, threshold))
        records[name] = ClaimRecord(history=changes, verdicts=tuple(now.verdicts), fallen=now.fallen)
    return records


@dataclass(frozen=True, kw_only=True)
class _Epoch:
    """A time in which no claim of the line was edited."""

    since: datetime | None
    """None of the first."""
    until: datetime | None
    claims: Mapping[str, Claim]


def _epochs(read: Sequence[Wording], last: Sequence[Claim]) -> list[_Epoch]:
    """read: oldest first. last: what the claims read in the last epoch."""
    moments = sorted({wording.at for wording in read})[1:]
    starts, epochs = [None, *moments], []
    claims: dict[str, Claim] = {}
    rows = iter(read)
    row = next(rows, None)
    for since, until in zip(starts, [*moments, None], strict=True):
        while row is not None and (until is None or row.at < until):
            claims.pop(row.claim.id, None)
            if not row.gone:
                claims[row.claim.id] = row.claim
            row = next(rows, None)
        epochs.append(_Epoch(since=since, until=until, claims=dict(claims)))
    epochs[-1] = replace(epochs[-1], claims={claim.id: claim for claim in last})
    return epochs


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What counted for one claim in an epoch."""

    since: datetime | None
    until: datetime | None
    claim: Claim | None
    """None where the reader had taken it out of the file, or not yet written it."""
    verdicts: Sequence[Verdict] = ()
    fallen: tuple[Fallen, ...] = ()


def _reading(
    name: str, epoch: _Epoch, said: Mapping[tuple[str, str], Sequence[Verdict]], fallen: Sequence[Fallen]
) -> _Reading:
    claim = epoch.claims.get(name)
    return _Reading(
        since=epoch.since,
        until=epoch.until,
        claim=claim,
        verdicts=said.get((name, claim_digest(claim)), ()) if claim else (),
        fallen=tuple(one for one in fallen if one.claim == name),
    )


def _joined(readings: Iterable[_Reading]) -> list[_Reading]:
    """Neighbours by which the same counted made one."""
    joined: list[_Reading] = []
    for one in readings:
        if joined and _counting(joined[-1]) == _counting(one):
            one = replace(one, since=joined.pop().since)
        joined.append(one)
    return joined


def _counting(reading: _Reading) -> tuple[object, ...]:
    claim = reading.claim
    return (claim_digest(claim), claim.retired, reading.fallen) if claim else ()


def _changes(readings: Sequence[_Reading], threshold: float) -> Iterator[Change]:
    before: Claim | None = None  # as it was last held
    status, away = Status.OPEN, False
    for now in readings:
        claim = now.claim
        if claim is None:
            away = True
            continue
        own = () if claim.retired else ledger.history(claim, now.verdicts, threshold=threshold, fallen=now.fallen)
        past = [change.after for change in own if now.since is not None and change.at < now.since]
        found = Status.RETIRED if claim.retired else past[-1] if past else Status.OPEN
        if before is None and claim.retired:
            status = found
        if found is not status and now.since is not None:
            edited = Edited(claim=claim.id, edit=_edit(before, claim, away), at=now.since)
            yield Change(at=now.since, before=status, after=found, because=edited, by=READER)
        yield from (
            change
            for change in own
            if (now.since is None or change.at >= now.since) and (now.until is None or change.at < now.until)
        )
        status = next((change.after for change in reversed(own) if now.until is None or change.at < now.until), found)
        before, away = claim, False


def _edit(before: Claim | None, claim: Claim, away: bool) -> Edit:
    if before is None or away:
        return Edit.RETURNED
    if claim.retired is not before.retired:
        return Edit.RETIRED if claim.retired else Edit.TAKEN_UP
    return Edit.REWORDED if claim_digest(claim) != claim_digest(before) else Edit.BESIDE
