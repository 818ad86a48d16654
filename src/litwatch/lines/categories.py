"""Which arXiv categories a line should watch, told from its words and from the categories of its anchors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

from litwatch.lines.claims import content_words
from litwatch.model import Line

_ANCHORS_WEIGH = 0.5
"""Of the whole, where the categories of anchors are known: what a line rests on tells its field as well as its
words do."""
_LIFT = 4.0
"""How far words move a category away from its size: at 1 the largest categories are proposed for every line, at 10
small ones that few papers stand in."""
_UNLISTED = 0.01
"""Share taken for a category that the table leaves out with a word: between none and the least listed share."""


@dataclass(frozen=True, kw_only=True)
class CategoryWords:
    """In which categories the papers that use a word stand."""

    papers: int
    counts: dict[str, int]
    """Papers of each category."""
    shares: dict[str, tuple[int, dict[str, float]]]
    """Stem → (papers with it, {category: share of them}); shares below 2 % are left out."""


@cache
def category_words() -> CategoryWords:
    """The bundled table; `tools/build_category_words.py` says how it was made."""
    table = json.loads(files("litwatch.lines").joinpath("category_words.json").read_text(encoding="ascii"))
    names = list(table["categories"])
    return CategoryWords(
        papers=table["papers"],
        counts=table["categories"],
        shares={
            word: (row[0], {names[at]: percent / 100 for at, percent in zip(row[1::2], row[2::2], strict=True)})
            for word, row in table["words"].items()
        },
    )


def propose_categories(
    line: Line, *, limit: int = 5, anchor_categories: Sequence[Sequence[str]] = ()
) -> tuple[str, ...]:
    """At most `limit` categories, the likeliest first; none where no word of the line is known.

    A category's score is its share of all papers times its lift to the power of `_LIFT`: the lift is the geometric
    mean, over the words of the line, of (share among the papers that use the word / share among all), words weighed
    by ln(papers / papers with the word). anchor_categories, one sequence a paper, are averaged in.
    """
    table = category_words()
    words = Counter(content_words(" ".join((line.question, line.about, *(claim.full_text for claim in line.claims)))))
    weights = {
        word: (1 + log(times)) * log(table.papers / table.shares[word][0])
        for word, times in words.items()
        if word in table.shares
    }
    total = sum(weights.values())
    scores: dict[str, float] = {}
    for category, count in table.counts.items() if total else ():
        common = count / table.papers
        lift = sum(
            weight * log(table.shares[word][1].get(category, min(_UNLISTED, common)) / common)
            for word, weight in weights.items()
        )
        scores[category] = common * exp(_LIFT * lift / total)
    whole = sum(scores.values())
    proposed = {category: score / whole for category, score in scores.items()}
    cited = [categories for categories in anchor_categories if categories]
    if cited:
        proposed = {category: (1 - _ANCHORS_WEIGH) * score for category, score in proposed.items()}
        for categories in cited:
            for category in categories:
                proposed[category] = proposed.get(category, 0.0) + _ANCHORS_WEIGH / sum(map(len, cited))
    return tuple(sorted(proposed, key=lambda category: (-proposed[category], category))[:limit])
