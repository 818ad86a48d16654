"""Our blocks through apprise's Slack plugin, which knows webhook, bot and workflow."""

from __future__ import annotations

import json
from traceback import walk_tb
from typing import Any

from litwatch.deliver.patience import LateError, within
from litwatch.deliver.slack_trouble import refusal
from litwatch.errors import DeliveryError
from litwatch.model import Payload

_MOST_TEXT = 3000
_PIECE = 65_536
_MOST_ANSWER = 4_000_000
"""Bytes of an answer that are read; Slack's to a bot repeats the message, of 50 blocks of 3,000 characters."""

_CONNECTING = "urllib3.connection", "connect"
"""The function that makes a connection, and the module that it stands in."""


def send_slack(name: str, plugin: Any, payload: Payload, *, patience: float) -> bool:
    """Posts a payload to all targets of the plugin, within so many seconds; False where apprise says without a reason
    that it was not taken.

    Raises DeliveryError.
    """
    posting = _Posting(name, plugin)
    plugin._send = posting
    try:
        taken = within(patience, lambda: _post(plugin, payload))
    except LateError:
        raise posting.late() from None
    if posting.troubles:
        raise posting.trouble()
    return taken


def _post(plugin: Any, payload: Payload) -> bool:
    if payload.slack and not plugin.workflow_path:
        blocks = list(payload.slack)
        plugin.use_blocks, plugin.template = True, [True]
        plugin.gen_payload = lambda body, title="", **_: {"blocks": blocks, "fallback": payload.subject}
        taken = plugin.send(body=payload.text[:_MOST_TEXT], title=payload.subject, body_format="markdown")
    else:
        # A workflow takes no blocks.
        plugin.overflow_mode = "split"
        taken = plugin.notify(body=payload.text, title=payload.subject, body_format="text")
    return bool(taken)


class _Posting:
    """Stands for the plugin's posting, which tells neither Slack's name of an error nor for how long to wait."""

    def __init__(self, name: str, plugin: Any) -> None:
        self._name = name
        self._plugin = plugin
        self._taken = 0
        self._waiting = False
        """From before a message goes out until what became of it is noted. It stays so where the thread is told to
        end in between."""
        self.troubles: list[DeliveryError] = []

    def __call__(self, url: str, payload: dict[str, Any], **_: object) -> dict[str, Any] | bool:
        from apprise.plugins import slack

        web: Any = slack.requests  # type: ignore[attr-defined]
        plugin = self._plugin
        headers = {
            "User-Agent": plugin.app_id,
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
        }
        if plugin.access_token:
            headers["Authorization"] = f"Bearer {plugin.access_token}"
        plugin.throttle()
        self._waiting = True
        try:
            with web.post(
                url,
                data=json.dumps(payload),
                headers=headers,
                verify=plugin.verify_certificate,
                timeout=plugin.request_timeout,
                allow_redirects=plugin.redirects,
                stream=True,
            ) as answer:
                body = _beginning(answer)
        except web.RequestException as error:
            return self._not_taken(_unanswered(self._name, error, web))
        if (said := _success(plugin, answer.status_code, body)) is None:
            retry_after = answer.headers.get("Retry-After")
            return self._not_taken(refusal(self._name, answer.status_code, body, retry_after))
        self._taken += 1
        self._waiting = False
        return said

    def _not_taken(self, trouble: DeliveryError) -> bool:
        self.troubles.append(trouble)
        self._waiting = False
        return False

    def late(self) -> DeliveryError:
        """The error where the time was over: nothing is known of what was being posted then."""
        if self._waiting:
            self.troubles = [*self.troubles, _lost(self._name)]
        elif not self.troubles:
            self.troubles = [DeliveryError(f"channel {self._name}: Slack cannot be reached (no answer in time)")]
        return self.trouble()

    def trouble(self) -> DeliveryError:
        """One error for all targets. Where one has the message, or may have it, sending again would repeat it."""
        worst = self.troubles[0]
        if any(each.unknown for each in self.troubles):
            if self._taken:
                return DeliveryError(
                    f"channel {self._name}: Slack took it in {self._taken} of the places, and of another it is not "
                    "known: one may not have it",
                    partial=True,
                )
            return next(each for each in self.troubles if each.unknown)
        if not self._taken and not all(each.permanent for each in self.troubles):
            return next(each for each in self.troubles if not each.permanent)
        return DeliveryError(
            str(worst),
            permanent=all(each.permanent for each in self.troubles),
            about_message=worst.about_message,
            partial=self._taken > 0,
            retry_after=worst.retry_after,
        )


def _beginning(answer: Any) -> bytes:
    """The body of an answer as far as anything is looked for in it."""
    body = b""
    for piece in answer.iter_content(_PIECE):
        body += piece
        if len(body) >= _MOST_ANSWER:
            break
    return body


def _success(plugin: Any, status: int, body: bytes) -> dict[str, Any] | None:
    """What a target that took the message answered; None where it did not."""
    if status != 200:
        return None
    if plugin.workflow_path or (not plugin.access_token and body.strip() == b"ok"):
        return {"ok": True}
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("ok") is True else None


def _unanswered(name: str, error: Exception, web: Any) -> DeliveryError:
    """Slack's address holds the token, and so does each of these errors: nothing of them is shown."""
    kinds = web.exceptions
    connected = not _while_connecting(error)
    if isinstance(error, kinds.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return DeliveryError(
            f"channel {name}: Slack's certificate is not trusted; a proxy may stand between, or this machine's "
            "certificates or clock are old",
            permanent=True,
        )
    if isinstance(error, kinds.SSLError) and not connected:
        return DeliveryError(
            f"channel {name}: Slack and this machine agree on no TLS; a proxy may stand between, or this machine's "
            "software may be too old"
        )
    if isinstance(error, kinds.ProxyError):
        return DeliveryError(f"channel {name}: the proxy to Slack does not answer; see HTTPS_PROXY")
    if isinstance(error, kinds.ConnectTimeout):
        return DeliveryError(f"channel {name}: Slack cannot be reached (no answer in time)")
    # requests' SSLError is a ConnectionError, too: TLS may also break after the message.
    lost = kinds.ConnectionError, kinds.ReadTimeout, kinds.ChunkedEncodingError, kinds.ContentDecodingError
    if connected and isinstance(error, lost):
        return _lost(name)
    return DeliveryError(f"channel {name}: Slack cannot be reached; is there a way to the internet?")


def _while_connecting(error: BaseException) -> bool:
    """Whether it arose before there was a connection, TLS and all, and so before anything of the message went out.

    Where it arose tells that alone: OpenSSL gives the same reasons before and after the handshake.
    """
    cause: BaseException | None = error
    while cause is not None:
        steps = (frame for frame, _ in walk_tb(cause.__traceback__))
        if any((step.f_globals.get("__name__"), step.f_code.co_name) == _CONNECTING for step in steps):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _lost(name: str) -> DeliveryError:
    return DeliveryError(
        f"channel {name}: Slack gave no answer after it had the message, which may have arrived", unknown=True
    )
