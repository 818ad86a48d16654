"""The model that comes with litwatch. All texts are invented."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from litwatch.judge.trained_judge import METHOD, TrainedJudge, bundled_model
from litwatch.model import Claim, Paper, Stance

WHEN = datetime(2025, 5, 5, tzinfo=UTC)
ROWS = [json.loads(row) for row in (Path(__file__).parent / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
FILES = {
    "model.onnx": "37b49f4c0104801d",
    "calibration.json": "abafc37181a147af",
}


def pair(number: int) -> tuple[Claim, Paper]:
    row = ROWS[number]
    paper = Paper(
        arxiv_id=f"2505.{number:05}", title=row["title"], abstract=row["abstract"], published=WHEN, updated=WHEN
    )
    return Claim(id="c1", text=row["claim"]), paper


def test_another_model_has_another_name() -> None:
    """What was read with a model is kept under METHOD: a file that is replaced needs a new one."""
    folder = resources.files("litwatch.judge") / "minilm"
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16] for name in FILES}
    assert (METHOD, found) == ("minilm-cross/2", FILES)


def test_what_is_said_of_a_pair_does_not_depend_on_the_others() -> None:
    judge = TrainedJudge()
    together = judge.judge([pair(number) for number in range(8)])
    assert [judge.judge([pair(number)])[0] for number in (7, 2, 5)] == [together[7], together[2], together[5]]


def test_probabilities_are_probabilities_and_sentences_stand_so_in_the_paper() -> None:
    pairs = [pair(number) for number in range(len(ROWS))]
    for (_, paper), said, odds in zip(pairs, TrainedJudge().judge(pairs), TrainedJudge().weigh(pairs), strict=True):
        assert 0 <= said.probability <= 1
        assert 0 <= said.challenge <= 1
        assert odds.contradicts + odds.supersedes == pytest.approx(odds.challenge)
        assert odds.supports + odds.challenge <= 1 + 1e-9
        assert said.sentence in f"{paper.title} {paper.abstract}"
        assert said.sentence
        assert said.reason


def test_plain_contradictions_are_told_from_plain_support() -> None:
    chosen = [number for number, row in enumerate(ROWS) if row["stance"] in ("contradicts", "supports")]
    odds = bundled_odds(chosen)
    right = [(ROWS[number]["stance"] == "contradicts") == (odds[number] > 0.5) for number in chosen]
    assert sum(right) > 0.6 * len(right)


def bundled_odds(numbers: list[int]) -> dict[int, float]:
    judge = TrainedJudge(model=bundled_model())
    found = judge.weigh([pair(number) for number in numbers])
    return {number: odds.against for number, odds in zip(numbers, found, strict=True)}


def test_a_threshold_of_one_takes_no_stance() -> None:
    said = TrainedJudge(threshold=1.0).judge([pair(number) for number in range(6)])
    assert {one.stance for one in said} == {Stance.NONE}
