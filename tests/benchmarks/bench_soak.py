"""A month of the daemon's beats by a hand clock, with a hundred lines and three channels: what it holds on to.

    python tests/benchmarks/bench_soak.py [--days 30] [--lines 100] [--idle 60]

The daemon lives in a process of its own, beside the simulated arXiv and the channels' other ends. Prints its memory,
open files and threads day by day, and then what a real daemon with these lines and this store takes of the processor
while nothing is due. Needs the project's shared records. Prints figures of this machine; asserts nothing.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bench_faults import cut
from benchmarks.simulated import TOPICS, Plan, Simulator
from benchmarks.standins import SLACK, StandIns

START = date(2025, 10, 1)
CATEGORIES = ("cs.IR", "cs.CY")
FIELDS = ("recommendation", "dense retrieval", "question answering", "dialogue agents", "tutoring", "moderation")
EVERY = timedelta(hours=1)
SETTLED = 3
"""From this day on nothing should grow."""


def add_lines(folder: Path, count: int) -> None:
    """So many lines of two claims each, in a folder that has a configuration."""
    from litwatch.cli.main import main

    os.chdir(folder)
    for topic, area in list(product(TOPICS, FIELDS))[:count]:
        claims = (f"{topic.title()} improves {area} with language models.", f"Users of {area} gain from {topic}.")
        words = [word for claim in claims for word in ("--claim", claim)]
        question = f"Does {topic} help {area}?"
        sys.argv = ["litwatch", "add-line", "--question", question, "--categories", ",".join(CATEGORIES), *words]
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise RuntimeError(question) from ended


def live(folder: Path, days: int) -> None:
    """The daemon's side: says at each day's end how it is, and waits for the next day's beginning."""
    from apprise.plugins.slack import NotifySlack

    from litwatch.cli.running import make_daemon
    from litwatch.store.store import open_store

    NotifySlack.webhook_url = os.environ["VICTIM_SLACK"]
    os.chdir(folder)
    store = open_store(f"sqlite:///{folder}/litwatch.db")
    now = datetime.combine(START, clock_time(6, 10), UTC)
    os.environ["LITWATCH_NOW"] = now.isoformat()
    daemon = make_daemon(folder / "litwatch.toml", store)
    for day in range(days):
        sys.stdin.readline()
        begun, beats = time.monotonic(), 0
        while now.date() == START + timedelta(days=day) or now.hour < 6:
            os.environ["LITWATCH_NOW"] = now.isoformat()
            for work in (
                daemon.renew,
                daemon.poll,
                daemon.work,
                daemon.send,
                daemon.beat().senders.wait,
                daemon.upkeep,
            ):
                work()
            now, beats = now + EVERY, beats + 1
        gc.collect()
        print(json.dumps({"day": day + 1, "beats": beats, "seconds": time.monotonic() - begun, **held()}), flush=True)


def held() -> dict[str, int]:
    """What this process holds: resident memory in KiB, open files, threads."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the listing itself is among them, each time
    return {"rss": int(status["VmRSS"].split()[0]), "files": files, "threads": threading.active_count()}


def soak(folder: Path, days: int, lines: int) -> list[dict[str, Any]]:
    plan = Plan(start=START, categories=CATEGORIES, corpus=cut(folder / "corpus.jsonl"), hold_days=(1, 20), delay=0.0)
    sim = Simulator(plan, datetime.combine(START, clock_time(6), UTC))
    ends = StandIns(1, lambda: None)
    ends.calm = True
    house = folder / "house"
    (house / "watchlists").mkdir(parents=True)
    channels = "".join(
        f'[channels.{name}]\nurl = "{url}"\nschedule = "{when}"\nalerts = {str(name == SLACK).lower()}\n'
        for (name, url), when in zip(ends.urls.items(), ("mon 08:00", "daily 09:00", "weekdays 17:00"), strict=True)
    )
    (house / "litwatch.toml").write_text(
        f'[arxiv]\napi_url = "{sim.url}/api/query"\noai_url = "{sim.url}/oai"\nrss_url = "{sim.url}/rss"\n'
        'delay_seconds = 0\nbackfill_days = 20\n[service]\nlisten = ""\n'
        f'[backup]\npath = "backups"\nschedule = "sun 04:00 UTC"\nkeep = 2\n{channels}',
        encoding="utf-8",
    )
    env = {**os.environ, "VICTIM_SLACK": ends.slack_hook, "OPENBLAS_NUM_THREADS": "1"}
    script = [sys.executable, __file__]
    subprocess.run(
        [*script, "--lines", str(lines), "--add", str(house)], check=True, env=env, stdout=subprocess.DEVNULL
    )
    daemon = subprocess.Popen(
        [*script, "--days", str(days), "--live", str(house)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    assert daemon.stdin is not None
    assert daemon.stdout is not None
    found = []
    try:
        for day in range(days):
            sim.clock(datetime.combine(START + timedelta(days=day), clock_time(6), UTC))
            print(file=daemon.stdin, flush=True)
            found.append({**json.loads(daemon.stdout.readline()), "messages": len(ends.taken)})
            row = "  day {day:2}: {rss:,} KiB, {files} files, {threads} threads, {messages} messages, {seconds:.1f} s"
            print(row.format(**found[-1]), flush=True)
    finally:
        daemon.stdin.close()
        daemon.wait()
        daemon.stdout.close()
        ends.close()
        sim.close()
    return found


def idle(house: Path, days: int, seconds: float) -> float:
    """The share of one processor that a daemon takes while nothing is due, in percent."""
    now = datetime.combine(START + timedelta(days=days), clock_time(5, 55), UTC)
    command = [sys.executable, "-m", "litwatch", "run", "--config", str(house / "litwatch.toml")]
    with (house / "log").open("w") as log:
        daemon = subprocess.Popen(command, env={**os.environ, "LITWATCH_NOW": now.isoformat()}, stderr=log)
    try:
        time.sleep(20)
        before = ticks(daemon.pid)
        time.sleep(seconds)
        return (ticks(daemon.pid) - before) / os.sysconf("SC_CLK_TCK") / seconds * 100
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)


def ticks(pid: int) -> int:
    """utime and stime of proc(5)'s stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--lines", type=int, default=100)
    parser.add_argument("--idle", type=float, default=60.0, help="seconds to look at a daemon with nothing to do")
    parser.add_argument("--live", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--add", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.add:
        add_lines(options.add, options.lines)
        return
    if options.live:
        live(options.live, options.days)
        return
    with tempfile.TemporaryDirectory() as name:
        found = soak(Path(name), options.days, options.lines)
        share = idle(Path(name) / "house", options.days, options.idle)
    first, last = found[min(SETTLED, len(found)) - 1], found[-1]
    print(f"{options.days} days, {options.lines} lines, {sum(day['beats'] for day in found):,} beats")
    for what in ("rss", "files", "threads"):
        print(f"  {what:8} after day {first['day']}: {first[what]:,}, after day {last['day']}: {last[what]:,}")
    print(f"  idle processor over {options.idle:.0f} s: {share:.2f} %")


if __name__ == "__main__":
    main()
