"""Other tools' methods beside ours. All papers and lines are invented."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from conftest import Litwatch
from litwatch.errors import DataError
from litwatch.evaluate.comparison import compare, paired_difference
from litwatch.evaluate.lines import evaluate_lines
from litwatch.evaluate.peers import LinearSvm, Method, RecentSimilarity, peer_methods
from litwatch.evaluate.retrieval import evaluate_retrieval
from litwatch.model import Anchor, Claim, Evidence, Line, Paper, Stance
from litwatch.rank.background import bundled
from litwatch.rank.ranker import Ranker

TEXTS = {
    "2501.00001": ("Green tea and sleep", "Green tea delays sleep in adults, and tea delays dreams."),
    "2501.00002": ("Black tea", "Readers of the novels finish more pages with black tea than with water."),
    "2501.00003": ("Dust in galaxies", "Dust hides the young stars of distant galaxies."),
    "2501.00004": ("Prices", "The price of coffee rose in the spring."),
}


def paper(name: str, title: str = "", abstract: str = "", year: int = 2025, authors: Sequence[str] = ()) -> Paper:
    day = datetime(year, 1, 1, tzinfo=UTC)
    return Paper(arxiv_id=name, title=title, abstract=abstract, authors=tuple(authors), published=day, updated=day)


PAPERS = [paper(name, *text) for name, text in TEXTS.items()]
TEA = Line(
    slug="tea",
    question="Does tea keep readers awake?",
    claims=(Claim(id="c1", text="Green tea delays sleep."), Claim(id="c2", text="Tea with tea delays pages more.")),
)
TEA_TEXT = "Does tea keep readers awake? Green tea delays sleep. Tea with tea delays pages more."


class Axes:
    """Knows the words that it is given, each a dimension of its own."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def vectors(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        counts = np.array(
            [[re.findall(r"\w+", text.lower()).count(word) for word in self.words] for text in texts], dtype=float
        )
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


def method(name: str, papers: Sequence[Paper] = PAPERS) -> Method:
    return next(one for one in peer_methods(papers, semantics=Axes("tea")) if one.name == name)


def test_the_methods_are_those_of_the_peers_and_embeddings_need_a_model() -> None:
    names = [one.name for one in peer_methods(PAPERS, semantics=Axes("tea"))]
    assert names == [
        "TF-IDF",
        "TF-IDF, sublinear, no stop words",
        "BM25",
        "BM25, content words once",
        "keyword match",
        "TF-IDF + linear SVM",
        "embedding with recency",
    ]
    assert [one.name for one in peer_methods(PAPERS)] == names[:-1]


@pytest.mark.parametrize(
    ("name", "vectorizer"),
    [
        ("TF-IDF", TfidfVectorizer()),
        ("TF-IDF, sublinear, no stop words", TfidfVectorizer(sublinear_tf=True, stop_words="english")),
    ],
)
def test_tfidf_is_what_scikit_learn_makes_of_the_same_texts(name: str, vectorizer: TfidfVectorizer) -> None:
    papers = vectorizer.fit_transform([f"{title} {abstract}" for title, abstract in TEXTS.values()])
    expected = (papers @ vectorizer.transform([TEA_TEXT]).T).toarray()
    assert method(name).scores([TEA], {}) == pytest.approx(expected)


@pytest.mark.parametrize(("name", "said"), [("BM25", 4), ("BM25, content words once", 1)])
def test_bm25_saturates_and_counts_the_words_of_the_line(name: str, said: int) -> None:
    papers = [paper("a", "tea tea tea"), paper("b", "some milk"), paper("c", "sugar")]
    line = Line(slug="x", question="Tea, tea, tea and tea?")
    # "tea" stands in one of three papers of two words on average, three times in one of three words.
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    weight = 3 * 2.5 / (3 + 1.5 * (0.25 + 0.75 * 3 / 2))
    assert method(name, papers).scores([line], {})[:, 0] == pytest.approx([said * idf * weight, 0, 0])


def test_keywords_are_counted_once_and_without_function_words() -> None:
    line = Line(slug="x", question="Is the tea of readers black tea, or the water of readers?")
    # tea in the first; tea, readers, black and water in the second.
    assert method("keyword match").scores([line], {})[:, 0].tolist() == [1, 4, 0, 0]


