"""Alarms: trouble with the harvest, told to a channel when it begins or spreads and once more when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from litwatch.digest.content import content
from litwatch.digest.coverage import is_nowhere
from litwatch.digest.payload import fit
from litwatch.model import NOWHERE, Alarm, CategoryOutcome, Coverage, Digest, DigestKind, HarvestState, Line
from litwatch.service.digests import Channel, form_of
from litwatch.service.trouble import (
    WHOLE,
    Spell,
    counted,
    first_well,
    followed,
    last_spell,
    outcomes_for,
    papers_state,
    troubles_for,
    untold,
    worst,
)
from litwatch.store.alarms import (
    OpenAlarm,
    ToldTrouble,
    close_alarm,
    count_came,
    keep_told,
    open_alarm,
    raise_again,
    raise_alarm,
    told_after,
    told_for,
)
from litwatch.store.harvests import HarvestRecord, harvests_between, recent_harvests
from litwatch.store.outbox import digest_exists, freeze, know_channel, overtake
from litwatch.store.store import Db, Store

_NOT_AGAIN_FOR = timedelta(hours=12)
"""So long what was told is not told again when it comes back: what comes and goes all day is one message a half."""
_NEWS_FOR = timedelta(days=3)
"""An end that was longer ago is not told: the digests since have shown it."""


def alarm_once(
    store: Store,
    lines: Sequence[Line],
    channel: Channel,
    *,
    now: datetime,
    ask_again_at: datetime | None = None,
) -> int | None:
    """Freezes what the last harvest has to say to a channel that wants alerts; returns the delivery's id.

    None when that is nothing: new papers came and did before, the channel was told of this trouble, or the trouble
    is with categories that none of its lines watches. A spell of trouble is told again when a category joins or gets
    worse. ask_again_at: when arXiv will be asked again, where the caller sees to it.
    """
    watched = {category for line in lines if channel.wants(line) for category in line.categories}
    with store.write() as db:
        recent = counted(recent_harvests(db))
        if not recent:
            return None
        known = open_alarm(db, channel.name)
        spell = last_spell(recent, watched) if watched else None
        number = None
        if spell and not spell.over_at:
            number = _tell(db, channel, known, recent[0], spell, watched, now=now, ask_again_at=ask_again_at)
        elif known:
            number = _end(db, channel, known, recent[0], watched, now=now)
        return number if number is not None else _tell_nowhere(db, channel, recent[0], watched, now=now)


def _tell(
    db: Db,
    channel: Channel,
    known: OpenAlarm | None,
    last: HarvestRecord,
    spell: Spell,
    watched: set[str],
    *,
    now: datetime,
    ask_again_at: datetime | None,
) -> int | None:
    """Raises an alarm, or the open one again, where something is in trouble that was not told."""
    troubles = troubles_for(last, watched)
    # One that ended while nobody looked, as with `alerts` switched off, says nothing of this spell.
    ended = first_well(harvests_between(db, known.raised_at, now), watched) if known else None
    told = followed(known.told, () if ended else troubles) if known else ()
    lately = told_after(db, channel.name, now - _NOT_AGAIN_FOR, until=now)
    if not untold(troubles, (*(each for each in told if each.lasts), *lately)):
        if known and told != known.told:
            keep_told(db, known.id, told)
        return None
    began = known.began if known and not ended else spell.began
    outcomes = tuple(one for one in troubles if one.category != WHOLE)
    alarm = Alarm(
        state=worst(troubles),
        began=began,
        outcomes=outcomes,
        reason="" if outcomes else last.reason,
        well_before=spell.well_before if spell.well_before and spell.well_before < began else None,
        ask_again_at=ask_again_at,
    )
    digest = _digest(channel, "alarm", alarm, watched, now=now)
    if digest_exists(db, digest.id):
        return None  # raised and over within a second already, by a clock that stands
    if known:
        overtake(db, known.digest, why="a later message tells of it and of more", now=now)
    if known and ended:
        close_alarm(db, known.id, over_at=ended)
    number = _freeze(db, digest, channel)
    reason = alarm.reason or "; ".join(f"{one.category}: {one.reason}" for one in outcomes)
    says = _told_of(troubles, now)
    if known and not ended:
        named = {one.category for one in troubles}
        says = (*says, *(each for each in told if each.category not in named))
        raise_again(db, known.id, digest=digest.id, state=alarm.state, reason=reason, told=says, now=now)
    else:
        raise_alarm(
            db,
            channel=channel.name,
            digest=digest.id,
            began=began,
            state=alarm.state,
            reason=reason,
            told=says,
            now=now,
        )
    return number


def _end(
    db: Db, channel: Channel, known: OpenAlarm, last: HarvestRecord, watched: set[str], *, now: datetime
) -> int | None:
    """Closes an alarm and says so; no word of an old end, or where the channel watches none of its categories."""
    over_at = first_well(harvests_between(db, known.raised_at, now), watched) or last.at
    close_alarm(db, known.id, over_at=over_at)
    named = {each.category for each in known.told}
    watched = watched - {one.category for one in last.categories if is_nowhere(one)}
    concerned = watched if WHOLE in named else named & watched
    if not concerned or now - over_at > _NEWS_FOR:
        overtake(db, known.digest, why="it was over before this could be sent", now=now)
        return None
    alarm = Alarm(
        state=papers_state(last, concerned),
        began=known.began,
        outcomes=() if WHOLE in named else outcomes_for(last, concerned),
        over_at=over_at,
        papers=count_came(db, concerned, known.began, now),
    )
    digest = _digest(channel, "alarm-over", alarm, watched, now=now)
    if digest_exists(db, digest.id):
        return None
    if overtake(db, known.digest, why="it was over before this could be sent; a later message says both", now=now):
        digest = replace(digest, alarm=replace(alarm, reason=known.reason))
    return _freeze(db, digest, channel)


def _tell_nowhere(db: Db, channel: Channel, last: HarvestRecord, watched: set[str], *, now: datetime) -> int | None:
    """Tells of categories that arXiv does not have, each once: no harvest ends that, so its end is not waited for."""
    absent = tuple(one for one in outcomes_for(last, watched) if is_nowhere(one))
    told = told_for(db, channel.name, NOWHERE) if absent else set()
    absent = tuple(one for one in absent if one.category not in told)
    alarm = Alarm(state=HarvestState.FAILED, began=last.at, outcomes=absent)
    digest = _digest(channel, "alarm-category", alarm, watched, now=now)
    if not absent or digest_exists(db, digest.id):
        return None
    number = _freeze(db, digest, channel)
    raise_alarm(
        db,
        channel=channel.name,
        digest=digest.id,
        began=last.at,
        state=alarm.state,
        reason=NOWHERE,
        told=_told_of(absent, now),
        now=now,
        over_at=now,
    )
    return number


def _told_of(troubles: Sequence[CategoryOutcome], now: datetime) -> tuple[ToldTrouble, ...]:
    return tuple(ToldTrouble(category=one.category, state=one.state, at=now) for one in troubles)


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
    know_channel(db, channel.name, now=digest.created)
    fitted = fit(digest, form_of(channel))
    return freeze(db, fitted.shown, fitted.payload, content(fitted.shown), due_at=digest.created)
