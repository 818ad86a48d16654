from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from litwatch.errors import DataError
from litwatch.evaluate.judges import OtherJudge, other_judges
from litwatch.evaluate.lines import evaluate_lines, read_judged
from litwatch.evaluate.records import existing, read_objects
from litwatch.model import Claim, Evidence, Paper, Stance
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker

LINE = {
    "line": "tea",
    "question": "Does tea keep readers awake?",
    "about": "",
    "claims": [
        {"id": "c1", "text": "Green tea delays sleep in adults."},
        {"id": "c2", "text": "Readers finish more pages with black tea."},
    ],
    "anchor_ids": [],
}
PAPERS = {
    "2501.00001": ("Green tea does not delay sleep", "Adults slept no later after green tea."),
    "2501.00002": ("Pages read with tea", "Readers finished more pages with black tea than with water."),
    "2501.00003": ("Galaxies", "Dust hides young stars."),
    "2501.00004": ("Tea markets", "Prices of tea rose."),
}
JUDGMENTS: list[dict[str, Any]] = [
    {"line": "tea", "paper": "2501.00001", "relevance": 3, "claims": [{"claim": "c1", "stance": "contradicts"}]},
    {"line": "tea", "paper": "2501.00002", "relevance": 3, "claims": [{"claim": "c2", "stance": "supports"}]},
    {"line": "tea", "paper": "2501.00003", "relevance": 0, "claims": []},
]


