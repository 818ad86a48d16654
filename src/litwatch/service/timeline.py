"""All that befell a claim, in the order in which it did: what it read, how its standing moved, what the reader said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from litwatch.ledger import READER, Edited
from litwatch.model import Edit, Line, StatusChange, Verdict
from litwatch.service.moves import status_change
from litwatch.service.reading import ClaimRow
from litwatch.store.claims import Wording, wordings
from litwatch.store.store import Store
from litwatch.store.verdicts import reviewed_verdicts


class EventKind(StrEnum):
    HELD = "held"
    """The claim was read for the first time, or came back."""
    REWORDED = "reworded"
    RETIRED = "retired"
    TAKEN_UP = "taken up again"
    GONE = "gone"
    """The reader took it out of the file."""
    REVIEWED = "reviewed"
    STANDING = "standing"
    """Its standing changed, by a paper, a review, or what became of its ground."""


@dataclass(frozen=True, kw_only=True)
class Event:
    at: datetime
    kind: EventKind
    text: str = ""
    """Of HELD and REWORDED: what the claim states from then on."""
    verdict: Verdict | None = None
    """Of REVIEWED: as it was reviewed then."""
    change: StatusChange | None = None
    """Of STANDING; and of an edit by which the standing changed."""


def timelines(
    store: Store, line: Line, rows: Sequence[ClaimRow], *, as_of: datetime | None = None
) -> dict[str, tuple[Event, ...]]:
    """By claim id, oldest first; what came after `as_of` is left out.

    rows: of `claim_rows` at the same time.
    """
    with store.read() as db:
        read = wordings(db, line.slug, as_of=as_of)
        reviewed = reviewed_verdicts(db, line.slug, as_of=as_of)
    return {row.claim.id: _timeline(row, read, reviewed) for row in rows}


_BY_EDIT = {
    Edit.REWORDED: EventKind.REWORDED,
    Edit.RETIRED: EventKind.RETIRED,
    Edit.TAKEN_UP: EventKind.TAKEN_UP,
    Edit.RETURNED: EventKind.HELD,
    Edit.BESIDE: EventKind.STANDING,
}


def _timeline(row: ClaimRow, read: Sequence[Wording], reviewed: Sequence[Verdict]) -> tuple[Event, ...]:
    events = _texts([wording for wording in read if wording.claim.id == row.claim.id])
    # A review that moved the claim is told by what it did.
    moved_by = set()
    for change in row.history:
        told, because = status_change(row.claim, change.before, change), change.because
        kind = _BY_EDIT[because.edit] if isinstance(because, Edited) else EventKind.STANDING
        edits = [place for place, event in enumerate(events) if (event.at, event.kind) == (change.at, kind)]
        if isinstance(because, Edited) and edits:
            events[edits[0]] = replace(events[edits[0]], change=told)
        else:
            events.append(Event(at=change.at, kind=EventKind.STANDING, change=told))
        if change.by == READER:
            moved_by.add((change.at, told.arxiv_id))
    for verdict in reviewed:
        if verdict.claim == row.claim.id:
            events += [event for event in _reviews(verdict) if (event.at, verdict.arxiv_id) not in moved_by]
    # Of one moment, what the claim read before what was said of it.
    order = list(EventKind)
    return tuple(sorted(events, key=lambda event: (event.at, order.index(event.kind))))


def _reviews(verdict: Verdict) -> list[Event]:
    said = list(verdict.overruled)
    if verdict.review is not None:
        said.append((verdict.review, verdict.reviewed_at or verdict.at))
    return [
        Event(at=at, kind=EventKind.REVIEWED, verdict=replace(verdict, review=review, reviewed_at=at, overruled=()))
        for review, at in said
    ]


def _texts(read: Sequence[Wording]) -> list[Event]:
    events: list[Event] = []
    last: Wording | None = None
    for wording in read:
        if wording.gone:
            events.append(Event(at=wording.at, kind=EventKind.GONE))
            last = None
            continue
        claim, before = wording.claim, last.claim if last else None
        if before is None:
            events.append(Event(at=wording.at, kind=EventKind.HELD, text=claim.text))
        elif (claim.title, claim.text, claim.findings) != (before.title, before.text, before.findings):
            events.append(Event(at=wording.at, kind=EventKind.REWORDED, text=claim.text))
        if claim.retired and not (before and before.retired):
            events.append(Event(at=wording.at, kind=EventKind.RETIRED))
        elif before and before.retired and not claim.retired:
            events.append(Event(at=wording.at, kind=EventKind.TAKEN_UP))
        last = wording
    return events
