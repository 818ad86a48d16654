"""Looking at the papers that lines rest on: whether arXiv has them, and as what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from litwatch.errors import HarvestError
from litwatch.harvest.api import IDS_AT_ONCE
from litwatch.harvest.session import Service
from litwatch.service.asking import Asking, Tally
from litwatch.store.papers import anchor_checks, newest_id, save_anchor_checks

_SURELY_LISTED = timedelta(days=4)
_LOOK_EVERY = timedelta(hours=20)
"""arXiv changes once a day; polls may be more frequent, and never come at quite the same time."""


def look_at_anchors(asking: Asking, anchors: Sequence[str]) -> str:
    """Asks for the anchors that were not looked at for longest, in one request: it costs the same for any number.

    Returns which could not be read, in words. Raises HarvestError where arXiv cannot be asked.
    """
    with asking.store.read() as db:
        checks = anchor_checks(db)
        # What OAI-PMH brought of late the search API may not know yet; its index was a day late before now.
        canary = asking.given or newest_id(db, seen_before=asking.now - _SURELY_LISTED, but_for=anchors)
    due = _due(anchors, checks, asking.now)[: IDS_AT_ONCE - 1]
    if not due:
        return ""
    with asking.question(Service.API, f"{len(due)} anchor papers") as tally:
        if unread := _look(asking, due, canary, tally):
            some = ", ".join(unread[:3]) + (", …" if len(unread) > 3 else "")
            anchors_unread = "1 anchor" if len(unread) == 1 else f"{len(unread)} anchors"
            tally.short = f"what arXiv has of {anchors_unread} cannot be read ({some}); asked for again"
    return tally.short


def _look(asking: Asking, ids: Sequence[str], canary: str | None, tally: Tally) -> tuple[str, ...]:
    """Keeps what arXiv says of these anchors; returns those that it says nothing of that can be read.

    A paper that arXiv surely knows, the canary, is asked for with them: an answer without that one says nothing.
    """
    answer = asking.by_id([*ids, canary] if canary else ids)
    names = {paper.arxiv_id for paper in answer.papers}
    if canary and canary not in names and not answer.unread:
        raise HarvestError(f"arXiv's answer on {len(ids)} anchors lacks a paper that it has: it is not whole")
    if not names and not canary:
        return tuple(ids)  # nothing is there to hold such an answer against
    read = [arxiv_id for arxiv_id in ids if arxiv_id not in answer.unread]
    ours = [paper for paper in answer.papers if paper.arxiv_id in read]
    tally.declared += len(ours)
    tally.received += len(ours)
    with asking.store.write() as db:
        asking.keep_anchors(db, ours)
        save_anchor_checks(db, {arxiv_id: arxiv_id in names for arxiv_id in read}, now=asking.now)
    return tuple(arxiv_id for arxiv_id in answer.unread if arxiv_id in ids)


def _due(anchors: Sequence[str], checks: Mapping[str, tuple[bool, datetime]], now: datetime) -> list[str]:
    """Those never looked at first, then the longest not looked at."""
    asked_at = {arxiv_id: checks[arxiv_id][1] for arxiv_id in anchors if arxiv_id in checks}
    new = [arxiv_id for arxiv_id in anchors if arxiv_id not in asked_at]
    old = [arxiv_id for arxiv_id, at in asked_at.items() if now - at >= _LOOK_EVERY or at > now]
    # By turns: those that cannot be read are new every day, and must not stand before all others.
    new.sort(key=lambda arxiv_id: sha256(f"{now:%Y-%m-%d} {arxiv_id}".encode()).digest())
    return new + sorted(old, key=lambda arxiv_id: asked_at[arxiv_id])
