"""Research questions that a language model proposed: each set by the digest of all that was asked about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from litwatch.store.schema import proposals

Proposed = tuple[str, tuple[str, ...]]
"""A question, and the arXiv ids that it cites."""


def get_proposal(db: Connection, slug: str, digest: str, method: str) -> tuple[Proposed, ...] | None:
    """None where that was not asked yet."""
    asked = proposals.c.line == slug, proposals.c.digest == digest, proposals.c.method == method
    found = db.execute(select(proposals.c.questions).where(*asked)).scalar()
    return None if found is None else tuple((str(text), tuple(map(str, ids))) for text, ids in found)


def save_proposal(
    db: Connection, slug: str, digest: str, method: str, questions: Sequence[Proposed], *, now: datetime
) -> None:
    """Keeps them in the place of what the same question brought before."""
    asked = proposals.c.line == slug, proposals.c.digest == digest, proposals.c.method == method
    db.execute(delete(proposals).where(*asked))
    said = [[text, list(ids)] for text, ids in questions]
    db.execute(insert(proposals).values(line=slug, digest=digest, method=method, questions=said, at=now))
