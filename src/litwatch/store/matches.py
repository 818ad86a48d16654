"""Matches and the reader's marks on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from litwatch.model import Mark, Match
from litwatch.store.schema import marks, matches, papers

_CHUNK = 900


@dataclass(frozen=True, kw_only=True)
class StoredMatch:
    match: Match
    found_at: datetime
    """When the paper first matched this line; kept when it is ranked again."""


def replace_matches(
    db: Connection,
    ranked: Sequence[str],
    batch: Sequence[str],
    found: Sequence[Match],
    *,
    now: datetime,
) -> None:
    """Writes the outcome of ranking the papers `batch` for the lines `ranked`: what no longer matches goes."""
    since: dict[tuple[str, str], datetime] = {}
    for start in range(0, len(batch), _CHUNK):
        here = and_(matches.c.line.in_(ranked), matches.c.arxiv_id.in_(batch[start : start + _CHUNK]))
        rows = db.execute(select(matches.c.line, matches.c.arxiv_id, matches.c.found_at).where(here))
        since.update({(row.line, row.arxiv_id): row.found_at for row in rows})
        db.execute(delete(matches).where(here))
    if found:
        db.execute(
            insert(matches),
            [
                {**match_values(match, since.get((match.line, match.arxiv_id), now)), "judged_with": ""}
                for match in found
            ],
        )


def line_matches(
    db: Connection, slug: str, *, since: datetime | None = None, limit: int | None = None
) -> list[StoredMatch]:
    """A line's matches, best first; `since`: only papers submitted then or later."""
    query = select(matches).where(matches.c.line == slug)
    if since is not None:
        query = query.join(papers, papers.c.arxiv_id == matches.c.arxiv_id).where(papers.c.published >= since)
    query = query.order_by(matches.c.score.desc(), matches.c.arxiv_id).limit(limit)
    return [stored_match(row) for row in db.execute(query)]


def match_of(db: Connection, slug: str, ids: Sequence[str]) -> dict[str, Match]:
    """By arXiv id, the line's matches with those of these papers that match it."""
    found: dict[str, Match] = {}
    for start in range(0, len(ids), _CHUNK):
        here = matches.c.line == slug, matches.c.arxiv_id.in_(ids[start : start + _CHUNK])
        found.update({row.arxiv_id: stored_match(row).match for row in db.execute(select(matches).where(*here))})
    return found


def matches_to_judge(db: Connection, slugs: Sequence[str], judged_with: str, limit: int) -> list[StoredMatch]:
    """Matches of these lines that were not judged with this (a method at a threshold) yet.

    Those of one paper stand together, newest first.
    """
    query = select(matches).where(_waiting(slugs, judged_with))
    return [
        stored_match(row) for row in db.execute(query.order_by(matches.c.arxiv_id.desc(), matches.c.line).limit(limit))
    ]


def lines_to_judge(db: Connection, slugs: Sequence[str], judged_with: str) -> set[str]:
    """Those of these lines that have matches which were not judged with this yet."""
    query = select(matches.c.line).where(_waiting(slugs, judged_with)).distinct()
    return set(db.execute(query).scalars())


def judge_again(db: Connection, *, line: str | None = None, arxiv_id: str | None = None) -> None:
    """Lets all matches of a line, or of a paper, be judged as if they never were."""
    whose = matches.c.line == line if line is not None else matches.c.arxiv_id == arxiv_id
    db.execute(update(matches).where(whose, matches.c.judged_with != "").values(judged_with=""))


def mark_judged(db: Connection, slug: str, ids: Sequence[str], judged_with: str) -> None:
    db.execute(
        update(matches).where(matches.c.line == slug, matches.c.arxiv_id.in_(ids)).values(judged_with=judged_with)
    )


def count_matches(db: Connection) -> dict[str, int]:
    """By line."""
    rows = db.execute(select(matches.c.line, func.count()).group_by(matches.c.line))
    return {row[0]: row[1] for row in rows}


def add_mark(db: Connection, slug: str, arxiv_id: str, mark: Mark, *, now: datetime) -> None:
    db.execute(insert(marks).values(line=slug, arxiv_id=arxiv_id, mark=mark.value, at=now))


def line_marks(db: Connection, slug: str) -> dict[str, Mark]:
    """The reader's last word on each paper of the line, where it was not taken back."""
    rows = db.execute(select(marks.c.arxiv_id, marks.c.mark).where(marks.c.line == slug).order_by(marks.c.id))
    last = {row.arxiv_id: Mark(row.mark) for row in rows}
    return {arxiv_id: mark for arxiv_id, mark in last.items() if mark is not Mark.NONE}


def _waiting(slugs: Sequence[str], judged_with: str) -> ColumnElement[bool]:
    # Nearly all are judged, and there may be very many: the index on judged_with finds the few that are not. "!="
    # would not use it, nor would SQLite where it could use one on the line instead, which the sum prevents.
    return and_(
        or_(matches.c.judged_with < judged_with, matches.c.judged_with > judged_with), (matches.c.line + "").in_(slugs)
    )


def match_values(match: Match, found_at: datetime) -> dict[str, Any]:
    """By column, what a row of `matches` or `near_misses` says of a match."""
    return {
        "line": match.line,
        "arxiv_id": match.arxiv_id,
        "version": match.version,
        "score": match.score,
        "base": match.base,
        "semantic": match.semantic,
        "claim": match.claim,
        "claim_scores": match.claim_scores,
        "terms": match.terms,
        "sentence": match.sentence,
        "found_at": found_at,
    }


def stored_match(row: Row[Any]) -> StoredMatch:
    """Of a whole row of `matches` or `near_misses`."""
    return StoredMatch(
        match=Match(
            line=row.line,
            arxiv_id=row.arxiv_id,
            version=row.version,
            score=row.score,
            base=row.base,
            semantic=row.semantic,
            claim=row.claim,
            claim_scores=_pairs(row.claim_scores),
            terms=_pairs(row.terms),
            sentence=row.sentence,
        ),
        found_at=row.found_at,
    )


def _pairs(rows: Iterable[Sequence[Any]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(value)) for name, value in rows)
