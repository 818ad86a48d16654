"""Single blocks of a page → findings, tasks and anchors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litwatch.lines.blocks import Block, BlockKind
from litwatch.model import Anchor, Finding
from litwatch.text import ARXIV_ID, arxiv_ids, squeeze

_YEARS = re.compile(r"\(((?:[^()]{0,20}\b)?(?:19|20)\d{2}\b[^()]{0,20})\)")
_LAST_YEARS = re.compile(r"\s*\([^()]{0,60}\b(?:19|20)\d{2}\b[^()]{0,60}\)\s*(?=[.;]?$)")
_TASK_NUMBER = re.compile(r"(?:^|(?<=\s))\((\d{1,2})\)\s+")
_QUOTED = re.compile(r"\"(?P<title>.+)\"")
_BRACKETED_YEAR = re.compile(r"[(\[]\s*(?P<year>(?:19|20)\d{2})\s*[)\]]")
_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d{2})(?![\d.]\d|\d)")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")
_LONGEST_TITLE = 1000
_AROUND_TITLE = " \t,;:.|\u2013\u2014\u00b7-"
_CITATION = re.compile(
    rf"(?:https?://)?(?:\b\w{{1,10}}\.)?arxiv\.org/\S*|(?:arxiv\s*:\s*)?{ARXIV_ID.pattern}(?:\.pdf)?", re.IGNORECASE
)
_ID_FIRST = re.compile(
    rf"\W*(?:https?://(?:www\.|export\.)?arxiv\.org/\w+/|arxiv\s*:\s*)?{ARXIV_ID.pattern}",
    re.IGNORECASE,
)
_CITED = re.compile(r"arxiv\s*:\s*[^\s,;()\"]+|https?://\S+|\b\d{4}\.\d{3,6}\b", re.IGNORECASE)


def finding(text: str) -> Finding:
    """A finding with its years; where it gives several, they stay in the text too, each behind what it dates."""
    years = tuple(squeeze(found) for found in _YEARS.findall(text))
    if len(years) == 1:
        text = _LAST_YEARS.sub("", text)
    return Finding(text=text.strip(), dated=", ".join(dict.fromkeys(years)))


def tasks_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """One entry a task: a list item, or what stands behind "(1)", "(2)" within a paragraph."""
    tasks: list[str] = []
    for block in blocks:
        pieces = [""]
        at, number = 0, 1
        for found in _TASK_NUMBER.finditer(block.text):
            if int(found[1]) == number or (number == 1 and found.start() == 0):
                pieces[-1] = block.text[at : found.start()].strip()
                pieces.append("")
                at, number = found.end(), int(found[1]) + 1
        pieces[-1] = block.text[at:].strip()
        if pieces[0] and tasks and block.kind is not BlockKind.ITEM:
            tasks[-1] = f"{tasks[-1]} {pieces.pop(0)}"
        tasks.extend(piece for piece in pieces if piece)
    return tuple(tasks)


def cited(block: Block) -> tuple[Anchor, ...]:
    """The papers that a block cites: ids in its text, else in the targets of its links."""
    places = [(found.start(), found["id"]) for found in ARXIV_ID.finditer(block.text)]
    places = [place for number, place in enumerate(places) if not number or places[number - 1][1] != place[1]]
    if not places:
        linked = [link for link in block.links if "arxiv" in link.lower()]
        return tuple(_anchor(arxiv_id, block.text) for arxiv_id in arxiv_ids(" ".join(linked)))
    if len(places) == 1:
        return (_anchor(places[0][1], block.text),)
    ends = [*(start for start, _ in places[1:]), len(block.text)]
    return tuple(_anchor(name, block.text[start:end]) for (start, name), end in zip(places, ends, strict=True))


def _anchor(arxiv_id: str, text: str) -> Anchor:
    """One cited paper; its title is what stands in quotes, else what is left without id, link and year."""
    rest = _CITATION.sub(" ", text)
    quoted = _QUOTED.search(rest)
    outside = rest[: quoted.start()] + rest[quoted.end() :] if quoted else rest
    year = _BRACKETED_YEAR.search(outside) or _YEAR.search(outside)
    if quoted:
        title = quoted["title"]
    else:
        title = outside[: year.start()] + " " + outside[year.end() :] if year else outside
        title = _EMPTY_BRACKETS.sub(" ", title).strip(_AROUND_TITLE)
    return Anchor(arxiv_id=arxiv_id, title=squeeze(title)[:_LONGEST_TITLE], year=int(year["year"]) if year else None)


def begins_with_id(block: Block) -> bool:
    """Whether a block cites a paper before it says anything: an anchor, wherever it stands."""
    return bool(_ID_FIRST.match(block.text))


def ill_formed_id(text: str) -> str:
    """What was meant as an arXiv id in a text that has none; empty where nothing looks like one."""
    found = _CITED.search(text)
    return found[0].rstrip(".,:") if found else ""
