"""YAML as a person would write it: single values, and a file parsed into nodes that know their place in it."""

from __future__ import annotations

import json
import textwrap
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from litwatch.errors import WatchlistError
from litwatch.text import squeeze

LARGEST = 500_000
"""Bytes; a watchlist file of a large line has some 20 kB."""

MOST_PARTS = 20_000
"""Each may end an entry, of which a second reads so many."""

_WIDTH = 110
_WORDS_WITH_MEANING = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


# --- writing -------------------------------------------------------------------------------------------------


def scalar(text: str, *, indent: int = 0, room: int = _WIDTH) -> str:
    """What stands behind "key: " for a text: plain, quoted, or folded over lines indented by `indent`.

    room: characters left on the line; a longer text is folded.
    """
    readable = text == squeeze(text) and text.isprintable() and text != ""
    if readable and len(text) > room:
        width = max(40, _WIDTH - indent)
        rows = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        return "\n".join([">-", *(" " * indent + row for row in rows)])
    return text if readable and _is_plain(text) else quoted(text)


def _is_plain(text: str) -> bool:
    """Whether YAML reads the text as itself without quotes, in lists of either style too."""
    return (
        text[0].isalpha()
        and text.lower() not in _WORDS_WITH_MEANING
        and not any(mark in text for mark in (": ", " #", ",", "[", "]", "{", "}"))
        and not text.endswith(":")
    )


def quoted(text: str) -> str:
    """The text in double quotes, what cannot be seen escaped."""
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
        for c in json.dumps(text, ensure_ascii=False)
    )


def flow(values: Iterable[str]) -> str:
    """A list on one line."""
    return "[" + ", ".join(scalar(value, room=10**9) for value in values) + "]"


# --- reading -------------------------------------------------------------------------------------------------


def read_text(path: Path) -> str:
    """The file as text, line ends as they are. Raises WatchlistError where it cannot be read as UTF-8 text."""
    try:
        if path.stat().st_size > LARGEST:
            raise WatchlistError(
                f"{path}:1: {path.stat().st_size / 1e6:.1f} MB is too large for a watchlist file; "
                "split it or take out what is no part of the line"
            )
        data = path.read_bytes()
    except OSError as error:
        raise WatchlistError(
            f"{path}:1: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WatchlistError(f"{path}:{line}: not UTF-8; save the file in UTF-8") from error


def parse(text: str, path: Path) -> MappingNode:
    """The nodes of a watchlist file; every value keeps the characters it was written in.

    Raises WatchlistError, its message beginning with path:line, for what is no YAML mapping, and for tabs as
    indentation, keys given twice, aliases and tags, which no watchlist file needs.
    """
    if text.count("\n") + text.count(",") > MOST_PARTS:
        raise WatchlistError(f"{path}:1: more than {MOST_PARTS:,} lines and commas; split the file, or shorten it")
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line[: len(line) - len(line.lstrip())] and line.strip():
            raise WatchlistError(f"{path}:{number}: a tab indents this line; use spaces")
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            # An anchor given twice is only warned of; every anchor is refused below.
            warnings.simplefilter("ignore", YAMLWarning)
            root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = squeeze(error.problem or error.context or "not understood")
        cure = 'quote a text that holds ": " or " #", and indent by spaces alike'
        raise WatchlistError(f"{path}:{mark.line + 1 if mark else 1}: {what}; {cure}") from None
    except (YAMLError, ValueError, OverflowError) as error:
        raise WatchlistError(f"{path}:1: {squeeze(str(error))[:200]}; write plain YAML text") from None
    except RecursionError:
        raise WatchlistError(f"{path}:1: nested too deeply; a watchlist file has at most four levels") from None
    if not isinstance(root, MappingNode):
        what = "the file is empty" if root is None else "this is no mapping"
        raise WatchlistError(f'{path}:1: {what}; begin with "question: ..." and "claims:"')
    _check(root, path)
    return root


def _check(root: Node, path: Path) -> None:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen or node.anchor:
            raise WatchlistError(f'{path}:{line_of(node)}: "&" and "*" references are not taken; write the value out')
        seen.add(id(node))
        if not str(node.tag).startswith("tag:yaml.org,2002:") or ":python/" in str(node.tag):
            raise WatchlistError(f"{path}:{line_of(node)}: the tag {str(node.tag)[:40]!r} is not taken; leave it out")
        if isinstance(node, SequenceNode):
            waiting.extend(reversed(node.value))
        elif isinstance(node, MappingNode):
            keys: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, ScalarNode):
                    raise WatchlistError(
                        f"{path}:{line_of(key)}: a key must be a word; quote it if it is meant as text"
                    )
                if key.value in keys:
                    raise WatchlistError(f"{path}:{line_of(key)}: {key.value[:40]!r} is given twice; keep one")
                keys.add(key.value)
            waiting.extend(value for _, value in reversed(node.value))


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def entries(node: MappingNode) -> Mapping[str, Node]:
    return {key.value: value for key, value in node.value}


def is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def is_flow(node: Node) -> bool:
    """Whether a list or mapping is written in brackets."""
    return isinstance(node, SequenceNode | MappingNode) and bool(node.flow_style)


def start(node: Node) -> int:
    """Index of the node's first character in the text."""
    return int(node.start_mark.index)


def end(node: Node, text: str) -> int:
    """Index behind the node's last character; white space and comments that follow it are not part of it."""
    while isinstance(node, SequenceNode | MappingNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return start(node) + len(text[start(node) : int(node.end_mark.index)].rstrip())
