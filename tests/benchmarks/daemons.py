"""Several real daemons on one PostgreSQL: who did what, what was done twice, and who goes on when one is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from benchmarks.simulated import TOPICS
from litwatch.lines.writing import dump_line
from litwatch.model import Claim, HarvestState, Line, Paper
from litwatch.store import schema
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.outbox import know_channel
from litwatch.store.papers import last_text, save_papers
from litwatch.store.store import Store, open_store

FIELDS = ("recommendation", "dense retrieval", "question answering", "dialogue agents", "tutoring", "moderation")
_PATIENCE = 300.0
_LOOK = 0.1
_HOUR = timedelta(hours=1)
_LINE = "line/"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is due: lines to rank and judge, and for each channel a digest to compose and messages that wait."""

    lines: int = 100
    channels: int = 100
    waiting: int = 7
    papers: int = 2000

    @property
    def messages(self) -> int:
        return self.channels * (1 + self.waiting)

    @property
    def units(self) -> int:
        """A line each, a digest each to compose, and the messages."""
        return self.lines + self.channels + self.messages


@dataclass(kw_only=True)
class Result:
    """How it went. Times in seconds; daemons by their number."""

    units: int = 0
    seconds: float = 0.0
    sent_by: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    """Deliveries in the hands of the one that was killed: whether they arrived, only its reader can say."""
    held: int = 0
    """Lines that it was ranking and judging when it was killed."""
    after_kill: dict[str, float] = field(default_factory=dict)
    """From the kill on: when what."""
    flaws: list[str] = field(default_factory=list)

    def table(self) -> str:
        who = ", ".join(f"{count} by {name}" for name, count in sorted(self.sent_by.items()))
        rows = [
            ("units, done in", f"{self.units:,}, {self.seconds:.1f} s"),
            ("sent", who),
            ("lost or done twice", f"{len(self.flaws)}"),
        ]
        if self.after_kill:
            rows.append(("killed while it held", f"{self.held} leases, {self.unknown} messages under way"))
            rows += [(f"  {what}", f"{seconds:.1f} s after") for what, seconds in self.after_kill.items()]
        return "\n".join(f"  {name:34} {value}" for name, value in rows)


def run_daemons(folder: Path, url: str, work: Work, *, daemons: int, kill: bool) -> Result:
    """Has so many daemons do the work on the empty PostgreSQL at `url`; kills the first one in the middle."""
    desks = _Desks()
    now = datetime.now(UTC)
    _prepare(folder, url, work, desks.server_port, now)
    store, result = open_store(url), Result(units=work.units)
    begun = time.monotonic()
    try:
        with _running(folder, url, daemons) as started:
            if kill:
                few, many = work.messages * 0.1, work.messages * 0.5
                _wait(
                    lambda: len(desks.taken) > few and (_holds_lines(store, started[0]) or len(desks.taken) > many),
                    "the first is in the middle of it",
                    by=started[:1],
                )
                _kill(store, started[0], result)
            _wait(lambda: _is_done(store, work), "all is done", by=started)
        result.seconds = time.monotonic() - begun
        with store.read() as db:
            _account(db, work, desks, started, result, killed=kill)
    finally:
        store.close()
        desks.close()
    return result


def poll_takeover(folder: Path, url: str, *, elsewhere: bool, after: float = 0.0) -> float:
    """Seconds from the killing of the one daemon of two that asks arXiv until the other one does.

    after: so many seconds after the other one began. elsewhere: as if on another machine, where nobody sees that its
    process is gone. arXiv answers nobody here.
    """
    with socket.create_server(("127.0.0.1", 0)) as silent:
        arxiv = f"http://127.0.0.1:{silent.getsockname()[1]}"
        _write(folder, _lines(3, categories=("cs.IR",)), "", arxiv)
        store = open_store(url)
        try:
            with _running(folder, url, 1, elsewhere=elsewhere) as first:
                _wait(lambda: bool(_poller(store)), "the first asks arXiv", by=first)
                before = _poller(store)
                with _running(folder, url, 1) as second:
                    _wait(lambda: _enlisted(store) == 2, "both are at work", by=second)
                    time.sleep(after)
                    first[0].send_signal(signal.SIGKILL)
                    begun = time.monotonic()
                    _wait(lambda: _poller(store) not in ("", before), "the other one asks arXiv", by=second)
                    return time.monotonic() - begun
        finally:
            store.close()


# --- what is due -----------------------------------------------------------------------------------------------


def _lines(count: int, *, categories: tuple[str, ...] = ()) -> list[Line]:
    """Lines of two claims. Without categories they are not searched for, and wait for no search."""
    return [
        Line(
            slug=f"line-{number}",
            question=f"Does {topic} help {area}?",
            claims=(
                Claim(id="c1", text=f"{topic.title()} improves {area} with language models."),
                Claim(id="c2", text=f"Users of {area} gain from {topic}."),
            ),
            categories=categories,
        )
        for number, (topic, area) in enumerate(list(product(TOPICS, FIELDS))[:count])
    ]


