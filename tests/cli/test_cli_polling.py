"""poll and harvests: what was asked of arXiv on any day, what it declared, what came, and that the two agree."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conftest import ArxivSim, Litwatch
from litwatch.cli.record import record_rows
from litwatch.model import CategoryOutcome, HarvestState
from litwatch.store.harvests import HarvestRecord, Question, add_question, begin_harvest, finish_harvest
from litwatch.store.store import open_store

MONDAY = datetime(2025, 11, 17, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LISTING = Question(
    source="oai",
    what="changes in cs",
    window_start=MONDAY - 2 * DAY,
    requests=3,
    declared=912,
    received=912,
    new=310,
    revised=41,
)
COUNT = Question(source="api", what="count of papers in cs.CL and cs.AI", requests=1, declared=4012, received=4012)
BROKEN = Question(source="rss", what="today's announcements", requests=3, whole=False, reason="answers 503, 3 times")


def outcomes(**states: HarvestState) -> tuple[CategoryOutcome, ...]:
    return tuple(
        CategoryOutcome(category=f"cs.{name}", state=state, reason="" if state.complete else "nothing new since 9 Nov")
        for name, state in states.items()
    )


@pytest.fixture
def recorded(litwatch: Litwatch) -> Litwatch:
    """litwatch with three polls on record, from Monday to Wednesday."""
    litwatch.configure("")
    store = open_store(f"sqlite:///{litwatch.folder}/litwatch.db")
    for days, state, questions in (
        (0, HarvestState.FRESH, (LISTING, COUNT)),
        (1, HarvestState.WAITING, (COUNT,)),
        (2, HarvestState.STALLED, (LISTING, BROKEN)),
    ):
        at = MONDAY + days * DAY
        with store.write() as db:
            number = begin_harvest(db, at=at)
            for question in questions:
                add_question(db, number, question)
            record = HarvestRecord(
                id=number,
                at=at,
                source="oai, api",
                state=state,
                requests=4,
                declared=912,
                received=912,
                new=310,
                revised=41,
                categories=outcomes(CL=state, AI=HarvestState.FRESH),
            )
            finish_harvest(db, record)
    store.close()
    return litwatch


def days(litwatch: Litwatch, *words: str) -> list[int]:
    return [datetime.fromisoformat(row["at"]).day for row in litwatch("harvests", "--json", *words).json]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [19, 18, 17]),
        (("--limit", "1"), [19]),
        (("--since", "2025-11-18"), [19, 18]),
        (("--since", "2025-11-18T06:30:00Z"), [19, 18]),
        (("--since", "2025-11-18T06:30:01Z"), [19]),
        (("--until", "2025-11-18"), [18, 17]),
        (("--since", "2025-11-18", "--until", "2025-11-18"), [18]),
        (("--since", "2025-11-17", "--limit", "2"), [19, 18]),
        (("--since", "2026-01-01"), []),
    ],
)
def test_the_polls_of_any_day_are_told_newest_first(
    recorded: Litwatch, words: tuple[str, ...], found: list[int]
) -> None:
    assert days(recorded, *words) == found


def test_a_date_that_is_none_is_wrong_usage(recorded: Litwatch) -> None:
    answer = recorded("harvests", "--since", "yesterday")
    assert answer.code == 2
    assert "'yesterday' is no date" in answer.err


def test_the_record_keeps_its_keys_and_tells_states_and_questions(recorded: Litwatch) -> None:
    (row,) = recorded("harvests", "--json", "--limit", "1").json
    assert list(row) == [
        "at", "source", "window", "state", "requests", "declared", "received", "new", "revised", "reason",
        "categories", "questions",
    ]  # fmt: skip
    assert row["categories"]["cs.CL"] == {"state": "stalled", "reason": "nothing new since 9 Nov"}
    listing, broken = row["questions"]
    assert listing["window"] == ["2025-11-15T06:30:00Z", None]
    assert (listing["declared"], listing["received"], listing["whole"]) == (912, 912, True)
    assert (broken["source"], broken["whole"], broken["reason"]) == ("rss", False, "answers 503, 3 times")


def test_the_table_holds_each_number_under_its_name_in_eighty_columns(recorded: Litwatch) -> None:
    rows = recorded("harvests", "--questions").out.splitlines()
    assert max(map(len, rows)) <= 80
    assert rows[:5] == [
        "at                    state       requests declared received      new  revised",
        "2025-11-19T06:30:00Z  stalled            4      912      912      310       41",
        "  fresh: cs.AI; stalled: cs.CL",
        "  oai  changes in cs",
        "       since 2025-11-15                  3      912      912      310       41",
    ]
    assert "  rss  today's announcements             3        0        0        0        0" in rows
    assert "       not whole: answers 503, 3 times" in rows


def test_without_questions_the_table_has_polls_alone(recorded: Litwatch) -> None:
    rows = recorded("harvests").out.splitlines()
    assert [row[:10] for row in rows if row.startswith("2025")] == ["2025-11-19", "2025-11-18", "2025-11-17"]
    assert "changes in cs" not in "\n".join(rows)


def test_it_says_whether_declared_and_received_agree(recorded: Litwatch) -> None:
    good = " ".join(recorded("harvests", "--questions", "--until", "2025-11-18").out.split())
    assert good.endswith("All 3 questions were answered whole; in the end, what arXiv declared is what came.")
    bad = " ".join(recorded("harvests", "--questions").out.split())
    assert bad.endswith("Of 5 questions, 1 was not answered whole; not all that arXiv declared is known to have come.")


def test_where_nothing_is_on_record_it_says_so(litwatch: Litwatch) -> None:
    litwatch.configure("")
    assert "None yet; `litwatch poll` asks arXiv." in litwatch("harvests").out
    assert "No harvest then." in litwatch("harvests", "--since", "2025-11-18").out
    assert litwatch("harvests", "--json").json == []


def test_no_text_of_arxiv_steers_the_terminal() -> None:
    hostile = HarvestRecord(id=1, at=MONDAY, state=HarvestState.FAILED, reason="\x1b[31m" + "long " * 60)
    asked = Question(source="api", what="papers \x1b[2J in " + "cs.CL, " * 30, whole=False, reason="a\nb\x07")
    rows = list(record_rows([hostile], {1: [asked]}))
    assert max(map(len, rows)) <= 80
    assert all(row.isprintable() for row in rows)


@pytest.fixture
def week(arxivsim: Callable[..., ArxivSim], shared: Path, tmp_path: Path, litwatch: Litwatch) -> Litwatch:
    """litwatch beside an arXiv of one week in November 2025, on its Monday."""
    corpus = tmp_path / "week.jsonl"
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [row for row in stream if "2025-11-12" <= json.loads(row)["published"] < "2025-11-17"]
    corpus.write_text("".join(rows), encoding="utf-8")
    sim = arxivsim(corpus, "2025-11-17T12:00:00Z")
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    return litwatch


def add_line(litwatch: Litwatch, categories: str) -> None:
    litwatch("add-line", "--question", "Can models plan?", "--claim", "They cannot.", "--categories", categories)


def test_a_poll_tells_each_category_and_the_record_holds_what_it_asked(week: Litwatch) -> None:
    add_line(week, "cs.CL,cs.AI")
    poll = week("poll", "--json", now="2025-11-17T12:00:00Z").json
    assert poll["categories"] == {name: {"state": "fresh", "reason": ""} for name in ("cs.AI", "cs.CL")}
    (row,) = week("harvests", "--json").json
    assert row["categories"] == poll["categories"]
    assert all(question["whole"] for question in row["questions"])
    assert sum(question["requests"] for question in row["questions"]) <= row["requests"] == poll["requests"]
    assert sum(question["new"] for question in row["questions"]) == row["new"] == poll["new"] > 0
    assert "answered whole; in the end, what arXiv declared is what came" in " ".join(
        week("harvests", "--since", "2025-11-17", "--questions").out.split()
    )


def test_a_category_that_arxiv_does_not_have_is_named_and_the_rest_is_as_it_is(week: Litwatch) -> None:
    add_line(week, "cs.CL,cs.XX")
    poll = week("poll", now="2025-11-17T12:00:00Z")
    assert poll.code == 0
    assert "arXiv has no papers in cs.XX: check `categories` in the watchlists." in poll.out.splitlines()
    (row,) = week("harvests", "--json").json
    assert (row["state"], row["categories"]["cs.CL"]["state"]) == ("fresh", "fresh")
    opening = week("digest", "--json", now="2025-11-17T12:00:00Z").json["coverage"]
    assert opening["harvest"]["state"] == "fresh"
    preview = " ".join(week("digest", now="2025-11-17T12:00:00Z").out.replace("!!", "").split())
    assert "arXiv has no papers in cs.XX: check `categories` in the watchlists." in preview
    (doctor,) = (
        check for check in week("doctor", "--json", now="2025-11-17T12:00:00Z").json if check["check"] == "harvest"
    )
    assert not doctor["ok"]
    assert "mend `categories`" in doctor["says"]
