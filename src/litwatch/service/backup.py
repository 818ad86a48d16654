"""Backups: the store, the watchlists and the configuration in one file, by command and by schedule."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from litwatch import __version__
from litwatch.config import FILE_NAME, Config
from litwatch.errors import BackupError, LitwatchError
from litwatch.lines.watchlist import REMOVED
from litwatch.schedule import Schedule
from litwatch.service import archive
from litwatch.service.archive import Manifest, write_archive
from litwatch.service.journal import trouble, unit
from litwatch.store.copy import snapshot
from litwatch.store.store import HEAD, Store
from litwatch.store.upkeep import Upkeep, begin_upkeep, last_upkeep, note_upkeep

log = logging.getLogger("litwatch.backup")

BACKUP = "backup"
"""Its name among the upkeep."""
_HERE = (None, "localhost", "127.0.0.1", "::1")
_AGAIN = timedelta(hours=1)
"""After one that failed."""
_WORKROOM = ".litwatch-backup-"
RESTORE_ROOM = ".litwatch-restore-"
_ABANDONED_SECONDS = 24 * 3600.0
BESIDE = ".before-restore"
"""In the name of a file that a restore replaced."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A file that was written."""

    path: Path
    bytes: int
    manifest: Manifest

    @property
    def holds_config(self) -> bool:
        return any(member.name == archive.CONFIG for member in self.manifest.members)


def back_up(
    store: Store,
    target: Path,
    config: Config,
    *,
    now: datetime,
    config_file: Path | None = None,
    replace: bool = False,
) -> Backup:
    """Writes a backup of mode 0600 to `target`: whole and synced, or not at all. Others may go on writing meanwhile.

    config_file: where it is not litwatch.toml in the configuration's folder. replace: also over an existing file.
    Raises BackupError where it cannot be written, StoreError where the store cannot be read.
    """
    try:
        if target.is_dir():
            raise BackupError(f"{target} is a folder; name a file to write")
        if target.exists() and not replace:
            raise BackupError(f"{target} is there already; name another file, or write over it with --force")
        clear_abandoned(target.parent, config.watchlist_folder, *([store.path.parent] if store.path else []))
        with TemporaryDirectory(prefix=_WORKROOM, dir=target.parent) as name:
            room = Path(name)
            tables = snapshot(store, room / "store")
            contents: dict[str, Path | bytes] = {archive.STORE: room / "store", **_texts(config, config_file)}
            write_archive(
                room / "backup",
                Manifest(created=now, litwatch=__version__, form=HEAD, source=store.dialect, tables=tables),
                contents,
            )
            with archive.open_archive(room / "backup") as written:
                manifest = written.manifest
            size = (room / "backup").stat().st_size
            place(room / "backup", target, replace=replace)
    except FileNotFoundError as error:
        raise BackupError(f"{target}: there is no folder {target.parent}; make it, or name another") from error
    except FileExistsError as error:
        raise BackupError(f"{target} is there already; name another file, or write over it with --force") from error
    except OSError as error:
        raise BackupError(f"{target} cannot be written ({error.strerror}); {_cure(error)}") from error
    return Backup(path=target, bytes=size, manifest=manifest)


def place(whole: Path, target: Path, *, replace: bool) -> None:
    """Moves a file that is whole to its name on the same disk, so that a power cut leaves it or what was there.

    Raises FileExistsError where there is one and it may not be replaced.
    """
    if replace:
        whole.replace(target)
    else:
        try:
            os.link(whole, target)  # unlike a move, fails where the file has come into being meanwhile
        except FileExistsError:
            raise
        except OSError:  # not every file system has links
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            whole.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- by schedule ---------------------------------------------------------------------------------------------


def backup_once(store: Store, config: Config, *, now: datetime, config_file: Path | None = None) -> bool:
    """Makes the backup that is due by [backup], and clears older ones of its own; always False: there is no more.

    What came of it is noted in the store and logged. One that failed is tried again after an hour.
    """
    if not config.backup.path:
        return False
    with store.read() as db:
        last = last_upkeep(db, BACKUP)
    if not is_due(last, Schedule.parse(config.backup.schedule), now):
        return False
    with unit(BACKUP):
        with store.write() as db:  # one that is killed, or finds no room to say how it ended, is not begun at each beat
            begin_upkeep(db, BACKUP, now=now)
        done = _scheduled(store, config, now=now, config_file=config_file)
        with store.write() as db:
            note_upkeep(db, BACKUP, done)
    return False


