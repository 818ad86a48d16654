"""`check` from the command line to a local arXiv and back, on the same answers as the pure tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from answers_sample import ANSWERS, write_corpus

from conftest import ArxivSim, Litwatch

TEXT = "\n\n".join(answer.text for answer in ANSWERS if not answer.text.startswith(("{", "<")))


@pytest.fixture
def sim(arxivsim: Callable[..., ArxivSim], tmp_path: Path) -> ArxivSim:
    write_corpus(tmp_path / "papers.jsonl")
    return arxivsim(tmp_path / "papers.jsonl", "2025-11-20T12:00:00Z")


def write(litwatch: Litwatch, text: str) -> str:
    (litwatch.folder / "answer.md").write_text(text, encoding="utf-8")
    return "answer.md"


def test_every_answer_is_judged_by_what_arxiv_has(sim: ArxivSim, litwatch: Litwatch) -> None:
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    for answer in ANSWERS:
        said = litwatch("check", write(litwatch, answer.text), "--json")
        assert {row["arxiv_id"]: row["state"] for row in said.json} == answer.states, answer.says
        assert {row["arxiv_id"] for row in said.json if row["problems"]} == set(answer.problems), answer.says
        assert said.code == (1 if answer.problems else 0), answer.says
        assert said.err == ""
        assert all((row["title"] is None) == (row["state"] == "missing") for row in said.json)


def test_with_arxiv_out_of_reach_nothing_is_missing_that_was_not_looked_up(litwatch: Litwatch) -> None:
    litwatch.configure('[arxiv]\napi_url = "http://127.0.0.1:9/api/query"\ndelay_seconds = 0\n')
    said = litwatch("check", write(litwatch, TEXT), "--json")
    impossible = {arxiv_id for answer in ANSWERS for arxiv_id in answer.impossible}
    cited = {arxiv_id for answer in ANSWERS for arxiv_id in answer.states}
    states = {row["arxiv_id"]: row["state"] for row in said.json}
    assert states == {key: "missing" if key in impossible else "unchecked" for key in cited}
    assert said.code == 1
    (row,) = said.err.splitlines()
    assert "could not be looked up, which says nothing against them" in row
    assert "cannot be reached" in row


def test_an_answer_of_many_ids_takes_one_request(sim: ArxivSim, litwatch: Litwatch) -> None:
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    sim.stats()
    litwatch("check", write(litwatch, TEXT))
    assert sim.stats()["requests"] == 1


def test_a_record_that_spoils_its_answer_spoils_no_other(sim: ArxivSim, litwatch: Litwatch) -> None:
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    sim.faults({"kind": "badentry", "path": "id_list", "times": 3})
    said = litwatch("check", write(litwatch, "arXiv:2507.21919, arXiv:2507.21920, arXiv:2511.98765"), "--json")
    assert [row["state"] for row in said.json] == ["found", "found", "missing"]


def test_an_empty_answer_is_asked_again(sim: ArxivSim, litwatch: Litwatch) -> None:
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    sim.faults({"kind": "empty", "times": 1})
    assert litwatch("check", write(litwatch, "arXiv:2507.21919")).code == 0


def test_an_arxiv_that_knows_nothing_calls_nothing_missing(sim: ArxivSim, litwatch: Litwatch) -> None:
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\n")
    sim.faults({"kind": "empty", "times": 9})
    said = litwatch("check", write(litwatch, "arXiv:2507.21919"), "--json")
    assert (said.code, said.json[0]["state"]) == (1, "unchecked")
