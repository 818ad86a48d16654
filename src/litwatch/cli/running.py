"""Commands that run or check the whole: demo, doctor, run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session

if TYPE_CHECKING:
    from litwatch.service.daemon import Beat


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)
    app.command("doctor")(doctor)
    app.command("run")(run)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.")] = Path("litwatch-demo"),
) -> None:
    """Do the main job on bundled sample data, without network: a digest on screen and as an HTML file."""
    from litwatch.digest.payload import payload
    from litwatch.service.demo import make_demo

    digest = make_demo(folder)
    frozen = payload(digest)
    page = folder / "digest.html"
    page.write_text(frozen.html, encoding="utf-8")
    print(frozen.text)
    show.say("")
    show.say("This was the demo: its papers are invented. The digest as a page:")
    show.say(f"  {page.resolve()}")
    name = "litwatch" if shutil.which("litwatch") else str(Path(sys.argv[0]).resolve())
    show.say(f"Look around: `cd {folder}`, then `{name} lines`, `{name} papers LINE`, `{name} claims LINE`.")


def doctor(
    send_test: Annotated[bool, typer.Option("--send-test", help="Send a test message on every channel.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Check configuration, store, lines, arXiv, clock and channels; one line each, with the cure."""
    from litwatch.errors import LitwatchError
    from litwatch.service.doctor import Check, check_arxiv, check_channels, check_lines, check_store

    session = Session(config)
    checks: list[Check] = []
    try:
        settings = session.config
    except LitwatchError as error:
        checks.append(Check(check="configuration", ok=False, says=str(error)))
    else:
        checks.append(Check(check="configuration", ok=True, says=f"read, from {settings.folder}"))
        stored, store = check_store(settings)
        checks += [stored, check_lines(settings)[0]]
        if store is not None:
            checks += check_arxiv(settings, session.api)
        checks += check_channels(settings, send_test=send_test, now=session.now)
    if json:
        show.as_json([{"check": check.check, "ok": check.ok, "says": check.says} for check in checks])
    else:
        for check in checks:
            show.say(f"{'ok    ' if check.ok else 'WRONG '} {check.check}: {check.says}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def run(config: Config = None) -> None:
    """Run the daemon: polls, judges, composes and sends what is due until it is told to stop."""
    import logging

    from litwatch.service.daemon import Daemon

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # These tell every request or beat at a level where only ours should speak.
    for name in ("apscheduler", "arxiv", "urllib3", "apprise", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    first = Session(config)
    _ = first.config, first.store, first.lines  # what is wrong at the start is said at once, and ends it
    first.close()
    Daemon(lambda: _beat(config)).run()


def _beat(config: Path | None) -> Beat:
    from litwatch.schedule import Schedule
    from litwatch.service.daemon import Beat, Told

    session = Session(config)
    settings = session.config
    return Beat(
        store=session.store,
        lines=session.lines,
        bench=session.bench,
        api=session.api,
        poll_schedule=Schedule.parse(settings.arxiv.poll),
        backfill_days=settings.arxiv.backfill_days,
        settings=session.settings,
        channels=tuple(
            Told(
                channel=channel,
                schedule=Schedule.parse(settings.channels[channel.name].schedule),
                alerts=settings.channels[channel.name].alerts,
            )
            for channel in session.channels
        ),
        now=session.now,
    )
