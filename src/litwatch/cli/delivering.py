"""Commands on digests: digest, outbox."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import ConfigError, DeliveryError, NotFoundError
from litwatch.model import DeliveryState

if TYPE_CHECKING:
    from litwatch.digest.payload import Fitted
    from litwatch.service.digests import Channel

_FORMS = (".html", ".txt", ".json")


def register(app: typer.Typer) -> None:
    app.command("digest")(digest)
    app.command("outbox")(outbox)


def digest(
    channel: Annotated[str | None, typer.Option("--channel", metavar="C", help="Only this channel.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Freeze it and send it, instead of showing it.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it as .html, .txt or .json.")] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Preview what would be sent now, or send it; without --channel: every channel."""
    session = Session(config)
    if out and out.suffix.lower() not in _FORMS:
        raise typer.BadParameter(f"--out: the file's ending says its form; use one of {', '.join(_FORMS)}")
    chosen = (session.channel(channel),) if channel else session.channels
    if out and len(chosen) > 1:
        names = ", ".join(each.name for each in chosen)
        raise typer.BadParameter(f"--out holds one digest: choose with --channel from {names}")
    session.catch_up()
    if send:
        _send(session, chosen, out=out, json=json)
        return
    from litwatch.service.digests import preview

    fitted = [
        preview(session.store, session.lines, each, session.settings, now=session.now) for each in chosen or (None,)
    ]
    if out:
        _write(out, fitted[0])
    if json:
        from litwatch.digest.content import content

        contents = [content(each.shown) for each in fitted]
        show.as_json(contents[0] if len(contents) == 1 else contents)
    elif not out:
        show.say("\n\n".join(each.payload.text for each in fitted))


def _write(out: Path, fitted: Fitted) -> None:
    from litwatch.digest import html
    from litwatch.digest.content import content

    form = out.suffix.lower()
    if form == ".json":
        text = show.json_text(content(fitted.shown), indent=2)
    elif form == ".html":
        text = fitted.payload.html or html.render(fitted.shown)
    else:
        text = fitted.payload.text
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    show.note(f"wrote {out}")


def _send(session: Session, chosen: tuple[Channel, ...], *, out: Path | None, json: bool) -> None:
    """Freezes a digest for each channel and sends what is due on them, earlier digests first."""
    if not chosen:
        raise ConfigError("no channel is configured; add [channels.NAME] with a url to litwatch.toml")
    from litwatch.deliver.channel import check_url
    from litwatch.service.digests import digest_once, frozen_content, preview
    from litwatch.service.outbox import deliver_once, resolve_unknown

    troubles: list[str] = []
    urls: dict[str, str] = {}
    for each in chosen:
        try:
            check_url(each.name, each.url)
        except DeliveryError as error:
            troubles.append(str(error))
            continue
        urls[each.name] = each.url
        if out:
            _write(out, preview(session.store, session.lines, each, session.settings, now=session.now))
        digest_once(session.store, session.lines, each, session.settings, now=session.now)
    resolve_unknown(session.store, rule=session.config.delivery.unknown, now=session.now)
    outcomes = []
    while outcome := deliver_once(session.store, urls, now=session.now):
        outcomes.append(outcome)
        if outcome.state is DeliveryState.SENT and outcome.error:
            show.warn(outcome.error)
        if not json:
            show.say(f"{outcome.channel}: delivery {outcome.delivery} is {outcome.state}")
    troubles += _stopped(session, urls, {each.channel for each in outcomes})
    if not outcomes and not troubles:
        raise NotFoundError("there is nothing new to tell on these channels since their last digests")
    if json and outcomes:
        contents: list[dict[str, Any]] = [
            {**frozen_content(session.store, each.delivery), "delivery": each.delivery, "state": str(each.state)}
            for each in outcomes
        ]
        show.as_json(contents[0] if len(contents) == 1 else contents)
    troubles += [each.error for each in outcomes if each.state is not DeliveryState.SENT]
    if troubles:
        raise DeliveryError("; ".join(troubles))


def _stopped(session: Session, names: Iterable[str], tried: Container[str]) -> list[str]:
    """What to say of channels that were sent nothing because they are stopped."""
    from litwatch.store.channels import stopped_channels

    with session.store.read() as db:
        stopped = stopped_channels(db)
    return [
        f"channel {name} is stopped ({stopped[name].because}): mend that, then `litwatch channel test {name}` lets it "
        "go on"
        for name in names
        if name in stopped and name not in tried
    ]


def outbox(
    action: Annotated[str, typer.Argument(metavar="list|retry|resolve")] = "list",
    number: Annotated[
        int | None, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="A delivery's number.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """List deliveries and their state; retry one (due again), or resolve one (it did arrive)."""
    from litwatch.service import outbox as deliveries
    from litwatch.store.outbox import list_deliveries

    if action not in ("list", "retry", "resolve"):
        raise typer.BadParameter(f"{action!r} is none of list, retry, resolve")
    if (action == "list") != (number is None):
        raise typer.BadParameter("retry and resolve take a delivery's number, list takes none")
    session = Session(config)
    if number is not None:
        act = deliveries.retry if action == "retry" else deliveries.resolve
        channel = act(session.store, number, now=session.now)
        if action == "retry" and channel not in session.config.channels:
            show.warn(f"channel {channel} is not configured any more: the delivery waits until it is again")
        says = "due again; `litwatch digest --send` or the daemon sends it" if action == "retry" else "settled as sent"
        show.say(f"delivery {number} is {says}.")
        return
    deliveries.settle_abandoned(session.store, now=session.now)
    with session.store.read() as db:
        rows = list_deliveries(db)
    if json:
        show.as_json(
            [
                {
                    "delivery": row.id,
                    "channel": row.channel,
                    "period_end": row.period_end,
                    "state": str(row.state),
                    "attempts": row.attempts,
                    "due_at": row.due_at,
                    "last_error": row.last_error or None,
                    "digest": row.digest,
                }
                for row in rows
            ]
        )
        return
    if not rows:
        show.say("The outbox is empty.")
        return
    show.table(
        ("delivery", "channel", "period end", "state", "attempts", "due", "last error"),
        [
            (
                str(row.id),
                row.channel,
                show.iso(row.period_end),
                str(row.state),
                str(row.attempts),
                "" if row.state in (DeliveryState.SENT, DeliveryState.DEAD) else show.iso(row.due_at),
                row.last_error,
            )
            for row in rows
        ],
        wide=6,
    )
