"""Papers as rows of term weights, after BM25 (Robertson and Zaragoza 2009): saturated in a term's count, normalised
by the paper's length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.model import Paper
from litwatch.rank.background import TITLE_WEIGHT
from litwatch.rank.words import stem, stems, words

_K1, _B = 1.2, 0.75
"""BM25's usual constants; on the judged lines quality is flat around them."""

_ELSEWHERE, _EMPTY = -1, -2


@overload
def saturated(count: float, length: float) -> float: ...
@overload
def saturated(count: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.float64]: ...
def saturated(count: float | NDArray[np.float64], length: float | NDArray[np.float64]) -> object:
    """A term's weight, 0 to 2.2, and 1 where a paper of mean length has it once. length: the paper's, in means."""
    return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))


def paper_stems(paper: Paper) -> list[str]:
    """The stems of title and abstract, those of the title repeated TITLE_WEIGHT times."""
    return stems(paper.title) * TITLE_WEIGHT + stems(paper.abstract)


class Columns(dict[str, int]):
    """Word as written to the column of its stem, filled as words are met; negative where it has no column."""

    def __init__(self, terms: Sequence[str]) -> None:
        super().__init__()
        self.of_stem = {term: column for column, term in enumerate(terms)}

    def __missing__(self, word: str) -> int:
        stemmed = stem(word)
        self[word] = column = self.of_stem.get(stemmed, _ELSEWHERE) if stemmed else _EMPTY
        return column


def paper_weights(papers: Sequence[Paper], columns: Columns, mean_length: float) -> sparse.csr_matrix:
    """The weights of the columns' terms in each paper, papers × columns."""
    read: list[int] = []
    ends = [0]
    for paper in papers:
        read += [columns[word] for word in words(paper.title)] * TITLE_WEIGHT
        read += [columns[word] for word in words(paper.abstract)]
        ends.append(len(read))
    found = np.array(read, dtype=np.int64)
    rows = np.repeat(np.arange(len(papers)), np.diff(ends))
    lengths = np.bincount(rows[found != _EMPTY], minlength=len(papers)) / mean_length
    wanted = found >= 0
    entries = (np.ones(np.count_nonzero(wanted)), (rows[wanted], found[wanted]))
    weights = sparse.csr_matrix(entries, shape=(len(papers), len(columns.of_stem)))
    weights.sum_duplicates()
    weights.data = saturated(weights.data, np.repeat(lengths, np.diff(weights.indptr)))
    return weights
