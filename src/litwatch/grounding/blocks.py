"""An answer that came back → its blocks: paragraphs, list items, rows of tables, records of BibTeX and JSON.

Nothing but markup is taken out and no line is joined, so that a place in a block is a place in the text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from litwatch.grounding.ids import evened
from litwatch.text import plain

_BREAK = "\u2029"
"""Ends a paragraph and no line: stands for tags of HTML that do, so that lines keep their numbers."""
_HTML = re.compile(r"<(?:!doctype|html|body|p|div|ul|ol|li|h[1-6]|blockquote|table)\b[^<>]{0,500}>", re.IGNORECASE)
_DROPPED = re.compile(r"<(?P<name>script|style|head)\b|<!--", re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']?([^\s\"'<>]{1,2000})[\"']?[^<>]{0,500}>([^<>]{0,1000}(?:<(?!/a\b)[^<>]{0,200}>"
    r"[^<>]{0,1000}){0,5})</a\s*>",
    re.IGNORECASE,
)
_TAGS = (
    (re.compile(r"</?(?:i|em|cite)\b[^<>]{0,200}>", re.IGNORECASE), "*"),
    (re.compile(r"</?(?:b|strong)\b[^<>]{0,200}>", re.IGNORECASE), "**"),
    (re.compile(r"</?q\b[^<>]{0,200}>", re.IGNORECASE), '"'),
    (re.compile(r"<blockquote\b[^<>]{0,200}>", re.IGNORECASE), f"{_BREAK}> "),
    (re.compile(r"<li\b[^<>]{0,200}>", re.IGNORECASE), f"{_BREAK}- "),
    (re.compile(r"<t[dh]\b[^<>]{0,200}>", re.IGNORECASE), "| "),
    (
        re.compile(r"</?(?:p|div|ul|ol|h[1-6]|table|tr|section|article|blockquote|dd|dt|dl)\b[^<>]{0,500}>", re.I),
        _BREAK,
    ),
    (re.compile(r"</?[a-z][a-z0-9]*\b[^<>]{0,1000}>", re.IGNORECASE), ""),
)
_STARTS = re.compile(
    r"[ \t]*(?:[-*+\u2022\u2013\u25cf\u25aa][ \t]+|\(?[0-9]{1,3}[.)][ \t]+|\[[0-9]{1,3}\][ \t]*|#{1,6}[ \t]|\|)"
)
_QUOTED = re.compile(r"[ \t]*(?:[-*+] +)?>")
_FENCE = re.compile(r"```[ \t]*json[^\n]*\n(.*?)```", re.IGNORECASE | re.DOTALL)
_ENTRY = re.compile(r"@[a-z]+\s*\{", re.IGNORECASE)
_OBJECT = re.compile(r"\{[^{}]{0,20000}\}")
_MEMBER = re.compile(r"[\"']\w+[\"']\s*:")
_LONGEST_ENTRY = 20_000
_LONGEST_BLOCK = 8000
"""Characters: what is longer is cut, since what is said of an id stands near it."""


@dataclass(frozen=True, kw_only=True)
class Block:
    start: int
    end: int
    text: str
    """As long as in the answer; of a quotation without its signs."""
    quoted: bool = False
    """A quotation of lines that begin with ">"."""
    indented: int = 0
    """Blanks before it."""
    item: bool = False
    """Begins as an item of a list, or a row of a table, does."""
    record: bool = False
    """An entry of BibTeX or JSON: what it says, its fields say."""


def readable(text: str) -> str:
    """An answer as it is looked through: straight quotes, figures and hyphens of ASCII, no tags; lines keep their
    numbers."""
    text = plain(text)
    if _HTML.search(text) and len(re.findall(r"</[a-z]", text, re.I)) >= 1:
        text = _without_programs(text)
        text = _LINK.sub(lambda found: f"[{found[2]}]({html.unescape(found[1])})", text)
        for tag, mark in _TAGS:
            text = tag.sub(lambda found, mark=mark: mark + "\n" * found[0].count("\n"), text)  # type: ignore[misc]
        text = plain(html.unescape(text))
    return evened(text.replace("``", ' "').replace("''", '" '))


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a readable text, in order; headings and blank lines part them."""
    records = list(_records(text))
    found: list[Block] = [_block(text, start, end, record=True) for start, end in records]
    at = 0
    for start, end in [*records, (len(text), len(text))]:
        found += _running(text, at, start)
        at = max(at, end)
    return tuple(sorted(found, key=lambda block: block.start))


