"""What ten marks do to a ranking: `python tests/benchmarks/bench_feedback.py JUDGED STREAM.jsonl.gz [--terms-alone]`.

Marks are simulated from the judgments: a reader looks at papers, the ones ranked best, or drawn by chance, or seven and
three of both, and marks until there are as many as wanted. What was not marked is ranked without the marks and with
them: printed is by how much nDCG@10 of that rest changes, in the mean of the lines and on the line where it is worst,
each line being a mean of several draws. Half a minute by terms alone; by meaning some four minutes are for reading.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from litwatch.evaluate.lines import JudgedLine, read_judged
from litwatch.evaluate.measures import exponential, ndcg_at_k
from litwatch.evaluate.records import read_stream
from litwatch.model import Opinion, Paper
from litwatch.rank.background import Background
from litwatch.rank.feedback import Leaning, leaning_of, moved, shifts
from litwatch.rank.ranker import FLOOR
from litwatch.service.meaning import make_meaning
from litwatch.service.poll import make_ranker

NOW = datetime(2025, 12, 1, tzinfo=UTC)
DRAWS = 20
BEST, CHANCE, MIXED = "the best", "by chance", "7 of 10 best, the rest by chance"
READERS: dict[str, Callable[[int], bool | None]] = {
    "3 useful, 2 left unmarked": lambda relevance: None if relevance == 2 else relevance == 3,
    "3 and 2 useful": lambda relevance: relevance >= 2,
}

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Learn = Callable[[Sequence[Opinion], Mapping[str, Paper], Mapping[str, float], Background], Leaning | None]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A judged line with its papers as they are ranked without marks, best first."""

    slug: str
    papers: Sequence[Paper]
    scores: Floats
    relevance: Numbers

    @classmethod
    def of(cls, judged: JudgedLine, papers: Mapping[str, Paper], scores: Mapping[str, float]) -> Ranked:
        order = sorted(judged.relevance, key=lambda arxiv_id: (-scores[arxiv_id], arxiv_id))
        return cls(
            slug=judged.line.slug,
            papers=[papers[arxiv_id] for arxiv_id in order],
            scores=np.array([scores[arxiv_id] for arxiv_id in order]),
            relevance=np.array([judged.relevance[arxiv_id] for arxiv_id in order]),
        )


def looked_at(count: int, way: str, marks: int, chance: np.random.Generator) -> Numbers:
    """The papers in the order in which a reader comes upon them, by their place in the ranking."""
    if way == CHANCE:
        return chance.permutation(count)
    best = count if way == BEST else round(0.7 * marks)
    return np.concatenate([np.arange(best), best + chance.permutation(count - best)])


def change(
    ranked: Ranked, way: str, reader: str, marks: int, background: Background, seed: int, learn: Learn | None = None
) -> float:
    """By how much nDCG@10 of what was not marked changes."""
    chance = np.random.default_rng([seed, *ranked.slug.encode()])
    says = READERS[reader]
    seen = looked_at(len(ranked.papers), way, marks, chance)
    told = [n for n in seen if says(int(ranked.relevance[n])) is not None][:marks]
    opinions = [
        Opinion(arxiv_id=ranked.papers[n].arxiv_id, useful=bool(says(int(ranked.relevance[n]))), at=NOW) for n in told
    ]
    by_id = {paper.arxiv_id: paper for paper in ranked.papers}
    scores = {paper.arxiv_id: float(score) for paper, score in zip(ranked.papers, ranked.scores, strict=True)}
    if learn is None:
        leaning = leaning_of(opinions, by_id, scores, background, now=NOW)
    else:
        leaning = learn(opinions, by_id, scores, background)
    if leaning is None:
        return 0.0
    rest = np.setdiff1d(np.arange(len(ranked.papers)), told)
    after = moved(ranked.scores[rest], shifts(leaning, [ranked.papers[n] for n in rest], background))
    order = np.lexsort((np.arange(len(rest)), -after))
    return _ndcg(ranked.relevance[rest][order]) - _ndcg(ranked.relevance[rest])


def changes(
    lines: Sequence[Ranked], way: str, reader: str, marks: int, background: Background, learn: Learn | None = None
) -> Floats:
    """Per line, the mean of its draws."""
    draws = 1 if way == BEST else DRAWS
    return np.array(
        [np.mean([change(one, way, reader, marks, background, seed, learn) for seed in range(draws)]) for one in lines]
    )


def _ndcg(relevance: Numbers) -> float:
    return ndcg_at_k([int(each) for each in relevance], 10, gain=exponential)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", type=Path)
    parser.add_argument("stream", type=Path)
    parser.add_argument("--marks", type=int, nargs="+", default=[10])
    parser.add_argument("--terms-alone", action="store_true", help="rank without reading by meaning")
    asked = parser.parse_args()
    judged = read_judged(asked.judged)
    wanted = {each for one in judged for each in one.relevance}
    wanted |= {anchor.arxiv_id for one in judged for anchor in one.line.anchors}
    papers = {paper.arxiv_id: paper for paper in read_stream(asked.stream) if paper.arxiv_id in wanted}
    ranker = make_ranker(FLOOR, make_meaning(None, semantic=not asked.terms_alone))
    lines = []
    for one in judged:
        ids = sorted(one.relevance)
        scores = ranker.scores([one.line], [papers[each] for each in ids], anchors=papers)[:, 0]
        lines.append(Ranked.of(one, papers, dict(zip(ids, scores.tolist(), strict=True))))
    print(f"nDCG@10 without marks {np.mean([_ndcg(one.relevance) for one in lines]):.3f}, {len(lines)} lines")
    for marks in asked.marks:
        for reader in READERS:
            for way in (BEST, CHANCE, MIXED):
                found = changes(lines, way, reader, marks, ranker.background)
                worst = int(found.argmin())
                print(
                    f"{marks:3} marks, {reader}, {way}: {found.mean():+.3f}, worst {found[worst]:+.3f} "
                    f"({lines[worst].slug}), below -0.02 on {(found < -0.02).sum()}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
