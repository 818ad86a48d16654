"""What was told and what the reader said of it, read for all lines at once; papers and lines are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, update

from litwatch.model import Claim, Coverage, Digest, DigestKind, Evidence, Line, Mark, Paper, Payload, Review, Stance
from litwatch.store.lines import sync_lines
from litwatch.store.matches import add_mark
from litwatch.store.outbox import freeze, know_channel
from litwatch.store.papers import save_papers
from litwatch.store.quality import ToldPaper, told_papers
from litwatch.store.schema import marks, told, verdicts
from litwatch.store.store import Store
from litwatch.store.verdicts import add_review, add_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LINES = tuple(
    Line(slug=slug, question="Does it warm?", claims=(Claim(id="c1", text="It warms."),)) for slug in ("tides", "winds")
)
A, B = "2511.90001", "2511.90002"
NEW: dict[str, datetime] = {"published": T, "watched_since": T}


def paper(arxiv_id: str) -> Paper:
    return Paper(arxiv_id=arxiv_id, title="An invented gauge", abstract="It warms.", published=T, updated=T)


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        sync_lines(db, LINES, {line.slug: "f" for line in LINES}, now=T)
        save_papers(db, [paper(A), paper(B)], now=T)
    return store


def tell(
    store: Store,
    arxiv_id: str,
    *,
    line: str = "tides",
    channel: str = "mail",
    place: int = 1,
    at: datetime = T,
    chance: float | None = None,
    kind: DigestKind = DigestKind.DIGEST,
) -> None:
    digest = Digest(
        id=f"{channel}/{at.isoformat()}/{arxiv_id}",
        channel=channel,
        kind=kind,
        coverage=Coverage(period_start=at - DAY, period_end=at, papers_read=0),
        created=at,
    )
    with store.write() as db:
        know_channel(db, channel, now=at)
        freeze(db, digest, Payload(subject="s", text="t"), {}, due_at=at)
        values = {"line": line, "place": place, "score": 0.5, "chance": chance}
        db.execute(insert(told).values(channel=channel, arxiv_id=arxiv_id, digest=digest.id, **values))


def mark(store: Store, arxiv_id: str, word: Mark, *, line: str = "tides", at: datetime = T) -> None:
    with store.write() as db:
        add_mark(db, line, arxiv_id, word, now=at)


def judged(store: Store, arxiv_id: str, *said: Review) -> None:
    """A verdict on the paper that the reader reviewed so, the last word last, a day apart."""
    evidence = Evidence(
        stance=Stance.SUPPORTS, probability=0.9, challenge=0.0, sentence="It warms.", reason="r", method="cues/1"
    )
    with store.write() as db:
        add_verdicts(db, "tides", [(LINES[0].claims[0], paper(arxiv_id), evidence)], now=T)
        for days, review in enumerate(said):
            add_review(db, 1, review, now=T + days * DAY)


def read(store: Store, *slugs: str) -> list[ToldPaper]:
    with store.read() as db:
        return told_papers(db, slugs or ("tides", "winds"))


def test_a_told_paper_comes_with_the_readers_last_word_and_when_the_first_was_said(store: Store) -> None:
    tell(store, A, place=3)
    mark(store, A, Mark.NOT, at=T + DAY)
    mark(store, A, Mark.USEFUL, at=T + 2 * DAY)
    mark(store, A, Mark.NOT, line="winds", at=T + 3 * DAY)
    assert read(store, "tides") == [
        ToldPaper(line="tides", arxiv_id=A, told_at=T, place=3, score=0.5, useful=True, judged_at=T + DAY, **NEW)
    ]


def test_the_word_said_last_counts_also_where_the_clock_was_put_back(store: Store) -> None:
    tell(store, A)
    mark(store, A, Mark.USEFUL, at=T + 2 * DAY)
    mark(store, A, Mark.NOT, at=T + DAY)
    assert [(row.useful, row.judged_at) for row in read(store)] == [(False, T + DAY)]


def test_papers_that_nobody_spoke_of_come_too_each_under_its_line(store: Store) -> None:
    tell(store, A, line="winds", place=2, chance=0.125)
    tell(store, B)
    assert read(store) == [
        ToldPaper(line="tides", arxiv_id=B, told_at=T, place=1, score=0.5, **NEW),
        ToldPaper(line="winds", arxiv_id=A, told_at=T, place=2, score=0.5, chance=0.125, **NEW),
    ]
    assert [row.arxiv_id for row in read(store, "winds")] == [A]
    assert read(store, "clouds") == []


def test_the_places_of_an_alert_are_none_of_a_digest(store: Store) -> None:
    tell(store, A, kind=DigestKind.ALERT)
    assert [(row.told_at, row.place) for row in read(store)] == [(T, 0)]


def test_what_several_channels_told_comes_once_for_each_the_first_told_first(store: Store) -> None:
    tell(store, A, channel="mail", place=1, at=T + DAY)
    tell(store, A, channel="slack", place=4)
    assert [(row.told_at, row.place) for row in read(store)] == [(T, 4), (T + DAY, 1)]


def test_a_mark_on_what_was_not_told_under_its_line_comes_without_a_telling(store: Store) -> None:
    tell(store, A, line="winds")
    mark(store, A, Mark.USEFUL)
    assert read(store, "tides") == [ToldPaper(line="tides", arxiv_id=A, useful=True, judged_at=T)]


def test_what_was_told_before_its_line_was_kept_comes_without_one(store: Store) -> None:
    tell(store, A, line="", place=0)
    mark(store, A, Mark.USEFUL)
    assert [(row.line, row.told_at, row.useful) for row in read(store)] == [("", T, None), ("tides", None, True)]


@pytest.mark.parametrize(
    ("reviews", "useful", "judged_at"),
    [
        ((Review.CONFIRMED,), True, T),
        ((Review.REJECTED,), None, None),
        ((Review.CONFIRMED, Review.REJECTED), None, None),
        ((Review.REJECTED, Review.CONFIRMED), True, T + DAY),
    ],
)
def test_a_confirmed_verdict_says_that_its_paper_was_useful_and_a_rejected_one_nothing(
    store: Store, reviews: tuple[Review, ...], useful: bool | None, judged_at: datetime | None
) -> None:
    tell(store, A)
    judged(store, A, *reviews)
    assert [(row.useful, row.judged_at) for row in read(store)] == [(useful, judged_at)]


def test_a_rejected_verdict_and_a_mark_taken_back_are_no_judgement_before_the_telling(store: Store) -> None:
    judged(store, A, Review.REJECTED)
    mark(store, A, Mark.USEFUL)
    mark(store, A, Mark.NONE, at=T + DAY)
    tell(store, A, at=T + 2 * DAY)
    mark(store, A, Mark.NOT, at=T + 3 * DAY)
    assert [(row.useful, row.judged_at) for row in read(store)] == [(False, T + 3 * DAY)]


def test_a_confirmed_verdict_that_bears_on_nothing_is_no_word_on_its_paper(store: Store) -> None:
    tell(store, A)
    judged(store, A, Review.CONFIRMED)
    with store.write() as db:
        db.execute(update(verdicts).values(stance=Stance.NONE.value))
    assert [(row.useful, row.judged_at) for row in read(store)] == [(None, None)]


def test_a_mark_goes_before_a_review_until_it_is_taken_back(store: Store) -> None:
    tell(store, A)
    judged(store, A, Review.CONFIRMED)
    mark(store, A, Mark.NOT, at=T - DAY)
    assert [row.useful for row in read(store)] == [False]
    with store.write() as db:
        db.execute(insert(marks).values(line="tides", arxiv_id=A, mark="none", at=T))
    assert [row.useful for row in read(store)] == [True]


def test_a_mark_that_was_taken_back_leaves_a_paper_that_was_not_told_out(store: Store) -> None:
    mark(store, A, Mark.USEFUL)
    with store.write() as db:
        db.execute(update(marks).values(mark="none"))
    assert read(store) == []


def test_all_lines_take_one_question(store: Store) -> None:
    tell(store, A)
    mark(store, B, Mark.USEFUL, line="winds")
    with store.read() as db:
        asked: list[str] = []
        event.listen(db, "before_cursor_execute", lambda *words: asked.append(words[2]))
        assert len(told_papers(db, [f"line-{n}" for n in range(1000)] + ["tides", "winds"])) == 2
    assert len(asked) == 1
