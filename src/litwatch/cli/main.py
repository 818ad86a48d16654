"""The command line. Each command imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from litwatch import __version__
from litwatch.cli import (
    adding,
    channels,
    checking,
    delivering,
    evaluating,
    finding,
    keeping,
    lining,
    marking,
    output,
    polling,
    replaying,
    retesting,
    reviewing,
    running,
    show,
    suggesting,
    training,
)
from litwatch.cli.session import close_sessions
from litwatch.errors import LitwatchError, NotFoundError
from litwatch.service.redaction import redacted

NOTHING_TO_DO = 3

app = typer.Typer(
    name="litwatch",
    help="Keeps your inquiring lines under constant re-test against new arXiv papers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"litwatch {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="PATH", help="The configuration file.")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    if config is not None:
        os.environ["LITWATCH_CONFIG"] = str(config)


for room in (
    adding,
    lining,
    polling,
    finding,
    checking,
    suggesting,
    marking,
    reviewing,
    delivering,
    replaying,
    retesting,
    channels,
    keeping,
    running,
    evaluating,
    training,
):
    room.register(app)


def main() -> None:
    """Runs the command line: 0 done, 1 failed with one line on stderr, 2 wrong usage, 3 nothing to do or not found."""
    output.guard()
    try:
        try:
            app()
        finally:
            output.finish()
    except LitwatchError as error:
        show.fail(str(error))
        sys.exit(NOTHING_TO_DO if isinstance(error, NotFoundError) else 1)
    except Exception:
        # A bug keeps its traceback; what a library says in it may hold a channel's secret.
        sys.stderr.write(redacted(traceback.format_exc()))
        sys.exit(1)
    finally:
        close_sessions()
