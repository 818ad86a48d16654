"""Names that a reader writes: of arXiv categories and of lines."""

from __future__ import annotations

import re

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]{3,}|[a-z]+(?:-[a-z]+)+))?")
_LINE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_LINE = 64
_LONGEST_CATEGORY = 32


def category(text: str) -> str:
    """The text, where it has the form of an arXiv category; ValueError with the one meant, where it has not."""
    if _CATEGORY.fullmatch(text) and len(text) <= _LONGEST_CATEGORY:
        return text
    archive, dot, subject = text.lower().partition(".")
    meant = (f"{archive}{dot}{each}" for each in (subject.upper(), subject))
    near = next((name for name in meant if _CATEGORY.fullmatch(name)), None)
    raise ValueError(
        f"{text[:40]!r} is no arXiv category; "
        + (f"did you mean {near!r}?" if near else "write it as in cs.CL or hep-th")
    )


def line_name(text: str) -> str:
    """The text in lower case, where it can name a line and its file; ValueError where it cannot."""
    name = text.lower()
    if _LINE.fullmatch(name) and len(name) <= LONGEST_LINE:
        return name
    raise ValueError(
        f"{text[:40]!r} cannot name a line; write it in letters, digits and hyphens, at most {LONGEST_LINE}"
    )
