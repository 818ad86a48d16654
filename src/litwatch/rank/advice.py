"""What a line's words and categories have to do with its being too broad or too narrow, as its reader can mend it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np

from litwatch.model import Claim, Line
from litwatch.rank.background import Background
from litwatch.rank.breadth import Floats
from litwatch.rank.queries import line_text, line_vector
from litwatch.rank.reference import Reference
from litwatch.rank.words import bare, stem, stems, words

_NAMED = 3
"""Words of a kind that are named at most; more are not read."""
_CARRIES = 0.1
"""Share of what the matches have in common with the line, at least, for a word to be named as carrying them."""
_RARE = 0.01
"""Share of arXiv's papers that have a word which narrows a line, at most."""
_HARDLY_KNOWN = 10
"""Papers of the background; a word that fewer have is rare, or none."""
_MEANT_BY_UNKNOWN, _MEANT_BY_RARE = 50, 1000
"""Papers of the background with a word, at least, for one that none or hardly any has to be a slip of it; where the
slip is in the ending, which makes other words too, the latter."""
_SHORTEST, _LONGEST = 6, 30
"""Letters of a word that may be a slip; too many shorter ones lie near to each other, and no word is longer."""
_LOOSE = 0.15
"""Share of the matches that a category brings alone, at least, to be named for bringing no close one."""
_FEW_STEMS = 5
"""A claim with fewer says too little; those of the judged lines have 16 and more."""
_BRIEF_LINE = 10
"""A line with fewer stems in all gives ranking little to go by."""
_LEANING = frozenset(["it", "its", "such", "that", "their", "these", "they", "this", "those"])


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Words are as the line writes them."""

    carriers: tuple[str, ...] = ()
    """Those that most of the matches have in common with the line, heaviest first."""
    rarer: tuple[str, ...] = ()
    """Other words of the line, which few papers have."""
    loose: tuple[str, ...] = ()
    """Categories that bring many matches and hardly a close one."""
    short: tuple[str, ...] = ()
    """Ids of claims of few words."""
    unknown: tuple[tuple[str, str], ...] = ()
    """(word that hardly a paper has, the word that it may be a slip of or "")."""
    elsewhere: tuple[str, ...] = ()
    """Categories of papers that match, none of which the line watches."""
    brief: bool = False
    """Whether the line has few words in all."""


def advice_to_narrow(line: Line, scores: Floats, floor: float, background: Background, reference: Reference) -> Advice:
    """For a line that is too broad. scores: of each paper of the reference for it."""
    matched = (scores >= floor) & reference.within(line.categories)
    vector = line_vector(line, background)
    named = _written(line)
    carriers: list[str] = []
    if vector and matched.any():
        weights = reference.weights(tuple(vector), background)[np.flatnonzero(matched)]
        means = np.asarray(weights.mean(axis=0)).ravel()
        parts = {
            term: (mean - background.share(term)) * weight
            for mean, (term, weight) in zip(means, vector.items(), strict=True)
        }
        whole = sum(part for part in parts.values() if part > 0)
        heaviest = sorted(parts, key=lambda term: (-parts[term], term))[:_NAMED]
        carriers = [term for term in heaviest if parts[term] >= _CARRIES * whole > 0]
    rare = [
        term
        for term in sorted(vector, key=lambda term: (-vector[term], term))
        if term not in carriers and background.frequencies.get(term, 0) >= _HARDLY_KNOWN
        if background.share(term) <= _RARE
    ]
    return Advice(
        carriers=tuple(_plain(named.get(term, term)) for term in carriers),
        rarer=tuple(_plain(named.get(term, term)) for term in rare[:_NAMED]),
        loose=_loose(line, np.where(matched, scores, 0.0), reference),
        short=tuple(claim.id for claim in line.open_claims if len(set(stems(claim.full_text))) < _FEW_STEMS),
    )


def advice_to_widen(line: Line, scores: Floats, floor: float, background: Background, reference: Reference) -> Advice:
    """For a line that is too narrow. scores: of each paper of the reference for it."""
    vector = line_vector(line, background)
    named = _written(line)
    rare = [
        named.get(term, term)
        for term in sorted(vector, key=lambda term: (background.frequencies.get(term, 0), -vector[term], term))
        if background.frequencies.get(term, 0) < _HARDLY_KNOWN
    ]
    outside = np.flatnonzero((scores >= floor) & ~reference.within(line.categories))
    fitting = Counter(category for row in outside for category in reference.categories[row])
    return Advice(
        unknown=tuple((word, meant(word, background)) for word in rare[:_NAMED]),
        elsewhere=tuple(category for category, count in fitting.most_common(_NAMED) if count >= _NAMED),
        brief=len(vector) < _BRIEF_LINE,
    )


def leaning_claims(line: Line) -> tuple[Claim, ...]:
    """Short claims that begin with "they", "it" or the like: by themselves they do not say what they are about, and
    each claim is matched by itself too."""
    return tuple(
        claim
        for claim in line.open_claims
        if (read := words(claim.full_text)) and bare(read[0]) in _LEANING
        if len(set(stems(claim.full_text))) < _FEW_STEMS
    )


def meant(word: str, background: Background) -> str:
    """The word of many papers that differs from this rare one by a letter, or by two that changed places; "" where
    there is none, or this word is a short one, an abbreviation or not rare."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii() or not word.isalpha() or not word[1:].islower():
        return ""
    own, frequencies = stem(word), background.frequencies
    if frequencies.get(own, 0) >= _HARDLY_KNOWN:
        return ""
    enough, near = _MEANT_BY_RARE if own in frequencies else _MEANT_BY_UNKNOWN, _slips(own)
    order: dict[str, tuple[bool, int, bool, int, str]] = {}
    for form in _slips(word.lower()):
        count = frequencies.get(stemmed := stem(form), 0)
        if stemmed != own and count >= (enough if stemmed in near else _MEANT_BY_RARE):
            # A letter is doubled, dropped or moved more often than taken for another.
            another = len(form) == len(word) and sorted(form) != sorted(word.lower())
            order[form] = (another, -count, form != stemmed, abs(len(form) - len(word)), form)
    return min(order, key=order.__getitem__, default="")


def _slips(word: str) -> set[str]:
    """All that differs from a word by one letter, more or less or another, or by two neighbours that changed places."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1),
        *(left + letter + right[1:] for left, right in parts if right for letter in ascii_lowercase),
        *(left + letter + right for left, right in parts for letter in ascii_lowercase),
    } - {word}


def _written(line: Line) -> dict[str, str]:
    """Each stem of the line to the word that it first stands for there."""
    named: dict[str, str] = {}
    for word in words(line_text(line)):
        named.setdefault(stem(word), word)
    return named


def _plain(word: str) -> str:
    """In lower case, for a word that a sentence may begin with; an abbreviation as it is."""
    return bare(word) if word[1:].islower() else word


def _loose(line: Line, scores: Floats, reference: Reference) -> tuple[str, ...]:
    """Categories that alone bring many of the matches and, of the best tenth, less than half as many.

    scores: of each paper of the reference that matches, 0 for the others.
    """
    matched = scores > 0
    if len(line.categories) < 2 or not matched.any():
        return ()
    close = matched & (scores >= np.quantile(scores[matched], 0.9))
    found = []
    for category in line.categories:
        others = [other for other in line.categories if other != category]
        alone = reference.within([category]) & ~reference.within(others)
        share = np.count_nonzero(alone & matched) / np.count_nonzero(matched)
        if share >= _LOOSE and np.count_nonzero(alone & close) / np.count_nonzero(close) < share / 2:
            found.append(category)
    return tuple(found)
