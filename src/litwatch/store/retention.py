"""What is kept no longer: texts of papers that nothing needs, old records of harvests, bytes of digests long sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, not_, select, union, update

from litwatch.model import DeliveryState, DigestKind
from litwatch.store.notices import NOTICE
from litwatch.store.papers import HAS_TEXT
from litwatch.store.schema import (
    anchor_changes,
    anchors,
    deliveries,
    digests,
    harvests,
    line_anchors,
    lines,
    marks,
    matches,
    near_misses,
    paper_versions,
    papers,
    questions,
    second_opinions,
    set_aside,
    taken,
    told,
    verdicts,
)

_NEEDED_BY = (
    matches,
    near_misses,
    told,
    verdicts,
    second_opinions,
    marks,
    taken,
    anchors,
    anchor_changes,
    line_anchors,
)
_HARVESTS_KEPT = 100
"""So many of the newest are looked at, however old they are (`recent_harvests`)."""
EMPTIED = "emptied"
"""Key in the content of a digest whose bytes are kept no longer, with the time when they were dropped."""


# --- papers --------------------------------------------------------------------------------------------------


def papers_unneeded(db: Connection, *, before: datetime, limit: int, among: Sequence[str] | None = None) -> list[str]:
    """Ids of papers whose text nothing needs any more, those that came first first.

    They were first seen before that, matched no line, are no near miss that is kept, were never told, judged, marked
    or taken in, and no line rests on them or ever did. What a line has still to be ranked for is needed.
    """
    return list(db.execute(_unneeded(db, before, among).order_by(papers.c.text_seq).limit(limit)).scalars())


def count_unneeded(db: Connection, *, before: datetime) -> int:
    return db.execute(select(func.count()).select_from(_unneeded(db, before, None).subquery())).scalar_one()


def drop_texts(db: Connection, ids: Sequence[str], *, before: datetime) -> int:
    """Drops abstract, authors, comment and older versions of these papers, where they are still unneeded; how many.

    Id, version, title, categories and dates stay, so that they are known when they come again.
    """
    still = papers_unneeded(db, before=before, limit=len(ids), among=ids)
    if still:
        db.execute(delete(paper_versions).where(paper_versions.c.arxiv_id.in_(still)))
        db.execute(update(papers).where(papers.c.arxiv_id.in_(still)).values(abstract="", authors=[], comment=""))
    return len(still)


def _unneeded(db: Connection, before: datetime, among: Sequence[str] | None) -> Select[Any]:
    def ids(table: Any) -> Select[Any]:
        query = select(table.c.arxiv_id)
        return query if among is None else query.where(table.c.arxiv_id.in_(among))

    # A join, not a NOT IN for each table: both databases make one pass of it, however many there are.
    needed = union(*map(ids, _NEEDED_BY)).subquery()
    ranked = db.execute(select(func.min(lines.c.ranked_through)).where(lines.c.removed_at.is_(None))).scalar()
    query = (
        select(papers.c.arxiv_id)
        .outerjoin(needed, needed.c.arxiv_id == papers.c.arxiv_id)
        .where(needed.c.arxiv_id.is_(None), papers.c.harvested, papers.c.first_seen < before, HAS_TEXT)
        # What was left out of ranking or judging is tried again, and needs its text for that.
        .where(papers.c.arxiv_id.not_in(select(set_aside.c.name).where(set_aside.c.kind.in_(("paper", "judging")))))
    )
    if ranked is not None:
        query = query.where(papers.c.text_seq <= ranked)
    return query if among is None else query.where(papers.c.arxiv_id.in_(among))


# --- records of harvests -------------------------------------------------------------------------------------


def old_harvests(db: Connection, *, before: datetime, limit: int) -> list[int]:
    """Numbers of harvests that began before that and are none of the newest, oldest first."""
    return list(db.execute(_old_harvests(before).order_by(harvests.c.id).limit(limit)).scalars())


def count_old_harvests(db: Connection, *, before: datetime) -> int:
    return db.execute(select(func.count()).select_from(_old_harvests(before).subquery())).scalar_one()


def drop_harvests(db: Connection, numbers: Collection[int]) -> int:
    """Drops these harvests with their questions; how many."""
    db.execute(delete(questions).where(questions.c.harvest.in_(numbers)))
    return db.execute(delete(harvests).where(harvests.c.id.in_(numbers))).rowcount


def _old_harvests(before: datetime) -> Select[Any]:
    newest = select(harvests.c.id).order_by(harvests.c.id.desc()).limit(_HARVESTS_KEPT)
    return select(harvests.c.id).where(harvests.c.at < before, harvests.c.id.not_in(newest))


# --- digests -------------------------------------------------------------------------------------------------


def digests_to_empty(db: Connection, *, before: datetime, limit: int) -> list[str]:
    """Ids of digests that were sent before that and whose bytes are still there, oldest first."""
    query = select(deliveries.c.digest).where(_is_to_empty(before))
    return list(db.execute(query.order_by(deliveries.c.id).limit(limit)).scalars())


def count_to_empty(db: Connection, *, before: datetime) -> int:
    return db.execute(select(func.count()).where(_is_to_empty(before))).scalar_one()


def empty_digests(db: Connection, ids: Collection[str], *, now: datetime) -> int:
    """Drops content and bytes of these digests; how many. What they told stays told, and the subject stays to name
    them. So does what a notice was about: whether the end of a stop is still to be told hangs on it."""
    content = {EMPTIED: now.isoformat(), "sections": []}
    notices = select(digests.c.id, digests.c.content)
    notices = notices.where(digests.c.id.in_(ids), digests.c.kind == DigestKind.NOTICE.value)
    about = {row.id: row.content[NOTICE] for row in db.execute(notices) if NOTICE in row.content}
    db.execute(update(digests).where(digests.c.id.in_(ids)).values(content=content))
    for name, notice in about.items():
        db.execute(update(digests).where(digests.c.id == name).values(content={**content, NOTICE: notice}))
    nothing = {"text": "", "html": "", "slack": []}
    return db.execute(update(deliveries).where(deliveries.c.digest.in_(ids)).values(**nothing)).rowcount


def _is_to_empty(before: datetime) -> ColumnElement[bool]:
    sent = deliveries.c.state == DeliveryState.SENT.value
    return and_(sent, deliveries.c.settled_at < before, not_(deliveries.c.text == ""))
