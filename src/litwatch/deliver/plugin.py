"""apprise's plugin for a channel's URL, and its log, which holds the URL and its secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

from litwatch.deliver.address import raw_character, service_of
from litwatch.errors import DeliveryError

TIMEOUT = 30.0
"""Seconds for each answer."""
PATIENCE = 180.0
"""Seconds for the whole of a message. Answers that come drop by drop keep within the time for each."""
_CODES = {"@": "%40", ":": "%3A", "/": "%2F", "#": "%23", "?": "%3F"}
BUILT = "`litwatch channel add` builds the url by asking"


def plugin_of(name: str, url: str) -> Any:
    """Raises DeliveryError (permanent) when apprise cannot use the channel's URL, or would read it wrongly; it never
    shows the URL."""
    import apprise

    if raw := raw_character(url):
        raise DeliveryError(
            f"channel {name}: its user name or password holds a raw {raw} (write {_CODES[raw]}); {BUILT}",
            permanent=True,
        )
    with listening():
        plugin: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise DeliveryError(
            f"channel {name}: apprise cannot use its url (kind {service_of(url) or 'unknown'!r}); check its form, and "
            f"write special characters of a password as %40 for @, %2F for /, %3A for :; {BUILT}",
            permanent=True,
        )
    if type(plugin).__name__ == "NotifyEmail" and not plugin.targets:
        raise DeliveryError(
            f"channel {name}: what its url names behind to= is no mail address; write it as to=me@example.org",
            permanent=True,
        )
    if getattr(plugin, "pgp_mode", "no") != "no":
        raise DeliveryError(
            f"channel {name}: litwatch signs and encrypts no mails; take pgp= and wkd= out of the url", permanent=True
        )
    # apprise's own four seconds are too short for a mail server that greets slowly.
    plugin.socket_connect_timeout = max(plugin.socket_connect_timeout, TIMEOUT)
    plugin.socket_read_timeout = max(plugin.socket_read_timeout, TIMEOUT)
    return plugin


_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)
_setting_up = Lock()


class _Ear(logging.Handler):
    """Gives each send what apprise logs in the send's own thread."""

    def emit(self, record: logging.LogRecord) -> None:
        if (heard := _heard.get()) is not None:
            heard.append(record.getMessage())


_EAR = _Ear(logging.DEBUG)


def _no_requests_of_ours(record: logging.LogRecord) -> bool:
    """urllib3 tells the path of each request at DEBUG; that of a webhook is its secret."""
    return _heard.get() is None


@contextmanager
def listening() -> Iterator[list[str]]:
    """What apprise logs meanwhile in this thread: it answers only yes or no.

    From the first send on its log comes here alone, in every thread: it is never put back, as another thread may be
    sending still.
    """
    with _setting_up:
        log = logging.getLogger("apprise")
        log.addHandler(_EAR)
        log.setLevel(logging.DEBUG)
        log.propagate = False
        logging.getLogger("urllib3.connectionpool").addFilter(_no_requests_of_ours)
    heard: list[str] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)
