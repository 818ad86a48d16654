"""Measuring stance on a folder in SciFact form."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from litwatch.errors import DataError
from litwatch.evaluate.judges import OtherSide, other_sides
from litwatch.evaluate.stance import cited_pairs, evaluate_stance
from litwatch.judge.base import Odds
from litwatch.judge.cue_judge import CueJudge
from litwatch.model import Claim, Evidence, Paper, Stance

CORPUS = [
    {"doc_id": 1, "title": "Watering", "abstract": ["We water tomatoes.", "Growth increased with water."]},
    {"doc_id": 2, "title": "Shade", "abstract": ["Shade did not slow the growth."]},
    {"doc_id": 3, "title": "Soil", "abstract": ["Sand drains."]},
]
CLAIMS = [
    {"id": 7, "claim": "Water increases growth.", "cited_doc_ids": [1, 3],
     "evidence": {"1": [{"sentences": [1], "label": "SUPPORT"}]}},
    {"id": 8, "claim": "Shade slows growth.", "cited_doc_ids": [2],
     "evidence": {"2": [{"sentences": [0], "label": "CONTRADICT"}]}},
    {"id": 9, "claim": "Water reduces growth.", "cited_doc_ids": [1],
     "evidence": {"1": [{"sentences": [1], "label": "CONTRADICT"}]}},
]  # fmt: skip


class Fixed:
    """A judge whose odds are written down beforehand, by the claim's id."""

    method = "fixed/1"

    def __init__(self, against: dict[str, float]) -> None:
        self.against = against

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        return ()

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        return tuple(
            Odds(supports=0.1, challenge=0.2, contradicts=0.1, supersedes=0.1, against=self.against[claim.id])
            for claim, _ in pairs
        )


