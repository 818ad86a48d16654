"""Backups: the store, the watchlists and the configuration in one file, by command and by schedule."""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from litwatch import __version__
from litwatch.config import FILE_NAME, Config
from litwatch.errors import BackupError, LitwatchError
from litwatch.schedule import Schedule
from litwatch.service import archive
from litwatch.service.archive import Manifest, write_archive
from litwatch.store.copy import snapshot
from litwatch.store.store import HEAD, Store
from litwatch.store.upkeep import Upkeep, last_upkeep, note_upkeep

log = logging.getLogger("litwatch.backup")

BACKUP = "backup"
"""Its name among the upkeep."""
_AGAIN = timedelta(hours=1)
"""After one that failed."""
_OURS = re.compile(r"litwatch-\d{4}-\d\d-\d\dT\d{4}Z\.backup")
_WORKROOM = ".litwatch-backup-"
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
    if target.is_dir():
        raise BackupError(f"{target} is a folder; name a file to write")
    if target.exists() and not replace:
        raise BackupError(f"{target} is there already; name another file, or write over it with --force")
    try:
        _clear_abandoned(target.parent)
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
    with store.write() as db:  # one that is killed, or finds no room to say how it ended, is not begun over and over
        note_upkeep(db, BACKUP, Upkeep(at=now, ok=False, says="broken off before it ended"))
    target = backup_folder(config) / f"litwatch-{now:%Y-%m-%dT%H%MZ}.backup"
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = back_up(store, target, config, now=now, config_file=config_file, replace=True)
        cleared = _clear_old(target, keep=config.backup.keep)
    except (LitwatchError, OSError) as error:
        said = str(error) if isinstance(error, LitwatchError) else f"{target} cannot be written ({error.strerror})"
        log.error("the backup failed, it is tried again in an hour: %s", said)
        done = Upkeep(at=now, ok=False, says=said)
    else:
        said = f"{made.path}, {made.bytes:,} bytes"
        log.info("backup %s%s", said, f"; {cleared} older cleared" if cleared else "")
        done = Upkeep(at=now, ok=True, says=said)
    with store.write() as db:
        note_upkeep(db, BACKUP, done)
    return False


def is_due(last: Upkeep | None, schedule: Schedule, now: datetime) -> bool:
    """Whether a scheduled time came since the last one, or an hour passed since it failed."""
    if last is None or last.at > now:  # the clock was ahead then
        return True
    due = schedule.last_until(now)
    return (due is not None and due > last.at) or (not last.ok and now - last.at >= _AGAIN)


def backup_folder(config: Config) -> Path:
    return config.folder / config.backup.path


def _clear_old(newest: Path, *, keep: int) -> int:
    """Deletes all but the newest `keep` backups beside this one, by the time in their names; others' files stay."""
    ours = sorted(path for path in newest.parent.iterdir() if _OURS.fullmatch(path.name) and path != newest)
    old = ours[: max(0, len(ours) - (keep - 1))]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# --- what goes into it ---------------------------------------------------------------------------------------


def _texts(config: Config, config_file: Path | None) -> dict[str, bytes]:
    """The watchlists, removed ones with them, and the configuration, by the names that they have in a backup."""
    found = {}
    folder = config.watchlist_folder
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
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
    return found


def _read(path: Path) -> bytes:
    if path.stat().st_size > archive.LARGEST_TEXT:
        raise BackupError(f"{path} is larger than any watchlist or configuration; keep it elsewhere")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror}); give this user read access") from error


def _clear_abandoned(folder: Path) -> None:
    """Deletes what a backup that was killed left behind."""
    for room in folder.glob(f"{_WORKROOM}*"):
        if time.time() - room.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(room, ignore_errors=True)


def _cure(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room on its disk, it takes twice the backup's size meanwhile"
    return "name a file in a folder of yours"
