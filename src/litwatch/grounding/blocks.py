"""An answer that came back → its blocks: paragraphs, headings, list items, rows of tables, records, documents of JSON.

Nothing but markup is taken out and no line is joined, so that a place in a block is a place in the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from litwatch.grounding.documents import documents, with_plain_quotes
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
    *((re.compile(rf"<h{level}\b[^<>]{{0,200}}>", re.IGNORECASE), f"{_BREAK}{'#' * level} ") for level in range(1, 7)),
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
    r"[ \t]*(?:[-*+\u2022\u2013\u25cf\u25aa][ \t]+|\(?[0-9]{1,3}[.)][ \t]+|\[(?:[0-9]{1,3}|\^\w{1,20})\][ \t]*"
    r"|#{1,6}[ \t]|\||(?:-{3,}|\*{3,}|_{3,})[ \t]*(?:\n|$))"
)
_BLANK = re.compile(r"\n[ \t]*\n[ \t]*$")
_QUOTED = re.compile(r"[ \t]*(?:[-*+] +)?>")
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
    """Blanks before it in its line."""
    apart: bool = False
    """Stands behind a blank line or, where it is no item, behind a tag that ends a paragraph."""
    item: bool = False
    """Begins as an item of a list, or a row of a table, does."""
    record: bool = False
    """An entry of BibTeX, or what looks like an object of JSON: what it says, its fields say."""
    document: bool = False
    """JSON."""


def readable(text: str) -> str:
    """An answer as it is looked through: straight quotes, figures and hyphens of ASCII, no tags; lines keep their
    numbers."""
    parts, at = [], 0
    for start, end in documents(text):
        document = plain(with_plain_quotes(text[start:end]))
        parts += [_readable(text[at:start]), evened(document)]
        at = end
    return "".join([*parts, _readable(text[at:])])


def _readable(text: str) -> str:
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
    jsons = list(documents(text))
    spans = [*((start, end, True) for start, end in jsons), *((*span, False) for span in _records(text))]
    found: list[Block] = []
    at = 0
    for start, end, document in sorted(spans, key=lambda span: (span[0], not span[2])):
        if start >= at:
            found += _running(text, at, start)
            found.append(_block(text, start, end, record=not document, document=document))
            at = end
    return (*found, *_running(text, at, len(text)))


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


def _block(
    text: str, start: int, end: int, *, quoted: bool = False, record: bool = False, document: bool = False
) -> Block:
    raw = text[start:end]
    said = re.sub(rf"[^\S\n]|{_BREAK}", " ", raw)
    bare = said.lstrip()
    above = said[: len(said) - len(bare)]
    item = _STARTS.match(said, len(above) - len(above.rpartition("\n")[2])) is not None
    tagged = _BREAK in text[max(0, start - 1) : start + len(above)]
    if quoted:
        said = " " * (len(said) - len(said.lstrip(" >"))) + said.lstrip(" >")
        said = re.sub(r"(?<=\n)[ >]+", lambda found: " " * len(found[0]), said)
    return Block(
        start=start,
        end=end,
        text=said,
        quoted=quoted,
        indented=len(above) - above.rfind("\n") - 1,
        apart="\n" in above or _BLANK.search(text, max(0, start - 80), start) is not None or (tagged and not item),
        item=item,
        record=record,
        document=document,
    )


def _records(text: str) -> Iterator[tuple[int, int]]:
    """Where entries of BibTeX stand, and what is written like an object of JSON that holds no other."""
    spans: list[tuple[int, int]] = []
    for entry in _ENTRY.finditer(text):
        if not spans or entry.start() >= spans[-1][1]:
            spans.append((entry.start(), _closing(text, entry.end() - 1)))
    spans += [found.span() for found in _OBJECT.finditer(text) if len(_MEMBER.findall(found[0])) >= 2]
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            yield start, end
            at = end


def _closing(text: str, brace: int) -> int:
    """Behind the brace that closes the one at `brace`; where none does, behind the paragraph."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, brace, brace + _LONGEST_ENTRY):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    end = text.find("\n\n", brace)
    return end if end >= 0 else len(text)
