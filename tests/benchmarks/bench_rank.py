"""How long ranking takes: `python tests/benchmarks/bench_rank.py STREAM.jsonl.gz [JUDGED_LINES.jsonl]`.

Prints seconds and peak memory, stems warm: a day's papers for 1,000 lines of 10 claims, all in one product and line by
line in the same run; a week's and the whole stream for 1 line and for 100. Reading by meaning is shown apart: what it
takes for papers that were never read, and what ranking takes when they were. The lines are put together from the claims
of the judged lines, or from the stream's own titles.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from itertools import islice, pairwise
from pathlib import Path

from litwatch.evaluate.records import read_stream
from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.meaning import Meaning
from litwatch.rank.ranker import Ranker

DAY, WEEK = 1200, 1900
LINES = 1000
_LOOPED = 25


def many_lines(papers: Sequence[Paper], judged: Path | None, count: int) -> list[Line]:
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
        for number in range(count)
    ]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def timed(ranker: Ranker, lines: Sequence[Line], papers: Sequence[Paper]) -> tuple[float, int]:
    """Seconds, and how many matches there are."""
    started = time.perf_counter()
    matches = ranker.rank(lines, papers)
    return time.perf_counter() - started, len(matches)


def a_day(lines: Sequence[Line], papers: Sequence[Paper]) -> None:
    before = peak()
    for name, ranker in (("terms alone", Ranker(bundled())), ("with meaning", Ranker(bundled(), meaning=Meaning()))):
        if ranker.meaning:
            seconds, _ = timed(ranker, lines, papers)
            print(f"a day, {name}, nothing read before: {seconds:.1f} s")
        seconds, matches = timed(ranker, lines, papers)
        print(
            f"a day, {name}: {len(papers)} papers, {len(lines)} lines: {seconds:.2f} s, {matches} matches, "
            f"peak memory {peak():.2f} GB ({before:.2f} before)"
        )
        looped = sum(timed(ranker, [line], papers)[0] for line in lines[:_LOOPED]) / _LOOPED * len(lines)
        print(f"  line by line ({_LOOPED} measured): {looped:.0f} s, {looped / seconds:.0f} times as long")


def main() -> None:
    stream, judged = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    # The day first, with no other papers in memory: what it takes at its peak is its own.
    day = list(islice(read_stream(stream), 20000, 20000 + DAY))
    lines = many_lines(day, judged, LINES)
    Ranker(bundled()).rank(lines[:1], day)  # stems are kept; a daemon has met most words before
    a_day(lines, day)
    papers = list(read_stream(stream))
    ranker = Ranker(bundled())
    ranker.rank(lines[:1], papers)
    for label, some in (("a week", papers[20000 : 20000 + WEEK]), ("all", papers)):
        seconds = {}
        for count in (1, 100):
            seconds[count], matches = timed(ranker, lines[:count], some)
            print(
                f"{label}, terms alone: {len(some)} papers, {count} lines: {seconds[count]:.2f} s, {matches} matches, "
                f"peak memory {peak():.2f} GB"
            )
        print(f"{label}: {(seconds[100] - seconds[1]) / 99 * 1000:.1f} ms for each further line")


if __name__ == "__main__":
    main()
