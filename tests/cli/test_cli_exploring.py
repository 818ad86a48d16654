"""What is drawn by chance into a digest, from the outside: shown, marked, switched off."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Litwatch


@pytest.fixture
def demo(litwatch: Litwatch) -> Litwatch:
    """The demo's line with room for two papers in a digest."""
    assert litwatch("demo", str(litwatch.folder)).code == 0
    litwatch.env["LITWATCH_RANK__TOP"] = "2"
    return litwatch


def drawn(litwatch: Litwatch) -> list[dict[str, Any]]:
    (section,) = litwatch("digest", "--json").json["sections"]
    return [entry for entry in section["entries"] if entry["explored"] is not None]


def test_a_digest_tells_two_papers_by_chance_unless_told_how_many(demo: Litwatch) -> None:
    assert [0 < entry["explored"] <= 1 for entry in drawn(demo)] == [True, True]
    demo.env["LITWATCH_RANK__EXPLORE"] = "1"
    assert len(drawn(demo)) <= 1
    demo.env["LITWATCH_RANK__EXPLORE"] = "0"
    assert drawn(demo) == []
    assert "chance" not in demo("digest").out


def test_the_command_that_a_digest_names_marks_the_paper(demo: Litwatch) -> None:
    said = " ".join(demo("digest").out.split())
    assert "A look beyond." in said
    command = said.partition("Useful? `litwatch ")[2].partition("`")[0]
    assert demo(*command.split()).code == 0
    papers = {row["arxiv_id"]: row["feedback"] for row in demo("papers", "when", "--rank-all", "--json").json}
    assert papers[command.split()[2]] == "useful"
