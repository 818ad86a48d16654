"""Our blocks through apprise's Slack plugin, which knows webhook, bot and workflow."""

from __future__ import annotations

import json
from typing import Any

from litwatch.deliver.slack_trouble import refusal
from litwatch.errors import DeliveryError
from litwatch.model import Payload

_MOST_TEXT = 3000


def send_slack(name: str, plugin: Any, payload: Payload) -> bool:
    """Posts a payload to all targets of the plugin; False where apprise says without a reason that it was not taken.

    Raises DeliveryError.
    """
    posting = _Posting(name, plugin)
    plugin._send = posting
    if payload.slack and not plugin.workflow_path:
        blocks = list(payload.slack)
        plugin.use_blocks, plugin.template = True, [True]
        plugin.gen_payload = lambda body, title="", **_: {"blocks": blocks, "fallback": payload.subject}
        taken = plugin.send(body=payload.text[:_MOST_TEXT], title=payload.subject, body_format="markdown")
    else:
        # A workflow takes no blocks.
        plugin.overflow_mode = "split"
        taken = plugin.notify(body=payload.text, title=payload.subject, body_format="text")
    if posting.troubles:
        raise posting.trouble()
    return bool(taken)


class _Posting:
    """Stands for the plugin's posting, which tells neither Slack's name of an error nor for how long to wait."""

    def __init__(self, name: str, plugin: Any) -> None:
        self._name = name
        self._plugin = plugin
        self._taken = 0
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
        try:
            answer = web.post(
                url,
                data=json.dumps(payload),
                headers=headers,
                verify=plugin.verify_certificate,
                timeout=plugin.request_timeout,
                allow_redirects=plugin.redirects,
            )
        except web.RequestException as error:
            self.troubles.append(_unanswered(self._name, error, web))
            return False
        if (said := _success(plugin, answer)) is not None:
            self._taken += 1
            return said
        retry_after = answer.headers.get("Retry-After")
        self.troubles.append(refusal(self._name, answer.status_code, answer.content, retry_after))
        return False

    def trouble(self) -> DeliveryError:
        """One error for all targets. Where one has the message, or may have it, sending again would repeat it."""
        worst = self.troubles[0]
        if any(each.unknown for each in self.troubles):
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


def _success(plugin: Any, answer: Any) -> dict[str, Any] | None:
    """What a target that took the message answered; None where it did not."""
    if answer.status_code != 200:
        return None
    if plugin.workflow_path or (not plugin.access_token and answer.content.strip() == b"ok"):
        return {"ok": True}
    try:
        said = json.loads(answer.content)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("ok") is True else None


def _unanswered(name: str, error: Exception, web: Any) -> DeliveryError:
    """Slack's address holds the token, and so does each of these errors: nothing of them is shown."""
    kinds = web.exceptions
    if isinstance(error, kinds.SSLError):
        return DeliveryError(
            f"channel {name}: Slack's certificate is not trusted; a proxy may stand between, or this machine's "
            "certificates or clock are old"
        )
    if isinstance(error, kinds.ProxyError):
        return DeliveryError(f"channel {name}: the proxy to Slack does not answer; see HTTPS_PROXY")
    if isinstance(error, kinds.ConnectTimeout):
        return DeliveryError(f"channel {name}: Slack cannot be reached (no answer in time)")
    reason = type(getattr(error.args[0] if error.args else None, "reason", None)).__name__
    never_sent = isinstance(error, kinds.ConnectionError) and reason in ("NewConnectionError", "NameResolutionError")
    lost = kinds.ConnectionError, kinds.ReadTimeout, kinds.ChunkedEncodingError, kinds.ContentDecodingError
    if never_sent or not isinstance(error, lost):
        return DeliveryError(f"channel {name}: Slack cannot be reached; is there a way to the internet?")
    return DeliveryError(
        f"channel {name}: Slack gave no answer after it had the message, which may have arrived", unknown=True
    )
