"""The cue judge on invented pairs of a claim and a short abstract, with traps; see pairs.jsonl.

The development pairs were looked at while the wordings were written, the held-out ones were not. What is asserted is
the level reached, so that a change for the worse is seen.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litwatch.judge.cue_judge import CueJudge
from litwatch.model import Claim, Evidence, Paper, Stance

WHEN = datetime(2025, 5, 5, tzinfo=UTC)
ROWS = [json.loads(row) for row in (Path(__file__).parent / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]


def judged(part: str) -> list[tuple[Stance, Evidence]]:
    rows = [row for row in ROWS if row["set"] == part]
    pairs = [
        (
            Claim(id="c1", text=row["claim"]),
            Paper(
                arxiv_id=f"2505.{number:05}",
                title=row["title"],
                abstract=row["abstract"],
                published=WHEN,
                updated=WHEN,
            ),
        )
        for number, row in enumerate(rows)
    ]
    evidence = CueJudge().judge(pairs)
    return [(Stance(row["stance"]), said) for row, said in zip(rows, evidence, strict=True)]


PARTS = pytest.mark.parametrize("part", ["development", "held out"])


@PARTS
def test_what_is_marked_is_a_challenge(part: str) -> None:
    wrong = [said.sentence for gold, said in judged(part) if said.stance.challenges and not gold.challenges]
    assert wrong == []


@PARTS
def test_no_challenge_is_told_as_support(part: str) -> None:
    assert [
        said.sentence for gold, said in judged(part) if said.stance is Stance.SUPPORTS and gold is not said.stance
    ] == []


@PARTS
def test_nearly_all_plain_challenges_are_found(part: str) -> None:
    challenges = [said.stance.challenges for gold, said in judged(part) if gold.challenges]
    assert sum(challenges) >= 0.95 * len(challenges)


@PARTS
def test_contradicted_and_superseded_are_mostly_told_apart(part: str) -> None:
    marks = [gold is said.stance for gold, said in judged(part) if said.stance.challenges]
    assert sum(marks) >= 0.9 * len(marks)


@pytest.mark.parametrize(("part", "least"), [("development", 14), ("held out", 6)])
def test_supports_are_found_where_a_word_decides(part: str, least: int) -> None:
    found = sum(gold is said.stance for gold, said in judged(part) if gold is Stance.SUPPORTS)
    assert found >= least


@PARTS
def test_no_mark_claims_more_than_nine_in_ten_and_every_one_says_why(part: str) -> None:
    marks = [said for _, said in judged(part) if said.stance is not Stance.NONE]
    assert all(0.5 <= said.probability <= 0.9 for said in marks)
    assert all("'" in said.reason and len(said.reason) < 120 for said in marks)
