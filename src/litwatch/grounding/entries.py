"""What words may be a title: by their own look, and by the entry that they make together with an id.

In doubt nothing is one: a title that is none would be told as a paper cited under a wrong name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

JOINING = re.compile(
    r"\b(?:(?i:arxiv|preprints?|e-?prints?|available|online|at|on|in|see|doi|urls?|link|corr|abs|pdf|html|ids?|and|by|from"
    r"|the|papers?|article|work|study|titled|entitled|title|called|named|authors?|et|al|https?|v[0-9]+|[12][0-9]{3}[a-z]?)"
    r"|[a-z]{2,8}(?:-[a-z]+)?\.[A-Z]{2}|[A-Z][\w'.-]*|de|van|von|der|la)\b\.?",
)
_NO_TITLE = re.compile(
    r"\bet al\b|^(?:this|that|these|see|here|the (?:paper|study|abstract|link|preprint)|link|pdf|abs|arxiv|doi|source"
    r"|read|key|main|strongest|evidence|claim|finding|verdict|status|summary|conclusion|abstract)\b"
    r"|\b(?:paper|study|preprint|here|abstract|pdf|link|et al\.?,?|arxiv)\W*$|https?:|[:,;]$",
    re.IGNORECASE,
)
_LONGEST_GAP = 140
"""Characters between a title and an id."""
_LONGEST_REFERENCE = 1500
"""Characters before the id."""


@dataclass(frozen=True, kw_only=True)
class Said:
    start: int
    end: int
    text: str


def joins(gap: str) -> bool:
    """Whether nothing stands between a title and an id but names, a year and words that join them."""
    if len(gap) > _LONGEST_GAP or '"' in gap or re.search(r"[a-z)\]]{2}[.!?]\s+[A-Z][a-z]+ [a-z]+", gap):
        return False
    return not re.search(r"\w", re.sub(r"[0-9]", "", JOINING.sub("", gap)))


def may_be(quoted: str) -> bool:
    """Whether what is quoted beside an id may be a title: it begins like one and is more than a word or two."""
    return len(quoted.split()) >= 3 and (
        quoted[0].isupper() or quoted[0].isdigit() or not quoted[0].isascii() or quoted[0] in "$[("
    )


def is_title(text: str, *, set_off: bool) -> bool:
    """Of words set off as links and emphasis are."""
    bare = text.strip(' *_"\n')
    words = bare.split()
    if len(words) < 3 or not may_be(bare) or _NO_TITLE.search(bare):
        return False
    return ((len(words) >= 4 or ":" in bare) and in_title_case(bare)) or (set_off and len(words) >= 4)


def is_set_off(text: str, at: int, start: int) -> bool:
    """Whether words that begin with a capital begin a name there: first in their entry, or within a sentence."""
    before = text[start:at].rstrip(" \n*_(")
    return not before or before[-1].isalpha() or before[-1] in ",;"


def in_title_case(text: str) -> bool:
    """Whether most of its longer words begin with capitals."""
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", text) if len(word) >= 4]
    return len(words) >= 2 and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


_SOURCE = re.compile(r"[.?!]\s+[*_]?(?:In:?\s+)?(?:arXiv|CoRR|Preprint|Available|Retrieved|https?)\b[^.]{0,60}$")


def in_reference(text: str, start: int, end: int) -> Iterator[Said]:
    """Of a reference as lists have it: authors, perhaps the year, the title, each with its full stop, then arXiv."""
    # What the id begins with ("arXiv:") ends the title as a word before it does.
    told = text[start:end].rstrip(" *_(") + " arXiv"
    source = _SOURCE.search(told)
    if not source or len(told) > _LONGEST_REFERENCE or '"' in told:
        return
    told = told[: source.start() + (told[source.start()] != ".")]
    for stop in re.finditer(r"[.)]+[,:]?\s+(?=[A-Z0-9])", told):
        title = told[stop.end() :]
        first = re.split(r"[.?!](?:\s|$)", title)[0]
        if _are_authors(told[: stop.end()]) and len(first.split()) >= 3 and not _are_authors(first):
            yield Said(start=start + stop.end(), end=start + len(told), text=title)
            return


def _are_authors(text: str) -> bool:
    """Whether a text is nothing but names and a year."""
    left = re.sub(
        r"\b[A-Z][\w'.-]*|\bet al\b\.?|\b(?:and|de|der|van|von|la|le|di|da|dos|bin|al)\b|[^\w]|[0-9]", "", text
    )
    return not left and (
        "," in text or "et al" in text or " and " in text or "&" in text or bool(re.search(r"\b[A-Z]\.", text))
    )


_BEFORE = re.compile(
    r"(?P<text>[A-Z0-9][^()\"*\[\]|]{15,250}?)\s*"
    r"(?:[(\[][^()]{0,80}|(?P<year>\([12][0-9]{3}[a-z]?\))[.,]?[\s\[*_`]*|[-\u2013\u2014,.:|][\s\[*_`]*)$",
)
_AFTER = re.compile(
    r"[\s\])*_`]*(?:\([^()]{4,60}\)\s*)?[-:\u2013\u2014|]\s*(?P<text>[A-Z0-9][^\"*|()]{15,250}?)\s*"
    r"(?:$|\n|[(|]|\.(?:\s|$)|\s[-\u2013\u2014]\s)",
)


def unmarked(text: str, start: int, at: int, end: int, after: str) -> Iterator[Said]:
    """Words in title case that make an entry of their own with the id: "Title (Author, 2025; ID)", "Title (2025). ID",
    "ID: Title"."""
    head = text[start:at]
    if found := _BEFORE.match(head):
        title = found["text"].rstrip(" ,.-")
        # Names and a year make an entry, too; a title has more than names nearly always.
        is_named = found["year"] and (_are_authors(title) or not re.search(r"\b[a-z]", title))
        if not is_named and joins(head[len(title) :]) and is_title(title, set_off=False):
            yield Said(start=start, end=start + len(title), text=title)
    is_entry = not head.strip(" [(*_`")
    if is_entry and (found := _AFTER.match(after)) and is_title(found["text"], set_off=False):
        yield Said(start=end + found.start("text"), end=end + found.end("text"), text=found["text"])
