"""Backups: online, whole or not at all, and put back row by row and byte by byte."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from kept_sample import T, fill_every_table, rows_of
from sqlalchemy import insert, select, text

from litwatch.config import BackupSection, Config, StoreSection, WatchlistsSection
from litwatch.errors import BackupError, LitwatchError, StoreError
from litwatch.service.archive import open_archive
from litwatch.service.backup import back_up, backup_once
from litwatch.service.doctor import check_backup
from litwatch.service.journal import observe
from litwatch.service.restore import restore
from litwatch.store.alone import alone, alone_on
from litwatch.store.copy import damage
from litwatch.store.figures import figures
from litwatch.store.harvests import begin_harvest, recent_harvests
from litwatch.store.leases import UPKEEP, enlist, release, resign, take
from litwatch.store.schema import deliveries
from litwatch.store.store import HEAD, Store, open_store
from litwatch.store.upkeep import Upkeep, begin_upkeep, last_upkeep, note_upkeep
from postgres import Postgres

NOT_CARRIED = {"leases", "gates", "upkeep"}


@contextmanager
def opened(url: str) -> Iterator[Store]:
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Gives URLs of new empty stores: new_store("sqlite"), new_store("postgresql")."""
    made: list[str] = []

    def make(database: str) -> str:
        if database == "sqlite":
            return f"sqlite:///{tmp_path}/store{random.randrange(10**9)}.db"
        server: Postgres = request.getfixturevalue("postgres")
        made.append(server.store())
        return made[-1]

    yield make
    for url in made:
        request.getfixturevalue("postgres").drop(url)


def home(folder: Path, url: str) -> Config:
    """A configuration in a folder of its own."""
    folder.mkdir(exist_ok=True)
    return Config(folder=folder, store=StoreSection(url=url))


def carried(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in rows_of(store).items() if name not in NOT_CARRIED}


def state_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    with opened(url) as store:
        return carried(store)


def filled_store(url: str, seed: int = 1) -> dict[str, list[tuple[object, ...]]]:
    with opened(url) as store:
        fill_every_table(store, seed=seed)
        return carried(store)


def make_backup(url: str, folder: Path, name: str = "it.backup") -> Path:
    with opened(url) as store:
        return back_up(store, folder / name, home(folder / "home", url), now=T).path


