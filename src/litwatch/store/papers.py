"""Papers, their older texts, their categories, and which anchors arXiv knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, not_, or_, select, true, update

from litwatch.model import Paper
from litwatch.store.schema import anchors, paper_categories, paper_versions, papers

# SQLite allows 32,766 parameters in a statement; a list of ids stays far below it.
_CHUNK = 900

HAS_TEXT = or_(papers.c.abstract != "", papers.c.authors != [])
"""Not of papers whose text is kept no longer; as `Paper.has_text`."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a batch of papers did to the store."""

    added: tuple[Paper, ...] = ()
    """Those that the store did not have, and the anchors that a harvest met for the first time."""
    moved: tuple[tuple[Paper, Paper], ...] = ()
    """Those whose record changed, each as it was and as it is: a newer version, or an edit of the same one."""

    @property
    def new(self) -> int:
        return len(self.added)

    @property
    def revised(self) -> int:
        return sum(before.version < after.version for before, after in self.moved)


def save_papers(
    db: Connection, batch: Sequence[Paper], *, now: datetime, harvested: bool = True, revive: bool = False
) -> Saved:
    """Adds new papers, moves revised ones to their new version and keeps the older text.

    A version older than the stored one changes nothing. At the stored version what arXiv edited in place is taken
    over, and the paper does not count as revised; but the authors stay, whose names each service spells its own way,
    and so does a withdrawal, which not every service shows.
    harvested: False for anchors, which are kept but are no news; a harvest that meets one later makes it new.
    revive: gives papers whose text is kept no longer their text back, to be ranked again. Else only anchors and newer
    versions have it again.
    """
    if revive:
        _await_text(db, [paper.arxiv_id for paper in batch])
    released = _release_anchors(db, [paper.arxiv_id for paper in batch], now=now) if harvested else set()
    latest: dict[str, Paper] = {}
    for paper in batch:
        if paper.arxiv_id not in latest or paper.version > latest[paper.arxiv_id].version:
            latest[paper.arxiv_id] = paper
    known = {paper.arxiv_id: paper for paper in get_papers(db, latest)}
    new = [paper for key, paper in latest.items() if key not in known]
    revised = [paper for key, paper in latest.items() if key in known and paper.version > known[key].version]
    edited = [
        now_shown
        for key, paper in latest.items()
        if key in known
        and paper.version == known[key].version
        and _record(now_shown := _edit(known[key], paper, textless=harvested and not revive)) != _record(known[key])
    ]
    seq = last_text(db)
    if new:
        rows = [
            {**_record(paper), "harvested": harvested, "first_seen": now, "text_seq": seq + place}
            for place, paper in enumerate(new, start=1)
        ]
        db.execute(insert(papers), rows)
        _save_categories(db, new)
    seq += len(new)
    for place, paper in enumerate(revised, start=1):
        old = known[paper.arxiv_id]
        if old.has_text:
            db.execute(
                insert(paper_versions),
                {key: getattr(old, key) for key in ("arxiv_id", "version", "title", "abstract", "comment", "updated")},
            )
        db.execute(
            update(papers).where(papers.c.arxiv_id == paper.arxiv_id).values(**_record(paper), text_seq=seq + place)
        )
    for paper in edited:
        db.execute(update(papers).where(papers.c.arxiv_id == paper.arxiv_id).values(**_record(paper)))
    if moved := [p for p in (*revised, *edited) if p.categories != known[p.arxiv_id].categories]:
        db.execute(delete(paper_categories).where(paper_categories.c.arxiv_id.in_([p.arxiv_id for p in moved])))
        _save_categories(db, moved)
    return Saved(
        added=(*new, *(paper for key, paper in latest.items() if key in released)),
        moved=tuple(
            (known[paper.arxiv_id], paper)
            for paper in (*revised, *edited)
            # An anchor that has its text again changed in nothing.
            if harvested or known[paper.arxiv_id].has_text
        ),
    )


def _edit(known: Paper, shown: Paper, *, textless: bool) -> Paper:
    """What is kept of a record at the stored version. textless: a paper that has no text any more stays so."""
    withdrawn = known.withdrawn or shown.withdrawn
    if known.has_text:
        return replace(shown, authors=known.authors, withdrawn=withdrawn)
    if textless:
        return replace(shown, abstract="", authors=(), comment="", withdrawn=withdrawn)
    return replace(shown, withdrawn=withdrawn)


def _await_text(db: Connection, ids: Sequence[str]) -> None:
    """Puts those without a text among the papers that have yet to be ranked."""
    for start in range(0, len(ids), _CHUNK):
        chunk = papers.c.arxiv_id.in_(ids[start : start + _CHUNK])
        for arxiv_id in db.execute(select(papers.c.arxiv_id).where(chunk, not_(HAS_TEXT))).scalars().all():
            db.execute(update(papers).where(papers.c.arxiv_id == arxiv_id).values(text_seq=last_text(db) + 1))


def get_papers(db: Connection, ids: Iterable[str]) -> list[Paper]:
    """The stored ones of `ids`, in no particular order."""
    wanted = list(ids)
    found: list[Paper] = []
    for start in range(0, len(wanted), _CHUNK):
        rows = db.execute(select(papers).where(papers.c.arxiv_id.in_(wanted[start : start + _CHUNK])))
        found += map(_paper, rows)
    return found


