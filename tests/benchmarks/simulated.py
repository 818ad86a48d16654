"""The world of a campaign: arXiv with its clock, held papers, revisions and faults; litwatch in a folder; a channel.

The simulator is that of the project's shared folder, in a thread of its own. litwatch runs as its command line and,
for what it sends by itself, as a beat of its daemon.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import select
import socket
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).parents[2] / ".." / "shared"
STREAM = SHARED / "arxiv" / "stream-2025.jsonl.gz"
CATEGORIES = ("cs.CL", "cs.AI", "cs.LG", "cs.CV", "cs.IR")

QUESTIONS = (
    ("Can language models plan over long horizons?", "Language models cannot plan over long horizons."),
    ("Does retrieval keep a model from inventing facts?", "Retrieval reduces hallucination in language models."),
)
TOPICS = (
    "distillation", "pruning", "tokenization", "quantization", "calibration", "summarization",
    "translation", "dialogue", "segmentation", "diffusion", "recommendation", "alignment",
    "interpretability", "watermarking", "federation", "speech", "robotics", "fairness",
)  # fmt: skip
WITHDRAWAL = "This paper has been withdrawn by the authors"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is simulated. Times of the arXiv section in seconds; a day's poll is at 06:30 UTC."""

    start: date = date(2025, 6, 12)
    days: int = 180
    down: int = 0
    """Days in the middle without any poll."""
    seed: int = 1
    faults: bool = True
    categories: tuple[str, ...] = CATEGORIES
    lines: int = 2
    corpus: Path = STREAM
    hold_fraction: float = 0.1
    hold_days: tuple[int, int] = (1, 60)
    revisions_a_day: int = 4
    delay: float = 0.02
    timeout: float = 2.0

    def is_down(self, day: int) -> bool:
        begin = (self.days - self.down) // 2
        return begin <= day < begin + self.down


# --- arXiv ---------------------------------------------------------------------------------------------------


class Simulator:
    """The shared simulator on loopback. It notes each 429 that no fault ordered."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        module = _load(SHARED / "arxivsim" / "arxivsim.py")
        scenario = {"hold_fraction": plan.hold_fraction, "hold_days": list(plan.hold_days), "seed": plan.seed}
        self.archive = module.Archive(str(plan.corpus), now, scenario)
        self.unordered_429 = 0
        outer = self

        class Handler(module.Handler):  # type: ignore[misc, name-defined]
            archive = self.archive
            options = Namespace(min_interval=plan.delay * 0.9, oai_page=1000, verbose=False)

            def respond(self, path: str, args: Any, fault: Any, begun: float, last: float | None) -> Any:
                if fault and fault["kind"] == "hang":
                    # Whoever hung up asks no more: else the next request would be taken for a second at once.
                    if _hung_up(self.connection, fault["seconds"]):
                        self.close_connection = True
                        return "gone"
                    fault = None
                status = super().respond(path, args, fault, begun, last)
                outer.unordered_429 += status == 429 and (fault or {}).get("code") != 429
                return status

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A connection that a fault closed needs no traceback."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def clock(self, now: datetime) -> None:
        with self.archive.lock:
            self.archive.now = now

    def visible(self) -> dict[str, Any]:
        """By id, the papers that the search API lists now."""
        return {paper.id: paper for paper, _ in self.archive.listed(self.archive.api_now())}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("arxivsim", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _hung_up(connection: socket.socket, seconds: float) -> bool:
    """Waits that long for the other side to hang up."""
    readable, _, _ = select.select([connection], [], [], seconds)
    with suppress(ConnectionError):
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    return True


def draw_faults(plan: Plan, count: int) -> list[dict[str, Any]]:
    """Faults for every fifth request; one in ten stays for six requests, which is longer than a poll asks over."""
    dice = random.Random(plan.seed)
    kinds: tuple[dict[str, Any], ...] = (
        {"kind": "status", "code": 503},
        {"kind": "status", "code": 500},
        {"kind": "status", "code": 429},
        {"kind": "status", "code": 503, "retry_after": 1},
        {"kind": "status", "code": 429, "retry_after": 0},
        {"kind": "hang", "seconds": plan.timeout * 1.5},
        *({"kind": kind} for kind in ("html", "truncate", "cut", "reset", "empty", "short", "badentry", "garbage")),
    )
    return [{**dice.choice(kinds), "skip": 4, "times": 6 if dice.random() < 0.1 else 1} for _ in range(count)]


def revise(sim: Simulator, plan: Plan, now: datetime, dice: random.Random) -> list[str]:
    """New versions, submitted now, of papers that were announced; one in four is a withdrawal. Gives those."""
    settled = [
        paper
        for paper in sim.visible().values()
        if set(paper.categories) & set(plan.categories) and paper.versions[-1].announced < now
    ]
    withdrawn, changes = [], []
    for paper in dice.sample(settled, min(plan.revisions_a_day, len(settled))):
        change = {"id": paper.id, "at": now.isoformat()}
        if dice.random() < 0.25:
            change["comment"] = WITHDRAWAL
            withdrawn.append(paper.id)
        else:
            words = " ".join(dice.sample(TOPICS, 4))
            change |= {"title": f"An invented title on {words}", "abstract": f"An invented abstract. We try {words}."}
        changes.append(change)
    with sim.archive.lock:
        sim.archive.revise(changes)
    return withdrawn


# --- litwatch and where it tells -------------------------------------------------------------------------------


class Postbox(ThreadingHTTPServer):
    """A channel's other end: it keeps the text of each message."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.taken: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Post(BaseHTTPRequestHandler):
    server: Postbox

    def do_POST(self) -> None:
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def told_papers(message: str) -> list[str]:
    """The papers that a message tells, by the link under each numbered title."""
    entries = [block for block in message.split("\n\n") if re.match(r" ?\d+\. ", block)]
    links = [re.search(r"^ +https://arxiv\.org/abs/(\S+)$", block, re.M) for block in entries]
    return [link[1] for link in links if link]


