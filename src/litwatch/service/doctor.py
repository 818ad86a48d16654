"""Checks of everything that litwatch stands on, one line each, with the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from litwatch.config import Config
from litwatch.deliver.channel import check_url, send, service_of
from litwatch.digest.coverage import is_nowhere
from litwatch.errors import DeliveryError, HarvestError, LitwatchError
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import Delivery, DeliveryState, HarvestState, Line, Payload
from litwatch.schedule import Schedule
from litwatch.service.asking import Services
from litwatch.service.trouble import without_absent
from litwatch.store.alarms import OVERTAKEN
from litwatch.store.harvests import last_harvest
from litwatch.store.outbox import list_deliveries
from litwatch.store.store import Store, open_store

_CLOCK_SLACK = timedelta(minutes=5)
_POLL_SLACK = timedelta(days=7)
"""So long a poll that was due may be late before doctor speaks of it: not everybody keeps a daemon."""
_CURES = {
    HarvestState.FAILED: "what was missed is asked for again by `litwatch poll`, and by the daemon in time",
    HarvestState.STALLED: "see whether arXiv announced, then ask again by `litwatch poll`",
}
_TO_SEND = (DeliveryState.PENDING, DeliveryState.FAILED)


@dataclass(frozen=True, kw_only=True)
class Check:
    check: str
    ok: bool
    says: str
    """What was found, and where it is not well, the cure."""


def check_store(config: Config) -> Check:
    try:
        store = open_store(config.store_url)
    except LitwatchError as error:
        return Check(check="store", ok=False, says=str(error))
    try:
        with store.write():
            pass
    except LitwatchError as error:
        return Check(check="store", ok=False, says=str(error))
    finally:
        store.close()
    return Check(check="store", ok=True, says=f"{store.name} opens and can be written")


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
    return Check(
        check="watchlists",
        ok=True,
        says=f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} in {config.watchlist_folder}",
    ), lines


def check_harvest(store: Store, config: Config, *, now: datetime) -> Check:
    """How the last harvest ended, and whether one was missed."""
    with store.read() as db:
        last = last_harvest(db)
    if last is None:
        return Check(check="harvest", ok=True, says="none yet; `litwatch poll` asks arXiv, and so does the daemon")
    at = last.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    absent = [one.category for one in last.categories if is_nowhere(one)]
    why = without_absent(last.reason)
    why = f" ({why})" if why else ""
    where = ", ".join(absent)
    mend = f"arXiv has no papers in {where}: mend `categories` in the watchlists, then `litwatch poll`" if where else ""
    there = [one for one in last.categories if not is_nowhere(one)]
    if not last.state.complete and (there or not absent):
        named = "".join(
            f", {', '.join(one.category for one in there if one.state is state)} {state}"
            for state in (HarvestState.FAILED, HarvestState.STALLED)
            if any(one.state is state for one in there)
        )
        ended = {last.state, *(one.state for one in there)}
        cures = "; ".join([*(cure for state, cure in _CURES.items() if state in ended), *filter(None, [mend])])
        return Check(check="harvest", ok=False, says=f"{last.state} at {at}{named}{why}; {cures}")
    due = Schedule.parse(config.arxiv.poll).last_until(now - _POLL_SLACK)
    if due is not None and due > last.at:
        says = f"the last one was {(now - last.at).days} days ago; ask by `litwatch poll`, or keep `litwatch run` going"
        return Check(check="harvest", ok=False, says="; ".join(filter(None, [says, mend])))
    if mend:
        return Check(check="harvest", ok=False, says=f"{last.state} at {at}{why}; {mend}")
    return Check(check="harvest", ok=True, says=f"{last.state}, at {at}{why}")


def check_outbox(store: Store, config: Config) -> Check:
    """Whether a delivery waits for a person: given up, perhaps arrived, or for a channel that is no more."""
    with store.read() as db:
        deliveries = list_deliveries(db)
    troubles = [says for delivery in deliveries if (says := _undelivered(delivery, config))]
    if not troubles:
        waiting = sum(delivery.state in _TO_SEND for delivery in deliveries)
        return Check(check="outbox", ok=True, says=f"{waiting} to be sent" if waiting else "nothing waits to be sent")
    more = f"; and {len(troubles) - 3} more, `litwatch outbox` lists them" if len(troubles) > 3 else ""
    return Check(check="outbox", ok=False, says="; ".join(troubles[:3]) + more)


def _undelivered(delivery: Delivery, config: Config) -> str:
    """What a person has to do about a delivery; nothing where litwatch sends it by itself or has."""
    number = delivery.id
    retry, resolve = f"`litwatch outbox retry {number}`", f"`litwatch outbox resolve {number}`"
    if delivery.state is DeliveryState.DEAD and not delivery.last_error.startswith(OVERTAKEN):
        return (
            f"delivery {number} on {delivery.channel} was given up ({delivery.last_error}): mend that and {retry}, "
            f"or {resolve} to leave it"
        )
    if delivery.state is DeliveryState.UNKNOWN:
        return f"delivery {number} on {delivery.channel} may have arrived: {resolve} if it did, {retry} if not"
    if delivery.state in _TO_SEND and delivery.channel not in config.channels:
        return (
            f"delivery {number} waits for {delivery.channel}, a channel that is not configured: "
            f"configure it again, or {resolve} to leave it"
        )
    return ""


def check_arxiv(config: Config, services: Services) -> tuple[Check, ...]:
    """A request to each service: whether it answers as it should, and whether our clock agrees with arXiv's."""
    api = services.api
    host = _host(config.arxiv.api_url)
    checks = []
    try:
        found = api.count("cat:cs.CL")
    except HarvestError as error:
        checks.append(Check(check="arxiv", ok=False, says=f"{host}: {error}"))
    else:
        says = f"{host} answers; {found:,} papers in cs.CL"
        if not config.arxiv.contact:
            says += "; set arxiv.contact to your mail address, arXiv likes to know who asks"
        says = says if found else f"{host} knows no papers; check arxiv.api_url"
        checks.append(Check(check="arxiv", ok=found > 0, says=says))
    oai, rss = _host(config.arxiv.oai_url), _host(config.arxiv.rss_url)
    for name, host, ask in (
        ("arxiv changes", oai, services.oai.identify),
        ("arxiv announcements", rss, lambda: services.rss.today(["cs.CL"])),
    ):
        try:
            ask()
        except HarvestError as error:
            checks.append(Check(check=name, ok=False, says=f"{host}: {error}"))
        else:
            checks.append(Check(check=name, ok=True, says=f"{host} answers"))
    if api.session.said_at:
        gap = abs(datetime.now(UTC) - parsedate_to_datetime(api.session.said_at))
        ok = gap < _CLOCK_SLACK
        says = "agrees with arXiv's" if ok else f"differs from arXiv's by {gap}; let the system keep time (NTP)"
        checks.append(Check(check="clock", ok=ok, says=f"this machine's clock {says}"))
    return tuple(checks)


def _host(url: str) -> str:
    """Without credentials."""
    return urlsplit(url).netloc.rpartition("@")[2]


def check_channels(config: Config, lines: Sequence[Line], *, send_test: bool, now: datetime) -> tuple[Check, ...]:
    """Whether each channel has a URL that apprise can use and lines to tell; with `send_test`, whether a message
    arrives."""
    if not config.channels:
        says = "none configured: digests are only shown; add [channels.NAME] with a url to the configuration"
        return (Check(check="channels", ok=True, says=says),)
    checks = []
    slugs = [line.slug for line in lines]
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
            idle = [repr(pattern) for pattern in channel.lines if not any(fnmatchcase(each, pattern) for each in slugs)]
            if slugs and idle:
                says += (
                    f"; {', '.join(idle)} matches no line: see channels.{name}.lines, and `litwatch lines` for names"
                )
            checks.append(Check(check=f"channel {name}", ok=not (slugs and idle), says=says))
    return tuple(checks)
