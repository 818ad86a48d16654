"""Checks of everything that litwatch stands on, one line each, with the cure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from litwatch.config import Config
from litwatch.deliver.channel import check_url, send, service_of
from litwatch.errors import DeliveryError, HarvestError, LitwatchError
from litwatch.harvest.api import SearchApi
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import Line, Payload
from litwatch.store.store import Store, open_store

_CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Check:
    check: str
    ok: bool
    says: str
    """What was found, and where it is not well, the cure."""


def check_store(config: Config) -> tuple[Check, Store | None]:
    try:
        store = open_store(config.store_url)
        with store.write():
            pass
    except LitwatchError as error:
        return Check(check="store", ok=False, says=str(error)), None
    return Check(check="store", ok=True, says=f"{store.name} opens and can be written"), store


def check_lines(config: Config) -> tuple[Check, tuple[Line, ...]]:
    try:
        lines = load_watchlists(config.watchlist_folder)
    except LitwatchError as error:
        return Check(check="watchlists", ok=False, says=str(error)), ()
    if not lines:
        says = f"{config.watchlist_folder} holds no line; `litwatch add-line PAGE` adds one"
        return Check(check="watchlists", ok=False, says=says), ()
    without = [line.slug for line in lines if line.active and not line.categories]
    if without:
        says = f"{', '.join(without)} watches no category; add `categories: [cs.CL]` to its file"
        return Check(check="watchlists", ok=False, says=says), lines
    return Check(check="watchlists", ok=True, says=f"{len(lines)} lines in {config.watchlist_folder}"), lines


def check_arxiv(config: Config, api: SearchApi) -> tuple[Check, ...]:
    """One request: whether arXiv answers with a feed, and whether our clock agrees with its own."""
    host = urlsplit(config.arxiv.api_url).netloc
    try:
        found = api.count("cat:cs.CL")
    except HarvestError as error:
        return (Check(check="arxiv", ok=False, says=f"{host}: {error}"),)
    says = f"{host} answers; {found:,} papers in cs.CL"
    if not config.arxiv.contact:
        says += "; set arxiv.contact to your mail address, arXiv likes to know who asks"
    checks = [
        Check(check="arxiv", ok=found > 0, says=says if found else f"{host} knows no papers; check arxiv.api_url")
    ]
    if api.session.said_at:
        gap = abs(datetime.now(UTC) - parsedate_to_datetime(api.session.said_at))
        ok = gap < _CLOCK_SLACK
        says = "agrees with arXiv's" if ok else f"differs from arXiv's by {gap}; let the system keep time (NTP)"
        checks.append(Check(check="clock", ok=ok, says=f"this machine's clock {says}"))
    return tuple(checks)


def check_channels(config: Config, *, send_test: bool, now: datetime) -> tuple[Check, ...]:
    """Whether each channel's URL is one that apprise can use; with `send_test`, whether a message arrives."""
    if not config.channels:
        says = "none configured: digests are only shown; add [channels.NAME] with a url to the configuration"
        return (Check(check="channels", ok=True, says=says),)
    checks = []
    for name, channel in config.channels.items():
        url = channel.url.get_secret_value()
        try:
            check_url(name, url)
            says = f"{service_of(url)}, {channel.schedule}"
            if send_test:
                payload = Payload(
                    subject="litwatch: a test message",
                    text="This is litwatch's test message. Digests will arrive like this one.",
                )
                send(name, url, payload, message_id=f"test.{name}.{now:%Y%m%dT%H%M%S}", now=now)
                says += "; a test message was taken"
        except DeliveryError as error:
            checks.append(Check(check=f"channel {name}", ok=False, says=str(error).removeprefix(f"channel {name}: ")))
        else:
            checks.append(Check(check=f"channel {name}", ok=True, says=says))
    return tuple(checks)
