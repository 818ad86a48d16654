"""The text of a watchlist file, rewritten in places: only the characters that must change do."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from litwatch.errors import WatchlistError
from litwatch.lines.merging import Merged
from litwatch.lines.watchlist import Watchlist
from litwatch.lines.writing import anchor_item, claim_item, page_entry, text_item
from litwatch.lines.yamltext import end, entries, flow, is_flow, is_null, line_of, quoted, scalar, start
from litwatch.model import Claim


class Edit:
    """Replacements in a file's text, gathered before any is made."""

    def __init__(self, before: Watchlist) -> None:
        self._before = before
        self._text = before.text
        self.replacements: list[tuple[int, int, str]] = []

    def named(self) -> Edit:
        """Ids for the claims that have none."""
        for at in self._before.unnamed:
            self._name(entries(self._before.root)["claims"].value[at], self._before.line.claims[at])
        return self

    def merged(self, merged: Merged) -> Edit:
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
        "durability": claim.durability and claim.durability.value,
        "title": claim.title,
        "text": claim.text,
        "dated": claim.dated,
        "retired": claim.retired,
        "findings": [{"text": finding.text, "dated": finding.dated} for finding in claim.findings],
    }
    return json.dumps({key: value for key, value in values.items() if value}, ensure_ascii=False)
