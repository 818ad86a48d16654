"""Verdicts and reviews: rows are added and never changed, so that any day can be told again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from litwatch.model import Claim, Evidence, Paper, Review, Stance, Verdict
from litwatch.store.schema import papers, reviews, verdicts


def claim_digest(claim: Claim) -> str:
    """Names a claim's text: an edited claim is judged anew, and old verdicts keep what they were about."""
    return hashlib.sha256(claim.full_text.encode()).hexdigest()[:24]


def add_verdicts(db: Connection, slug: str, judged: Sequence[tuple[Claim, Paper, Evidence]], *, now: datetime) -> int:
    """Keeps each stance, once per claim text, paper version and method; returns how many were new."""
    rows = [
        {
            "line": slug,
            "claim": claim.id,
            "claim_digest": claim_digest(claim),
            "arxiv_id": paper.arxiv_id,
            "version": paper.version,
            "stance": evidence.stance.value,
            "probability": evidence.probability,
            "challenge": evidence.challenge,
            "sentence": evidence.sentence,
            "reason": evidence.reason,
            "method": evidence.method,
            "at": now,
        }
        for claim, paper, evidence in judged
        if evidence.stance is not Stance.NONE
    ]
    key = ("claim", "claim_digest", "arxiv_id", "version", "method")
    known = {
        tuple(row)
        for row in db.execute(
            select(*(verdicts.c[name] for name in key)).where(
                verdicts.c.line == slug, verdicts.c.arxiv_id.in_({row["arxiv_id"] for row in rows})
            )
        )
    }
    fresh = [row for row in rows if tuple(row[name] for name in key) not in known]
    if fresh:
        db.execute(insert(verdicts), fresh)
    return len(fresh)


def line_verdicts(
    db: Connection,
    slug: str,
    claims: Sequence[Claim],
    *,
    ids: Sequence[str] | None = None,
    as_of: datetime | None = None,
) -> list[Verdict]:
    """The line's verdicts on its claims as they read today, and all that a person reviewed; oldest first.

    ids: only of these papers. as_of: what was judged and reviewed up to then.
    """
    digests = [claim_digest(claim) for claim in claims]
    seen = select(reviews.c.verdict)
    query = select(verdicts).where(
        verdicts.c.line == slug, or_(verdicts.c.claim_digest.in_(digests), verdicts.c.id.in_(seen))
    )
    if ids is not None:
        query = query.where(verdicts.c.arxiv_id.in_(ids))
    if as_of is not None:
        query = query.where(verdicts.c.at <= as_of)
    return _with_reviews(db, query.order_by(verdicts.c.id), as_of)


def verdict_by_id(db: Connection, number: int) -> Verdict | None:
    found = _with_reviews(db, select(verdicts).where(verdicts.c.id == number), None)
    return found[0] if found else None


def add_review(db: Connection, number: int, review: Review, *, now: datetime) -> None:
    db.execute(insert(reviews).values(verdict=number, review=review.value, at=now))


def withdrawn_among(db: Connection, ids: Sequence[str]) -> set[str]:
    query = select(papers.c.arxiv_id).where(papers.c.arxiv_id.in_(ids), papers.c.withdrawn)
    return set(db.execute(query).scalars())


def _with_reviews(db: Connection, query: Any, as_of: datetime | None) -> list[Verdict]:
    rows = db.execute(query).all()
    last: dict[int, Row[Any]] = {}
    said = select(reviews).where(reviews.c.verdict.in_([row.id for row in rows])).order_by(reviews.c.id)
    if as_of is not None:
        said = said.where(reviews.c.at <= as_of)
    for row in db.execute(said) if rows else ():
        last[row.verdict] = row
    return [
        Verdict(
            id=row.id,
            line=row.line,
            claim=row.claim,
            arxiv_id=row.arxiv_id,
            version=row.version,
            evidence=Evidence(
                stance=Stance(row.stance),
                probability=row.probability,
                challenge=row.challenge,
                sentence=row.sentence,
                reason=row.reason,
                method=row.method,
            ),
            at=row.at,
            review=Review(last[row.id].review) if row.id in last else None,
            reviewed_at=last[row.id].at if row.id in last else None,
        )
        for row in rows
    ]
