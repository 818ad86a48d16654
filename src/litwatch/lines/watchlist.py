"""watchlists/*.yaml → Lines: the form of the files, and what is wrong with one that has another."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from litwatch.errors import WatchlistError
from litwatch.lines import names
from litwatch.lines.yamltext import entries, is_null, line_of, parse, read_text
from litwatch.model import Anchor, Claim, ClaimKind, Durability, Finding, Line
from litwatch.text import slug, split_arxiv_id, squeeze

FILE_ENDINGS = (".yaml", ".yml")
REMOVED = "removed"
"""The folder, beside the files, of those that were removed."""

_LINE_KEYS = (
    "question", "about", "active", "categories", "exclude", "claims", "anchors", "tasks", "next_lines", "page",
)  # fmt: skip
_CLAIM_KEYS = ("id", "kind", "durability", "title", "text", "dated", "retired", "findings")
_FINDING_KEYS = ("text", "dated")
_ANCHOR_KEYS = ("id", "title", "year")
_CLAIM_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,31}")
# NUL and halves of characters, which YAML lets one write: no file and no database could keep them.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_NUMBERED = re.compile(r"c(\d{1,6})")


UsedIds = Callable[[str], Collection[str]]
"""The claim ids that were ever in use for a slug, also of claims gone from the file; asked only where one is new."""


def none_used(_: str) -> Collection[str]:
    """`UsedIds` where nothing is known beside the file."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Watchlist:
    """A watchlist file as read: the line, and where its parts stand."""

    path: Path
    text: str
    root: MappingNode
    line: Line
    page: Mapping[str, str]
    """Fingerprints of what the page said; empty for a file written by hand."""
    unnamed: tuple[int, ...]
    """Places in `line.claims` of those that have no id in the file yet; the line has the one they will get."""


def load_line(path: Path, *, used: UsedIds = none_used) -> Line:
    """The line of one file; its slug is the file's stem. A claim without an id has one that was never in use.

    Raises WatchlistError with "path:line: what; cure" for whatever is not of the form.
    """
    return load(path, used=used).line


def load_watchlists(folder: Path) -> tuple[Line, ...]:
    """The lines of all *.yaml and *.yml files in the folder, sorted by slug; folders in it are not looked into."""
    return tuple(load_line(path) for path in watchlist_files(folder))


def watchlist_files(folder: Path) -> tuple[Path, ...]:
    """The watchlist files of a folder by slug. Raises WatchlistError where two have the same."""
    if not folder.is_dir():
        raise WatchlistError(f"{folder}:1: there is no such folder; make it, or set [watchlists] path")
    files, doubles = find_files(folder)
    for trouble in doubles.values():
        raise WatchlistError(trouble)
    return files


def find_files(folder: Path, *, known: Collection[Path] = ()) -> tuple[tuple[Path, ...], dict[Path, str]]:
    """The watchlist files of a folder by slug; and those whose slug another one has, with what is to be said of them.

    known: of two with the same slug, the one that is known goes first. Raises OSError where the folder cannot be read.
    """
    files = [path for path in folder.iterdir() if path.suffix in FILE_ENDINGS and path.is_file()]
    by_slug: dict[str, Path] = {}
    doubles = {}
    for path in sorted(
        (each for each in files if not each.name.startswith(".")), key=lambda each: (each not in known, each)
    ):
        if (other := by_slug.setdefault(path.stem, path)) != path:
            doubles[path] = f"{path}:1: {other.name} is the same line; keep one of the two"
    return tuple(by_slug[name] for name in sorted(by_slug)), doubles


def load(path: Path, *, used: UsedIds = none_used) -> Watchlist:
    """As `load_line`, with what an edit needs to know of the file."""
    return parse_watchlist(read_text(path), path, used=used)


def parse_watchlist(text: str, path: Path, *, used: UsedIds = none_used) -> Watchlist:
    return _Reader(path, used).watchlist(text, parse(text, path))


def asks(line: Line, question: str) -> bool:
    """Whether the line is of this question, white space and case aside: then it is the same line."""
    return squeeze(line.question).casefold() == squeeze(question).casefold()


def free_slug(question: str, folder: Path) -> str:
    """A slug for a new line of this question that no file of the folder has: "some-words", "some-words-2" ..."""
    name = slug(question)
    number = 1
    free = name
    while is_taken(free, folder):
        number += 1
        free = f"{name}-{number}"
    return free


