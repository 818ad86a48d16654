"""A process that has imported all of litwatch and runs each command in a fork of itself, which can be killed anywhere.

    python tests/benchmarks/victim.py

It reads one order a line (JSON), and answers with two lines: the fork's process id, whereupon a line lets it begin,
and at its end how it ended and how many points it passed, by phase. A point is where a killing makes a difference:
before each statement, before each commit, and when a connection goes back after it. An order may name the point at
which the fork kills itself (SIGKILL): {"phase": "settle", "at": 3} is the third point within settling.

Nothing of litwatch is changed but how long it waits for a channel that does not answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

PHASES = ("poll", "judge", "compose", "send", "settle", "other")

_HOUSE = f"{os.sep}litwatch{os.sep}"
_MODULES = {
    "poll": ("service/harvest", "service/asking", "service/changes", "service/watch", "service/audit",
             "service/backfill", "store/gate", "store/breaker"),
    "judge": ("service/matching", "service/judging", "service/sharing", "service/poison"),
    "compose": ("service/digests", "service/alarms", "service/notices", "service/due"),
    "send": ("service/outbox", "service/unsettled", "service/senders"),
}  # fmt: skip
_SETTLING = ("settle", "_settle", "_take_down", "conclude")
_PHASE_OF = {module: phase for phase, modules in _MODULES.items() for module in modules}


def phase_of(frame: FrameType | None) -> str:
    """What litwatch is at: the innermost of its functions that belongs to a phase says it."""
    found = ""
    while frame is not None:
        code = frame.f_code
        _, house, path = code.co_filename.rpartition(_HOUSE)
        if house:
            if code.co_name in _SETTLING:
                return "settle"
            found = found or _PHASE_OF.get(path.removesuffix(".py"), "")
        frame = frame.f_back
    return found or "other"


class _Points:
    """Counts the points that are passed, and kills this process at one of them."""

    def __init__(self, order: dict[str, Any] | None, tell: int) -> None:
        self._order = order or {}
        self._tell = tell
        self.passed: Counter[str] = Counter()

    def listen(self) -> None:
        from sqlalchemy import Engine, event
        from sqlalchemy.pool import Pool

        event.listen(Engine, "before_cursor_execute", lambda _, __, statement, *___: self.point(statement))
        event.listen(Engine, "commit", lambda _: self.point("before a commit"))
        event.listen(Pool, "checkin", lambda *_: self.point("after a transaction"))

    def point(self, what: str) -> None:
        phase = phase_of(sys._getframe(1))
        self.passed[phase] += 1
        if self._order.get("phase") == phase and self._order.get("at") == self.passed[phase]:
            os.write(self._tell, json.dumps({"at": " ".join(what.split())[:60]}).encode())
            os.kill(os.getpid(), signal.SIGKILL)


def _preload(patience: float) -> None:
    """All that a command imports or reads once, so that a fork begins at its work."""
    import apprise
    from apprise.plugins.email import smtp  # noqa: F401
    from apprise.plugins.slack import NotifySlack

    import litwatch.cli.main
    import litwatch.service.daemon
    import litwatch.service.digests
    import litwatch.service.doctor
    import litwatch.service.outbox  # noqa: F401
    from litwatch.deliver import plugin
    from litwatch.service.poll import make_judge, make_ranker

    make_ranker(0.1)
    make_judge(0.5)
    plugin.TIMEOUT = patience
    if hook := os.environ.get("VICTIM_SLACK"):
        NotifySlack.webhook_url = hook
    for url in ("json://localhost/", "mailto://localhost?from=a@example.org", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdn"):
        apprise.Apprise.instantiate(url)


def _live(order: dict[str, Any], tell: int) -> NoReturn:
    """The fork: does what is ordered and ends; never returns."""
    code, points = 70, _Points(order.get("kill"), tell)
    try:
        for number, name in ((1, "out"), (2, "err")):
            with Path(order[name]).open("wb") as file:
                os.dup2(file.fileno(), number)
        os.chdir(order["folder"])
        for name in [name for name in os.environ if name.startswith("LITWATCH_")]:
            del os.environ[name]
        os.environ.update(order["env"])
        points.listen()
        code = _beat() if order["words"] == ["beat"] else _command(order["words"])
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.write(tell, json.dumps({"passed": points.passed}).encode())
        os._exit(code)


def _command(words: list[str]) -> int:
    from litwatch.cli.main import main

    sys.argv = ["litwatch", *words]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _beat() -> int:
    """What a daemon does at one moment, one kind of work after the other."""
    import logging

    from litwatch.cli.running import make_daemon
    from litwatch.store.store import open_store

    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    store = open_store(os.environ["LITWATCH_STORE__URL"])
    daemon = make_daemon(Path("litwatch.toml"), store)
    for work in (daemon.renew, daemon.poll, daemon.work, daemon.send, daemon.beat().senders.wait, daemon.upkeep):
        work()
    store.close()
    return 0


def main() -> None:
    _preload(float(os.environ.get("VICTIM_PATIENCE", "1")))
    answer = os.fdopen(os.dup(1), "w", buffering=1)
    while line := sys.stdin.readline():
        order = json.loads(line)
        hear, tell = os.pipe()
        wait, go = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(hear)
            os.read(wait, 1)
            _live(order, tell)
        os.close(tell)
        print(json.dumps({"pid": pid}), file=answer)
        sys.stdin.readline()
        os.write(go, b"!")
        os.close(wait)
        os.close(go)
        with os.fdopen(hear, "rb") as said:
            heard = said.read()
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), **json.loads(heard or b"{}")}), file=answer)


if __name__ == "__main__":
    main()
