"""What was told and what the reader said of it: the rows that ranking is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Row,
    Select,
    case,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from litwatch.model import DigestKind, Mark, Review, Stance
from litwatch.store.schema import UtcTime, digests, lines, marks, papers, reviews, told, verdicts

_WORDS = {Mark.USEFUL.value: True, Mark.NOT.value: False}
"""Any other word takes a mark back."""
_TOLD, _MARK, _REVIEW = "told", "mark", "review"


@dataclass(frozen=True, kw_only=True)
class ToldPaper:
    """A paper as one channel told it under a line, or, with no `told_at`, one that the reader judged for a line under
    which none told it."""

    line: str
    arxiv_id: str
    told_at: datetime | None = None
    place: int = 0
    """In its section of a digest, from 1; 0 where it is not known, and in an alert, which tells only challenges."""
    score: float | None = None
    """As it was told; of a paper told to explore, without feedback."""
    chance: float | None = None
    """Of a paper told to explore: with which it was chosen."""
    useful: bool | None = None
    """The reader's word on it for this line; None where there is none."""
    judged_at: datetime | None = None
    """When the reader first said of it, for this line, what moves its ranking and was not taken back."""
    published: datetime | None = None
    watched_since: datetime | None = None
    """Since when the line is known."""


def told_papers(db: Connection, slugs: Sequence[str]) -> list[ToldPaper]:
    """Of these lines, by line and paper, the first told first. One query, however many lines there are.

    The last mark counts; where there is none, or it was taken back, a confirmed verdict of the line on the paper says
    that it was useful. A rejected one says nothing of that: its paper may be.
    What was told before it was kept under which line comes first, with "" for its line and without a word.
    """
    said: dict[tuple[str, str], list[Row[Any]]] = {}
    tellings: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in db.execute(_everything(slugs)):
        kept = tellings if row.kind == _TOLD else said
        kept.setdefault((row.line, row.arxiv_id), []).append(row)
    found = []
    for line, arxiv_id in sorted(tellings.keys() | said.keys()):
        words = said.get((line, arxiv_id), [])
        useful, judged_at = _useful(words), min(_standing(words), default=None)
        told_as = sorted(tellings.get((line, arxiv_id), ()), key=lambda row: (row.at, row.number))
        for row in told_as:
            found.append(
                ToldPaper(
                    line=line,
                    arxiv_id=arxiv_id,
                    told_at=row.at,
                    place=row.number,
                    score=row.score,
                    chance=row.chance,
                    useful=useful,
                    judged_at=judged_at,
                    published=row.published,
                    watched_since=row.watched_since,
                )
            )
        if not told_as and useful is not None:
            found.append(ToldPaper(line=line, arxiv_id=arxiv_id, useful=useful, judged_at=judged_at))
    return found


def _everything(slugs: Sequence[str]) -> Any:
    """Rows (kind, line, arxiv_id, at, number, score, chance, of, word, published, watched_since).

    number: the place of what was told, else the row's own, to put them in order. of: the verdict of a review.
    """
    said = marks.c.line, marks.c.arxiv_id, marks.c.at, marks.c.id
    reviewed = verdicts.c.line, verdicts.c.arxiv_id, reviews.c.at, reviews.c.id
    # The places of an alert are those among the challenges: they say nothing of how well a digest is ordered.
    place = case((digests.c.kind == DigestKind.ALERT.value, 0), else_=told.c.place)
    as_told = told.c.line, told.c.arxiv_id, digests.c.created, place
    untold = type_coerce(null(), Float), type_coerce(null(), Float)
    undated = type_coerce(null(), UtcTime), type_coerce(null(), UtcTime)
    return union_all(
        _arm(
            _TOLD,
            *as_told,
            told.c.score,
            told.c.chance,
            literal(0),
            literal(""),
            papers.c.published,
            lines.c.known_since,
        )
        .join_from(told, digests, digests.c.id == told.c.digest)
        .join(papers, papers.c.arxiv_id == told.c.arxiv_id)
        .outerjoin(lines, lines.c.slug == told.c.line)
        .where(told.c.line.in_([*slugs, ""])),
        _arm(_MARK, *said, *untold, literal(0), marks.c.mark, *undated).where(marks.c.line.in_(slugs)),
        _arm(_REVIEW, *reviewed, *untold, reviews.c.verdict, reviews.c.review, *undated)
        .join_from(reviews, verdicts, verdicts.c.id == reviews.c.verdict)
        .where(verdicts.c.line.in_(slugs), verdicts.c.stance != Stance.NONE.value),
    )


def _arm(kind: str, *columns: ColumnElement[Any]) -> Select[Any]:
    names = ("line", "arxiv_id", "at", "number", "score", "chance", "of", "word", "published", "watched_since")
    labelled = (column.label(name) for column, name in zip(columns, names, strict=True))
    return select(literal(kind).label("kind"), *labelled)


def _useful(words: Sequence[Row[Any]]) -> bool | None:
    """words: the marks and reviews of a line and a paper."""
    # The last is the one written last: a clock may have been put back.
    in_order = sorted(words, key=lambda row: row.number)
    marked = [row.word for row in in_order if row.kind == _MARK]
    if marked and marked[-1] in _WORDS:
        return _WORDS[marked[-1]]
    reviewed = {row.of: row.word for row in in_order if row.kind == _REVIEW}
    return True if Review.CONFIRMED.value in reviewed.values() else None


def _standing(words: Sequence[Row[Any]]) -> list[datetime]:
    """When each of these was said, but for those that are no opinion and those that were taken back since."""
    said: dict[tuple[str, int], list[datetime]] = {}
    for row in sorted(words, key=lambda row: row.number):
        opinion = row.word in _WORDS if row.kind == _MARK else row.word == Review.CONFIRMED.value
        earlier = said.get((row.kind, row.of), [])
        said[row.kind, row.of] = [*earlier, row.at] if opinion else []
    return [at for times in said.values() for at in times]
