"""Cutting a digest to the size that one form of it may have: what has no room is counted, never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from litwatch.model import Digest, Section


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A digest as far as one form has room for it."""

    whole: Digest
    cut: Digest
    """The same with less to tell; see `shed`."""

    @cached_property
    def told(self) -> tuple[Section, ...]:
        """Sections with something to show."""
        return tuple(section for section in self.cut.sections if _tells(section))

    @cached_property
    def beyond(self) -> tuple[Section, ...]:
        """Sections of which nothing is shown although there is something."""
        return tuple(
            section
            for section in self.cut.sections
            if not _tells(section)
            and (section.left_out or self.hidden_changes(section) or self.hidden_anchors(section))
        )

    @cached_property
    def quiet(self) -> tuple[str, ...]:
        """Slugs of the lines that have nothing new and of which nothing is shown."""
        shown = {section.line for section in self.told}
        return tuple(
            section.line
            for section in self.whole.sections
            if not (_has_news(section) or section.left_out or section.line in shown)
        )

    def hidden_changes(self, section: Section) -> int:
        """How many of a line's status changes had no room."""
        return len(self._whole(section).changes) - len(section.changes)

    def hidden_anchors(self, section: Section) -> int:
        """Of how many papers that a line rests on the news had no room."""
        return len(self._whole(section).anchors) - len(section.anchors)

    def _whole(self, section: Section) -> Section:
        return next(one for one in self.whole.sections if one.line == section.line)


def _tells(section: Section) -> bool:
    return bool(section.entries or section.changes or section.anchors)


def _has_news(section: Section) -> bool:
    return bool(section.changes or section.anchors or not all(entry.near for entry in section.entries))


def whole(digest: Digest) -> Edition:
    return Edition(whole=digest, cut=digest)


def shed(digest: Digest, n: int) -> Digest:
    """The digest without n of its entries, each counted in its section's `left_out`, changes and anchors.

    They go one by one: what was drawn by chance, from the last section on (of that, what is below the floor is not
    counted: it is no match); papers, from the end of the section that then has the most; news of anchors, from the last
    section on; changes of status likewise, the latest first; then the likely challenges, and the withdrawn anchors
    when nothing else is left.
    """
    sections = list(digest.sections)
    for _ in range(n):
        for drop in (_drop_drawn, _drop_paper, _drop_anchor, _drop_change, _drop_challenge, _drop_withdrawn):
            if drop(sections):
                break
    return replace(digest, sections=tuple(sections))


def _drop_drawn(sections: list[Section]) -> bool:
    place = _last([entry for entry in section.entries if entry.chance is not None] for section in sections)
    return place is not None and _drop_entry(sections, [place])


def _drop_paper(sections: list[Section]) -> bool:
    return _drop_entry(
        sections, [place for place, s in enumerate(sections) if s.entries and not s.entries[-1].challenge]
    )


def _drop_challenge(sections: list[Section]) -> bool:
    return _drop_entry(sections, [place for place, section in enumerate(sections) if section.entries])


def _drop_entry(sections: list[Section], places: Sequence[int]) -> bool:
    if not places:
        return False
    place = max(places, key=lambda place: (len(sections[place].entries), place))
    section = sections[place]
    left_out = section.left_out + (not section.entries[-1].near)
    sections[place] = replace(section, entries=section.entries[:-1], left_out=left_out)
    return True


def _drop_anchor(sections: list[Section]) -> bool:
    return _drop_news(sections, [() if s.anchors and s.anchors[-1].withdrawn else s.anchors for s in sections])


def _drop_withdrawn(sections: list[Section]) -> bool:
    return _drop_news(sections, [section.anchors for section in sections])


def _drop_news(sections: list[Section], droppable: Sequence[Sequence[object]]) -> bool:
    place = _last(droppable)
    if place is None:
        return False
    sections[place] = replace(sections[place], anchors=sections[place].anchors[:-1])
    return True


def _drop_change(sections: list[Section]) -> bool:
    place = _last(section.changes for section in sections)
    if place is None:
        return False
    sections[place] = replace(sections[place], changes=sections[place].changes[:-1])
    return True


def _last(parts: Iterable[Sequence[object]]) -> int | None:
    """Place of the last one that is not empty."""
    return max((place for place, part in enumerate(parts) if part), default=None)


def fitting(digest: Digest, fits: Callable[[Edition], bool]) -> Edition:
    """The fullest edition that fits, found by halving; the barest one where none does."""

    def edition(n: int) -> Edition:
        return Edition(whole=digest, cut=shed(digest, n))

    fullest = edition(0)
    if fits(fullest):
        return fullest
    low, high = 0, len(digest.entries) + sum(len(s.changes) + len(s.anchors) for s in digest.sections)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(edition(middle)):
            high = middle
        else:
            low = middle
    return edition(high)
