"""A claim's timeline as rows of JSON, or as lines for a terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from litwatch.cli import show
from litwatch.digest import wording
from litwatch.digest.content import status_change
from litwatch.model import Stance
from litwatch.service.timeline import Event, EventKind

_WIDTH = 80
_INSET = " " * 4


def event_row(event: Event) -> dict[str, Any]:
    about = event.verdict or event.change
    return {
        "at": event.at,
        "event": str(event.kind),
        "text": event.text or None,
        "verdict": event.verdict.id if event.verdict else None,
        "review": str(event.verdict.review) if event.verdict else None,
        "arxiv_id": about.arxiv_id or None if about else None,
        "change": status_change(event.change) if event.change else None,
    }


def say_event(event: Event) -> None:
    said = f"{_INSET}{show.day(event.at)}  {show.safe(_told(event))}"
    for row in wrap(said, _WIDTH, subsequent_indent=" " * 16, drop_whitespace=True, break_on_hyphens=False):
        show.say(row)


def _told(event: Event) -> str:
    if event.kind is EventKind.STANDING and event.change:
        return wording.change(event.change)
    if event.verdict:
        stance = event.verdict.evidence.stance
        does = "takes no stance on" if stance is Stance.NONE else stance
        return f"you {event.verdict.review} verdict {event.verdict.id}: arXiv:{event.verdict.arxiv_id} {does} it"
    moved = f" ({event.change.before} → {event.change.after})" if event.change else ""
    text = f": {wording.shorten(event.text, 300)}" if event.kind in (EventKind.HELD, EventKind.REWORDED) else ""
    return f"{event.kind}{moved}{text}"
