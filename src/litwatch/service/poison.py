"""Ranking and judging around what fails in a way that nobody foresaw: it is found by halving, the rest is done.

Both are pure, and what they say of a line or a pair does not depend on the others of a call: what was asked in halves
is what one call would have said. Whose fault a failure is, a probe tells: a made-up line, claim and paper that every
ranker and judge can work with. Where they fail with those alone they are broken, and their error is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from litwatch.errors import LitwatchError
from litwatch.model import Claim, Evidence, Line, Match, Paper
from litwatch.store.set_aside import CLAIM, JUDGING, LINE, PAPER
from litwatch.store.verdicts import Pair

RankAll = Callable[[Sequence[Line], Sequence[Paper]], Sequence[Match]]
JudgeAll = Callable[[Sequence[tuple[Claim, Paper]]], Sequence[Evidence]]

_SEVERAL = 5
"""A line, or claim, that fails with so many papers that are well by themselves is the culprit, not they."""
_MOST = 16
"""So many culprits are looked for at a time: what fails more often is left for the next call."""
_NOT_ITS_FAULT = (LitwatchError, MemoryError, OSError)
"""What an operator can mend, and a machine that is short of something."""

_DAY = datetime(2025, 1, 1, tzinfo=UTC)
_PROBE_CLAIM = Claim(id="probe", text="Boats in a harbour rise with the tide.")
_PROBE_LINE = Line(slug="probe", question="Do boats in a harbour rise with the tide?", claims=(_PROBE_CLAIM,))
_PROBE_PAPER = Paper(
    arxiv_id="0000.00000",
    title="Tides in a harbour",
    abstract="We count the boats of a harbour. We find that they rise with the tide.",
    comment="invented",
    published=_DAY,
    updated=_DAY,
)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What failed, as the store keeps it aside: kind and name."""

    kind: str
    name: str
    error: Exception


