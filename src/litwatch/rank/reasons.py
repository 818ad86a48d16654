"""Why a paper matches a line, in the paper's own words, and why one may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Sentences:
    """The sentences of an abstract, or the title where there is no abstract."""

    texts: tuple[str, ...]
    columns: NDArray[np.intp]
    """Of the terms of each sentence, one sentence after the other, none twice in one."""
    numbers: NDArray[np.intp]
    """For each of these, the number of its sentence, from 0."""
    counts: NDArray[np.float64]
    """Per sentence, what its terms count for its length and place.

    A long sentence must add more than a short one, and one from the beginning more than one from the end: an
    abstract opens with what others did and ends with what it found.
    """


def read_sentences(paper: Paper, columns: Columns) -> Sentences:
    texts = sentences(paper.abstract) or (paper.title,)
    said = [words(text) for text in texts]
    terms = [sorted({c for word in each if (c := columns[word]) >= 0}) for each in said]
    lengths = np.array([len(each) for each in said])
    places = np.arange(1, len(texts) + 1) / len(texts)
    return Sentences(
        texts=tuple(texts),
        columns=np.array([column for each in terms for column in each], dtype=np.intp),
        numbers=np.repeat(np.arange(len(texts)), [len(each) for each in terms]),
        counts=(1 + _END_COUNTS * places) / (lengths + 1) ** _LENGTH_COUNTS,
    )


def telling_sentence(
    read: Sentences,
    places: NDArray[np.int32],
    parts: NDArray[np.float64],
    near: NDArray[np.float64] | None = None,
) -> str:
    """The sentence whose terms add most to the product, for its length and place, and that comes nearest by meaning.

    places: the columns of the paper's terms, increasing. parts: what each adds to the product. near: of the title and
    the first sentences, how near each comes; None where that is not known.
    """
    worth = np.zeros(len(read.columns))
    if len(places):
        # A word of a sentence by itself may be none of the whole abstract: LaTeX may join it to the one before.
        at = np.minimum(np.searchsorted(places, read.columns), len(places) - 1)
        worth = np.where(places[at] == read.columns, np.maximum(parts[at], 0.0), 0.0)
    told = np.bincount(read.numbers, weights=worth, minlength=len(read.texts)) * read.counts
    if near is not None and len(near) > 1 and (most := told.max()) > 0:
        told /= most
        told[: len(near) - 1] += _NEAR_COUNTS * near[1 : len(told) + 1]
    return read.texts[int(told.argmax())]


def has_term(paper: Paper, terms: Sequence[str]) -> bool:
    """Whether title or abstract has one of these words or phrases, whatever its case, hyphens and plurals."""
    if not terms:
        return False
    text = f"{_normal(paper.title)} | {_normal(paper.abstract)}"
    return any(f" {wanted} " in f" {text} " for term in terms if (wanted := _normal(term)))


def _normal(text: str) -> str:
    return " ".join(singular(word) for word in words(text))
