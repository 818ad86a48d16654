"""What becomes of the papers that lines rest on: what is kept of it, and which claims it touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anchor_sample import BACK, EMPTIED, FASTING, GONE, NEWER, WITHDRAWAL

from litwatch.model import Anchor, AnchorChange, AnchorChangeKind, Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.anchors import (
    anchor_news,
    changes_between,
    keep_anchor_changes,
    resting_claims,
    untold_anchor_news,
)
from litwatch.store.anchors import add_anchor_changes, anchor_changes
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store

NOW = datetime(2025, 11, 10, 12, tzinfo=UTC)
RANKER = Ranker(bundled())

CLAIMS = (
    Claim(id="c1", text="Intermittent fasting lowers blood pressure in adults with obesity."),
    Claim(id="c2", text="Chess players of all ages sleep badly before tournaments."),
)
LINE = Line(
    slug="fasting",
    question="Does intermittent fasting help adults with obesity?",
    claims=CLAIMS,
    anchors=(Anchor(arxiv_id="2511.90001"),),
)


# --- what changed --------------------------------------------------------------------------------------------

V, W, R, T, J, D = (
    AnchorChangeKind.VERSION,
    AnchorChangeKind.WITHDRAWN,
    AnchorChangeKind.REINSTATED,
    AnchorChangeKind.TITLE,
    AnchorChangeKind.JOURNAL_REF,
    AnchorChangeKind.DOI,
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(FASTING, FASTING, [], id="the same record"),
        pytest.param(FASTING, NEWER, [(V, FASTING.abstract, NEWER.abstract)], id="a new version with both abstracts"),
        pytest.param(NEWER, FASTING, [], id="an older version than the one known"),
        pytest.param(
            FASTING,
            replace(NEWER, title="Meal timing and the heart"),
            [(V, FASTING.abstract, NEWER.abstract), (T, FASTING.title, "Meal timing and the heart")],
            id="a new title",
        ),
        pytest.param(
            replace(FASTING, title="On Erdős and \u201cspace\u201d", abstract=NEWER.abstract),
            replace(NEWER, title='On Erd\\H{o}s and  "Space"'),
            [(V, NEWER.abstract, NEWER.abstract)],
            id="a title that is only spelled otherwise",
        ),
        pytest.param(FASTING, GONE, [(W, "", WITHDRAWAL)], id="a withdrawal without its version"),
        pytest.param(FASTING, replace(EMPTIED, title="Withdrawn"), [(W, "", EMPTIED.abstract)], id="an emptied paper"),
        pytest.param(FASTING, replace(GONE, version=1), [(W, "", WITHDRAWAL)], id="a withdrawal without a new version"),
        pytest.param(GONE, replace(GONE, version=3), [], id="withdrawn again"),
        pytest.param(GONE, BACK, [(R, GONE.abstract, BACK.abstract)], id="a version after it that is none"),
        pytest.param(
            FASTING,
            replace(FASTING, journal_ref="J. Meals 3 (2025) 7", doi="10.5555/meals.7"),
            [(J, "", "J. Meals 3 (2025) 7"), (D, "", "10.5555/meals.7")],
            id="published",
        ),
        pytest.param(
            replace(FASTING, doi="10.5555/MEALS.7", journal_ref="J.  Meals 3"),
            replace(FASTING, doi="10.5555/meals.7 ", journal_ref="J. Meals 3"),
            [],
            id="a DOI and a reference that are only spelled otherwise",
        ),
        pytest.param(replace(FASTING, doi="10.5555/a"), FASTING, [], id="a DOI that one service leaves out"),
        pytest.param(
            replace(FASTING, doi="10.5555/a"),
            replace(FASTING, doi="10.5555/b"),
            [(D, "10.5555/a", "10.5555/b")],
            id="another DOI",
        ),
        pytest.param(FASTING, replace(FASTING, abstract="Edited.", comment="9 pages"), [], id="edits of one version"),
    ],
)
def test_what_is_told_of_two_records(
    before: Paper, after: Paper, told: list[tuple[AnchorChangeKind, str, str]]
) -> None:
    changes = changes_between(before, after, at=NOW)
    assert [(change.kind, change.before, change.after) for change in changes] == told
    assert all(
        (change.arxiv_id, change.version, change.at) == (after.arxiv_id, after.version, NOW) for change in changes
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/anchors.db")
    yield opened
    opened.close()


def receive(store: Store, *papers: Paper, anchors: set[str], days: int = 0) -> list[AnchorChange]:
    """Papers as a harvest keeps them, one after the other; all that is known of the anchors then."""
    now = NOW + timedelta(days=days)
    for paper in papers:
        with store.write() as db:
            saved = save_papers(db, [paper], now=now)
            keep_anchor_changes(db, saved.moved, anchors, now=now)
    with store.read() as db:
        return anchor_changes(db, [paper.arxiv_id for paper in papers])


def test_only_papers_that_a_line_rests_on_are_followed(store: Store) -> None:
    assert receive(store, FASTING, NEWER, anchors=set()) == []
    assert [c.kind for c in receive(store, BACK, replace(BACK, version=4), anchors={FASTING.arxiv_id})] == [V, V]


def test_the_same_record_again_adds_nothing(store: Store) -> None:
    anchors = {FASTING.arxiv_id}
    first = receive(store, FASTING, NEWER, anchors=anchors)
    assert [change.kind for change in first] == [V]
    assert receive(store, NEWER, FASTING, NEWER, anchors=anchors, days=1) == first


def test_a_doi_that_services_tell_by_turns_is_news_once(store: Store) -> None:
    with_doi = replace(FASTING, doi="10.5555/meals.7")
    changes = receive(store, FASTING, with_doi, FASTING, with_doi, anchors={FASTING.arxiv_id})
    assert [change.kind for change in changes] == [D]


def test_a_paper_that_is_back_is_held_against_the_version_that_stood(store: Store) -> None:
    withdrawn = replace(EMPTIED, version=3)
    changes = receive(store, FASTING, NEWER, withdrawn, replace(BACK, version=4), anchors={FASTING.arxiv_id})
    assert [change.kind for change in changes] == [V, W, R]
    assert changes[-1].before == NEWER.abstract


# --- what it touches -----------------------------------------------------------------------------------------


def test_the_claims_that_name_an_anchor_rest_on_it_and_no_others() -> None:
    named = replace(CLAIMS[1], text=f"{CLAIMS[1].text} (arXiv:2511.90001v1)")
    line = replace(LINE, claims=(CLAIMS[0], named))
    assert resting_claims(line, [FASTING], RANKER) == {FASTING.arxiv_id: (named,)}


def test_without_a_name_the_claims_rest_on_it_that_its_words_bear_on() -> None:
    tides = replace(FASTING, arxiv_id="2511.90009", title="Tides", abstract="The tide of a dredged channel rises.")
    assert resting_claims(LINE, [FASTING, tides], RANKER) == {"2511.90001": CLAIMS[:1], "2511.90009": ()}


def test_at_most_five_claims_rest_on_an_anchor_nearest_first_and_no_retired_one() -> None:
    near = "Intermittent fasting lowers systolic blood pressure in adults with obesity"
    many = tuple(Claim(id=f"c{n}", text=f"{near}, as {n} of {n} trials of meals say.") for n in range(9))
    nearest = Claim(id="c10", text=f"{near}: hours of eating, vessels and mmHg.")
    gone = replace(nearest, id="c11", retired=True)
    found = resting_claims(replace(LINE, claims=(*many, nearest, gone)), [FASTING], RANKER)[FASTING.arxiv_id]
    assert len(found) == 5
    assert found[0] == nearest
    assert gone not in found


def test_a_line_without_claims_rests_on_its_anchors_as_a_whole() -> None:
    assert resting_claims(replace(LINE, claims=()), [FASTING], RANKER) == {FASTING.arxiv_id: ()}


def test_news_of_an_emptied_paper_name_the_claims_that_rested_on_what_it_said(store: Store) -> None:
    receive(store, FASTING, EMPTIED, anchors={FASTING.arxiv_id})
    with store.read() as db:
        (news,) = anchor_news(db, [LINE])["fasting"]
    assert news.withdrawn
    assert news.paper == EMPTIED
    assert news.claims == CLAIMS[:1]


def test_withdrawn_anchors_come_first_and_lines_without_news_are_left_out(store: Store) -> None:
    second = replace(FASTING, arxiv_id="2511.90002")
    anchors = (Anchor(arxiv_id="2511.90001"), Anchor(arxiv_id="2511.90002"), Anchor(arxiv_id="2511.99999"))
    ids = {anchor.arxiv_id for anchor in anchors}
    receive(store, FASTING, NEWER, second, replace(GONE, arxiv_id="2511.90002"), anchors=ids)
    lines = (replace(LINE, anchors=anchors), replace(LINE, slug="other", anchors=anchors[2:]))
    with store.read() as db:
        found = anchor_news(db, lines)
    assert [news.paper.arxiv_id for news in found.pop("fasting")] == ["2511.90002", "2511.90001"]
    assert found == {}


def test_without_a_channel_the_news_of_the_period_are_told(store: Store) -> None:
    receive(store, FASTING, anchors=set())
    with store.write() as db:
        changes = [replace(changes_between(FASTING, NEWER, at=NOW)[0], at=NOW + timedelta(days=n)) for n in range(3)]
        add_anchor_changes(db, changes)
    with store.read() as db:
        until = NOW + timedelta(days=1)
        (news,) = untold_anchor_news(db, [LINE], "", start=NOW, until=until)["fasting"]
    assert [change.at for change in news.changes] == [until]
