"""Commands on channels: add one by asking, list them, test one."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from pathlib import Path
from typing import Annotated

import typer

from litwatch.cli import show
from litwatch.cli.asking import Asker, Kind, MailAnswers, Tls, listed, mail_answers
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import ConfigError, DeliveryError

_ANY_CHANNEL = "#general"

channel_app = typer.Typer(
    help="Add a channel by asking, list the channels, or test one.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def register(app: typer.Typer) -> None:
    app.add_typer(channel_app, name="channel")


@channel_app.command("add")
def add(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What to call it, as weekly-mail.")] = None,
    service: Annotated[Kind | None, typer.Option("--service", help="What kind of channel it is.")] = None,
    server: Annotated[str | None, typer.Option("--server", metavar="HOST", help="The mail server.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The mail server's port.")] = None,
    tls: Annotated[Tls | None, typer.Option("--tls", help="How the mail server is spoken to.")] = None,
    user: Annotated[str | None, typer.Option("--user", help='The user name there; "" for no login.')] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="ADDRESS", help="Whom mails come from.")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help="Whom they go to.")] = None,
    post_in: Annotated[str | None, typer.Option("--in", metavar="#CHANNEL", help="Where a Slack bot posts.")] = None,
    from_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read the secret from standard input: the password, Slack's webhook or token, or another url.",
        ),
    ] = False,
    lines: Annotated[list[str] | None, typer.Option("--lines", metavar="PATTERN", help='As "empathy-*".')] = None,
    schedule: Annotated[str | None, typer.Option("--schedule", help='As "mon 08:00 Europe/Berlin".')] = None,
    alerts: Annotated[bool | None, typer.Option("--alerts/--no-alerts", help="Likely contradictions at once.")] = None,
    test: Annotated[bool | None, typer.Option("--test/--no-test", help="Send a test message first.")] = None,
    url_file: Annotated[
        Path | None, typer.Option("--url-file", metavar="PATH", help="Write only the url, to this new file.")
    ] = None,
    config: Config = None,
) -> None:
    """Add a channel: its url is built from your answers, checked, tested, and never shown."""
    from litwatch.config import find_config, load_config
    from litwatch.deliver.channel import check_url
    from litwatch.schedule import Schedule
    from litwatch.service.channels import NewChannel, add_to_file, check_new, check_new_file, write_secret
    from litwatch.service.trial import try_channel

    session = Session(config)
    path = find_config(config, os.environ, Path.cwd())
    if path is None and url_file is None:
        raise ConfigError("no litwatch.toml to add it to: --url-file writes the url for the environment to name")
    if url_file:
        check_new_file(url_file)
    known = load_config(path, os.environ, path.parent if path else Path.cwd()).channels
    asker = Asker(asks=not from_stdin)
    name = asker.text(name, "NAME", "Name of the channel", "weekly-mail", lambda text: _check_name(text, known))
    if url_file and not re.fullmatch(r"[a-z0-9-]+", name):
        raise typer.BadParameter("the environment can name a channel of small letters, digits and hyphens only")
    kind = asker.choice(service, "--service", "What kind of channel", Kind)
    if kind is Kind.MAIL:
        answers = mail_answers(asker, server=server, port=port, tls=tls, user=user, sender=sender, to=to)
        url = _mail(asker, name, answers, from_stdin=from_stdin)
    elif kind is Kind.SLACK:
        url = _slack(asker, name, post_in, from_stdin=from_stdin)
    else:
        said = asker.secret(
            from_stdin, "Its url, as apprise has it", lambda text: check_url(name, _as_apprise(text, post_in))
        )
        url = _as_apprise(said, post_in)
    check_url(name, url)
    new = NewChannel(
        name=name,
        url=url,
        lines=tuple(lines)
        if lines
        else listed(asker.text(None, "--lines", "Lines, as a list of patterns", "*", _check_patterns)),
        schedule=asker.text(schedule, "--schedule", "When digests go out", "mon 08:00 UTC", Schedule.parse),
        alerts=asker.yes(alerts, "Likely contradictions at once, too?", default=False),
    )
    added = check_new(new, path, os.environ)
    if asker.yes(test, "Send a test message now?", default=asker.asks):
        try:
            try_channel(None, name, url, now=session.now)
            show.say("A test message was taken: see whether it arrived.")
        except DeliveryError as error:
            if not asker.asks:
                raise
            show.fail(str(error))
            if not asker.yes(None, "Keep the channel all the same?", default=False):
                raise typer.Exit(1) from None
    if url_file is not None:
        write_secret(url_file, url)
        _say_environment(new.variables(url_file.resolve()), url_file.resolve(), name)
        return
    assert path is not None
    if warning := add_to_file(path, added):
        show.warn(warning)
    show.say(f"Added [channels.{name}] to {path}. `litwatch digest --channel {name}` previews what it will send.")


def _check_name(name: str, known: Container[str]) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise ValueError(f"channel {name!r}: a channel's name is made of letters, digits, '-' and '_'")
    if name in known:
        raise ValueError(f"there is a channel {name} already; `litwatch channel list` shows all")


def _check_patterns(text: str) -> None:
    if not listed(text):
        raise ValueError("write at least one pattern, as * or empathy-*")


def _mail(asker: Asker, name: str, answers: MailAnswers, *, from_stdin: bool) -> str:
    from litwatch.deliver.address import mail_url
    from litwatch.deliver.channel import check_url

    def url(password: str) -> str:
        return mail_url(
            server=answers.server,
            port=answers.port,
            mode=answers.mode,
            user=answers.user,
            password=password,
            sender=answers.sender,
            recipients=answers.recipients,
        )

    if not answers.user:
        return url("")
    return url(asker.secret(from_stdin, "Password", lambda password: check_url(name, url(password))))


def _slack(asker: Asker, name: str, post_in: str | None, *, from_stdin: bool) -> str:
    from litwatch.deliver.address import slack_url
    from litwatch.deliver.channel import check_url

    asked = "Webhook address as Slack shows it, or bot token"
    secret = asker.secret(from_stdin, asked, lambda text: check_url(name, slack_url(text, post_in or _ANY_CHANNEL)))
    if secret.strip().startswith("xox"):
        post_in = asker.text(
            post_in, "--in", "Channel to post in", _ANY_CHANNEL, lambda text: check_url(name, slack_url(secret, text))
        )
    return slack_url(secret, post_in or "")


def _as_apprise(url: str, post_in: str | None) -> str:
    """A webhook's address as Slack shows it is taken for what it is: the blocks go there."""
    from litwatch.deliver.address import is_slacks_own, slack_url

    return slack_url(url, post_in or "") if is_slacks_own(url) else url.strip()