def _papers(count: int, now: datetime) -> Iterator[Paper]:
    """Invented papers, each on the claim of some line: a few of them against it."""
    subjects = list(product(TOPICS, FIELDS))
    for number in range(count):
        topic, area = subjects[number % len(subjects)]
        does = "does not improve" if number % 25 == 0 else "improves"
        yield Paper(
            arxiv_id=f"2511.{number:05}",
            title=f"An invented title: {topic} for {area}, part {number}",
            abstract=f"This abstract is invented. We ask whether {topic} improves {area}. In {number} experiments with "
            f"language models we find that {topic} {does} {area} with language models.",
            authors=("An Inventor",),
            categories=("cs.IR",),
            primary_category="cs.IR",
            published=now - 2 * _HOUR,
            updated=now - 2 * _HOUR,
        )


def _write(folder: Path, lines: list[Line], channels: str, arxiv: str = "http://127.0.0.1:9") -> None:
    (folder / "watchlists").mkdir(parents=True)
    for line in lines:
        (folder / "watchlists" / f"{line.slug}.yaml").write_text(dump_line(line), encoding="utf-8")
    (folder / "litwatch.toml").write_text(
        f'[arxiv]\napi_url = "{arxiv}/api"\noai_url = "{arxiv}/oai"\nrss_url = "{arxiv}/rss"\ntimeout_seconds = 120\n'
        f'[rank]\ntop = 2\n[service]\nlisten = ""\n{channels}',
        encoding="utf-8",
    )


def _prepare(folder: Path, url: str, work: Work, port: int, now: datetime) -> None:
    names = [f"desk-{number}" for number in range(work.channels)]
    due = now - timedelta(minutes=2)
    sections = "".join(
        f'[channels.{name}]\nurl = "json://127.0.0.1:{port}/{number}"\nschedule = "daily {due:%H:%M} UTC"\n'
        f'lines = ["line-{number % work.lines}"]\n'
        for number, name in enumerate(names)
    )
    _write(folder, _lines(work.lines), sections)
    store = open_store(url)
    with store.write() as db:
        save_papers(db, list(_papers(work.papers, now)), now=now - _HOUR)
        polled = HarvestRecord(id=begin_harvest(db, at=now), at=now, state=HarvestState.FRESH)
        finish_harvest(db, polled)
        for name in names:
            know_channel(db, name, now=now - timedelta(days=30))
            for number in range(work.waiting):
                _wait_with(db, name, number, now)
    store.close()


def _wait_with(db: Connection, channel: str, number: int, now: datetime) -> None:
    """A message of an earlier week that was not sent yet."""
    digest, end = f"{channel}/digest/{number}", now - timedelta(days=20 - number)
    db.execute(
        insert(schema.digests).values(
            id=digest, channel=channel, kind="digest", period_start=end - timedelta(days=1), period_end=end,
            created=end, content={},
        )
    )  # fmt: skip
    db.execute(
        insert(schema.deliveries).values(
            digest=digest, channel=channel, state="pending", attempts=0, due_at=end, claimed_by="", last_error="",
            subject="An invented digest", text=f"unit {digest}", html="", slack=[],
        )
    )  # fmt: skip


# --- who does it ---------------------------------------------------------------------------------------------


@contextmanager
def _running(folder: Path, url: str, count: int, *, elsewhere: bool = False) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "litwatch", "run", "--config", str(folder / "litwatch.toml")]
    if elsewhere:
        command = ["unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh", *command]
    env = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
    env |= {"LITWATCH_STORE__URL": url, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    started = []
    for _ in range(count):
        with (folder / "log").open("ab") as log:
            started.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))
    try:
        yield started
    finally:
        for daemon in started:
            daemon.send_signal(signal.SIGTERM)
        for daemon in started:
            daemon.wait(30)


def _kill(store: Store, daemon: subprocess.Popen[bytes], result: Result) -> None:
    """Kills it, and sees when the others have done what it was at."""
    daemon.send_signal(signal.SIGKILL)
    begun, mine = time.monotonic(), f"%:{daemon.pid}:%"
    daemon.wait()
    under_way = select(func.count()).where(
        schema.deliveries.c.claimed_by.like(mine), schema.deliveries.c.state == "sending"
    )
    with store.read() as db:
        names = db.execute(select(schema.leases.c.name).where(schema.leases.c.holder.like(mine))).scalars()
        lines = {name.removeprefix(_LINE) for name in names if name.startswith(_LINE)}
        lines &= _undone_lines(db)
        result.held = len(lines)
    _wait(lambda: _count(store, under_way) == 0, "its messages are settled")
    result.after_kill["its messages were settled as unknown"] = time.monotonic() - begun
    _wait(lambda: not lines & _undone(store), "its lines are ranked and judged")
    result.after_kill["its lines were ranked and judged"] = time.monotonic() - begun
    result.unknown = _count(store, select(func.count()).where(schema.deliveries.c.state == "unknown"))


