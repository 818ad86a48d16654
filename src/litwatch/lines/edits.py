"""Changes to watchlist files: only the characters that must change do; all others stay as the reader wrote
them.

A change is a list of replacements in the file's text. Before it is written it is read back and held against the
line that it was meant to give, so a file of an unforeseen form is refused, never damaged.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from litwatch.errors import WatchlistError
from litwatch.lines.merging import Merged, fingerprints, merge
from litwatch.lines.watchlist import Watchlist, free_slug, load, parse_watchlist, watchlist_files
from litwatch.lines.writing import anchor_item, claim_item, dump_line, page_entry, text_item
from litwatch.lines.yamltext import end, entries, flow, is_flow, is_null, line_of, quoted, scalar, start
from litwatch.model import Claim, Line
from litwatch.text import squeeze


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of a line that was to be added."""

    line: Line
    path: Path
    warnings: tuple[str, ...] = ()
    changed: bool = True
    """False where the file already said all of it; its bytes are then the same."""


def add_line(line: Line, folder: Path) -> Added:
    """Writes a new file for the line, or brings the file of the same question up to it.

    The slug of the line added is the file's, which may differ from `line.slug` where that name is taken.
    """
    if path := _home(line, folder):
        return update_file(path, line)
    slug = free_slug(line.question, folder)
    path = folder / f"{slug}.yaml"
    line = replace(line, slug=slug)
    _write(path, dump_line(line, page=fingerprints(line)), new=True)
    return Added(line=line, path=path)


def add_file(source: Path, folder: Path) -> Added:
    """Takes a watchlist file of the reader's into the folder as it is, comments and all; claims get their ids.

    A file of the folder that asks the same question is brought up to it instead, as by `add_line`.
    """
    given = load(source)
    if path := _home(given.line, folder):
        return update_file(path, given.line)
    path = folder / f"{free_slug(given.line.question, folder)}.yaml"
    _write(path, given.text, new=True)
    return Added(line=settle(path), path=path)


def update_file(path: Path, reread: Line) -> Added:
    """Brings a file up to its page as read again; see `merge` for what is taken over and what stays."""
    before = load(path)
    merged = merge(before.line, reread, page=before.page)
    if merged.line == before.line and merged.page == before.page:
        return Added(line=settle(path), path=path, warnings=merged.warnings, changed=bool(before.unnamed))
    _apply(before, _Edit(before).merged(merged), expected=merged.line)
    return Added(line=merged.line, path=path, warnings=merged.warnings)


def settle(path: Path) -> Line:
    """The line of a file, in which every claim now has its id; a file where none was missing is not touched."""
    before = load(path)
    if before.unnamed:
        _apply(before, _Edit(before).named(), expected=before.line)
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
    edit = _Edit(before)
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


def _home(line: Line, folder: Path) -> Path | None:
    """The file that holds this line: the one with its question."""
    if not folder.is_dir():
        return None
    asked = squeeze(line.question).casefold()
    return next(
        (path for path in watchlist_files(folder) if squeeze(load(path).line.question).casefold() == asked), None
    )


# --- the text of a file --------------------------------------------------------------------------------------


