"""How long it takes to read a line with many matches again: `python tests/benchmarks/bench_retest.py ../shared`.

Prints the seconds of whole commands, as a reader waits for them, on a line with 5,000 matched papers: of `litwatch
papers`, which shows them as they are stored, and of `suggest`, `retest` and `review` beside it. The papers are those of
the stream that lie nearest to the first judged line by shared terms, whatever their score. The store is left in FOLDER
where one is given (--keep FOLDER), and taken from there the next time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from litwatch.evaluate.lines import read_judged
from litwatch.evaluate.records import read_stream
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store

MATCHED = 5000
ROUNDS = 3
NOW = datetime(2025, 12, 31, 12, tzinfo=UTC)
LIMIT = 10.0
"""Seconds that a command may take."""
LITWATCH = str(Path(sys.executable).with_name("litwatch"))


def litwatch(folder: Path, *words: str) -> float:
    """Seconds that a command takes as a process of its own; it must succeed."""
    started = time.perf_counter()
    subprocess.run(
        [LITWATCH, *words],
        cwd=folder,
        env=os.environ | {"LITWATCH_NOW": NOW.isoformat()},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def fill(folder: Path, shared: Path) -> None:
    """A line with MATCHED matches, ranked and judged by what takes least: it is not what is measured."""
    line = read_judged(shared / "lines" / "judged")[0].line
    papers = list(read_stream(shared / "arxiv" / "stream-2025.jsonl.gz"))
    scores = Ranker(bundled()).scores([line], papers)[:, 0]
    nearest = sorted(range(len(papers)), key=lambda row: (-scores[row], papers[row].arxiv_id))[:MATCHED]
    folder.mkdir(parents=True, exist_ok=True)
    text = '[rank]\nsemantic = false\nfloor = 0.001\n[judge]\nmethod = "cues"\n'
    (folder / "litwatch.toml").write_text(text, encoding="utf-8")
    store = open_store(f"sqlite:///{folder}/litwatch.db")
    with store.write() as db:
        save_papers(db, [papers[row] for row in nearest], now=NOW)
    store.close()
    claims = [word for claim in line.claims for word in ("--claim", claim.text)]
    litwatch(folder, "add-line", "--question", line.question, *claims, "--name", "many", "--categories", "cs.CL")
    litwatch(folder, "papers", "many")  # ranks and judges


def measured(folder: Path, commands: Sequence[Sequence[str]]) -> bool:
    """Prints the best of some rounds of each command, beside the first; whether all stay below the limit."""
    best = [min(litwatch(folder, *words) for _ in range(ROUNDS)) for words in commands]
    for words, seconds in zip(commands, best, strict=True):
        said = f"{seconds:.1f} s, {seconds / best[0]:.1f} times as long as `litwatch {commands[0][0]}`"
        print(f"litwatch {' '.join(words)}: {said}", flush=True)
    return max(best) < LIMIT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    if not (asked.shared / "arxiv" / "stream-2025.jsonl.gz").is_file():
        sys.exit(f"{asked.shared} has no arxiv/stream-2025.jsonl.gz; name the folder with lines/ and arxiv/")
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        if not (folder / "watchlists" / "many.yaml").exists():
            fill(folder, asked.shared)
        commands = [("papers", "many", "--json"), ("suggest", "many"), ("suggest", "many", "--json")]
        commands += [("retest", "many"), ("retest", "many", "--json"), ("review", "--json")]
        if not measured(folder, commands):
            sys.exit(f"more than {LIMIT:.0f} s")


if __name__ == "__main__":
    main()
