"""Alarms: trouble with the harvest, told to a channel once when it begins and once more when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litwatch.digest.content import content
from litwatch.digest.payload import fit
from litwatch.model import Alarm, Coverage, Digest, DigestKind, Line
from litwatch.service.digests import Channel, form_of
from litwatch.service.trouble import Spell, finish_for, in_trouble, last_spell, outcomes_for, worst
from litwatch.store.alarms import OpenAlarm, close_alarm, count_came, open_alarm, raise_alarm
from litwatch.store.harvests import BROKEN_OFF, HarvestRecord, recent_harvests
from litwatch.store.outbox import digest_exists, freeze, know_channel
from litwatch.store.store import Db, Store


def alarm_once(
    store: Store,
    lines: Sequence[Line],
    channel: Channel,
    *,
    now: datetime,
    ask_again_at: datetime | None = None,
) -> int | None:
    """Freezes what the last harvest has to say to a channel that wants alerts; returns the delivery's id.

    None when that is nothing: it ended well and so did the one before, the channel was told of this trouble, or
    the trouble is with categories that none of its lines watches. A spell of trouble is one however it changes.
    ask_again_at: when arXiv will be asked again, where the caller sees to it.
    """
    watched = {category for line in lines if channel.wants(line) for category in line.categories}
    with store.write() as db:
        # One that was broken off says nothing of arXiv: the next one goes on where it was.
        recent = [record for record in recent_harvests(db) if record.reason != BROKEN_OFF]
        spell = last_spell(recent, watched) if watched else None
        known = open_alarm(db, channel.name)
        if spell and not spell.over_at:
            if known and spell.well_before and spell.well_before > known.raised_at:
                # That one ended while nobody looked, as with `alerts` switched off: this is another.
                close_alarm(db, known.id, over_at=spell.well_before)
                known = None
            if not known:
                return _raise(db, channel, recent[0], spell, watched, now=now, ask_again_at=ask_again_at)
        elif known and recent:
            return _end(db, channel, known, recent[0], spell, watched, now=now)
    return None


def _raise(
    db: Db,
    channel: Channel,
    last: HarvestRecord,
    spell: Spell,
    watched: set[str],
    *,
    now: datetime,
    ask_again_at: datetime | None,
) -> int | None:
    outcomes = in_trouble(last, watched)
    alarm = Alarm(
        state=worst(outcomes) if outcomes else last.state,
        began=spell.began,
        outcomes=outcomes,
        reason="" if outcomes else last.reason,
        well_before=spell.well_before,
        ask_again_at=ask_again_at,
    )
    digest = _digest(channel, "alarm", alarm, watched, now=now)
    know_channel(db, channel.name, now=now)
    if digest_exists(db, digest.id):
        return None  # raised and over within a second already, by a clock that stands
    number = _freeze(db, digest, channel)
    reason = alarm.reason or "; ".join(f"{one.category}: {one.reason}" for one in outcomes)
    raise_alarm(db, channel=channel.name, digest=digest.id, state=alarm.state, reason=reason, now=now)
    return number


def _end(
    db: Db,
    channel: Channel,
    known: OpenAlarm,
    last: HarvestRecord,
    spell: Spell | None,
    watched: set[str],
    *,
    now: datetime,
) -> int | None:
    """Closes an alarm and says so; no word where the channel watches none of its categories any more."""
    over_at = spell.over_at if spell and spell.over_at else last.at
    close_alarm(db, known.id, over_at=over_at)
    named = {*known.categories, *(spell.categories if spell else ())} if known.categories else set()
    concerned = named & watched if named else watched
    if not concerned:
        return None
    began = min(spell.began, known.raised_at) if spell else known.raised_at
    alarm = Alarm(
        state=finish_for(last, concerned).state,
        began=began,
        outcomes=outcomes_for(last, concerned) if named else (),
        over_at=over_at,
        papers=count_came(db, concerned, began, now),
    )
    digest = _digest(channel, "alarm-over", alarm, watched, now=now)
    return None if digest_exists(db, digest.id) else _freeze(db, digest, channel)


def _digest(channel: Channel, name: str, alarm: Alarm, watched: set[str], *, now: datetime) -> Digest:
    return Digest(
        id=f"{channel.name}/{name}/{now:%Y-%m-%dT%H%M%SZ}",
        kind=DigestKind.ALARM,
        channel=channel.name,
        coverage=Coverage(
            period_start=min(alarm.began, now),
            period_end=now,
            papers_read=alarm.papers,
            categories=tuple(sorted(watched)),
        ),
        created=now,
        alarm=alarm,
    )


def _freeze(db: Db, digest: Digest, channel: Channel) -> int:
    fitted = fit(digest, form_of(channel))
    return freeze(db, fitted.shown, fitted.payload, content(fitted.shown), due_at=digest.created)
