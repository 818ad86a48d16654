"""A page and half a year of arXiv, week by week with the real program: what its re-test says in the end.

    python tests/benchmarks/bench_halfyear.py OUT [--page PAGE] [--first 2025-06-02] [--weeks 30]

OUT becomes a litwatch folder: litwatch.toml, the store, the watchlist, weeks.jsonl with each week's poll and changes of
standing, and retest.html, .md, .txt and .json as of the last week. Needs the project's shared records.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import ArxivSim

SHARED = Path(__file__).parents[2].parent / "shared"


def litwatch(folder: Path, now: datetime, *words: str) -> str:
    # As it comes: the tests set a quicker ranking and judge.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
    environment |= {"LITWATCH_NOW": now.isoformat(), "LITWATCH_CONFIG": str(folder / "litwatch.toml")}
    command = [sys.executable, "-m", "litwatch", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        print(f"{now:%Y-%m-%d} {' '.join(words)}: {done.returncode} {done.stderr.strip()[-300:]}", flush=True)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--page", type=Path, default=SHARED / "lines" / "pages" / "empathy.txt")
    parser.add_argument("--first", type=datetime.fromisoformat, default=datetime(2025, 6, 2, 7, tzinfo=UTC))
    parser.add_argument("--weeks", type=int, default=30)
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=False)
    now = options.first.replace(tzinfo=UTC)
    sim = ArxivSim(
        SHARED / "arxivsim" / "arxivsim.py",
        SHARED / "arxiv" / "stream-2025.jsonl.gz",
        now.isoformat(),
    )
    try:
        (out / "watchlists").mkdir()
        (out / "litwatch.toml").write_text(
            f'[store]\nurl = "sqlite:///litwatch.db"\n[watchlists]\npath = "watchlists"\n[arxiv]\n{sim.urls}\n'
            "delay_seconds = 0.0\nbackfill_days = 30\n",
            encoding="utf-8",
        )
        line = json.loads(litwatch(out, now, "add-line", str(options.page), "--name", "empathy", "--json"))["line"]
        with (out / "weeks.jsonl").open("w", encoding="utf-8") as weeks:
            for week in range(options.weeks):
                sim.clock(now.isoformat())
                began = time.monotonic()
                polled = json.loads(
                    litwatch(out, now, "poll", *(["--backfill"] if week == 0 else []), "--json") or "{}"
                )
                stands = json.loads(litwatch(out, now, "claims", line, "--json"))
                row = {
                    "week": f"{now:%Y-%m-%d}",
                    **polled,
                    "seconds": round(time.monotonic() - began, 1),
                    "standings": {claim["id"]: claim["status"] for claim in stands},
                }
                print(json.dumps(row), file=weeks, flush=True)
                now += timedelta(days=7)
        now -= timedelta(days=7)
        for ending in ("html", "md", "txt", "json"):
            litwatch(out, now, "retest", line, "--out", str(out / f"retest.{ending}"))
    finally:
        sim.close()
    print((out / "retest.txt").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
