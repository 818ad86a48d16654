"""Commands that run or check the whole: demo, doctor, run."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session, clock, services_for
from litwatch.errors import LitwatchError

if TYPE_CHECKING:
    from litwatch.service.asking import Services
    from litwatch.service.daemon import Daemon
    from litwatch.service.setting import Setting
    from litwatch.store.store import Store
    from litwatch.web.probes import Probes

log = logging.getLogger("litwatch.daemon")


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
    show.say(frozen.text)
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
    """Check configuration, store, lines, judge, harvests, arXiv, channels and outbox; one line each, with the cure."""
    from litwatch.service import doctor as checking
    from litwatch.service.breadth import check_breadth
    from litwatch.service.doctor import Check
    from litwatch.service.doctor_channels import check_channels
    from litwatch.service.doctor_language_model import check_language_model

    session = Session(config)
    checks: list[Check] = []
    try:
        settings = session.config
    except LitwatchError as error:
        checks.append(Check(check="configuration", ok=False, says=str(error)))
    else:
        checks.append(Check(check="configuration", ok=True, says=f"read, from {settings.folder}"))
        if session.config_file:
            checks.append(checking.check_secrets(settings, session.config_file))
        stored = checking.check_store(settings)
        watched, lines = checking.check_lines(settings)
        checks += [stored, watched]
        judge = checking.check_judge(settings)
        checks.append(judge)
        if stored.ok:
            checks.append(checking.check_harvest(session.store, settings, now=session.now))
        if stored.ok and judge.ok:
            checks += check_breadth(session.store, lines, session.bench.ranker, top=settings.rank.top, now=session.now)
        if stored.ok:
            checks += checking.check_arxiv(settings, session.services)
        store = session.store if stored.ok else None
        checks += check_language_model(settings, store=store, send_test=send_test, now=session.now)
        checks += check_channels(settings, lines, store=store, send_test=send_test, now=session.now)
        if stored.ok:
            checks.append(checking.check_outbox(session.store, settings))
            checks.append(checking.check_set_aside(session.store, now=session.now))
            checks.append(checking.check_backup(session.store, settings, now=session.now))
    if json:
        show.as_json([{"check": check.check, "ok": check.ok, "says": check.says} for check in checks])
    else:
        for check in checks:
            show.say(f"{'ok    ' if check.ok else 'WRONG '} {check.check}: {check.says}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def run(config: Config = None) -> None:
    """Run the daemon: polls, judges, composes and sends what is due until it is told to stop."""
    from litwatch.service import journal
    from litwatch.store.alone import alone

    session = Session(config)
    first = session.config  # what is wrong with it at the start is said at once, and ends it
    journal.set_up(first.service.log, sys.stderr)
    with alone(session.store):
        Serving(config, session.store).run()


class Serving:
    """A daemon with what it answers on loopback: both follow the configuration as it changes."""

    def __init__(self, config: Path | None, store: Store) -> None:
        self.daemon = make_daemon(config, store, on_setting=self._follow)
        self._probes: Probes | None = None
        self._stop_counting: Callable[[], None] = lambda: None
        self._listen: str | None = None
        self._log: str | None = None
        self._store_url: str | None = None

    def run(self) -> None:
        try:
            self.daemon.run()
        finally:
            if self._probes:
                self._probes.close()

    def _follow(self, setting: Setting) -> None:
        from litwatch.service import journal

        service = setting.config.service
        if service.log != self._log:
            journal.set_up(service.log, sys.stderr)
            self._log = service.log
        if service.listen != self._listen:
            self._listen = service.listen
            self._serve(service.listen)
        url = setting.config.store_url
        if self._store_url not in (None, url):
            log.warning("store.url was changed: it is taken up at the next start")
        self._store_url = url

    def _serve(self, listen: str) -> None:
        from litwatch.service import journal
        from litwatch.service.metrics import Metrics, read_figures
        from litwatch.store.holder import holder
        from litwatch.web.probes import Probes

        if self._probes:
            self._probes.close()
            self._probes = None
        self._stop_counting()
        if not listen:
            return
        vitals, store = self.daemon.vitals, self.daemon.store
        metrics = Metrics(lambda: read_figures(store, now=clock(), who=holder()))
        probes = Probes(listen, healthz=vitals.alive, readyz=vitals.ready, metrics=metrics.render)
        try:
            probes.start()
        except LitwatchError as error:
            # Nobody has to listen for the work to go on.
            vitals.trouble("probes", str(error))
            log.error("%s", error)
            return
        vitals.trouble("probes", "")
        self._probes = probes
        self._stop_counting = journal.observe(metrics.unit_ended)
        log.info("health and metrics are at http://%s", probes.address)


def make_daemon(config: Path | None, store: Store, *, on_setting: Callable[[Setting], None] = lambda _: None) -> Daemon:
    """The daemon of this configuration, which it reads again whenever a file of it changes."""
    from litwatch.config import find_config, load_config, sources
    from litwatch.service.daemon import Daemon
    from litwatch.service.setting import LastGood

    here = Path.cwd()
    path = find_config(config, os.environ, here)
    reader = Session(config)
    reader.use(store)

    files = LastGood(
        lambda: load_config(path, os.environ, here), sources(path, os.environ), reader.read_line, config_file=path
    )

    def make_services(store: Store, setting: Setting, now: datetime) -> Services:
        return services_for(store, setting.config, now)

    return Daemon(store, files, make_services, clock=clock, on_setting=on_setting)
