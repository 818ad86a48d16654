"""Text as litwatch meets it: normalising, sentences, arXiv ids, names for files."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_CURLY = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": None, "\ufeff": None, "\u00ad": None,
})  # fmt: skip

# 2015 on: YYMM.NNNNN; 2007 to 2014: YYMM.NNNN; before: archive/YYMMNNN, the archive perhaps with a subject class.
# [0-9], as \d takes the digits of every script: an id written in others looks the same and would be another.
_MONTH = r"(?:0[1-9]|1[0-2])"
_ID = (
    rf"(?:1[5-9]|[2-9][0-9]){_MONTH}\.[0-9]{{5}}|(?:0[7-9]|1[0-4]){_MONTH}\.[0-9]{{4}}"
    rf"|[a-z]{{1,10}}(?:-[a-z]{{1,10}})?(?:\.[A-Z]{{2}})?/[0-9]{{2}}{_MONTH}[0-9]{{3}}"
)
ARXIV_ID = re.compile(rf"(?<![\w-])(?<!\d[./])(?P<id>{_ID})(?:v(?P<version>[1-9][0-9]{{0,4}}))?(?![\w/-]|\.\d)")
_WHOLE_ID = re.compile(rf"(?P<id>{_ID})(?:v(?P<version>[1-9][0-9]{{0,4}}))?")

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|et al|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|Mr|Ms|St|ca|w\.r\.t"
    r"|a\.k\.a|U\.S|U\.K|Inc|Ltd|Ph\.D)|\b[A-Z])\.$"
)
_LONGEST_ABBREVIATION = 16
"""Characters, with what stands before it."""
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9$\\])")


_MOST_MARKS = 30
"""Combining marks in a row: Unicode's Stream-Safe Text Format (UAX #15, 13) has no more, as no language does."""


def normal_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form of Unicode, without the combining marks beyond the thirtieth in a row: sorting those
    takes the square of their number in steps, minutes for a page of them."""
    if text.isascii():
        return text
    run, marked = 0, False
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        marked = marked or run > _MOST_MARKS
    return unicodedata.normalize(form, _stream_safe(text) if marked else text)


def _stream_safe(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def plain(text: str) -> str:
    """Straight quotes, plain spaces, no invisible characters, Unicode composed (NFC); line ends kept as \\n."""
    text = normal_form("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_CURLY)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def squeeze(text: str) -> str:
    """All white space folded to single spaces."""
    return " ".join(text.split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of an abstract, each a verbatim piece of `squeeze(text)`, in order."""
    text = squeeze(text)
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        piece = text[start : end.end()]
        # What stands long before the full stop is not looked at again, as often as there is one.
        stop = end.start() + 1
        if text[end.start()] == "." and _ABBREVIATION.search(text[max(start, stop - _LONGEST_ABBREVIATION) : stop]):
            continue
        found.append(piece.strip())
        start = end.end()
    if rest := text[start:].strip():
        found.append(rest)
    return tuple(found)


def arxiv_ids(text: str) -> tuple[str, ...]:
    """Every arXiv id in a text, without versions, in order of first appearance."""
    return tuple(dict.fromkeys(found["id"] for found in ARXIV_ID.finditer(text)))


def split_arxiv_id(text: str) -> tuple[str, int | None]:
    """(id without version, version or None) of one id, also when it is written as "arXiv:ID" or as a link.

    Raises ValueError when the text is no arXiv id.
    """
    name = re.sub(r"^(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/", "", text.strip(), flags=re.I)
    name = re.sub(r"^arxiv:\s*", "", name, flags=re.I).removesuffix(".pdf").rstrip(".,;/")
    found = _WHOLE_ID.fullmatch(name)
    if not found:
        raise ValueError(f"{text.strip()[:60]!r} is no arXiv id; ids look like 2507.21919 or hep-th/9901001")
    return found["id"], int(found["version"]) if found["version"] else None


def slug(text: str, longest: int = 48) -> str:
    """A file name from a title: lower-case ASCII words joined by hyphens, cut between words."""
    ascii_text = normal_form("NFKD", text[:1000]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", re.sub(r"'(s|t)\b", r"\1", ascii_text.lower()))
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:longest]
        if len(longer) > longest:
            break
        name = longer
    return name or "line"
