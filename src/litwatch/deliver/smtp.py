"""A mail over apprise's own SMTP connection."""

from __future__ import annotations

import base64
import smtplib
from typing import Any

from litwatch.deliver.mail import Envelope
from litwatch.deliver.mail_trouble import Stage, breakdown, refusal, refusals

_END = b"\r\n.\r\n"


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


def send_mail(name: str, plugin: Any, mail: bytes) -> None:
    """Sends a message to all recipients of the plugin. Raises DeliveryError."""
    from apprise.plugins.email.smtp import AppriseSMTPController

    envelope = envelope_of(plugin)
    stage, handed_over = Stage.CONNECT, False

    def noting(data: Any) -> None:
        nonlocal handed_over
        smtp_send(data)
        # From here on a lost answer may mean that the message arrived; before its last line it cannot have.
        handed_over = handed_over or (isinstance(data, bytes) and data.endswith(_END))

    try:
        # Without user: it knows passwords in ASCII only.
        with AppriseSMTPController(
            host=plugin.smtp_host,
            port=plugin.port,
            secure_mode=plugin.secure_mode,
            verify_certificate=plugin.verify_certificate,
            socket_connect_timeout=plugin.socket_connect_timeout,
        ) as controller:
            smtp: Any = controller._socket
            stage = Stage.LOGIN
            if plugin.user and plugin.password:
                _log_in(smtp, plugin.user, plugin.password)
            stage = Stage.MESSAGE
            smtp_send, smtp.send = smtp.send, noting
            refused = smtp.sendmail(envelope.sender[1], envelope.recipients, mail)
    # A reply may repeat what the server was sent, a password among it: none goes on in a traceback.
    except smtplib.SMTPRecipientsRefused as error:
        raise refusals(name, error.recipients, all_of_them=True) from None
    except smtplib.SMTPSenderRefused as error:
        raise refusal(name, Stage.SENDER, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPResponseException as error:
        raise refusal(name, stage, error.smtp_code, error.smtp_error) from None
    except (OSError, RuntimeError, UnicodeError) as error:  # all that smtplib raises are OSErrors, too
        trouble = breakdown(name, stage, error, mode=plugin.secure_mode, port=plugin.port, handed_over=handed_over)
        raise trouble from error
    if refused:
        raise refusals(name, refused, all_of_them=False)


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
