"""What the store knows of the lines: which there are, what they were ranked with, how far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from litwatch.model import Line
from litwatch.store.claims import note_claims
from litwatch.store.rested import note_anchors
from litwatch.store.schema import lines, papers

_CHUNK = 900


@dataclass(frozen=True, kw_only=True)
class LineState:
    slug: str
    fingerprint: str
    ranked_through: int
    """The mark of the last text ranked for it (papers.last_text)."""
    backfilled_at: datetime | None
    removed: bool


def line_states(db: Connection) -> dict[str, LineState]:
    return {
        row.slug: LineState(
            slug=row.slug,
            fingerprint=row.fingerprint,
            ranked_through=row.ranked_through,
            backfilled_at=row.backfilled_at,
            removed=row.removed_at is not None,
        )
        for row in db.execute(select(lines))
    }


def sync_lines(db: Connection, wanted: Sequence[Line], fingerprints: Mapping[str, str], *, now: datetime) -> None:
    """Brings the table up to the watchlist files: new lines, changed ones, and those whose file is gone.

    A line whose fingerprint changed will be ranked from the start. What was found for a removed line stays. What
    its claims say now, and which papers it rests on, is noted with the date where it changed.
    """
    states = line_states(db)
    for line in wanted:
        state = states.get(line.slug)
        values = {"question": line.question, "fingerprint": fingerprints[line.slug]}
        if state is None:
            db.execute(insert(lines).values(slug=line.slug, known_since=now, ranked_through=0, **values))
        elif state.removed or state.fingerprint != fingerprints[line.slug]:
            changed = update(lines).where(lines.c.slug == line.slug)
            db.execute(changed.values(removed_at=None, ranked_through=0, **values))
    gone = [slug for slug, state in states.items() if not state.removed and slug not in fingerprints]
    if gone:
        db.execute(update(lines).where(lines.c.slug.in_(gone)).values(removed_at=now))
    note_claims(db, wanted, now=now)
    note_anchors(db, wanted, now=now)


def lines_past(db: Connection, arxiv_id: str) -> set[str]:
    """The lines that were ranked as far as this paper's text or beyond, whether or not it was ranked for them."""
    text = select(papers.c.text_seq).where(papers.c.arxiv_id == arxiv_id).scalar_subquery()
    query = select(lines.c.slug).where(lines.c.ranked_through >= text, lines.c.removed_at.is_(None))
    return set(db.execute(query).scalars())


def anchor_versions(db: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The versions of those of `ids` that arXiv gave us."""
    wanted = sorted(set(ids))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        here = papers.c.arxiv_id.in_(wanted[start : start + _CHUNK])
        found.update(
            {row.arxiv_id: row.version for row in db.execute(select(papers.c.arxiv_id, papers.c.version).where(here))}
        )
    return found


def mark_ranked(db: Connection, slugs: Iterable[str], through: int) -> None:
    db.execute(update(lines).where(lines.c.slug.in_(list(slugs))).values(ranked_through=through))


def mark_backfilled(db: Connection, slug: str, *, now: datetime) -> None:
    db.execute(update(lines).where(lines.c.slug == slug).values(backfilled_at=now, backfill_reached=None))
