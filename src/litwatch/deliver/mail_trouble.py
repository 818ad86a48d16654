"""What a mail server's refusal or silence means, and its cure (pure).

Reply codes are those of RFC 5321, 4.2, enhanced ones those of RFC 3463 and its registry. What a server wrote is read
but never shown: it may repeat what it was sent.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from enum import Enum

from litwatch.deliver.conversation import ENDLESS
from litwatch.deliver.plugin import BUILT
from litwatch.errors import DeliveryError

A_DAY_OF_ATTEMPTS = 9
"""The attempt that comes a day after the first, about."""
_HOUR = 3600.0
_SENT_TOO_MUCH = 6 * _HOUR
_MAILBOX_FULL = 24 * _HOUR
_LOGINS = _HOUR
"""After too many logins a provider locks for about so long."""

_LIMIT = re.compile(
    r"(daily|hourly|sending|sent|outgoing|rate)\b.{0,40}\b(limit|quota)|too many (messages|e?mails)", re.I
)
_FULL = re.compile(
    r"(mailbox|inbox)\b.{0,40}\b(full|quota|limit|exceed)|(recipient|account|storage)\b.{0,40}\b(full|quota)|"
    r"over ?quota|quota exceeded",
    re.I,
)
_TOO_LONG = re.compile(
    r"too (big|large|long)|(size|length)\b.{0,40}\b(limit|exceed|maximum)|"
    r"(exceed\w*|maximum|limit)\b.{0,40}\b(size|length)",
    re.I,
)
_LENGTHS = (".3.4", ".2.3")
_OF_A_SIZE = re.compile(r"\b(size|length|large|big|long)\b", re.I)
_LOCKED = re.compile(r"temporar|too many|(try|come) (again|back) (later|in)|locked (out )?for", re.I)
_TOO_MANY = re.compile(r"too many recipients", re.I)
_SENDERS = (".1.7", ".1.8")
_SPENT = (".4.5", ".7.28")
_NO_PASSWORDS = re.compile(r"basic auth\w* is disabled|web ?login|xoauth", re.I)
_APP_PASSWORD = re.compile(r"app(lication)?[- ](specific )?password", re.I)
_UNPROVEN = re.compile(r"\b(spf|dkim|dmarc)\b|unauthenticated (mail|email)", re.I)
_CERTIFICATE = {
    10: "has expired; have it renewed",
    18: "is signed by itself",
    19: "comes from an authority that this machine does not trust",
    20: "comes from an authority that this machine does not trust",
    62: "is for another host; write smtp= as the certificate names the server",
    64: "is for another host; write smtp= as the certificate names the server",
}


class Stage(Enum):
    """How far a conversation with a mail server came."""

    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"


def masked(address: str) -> str:
    """ "m***@example.org": enough to know it by."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def refusal(
    name: str, stage: Stage, code: int, said: bytes | str, address: str = "", *, handed_over: bool = True
) -> DeliveryError:
    """What a reply of a mail server means. address: the recipient that it is about. handed_over: as of `breakdown`,
    which only the stage of the message can have."""
    text = " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())
    found = re.search(r"\b[245](\.\d{1,3}\.\d{1,3})\b", text)
    detail = found[1] if found else ""
    shown = f"{code} {found[0]}" if found else str(code)
    who = masked(address)

    def trouble(
        says: str, *, permanent: bool = False, about_message: bool = False, retry_after: float | None = None
    ) -> DeliveryError:
        return DeliveryError(
            f"channel {name}: the mail server {says} ({shown})",
            permanent=permanent,
            about_message=about_message,
            retry_after=retry_after,
        )

    if not 200 <= code < 600:
        if stage is Stage.MESSAGE and handed_over:
            says = "the mail server answered nothing that can be read after it had the message, which may have arrived"
            return DeliveryError(f"channel {name}: {says}", unknown=True)
        if stage is Stage.MESSAGE:
            says = "the mail server answered nothing that can be read before it had the message"
            return DeliveryError(f"channel {name}: {says}")
        return DeliveryError(f"channel {name}: what answers is no mail server; check server and port")
    if stage is Stage.LOGIN and detail in _SPENT:
        return trouble("lets no more mails out for now: its limit is reached", retry_after=_SENT_TOO_MUCH)
    if stage is not Stage.LOGIN:
        if detail == ".5.3" or _TOO_MANY.search(text):
            return trouble(
                "takes no mail to so many at once: name fewer behind to=, and the others in another channel",
                permanent=True,
            )
        if detail in _SPENT or (detail not in _LENGTHS and _LIMIT.search(text) and not _OF_A_SIZE.search(text)):
            return trouble("lets no more mails out for now: its limit is reached", retry_after=_SENT_TOO_MUCH)
        if detail == ".2.2" or (detail not in _LENGTHS and _FULL.search(text)):
            full = f"that the mailbox of {who} is full" if address else "that a mailbox is full"
            return trouble(f"says {full}; make room there", retry_after=_MAILBOX_FULL)
    if code < 500:
        later = _LOGINS if stage is Stage.LOGIN and "many" in text.lower() else None
        what = "answers that it cannot log in for now" if stage is Stage.LOGIN else "cannot take it for now"
        what += f" for {who}" if address else ""
        return trouble(what, retry_after=later)
    if code == 530 or (code == 538 and stage is Stage.LOGIN):
        if "starttls" in text.lower() or "encrypt" in text.lower():
            return trouble("wants TLS first: write mailtos:// and mode=starttls", permanent=True)
        return trouble("wants a login first: put user name and password into the url", permanent=True)
    if stage is Stage.CONNECT:
        return trouble("refuses this machine: its address may be on a block list; use your own provider's server")
    if stage is Stage.LOGIN and _LOCKED.search(text):
        return trouble("has locked the login for a while, after too many of them perhaps", retry_after=_LOGINS)
    if stage is Stage.LOGIN:
        return trouble(f"refuses the login; {_login_cure(detail, text)}", permanent=True)
    if code == 503:
        return trouble("and litwatch understand each other badly: it wants its commands in another order")
    if detail in _LENGTHS or code == 523 or (code == 552 and not detail) or _TOO_LONG.search(text):
        return trouble("says that the message is too long", permanent=True, about_message=True)
    if detail in (".7.20", ".7.21", ".7.22", ".7.23", ".7.24", ".7.25", ".7.26", ".7.27") or _UNPROVEN.search(text):
        return trouble(
            "finds the sender unproven: from= must be of a domain whose SPF and DKIM name this server", permanent=True
        )
    if stage is Stage.SENDER or detail in _SENDERS:
        return trouble("refuses the sender: from= must be an address that this login may send as", permanent=True)
    if stage is Stage.RECIPIENT:
        if detail.startswith(".7.") or code == 554 or "relay" in text.lower():
            return trouble(
                f"passes nothing on to {who}: log in, or use the server of your own provider", permanent=True
            )
        return trouble(f"knows no {who}: correct to= in the url", permanent=True)
    return trouble("refuses the message, perhaps as spam", permanent=True, about_message=True)


