"""A disk without room: one clear line, nothing lost, nothing sent that cannot be noted; on when there is room."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import Engine, event

from conftest import ArxivSim, Litwatch, MailServer
from litwatch.errors import StoreError
from litwatch.lines.watchlist import load_line
from litwatch.model import DeliveryState
from litwatch.service.digests import Channel, Settings, digest_once
from litwatch.service.outbox import Outbox
from litwatch.store.store import open_store

MONDAY, TUESDAY = "2025-11-17T12:00:00Z", "2025-11-18T12:00:00Z"
NO_ROOM = "room"
SIZE = "24m"


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of a smaller category."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as stream:
        records = [row for row in stream if "2025-11-05" <= json.loads(row)["published"] < "2025-11-20"]
    path.write_text("".join(row for row in records if "cs.IR" in json.loads(row)["categories"]), encoding="utf-8")
    return path


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, *, but: int = 0) -> None:
        """Takes all the room there is, but so many bytes."""
        free = os.statvfs(self.folder)
        left = free.f_bavail * free.f_frsize - but
        with suppress(OSError), self._filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                while left >= size:
                    left -= file.write(bytes(size))

    def clear(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "litwatch-test", str(folder)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs mount, to have a small disk")
    if mounted.returncode:
        pytest.skip(f"needs leave to mount a small disk: {mounted.stderr.decode().strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


class FillingMailServer(MailServer):
    """It takes a message, and something happens before it says so."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        self.meanwhile()
        return answer


@pytest.fixture
def mail_server(certificate: trustme.LeafCert) -> Iterator[FillingMailServer]:
    server = FillingMailServer(certificate)
    yield server
    server.close()


class Pages:
    """SQLite's own bound on a file: a disk that is full for the store alone."""

    def __init__(self) -> None:
        self.more: int | None = None
        """So many pages may be added; None: no bound."""

    def connected(self, connection: Any, _: object) -> None:
        if self.more is not None:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + self.more}")


@pytest.fixture
def pages() -> Iterator[Pages]:
    bound = Pages()
    event.listen(Engine, "connect", bound.connected)
    yield bound
    event.remove(Engine, "connect", bound.connected)


def settle_in(litwatch: Litwatch, sim: ArxivSim, mail_server: MailServer) -> None:
    """A line and a mail channel, in a folder."""
    litwatch.configure(
        f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\ntimeout_seconds = 5\nbackfill_days = 15\n"
        f'[channels.weekly-mail]\nurl = "{mail_server.url()}"\n'
    )
    words = ("--claim", "Dense retrieval outperforms sparse lexical retrieval.", "--categories", "cs.IR")
    assert litwatch("add-line", "--question", "Does dense retrieval win?", *words, now=MONDAY).code == 0


