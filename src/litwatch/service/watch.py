"""Looking at the papers that lines rest on: whether arXiv has them, and as what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from litwatch.errors import HarvestError
from litwatch.harvest.api import IDS_AT_ONCE
from litwatch.harvest.session import Service
from litwatch.service.asking import Asking
from litwatch.store.papers import anchor_checks, newest_id, save_anchor_checks

_LOOK_EVERY = timedelta(hours=20)
"""arXiv changes once a day; polls may be more frequent, and never come at quite the same time."""


def look_at_anchors(asking: Asking, anchors: Sequence[str]) -> None:
    """Asks for the anchors that were not looked at for longest, in one request: it costs the same for any number.

    A paper that arXiv surely knows is asked for with them: an answer without that one says nothing. Raises
    HarvestError then, or where arXiv cannot be asked.
    """
    with asking.store.read() as db:
        checks = anchor_checks(db)
        canary = newest_id(db)
    due = _due(anchors, checks, asking.now)[: IDS_AT_ONCE - 1]
    if not due:
        return
    with asking.question(Service.API, f"{len(due)} anchor papers") as tally:
        found = asking.services.api.by_id([*due, canary] if canary and canary not in due else due)
        names = {paper.arxiv_id for paper in found}
        if canary and canary not in names:
            raise HarvestError(f"arXiv's answer on {len(due)} anchors lacks a paper that it has: it is not whole")
        ours = [paper for paper in found if paper.arxiv_id in due]
        tally.declared = tally.received = len(ours)
        with asking.store.write() as db:
            asking.keep_anchors(db, ours)
            save_anchor_checks(db, {arxiv_id: arxiv_id in names for arxiv_id in due}, now=asking.now)


def _due(anchors: Sequence[str], checks: Mapping[str, tuple[bool, datetime]], now: datetime) -> list[str]:
    """Those never looked at first, then the longest not looked at."""
    asked_at = {arxiv_id: checks[arxiv_id][1] for arxiv_id in anchors if arxiv_id in checks}
    new = [arxiv_id for arxiv_id in anchors if arxiv_id not in asked_at]
    old = [arxiv_id for arxiv_id, at in asked_at.items() if now - at >= _LOOK_EVERY or at > now]
    return new + sorted(old, key=lambda arxiv_id: asked_at[arxiv_id])
