"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="The configuration file to use.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, to standard output alone.")]
LineName = Annotated[str, typer.Argument(metavar="LINE", help="A line's name, or enough of it.")]
