from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from litwatch.errors import DataError
from litwatch.evaluate.retrieval import evaluate_retrieval
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker

CORPUS = [
    {"_id": "d1", "title": "Bees and pesticides", "text": "Neonicotinoids disturb the navigation of honey bees."},
    {"_id": "d2", "title": "Sleep", "text": "Short sleep raises blood pressure in adults."},
    {"_id": "d3", "title": "Soil", "text": "Earthworms carry carbon into deep soil."},
]
QUERIES = [
    {"_id": "q1", "text": "Pesticides harm bee navigation."},
    {"_id": "q2", "text": "Sleep loss raises pressure of the blood."},
    {"_id": "unjudged", "text": "Anything else"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    with gzip.open(folder / "corpus.jsonl.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, CORPUS)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq2\td9\t1\n")
    return folder


def test_a_relevant_document_that_is_not_found_costs_recall(folder: Path) -> None:
    report = evaluate_retrieval(folder, Ranker(bundled())).as_json()
    assert report["queries"] == 2
    assert report["recall@10"] == report["recall@100"] == report["map"] == 0.75
    assert report["ndcg@10"] == pytest.approx((1 + 1 / (1 + 0.6309297)) / 2)


def test_the_dump_holds_each_query_best_first(folder: Path, tmp_path: Path) -> None:
    evaluate_retrieval(folder, Ranker(bundled()), dump=tmp_path / "out")
    rows = [json.loads(row) for row in (tmp_path / "out" / "rankings.jsonl").read_text().splitlines()]
    assert [row["query"] for row in rows] == ["q1"] * 3 + ["q2"] * 3
    assert rows[0]["paper"] == "d1"
    assert rows[3]["paper"] == "d2"
    assert rows[0]["score"] >= rows[1]["score"] >= rows[2]["score"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n{"_id": "q2"}\n', "queries.jsonl:2 lacks text"),
        ("queries.jsonl", "what?\n", "queries.jsonl:1 is no JSON"),
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n', "names queries that queries.jsonl lacks, first 'q2'"),
        ("qrels/test.tsv", "q1 d1 1\n", "test.tsv:1 is not query, document and relevance"),
        ("qrels/test.tsv", "q1\td1\t0\n", "names no relevant document"),
    ],
)
def test_ill_formed_data_is_named_in_one_line(folder: Path, name: str, content: str, message: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(DataError, match=message) as raised:
        evaluate_retrieval(folder, Ranker(bundled()))
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").unlink()
    with pytest.raises(DataError, match=r"has no corpus\.jsonl"):
        evaluate_retrieval(folder, Ranker(bundled()))


def test_a_cut_gzip_file_is_named(folder: Path) -> None:
    path = folder / "corpus.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(DataError, match=r"corpus\.jsonl\.gz cannot be read"):
        evaluate_retrieval(folder, Ranker(bundled()))
