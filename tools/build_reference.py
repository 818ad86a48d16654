"""Draws the sample of papers that lines are measured by: `python tools/build_reference.py STREAM.jsonl.gz`.

STREAM holds one arXiv record a line with "id", "title", "abstract", "categories" and "published". The sample is
written beside the code of rank/, as counts of stems, with a vector of what each paper means; a stem that the bundled
background does not know (a single paper has it) is left out. It is drawn with a fixed seed, so that the same stream
gives the same file.

How much of arXiv the stream is, is told by its ids: arXiv numbers the papers of a month from 1, so a month's highest
number is how many there were.
"""

from __future__ import annotations

import argparse
import random
import re
from calendar import monthrange
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import litwatch.rank
from litwatch.evaluate.records import read_stream
from litwatch.model import Paper
from litwatch.rank.background import bundled
from litwatch.rank.meaning import Meaning, packed
from litwatch.rank.reference import Reference

SEED = 2025
_ID = re.compile(r"(\d\d)(\d\d)\.(\d{4,5})")
_FEWEST = 1000
"""Papers of a month; those of one with fewer are strays, and not counted."""


def weekly_rates(papers: Sequence[Paper]) -> tuple[float, float]:
    """Papers a week of the stream, and of all of arXiv in the months that it covers."""
    numbers: dict[tuple[int, int], list[int]] = {}
    for paper in papers:
        if found := _ID.fullmatch(paper.arxiv_id):
            numbers.setdefault((2000 + int(found[1]), int(found[2])), []).append(int(found[3]))
    months = {month: given for month, given in numbers.items() if len(given) >= _FEWEST}
    weeks = sum(monthrange(*month)[1] for month in months) / 7
    return sum(map(len, months.values())) / weeks, sum(map(max, months.values())) / weeks


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the reference sample.")
    parser.add_argument("stream", type=Path)
    parser.add_argument("--papers", type=int, default=3000, help="size of the sample")
    parser.add_argument("--version", default="arxiv-2025.1", help="name of this sample")
    parser.add_argument("--out", type=Path, default=Path(litwatch.rank.__file__).with_name("reference.bin.gz"))
    given = parser.parse_args()
    papers = sorted(read_stream(given.stream), key=lambda paper: paper.arxiv_id)
    weekly, arxiv_weekly = weekly_rates(papers)
    drawn = random.Random(SEED).sample(papers, given.papers)
    reference = Reference.counted(
        drawn, known=bundled().frequencies.keys(), version=given.version, weekly=weekly, arxiv_weekly=arxiv_weekly
    )
    given.out.write_bytes(reference.written())
    vectors = np.vstack([meaning.whole for meaning in Meaning().papers(drawn)])
    given.out.with_name("reference_vectors.bin").write_bytes(packed(vectors))
    print(
        f"{given.out}: {reference.papers} of {len(papers)} papers, {len(reference.stems)} stems, "
        f"{given.out.stat().st_size / 1e6:.2f} MB; {weekly:.0f} a week of arXiv's {arxiv_weekly:.0f}"
    )


if __name__ == "__main__":
    main()
