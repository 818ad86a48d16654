"""The reader's reviews of challenges, whatever their line and their claim's wording: a mark is a mark."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from litwatch.model import Review, Reviewed
from litwatch.store.schema import reviews, verdicts
from litwatch.store.verdicts import CHALLENGES

_SAID_ONCE = tuple(
    verdicts.c[name] for name in ("line", "claim", "arxiv_id", "version", "method", "stance", "probability", "sentence")
)
"""What two verdicts have in common of which one is the other carried over."""


def reviewed_challenges(db: Connection, *, as_of: datetime | None = None) -> list[Reviewed]:
    """Each verdict that takes a challenging stance and was reviewed, with the last that was said of it.

    A paper reviewed for two claims is there twice, and so are two versions of it. One that was carried over to a new
    wording of its claim is there once, as it was reviewed first: the judge said it once, of that wording. as_of: what
    was reviewed up to then.
    """
    last = select(func.max(reviews.c.id)).group_by(reviews.c.verdict)
    if as_of is not None:
        last = last.where(reviews.c.at <= as_of)
    query = (
        select(verdicts, reviews.c.review)
        .join(verdicts, verdicts.c.id == reviews.c.verdict)
        .where(reviews.c.id.in_(last), verdicts.c.stance.in_(CHALLENGES))
        .order_by(verdicts.c.id)
    )
    first: dict[tuple[Any, ...], Row[Any]] = {}
    for row in db.execute(query):
        first.setdefault(tuple(row._mapping[column] for column in _SAID_ONCE), row)
    return [
        Reviewed(method=row.method, probability=row.probability, right=row.review == Review.CONFIRMED.value)
        for row in first.values()
    ]
