"""Notices: trouble with one channel, told on the others, since it cannot tell it itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from litwatch.digest.content import content
from litwatch.digest.payload import fit
from litwatch.model import Coverage, DeliveryState, Digest, DigestKind, Notice, NoticeKind
from litwatch.service.digests import Channel, form_of
from litwatch.service.unsettled import RESEND
from litwatch.store.channels import ChannelState, stopped_channels
from litwatch.store.notices import (
    ToldStop,
    sent_after,
    told_of_a_stop,
    told_stops,
    undelivered,
    untold,
    waiting_on,
)
from litwatch.store.outbox import DUE, digest_exists, freeze, know_channel, overtake
from litwatch.store.store import Db, Store

_NEWS_FOR = timedelta(days=7)
"""What did not arrive longer ago is not told; `litwatch outbox` and doctor show it."""
_NOT_AGAIN_FOR = timedelta(days=1)
"""So long it is not told again that a channel cannot be used: of two daemons one may be able to."""
_LONGEST_NAME = 24
"""Of a channel within an id, which has to hold two of them."""


def notices_once(
    store: Store,
    channels: Sequence[tuple[Channel, bool]],
    *,
    now: datetime,
    rule: str = RESEND,
    unusable: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Freezes what the channels have to say of each other, each once; returns how many messages that is.

    channels: those that can be used, each with whether it wants alerts. A channel that is stopped is told of, and told
    of again when something was sent on it; so is what was given up or may not have arrived, at most once a day. Told
    on the other channels that want alerts; where none does, on all others. rule: what becomes of unknown deliveries.
    unusable: the configured channels that cannot be used, by name, each with why, which holds no secret: while they are
    that, they count as stopped.
    """
    with store.read() as db:
        if not (_due(db, channels, unusable, now=now, rule=rule) or _needless(db, unusable)):
            return 0
    with store.write() as db:
        due = _due(db, channels, unusable, now=now, rule=rule)
        for stop in _needless(db, unusable):
            overtake(db, stop.digest, why="the channel went on before this could be sent", now=now)
        for channel, digest in due:
            know_channel(db, channel.name, now=now)
            fitted = fit(digest, form_of(channel))
            freeze(db, fitted.shown, fitted.payload, content(fitted.shown), due_at=now)
    return len(due)


def _due(
    db: Db,
    channels: Sequence[tuple[Channel, bool]],
    unusable: Mapping[str, str],
    *,
    now: datetime,
    rule: str,
) -> list[tuple[Channel, Digest]]:
    """What is to be frozen, with the channel that it is for."""
    stopped = stopped_channels(db)
    names = {channel.name for channel, _ in channels}
    live = [(channel, alerts) for channel, alerts in channels if channel.name not in {*stopped, *unusable}]
    told = told_stops(db)
    lately = told_of_a_stop(db, after=now - _NOT_AGAIN_FOR, before=now + _NOT_AGAIN_FOR) if unusable else set()
    found = [
        *_stops(db, live, {name: stopped[name] for name in stopped if name in names}, told, now=now),
        *(
            (channel, digest)
            for channel, digest in _stops(db, live, _as_stopped(unusable, now), told, now=now)
            if digest.notice and (channel.name, digest.notice.channel) not in lately
        ),
        *_ends(db, {channel.name: channel for channel, _ in live}, told, now=now),
        *_undelivered(db, live, now=now, rule=rule),
    ]
    return [(channel, digest) for channel, digest in found if not digest_exists(db, digest.id)]


def _as_stopped(unusable: Mapping[str, str], now: datetime) -> dict[str, ChannelState]:
    """Since when is not known: from when it is told on."""
    return {
        name: ChannelState(stopped_at=now, because=why.removeprefix(f"channel {name}: "))
        for name, why in unusable.items()
    }


def _others(live: Sequence[tuple[Channel, bool]], name: str) -> list[Channel]:
    others = [(channel, alerts) for channel, alerts in live if channel.name != name]
    return [channel for channel, alerts in others if alerts] or [channel for channel, _ in others]


def _stops(
    db: Db,
    live: Sequence[tuple[Channel, bool]],
    stopped: Mapping[str, ChannelState],
    told: Sequence[ToldStop],
    *,
    now: datetime,
) -> list[tuple[Channel, Digest]]:
    known = {(stop.to, stop.about) for stop in told}
    found = []
    for name, state in stopped.items():
        assert state.stopped_at is not None
        waiting, first = waiting_on(db, name)
        notice = Notice(
            kind=NoticeKind.STOPPED,
            channel=name,
            since=state.stopped_at,
            reason=state.because,
            waiting=waiting,
            first=first,
        )
        found += [
            (channel, _digest(channel, f"notice-{_short(name)}/{_stamp(state.stopped_at)}", notice, now=now))
            for channel in _others(live, name)
            if (channel.name, name) not in known
        ]
    return found


def _ends(
    db: Db, live: Mapping[str, Channel], told: Sequence[ToldStop], *, now: datetime
) -> list[tuple[Channel, Digest]]:
    """What was told as stopped and is sent to again."""
    found = []
    for stop in told:
        if stop.to not in live or stop.about not in live or stop.state in (*DUE, DeliveryState.SENDING):
            continue
        if not _is_over(db, stop):
            continue
        notice = Notice(
            kind=NoticeKind.GOES_ON,
            channel=stop.about,
            since=stop.since,
            over_at=now,
            reason=stop.reason,
            waiting=waiting_on(db, stop.about)[0],
        )
        channel = live[stop.to]
        found.append((channel, _digest(channel, f"goes-on-{_short(stop.about)}/{_stamp(stop.since)}", notice, now=now)))
    return found


def _needless(db: Db, unusable: Mapping[str, str]) -> list[ToldStop]:
    """Messages about a stop that were not sent before it was over."""
    stopped = {*stopped_channels(db), *unusable}
    return [stop for stop in told_stops(db) if stop.state in DUE and stop.about not in stopped and _is_over(db, stop)]


def _is_over(db: Db, stop: ToldStop) -> bool:
    """Of one that is stopped no more: that it was let go on is no end yet, since it may refuse at once."""
    return sent_after(db, stop.about, stop.since) or not waiting_on(db, stop.about)[0]


def _undelivered(
    db: Db, live: Sequence[tuple[Channel, bool]], *, now: datetime, rule: str
) -> list[tuple[Channel, Digest]]:
    """A message that died is told on its own channel where there is no other: that one may take the next."""
    news = undelivered(db, after=now - _NEWS_FOR, again_by_rule=rule == RESEND)
    found = []
    for channel, _ in live if news else ():
        own = [
            one
            for one in news
            if channel in (_others(live, one.channel) or [own for own, _ in live if own.name == one.channel])
        ]
        if fresh := untold(db, channel.name, own):
            notice = Notice(
                kind=NoticeKind.UNDELIVERED,
                since=min(one.at for one in fresh),
                undelivered=fresh,
            )
            found.append((channel, _digest(channel, f"notice/{now:%Y-%m-%d}", notice, now=now)))
    return found


def _digest(channel: Channel, name: str, notice: Notice, *, now: datetime) -> Digest:
    return Digest(
        id=f"{channel.name}/{name}",
        kind=DigestKind.NOTICE,
        channel=channel.name,
        coverage=Coverage(period_start=min(notice.since, now), period_end=now, papers_read=0),
        created=now,
        notice=notice,
    )


def _short(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H%M%SZ}"
