"""Reading what the judge's model is trained on. All texts are invented."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from litwatch.errors import DataError
from litwatch.evaluate.records import read_stream
from litwatch.judge.cross_encoder import STANCES
from litwatch.model import Paper, Stance
from litwatch.text import sentences
from litwatch.training.examples import Example, cited_claims, inference, judged_lines, of_label, times, trials

DAY = datetime(2025, 6, 2, tzinfo=UTC)
ABSTRACT = "Chatbots are liked. We train some for warmth. They err more often. Users do not notice."


def paper(name: str = "2506.90001", abstract: str = ABSTRACT) -> Paper:
    return Paper(arxiv_id=name, title="Warmth has a price", abstract=abstract, published=DAY, updated=DAY)


def rows(path: Path, *found: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in found))
    return path


def carrying(example: Example) -> list[int]:
    return [unit for unit, carried in zip(example.passage.units, example.carried, strict=True) if carried]


def test_inference_pairs_become_stances(tmp_path: Path) -> None:
    source = rows(
        tmp_path / "set.jsonl",
        {"premise": "A dog runs.", "hypothesis": "An animal moves.", "label": "entailment"},
        {"premise": "A dog runs.", "hypothesis": "A dog sleeps.", "label": "contradiction"},
        {"premise": "A dog runs.", "hypothesis": "The dog is old.", "label": "neutral"},
        {"premise": "A dog runs.", "hypothesis": "The dog is old.", "label": "neutral"},
        {"premise": "A dog runs.", "hypothesis": "Who knows?", "label": "-"},
    )
    found = inference({source: None}, seed=0)
    assert sorted(STANCES[example.stance] for example in found) == [Stance.CONTRADICTS, Stance.NONE, Stance.SUPPORTS]
    assert len(inference({source: 2}, seed=0)) == 2


def test_claims_are_read_with_what_they_cite_and_the_sentences_that_carry_them(tmp_path: Path) -> None:
    rows(
        tmp_path / "corpus.jsonl",
        {"doc_id": 7, "title": "Warmth", "abstract": ["Chatbots are liked.", "They err more often."]},
        {"doc_id": 8, "title": "Cold", "abstract": ["Cold chatbots err, too."]},
    )
    rows(
        tmp_path / "claims_train.jsonl",
        {
            "id": 1,
            "claim": "Warm chatbots err less [<|multi_cit|>].",
            "evidence": {"7": [{"sentences": [1], "label": "REFUTE"}]},
            "cited_doc_ids": [7, 8, 9],
        },
    )
    found = list(cited_claims(tmp_path, weight=0.5))
    assert [STANCES[example.stance] for example in found] == [Stance.CONTRADICTS, Stance.NONE]
    assert carrying(found[0]) == [2]
    assert carrying(found[1]) == []
    assert {example.weight for example in found} == {0.5}
    assert (
        found[0].passage.tokens
        == of_label(
            "Warm chatbots err less.",
            Paper(
                arxiv_id="7",
                title="Warmth",
                abstract="Chatbots are liked. They err more often.",
                published=DAY,
                updated=DAY,
            ),
            Stance.CONTRADICTS,
            "They err more often.",
        ).passage.tokens
    )
    assert len(list(cited_claims(tmp_path, keep=lambda document: document == "8"))) == 1


def test_a_folder_without_claims_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no corpus\*.jsonl here"):
        list(cited_claims(tmp_path))


def test_of_trials_those_are_read_whose_sentence_the_abstract_holds(tmp_path: Path) -> None:
    row = {"claim": "Warmth increases errors.", "label": "SUPPORT", "title": "Warmth", "abstract": ABSTRACT}
    source = rows(
        tmp_path / "trials.jsonl",
        {**row, "evidence": ["a table", "They err more often."]},
        {**row, "evidence": ["Nothing of this stands in the abstract."]},
    )
    (found,) = trials(source, count=10, seed=0, weight=0.7)
    assert carrying(found) == [3]


def judged(folder: Path, *judgments: dict[str, Any]) -> Path:
    rows(
        folder / "lines.jsonl",
        {
            "line": "warm",
            "question": "Does warmth cost accuracy?",
            "claims": [
                {"id": "c1", "text": "Warm chatbots err more often."},
                {"id": "c2", "text": "Users notice the errors of chatbots."},
                {"id": "c3", "text": "Lighthouses are white."},
            ],
        },
    )
    rows(folder / "judgments.jsonl", *judgments)
    return folder


def test_a_judged_stance_is_an_example_by_its_sentence_or_its_number(tmp_path: Path) -> None:
    said = [
        {"claim": "c1", "stance": "supports", "sentence": 3},
        {"claim": "c2", "stance": "contradicts", "sentence": "Users do not notice."},
    ]
    folder = judged(tmp_path, {"line": "warm", "paper": "2506.90001", "relevance": 3, "claims": said})
    found = [example for _, example in judged_lines(folder, {"2506.90001": paper()}, seed=0)]
    assert [STANCES[example.stance] for example in found] == [Stance.SUPPORTS, Stance.CONTRADICTS, Stance.NONE]
    assert [carrying(example) for example in found] == [[3], [4], []]


def test_of_what_has_no_stance_the_nearest_claim_is_the_hard_example(tmp_path: Path) -> None:
    folder = judged(tmp_path, {"line": "warm", "paper": "2506.90001", "relevance": 2, "claims": []})
    ((line, example),) = judged_lines(folder, {"2506.90001": paper()}, seed=0)
    assert line == "warm"
    nearest = of_label("Users notice the errors of chatbots.", paper(), Stance.NONE, "")
    assert example.passage == nearest.passage


def test_a_stance_is_read_with_the_claim_in_other_words_and_turned_round(tmp_path: Path) -> None:
    said = [
        {"claim": "c1", "stance": "supports", "sentence": 3},
        {"claim": "c2", "stance": "supersedes", "sentence": 4},
    ]
    folder = judged(tmp_path, {"line": "warm", "paper": "2506.90001", "relevance": 1, "claims": said})
    rows(
        folder / "variants.jsonl",
        {"line": "warm", "claim": "c1", "reworded": "Friendly bots slip.", "reversed": "Warm chatbots err less often."},
        {"line": "warm", "claim": "c2", "reworded": "People see errors.", "reversed": "Users miss the errors."},
    )
    found = [example for _, example in judged_lines(folder, {"2506.90001": paper()}, seed=0) if example.stance != 3]
    assert [STANCES[example.stance] for example in found] == [
        *(Stance.SUPPORTS, Stance.SUPPORTS, Stance.CONTRADICTS),
        *(Stance.SUPERSEDES, Stance.SUPERSEDES, Stance.SUPPORTS),
    ]
    assert [carrying(example) for example in found] == [[3]] * 3 + [[4]] * 3
    turned = of_label("Warm chatbots err less often.", paper(), Stance.CONTRADICTS, "")
    assert found[2].passage == turned.passage
    assert found[2].weight < found[0].weight == 1.0


def test_of_two_stances_on_a_claim_the_challenge_counts(tmp_path: Path) -> None:
    both = [{"claim": "c1", "stance": stance, "sentence": 3} for stance in ("contradicts", "supports")]
    folder = judged(tmp_path, {"line": "warm", "paper": "2506.90001", "relevance": 1, "claims": both})
    found = [example for _, example in judged_lines(folder, {"2506.90001": paper()}, seed=0)]
    assert [STANCES[example.stance] for example in found if example.stance != 3] == [Stance.CONTRADICTS]


def test_beside_the_hardest_some_of_all_pairs_that_the_judge_reads_are_taken(tmp_path: Path) -> None:
    names = [f"2506.9{number:04}" for number in range(60)]
    folder = judged(tmp_path, *({"line": "warm", "paper": name, "relevance": 0, "claims": []} for name in names))
    found = list(judged_lines(folder, {name: paper(name) for name in names}, seed=0))
    claims = Counter(example.passage.tokens[: example.passage.claim] for _, example in found)
    assert len(claims) == 2, "that on lighthouses shares no word and is not read"
    assert all(10 < number < 50 for number in claims.values())


def test_papers_that_are_not_at_hand_are_left_out(tmp_path: Path) -> None:
    folder = judged(tmp_path, {"line": "warm", "paper": "2506.90009", "relevance": 3, "claims": []})
    assert list(judged_lines(folder, {}, seed=0)) == []


def test_a_judgment_of_no_line_is_named(tmp_path: Path) -> None:
    folder = judged(tmp_path, {"line": "cold", "paper": "2506.90001", "relevance": 3, "claims": []})
    with pytest.raises(DataError, match="there is no line cold"):
        list(judged_lines(folder, {}, seed=0))


def test_own_verdicts_can_count_for_more() -> None:
    (twice,) = times([of_label("A claim.", paper(), Stance.NONE, "")], 2.0)
    assert twice.weight == 2.0


def bundled() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    folder = resources.files("litwatch.training") / "lines"
    lines, judgments = (
        [json.loads(row) for row in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("lines.jsonl", "judgments.jsonl")
    )
    return lines, judgments


def test_the_bundled_lines_hold_ids_labels_and_numbers_and_no_text_of_papers() -> None:
    lines, judgments = bundled()
    claims = {line["line"]: {claim["id"] for claim in line["claims"]} for line in lines}
    assert len(claims) == len(lines) > 100
    for judgment in judgments:
        assert set(judgment) == {"line", "paper", "relevance", "claims"}
        assert judgment["relevance"] in (0, 1, 2, 3)
        for said in judgment["claims"]:
            assert said["claim"] in claims[judgment["line"]]
            assert Stance(said["stance"]) is not Stance.NONE
            assert isinstance(said["sentence"], int)


def test_the_variants_are_of_bundled_claims_and_each_another_text() -> None:
    lines, _ = bundled()
    claims = {(line["line"], claim["id"]): claim["text"] for line in lines for claim in line["claims"]}
    path = resources.files("litwatch.training") / "lines" / "variants.jsonl"
    variants = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert len({(row["line"], row["claim"]) for row in variants}) == len(variants) > 1000
    for row in variants:
        assert len({claims[row["line"], row["claim"]], row["reworded"], row["reversed"]}) == 3


@pytest.mark.shared
def test_the_sentence_numbers_of_the_bundled_lines_are_there(shared: Path) -> None:
    _, judgments = bundled()
    lengths = {
        one.arxiv_id: len(sentences(one.abstract)) for one in read_stream(shared / "arxiv" / "stream-2025.jsonl.gz")
    }
    for judgment in judgments:
        for said in judgment["claims"]:
            assert 0 <= said["sentence"] <= lengths[judgment["paper"]], judgment


@pytest.mark.shared
def test_no_paper_trains_that_measures(shared: Path) -> None:
    _, judgments = bundled()
    measured = {json.loads(row)["paper"] for row in (shared / "lines/judged/judgments.jsonl").read_text().splitlines()}
    assert not measured & {judgment["paper"] for judgment in judgments}
