"""Changes to watchlist files: only the characters that must change do; all others stay as the reader wrote
them.

A change is a list of replacements in the file's text. Before it is written it is read back and held against the
line that it was meant to give, so a file of an unforeseen form is refused, never damaged.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litwatch.errors import WatchlistError
from litwatch.lines.merging import fingerprints, merge
from litwatch.lines.removed import find_removed, home_of
from litwatch.lines.rewriting import Edit
from litwatch.lines.watchlist import (
    REMOVED,
    UsedIds,
    Watchlist,
    asks,
    free_slug,
    is_taken,
    load,
    load_line,
    none_used,
    parse_watchlist,
    watchlist_files,
)
from litwatch.lines.writing import dump_line
from litwatch.model import Line


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of a line that was to be added."""

    line: Line
    path: Path
    warnings: tuple[str, ...] = ()
    changed: bool = True
    """False where the file already said all of it; its bytes are then the same."""


def add_line(line: Line, folder: Path, *, name: str | None = None, used: UsedIds = none_used) -> Added:
    """Writes a new file for the line, or brings the file of the same question up to it; a removed one comes back.

    name: what a new line is called (`names.line_name`); made of its question where None. The slug of the line added
    is its file's, which may differ from `line.slug` and, where the question has a file, from `name`. used: claim ids
    that a claim new to its file does not get.

    Raises WatchlistError, with nothing written, where the name is another question's or the line is none that a
    file can hold.
    """
    if found := _brought_up(line, folder, name, used):
        return found
    path = _new_path(line.question, folder, name)
    line = replace(line, slug=path.stem)
    text = dump_line(line, page=fingerprints(line))
    parse_watchlist(text, path)
    _write(path, text, new=True)
    return Added(line=line, path=path)


def add_file(source: Path, folder: Path, *, name: str | None = None, used: UsedIds = none_used) -> Added:
    """Takes a watchlist file of the reader's into the folder as it is, comments and all; claims get their ids.

    A file of the folder that asks the same question is brought up to it instead, as by `add_line`.
    """
    given = load(source)
    if found := _brought_up(given.line, folder, name, used):
        return found
    path = _new_path(given.line.question, folder, name)
    _write(path, _settled(parse_watchlist(given.text, path, used=used)), new=True)
    # It is its own page: given again, it says nothing new. What cannot be noted in a file of its form is left.
    with contextlib.suppress(WatchlistError):
        update_file(path, replace(given.line, slug=path.stem), used=used)
    return Added(line=load_line(path), path=path)


def update_file(path: Path, reread: Line, *, used: UsedIds = none_used) -> Added:
    """Brings a file up to its page as read again; see `merge` for what is taken over and what stays."""
    before = load(path, used=used)
    merged = merge(before.line, reread, page=before.page, used=used)
    if merged.line == before.line and merged.page == before.page:
        return Added(line=settle(path, used=used), path=path, warnings=merged.warnings, changed=bool(before.unnamed))
    _apply(before, Edit(before).merged(merged), expected=merged.line)
    return Added(line=merged.line, path=path, warnings=merged.warnings)


def settle(path: Path, *, used: UsedIds = none_used) -> Line:
    """The line of a file, in which every claim now has its id; a file where none was missing is not touched.

    used: claim ids that came before; a new claim gets another, so that none comes back with another meaning.
    """
    before = load(path, used=used)
    if before.unnamed:
        _write(path, _settled(before))
    return before.line


def edit_line(
    path: Path,
    *,
    active: bool | None = None,
    categories: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
) -> Line:
    """Sets what is given in the file and returns the line as it is then; None leaves a value as it is."""
    before = load(path)
    after = before.line
    edit = Edit(before)
    if active is not None and active != after.active:
        after = replace(after, active=active)
        edit.set_value(before.root, "active", "true" if active else "false")
    if categories is not None and tuple(categories) != after.categories:
        after = replace(after, categories=tuple(categories))
        edit.set_texts("categories", before.line.categories, after.categories)
    if exclude is not None and tuple(exclude) != after.exclude:
        after = replace(after, exclude=tuple(exclude))
        edit.set_texts("exclude", before.line.exclude, after.exclude)
    if edit.replacements:
        _apply(before, edit, expected=after)
    return after


def _brought_up(line: Line, folder: Path, name: str | None, used: UsedIds) -> Added | None:
    """The file of the line's question, brought up to the line; None where there is none, here or removed."""
    files = watchlist_files(folder) if folder.is_dir() else ()
    if home := next((path for path in files if asks(load(path).line, line.question)), None):
        added = update_file(home, line, used=used)
    elif removed := find_removed(line.question, folder):
        added = _taken_back(removed, line, folder, used)
    else:
        return None
    if name in (None, added.line.slug):
        return added
    warning = f"it is called {added.line.slug} already and stays so: what was found is kept under that name"
    return replace(added, warnings=(warning, *added.warnings))


def _taken_back(removed: Path, line: Line, folder: Path, used: UsedIds) -> Added:
    home = home_of(removed)
    if home.stem in {path.stem for path in watchlist_files(folder)}:
        home = folder / f"{free_slug(line.question, folder)}.yaml"
    added = update_file(removed, line, used=lambda _: used(home.stem))
    removed.rename(home)
    rests = "" if added.line.active else ", and paused"
    warning = f"taken back from {REMOVED}/{removed.name}, with what you made of it{rests}"
    return Added(line=replace(added.line, slug=home.stem), path=home, warnings=(warning, *added.warnings))


def _new_path(question: str, folder: Path, name: str | None) -> Path:
    if name and is_taken(name, folder):
        raise WatchlistError(f"{folder / name}.yaml:1: {name} is taken by another question; choose another name")
    return folder / f"{name or free_slug(question, folder)}.yaml"


# --- writing -------------------------------------------------------------------------------------------------


def _settled(before: Watchlist) -> str:
    """The file's text in which every claim has its id."""
    return _checked(before, Edit(before).named(), expected=before.line) if before.unnamed else before.text


def _apply(before: Watchlist, edit: Edit, *, expected: Line) -> None:
    _write(before.path, _checked(before, edit, expected=expected))


def _checked(before: Watchlist, edit: Edit, *, expected: Line) -> str:
    """The edited text, read back and found to give the line expected."""
    text = edit.done()
    try:
        after = parse_watchlist(text, before.path)
    except WatchlistError:
        after = None
    if after is None or after.line != expected:
        raise WatchlistError(
            f"{before.path}:1: written in a way that litwatch cannot change without harm; write one key or entry a line"
        )
    return text


def _write(path: Path, text: str, *, new: bool = False) -> None:
    """The whole file or nothing of it: written beside it under another name, then moved over it."""
    path = path.resolve()
    try:
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(0o644 if new else path.stat().st_mode & 0o777)
            if new:
                os.link(name, path)  # unlike a move, fails where the file has come into being meanwhile
            else:
                Path(name).replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise WatchlistError(
            f"{path}:1: cannot be written ({error.strerror}); check the folder's permissions"
        ) from error
