"""check: what it reads, what it says, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from conftest import ArxivSim, Litwatch

LANTERNS = {
    "id": "2507.21919",
    "version": 1,
    "title": "Warm lanterns dim sooner",
    "abstract": "An invented paper: we find that warm lanterns in a harbour dim sooner than cold ones.",
    "authors": ["Ada Invented"],
    "categories": ["cs.CL"],
    "published": "2025-07-29T10:00:00Z",
}
GONE = LANTERNS | {
    "id": "2508.01234",
    "title": "Lanterns that never dim",
    "comment": "This paper has been withdrawn by the authors, who are invented",
}


@pytest.fixture
def sim(arxivsim: Callable[..., ArxivSim], tmp_path: Path, litwatch: Litwatch) -> ArxivSim:
    """An arXiv of two papers, which litwatch is configured for."""
    corpus = tmp_path / "papers.jsonl"
    corpus.write_text(f"{json.dumps(LANTERNS)}\n{json.dumps(GONE)}\n", encoding="utf-8")
    started = arxivsim(corpus, "2025-11-20T12:00:00Z")
    litwatch.configure(f"[arxiv]\n{started.urls}\ndelay_seconds = 0\n")
    return started


@pytest.fixture
def line(sim: ArxivSim, litwatch: Litwatch) -> Litwatch:
    words = ("--question", "Do warm lanterns dim?", "--claim", "Warm lanterns dim no sooner than cold ones.")
    litwatch("add-line", *words, "--categories", "cs.CL", "--name", "lanterns")
    return litwatch


def answer(litwatch: Litwatch, text: str) -> str:
    (litwatch.folder / "answer.txt").write_text(text, encoding="utf-8")
    return "answer.txt"


def test_all_grounded_ends_well_and_says_so(sim: ArxivSim, litwatch: Litwatch) -> None:
    said = litwatch("check", answer(litwatch, 'arXiv:2507.21919 (2025): "Warm lanterns dim sooner"'))
    assert said.code == 0
    assert said.out.splitlines() == [
        "found          2507.21919  (line 1)",
        "               Warm lanterns dim sooner (2025)",
        "1 of 1 cited paper grounded.",
    ]


def test_an_id_alone_is_told_to_be_all_that_is_grounded(sim: ArxivSim, litwatch: Litwatch) -> None:
    said = litwatch("check", answer(litwatch, "As arXiv:2507.21919v1 has it, lamps go out."))
    assert said.code == 0
    assert said.out.splitlines()[2:] == [
        "               cited by its id alone: no title, year or quotation to compare",
        "1 of 1 cited paper grounded, 1 of them by its id alone.",
    ]
    assert [row["compared"] for row in litwatch("check", "answer.txt", "--json").json] == [["version"]]


def test_the_unfounded_is_named_with_its_place_and_reason(sim: ArxivSim, litwatch: Litwatch) -> None:
    text = 'First.\narXiv:2511.98765\n\narXiv:2507.21919v4 (2019): "Moths circle lamps"\narXiv:2508.01234'
    said = litwatch("check", answer(litwatch, text))
    assert said.code == 1
    assert said.out.splitlines() == [
        "missing        2511.98765  (line 2)",
        "             ! arXiv has no such paper",
        "title differs  2507.21919  (line 4)",
        "               Warm lanterns dim sooner (2025)",
        '             ! cited as "Moths circle lamps", its title is "Warm lanterns dim sooner"',
        "             ! version 4 is cited, the newest is 1",
        "             ! cited as of 2019, submitted 2025-07-29",
        "found          2508.01234  (line 5)",
        "               Lanterns that never dim (2025)",
        "             ! withdrawn",
        "0 of 3 cited papers grounded; see the rest above.",
    ]


def test_json_has_the_keys_that_scripts_rely_on(sim: ArxivSim, litwatch: Litwatch) -> None:
    (row,) = litwatch("check", answer(litwatch, "arXiv:2507.21919"), "--json").json
    assert list(row)[:3] == ["arxiv_id", "state", "title"]
    assert (row["arxiv_id"], row["state"], row["title"]) == ("2507.21919", "found", "Warm lanterns dim sooner")
    assert "taken" not in row


def test_a_text_without_ids_grounds_nothing_and_needs_no_arxiv(litwatch: Litwatch) -> None:
    litwatch.configure('[arxiv]\napi_url = "http://127.0.0.1:9/api/query"\n')
    said = litwatch("check", answer(litwatch, "Lanterns dim, as everybody knows."))
    assert (said.code, said.out) == (3, "answer.txt cites no arXiv id: nothing in it is grounded in a paper.\n")
    assert litwatch("check", "answer.txt", "--json").json == []


def test_standard_input_is_read(sim: ArxivSim, litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"see arXiv:2507.21919")))
    assert [row["state"] for row in litwatch("check", "-", "--json").json] == ["found"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b" \n", "the text is empty; give the answer that is to be checked"),
        (b"\x00\x01\x02" * 50, "this is no text"),
        (b"arXiv:2507.21919 " * 200_000, "too large"),
        (b"\n".join(b"arXiv:2507.%05d" % number for number in range(1, 5010)), "more than 5000 different arXiv ids"),
    ],
)
def test_what_cannot_be_read_ends_in_one_line(litwatch: Litwatch, data: bytes, says: str) -> None:
    litwatch.configure("")
    (litwatch.folder / "answer.txt").write_bytes(data)
    said = litwatch("check", "answer.txt")
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert says in said.err


@pytest.mark.parametrize("name", ["absent.txt", "watchlists"])
def test_an_absent_file_or_a_folder_ends_in_one_line(litwatch: Litwatch, name: str) -> None:
    litwatch.configure("")
    said = litwatch("check", name)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert f"{name}: cannot be read" in said.err


def test_another_encoding_is_read(sim: ArxivSim, litwatch: Litwatch) -> None:
    (litwatch.folder / "answer.txt").write_bytes("caf\u00e9 arXiv:2507.21919".encode("cp1252"))
    assert litwatch("check", "answer.txt").code == 0


def test_what_is_grounded_is_taken_in_and_the_rest_is_named(line: Litwatch) -> None:
    name = answer(line, "arXiv:2507.21919 and arXiv:2511.98765; arXiv:2508.01234 was withdrawn")
    said = line("check", name, "--take", "lanterns")
    assert said.code == 1
    rows = said.out.splitlines()
    assert any(row.startswith("taken      2507.21919  score ") for row in rows)
    assert "not taken  2511.98765  missing" in rows
    assert "not taken  2508.01234  withdrawn" in rows
    assert "`litwatch review lanterns` asks about them" in rows[-1]
    assert [row["arxiv_id"] for row in line("papers", "lanterns", "--json").json] == ["2507.21919"]
    assert any(
        row.startswith("already    2507.21919  score ") for row in line("check", name, "--take", "lan").out.splitlines()
    )
    assert [row["taken"] for row in line("check", name, "--take", "lanterns", "--json").json] == [True, False, False]


def test_what_is_taken_in_below_the_floor_says_so_and_is_asked_about(sim: ArxivSim, litwatch: Litwatch) -> None:
    words = ("--question", "Do tides turn?", "--claim", "Tides turn twice a day, except where a harbour is closed.")
    litwatch("add-line", *words, "--categories", "cs.CL", "--name", "tides")
    with (litwatch.folder / "litwatch.toml").open("a") as file:
        file.write("[rank]\nfloor = 0.9\n")
    said = litwatch("check", answer(litwatch, "arXiv:2507.21919"), "--take", "tides")
    assert "; below the floor of 0.9: it is a match by your word alone" in said.out
    assert litwatch("review", "--json").json == []
    assert [row["arxiv_id"] for row in litwatch("review", "--json", "--taken").json] == ["2507.21919"]


def test_taking_in_makes_no_claim_and_judges_like_any_match(line: Litwatch) -> None:
    before = line("show", "lanterns", "--json").json["claims"]
    line("check", answer(line, "arXiv:2507.21919"), "--take", "lanterns")
    after = line("show", "lanterns", "--json").json["claims"]
    assert [claim["id"] for claim in after] == [claim["id"] for claim in before] == ["c1"]
    (row,) = line("papers", "lanterns", "--json").json
    assert row["claim"] == "c1"


def test_a_line_that_is_none_is_said_before_anything_is_asked(sim: ArxivSim, litwatch: Litwatch) -> None:
    sim.stats()
    said = litwatch("check", answer(litwatch, "arXiv:2507.21919"), "--take", "lamps")
    assert said.code == 3
    assert "there is no line 'lamps'" in said.err
    assert sim.stats()["requests"] == 0


def test_no_text_of_arxiv_or_of_the_answer_steers_the_terminal(sim: ArxivSim, litwatch: Litwatch) -> None:
    said = litwatch("check", answer(litwatch, 'arXiv:2511.98765 (2025): "Moths \x1b[31m circle \x07 lamps"'))
    assert said.out.replace("\n", "").isprintable()


def test_a_closed_standard_input_ends_in_one_line(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    litwatch.configure("")
    monkeypatch.setattr("sys.stdin", None)
    said = litwatch("check", "-")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "standard input is closed" in said.err


def test_what_has_a_problem_is_not_taken_in_and_nothing_fresh_asks_for_no_review(line: Litwatch) -> None:
    said = line("check", answer(line, "arXiv:2507.21919v4"), "--take", "lanterns")
    assert said.out.splitlines()[-1] == "not taken  2507.21919  version 4 is cited, the newest is 1"
