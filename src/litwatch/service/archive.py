"""A backup's file: a zip of the store, the watchlists and the configuration, whose every byte is held to a digest.

manifest.json names the members with their sizes and SHA-256 and says what the store holds. The zip's comment, which
are the last 64 bytes of the file, is the SHA-256 of all bytes before it: so a file that was cut short or changed is
known before anything in it is read. Nothing is extracted by the names that stand in the zip.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from litwatch.errors import BackupError

FORMAT = 1
MANIFEST, STORE, CONFIG, WATCHLISTS = "manifest.json", "store.sqlite", "litwatch.toml", "watchlists/"
_DIGEST = 64
_CHUNK = 1 << 20
LARGEST_TEXT = 64 << 20
"""So large may a manifest, a watchlist or a configuration be: they are read whole."""


@dataclass(frozen=True, kw_only=True)
class Member:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    created: datetime
    litwatch: str
    """The version that wrote it."""
    form: str
    """The store's."""
    source: str
    """The kind of database that was copied."""
    tables: Mapping[str, int]
    """Rows by table."""
    members: tuple[Member, ...] = ()

    @property
    def watchlists(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.name.startswith(WATCHLISTS))


def write_archive(path: Path, manifest: Manifest, contents: Mapping[str, Path | bytes]) -> None:
    """Writes a new file of mode 0600 and syncs it. contents: by member's name, a file or bytes. Raises OSError."""
    members = [{"name": name, **_measured(content)} for name, content in contents.items()]
    said = {
        "format": FORMAT,
        "litwatch": manifest.litwatch,
        "form": manifest.form,
        "source": manifest.source,
        "created": manifest.created.isoformat(),
        "tables": dict(manifest.tables),
        "members": members,
    }
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = b"0" * _DIGEST
            _add(archive, MANIFEST, json.dumps(said, indent=1).encode())
            for name, content in contents.items():
                _add(archive, name, content)
        file.seek(0)
        digest, _ = _whole(file)
        file.seek(-_DIGEST, os.SEEK_END)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())


class Archive:
    """A backup that is open for reading. Its members come as the manifest says that they are, or not at all."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._path = path
        self._archive = archive
        self.manifest = manifest

    def read(self, member: Member) -> bytes:
        if member.bytes > LARGEST_TEXT:
            raise _no_backup(self._path, f"{member.name} is larger than any of litwatch's")
        return b"".join(self._chunks(member))

    def extract(self, member: Member, target: Path) -> None:
        """Writes the member to a new file. Raises OSError."""
        with target.open("xb") as file:
            for chunk in self._chunks(member):
                file.write(chunk)

    def member(self, name: str) -> Member | None:
        return next((member for member in self.manifest.members if member.name == name), None)

    def _chunks(self, member: Member) -> Iterator[bytes]:
        digest, left = hashlib.sha256(), member.bytes
        with _intact(self._path), self._archive.open(member.name) as file:
            # One byte more than it may have: what is longer is found out and not written.
            while chunk := file.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    break
                digest.update(chunk)
                yield chunk
        if left or digest.hexdigest() != member.sha256:
            raise _no_backup(self._path, f"{member.name} is not what the manifest says")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The backup at `path`, after a look at every byte of it.

    Raises BackupError where it is none, is not whole, was changed, or holds what no backup of litwatch does.
    """
    try:
        file = path.open("rb")
    except IsADirectoryError as error:
        raise BackupError(f"{path} is a folder; name a file that `litwatch backup` wrote") from error
    except OSError as error:
        raise BackupError(
            f"{path} cannot be read ({error.strerror}); name a file that `litwatch backup` wrote"
        ) from error
    with file:
        with _intact(path):
            said, found = _whole(file)
            if said != found:
                raise _no_backup(path, "it was cut short or changed")
            archive = zipfile.ZipFile(file)
            manifest = _read_manifest(path, archive)
        with archive:
            yield Archive(path, archive, manifest)


@contextmanager
def _intact(path: Path) -> Iterator[None]:
    """Turns what a file says that is none of ours into a BackupError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, RuntimeError) as error:
        raise _no_backup(path, str(error)) from error


def _read_manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    infos = archive.infolist()
    first = archive.getinfo(MANIFEST)
    if first.file_size > LARGEST_TEXT:
        raise _no_backup(path, "its manifest is larger than any of litwatch's")
    try:
        said = json.loads(archive.read(MANIFEST))
        if said["format"] != FORMAT:
            raise BackupError(
                f"{path} is a backup of form {said['format']}, this litwatch reads form {FORMAT}; upgrade litwatch"
            )
        manifest = _manifest(said)
    except (ValueError, TypeError, AttributeError) as error:
        raise _no_backup(path, "its manifest cannot be read") from error
    listed = {member.name: member.bytes for member in manifest.members}
    there = {info.filename: info.file_size for info in infos if info.filename != MANIFEST}
    if listed != there or len(infos) != len(there) + 1 or len(listed) != len(manifest.members):
        raise _no_backup(path, "it does not hold what its manifest says")
    if STORE not in listed:
        raise _no_backup(path, "it holds no store")
    for info in infos:
        if not is_ours(info.filename) or (info.external_attr >> 28) not in (0, 0o10):  # a plain file, or not said
            raise _no_backup(path, f"it holds {info.filename!r}, which no backup does")
    return manifest


def _manifest(said: Any) -> Manifest:
    return Manifest(
        created=datetime.fromisoformat(said["created"]).astimezone(UTC),
        litwatch=str(said["litwatch"]),
        form=str(said["form"]),
        source=str(said["source"]),
        tables={str(name): int(count) for name, count in said["tables"].items()},
        members=tuple(
            Member(name=str(one["name"]), bytes=int(one["bytes"]), sha256=str(one["sha256"])) for one in said["members"]
        ),
    )


_ODD = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff]")
"""In names of files, what not every system takes: control characters, backslashes, bytes that are no text."""


def is_ours(name: str) -> bool:
    """Whether a backup may hold a member of this name."""
    if name in (MANIFEST, STORE, CONFIG):
        return True
    parts = name.removeprefix(WATCHLISTS).split("/")
    plain = all(part and not part.startswith(".") and not _ODD.search(part) for part in parts)
    return name.startswith(WATCHLISTS) and plain


def _add(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> None:
    # Without a time of its own: the manifest has it, and a zip holds none of a machine whose clock begins in 1970.
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        if isinstance(content, bytes):
            member.write(content)
        else:
            with content.open("rb") as file:
                shutil.copyfileobj(file, member, _CHUNK)


def _measured(content: Path | bytes) -> dict[str, Any]:
    if isinstance(content, bytes):
        return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    with content.open("rb") as file:
        return {"bytes": content.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _whole(file: BinaryIO) -> tuple[str, str]:
    """(the SHA-256 of all but the last 64 bytes, those bytes)."""
    left = file.seek(0, os.SEEK_END) - _DIGEST
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest(), file.read(_DIGEST).decode("ascii", errors="replace")


def _no_backup(path: Path, why: str) -> BackupError:
    return BackupError(f"{path} is no whole backup of litwatch ({why}); take another one: nothing was changed")
