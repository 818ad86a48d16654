"""Ranking and marking measured on judged lines.

A folder holds lines.jsonl {"line", "question", "about", "claims": [{"id", "text"}], "anchor_ids"} and
judgments.jsonl {"line", "paper", "relevance": 0 to 3, "claims": [{"claim", "stance", "sentence"}]}. The judged
papers are a pool, so a line's ranking of the stream is condensed to them before it is measured. Marking is measured
over all pairs of a claim and a judged paper; those judged to contradict or supersede the claim are to be marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litwatch.errors import DataError
from litwatch.evaluate.comparison import PeerReport, PeersOver, compare
from litwatch.evaluate.judges import JudgePairs, OtherJudge
from litwatch.evaluate.marking import Asked, JudgeReport, Marking, Pair, compare_judges, judged_by, marking
from litwatch.evaluate.measures import exponential, mean, ndcg_at_k, recall_at_k
from litwatch.evaluate.records import existing, read_objects, read_stream, write_objects
from litwatch.evaluate.retrieval import best_first
from litwatch.model import Anchor, Claim, Line, Paper, Stance
from litwatch.rank.ranker import Ranker
from litwatch.rank.scoring import LIKELY

_DUMPED = 1000
_READ = 200
_DIRECT = 3
"""Relevance of a paper that bears directly on a claim."""

JudgesOver = Callable[[Sequence[Paper]], Iterable[OtherJudge]]
"""Other judges, made ready over the papers that are judged."""


@dataclass(frozen=True, kw_only=True)
class JudgedLine:
    line: Line
    relevance: Mapping[str, int]
    """Paper to relevance, 0 to 3."""
    stances: Mapping[tuple[str, str], Stance]
    """(claim, paper) to the stance that was judged; what is not here takes none."""

    @property
    def challenges(self) -> frozenset[tuple[str, str]]:
        """(claim, paper) of what contradicts or supersedes."""
        return frozenset(pair for pair, stance in self.stances.items() if stance.challenges)


@dataclass(frozen=True, kw_only=True)
class LineReport:
    line: str
    ndcg_10: float
    recall_20: float
    judged: int
    challenges: Marking

    def as_json(self) -> dict[str, object]:
        return {
            "line": self.line,
            "ndcg@10": self.ndcg_10,
            "recall@20": self.recall_20,
            "judged": self.judged,
            "challenges": self.challenges.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class LinesReport:
    """Means over the lines for ranking; marking over the pairs of all lines together."""

    challenges: Marking
    lines: tuple[LineReport, ...]
    peers: tuple[PeerReport, ...] = ()
    """How other methods rank the same papers, best first."""
    judges: tuple[JudgeReport, ...] = ()
    """How other judges mark the same pairs, best first."""

    def as_json(self) -> dict[str, object]:
        # A line without a challenge among its papers has no average precision; it is no line to average over.
        challenged = [row.challenges for row in self.lines if row.challenges.positives]
        return {
            "ndcg@10": mean([row.ndcg_10 for row in self.lines]),
            "recall@20": mean([row.recall_20 for row in self.lines]),
            "challenges": {
                **self.challenges.as_json(),
                "average_precision_mean_of_lines": mean([row.average_precision for row in challenged]),
                "precision@10_mean_of_lines": mean([row.precision_10 for row in challenged]),
            },
            "lines": [row.as_json() for row in self.lines],
            "peers": [row.as_json() for row in self.peers],
            "judges": [row.as_json() for row in self.judges],
        }


def evaluate_lines(
    folder: Path,
    stream: Path,
    ranker: Ranker,
    judge: JudgePairs,
    *,
    threshold: float = 0.5,
    dump: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    peers: PeersOver | None = None,
    judges: JudgesOver | None = None,
) -> LinesReport:
    """Ranks the whole stream for every line and judges each claim against each judged paper.

    A pair is marked where its stance challenges the claim and the probability of "contradicts or supersedes" is at
    least `threshold`. Anchors that are in the stream are known to the ranker. By meaning it reads, of the papers that
    are likely by their terms, the judged ones and the 200 best of each line: the others are
    scored as papers are that were not read, which changes no measure and spares hours; so in `dump` an unjudged paper
    beyond those stands lower than it may for a reader. `dump`: a folder for rankings.jsonl
    (the 1,000 best of each line and every judged paper) and verdicts.jsonl (every pair). progress: called with
    lines done and lines in all. peers: the methods to be measured beside ours; they know the same anchors. judges:
    those to be measured beside ours on the same pairs.

    Raises DataError when a file is missing or ill-formed, or a judged paper is not in the stream.
    """
    judged = read_judged(folder)
    papers = list(read_stream(stream))
    by_id = {paper.arxiv_id: paper for paper in papers}
    for one in judged:
        if missing := [paper for paper in one.relevance if paper not in by_id]:
            raise DataError(f"{stream} lacks {len(missing)} judged papers of {one.line.slug}, first {missing[0]}")

    ids = np.array([paper.arxiv_id for paper in papers])
    scores = _scores(judged, papers, ids, by_id, ranker)
    asked = [_asked(one, by_id) for one in judged]
    reports: list[LineReport] = []
    pairs: list[Pair] = []
    rankings: list[dict[str, object]] = []
    for number, one in enumerate(judged):
        order = best_first(scores[:, number], ids)
        ndcg, recall = _ranked(one, order, ids)
        own = judged_by(judge, asked[number], threshold)
        reports.append(
            LineReport(
                line=one.line.slug,
                ndcg_10=ndcg,
                recall_20=recall,
                judged=len(one.relevance),
                challenges=marking(own),
            )
        )
        pairs += own
        rankings += _ranking(one, order, scores[:, number], ids)
        if progress:
            progress(number + 1, len(judged))
    if dump is not None:
        write_objects(dump / "rankings.jsonl", rankings)
        write_objects(dump / "verdicts.jsonl", (pair.as_verdict() for pair in pairs))
    pool = {paper for one in judged for paper in one.relevance}
    compared = compare(
        peers(papers, pool) if peers else (),
        [one.line for one in judged],
        by_id,
        names=("ndcg@10", "recall@20"),
        ours=[(row.ndcg_10, row.recall_20) for row in reports],
        measure=lambda number, column: _ranked(judged[number], best_first(column, ids), ids),
    )
    others = judges([by_id[paper] for paper in sorted(pool)]) if judges else ()
    return LinesReport(
        challenges=marking(pairs),
        lines=tuple(reports),
        peers=compared,
        judges=compare_judges(others, asked, pairs, threshold=threshold),
    )


def read_judged(folder: Path) -> list[JudgedLine]:
    """The judged lines of a folder. Raises DataError for a missing or ill-formed file."""
    path = existing(folder, "lines.jsonl")
    lines: dict[str, Line] = {}
    for number, record in read_objects(path, "line", "question", "claims"):
        try:
            lines[str(record["line"])] = _line(record)
        except (TypeError, KeyError) as fault:
            raise DataError(f"{path}:{number}: claims must be a list of objects with id and text") from fault
    path = existing(folder, "judgments.jsonl")
    relevance: dict[str, dict[str, int]] = {name: {} for name in lines}
    stances: dict[str, dict[tuple[str, str], Stance]] = {name: {} for name in lines}
    for number, record in read_objects(path, "line", "paper", "relevance"):
        name, paper = str(record["line"]), str(record["paper"])
        if name not in lines:
            raise DataError(f"{path}:{number} judges line {name!r}, which lines.jsonl lacks")
        if record["relevance"] not in (0, 1, 2, _DIRECT):
            raise DataError(f"{path}:{number}: relevance must be 0, 1, 2 or 3, not {record['relevance']!r}")
        relevance[name][paper] = record["relevance"]
        try:
            told = [(str(said["claim"]), Stance(said["stance"])) for said in record.get("claims") or ()]
        except (TypeError, KeyError, ValueError) as fault:
            raise DataError(f"{path}:{number}: claims must be a list of objects with claim and stance") from fault
        for claim, stance in told:
            # Of two stances on one claim the challenge counts: it is what a reader is to be told.
            if stance.challenges or (claim, paper) not in stances[name]:
                stances[name][claim, paper] = stance
    if not any(relevance.values()):
        raise DataError(f"{folder} has no judgment")
    return [
        JudgedLine(line=line, relevance=relevance[name], stances=stances[name])
        for name, line in lines.items()
        if relevance[name]
    ]


def _line(record: Mapping[str, Any]) -> Line:
    return Line(
        slug=str(record["line"]),
        question=str(record["question"]),
        about=str(record.get("about") or ""),
        claims=tuple(Claim(id=str(claim["id"]), text=str(claim["text"])) for claim in record["claims"]),
        anchors=tuple(Anchor(arxiv_id=str(anchor)) for anchor in record.get("anchor_ids") or ()),
    )


def _scores(
    judged: Sequence[JudgedLine],
    papers: Sequence[Paper],
    ids: NDArray[np.str_],
    anchors: Mapping[str, Paper],
    ranker: Ranker,
) -> NDArray[np.float64]:
    """papers × lines"""
    lines = [one.line for one in judged]
    by_terms = ranker.scores_by_terms(lines, papers, anchors=anchors)
    if ranker.meaning is None:
        return by_terms
    read = np.zeros(by_terms.shape, dtype=np.bool_)
    for number, one in enumerate(judged):
        read[np.isin(ids, list(one.relevance)), number] = True
        read[best_first(by_terms[:, number], ids)[:_READ], number] = True
    return ranker.scores(lines, papers, anchors=anchors, read=read & (by_terms >= LIKELY))


def _ranked(one: JudgedLine, order: NDArray[np.intp], ids: NDArray[np.str_]) -> tuple[float, float]:
    """nDCG@10 and recall@20 of an order of the stream, condensed to the judged papers."""
    condensed = [one.relevance[ids[n]] for n in order if ids[n] in one.relevance]
    return (
        ndcg_at_k(condensed, 10, gain=exponential),
        recall_at_k([relevance == _DIRECT for relevance in condensed], 20, reachable=True),
    )


def _asked(one: JudgedLine, papers: Mapping[str, Paper]) -> Asked:
    return Asked(
        line=one.line,
        pairs=tuple((claim, papers[paper]) for claim in one.line.claims for paper in one.relevance),
        challenges=one.challenges,
    )


def _ranking(
    one: JudgedLine, order: NDArray[np.intp], scores: NDArray[np.float64], ids: NDArray[np.str_]
) -> list[dict[str, object]]:
    return [
        {"line": one.line.slug, "paper": str(ids[n]), "score": float(scores[n])}
        for rank, n in enumerate(order)
        if rank < _DUMPED or ids[n] in one.relevance
    ]
