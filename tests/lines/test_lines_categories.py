"""Categories proposed for a line: the fields that its words and its anchors belong to."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from lines_sample import LINE

from litwatch.lines.categories import propose_categories
from litwatch.lines.page import line_from_words
from litwatch.model import Claim, Line


def test_a_line_gets_the_categories_of_its_words() -> None:
    assert "cs.CL" in propose_categories(LINE)
    assert len(propose_categories(LINE)) == 5
    words = line_from_words("Do robots grasp?", ["A gripper with tactile sensors grasps unseen objects."]).line
    assert propose_categories(words)[0] == "cs.RO"


def test_the_categories_of_anchors_count() -> None:
    assert "cs.DL" not in propose_categories(LINE)
    assert "cs.DL" in propose_categories(LINE, anchor_categories=[("cs.DL",), ()])


def test_unknown_words_propose_nothing_but_the_anchors_categories() -> None:
    unknown = line_from_words("Xyzzy?", ["Plugh frobnitz."]).line

    assert propose_categories(unknown) == ()
    assert propose_categories(unknown, anchor_categories=[("hep-th",)]) == ("hep-th",)


def test_five_categories_reach_nearly_all_papers_that_judged_lines_need(shared: Path) -> None:
    with gzip.open(shared / "arxiv/stream-2025.jsonl.gz", "rt", encoding="utf-8") as rows:
        categories = {paper["id"]: paper["categories"] for paper in map(json.loads, rows)}
    proposed: dict[str, tuple[str, ...]] = {}
    for row in (shared / "lines/judged/lines.jsonl").read_text(encoding="utf-8").splitlines():
        judged = json.loads(row)
        claims = tuple(Claim(id=claim["id"], text=claim["text"]) for claim in judged["claims"])
        line = Line(slug="judged", question=judged["question"], about=judged["about"], claims=claims)
        proposed[judged["line"]] = propose_categories(line)
    needed = [
        bool(set(categories[row["paper"]]) & set(proposed[row["line"]]))
        for row in map(json.loads, (shared / "lines/judged/judgments.jsonl").read_text(encoding="utf-8").splitlines())
        if row["relevance"] == 3
    ]
    assert sum(needed) / len(needed) >= 0.99