@pytest.fixture
def small(
    disk: Disk, arxivsim: Callable[..., ArxivSim], corpus: Path, mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> tuple[Litwatch, ArxivSim]:  # fmt: skip
    """litwatch on the small disk, and its arXiv."""
    sim = arxivsim(corpus, MONDAY)
    litwatch = Litwatch(disk.folder, monkeypatch, capsys)
    settle_in(litwatch, sim, mail_server)
    return litwatch, sim


def stored(litwatch: Litwatch) -> set[str]:
    return {json.loads(row)["arxiv_id"] for row in litwatch("papers", "--all", now=TUESDAY).out.splitlines()}


def states(litwatch: Litwatch) -> Counter[str]:
    return Counter(row["state"] for row in litwatch("outbox", "--json", now=TUESDAY).json)


def assert_one_line(answer: Any) -> None:
    assert answer.code == 1
    assert NO_ROOM in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("room", [0, 40_000, 200_000], ids=["no room", "room to begin", "room for a part"])
def test_a_poll_on_a_full_disk_says_so_and_the_next_brings_all(
    small: tuple[Litwatch, ArxivSim], disk: Disk, room: int
) -> None:
    litwatch, sim = small
    disk.fill(but=room)
    assert_one_line(litwatch("poll", "--backfill", now=MONDAY))
    disk.clear()
    poll = litwatch("poll", "--backfill", "--json", now=MONDAY)
    assert (poll.code, poll.json["state"]) == (0, "fresh")
    assert stored(litwatch) == sim.visible() != set()


def test_a_poll_that_reaches_the_stores_bound_says_so_and_the_next_brings_all(
    arxivsim: Callable[..., ArxivSim], corpus: Path, mail_server: MailServer, litwatch: Litwatch, pages: Pages
) -> None:
    sim = arxivsim(corpus, MONDAY)
    settle_in(litwatch, sim, mail_server)
    pages.more = 10
    assert_one_line(litwatch("poll", "--backfill", now=MONDAY))
    pages.more = None
    poll = litwatch("poll", "--backfill", "--json", now=MONDAY)
    assert (poll.code, poll.json["state"]) == (0, "fresh")
    assert stored(litwatch) == sim.visible() != set()


def test_a_digest_that_cannot_be_kept_is_not_sent_and_is_sent_once_there_is_room(
    arxivsim: Callable[..., ArxivSim], corpus: Path, mail_server: MailServer, litwatch: Litwatch, pages: Pages
) -> None:
    settle_in(litwatch, arxivsim(corpus, MONDAY), mail_server)
    assert litwatch("poll", "--backfill", now=MONDAY).code == 0
    pages.more = 0
    assert_one_line(litwatch("digest", "--send", now=MONDAY))
    assert mail_server.taken == []
    pages.more = None
    assert litwatch("digest", "--send", now=MONDAY).code == 0
    assert litwatch("digest", "--send", now=MONDAY).code == 3
    assert len(mail_server.taken) == 1
    assert states(litwatch) == {"sent": 1}


def test_nothing_is_sent_from_a_full_disk(
    small: tuple[Litwatch, ArxivSim], disk: Disk, mail_server: MailServer
) -> None:
    litwatch, _ = small
    assert litwatch("poll", "--backfill", now=MONDAY).code == 0
    disk.fill()
    assert_one_line(litwatch("digest", "--send", now=MONDAY))
    assert mail_server.taken == []
    disk.clear()
    assert litwatch("digest", "--send", now=MONDAY).code == 0
    assert len(mail_server.taken) == 1
    assert states(litwatch) == {"sent": 1}


def test_a_message_that_went_out_while_the_disk_filled_up_is_noted_when_there_is_room(
    small: tuple[Litwatch, ArxivSim], disk: Disk, mail_server: FillingMailServer
) -> None:
    litwatch, _ = small
    assert litwatch("poll", "--backfill", now=MONDAY).code == 0
    cleared = threading.Timer(1.5, disk.clear)

    def fill() -> None:
        disk.fill()
        cleared.start()

    mail_server.meanwhile = fill
    sent = litwatch("digest", "--send", now=MONDAY)
    cleared.join()
    assert (sent.code, sent.err) == (0, "")
    assert len(mail_server.taken) == 1
    assert states(litwatch) == {"sent": 1}


def test_a_daemon_that_cannot_note_what_it_sent_sends_nothing_until_it_can(
    small: tuple[Litwatch, ArxivSim], disk: Disk, mail_server: FillingMailServer
) -> None:
    litwatch, _ = small
    assert litwatch("poll", "--backfill", now=MONDAY).code == 0
    urls = {name: mail_server.url() for name in ("weekly-mail", "other")}
    lines = (load_line(next((disk.folder / "watchlists").glob("*.yaml"))),)
    now, outbox = datetime.fromisoformat(MONDAY), Outbox()
    store = open_store(litwatch.store_url)
    for name, url in urls.items():
        digest_once(store, lines, Channel(name=name, url=url), Settings(top=5, threshold=0.5), now=now)
    mail_server.meanwhile = disk.fill
    first = outbox.deliver_once(store, urls, now=now)
    assert first is not None
    assert first.state is DeliveryState.SENT
    with pytest.raises(StoreError, match=NO_ROOM):
        outbox.deliver_once(store, urls, now=now)
    assert len(mail_server.taken) == 1
    mail_server.meanwhile = lambda: None
    disk.clear()
    second = outbox.deliver_once(store, urls, now=now)
    assert second is not None
    assert second.channel != first.channel
    assert outbox.deliver_once(store, urls, now=now) is None
    store.close()
    assert len(mail_server.taken) == 2
    assert states(litwatch) == {"sent": 2}
