"""What a block of text says of a paper beside its id: a title that is marked as one, and the year.

Quoted words that may be a title or a quotation are told as one of them, and what is known of the paper settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from litwatch.grounding.entries import (
    JOINING,
    Said,
    in_reference,
    in_title_case,
    is_set_off,
    is_title,
    joins,
    may_be,
    unmarked,
)
from litwatch.grounding.ids import Place
from litwatch.grounding.quotes import Quote, quoted, quotes_in, tidy

_YEAR = r"(?P<year>(?:19[89]|20[0-9])[0-9])[a-z]?"
_STRONG = re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])(?P<text>[^*]{3,400}?)(?<=\S)\*{1,3}(?![\w*])")
_UNDERLINED = re.compile(r"(?<![\w_])_{1,2}(?=[^\s_])(?P<text>[^_]{3,400}?)(?<=\S)_{1,2}(?![\w_])")
_LINK = re.compile(r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\]){3,400}?)\]\(<?(?=[^()\s]*$)")
_LABEL = re.compile(
    r"(?:^|\s)[*_]*title[*_]*\s*:[*_\s]*(?P<text>\S.{2,400}?)\s*(?=\n|\||\s[*_]+\w+[*_]*:|$)", re.IGNORECASE
)
_LABELLED_YEAR = re.compile(
    rf"(?:^|\s)[*_]*(?:year|date|published)[*_]*\s*:[*_\s]*[^\n]{{0,20}}?\b{_YEAR}\b", re.IGNORECASE
)
_IN_BRACKETS = re.compile(rf"\((?:(?P<names>[^()=]{{0,200}}?)[\s,;])?{_YEAR}(?P<more>\s*[,;][^()]{{0,200}})?\)")
_AUTHORS_YEAR = re.compile(rf"\bet al\.?,? \(?{_YEAR}\b")
_BEHIND = re.compile(
    rf"[\s\])}}\"'*_`]{{0,6}}(?:\[[\w.-]{{2,12}}\][\s,.;]{{0,3}})?[,.;]?\s?\(?{_YEAR}\)?"
    r"(?=[.,;:)\]|]|\s(?![a-z])|$)"
)
_BLOCK_START = re.compile(
    r"[\s>|#]*(?:[-*+\u2022\u2013\u2014\u25cf\u25aa]\s+|\(?[0-9]{1,3}[.)]\s+|\[(?:[0-9]{1,3}|\^\w{1,20})\]:?\s*)?"
)
_REPORTS = re.compile(
    r"\b(?:that|states?|stated|says?|said|writes?|wrote|reports?|reported|finds?|found|concludes?|concluded|claims?"
    r"|claimed|argues?|argued|notes?|noted|shows?|showed|observes?|observed|warns?|quotes?|quoted|quotation|verbatim"
    r"|sentence|abstract|evidence|claim|question|page|prompt|is|are|was|were|than|of|where)[\s,:*_(-]*$",
    re.IGNORECASE,
)
_LONGEST_TOLD = 40
"""Characters before a quotation that are looked at for a verb of saying."""
_SAME_CLUSTER = 60


@dataclass(kw_only=True)
class Cluster:
    """Places of one id that follow each other, as of a link and its text."""

    start: int
    end: int
    arxiv_id: str
    titles: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Marks:
    """All that is set off in a block, in order."""

    labelled: Sequence[Said]
    quoted: Sequence[Said]
    strong: Sequence[Sequence[Said]]
    """By asterisks, and by lines below."""


def clusters_of(text: str, places: Sequence[Place]) -> list[Cluster]:
    """places: of one block, in order, as they stand in its text."""
    found: list[Cluster] = []
    for place in places:
        last = found[-1] if found else None
        if last and last.arxiv_id == place.arxiv_id and _is_one(text[last.end : place.start]):
            last.end = place.end
        else:
            found.append(Cluster(start=place.start, end=place.end, arxiv_id=place.arxiv_id))
    return found


def _is_one(between: str) -> bool:
    return len(between) <= _SAME_CLUSTER and not re.search(r"\w{4}", JOINING.sub("", between)) and '"' not in between


def read_beside(text: str, clusters: Sequence[Cluster]) -> list[Said]:
    """Gives each cluster the title and the year that the block says of it; returns what is left of quotations."""
    edges = [0, *(cluster.end for cluster in clusters)]
    follows = [*(cluster.start for cluster in clusters[1:]), len(text)]
    marks = _Marks(
        labelled=_marked(_LABEL, text),
        quoted=quoted(text),
        strong=(_marked(_STRONG, text), _marked(_UNDERLINED, text)),
    )
    labelled_year = _LABELLED_YEAR.search(text) if "\n" in text else None
    used: list[Said] = []
    for cluster, low, high in zip(clusters, edges, follows, strict=False):
        title = next((s for s in _titles(text, cluster, low, high, marks) if not _overlaps(s, used)), None)
        if title:
            cluster.titles.append(tidy(title.text))
            used.append(title)
        cluster.years += _years(text, cluster, low, high, title, labelled_year)
    return [said for said in quotes_in(text) if not _overlaps(said, used)]


def _overlaps(said: Said, others: Sequence[Said]) -> bool:
    return any(other.start < said.end and said.start < other.end for other in others)


def _titles(text: str, cluster: Cluster, low: int, high: int, marks: _Marks) -> Iterator[Said]:
    """What is marked as the title of the cluster's paper between `low` and `high`, the likeliest first."""
    before, after = text[low : cluster.start], text[cluster.end : high]
    opening = _BLOCK_START.match(before) if low == 0 else None
    start = low + opening.end() if opening else low
    yield from marks.labelled
    if (link := _LINK.search(before)) and is_title(link["text"], set_off=is_set_off(text, low + link.start(), start)):
        yield Said(start=low + link.start("text"), end=low + link.end("text"), text=link["text"])
    if said := _last(marks.quoted, low, cluster.start):
        told = text[max(0, said.start - _LONGEST_TOLD) : said.start]
        is_told = _REPORTS.search(told) is not None and not in_title_case(said.text)
        if joins(text[said.end : cluster.start]) and may_be(said.text) and not is_told:
            yield said
    if (said := _first(marks.quoted, cluster.end, high)) and joins(text[cluster.end : said.start]):
        # A sentence in a line of its own is none, though it begins as one.
        in_line = "\n" not in text[cluster.end : said.start] or in_title_case(said.text)
        yield from [said] if may_be(said.text) and in_line else []
    for strong in marks.strong:
        if said := _last(strong, low, cluster.start):
            gap, set_off = text[said.end : cluster.start], is_set_off(text, said.start, start)
            if joins(gap) and not gap.lstrip().startswith(":") and is_title(said.text, set_off=set_off):
                yield said
        if (said := _first(strong, cluster.end, high)) and joins(text[cluster.end : said.start]):
            yield from [said] if is_title(said.text, set_off=False) else []
    yield from in_reference(text, start, cluster.start)
    yield from unmarked(text, start, cluster.start, cluster.end, after)