def _scheduled(store: Store, config: Config, *, now: datetime, config_file: Path | None) -> Upkeep:
    folder = backup_folder(config)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        whose = _mark(store, config)
        target = folder / f"litwatch-{now:%Y-%m-%dT%H%MZ}-{whose}.backup"
        made = back_up(store, target, config, now=now, config_file=config_file)
        cleared = _clear_old(target, whose, keep=config.backup.keep)
    except LitwatchError as error:
        return _failed(str(error), now)
    except OSError as error:
        return _failed(f"{folder} cannot be written ({error.strerror}); {_cure(error)}", now)
    said = f"{made.path}, {made.bytes:,} bytes"
    log.info("backup %s%s", said, f"; {cleared} older cleared" if cleared else "")
    return Upkeep(at=now, ok=True, says=said)


def _failed(said: str, now: datetime) -> Upkeep:
    trouble()
    log.error("the backup failed, it is tried again in an hour: %s", said)
    return Upkeep(at=now, ok=False, says=said)


def is_due(last: Upkeep | None, schedule: Schedule, now: datetime) -> bool:
    """Whether a scheduled time came since the last one, or an hour passed since it failed."""
    if last is None or last.at > now:  # the clock was ahead then
        return True
    due = schedule.last_until(now)
    return (due is not None and due > last.at) or (not last.ok and now - last.at >= _AGAIN)


def backup_folder(config: Config) -> Path:
    return config.folder / config.backup.path


def _mark(store: Store, config: Config) -> str:
    """In the names of a store's backups, what tells them from those of other stores in the same folder."""
    place = [store.name]  # without its secrets
    server = None if store.path else urlsplit(store.name).hostname
    folder, own = backup_folder(config).resolve(), config.folder.resolve()
    # A file, or a server on this machine, has a namesake on another one. Within the configuration's own folder no
    # other machine writes, and there the name of a container, which changes with each, is left out.
    if server in _HERE and not (folder.is_relative_to(own) and folder.stat().st_dev == own.stat().st_dev):
        place.append(socket.gethostname())
    return hashlib.sha256("\n".join(place).encode()).hexdigest()[:8]


def _clear_old(newest: Path, whose: str, *, keep: int) -> int:
    """Deletes all but the newest `keep` backups of this store beside this one, by the time in their names."""
    named = re.compile(rf"litwatch-\d{{4}}-\d\d-\d\dT\d{{4}}Z-{whose}\.backup")
    ours = sorted(path for path in newest.parent.iterdir() if named.fullmatch(path.name) and path != newest)
    old = ours[: max(0, len(ours) - (keep - 1))]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# --- what goes into it ---------------------------------------------------------------------------------------


def _texts(config: Config, config_file: Path | None) -> dict[str, bytes]:
    """The watchlists, removed ones with them, and the configuration, by the names that they have in a backup."""
    found = {}
    folder = config.watchlist_folder
    try:
        for path in sorted(_files(folder)):
            name = path.relative_to(folder)
            if any(part.startswith(".") or BESIDE in part for part in name.parts) or not path.is_file():
                continue
            member = f"{archive.WATCHLISTS}{name.as_posix()}"
            if not archive.is_ours(member):
                raise BackupError(f"{str(path)!r} has a name that a backup cannot hold; give it a plain one")
            with suppress(FileNotFoundError):  # the reader took it away this moment
                found[member] = _read(path)
        path = config_file or config.folder / FILE_NAME
        if path.is_file():
            found[archive.CONFIG] = _read(path)
    except OSError as error:
        raise BackupError(f"{error.filename} cannot be read ({error.strerror}); give this user read access") from error
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Those in it and below. Raises OSError where it may not be looked into: a backup without lines is none."""

    def look(error: OSError) -> None:
        if error.filename in (str(folder), str(folder / REMOVED)) and not isinstance(error, FileNotFoundError):
            raise error

    for place, _, names in os.walk(folder, onerror=look):
        yield from (Path(place, name) for name in names)


def _read(path: Path) -> bytes:
    if path.stat().st_size > archive.LARGEST_TEXT:
        raise BackupError(f"{path} is larger than any watchlist or configuration; keep it elsewhere")
    return path.read_bytes()


def clear_abandoned(*folders: Path) -> None:
    """Deletes what a backup or a restore that was killed left in these folders a day ago or longer."""
    for folder in {*folders}:
        for name in (_WORKROOM, RESTORE_ROOM):
            with suppress(OSError):  # of no weight: what cannot be looked at is said by what needs the folder
                for room in folder.glob(f"{name}*"):
                    if time.time() - room.stat().st_mtime > _ABANDONED_SECONDS:
                        shutil.rmtree(room, ignore_errors=True)


def _cure(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room on its disk, it takes twice the backup's size meanwhile"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            "name a file in a folder that this user may write; under systemd its unit must name the folder in "
            "ReadWritePaths=, too"
        )
    return "name a file in a folder of yours"
