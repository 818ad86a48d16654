"""Removed lines: their files rest in removed/ beside the others, until the same question is added again."""

from __future__ import annotations

from pathlib import Path

from litwatch.errors import WatchlistError
from litwatch.lines.watchlist import FILE_ENDINGS, REMOVED, asks, load


def set_aside(path: Path) -> Path:
    """Moves a watchlist file to removed/, over no other, and says where it is now. Raises OSError."""
    folder = path.parent / REMOVED
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}.{number}{path.suffix}"
    path.rename(target)
    return target


def find_removed(question: str, folder: Path) -> Path | None:
    """The removed file of this question, of several the one removed last; files that cannot be read are passed by."""
    aside = folder / REMOVED
    files = [path for path in aside.iterdir() if path.suffix in FILE_ENDINGS] if aside.is_dir() else []
    for path in sorted(files, key=_removals, reverse=True):
        try:
            if asks(load(path).line, question):
                return path
        except WatchlistError:
            continue
    return None


def home_of(removed: Path) -> Path:
    """Where a removed file stood before."""
    stem, _, number = removed.stem.rpartition(".")
    name = stem if stem and number.isdecimal() else removed.stem
    return removed.parent.parent / f"{name}{removed.suffix}"


def _removals(path: Path) -> int:
    number = path.stem.rpartition(".")[2]
    return int(number) if number.isdecimal() and "." in path.stem else 1
