"""add-line: names, categories, what comes back, and nothing written that stops the next command."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest

from conftest import Litwatch

WORDS = ("add-line", "--question", "Can models plan?", "--claim", "Models fail at plans of a dozen steps.")


@pytest.fixture
def fresh(litwatch: Litwatch) -> Litwatch:
    assert litwatch("init").code == 0
    return litwatch


def test_a_category_in_lower_case_is_refused_with_the_one_meant_and_nothing_is_written(fresh: Litwatch) -> None:
    answer = fresh(*WORDS, "--categories", "cs.AI,cs.cl")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean 'cs.CL'?" in " ".join(answer.err.replace("│", " ").split())
    assert fresh("lines", "--json").json == []


def test_a_line_is_called_as_its_reader_says(fresh: Litwatch) -> None:
    assert fresh(*WORDS, "--name", "plan-length", "--json").json["line"] == "plan-length"
    assert (fresh.folder / "watchlists" / "plan-length.yaml").exists()
    other = fresh("add-line", "--question", "Why?", "--claim", "So.", "--name", "plan-length")
    assert (other.code, other.err.count("\n")) == (1, 1)
    assert "plan-length is taken" in other.err
    assert fresh(*WORDS, "--name", "plan length").code == 2
    assert fresh("add-line", "a.txt", "b.txt", "--name", "both").code == 2


def test_a_line_removed_and_added_again_keeps_what_its_reader_made_of_it(fresh: Litwatch) -> None:
    assert fresh(*WORDS, "--categories", "cs.RO").code == 0
    path = fresh.folder / "watchlists" / "can-models-plan.yaml"
    path.write_text(path.read_text().replace("exclude: []", "exclude: [robot arm]"))
    assert fresh("remove", "can").code == 0
    again = fresh(*WORDS)
    assert again.code == 0
    assert "taken back from removed/can-models-plan.yaml" in again.err
    assert "robot arm" in path.read_text()
    assert "[cs.RO]" in path.read_text()


def test_a_line_is_found_by_a_part_of_its_name(fresh: Litwatch) -> None:
    fresh(*WORDS)
    fresh("add-line", "--question", "Why do planners plan?", "--claim", "They must.")
    assert fresh("show", "model", "--json").json["line"] == "can-models-plan"
    assert fresh("show", "why-do", "--json").json["line"] == "why-do-planners-plan"
    both = fresh("show", "plan")
    assert both.code == 3
    assert "can-models-plan" in both.err
    assert "why-do-planners-plan" in both.err


def test_what_is_too_large_is_not_told_by_the_part_that_was_read(
    fresh: Litwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a b " * 3_000_000)))
    answer = fresh("add-line", "-")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "more than 2 MB" in answer.err


def test_the_id_of_a_claim_taken_out_by_hand_is_not_given_to_another(fresh: Litwatch) -> None:
    path = fresh.folder / "watchlists" / "mine.yaml"
    head = "question: Why?\ncategories: [cs.AI]\nclaims:\n  - id: c1\n    text: One.\n"
    path.write_text(head + "  - Two.\n")
    assert [claim["id"] for claim in fresh("show", "mine", "--json").json["claims"]] == ["c1", "c2"]
    path.write_text(head + "  - Quite another.\n")
    assert [claim["id"] for claim in fresh("show", "mine", "--json").json["claims"]] == ["c1", "c3"]


def test_a_watchlist_file_given_again_changes_nothing(litwatch: Litwatch) -> None:
    litwatch("init")
    (litwatch.folder / "mine.yaml").write_text(
        "question: Do invented maps help?\ncategories: [cs.AI]\nclaims:\n  - They do. # as I think\n", encoding="utf-8"
    )
    assert litwatch("add-line", "mine.yaml", "--json").json["changed"] is True
    (path,) = (litwatch.folder / "watchlists").glob("*.yaml")
    before = path.read_bytes()
    assert b"# as I think" in before
    assert litwatch("add-line", "mine.yaml", "--json").json["changed"] is False
    assert path.read_bytes() == before
