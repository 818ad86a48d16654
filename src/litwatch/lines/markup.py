"""Saved HTML → blocks.

A page saved by a browser is foreign text of any size and quality. It is read in one pass without building a tree:
nesting costs nothing however deep it is, an unclosed tag, quote or comment cannot make the pass quadratic, and no
entity is expanded but the characters that HTML names.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from litwatch.lines.blocks import Block, BlockKind, clean, text_blocks
from litwatch.text import plain, squeeze

_BEGINS = re.compile(
    r"\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body|main|article|section|div|h[1-6]|p)\b[^<]*>",
    re.IGNORECASE | re.DOTALL,
)
_MARK = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
_TAG_END = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_HREF = re.compile(r"""\shref\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"']+))""", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
"""No character has such a number, and Python refuses to read one of thousands of digits."""

_RAW = frozenset({"script", "style", "title", "iframe", "noembed", "xmp"})
"""What stands in them is not markup and not the page's text."""
_LEFT_OUT = frozenset(
    {"head", "template", "noscript", "svg", "nav", "footer", "select", "object", "canvas", "audio", "video"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})
_KEEPS_LINES = frozenset({"pre", "textarea"})
_BREAKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "form", "header", "hr", "html", "li", "main", "ol", "p", "section", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}) | _HEADINGS | _KEEPS_LINES  # fmt: skip
_LINE_BREAK = "\u2028"
"""Stands for <br> until the white space of the source is folded."""


def looks_like_html(text: str) -> bool:
    return _BEGINS.match(text, 0, 4000) is not None


def html_blocks(text: str) -> Iterator[Block]:
    """The blocks of a saved page, in order; its menus, footers and programs left out."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace(_LINE_BREAK, " ")
    draft = _Draft(line=1)
    line, counted = 1, 0
    for piece in _pieces(text):
        line += text.count("\n", counted, piece.at)
        counted = piece.at
        if piece.text:
            draft.add(piece.text, line)
        elif piece.tag == "br":
            draft.add(_LINE_BREAK, line)
        elif piece.tag == "a" and piece.href and not piece.closes:
            draft.links.append(piece.href)
        elif piece.tag in _BREAKS:
            yield from draft.blocks()
            draft = draft.after(piece.tag, closes=piece.closes)
    yield from draft.blocks()


@dataclass
class _Draft:
    """The block that is being read."""

    line: int
    heading: bool = False
    keeps_lines: bool = False
    item: bool = False
    parts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, text: str, line: int) -> None:
        if not self.parts:
            self.line = line + text[: len(text) - len(text.lstrip())].count("\n")
        self.parts.append(text)

    def blocks(self) -> Iterator[Block]:
        text = "".join(self.parts)
        if self.keeps_lines:
            yield from text_blocks(text.replace(_LINE_BREAK, "\n"), first_line=self.line)
            return
        text = "\n".join(squeeze(part) for part in plain(text).split(_LINE_BREAK)).strip()
        links = tuple(self.links)
        if not text:
            return
        if self.heading or self.item:
            kind = BlockKind.HEADING if self.heading else BlockKind.ITEM
            yield clean(text, kind=kind, line=self.line, links=links)
        elif "\n" in text:
            yield from text_blocks(text, first_line=self.line)
        else:
            # A paragraph may begin with a bullet that the page wrote as text.
            for block in text_blocks(text, first_line=self.line):
                yield clean(block.text, kind=block.kind, line=block.line, links=links)

    def after(self, tag: str, *, closes: bool) -> _Draft:
        """An empty draft for what follows a tag that ends the block before it."""
        return _Draft(
            line=self.line,
            heading=(tag in _HEADINGS and not closes) or (self.heading and tag not in _HEADINGS),
            keeps_lines=(tag in _KEEPS_LINES and not closes) or (self.keeps_lines and tag not in _KEEPS_LINES),
            # <li><p>text: the item is the first text in it.
            item=(tag == "li" and not closes) or (self.item and not closes and not self.parts),
        )


@dataclass(frozen=True, kw_only=True)
class _Piece:
    at: int
    text: str = ""
    tag: str = ""
    closes: bool = False
    href: str = ""


def _pieces(text: str) -> Iterator[_Piece]:
    """Text and tags in order, each place of the source looked at a bounded number of times."""
    last_close = {found[1].lower(): found.start() for found in re.finditer(r"</([a-zA-Z][a-zA-Z0-9]*)", text)}
    quotes_close = True
    at = 0
    while mark := _MARK.search(text, at):
        begin = mark.start()
        if begin > at:
            yield _Piece(at=at, text=_characters(text[at:begin]))
        if text.startswith("<!--", begin):
            end = text.find("-->", begin + 4)
            at = end + 3 if end >= 0 else len(text)
            continue
        if text.startswith(("<!", "<?"), begin):
            end = text.find(">", begin)
            at = end + 1 if end >= 0 else len(text)
            continue
        tag = _TAG.match(text, begin)
        if not tag:  # "</" and no name
            at = begin + 2
            continue
        whole = _TAG_END.match(text, tag.end()) if quotes_close else None
        if whole is None:
            # A quote that never closes: from here on tags end at the next ">", whatever their quotes say.
            quotes_close = False
        end = whole.end() if whole else text.find(">", tag.end()) + 1
        if end == 0:
            at = len(text)
            break
        name, closes = tag["name"].lower(), bool(tag["close"])
        at = end
        if not closes and name in _RAW:
            at = _past(text, end, name, nested=False)
        elif not closes and name in _LEFT_OUT and last_close.get(name, -1) > end:
            at = _past(text, end, name, nested=True)
        else:
            href = _HREF.search(text, tag.end(), end) if name == "a" and not closes else None
            target = href["double"] or href["single"] or href["bare"] or "" if href else ""
            yield _Piece(at=begin, tag=name, closes=closes, href=_characters(target))
    if at < len(text):
        yield _Piece(at=at, text=_characters(text[at:]))


def _past(text: str, at: int, name: str, *, nested: bool) -> int:
    """The place behind the element's end; the end of the text where it has none, as browsers do."""
    depth = 1
    for found in re.compile(rf"<(/?){name}\b[^<>]*>?", re.IGNORECASE).finditer(text, at):
        if found[1]:
            depth -= 1
        elif nested:
            depth += 1
        if depth == 0:
            return found.end()
    return len(text)


def _characters(text: str) -> str:
    return html.unescape(_LONG_NUMBER.sub("", text)) if "&" in text else text
