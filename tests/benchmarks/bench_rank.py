"""How long ranking takes: `python tests/benchmarks/bench_rank.py STREAM.jsonl.gz [JUDGED_LINES.jsonl]`.

Prints seconds and peak memory, stems warm, for a week and for the whole stream, for 1 line and for 100 lines of 10
claims. The lines are put together from the claims of the judged lines, or from the stream's own titles.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from litwatch.evaluate.records import read_stream
from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker

WEEK = 1900


def hundred_lines(papers: Sequence[Paper], judged: Path | None) -> list[Line]:
    chance = random.Random(7)
    if judged:
        records = [json.loads(text) for text in judged.read_text(encoding="utf-8").splitlines()]
        texts = [claim["text"] for record in records for claim in record["claims"]]
        questions = [record["question"] for record in records]
    else:
        questions = [paper.title for paper in chance.sample(papers, 100)]
        texts = [f"{one.title} {other.title}" for one, other in pairwise(papers[:1000])]
    return [
        Line(
            slug=f"line-{number}",
            question=questions[number % len(questions)],
            claims=tuple(Claim(id=f"c{n}", text=text) for n, text in enumerate(chance.sample(texts, 10), start=1)),
        )
        for number in range(100)
    ]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    papers = list(read_stream(Path(sys.argv[1])))
    lines = hundred_lines(papers, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    print(f"{len(papers)} papers read, peak memory {peak():.2f} GB")
    ranker = Ranker(bundled())
    ranker.rank(lines[:1], papers[:WEEK])  # stems are kept; a daemon has met most words before
    for label, some in (("a week", papers[20000 : 20000 + WEEK]), ("all", papers)):
        seconds = {}
        for count in (1, 100):
            started = time.perf_counter()
            matches = ranker.rank(lines[:count], some)
            seconds[count] = time.perf_counter() - started
            print(
                f"{label}: {len(some)} papers, {count} lines: {seconds[count]:.2f} s, {len(matches)} matches, "
                f"peak memory {peak():.2f} GB"
            )
        print(f"{label}: {(seconds[100] - seconds[1]) / 99 * 1000:.1f} ms for each further line")


if __name__ == "__main__":
    main()
