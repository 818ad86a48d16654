"""Commands that keep what litwatch holds: backup, restore, tidy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("tidy")(tidy)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Write store, watchlists and configuration to one file, while others go on working."""
    from litwatch.service.backup import back_up

    _refuse_dash(file)
    session = Session(config)
    settings = session.config
    with session.working("backing up"):
        made = back_up(session.store, file, settings, now=session.now, config_file=_config_file(config), replace=force)
    if made.holds_config:
        show.note(f"{file} may be read by you alone: it holds litwatch.toml, and the secrets in it")
    if json:
        show.as_json({"path": str(made.path.absolute()), "tables": dict(made.manifest.tables), "bytes": made.bytes})
    else:
        papers, lists = made.manifest.tables["papers"], len(made.manifest.watchlists)
        show.say(f"Wrote {made.path}: {made.bytes:,} bytes, {papers:,} papers, {lists} watchlist files.")


@contextmanager
def _configured(file: Path, config: Path | None) -> Iterator[None]:
    """On a new machine, the backup's configuration: where there is none yet, or `init`'s as it wrote it.

    What was there comes back when the restoring fails.
    """
    from litwatch.config import FILE_NAME, TEMPLATE, find_config
    from litwatch.errors import ConfigError
    from litwatch.service.restore import configuration_of

    present: Path | None
    try:
        present = find_config(config, os.environ, Path.cwd())
    except ConfigError:
        if config is not None or os.environ.get("LITWATCH_CONFIG"):
            raise
        present = Path.cwd() / FILE_NAME
    before = present.read_bytes() if present and present.is_file() else None
    if present is None or before not in (None, TEMPLATE.encode()) or (said := configuration_of(file)) is None:
        yield
        return

    def write(content: bytes | None) -> None:
        present.unlink(missing_ok=True)
        if content is not None:
            with os.fdopen(os.open(present, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)

    try:
        write(said)
    except OSError as error:
        raise ConfigError(f"{present}: cannot be written ({error.strerror})") from error
    try:
        yield
    except BaseException:
        write(before)
        raise
    show.note(f"the backup's configuration is in force: {present}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that backup wrote.", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Also where the store holds something, which is kept beside.")
    ] = False,
    moved: Annotated[
        bool, typer.Option("--moved", help="The store backed up is used no more: send what was due from here.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Put a backup into the store that is configured, SQLite or PostgreSQL: all of it, or nothing."""
    from litwatch.service.restore import restore as put_back

    _refuse_dash(file)
    with _configured(file, config):
        session = Session(config)
        settings = session.config
        with session.working("restoring"):
            done = put_back(
                file, settings, now=session.now, config_file=_config_file(config), replace=force, moved=moved
            )
    for path in done.kept:
        show.note(f"what was there before is kept as {path}")
    if done.config:
        show.note(
            f"its configuration, with its channels, differs from the present one, which stays; it was written to "
            f"{done.config}: compare them, or move it over the present one"
        )
    if done.more:
        show.note(f"not in the backup, and left as it is: {', '.join(done.more)}")
    if done.unknown:
        show.note(
            f"{done.unknown} deliveries were not settled when it was made; they may have been sent since and are now "
            "unknown: see `litwatch outbox`"
        )
    if not moved and done.tables["channels"]:
        show.note(
            f"what channels were told after {show.iso(done.created)} is not in the backup: "
            "the next digests tell it again"
        )
    if json:
        show.as_json(
            {
                "restored": str(file.absolute()),
                "tables": dict(done.tables),
                "bytes": file.stat().st_size,
                "created": done.created,
                "watchlists": done.watchlists,
                "unknown": done.unknown,
                "kept": [str(path) for path in done.kept],
            }
        )
    else:
        show.say(
            f"Restored the backup of {show.iso(done.created)}: {done.tables['papers']:,} papers, "
            f"{done.watchlists} watchlist files."
        )


def tidy(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much would be cleared.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Clear what the rules of retention keep no longer: texts of old papers nothing needs, old records and digests."""
    from litwatch.service.retention import rules_of
    from litwatch.service.retention import tidy as clear

    session = Session(config)
    rules = rules_of(session.config)
    with session.working("tidying"):
        done = clear(session.store, rules, now=session.now, dry_run=dry_run)
    if json:
        cleared = {"papers": done.papers, "records": done.records, "digests": done.digests}
        cleared |= {"near_misses": done.near_misses, "vectors": done.vectors, "questions": done.questions}
        show.as_json({**cleared, "dry_run": dry_run})
        return
    verb = "Would clear" if dry_run else "Cleared"
    show.say(
        f"{verb} the texts of {done.papers:,} papers, {done.records:,} harvests, {done.digests:,} digests sent, "
        f"{done.near_misses:,} near misses, {done.vectors:,} vectors of texts, "
        f"{done.questions:,} questions to a language model."
    )
    if done.total and not dry_run:
        show.note("the room is used again by what comes; the database's file does not shrink by itself")


def _config_file(named: Path | None) -> Path | None:
    from litwatch.config import find_config

    return find_config(named, os.environ, Path.cwd())


def _refuse_dash(file: Path) -> None:
    if str(file) == "-":
        raise typer.BadParameter("name a file: a backup is not written to standard output, nor read from input")