def marks_negations(pairs: Sequence[tuple[Claim, Paper]]) -> list[Evidence]:
    """Takes any paper with "not" in its title for a challenge of every claim."""
    return [
        Evidence(stance=Stance.CONTRADICTS, probability=0.9, challenge=0.9, sentence=paper.title, method="not/1")
        if "not" in paper.title
        else Evidence(stance=Stance.NONE, probability=0.8, challenge=0.1, sentence="", method="not/1")
        for _, paper in pairs
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lines.jsonl").write_text(json.dumps(LINE) + "\n")
    (tmp_path / "judgments.jsonl").write_text("".join(json.dumps(row) + "\n" for row in JUDGMENTS))
    return tmp_path


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    path = tmp_path / "stream.jsonl"
    rows = [{"id": name, "title": title, "abstract": text} for name, (title, text) in PAPERS.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_ranking_is_condensed_to_the_judged_papers_and_marking_counts_every_pair(folder: Path, stream: Path) -> None:
    report = evaluate_lines(folder, stream, Ranker(bundled()), marks_negations).as_json()
    assert report["ndcg@10"] == 1.0
    assert report["recall@20"] == 1.0
    # Six pairs; the judge marks both claims of the first paper, and one of them is a challenge.
    assert report["challenges"] == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(2 / 3),
        "average_precision": 1.0,
        "precision@10": 0.1,
        "calibration_error": pytest.approx((2 * 0.4 + 4 * 0.1) / 6),
        "calibration_error_marked": pytest.approx(0.4),
        "pairs": 6,
        "positives": 1,
        "marked": 2,
        "average_precision_mean_of_lines": 1.0,
        "precision@10_mean_of_lines": 0.1,
    }
    [line] = report["lines"]  # type: ignore[misc]
    assert (line["line"], line["judged"]) == ("tea", 3)


def test_stances_are_read_with_their_kind_and_challenges_are_told_from_them(folder: Path) -> None:
    [one] = read_judged(folder)
    assert one.stances == {("c1", "2501.00001"): Stance.CONTRADICTS, ("c2", "2501.00002"): Stance.SUPPORTS}
    assert one.challenges == {("c1", "2501.00001")}


@pytest.mark.parametrize("stances", [("supports", "supersedes"), ("supersedes", "supports")])
def test_of_two_stances_on_one_claim_the_challenge_counts(folder: Path, stances: tuple[str, str]) -> None:
    said = [{"claim": "c1", "stance": stance} for stance in stances]
    (folder / "judgments.jsonl").write_text(json.dumps({**JUDGMENTS[0], "claims": said}) + "\n")
    [one] = read_judged(folder)
    assert one.stances == {("c1", "2501.00001"): Stance.SUPERSEDES}


def test_other_judges_mark_the_same_pairs_in_the_same_run(folder: Path, stream: Path) -> None:
    alone = evaluate_lines(folder, stream, Ranker(bundled()), marks_negations).as_json()
    report = evaluate_lines(folder, stream, Ranker(bundled()), marks_negations, judges=other_judges).as_json()
    judges = {row["method"]: row for row in report["judges"]}  # type: ignore[attr-defined]
    assert judges.keys() == {"polarity cues", "sentence similarity", "abstract similarity", "untrained rule"}
    assert judges["polarity cues"]["recall"] == 1.0
    precisions = [row["average_precision"] for row in judges.values()]
    assert precisions == sorted(precisions, reverse=True)
    assert alone.pop("judges") == []
    assert {**alone, "judges": report["judges"]} == report


def test_other_judges_are_made_ready_over_the_judged_papers_alone(folder: Path, stream: Path) -> None:
    given: list[str] = []

    def none_over(papers: Sequence[Paper]) -> list[OtherJudge]:
        given.extend(paper.arxiv_id for paper in papers)
        return []

    evaluate_lines(folder, stream, Ranker(bundled()), marks_negations, judges=none_over)
    assert given == ["2501.00001", "2501.00002", "2501.00003"]


def test_nothing_is_marked_below_the_threshold(folder: Path, stream: Path) -> None:
    report = evaluate_lines(folder, stream, Ranker(bundled()), marks_negations, threshold=0.95)
    assert report.challenges.marked == 0
    assert report.challenges.average_precision == 1.0


def test_the_dump_holds_rankings_and_every_pair(folder: Path, stream: Path, tmp_path: Path) -> None:
    evaluate_lines(folder, stream, Ranker(bundled()), marks_negations, dump=tmp_path / "out")
    rankings = [json.loads(row) for row in (tmp_path / "out" / "rankings.jsonl").read_text().splitlines()]
    assert {row["paper"] for row in rankings} == PAPERS.keys()
    assert [row["score"] for row in rankings] == sorted((row["score"] for row in rankings), reverse=True)
    verdicts = [json.loads(row) for row in (tmp_path / "out" / "verdicts.jsonl").read_text().splitlines()]
    assert len(verdicts) == 6
    assert verdicts[0] == {
        "line": "tea",
        "claim": "c1",
        "paper": "2501.00001",
        "stance": "contradicts",
        "probability": 0.9,
        "marked": True,
        "sentence": "Green tea does not delay sleep",
    }


def test_progress_is_told_line_by_line(folder: Path, stream: Path) -> None:
    told: list[tuple[int, int]] = []
    evaluate_lines(
        folder, stream, Ranker(bundled()), marks_negations, progress=lambda done, of: told.append((done, of))
    )
    assert told == [(1, 1)]


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("judgments.jsonl", {**JUDGMENTS[0], "relevance": 5}, "relevance must be 0, 1, 2 or 3, not 5"),
        ("judgments.jsonl", {**JUDGMENTS[0], "line": "coffee"}, "judges line 'coffee', which lines.jsonl lacks"),
        ("judgments.jsonl", {**JUDGMENTS[0], "claims": [{"claim": "c1", "stance": "likes"}]}, "claim and stance"),
        ("judgments.jsonl", {**JUDGMENTS[0], "paper": "2501.09999"}, "lacks 1 judged papers of tea"),
        ("lines.jsonl", {**LINE, "claims": ["c1"]}, "lines.jsonl:1: claims must be a list"),
        ("lines.jsonl", {"line": "tea"}, "lines.jsonl:1 lacks question, claims"),
    ],
)
def test_ill_formed_data_is_named(folder: Path, stream: Path, name: str, row: dict[str, Any], message: str) -> None:
    (folder / name).write_text(json.dumps(row) + "\n")
    with pytest.raises(DataError, match=message):
        evaluate_lines(folder, stream, Ranker(bundled()), marks_negations)


def test_a_folder_that_cannot_be_looked_into_is_said_with_its_reason(tmp_path: Path) -> None:
    # Too long for a name: also for root, who may look everywhere, the system refuses to say what is in it.
    with pytest.raises(DataError, match=r"lines\.jsonl cannot be read: File name too long"):
        existing(tmp_path / ("x" * 300), "lines.jsonl")


@pytest.mark.shared
def test_the_judged_lines_rank_well(shared: Path, tmp_path: Path) -> None:
    """Over the judged papers alone: the rest of the stream takes time and no part in the measure."""
    judged = {row["paper"] for _, row in read_objects(shared / "lines/judged/judgments.jsonl", "paper")}
    stream = tmp_path / "judged.jsonl"
    with stream.open("w") as file:
        for _, row in read_objects(existing(shared / "arxiv", "stream-2025.jsonl"), "id"):
            if row["id"] in judged:
                file.write(json.dumps(row) + "\n")
    report = evaluate_lines(shared / "lines/judged", stream, Ranker(bundled()), marks_negations).as_json()
    assert float(str(report["ndcg@10"])) >= 0.84
    assert float(str(report["recall@20"])) >= 0.62
