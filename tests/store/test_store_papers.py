"""Papers in the store: deduplicated by id, revised in place, the older text kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Paper
from litwatch.store.papers import (
    Saved,
    count_first_seen,
    count_submitted,
    get_papers,
    last_text,
    older_texts,
    papers_after,
    save_papers,
)
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

NOW = datetime(2025, 11, 20, tzinfo=UTC)
PAPER = Paper(
    arxiv_id="2511.90001",
    title="An invented title",
    abstract="An invented abstract.",
    authors=("A. One", "B. Two"),
    categories=("cs.CL", "cs.AI"),
    primary_category="cs.CL",
    published=NOW - timedelta(days=3),
    updated=NOW - timedelta(days=3),
)


def save(store: Store, *papers: Paper, harvested: bool = True) -> Saved:
    with store.write() as db:
        return save_papers(db, papers, now=NOW, harvested=harvested)


def test_a_paper_comes_back_as_it_was_saved(store: Store) -> None:
    assert save(store, PAPER) == Saved(added=(PAPER,))
    with store.read() as db:
        assert get_papers(db, ["2511.90001", "2511.90002"]) == [PAPER]


def test_the_same_paper_again_is_nothing_new(store: Store) -> None:
    save(store, PAPER)
    assert save(store, PAPER, PAPER) == Saved()


def test_a_newer_version_takes_its_place_and_is_ranked_again(store: Store) -> None:
    save(store, PAPER)
    second = replace(PAPER, version=2, title="A better title", updated=NOW)
    assert save(store, second) == Saved(moved=((PAPER, second),))
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id]) == [second]
        assert [(row.version, row.title) for row in older_texts(db, PAPER.arxiv_id)] == [(1, "An invented title")]
        assert papers_after(db, 1, 10) == ([second], 2)


def test_an_older_version_changes_nothing(store: Store) -> None:
    second = replace(PAPER, version=2)
    save(store, second)
    assert save(store, PAPER) == Saved()
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id]) == [second]


def test_versions_that_come_together_count_once(store: Store) -> None:
    assert save(store, PAPER, replace(PAPER, version=3), replace(PAPER, version=2)).new == 1
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id])[0].version == 3


def test_what_arxiv_edits_in_place_is_taken_over_without_a_new_text(store: Store) -> None:
    save(store, PAPER)
    edited = replace(PAPER, doi="10.1000/invented", categories=("cs.CL", "cs.LG"))
    saved = save(store, edited)
    assert (saved.moved, saved.revised) == (((PAPER, edited),), 0)
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id]) == [edited]
        assert last_text(db) == 1
        window = (NOW - timedelta(days=4), NOW)
        assert [count_submitted(db, [name], *window) for name in ("cs.AI", "cs.LG")] == [0, 1]


def test_services_that_spell_a_record_differently_do_not_undo_each_other(store: Store) -> None:
    withdrawn = replace(PAPER, withdrawn=True)
    save(store, withdrawn)
    assert save(store, replace(PAPER, authors=("A. One", r"B. Tw\"o"))) == Saved()
    with store.read() as db:
        assert get_papers(db, [PAPER.arxiv_id]) == [withdrawn]


def test_an_anchor_is_kept_but_is_no_news_until_a_harvest_meets_it(store: Store) -> None:
    save(store, PAPER, harvested=False)
    with store.read() as db:
        assert papers_after(db, 0, 10)[0] == []
        assert count_first_seen(db, ["cs.CL"], NOW - timedelta(days=1), NOW) == 0
        assert count_submitted(db, ["cs.CL"], NOW - timedelta(days=4), NOW) == 0
    assert save(store, PAPER).added == (PAPER,)
    with store.read() as db:
        assert papers_after(db, 0, 10)[0] == [PAPER]
        assert count_submitted(db, ["cs.CL"], NOW - timedelta(days=4), NOW) == 1
