"""The reader's reviews of challenges, whatever their line and their claim's wording: a mark is a mark."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from litwatch.model import Review, Reviewed
from litwatch.store.schema import reviews, verdicts
from litwatch.store.verdicts import CHALLENGES


def reviewed_challenges(db: Connection, *, as_of: datetime | None = None) -> list[Reviewed]:
    """Each verdict that takes a challenging stance and was reviewed, with the last that was said of it.

    A paper reviewed for two claims is there twice, and so are two versions of it. as_of: what was reviewed up to then.
    """
    last = select(func.max(reviews.c.id)).group_by(reviews.c.verdict)
    if as_of is not None:
        last = last.where(reviews.c.at <= as_of)
    query = (
        select(verdicts.c.method, verdicts.c.probability, reviews.c.review)
        .join(verdicts, verdicts.c.id == reviews.c.verdict)
        .where(reviews.c.id.in_(last), verdicts.c.stance.in_(CHALLENGES))
        .order_by(reviews.c.id)
    )
    return [
        Reviewed(method=row.method, probability=row.probability, right=row.review == Review.CONFIRMED.value)
        for row in db.execute(query)
    ]
