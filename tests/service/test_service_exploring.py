"""What a digest tells beyond its places: papers drawn by chance, and how they come to be kept. All are invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from telling_sample import TIDES, arxiv_id, harvest, paper, watch

from litwatch.model import Digest, DigestKind, Entry, Line, Match, Paper
from litwatch.rank.background import Background
from litwatch.rank.exploring import CHANCE, draw_of_paper, is_drawn, near_floor
from litwatch.rank.ranker import Ranker
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content, preview
from litwatch.service.matching import rank_once, sync
from litwatch.store.feedback import Scored, rescore
from litwatch.store.lines import sync_lines
from litwatch.store.matches import line_matches, replace_matches
from litwatch.store.near_misses import replace_near_misses, untold_near_misses
from litwatch.store.papers import save_papers
from litwatch.store.schema import near_misses, papers, told
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAB = Channel(name="lab", url="json://127.0.0.1:9/", alerts_per_day=9)
SETTINGS = Settings(top=3, threshold=0.5, explore=2)
MOOR = replace(TIDES, slug="moor", question="How fast does an invented moor grow?")


@pytest.fixture
def watched(store: Store) -> Store:
    """One line and one channel, which was told of paper 1."""
    watch(store, T - 9 * DAY)
    harvest(store, T - DAY, 1)
    assert digest_once(store, [TIDES], LAB, SETTINGS, now=T - DAY + HOUR) is not None
    return store


def miss(
    store: Store,
    *numbers: int,
    now: datetime = T,
    line: Line = TIDES,
    score: float = 0.05,
    base: float | None = None,
    published: datetime | None = None,
) -> None:
    """Near misses, each kept with a chance of 1 in 2."""
    found = [replace(paper(number, now), published=published or now - DAY) for number in numbers]
    near = [
        Match(line=line.slug, arxiv_id=each.arxiv_id, version=1, score=score, base=base, claim="c1") for each in found
    ]
    with store.write() as db:
        save_papers(db, found, now=now)
        replace_near_misses(db, [line.slug], [each.arxiv_id for each in found], near, chance=0.5, now=now)


def shown(store: Store, *lines: Line, now: datetime = T + HOUR, kind: DigestKind = DigestKind.DIGEST) -> Digest:
    return preview(store, lines or (TIDES,), LAB, SETTINGS, now=now, kind=kind).shown


def drawn(digest: Digest) -> list[Entry]:
    return [entry for entry in digest.entries if entry.chance is not None]


def least(numbers: Iterable[int]) -> str:
    """The paper of these that is drawn first."""
    return min(map(arxiv_id, numbers), key=draw_of_paper)


def test_one_that_had_no_room_and_one_near_miss_are_told_with_their_chances(watched: Store) -> None:
    harvest(watched, T, *range(2, 15))
    miss(watched, *range(20, 30))
    (section,) = shown(watched).sections
    first, second = section.entries[3:]
    assert [entry.chance for entry in section.entries[:3]] == [None] * 3
    assert (first.paper.arxiv_id, first.chance, first.near) == (least(range(5, 15)), 1 / 10, False)
    assert (second.paper.arxiv_id, second.chance, second.near) == (least(range(20, 30)), 0.5 / 10, True)
    assert section.left_out == 9, "what was drawn is told"


def test_the_preview_shows_what_is_frozen_and_neither_is_told_again(watched: Store) -> None:
    harvest(watched, T, *range(2, 15))
    miss(watched, *range(20, 30))
    before = [entry.paper.arxiv_id for entry in drawn(shown(watched))]
    number = digest_once(watched, [TIDES], LAB, SETTINGS, now=T + HOUR)
    assert number is not None
    (part,) = frozen_content(watched, number)["sections"]
    assert [entry["arxiv_id"] for entry in part["entries"] if entry["explored"]] == before
    with watched.read() as db:
        rows = db.execute(select(told).where(told.c.chance.is_not(None)).order_by(told.c.place)).all()
    assert [(row.arxiv_id, row.line, row.place) for row in rows] == [(before[0], "tides", 4), (before[1], "tides", 5)]
    harvest(watched, T + DAY, 90)
    again = shown(watched, now=T + DAY + HOUR)
    assert arxiv_id(90) in {entry.paper.arxiv_id for entry in again.entries}
    assert not {entry.paper.arxiv_id for entry in again.entries} & set(before)
    assert drawn(again) == [], "nothing that was found before is drawn"


def test_all_lines_of_the_channel_have_the_same_chance(watched: Store) -> None:
    with watched.write() as db:
        sync_lines(db, (TIDES, MOOR), {TIDES.slug: "f", MOOR.slug: "f"}, now=T)
    harvest(watched, T)
    miss(watched, 20)
    miss(watched, *range(30, 40), line=MOOR)
    everything = [("tides", arxiv_id(20)), *(("moor", arxiv_id(number)) for number in range(30, 40))]
    told_here = [
        (section.line, entry.paper.arxiv_id)
        for section in shown(watched, TIDES, MOOR).sections
        for entry in section.entries
    ]
    assert set(told_here) == set(sorted(everything, key=lambda pair: draw_of_paper(pair[1]))[:2])
    assert [entry.chance for entry in drawn(shown(watched, TIDES, MOOR))] == [2 / 11 * 0.5] * 2
    assert [entry.paper.arxiv_id for entry in drawn(shown(watched))] == [arxiv_id(20)], "of the other line nothing"


def test_a_paper_that_nearly_fits_two_lines_is_told_once(watched: Store) -> None:
    with watched.write() as db:
        sync_lines(db, (TIDES, MOOR), {TIDES.slug: "f", MOOR.slug: "f"}, now=T)
    harvest(watched, T)
    miss(watched, 20)
    miss(watched, 20, line=MOOR)
    (only,) = drawn(shown(watched, TIDES, MOOR))
    assert (only.paper.arxiv_id, only.chance) == (arxiv_id(20), 0.5), "it is one paper to draw"
    miss(watched, 21)
    both = drawn(shown(watched, TIDES, MOOR))
    assert {entry.paper.arxiv_id: entry.chance for entry in both} == {arxiv_id(20): 0.5, arxiv_id(21): 0.5}


def test_nothing_is_drawn_from_what_a_search_backwards_brought(watched: Store) -> None:
    old = T - 30 * DAY
    harvest(watched, T, *range(2, 15))
    with watched.write() as db:
        save = [replace(paper(number, T), published=old, version=2) for number in range(2, 12)]
        save_papers(db, save, now=T)
        db.execute(papers.update().where(papers.c.arxiv_id.in_([p.arxiv_id for p in save])).values(published=old))
    miss(watched, *range(20, 30), published=old)
    miss(watched, 30)
    new = {arxiv_id(number) for number in (12, 13, 14)}
    (section,) = shown(watched).sections
    placed = {entry.paper.arxiv_id for entry in section.entries if entry.chance is None}
    first, second = drawn(shown(watched))
    assert first.paper.arxiv_id in new - placed
    assert first.chance == 1 / len(new - placed)
    assert (second.paper.arxiv_id, second.chance) == (arxiv_id(30), 0.5)


def test_a_first_digest_draws_from_its_period_alone(store: Store) -> None:
    watch(store, T - 9 * DAY)
    miss(store, 20, published=T - 60 * DAY)
    miss(store, 21)
    assert [(entry.paper.arxiv_id, entry.chance) for entry in drawn(shown(store))] == [(arxiv_id(21), 0.5)]


def test_what_feedback_put_below_the_floor_is_drawn_with_what_had_no_room_and_counted(watched: Store) -> None:
    harvest(watched, T, *range(2, 15))
    with watched.write() as db:
        down = [Scored(arxiv_id=arxiv_id(n), score=0.05, base=0.5, near=False) for n in range(2, 15)]
        rescore(db, TIDES.slug, down)
    floored = replace(SETTINGS, floor=0.1)
    (section,) = preview(watched, (TIDES,), LAB, floored, now=T + HOUR).shown.sections
    assert [(entry.near, entry.score, entry.chance) for entry in section.entries] == [(False, 0.5, 2 / 13)] * 2
    assert section.left_out == 11


def test_a_near_miss_that_feedback_lifts_is_told_as_what_it_was_drawn_as(watched: Store) -> None:
    harvest(watched, T)
    miss(watched, 20, score=0.22, base=0.05)
    assert [(entry.near, entry.score) for entry in drawn(shown(watched))] == [(True, 0.05)]


def test_a_likely_challenge_and_a_withdrawn_paper_are_never_drawn(watched: Store) -> None:
    harvest(watched, T, 2, 3, 4, against=(5, 6))
    miss(watched, 20)
    gone = replace(paper(20, T), version=2, withdrawn=True)
    with watched.write() as db:
        save_papers(db, [gone], now=T)
    (section,) = shown(watched).sections
    assert [entry.paper.arxiv_id for entry in section.entries if entry.challenge] == [arxiv_id(5), arxiv_id(6)]
    # Two challenges leave one of three places: two of the others have none.
    assert {entry.paper.arxiv_id for entry in drawn(shown(watched))} == {arxiv_id(3), arxiv_id(4)}
    assert all(entry.chance == 1 for entry in drawn(shown(watched)))


def test_alerts_and_those_who_do_not_want_it_get_none(watched: Store) -> None:
    harvest(watched, T, *range(2, 15), against=(16,))
    miss(watched, 20)
    assert drawn(shown(watched, kind=DigestKind.ALERT)) == []
    none = preview(watched, [TIDES], LAB, replace(SETTINGS, explore=0), now=T + HOUR).shown
    assert len(none.entries) == 3
    assert drawn(none) == []


def test_near_misses_alone_are_no_reason_to_send_a_digest(watched: Store) -> None:
    miss(watched, *range(20, 30))
    assert len(drawn(shown(watched))) == 2
    assert digest_once(watched, [TIDES], LAB, SETTINGS, now=T + HOUR) is None
    harvest(watched, T + HOUR)
    assert digest_once(watched, [TIDES], LAB, SETTINGS, now=T + 2 * HOUR) is not None, "that nothing is new is told"


def test_one_place_is_given_to_each_kind_in_half_of_the_digests(watched: Store) -> None:
    harvest(watched, T, *range(2, 15))
    miss(watched, *range(20, 30))
    found = []
    for number in range(40):
        channel = replace(LAB, name=f"lab-{number}")
        one = replace(SETTINGS, explore=1)
        found += drawn(preview(watched, [TIDES], channel, one, now=T + HOUR).shown)
    assert {(entry.near, entry.chance) for entry in found} == {(False, 0.5 / 11), (True, 0.5 * 0.5 / 10)}
    assert 10 < sum(entry.near for entry in found) < 30


# --- keeping near misses ------------------------------------------------------------------------------------------


class ByTitle(Ranker):
    """The score of a paper is what its title says."""

    def __init__(self) -> None:
        super().__init__(Background(version="sample", papers=1, mean_length=1.0, frequencies={}), floor=0.3)

    def rank(self, lines, papers, *, anchors=None, floor=None, wanted=None, leanings=None):  # type: ignore[no-untyped-def]
        found = []
        for line in lines:
            for each in papers:
                score = float(each.title)
                if score >= self.floor or (score >= floor and wanted(line.slug, each.arxiv_id, score)):
                    near = tuple((claim.id, score - 0.1) for claim in line.open_claims if score - 0.1 >= floor)
                    found.append(
                        Match(
                            line=line.slug,
                            arxiv_id=each.arxiv_id,
                            version=each.version,
                            score=score,
                            claim=near[0][0] if near else "",
                            claim_scores=near,
                        )
                    )
        return found


def scored(number: int, score: float, version: int = 1) -> Paper:
    return replace(paper(number, T), title=str(score), version=version)


def kept(store: Store) -> dict[str, float]:
    with store.read() as db:
        rows = db.execute(select(near_misses)).all()
    assert {row.chance for row in rows} <= {CHANCE}
    return {row.arxiv_id: row.score for row in rows}


def test_near_misses_are_kept_by_chance_and_are_no_matches(store: Store) -> None:
    ranker = ByTitle()
    scores = {0: 0.9, 1: 0.3, 2: 0.29, 3: near_floor(0.3), 4: near_floor(0.3) - 0.01}
    found = [scored(10 * number + part, score) for number in range(60) for part, score in scores.items() if part < 10]
    with store.write() as db:
        save_papers(db, found, now=T)
    sync(store, [TIDES], ranker, now=T)
    while rank_once(store, [TIDES], ranker, now=T):
        pass
    with store.read() as db:
        matched = line_matches(db, TIDES.slug)
    assert {item.match.score for item in matched} == {0.9, 0.3}
    assert len(matched) == 120
    near = {each.arxiv_id: float(each.title) for each in found if each.title in (str(scores[2]), str(scores[3]))}
    assert kept(store) == {name: score for name, score in near.items() if is_drawn(TIDES.slug, name, CHANCE)}
    assert kept(store)


def test_a_new_version_makes_a_match_of_a_near_miss_and_back(store: Store) -> None:
    number = next(number for number in range(1000) if is_drawn(TIDES.slug, arxiv_id(number), CHANCE))
    ranker = ByTitle()
    for version, (score, near) in enumerate([(0.2, True), (0.5, False), (0.25, True), (0.05, False)], start=1):
        with store.write() as db:
            save_papers(db, [scored(number, score, version)], now=T + version * DAY)
        sync(store, [TIDES], ranker, now=T)
        while rank_once(store, [TIDES], ranker, now=T + version * DAY):
            pass
        with store.read() as db:
            matched = {item.match.arxiv_id for item in line_matches(db, TIDES.slug)}
        assert kept(store) == ({arxiv_id(number): score} if near else {})
        assert matched == ({arxiv_id(number)} if score >= 0.3 else set())


def test_what_matches_on_another_channel_may_be_a_near_miss_here(store: Store) -> None:
    watch(store, T - 9 * DAY)
    with store.write() as db:
        sync_lines(db, (TIDES, MOOR), {TIDES.slug: "f", MOOR.slug: "f"}, now=T)
    miss(store, 20)
    fits = Match(line=MOOR.slug, arxiv_id=arxiv_id(20), version=1, score=0.5, claim="c1")
    with store.write() as db:
        replace_matches(db, [MOOR.slug], [arxiv_id(20)], [fits], now=T)
        assert list(untold_near_misses(db, ["tides", "moor"], None, found_after=None)) == []
        assert list(untold_near_misses(db, ["tides"], None, found_after=None)) != []
