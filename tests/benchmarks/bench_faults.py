"""Random kills (kill -9) within polling, judging, composing, sending and settling; channels that refuse and forget.

    python tests/benchmarks/bench_faults.py [--runs 200] [--database sqlite|postgresql] [--seed N]

Prints what was lost, told twice, or broken, which should be nothing, and ends with 1 where anything was. Needs the
project's shared records; on PostgreSQL, a PostgreSQL that is installed or the URL of an empty database's server.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.faults import CATEGORIES, Plan, run_faults
from benchmarks.reckoning import Outcome
from benchmarks.simulated import STREAM

KILLS_A_WORLD = 50
SHOWN = 5


def cut(corpus: Path, since: str = "2025-08-25", until: str = "2026-01-01") -> Path:
    """Some months of two smaller categories, out of the stream."""
    with gzip.open(STREAM, "rt", encoding="utf-8") as stream, corpus.open("w", encoding="utf-8") as kept:
        for row in stream:
            record = json.loads(row)
            if since <= record["published"] < until and set(CATEGORIES) & set(record["categories"]):
                kept.write(row)
    return corpus


@contextmanager
def stores(database: str) -> Iterator[Iterator[str]]:
    """URLs of empty stores; "" for a SQLite file in the campaign's folder."""
    if database == "sqlite":
        yield iter(lambda: "", None)
        return
    from postgres import running

    with running() as server:
        if server is None:
            sys.exit("PostgreSQL is not installed here (Debian: apt install postgresql)")
        yield iter(server.empty, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="so many kills")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total, seed = Outcome(), options.seed
    with tempfile.TemporaryDirectory() as name, stores(options.database) as urls:
        corpus = cut(Path(name) / "corpus.jsonl")
        while (left := options.runs - sum(total.kills.values())) > 0:
            folder = Path(name) / f"world{seed}"
            folder.mkdir()
            outcome = run_faults(Plan(corpus=corpus, kills=min(left, KILLS_A_WORLD), seed=seed), folder, next(urls))
            print(f"seed {seed}: {sum(outcome.kills.values())} kills, {outcome.seconds:.0f} s", flush=True)
            for flaw, what in outcome.flaws.items():
                print(f"  ! {flaw}: {len(what)}", *what[:SHOWN], sep="\n    ", flush=True)
            total.add(outcome)
            seed += 1
    print(f"{options.runs} kills on {options.database}\n{total.table()}")
    sys.exit(1 if total.flaws else 0)


if __name__ == "__main__":
    main()
