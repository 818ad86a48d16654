"""Labelled data sets and record streams read from disk, each fault named by file and line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litwatch.errors import DataError
from litwatch.model import Paper

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def existing(folder: Path, name: str) -> Path:
    """The file of this name in a folder, or its .gz."""
    for path in (folder / name, folder / f"{name}.gz"):
        try:
            if path.is_file():
                return path
        except OSError as fault:
            raise DataError(f"{path} cannot be read: {fault.strerror}; give this user access to the folder") from fault
    raise DataError(f"{folder} has no {name} (nor {name}.gz)")


def files_of(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where there is none."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as fault:
        raise DataError(f"{folder} cannot be read: {fault.strerror}; give this user access to the folder") from fault


def write_objects(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Writes a JSON lines file, and makes its folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as fault:
        raise DataError(f"{path} cannot be written: {fault.strerror}; name another folder") from fault


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number, text) of each line that is not empty, from UTF-8 text, gzipped where the name ends in .gz."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield number, text.rstrip("\r\n")
    except (OSError, EOFError, zlib.error) as fault:
        raise DataError(f"{path} cannot be read: {getattr(fault, 'strerror', None) or fault}") from fault
    except UnicodeDecodeError as fault:
        raise DataError(f"{path} is no UTF-8 text") from fault


def read_objects(path: Path, *required: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of a JSON lines file; every object has the required keys."""
    for number, text in read_lines(path):
        try:
            record = json.loads(text)
        except ValueError as fault:
            raise DataError(f"{path}:{number} is no JSON: {fault}") from fault
        if not isinstance(record, dict):
            raise DataError(f"{path}:{number} is no JSON object")
        if missing := [key for key in required if key not in record]:
            raise DataError(f"{path}:{number} lacks {', '.join(missing)}")
        yield number, record


def read_stream(path: Path) -> Iterator[Paper]:
    """The papers of a stream of arXiv records, one JSON object a line with at least id, title and abstract."""
    for number, record in read_objects(path, "id", "title", "abstract"):
        try:
            published = _moment(record.get("published"))
            yield Paper(
                arxiv_id=str(record["id"]),
                version=int(record.get("version") or 1),
                title=str(record["title"]),
                abstract=str(record["abstract"]),
                authors=tuple(record.get("authors") or ()),
                categories=tuple(record.get("categories") or ()),
                primary_category=record.get("primary_category") or "",
                published=published,
                updated=_moment(record.get("updated") or record.get("published")),
                comment=record.get("comment") or "",
            )
        except (TypeError, ValueError) as fault:
            raise DataError(f"{path}:{number} is no arXiv record: {fault}") from fault


def _moment(text: str | None) -> datetime:
    if not text:
        return _UNDATED
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
