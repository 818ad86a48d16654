"""Commands of litwatch in processes that can be killed anywhere: at a point of their work, or from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended. code: -9 where it was killed. passed: points by phase. seconds: how long it lived."""

    code: int
    out: str
    err: str
    at: str = ""
    passed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Victim:
    """Runs commands in forks of a process that is ready, one at a time, and can kill the one at work."""

    def __init__(self, folder: Path, *, slack: str, patience: float) -> None:
        self._folder = folder
        env = {**os.environ, "VICTIM_SLACK": slack, "VICTIM_PATIENCE": str(patience), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        self._at_work: int | None = None
        self._lock = threading.Lock()

    def __call__(
        self, words: Sequence[str], folder: Path, env: dict[str, str], *, kill: Any = None, after: float | None = None
    ) -> Ended:
        """kill: the point at which it kills itself. after: seconds after which it is killed wherever it is."""
        out, err = self._folder / "victim.out", self._folder / "victim.err"
        order = {"words": list(words), "folder": str(folder), "env": env, "out": str(out), "err": str(err)}
        assert self._process.stdin is not None
        print(json.dumps({**order, "kill": kill}), file=self._process.stdin, flush=True)
        begun = time.monotonic()
        with self._lock:
            self._at_work = os.pidfd_open(self._answer()["pid"])
            print(file=self._process.stdin, flush=True)
        timer = threading.Timer(after, self.kill) if after is not None else None
        if timer:
            timer.start()
        try:
            ended = self._answer()
        finally:
            if timer:
                timer.cancel()
            with self._lock:
                os.close(self._at_work)
                self._at_work = None
        return Ended(
            code=ended["code"],
            out=out.read_text(encoding="utf-8", errors="replace"),
            err=err.read_text(encoding="utf-8", errors="replace"),
            at=ended.get("at", ""),
            passed=Counter(ended.get("passed", {})),
            seconds=time.monotonic() - begun,
        )

    def kill(self) -> None:
        """Ends the command at work, if one is, as a power cut would."""
        with self._lock:
            if self._at_work is not None:
                signal.pidfd_send_signal(self._at_work, signal.SIGKILL)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError("the process that runs the commands ended; it said above why")
        answer: dict[str, Any] = json.loads(said)
        return answer