def test_a_claim_that_repeats_the_question_is_not_said_twice() -> None:
    once = Line(slug="x", question="Black tea helps readers")
    twice = Line(slug="x", question=once.question, claims=(Claim(id="c1", text=once.question),))
    for one in peer_methods(PAPERS, semantics=Axes("tea", "readers")):
        scores = one.scores([once, twice], {})
        assert scores[:, 0].tolist() == scores[:, 1].tolist(), one.name


def test_the_svm_takes_up_what_is_in_the_lines_anchors_alone() -> None:
    line = Line(slug="x", question="What is known?", anchors=(Anchor(arxiv_id="2501.00003"),))
    like_anchor = paper("2501.00005", "Young stars", "Stars in dust of galaxies.")
    machine = LinearSvm([*PAPERS, like_anchor])
    alone = machine.scores([line], {})[:, 0]
    leant = machine.scores([line], {"2501.00003": PAPERS[2]})[:, 0]
    assert leant[4] - leant[3] > alone[4] - alone[3]
    assert leant.argmax() == 2


def test_an_anchor_that_is_not_among_the_papers_teaches_the_svm_too() -> None:
    line = Line(slug="x", question="What is known?", anchors=(Anchor(arxiv_id="2401.00009"),))
    anchor = paper("2401.00009", "Stars", "Young stars of galaxies.")
    scores = LinearSvm(PAPERS).scores([line], {anchor.arxiv_id: anchor})
    assert scores.shape == (4, 1)
    assert scores[:, 0].argmax() == 2


def test_the_svm_reads_authors() -> None:
    papers = [*PAPERS, paper("2501.00005", "Notes", "Some notes.", authors=["Ada Example"])]
    line = Line(slug="x", question="What does Ada Example write?")
    assert LinearSvm(papers).scores([line], {})[:, 0].argmax() == 4


def test_a_newer_paper_of_the_library_weighs_more() -> None:
    anchors = {"old": paper("old", "apple", year=2020), "new": paper("new", "pear", year=2024)}
    line = Line(
        slug="x",
        question="",
        claims=(Claim(id="c1", text="plum"),),
        anchors=(Anchor(arxiv_id="old"), Anchor(arxiv_id="new"), Anchor(arxiv_id="unknown")),
    )
    papers = [paper("a", "apple"), paper("p", "pear"), paper("q", "plum"), paper("n", "nothing")]
    scores = RecentSimilarity(papers, Axes("apple", "pear", "plum")).scores([line], anchors)[:, 0]
    weights = [1 / (1 + math.log10(place)) for place in (1, 2, 3)]
    assert scores == pytest.approx([weights[2] / sum(weights), weights[1] / sum(weights), weights[0] / sum(weights), 0])


def test_a_line_without_claims_is_its_question_to_embeddings() -> None:
    scores = RecentSimilarity(PAPERS, Axes("dust")).scores([Line(slug="x", question="dust")], {})
    assert scores[:, 0].argmax() == 2


def test_papers_without_a_word_are_named_with_the_cure() -> None:
    with pytest.raises(DataError, match=r"no words to count .*--no-peers"):
        list(peer_methods([paper("2501.00001", "$", "?")]))


class Told:
    """Gives every paper the score that it was told for a line."""

    says = "what it was told"

    def __init__(self, name: str, by_line: dict[str, float]) -> None:
        self.name = name
        self.by_line = by_line

    def scores(self, lines: Sequence[Line], anchors: object) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([[self.by_line[line.slug] for line in lines]])


def test_each_line_is_measured_by_its_own_scores_however_many_there_are() -> None:
    lines = [Line(slug=f"l{n}", question="?") for n in range(450)]
    low, high = (Told(name, {f"l{n}": n + add for n in range(450)}) for name, add in (("low", 0.0), ("high", 1.0)))
    seen: list[int] = []

    def measure(number: int, scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
        seen.append(number)
        return float(scores[0]) - number, 7.0

    reports = compare([low, high], lines, {}, names=("gain", "seven"), ours=[(1.5, 0.0)] * 450, measure=measure)
    assert seen == [*range(450), *range(450)]
    assert [report.as_json() for report in reports] == [
        {
            "method": name,
            "says": "what it was told",
            "gain": gain,
            "seven": 7.0,
            "difference": {"value": 1.5 - gain, "low": 1.5 - gain, "high": 1.5 - gain},
        }
        for name, gain in (("high", 1.0), ("low", 0.0))
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_interval_holds_the_difference_and_turns_with_the_sides(pairs: list[tuple[float, float]]) -> None:
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    there, back = paired_difference(ours, theirs), paired_difference(theirs, ours)
    differences = [a - b for a, b in pairs]
    assert min(differences) - 1e-9 <= there.low <= there.high <= max(differences) + 1e-9
    assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low))
    assert paired_difference(ours, theirs) == there


