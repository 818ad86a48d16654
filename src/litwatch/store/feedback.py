"""What the reader thinks of papers, line by line, by marks and confirmed verdicts; and the scores that it moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, Update, bindparam, func, literal, select, union_all, update

from litwatch.model import Mark, Opinion, Review, Stance
from litwatch.store.schema import lines, marks, matches, near_misses, papers, reviews, verdicts

_CHUNK = 900
_MARK, _REVIEW = 0, 1
_USEFUL = {Mark.USEFUL.value: True, Mark.NOT.value: False, Review.CONFIRMED.value: True}
"""By the word that was said; any other is no opinion."""


def opinions_of(db: Connection, slugs: Collection[str]) -> dict[str, list[Opinion]]:
    """By slug of each of these lines, the reader's last word on each paper; papers by arXiv id.

    A mark goes before what was said of verdicts. Where there is none, or it was taken back, a paper with a confirmed
    verdict, whatever its stance, is useful: it bears on a claim. A rejected verdict is no opinion: the judge misread
    a sentence, and nothing is said of whether the paper was worth reading.
    """
    last_marks = select(func.max(marks.c.id)).where(marks.c.line.in_(slugs)).group_by(marks.c.line, marks.c.arxiv_id)
    marked = select(
        marks.c.line, marks.c.arxiv_id, marks.c.at, literal(_MARK).label("kind"), marks.c.mark.label("word")
    ).where(marks.c.id.in_(last_marks))
    last_reviews = (
        select(func.max(reviews.c.id))
        .join(verdicts, verdicts.c.id == reviews.c.verdict)
        .where(verdicts.c.line.in_(slugs), verdicts.c.stance != Stance.NONE.value)
        .group_by(reviews.c.verdict)
    )
    confirmed = (
        select(verdicts.c.line, verdicts.c.arxiv_id, reviews.c.at, literal(_REVIEW), reviews.c.review)
        .join(verdicts, verdicts.c.id == reviews.c.verdict)
        .where(reviews.c.id.in_(last_reviews), reviews.c.review == Review.CONFIRMED.value)
    )
    both = union_all(marked, confirmed).subquery()
    said: dict[tuple[str, str], Opinion] = {}
    for row in db.execute(select(both).order_by(both.c.kind.desc(), both.c.at)):
        if row.word in _USEFUL:
            said[row.line, row.arxiv_id] = Opinion(arxiv_id=row.arxiv_id, useful=_USEFUL[row.word], at=row.at)
    found: dict[str, list[Opinion]] = {slug: [] for slug in slugs}
    for slug, arxiv_id in sorted(said):
        found[slug].append(said[slug, arxiv_id])
    return found


def scores_without(db: Connection, slugs: Collection[str], ids: Collection[str]) -> dict[tuple[str, str], float]:
    """By slug and arXiv id, the scores without feedback that these papers have on these lines, as far as they are
    kept and are of the paper's present text: those of other papers are to be made."""
    found: dict[tuple[str, str], float] = {}
    wanted = sorted(ids)
    for table in (near_misses, matches):
        for start in range(0, len(wanted), _CHUNK):
            query = (
                select(table.c.line, table.c.arxiv_id, func.coalesce(table.c.base, table.c.score).label("base"))
                .join(papers, papers.c.arxiv_id == table.c.arxiv_id)
                .join(lines, lines.c.slug == table.c.line)
                .where(
                    table.c.line.in_(slugs),
                    table.c.arxiv_id.in_(wanted[start : start + _CHUNK]),
                    papers.c.text_seq <= lines.c.ranked_through,
                )
            )
            found.update({(row.line, row.arxiv_id): row.base for row in db.execute(query)})
    return found


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What a match, or a near miss, of a line scores."""

    arxiv_id: str
    score: float
    base: float | None
    """As in a Match."""
    near: bool
    """Whether it is a near miss."""


def line_scores(db: Connection, slug: str) -> list[Scored]:
    """Of all matches and near misses of a line, in no order."""
    return [
        Scored(arxiv_id=row.arxiv_id, score=row.score, base=row.base, near=table is near_misses)
        for table in (matches, near_misses)
        for row in db.execute(select(table.c.arxiv_id, table.c.score, table.c.base).where(table.c.line == slug))
    ]


def rescore(db: Connection, slug: str, scored: Sequence[Scored]) -> None:
    """Writes other scores of matches and near misses that are there; all else of them stays."""
    for table, near in ((matches, False), (near_misses, True)):
        rows = [{"of": each.arxiv_id, "to": each.score, "without": each.base} for each in scored if each.near is near]
        if rows:
            db.execute(_rescoring(table, slug), rows)


def _rescoring(table: Table, slug: str) -> Update:
    here = update(table).where(table.c.line == slug, table.c.arxiv_id == bindparam("of"))
    return here.values(score=bindparam("to"), base=bindparam("without"))
