"""A digest as a mail, the same to the byte at every attempt and when it is made again later (pure).

The message is ours, not apprise's: that one makes the text part out of the HTML and gives each attempt another
Message-ID, by which nobody could see a repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, formataddr
from hashlib import sha256

from litwatch.model import Payload


class _Unbroken(UnstructuredHeader, BaseHeader):
    """A header that is read by programs: on one line, which RFC 5322 lets be of 998 characters. Longer than 78 it would
    be folded into encoded words, as it has no space to break at."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("x-litwatch-digest", _Unbroken)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)
_OURS = ("message-id", "date", "x-litwatch-digest", "mime-version", "subject")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Between whom a channel's mails go. Each of sender and recipients: (name or "", address)."""

    sender: tuple[str, str]
    to: tuple[tuple[str, str], ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """What the channel's URL adds, in its order."""

    @property
    def recipients(self) -> tuple[str, ...]:
        return (*(address for _, address in self.to), *sorted({*self.cc, *self.bcc}))


def message_id(envelope: Envelope, digest: str, number: int) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of a digest's delivery: a mail client shows a repeat of it once."""
    domain = envelope.sender[1].rpartition("@")[2] or "localhost"
    return f"<{digest.replace('/', '.')}.{number}@litwatch.{domain}>"


def compose_mail(
    payload: Payload, envelope: Envelope, *, channel: str, digest: str, number: int, date: datetime
) -> EmailMessage:
    """The message of a delivery. digest: its digest's id; number: the delivery's. date: when it was frozen."""
    identity = message_id(envelope, digest, number)
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = " ".join(payload.subject.split())
    message["From"] = formataddr(envelope.sender)
    message["To"] = ", ".join(formataddr(each) for each in envelope.to)
    if envelope.cc:
        message["Cc"] = ", ".join(sorted(envelope.cc))
    if envelope.reply_to:
        message["Reply-To"] = ", ".join(sorted(envelope.reply_to))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = identity
    message["X-Litwatch-Digest"] = digest
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"litwatch {channel} <{channel}.litwatch>"
    for header, value in envelope.headers:
        if header.lower() not in _OURS and not header.lower().startswith("content-"):
            del message[header]
            message[header] = " ".join(value.split())
    # Quoted-printable passes servers that take seven bits only, and keeps lines short.
    message.set_content(payload.text, cte="quoted-printable")
    if payload.html:
        message.add_alternative(payload.html, subtype="html", cte="quoted-printable")
        # No quoted-printable text holds "=_".
        message.set_boundary(f"=_litwatch_{sha256(identity.encode()).hexdigest()[:32]}")
    return message


def mail_bytes(message: EmailMessage) -> bytes:
    """The message as it goes out, its lines ended by CRLF."""
    return message.as_bytes(policy=_POLICY)
