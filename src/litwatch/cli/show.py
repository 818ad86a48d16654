"""How commands answer: JSON to stdout alone, or text for a person; what arXiv wrote is never trusted in either."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from litwatch.service.redaction import harmless
from litwatch.text import plain, squeeze

_LONGEST = 1500
"""Characters of a line on standard error."""


def as_json(value: Any) -> None:
    print(json_text(value, indent=2))


def as_json_line(value: Any) -> None:
    print(json_text(value))


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value in JSON. What cannot be seen is escaped, so that a terminal that shows it does not obey it."""
    written = json.dumps(value, ensure_ascii=_narrow(), indent=indent, default=_plain_value)
    if written.replace("\n", "").isprintable():
        return written
    return "\n".join(
        row if row.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in row)
        for row in written.split("\n")
    )


def _narrow() -> bool:
    """Whether standard output cannot hold every character: then JSON escapes them, and loses none."""
    return not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def say(text: str) -> None:
    """Lines for a person; what would steer the terminal is shown as an escape."""
    print(harmless(text, keep="\n\t"))


def warn(text: str) -> None:
    print(f"warning: {safe(text)}", file=sys.stderr)


def fail(text: str) -> None:
    """Why a command failed: one line of a length that can be read, whatever stands in the message."""
    said = safe(text)
    print(f"litwatch: {said if len(said) <= _LONGEST else said[:_LONGEST] + '…'}", file=sys.stderr)


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
    from rich.text import Text

    with Console(stderr=True).status(Text(safe(what))) as status:
        yield lambda said: status.update(Text(safe(said)))


def day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
