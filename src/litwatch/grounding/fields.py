"""What labels say in lines of an answer that name no paper: "Title: …", "Year: …", "Quote: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from litwatch.grounding.entries import is_title
from litwatch.grounding.quotes import is_of_reader, is_readers
from litwatch.text import squeeze

_LINE = re.compile(
    r"[\s>|]*(?:[-*+\u2022\u2013\u25cf\u25aa][ \t]+|\(?[0-9]{1,3}[.)][ \t]+|#{1,6}[ \t]+)?"
    r"(?:[^\w\s*_`\"'(\[]{1,3}[ \t]*)?[*_`]{0,3}(?P<label>[A-Za-z][A-Za-z0-9/ '-]{1,40}?)"
    r"(?:[ \t]*\([^()\n]{1,40}\))?[*_`]{0,3}[ \t]*:[*_`]{0,3}(?P<value>.*)",
    re.DOTALL,
)
_PARTS = re.compile(r"\n|(?<![ \t])[ \t]+[|\u00b7\u2022][ \t]+")
_TITLES = frozenset({"title", "paper title", "full title", "title of paper", "title of the paper", "article title"})
_NAMES = frozenset({"paper", "name", "article", "study", "preprint", "work"})
"""Of what may be a title or else whatever is known of the paper."""
_YEARS = frozenset({
    "year", "date", "published", "publication year", "publication date", "submitted", "submission date", "released",
    "date published", "year published", "published on", "first submitted", "arxiv date", "posted", "publication",
    "date submitted", "year of publication",
})  # fmt: skip
_IDS = frozenset({
    "arxiv", "arxiv id", "arxiv identifier", "arxiv no", "arxiv number", "arxiv link", "arxiv url", "id", "identifier",
    "link", "url", "doi", "paper id", "preprint", "arxiv preprint", "paper link", "source", "reference", "citation",
})  # fmt: skip
_AUTHORS = frozenset({"author", "authors", "author(s)", "by", "first author", "lead author"})
_VERBATIM = re.compile(
    r"quot(?:e|es|ation|ed)\b|verbatim|excerpt|^(?:key|exact|direct) (?:sentence|words|passage)", re.I
)
_EVIDENCE = re.compile(
    r"evidence|sentence|finding|result|abstract says|^(?:it|paper|abstract|authors?) (?:says?|states?)|abstract$"
    r"|snippet|passage",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\W*(?:n/?a\b|none\b|no\b|not\b|un(?:known|available|titled|verified|clear)\b|could not\b|cannot\b|see\b|paraphras"
    r"|tbd\b|\?)",
    re.IGNORECASE,
)
_ABOUT_QUOTING = re.compile(r"\b(?:verbatim|quot\w+|paraphras\w+|abstract|full text|available)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.-])(?:19[89]|20[0-9])[0-9](?![0-9])")
_MARKED = re.compile(r"\"([^\"]{3,1500})\"")
_LINKED = re.compile(r"\[([^\[\]]{1,400})\]\([^()\s]{0,400}\)")
_FEWEST_WORDS = 3
_FEWEST_QUOTED = 5
_LONGEST_YEAR = 60
"""Characters of a field that says when a paper appeared, and nothing else."""


class Says(StrEnum):
    TITLE = "title"
    YEAR = "year"
    QUOTE = "quote"
    ID = "id"
    AUTHORS = "authors"
    READERS = "reader's"
    """What the reader holds or asks, or what the paper does to it."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Field:
    says: Says
    text: str

    def title(self) -> str:
        """ "" where none is given."""
        words = squeeze(_LINKED.sub(r"\1", self.text)).strip(' *_"`').rstrip(",;.").strip()
        sure = self.says is Says.TITLE and len(words.split()) >= _FEWEST_WORDS and not _NOTHING.match(words)
        return words if sure else ""

    def year(self) -> int | None:
        """None where it gives none, or several."""
        found = {int(year) for year in _YEAR.findall(self.text)}
        return found.pop() if len(found) == 1 and len(self.text) <= _LONGEST_YEAR else None

    def quotes(self, *, verbatim: bool) -> list[str]:
        """verbatim: whether what stands in no marks is quoted, too, where it is a whole sentence."""
        marked = [
            squeeze(said[1])
            for said in _MARKED.finditer(self.text)
            if len(said[1].split()) >= _FEWEST_QUOTED and not is_readers(self.text, said.start(), said[1])
        ]
        words = squeeze(self.text).strip(" *_")
        if marked or not verbatim or '"' in words or _NOTHING.match(words) or _ABOUT_QUOTING.search(words):
            return marked
        return [words] if len(words.split()) >= _FEWEST_QUOTED and words.endswith((".", "!", "\u2026")) else []


def fields_of(text: str) -> Iterator[tuple[Field, str]]:
    """The labelled fields of a block, each with its label in lower case; lines without a label are of the one above."""
    label, lines = "", list[str]()
    for part in _PARTS.split(text):
        if found := _LINE.match(part):
            if label:
                yield _field(label, "\n".join(lines))
            label, lines = squeeze(found["label"]).lower(), [found["value"]]
        else:
            lines.append(part)
    if label:
        yield _field(label, "\n".join(lines))


def says(label: str, value: str) -> Says:
    """What a label, in lower case, says of its value."""
    if label in _TITLES or (label in _NAMES and is_title(squeeze(value).strip(' *_"'), set_off=False)):
        return Says.TITLE
    if label in _IDS:
        return Says.ID
    if label in _YEARS:
        return Says.YEAR
    if label in _AUTHORS:
        return Says.AUTHORS
    if is_verbatim(label) or _EVIDENCE.search(label):
        return Says.READERS if re.search(r"\b(?:you|your|claims?|claimed|my)\b", label) else Says.QUOTE
    return Says.READERS if is_of_reader(label) else Says.OTHER


def is_verbatim(label: str) -> bool:
    return _VERBATIM.search(label) is not None


def _field(label: str, value: str) -> tuple[Field, str]:
    return Field(says=says(label, value), text=value), label
