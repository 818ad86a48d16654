"""How other tools rank, to be measured beside our ranking in the same run.

Each method is given what our ranker is given: the text of the line and its known anchors. Settings are those that
its tool or its library comes with. Where a plain method has a form that is better with queries as long as a line,
that form is here too, so that ours is held against the strongest.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from litwatch.errors import DataError
from litwatch.model import Line, Paper

Floats = NDArray[np.float64]

_K1, _B = 1.5, 0.75
_LARGE = 1000
"""Papers from which on the SVM's vocabulary is cut as its tool does; fewer would leave it hardly a word."""
_BATCH = 4000
"""Papers embedded at a time."""


class Method(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def says(self) -> str:
        """What it does, in a sentence."""

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        """papers × lines, higher is better; only the order within a line means anything.

        anchors: those that are known, by arXiv id.
        """


class Semantics(Protocol):
    def vectors(self, texts: Sequence[str]) -> NDArray[np.floating[Any]]:
        """texts × dimensions, rows of length 1; 0 where a text has no word that is known."""


def peer_methods(
    papers: Sequence[Paper], looked_at: Collection[str] | None = None, *, semantics: Semantics | None = None
) -> Iterator[Method]:
    """The methods over these papers, each made ready when its turn comes, so that memory holds one at a time.

    looked_at: arXiv ids of the papers that are measured, all unless given: embeddings are made of no others.
    semantics: without it there is no method that compares embeddings. Raises DataError where no paper has a word.
    """
    counts = _Counts(papers)
    yield Tfidf(counts)
    yield Tfidf(counts, refined=True)
    yield Bm25(counts)
    yield Bm25(counts, refined=True)
    yield Keywords(counts)
    del counts
    yield LinearSvm(papers)
    if semantics is not None:
        yield RecentSimilarity(papers, semantics, looked_at)


def _paper_text(paper: Paper) -> str:
    return f"{paper.title} {paper.abstract}"


def _line_text(line: Line) -> str:
    """Question, lead and open claims in one; a claim that is the question itself is not said twice."""
    parts = [line.question, line.about, *(claim.full_text for claim in line.open_claims)]
    return " ".join(dict.fromkeys(part for part in parts if part))


def fitted(vectorizer: Any, texts: Sequence[str]) -> sparse.csr_matrix:
    try:
        return vectorizer.fit_transform(texts)
    except ValueError as fault:  # scikit-learn's for an empty vocabulary
        raise DataError(f"the papers have no words to count ({fault}); leave the peers out with --no-peers") from fault


class _Counts:
    """Words counted as scikit-learn counts them by default, once for all methods that start there."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self._vectorizer = CountVectorizer()
        self.papers = fitted(self._vectorizer, [_paper_text(paper) for paper in papers])
        """papers × words"""

    def of(self, lines: Sequence[Line]) -> sparse.csr_matrix:
        """lines × words"""
        counted: sparse.csr_matrix = self._vectorizer.transform([_line_text(line) for line in lines])
        return counted

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Per word, whether it is none of scikit-learn's English stop words."""
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        words = self._vectorizer.get_feature_names_out()
        return np.array([word not in ENGLISH_STOP_WORDS for word in words], dtype=np.bool_)


class Tfidf:
    """Cosine of TF-IDF vectors, the whole line as one query."""

    def __init__(self, counts: _Counts, *, refined: bool = False) -> None:
        """refined: logarithmic counts and no stop words; otherwise scikit-learn's defaults."""
        from sklearn.feature_extraction.text import TfidfTransformer

        self.name, self.says = "TF-IDF", "cosine of TF-IDF vectors, scikit-learn's defaults, the line as one query"
        self._counts = counts
        self._words: NDArray[np.bool_] | slice = slice(None)
        if refined:
            self.name += ", sublinear, no stop words"
            self.says = "cosine of TF-IDF vectors with logarithmic counts, no English stop words, the line as one query"
            self._words = counts.content
        papers = counts.papers[:, self._words]
        self._weigher = TfidfTransformer(sublinear_tf=refined).fit(papers)
        self._papers = self._weigher.transform(papers)

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        return _product(self._papers, self._weigher.transform(self._counts.of(lines)[:, self._words]))


class Bm25:
    """BM25 (Robertson and Zaragoza 2009, eq. 3.15), with the 1 inside the logarithm that Lucene adds."""

    def __init__(self, counts: _Counts, *, refined: bool = False) -> None:
        """refined: every content word of the line counts once; otherwise every word as often as it stands there."""
        self.name, self.says = "BM25", f"BM25 with k1 {_K1} and b {_B}, the line as one query"
        self._counts, self._refined = counts, refined
        if refined:
            self.name += ", content words once"
            self.says = f"BM25 with k1 {_K1} and b {_B}, no English stop words, each word of the line once"
        papers, words = counts.papers.shape
        seen = np.bincount(counts.papers.indices, minlength=words)
        idf = np.log1p((papers - seen + 0.5) / (seen + 0.5))
        lengths = np.asarray(counts.papers.sum(axis=1), dtype=np.float64).ravel()
        room = np.repeat(_K1 * (1 - _B + _B * lengths / lengths.mean()), np.diff(counts.papers.indptr))
        self._weights = counts.papers.astype(np.float64)
        occurrences = self._weights.data
        self._weights.data = occurrences * (_K1 + 1) / (occurrences + room) * idf[self._weights.indices]

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        queries = self._counts.of(lines)
        if self._refined:
            queries = queries.sign() @ sparse.diags_array(self._counts.content.astype(np.float64))
        return _product(self._weights, queries)


class Keywords:
    """What a saved search with OR does, sorted by how many words are found."""

    name = "keyword match"
    says = "how many different content words of the line stand in title or abstract, as they are written"

    def __init__(self, counts: _Counts) -> None:
        self._counts = counts

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        found, wanted = (
            matrix[:, self._counts.content].sign() for matrix in (self._counts.papers, self._counts.of(lines))
        )
        return _product(found, wanted)


class LinearSvm:
    """As arxiv-sanity-lite recommends for a tag: a linear support vector machine on TF-IDF features tells what the
    reader has collected from everything else, and its decision value is the score.

    Features and settings are its own: words and pairs of words of title, abstract and authors, the 10,000 most
    frequent of those in at least 5 papers and at most half of them; classes balanced, C 0.1. Collected are here the
    known anchors, and the line's own text as one paper more: few lines have an anchor among the papers.
    """

    name = "TF-IDF + linear SVM"
    says = "linear SVM that tells known anchors and the line's text from all other papers, as arxiv-sanity-lite does"

    def __init__(self, papers: Sequence[Paper]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        large = len(papers) >= _LARGE
        self._vectorizer = TfidfVectorizer(
            strip_accents="unicode",
            stop_words="english",
            token_pattern=r"(?a:\b[^\W\d]\w+\b)",
            ngram_range=(1, 2),
            max_features=10_000,
            min_df=5 if large else 1,
            max_df=0.5 if large else 1.0,
            sublinear_tf=True,
        )
        self._features = fitted(self._vectorizer, [_with_authors(paper) for paper in papers])
        self._place = {paper.arxiv_id: place for place, paper in enumerate(papers)}

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        scores = np.zeros((self._features.shape[0], len(lines)))
        for number, line in enumerate(lines):
            scores[:, number] = self._scores(line, anchors)
        return scores

    def _scores(self, line: Line, anchors: Mapping[str, Paper]) -> Floats:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.svm import LinearSVC

        known = [anchor.arxiv_id for anchor in line.anchors if anchor.arxiv_id in anchors]
        added = [_line_text(line), *(_with_authors(anchors[name]) for name in known if name not in self._place)]
        examples = sparse.vstack([self._features, self._vectorizer.transform(added)]).tocsr()
        collected = np.zeros(examples.shape[0], dtype=np.int8)
        collected[self._features.shape[0] :] = 1
        collected[[self._place[name] for name in known if name in self._place]] = 1
        machine = LinearSVC(class_weight="balanced", C=0.1, tol=1e-6, max_iter=10_000, random_state=0)
        with warnings.catch_warnings():  # stopped short of its tolerance, it still ranks
            warnings.simplefilter("ignore", ConvergenceWarning)
            machine.fit(examples, collected)
        return np.asarray(machine.decision_function(self._features), dtype=np.float64)


class RecentSimilarity:
    """As zotero-arxiv-daily sorts the day's papers: the cosine with every paper of the reader's library, summed with
    weights that fall with the place by date of addition, 1 / (1 + log10(place)), newest first.

    The library is here the line's claims as texts (its question where it has none), in their order, and then the
    known anchors by date, newest first: a claim is written after the papers that it rests on.
    """

    name = "embedding with recency"
    says = "cosine of embeddings with each claim and known anchor, the newer weighing more, as zotero-arxiv-daily does"

    def __init__(self, papers: Sequence[Paper], semantics: Semantics, looked_at: Collection[str] | None = None) -> None:
        """looked_at: arXiv ids of the papers that are compared, all unless given; the others come last."""
        self._size = len(papers)
        self._rows = [row for row, paper in enumerate(papers) if looked_at is None or paper.arxiv_id in looked_at]
        self._papers = [papers[row] for row in self._rows]
        self._semantics = semantics

    @cached_property
    def _vectors(self) -> NDArray[np.floating[Any]]:
        texts = [f"{paper.title}. {paper.abstract}" for paper in self._papers]
        batches = [self._semantics.vectors(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.vstack(batches)

    def scores(self, lines: Sequence[Line], anchors: Mapping[str, Paper]) -> Floats:
        scores = np.full((self._size, len(lines)), -np.inf)
        if not self._papers:
            return scores
        wishes = []
        for line in lines:
            library = self._semantics.vectors(_library(line, anchors))
            weights = 1 / (1 + np.log10(np.arange(1, len(library) + 1)))
            wishes.append(weights / weights.sum() @ library)
        scores[self._rows] = self._vectors @ np.array(wishes).T
        return scores


def _library(line: Line, anchors: Mapping[str, Paper]) -> list[str]:
    known = [anchors[anchor.arxiv_id] for anchor in line.anchors if anchor.arxiv_id in anchors]
    newest_first = sorted(known, key=lambda paper: (paper.published, paper.arxiv_id), reverse=True)
    held = [claim.full_text for claim in line.open_claims] or [line.question]
    return [*held, *map(_paper_text, newest_first)]


def _with_authors(paper: Paper) -> str:
    return " ".join([_paper_text(paper), *paper.authors])


def _product(papers: sparse.csr_matrix, queries: sparse.csr_matrix) -> Floats:
    return np.asarray((papers @ queries.T).toarray(), dtype=np.float64)
