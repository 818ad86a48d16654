"""How much came of late, and how much of it bears on a line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from litwatch.store.schema import matches, paper_categories, papers


def papers_between(db: Connection, categories: Collection[str], start: datetime, end: datetime) -> int:
    """Harvested papers of these categories that were submitted from `start` on and before `end`."""
    query = select(func.count()).select_from(papers).where(_came(categories, start, end))
    return int(db.execute(query).scalar_one())


def matches_between(db: Connection, slug: str, categories: Collection[str], start: datetime, end: datetime) -> int:
    """Those among them that are matches of a line."""
    joined = matches.join(papers, papers.c.arxiv_id == matches.c.arxiv_id)
    query = select(func.count()).select_from(joined).where(matches.c.line == slug, _came(categories, start, end))
    return int(db.execute(query).scalar_one())


def _came(categories: Collection[str], start: datetime, end: datetime) -> ColumnElement[bool]:
    stands = paper_categories.c.arxiv_id == papers.c.arxiv_id, paper_categories.c.category.in_(categories)
    within = select(paper_categories.c.arxiv_id).where(*stands).exists()
    return and_(papers.c.harvested, papers.c.published >= start, papers.c.published < end, within)
