"""Statements → claims: which of them say the same, and under which ids they are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import log

import snowballstemmer

from litwatch.model import Claim, ClaimKind, Finding

RESTATES = 0.32
"""Share of a finding's weight (`overlap`) from which on it restates a note. On two real pages with eighteen notes,
all eleven findings that restate a note reach 0.36 to 0.61 with it and at most 0.27 with any other."""

SAME = 0.5
"""Overlap in both directions from which on two claims are one in two wordings; different notes of those pages reach
0.31."""

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+(?:\.\d+)?")
_EMPTY = frozenset(
    _WORD.findall(
        "a about above after again all also although an and any are as at be because been before being both but "
        "by can cannot could did do does doing down during each either even few for from further had has have "
        "having he her here hers him his how however i if in instead into is it its itself just less like may "
        "might more most much must my no nor not of off on once one only or other our out over own per rather "
        "same she should since so some such than that the their them then there these they this those though "
        "through to too under until up upon us used using very via was we well were what when where whether which "
        "while who whom whose why will with within without would yet you your"
    )
)

_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=4_000)
def content_words(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, and numbers, in order, with repetition."""
    words = (word.removesuffix("'s") for word in _WORD.findall(text.lower()))
    return tuple(_stem(word) for word in words if word not in _EMPTY and (len(word) > 1 or word.isdigit()))


def rarity(texts: Iterable[str]) -> Counter[str]:
    """In how many of the texts each content word stands."""
    return Counter(word for text in texts for word in set(content_words(text)))


def overlap(part: str, whole: str, found_in: Mapping[str, int]) -> float:
    """Share of the weight of `part`'s words that stand in `whole` as well, 0 to 1.

    found_in: in how many of the texts compared each word stands; a word weighs 1 / (1 + ln n), and a number twice
    that: two statements that give the same figure hardly mean different things.
    """
    words = set(content_words(part))

    def weight(word: str) -> float:
        return (2.0 if word[0].isdigit() else 1.0) / (1.0 + log(max(1, found_in.get(word, 1))))

    total = sum(map(weight, words))
    return sum(map(weight, words & set(content_words(whole)))) / total if total else 0.0


def claims_of(notes: Sequence[Claim], findings: Sequence[Finding]) -> tuple[Claim, ...]:
    """Notes, then the findings that restate none of them, as claims c1, c2 and so on.

    A finding that restates a note is attached to the one that it overlaps most; repetitions of a statement are
    dropped.
    """
    claims = list({(note.title, note.text): note for note in notes}.values())
    found_in = rarity(note.full_text for note in claims)
    texts = [note.full_text for note in claims]
    own: list[Claim] = []
    for finding in dict.fromkeys(findings):
        scores = [overlap(finding.text, text, found_in) for text in texts]
        best = max(range(len(scores)), key=scores.__getitem__, default=-1)
        if best >= 0 and scores[best] >= RESTATES:
            claims[best] = replace(claims[best], findings=(*claims[best].findings, finding))
        else:
            own.append(Claim(id="", kind=ClaimKind.FINDING, text=finding.text, dated=finding.dated))
    return tuple(replace(claim, id=f"c{number}") for number, claim in enumerate([*claims, *own], 1))


def counterparts(held: Sequence[Claim], read: Sequence[Claim]) -> dict[int, int]:
    """Which claim of `held` each claim of `read` is, as {index in read: index in held}; the most alike first.

    Two claims are one where statement and title are equal, or where they overlap by at least `SAME` both ways.
    """
    ours, theirs = [_wording(claim) for claim in held], [_wording(claim) for claim in read]
    found_in = rarity((*ours, *theirs))
    alike: list[tuple[float, int, int]] = []
    for there, text in enumerate(theirs):
        for here, other in enumerate(ours):
            likeness = 2.0 if text == other else min(overlap(text, other, found_in), overlap(other, text, found_in))
            if likeness >= SAME:
                alike.append((-likeness, there, here))
    pairs: dict[int, int] = {}
    for _, there, here in sorted(alike):
        if there not in pairs and here not in pairs.values():
            pairs[there] = here
    return pairs


def _wording(claim: Claim) -> str:
    return f"{claim.title} {claim.text}".strip()
