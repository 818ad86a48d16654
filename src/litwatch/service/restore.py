"""Putting a backup back: checked first, then all of it or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from litwatch.config import FILE_NAME, Config
from litwatch.errors import BackupError, LitwatchError, StoreError
from litwatch.service import archive
from litwatch.service.archive import Archive, open_archive
from litwatch.service.backup import RESTORE_ROOM, back_up, backup_folder, clear_abandoned, sync_folder
from litwatch.store.alone import alone_on
from litwatch.store.copy import Filled, damage, fill, foreign_parts, free_name, holds_something, refuse_at_work
from litwatch.store.store import HEAD, Store, open_store


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restore did."""

    created: datetime
    """When the backup was made."""
    tables: Mapping[str, int]
    """Rows by table."""
    watchlists: int
    unknown: int
    """Deliveries that were not settled when the backup was made, and are not sent by themselves."""
    kept: tuple[Path, ...] = ()
    """What was there before, under the names that it has now."""
    more: tuple[str, ...] = ()
    """Watchlists that the backup does not have; they stay."""
    config: Path | None = None
    """Where the backup's configuration was written, as it differs from the present one."""


def restore(
    path: Path,
    config: Config,
    *,
    now: datetime,
    config_file: Path | None = None,
    replace: bool = False,
    moved: bool = False,
) -> Restored:
    """Puts the backup at `path` into the store and the watchlists of this configuration.

    replace: also where the store holds something; what is replaced is kept: a file beside it, of a database server a
    backup in the folder of backups, or where none is configured beside `path`. moved: the store that was backed up is
    used no more, so that what was due to be sent stays due. Raises BackupError, StoreError; then store and watchlists
    are as they were unless the message says otherwise.
    """
    database = _database(config)
    lists = config.watchlist_folder
    filled: Filled | None = None
    try:
        with open_archive(path) as backup, _workroom(_workplace(database)) as room:
            if backup.manifest.form > HEAD:
                raise BackupError(
                    f"{path} was written by a newer litwatch (form {backup.manifest.form}, this one knows {HEAD}); "
                    "upgrade litwatch"
                )
            _take_out_store(path, backup, room / "store")
            lists.mkdir(parents=True, exist_ok=True)
            names = {member.name.removeprefix(archive.WATCHLISTS) for member in backup.manifest.watchlists}
            more = tuple(each.name for each in sorted(lists.glob("*.y*ml")) if each.name not in names)
            with _workroom(lists) as staging:
                staged = _stage(backup, staging, lists)
                filled = _fill(path, config, database, room / "store", now=now, replace=replace, moved=moved)
                kept = _place_all(staged)
            written = _write_config(backup, config_file or config.folder / FILE_NAME)
            return Restored(
                created=backup.manifest.created,
                tables=filled.tables,
                watchlists=len(names),
                unknown=filled.unknown,
                kept=(*([filled.kept] if filled.kept else []), *kept),
                more=more,
                config=written,
            )
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        if filled is not None:
            raise BackupError(
                f"store and watchlists are restored, but then {path} could not be read on ({error.strerror}{where})"
            ) from error
        raise BackupError(
            f"{path} cannot be restored ({error.strerror}{where}); mend that: nothing was changed"
        ) from error


def configuration_of(path: Path) -> bytes | None:
    """The configuration in a backup; None where it has none. Raises BackupError."""
    try:
        with open_archive(path) as backup:
            member = backup.member(archive.CONFIG)
            return backup.read(member) if member else None
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror})") from error


def _database(config: Config) -> Path | None:
    """The file of a SQLite store; None for a database server's."""
    kind, _, name = config.store_url.partition(":///")
    return Path(name) if kind.startswith("sqlite") else None


