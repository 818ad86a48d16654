"""JSON within an answer → what each of its objects says of a paper, and the texts that its strings hold.

An object's own values say of which paper it tells; of the objects around it, only what is quoted is read.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from litwatch.grounding.ids import Place, canonical
from litwatch.grounding.records import QUOTES, spoken_of

_BEGINS = re.compile(r"^[ \t]*(?=\{\s*\"|\[\s*[\[{])", re.MULTILINE)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_CURLY = re.compile("[\u201c\u201d\u201e\u00ab\u00bb]")
_NAMES_A_PAPER = re.compile(r"citation|reference|source|paper|url|link|arxiv|\bid\b", re.IGNORECASE)
_MOST_IN_VAIN = 500
"""Beginnings that turn out to be no JSON: the decoder counts the lines before each."""
_FEWEST_IN_PROSE = 5
"""Words from which on a string with an id in it is a text about papers, and no name of one."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an object says of the one paper that it names."""

    arxiv_id: str
    title: str = ""
    year: int | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A text of its own in a string: an answer within the answer."""

    start: int
    text: str
    is_remark: bool
    """Whether it stands beside the id of a paper: what it quotes may then be anyone's."""


@dataclass(kw_only=True, eq=False)
class _Object:
    outer: _Object | None
    ids: dict[str, None] = field(default_factory=dict)
    """Those that its own values name."""
    mentioned: dict[str, None] = field(default_factory=dict)
    """Those in texts under a name as "citation"."""
    values: dict[str, list[str]] = field(default_factory=dict)
    inner: list[_Object] = field(default_factory=list)
    """Those that are values themselves, and stand in no list."""

    def sole(self) -> str:
        ids = self.ids or self.mentioned
        return next(iter(ids)) if len(ids) == 1 else ""


def documents(text: str) -> Iterator[tuple[int, int]]:
    """Where objects of JSON stand that begin with a line, and lists of them."""
    if text.lstrip()[:1] == "<":
        return
    decoder, at, vain = json.JSONDecoder(strict=False), 0, 0
    while vain < _MOST_IN_VAIN and (begin := _BEGINS.search(text, at)):
        try:
            found, end = decoder.raw_decode(text, begin.end())
        except json.JSONDecodeError as error:
            at = max(error.pos, begin.end()) + 1  # what was read in vain is not read again
            vain += 1
            continue
        except (ValueError, RecursionError):
            return
        if (isinstance(found, dict) and found) or (isinstance(found, list) and any(isinstance(x, dict) for x in found)):
            yield begin.end(), end
        at = max(end, begin.end() + 1)


def with_plain_quotes(document: str) -> str:
    """The document with the quotation marks of print as straight ones, escaped as JSON has them."""
    return _CURLY.sub(r'\\"', document)


def read_document(text: str, places: Sequence[Place]) -> tuple[list[Told], list[Prose]]:
    """text: of one document; places: the ids in it, in order."""
    every, prose = _objects(text, places)
    told = []
    for one in every:
        owner = _owner(one)
        record = spoken_of({name: values[0] for name, values in one.values.items()})
        quotes = [*record.quotes, *(said for name in QUOTES for said in one.values.get(name, ())[1:])]
        if one.sole():
            told.append(Told(arxiv_id=owner, title=record.title, year=record.year, quotes=tuple(quotes)))
        elif owner and quotes:
            told.append(Told(arxiv_id=owner, quotes=tuple(quotes)))
    return told, prose


def _owner(one: _Object) -> str:
    """The paper that an object tells of: its own; else that of the nearest around it that names any; else of the one
    within it."""
    around: _Object | None = one
    while around and not (around.ids or around.mentioned):
        around = around.outer
    if around:
        return around.sole()
    within = {inner.sole() for inner in one.inner if inner.ids or inner.mentioned}
    return within.pop() if len(within) == 1 else ""


def _objects(text: str, places: Sequence[Place]) -> tuple[list[_Object], list[Prose]]:
    ends = [place.end for place in places]
    every: list[_Object] = []
    prose: list[tuple[int, str, _Object | None]] = []
    # Each bracket that is open, as the object that it belongs to, and whether it is an object's.
    open_: list[tuple[_Object | None, bool]] = []
    name, key, named = "", False, list[str]()
    for token in _TOKEN.finditer(text):
        mark = token[0]
        holder, is_object = open_[-1] if open_ else (None, False)
        if mark == "{":
            made = _Object(outer=holder, ids=dict.fromkeys(named))
            if holder and is_object:
                holder.inner.append(made)
            every.append(made)
            open_.append((made, True))
            key, named = True, []
        elif mark == "[":
            open_.append((holder, False))
        elif mark in "}]":
            if open_:
                open_.pop()
        elif mark == ",":
            key = is_object
        elif mark == ":":
            key = False
        else:
            here = places[bisect_right(ends, token.start()) : bisect_left(ends, token.end() + 1)]
            ids = [canonical(place.arxiv_id) for place in here]
            said = _spoken(mark)
            if key:
                name, named = said.strip().lower(), ids
            elif ids and ("\n" in said or len(said.split()) >= _FEWEST_IN_PROSE):
                prose.append((token.start(), said, holder))
                if holder and "\n" not in said and _NAMES_A_PAPER.search(name):
                    holder.mentioned.update(dict.fromkeys(ids))
            elif holder:
                holder.ids.update(dict.fromkeys(ids))
                holder.values.setdefault(name, []).append(said)
    return every, [
        Prose(start=start, text=said, is_remark=bool(holder and holder.ids)) for start, said, holder in prose
    ]


def _spoken(token: str) -> str:
    if not token.startswith('"'):
        return token
    return str(json.loads(token, strict=False))
