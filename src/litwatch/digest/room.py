"""Cutting a digest to the size that one form of it may have: what has no room is counted, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from litwatch.model import Digest, Section


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A digest as far as one form has room for it."""

    whole: Digest
    cut: Digest
    """The same with fewer entries and changes; see `shed`."""

    @cached_property
    def told(self) -> tuple[Section, ...]:
        """Sections with something to show."""
        return tuple(section for section in self.cut.sections if section.entries or section.changes)

    @cached_property
    def beyond(self) -> tuple[Section, ...]:
        """Sections of which nothing is shown although there is something."""
        return tuple(
            section
            for section in self.cut.sections
            if not (section.entries or section.changes) and (section.left_out or self.hidden_changes(section))
        )

    @cached_property
    def quiet(self) -> tuple[str, ...]:
        """Slugs of the lines that have nothing new."""
        return tuple(
            section.line
            for section in self.whole.sections
            if not (section.entries or section.changes or section.left_out)
        )

    def hidden_changes(self, section: Section) -> int:
        """How many of a line's status changes had no room."""
        whole = next(one for one in self.whole.sections if one.line == section.line)
        return len(whole.changes) - len(section.changes)


def whole(digest: Digest) -> Edition:
    return Edition(whole=digest, cut=digest)


def shed(digest: Digest, n: int) -> Digest:
    """The digest without n of its entries, each counted in its section's `left_out`.

    They go one by one from the end of the section that then has the most, likely challenges only when nothing
    else is left. After the last entry the changes of status go, the latest first, from the last section on.
    """
    sections = list(digest.sections)
    for _ in range(n):
        ends = [(not s.entries[-1].challenge, len(s.entries), i) for i, s in enumerate(sections) if s.entries]
        if ends:
            *_, i = max(ends)
            section = sections[i]
            sections[i] = replace(section, entries=section.entries[:-1], left_out=section.left_out + 1)
            continue
        i = next((i for i in reversed(range(len(sections))) if sections[i].changes), -1)
        if i < 0:
            break
        sections[i] = replace(sections[i], changes=sections[i].changes[:-1])
    return replace(digest, sections=tuple(sections))


def fitting(digest: Digest, fits: Callable[[Edition], bool]) -> Edition:
    """The fullest edition that fits, found by halving; the barest one where none does."""

    def edition(n: int) -> Edition:
        return Edition(whole=digest, cut=shed(digest, n))

    fullest = edition(0)
    if fits(fullest):
        return fullest
    low, high = 0, len(digest.entries) + sum(len(section.changes) for section in digest.sections)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(edition(middle)):
            high = middle
        else:
            low = middle
    return edition(high)