def _say_environment(variables: dict[str, str], path: Path, name: str) -> None:
    show.say(f"Wrote the url to {path}, which only you can read. litwatch uses it with this environment:")
    for variable, value in variables.items():
        show.say(f"  {variable}={value}")
    (variable, _), *others = variables.items()
    show.say("In a systemd unit:")
    show.say(f"  LoadCredential={name}-url:{path}")
    show.say(f"  Environment={variable}=%d/{name}-url")
    for other, value in others:
        show.say(f'  Environment="{other}={value}"')


@channel_app.command("list")
def list_(json: Json = False, config: Config = None) -> None:
    """List the channels: what each tells and when, whether it is stopped, and what waits."""
    from litwatch.service.channels import view_channels

    session = Session(config)
    views = view_channels(session.store, session.config)
    if json:
        show.as_json(
            [
                {
                    "channel": view.name,
                    "service": view.service,
                    "lines": view.lines,
                    "schedule": view.schedule,
                    "alerts": view.alerts,
                    "state": "stopped" if view.stopped_at else "ok",
                    "stopped_at": view.stopped_at,
                    "because": view.because or None,
                    "waiting": view.waiting,
                }
                for view in views
            ]
        )
        return
    if not views:
        show.say("No channel is configured; `litwatch channel add` adds one by asking.")
        return
    show.table(
        ("channel", "service", "lines", "schedule", "alerts", "waiting", "state"),
        [
            (
                view.name,
                view.service,
                ", ".join(view.lines),
                view.schedule,
                "yes" if view.alerts else "no",
                str(view.waiting),
                f"stopped since {show.iso(view.stopped_at)}: {view.because}" if view.stopped_at else "ok",
            )
            for view in views
        ],
        wide=6,
    )


@channel_app.command("test")
def send_test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The channel.")],
    config: Config = None,
) -> None:
    """Send a test message, made like a digest; a channel that was stopped goes on when it is taken."""
    from litwatch.service.trial import try_channel

    session = Session(config)
    channel = session.channel(name)
    went_on = try_channel(session.store, channel.name, channel.url, now=session.now)
    show.say(f"{name}: a test message was taken" + ("; the channel was stopped and goes on now." if went_on else "."))
