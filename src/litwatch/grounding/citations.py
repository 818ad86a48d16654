"""An answer that came back → the papers that it cites, each once, with what it says of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from litwatch.grounding.beside import Cluster, clusters_of, read_beside
from litwatch.grounding.blocks import Block, blocks_of, line_starts, readable
from litwatch.grounding.documents import read_document
from litwatch.grounding.fields import Says
from litwatch.grounding.groups import Groups
from litwatch.grounding.ids import Place, canonical, places
from litwatch.grounding.quotes import Quote, Source, quotes_in, whose
from litwatch.grounding.records import read_record
from litwatch.grounding.references import cited_by_number, references
from litwatch.grounding.setoff import above_source, is_readers, quotation, source_below
from litwatch.grounding.tables import fields_of_row, heads_of, quotes_of
from litwatch.grounding.tied import head_of, tied

MOST = 5000
"""Different ids that are read in one text: to look up more takes arXiv more than a minute."""
_DEEPEST = 3
"""Texts in strings of JSON in texts in strings of JSON."""


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
    quoted_with: tuple[tuple[str, str], ...] = ()
    """(a quotation, the canonical id of another paper that it may be of as well)"""

    @property
    def said(self) -> tuple[str, ...]:
        """What of it can be compared with the paper: of "version", "title", "year" and "quotation" those given."""
        given = {"version": self.versions, "title": self.titles, "year": self.years, "quotation": self.quotes}
        return tuple(name for name, values in given.items() if values)


def citations_of(answer: str) -> tuple[Citation, ...]:
    """Every arXiv id of an answer in plain text, Markdown, HTML, BibTeX or JSON, in order of first appearance.

    Raises ValueError where they are more than `MOST`.
    """
    return tuple(draft.citation() for draft in _read(answer, _DEEPEST).values())


@dataclass(kw_only=True)
class _Draft:
    """A citation while the text is read; each dict is a set in order."""

    arxiv_id: str
    possible: bool = True
    lines: dict[int, None] = field(default_factory=dict)
    versions: dict[int, None] = field(default_factory=dict)
    titles: dict[str, None] = field(default_factory=dict)
    years: dict[int, None] = field(default_factory=dict)
    quotes: dict[str, dict[str, None]] = field(default_factory=dict)
    """Each with the other papers that it may be of."""

    def citation(self) -> Citation:
        return Citation(
            arxiv_id=self.arxiv_id,
            possible=self.possible,
            lines=tuple(self.lines),
            versions=tuple(self.versions),
            titles=tuple(self.titles),
            years=tuple(self.years),
            quotes=tuple(self.quotes),
            quoted_with=tuple((quote, other) for quote, others in self.quotes.items() for other in others),
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


def _read(answer: str, deepest: int) -> dict[str, _Draft]:
    text = readable(answer)
    every = places(text)
    if len({place.arxiv_id for place in every}) > MOST:
        raise ValueError(f"more than {MOST} different arXiv ids are cited; give it in parts")
    cited = _Places(every, line_starts(text))
    blocks = blocks_of(text)
    found: dict[str, _Draft] = {}
    clusters = []
    for block in blocks:
        here = [_within(place, block) for place in cited.of(block)]
        told, here = _read_record(block, here) if block.record else (clusters_of(block.text, here), here)
        clusters.append(told)
        for place in here:
            _note(found, place, cited.line(block.start + place.start))
        if block.document:
            clusters[-1] = _read_json(found, block, here, cited, deepest)
    if not found:
        return found
    named = [[canonical(cluster.arxiv_id) for cluster in each] for each in clusters]
    known, explaining = references(blocks, named)
    numbered = [
        [] if at in explaining or block.record or block.document else list(cited_by_number(block.text, known))
        for at, block in enumerate(blocks)
    ]
    groups = Groups(
        blocks, [[*ids, *(one.arxiv_id for one in cited)] for ids, cited in zip(named, numbered, strict=True)]
    )
    heads = heads_of(blocks, named)
    last: int | None = None
    for at, block in enumerate(blocks):
        if block.record or block.document:
            pass
        elif clusters[at]:
            _read_row(block, clusters[at], heads[at]) if heads[at] else _read_running(
                found, block, clusters[at], numbered[at]
            )
        elif numbered[at]:
            _read_quotes(found, block, numbered[at])
        else:
            _read_hanging(found, blocks, at, last, named, groups)
        for cluster in clusters[at]:
            _add(found, cluster)
        if named[at] or numbered[at]:
            last = at
        elif not (block.quoted or block.indented):
            last = None
    for group in groups.headed():
        if (head := head_of(blocks, group, groups)) and not found[head.arxiv_id].titles:
            _add(found, Cluster(start=0, end=0, arxiv_id=head.arxiv_id, titles=list(head.titles)))
    return found


def _read_json(
    found: dict[str, _Draft], block: Block, here: list[Place], cited: _Places, deepest: int
) -> list[Cluster]:
    """Each string of a document with a text in it is an answer of its own."""
    told, prose = read_document(block.text, here)
    for one in prose if deepest else ():
        line = cited.line(block.start + one.start)
        for name, draft in _read(one.text, deepest - 1).items():
            if one.is_remark:
                draft.quotes.clear()
            _merge(found.setdefault(name, _Draft(arxiv_id=draft.arxiv_id, possible=draft.possible)), draft, line)
    clusters = [
        Cluster(
            start=0,
            end=0,
            arxiv_id=one.arxiv_id,
            titles=[one.title] if one.title else [],
            years=[one.year] if one.year else [],
            quotes=_plain(one.quotes),
        )
        for one in told
    ]
    return [*clusters, *(Cluster(start=0, end=0, arxiv_id=place.arxiv_id) for place in here)]


def _merge(into: _Draft, draft: _Draft, line: int) -> None:
    if not into.lines:
        into.lines[line] = None
    into.versions |= draft.versions
    into.titles |= draft.titles
    into.years |= draft.years
    for quote, others in draft.quotes.items():
        into.quotes.setdefault(quote, {}).update(others)


def _read_running(found: dict[str, _Draft], block: Block, clusters: list[Cluster], numbered: list[Source]) -> None:
    left = read_beside(block.text, clusters)
    sources = [Source(start=one.start, end=one.end, arxiv_id=canonical(one.arxiv_id)) for one in clusters]
    sources = sorted([*sources, *numbered], key=lambda source: source.start)
    told = list(whose(block.text, left, sources))
    for arxiv_id, quote in told:
        _add(found, Cluster(start=0, end=0, arxiv_id=arxiv_id, quotes=[quote]))
    if block.quoted and not told:
        words = quotation(above_source(block.text[: clusters[0].start]))
        if words and not any(words in title or title in words for cluster in clusters for title in cluster.titles):
            clusters[0].quotes.append(Quote(text=words))


def _read_quotes(found: dict[str, _Draft], block: Block, numbered: list[Source]) -> None:
    """Of a block that names papers by numbers alone."""
    told = list(whose(block.text, quotes_in(block.text), numbered))
    if block.quoted and not told and len({one.arxiv_id for one in numbered}) == 1 and numbered[0].arxiv_id:
        words = quotation(above_source(block.text[: numbered[0].start]))
        told = [(numbered[0].arxiv_id, Quote(text=words))] if words else []
    for arxiv_id, quote in told:
        _add(found, Cluster(start=0, end=0, arxiv_id=arxiv_id, quotes=[quote]))


def _read_row(block: Block, clusters: list[Cluster], heads: Sequence[str]) -> None:
    """Of a table whose head says what its columns are."""
    fields = fields_of_row(block.text, heads)
    read_beside(block.text, clusters)
    if len({canonical(cluster.arxiv_id) for cluster in clusters}) > 1:
        return
    if any(one.says is Says.TITLE for one, _ in fields):
        for cluster in clusters:
            cluster.titles = []
        clusters[0].titles = [title for one, _ in fields if (title := one.title())]
    if years := [year for one, _ in fields if one.says is Says.YEAR and (year := one.year())]:
        clusters[0].years = years
    clusters[0].quotes = _plain(
        quote for one, label in fields if one.says is not Says.TITLE for quote in quotes_of(one, label)
    )


def _read_hanging(
    found: dict[str, _Draft],
    blocks: Sequence[Block],
    at: int,
    last: int | None,
    named: Sequence[Sequence[str]],
    groups: Groups,
) -> None:
    """Of a block that names no paper: what it says of the one that stands around it."""
    block = blocks[at]
    words = quotation(block.text) if block.quoted else ""
    source = source_below(blocks[at + 1], named[at + 1]) if words and at + 1 < len(blocks) else ""
    if not source and words and last is not None and not is_readers(blocks[at - 1] if at - 1 > last else None):
        source = named[last][0] if len(set(named[last])) == 1 else ""
    if source:
        _add(found, Cluster(start=0, end=0, arxiv_id=source, quotes=[Quote(text=words)]))
    elif said := tied(blocks, at, groups):
        quotes = _plain(said.quotes)
        titles, years = list(said.titles), list(said.years)
        _add(found, Cluster(start=0, end=0, arxiv_id=said.arxiv_id, titles=titles, years=years, quotes=quotes))


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
        clusters[0].quotes += _plain(record.quotes)
    return clusters, here


def _plain(quotes: Iterable[str]) -> list[Quote]:
    return [Quote(text=quote) for quote in quotes]


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
    for quote in cluster.quotes:
        draft.quotes.setdefault(quote.text, {}).update(dict.fromkeys(quote.others))