def _login_cure(detail: str, text: str) -> str:
    if _NO_PASSWORDS.search(text) or detail in (".7.139", ".7.14"):
        return "it takes no passwords from programs: allow that with the provider, or use another server"
    if _APP_PASSWORD.search(text) or detail in (".7.9", ".7.11"):
        return "it wants an app password: make one in the account's settings and put that into the url"
    return (
        "check user name and password (providers with a second factor want an app password), and write special "
        f"characters as %40 for @, %2F for /, %3A for :, %25 for %; {BUILT}"
    )


def for_now(code: int, said: bytes) -> bool:
    """Whether a recipient is only put off, as by grey-listing, and soon taken: not one whose mailbox is full."""
    trouble = refusal("", Stage.RECIPIENT, code, said)
    return 400 <= code < 500 and not trouble.permanent and trouble.retry_after is None


def refusals(
    name: str, refused: Mapping[str, tuple[int, bytes]], *, all_of_them: bool, sent: bool = True
) -> DeliveryError:
    """Recipients that were refused: one error of all. Not all of them: the others have the message, where it was
    sent."""
    each = [refusal(name, Stage.RECIPIENT, code, said, address) for address, (code, said) in refused.items()]
    waits = [trouble.retry_after for trouble in each if not trouble.permanent]
    prefix = f"channel {name}: "
    says = "; ".join(dict.fromkeys(str(trouble).removeprefix(prefix) for trouble in each))
    if not sent:
        says = f"it goes to nobody until the mail server takes it for all: {says}"
    elif len(each) > 1 or not all_of_them:
        says = ("refuses every recipient: " if all_of_them else "took it, but not for all: ") + says
        says = f"the mail server {says}"
    return DeliveryError(
        prefix + says,
        permanent=all(trouble.permanent for trouble in each),
        partial=sent and not all_of_them,
        retry_after=max((wait for wait in waits if wait is not None), default=None),
    )


