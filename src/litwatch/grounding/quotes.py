"""What stands in quotation marks in a block, and which of the papers that it names can be meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from litwatch.grounding.entries import Said, in_title_case, joins
from litwatch.text import squeeze

_QUOTED = re.compile(r"(?<![\w\"])\"(?=[^\s\"])(?P<text>[^\"]{3,1500}?)(?<=\S)\"(?![\w\"])")
_NOT_ITS_WORDS = re.compile(
    r"(?:\b(?:(?:claims?|questions?|prompt|page|notes?|hypothesis|assumption|belief|statements?|your|my|c[0-9]{1,3}"
    r"|idea|notion|view|against|unlike|rather than|instead of|opposite of|contrary to|leaves? behind|left behind)"
    r"|(?:contradict|challeng|refut|supersed|overturn|weaken|disput|support|undermin|rebut|qualif|den|reject|dismiss"
    r"|falsif|invalidat|counter|outdat)(?:es|s|ed|ing|e|ies|ied|y)?"
    r"|you (?:wrote|write|said|say|stated?|claimed|hold|held|believed?|assert|asserted))"
    r"(?:\s+that)?\b|(?:\b(?:not|never|nor|cannot|nowhere)|n't)(?:\s+\w+){0,3})[\s,:*_(|\u2013\u2014-]*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[\s>*_+|\u2022-]*(?P<label>[A-Za-z][\w/ '-]{1,40}?)[*_`]*(?:[ ]\([^()\n]{1,40}\))?[*_`]*[ ]?:")
_OF_THE_READER = re.compile(
    r"(?!.*\bby$)(?:.*\b)?(?:claims?|claimed|questions?|prompt|hypothes[ie]s|contradict\w*|supports?|supersed\w*"
    r"|challeng\w*|refut\w*|weaken\w*|overturn\w*|bears on|affects?|targets?|strikes|you|your|my|page|search\w*"
    r"|quer(?:y|ies)|original|statement|belief|assumption|line|suggest\w*|propos\w*|wording|rephras\w*|reword\w*)\b",
    re.IGNORECASE,
)
_LONGEST_LINE = 200
"""Characters before a quotation in which its line's label is looked for."""
_STOP = re.compile(r"(?<!al)[.!?][\s\"')\]]+(?=[A-Z\"(\[])")
_FEWEST_QUOTED = 5
"""Words from which on what is quoted is a quotation, and no term in quotation marks."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    text: str
    others: tuple[str, ...] = ()
    """The papers that are cited with it, too, and may be the ones quoted."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A place in a block that names a paper: by its id, or by a number that a list of references explains."""

    start: int
    end: int
    arxiv_id: str
    """ "" of what is no paper of arXiv."""


def quoted(text: str) -> list[Said]:
    """All that stands in quotation marks but for what is said to be the reader's, or asks; with the marks' places."""
    return [
        Said(start=found.start(), end=found.end(), text=found["text"])
        for found in _QUOTED.finditer(text)
        if not is_readers(text, found.start(), found["text"])
    ]


def quotes_in(text: str) -> list[Said]:
    """What is quoted of some length, and looks like no title: of a work that is named without an id, most likely."""
    return [said for said in quoted(text) if len(said.text.split()) >= _FEWEST_QUOTED and not in_title_case(said.text)]


def is_readers(text: str, start: int, words: str) -> bool:
    """Whether what is quoted from `start` on is told as what the reader holds, or what the paper does not say; or
    asks, and is no title that does."""
    asks = words.endswith("?") and not in_title_case(words)
    if asks or _NOT_ITS_WORDS.search(text[max(0, start - 40) : start]):
        return True
    line = text[max(text.rfind("\n", 0, start) + 1, start - _LONGEST_LINE) : start]
    label = _LABEL.match(line)
    return label is not None and is_of_reader(label["label"])


def is_of_reader(label: str) -> bool:
    """Whether a label stands before what the reader holds or asks, or may hold instead."""
    return _OF_THE_READER.match(label) is not None


def whose(text: str, quotes: Sequence[Said], sources: Sequence[Source]) -> Iterator[tuple[str, Quote]]:
    """Each quotation with the paper that it is likeliest of: one named in the same sentence, else the nearest that is
    named before; behind rather than before, as citations stand. Of none where a source of the sentence cannot be
    looked up.

    sources: of the block, in order.
    """
    stops = [stop.start() for stop in _STOP.finditer(text)]
    starts = [source.start for source in sources]
    for quote in quotes:

        def between(source: Source, quote: Said = quote) -> int:
            """Full stops between both."""
            low, high = (quote.end, source.start) if source.start >= quote.end else (source.end, quote.start)
            return bisect_left(stops, max(low, high)) - bisect_left(stops, low)

        behind = bisect_left(starts, quote.end)
        before = bisect_left(starts, quote.start)
        near = [*sources[max(0, before - 1) : before], *sources[behind : behind + 1]]
        likely = [
            (between(one), _gap(quote, one), one)
            for one in near
            if one.start < quote.end or not between(one) or joins(text[quote.end : one.start])
        ]
        if not likely:
            continue
        stops_between, _, nearest = min(likely, key=lambda far: far[:2])
        # Where the sentence names none, all that the block names may be meant.
        meant = sources if stops_between else _in_sentence(sources, before, behind, between)
        others = dict.fromkeys(one.arxiv_id for one in meant if one.arxiv_id != nearest.arxiv_id)
        if nearest.arxiv_id and "" not in others:
            yield nearest.arxiv_id, Quote(text=tidy(quote.text), others=tuple(others))


def tidy(text: str) -> str:
    return squeeze(text).strip(" *_").rstrip(",;").strip()


def _gap(quote: Said, source: Source) -> int:
    return source.start - quote.end - 1 if source.start >= quote.end else quote.start - source.end


def _in_sentence(sources: Sequence[Source], before: int, behind: int, between: Callable[[Source], int]) -> list[Source]:
    """Those around a quotation with no full stop between."""
    left = takewhile(lambda one: not between(one), (sources[at] for at in range(before - 1, -1, -1)))
    right = takewhile(lambda one: not between(one), (sources[at] for at in range(behind, len(sources))))
    return [*left, *right]
