"""What of a paper is read beside a claim, and in which form a cross-encoder reads the two."""

from __future__ import annotations

from dataclasses import dataclass

from litwatch.bert.wordpiece import WordPiece
from litwatch.judge.reading import Idf, stems
from litwatch.model import Paper
from litwatch.text import sentences

MOST = 208
"""Tokens of claim and paper together: five sentences of a middling abstract beside its title."""
_CLAIM, _TITLE = 72, 36
# Evidence stands late in an abstract: among the five best by shared words and this much for the place, 92 % of the
# judged evidence sentences are found; by shared words alone 86 %, by place alone 90 %.
_PLACE = 0.2
# A sentence is cut short only where that leaves it so many tokens, and looked for only while so many are free.
_WORTH_CUTTING, _WORTH_READING, _LEAST = 24, 12, 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """[CLS] claim [SEP] title [SEP] sentence [SEP] sentence … [SEP], the sentences in the order of the abstract."""

    tokens: tuple[int, ...]
    claim: int
    """How many of the tokens are the claim's, with those that begin and end it."""
    units: tuple[int, ...]
    """What is read: 0 for the title, else the sentence's number in the abstract from 1."""
    ends: tuple[int, ...]
    """For each unit, the index of the token that ends it."""


def passage(claim: str, paper: Paper, pieces: WordPiece, idf: Idf) -> Passage:
    """The claim beside the title and those sentences that are likeliest to bear on it, as far as there is room."""
    stated = pieces.pieces(claim, most=_CLAIM)
    title = pieces.pieces(paper.title, most=_TITLE)
    abstract = sentences(paper.abstract)
    free = MOST - len(stated) - len(title) - 3
    chosen: dict[int, list[int]] = {}
    for number in _likeliest(claim, abstract, idf):
        read = pieces.pieces(abstract[number], most=MOST)
        if len(read) + 1 > free:
            if chosen and free <= _WORTH_CUTTING:
                continue
            read = read[: max(free - 1, _LEAST)]
        chosen[number] = read
        free -= len(read) + 1
        if free < _WORTH_READING:
            break
    tokens = [pieces.start, *stated, pieces.end]
    beginning = len(tokens)
    units, ends = [], []
    for unit, read in [(0, title), *((number + 1, chosen[number]) for number in sorted(chosen))]:
        tokens += [*read, pieces.end]
        units.append(unit)
        ends.append(len(tokens) - 1)
    return Passage(tokens=tuple(tokens), claim=beginning, units=tuple(units), ends=tuple(ends))


def _likeliest(claim: str, abstract: tuple[str, ...], idf: Idf) -> list[int]:
    """All sentences, by the share of the claim's stems, weighed by idf, that they hold, and by how late they stand."""
    weights = {stem: idf(stem) for stem in set(stems(claim))}
    total = sum(weights.values()) or 1.0
    last = max(1, len(abstract) - 1)

    def merit(number: int) -> float:
        held = set(stems(abstract[number]))
        return sum(weights[stem] for stem in weights if stem in held) / total + _PLACE * number / last

    return sorted(range(len(abstract)), key=lambda number: (-merit(number), number))
