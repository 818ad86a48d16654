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
from litwatch.errors import WatchlistError
from litwatch.model import Line

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
    from litwatch.service.demo import make_demo

    frozen = make_demo(folder).payload
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
    """Check configuration, store, lines, harvests, arXiv, clock, channels and outbox; one line each, with the cure."""
    from litwatch.errors import LitwatchError
    from litwatch.service import doctor as checking
    from litwatch.service.doctor import Check

    session = Session(config)
    checks: list[Check] = []
    try:
        settings = session.config
    except LitwatchError as error:
        checks.append(Check(check="configuration", ok=False, says=str(error)))
    else:
        checks.append(Check(check="configuration", ok=True, says=f"read, from {settings.folder}"))
        stored = checking.check_store(settings)
        watched, lines = checking.check_lines(settings)
        checks += [stored, watched]
        if stored.ok:
            checks.append(checking.check_harvest(session.store, settings, now=session.now))
            checks += checking.check_arxiv(settings, session.services)
        checks += checking.check_channels(settings, lines, send_test=send_test, now=session.now)
        if stored.ok:
            checks.append(checking.check_outbox(session.store, settings))
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
    last_read = LastRead()
    Daemon(lambda: _beat(config, last_read)).run()


class LastRead:
    """The lines as a daemon reads them beat by beat: a file that is broken counts as it was when it was whole.

    Without that its line would be taken for a removed one, and be neither polled for nor told.
    """

    def __init__(self) -> None:
        self._lines: dict[Path, Line] = {}

    def read(self, session: Session) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        """The lines of all files that can be read or once could, and what is wrong with those that cannot."""
        files = session.line_files()
        troubles = []
        for path in files:
            try:
                self._lines[path] = session.read_line(path)
            except WatchlistError as error:
                until = "its line stays as it was" if path in self._lines else "it is no line"
                troubles.append(f"{error}; until then {until}")
        self._lines = {path: self._lines[path] for path in files if path in self._lines}
        return tuple(self._lines.values()), tuple(troubles)


def _beat(config: Path | None, last_read: LastRead | None = None) -> Beat:
    """What a beat of the daemon needs, read anew; whoever takes it closes it."""
    session = Session(config)
    try:
        beat = _made(session, *(last_read or LastRead()).read(session))
    except BaseException:
        session.close()
        raise
    session.leave()
    return beat


def _made(session: Session, lines: tuple[Line, ...], troubles: tuple[str, ...]) -> Beat:
    from litwatch.schedule import Schedule
    from litwatch.service.daemon import Beat, Told

    settings = session.config
    return Beat(
        store=session.store,
        lines=lines,
        bench=session.bench,
        services=session.services,
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
        troubles=troubles,
    )
