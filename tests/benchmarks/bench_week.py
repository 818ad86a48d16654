"""A week of the stream from the simulator, polled, ranked and judged, for 1 line and for 100: what a line costs.

    python tests/benchmarks/bench_week.py ../shared

Prints figures of this machine; asserts nothing. The lines are the judged ones, repeated under other names with
their claims in another order of words, so that nothing can be shared between two of them.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from litwatch.evaluate.lines import read_judged
from litwatch.model import Line
from litwatch.service.poll import Bench, make_judge, make_ranker, make_services, poll_once
from litwatch.store.store import open_store

CATEGORIES = ("cs.AI", "cs.CL", "cs.CY", "cs.HC", "cs.LG")
START = datetime(2025, 11, 13, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def many(lines: list[Line], count: int) -> list[Line]:
    dice = random.Random(7)
    found = []
    for number in range(count):
        line = lines[number % len(lines)]
        claims = []
        for claim in line.claims:
            words = claim.text.split()
            if number >= len(lines):
                dice.shuffle(words)
            claims.append(replace(claim, text=" ".join(words)))
        found.append(replace(line, slug=f"line-{number}", claims=tuple(claims), categories=CATEGORIES))
    return found


def timed(base: str, lines: list[Line]) -> tuple[float, float, int, int]:
    """Seconds of the harvest alone and of the whole second poll, with its new papers and matches."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        services = make_services(
            store,
            api_url=f"{base}/api/query",
            oai_url=f"{base}/oai",
            rss_url=f"{base}/rss",
            delay=0,
            timeout=60,
            contact="",
            now=START,
        )
        bench = Bench(ranker=make_ranker(0.1), judge=make_judge(0.5), threshold=0.5)
        set_clock(base, START)
        poll_once(store, lines, services, bench, now=START, backfill_days=1)
        set_clock(base, START + WEEK)
        marks: dict[str, float] = {}
        begun = time.perf_counter()
        report = poll_once(
            store,
            lines,
            services,
            bench,
            now=START + WEEK,
            backfill_days=1,
            progress=lambda text: marks.setdefault(text, time.perf_counter()),
        )
        ended = time.perf_counter()
        services.close()
        store.close()
        return marks["ranking"] - begun, ended - begun, report.harvest.new, report.matches


def set_clock(base: str, now: datetime) -> None:
    import urllib.request

    urllib.request.urlopen(f"{base}/sim/clock?now={now:%Y-%m-%dT%H:%M:%SZ}").read()


def main() -> None:
    shared = Path(sys.argv[1])
    script, stream = shared / "arxivsim" / "arxivsim.py", shared / "arxiv" / "stream-2025.jsonl.gz"
    judged = [one.line for one in read_judged(shared / "lines" / "judged")]
    sim = subprocess.Popen(
        [sys.executable, str(script), "--corpus", str(stream), "--now", START.isoformat()],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert sim.stdout is not None
    try:
        base = sim.stdout.readline().strip()
        rows = {count: timed(base, many(judged, count)) for count in (1, 10, 100)}
    finally:
        sim.kill()
    print("A week, five categories: harvested, ranked, judged")
    for count, (harvest, whole, new, matches) in rows.items():
        print(
            f"  {count:4} lines: {new:,} new papers; harvest {harvest:.2f} s, "
            f"ranking and judging {whole - harvest:.2f} s; {matches:,} matches"
        )
    one, hundred = rows[1], rows[100]
    each = ((hundred[1] - hundred[0]) - (one[1] - one[0])) / 99
    print(f"  each line after the first: {each * 1000:.0f} ms, {each / one[1]:.1%} of what one line alone takes")
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "litwatch", "--help"], check=True, stdout=subprocess.DEVNULL, env=os.environ)
    print(f"litwatch --help: {time.perf_counter() - begun:.2f} s")
    print(json.dumps({str(count): row for count, row in rows.items()}))


if __name__ == "__main__":
    main()
