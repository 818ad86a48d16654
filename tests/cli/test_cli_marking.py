"""`mark`: a word on a paper, another one, and taking it back; on the demo's papers."""

from __future__ import annotations

import pytest

from conftest import Litwatch

NOW = "2025-11-17T09:00:00Z"


@pytest.fixture
def best(litwatch: Litwatch) -> str:
    """The id of a line's best paper."""
    litwatch("demo", ".")
    return str(litwatch("papers", "when", "--json", "--limit", "1", now=NOW).json[0]["arxiv_id"])


def shown(litwatch: Litwatch, arxiv_id: str) -> object:
    rows = litwatch("papers", "when", "--json", now=NOW).json
    return next(row["feedback"] for row in rows if row["arxiv_id"] == arxiv_id)


def test_a_mark_can_be_changed_and_taken_back(litwatch: Litwatch, best: str) -> None:
    for word in ("useful", "not", "useful"):
        said = litwatch("mark", "when", best, word, now=NOW)
        assert (said.code, shown(litwatch, best)) == (0, word)
    said = litwatch("mark", "when", best, "none", now=NOW)
    assert said.code == 0
    assert "no longer marked useful" in said.out
    assert shown(litwatch, best) is None
    text = litwatch("papers", "when", now=NOW).out
    assert "you marked it" not in text


def test_taking_back_what_was_not_marked_says_so(litwatch: Litwatch, best: str) -> None:
    said = litwatch("mark", "when", best, "none", now=NOW)
    assert said.code == 0
    assert "has no mark" in said.out


def test_another_word_is_refused_with_those_that_there_are(litwatch: Litwatch, best: str) -> None:
    said = litwatch("mark", "when", best, "perhaps", now=NOW)
    assert said.code == 2
    assert all(word in said.err for word in ("useful", "not", "none"))


@pytest.fixture
def ids(litwatch: Litwatch) -> list[str]:
    """The papers of the demo's line, best first."""
    litwatch("demo", ".")
    return order(litwatch)


def order(litwatch: Litwatch) -> list[str]:
    return [row["arxiv_id"] for row in litwatch("papers", "when", "--json", now=NOW).json]


def marked(litwatch: Litwatch, word: str, ids: list[str]) -> str:
    """What the last of these marks said."""
    said = [litwatch("mark", "when", arxiv_id, word, now=NOW) for arxiv_id in ids]
    assert [each.code for each in said] == [0] * len(ids)
    return said[-1].out


def test_marks_change_the_order_of_papers_and_digest_until_they_are_taken_back(
    litwatch: Litwatch, ids: list[str]
) -> None:
    papers, digest = (litwatch(*words, now=NOW).out for words in (("papers", "when", "--json"), ("digest", "--json")))
    marked(litwatch, "not", ids[:4])
    said = marked(litwatch, "useful", ids[-4:])
    assert "The ranking goes by 8 marks and confirmed verdicts; " in said
    assert sorted(order(litwatch)) == sorted(ids), "none is gone"
    assert order(litwatch) != ids
    assert litwatch("digest", "--json", now=NOW).out != digest
    assert "that of the line alone" in marked(litwatch, "none", [*ids[:4], *ids[-4:]])
    assert litwatch("papers", "when", "--json", now=NOW).out == papers
    assert litwatch("digest", "--json", now=NOW).out == digest


def test_a_single_mark_moves_nothing_and_says_so(litwatch: Litwatch, ids: list[str]) -> None:
    assert "1 more mark and the ranking goes by them." in marked(litwatch, "not", ids[:1])
    assert order(litwatch) == ids


def test_a_review_moves_the_ranking_as_a_mark_does(litwatch: Litwatch, ids: list[str]) -> None:
    verdicts = [number for row in litwatch("papers", "when", "--json", now=NOW).json for number in row["challenges"]]
    assert "1 more mark" in litwatch("confirm", str(verdicts[0]), now=NOW).out
    assert "The ranking goes by 2 marks and confirmed verdicts" in litwatch("confirm", str(verdicts[1]), now=NOW).out
    assert "1 more mark" in litwatch("reject", str(verdicts[1]), now=NOW).out
    assert order(litwatch) == ids


def test_explain_tells_where_a_score_comes_from(litwatch: Litwatch, ids: list[str]) -> None:
    marked(litwatch, "useful", ids[:3])
    marked(litwatch, "not", ids[-3:])
    plain = litwatch("papers", "when", "--json", now=NOW).json
    told = litwatch("papers", "when", "--json", "--explain", now=NOW).json
    assert [{key: row[key] for key in row if key != "explain"} for row in told] == plain
    for row in told:
        why = row["explain"]
        assert why["claim"] == row["claim"] == why["claims"][0][0]
        assert why["terms"] == row["terms"]
        assert 0 <= why["semantic"] <= 1
        feedback = why["feedback"]
        assert (feedback["after"], feedback["opinions"]) == (row["score"], 6)
        assert (feedback["after"] >= feedback["before"]) if feedback["shift"] > 0 else (feedback["shift"] <= 0)
        assert all(isinstance(term, str) and part for term, part in feedback["terms"])


def test_explain_reads_well_on_a_terminal(litwatch: Litwatch, ids: list[str]) -> None:
    without = litwatch("papers", "when", "--explain", now=NOW).out
    assert "feedback  none on this line yet" in without
    marked(litwatch, "useful", ids[:3])
    marked(litwatch, "not", ids[-3:])
    said = litwatch("papers", "when", "--explain", now=NOW).out
    rows = [row for row in said.splitlines() if row not in litwatch("papers", "when", now=NOW).out.splitlines()]
    assert max(map(len, rows)) <= 80
    assert {row[6:16].strip() for row in rows} >= {"claim", "words", "feedback", ""}
    assert " after 6 opinions of yours" in said


def test_a_paper_without_feedback_is_explained_too_where_all_are_ranked(litwatch: Litwatch, ids: list[str]) -> None:
    rows = litwatch("papers", "when", "--rank-all", "--json", "--explain", now=NOW).json
    assert len(rows) > len(ids)
    assert {row["explain"]["feedback"]["opinions"] for row in rows} == {0}
