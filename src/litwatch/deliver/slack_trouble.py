"""What Slack's refusals mean, and their cure (pure).

Names of errors: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
https://docs.slack.dev/reference/methods/chat.postMessage.
"""

from __future__ import annotations

import json
import re

from litwatch.errors import DeliveryError

_DAY = 86_400.0

_NEW_HOOK = "make a new webhook in Slack (Your apps > Incoming Webhooks) and put it into the url"
_NEW_TOKEN = "install the app anew in Slack and put its new token into the url"
_INVITE = "invite the app there (/invite @its-name), or name another channel in the url"
_ADMIN = "ask who administers the workspace, or post in another channel"

_CURES = {
    "no_service": f"it knows no such webhook: {_NEW_HOOK}",
    "no_service_id": f"it knows no such webhook: {_NEW_HOOK}",
    "no_team": f"it knows no such workspace: {_NEW_HOOK}",
    "no_active_hooks": f"the webhook is switched off: {_NEW_HOOK}",
    "invalid_token": f"it refuses the token: {_NEW_HOOK}",
    "team_disabled": "the workspace is no longer in use: name another in the url",
    "action_prohibited": f"an administrator forbids it: {_ADMIN}",
    "posting_to_general_channel_denied": f"the app may not post in the general channel: {_ADMIN}",
    "user_not_found": "it knows no such user: correct the name in the url",
    "channel_not_found": f"the app sees no such channel: {_INVITE}",
    "not_in_channel": f"the app is not in the channel: {_INVITE}",
    "channel_is_archived": "the channel is archived: name another in the url, or take it out of the archive",
    "is_archived": "the channel is archived: name another in the url, or take it out of the archive",
    "invalid_auth": f"it refuses the token: {_NEW_TOKEN}",
    "not_authed": f"it misses the token: {_NEW_TOKEN}",
    "account_inactive": f"the token's user or workspace is gone: {_NEW_TOKEN}",
    "token_revoked": f"the token was revoked: {_NEW_TOKEN}",
    "token_expired": f"the token has expired: {_NEW_TOKEN}",
    "missing_scope": f"the token lacks the scope chat:write: add it, {_NEW_TOKEN}",
    "no_permission": f"the token may not post there: {_INVITE}",
    "not_allowed_token_type": "it takes no token of this kind: use a bot's (xoxb-…)",
    "access_denied": f"the token may not post there: {_ADMIN}",
    "ekm_access_denied": f"an administrator forbids it: {_ADMIN}",
    "restricted_action": f"an administrator forbids it: {_ADMIN}",
    "restricted_action_read_only_channel": f"only some may post in the channel: {_ADMIN}",
    "restricted_action_thread_only_channel": f"only some may post in the channel: {_ADMIN}",
    "team_access_not_granted": f"the token is not for this workspace: {_NEW_TOKEN}",
}
"""Only a person can help."""

_MESSAGES = {
    "invalid_blocks": "it refuses the form of the message",
    "invalid_blocks_format": "it refuses the form of the message",
    "invalid_attachments": "it refuses the form of the message",
    "invalid_payload": "it refuses the form of the message",
    "no_text": "it finds no text in the message",
    "msg_too_long": "the message is too long",
    "msg_blocks_too_long": "the message is too long",
    "too_many_attachments": "the message is too long",
    "attachment_payload_limit_exceeded": "the message is too long",
}
"""It is about the message: the channel may take the next."""

_LIMITS = ("ratelimited", "rate_limited", "message_limit_exceeded")
_PERHAPS_POSTED = ("internal_error", "fatal_error")
"""Of these Slack's documentation says that some of what was asked may have been done."""
_LOST_SIGHT = (408, 500, 502, 504)
"""What it or a gateway before it says that lost sight of a message; 503 is said before one is taken."""
_BY_STATUS = {
    401: f"it refuses the token: {_NEW_TOKEN}",
    403: f"it forbids it: {_NEW_HOOK}",
    404: f"it knows no such webhook: {_NEW_HOOK}",
    405: f"it takes no messages there: {_NEW_HOOK}",
    410: f"the webhook was removed: {_NEW_HOOK}",
}


def error_name(body: bytes) -> str:
    """Slack's name of an error: a webhook's whole answer, or what a bot's says; "" where it is none."""
    text = body[:2000].decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            text = str(json.loads(text).get("error", ""))
        except (ValueError, RecursionError):
            return ""
    return text if re.fullmatch(r"[a-z][a-z_]{2,60}", text) else ""


def wait(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After header, a day at most; None where it names none."""
    return min(float(retry_after), _DAY) if retry_after and re.fullmatch(r"\d{1,9}", retry_after.strip()) else None


def refusal(name: str, status: int, body: bytes, retry_after: str | None = None) -> DeliveryError:
    """What an answer of Slack's means that is no success."""
    error = error_name(body)
    shown = f"{status} {error}".strip()
    if status == 429 or error in _LIMITS:
        return DeliveryError(
            f"channel {name}: Slack takes no more messages for now ({shown})", retry_after=wait(retry_after)
        )
    if cure := _CURES.get(error):
        return DeliveryError(f"channel {name}: Slack refuses: {cure} ({shown})", permanent=True)
    if status == 413 or error in _MESSAGES:
        says = _MESSAGES.get(error, "the message is too long")
        return DeliveryError(f"channel {name}: Slack refuses: {says} ({shown})", permanent=True, about_message=True)
    if status == 400:
        return DeliveryError(
            f"channel {name}: Slack refuses: it cannot use the message ({shown})", permanent=True, about_message=True
        )
    if cure := _BY_STATUS.get(status):
        return DeliveryError(f"channel {name}: Slack refuses: {cure} ({shown})", permanent=True)
    if status == 200 and not error:
        return DeliveryError(
            f"channel {name}: what answers is not Slack; perhaps a proxy stands between, which must let "
            "hooks.slack.com and slack.com through"
        )
    if status in _LOST_SIGHT or error in _PERHAPS_POSTED:
        return DeliveryError(
            f"channel {name}: Slack has trouble of its own ({shown}), and the message may have arrived", unknown=True
        )
    return DeliveryError(f"channel {name}: Slack has trouble of its own ({shown})", retry_after=wait(retry_after))
