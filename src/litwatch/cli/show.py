"""How commands answer: JSON to stdout alone, or text for a person; what arXiv wrote is never trusted in either."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from litwatch.text import plain, squeeze


def as_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=_narrow(), indent=2, default=_plain_value))


def as_json_line(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=_narrow(), default=_plain_value))


def _narrow() -> bool:
    """Whether standard output cannot hold every character: then JSON escapes them, and loses none."""
    return not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def say(text: str) -> None:
    """A line for a person."""
    print(text)


def warn(text: str) -> None:
    print(f"warning: {safe(text)}", file=sys.stderr)


def fail(text: str) -> None:
    """Why a command failed: one line, whatever stands in the message."""
    print(f"litwatch: {safe(text)}", file=sys.stderr)


def note(text: str) -> None:
    """What was done beside the answer: to standard error, where it disturbs no script."""
    print(safe(text), file=sys.stderr)


def safe(text: str) -> str:
    """Foreign text on one line and without control characters: a title must not steer the terminal."""
    return squeeze(plain(text))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, wide: int = 0) -> None:
    """A table as wide as the terminal; the column `wide` takes the room that is left."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        drawn.add_column(heading, overflow="fold", no_wrap=place != wide, ratio=1 if place == wide else None)
    for row in rows:
        drawn.add_row(*(Text(safe(cell)) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=100)
    console.print(drawn)


@contextmanager
def spinner(what: str) -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    with Console(stderr=True).status(what) as status:
        yield status.update


def day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
