"""What a line has since a day, counted without its texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from litwatch.store.schema import matches, papers


def count_stored(db: Connection, *, since: datetime) -> int:
    """Stored papers, harvested or cited, that were submitted then or later."""
    return int(db.execute(select(func.count()).select_from(papers).where(papers.c.published >= since)).scalar_one())


def matched_ids(db: Connection, slug: str, *, since: datetime | None = None) -> frozenset[str]:
    """arXiv ids of the line's matches; since: only papers submitted then or later."""
    query = select(matches.c.arxiv_id).where(matches.c.line == slug)
    if since is not None:
        query = query.join(papers, papers.c.arxiv_id == matches.c.arxiv_id).where(papers.c.published >= since)
    return frozenset(db.execute(query).scalars())