def is_taken(name: str, folder: Path) -> bool:
    """Whether a line of that name is or was in the folder: what was found for a removed one is still kept under it.

    Case counts for nothing, as on the file systems of many machines.
    """
    folders = [each for each in (folder, folder / REMOVED) if each.is_dir()]
    return name.casefold() in {path.stem.casefold() for each in folders for path in each.iterdir()}


def next_ids(taken: Sequence[str]) -> Iterator[str]:
    """New claim ids, all above every number in use, so that no id comes back with another meaning."""
    highest = max((int(found[1]) for name in taken if (found := _NUMBERED.fullmatch(name))), default=0)
    while True:
        highest += 1
        yield f"c{highest}"


class _Reader:
    """Nodes of one file → values, with messages that say where."""

    def __init__(self, path: Path, used: UsedIds) -> None:
        self._path = path
        self._used = used

    def watchlist(self, text: str, root: MappingNode) -> Watchlist:
        found = self._entries(root, _LINE_KEYS, "a line")
        if len(self._path.stem) > names.LONGEST_LINE:
            raise self._error(
                root, f"the file's name, which is the line's, has over {names.LONGEST_LINE} letters", "shorten it"
            )
        if not self._path.stem.isprintable():
            raise self._error(
                root, "the file's name, which is the line's, holds what cannot be seen or is no text", "rename it"
            )
        page = self._page(found.get("page"))
        question = self._text(found.get("question"), "question")
        if not question.strip():
            raise self._error(root, "the question is missing", 'add "question: ..."')
        claims = [self._claim(node) for node in self._items(found.get("claims"), "claims")]
        if not claims:
            raise self._error(found.get("claims", root), "no claims", 'add "claims:" with at least one "- some text"')
        self._distinct(claims, self._items(found["claims"], "claims"))
        unnamed = tuple(at for at, claim in enumerate(claims) if not claim.id)
        used = self._used(self._path.stem) if unnamed else ()
        ids = next_ids((*(claim.id for claim in claims), *page, *used))
        line = Line(
            slug=self._path.stem,
            question=question,
            about=self._text(found.get("about"), "about"),
            active=self._flag(found.get("active"), "active", default=True),
            categories=tuple(self._category(node) for node in self._items(found.get("categories"), "categories")),
            exclude=self._texts(found.get("exclude"), "exclude"),
            claims=tuple(claim if claim.id else replace(claim, id=next(ids)) for claim in claims),
            anchors=tuple(self._anchor(node) for node in self._items(found.get("anchors"), "anchors")),
            tasks=self._texts(found.get("tasks"), "tasks"),
            next_lines=self._texts(found.get("next_lines"), "next_lines"),
        )
        return Watchlist(path=self._path, text=text, root=root, line=line, page=page, unnamed=unnamed)

    def _error(self, node: Node, what: str, cure: str) -> WatchlistError:
        return WatchlistError(f"{self._path}:{line_of(node)}: {what}; {cure}")

    def _entries(self, node: Node, known: Sequence[str], of: str) -> Mapping[str, Node]:
        if not isinstance(node, MappingNode):
            raise self._error(node, f"{of} must be a mapping", f"write {known[0]}: ...")
        for key, _ in node.value:
            if key.value not in known:
                near = get_close_matches(key.value, known, n=1, cutoff=0.5)
                cure = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
                raise self._error(key, f"unknown key {key.value[:40]!r}", cure)
        return {key: value for key, value in entries(node).items() if not is_null(value)}

    def _items(self, node: Node | None, name: str) -> Sequence[Node]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            raise self._error(node, f"{name} must be a list", 'write each entry on a line of its own after "- "')
        for item in node.value:
            if is_null(item):
                raise self._error(item, f"an empty entry in {name}", "fill it or take it out")
        return tuple(node.value)

    def _text(self, node: Node | None, name: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            cure = 'write it on one line, or after ">-" indented below; quote it if it holds ": "'
            raise self._error(node, f"{name} must be a text", cure)
        if found := _NO_TEXT.search(node.value):
            raise self._error(node, f"{name} holds {found[0]!a}, which is no character of a text", "take it out")
        return str(node.value)

    def _texts(self, node: Node | None, name: str) -> tuple[str, ...]:
        return tuple(self._text(item, f"an entry in {name}") for item in self._items(node, name))

    def _flag(self, node: Node | None, name: str, *, default: bool) -> bool:
        if node is None:
            return default
        value = self._text(node, name).lower()
        if value not in ("true", "false", "yes", "no"):
            raise self._error(node, f"{name} is {value[:40]!r}", "write true or false")
        return value in ("true", "yes")

    def _category(self, node: Node) -> str:
        try:
            return names.category(self._text(node, "a category"))
        except ValueError as error:
            raise WatchlistError(f"{self._path}:{line_of(node)}: {error}") from None

    def _claim(self, node: Node) -> Claim:
        if isinstance(node, ScalarNode):
            return Claim(id="", text=self._filled(node, node, "a claim"))
        found = self._entries(node, _CLAIM_KEYS, "a claim")
        name = self._text(found.get("id"), "id")
        if name and not _CLAIM_ID.fullmatch(name):
            raise self._error(
                found["id"], f"the id {name[:40]!r} is no single word of at most 32 letters", "write it as in c1"
            )
        kind, durability = self._kind(found)
        return Claim(
            id=name,
            kind=kind,
            durability=durability,
            title=self._text(found.get("title"), "title"),
            text=self._filled(found.get("text"), node, "the text of a claim"),
            dated=self._text(found.get("dated"), "dated"),
            retired=self._flag(found.get("retired"), "retired", default=False),
            findings=tuple(self._finding(item) for item in self._items(found.get("findings"), "findings")),
        )

    def _kind(self, found: Mapping[str, Node]) -> tuple[ClaimKind, Durability | None]:
        """A claim's kind and what its reader settled; "kind: durable" settles it, too, of a claim in plain words."""
        kind = self._text(found.get("kind"), "kind") or ClaimKind.PLAIN.value
        settled = self._text(found.get("durability"), "durability")
        lasting = {one.value for one in Durability}
        if kind in lasting:
            if settled not in ("", kind):
                cure = "take one of the two out"
                raise self._error(found["kind"], f"the claim is {kind} and {settled[:40]!r}", cure)
            kind, settled = ClaimKind.PLAIN.value, kind
        if kind not in {known.value for known in ClaimKind}:
            raise self._error(found["kind"], f"unknown kind {kind[:40]!r}", "write note, finding or plain")
        if settled and settled not in lasting:
            raise self._error(
                found["durability"], f"unknown durability {settled[:40]!r}", "write durable or perishable"
            )
        return ClaimKind(kind), Durability(settled) if settled else None

    def _finding(self, node: Node) -> Finding:
        if isinstance(node, ScalarNode):
            return Finding(text=self._filled(node, node, "a finding"))
        found = self._entries(node, _FINDING_KEYS, "a finding")
        text = self._filled(found.get("text"), node, "the text of a finding")
        return Finding(text=text, dated=self._text(found.get("dated"), "dated"))

    def _filled(self, node: Node | None, parent: Node, name: str) -> str:
        text = self._text(node, name)
        if not text.strip():
            raise self._error(node or parent, f"{name} is missing", 'write "text: ..."')
        return text

    def _anchor(self, node: Node) -> Anchor:
        if isinstance(node, ScalarNode):
            return Anchor(arxiv_id=self._arxiv_id(node))
        found = self._entries(node, _ANCHOR_KEYS, "an anchor")
        if "id" not in found:
            raise self._error(node, "an anchor without an arXiv id", 'add "id: 2507.21919"')
        year = self._text(found.get("year"), "year")
        if year and not re.fullmatch(r"[0-9]{4}", year):
            raise self._error(found["year"], f"the year is {year[:40]!r}", "write it as in 2025")
        title = self._text(found.get("title"), "title")
        return Anchor(arxiv_id=self._arxiv_id(found["id"]), title=title, year=int(year) if year else None)

    def _arxiv_id(self, node: Node) -> str:
        try:
            return split_arxiv_id(self._text(node, "an anchor's id"))[0]
        except ValueError as error:
            raise WatchlistError(f"{self._path}:{line_of(node)}: {error}") from None

    def _distinct(self, claims: Sequence[Claim], nodes: Sequence[Node]) -> None:
        seen: set[str] = set()
        for claim, node in zip(claims, nodes, strict=True):
            if claim.id and claim.id in seen:
                cure = "take the id of one of them out, and it gets a new one"
                raise self._error(node, f"two claims have the id {claim.id[:40]!r}", cure)
            seen.add(claim.id)

    def _page(self, node: Node | None) -> Mapping[str, str]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            raise self._error(node, "page must be a mapping", "take the key out; litwatch writes it anew")
        return {key: self._text(value, key) for key, value in entries(node).items()}
