"""What each claim of a line said, and from when on: rows are added and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from litwatch.model import Claim, Finding, Line
from litwatch.store.schema import claim_texts

# Not "?", which makes another statement, and no sign that may belong to a number.
_PUNCTUATION = ".,;:!'\"()[]\u2018\u2019\u201c\u201d"


@dataclass(frozen=True, kw_only=True)
class HeldClaim:
    claim: Claim
    """As it read; what the store does not keep (kind, date) is left at its default."""
    since: datetime
    """When the store learned that it reads so (`claim_digest`)."""
    retired_at: datetime | None = None
    """When the store learned that the reader no longer holds it."""


def claim_digest(claim: Claim) -> str:
    """Names what a claim says: an edited claim is judged anew, and its old verdicts no longer count for it.

    White space, letter case and punctuation at the ends of words are no part of it: who mends them keeps their
    reviews.
    """
    words = (word.strip(_PUNCTUATION) for word in claim.full_text.casefold().split())
    return hashlib.sha256(" ".join(word for word in words if word).encode()).hexdigest()[:24]


def held_claims(
    db: Connection, slugs: Collection[str], *, as_of: datetime | None = None
) -> dict[str, dict[str, HeldClaim]]:
    """By line and claim id: the claims as they stood; one that was not there (yet, or any more) is left out."""
    query = select(claim_texts).where(claim_texts.c.line.in_(slugs)).order_by(claim_texts.c.id)
    if as_of is not None:
        query = query.where(claim_texts.c.since <= as_of)
    held: dict[str, dict[str, HeldClaim]] = {slug: {} for slug in slugs}
    for row in db.execute(query):
        before = held[row.line].pop(row.claim, None)
        if row.gone:
            continue
        claim = _claim(row)
        same = before is not None and claim_digest(before.claim) == claim_digest(claim)
        held[row.line][row.claim] = HeldClaim(
            claim=claim,
            since=before.since if before and same else row.since,
            retired_at=((before and before.retired_at) or row.since) if row.retired else None,
        )
    return held


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What became of a claim's text at a time."""

    claim: Claim
    at: datetime
    gone: bool
    """The reader took it out of the file."""


def wordings(db: Connection, slug: str, *, as_of: datetime | None = None) -> list[Wording]:
    """All that the line's claims ever read, oldest first."""
    query = select(claim_texts).where(claim_texts.c.line == slug).order_by(claim_texts.c.id)
    if as_of is not None:
        query = query.where(claim_texts.c.since <= as_of)
    return [Wording(claim=_claim(row), at=row.since, gone=row.gone) for row in db.execute(query)]


def claims_edited(db: Connection, since: datetime) -> set[tuple[str, str]]:
    """Slug of the line and id of each claim of which the line's file came to say something else after that."""
    query = select(claim_texts.c.line, claim_texts.c.claim).where(claim_texts.c.since > since).distinct()
    return {(row.line, row.claim) for row in db.execute(query)}


def claims_changed(line: Line, held: dict[str, HeldClaim]) -> bool:
    """Whether the file of the line says other than the store holds, claim by claim."""
    return {claim.id: _said(claim) for claim in line.claims} != {name: _said(kept.claim) for name, kept in held.items()}


def note_claims(db: Connection, wanted: Sequence[Line], *, now: datetime) -> None:
    """Adds a row for each claim that is new, reads otherwise, was retired or taken up again, or is gone."""
    held = held_claims(db, [line.slug for line in wanted])
    rows: list[dict[str, Any]] = []
    for line in wanted:
        before = {name: kept.claim for name, kept in held[line.slug].items()}
        for claim in line.claims:
            last = before.pop(claim.id, None)
            if last is None or _said(last) != _said(claim):
                rows.append(_row(line.slug, claim, now))
        rows += [{**_row(line.slug, claim, now), "gone": True} for claim in before.values()]
    if rows:
        db.execute(insert(claim_texts), rows)


def first_noted(db: Connection, slug: str) -> datetime | None:
    """When the store first read claims of this line."""
    return db.execute(select(func.min(claim_texts.c.since)).where(claim_texts.c.line == slug)).scalar()


def claim_ids(db: Connection, slug: str) -> set[str]:
    """Every id that a claim of this line ever had, also of claims that are gone."""
    return set(db.execute(select(claim_texts.c.claim).where(claim_texts.c.line == slug).distinct()).scalars())


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=row.claim,
        title=row.title,
        text=row.text,
        findings=tuple(Finding(text=text, dated=dated) for text, dated in row.findings),
        retired=row.retired,
    )


def _said(claim: Claim) -> tuple[object, ...]:
    return claim.title, claim.text, claim.findings, claim.retired


def _row(slug: str, claim: Claim, now: datetime) -> dict[str, Any]:
    return {
        "line": slug,
        "claim": claim.id,
        "title": claim.title,
        "text": claim.text,
        "findings": [[finding.text, finding.dated] for finding in claim.findings],
        "retired": claim.retired,
        "gone": False,
        "since": now,
    }
