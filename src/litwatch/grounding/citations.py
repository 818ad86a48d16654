"""An answer that came back → the papers that it cites, each once, with what it says of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from litwatch.grounding.beside import Cluster, clusters_of, quotes_in, read_beside
from litwatch.grounding.blocks import Block, blocks_of, line_starts, readable
from litwatch.grounding.entries import joins
from litwatch.grounding.ids import Place, canonical, places
from litwatch.grounding.records import read_record
from litwatch.text import squeeze

MOST = 5000
"""Different ids that are read in one text: to look up more takes arXiv more than a minute."""
_LONGEST_SOURCE = 300
"""Characters of a line that says where a quotation is from."""
_SOURCE_LINE = re.compile(r"\n\s*[-\u2013\u2014]+\s?(?=[^\n]*$)")
_SOURCE_SIGN = re.compile(r"(?<=\s)(?:[\u2013\u2014]\s|[\[(])")


@dataclass(frozen=True, kw_only=True)
class Citation:
    """One id that a text cites."""

    arxiv_id: str
    """Without version, as it is written first."""
    possible: bool = True
    """False where it is written as an arXiv id and can be none."""
    lines: tuple[int, ...] = ()
    """Where it stands, from 1."""
    versions: tuple[int, ...] = ()
    """Those cited, each once."""
    titles: tuple[str, ...] = ()
    """What the text marks as its title."""
    years: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()
    """What is quoted beside it: of its text, or another title."""


def citations_of(answer: str) -> tuple[Citation, ...]:
    """Every arXiv id of an answer in plain text, Markdown, HTML, BibTeX or JSON, in order of first appearance.

    Raises ValueError where they are more than `MOST`.
    """
    text = readable(answer)
    every = places(text)
    if len({place.arxiv_id for place in every}) > MOST:
        raise ValueError(f"more than {MOST} different arXiv ids are cited; give it in parts")
    cited = _Places(every, line_starts(text))
    found: dict[str, _Draft] = {}
    last: tuple[Block, list[Cluster]] | None = None
    parts = blocks_of(text)
    for block, below in zip(parts, [*parts[1:], None], strict=False):
        here = [_within(place, block) for place in cited.of(block)]
        clusters, here = _read_record(block, here) if block.record else _read_running(block, here)
        for place in here:
            _note(found, place, cited.line(block.start + place.start))
        if not here and not block.record:
            source = _source_below(below, cited) if block.quoted and below else ""
            owner = source or (last[1][0].arxiv_id if last else "")
            said = _quotations(block) if source else _hanging(block, last)
            if owner and said:
                _add(found, Cluster(start=0, end=0, arxiv_id=owner, quotes=said))
        for cluster in clusters:
            _add(found, cluster)
        if here:
            last = (block, clusters)
        elif not (block.quoted or block.indented):
            last = None
    return tuple(draft.citation() for draft in found.values())


@dataclass(kw_only=True)
class _Draft:
    """A citation while the text is read; each dict is a set in order."""

    arxiv_id: str
    possible: bool = True
    lines: dict[int, None] = field(default_factory=dict)
    versions: dict[int, None] = field(default_factory=dict)
    titles: dict[str, None] = field(default_factory=dict)
    years: dict[int, None] = field(default_factory=dict)
    quotes: dict[str, None] = field(default_factory=dict)

    def citation(self) -> Citation:
        return Citation(
            arxiv_id=self.arxiv_id,
            possible=self.possible,
            lines=tuple(self.lines),
            versions=tuple(self.versions),
            titles=tuple(self.titles),
            years=tuple(self.years),
            quotes=tuple(self.quotes),
        )


class _Places:
    """The ids of a text, by place. lines: where its lines begin."""

    def __init__(self, every: Sequence[Place], lines: Sequence[int]) -> None:
        self._every, self._lines = every, lines
        self._starts = [place.start for place in every]

    def of(self, block: Block) -> Sequence[Place]:
        return self._every[bisect_left(self._starts, block.start) : bisect_left(self._starts, block.end)]

    def line(self, place: int) -> int:
        """From 1."""
        return bisect_right(self._lines, place)


def _read_running(block: Block, here: list[Place]) -> tuple[list[Cluster], list[Place]]:
    clusters = clusters_of(block.text, here)
    if clusters:
        read_beside(block.text, clusters)
        if block.quoted and not any(cluster.quotes or cluster.titles for cluster in clusters):
            words = _quotation(_above_source(block.text[: clusters[0].start]))
            clusters[0].quotes += [words] if words else []
    return clusters, here


def _above_source(text: str) -> str:
    """Of what a quotation has before its id, what stands above the line, dash or bracket that names the source."""
    if line := _SOURCE_LINE.search(text):
        return text[: line.start()]
    signs = list(_SOURCE_SIGN.finditer(text))
    source = next((sign for sign in signs if joins(text[sign.end() :])), signs[-1] if signs else None)
    return text[: source.start()] if source else text


def _read_record(block: Block, here: list[Place]) -> tuple[list[Cluster], list[Place]]:
    record = read_record(block.text)
    if record.elsewhere and not record.eprint:
        here = [
            place for place in here if place.possible and "print" not in block.text[place.start : place.end].lower()
        ]
    if record.eprint and not any(place.start <= record.eprint.start < place.end for place in here):
        here = sorted([*here, record.eprint], key=lambda place: place.start)
    clusters = clusters_of(block.text, here)
    if len({canonical(place.arxiv_id) for place in here}) == 1:
        clusters[0].titles += [record.title] if record.title else []
        clusters[0].years += [record.year] if record.year else []
        clusters[0].quotes += record.quotes
    return clusters, here


def _hanging(block: Block, last: tuple[Block, list[Cluster]] | None) -> list[str]:
    """What a block without an id quotes of the one paper that the block before names: one set off below it."""
    if last is None or len({cluster.arxiv_id for cluster in last[1]}) != 1:
        return []
    if block.quoted:
        return _quotations(block)
    return [squeeze(said.text) for said in quotes_in(block.text)] if block.indented > last[0].indented else []


def _source_below(below: Block, cited: _Places) -> str:
    """The one paper that a line names which begins as the source of a quotation above it does; "" where none."""
    if below.text.lstrip()[:1] not in {"\u2013", "\u2014", "-", "("} or below.item or len(below.text) > _LONGEST_SOURCE:
        return ""
    source = {place.arxiv_id for place in cited.of(below)}
    return source.pop() if len(source) == 1 else ""


def _quotations(block: Block) -> list[str]:
    words = _quotation(block.text)
    return [words] if words else []


def _quotation(text: str) -> str:
    words = squeeze(text).strip(' "*_').rstrip(" (\u2013\u2014-").strip(' "*_')
    return words if len(words.split()) >= 5 else ""


def _within(place: Place, block: Block) -> Place:
    return replace(place, start=place.start - block.start, end=min(place.end, block.end) - block.start)


def _note(found: dict[str, _Draft], place: Place, line: int) -> None:
    draft = found.setdefault(canonical(place.arxiv_id), _Draft(arxiv_id=place.arxiv_id))
    draft.possible = place.possible
    draft.lines[line] = None
    if place.version is not None:
        draft.versions[place.version] = None


def _add(found: dict[str, _Draft], cluster: Cluster) -> None:
    draft = found.setdefault(canonical(cluster.arxiv_id), _Draft(arxiv_id=cluster.arxiv_id))
    draft.titles.update(dict.fromkeys(cluster.titles))
    draft.years.update(dict.fromkeys(cluster.years))
    draft.quotes.update(dict.fromkeys(cluster.quotes))
