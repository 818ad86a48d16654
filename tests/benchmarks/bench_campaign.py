"""Half a year of arXiv with held papers, revisions and faults, day by day: what litwatch missed and what it asked.

    python tests/benchmarks/bench_campaign.py [--days 180] [--seed 1] [--no-faults] [--down N] …

Without --down, --categories and --lines: the whole table, with a daemon that is down for 1, 7 and 92 days, and
requests a day for 5 and 40 categories and for 1 and 20 lines. Prints figures of this machine; asserts nothing. Needs
the project's shared records.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.campaign import run_campaign
from benchmarks.simulated import CATEGORIES, QUESTIONS, STREAM, TOPICS, Plan

DAYS_FOR_REQUESTS = 42
SHOWN = 5
MOST_LINES = len(QUESTIONS) + len(TOPICS)


def most_used(count: int) -> tuple[str, ...]:
    """The watched categories, and then those of computer science by how many records of the stream they have."""
    with gzip.open(STREAM, "rt", encoding="utf-8") as rows:
        used = Counter(name for row in rows for name in json.loads(row)["categories"] if name.startswith("cs."))
    return tuple(dict.fromkeys([*CATEGORIES, *(name for name, _ in used.most_common())]))[:count]


def campaign(title: str, plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_campaign(plan, Path(folder))
    print(f"{title}\n{outcome.table()}")
    for name, value in outcome.flaws.items():
        some = value[:SHOWN] if isinstance(value, tuple | list) else value
        print(f"  ! {name}: {some}")
    for day, said in outcome.troubles[:SHOWN]:
        print(f"  alert of {day:%a %d %b}: {said}")
    print(flush=True)


def requests(plan: Plan) -> str:
    """One row: what a campaign without faults asks a day and a month after its first day."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_campaign(plan, Path(folder))
    daily = outcome.requests[1:] or [0]
    mean = statistics.mean(daily)
    return (
        f"  {len(plan.categories):3} categories, {plan.lines:3} lines: first day {outcome.requests[0]:4}, "
        f"then {mean:5.1f} a day, worst {max(daily):4}, {mean * 30:6.0f} a month; missed {len(outcome.missed)}, "
        f"behind {len(outcome.behind)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--down", type=int, help="days in the middle without polls")
    parser.add_argument("--categories", type=int, help="so many categories: the watched ones first")
    parser.add_argument("--lines", type=int, choices=range(1, MOST_LINES + 1), metavar="N", help="so many lines")
    options = parser.parse_args()
    plan = Plan(days=options.days, seed=options.seed, faults=options.faults)
    if options.categories or options.lines:
        chosen = most_used(options.categories or len(CATEGORIES))
        print(requests(replace(plan, categories=chosen, lines=options.lines or plan.lines, down=options.down or 0)))
        return
    for down in (0, 1, 7, 92) if options.down is None else (options.down,):
        with_what = "with faults" if plan.faults else "without faults"
        campaign(f"{plan.days} days {with_what}, {down} of them down", replace(plan, down=down))
    if options.down is None:
        print(f"Requests, {DAYS_FOR_REQUESTS} days without faults")
        for categories, lines in ((5, 1), (5, 2), (5, 20), (40, 2)):
            quick = replace(plan, days=DAYS_FOR_REQUESTS, faults=False)
            print(requests(replace(quick, categories=most_used(categories), lines=lines)), flush=True)


if __name__ == "__main__":
    main()
