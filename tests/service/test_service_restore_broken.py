"""A restore that breaks off: what was replaced is kept, and what is said of it is true."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from kept_sample import T, fill_every_table, rows_of

from litwatch.config import Config, StoreSection
from litwatch.errors import StoreError
from litwatch.service.backup import back_up
from litwatch.service.restore import restore
from litwatch.store.copy import damage, fill, snapshot
from litwatch.store.leases import take
from litwatch.store.store import open_store
from postgres import Postgres

NOT_CARRIED = {"leases", "gates", "upkeep"}


def home(folder: Path, url: str) -> Config:
    folder.mkdir(exist_ok=True)
    return Config(folder=folder, store=StoreSection(url=url))


def state_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_store(url)) as store:
        return {name: rows for name, rows in rows_of(store).items() if name not in NOT_CARRIED}


def filled_store(url: str, seed: int) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_store(url)) as store:
        fill_every_table(store, seed=seed)
    return state_of(url)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of a store, a watchlist and a configuration."""
    config = home(tmp_path / "home", f"sqlite:///{tmp_path}/home/litwatch.db")
    filled_store(config.store_url, seed=1)
    config.watchlist_folder.mkdir()
    (config.watchlist_folder / "plans.yaml").write_text("question: Ok?\n", encoding="utf-8")
    (config.folder / "litwatch.toml").write_text("# the one backed up\n", encoding="utf-8")
    with closing(open_store(config.store_url)) as store:
        return back_up(store, tmp_path / "it.backup", config, now=T).path


# --- an answer that is lost ----------------------------------------------------------------------------------


@contextmanager
def losing_the_last_answer(port: int, *, done: bool) -> Iterator[int]:
    """A way to a PostgreSQL server that is cut at the COMMIT of a restore; the port on which it begins.

    done: cut when the server has done it and answers, else before the COMMIT reaches it.
    """
    with socket.create_server(("127.0.0.1", 0)) as entry:
        threads: list[threading.Thread] = []

        def carry(client: socket.socket) -> None:
            filling = False
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=answer, args=(server, client))
                back.start()
                while said := client.recv(65536):
                    filling = filling or b"setval" in said  # the last thing that is written
                    if filling and b"COMMIT" in said:
                        if not done:
                            break
                        cut.add(server)
                    server.sendall(said)
                with suppress(OSError):  # the other side may have gone first
                    server.shutdown(socket.SHUT_RDWR)
                back.join()

        def answer(server: socket.socket, client: socket.socket) -> None:
            while said := server.recv(65536):
                if server in cut:
                    break
                client.sendall(said)
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

        def accept() -> None:
            while True:
                client, _ = entry.accept()
                if ended.is_set():
                    client.close()
                    return
                threads.append(threading.Thread(target=carry, args=(client,)))
                threads[-1].start()

        cut: set[socket.socket] = set()
        ended = threading.Event()
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield entry.getsockname()[1]
        finally:
            ended.set()
            socket.create_connection(entry.getsockname()).close()
            accepting.join()
            for thread in threads:
                thread.join()


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_what_a_server_held_is_kept_when_the_answer_to_the_commit_is_lost(
    backup: Path, tmp_path: Path, postgres: Postgres, done: bool
) -> None:
    url = postgres.store()
    before, backed_up = filled_store(url, seed=2), state_of(f"sqlite:///{tmp_path}/home/litwatch.db")
    with losing_the_last_answer(postgres.port, done=done) as port:
        config = home(tmp_path / "theirs", url.replace(f":{postgres.port}/", f":{port}/"))
        with pytest.raises(StoreError) as error:
            restore(backup, config, now=T, moved=True, replace=True)
    kept = backup.with_name("it.backup.before-restore")
    assert f"kept as {kept}: restore again with --force" in str(error.value)
    assert "\n" not in str(error.value)
    now_there = state_of(url)
    spent = "spending"  # what a language model was paid is never forgotten: there are the months of both
    assert {name: len(rows) for name, rows in now_there.items() if name != spent} == {
        name: len(rows) for name, rows in (backed_up if done else before).items() if name != spent
    }
    assert len(now_there[spent]) >= len(before[spent])
    assert (now_there["papers"] == before["papers"]) is not done
    there = home(tmp_path / "there", f"sqlite:///{tmp_path}/there.db")
    restore(kept, there, now=T, moved=True)
    assert state_of(there.store_url)["papers"] == before["papers"]
    postgres.drop(url)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_what_was_kept_for_a_restore_that_is_refused_is_not_left_behind(
    store_url: str, database: str, tmp_path: Path
) -> None:
    filled_store(store_url, seed=2)
    with closing(open_store(store_url)) as store:
        snapshot(store, tmp_path / "copy")
        with store.write() as db:
            take(db, "poll", who="otherhost/4026531836:1:1")
        kept = tmp_path / "it.before-restore"
        kept.touch()
        with pytest.raises(StoreError, match="a process is at work") as error:
            fill(store, tmp_path / "copy", now=T, replace=True, moved=False, kept=kept)
    assert "before-restore" not in str(error.value)
    assert not list(tmp_path.glob("*before-restore*"))


