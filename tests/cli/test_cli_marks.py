"""Marks as `claims`, `papers` and the digest show them: candidates, their record, and what a language model adds."""

from __future__ import annotations

from datetime import datetime

import pytest
from test_cli_claims import AGAINST, CLAIM, DAYS, FOR, SLEEP, Desk

from conftest import Litwatch
from litwatch.model import Claim, Evidence, Paper, Stance
from litwatch.store.store import open_store
from litwatch.store.verdicts import add_verdicts

HOSTILE = "\x1b[31m\u202eIt is \nabout cats, not people: <script>alert(1)</script>"


@pytest.fixture
def desk(litwatch: Litwatch) -> Desk:
    return Desk(litwatch)


def say(desk: Desk, paper: Paper, stance: Stance, probability: float, *, method: str, now: str) -> None:
    """Keeps what a method says of the first claim, as if it had been asked."""
    sentence = "" if stance is Stance.NONE else paper.abstract.split(". ")[-1]
    said = Evidence(
        stance=stance, probability=probability, challenge=0.8, sentence=sentence, reason=HOSTILE, method=method
    )
    store = open_store(f"sqlite:///{desk.litwatch.folder}/litwatch.db")
    with store.write() as db:
        assert add_verdicts(db, "fasting", [(Claim(id="c1", text=CLAIM), paper, said)], now=datetime.fromisoformat(now))
    store.close()


def model_says(desk: Desk, stance: Stance, probability: float) -> None:
    desk("lines", now=DAYS[0])
    say(desk, AGAINST, stance, probability, method="llm/local-7b/1", now=DAYS[1])


def test_a_mark_is_shown_as_a_candidate_with_probability_sentence_reason_and_method(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    number = desk.verdict(AGAINST, now=DAYS[0])
    for command in (("claims", "fasting"), ("papers", "fasting"), ("digest",)):
        said = " ".join(desk.say(*command, now=DAYS[0]).split())
        assert "andidate: " in said
        assert "likely contradicts c1 (probability 0." in said
        assert "“Intermittent fasting did not lower blood pressure at any visit.”" in said
        assert "Why: " in said
        assert "(method " in said
        assert "candidate, until you confirm or reject it." in said
        assert "you have reviewed none so far." in said
        assert str(number) in said


def test_a_review_is_shown_in_place_of_the_candidate(desk: Desk) -> None:
    desk.receive(AGAINST, FOR, now=DAYS[0])
    desk.say("confirm", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[0])
    said = desk.say("claims", "fasting", now=DAYS[0])
    assert "contradicts c1 · confirmed by you" in said
    desk.say("reject", str(desk.verdict(AGAINST, now=DAYS[0])), now=DAYS[1])
    assert "contradicts c1 · rejected by you (probability 0." in desk.say("claims", "fasting", now=DAYS[1])


def test_the_record_counts_the_last_review_of_each_mark_as_of_any_day(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    number = str(desk.verdict(AGAINST, now=DAYS[0]))
    desk.say("reject", number, now=DAYS[1])
    desk.say("confirm", number, now=DAYS[2])

    def track(*words: str, now: str) -> tuple[int, int]:
        (verdict,) = desk.claim("c1", *words, now=now)["verdicts"]
        return verdict["track"]["reviewed"], verdict["track"]["right"]

    assert track(now=DAYS[3]) == (1, 1)
    assert track("--as-of", DAYS[1], now=DAYS[3]) == (1, 0)
    assert track("--as-of", DAYS[0], now=DAYS[3]) == (0, 0)


def test_a_mark_that_the_language_model_takes_back_is_shown_as_none_with_what_both_say(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    number = desk.verdict(AGAINST, now=DAYS[0])
    model_says(desk, Stance.NONE, 0.9)

    assert desk.claim("c1", now=DAYS[1])["status"] == "open"
    for command in (("claims", "fasting"), ("papers", "fasting"), ("digest",)):
        said = " ".join(desk.say(*command, now=DAYS[1]).split())
        assert "Not marked: the two methods differ on c1" in said
        assert "The default judge: " in said
        assert "contradicts (probability 0." in said
        assert "The language model: no stance (probability 0.90). Why: " in said
        assert "about cats, not people: <script>alert(1)</script>" in said
        assert f"litwatch confirm {number}" in said
    (row,) = desk("papers", "fasting", now=DAYS[1])
    assert (row["challenges"], row["marks"]) == ([], [])
    assert [(back["verdict"], back["beside"]["stance"]) for back in row["taken_back"]] == [(number, "none")]
    (verdict,) = desk.claim("c1", now=DAYS[1])["verdicts"]
    assert (verdict["counts"], verdict["taken_back"], verdict["beside"]["method"]) == (False, True, "llm/local-7b/1")


def test_confirming_what_the_language_model_took_back_marks_it_again(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    number = desk.verdict(AGAINST, now=DAYS[0])
    model_says(desk, Stance.NONE, 0.9)
    desk.say("confirm", str(number), now=DAYS[2])
    (row,) = desk("papers", "fasting", now=DAYS[2])
    assert (row["challenges"], row["taken_back"]) == ([number], [])
    assert "Not marked" not in desk.say("papers", "fasting", now=DAYS[2])


def test_where_both_methods_mark_a_paper_one_mark_is_shown_with_the_other_beside_it(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    first = desk.verdict(AGAINST, now=DAYS[0])
    model_says(desk, Stance.CONTRADICTS, 0.8)
    (row,) = desk("papers", "fasting", now=DAYS[1])
    (mark,) = row["marks"]
    assert row["challenges"] == [mark["verdict"]] != [first]
    assert (mark["method"], mark["beside"]["verdict"]) == ("llm/local-7b/1", first)
    assert "The default judge says so, too (probability 0." in desk.say("papers", "fasting", now=DAYS[1])


def test_a_mark_of_the_language_model_alone_says_that_the_default_judge_takes_no_stance(desk: Desk) -> None:
    desk.receive(SLEEP, now=DAYS[0])
    desk("papers", "fasting", now=DAYS[0])
    say(desk, SLEEP, Stance.CONTRADICTS, 0.95, method="llm/local-7b/1", now=DAYS[0])
    said = desk.say("claims", "fasting", now=DAYS[1])
    assert "very likely contradicts c1 (probability 0.95)" in said
    assert "The default judge reads this otherwise: no stance." in said


def test_a_hostile_reason_steers_no_terminal(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    model_says(desk, Stance.CONTRADICTS, 0.8)
    for command in (("claims", "fasting"), ("papers", "fasting"), ("digest",)):
        said = desk.say(*command, now=DAYS[1])
        assert "about cats, not people" in " ".join(said.split())
        assert all(line.isprintable() for line in said.split("\n"))


def test_a_change_of_standing_says_whether_only_a_candidate_moved_the_claim(desk: Desk) -> None:
    desk.receive(AGAINST, now=DAYS[0])
    number = desk.verdict(AGAINST, now=DAYS[0])
    desk("digest", now=DAYS[0])

    def moved(now: str) -> list[tuple[str, bool]]:
        (section,) = desk("digest", now=now)["sections"]
        return [(change["after"], change["candidate"]) for change in section["changes"]]

    assert moved(DAYS[1]) == [("contested", True)]
    assert "open → contested, by arXiv:2511.90001 (a candidate, below)" in desk.say("digest", now=DAYS[1])
    desk.say("confirm", str(number), now=DAYS[1])
    assert moved(DAYS[2]) == [("contradicted", False)]
