"""Checks of channels: whether each can be used, is sent to, and has lines to tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from litwatch.config import ChannelSection, Config
from litwatch.deliver.channel import check_url, service_of
from litwatch.errors import DeliveryError
from litwatch.model import Line
from litwatch.service.doctor import Check
from litwatch.service.trial import try_channel
from litwatch.store.channels import ChannelState, channel_states, is_refused
from litwatch.store.store import Store


def check_channels(
    config: Config, lines: Sequence[Line], *, store: Store | None = None, send_test: bool, now: datetime
) -> tuple[Check, ...]:
    """Whether each channel has a URL that apprise can use, is not stopped, and has lines to tell; with `send_test`,
    whether a message is taken: then a stopped one goes on.

    store: None where it does not open.
    """
    if not config.channels:
        says = "none configured: digests are only shown; `litwatch channel add` adds one by asking"
        return (Check(check="channels", ok=True, says=says),)
    states: dict[str, ChannelState] = {}
    if store:
        with store.read() as db:
            states = channel_states(db)
    slugs = [line.slug for line in lines]
    checks = []
    for name, channel in config.channels.items():
        try:
            ok, says = _check(name, channel, states.get(name), store, slugs, send_test=send_test, now=now)
        except DeliveryError as error:
            ok, says = False, str(error).removeprefix(f"channel {name}: ")
        checks.append(Check(check=f"channel {name}", ok=ok, says=says))
    return tuple(checks)


def _check(
    name: str,
    channel: ChannelSection,
    state: ChannelState | None,
    store: Store | None,
    slugs: Sequence[str],
    *,
    send_test: bool,
    now: datetime,
) -> tuple[bool, str]:
    url = channel.url.get_secret_value()
    check_url(name, url)
    says = [f"{service_of(url)}, {channel.schedule}"]
    ok = True
    if send_test:
        went_on = try_channel(store, name, url, now=now)
        says.append("a test message was taken" + ("; it was stopped and goes on now" if went_on else ""))
    elif state and state.stopped_at:
        if is_refused(name, url, state.refused):
            ok = False
            since = state.stopped_at.isoformat(timespec="seconds").replace("+00:00", "Z")
            says.append(
                f"stopped since {since} ({state.because}); mend its url, or what it says there, and then "
                f"`litwatch channel test {name}` lets it go on"
            )
        else:
            says.append("it was stopped; its url is another one now, so it goes on with the next digest")
    idle = [repr(pattern) for pattern in channel.lines if not any(fnmatchcase(each, pattern) for each in slugs)]
    if slugs and idle:
        ok = False
        says.append(f"{', '.join(idle)} matches no line: see channels.{name}.lines, and `litwatch lines` for names")
    return ok, "; ".join(says)
