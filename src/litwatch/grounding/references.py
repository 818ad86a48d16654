"""References by number: a list that explains them, and where a text cites them, as [2], [^2] or [2, 3]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from litwatch.grounding.blocks import Block
from litwatch.grounding.groups import heading_level
from litwatch.grounding.quotes import Source

_EXPLAINED = re.compile(
    r"[\s>]*(?:[-*+\u2022][ \t]+)?[*_]{0,2}\[\[?\^?(?P<key>[0-9]{1,3}|(?<=\^)\w{1,20})\]\]?"
    r"[*_]{0,2}:?(?=\s|\(|[*_\"A-Z])"
)
_NUMBERED = re.compile(r"[\s>]*[*_]{0,2}\(?(?P<key>[0-9]{1,3})[.)]\s")
_LIST = re.compile(
    r"[\s#*_0-9.>]*(?:(?:key|cited|main|full|all|list of)\s+)?(?:references?|sources?|bibliography|works cited"
    r"|citations|literature|footnotes|papers cited|cited papers)(?:\s+(?:list|cited|used))?[\s*_:]*",
    re.IGNORECASE,
)
_CITED = re.compile(r"\[\^?(?P<keys>[0-9]{1,3}(?:\s?[,;\u2013-]\s?\^?[0-9]{1,3}){0,15}|(?<=\^)\w{1,20})\]")
_RANGE = re.compile(r"(?P<first>[0-9]+)\s?[\u2013-]\s?(?P<last>[0-9]+)")
_LONGEST_RANGE = 30


def references(blocks: Sequence[Block], named: Sequence[Sequence[str]]) -> tuple[dict[str, str], frozenset[int]]:
    """The paper that each number stands for, "" where it is none of arXiv or not told clearly; and the blocks that
    say so.

    named: for each block the papers whose ids stand in it.
    """
    found: dict[str, str] = {}
    explaining = set()
    in_list = False
    for at, block in enumerate(blocks):
        if heading_level(block) or _LIST.fullmatch(block.text):
            in_list = _LIST.fullmatch(block.text) is not None
            continue
        if block.record or block.document:
            continue
        ids = set(named[at])
        said = _EXPLAINED.match(block.text)
        if not said or not (in_list or ids or "^" in said[0]):
            said = _NUMBERED.match(block.text) if in_list else None
        if not said:
            continue
        explaining.add(at)
        paper = ids.pop() if len(ids) == 1 else ""
        # A list that begins anew leaves in doubt which of both is meant.
        found[said["key"]] = paper if found.get(said["key"], paper) == paper else ""
    return found, frozenset(explaining)


def cited_by_number(text: str, known: dict[str, str]) -> Iterator[Source]:
    """Where a text cites what the references explain, in order."""
    if not known or "[" not in text:
        return
    for said in _CITED.finditer(text):
        for key in _keys(said["keys"]):
            if key in known:
                yield Source(start=said.start(), end=said.end(), arxiv_id=known[key])


def _keys(said: str) -> Iterator[str]:
    for part in re.split(r"\s?[,;]\s?\^?", said):
        if spread := _RANGE.fullmatch(part):
            first, last = int(spread["first"]), int(spread["last"])
            yield from map(str, range(first, min(last, first + _LONGEST_RANGE) + 1))
        else:
            yield part.strip("^ ")