def _undone(store: Store) -> set[str]:
    with store.read() as db:
        return _undone_lines(db)


def _undone_lines(db: Connection) -> set[str]:
    """Lines that are not ranked, or have matches that are not judged."""
    behind = select(schema.lines.c.slug).where(schema.lines.c.ranked_through < last_text(db))
    unjudged = select(schema.matches.c.line).where(schema.matches.c.judged_with == "")
    return {*db.execute(behind).scalars(), *db.execute(unjudged).scalars()}


def _holds_lines(store: Store, daemon: subprocess.Popen[bytes]) -> bool:
    lease = schema.leases.c
    return (
        _count(store, select(func.count()).where(lease.holder.like(f"%:{daemon.pid}:%"), lease.name.like("line/%"))) > 0
    )


def _count(store: Store, query: Any) -> int:
    with store.read() as db:
        return int(db.execute(query).scalar_one())


def _poller(store: Store) -> str:
    with store.read() as db:
        return str(db.execute(select(schema.leases.c.holder).where(schema.leases.c.name == "poll")).scalar() or "")


def _enlisted(store: Store) -> int:
    return _count(store, select(func.count()).where(schema.leases.c.name.startswith("daemon/")))


def _wait(until: Callable[[], bool], what: str, *, by: Sequence[subprocess.Popen[bytes]] = ()) -> None:
    """by: the daemons that are to bring it about; without any of them it never will be."""
    end = time.monotonic() + _PATIENCE
    while not until():
        if by and all(daemon.poll() is not None for daemon in by):
            raise RuntimeError(f"the daemons ended before it came to this: {what}; their log says why")
        if time.monotonic() > end:
            raise TimeoutError(f"in {_PATIENCE:.0f} s it did not come to this: {what}")
        time.sleep(_LOOK)


# --- what came of it -----------------------------------------------------------------------------------------


def _is_done(store: Store, work: Work) -> bool:
    with store.read() as db:
        known = select(func.count()).select_from(schema.lines)
        settled = select(func.count()).where(schema.deliveries.c.state.in_(("sent", "unknown")))
        return (
            db.execute(known).scalar_one() == work.lines
            and not _undone_lines(db)
            and db.execute(settled).scalar_one() == work.messages
        )


def _account(
    db: Connection,
    work: Work,
    desks: _Desks,
    started: list[subprocess.Popen[bytes]],
    result: Result,
    *,
    killed: bool,
) -> None:
    flaws = result.flaws
    numbers = {str(daemon.pid): f"daemon {number}" for number, daemon in enumerate(started, 1)}
    rows = db.execute(select(schema.deliveries)).all()
    result.sent_by = Counter(numbers.get(row.claimed_by.split(":")[1], "?") for row in rows)
    taken = Counter(desks.taken)
    flaws += [f"{channel}: taken {count} times: {text[:60]}" for (channel, text), count in taken.items() if count > 1]
    for row in rows:
        came = sum(_same(text, row.text) for channel, text in taken if channel == row.channel)
        if came != 1 and not (row.state == "unknown" and came == 0):
            flaws.append(f"delivery {row.id} of {row.digest} is {row.state} and came {came} times")
    if result.unknown and not killed:
        flaws.append(f"{result.unknown} are unknown though nobody was killed")
    digests = Counter(db.execute(select(schema.digests.c.channel)).scalars())
    flaws += [f"{name} has {count} digests" for name, count in digests.items() if count != 1 + work.waiting]
    matched = set(db.execute(select(schema.matches.c.line)).scalars())
    flaws += [f"{line.slug} has no matches" for line in _lines(work.lines) if line.slug not in matched]
    row = schema.verdicts.c
    pair = (row.line, row.claim, row.claim_digest, row.arxiv_id, row.version)
    twice = db.execute(select(*pair, func.count()).group_by(*pair).having(func.count() > 1)).all()
    flaws += [f"judged {found[-1]} times: {found[:-1]}" for found in twice]
    if not db.execute(select(func.count()).select_from(schema.verdicts)).scalar_one():
        flaws.append("nothing was judged")


def _same(came: str, text: str) -> bool:
    return " ".join(text.split()) in " ".join(came.split())


class _Desks(ThreadingHTTPServer):
    """The channels' other ends: they keep what came, by channel."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.taken: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """A sender that was killed needs no traceback."""


class _Desk(BaseHTTPRequestHandler):
    server: _Desks

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        self.server.taken.append((f"desk-{self.path.strip('/')}", message))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
