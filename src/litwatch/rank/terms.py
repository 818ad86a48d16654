"""The words by which a line asks arXiv's search for its papers."""

from __future__ import annotations

from litwatch.model import Line
from litwatch.rank.background import Background
from litwatch.rank.queries import line_text, line_vector
from litwatch.rank.words import bare, singular, stem, words

LIMIT = 60
REACH = 0.5
"""Measured on the judged lines and stream-2025: 45 words a line fetch 28 % of the records, with 99 % of the papers
that bear directly on a claim. (0.4: 24 % and 98 %; 0.25: 16 % and 97 %.)"""

_MOST_COMMON = 0.2
"""A word that a greater share of the papers has tells too little for what it fetches."""


def search_terms(line: Line, background: Background, *, limit: int = LIMIT, reach: float = REACH) -> tuple[str, ...]:
    """The words of a line whose papers, taken together, hold nearly all that bears on it; heaviest first.

    They are lower-case and as the line writes them, for arXiv's search takes off no more than a plural "s". limit:
    words at most. reach: what their shares of the background's papers add up to at most, so that about as much is
    fetched for one line as for another.
    """
    weights = line_vector(line, background)
    forms: dict[str, str] = {}
    for word in words(line_text(line)):
        if stem(word) in weights:
            forms.setdefault(singular(bare(word)), bare(word))
    terms: list[str] = []
    left = reach
    for form in sorted(forms.values(), key=lambda form: (-weights[stem(form)], form)):
        share = background.share(stem(form))
        if share <= min(left, _MOST_COMMON) and len(terms) < limit:
            terms.append(form)
            left -= share
    return tuple(terms)
