"""Two and four daemons on one PostgreSQL for a thousand due units; one of them is killed (kill -9) in the middle.

    python tests/benchmarks/bench_daemons.py [--daemons N …]

Prints who did how much, what was done twice (which should be nothing), and how long it took until the others went on
with what the killed one was at: also when it was the one that asks arXiv, on this machine and, where a process may
have a host name of its own, as if on another one. Needs PostgreSQL. Prints figures of this machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.daemons import Work, poll_takeover, run_daemons
from postgres import running

SHOWN = 5
AFTER = (4.0, 7.0, 11.0)
"""Seconds between the second daemon's start and the killing: a beat has another phase each time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--daemons", type=int, nargs="+", default=[2, 4])
    options = parser.parse_args()
    wrong = False
    with tempfile.TemporaryDirectory() as name, running() as server:
        if server is None:
            sys.exit("PostgreSQL is not installed here (Debian: apt install postgresql)")
        for count in options.daemons:
            result = run_daemons(Path(name) / f"{count}", server.empty(), Work(), daemons=count, kill=True)
            print(f"{count} daemons, one killed\n{result.table()}", *result.flaws[:SHOWN], sep="\n  ! ", flush=True)
            wrong = wrong or bool(result.flaws)
        may_rename = subprocess.run(["unshare", "--uts", "hostname", "elsewhere"], capture_output=True, check=False)
        for elsewhere in (False, True):
            if elsewhere and may_rename.returncode:
                continue
            seconds = [
                poll_takeover(Path(name) / f"{elsewhere}{after}", server.empty(), elsewhere=elsewhere, after=after)
                for after in AFTER
            ]
            where = "as if on another machine" if elsewhere else "on this machine"
            said = ", ".join(f"{each:.1f} s" for each in seconds)
            print(f"the one that asks arXiv is killed, {where}: another one asks {said} after", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
