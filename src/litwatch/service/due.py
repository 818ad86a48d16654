"""What is due at a moment, decided from a schedule and from what was done before. Pure; clocks may have jumped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from litwatch.schedule import Schedule

_AHEAD = timedelta(days=1)
"""What was noted so much later than now was noted by a clock that was wrong. What lies less far ahead counts: a clock
that was set back by minutes, or by the hours of a time zone, is no reason to tell or to ask again."""
_POLL_AGAIN = timedelta(minutes=30)
"""arXiv is asked no more often than this, whatever the schedule says."""


def believed(ends: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """Of the ends of a channel's digests those that a right clock may have given, in the same order.

    ends: in the order in which the digests were composed, the last one first. One that lies more than a day ahead of
    now, or of one that was composed after it, is passed over: a clock was wrong then, and is right since.
    """
    latest, found = now + _AHEAD, []
    for end in ends:
        if end <= latest:
            found.append(end)
            latest = min(latest, end + _AHEAD)
    return tuple(found)


def told_until(ends: Sequence[datetime], now: datetime) -> datetime | None:
    """Up to when a channel's digests told, by clocks that are believed; None where they told nothing."""
    return max(believed(ends, now), default=None)


def digest_due(
    schedule: Schedule, *, known_since: datetime, ended: Sequence[datetime], now: datetime
) -> datetime | None:
    """The due time for which a digest is to be composed now; None where there is none.

    known_since: since when the channel is. ended: as `believed` takes them. What came due more than once since the
    last digest is due once, for the last time: one digest tells all of it.
    """
    due = schedule.last_until(now)
    since = told_until(ended, now) or known_since
    if due is None or due <= since <= now + _AHEAD:
        return None
    return due


def poll_due(
    schedule: Schedule,
    *,
    last_at: datetime | None,
    again_at: datetime | None,
    waiting: bool,
    answers: bool,
    now: datetime,
) -> bool:
    """Whether arXiv is to be asked now.

    last_at: when the last poll was; None before the first. again_at: when to ask again after trouble; None where there
    was none. waiting: whether a line waits to be searched backwards for. answers: whether the last poll was answered:
    a line that waits is no reason to ask a service over and over that does not answer.
    """
    if last_at is None or last_at - now > _POLL_AGAIN:  # or by a clock that was ahead
        return True
    if now - last_at < _POLL_AGAIN:
        return False
    if (again_at is not None and now >= again_at) or (waiting and answers):
        return True
    due = schedule.last_until(now)
    return due is not None and due > last_at