def test_the_interval_is_about_as_wide_as_the_normal_one() -> None:
    differences = np.sin(np.arange(100.0))
    found = paired_difference(list(differences), [0.0] * 100)
    half = 1.96 * differences.std() / 10
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), abs=0.02)


# --- in the reports ------------------------------------------------------------------------------------------


@pytest.fixture
def judged(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of one judged line, and its stream."""
    folder, stream = tmp_path / "judged", tmp_path / "stream.jsonl"
    folder.mkdir()
    line = {
        "line": "tea",
        "question": TEA.question,
        "about": "",
        "claims": [{"id": claim.id, "text": claim.text} for claim in TEA.claims],
        "anchor_ids": [],
    }
    (folder / "lines.jsonl").write_text(json.dumps(line) + "\n")
    judgments = [{"line": "tea", "paper": name, "relevance": r} for name, r in zip(TEXTS, (3, 2, 0, 0), strict=True)]
    (folder / "judgments.jsonl").write_text("".join(json.dumps(row) + "\n" for row in judgments))
    rows = [{"id": name, "title": title, "abstract": abstract} for name, (title, abstract) in TEXTS.items()]
    stream.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder, stream


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": name, "title": title, "text": abstract} for name, (title, abstract) in TEXTS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "Does green tea delay sleep?"}))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t2501.00001\t1\n")
    return folder


def no_stance(pairs: Sequence[tuple[Claim, Paper]]) -> list[Evidence]:
    return [Evidence(stance=Stance.NONE, probability=1.0, challenge=0.0, sentence="", method="none/1") for _ in pairs]


def test_lines_are_ranked_by_the_peers_in_the_same_run(judged: tuple[Path, Path]) -> None:
    report = evaluate_lines(*judged, Ranker(bundled()), no_stance, peers=peer_methods).as_json()
    rows = {row["method"]: row for row in report["peers"]}  # type: ignore[attr-defined]
    assert len(rows) == 6
    assert rows["TF-IDF"]["ndcg@10"] == rows["TF-IDF"]["recall@20"] == 1.0
    assert rows["TF-IDF"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_retrieval_is_measured_for_the_peers_by_the_same_measures(labelled: Path) -> None:
    report = evaluate_retrieval(labelled, Ranker(bundled()), peers=peer_methods).as_json()
    [bm25] = [row for row in report["peers"] if row["method"] == "BM25"]  # type: ignore[attr-defined]
    assert {name: bm25[name] for name in ("ndcg@10", "recall@10", "recall@100", "map")} == {
        "ndcg@10": 1.0,
        "recall@10": 1.0,
        "recall@100": 1.0,
        "map": 1.0,
    }


def test_a_person_is_shown_litwatch_first_and_the_best_figures_starred(
    litwatch: Litwatch, judged: tuple[Path, Path]
) -> None:
    folder, stream = judged
    answer = litwatch("evaluate", "lines", str(folder), "--papers", str(stream))
    assert answer.code == 0, answer.err
    _, ranking, marking = answer.out.split("method ")
    heading, ours, *theirs = [row for row in ranking.splitlines() if row.strip()]
    assert heading.split()[:2] == ["ndcg@10", "recall@20"]
    assert ours.split() == ["litwatch", "1.000*", "1.000*"]
    assert len(theirs) == 7
    assert all("+0." in row or "-0." in row for row in theirs)
    heading, ours, *theirs = [row for row in marking.splitlines() if row.strip()]
    assert heading.split()[:5] == ["AP", "precision", "recall", "P@10", "calibration"]
    assert ours.startswith("litwatch ")
    assert len(theirs) == 4


def test_the_peers_can_be_left_out(litwatch: Litwatch, judged: tuple[Path, Path], labelled: Path) -> None:
    folder, stream = judged
    for words in (("lines", str(folder), "--papers", str(stream)), ("retrieval", str(labelled))):
        assert litwatch("evaluate", *words, "--json").json["peers"]
        assert litwatch("evaluate", *words, "--json", "--no-peers").json["peers"] == []
        assert "TF-IDF" not in litwatch("evaluate", *words, "--no-peers").out
    alone = litwatch("evaluate", "lines", str(folder), "--papers", str(stream), "--no-peers")
    assert "untrained rule" not in alone.out