# --- equal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_what_is_restored_equals_what_was_backed_up(
    new_store: Callable[[str], str], tmp_path: Path, source: str, target: str
) -> None:
    here, there = new_store(source), new_store(target)
    before = filled_store(here)
    assert all(before.values()), "a table without rows shows nothing"
    ours, theirs = home(tmp_path / "ours", here), home(tmp_path / "theirs", there)
    lists = {"plans.yaml": b"question: Ok?\n", "removed/old.yaml": b"\xff\x00 not text", "removed/deep/er.yml": b""}
    for name, content in lists.items():
        (ours.watchlist_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (ours.watchlist_folder / name).write_bytes(content)
    (ours.folder / "litwatch.toml").write_text("# with a secret\n", encoding="utf-8")

    with opened(here) as store:
        made = back_up(store, tmp_path / "it.backup", ours, now=T)
    done = restore(made.path, theirs, now=T)

    assert state_of(there) == before
    assert {str(p.relative_to(theirs.watchlist_folder)) for p in theirs.watchlist_folder.rglob("*.*")} == set(lists)
    assert all((theirs.watchlist_folder / name).read_bytes() == content for name, content in lists.items())
    assert (theirs.folder / "litwatch.toml.restored").read_text(encoding="utf-8") == "# with a secret\n"
    assert done.tables == {name: len(rows) for name, rows in before.items()} == made.manifest.tables
    assert (done.kept, done.unknown, done.watchlists) == ((), 0, 3)
    assert not list(tmp_path.rglob(".litwatch-*"))


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_restored_store_goes_on_counting_where_it_stood(
    new_store: Callable[[str], str], tmp_path: Path, target: str
) -> None:
    here, there = new_store("sqlite"), new_store(target)
    filled_store(here)
    restore(make_backup(here, tmp_path), home(tmp_path / "theirs", there), now=T)
    with opened(there) as store, store.write() as db:
        old = db.execute(select(deliveries).order_by(deliveries.c.id.desc()).limit(1)).one()
        digest = db.execute(text("SELECT id FROM digests")).scalars().first()
        assert digest
        db.execute(text("DELETE FROM deliveries WHERE digest = :digest"), {"digest": digest})
        row = {name: value for name, value in old._mapping.items() if name != "id"} | {"digest": digest}
        made = db.execute(insert(deliveries).values(**row)).inserted_primary_key
        assert made is not None
        assert made[0] == old.id + 1


def test_an_empty_table_numbers_its_first_row_one_after_a_restore(
    new_store: Callable[[str], str], tmp_path: Path
) -> None:
    here, there = new_store("sqlite"), new_store("postgresql")
    restore(make_backup(here, tmp_path), home(tmp_path / "theirs", there), now=T)
    with opened(there) as store, store.write() as db:
        assert begin_harvest(db, at=T) == 1


def test_a_backup_is_readable_by_its_owner_alone(new_store: Callable[[str], str], tmp_path: Path) -> None:
    assert stat.S_IMODE(make_backup(new_store("sqlite"), tmp_path).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a\\b.yaml", "a\nb.yaml", "\udcff.yaml"])
def test_a_watchlist_with_a_name_that_not_every_system_takes_is_named(tmp_path: Path, name: str) -> None:
    config = home(tmp_path / "ours", f"sqlite:///{tmp_path}/litwatch.db")
    config.watchlist_folder.mkdir()
    (config.watchlist_folder / name).write_bytes(b"")
    (config.watchlist_folder / ".hidden.yaml").write_bytes(b"")
    with opened(config.store_url) as store, pytest.raises(BackupError, match="cannot hold") as error:
        back_up(store, tmp_path / "it.backup", config, now=T)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "it.backup").exists()


WRITER = """
import sys
from datetime import UTC, datetime
from litwatch.model import Paper
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store
at = datetime(2025, 11, 18, tzinfo=UTC)
store = open_store(sys.argv[1])
for number in range(100_000):
    papers = [
        Paper(arxiv_id=f"2511.{number:05d}{letter}", title="An invented title", abstract="Invented. " * 50,
              categories=("cs.CL", "cs.AI"), primary_category="cs.CL", published=at, updated=at)
        for letter in "abc"
    ]
    with store.write() as db:
        save_papers(db, papers, now=at)
    print(number, flush=True)
"""


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_a_backup_shows_one_moment_while_another_process_writes(
    new_store: Callable[[str], str], tmp_path: Path, source: str
) -> None:
    url = new_store(source)
    with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        try:
            counts = []
            for number in range(3):
                for _ in range(5):
                    assert writer.stdout.readline()
                there = home(tmp_path / f"there{number}", f"sqlite:///{tmp_path}/there{number}.db")
                counts.append(restore(make_backup(url, tmp_path, f"{number}"), there, now=T).tables)
        finally:
            writer.kill()
    papers = [tables["papers"] for tables in counts]
    assert papers == sorted(set(papers)), "it wrote meanwhile"
    assert all(tables["papers"] % 3 == 0 for tables in counts), "whole transactions"
    assert all(tables["paper_categories"] == 2 * tables["papers"] for tables in counts)


# --- whole or not at all ----------------------------------------------------------------------------------------


@pytest.fixture
def backup(tmp_path: Path, new_store: Callable[[str], str]) -> Path:
    url = new_store("sqlite")
    filled_store(url)
    folder = tmp_path / "home" / "watchlists"
    folder.mkdir(parents=True)
    (folder / "plans.yaml").write_text("question: Ok?\n", encoding="utf-8")
    return make_backup(url, tmp_path)


def refused(path: Path, config: Config, *, replace: bool = True) -> str:
    with pytest.raises(LitwatchError) as error:
        restore(path, config, now=T, replace=replace)
    said = str(error.value)
    assert "\n" not in said
    return said


def test_a_backup_that_was_cut_short_or_changed_is_refused_and_changes_nothing(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str]
) -> None:
    url = new_store("sqlite")
    before = filled_store(url, seed=2)
    config, whole = home(tmp_path / "theirs", url), backup.read_bytes()
    dice = random.Random(1)
    broken = [whole[:cut] for cut in (0, 1, 64, len(whole) // 2, len(whole) - 1)]
    for place in dice.sample(range(len(whole)), 40):
        broken.append(whole[:place] + bytes([whole[place] ^ 1 << dice.randrange(8)]) + whole[place + 1 :])
    for content in (*broken, whole + b"x", b"SQLite format 3\x00" * 100):
        path = tmp_path / "broken.backup"
        path.write_bytes(content)
        assert "is no whole backup of litwatch" in refused(path, config)
    assert state_of(url) == before
    assert not config.watchlist_folder.exists()


def forged(backup: Path, change: Callable[[dict[str, bytes], dict[str, object]], None]) -> Path:
    """A backup whose members or manifest were changed, and whose digest is right again."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = b"0" * 64
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in members.items():
            archive.writestr(name, content)
    body = out.getvalue()[:-64]
    path = backup.with_name("forged.backup")
    path.write_bytes(body + sha256(body).hexdigest().encode())
    return path


def swap_store(members: dict[str, bytes], manifest: dict[str, object], content: bytes) -> None:
    members["store.sqlite"] = content
    others = [one for one in manifest["members"] if one["name"] != "store.sqlite"]  # type: ignore[attr-defined]
    manifest["members"] = [*others, listed(content, "store.sqlite")]


def listed(content: bytes, name: str) -> dict[str, object]:
    return {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}


@pytest.mark.parametrize(
    "name",
    ["../out.yaml", "/etc/out.yaml", "watchlists/../../out.yaml", "watchlists//etc/out.yaml", "watchlists/", "else.txt",
     "watchlists/.hidden.yaml", "watchlists/a\\b.yaml", "watchlists/a\nb.yaml"],
)  # fmt: skip
def test_a_backup_with_a_foreign_name_in_it_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    def add(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        members[name] = b"x"
        manifest["members"].append(listed(b"x", name))  # type: ignore[attr-defined]

    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs.db")
    assert "which no backup does" in refused(forged(backup, add), config)
    assert not list(tmp_path.rglob("*out.yaml"))


def test_a_backup_that_differs_from_its_manifest_is_refused(backup: Path, tmp_path: Path) -> None:
    def swap(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        members["watchlists/plans.yaml"] = b"question: No?\n"

    def lengthen(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        members["watchlists/plans.yaml"] += b"x" * 10_000

    def add(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        members["watchlists/more.yaml"] = b"x"

    def drop(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        del members["store.sqlite"]

    def muddle(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        manifest["members"] = 7

    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs.db")
    for change in (swap, lengthen, add, drop, muddle):
        assert "is no whole backup of litwatch" in refused(forged(backup, change), config)


def test_a_backup_of_a_newer_litwatch_is_refused_and_says_so(backup: Path, tmp_path: Path) -> None:
    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs.db")
    for key, value in (("form", "9999"), ("format", 99)):

        def change(
            members: dict[str, bytes], manifest: dict[str, object], key: str = key, value: object = value
        ) -> None:
            manifest[key] = value

        assert "upgrade litwatch" in refused(forged(backup, change), config)


FIRST_STORE = Path(__file__).parents[1] / "store" / "data" / "first_store.sql"
"""A store that the first version wrote; all papers in it are invented."""


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_of_an_older_form_is_brought_to_the_newest(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str], target: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "first.db")) as db:
        db.executescript(FIRST_STORE.read_text(encoding="utf-8"))

    def replace_store(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        swap_store(members, manifest, (tmp_path / "first.db").read_bytes())
        manifest["form"] = "0001"

    there = home(tmp_path / "theirs", new_store(target))
    done = restore(forged(backup, replace_store), there, now=T)
    assert (done.tables["papers"], done.tables["deliveries"], done.unknown) == (64, 2, 1)
    with opened(there.store_url) as store, store.read() as db:
        assert recent_harvests(db)


def test_a_store_with_a_trigger_in_it_is_refused(backup: Path, tmp_path: Path) -> None:
    def poison(members: dict[str, bytes], manifest: dict[str, object]) -> None:
        path = tmp_path / "poisoned.db"
        path.write_bytes(members["store.sqlite"])
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TRIGGER evil AFTER INSERT ON papers BEGIN DELETE FROM papers; END")
        swap_store(members, manifest, path.read_bytes())

    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs.db")
    assert "'evil'" in refused(forged(backup, poison), config)


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_store_that_holds_something_is_replaced_only_when_asked_for(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str], target: str
) -> None:
    url = new_store(target)
    before = filled_store(url, seed=2)
    config = home(tmp_path / "theirs", url)
    config.watchlist_folder.mkdir()
    (config.watchlist_folder / "plans.yaml").write_text("question: Mine?\n", encoding="utf-8")
    (config.watchlist_folder / "more.yaml").write_text("question: More?\n", encoding="utf-8")

    assert "holds something already" in refused(backup, config, replace=False)
    assert state_of(url) == before

    done = restore(backup, config, now=T, replace=True)
    assert state_of(url) != before
    kept = {path.name: path for path in done.kept}
    assert kept.pop("plans.yaml.before-restore").read_text(encoding="utf-8") == "question: Mine?\n"
    assert done.more == ("more.yaml",)
    assert (config.watchlist_folder / "plans.yaml").read_text(encoding="utf-8") == "question: Ok?\n"
    if target == "sqlite":
        (old,) = kept.values()
        assert stat.S_IMODE(old.stat().st_mode) == 0o600
        assert state_of(f"sqlite:///{old}") == before
    else:
        old = kept.pop("it.backup.before-restore")
        assert not kept
        there = home(tmp_path / "there", new_store("sqlite"))
        restore(old, there, now=T)
        assert state_of(there.store_url) == before
    again = restore(backup, config, now=T, replace=True)
    assert [path.name.rpartition(".")[2] for path in again.kept] == ["before-restore-2"]


def test_what_a_server_holds_is_kept_in_the_folder_of_backups_or_not_replaced(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str]
) -> None:
    url = new_store("postgresql")
    before = filled_store(url, seed=2)
    config = home(tmp_path / "theirs", url).model_copy(update={"backup": BackupSection(path="taken")})
    (config.folder / "taken").write_text("a file, no folder", encoding="utf-8")
    assert "cannot be kept, and is not replaced" in refused(backup, config)
    assert state_of(url) == before

    (config.folder / "taken").unlink()
    with opened(url) as store, store.write() as db:
        take(db, "poll", who="otherhost:1:1")
    assert "at work" in refused(backup, config)
    assert not (config.folder / "taken").exists()
    with opened(url) as store, store.write() as db:
        resign(db, who="otherhost:1:1")
    (kept,) = restore(backup, config, now=T, replace=True).kept
    assert kept == config.folder / "taken" / "it.backup.before-restore"


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_nothing_is_restored_while_a_process_works_on_the_store(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str], target: str
) -> None:
    url = new_store(target)
    config = home(tmp_path / "theirs", url)
    with opened(url) as store:
        with store.write() as db:
            take(db, "poll", who="otherhost/4026531836:1:1")
        said = refused(backup, config)
        assert "a process is at work" in said
        assert "(otherhost, process 1)" in said
        with store.write() as db:
            enlist(db, who="otherhost/4026531836:2:1")
        said = refused(backup, config)
        assert "a daemon is at work" in said
        assert "(otherhost, process 2)" in said


def test_nothing_is_restored_beside_a_daemon_that_stands_still(backup: Path, tmp_path: Path) -> None:
    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs/litwatch.db")
    with opened(config.store_url) as store, alone(store):
        assert "daemon already runs" in refused(backup, config)


def test_a_damaged_store_is_replaced_and_kept_beside(backup: Path, tmp_path: Path) -> None:
    database = tmp_path / "theirs" / "litwatch.db"
    config = home(tmp_path / "theirs", f"sqlite:///{database}")
    filled_store(config.store_url, seed=2)
    content = damaged(database)
    assert "is damaged" in refused(backup, config, replace=False)
    done = restore(backup, config, now=T, replace=True)
    assert done.kept[0].read_bytes() == content
    assert done.tables["papers"] == 7
    assert not damage(database)


@pytest.mark.parametrize("place", [100, 4096])
def test_a_damaged_store_is_not_replaced_under_a_daemon(backup: Path, tmp_path: Path, place: int) -> None:
    database = tmp_path / "theirs" / "litwatch.db"
    config = home(tmp_path / "theirs", f"sqlite:///{database}")
    filled_store(config.store_url, seed=2)
    content = damaged(database, place)
    with alone_on(database):
        assert "daemon already runs" in refused(backup, config)
    assert database.read_bytes() == content
    assert not list(database.parent.glob("*before-restore*"))
    assert restore(backup, config, now=T, replace=True).tables["papers"] == 7


BROKEN_OFF = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from litwatch.config import Config, StoreSection
from litwatch.errors import BackupError
from litwatch.service.restore import restore
backup, database, at, how = sys.argv[1:]
seen = [0]
def look(event, args):
    # Of moves, links and deletions those that touch the store's own file, or the log beside it.
    if event in ("os.rename", "os.link", "os.remove") and any(str(arg).startswith(database) for arg in args):
        seen[0] += 1
        if seen[0] == int(at):
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device", database)
config = Config(folder=Path(database).parent, store=StoreSection(url=f"sqlite:///{database}"))
sys.addaudithook(look)
try:
    restore(Path(backup), config, now=datetime(2025, 11, 18, tzinfo=UTC), replace=True)
except BackupError as error:
    print(error)
else:
    print(seen[0])
"""
READING = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA wal_autocheckpoint=0")
db.execute("CREATE TABLE more (number)")
db.commit()
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["kill", "full"])
def test_a_damaged_store_is_there_whenever_its_replacing_breaks_off(backup: Path, tmp_path: Path, how: str) -> None:
    broken_off = 0
    for at in range(1, 20):
        database = tmp_path / f"theirs{at}" / "litwatch.db"
        filled_store(home(database.parent, f"sqlite:///{database}").store_url, seed=2)
        words = [sys.executable, "-c", READING, str(database)]
        # Who has it open keeps its log there.
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "there\n"
            content = damaged(database, 40_000)
            log, kept = database.with_name("litwatch.db-wal"), database.with_name("litwatch.db.before-restore")
            logged = log.read_bytes()
            assert logged
            words = [sys.executable, "-c", BROKEN_OFF, str(backup), str(database), str(at), how]
            ended = subprocess.run(words, capture_output=True, text=True, check=False)
            logs = [path for path in (log, kept.with_name(f"{kept.name}-wal")) if path.exists()]
            assert logged in [path.read_bytes() for path in logs]
            if ended.returncode == 0 and ended.stdout.strip().isdigit():  # done, at a place without links, too
                assert kept.read_bytes() == content
                assert log not in logs
                assert not damage(database)
                if int(ended.stdout) < at:
                    break
                continue
            broken_off += 1
            assert database.read_bytes() == content
            if how == "kill":
                assert ended.returncode == -signal.SIGKILL
            else:
                assert "nothing was changed" in ended.stdout
                assert logs == [log]
                assert not [path for path in database.parent.iterdir() if "before" in path.name or path.name[0] == "."]
    assert broken_off > 1


def damaged(database: Path, place: int = 4096) -> bytes:
    content = bytearray(database.read_bytes())
    content[place : place + 8192] = b"\xaa" * 8192
    database.write_bytes(content)
    assert damage(database)
    return bytes(content)


def test_a_damaged_store_is_not_backed_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/litwatch.db"
    filled_store(url)
    content = bytearray((tmp_path / "litwatch.db").read_bytes())
    content[8192:16384] = b"\xaa" * 8192
    with opened(url) as store:
        (tmp_path / "litwatch.db").write_bytes(content)
        with pytest.raises(StoreError):
            back_up(store, tmp_path / "it.backup", home(tmp_path / "home", url), now=T)
    assert not (tmp_path / "it.backup").exists()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from litwatch.config import Config, StoreSection
from litwatch.service.restore import restore
backup, folder, url, at = sys.argv[1:]
seen = [0]
@event.listens_for(Engine, "before_cursor_execute")
def count(connection, *_):
    if connection.engine.url.render_as_string(hide_password=False) == url:
        seen[0] += 1
        if seen[0] == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
restore(Path(backup), Config(folder=Path(folder), store=StoreSection(url=url)), now=datetime(2025, 11, 18, tzinfo=UTC),
        replace=True)
print(seen[0])
"""


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new_one(
    backup: Path, tmp_path: Path, new_store: Callable[[str], str], target: str
) -> None:
    url = new_store(target)
    old = filled_store(url, seed=2)
    home(tmp_path / "theirs", url)

    def run(at: int) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", KILLED, str(backup), str(tmp_path / "theirs"), url, str(at)]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    # What a server holds is backed up first.
    last = 48 if target == "sqlite" else 100
    for at in (3, 30, last):
        assert run(at).returncode == -signal.SIGKILL
        assert state_of(url) == old
        if target == "sqlite":
            assert not damage(Path(url.removeprefix("sqlite:///")))
    ended = run(0)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > last, "the kills above fell within it"
    assert state_of(url) != old


SMALL_DISK = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from litwatch.config import Config, StoreSection
from litwatch.errors import LitwatchError
from litwatch.service.backup import back_up
from litwatch.service.restore import restore
from litwatch.store.store import open_store
what, file, folder, url, most = sys.argv[1:]
config = Config(folder=Path(folder), store=StoreSection(url=url))
now = datetime(2025, 11, 18, tzinfo=UTC)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(url)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
try:
    if what == "backup":
        back_up(store, Path(file), config, now=now)
    else:
        restore(Path(file), config, now=now, replace=True)
except LitwatchError as error:
    print(error)
"""


@pytest.mark.parametrize("most", [1000, 40_000, 200_000])
def test_what_cannot_be_written_is_said_and_leaves_nothing_behind(backup: Path, tmp_path: Path, most: int) -> None:
    url = f"sqlite:///{tmp_path}/theirs/litwatch.db"
    home(tmp_path / "theirs", url)
    old = filled_store(url, seed=2)

    def run(what: str, file: Path) -> str:
        words = [sys.executable, "-c", SMALL_DISK, what, str(file), str(tmp_path / "theirs"), url, str(most)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    for what, file in (("backup", tmp_path / "new.backup"), ("restore", backup)):
        assert run(what, file).count("\n") == 1
    assert not (tmp_path / "new.backup").exists()
    assert state_of(url) == old
    assert not [path for path in tmp_path.rglob("*") if ".litwatch-" in path.name or "before" in path.name]


# --- deliveries --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", [False, True])
def test_what_was_not_settled_is_unknown_after_a_restore_and_due_after_a_move(tmp_path: Path, moved: bool) -> None:
    url = f"sqlite:///{tmp_path}/litwatch.db"
    filled_store(url)
    states = ("sent", "pending", "failed", "sending", "unknown", "dead", "sent")
    with opened(url) as store, store.write() as db:
        for number, state in enumerate(states, start=1):
            row = {"state": state, "sent_again": False, "settled_at": T - timedelta(days=1), "claimed_by": "x:1:1"}
            db.execute(deliveries.update().where(deliveries.c.id == number).values(**row))
    there = home(tmp_path / "there", f"sqlite:///{tmp_path}/there.db")
    done = restore(make_backup(url, tmp_path), there, now=T, moved=moved)
    with opened(there.store_url) as store, store.read() as db:
        rows = db.execute(select(deliveries.c.state, deliveries.c.sent_again).order_by(deliveries.c.id)).all()
    if moved:
        assert [row.state for row in rows] == ["sent", "pending", "failed", "unknown", "unknown", "dead", "sent"]
        assert not any(row.sent_again for row in rows)
    else:
        assert [row.state for row in rows] == ["sent", "unknown", "unknown", "unknown", "unknown", "dead", "sent"]
        by_no_rule_sent_again = [False, True, True, True, False, False, False]
        assert [row.sent_again for row in rows] == by_no_rule_sent_again
    assert done.unknown == (1 if moved else 3)


# --- by schedule -------------------------------------------------------------------------------------------------

SUNDAY = datetime(2025, 11, 16, 4, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def scheduled(folder: Path, path: str = "backups", keep: int = 3) -> Config:
    section = BackupSection(path=path, schedule="daily 04:00 UTC", keep=keep)
    return home(folder, f"sqlite:///{folder}/litwatch.db").model_copy(update={"backup": section})


def test_scheduled_backups_come_when_due_and_the_newest_are_kept(tmp_path: Path) -> None:
    config = scheduled(tmp_path)
    folder = tmp_path / "backups"
    with opened(config.store_url) as store:
        assert check_backup(store, config, now=SUNDAY).ok
        for beat in range(6 * 24):
            backup_once(store, config, now=SUNDAY + beat * HOUR)
            if beat == 30:
                (folder / "mine.backup").write_text("", encoding="utf-8")
                (folder / "litwatch-2020-01-01T0400Z.backup.txt").write_text("", encoding="utf-8")
        said = check_backup(store, config, now=SUNDAY + 6 * DAY)
        late = check_backup(store, config, now=SUNDAY + 9 * DAY)
    (whose,) = {path.stem.rpartition("-")[2] for path in folder.glob("litwatch-2025-*.backup")}
    assert sorted(path.name for path in folder.iterdir()) == [
        "litwatch-2020-01-01T0400Z.backup.txt",
        *(f"litwatch-2025-11-{day}T0405Z-{whose}.backup" for day in (19, 20, 21)),
        "mine.backup",
    ]
    assert said.ok
    assert f"litwatch-2025-11-21T0405Z-{whose}.backup" in said.says
    assert not late.ok
    assert "4 days ago" in late.says
    for path in folder.glob("litwatch-2025-*.backup"):
        with open_archive(path) as archive:
            assert archive.manifest.form == HEAD


def test_a_backup_that_failed_is_said_and_tried_again_after_an_hour(tmp_path: Path) -> None:
    config = scheduled(tmp_path, path="taken/backups")
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    with opened(config.store_url) as store:
        backup_once(store, config, now=SUNDAY)
        said = check_backup(store, config, now=SUNDAY)
        assert not said.ok
        assert "cannot be written" in said.says
        (tmp_path / "taken").unlink()
        backup_once(store, config, now=SUNDAY + HOUR / 2)
        assert not (tmp_path / "taken").exists()
        backup_once(store, config, now=SUNDAY + HOUR)
        assert check_backup(store, config, now=SUNDAY + HOUR).ok
    (made,) = (tmp_path / "taken/backups").iterdir()
    assert made.name.startswith("litwatch-2025-11-16T0505Z-")


def test_two_stores_with_one_folder_of_backups_leave_each_other_s_alone(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    configs = [scheduled(tmp_path / name, path=str(shared), keep=2) for name in ("one", "two")]
    for config in configs:
        with opened(config.store_url) as store:
            for day in range(4):
                backup_once(store, config, now=SUNDAY + day * DAY)
            assert check_backup(store, config, now=SUNDAY + 3 * DAY).ok
    names = [path.name for path in shared.iterdir()]
    assert sorted(name.partition("Z-")[0] for name in names) == [
        "litwatch-2025-11-18T0405", "litwatch-2025-11-18T0405", "litwatch-2025-11-19T0405", "litwatch-2025-11-19T0405",
    ]  # fmt: skip


def test_a_scheduled_backup_goes_over_no_file(tmp_path: Path) -> None:
    config = scheduled(tmp_path)
    with opened(config.store_url) as store:
        backup_once(store, config, now=SUNDAY)
        (made,) = (tmp_path / "backups").iterdir()
        made.write_text("mine", encoding="utf-8")
        with store.write() as db:
            db.execute(text("DELETE FROM upkeep"))
        backup_once(store, config, now=SUNDAY)
        assert "is there already" in check_backup(store, config, now=SUNDAY).says
    assert made.read_text(encoding="utf-8") == "mine"


def test_while_a_backup_is_made_doctor_and_monitor_tell_how_the_last_one_ended(tmp_path: Path) -> None:
    config = scheduled(tmp_path)
    with opened(config.store_url) as store:

        def told() -> tuple[bool, object]:
            with store.read() as db:
                seen = figures(db, now=SUNDAY + DAY, who="").upkeep.get("backup")
            return check_backup(store, config, now=SUNDAY + DAY).ok, seen

        with store.write() as db:
            take(db, UPKEEP)
            begin_upkeep(db, "backup", now=SUNDAY)
        assert told() == (True, None), "the first one is under way"
        with store.write() as db:
            note_upkeep(db, "backup", Upkeep(at=SUNDAY, ok=True, says="an invented one"))
            begin_upkeep(db, "backup", now=SUNDAY + DAY)
        assert told() == (True, (DAY.total_seconds(), True))
        with store.write() as db:
            release(db, UPKEEP)
        assert told() == (False, (0.0, False)), "nobody is at it any more"
        with store.write() as db:
            take(db, UPKEEP, who="another:1:1")
        assert told() == (False, (0.0, False)), "another one is at something else"


def test_the_journal_hears_of_a_backup_that_is_made_and_of_how_it_ended(tmp_path: Path) -> None:
    config = scheduled(tmp_path, path="taken/backups")
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    ended: list[tuple[str, bool]] = []
    forget = observe(lambda kind, took, well: ended.append((kind, well)))
    try:
        with opened(config.store_url) as store:
            backup_once(store, config, now=SUNDAY)
            (tmp_path / "taken").unlink()
            for beat in range(4):
                backup_once(store, config, now=SUNDAY + beat * HOUR / 2)
    finally:
        forget()
    assert ended == [("backup", False), ("backup", True)]


LONG = "x" * 300
"""Too long for a name: also for root, who may look everywhere, the system refuses to say what is there."""


@pytest.mark.parametrize(
    ("target", "lists", "said"),
    [
        (f"{LONG}/it.backup", "watchlists", "it.backup cannot be written (File name too long); name a file"),
        ("it.backup", LONG, f"{LONG} cannot be read (File name too long); give this user read access"),
        ("/sys/it.backup", "watchlists", "its unit must name the folder in ReadWritePaths="),
    ],
)
def test_what_cannot_be_looked_at_or_written_is_said_with_the_cure(
    tmp_path: Path, target: str, lists: str, said: str
) -> None:
    config = home(tmp_path / "home", f"sqlite:///{tmp_path}/litwatch.db")
    config = config.model_copy(update={"watchlists": WatchlistsSection.model_construct(path=lists)})
    with opened(config.store_url) as store, pytest.raises(BackupError) as error:
        back_up(store, tmp_path / target, config, now=T)
    assert said in str(error.value)


KILLED_BACKUP = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from litwatch.config import BackupSection, Config, StoreSection
from litwatch.service.backup import backup_once
from litwatch.store.store import open_store
folder, url, now = sys.argv[1:]
@event.listens_for(Engine, "before_cursor_execute")
def kill(connection, *_):
    if ".litwatch-backup-" in str(connection.engine.url):
        os.kill(os.getpid(), signal.SIGKILL)
section = BackupSection(path="backups", schedule="daily 04:00 UTC")
config = Config(folder=Path(folder), store=StoreSection(url=url), backup=section)
backup_once(open_store(url), config, now=datetime.fromisoformat(now))
"""


def test_a_backup_that_was_killed_is_said_and_tried_again_after_an_hour(tmp_path: Path) -> None:
    config = scheduled(tmp_path)
    words = [sys.executable, "-c", KILLED_BACKUP, str(tmp_path), config.store_url, SUNDAY.isoformat()]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    with opened(config.store_url) as store:
        assert (
            check_backup(store, config, now=SUNDAY).says == "failed at 2025-11-16T04:05:00Z: broken off before it ended"
        )
        backup_once(store, config, now=SUNDAY + HOUR / 2)
        assert not list((tmp_path / "backups").glob("*.backup"))
        backup_once(store, config, now=SUNDAY + HOUR)
        assert check_backup(store, config, now=SUNDAY + HOUR).ok


def test_without_a_path_no_backup_is_made_and_doctor_advises_one(tmp_path: Path) -> None:
    config = scheduled(tmp_path, path="")
    with opened(config.store_url) as store:
        backup_once(store, config, now=SUNDAY)
        with store.read() as db:
            assert last_upkeep(db, "backup") is None
        said = check_backup(store, config, now=SUNDAY)
    assert said.ok
    assert "litwatch backup FILE" in said.says


def test_what_a_killed_backup_or_restore_left_is_cleared_after_a_day(tmp_path: Path) -> None:
    config = scheduled(tmp_path)
    young = tmp_path / ".litwatch-backup-young"
    left = [
        tmp_path / name
        for name in (".litwatch-backup-old", ".litwatch-restore-old", "watchlists/.litwatch-restore-old")
    ]
    for room in (young, *left):
        room.mkdir(parents=True)
        (room / "store").touch()
    for room in left:
        os.utime(room, (0, 0))
    (tmp_path / "elsewhere").mkdir()
    with opened(config.store_url) as store:
        made = back_up(store, tmp_path / "elsewhere" / "it.backup", config, now=SUNDAY)
    assert [room.exists() for room in (*left, young)] == [False, False, False, True]
    for room in left:
        room.mkdir()
        os.utime(room, (0, 0))
    restore(made.path, config, now=SUNDAY, replace=True)
    assert [room.exists() for room in (*left, young)] == [False, False, False, True]