class Reader:
    """litwatch in a folder, as its reader's machine runs it."""

    def __init__(self, folder: Path, plan: Plan, arxiv: str, postbox: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "watchlists").mkdir(exist_ok=True)
        (folder / "litwatch.toml").write_text(
            f'[arxiv]\napi_url = "{arxiv}/api/query"\noai_url = "{arxiv}/oai"\nrss_url = "{arxiv}/rss"\n'
            f"delay_seconds = {plan.delay}\ntimeout_seconds = {plan.timeout}\n"
            f'[channels.desk]\nurl = "json://127.0.0.1:{postbox}/"\nalerts = true\n'
            f'schedule = "{plan.start + timedelta(days=6):%a} 06:30 UTC"\n',
            encoding="utf-8",
        )
        self._daemon: Any = None

    def __call__(self, now: datetime, *words: str) -> tuple[int, str]:
        """Runs a command; its exit code and what it said."""
        from litwatch.cli.main import main

        with self._at(now), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            argv, sys.argv = sys.argv, ["litwatch", *words]
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
            finally:
                sys.argv = argv
        if code not in (0, 3) and not out.getvalue():
            raise RuntimeError(f"litwatch {' '.join(words)}: {err.getvalue()}")
        return code, out.getvalue()

    def beat(self, now: datetime) -> None:
        """What the daemon does of itself: it freezes alerts and sends what is due."""
        from litwatch.cli.running import make_daemon
        from litwatch.store.store import open_store

        with self._at(now), redirect_stderr(StringIO()):
            if self._daemon is None:
                store = open_store(f"sqlite:///{self.folder / 'litwatch.db'}")
                self._daemon = make_daemon(self.folder / "litwatch.toml", store)
            self._daemon.poll()
            self._daemon.work()
            self._daemon.beat().deliveries()

    def stop(self) -> None:
        if self._daemon is not None:
            self._daemon.store.close()
        self._daemon = None

    @contextmanager
    def _at(self, now: datetime) -> Iterator[None]:
        kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("LITWATCH_")}
        os.environ["LITWATCH_NOW"] = now.isoformat()
        try:
            with chdir(self.folder):
                yield
        finally:
            del os.environ["LITWATCH_NOW"]
            os.environ.update(kept)