def folder(at: Path, claims: list[Any] | None = None, corpus: list[Any] | None = None) -> Path:
    for name, rows in (("claims", CLAIMS if claims is None else claims), ("corpus", corpus or CORPUS)):
        (at / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return at


def test_scores_count_the_pairs_with_labelled_evidence_only(tmp_path: Path) -> None:
    report = evaluate_stance(folder(tmp_path), Fixed({"7": 0.2, "8": 0.9, "9": 0.4}))
    assert report.pairs == 3
    assert (report.contradicts.precision, report.contradicts.recall) == (1.0, 0.5)
    assert (report.supports.precision, report.supports.recall) == (0.5, 1.0)
    assert report.macro_f1 == pytest.approx(2 / 3)
    assert report.contradicts.average_precision == 1.0


def test_average_precision_falls_when_a_support_ranks_above_a_contradiction(tmp_path: Path) -> None:
    report = evaluate_stance(folder(tmp_path), Fixed({"7": 0.8, "8": 0.9, "9": 0.4}))
    assert report.contradicts.average_precision == pytest.approx((1 + 2 / 3) / 2)


def test_other_judges_decide_the_labelled_pairs_and_are_told_best_first(tmp_path: Path) -> None:
    judge = Fixed({"7": 0.2, "8": 0.9, "9": 0.4})
    written = OtherSide(name="all-knowing", says="knows it all", against=lambda pairs: [c.id != "7" for c, _ in pairs])
    report = evaluate_stance(folder(tmp_path), judge, judges=[*other_sides(), written])
    assert report.judges[0].as_json() == {
        "method": "all-knowing",
        "says": "knows it all",
        "macro_f1": 1.0,
        "supports_f1": 1.0,
        "contradicts_f1": 1.0,
    }
    found = {row.method: row.sides for row in report.judges}
    assert found.keys() == {"all-knowing", "majority", "polarity cues", "untrained rule"}
    # One of three pairs supports, and the majority says so of all.
    assert found["majority"].supports.f1 == pytest.approx(0.5)
    assert found["majority"].contradicts.f1 == 0.0
    assert report.macro_f1 == evaluate_stance(tmp_path, judge).macro_f1


def test_the_json_has_the_promised_names(tmp_path: Path) -> None:
    told = json.loads(json.dumps(evaluate_stance(folder(tmp_path), CueJudge()).as_json()))
    assert told.keys() >= {"macro_f1", "supports", "contradicts"}
    assert told["contradicts"].keys() == {"precision", "recall", "f1", "average_precision"}


def test_the_dump_tells_every_cited_pair(tmp_path: Path) -> None:
    evaluate_stance(folder(tmp_path), Fixed({"7": 0.25, "8": 0.9, "9": 0.4}), dump=tmp_path / "out")
    rows = [json.loads(row) for row in (tmp_path / "out/stances.jsonl").read_text().splitlines()]
    assert [(row["claim"], row["paper"], row["stance"]) for row in rows] == [
        ("7", "1", "supports"),
        ("7", "3", "supports"),
        ("8", "2", "contradicts"),
        ("9", "1", "supports"),
    ]
    assert (rows[0]["supports"], rows[0]["contradicts"]) == (0.75, 0.25)


def test_packed_files_and_split_names_are_read(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "claims.jsonl").rename(tmp_path / "claims_train.jsonl")
    text = (tmp_path / "corpus.jsonl").read_bytes()
    (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(text))
    assert [pair.gold for pair in cited_pairs(tmp_path)] == [
        Stance.SUPPORTS,
        Stance.NONE,
        Stance.CONTRADICTS,
        Stance.CONTRADICTS,
    ]


def claim(**fields: Any) -> dict[str, Any]:
    return {"id": 1, "claim": "Water helps.", "cited_doc_ids": [1], **fields}


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        pytest.param([claim(cited_doc_ids=[99])], "cites 99", id="an unknown document"),
        pytest.param([{"id": 1, "cited_doc_ids": [1]}], "claims.jsonl:1: 'claim' is missing", id="no claim text"),
        pytest.param([claim(evidence=[1])], "claims.jsonl:1: not of SciFact's form", id="evidence of another form"),
        pytest.param(
            [CLAIMS[0], claim(evidence={"1": [{"label": "MAYBE"}]})],
            "claims.jsonl:2: 'MAYBE'",
            id="an unknown label",
        ),
        pytest.param(
            [claim(evidence={"1": [{"label": "SUPPORT"}, {"label": "CONTRADICT"}]})],
            "both SUPPORT and CONTRADICT",
            id="both labels",
        ),
        pytest.param([claim()], "no claim has evidence", id="nothing labelled"),
        pytest.param([], "no claim has evidence", id="no claims"),
    ],
)
def test_ill_formed_claims_are_refused_in_one_line(tmp_path: Path, claims: list[Any], says: str) -> None:
    with pytest.raises(DataError) as refused:
        evaluate_stance(folder(tmp_path, claims), CueJudge())
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_corpus_whose_abstract_is_one_string_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"corpus\.jsonl:1: .*list of sentences"):
        cited_pairs(folder(tmp_path, corpus=[{"doc_id": 1, "title": "", "abstract": "One string."}]))


def test_an_empty_folder_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no corpus\.jsonl"):
        evaluate_stance(tmp_path, CueJudge())


def test_two_claims_files_are_not_guessed_between(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "claims.jsonl").rename(tmp_path / "claims_train.jsonl")
    (tmp_path / "claims_dev.jsonl").write_text("")
    with pytest.raises(DataError, match=r"claims_dev\.jsonl, claims_train\.jsonl"):
        evaluate_stance(tmp_path, CueJudge())


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 50)[:20])
    with pytest.raises(DataError, match=r"corpus\.jsonl\.gz"):
        evaluate_stance(tmp_path, CueJudge())


def test_what_the_system_refuses_is_said_with_its_reason(tmp_path: Path) -> None:
    too_long = "x" * 300  # so that it refuses root, too
    with pytest.raises(DataError, match="cannot be read: File name too long"):
        evaluate_stance(tmp_path / too_long, Fixed({}))
    with pytest.raises(DataError, match=r"stances\.jsonl cannot be written: File name too long"):
        evaluate_stance(folder(tmp_path), Fixed({"7": 0.1, "8": 0.9, "9": 0.9}), dump=tmp_path / too_long)