def _workplace(database: Path | None) -> Path:
    """Where the backup's store is unpacked: on the disk where it is to be, or for a server's in the system's place."""
    if database is None:
        return Path(gettempdir())
    folder = database.resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _workroom(folder: Path) -> Iterator[Path]:
    clear_abandoned(folder)
    # What cannot be cleared in the end is no trouble with what was restored; the next one clears it.
    with TemporaryDirectory(prefix=RESTORE_ROOM, dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _take_out_store(path: Path, backup: Archive, target: Path) -> None:
    """Unpacks the store and brings it to the newest form."""
    member = backup.member(archive.STORE)
    assert member is not None
    backup.extract(member, target)
    if trouble := damage(target):
        raise BackupError(f"{path} holds a store that is damaged ({trouble}); take another one: nothing was changed")
    if foreign := foreign_parts(target):
        raise BackupError(f"{path} holds a store with {foreign[0]!r} in it, which no store of litwatch has")
    open_store(f"sqlite:///{target}").close()


def _fill(
    path: Path, config: Config, database: Path | None, copy: Path, *, now: datetime, replace: bool, moved: bool
) -> Filled:
    if database is None:
        with closing(open_store(config.store_url)) as store:
            kept = _keep_first(store, path, config, now=now) if replace else None
            return fill(store, copy, now=now, replace=replace, moved=moved, kept=kept)
    with alone_on(database):  # before the look: a daemon may be at work on a store that is damaged, too
        if database.exists() and (trouble := damage(database)):
            if not replace:
                raise StoreError(
                    f"the store {database} is damaged ({trouble}); replace it with --force, it is kept beside"
                )
            return _fill_anew(database.resolve(), copy, now=now, moved=moved)
        with closing(open_store(config.store_url)) as store:
            return fill(store, copy, now=now, replace=replace, moved=moved)


def _keep_first(store: Store, path: Path, config: Config, *, now: datetime) -> Path | None:
    """Backs up what a database server's store holds, before it is replaced; None where it holds nothing."""
    with store.read() as db:
        refuse_at_work(db, store.name)
        if not holds_something(db):
            return None
    kept = free_name((backup_folder(config) if config.backup.path else path.parent) / path.name)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        back_up(store, kept, config, now=now)
    except (LitwatchError, OSError) as error:
        said = str(error) if isinstance(error, LitwatchError) else f"{kept} cannot be written ({error.strerror})"
        raise BackupError(
            f"what the store {store.name} holds cannot be kept, and is not replaced: {said}; set backup.path to a "
            "folder with room, or name an empty database in store.url"
        ) from error
    return kept


def _fill_anew(database: Path, copy: Path, *, now: datetime, moved: bool) -> Filled:
    """Fills a new store and puts it in the place of a file that is damaged, which cannot be written any more."""
    fresh = copy.with_name("fresh")
    with closing(open_store(f"sqlite:///{fresh}")) as store:
        filled = fill(store, copy, now=now, replace=False, moved=moved)
    kept = free_name(database)
    log, kept_log = (path.with_name(f"{path.name}-wal") for path in (database, kept))
    try:
        # A name is never without a file: the old one gets a second name, then the new one takes the first.
        _name_too(database, kept)
        if log.exists():  # it belongs to the damaged file and would be read into the new one
            _name_too(log, kept_log)
            log.unlink()
        database.with_name(f"{database.name}-shm").unlink(missing_ok=True)  # only says where to find what in the other
        fresh.replace(database)
    except BaseException:
        if kept_log.exists() and not log.exists():
            kept_log.rename(log)
        for path in (kept, kept_log):
            path.unlink(missing_ok=True)
        raise
    try:
        sync_folder(database.parent)
    except OSError as error:
        raise BackupError(
            f"the store {database} is restored and the damaged one is kept as {kept}, but {database.parent} cannot be "
            f"written for good ({error.strerror}), and the watchlists are not restored; mend that and restore again "
            "with --force"
        ) from error
    return Filled(tables=filled.tables, kept=kept, unknown=filled.unknown)


def _name_too(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # not every file system has links
        shutil.copy2(path, name)


# --- watchlists and configuration ----------------------------------------------------------------------------


def _stage(backup: Archive, staging: Path, lists: Path) -> list[tuple[Path, Path]]:
    """Writes those that differ from what is there, under other names; (written, its place) of each."""
    staged = []
    for number, member in enumerate(backup.manifest.watchlists):
        target = lists / member.name.removeprefix(archive.WATCHLISTS)
        content = backup.read(member)
        if target.is_file() and target.read_bytes() == content:
            continue
        written = staging / str(number)
        with written.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.append((written, target))
    return staged


def _place_all(staged: list[tuple[Path, Path]]) -> list[Path]:
    """Moves the staged files to their places; returns under which names those that were there lie now."""
    kept = []
    try:
        for written, target in staged:
            if target.exists():
                beside = free_name(target)
                shutil.copy2(target, beside)
                kept.append(beside)
            written.replace(target)
        for folder in {target.parent for _, target in staged}:
            sync_folder(folder)
    except OSError as error:
        raise BackupError(
            f"the store is restored, but not all watchlists are ({error.strerror}: {error.filename}); mend that "
            "and restore again with --force"
        ) from error
    return kept


def _write_config(backup: Archive, present: Path) -> Path | None:
    """Writes the backup's configuration beside the present one, as NAME.restored, where that is not the same."""
    member = backup.member(archive.CONFIG)
    if member is None:
        return None
    content = backup.read(member)
    with suppress(OSError):  # one that cannot be read is not known to be the same
        if present.is_file() and present.read_bytes() == content:
            return None
    target = present.with_name(f"{present.name}.restored")
    try:
        target.unlink(missing_ok=True)
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise BackupError(
            f"store and watchlists are restored, but {target} cannot be written ({error.strerror})"
        ) from error
    return target