def papers_after(db: Connection, seq: int, limit: int) -> tuple[list[Paper], int]:
    """Up to `limit` papers whose text came after `seq` and is kept, oldest first, and the mark of the last one."""
    query = select(papers).where(papers.c.text_seq > seq, papers.c.harvested, HAS_TEXT).order_by(papers.c.text_seq)
    rows = db.execute(query.limit(limit)).all()
    return [_paper(row) for row in rows], rows[-1].text_seq if rows else seq


def last_text(db: Connection) -> int:
    """The mark of the newest text: 0 in an empty store."""
    return int(db.execute(select(func.coalesce(func.max(papers.c.text_seq), 0))).scalar_one())


def all_papers(db: Connection) -> Iterator[Paper]:
    """Every stored paper by its id, streamed."""
    for row in db.execution_options(yield_per=2000).execute(select(papers).order_by(papers.c.arxiv_id)):
        yield _paper(row)


def older_texts(db: Connection, arxiv_id: str) -> list[Row[Any]]:
    """The earlier versions' title, abstract and comment, oldest first."""
    rows = select(paper_versions).where(paper_versions.c.arxiv_id == arxiv_id).order_by(paper_versions.c.version)
    return list(db.execute(rows))


def count_submitted(
    db: Connection,
    categories: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    seen_before: datetime | None = None,
) -> int:
    """How many harvested papers of these categories were submitted in the window, both ends included.

    seen_before: only those that the store met before that.
    """
    seen = true() if seen_before is None else papers.c.first_seen < seen_before
    of_categories = select(paper_categories.c.arxiv_id).where(paper_categories.c.category.in_(categories))
    return db.execute(
        select(func.count())
        .select_from(papers)
        .where(seen, papers.c.published.between(start, end), papers.c.harvested, papers.c.arxiv_id.in_(of_categories))
    ).scalar_one()


def count_first_seen(db: Connection, categories: Sequence[str], start: datetime, end: datetime) -> int:
    """How many papers of these categories litwatch first saw after `start` and not after `end`."""
    of_categories = select(paper_categories.c.arxiv_id).where(paper_categories.c.category.in_(categories))
    seen = papers.c.first_seen > start, papers.c.first_seen <= end
    return db.execute(
        select(func.count()).select_from(papers).where(*seen, papers.c.harvested, papers.c.arxiv_id.in_(of_categories))
    ).scalar_one()


def harvested_ids(db: Connection, ids: Iterable[str]) -> set[str]:
    """Which of `ids` a harvest has met; papers known only as anchors are none of them."""
    wanted = list(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        chunk = papers.c.arxiv_id.in_(wanted[start : start + _CHUNK])
        found.update(db.execute(select(papers.c.arxiv_id).where(chunk, papers.c.harvested)).scalars())
    return found


def newest_id(db: Connection, *, seen_before: datetime, but_for: Collection[str] = ()) -> str | None:
    """The id of the newest paper, none of `but_for`, that a harvest brought before that; None where there is none."""
    query = select(papers.c.arxiv_id).where(papers.c.harvested, papers.c.first_seen < seen_before)
    newest = db.execute(query.order_by(papers.c.text_seq.desc()).limit(len(but_for) + 1)).scalars()
    return next((arxiv_id for arxiv_id in newest if arxiv_id not in but_for), None)


def save_anchor_checks(db: Connection, found: dict[str, bool], *, now: datetime) -> None:
    """Notes which ids arXiv knows (True) and which it answered without (False)."""
    if not found:
        return
    db.execute(delete(anchors).where(anchors.c.arxiv_id.in_(found)))
    db.execute(insert(anchors), [{"arxiv_id": key, "found": known, "checked_at": now} for key, known in found.items()])


def anchor_checks(db: Connection) -> dict[str, tuple[bool, datetime]]:
    """By id: whether arXiv knows it, and when it was asked last."""
    return {row.arxiv_id: (row.found, row.checked_at) for row in db.execute(select(anchors))}


def _release_anchors(db: Connection, ids: Sequence[str], *, now: datetime) -> set[str]:
    """Makes papers of the anchors among `ids`: a harvest met them, so they are to be ranked like any other."""
    released: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        met = select(papers.c.arxiv_id).where(papers.c.arxiv_id.in_(chunk), papers.c.harvested.is_(False))
        for arxiv_id in db.execute(met).scalars().all():
            changed = update(papers).where(papers.c.arxiv_id == arxiv_id)
            db.execute(changed.values(harvested=True, first_seen=now, text_seq=last_text(db) + 1))
            released.add(arxiv_id)
    return released


def _save_categories(db: Connection, batch: Sequence[Paper]) -> None:
    rows = [
        {"category": category, "arxiv_id": paper.arxiv_id}
        for paper in batch
        for category in dict.fromkeys(paper.categories)
    ]
    if rows:
        db.execute(insert(paper_categories), rows)


_FIELDS = (
    "arxiv_id", "version", "title", "abstract", "authors", "categories", "primary_category", "published", "updated",
    "comment", "doi", "journal_ref", "withdrawn",
)  # fmt: skip


def _record(paper: Paper) -> dict[str, Any]:
    return {key: getattr(paper, key) for key in _FIELDS}


def _paper(row: Row[Any]) -> Paper:
    paper = Paper(**{key: getattr(row, key) for key in _FIELDS})
    return replace(paper, authors=tuple(paper.authors), categories=tuple(paper.categories))
