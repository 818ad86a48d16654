"""Bytes of a page → its blocks: headings, paragraphs and list items, in order, as plain text.

Plain text and Markdown are read by one reader, since people paste either into the other; saved HTML goes through
`markup` first and comes out as blocks of the same kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from litwatch.errors import PageError
from litwatch.lines.parts import is_opening, opens
from litwatch.text import plain, squeeze

LARGEST = 2_000_000
"""Bytes; a saved page with its pictures inlined stays far below."""


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, kw_only=True)
class Block:
    kind: BlockKind
    text: str
    """One line, without marks of emphasis; a link is its text."""
    line: int
    """Where it begins in the file, from 1."""
    links: tuple[str, ...] = ()
    """Targets of the links in it."""


def decode(data: bytes, *, name: str) -> str:
    """The text of a page. Raises PageError for an empty, oversized or binary one."""
    if len(data) > LARGEST:
        raise PageError(
            f"{name}: more than {LARGEST / 1e6:.0f} MB is too large for a page; save the text of the page alone"
        )
    if not data.strip():
        raise PageError(f"{name}: the page is empty; save it again with its text")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _looks_binary(text):
            return text
        break
    raise PageError(f"{name}: this is no text; give the page as plain text, Markdown or HTML in UTF-8")


def _looks_binary(text: str) -> bool:
    """Text has hardly a control character but white space; what is not text has many, whatever the encoding."""
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\x1b")
    return "\0" in text or controls > max(3, len(text) // 1000)


# --- lines of text -------------------------------------------------------------------------------------------

_HEADING = re.compile(r"(#{1,6})[ \t]+(?P<text>.*)$")
_RULE = re.compile(r"(?:[-*_=~] *){3,}$")
_BULLET = re.compile(r"(?:[-*+\u2022\u2023\u25aa\u25cf\u25e6\u2043\u2013\u2014\u00b7])[ \t]+(?=\S)")
_NUMBER = re.compile(r"\((?P<paren>\d{1,2})\)[ \t]*(?=\S)|(?P<bare>\d{1,2})[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r"(?:> ?)+")
_NEVER_FULL = 10**9
_LONG_LINE = 130
"""Characters; hard-wrapped text stays below, a paragraph on one line goes beyond."""


@dataclass(frozen=True)
class _Row:
    """A line that is not blank, and how many blank lines stand before it."""

    text: str
    number: int
    gap: int
    width: int
    """Characters up to the end of the line, marker and indentation included."""


@dataclass
class _Draft:
    """A block to which further rows may belong."""

    kind: BlockKind
    line: int
    rows: list[str]
    filled: int = 0
    """Width of its last line."""


def text_blocks(text: str, *, first_line: int = 1, markdown: bool = False) -> tuple[Block, ...]:
    """The blocks of plain text or Markdown. Hard-wrapped lines are joined again.

    markdown: every break within a paragraph is a wrap, however long its lines are.
    """
    rows = _rows(plain(text), first_line)
    wrapped = markdown or _hard_wrapped(rows)
    if wrapped and sum(row.text[0].islower() for row in rows) * 4 > len(rows):
        # Most lines go on with a sentence; where all the same none follows another without a blank line between
        # them, every line break of the text was doubled.
        least = min((row.gap for row in rows[1:]), default=0)
        rows = [replace(row, gap=max(0, row.gap - least)) for row in rows]
    width = _width(rows) if wrapped else _NEVER_FULL
    drafts: list[_Draft] = []
    number = 0
    for row in rows:
        content = row.text
        last = drafts[-1] if drafts else None
        if _RULE.match(content):
            if content[0] in "=-" and row.gap == 0 and last and last.kind is BlockKind.PARAGRAPH:
                last.kind = BlockKind.HEADING
        elif heading := _HEADING.match(content):
            drafts.append(_Draft(BlockKind.HEADING, row.number, [heading["text"].rstrip(" \t#")]))
        elif bullet := _BULLET.match(content):
            drafts.append(_Draft(BlockKind.ITEM, row.number, [content[bullet.end() :]]))
        elif (counted := _NUMBER.match(content)) and (counted["paren"] or int(counted["bare"]) in (1, number + 1)):
            number = int(counted["paren"] or counted["bare"])
            drafts.append(_Draft(BlockKind.ITEM, row.number, [content[counted.end() :]]))
        elif last and row.gap == 0 and _goes_on(last, content, width):
            last.rows.append(content)
        else:
            drafts.append(_Draft(BlockKind.PARAGRAPH, row.number, [content]))
        if drafts:
            drafts[-1].filled = row.width
    found = (clean(" ".join(draft.rows), kind=draft.kind, line=draft.line) for draft in drafts)
    return tuple(block for block in found if block.text)


def _rows(text: str, first_line: int) -> list[_Row]:
    rows: list[_Row] = []
    gap = 0
    for number, line in enumerate(text.split("\n"), first_line):
        content = _QUOTE.sub("", line.strip(), count=1) if line.lstrip().startswith(">") else line.strip()
        if content:
            rows.append(_Row(content, number, gap, len(line.rstrip())))
            gap = 0
        else:
            gap += 1
    return rows


def _hard_wrapped(rows: list[_Row]) -> bool:
    """Whether an editor broke the paragraphs: hardly any text stands in long lines."""
    long = sum(len(row.text) for row in rows if len(row.text) > _LONG_LINE)
    return long * 20 < sum(len(row.text) for row in rows)


def _width(rows: list[_Row]) -> int:
    """Length from which on a line of hard-wrapped text was full, so that its break is a wrap; 0 for any line.

    Blank lines tell paragraphs apart, and every other break is a wrap. Only in a text without blank lines it has to
    be told by whether the next word would have had room.
    """
    return max(row.width for row in rows) if rows and not any(row.gap for row in rows[1:]) else 0


def _goes_on(draft: _Draft, content: str, width: int) -> bool:
    """Whether a line without a blank one before it belongs to the block above."""
    if draft.kind is BlockKind.HEADING or opens(content) or is_opening(draft.rows[0]):
        return False
    above = draft.rows[-1]
    if content[0].islower() and above[-1] not in ".!?:;\"'":
        return True
    return draft.filled + 1 + len(content.split(maxsplit=1)[0]) > width


# --- marks within a line -------------------------------------------------------------------------------------

_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)(?:[ \t]+\"[^\"()]*\")?\)")
_AUTOLINK = re.compile(r"<(?P<target>https?://[^<>\s]+)>")
_EMPHASIS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\*\*(?=\S)([^*\n]*?[^*\s])\*\*",
        r"(?<!\w)__(?=\S)([^_\n]*[^_\s])__(?!\w)",
        r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^*\s])\*(?![\w*])",
        r"(?<!\w)_(?=[^\s_])([^_\n]*[^_\s])_(?!\w)",
        r"`([^`\n]+)`",
    )
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def clean(text: str, *, kind: BlockKind, line: int, links: tuple[str, ...] = ()) -> Block:
    """The block as a reader sees it: links by their text, emphasis and escapes gone, white space single."""
    links = (*links, *(link["target"] for link in _LINK.finditer(text)))
    text = _LINK.sub(lambda link: link["text"], text)
    text = _AUTOLINK.sub(lambda link: link["target"], text)
    for emphasis in _EMPHASIS:
        text = emphasis.sub(r"\1", text)
    return Block(kind=kind, text=squeeze(_ESCAPE.sub(r"\1", text)), line=line, links=links)
