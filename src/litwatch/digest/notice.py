"""How a notice puts things: trouble with another channel, that it is over, or messages that did not arrive.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from litwatch.digest.coverage import in_short, moment
from litwatch.digest.wording import clean, count, shorten
from litwatch.model import DeliveryState, Notice, NoticeKind, Undelivered

_LISTED = 10
"""Messages that are told one by one."""


def subject(notice: Notice) -> str:
    if notice.kind is NoticeKind.STOPPED:
        return f"litwatch: channel {_name(notice.channel)} is stopped ({in_short(notice.reason, 80)})"
    if notice.kind is NoticeKind.GOES_ON:
        return f"litwatch: channel {_name(notice.channel)} goes on again"
    return f"litwatch: {_tally(notice)}"


def heading(notice: Notice) -> str:
    if notice.kind is NoticeKind.STOPPED:
        return "litwatch, a channel is stopped"
    if notice.kind is NoticeKind.GOES_ON:
        return "litwatch, a channel goes on again"
    return "litwatch, trouble with deliveries"


def warning(notice: Notice) -> str:
    """What is wrong; "" of what is over."""
    if notice.kind is NoticeKind.STOPPED:
        return f"Channel {_name(notice.channel)} is stopped: {_reason(notice.reason)}."
    if notice.kind is NoticeKind.GOES_ON:
        return ""
    return f"{_tally(notice)}."


def summary(notice: Notice) -> str:
    if notice.kind is NoticeKind.STOPPED:
        wait = f"{count(notice.waiting, 'message')} {'waits' if notice.waiting == 1 else 'wait'} for it. "
        return (
            f"Since {moment(notice.since)} nothing is sent on it. {wait}Nothing is lost: its digests go on being "
            "composed and are sent in their order when it goes on."
        )
    if notice.kind is NoticeKind.GOES_ON:
        why = f": {_reason(notice.reason)}" if clean(notice.reason) else ""
        waits = "What waited for it was sent."
        if notice.waiting:
            waits = f"{count(notice.waiting, 'message')} that waited for it {_are(notice.waiting)} on the way."
        return (
            f"Channel {_name(notice.channel)} was stopped on {moment(notice.since)}{why}. It is sent to again. {waits}"
        )
    return f"The first on {moment(notice.since)}. litwatch does not try these again by itself."


def details(notice: Notice) -> tuple[str, ...]:
    """What the reader may do: one entry a paragraph."""
    if notice.kind is NoticeKind.STOPPED:
        name = _name(notice.channel)
        by_hand = f", or by `litwatch outbox retry {notice.first}`" if notice.first else ""
        return (
            f"To mend it: `litwatch doctor --send-test`, or `litwatch channel test {name}`, tries it, names the cure, "
            "and lets it go on when the test message is taken. It goes on by itself when another `url` stands under "
            f"[channels.{name}]{by_hand}. Its oldest message is tried once a day.",
            "You hear of this once more, when it goes on again.",
        )
    if notice.kind is NoticeKind.GOES_ON:
        return ()
    told = tuple(_told(one) for one in notice.undelivered[:_LISTED])
    more = len(notice.undelivered) - _LISTED
    return (*told, f"And {count(more, 'more message')}: `litwatch outbox` lists them.") if more > 0 else told


def foot(notice: Notice, channel: str) -> str:
    name = shorten(channel, 60)
    if notice.kind is NoticeKind.UNDELIVERED:
        return (
            f"Sent by your channel {name}, at most once a day, for what did not arrive; `litwatch outbox` tells more."
        )
    if notice.kind is NoticeKind.GOES_ON:
        return f"Sent by your channel {name}, which told you that {_name(notice.channel)} was stopped."
    return f"Sent by your channel {name}, because {_name(notice.channel)} cannot tell it itself."


def _told(one: Undelivered) -> str:
    number, what = one.delivery, shorten(one.subject, 100)
    where = f"Delivery {number} on {_name(one.channel)}, “{what}”,"
    retry, resolve = f"`litwatch outbox retry {number}`", f"`litwatch outbox resolve {number}`"
    if one.state is DeliveryState.UNKNOWN:
        return f"{where} may have arrived: {_reason(one.reason)}. {resolve} if it did, {retry} if not."
    if one.state is DeliveryState.SENT:
        return f"{where} was taken on {moment(one.at)}, but not for all: {_reason(one.reason)}."
    return (
        f"{where} was given up on {moment(one.at)}: {_reason(one.reason)}. Mend that and {retry}, "
        f"or {resolve} to leave it."
    )


def _tally(notice: Notice) -> str:
    states = [one.state for one in notice.undelivered]
    parts = []
    if dead := states.count(DeliveryState.DEAD):
        parts.append(f"{count(dead, 'message')} given up")
    if unknown := states.count(DeliveryState.UNKNOWN):
        parts.append(f"{count(unknown, 'message')} that may not have arrived")
    if partly := states.count(DeliveryState.SENT):
        parts.append(f"{count(partly, 'message')} refused for some recipients")
    return ", ".join(parts)


def _reason(reason: str) -> str:
    return in_short(reason, 300)


def _name(channel: str) -> str:
    return shorten(channel, 64)


def _are(n: int) -> str:
    return "is" if n == 1 else "are"
