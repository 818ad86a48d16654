"""Digests: composed from what the store holds, previewed, or frozen with their delivery in one transaction."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litwatch.deliver.address import is_slacks_own, service_of
from litwatch.digest.compose import compose, explore
from litwatch.digest.content import content
from litwatch.digest.payload import Fitted, Form, fit
from litwatch.errors import StoreError
from litwatch.model import Alerted, Coverage, Digest, DigestKind, Line
from litwatch.service.anchors import untold_anchor_news
from litwatch.service.candidates import choose
from litwatch.service.due import told_until
from litwatch.service.exploring import draw_beyond
from litwatch.service.moves import changes_of_standing
from litwatch.service.second_opinions import Budget
from litwatch.service.trouble import add_up, brought_something, finish_for, outcomes_for
from litwatch.store.alerts import FrozenAlert, alerts_since_digest, count_alerts
from litwatch.store.channels import is_stopped
from litwatch.store.harvests import harvests_between, last_harvest, recent_harvests
from litwatch.store.outbox import (
    channel_since,
    delivered_content,
    digest_ends,
    digest_exists,
    freeze,
    know_channel,
)
from litwatch.store.papers import count_first_seen, get_papers
from litwatch.store.store import Db, Store
from litwatch.store.untold import Untold, challenging, last_told

PREVIEW = "preview"
_FIRST_PERIOD = timedelta(days=7)
_BEFORE = timedelta(days=28)
"""Who harvested within so long before a period is at it; else its first harvest is the first of all."""
_DAY = timedelta(days=1)
_TRIES = 3
"""So often something is composed anew because others told something on the channel meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What composing needs of a channel's configuration."""

    name: str
    url: str
    lines: tuple[str, ...] = ("*",)
    """Patterns of slugs, as "empathy-*"."""
    alerts_per_day: int = 3
    """At most so many within any 24 hours; what is more waits for the next one, or the digest."""

    def wants(self, line: Line) -> bool:
        return line.active and self.covers(line.slug)

    def covers(self, slug: str) -> bool:
        """Whether a line of this name is told here, where it is active."""
        return any(fnmatch.fnmatchcase(slug, pattern) for pattern in self.lines)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How digests are cut. top: papers a line. threshold: from here on a challenge is marked. explore: how many papers
    without a place a digest tells besides, drawn by chance. floor: what scores less is told as a likely challenge
    alone. budget: of a month of asking a language model; None where none is asked."""

    top: int
    threshold: float
    explore: int = 0
    floor: float = 0.0
    budget: Budget | None = None


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
    due: datetime | None = None,
) -> int | None:
    """Composes the channel's digest and freezes it with a pending delivery; returns the delivery's id.

    None when there is nothing to say: no entry and no harvest since the last digest, or, for an alert, no likely
    challenge that was not told yet. While the channel is stopped there are no alerts: the first one when it goes on, or
    the digest, tells all at once. None, too, where it was said: the digest for the time `due` by another daemon, that
    of the present time before the clock went back, or as many alerts within 24 hours as the channel takes.

    due: the time of the schedule that it is for: then it comes, also with nothing new, unless nothing is watched or
    nothing was ever harvested. None for a digest that a person asks for, which comes beside those of the schedule.
    Raises StoreError where others told something on the channel each time that it was composed.
    """
    _know(store, channel, now=now)
    for _ in range(_TRIES):
        # Composing may take seconds where very much is untold: nobody who writes has to wait for it.
        with store.read() as db:
            before = last_told(db, channel.name)
            digest = _to_tell(db, lines, channel, settings, kind, now=now, due=due)
        if digest is None:
            return None
        fitted = fit(digest, form_of(channel))
        shown = content(fitted.shown)
        with store.write() as db:
            # What came meanwhile is for the next one; but where something was told meanwhile, this may tell it again.
            if last_told(db, channel.name) == before and not _is_told(db, channel, kind, now=now, due=due):
                return freeze(db, fitted.shown, fitted.payload, shown, due_at=now)
    raise StoreError(
        f"channel {channel.name}: no {kind} could be composed, since others told something on it meanwhile, {_TRIES} "
        "times; the daemon tries again, a command has to be given again"
    )


def _know(store: Store, channel: Channel, *, now: datetime) -> None:
    with store.read() as db:
        known = channel_since(db, channel.name) is not None
    if not known:
        with store.write() as db:
            know_channel(db, channel.name, now=now)


def _to_tell(
    db: Db,
    lines: Sequence[Line],
    channel: Channel,
    settings: Settings,
    kind: DigestKind,
    *,
    now: datetime,
    due: datetime | None,
) -> Digest | None:
    """None where there is nothing to tell, or it was told."""
    if _is_told(db, channel, kind, now=now, due=due) or digest_exists(db, _digest_id(channel.name, kind, now)):
        return None
    if kind is DigestKind.ALERT:
        untold = Untold(lines=_wanted(lines, channel), channel=channel.name, threshold=settings.threshold)
        if not challenging(db, untold, reworded=False):
            return None
    digest = _compose(db, lines, channel, settings, kind, now=now)
    # What was drawn by chance is no reason to send one.
    placed = any(entry.chance is None for entry in digest.entries)
    return digest if placed or _is_due_empty(db, digest, due) else None


def _is_told(db: Db, channel: Channel, kind: DigestKind, *, now: datetime, due: datetime | None) -> bool:
    if kind is DigestKind.ALERT:
        enough = count_alerts(db, channel.name, now - _DAY, now + _DAY) >= channel.alerts_per_day
        return enough or is_stopped(db, channel.name)
    told = told_until(digest_ends(db, channel.name), now)
    return told is not None and (told > now if due is None else told >= due)


def _is_due_empty(db: Db, digest: Digest, due: datetime | None) -> bool:
    """Whether "nothing new" is to be told."""
    if digest.kind is DigestKind.ALERT:
        return False
    if due is not None:
        return bool(digest.sections) and last_harvest(db) is not None
    return _heard_since(db, digest.coverage.period_start)


def form_of(channel: Channel | None) -> Form:
    """What a channel takes; a preview for no channel is written as a mail would be."""
    service = service_of(channel.url) if channel else "mailto"
    if service in ("mailto", "mailtos"):
        return Form.MAIL
    return Form.SLACK if service == "slack" or (channel and is_slacks_own(channel.url)) else Form.TEXT


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
    wanted = _wanted(lines, channel)
    name = channel.name if channel else ""
    last = told_until(digest_ends(db, name), now) if name else None
    start = min(last, now) if last else _first_start(db, name, now)
    # Without a harvest since, papers that had no room wait: a digest asked for twice has nothing new to say.
    rest_too = last is None or kind is DigestKind.ALERT or _heard_since(db, last)
    alerts = alerts_since_digest(db, name) if name and kind is DigestKind.DIGEST else []
    known = _known_standings(alerts)
    since = None if rest_too else last
    untold = Untold(lines=wanted, channel=name or None, since=since, threshold=settings.threshold, floor=settings.floor)
    # An alert waits a while for the language model, where one is asked.
    waits = now if settings.budget else None
    chosen = choose(db, untold, kind, settings.top, last=last, now=waits, budget=settings.budget)
    # An alert tells changes of those lines alone where it tells something.
    moving = {item.match.line for item in chosen.candidates} if kind is DigestKind.ALERT else None
    changes = changes_of_standing(
        db,
        [line for line in wanted if moving is None or line.slug in moving],
        start=start,
        now=now,
        threshold=settings.threshold,
        told=known,
    )
    digest = compose(
        digest_id=_digest_id(name, kind, now),
        channel=name,
        kind=kind,
        lines=wanted,
        candidates=chosen.candidates,
        reviewed=chosen.reviewed,
        beyond=chosen.beyond,
        changes=changes,
        anchors=untold_anchor_news(db, wanted, name, start=start, until=now) if kind is DigestKind.DIGEST else {},
        alerted=_alerted(db, alerts),
        coverage=_coverage(db, wanted, start, now),
        top=settings.top,
        threshold=settings.threshold,
        floor=settings.floor,
        now=now,
    )
    if kind is DigestKind.ALERT or not settings.explore:
        return digest
    drawn = draw_beyond(db, untold, digest, settings.explore, last=last)
    return explore(digest, drawn, lines=wanted, threshold=settings.threshold)


def _wanted(lines: Sequence[Line], channel: Channel | None) -> list[Line]:
    return [line for line in lines if (channel.wants(line) if channel else line.active)]


def _alerted(db: Db, alerts: Sequence[FrozenAlert]) -> tuple[Alerted, ...]:
    """The papers that these alerts told, in their order."""
    told = [(entry["arxiv_id"], alert) for alert in alerts for part in alert.sections for entry in part["entries"]]
    papers = {paper.arxiv_id: paper for paper in get_papers(db, {arxiv_id for arxiv_id, _ in told})}
    return tuple(
        Alerted(paper=papers[arxiv_id], at=alert.at, lost=alert.lost) for arxiv_id, alert in told if arxiv_id in papers
    )


def _known_standings(alerts: Sequence[FrozenAlert]) -> dict[tuple[str, str], str]:
    """By line and claim, the standing that the last of these alerts, oldest first, told of it."""
    return {
        (part["line"], change["claim"]): change["after"]
        for alert in alerts
        if not alert.lost
        for part in alert.sections
        for change in part["changes"]
    }


def _first_start(db: Db, channel: str, now: datetime) -> datetime:
    """Where the period of a channel's first digest begins; "" is no channel."""
    since = channel_since(db, channel) if channel else None
    return min(since, now - _FIRST_PERIOD) if since else now - _FIRST_PERIOD


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
