"""What the store keeps of near misses, and which of them a channel may be told. All papers are invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from litwatch.model import Coverage, Digest, Entry, Line, Match, Paper, Payload, Section
from litwatch.store.lines import sync_lines
from litwatch.store.matches import replace_matches
from litwatch.store.near_misses import (
    count_near_misses,
    drop_near_misses,
    get_near_misses,
    replace_near_misses,
    untold_near_misses,
)
from litwatch.store.outbox import freeze, know_channel
from litwatch.store.papers import save_papers
from litwatch.store.schema import told
from litwatch.store.store import Db, Store

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TIDES = Line(slug="tides", question="How far inland does a dredged channel carry the tide?")
MOOR = Line(slug="moor", question="How fast does an invented moor grow?")
BOTH = (TIDES.slug, MOOR.slug)


def paper(number: int, *, withdrawn: bool = False) -> Paper:
    return Paper(
        arxiv_id=f"2511.{number:05}", title=f"Gauge {number}", abstract="", published=T, updated=T, withdrawn=withdrawn
    )


def near(number: int, line: Line = TIDES, score: float = 0.05) -> Match:
    return Match(
        line=line.slug,
        arxiv_id=paper(number).arxiv_id,
        version=1,
        score=score,
        claim="c1",
        claim_scores=(("c1", score),),
        terms=(("gauge", 0.5),),
        sentence="It does.",
        base=0.04,
        semantic=0.25,
    )


def keep(db: Db, *found: Match, of: Iterable[int] = (), lines: Iterable[str] = BOTH, now: datetime = T) -> None:
    """What ranking the papers of the matches, and those of the numbers `of`, came to."""
    ids = sorted({*(match.arxiv_id for match in found), *(paper(number).arxiv_id for number in of)})
    replace_near_misses(db, list(lines), ids, found, chance=1 / 32, now=now)


def untold(db: Db, channel: str | None = "lab", since: datetime | None = None) -> set[tuple[str, int]]:
    misses = untold_near_misses(db, BOTH, channel, found_after=since)
    return {(miss.line, int(miss.arxiv_id[-5:])) for miss in misses if miss.chance == 1 / 32}


@pytest.fixture
def watched(store: Store) -> Store:
    with store.write() as db:
        sync_lines(db, (TIDES, MOOR), {TIDES.slug: "f", MOOR.slug: "f"}, now=T - 9 * DAY)
        save_papers(db, [paper(number) for number in range(1, 10)], now=T)
    return store


def test_one_is_kept_as_it_was_found(watched: Store) -> None:
    with watched.write() as db:
        keep(db, near(1))
        (kept,) = get_near_misses(db, [(TIDES.slug, paper(1).arxiv_id), (MOOR.slug, paper(1).arxiv_id)])
        assert kept.match == near(1)
        assert kept.found_at == T
        assert get_near_misses(db, []) == []


def test_ranked_again_it_keeps_its_date_and_goes_where_it_is_none_any_more(watched: Store) -> None:
    with watched.write() as db:
        keep(db, near(1), near(2), near(1, MOOR))
        keep(db, near(2, score=0.06), of=(1,), lines=[TIDES.slug], now=T + DAY)
        assert untold(db) == {("tides", 2), ("moor", 1)}
        (kept,) = get_near_misses(db, [(TIDES.slug, paper(2).arxiv_id)])
        assert (kept.match.score, kept.found_at) == (0.06, T)


def test_a_paper_that_is_withdrawn_or_matches_another_of_the_lines_is_not_untold(watched: Store) -> None:
    with watched.write() as db:
        keep(db, near(1), near(2), near(3))
        save_papers(db, [replace(paper(1, withdrawn=True), version=2)], now=T)
        replace_matches(db, [MOOR.slug], [paper(2).arxiv_id], [near(2, MOOR, 0.5)], now=T)
        assert untold(db) == {("tides", 3)}
        alone = untold_near_misses(db, [TIDES.slug], "lab", found_after=None)
        assert {miss.arxiv_id for miss in alone} == {paper(2).arxiv_id, paper(3).arxiv_id}, "of other lines it may be"


def test_only_what_was_found_since_and_on_the_lines_asked_for_is_untold(watched: Store) -> None:
    with watched.write() as db:
        keep(db, near(1), now=T - DAY)
        keep(db, near(2), now=T)
        assert untold(db, since=T - DAY) == {("tides", 2)}
        assert not list(untold_near_misses(db, [MOOR.slug], "lab", found_after=None))
        assert not list(untold_near_misses(db, [], "lab", found_after=None))


def test_what_one_channel_was_told_another_was_not(watched: Store) -> None:
    entry = Entry(paper=paper(1), score=0.05, claim=None, chance=1 / 64, near=True)
    digest = Digest(
        id="lab/1",
        channel="lab",
        sections=(
            Section(line=TIDES.slug, question="?", entries=(replace(entry, paper=paper(2), chance=None), entry)),
        ),
        coverage=Coverage(period_start=T - DAY, period_end=T, papers_read=0),
        created=T,
    )
    with watched.write() as db:
        keep(db, near(1), near(3))
        know_channel(db, "lab", now=T)
        freeze(db, digest, Payload(subject="", text=""), {}, due_at=T)
        assert untold(db, "lab") == {("tides", 3)}
        assert untold(db, "home") == untold(db, None) == {("tides", 1), ("tides", 3)}
        rows = db.execute(select(told.c.arxiv_id, told.c.line, told.c.place, told.c.score, told.c.chance)).all()
    assert sorted(map(tuple, rows)) == [
        (paper(1).arxiv_id, "tides", 2, 0.05, 1 / 64),
        (paper(2).arxiv_id, "tides", 1, 0.05, None),
    ]


def test_old_ones_go_the_oldest_first(watched: Store) -> None:
    with watched.write() as db:
        for number in (1, 2, 3):
            keep(db, near(number), near(number, MOOR), now=T - number * DAY)
        assert count_near_misses(db, before=T - DAY) == 4
        assert drop_near_misses(db, before=T - DAY, limit=2) == 2
        assert untold(db) == {("tides", 1), ("moor", 1), ("tides", 2), ("moor", 2)}
        assert drop_near_misses(db, before=T - DAY, limit=9) == 2
        assert drop_near_misses(db, before=T - DAY, limit=9) == count_near_misses(db, before=T - DAY) == 0
        assert untold(db) == {("tides", 1), ("moor", 1)}