# --- what is said --------------------------------------------------------------------------------------------

BROKEN_OFF = """
import json, shutil, sys
from datetime import UTC, datetime
from pathlib import Path
from litwatch.config import Config, StoreSection
from litwatch.errors import BackupError
from litwatch.service.restore import restore
backup, sample = Path(sys.argv[1]), Path(sys.argv[2])
left, broken, watched = [0], [0], set()
def look(event, args):
    # Of the folders and the configuration, which are opened and listed.
    if event in ("open", "os.scandir", "os.listdir") and str(args[0]) in watched:
        left[0] -= 1
        if left[0] == 0:
            broken[0] = f"{event} {args[0]}"
            raise OSError(5, "Input/output error", str(args[0]))
sys.addaudithook(look)
for at in range(1, 100):
    folder = shutil.copytree(sample, sample.with_name(f"at{at}"))
    config = Config(folder=folder, store=StoreSection(url=f"sqlite:///{folder}/litwatch.db"))
    broken[0], left[0], said = "", at, ""
    watched = {str(path) for path in (folder, folder / "watchlists", folder / "litwatch.toml")}
    try:
        restore(backup, config, now=datetime(2025, 11, 18, tzinfo=UTC), replace=True)
    except BackupError as error:
        said = str(error)
    watched = set()
    if not broken[0]:
        break
    print(json.dumps([str(folder), broken[0], said]))
"""


@pytest.mark.parametrize("how", ["sound", "damaged"])
def test_a_restore_that_broke_off_says_that_nothing_was_changed_only_where_nothing_was(
    backup: Path, tmp_path: Path, how: str
) -> None:
    sample = tmp_path / "sample"
    config = home(sample, f"sqlite:///{sample}/litwatch.db")
    before = filled_store(config.store_url, seed=2)
    config.watchlist_folder.mkdir()
    (config.watchlist_folder / "plans.yaml").write_text("question: Mine?\n", encoding="utf-8")
    (config.folder / "litwatch.toml").write_text("# the present one\n", encoding="utf-8")
    content = bytearray((sample / "litwatch.db").read_bytes())
    if how == "damaged":
        content[4096:12288] = b"\xaa" * 8192
        (sample / "litwatch.db").write_bytes(content)
        assert damage(sample / "litwatch.db")
    words = [sys.executable, "-c", BROKEN_OFF, str(backup), str(sample)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = {"nothing": 0, "store": 0}
    for line in ended.stdout.splitlines():
        folder, broken, said = json.loads(line)
        database, plans = Path(folder) / "litwatch.db", Path(folder) / "watchlists/plans.yaml"
        same = database.read_bytes() == content if how == "damaged" else state_of(f"sqlite:///{database}") == before
        changed = not same
        assert changed is (not said or "restored" in said.replace("cannot be restored", "")), (broken, said)
        assert changed is ("nothing was changed" not in said), (broken, said)
        mine = plans.read_text(encoding="utf-8") == "question: Mine?\n"
        assert mine is ("nothing was changed" in said or "watchlists are not restored" in said), (broken, said)
        assert "\n" not in said
        told["nothing" if "nothing was changed" in said else "store"] += 1
    assert all(told.values()), told


def test_a_configuration_that_cannot_be_read_is_no_reason_to_say_that_nothing_was_changed(
    backup: Path, tmp_path: Path
) -> None:
    config = home(tmp_path / "theirs", f"sqlite:///{tmp_path}/theirs/litwatch.db")
    present = tmp_path / "present.toml"
    present.symlink_to("/proc/self/mem")  # a file that is there and gives an error of the disk's when it is read
    done = restore(backup, config, now=T, config_file=present)
    assert done.config == tmp_path / "present.toml.restored"
    assert done.config.read_text(encoding="utf-8") == "# the one backed up\n"
