"""Whether a version that litwatch is tested with is known to be vulnerable: asks by pip-audit, in an environment of
its own.

Ends with 1 where one is, and with 0 where none is or nobody could be asked; that is then said on one line.
Usage: audit.py ENVIRONMENT CONSTRAINTS
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

_SECONDS = 300
_SILENCE = "audit: not done, as no list of known vulnerabilities could be asked; nothing is known"


def verdict(report: str) -> tuple[int, str]:
    """(exit code, what to say) of pip-audit's report in JSON; an empty one is none."""
    try:
        packages = json.loads(report)["dependencies"]
        known = [each for each in packages if "vulns" in each]
        found = [
            f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
            for each in known
            for flaw in each["vulns"]
        ]
    except (ValueError, KeyError, TypeError):
        return 0, _SILENCE
    if found:
        return 1, "\n".join(["audit: known to be vulnerable:", *sorted(found)])
    if not known:
        return 0, _SILENCE
    if len(known) < len(packages):
        return 0, (
            f"audit: of {len(packages)} packages {len(known)} could be looked up, and none of these is known to be "
            f"vulnerable; of the other {len(packages) - len(known)} nothing is known"
        )
    return 0, f"audit: none of {len(packages)} packages is known to be vulnerable"


def report_of(environment: Path, constraints: Path) -> str:
    """pip-audit's report; "" where it cannot be had."""
    program = environment / "bin" / "pip-audit"
    ask = [str(program), "--requirement", str(constraints), "--no-deps", "--disable-pip", "--format", "json"]
    try:
        if not program.exists():
            venv.create(environment, with_pip=True)
            install = [
                environment / "bin" / "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "pip-audit>=2.9",
            ]
            subprocess.run(install, check=True, timeout=_SECONDS, stderr=subprocess.DEVNULL)
        return subprocess.run(ask, capture_output=True, text=True, timeout=_SECONDS).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


if __name__ == "__main__":
    code, said = verdict(report_of(Path(sys.argv[1]), Path(sys.argv[2])))
    print(said)
    sys.exit(code)
