"""`litwatch evaluate` without a command, from digests sent to marks on what they told; papers are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from conftest import Answer, Litwatch
from litwatch.model import Paper
from litwatch.store.papers import save_papers
from litwatch.store.schema import told
from litwatch.store.store import open_store

CONFIG = """
[rank]
explore = 0
[channels.desk]
url = "json://127.0.0.1:9/"
"""
FASTING = (
    "question: Does fasting lower blood pressure?\nclaims: [Fasting lowers blood pressure.]\ncategories: [cs.CL]\n"
)
TIDES = "question: Do dredged channels raise the tide?\nclaims: [Dredging raises the tide.]\ncategories: [cs.CL]\n"
WHEN = datetime(2025, 11, 3, 9, tzinfo=UTC)
SENT, AFTER, NEXT = "2025-11-10T08:00:00Z", "2025-11-11T08:00:00Z", "2025-12-15T08:00:00Z"
HINT = "Mark a paper that was told: `litwatch mark LINE ARXIV_ID useful|not`"


def papers(count: int, first: int = 1) -> list[Paper]:
    return [
        Paper(
            arxiv_id=f"2511.9{number:04}",
            title=f"Fasting and blood pressure, trial {number}",
            abstract="In an invented trial, fasting lowered blood pressure. " + "Other words follow here. " * number,
            categories=("cs.CL",),
            primary_category="cs.CL",
            published=WHEN,
            updated=WHEN,
        )
        for number in range(first, first + count)
    ]


class Desk:
    def __init__(self, litwatch: Litwatch) -> None:
        self.litwatch = litwatch
        litwatch.configure(CONFIG)
        for name, text in (("fasting", FASTING), ("tides", TIDES)):
            (litwatch.folder / "watchlists" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def receive(self, *found: Paper, now: str = "2025-11-09T08:00:00Z") -> None:
        store = open_store(self.litwatch.store_url)
        with store.write() as db:
            save_papers(db, found, now=datetime.fromisoformat(now))
        store.close()
        assert self.litwatch("lines", now=now).code == 0
        assert self.litwatch("papers", "fasting", now=now).code == 0

    def send(self, now: str = SENT) -> list[str]:
        """The papers that it told of fasting, in their order."""
        preview = self.litwatch("digest", "--channel", "desk", "--json", now=now).json
        self.litwatch("digest", "--channel", "desk", "--send", now=now)
        return [
            entry["arxiv_id"] for part in preview["sections"] if part["line"] == "fasting" for entry in part["entries"]
        ]

    def mark(self, *marks: tuple[str, str], now: str = AFTER) -> None:
        for arxiv_id, word in marks:
            assert self.litwatch("mark", "fasting", arxiv_id, word, now=now).code == 0

    def evaluate(self, *words: str) -> Answer:
        answer = self.litwatch("evaluate", *words)
        assert (answer.code, answer.err) == (0, "")
        return answer


@pytest.fixture
def desk(litwatch: Litwatch) -> Desk:
    return Desk(litwatch)


@pytest.fixture
def read(desk: Desk) -> Desk:
    """Eight papers were told of fasting; of the first six that are marked, four were useful."""
    desk.receive(*papers(8))
    first = desk.send()
    assert len(first) == 8
    desk.mark(*zip(first, ["useful", "not", "useful", "useful", "not", "useful"], strict=False))
    return desk


def test_marks_on_what_a_digest_told_give_precision_by_place(read: Desk) -> None:
    fasting, tides = read.evaluate("--json").json["lines"]
    assert (fasting["line"], fasting["told"], fasting["marked"], fasting["useful"]) == ("fasting", 8, 6, 4)
    assert fasting["precision"]["5"] == {"value": 0.6, "low": 0.2307, "high": 0.8824, "marked": 5, "told": 5}
    assert fasting["precision"]["10"]["marked"] == fasting["precision"]["20"]["marked"] == 6
    assert [(part["period"], part["marked"]) for part in fasting["drift"]] == [("2025-Q4", 6)]
    assert (fasting["recall"], fasting["change"]) == (None, None)
    assert "no paper below the floor was told to explore" in fasting["why"]
    assert (tides["line"], tides["told"], tides["marked"]) == ("tides", 0, 0)


def test_all_lines_stand_together_with_the_same_keys(read: Desk) -> None:
    told_of = read.evaluate("--json").json
    assert told_of.keys() == {"lines", "all", "told_before"}
    assert told_of["lines"][0].keys() == told_of["all"].keys() | {"line"}
    assert told_of["all"]["precision"] == told_of["lines"][0]["precision"]


def test_a_person_gets_a_table_and_what_it_does_not_tell(read: Desk) -> None:
    said = read.evaluate().out
    (row,) = (" ".join(row.split()) for row in said.splitlines() if row.startswith("fasting"))
    assert row == "fasting 8 6 4 60% (23-88) 67% (30-90) 67% (30-90)"
    unbroken = " ".join(said.split())
    assert "What is not marked counts for nothing." in unbroken
    assert "Recall: not enough to tell; no paper below the floor was told to explore yet" in unbroken
    assert f"No mark yet on what was told under tides. {HINT}" in unbroken
    assert "2025-Q4 6 67% (30-90) There is nothing to compare yet: marks are on 1 period." in unbroken
    assert max(len(row.rstrip()) for row in said.splitlines()) <= 80


def test_one_line_alone_is_told_where_it_is_named(read: Desk) -> None:
    told_of = read.evaluate("--line", "tide", "--json").json
    assert [row["line"] for row in told_of["lines"]] == ["tides"]
    assert told_of["all"]["told"] == 0
    assert read.litwatch("evaluate", "--line", "moons").code == 3


def test_since_counts_only_what_was_told_from_then_on(read: Desk) -> None:
    read.receive(*papers(3, first=20), now="2025-12-10T08:00:00Z")
    new = read.send(now=NEXT)
    assert len(new) == 3
    read.mark((new[0], "useful"), now=NEXT)
    assert read.evaluate("--since", "2025-12-01", "--json").json["all"]["marked"] == 1
    assert read.evaluate("--json").json["all"]["marked"] == 7
    assert read.litwatch("evaluate", "--since", "once").code == 2


def test_a_mark_made_before_its_paper_was_told_stands_aside(desk: Desk) -> None:
    desk.receive(*papers(2))
    desk.mark(("2511.90001", "useful"), now="2025-11-09T09:00:00Z")
    desk.send()
    assert desk.evaluate("--json").json["all"]["aside"] == 1
    said = " ".join(desk.evaluate().out.split())
    assert "2 papers were told, and none of them is marked" in said
    assert "1 judged paper does not count" in said


def test_explored_papers_let_recall_be_told(desk: Desk) -> None:
    desk.receive(*papers(20))
    first = desk.send()
    desk.mark(*((arxiv_id, "useful") for arxiv_id in first[:8]), *((arxiv_id, "not") for arxiv_id in first[8:]))
    store = open_store(desk.litwatch.store_url)
    with store.write() as db:
        # As if they had been below the floor, and had been drawn.
        db.execute(update(told).where(told.c.arxiv_id.in_(first[8:])).values(chance=0.9, score=0.01))
    store.close()
    fasting = desk.evaluate("--json").json["lines"][0]
    assert (fasting["told"], fasting["explored"]) == (8, {"told": 12, "marked": 12, "useful": 0})
    assert (fasting["why"], fasting["recall"]["value"], fasting["recall"]["missed_useful"]) == (None, 1, 0)
    assert fasting["recall"]["low"] == pytest.approx(8 / (8 + 3.689 / 0.9), abs=1e-3)
    said = " ".join(desk.evaluate().out.split())
    assert "Recall: between 66% and 100%, at a guess 100%: useful papers that were told by their score" in said
    assert "as far as papers score a third of the floor or more" in said
    assert fasting["no_place"] is None


def test_what_had_no_place_once_is_no_miss(desk: Desk) -> None:
    desk.receive(*papers(20))
    first = desk.send()
    desk.mark(*((arxiv_id, "useful") for arxiv_id in first))
    store = open_store(desk.litwatch.store_url)
    with store.write() as db:
        db.execute(update(told).where(told.c.arxiv_id.in_(first[8:])).values(chance=0.5, score=0.9))
    store.close()
    fasting = desk.evaluate("--json").json["lines"][0]
    assert (fasting["recall"], fasting["no_place"]["value"]) == (None, 24)
    said = " ".join(desk.evaluate().out.split())
    assert "Besides, some 24 useful papers" in said
    assert "a later digest may have told them, or may yet." in said


def test_what_was_told_by_an_older_version_is_counted_and_not_called_nothing(desk: Desk) -> None:
    desk.receive(*papers(3))
    desk.mark((desk.send()[0], "useful"))
    store = open_store(desk.litwatch.store_url)
    with store.write() as db:
        db.execute(update(told).values(line="", place=0, score=None))
    store.close()
    said = " ".join(desk.evaluate().out.split())
    assert "3 papers were told before this version kept where" in said
    assert "1 judged paper does not count: not known to have been told under this line" in said
    assert "Nothing was told yet" not in said


def test_before_anything_was_told_or_marked_it_says_how_to_mark(litwatch: Litwatch) -> None:
    litwatch.configure(CONFIG)
    assert "`litwatch add-line PAGE`" in litwatch("evaluate").out
    assert litwatch("evaluate", "--json").json["lines"] == []
    desk = Desk(litwatch)
    assert desk.evaluate().out.splitlines()[1:] == [HINT]
    desk.receive(*papers(1))
    desk.send()
    assert f"1 paper was told, and none of them is marked. {HINT}" in " ".join(desk.evaluate().out.split())


def test_the_commands_on_labelled_data_are_as_they_were(litwatch: Litwatch) -> None:
    (litwatch.folder / "corpus.jsonl").write_text(
        '{"_id": "p1", "title": "Tides", "text": "Tides rise in channels."}\n'
    )
    (litwatch.folder / "queries.jsonl").write_text('{"_id": "q1", "text": "Do tides rise?"}\n')
    (litwatch.folder / "qrels").mkdir()
    (litwatch.folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tp1\t1\n")
    measured = litwatch("evaluate", "retrieval", ".", "--json")
    assert (measured.code, measured.json["ndcg@10"], measured.json["queries"]) == (0, 1, 1)
    before = litwatch("evaluate", "--json", "retrieval", ".")
    assert (before.code, before.out) == (2, "")
    assert "behind the command" in before.err
    assert litwatch("evaluate", "frobnicate").code == 2


def test_stance_is_told_with_other_judges_beside_ours_unless_they_are_left_out(litwatch: Litwatch) -> None:
    (litwatch.folder / "corpus.jsonl").write_text(
        '{"doc_id": 1, "title": "Tides", "abstract": ["Dredging lowered the tide."]}\n'
    )
    (litwatch.folder / "claims.jsonl").write_text(
        '{"id": 1, "claim": "Dredging raises the tide.", "cited_doc_ids": [1], '
        '"evidence": {"1": [{"sentences": [0], "label": "CONTRADICT"}]}}\n'
    )
    told = litwatch("evaluate", "stance", ".", "--json")
    assert told.code == 0, told.err
    assert {row["method"]: row["contradicts_f1"] for row in told.json["judges"]}["polarity cues"] == 1.0
    assert litwatch("evaluate", "stance", ".", "--json", "--no-peers").json["judges"] == []
    _, table = litwatch("evaluate", "stance", ".").out.split("method ")
    heading, ours, *theirs = [row for row in table.splitlines() if row.strip()]
    assert heading.split() == ["macro_f1", "supports_f1", "contradicts_f1"]
    assert (ours.split()[0], len(theirs)) == ("litwatch", 3)
