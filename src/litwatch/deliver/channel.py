"""Handing a frozen payload to a channel: the only place that knows apprise.

Mail goes out over apprise's own SMTP connection with a message of ours, because apprise makes the text part
out of the HTML and gives each attempt another Message-ID, by which nobody could see a repeat. Slack gets our
blocks; every other service gets the text, cut into pieces where it takes only short ones.
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from litwatch.errors import DeliveryError
from litwatch.model import Payload

_TIMEOUT = 30.0
_UNANSWERED = re.compile(r"timed out|timeout|incomplete|disconnected|reset by peer|aborted", re.I)
_REFUSED = re.compile(r"error=(?P<code>\d{3})")
_PERMANENT = frozenset({400, 401, 403, 404, 405, 410, 413})


def service_of(url: str) -> str:
    """What kind of channel a URL is, for people: "mailtos", "slack"; "" where it does not say."""
    found = re.match(r"([a-z][a-z0-9+.-]*)://", url.strip(), re.I)
    return found[1].lower() if found else ""


def check_url(name: str, url: str) -> None:
    """Raises DeliveryError (permanent) when apprise cannot use the channel's URL; it never shows the URL."""
    _plugin(name, url)


def send(name: str, url: str, payload: Payload, *, message_id: str, now: datetime) -> None:
    """Sends the payload to one channel.

    message_id: names the digest and channel, the same at every attempt.
    Raises DeliveryError: `permanent` when only a person can help, `unknown` when the message went out and no
    answer came, neither when it was refused or not taken for now.
    """
    plugin = _plugin(name, url)
    kind = type(plugin).__name__
    if kind == "NotifyEmail":
        _send_mail(name, plugin, payload, message_id, now)
        return
    with _listening() as heard:
        if kind == "NotifySlack" and payload.slack:
            taken = _send_slack(plugin, payload)
        else:
            plugin.overflow_mode = "split"
            taken = plugin.notify(body=payload.text, title=payload.subject, body_format="text")
    if not taken:
        raise _trouble(name, heard)


def _plugin(name: str, url: str) -> Any:
    import apprise

    with _listening():
        plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise DeliveryError(
            f"channel {name}: apprise cannot use its url (kind {service_of(url) or 'unknown'!r}); check its form, and "
            "write special characters of a password as %40 for @, %2F for /, %3A for :",
            permanent=True,
        )
    # apprise's own four seconds are too short for a mail server that greets slowly.
    plugin.socket_connect_timeout = max(plugin.socket_connect_timeout, _TIMEOUT)
    plugin.socket_read_timeout = max(plugin.socket_read_timeout, _TIMEOUT)
    return plugin


def _send_mail(name: str, plugin: Any, payload: Payload, message_id: str, now: datetime) -> None:
    from apprise.plugins.email.smtp import AppriseSMTPController

    sender = plugin.from_addr[1]
    message = EmailMessage()
    message["Subject"] = payload.subject
    message["From"] = formataddr((plugin.from_addr[0] or "litwatch", sender))
    message["To"] = ", ".join(formataddr((who or "", address)) for who, address in plugin.targets)
    if plugin.cc:
        message["Cc"] = ", ".join(sorted(plugin.cc))
    if plugin.reply_to:
        message["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@litwatch.{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"litwatch {name} <{name}.litwatch>"
    for header, value in plugin.headers.items():
        del message[header]
        message[header] = value
    message.set_content(payload.text)
    if payload.html:
        message.add_alternative(payload.html, subtype="html")
    recipients = [address for _, address in plugin.targets] + sorted({*plugin.cc, *plugin.bcc})

    handed_over = False

    def noting(data: Any) -> Any:
        nonlocal handed_over
        handed_over = True  # from here on a lost answer may mean that the message arrived
        return smtp_data(data)

    try:
        with AppriseSMTPController(
            host=plugin.smtp_host,
            port=plugin.port,
            secure_mode=plugin.secure_mode,
            user=plugin.user,
            password=plugin.password,
            verify_certificate=plugin.verify_certificate,
            socket_connect_timeout=plugin.socket_connect_timeout,
        ) as controller:
            smtp: Any = controller._socket
            smtp_data, smtp.data = smtp.data, noting
            refused = smtp.send_message(message, sender, recipients)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(f"channel {name}: the mail server refuses the login", permanent=True) from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise DeliveryError(
            f"channel {name}: the mail server refuses every recipient", permanent=all(code >= 500 for code in codes)
        ) from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(
            f"channel {name}: the mail server answers {error.smtp_code}", permanent=error.smtp_code >= 500
        ) from error
    except (OSError, smtplib.SMTPException, RuntimeError) as error:
        raise DeliveryError(f"channel {name}: {_mail_trouble(error)}", unknown=handed_over) from error
    if refused:
        raise DeliveryError(
            f"channel {name}: the mail server took it, but refused {len(refused)} of its recipients",
            permanent=True,
        )


def _mail_trouble(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the mail server gave no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server hung up"
    said = str(getattr(error, "strerror", None) or type(error).__name__)
    return f"the mail server cannot be reached ({said.lower()})"


def _send_slack(plugin: Any, payload: Payload) -> bool:
    """Our blocks through apprise's own posting, which knows webhook, bot and workflow."""
    blocks = list(payload.slack)
    plugin.use_blocks, plugin.template = True, [True]
    plugin.gen_payload = lambda body, title="", **_: {"blocks": blocks, "fallback": payload.subject}
    return bool(plugin.send(body=payload.text[:3000], title=payload.subject, body_format="markdown"))


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What apprise logs meanwhile: it answers only yes or no, and its log holds the URL and its secrets."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    log, ear = logging.getLogger("apprise"), Ear(logging.DEBUG)
    level, propagate = log.level, log.propagate
    log.addHandler(ear)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield heard
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = propagate


def _trouble(name: str, heard: list[str]) -> DeliveryError:
    """What went wrong, in words of ours alone: apprise's own lines may hold a token."""
    log = "\n".join(heard)
    if code := _REFUSED.search(log):
        number = int(code["code"])
        return DeliveryError(
            f"channel {name}: the service answers {number}{_HINTS.get(number, '')}", permanent=number in _PERMANENT
        )
    if _UNANSWERED.search(log):
        return DeliveryError(f"channel {name}: the service gave no answer in time", unknown=True)
    return DeliveryError(f"channel {name}: the service cannot be reached or did not take it")


_HINTS = {
    400: " (it refuses the message)",
    401: " (it refuses the token)",
    403: " (the token may not post there)",
    404: " (it knows no such hook; check the tokens in its url)",
    410: " (the hook was removed)",
    413: " (the message is too long)",
    429: " (too many messages)",
}
