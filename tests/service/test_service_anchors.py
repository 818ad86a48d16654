"""What becomes of the papers that lines rest on: what is kept of it, and which claims it touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from anchor_sample import BACK, EMPTIED, FASTING, GONE, NEWER, WITHDRAWAL

from litwatch.model import Anchor, AnchorChange, AnchorChangeKind, Claim, HarvestState, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.anchors import (
    anchor_news,
    changes_between,
    keep_anchor_changes,
    keep_standing_withdrawals,
    resting_claims,
    untold_anchor_news,
)
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content
from litwatch.store.anchors import add_anchor_changes, anchor_changes
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.papers import save_papers
from litwatch.store.store import Store

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
        pytest.param(
            replace(FASTING, doi="10.5555/meals.7", journal_ref="J. Meals 3 (2025), 7--9"),
            replace(FASTING, doi="10.5555/meals-7", journal_ref="J Meals, 3, (2025) 7-9."),
            [],
            id="a DOI and a reference with other points",
        ),
        pytest.param(
            FASTING, replace(FASTING, doi="-", journal_ref="—"), [], id="a DOI and a reference that say nothing"
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


def test_a_reference_that_flips_between_spellings_is_news_once_each(store: Store) -> None:
    spelled = [
        replace(FASTING, journal_ref=reference)
        for reference in ("J. Meals 3 (2025) 7", "Journal of Meals, 3:7, 2025", "J Meals, 3 (2025), 7")
    ]
    changes = receive(store, FASTING, *spelled * 4, anchors={FASTING.arxiv_id})
    assert [(change.before, change.after) for change in changes] == [
        ("", "J. Meals 3 (2025) 7"),
        ("J. Meals 3 (2025) 7", "Journal of Meals, 3:7, 2025"),
    ]


def test_a_reference_that_goes_back_to_what_it_was_before_it_was_followed_is_no_news(store: Store) -> None:
    first, second = (replace(FASTING, journal_ref=reference) for reference in ("J. Meals 3", "Journal of Meals 3"))
    changes = receive(store, *(first, second) * 3, anchors={FASTING.arxiv_id})
    assert [(change.before, change.after) for change in changes] == [("J. Meals 3", "Journal of Meals 3")]


def test_a_title_that_is_taken_back_is_news_again(store: Store) -> None:
    versions = [replace(FASTING, version=n, title="Meals" if n % 2 else "Hours of eating") for n in range(1, 5)]
    changes = receive(store, *versions, anchors={FASTING.arxiv_id})
    titles = [change.after for change in changes if change.kind is T]
    assert titles == ["Hours of eating", "Meals", "Hours of eating"]


def look(store: Store, *papers: Paper, days: int = 0) -> list[AnchorChange]:
    """Papers as a look at the anchors keeps them; all that is known of them then."""
    now, ids = NOW + timedelta(days=days), [paper.arxiv_id for paper in papers]
    with store.write() as db:
        saved = save_papers(db, papers, now=now, harvested=False)
        keep_anchor_changes(db, saved.moved, ids, now=now)
        keep_standing_withdrawals(db, ids, now=now)
    with store.read() as db:
        return anchor_changes(db, ids)


def test_an_anchor_that_is_withdrawn_when_it_is_first_seen_is_told_once(store: Store) -> None:
    (change,) = look(store, GONE)
    assert (change.kind, change.version, change.after, change.at) == (W, 2, WITHDRAWAL, NOW)
    assert look(store, GONE, replace(FASTING, arxiv_id="2511.90002"), days=1) == [change]
    with store.read() as db:
        (news,) = untold_anchor_news(db, [LINE], "", start=NOW - timedelta(days=1), until=NOW)["fasting"]
        assert (news,) == anchor_news(db, [LINE])["fasting"]
    assert news.withdrawn


def test_a_paper_that_was_withdrawn_before_a_line_rested_on_it_is_told_when_one_does(store: Store) -> None:
    assert receive(store, FASTING, GONE, anchors=set()) == []
    assert [(c.kind, c.after, c.at) for c in look(store, GONE, days=9)] == [(W, WITHDRAWAL, NOW + timedelta(days=9))]


def test_a_withdrawal_while_no_line_rested_on_a_paper_that_was_back_is_told(store: Store) -> None:
    assert [change.kind for change in look(store, FASTING)] == []
    assert [change.kind for paper in (GONE, BACK) for change in look(store, paper)[-1:]] == [W, R]
    again = replace(GONE, version=4)
    assert [change.kind for change in receive(store, again, anchors=set())] == [W, R]
    assert [change.kind for change in look(store, again)] == [W, R, W]


def test_a_paper_that_is_back_by_the_time_of_a_look_is_not_withdrawn(store: Store) -> None:
    receive(store, FASTING, GONE, BACK, anchors=set())
    assert look(store, BACK) == []


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


# --- what a digest has no room for ---------------------------------------------------------------------------

SLACK = Channel(name="lab", url="slack://TokenA/TokenB/TokenC/%23papers")
DAY = timedelta(days=1)


def crowd(store: Store, count: int) -> Line:
    """A line with so many anchors, each of which has a new version at NOW."""
    papers = [replace(FASTING, arxiv_id=f"2511.{n:05}") for n in range(count)]
    ids = {paper.arxiv_id for paper in papers}
    with store.write() as db:
        save_papers(db, papers, now=NOW - DAY)
        saved = save_papers(db, [replace(NEWER, arxiv_id=paper.arxiv_id) for paper in papers], now=NOW)
        keep_anchor_changes(db, saved.moved, ids, now=NOW)
    return replace(LINE, claims=(), anchors=tuple(Anchor(arxiv_id=name) for name in sorted(ids)))


def digest(store: Store, line: Line, now: datetime) -> list[str]:
    """Ids of the anchors that the channel's digest of then tells, after a harvest an hour before."""
    at = now - timedelta(hours=1)
    with store.write() as db:
        finish_harvest(db, HarvestRecord(id=begin_harvest(db, at=at), at=at, state=HarvestState.QUIET))
    number = digest_once(store, [line], SLACK, Settings(top=5, threshold=0.5), now=now)
    assert number is not None
    (section,) = frozen_content(store, number)["sections"]
    return [news["arxiv_id"] for news in section["anchors"]]


def test_what_had_no_room_is_told_in_as_many_digests_as_it_takes(store: Store) -> None:
    line = crowd(store, 120)
    told = [digest(store, line, NOW + weeks * 7 * DAY + DAY) for weeks in range(5)]
    assert [bool(ids) for ids in told] == [True, True, True, False, False]
    assert sorted(key for ids in told for key in ids) == [anchor.arxiv_id for anchor in line.anchors]


def test_what_was_untold_for_ninety_days_is_told_no_more(store: Store) -> None:
    line = crowd(store, 120)
    first = digest(store, line, NOW + DAY)
    with store.read() as db:
        last, too_late = (
            untold_anchor_news(db, [line], "lab", start=NOW + 80 * DAY, until=NOW + days * DAY) for days in (89, 90)
        )
    assert len(last["fasting"]) == 120 - len(first)
    assert too_late == {}


def test_what_came_before_the_first_digest_of_a_channel_is_not_told_by_its_second(store: Store) -> None:
    line = crowd(store, 3)
    assert digest(store, line, NOW + 9 * DAY) == []
    assert digest(store, line, NOW + 16 * DAY) == []


def test_a_period_is_told_whole_however_long_it_is(store: Store) -> None:
    digest(store, replace(LINE, anchors=()), NOW - DAY)
    line = crowd(store, 3)
    assert len(digest(store, line, NOW + 200 * DAY)) == 3