class _Edit:
    """Replacements in a file's text, gathered before any is made."""

    def __init__(self, before: Watchlist) -> None:
        self._before = before
        self._text = before.text
        self.replacements: list[tuple[int, int, str]] = []

    def named(self) -> _Edit:
        """Ids for the claims that have none."""
        for at in self._before.unnamed:
            self._name(entries(self._before.root)["claims"].value[at], self._before.line.claims[at])
        return self

    def merged(self, merged: Merged) -> _Edit:
        """What a page read again brings."""
        before = self._before.line
        root = self._before.root
        nodes = entries(root)["claims"].value
        for at, (claim, node) in enumerate(zip(before.claims, nodes, strict=True)):
            after = merged.line.claims[at]
            if after != claim:
                self._replace_item(node, after)
            elif at in self._before.unnamed:
                self._name(node, claim)
        self._append("claims", [claim_item(claim, indent=0) for claim in merged.line.claims[len(before.claims) :]])
        new = merged.line.anchors[len(before.anchors) :]
        self._append("anchors", [anchor_item(anchor, indent=0) for anchor in new])
        for key, old, texts in (
            ("tasks", before.tasks, merged.line.tasks),
            ("next_lines", before.next_lines, merged.line.next_lines),
        ):
            if old != texts:
                self.set_texts(key, old, texts)
        if merged.line.about != before.about:
            about = merged.line.about
            self.set_value(root, "about", scalar(about, indent=2))
        if merged.page != self._before.page:
            page = entries(root).get("page")
            if page is None or is_null(page) or not page.value:
                self._drop("page")
                self._at_end("\n" + page_entry(merged.page))
            else:
                rows = [f"{key}: {quoted(mark)}" for key, mark in merged.page.items()]
                flowing = "{" + ", ".join(rows) + "}"
                block = ("\n" + " " * page.start_mark.column).join(rows)
                self._replace(page, flowing if is_flow(page) else block)
        return self

    def set_value(self, mapping: MappingNode, key: str, written: str) -> None:
        """Sets a key to a value in the form in which it stands behind "key: "; a new key goes to the file's end."""
        found = next(((name, node) for name, node in mapping.value if name.value == key), None)
        if found is None:
            self._at_end(f"{key}: {written}")
            return
        name, node = found
        if self._text[start(node) : end(node, self._text)] or not is_null(node):
            self._replace(node, written)
        else:  # nothing stands behind "key:", and where a parser sees that nothing is its own affair
            at = self._text.index(":", end(name, self._text)) + 1
            self.replacements.append((at, at, f" {written}"))

    def set_texts(self, key: str, old: Sequence[str], new: Sequence[str]) -> None:
        """Sets a list of texts; in one with a dash for each, the entries that stay keep their comments."""
        node = entries(self._before.root).get(key)
        if not isinstance(node, SequenceNode) or node.flow_style or not node.value:
            self.set_value(self._before.root, key, flow(new))
            return
        indent = node.start_mark.column
        kept = [text for text in old if text in new]
        if not kept or tuple(kept) != tuple(new[: len(kept)]) or len(set(old)) < len(old):
            # Another order: the list is written anew where it stands, on the line below its key.
            items = [text_item(text, indent=indent) for text in new]
            self._replace(node, "\n".join(items)[indent:] if items else "[]")
            return
        for item, text in zip(node.value, old, strict=True):
            if text not in new:
                dash = self._text.rindex("-", 0, start(item))
                begin = self._text.rfind("\n", 0, dash) + 1
                self.replacements.append(
                    (begin, self._text.find("\n", end(item, self._text)) + 1 or len(self._text), "")
                )
        self._append(key, [text_item(text, indent=0) for text in new[len(kept) :]])

    def _name(self, node: Node, claim: Claim) -> None:
        """Gives one claim of the file its id and changes nothing else of it."""
        if isinstance(node, MappingNode) and "id" in entries(node):
            self.set_value(node, "id", claim.id)
        elif isinstance(node, MappingNode) and node.flow_style:
            at = start(node) + 1
            self.replacements.append((at, at, f"id: {claim.id}, "))
        elif isinstance(node, MappingNode):
            at = start(node)
            self.replacements.append((at, at, f"id: {claim.id}\n{' ' * node.start_mark.column}"))
        else:
            self._replace_item(node, claim)

    def _replace_item(self, node: Node, claim: Claim) -> None:
        """Writes a claim anew in its place."""
        column = int(node.start_mark.column)
        in_flow = is_flow(entries(self._before.root)["claims"]) or is_flow(node)
        if in_flow:
            self._replace(node, _claim_in_flow(claim))
            return
        written = claim_item(claim, indent=max(0, column - 2))
        self._replace(node, written[max(0, column - 2) + 2 :])

    def _append(self, key: str, items: Sequence[str]) -> None:
        """Puts items, written without indentation, behind those of a list; makes the list where there is none."""
        if not items:
            return
        node = entries(self._before.root).get(key)
        if isinstance(node, SequenceNode) and node.value and not node.flow_style:
            at, indent = self._line_end(node), int(node.start_mark.column)
            apart = "\n\n" if key == "claims" else "\n"
            rows = [_indented(item, indent) for item in items]
            self.replacements.append((at, at, apart + apart.join(rows)))
        elif isinstance(node, SequenceNode) and node.value:
            raise WatchlistError(
                f"{self._before.path}:{line_of(node)}: {key} stand in [ ] on one line, where none can be added; "
                'write each on a line of its own after "- "'
            )
        else:
            self._drop(key)
            self._at_end(f"\n{key}:\n" + "\n".join(_indented(item, 2) for item in items))

    def _drop(self, key: str) -> None:
        """Takes out a key without a value, or with an empty list, before it is written anew."""
        for name, value in self._before.root.value:
            if name.value == key:
                self.replacements.append((start(name), end(value, self._text), ""))

    def _at_end(self, rows: str) -> None:
        at = len(self._text.rstrip())
        if at < len(self._text):
            at = self._text.find("\n", at) if "\n" in self._text[at:] else at
        self.replacements.append((at, at, "\n" + rows))

    def _replace(self, node: Node, written: str) -> None:
        self.replacements.append((start(node), end(node, self._text), written))

    def _line_end(self, node: Node) -> int:
        """Index of the line end behind a node, so that a comment on its last line stays there."""
        at = self._text.find("\n", end(node, self._text))
        if at < 0:
            return len(self._text)
        return at - 1 if self._text[at - 1] == "\r" else at

    def done(self) -> str:
        """The text with every replacement made."""
        text = self._text
        # Of several at one place the one gathered first comes first.
        order = sorted(range(len(self.replacements)), key=lambda at: (self.replacements[at][:2], at), reverse=True)
        for begin, stop, written in (self.replacements[at] for at in order):
            if "\r\n" in self._text:
                written = written.replace("\n", "\r\n")
            text = text[:begin] + written + text[stop:]
        return text


def _indented(item: str, indent: int) -> str:
    return "\n".join(" " * indent + row if row else row for row in item.split("\n"))


def _claim_in_flow(claim: Claim) -> str:
    values: dict[str, object] = {
        "id": claim.id,
        "kind": claim.kind.value,
        "title": claim.title,
        "text": claim.text,
        "dated": claim.dated,
        "retired": claim.retired,
        "findings": [{"text": finding.text, "dated": finding.dated} for finding in claim.findings],
    }
    return json.dumps({key: value for key, value in values.items() if value}, ensure_ascii=False)


def _apply(before: Watchlist, edit: _Edit, *, expected: Line) -> None:
    text = edit.done()
    try:
        after = parse_watchlist(text, before.path)
    except WatchlistError:
        after = None
    if after is None or after.line != expected:
        raise WatchlistError(
            f"{before.path}:1: written in a way that litwatch cannot change without harm; write one key or entry a line"
        )
    _write(before.path, text)


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
