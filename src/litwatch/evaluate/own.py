"""What digests are worth to their reader, by the reader's own marks: precision, its drift, and what was missed.

Precision@k is the share of useful papers among those that were told at the first k places of a line and that the
reader marked (a confirmed verdict counts as "useful"). It says nothing certain of the others:

- Only what is marked counts, and who marks only what delights, or only what annoys, moves the figure.
- Who reads from the top marks the first places more, so that "the first 20" leans on the first few.
- A mark moves the line's ranking. What was marked before it was told is left out: its place follows from its mark.

Recall needs papers that had no place by their score. A few of them are told all the same, drawn by chance; each stands
for 1 / chance of its kind. Only those below the floor count as missed, which says nothing of papers that score less
than a third of it (rank.exploring.NEAR): recall is too high by those. A match that had no place once may get one in a
later digest, so those are estimated apart. On both sides, those without a mark are taken to be as useful as those with
one, and only what was told between the first and the last such draw counts: exploring may have been switched off
before. Nor does what had been published before there was a draw for the line: a search backwards brings it to be told,
and none of it is drawn from.

Which kind a drawn paper is of goes by its score as it was drawn and the floor as it is now: of those drawn before the
floor was changed, some may be counted for the other kind.

A paper that several channels told counts once, as it was told first. Papers that alerts told have no place among the
first k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from litwatch.evaluate.recall import Drawn, Missed, Recall, recall, without_place
from litwatch.evaluate.shares import Change, Period, Share, Unknown, compare

CUTS = (5, 10, 20)
DRIFT_CUT = 10
"""Drift is that of precision among the first ten: so many a week get read."""
_MARKS_A_MONTH = 10
"""With fewer on average, drift is told by the quarter: a share of less has an interval of more than half of all."""
_DRAWN_FROM = timedelta(days=14)
"""So long before a weekly digest a paper may have been published that is new in it: a week, and one to be announced."""


class Told(Protocol):
    """A paper as one channel told it under a line ("" where it was not kept under which one), or that the reader judged
    for a line which never told it."""

    @property
    def line(self) -> str: ...
    @property
    def arxiv_id(self) -> str: ...
    @property
    def told_at(self) -> datetime | None: ...
    @property
    def place(self) -> int: ...
    @property
    def score(self) -> float | None: ...
    @property
    def chance(self) -> float | None: ...
    @property
    def useful(self) -> bool | None: ...
    @property
    def judged_at(self) -> datetime | None: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def watched_since(self) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Quality:
    line: str
    """"" for all lines together."""
    shown: Share
    """Of all that was told by its score, at whatever place."""
    precision: Mapping[int, Share]
    """By k, of `CUTS`."""
    explored: Share
    """Of what was told to explore; it is in none of the others."""
    recall: Recall | Unknown
    no_place: Missed | None
    """Useful matches that had no place when it was drawn among them, and may have been told since."""
    drift: tuple[Period, ...]
    """Oldest first, those without marks left out."""
    change: Change | Unknown
    aside: int
    """Judged papers that do not count: they were not told under the line, or were judged before that."""

    @property
    def any_mark(self) -> bool:
        return bool(self.shown.marked or self.explored.marked)

    def as_json(self) -> dict[str, Any]:
        recall, why = _outcome(self.recall)
        change, change_why = _outcome(self.change)
        return {
            **({"line": self.line} if self.line else {}),
            "told": self.shown.told,
            "marked": self.shown.marked,
            "useful": self.shown.useful,
            "precision": {str(k): share.as_json() for k, share in self.precision.items()},
            "recall": recall,
            "why": why,
            "no_place": self.no_place.as_json() if self.no_place else None,
            "drift": [{"period": period.name, **period.share.as_json()} for period in self.drift],
            "change": change,
            "change_why": change_why,
            "explored": {"told": self.explored.told, "marked": self.explored.marked, "useful": self.explored.useful},
            "aside": self.aside,
        }


@dataclass(frozen=True, kw_only=True)
class OwnReport:
    lines: tuple[Quality, ...]
    every: Quality
    """Over all these lines; a paper that was told under several counts once, useful where it was so for any."""
    before: int = 0
    """Papers that were told, on whatever line, before it was kept under which one: they are in none of the figures."""

    def as_json(self) -> dict[str, Any]:
        lines = [quality.as_json() for quality in self.lines]
        return {"lines": lines, "all": self.every.as_json(), "told_before": self.before}


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """One that was told, however often."""

    arxiv_id: str
    told_at: datetime
    place: int
    chance: float | None
    near: bool
    useful: bool | None
    published: datetime | None
    watched_since: datetime | None


def own_report(lines: Sequence[str], rows: Iterable[Told], *, floor: float, since: datetime | None = None) -> OwnReport:
    """lines: slugs, in the order of the report. rows: those of other lines tell only when exploring went on, since it
    draws from all lines together. floor: the score below which a paper is no match. since: what was told then or later.
    """
    rows = list(rows)
    draws = [
        row.told_at for row in rows if row.chance is not None and row.told_at and not (since and row.told_at < since)
    ]
    unplaced = {row.arxiv_id for row in rows if not row.line and not (since and row.told_at and row.told_at < since)}
    exploring = (min(draws), max(draws)) if draws else None
    of_line: dict[str, dict[str, list[Told]]] = {slug: {} for slug in lines}
    for row in rows:
        if row.line in of_line:
            of_line[row.line].setdefault(row.arxiv_id, []).append(row)
    told: dict[str, list[_Paper]] = {}
    aside: dict[str, int] = {}
    for slug, papers in of_line.items():
        told[slug], aside[slug] = _told(papers.values(), floor, since)
    once: dict[str, _Paper] = {}
    for paper in (paper for papers in told.values() for paper in papers):
        other = once.get(paper.arxiv_id)
        once[paper.arxiv_id] = paper if other is None else _both(paper, other)
    return OwnReport(
        lines=tuple(_quality(slug, told[slug], aside[slug], exploring) for slug in lines),
        every=_quality("", list(once.values()), sum(aside.values()), exploring),
        before=len(unplaced),
    )


def _told(papers: Iterable[Sequence[Told]], floor: float, since: datetime | None) -> tuple[list[_Paper], int]:
    """The papers of a line that were told, and how many judged ones do not count. papers: all rows of each."""
    told, aside = [], 0
    for rows in papers:
        tellings = [
            _Paper(
                arxiv_id=row.arxiv_id,
                told_at=row.told_at,
                place=row.place,
                chance=row.chance,
                near=row.score is not None and row.score < floor,
                useful=row.useful,
                published=row.published,
                watched_since=row.watched_since,
            )
            for row in rows
            if row.told_at is not None
        ]
        judged_at, useful = rows[0].judged_at, rows[0].useful
        if not tellings:
            aside += useful is not None and (since is None or judged_at is None or judged_at >= since)
            continue
        paper = tellings[0]
        for other in tellings[1:]:
            paper = _both(paper, other)
        if since is not None and paper.told_at < since:
            continue
        if useful is not None and judged_at is not None and judged_at < paper.told_at:
            aside += 1
            paper = replace(paper, useful=None)
        told.append(paper)
    return told, aside


def _both(one: _Paper, other: _Paper) -> _Paper:
    """As it was told first; at one moment, by its score before by chance, then at the better place."""
    first = min(one, other, key=lambda paper: (paper.told_at, paper.chance is not None, not paper.place, paper.place))
    useful = {one.useful, other.useful} - {None}
    # What a draw passed over can only be drawn by another with a better chance: they draw by the same hash.
    chances = [paper.chance for paper in (one, other) if paper.chance is not None]
    return replace(
        first,
        useful=max(useful, key=bool) if useful else None,
        chance=None if first.chance is None else max(chances),
    )


def _quality(line: str, papers: Sequence[_Paper], aside: int, exploring: tuple[datetime, datetime] | None) -> Quality:
    """exploring: its first and last draw."""
    shown = [paper for paper in papers if paper.chance is None]
    beside = [paper for paper in shown if exploring and _is_beside(paper, *exploring)]
    drift = _drift(shown)
    drawn = [Drawn(chance=p.chance, useful=p.useful, near=p.near) for p in papers if p.chance is not None]
    return Quality(
        line=line,
        shown=_share(shown),
        precision={k: _share(_first(shown, k)) for k in CUTS},
        explored=_share([paper for paper in papers if paper.chance is not None]),
        recall=recall(_share(beside), drawn),
        no_place=without_place(drawn),
        drift=drift,
        change=compare(drift),
        aside=aside,
    )


def _is_beside(paper: _Paper, first: datetime, last: datetime) -> bool:
    """Whether a paper that was told by its score could have been drawn, had it scored less."""
    since = max(first, paper.watched_since or first) - _DRAWN_FROM
    return first <= paper.told_at <= last and (paper.published is None or paper.published >= since)


def _first(papers: Iterable[_Paper], k: int) -> list[_Paper]:
    return [paper for paper in papers if 1 <= paper.place <= k]


def _share(papers: Sequence[_Paper]) -> Share:
    words = [paper.useful for paper in papers if paper.useful is not None]
    return Share(told=len(papers), marked=len(words), useful=sum(words))


def _drift(shown: Sequence[_Paper]) -> tuple[Period, ...]:
    by_month = _periods(shown, lambda at: f"{at:%Y-%m}")
    if sum(period.share.marked for period in by_month) >= _MARKS_A_MONTH * len(by_month):
        return by_month
    return _periods(shown, lambda at: f"{at.year}-Q{(at.month + 2) // 3}")


def _periods(shown: Sequence[_Paper], name: Callable[[datetime], str]) -> tuple[Period, ...]:
    in_order = sorted(_first(shown, DRIFT_CUT), key=lambda paper: paper.told_at)
    periods = (
        Period(name=period, share=_share(list(papers)))
        for period, papers in groupby(in_order, key=lambda paper: name(paper.told_at))
    )
    return tuple(period for period in periods if period.share.marked)


def _outcome(found: Recall | Change | Unknown) -> tuple[dict[str, Any] | None, str | None]:
    """What is known in JSON, else why it is not."""
    return (None, found.why) if isinstance(found, Unknown) else (found.as_json(), None)
