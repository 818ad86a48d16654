"""The reader's feedback at work: marks move a line's matches at once, and taken back leave no trace; all invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Claim, Evidence, Line, Mark, Paper, Review, Stance
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker
from litwatch.service.digests import Settings, preview
from litwatch.service.explaining import explain
from litwatch.service.feedback import TakenUp, take_up
from litwatch.service.matching import rank_once, sync
from litwatch.service.reading import line_papers, rank_all
from litwatch.store.feedback import line_scores
from litwatch.store.matches import StoredMatch, add_mark, line_matches, mark_judged
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
LINE = Line(
    slug="tides",
    question="Do warm tides empty a harbour of its eels?",
    claims=(
        Claim(id="c1", text="Warm tides drive eels out of a harbour."),
        Claim(id="c2", text="Eels come back to a harbour when its water cools."),
    ),
)
RANKER = Ranker(bundled(), floor=0.1)
ABOUT = {
    "telemetry": "Receivers logged tagged fish by acoustic telemetry. Eels were among them, as were gulls above "
    "them and buoys.",
    "fishery": "Landings were sold at the market by a small fishery. Eels were among them, as were mussels and crabs.",
}
USEFUL, NOT = "telemetry", "fishery"


def paper(number: int, kind: str) -> Paper:
    return Paper(
        arxiv_id=f"2511.{90000 + number}",
        title=f"Invented {kind} in the north, part {number}",
        abstract=ABOUT[kind],
        comment="invented",
        published=T,
        updated=T,
    )


PAPERS = [paper(number, USEFUL if number % 2 else NOT) for number in range(12)]
EVEN, ODD = [p.arxiv_id for p in PAPERS[::2]], [p.arxiv_id for p in PAPERS[1::2]]


@pytest.fixture
def ranked(store: Store) -> Store:
    """A line with twelve matches of two kinds, in turn."""
    keep(store, PAPERS)
    return store


def keep(store: Store, papers: Sequence[Paper], *, now: datetime = T) -> None:
    with store.write() as db:
        save_papers(db, papers, now=now)
    sync(store, [LINE], RANKER, now=now)
    while rank_once(store, [LINE], RANKER, now=now):
        pass


def stored(store: Store) -> list[StoredMatch]:
    with store.read() as db:
        return line_matches(db, LINE.slug)


def matches(store: Store) -> list[str]:
    return [item.match.arxiv_id for item in stored(store)]


def scores(store: Store) -> dict[str, float]:
    return {item.match.arxiv_id: item.match.score for item in stored(store)}


def mark(store: Store, word: Mark, ids: Sequence[str], *, at: datetime = T, now: datetime = T) -> TakenUp:
    with store.write() as db:
        for arxiv_id in ids:
            add_mark(db, LINE.slug, arxiv_id, word, now=at)
    return take_up(store, LINE, RANKER, now=now)


def told(store: Store, *, floor: float = 0.1, now: datetime = T) -> list[str]:
    digest = preview(store, [LINE], None, Settings(top=20, threshold=0.5, floor=floor), now=now).shown
    return [entry.paper.arxiv_id for section in digest.sections for entry in section.entries]


def test_marks_turn_the_order_at_once_for_papers_that_nobody_marked(ranked: Store) -> None:
    assert matches(ranked) == [*EVEN, *ODD]
    done = mark(ranked, Mark.USEFUL, ODD[:2])
    assert (done.opinions, done.wanting, done.matches, done.moved) == (2, 0, 12, 12)
    mark(ranked, Mark.NOT, EVEN[:2])
    assert matches(ranked) == [*ODD, *EVEN]
    assert told(ranked, floor=0.0)[:6] == ODD


def test_a_single_mark_moves_nothing_and_says_how_many_are_wanting(ranked: Store) -> None:
    before = stored(ranked)
    done = mark(ranked, Mark.NOT, EVEN[:1])
    assert (done.opinions, done.wanting, done.moved) == (1, 1, 0)
    assert stored(ranked) == before


def test_taken_back_marks_leave_no_trace(ranked: Store) -> None:
    before, first = stored(ranked), told(ranked)
    mark(ranked, Mark.USEFUL, ODD[:3])
    mark(ranked, Mark.NOT, EVEN[:3])
    assert stored(ranked) != before
    done = mark(ranked, Mark.NONE, [*EVEN[:3], *ODD[:3]], at=T + timedelta(hours=1))
    assert (done.opinions, done.wanting) == (0, 2)
    assert stored(ranked) == before
    assert told(ranked) == first


def test_taking_up_twice_is_taking_up_once(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:3])
    mark(ranked, Mark.NOT, EVEN[:3])
    once = stored(ranked)
    again = take_up(ranked, LINE, RANKER, now=T)
    assert again.moved == 0
    assert stored(ranked) == once


def test_what_was_found_when_and_judged_with_what_stays(ranked: Store) -> None:
    with ranked.write() as db:
        mark_judged(db, LINE.slug, EVEN, "sample/1")
    found = {item.match.arxiv_id: (item.found_at, item.match.terms, item.match.sentence) for item in stored(ranked)}
    mark(ranked, Mark.USEFUL, ODD[:3], now=T + timedelta(days=3))
    after = {item.match.arxiv_id: (item.found_at, item.match.terms, item.match.sentence) for item in stored(ranked)}
    assert after == found
    assert rank_once(ranked, [LINE], RANKER, now=T) is False, "nothing is ranked again"


def test_papers_that_come_after_the_marks_score_as_those_before(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    mark(ranked, Mark.NOT, EVEN[:2])
    keep(ranked, [paper(12, NOT), paper(13, USEFUL)])
    now = scores(ranked)
    assert now["2511.90012"] == pytest.approx(now[EVEN[5]], abs=2e-6)
    assert now["2511.90013"] == pytest.approx(now[ODD[5]], abs=2e-6)
    fresh = dict(now)
    take_up(ranked, LINE, RANKER, now=T)
    assert scores(ranked) == pytest.approx(fresh, abs=2e-6)


def test_a_not_takes_no_paper_from_the_line_but_from_digests_what_falls_below_the_floor(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    mark(ranked, Mark.NOT, EVEN[:3])
    assert all(scores(ranked)[arxiv_id] < RANKER.floor for arxiv_id in EVEN)
    assert len(matches(ranked)) == 12
    assert told(ranked, floor=RANKER.floor) == ODD
    # Ranked anew, for a line that its reader edited, they are matches as before.
    keep(ranked, [paper(14, NOT)])
    assert "2511.90014" in matches(ranked)
    assert "2511.90014" not in told(ranked)


def test_a_likely_challenge_is_told_whatever_its_score(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    mark(ranked, Mark.NOT, EVEN[:3])
    says = Evidence(stance=Stance.CONTRADICTS, probability=0.9, challenge=0.9, sentence="No.", method="cues/1")
    with ranked.write() as db:
        add_verdicts(db, LINE.slug, [(LINE.claims[0], PAPERS[4], says)], now=T)
    assert told(ranked) == [EVEN[2], *ODD]
    with ranked.write() as db:
        (verdict,) = line_verdicts(db, LINE.slug, LINE.claims)
        add_review(db, verdict.id, Review.REJECTED, now=T)
    assert told(ranked) == ODD, "what was rejected is none"


def test_marks_of_two_years_ago_weigh_a_fourth(ranked: Store) -> None:
    old = T - timedelta(days=730)
    done = mark(ranked, Mark.NOT, EVEN[:4], at=old)
    assert (done.opinions, done.wanting, done.moved) == (4, 1, 0), "four of them weigh as much as one"
    mark(ranked, Mark.USEFUL, ODD[:4], at=old)
    aged = scores(ranked)[ODD[5]]
    mark(ranked, Mark.USEFUL, ODD[:4])
    mark(ranked, Mark.NOT, EVEN[:4])
    assert scores(ranked)[ODD[5]] > aged > 0.127


def test_a_confirmed_verdict_counts_as_useful(ranked: Store) -> None:
    says = Evidence(stance=Stance.CONTRADICTS, probability=0.9, challenge=0.9, sentence="No.", method="cues/1")
    with ranked.write() as db:
        add_verdicts(db, LINE.slug, [(LINE.claims[0], one, says) for one in PAPERS[1:6:2]], now=T)
        for verdict in line_verdicts(db, LINE.slug, LINE.claims):
            add_review(db, verdict.id, Review.CONFIRMED, now=T)
    mark(ranked, Mark.NOT, EVEN[:1])
    assert matches(ranked) == [*ODD, *EVEN]


def test_a_mark_on_a_paper_that_is_no_match_teaches_as_well(ranked: Store) -> None:
    others = [
        Paper(arxiv_id=f"2511.8000{n}", title=f"A fishery, part {n}", abstract="Landings sold.", published=T, updated=T)
        for n in range(4)
    ]
    keep(ranked, others)
    assert not {each.arxiv_id for each in others} & set(matches(ranked))
    mark(ranked, Mark.NOT, ODD[:3])
    without = scores(ranked)[EVEN[0]]
    mark(ranked, Mark.USEFUL, [each.arxiv_id for each in others])
    assert scores(ranked)[EVEN[0]] > without


def test_a_ranker_may_keep_what_it_read_in_the_same_store(ranked: Store) -> None:
    class Keeping(Ranker):
        def scores(self, *args, **more):  # type: ignore[no-untyped-def]
            with ranked.write():
                return super().scores(*args, **more)

    keep(ranked, [Paper(arxiv_id="2511.80000", title="A fishery", abstract="Sold.", published=T, updated=T)])
    with ranked.write() as db:
        for arxiv_id in (*ODD[:2], "2511.80000"):
            add_mark(db, LINE.slug, arxiv_id, Mark.USEFUL, now=T)
    assert take_up(ranked, LINE, Keeping(bundled(), floor=0.1), now=T).opinions == 3


def test_near_misses_move_too_and_stay_what_they_are(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    with ranked.read() as db:
        near = [scored for scored in line_scores(db, LINE.slug) if scored.near]
    assert all(scored.base is not None for scored in near)


def test_all_papers_are_ranked_with_the_feedback_too(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    mark(ranked, Mark.NOT, EVEN[:2])
    rows = rank_all(ranked, LINE, RANKER, since=None, limit=None, now=T)
    assert {row.match.arxiv_id: row.match.score for row in rows} == pytest.approx(scores(ranked), abs=2e-6)


def test_why_a_score_is_what_it_is(ranked: Store) -> None:
    mark(ranked, Mark.USEFUL, ODD[:2])
    mark(ranked, Mark.NOT, EVEN[:2])
    rows = line_papers(ranked, LINE, since=None, limit=None)
    found = [(row.match, row.paper) for row in rows]
    best, worst = (explain(ranked, LINE, found, RANKER, now=T)[place].feedback for place in (0, -1))
    assert (best.opinions, best.after) == (4, rows[0].match.score)
    assert best.after > best.before
    assert best.shift > 0 > worst.shift
    assert dict(best.terms)["telemetry"] > 0 > dict(worst.terms)["fishery"]


def test_without_marks_there_is_no_feedback_to_tell(ranked: Store) -> None:
    (row, *_) = line_papers(ranked, LINE, since=None, limit=None)
    (why,) = explain(ranked, LINE, [(row.match, row.paper)], RANKER, now=T)
    said = why.feedback
    assert (said.before, said.shift, said.terms, said.opinions) == (said.after, 0, (), 0)


def test_a_mark_given_while_a_batch_is_ranked_counts_for_it(store: Store) -> None:
    keep(store, PAPERS)
    mark(store, Mark.USEFUL, ODD[:3])

    class Interrupted(Ranker):
        once = True

        def rank(self, *args, **more):  # type: ignore[no-untyped-def]
            found = super().rank(*args, **more)
            if self.once:
                self.once = False
                mark(store, Mark.NOT, EVEN[:3])
            return found

    with store.write() as db:
        save_papers(db, [paper(12, NOT)], now=T)
    ranker = Interrupted(bundled(), floor=0.1)
    while rank_once(store, [LINE], ranker, now=T):
        pass
    assert scores(store)["2511.90012"] == pytest.approx(scores(store)[EVEN[5]], abs=2e-6)
