"""Ranking quality on a data set in BEIR form: corpus.jsonl, queries.jsonl and qrels/test.tsv."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from litwatch.errors import DataError
from litwatch.evaluate.comparison import PeerReport, PeersOver, compare
from litwatch.evaluate.measures import average_precision, mean, ndcg_at_k, recall_at_k
from litwatch.evaluate.records import existing, read_lines, read_objects, write_objects
from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import Background
from litwatch.rank.ranker import Ranker

_DUMPED, _READ = 100, 200
_QUERIES_AT_ONCE = 200
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)

Judgments = dict[str, dict[str, int]]
"""Query to document to relevance."""


@dataclass(frozen=True, kw_only=True)
class RetrievalReport:
    """Means over the queries that have a relevant document."""

    ndcg_10: float
    recall_10: float
    recall_100: float
    mean_average_precision: float
    queries: int
    peers: tuple[PeerReport, ...] = ()
    """How other methods rank the same documents, best first."""

    def as_json(self) -> dict[str, object]:
        return {
            "ndcg@10": self.ndcg_10,
            "recall@10": self.recall_10,
            "recall@100": self.recall_100,
            "map": self.mean_average_precision,
            "queries": self.queries,
            "peers": [row.as_json() for row in self.peers],
        }


def evaluate_retrieval(
    folder: Path,
    ranker: Ranker,
    *,
    dump: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    peers: PeersOver | None = None,
) -> RetrievalReport:
    """Each query is ranked as a line of one claim over the whole corpus.

    The corpus is its own background: what is common in it is not told by arXiv's frequencies. By meaning the ranker
    reads the 200 best of each query by terms. `dump`: a folder for
    rankings.jsonl, the 100 best of each query. progress: called with queries done and queries in all.
    peers: the methods to be measured beside ours.

    Raises DataError when a file is missing or not of BEIR's form.
    """
    papers = [
        Paper(
            arxiv_id=str(record["_id"]),
            title=str(record.get("title") or ""),
            abstract=str(record["text"]),
            published=_UNDATED,
            updated=_UNDATED,
        )
        for _, record in read_objects(existing(folder, "corpus.jsonl"), "_id", "text")
    ]
    queries = {
        str(record["_id"]): str(record["text"])
        for _, record in read_objects(existing(folder, "queries.jsonl"), "_id", "text")
    }
    qrels = existing(folder, "qrels/test.tsv")
    judged = {query: found for query, found in _judgments(qrels).items() if any(r > 0 for r in found.values())}
    if not judged:
        raise DataError(f"{qrels} names no relevant document")
    if unknown := sorted(judged.keys() - queries.keys()):
        raise DataError(f"{qrels} names queries that queries.jsonl lacks, first {unknown[0]!r}")

    background = Background.counted(papers, version=folder.name)
    ranker = Ranker(background, floor=ranker.floor, meaning=ranker.meaning)
    lines = [Line(slug=q, question=queries[q], claims=(Claim(id="c1", text=queries[q]),)) for q in judged]
    ids = np.array([paper.arxiv_id for paper in papers])
    rows: list[dict[str, object]] = []
    measured: list[tuple[float, float, float, float]] = []
    for start in range(0, len(lines), _QUERIES_AT_ONCE):
        some = lines[start : start + _QUERIES_AT_ONCE]
        for line, scores in zip(some, _scores(some, papers, ids, ranker).T, strict=True):
            order = best_first(scores, ids)
            measured.append(_measures([judged[line.slug].get(ids[n], 0) for n in order], judged[line.slug]))
            rows += [{"query": line.slug, "paper": ids[n], "score": scores[n]} for n in order[:_DUMPED]]
        if progress:
            progress(start + len(some), len(lines))
    if dump is not None:
        write_objects(dump / "rankings.jsonl", rows)
    compared = compare(
        peers(papers, set(ids.tolist())) if peers else (),
        lines,
        {},
        names=("ndcg@10", "recall@10", "recall@100", "map"),
        ours=measured,
        measure=lambda number, column: _measures(
            [judged[lines[number].slug].get(ids[n], 0) for n in best_first(column, ids)], judged[lines[number].slug]
        ),
    )
    ndcg, recall_10, recall_100, precision = (mean(column) for column in zip(*measured, strict=True))
    return RetrievalReport(
        ndcg_10=ndcg,
        recall_10=recall_10,
        recall_100=recall_100,
        mean_average_precision=precision,
        queries=len(measured),
        peers=compared,
    )


def _scores(
    lines: Sequence[Line], papers: Sequence[Paper], ids: NDArray[np.str_], ranker: Ranker
) -> NDArray[np.float64]:
    """papers × lines"""
    by_terms = ranker.scores_by_terms(lines, papers)
    if ranker.meaning is None:
        return by_terms
    read = np.zeros(by_terms.shape, dtype=np.bool_)
    for number, column in enumerate(by_terms.T):
        read[best_first(column, ids)[:_READ], number] = True
    return ranker.scores(lines, papers, read=read)


def best_first(scores: NDArray[np.float64], ids: NDArray[np.str_]) -> NDArray[np.intp]:
    """The order of a ranking: by score, ties by id."""
    return np.lexsort((ids, -scores))


def _measures(ranked: list[int], judged: dict[str, int]) -> tuple[float, float, float, float]:
    hits = [relevance > 0 for relevance in ranked]
    known = sum(relevance > 0 for relevance in judged.values())
    return (
        ndcg_at_k(ranked, 10, known=list(judged.values())),
        recall_at_k(hits, 10, known=known),
        recall_at_k(hits, 100, known=known),
        average_precision(hits, known=known),
    )


def _judgments(path: Path) -> Judgments:
    judged: Judgments = {}
    for number, text in read_lines(path):
        fields = text.split("\t")
        if number == 1 and fields[-1] == "score":
            continue
        try:
            query, document, relevance = fields
            judged.setdefault(query, {})[document] = int(relevance)
        except ValueError as fault:
            raise DataError(f"{path}:{number} is not query, document and relevance parted by tabs") from fault
    return judged