@dataclass(frozen=True, kw_only=True)
class Ranked:
    matches: tuple[Match, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    failed: frozenset[tuple[str, str]] = frozenset()
    """(line, arXiv id) of what could not be ranked although its line could."""
    whole: bool = True
    """False where there were too many culprits to find at once: only `troubles` can be relied on."""

    @property
    def lines(self) -> frozenset[str]:
        """The lines that cannot be ranked, by slug."""
        return frozenset(trouble.name for trouble in self.troubles if trouble.kind == LINE)

    @property
    def papers(self) -> frozenset[str]:
        """The papers that fail with all lines or some, by arXiv id."""
        return frozenset(trouble.name for trouble in self.troubles if trouble.kind == PAPER)


@dataclass(frozen=True, kw_only=True)
class Judged:
    evidence: dict[Pair, Evidence]
    """Of all pairs but those that failed."""
    troubles: tuple[Trouble, ...] = ()
    whole: bool = True
    """False where there were too many culprits to find at once."""


def rank_around(rank: RankAll, lines: Sequence[Line], papers: Sequence[Paper]) -> Ranked:
    """The matches of these lines and papers; where nothing fails, by one call of `rank`."""
    try:
        return Ranked(matches=tuple(rank(lines, papers)))
    except _NOT_ITS_FAULT:
        raise
    except Exception:
        rank([_PROBE_LINE], [_PROBE_PAPER])
    return _Ranking(rank, lines, papers).ranked()


def judge_around(judge: JudgeAll, asked: Sequence[tuple[Pair, Claim, Paper]]) -> Judged:
    """What the judge says of each pair; where nothing fails, by one call of `judge`."""
    try:
        said = judge([(claim, paper) for _, claim, paper in asked])
        return Judged(evidence=dict(zip((pair for pair, _, _ in asked), said, strict=True)))
    except _NOT_ITS_FAULT:
        raise
    except Exception:
        judge([(_PROBE_CLAIM, _PROBE_PAPER)])
    return _Judging(judge, asked).judged()


class _TooManyError(Exception):
    """More culprits than are looked for at a time."""


class _Ranking:
    """One search for what fails among lines and papers."""

    def __init__(self, rank: RankAll, lines: Sequence[Line], papers: Sequence[Paper]) -> None:
        self._rank, self._lines, self._papers = rank, lines, papers
        self._bad_lines: dict[str, Exception] = {}
        self._bad_papers: dict[str, Exception] = {}
        self._failed: dict[tuple[str, str], Exception] = {}

    def ranked(self) -> Ranked:
        try:
            matches = self._among_lines(self._lines, self._papers)
            self._bad_papers.update({paper: error for (_, paper), error in self._failed.items()})
            kept = [match for match in matches if match.arxiv_id not in self._bad_papers]
            # Of a paper that fails with one line the others may yet have something.
            for paper in [paper for paper in self._papers if paper.arxiv_id in self._bad_papers]:
                kept += self._with(paper, self._lines)
        except _TooManyError:
            return Ranked(troubles=self._troubles(), whole=False)
        return Ranked(
            matches=tuple(match for match in kept if match.line not in self._bad_lines),
            troubles=self._troubles(),
            failed=frozenset(self._failed),
        )

    def _troubles(self) -> tuple[Trouble, ...]:
        papers = {**{paper: error for (_, paper), error in self._failed.items()}, **self._bad_papers}
        return (
            *(Trouble(kind=LINE, name=slug, error=error) for slug, error in self._bad_lines.items()),
            *(Trouble(kind=PAPER, name=arxiv_id, error=error) for arxiv_id, error in papers.items()),
        )

    def _among_lines(self, lines: Sequence[Line], papers: Sequence[Paper]) -> list[Match]:
        bad = {*self._bad_papers, *(arxiv_id for _, arxiv_id in self._failed)}
        well = [paper for paper in papers if paper.arxiv_id not in bad]
        found = self._try(lines, well)
        if not isinstance(found, Exception):
            return found
        if len(lines) > 1:
            half = len(lines) // 2
            return [*self._among_lines(lines[:half], papers), *self._among_lines(lines[half:], papers)]
        if isinstance(error := self._try(lines, [_PROBE_PAPER]), Exception):
            self._bad_lines[lines[0].slug] = error
            self._give_up_after_many()
            return []
        return self._among_papers(lines[0], well)

    def _among_papers(self, line: Line, papers: Sequence[Paper]) -> list[Match]:
        if line.slug in self._bad_lines:
            return []
        found = self._try([line], papers)
        if not isinstance(found, Exception):
            return found
        if len(papers) > 1:
            half = len(papers) // 2
            return [*self._among_papers(line, papers[:half]), *self._among_papers(line, papers[half:])]
        name = papers[0].arxiv_id
        if isinstance(error := self._try([_PROBE_LINE], papers), Exception):
            self._bad_papers[name] = error
        else:
            self._failed[line.slug, name] = found
            if sum(slug == line.slug for slug, _ in self._failed) >= _SEVERAL:
                self._bad_lines[line.slug] = found
                self._failed = {pair: error for pair, error in self._failed.items() if pair[0] != line.slug}
        self._give_up_after_many()
        return []

    def _with(self, paper: Paper, lines: Sequence[Line]) -> list[Match]:
        """The matches of one paper that is known to fail with some line."""
        well = [line for line in lines if line.slug not in self._bad_lines]
        found = self._try(well, [paper]) if well else []
        if not isinstance(found, Exception):
            return found
        if len(well) > 1:
            half = len(well) // 2
            return [*self._with(paper, well[:half]), *self._with(paper, well[half:])]
        self._failed[well[0].slug, paper.arxiv_id] = found
        return []

    def _try(self, lines: Sequence[Line], papers: Sequence[Paper]) -> list[Match] | Exception:
        try:
            return list(self._rank(lines, papers))
        except _NOT_ITS_FAULT:
            raise
        except Exception as error:
            return error

    def _give_up_after_many(self) -> None:
        if len(self._bad_lines) + len(self._bad_papers) + len(self._failed) > _MOST:
            raise _TooManyError


class _Judging:
    """One search for what fails among pairs of claims and papers."""

    def __init__(self, judge: JudgeAll, asked: Sequence[tuple[Pair, Claim, Paper]]) -> None:
        self._judge, self._asked = judge, asked
        self._bad_claims: dict[tuple[str, str], Exception] = {}
        self._bad_papers: dict[str, Exception] = {}
        self._failed: dict[Pair, Exception] = {}

    def judged(self) -> Judged:
        try:
            evidence, whole = self._among(self._asked), True
        except _TooManyError:
            evidence, whole = {}, False
        papers = {**{pair.arxiv_id: error for pair, error in self._failed.items()}, **self._bad_papers}
        troubles = (
            *(Trouble(kind=CLAIM, name=f"{line}/{claim}", error=e) for (line, claim), e in self._bad_claims.items()),
            *(Trouble(kind=JUDGING, name=arxiv_id, error=error) for arxiv_id, error in papers.items()),
        )
        return Judged(evidence=evidence, troubles=troubles, whole=whole)

    def _among(self, asked: Sequence[tuple[Pair, Claim, Paper]]) -> dict[Pair, Evidence]:
        asked = [each for each in asked if not self._is_bad(each[0])]
        if not asked:
            return {}
        found = self._try([(claim, paper) for _, claim, paper in asked])
        if not isinstance(found, Exception):
            return dict(zip((pair for pair, _, _ in asked), found, strict=True))
        if len(asked) > 1:
            half = len(asked) // 2
            return {**self._among(asked[:half]), **self._among(asked[half:])}
        pair, claim, paper = asked[0]
        name = pair.line, pair.claim
        if isinstance(error := self._try([(claim, _PROBE_PAPER)]), Exception):
            self._bad_claims[name] = error
        elif isinstance(error := self._try([(_PROBE_CLAIM, paper)]), Exception):
            self._bad_papers[pair.arxiv_id] = error
        else:
            self._failed[pair] = found
            if sum((other.line, other.claim) == name for other in self._failed) >= _SEVERAL:
                self._bad_claims[name] = found
                self._failed = {p: e for p, e in self._failed.items() if (p.line, p.claim) != name}
        if len(self._bad_claims) + len(self._bad_papers) + len(self._failed) > _MOST:
            raise _TooManyError
        return {}

    def _is_bad(self, pair: Pair) -> bool:
        return (pair.line, pair.claim) in self._bad_claims or pair.arxiv_id in self._bad_papers

    def _try(self, pairs: Sequence[tuple[Claim, Paper]]) -> Sequence[Evidence] | Exception:
        try:
            return tuple(self._judge(pairs))
        except _NOT_ITS_FAULT:
            raise
        except Exception as error:
            return error
