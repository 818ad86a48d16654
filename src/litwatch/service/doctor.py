"""Checks of everything that litwatch stands on, one line each, with the cure."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from litwatch.config import Config
from litwatch.digest.coverage import is_nowhere
from litwatch.errors import ConfigError, HarvestError, LitwatchError
from litwatch.harvest.feeds import mail_moment
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import Delivery, DeliveryState, HarvestState, Line
from litwatch.schedule import Schedule
from litwatch.service.asking import Services
from litwatch.service.backup import BACKUP, backup_folder
from litwatch.service.poll import make_judge
from litwatch.service.redaction import secrets_of
from litwatch.service.trouble import without_absent
from litwatch.store.harvests import last_harvest
from litwatch.store.outbox import OVERTAKEN, list_deliveries
from litwatch.store.set_aside import list_set_aside
from litwatch.store.store import Store, open_store
from litwatch.store.upkeep import upkeep_now

_CLOCK_SLACK = timedelta(minutes=5)
_POLL_SLACK = timedelta(days=7)
"""So long a poll that was due may be late before doctor speaks of it: not everybody keeps a daemon."""
_BACKUP_SLACK = timedelta(days=2)
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


def check_secrets(config: Config, path: Path) -> Check:
    """Whether the configuration file holds secrets that other users of the machine can read, or may be written by them.

    path: of that file.
    """
    try:
        written, mode = path.read_text(encoding="utf-8"), path.stat().st_mode
    except (OSError, UnicodeDecodeError):
        return Check(check="secrets", ok=False, says=f"{path} cannot be read again; try once more")
    urls = {f"channels.{name}.url": channel.url.get_secret_value() for name, channel in config.channels.items()}
    urls["store.url"] = config.store.url
    urls["judge.llm.api_key"] = config.judge.llm.api_key.get_secret_value()
    held = [key for key, url in urls.items() if url in written and secrets_of(url)]
    if mode & stat.S_IWOTH:
        return Check(check="secrets", ok=False, says=f"every user here can write {path}: `chmod 600 {path}`")
    if held and mode & stat.S_IROTH:
        says = f"every user here can read {path}, which holds {', '.join(held)}: `chmod 600 {path}`"
        return Check(check="secrets", ok=False, says=says)
    says = f"{path} holds some and other users cannot read it" if held else f"{path} holds none"
    return Check(check="secrets", ok=True, says=says)


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


def check_backup(store: Store, config: Config, *, now: datetime) -> Check:
    """How old the last scheduled backup is, where it lies, and whether one failed or was missed."""
    if not config.backup.path:
        says = "none by itself; set backup.path to a folder, best on another disk, or run `litwatch backup FILE`"
        return Check(check="backup", ok=True, says=says)
    with store.read() as db:
        last = upkeep_now(db).get(BACKUP)
    if last is None:
        return Check(check="backup", ok=True, says=f"none yet; `litwatch run` makes them in {backup_folder(config)}")
    at = last.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    if not last.ok:
        return Check(check="backup", ok=False, says=f"failed at {at}: {last.says}")
    due = Schedule.parse(config.backup.schedule).last_until(now - _BACKUP_SLACK)
    if due is not None and due > last.at:
        days = (now - last.at).days
        says = f"the last one was {days} days ago; keep `litwatch run` going, or make one by `litwatch backup FILE`"
        return Check(check="backup", ok=False, says=says)
    return Check(check="backup", ok=True, says=f"at {at}: {last.says}")


def check_judge(config: Config) -> Check:
    """Whether the model is there that judge.model names, where one is named."""
    section = config.judge
    try:
        judge = make_judge(section.threshold, trained=section.method != "cues", model=config.judge_model)
    except ConfigError as error:
        return Check(check="judge", ok=False, says=str(error))
    return Check(check="judge", ok=True, says=f"{judge.method} marks from {config.judge.threshold:g} on")


def check_set_aside(store: Store, *, now: datetime) -> Check:
    """What is left out because litwatch failed with it, each with why."""
    with store.read() as db:
        aside = list_set_aside(db, now=now)
    if not aside:
        return Check(check="set aside", ok=True, says="nothing is left out")
    told = [f"{one.kind} {one.name} since {one.since:%Y-%m-%d} ({one.reason})" for one in aside[:3]]
    more = f"; and {len(aside) - 3} more" if len(aside) > 3 else ""
    cure = "each is tried again within a day; edit its file, or report a bug"
    return Check(check="set aside", ok=False, says=f"{'; '.join(told)}{more}; {cure}")


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
    if said_at := mail_moment(api.session.said_at):
        gap = abs(datetime.now(UTC) - said_at)
        ok = gap < _CLOCK_SLACK
        says = "agrees with arXiv's" if ok else f"differs from arXiv's by {gap}; let the system keep time (NTP)"
        checks.append(Check(check="clock", ok=ok, says=f"this machine's clock {says}"))
    return tuple(checks)


def _host(url: str) -> str:
    """Without credentials."""
    return urlsplit(url).netloc.rpartition("@")[2]