def breakdown(
    name: str, stage: Stage, error: Exception, *, mode: str, port: int, handed_over: bool, attempt: int = 1
) -> DeliveryError:
    """What went wrong where no reply came. handed_over: whether the whole message was with the server by then."""
    if handed_over:
        how = "gave no answer in time" if _is_late(error) else _ended(error)
        return DeliveryError(
            f"channel {name}: the mail server {how} after it had the message, which may have arrived", unknown=True
        )
    says, permanent = _says(stage, error, mode, port)
    # Without a network every name is unknown; after a day of that it is the name.
    permanent = permanent or (attempt >= A_DAY_OF_ATTEMPTS and isinstance(error, (socket.gaierror, UnicodeError)))
    return DeliveryError(f"channel {name}: {says}", permanent=permanent)


def _is_late(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or "timed out" in str(error)


def _ended(error: Exception) -> str:
    return "answered without end" if ENDLESS in str(error) else "hung up"


def _says(stage: Stage, error: Exception, mode: str, port: int) -> tuple[str, bool]:
    """In words with the cure; and whether only a person can help."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = _CERTIFICATE.get(error.verify_code, "cannot be verified")
        return f"the mail server's certificate {why}; verify=no in the url trusts any, which is not safe", True
    if isinstance(error, ssl.SSLError):
        if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"):
            return (
                f"port {port} of the mail server speaks no TLS from the start: write mode=starttls (usually port 587), "
                "or port 465 with mode=ssl",
                True,
            )
        return "the mail server and this machine agree on no TLS; its software may be too old", False
    if isinstance(error, smtplib.SMTPNotSupportedError) and stage is Stage.CONNECT:
        return (
            f"port {port} of the mail server offers no STARTTLS: use port 587, or port 465 with mode=ssl",
            True,
        )
    hung_up = isinstance(error, smtplib.SMTPServerDisconnected)
    unreadable = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
    if stage is Stage.LOGIN and (unreadable or (isinstance(error, smtplib.SMTPException) and not hung_up)):
        return (
            f"port {port} of the mail server offers no login that litwatch can do: use port 587 with mode=starttls or "
            "465 with mode=ssl; a server that wants no login takes a url without user and password",
            True,
        )
    silent = mode != "ssl" and stage is Stage.CONNECT and port == 465
    hint = "; port 465 wants mode=ssl" if silent else ""
    if isinstance(error, UnicodeError) and stage in (Stage.SENDER, Stage.RECIPIENT):
        return "the mail server takes addresses of ASCII alone: write from= and to= so", True
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return "the mail server cannot be reached (no such host, or no DNS): check smtp= in the url", False
    if _is_late(error):
        return f"the mail server gave no answer in time{hint}", False
    if hung_up:
        return f"the mail server {_ended(error)}{hint}", False
    said = str(getattr(error, "strerror", None) or type(error).__name__).lower()
    return f"the mail server cannot be reached ({said}): check server and port{hint}", False