def _last(said: Sequence[Said], low: int, high: int) -> Said | None:
    return next((one for one in reversed(said) if low <= one.start and one.end <= high), None)


def _first(said: Sequence[Said], low: int, high: int) -> Said | None:
    return next((one for one in said if low <= one.start and one.end <= high), None)


def _years(
    text: str, cluster: Cluster, low: int, high: int, title: Said | None, labelled: re.Match[str] | None
) -> list[int]:
    """The year with which a paper is cited: in one pair of brackets with its id, or beside id or title."""
    found = []
    for said in _IN_BRACKETS.finditer(text, low, high):
        around = said.start() < cluster.start and cluster.end <= said.end()
        if not around and (said["more"] or not joins(said["names"] or "")):
            continue
        if low and said.end() <= cluster.start and joins(text[low : said.start()]):
            continue  # the year of the paper before
        behind = cluster.end <= said.start() and joins(text[cluster.end : said.start()])
        before = said.end() <= cluster.start and joins(text[said.end() : cluster.start])
        if title and title.end <= said.start():
            before = said.end() <= cluster.start and joins(text[title.end : said.start()])
        elif title and said.end() <= title.start:
            before = not re.search(r"\w", text[said.end() : title.start])
        if around or behind or before:
            found.append(int(said["year"]))
    if not found:
        found += [int(year["year"]) for year in _years_written(text, cluster, low, high, labelled) if year]
    return found[:1]


def _years_written(
    text: str, cluster: Cluster, low: int, high: int, labelled: re.Match[str] | None
) -> Iterator[re.Match[str] | None]:
    """Without brackets: right behind the id, with names before it, or as a field of its own."""
    yield _BEHIND.match(text, cluster.end, high)
    authors = _AUTHORS_YEAR.search(text, low, cluster.start)
    yield authors if authors and joins(text[authors.end() : cluster.start]) else None
    yield labelled


def _marked(pattern: re.Pattern[str], text: str) -> list[Said]:
    """Its group `text` alone where it is a label's; else with its marks."""
    group: str | int = "text" if pattern is _LABEL else 0
    return [
        Said(start=found.start(group), end=found.end(group), text=found["text"]) for found in pattern.finditer(text)
    ]
