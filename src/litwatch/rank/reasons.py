"""Why a paper matches a line, in the paper's own words, and why one may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from litwatch.model import Paper
from litwatch.rank.weights import Columns
from litwatch.rank.words import singular, words
from litwatch.text import sentences

_TERMS_SHOWN = 8
_LENGTH_COUNTS = 0.3
_END_COUNTS = 0.5
_NEAR_COUNTS = 2.0


def surfaces(paper: Paper, columns: Columns) -> dict[int, str]:
    """Column to its term as the paper first writes it, lower-case unless it has capitals within, as a name does."""
    found: dict[int, str] = {}
    for word in (*words(paper.title), *words(paper.abstract)):
        if (column := columns[word]) >= 0:
            found.setdefault(column, word if word[1:] != word[1:].lower() else word.lower())
    return found


def shared_terms(
    places: NDArray[np.int32], parts: NDArray[np.float64], written: Mapping[int, str]
) -> tuple[tuple[str, float], ...]:
    """(term, share of the score), heaviest first, at most eight.

    places: the columns of the paper's terms. parts: what each adds to the product. written: from `surfaces`.
    """
    parts = np.maximum(parts, 0.0)
    if not (total := parts.sum()):
        return ()
    heaviest = np.argsort(-parts, kind="stable")[:_TERMS_SHOWN]
    return tuple((written[int(places[n])], round(float(parts[n] / total), 4)) for n in heaviest if parts[n] > 0)


Sentence = tuple[str, frozenset[int], int]
"""A sentence, the columns of its terms, and how many words it has."""


def read_sentences(paper: Paper, columns: Columns) -> tuple[Sentence, ...]:
    """The sentences of the abstract, or the title where there is no abstract."""
    found = []
    for sentence in sentences(paper.abstract) or (paper.title,):
        said = words(sentence)
        found.append((sentence, frozenset(c for word in said if (c := columns[word]) >= 0), len(said)))
    return tuple(found)


def telling_sentence(
    read: Sequence[Sentence],
    places: NDArray[np.int32],
    parts: NDArray[np.float64],
    near: NDArray[np.float64] | None = None,
) -> str:
    """The sentence whose terms add most to the product, for its length and place, and that comes nearest by meaning.

    near: of the title and the first sentences, how near each comes; None where that is not known.

    A long sentence must add more than a short one, and one from the beginning more than one from the end: an
    abstract opens with what others did and ends with what it found.
    """
    worth = {int(place): max(float(part), 0.0) for place, part in zip(places, parts, strict=True)}
    told = np.zeros(len(read))
    for number, (_, columns, length) in enumerate(read):
        told[number] = sum(worth.get(column, 0.0) for column in columns) / (length + 1) ** _LENGTH_COUNTS
        told[number] *= 1 + _END_COUNTS * (number + 1) / len(read)
    if near is not None and len(near) > 1 and told.max() > 0:
        told = told / told.max()
        told[: len(near) - 1] += _NEAR_COUNTS * near[1 : len(read) + 1]
    return read[int(told.argmax())][0]


def has_term(paper: Paper, terms: Sequence[str]) -> bool:
    """Whether title or abstract has one of these words or phrases, whatever its case, hyphens and plurals."""
    if not terms:
        return False
    text = f"{_normal(paper.title)} | {_normal(paper.abstract)}"
    return any(f" {wanted} " in f" {text} " for term in terms if (wanted := _normal(term)))


def _normal(text: str) -> str:
    return " ".join(singular(word) for word in words(text))
