"""Handing a frozen payload to a channel, by the kind of service that it is.

Mail and Slack have rooms of their own; every other service gets the text through apprise, cut into pieces where
it takes only short ones.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from litwatch.deliver.address import is_mail, service_of
from litwatch.deliver.mail import compose_mail, mail_bytes
from litwatch.deliver.patience import LateError, within
from litwatch.deliver.plugin import PATIENCE, listening, plugin_of
from litwatch.deliver.slack import send_slack
from litwatch.deliver.smtp import envelope_of, send_mail
from litwatch.errors import DeliveryError
from litwatch.model import Payload

__all__ = ["check_url", "is_mail", "mail_of", "send", "service_of"]

_UNANSWERED = re.compile(r"timed out|timeout|incomplete|disconnected|reset by peer|aborted", re.I)
_NEVER_CONNECTED = re.compile(r"connect timeout|connecttimeout|max retries exceeded|failed to establish", re.I)
_REFUSED = re.compile(r"error=(?P<code>\d{3})")
_PERMANENT = frozenset({400, 401, 403, 404, 405, 410, 413})
_PERHAPS_TAKEN = frozenset({408, 500, 502, 504})
"""What a server or a gateway says that lost sight of a message; 503 is said before one is taken."""
_LONGEST_PAUSES = 600.0
_HINTS = {
    400: " (it refuses the message)",
    401: " (it refuses the token)",
    403: " (the token may not post there)",
    404: " (it knows no such hook; check the tokens in its url)",
    410: " (the hook was removed)",
    408: " (the message may have arrived)",
    413: " (the message is too long)",
    429: " (too many messages)",
    500: " (the message may have arrived)",
    502: " (the message may have arrived)",
    504: " (the message may have arrived)",
}


def check_url(name: str, url: str) -> None:
    """Raises DeliveryError (permanent) when apprise cannot use the channel's URL; it never shows the URL."""
    plugin_of(name, url)


def send(
    name: str,
    url: str,
    payload: Payload,
    *,
    digest: str,
    number: int,
    date: datetime,
    attempt: int = 1,
    patience: float = PATIENCE,
) -> None:
    """Sends the payload to one channel.

    digest: its digest's id; number: the delivery's, 0 for none; date: when it was frozen. They name and date the
    message, the same at every attempt. attempt: which one it is, from 1. patience: the seconds that all of it may take,
    besides the pauses that a service wants between the pieces of a text.
    Raises DeliveryError: `permanent` when only a person can help, `unknown` when the message went out and no
    answer came, neither when it was refused or not taken for now.
    """
    plugin = plugin_of(name, url)
    kind = type(plugin).__name__
    try:
        with listening() as heard:
            if kind == "NotifyEmail":
                mail = _mail(name, plugin, payload, digest, number, date)
                send_mail(name, plugin, mail, patience=patience, attempt=attempt)
                return
            if kind == "NotifySlack":
                taken = send_slack(name, plugin, payload, patience=patience)
            else:
                taken = _notify(name, plugin, payload, heard, patience=patience)
        if not taken:
            raise _trouble(name, heard)
    except DeliveryError as trouble:
        if trouble.partial and number:
            trouble.args = (f"{trouble}; `litwatch replay {number}` shows it to pass on",)
        raise


def _notify(name: str, plugin: Any, payload: Payload, heard: list[str], *, patience: float) -> bool:
    plugin.overflow_mode = "split"
    pieces = (len(payload.text) // max(1, plugin.body_maxlen) + 1) * max(1, len(plugin))
    pauses = min(pieces * float(plugin.request_rate_per_sec), _LONGEST_PAUSES)
    try:
        return bool(
            within(
                patience + pauses,
                lambda: plugin.notify(body=payload.text, title=payload.subject, body_format="text"),
            )
        )
    except LateError:
        raise _unanswered(name, heard) from None
    except UnicodeEncodeError:
        # Before anything went out; its message holds what could not be written.
        raise DeliveryError(
            f"channel {name}: its url holds characters that cannot be sent to the service; check its tokens",
            permanent=True,
            partial=_partial(heard),
        ) from None


def mail_of(name: str, url: str, payload: Payload, *, digest: str, number: int, date: datetime) -> bytes:
    """The mail that `send` hands over for the same arguments, byte for byte. Raises DeliveryError."""
    plugin = plugin_of(name, url)
    if type(plugin).__name__ != "NotifyEmail":
        raise DeliveryError(f"channel {name} sends no mail: it is of the kind {service_of(url)}", permanent=True)
    return _mail(name, plugin, payload, digest, number, date)


def _mail(name: str, plugin: Any, payload: Payload, digest: str, number: int, date: datetime) -> bytes:
    envelope = envelope_of(plugin)
    return mail_bytes(compose_mail(payload, envelope, channel=name, digest=digest, number=number, date=date))


def _trouble(name: str, heard: list[str]) -> DeliveryError:
    """What went wrong, in words of ours alone: apprise's own lines may hold a token."""
    partial = _partial(heard)
    log = "\n".join(heard)
    if code := _REFUSED.search(log):
        number = int(code["code"])
        return DeliveryError(
            f"channel {name}: the service answers {number}{_HINTS.get(number, '')}",
            permanent=number in _PERMANENT,
            about_message=number == 413,
            unknown=number in _PERHAPS_TAKEN and not partial,
            partial=partial,
        )
    if _UNANSWERED.search(log) and not _NEVER_CONNECTED.search(log):
        return _unanswered(name, heard)
    return DeliveryError(f"channel {name}: the service cannot be reached or did not take it", partial=partial)


def _unanswered(name: str, heard: list[str]) -> DeliveryError:
    partial = _partial(heard)
    after = " after it took a part of the message" if partial else ""
    return DeliveryError(
        f"channel {name}: the service gave no answer in time{after}", unknown=not partial, partial=partial
    )


def _partial(heard: list[str]) -> bool:
    """A long text goes out in pieces: whether one of them was taken."""
    return any(line.startswith("Sent ") for line in heard)
