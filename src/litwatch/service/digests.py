"""Digests: composed from what the store holds, previewed, or frozen with their delivery in one transaction."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litwatch import ledger
from litwatch.deliver.channel import service_of
from litwatch.digest.compose import Candidate, compose
from litwatch.digest.content import content
from litwatch.digest.payload import Fitted, Form, fit
from litwatch.model import Coverage, Digest, DigestKind, Line, StatusChange, Verdict
from litwatch.service.anchors import untold_anchor_news
from litwatch.service.trouble import add_up, brought_something, finish_for, outcomes_for
from litwatch.store.harvests import harvests_between, last_harvest, recent_harvests
from litwatch.store.matches import untold_matches
from litwatch.store.outbox import (
    channel_since,
    delivered_content,
    digest_exists,
    freeze,
    know_channel,
    last_digest_end,
    last_told_at,
)
from litwatch.store.papers import count_first_seen, get_papers
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import line_verdicts

PREVIEW = "preview"
_FIRST_PERIOD = timedelta(days=7)
_BEFORE = timedelta(days=28)
"""Who harvested within so long before a period is at it; else its first harvest is the first of all."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What composing needs of a channel's configuration."""

    name: str
    url: str
    lines: tuple[str, ...] = ("*",)
    """Patterns of slugs, as "empathy-*"."""

    def wants(self, line: Line) -> bool:
        return line.active and any(fnmatch.fnmatchcase(line.slug, pattern) for pattern in self.lines)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How digests are cut. top: papers a line. threshold: from here on a challenge is marked."""

    top: int
    threshold: float


def preview(
    store: Store,
    lines: Sequence[Line],
    channel: Channel | None,
    settings: Settings,
    *,
    now: datetime,
    kind: DigestKind = DigestKind.DIGEST,
) -> Fitted:
    """What a digest of this channel would tell if it were sent now; None: all lines, for no channel."""
    with store.read() as db:
        return fit(_compose(db, lines, channel, settings, kind, now=now), form_of(channel))


def digest_once(
    store: Store,
    lines: Sequence[Line],
    channel: Channel,
    settings: Settings,
    *,
    now: datetime,
    kind: DigestKind = DigestKind.DIGEST,
) -> int | None:
    """Composes the channel's digest and freezes it with a pending delivery; returns the delivery's id.

    None when there is nothing to say: no entry and no harvest since the last digest, or, for an alert, no
    likely challenge that was not told yet.
    """
    with store.write() as db:
        know_channel(db, channel.name, now=now)
        if (last_digest_end(db, channel.name) or now) > now:
            return None  # the clock went back: that time was told already
        digest = _compose(db, lines, channel, settings, kind, now=now)
        if not digest.entries and (kind is DigestKind.ALERT or not _heard_since(db, digest.coverage.period_start)):
            return None
        if digest_exists(db, digest.id):
            return None
        fitted = fit(digest, form_of(channel))
        return freeze(db, fitted.shown, fitted.payload, content(fitted.shown), due_at=now)


def form_of(channel: Channel | None) -> Form:
    """What a channel takes; a preview for no channel is written as a mail would be."""
    service = service_of(channel.url) if channel else "mailto"
    if service in ("mailto", "mailtos"):
        return Form.MAIL
    return Form.SLACK if service == "slack" else Form.TEXT


def frozen_content(store: Store, delivery: int) -> dict[str, Any]:
    """What a delivery tells, as it was frozen."""
    with store.read() as db:
        return delivered_content(db, delivery)


def _compose(
    db: Db,
    lines: Sequence[Line],
    channel: Channel | None,
    settings: Settings,
    kind: DigestKind,
    *,
    now: datetime,
) -> Digest:
    wanted = [line for line in lines if (channel.wants(line) if channel else line.active)]
    name = channel.name if channel else ""
    start = _period_start(db, name, now)
    last_told = last_told_at(db, name) if name else None
    heard = last_told is not None and _heard_since(db, last_told)
    candidates: list[Candidate] = []
    changes: dict[str, Sequence[StatusChange]] = {}
    stored = untold_matches(db, name or None, [line.slug for line in wanted])
    papers = {paper.arxiv_id: paper for paper in get_papers(db, {item.match.arxiv_id for item in stored})}
    for line in wanted:
        verdicts = line_verdicts(db, line.slug, line.open_claims)
        by_paper: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            by_paper.setdefault(verdict.arxiv_id, []).append(verdict)
        candidates += [
            Candidate(
                match=item.match,
                paper=papers[item.match.arxiv_id],
                verdicts=tuple(by_paper.get(item.match.arxiv_id, ())),
                fresh=last_told is None or item.found_at > last_told,
            )
            for item in stored
            if item.match.line == line.slug and (last_told is None or heard or item.found_at > last_told)
        ]
        changes[line.slug] = _changes(line, verdicts, start, now, settings.threshold)
    return compose(
        digest_id=_digest_id(name, kind, now),
        channel=name,
        kind=kind,
        lines=wanted,
        candidates=candidates,
        changes=changes,
        anchors=untold_anchor_news(db, wanted, name, start=start, until=now) if kind is DigestKind.DIGEST else {},
        coverage=_coverage(db, wanted, start, now),
        top=settings.top,
        threshold=settings.threshold,
        now=now,
    )


def _changes(
    line: Line, verdicts: Sequence[Verdict], start: datetime, now: datetime, threshold: float
) -> tuple[StatusChange, ...]:
    """Each claim's standing at the period's start against now, where they differ."""
    found = []
    for claim in line.open_claims:
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
                )
            )
    return tuple(found)


def _period_start(db: Db, channel: str, now: datetime) -> datetime:
    if channel:
        if last := last_digest_end(db, channel):
            return last
        if since := channel_since(db, channel):
            return min(since, now - _FIRST_PERIOD)
    return now - _FIRST_PERIOD


def _coverage(db: Db, lines: Sequence[Line], start: datetime, now: datetime) -> Coverage:
    watched = tuple(sorted({category for line in lines for category in line.categories}))
    recent = recent_harvests(db)
    return Coverage(
        period_start=start,
        period_end=now,
        papers_read=count_first_seen(db, watched, start, now),
        categories=watched,
        harvest=finish_for(recent[0], watched) if recent else None,
        outcomes=outcomes_for(recent[0], watched) if recent else (),
        last_well=next((record.at for record in recent if brought_something(record, watched)), None),
        harvested=add_up(
            harvests_between(db, start, now),
            watched,
            start,
            now,
            first=not harvests_between(db, start - _BEFORE, start),
        ),
    )


def _heard_since(db: Db, moment: datetime) -> bool:
    """Whether arXiv was asked after `moment`: then "nothing new" is news, and earlier papers have their turn."""
    last = last_harvest(db)
    return last is not None and last.at > moment


def _digest_id(channel: str, kind: DigestKind, now: datetime) -> str:
    return f"{channel or PREVIEW}/{kind.value}/{now:%Y-%m-%dT%H%M%SZ}"
