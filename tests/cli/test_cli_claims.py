"""The ledger as commands tell it: through new versions, withdrawals, reworded and replaced claims, other settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import Litwatch
from litwatch.model import Paper
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store

CLAIM = "Intermittent fasting lowers blood pressure in adults with obesity."
LINE = f"""\
question: Does intermittent fasting help adults with obesity?
claims:
  - {CLAIM}
  - Intermittent fasting improves sleep in adults with obesity.
categories: [q-bio.TO]
"""
WHEN = datetime(2025, 11, 3, 9, tzinfo=UTC)
DAYS = [f"2025-11-{day}T12:00:00Z" for day in (10, 12, 14, 16, 18)]
HARMLESS = "We describe how adults with obesity write down their meals and what they think of fasting. Most like it."


def paper(number: int, title: str, abstract: str) -> Paper:
    return Paper(
        arxiv_id=f"2511.9000{number}",
        title=title,
        abstract=abstract,
        categories=("q-bio.TO",),
        primary_category="q-bio.TO",
        published=WHEN,
        updated=WHEN,
    )


AGAINST = paper(
    1,
    "Fasting and blood pressure: a trial over two years",
    "Adults with obesity were assigned to intermittent fasting or to usual meals. Weight fell in both groups."
    " Intermittent fasting did not lower blood pressure at any visit.",
)
FOR = paper(
    2,
    "Meal timing and the vessels",
    "It is still argued whether the hours of eating matter. In 412 adults with obesity, intermittent fasting lowered"
    " systolic blood pressure by 6 mmHg. The effect lasted a year.",
)
SLEEP = paper(
    3,
    "Meal timing and the night",
    "It is still argued whether the hours of eating matter. In 90 adults with obesity, intermittent fasting improved"
    " sleep from the first week on. The effect lasted a year.",
)


def newer(paper: Paper, abstract: str, *, withdrawn: bool = False) -> Paper:
    return replace(paper, version=paper.version + 1, abstract=abstract, withdrawn=withdrawn)


class Desk:
    """A litwatch with one line, whose papers come without a poll."""

    def __init__(self, litwatch: Litwatch) -> None:
        self.litwatch = litwatch
        litwatch.configure("")
        self.file = litwatch.folder / "watchlists" / "fasting.yaml"
        self.file.write_text(LINE)

    def __call__(self, *words: str, now: str) -> Any:
        answer = self.litwatch(*words, "--json", now=now)
        assert answer.code == 0, answer.err
        return answer.json

    def say(self, *words: str, now: str) -> str:
        answer = self.litwatch(*words, now=now)
        assert answer.code == 0, answer.err
        return answer.out

    def receive(self, *papers: Paper, now: str) -> None:
        store = open_store(f"sqlite:///{self.litwatch.folder}/litwatch.db")
        with store.write() as db:
            save_papers(db, papers, now=datetime.fromisoformat(now))
        store.close()

    def claim(self, name: str, *words: str, now: str) -> Any:
        return next(claim for claim in self("claims", "fasting", *words, now=now) if claim["id"] == name)

    def verdict(self, paper: Paper, name: str = "c1", *, now: str) -> int:
        """The number of the verdict on the claim that counts of this paper."""
        (number,) = (
            verdict["verdict"]
            for verdict in self.claim(name, now=now)["verdicts"]
            if verdict["counts"] and verdict["arxiv_id"] == paper.arxiv_id
        )
        return int(number)

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))


@pytest.fixture
def desk(litwatch: Litwatch) -> Desk:
    return Desk(litwatch)


def marks(desk: Desk, now: str) -> list[int]:
    """The likely challenges, once `papers`, `lines` and the digest were found to tell of the same."""
    papers = desk("papers", "fasting", now=now)
    (line,) = desk("lines", now=now)
    entries = [entry for section in desk("digest", now=now)["sections"] for entry in section["entries"]]
    told = [mark["verdict"] for entry in entries for mark in entry["marks"] if mark["stance"] != "supports"]
    listed = [number for row in papers for number in row["challenges"]]
    assert sorted(told) == sorted(listed)
    assert line["contradictions"] == sum(bool(row["challenges"]) for row in papers)
    return listed


# --- new versions and withdrawals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "abstract",
    [HARMLESS, "We grow orchids at nine sites in the Andes. Flowering follows rain."],
    ids=["still a match", "a match no more"],
)
def test_a_mark_does_not_outlive_the_version_that_it_was_about(desk: Desk, abstract: str) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    assert desk.claim("c1", now=DAYS[0])["status"] == "contested"
    assert len(marks(desk, DAYS[0])) == 1

    desk.receive(newer(AGAINST, abstract), now=DAYS[1])

    claim = desk.claim("c1", now=DAYS[1])
    assert (claim["status"], claim["since"]) == ("open", DAYS[1])
    assert [verdict["counts"] for verdict in claim["verdicts"]] == [False]
    assert marks(desk, DAYS[1]) == []
    assert "did not lower" not in desk.litwatch("digest", now=DAYS[1]).out
    assert desk.claim("c1", "--as-of", DAYS[0], now=DAYS[1])["status"] == "contested"


def test_what_the_reader_confirmed_stands_while_a_newer_version_only_says_nothing(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[1])
    desk.receive(newer(AGAINST, HARMLESS), now=DAYS[2])
    claim = desk.claim("c1", now=DAYS[2])
    assert (claim["status"], claim["since"]) == ("contradicted", DAYS[1])
    assert [(verdict["version"], verdict["counts"]) for verdict in claim["verdicts"]] == [(1, True)]


def test_a_withdrawn_paper_counts_for_nothing_even_where_the_reader_confirmed_it(desk: Desk) -> None:
    desk.receive(AGAINST, FOR, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[1])
    assert desk.claim("c1", now=DAYS[1])["status"] == "contradicted"

    desk.receive(newer(AGAINST, "This paper has been withdrawn.", withdrawn=True), now=DAYS[2])

    claim = desk.claim("c1", now=DAYS[3])
    assert (claim["status"], claim["since"]) == ("open", DAYS[3])
    assert desk("lines", now=DAYS[3])[0]["contradictions"] == 0
    assert desk.claim("c1", "--as-of", DAYS[2], now=DAYS[3])["status"] == "contradicted"


def test_a_paper_withdrawn_without_a_new_version_counts_for_nothing(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    assert desk.claim("c1", now=DAYS[0])["status"] == "contested"
    desk.receive(replace(AGAINST, withdrawn=True, comment="withdrawn"), now=DAYS[1])
    assert desk.claim("c1", now=DAYS[1])["status"] == "open"
    assert desk("lines", now=DAYS[1])[0]["contradictions"] == 0


# --- claims that change --------------------------------------------------------------------------------------


def test_the_past_is_told_with_the_claims_as_they_read_then(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    before = desk("claims", "fasting", now=DAYS[0])
    assert [claim["status"] for claim in before] == ["contested", "open"]

    desk.edit(CLAIM, "Cats are nicer than dogs.")
    desk.edit("categories:", "  - A third claim.\ncategories:")
    changed = desk("claims", "fasting", now=DAYS[2])

    assert [(claim["id"], claim["text"], claim["status"]) for claim in changed][::2] == [
        ("c1", "Cats are nicer than dogs.", "open"),
        ("c3", "A third claim.", "open"),
    ]
    assert desk("claims", "fasting", "--as-of", DAYS[1], now=DAYS[3]) == before
    first = desk("claims", "fasting", "--as-of", "2025-11-09", now=DAYS[3])
    assert [(claim["text"], claim["status"], claim["verdicts"]) for claim in first] == [
        (claim["text"], "open", []) for claim in before
    ], "before litwatch met the line, its claims were as open as on the first day"


def test_retiring_has_a_date(desk: Desk) -> None:
    desk("lines", now=DAYS[0])
    desk.edit("    text: Intermittent fasting improves", "    retired: true\n    text: Intermittent fasting improves")
    assert (desk.claim("c2", now=DAYS[1])["status"], desk.claim("c2", now=DAYS[2])["since"]) == ("retired", DAYS[1])
    assert desk.claim("c2", "--as-of", DAYS[0], now=DAYS[2])["status"] == "open"


def test_a_claim_taken_out_of_the_file_is_still_told_as_of_then(desk: Desk) -> None:
    desk("lines", now=DAYS[0])
    text = desk.file.read_text()
    desk.file.write_text(text[: text.index("  - id: c2")] + "categories: [q-bio.TO]\n")
    assert [claim["id"] for claim in desk("claims", "fasting", now=DAYS[1])] == ["c1"]
    assert [claim["id"] for claim in desk("claims", "fasting", "--as-of", DAYS[0], now=DAYS[1])] == ["c1", "c2"]


def test_a_review_does_not_move_to_another_claim_that_takes_the_id(desk: Desk) -> None:
    desk.receive(SLEEP, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(SLEEP, "c2", now=DAYS[0])), now=DAYS[0])
    assert desk.claim("c2", now=DAYS[0])["status"] == "supported"
    desk.edit("Intermittent fasting improves sleep in adults with obesity.", "Cats are nicer than dogs.")

    claim = desk.claim("c2", now=DAYS[1])

    assert claim["status"] == "open"
    assert [(v["review"], v["counts"], v["earlier_wording"]) for v in claim["verdicts"]] == [("confirmed", False, True)]
    assert "when the claim read otherwise" in desk.say("claims", "fasting", now=DAYS[1])
    said = desk.say("reject", str(claim["verdicts"][0]["verdict"]), now=DAYS[1])
    assert "c2 reads otherwise now" in said


def test_a_claim_put_in_anothers_place_gets_an_id_that_none_had(desk: Desk) -> None:
    desk.receive(SLEEP, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(SLEEP, "c2", now=DAYS[0])), now=DAYS[0])
    text = desk.file.read_text()
    rest = "  - Cats are nicer than dogs.\ncategories: [q-bio.TO]\n"
    desk.file.write_text(text[: text.index("  - id: c2")] + rest)

    claims = desk("claims", "fasting", now=DAYS[1])

    assert [(claim["id"], claim["status"], claim["verdicts"]) for claim in claims] == [
        ("c1", "open", []),
        ("c3", "open", []),
    ]


def test_a_review_survives_what_changes_no_word_of_the_claim(desk: Desk) -> None:
    desk.receive(SLEEP, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(SLEEP, "c2", now=DAYS[0])), now=DAYS[0])
    desk.edit(
        "Intermittent fasting improves sleep in adults with obesity.",
        "Intermittent fasting,  improves Sleep in adults, with obesity",
    )
    claim = desk.claim("c2", now=DAYS[1])
    assert (claim["status"], claim["since"]) == ("supported", DAYS[0])
    assert claim["verdicts"][0]["earlier_wording"] is False


# --- one meaning of "likely challenge", and its threshold ----------------------------------------------------


def test_a_rejected_challenge_is_counted_nowhere(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    assert len(marks(desk, DAYS[0])) == 1
    desk.say("reject", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[0])
    assert marks(desk, DAYS[0]) == []


def test_a_challenge_to_an_edited_claim_is_counted_no_more(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    assert len(marks(desk, DAYS[0])) == 1
    desk.edit(CLAIM, "Intermittent fasting is liked by adults with obesity.")
    assert marks(desk, DAYS[1]) == []


def test_the_threshold_reaches_what_was_judged_before(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])

    def counts(threshold: float, now: str) -> tuple[int, str]:
        desk.litwatch.env["LITWATCH_JUDGE__THRESHOLD"] = str(threshold)
        return len(marks(desk, now)), desk.claim("c1", now=now)["status"]

    assert counts(0.95, DAYS[0]) == (0, "open")
    assert counts(0.3, DAYS[1]) == (1, "contested")
    assert counts(0.95, DAYS[2]) == (0, "open")
    assert counts(0.3, DAYS[3]) == (1, "contested")


def test_a_review_survives_another_threshold(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    desk.say("reject", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[0])
    for threshold, now in (("0.95", DAYS[1]), ("0.3", DAYS[2])):
        desk.litwatch.env["LITWATCH_JUDGE__THRESHOLD"] = threshold
        assert (desk.claim("c1", now=now)["status"], marks(desk, now)) == ("open", [])


def test_ranking_all_papers_names_their_challenges_too(desk: Desk) -> None:
    desk.receive(AGAINST, FOR, now=DAYS[0])
    number = desk.verdict(AGAINST, now=DAYS[0])
    rows = desk("papers", "fasting", "--rank-all", now=DAYS[0])
    assert {row["arxiv_id"]: row["challenges"] for row in rows} == {AGAINST.arxiv_id: [number], FOR.arxiv_id: []}
