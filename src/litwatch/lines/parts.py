"""The parts of a page, and the words that open each of them."""

from __future__ import annotations

import re
from enum import StrEnum

from litwatch.text import squeeze


class Part(StrEnum):
    HEAD = "head"
    """Title, lead and essay: all that stands before the first opening below."""
    NOTES = "notes"
    PROMPT = "prompt"
    FINDINGS = "findings"
    ANCHORS = "anchors"
    TASKS = "tasks"
    FOOT = "foot"
    NEXT = "next lines"


# An opening that must be the whole line ("Sources 9 notes") can also begin a sentence of the essay; the others
# are whole sentences of the page's own frame and may go on behind the match.
_OPENINGS = tuple(
    (part, re.compile(pattern, re.IGNORECASE))
    for part, pattern in (
        (Part.NOTES, r"(?:sources?|notes)\s*[-:(\[|\u00b7\u2014]*\s*(?P<count>\d{1,4})?\s*(?:notes?)?[)\]]?:?$"),
        (Part.NOTES, r"(?P<count>\d{1,4})\s+notes?\s*:?$"),
        (Part.PROMPT, r"research prompt\b.{0,60}$"),
        (Part.PROMPT, r"copy into chatgpt\b"),
        (Part.PROMPT, r"you are a research analyst\b"),
        (Part.FINDINGS, r"what a curated library found\b"),
        (Part.FINDINGS, r"(?:dated )?findings\s*:?$"),
        (Part.ANCHORS, r"anchor(?: papers?|s)\s*(?:\([^()]{0,60}\))?\s*:?$"),
        (Part.TASKS, r"your tasks?\s*(?::|$)"),
        (Part.FOOT, r"cite arxiv ids\b"),
        (Part.NEXT, r"next (?:inquiring )?lines\s*(?::|$)"),
    )
)  # fmt: skip

_BANNER = re.compile(r"inquiring lines?\s*(?:[:\u2013\u2014-]\s*|$)", re.IGNORECASE)
_BUTTON = re.compile(r"\s*(?:expand|collapse|show (?:more|less))\s*[\u2190-\u21ff\u25a0-\u25ff\u2304\u2303]\s*$", re.I)
_BARE_BUTTON = re.compile(r"(?:expand|collapse|copy(?: prompt| link)?|copied!?|share|show (?:more|less))\W*$", re.I)


def opening(text: str) -> tuple[Part, re.Match[str]] | None:
    """The part that a line or block of a page opens, with the match that says so; None for any other text."""
    for part, pattern in _OPENINGS:
        if found := pattern.match(text):
            return part, found
    return None


def opens(line: str) -> bool:
    """Whether a line, still with its Markdown marks, opens a part or is the banner over the question."""
    text = _bare(line)
    return opening(text) is not None or bool(_BANNER.match(text))


def is_opening(line: str) -> bool:
    """Whether a line does so and says no more, so that the next line is no part of it."""
    text = _bare(line)
    opened = opening(text)
    found = opened[1] if opened else _BANNER.match(text)
    return found is not None and found.end() == len(text)


def _bare(line: str) -> str:
    # With single spaces: in a run of them each part of a pattern could end anywhere, and would try.
    return squeeze(line.strip("#*_> "))


def without_banner(text: str) -> str:
    """The text behind "INQUIRING LINE"; all of it where there is no such banner."""
    return _BANNER.sub("", text, count=1) if _BANNER.match(text) else text


def without_buttons(text: str) -> str:
    """The text without the labels of a web page's controls that a copy takes along ("expand ↓")."""
    return "" if _BARE_BUTTON.match(text) else _BUTTON.sub("", text)