def line_starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _without_programs(text: str) -> str:
    """HTML without what its tags of that kind hold, and without comments; the line breaks stay."""
    lower, kept, at = text.lower(), [], 0
    gone: set[str] = set()
    for found in _DROPPED.finditer(text):
        closing = f"</{found['name'].lower()}" if found["name"] else "-->"
        if found.start() < at or closing in gone:
            continue
        end = lower.find(closing, found.end())
        if end < 0:
            gone.add(closing)  # nor is there one behind
            continue
        kept += [text[at : found.start()], "\n" * text.count("\n", found.start(), end)]
        at = end + len(closing)
    return "".join([*kept, text[at:]])


def _running(text: str, start: int, end: int) -> Iterator[Block]:
    begun, quoted = start, False
    for row in re.finditer(rf"[^\n{_BREAK}]*[\n{_BREAK}]?", text[start:end]):
        at, said = start + row.start(), row[0].strip()
        in_quote = bool(said) and _QUOTED.match(row[0]) is not None
        if not said or _STARTS.match(row[0]) or in_quote != quoted or text[at - 1 : at] == _BREAK:
            yield from _pieces(text, begun, at, quoted=quoted)
            begun = at
        quoted = in_quote
    yield from _pieces(text, begun, end, quoted=quoted)


def _pieces(text: str, start: int, end: int, *, quoted: bool) -> Iterator[Block]:
    while end - start > _LONGEST_BLOCK:
        cut = max(text.rfind(" ", start, start + _LONGEST_BLOCK), text.rfind("\n", start, start + _LONGEST_BLOCK)) + 1
        cut = cut if cut > start else start + _LONGEST_BLOCK
        yield _block(text, start, cut, quoted=quoted)
        start = cut
    if text[start:end].strip():
        yield _block(text, start, end, quoted=quoted)


def _block(text: str, start: int, end: int, *, quoted: bool = False, record: bool = False) -> Block:
    said = re.sub(rf"[^\S\n]|{_BREAK}", " ", text[start:end])
    if quoted:
        said = " " * (len(said) - len(said.lstrip(" >"))) + said.lstrip(" >")
        said = re.sub(r"(?<=\n)[ >]+", lambda found: " " * len(found[0]), said)
    return Block(
        start=start,
        end=end,
        text=said,
        quoted=quoted,
        indented=len(said) - len(said.lstrip()),
        item=_STARTS.match(text, start, end) is not None,
        record=record,
    )


def _records(text: str) -> Iterator[tuple[int, int]]:
    """Where entries of BibTeX stand, and JSON; of JSON each object that holds no other, and what is between them."""
    spans: list[tuple[int, int]] = []
    for entry in _ENTRY.finditer(text):
        if not spans or entry.start() >= spans[-1][1]:
            spans.append((entry.start(), _closing(text, entry.end() - 1)))
    whole = [(found.start(1), found.end(1)) for found in _FENCE.finditer(text)] or [(0, len(text))]
    for start, end in whole:
        if _is_json(text[start:end]):
            inner = [(start + found.start(), start + found.end()) for found in _OBJECT.finditer(text[start:end])]
            at = start
            for begin, close in inner:
                spans += [(at, begin)] if text[at:begin].strip() else []
                spans.append((begin, close))
                at = close
            spans += [(at, end)] if text[at:end].strip() else []
    spans += [found.span() for found in _OBJECT.finditer(text) if len(_MEMBER.findall(found[0])) >= 2]
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            yield start, end
            at = end


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _closing(text: str, brace: int) -> int:
    """Behind the brace that closes the one at `brace`; where none does, behind the paragraph."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, brace, brace + _LONGEST_ENTRY):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    end = text.find("\n\n", brace)
    return end if end >= 0 else len(text)
