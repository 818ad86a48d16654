"""Breadth where a reader meets it: add-line, show, doctor."""

from __future__ import annotations

import pytest

from conftest import Litwatch

BROAD = ("add-line", "--question", "What is new in language models?", "--claim", "Language models improve.")
FINE = (
    "add-line",
    "--question",
    "Do watermarks of generated text survive paraphrasing?",
    "--claim",
    "A watermark in the tokens of a language model is removed by one round of paraphrasing.",
)


@pytest.fixture
def fresh(litwatch: Litwatch) -> Litwatch:
    assert litwatch("init").code == 0
    return litwatch


def test_a_broad_line_is_written_all_the_same_and_told_so(fresh: Litwatch) -> None:
    answer = fresh(*BROAD, "--json")
    assert answer.code == 0
    assert (fresh.folder / "watchlists" / f"{answer.json['line']}.yaml").exists()
    (warning,) = [each for each in answer.json["warnings"] if each.startswith("too ")]
    assert warning.startswith("too broad: some ")
    assert f"warning: {answer.json['line']}: {warning}" in fresh(*BROAD).err


def test_a_fine_line_is_not_troubled(fresh: Litwatch) -> None:
    assert fresh(*FINE, "--json").json["warnings"] == ["no anchors given"]
    assert fresh("show", "watermarks", "--json").json["breadth"] is None


def test_a_narrow_line_is_told_what_its_words_may_mean(fresh: Litwatch) -> None:
    answer = fresh("add-line", "--question", "Do langauge modles halucinate?", "--claim", "They do.", "--json")
    assert answer.code == 0
    narrow = next(each for each in answer.json["warnings"] if each.startswith("too narrow"))
    assert "`langauge` (`language`?)" in narrow
    assert any("claim c1 does not say what it is about" in each for each in answer.json["warnings"])


def test_show_says_it_of_a_line_that_is_there(fresh: Litwatch) -> None:
    fresh(*BROAD)
    said = fresh("show", "language").out
    assert said.splitlines()[2].startswith("too broad: some ")
    assert fresh("show", "language", "--json").json["breadth"] == said.splitlines()[2]
