"""Which blocks of an answer stand together: items with what is indented below them, blocks without a blank line
between, sections under a heading. Each group that names one paper only may tell of it in blocks that name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litwatch.grounding.blocks import Block

_HEADING = re.compile(r"\s*(?P<signs>#{1,6})[ \t]")
_BOLD_LINE = re.compile(r"\s*\*\*(?P<text>[^*\n]{2,500})\*\*[ \t]*(?:\n\s*|$)")
_ID = re.compile(r"\b[0-9]{4}\.[0-9]{4,5}|\w/[0-9]{7}\b")
_RULE = re.compile(r"\s*(?:-[ \t]?){3,}\s*?(?:\n|$)|\s*[*_]{3,}\s*?(?:\n|$)")
_NUMBERED = re.compile(r"\s*\(?[0-9]{1,3}[.)]\s")
_LEVEL_OF_BOLD = 7
"""Of a line that is bold and nothing else, alone or above one with an id: a heading below all others."""


class Kind(StrEnum):
    ITEM = "item"
    CHUNK = "chunk"
    SECTION = "section"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Blocks from `first` to before `end`."""

    kind: Kind
    first: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The one paper of a group."""

    arxiv_id: str
    group: Group
    named_at: int
    """The block that names it first."""

    @property
    def in_head(self) -> bool:
        return self.named_at == self.group.first


def heading_level(block: Block) -> int:
    """From 1; 0 of what is no heading."""
    if block.quoted or block.record or block.document:
        return 0
    if found := _HEADING.match(block.text):
        return len(found["signs"])
    bold = None if block.item else _BOLD_LINE.match(block.text)
    if not bold or bold["text"].rstrip().endswith(":"):
        return 0
    return _LEVEL_OF_BOLD if bold.end() == len(block.text) or _ID.search(block.text) else 0


class Groups:
    """The groups of a text.

    blocks: all, in order; named: for each of them the papers that it names, in order.
    """

    def __init__(self, blocks: Sequence[Block], named: Sequence[Sequence[str]]) -> None:
        self._levels = [heading_level(block) for block in blocks]
        self._rules = [_RULE.match(block.text) is not None and not block.quoted for block in blocks]
        self._name(named)
        self._part_chunks(blocks)
        self._part_sections(len(blocks))
        self._part_items(blocks)

    def owner(self, at: int) -> Owner | None:
        """The paper of the smallest group around the block that names any, where it names one only.

        A section counts with all that is below it where its heading names the paper; else up to the next heading.
        """
        for group in sorted(self._around(at), key=lambda group: group.end - group.first):
            if self._count(group):
                return self.sole(group)
        return None

    def sole(self, group: Group) -> Owner | None:
        """The one paper that a group names."""
        start = self._before[group.first]
        if not self._count(group) or self._changes[start] < self._before[group.end]:
            return None
        at, arxiv_id = self._flat[start]
        return Owner(arxiv_id=arxiv_id, group=group, named_at=at) if arxiv_id else None

    def headed(self) -> Iterator[Group]:
        """The groups that begin with a head: items with what is below them, sections up to the next heading."""
        for at, end in enumerate(self._item_ends):
            if end > at + 1:
                yield Group(kind=Kind.ITEM, first=at, end=end)
        for at, level in enumerate(self._levels):
            if level:
                yield Group(kind=Kind.SECTION, first=at, end=self._own_ends[at])

    def _around(self, at: int) -> Iterator[Group]:
        """Of items the innermost that names a paper, and of headings that do each."""
        item = self._naming_items[at]
        if item >= 0:
            yield Group(kind=Kind.ITEM, first=item, end=self._item_ends[item])
        yield self._chunks[at]
        head = self._section_of[at]
        yield Group(kind=Kind.SECTION, first=head, end=self._own_ends[head])
        while head >= 0:
            if self._before[head + 1] > self._before[head]:
                yield Group(kind=Kind.SECTION, first=head, end=self._ends[head])
            head = self._heading_of[head]

    def _parts(self, at: int) -> bool:
        """Whether a block is a heading or begins with a rule."""
        return bool(self._levels[at] or self._rules[at])

    def _count(self, group: Group) -> int:
        return self._before[group.end] - self._before[group.first]

    def _name(self, named: Sequence[Sequence[str]]) -> None:
        self._flat = [(at, arxiv_id) for at, ids in enumerate(named) for arxiv_id in ids]
        self._before = [0]
        """How many names stand before each block."""
        for ids in named:
            self._before.append(self._before[-1] + len(ids))
        self._changes = list(range(1, len(self._flat) + 1))
        """Where, behind each name, the first of another paper stands."""
        for at in range(len(self._flat) - 2, -1, -1):
            if self._flat[at][1] == self._flat[at + 1][1]:
                self._changes[at] = self._changes[at + 1]

    def _part_chunks(self, blocks: Sequence[Block]) -> None:
        starts = [
            at
            for at, block in enumerate(blocks)
            if at == 0 or block.apart or self._parts(at) or block.document or blocks[at - 1].document
        ]
        self._chunks: list[Group] = []
        for start, end in zip(starts, [*starts[1:], len(blocks)], strict=False):
            self._chunks += [Group(kind=Kind.CHUNK, first=start, end=end)] * (end - start)

    def _part_sections(self, count: int) -> None:
        """What stands before all headings, and behind a rule, is a section without one."""
        self._section_of, self._heading_of = [-1] * count, [-1] * count
        self._ends, self._own_ends = [count] * count, [count] * count
        open_: list[int] = []
        begun = 0
        for at in range(count):
            level, is_rule = self._levels[at], self._rules[at]
            if self._parts(at):
                self._own_ends[begun] = at if at else self._own_ends[0]
                begun = at
                while open_ and (is_rule or self._levels[open_[-1]] >= level):
                    self._ends[open_.pop()] = at
            if level:
                self._heading_of[at] = open_[-1] if open_ else -1
                open_.append(at)
            self._section_of[at] = begun

    def _part_items(self, blocks: Sequence[Block]) -> None:
        self._item_of = [-1] * len(blocks)
        self._item_ends = [0] * len(blocks)
        open_: list[tuple[int, int, int]] = []
        for at, block in enumerate(blocks):
            numbered = _NUMBERED.match(block.text) is not None
            rank = int(not numbered)  # bullets right below a number are of it, though not indented
            below = block.quoted and not block.apart
            while open_ and (
                self._parts(at)
                or (not below and open_[-1][0] >= block.indented and (block.apart or not block.item))
                or (not below and open_[-1][:2] >= (block.indented, rank))
            ):
                self._item_ends[open_.pop()[2]] = at
            self._item_of[at] = open_[-1][2] if open_ else -1
            if block.item and not self._parts(at) and block.text.lstrip()[:1] != "|":
                open_.append((block.indented, rank, at))
        while open_:
            self._item_ends[open_.pop()[2]] = len(blocks)
        self._naming_items = list[int]()
        for at, around in enumerate(self._item_of):
            names = self._before[max(self._item_ends[at], at)] > self._before[at]
            self._naming_items.append(at if names else self._naming_items[around] if around >= 0 else -1)
