"""A mail in one conversation with the server that apprise read out of the URL."""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from litwatch.deliver.conversation import Conversation, converse
from litwatch.deliver.mail import Envelope
from litwatch.deliver.mail_trouble import Stage, breakdown, for_now, refusal, refusals

WAITS_FOR_ALL = 5
"""The attempt from which on a mail goes to those recipients that are taken: by then the others were put off for more
than an hour (5, 10, 20 and 40 minutes, a quarter of each left to chance)."""


def envelope_of(plugin: Any) -> Envelope:
    """Between whom apprise's mail plugin would send."""
    name, sender = plugin.from_addr
    return Envelope(
        sender=(name if name and name != plugin.app_id else "litwatch", sender),
        to=tuple((who or "", address) for who, address in plugin.targets),
        cc=tuple(sorted(plugin.cc)),
        bcc=tuple(sorted(plugin.bcc)),
        reply_to=tuple(sorted(plugin.reply_to)),
        headers=tuple(plugin.headers.items()),
    )


def send_mail(name: str, plugin: Any, mail: bytes, *, patience: float, attempt: int = 1) -> None:
    """Sends a message to all recipients of the plugin, within so many seconds.

    In the first attempts nobody gets it where some recipients are put off only for now, as by grey-listing: a later
    one reaches all of them at once. Raises DeliveryError.
    """
    envelope = envelope_of(plugin)
    stage = Stage.CONNECT
    smtp: Conversation | None = None
    try:
        smtp = converse(
            plugin.smtp_host,
            plugin.port,
            mode=plugin.secure_mode,
            verify=plugin.verify_certificate,
            timeout=plugin.socket_connect_timeout,
            patience=patience,
        )
        smtp.ehlo_or_helo_if_needed()
        stage = Stage.LOGIN
        if plugin.user and plugin.password:
            _log_in(smtp, plugin.user, plugin.password)
        stage = Stage.SENDER
        size = [f"size={len(mail)}"] if smtp.has_extn("size") else []
        _taken(*smtp.mail(envelope.sender[1], size))
        stage = Stage.RECIPIENT
        refused = _refused(smtp, envelope.recipients)
        if len(refused) == len(envelope.recipients):
            raise refusals(name, refused, all_of_them=True)
        if attempt < WAITS_FOR_ALL and (put_off := {who: refused[who] for who in refused if for_now(*refused[who])}):
            raise refusals(name, put_off, all_of_them=False, sent=False)
        stage = Stage.MESSAGE
        _taken(*smtp.data(mail))
    # A reply may repeat what the server was sent, a password among it: none goes on in a traceback.
    except smtplib.SMTPResponseException as error:
        handed_over = smtp is not None and smtp.handed_over
        raise refusal(name, stage, error.smtp_code, error.smtp_error, handed_over=handed_over) from None
    # All that smtplib raises of its own are OSErrors; a ValueError comes of a challenge that is no base64, or of a
    # machine without MD5.
    except (OSError, RuntimeError, ValueError) as error:
        handed_over = smtp is not None and smtp.handed_over
        raise breakdown(
            name, stage, error, mode=plugin.secure_mode, port=plugin.port, handed_over=handed_over, attempt=attempt
        ) from error
    finally:
        if smtp is not None:
            _part(smtp)
    if refused:
        raise refusals(name, refused, all_of_them=False)


def _taken(code: int, said: bytes) -> None:
    """Raises SMTPResponseException for a reply that is no success: RFC 5321, 4.2.1, counts every 2yz for one."""
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


def _refused(smtp: Conversation, recipients: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    refused = {}
    for address in recipients:
        code, said = smtp.rcpt(address)
        if code == 421:  # the server closes the connection: nobody gets it now
            raise smtplib.SMTPResponseException(code, said)
        if not 200 <= code < 300:
            refused[address] = (code, said)
    return refused


def _part(smtp: Conversation) -> None:
    with suppress(OSError, RuntimeError):
        if smtp.sock is not None:
            smtp.quit()
    smtp.close()


def _log_in(smtp: Any, user: str, password: str) -> None:
    """smtplib's own login where all is ASCII; else PLAIN (RFC 4616) or LOGIN with UTF-8, which smtplib cannot."""
    if (user + password).isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    known = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in known:
        code, said = smtp.docmd("AUTH", f"PLAIN {_coded(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in known:
        code, said = smtp.docmd("AUTH", f"LOGIN {_coded(user)}")
        if code == 334:
            code, said = smtp.docmd(_coded(password))
    else:
        raise smtplib.SMTPNotSupportedError("no login that takes UTF-8")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, said)


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
