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
        assert said.code == (1 if answer.problems else 0 if answer.states else 3), answer.says
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


def test_what_litwatch_writes_of_a_line_is_grounded_in_every_form(litwatch: Litwatch) -> None:
    now = "2025-11-17T09:00:00Z"
    litwatch("demo", ".")
    texts = {f"report.{form}": ("retest", "when", "--out", f"report.{form}") for form in ("html", "md", "txt", "json")}
    for name, words in (texts | {"prompt.txt": ("prompt", "when", "--out", "prompt.txt")}).items():
        assert litwatch(*words, now=now).code == 0, name
        said = litwatch("check", name, "--json", now=now)
        assert len(said.json) >= 10, name
        assert (said.code, [row["problems"] for row in said.json if row["problems"]]) == (0, []), name
    (litwatch.folder / "prompt.json").write_text(litwatch("prompt", "when", "--json", now=now).out, encoding="utf-8")
    said = litwatch("check", "prompt.json", "--json", now=now)
    assert (said.code, len(said.json) >= 10) == (0, True)


def test_a_quotation_that_the_report_altered_is_told(litwatch: Litwatch) -> None:
    now = "2025-11-17T09:00:00Z"
    litwatch("demo", ".")
    report = litwatch("retest", "when", "--markdown", now=now).out
    words = report.split("\u201c")[1].split("\u201d")[0]
    said = litwatch("check", write(litwatch, report.replace(words, f"clinical {words}")), "--json", now=now)
    assert said.code == 1
    assert [f'"clinical {words[:20]}' in row["problems"][0] for row in said.json if row["problems"]] == [True]
