"""What a channel was not told yet: the database chooses what has a chance, since there may be very much of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select, true

from litwatch.model import DigestKind, Line, Review
from litwatch.store.claims import claim_digest
from litwatch.store.matches import StoredMatch, stored_match
from litwatch.store.schema import deliveries, digests, matches, papers, reviews, told, verdicts
from litwatch.store.verdicts import CHALLENGES

_CHUNK = 900
_ROWS = 1000
"""Read at once of what may be very much."""


@dataclass(frozen=True, kw_only=True)
class Untold:
    """Matches of these lines with papers that a channel has not told and that are not withdrawn."""

    lines: Sequence[Line]
    """In the order in which they take a paper that fits several of them alike."""
    channel: str | None
    """None for none, which was told nothing."""
    since: datetime | None = None
    """Only what was found after that."""
    threshold: float
    """From this probability on a verdict may be told as a likely challenge."""
    floor: float = 0.0
    """Only what scores at least that, but for likely challenges: a match may be below where the reader's feedback is
    against it."""


@dataclass(frozen=True, kw_only=True)
class Best:
    ids: Collection[str]
    """Of papers."""
    beyond: Mapping[str, int]
    """By slug of a line, how many more there are; also of those below the floor, as far as they are fresh."""


def last_told(db: Connection, channel: str) -> int:
    """The number of the last delivery that told papers on the channel, or could have; 0 before the first."""
    query = select(func.max(deliveries.c.id)).join(digests, digests.c.id == deliveries.c.digest)
    telling = digests.c.kind.in_((DigestKind.DIGEST.value, DigestKind.ALERT.value))
    return db.execute(query.where(digests.c.channel == channel, telling)).scalar() or 0


def challenging(db: Connection, untold: Untold, *, reworded: bool) -> set[str]:
    """Ids of the papers that may be told as likely challenges: nothing else can be one.

    reworded: also of those that challenge a claim as it does not read any more.
    """
    query = _challenging(untold).add_columns(verdicts.c.line, verdicts.c.claim, verdicts.c.claim_digest)
    rows = db.execute(query.distinct()).all()
    if reworded or not rows:
        return {row.arxiv_id for row in rows}
    present = {(line.slug, claim.id, claim_digest(claim)) for line in untold.lines for claim in line.open_claims}
    return {row.arxiv_id for row in rows if (row.line, row.claim, row.claim_digest) in present}


def best(db: Connection, untold: Untold, top: int, *, told_until: datetime | None) -> Best:
    """The `top` papers of each line, each paper counted on the line that it fits best, but for those that `challenging`
    gives with `reworded`.

    What was found after `told_until` is fresh. It goes before what was found earlier, then the better score, then the
    lower id. What the reader's feedback put below the floor is never chosen.
    """
    if not untold.lines:
        return Best(ids=(), beyond={})
    fits = _fits(db, untold, told_until).subquery()
    # Of what is below the floor only the fresh is counted: it would be counted in each digest for ever.
    counted = fits.c.home == 1, or_(fits.c.below == 0, fits.c.earlier == 0)
    ranked = (
        select(
            fits.c.line,
            fits.c.arxiv_id,
            func.row_number()
            .over(
                partition_by=fits.c.line,
                order_by=(fits.c.below, fits.c.earlier, fits.c.score.desc(), fits.c.arxiv_id),
            )
            .label("place"),
            func.count().over(partition_by=fits.c.line).label("all"),
            func.sum(fits.c.below).over(partition_by=fits.c.line).label("all_below"),
        )
        .where(*counted)
        .subquery()
    )
    rows = db.execute(select(ranked).where(ranked.c.place <= max(top, 1))).all()
    return Best(
        ids=[row.arxiv_id for row in rows if row.place <= min(top, row.all - row.all_below)],
        beyond={row.line: row.all - min(top, row.all - row.all_below) for row in rows},
    )


def fresh_fits(
    db: Connection, untold: Untold, *, told_until: datetime | None, published_after: datetime | None = None
) -> Iterator[tuple[str, str]]:
    """(slug of the line that it fits best, arXiv id) of each paper that `best` chooses among or counts, and that was
    found after `told_until` and published after that, in no order."""
    if not untold.lines:
        return
    fits = _fits(db, untold, told_until).subquery()
    query = select(fits.c.line, fits.c.arxiv_id).where(fits.c.home == 1, fits.c.earlier == 0)
    if published_after is not None:
        new = exists().where(papers.c.arxiv_id == fits.c.arxiv_id, papers.c.published > published_after)
        query = query.where(new)
    for row in db.execute(query.execution_options(yield_per=_ROWS)):
        yield row.line, row.arxiv_id


def matches_with(db: Connection, untold: Untold, ids: Collection[str]) -> list[StoredMatch]:
    """The matches with these papers, all of them untold; also those below the floor."""
    slugs = [line.slug for line in untold.lines]
    wanted = sorted(ids)
    found: list[StoredMatch] = []
    for start in range(0, len(wanted), _CHUNK):
        here = matches.c.line.in_(slugs), matches.c.arxiv_id.in_(wanted[start : start + _CHUNK])
        query = select(matches).where(*here, *_found_since(untold))
        found += map(stored_match, db.execute(query))
    return found


def _fits(db: Connection, untold: Untold, told_until: datetime | None) -> Select[Any]:
    """Line, arXiv id, score, `earlier` (0: found after `told_until`), `below` (1: the reader's feedback put it below
    the floor) and `home` (1: it fits no other line better) of each match with a paper that can be no likely challenge.
    """
    # By bytes, as Python orders; a PostgreSQL server may order by a language.
    arxiv_id = matches.c.arxiv_id.collate("C" if db.dialect.name == "postgresql" else "BINARY")
    place = case({line.slug: place for place, line in enumerate(untold.lines)}, value=matches.c.line)
    earlier = case((matches.c.found_at > told_until, 0), else_=1) if told_until else case((true(), 0))
    home = func.row_number().over(partition_by=arxiv_id, order_by=(matches.c.score.desc(), place))
    challenges = _challenging(untold).subquery()
    return select(
        matches.c.line,
        arxiv_id.label("arxiv_id"),
        matches.c.score,
        earlier.label("earlier"),
        case((matches.c.score >= untold.floor, 0), else_=1).label("below"),
        home.label("home"),
    ).where(
        matches.c.line.in_([line.slug for line in untold.lines]),
        or_(matches.c.score >= untold.floor, matches.c.base >= untold.floor),
        *_open(untold, matches.c.arxiv_id),
        ~exists().where(papers.c.arxiv_id == matches.c.arxiv_id, papers.c.withdrawn),
        ~exists().where(challenges.c.arxiv_id == matches.c.arxiv_id),
    )


def _open(untold: Untold, arxiv_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Not told, and found in time. NOT EXISTS, as all that excludes here: PostgreSQL makes one pass of it, where it may
    look through the whole list for each row of a NOT IN."""
    already = exists().where(told.c.channel == untold.channel, told.c.arxiv_id == arxiv_id)
    return [*([] if untold.channel is None else [~already]), *_found_since(untold)]


def _found_since(untold: Untold) -> list[ColumnElement[bool]]:
    return [] if untold.since is None else [matches.c.found_at > untold.since]


def _challenging(untold: Untold) -> Select[Any]:
    """Ids of papers with a verdict that may count, and be shown, as a likely challenge."""
    confirmed = exists().where(reviews.c.verdict == verdicts.c.id, reviews.c.review == Review.CONFIRMED.value)
    likely = and_(verdicts.c.probability >= untold.threshold, verdicts.c.version == papers.c.version)
    return (
        select(verdicts.c.arxiv_id)
        .join(matches, and_(matches.c.line == verdicts.c.line, matches.c.arxiv_id == verdicts.c.arxiv_id))
        .join(papers, papers.c.arxiv_id == verdicts.c.arxiv_id)
        .where(
            verdicts.c.stance.in_(CHALLENGES),
            verdicts.c.line.in_([line.slug for line in untold.lines]),
            ~papers.c.withdrawn,
            or_(likely, confirmed),
            *_open(untold, verdicts.c.arxiv_id),
        )
    )
