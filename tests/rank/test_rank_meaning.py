from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.encoder import DIMENSIONS, bundled_encoder
from litwatch.rank.meaning import Meaning
from litwatch.rank.ranker import Ranker

AT = datetime(2025, 11, 3, tzinfo=UTC)
LINE = Line(
    slug="tea",
    question="Does tea keep readers awake?",
    claims=(
        Claim(id="c1", text="Readers who drink tea fall asleep later."),
        Claim(id="c2", text="Green tea calms readers before an examination."),
    ),
)


def paper(arxiv_id: str, title: str, abstract: str) -> Paper:
    return Paper(arxiv_id=arxiv_id, title=title, abstract=f"{abstract} Invented.", published=AT, updated=AT)


AWAKE = paper("2511.00001", "Tea and sleep", "We let readers drink tea. Those readers fell asleep an hour later.")
COFFEE = paper("2511.00002", "Caffeine at night", "Subjects stayed alert after a hot beverage. Readers drank tea, too.")
CERAMICS = paper(
    "2511.00003", "Tea bowls for readers", "Readers of old inscriptions date bowls for tea by their glaze."
)
PAPERS = (CERAMICS, COFFEE, AWAKE)


class Shelf:
    """A memory that counts what it is asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.written = 0

    def recall(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keep(self, found: Mapping[str, bytes]) -> None:
        self.written += len(found)
        self.kept.update(found)


class Axes:
    """An encoder of made-up vectors: one axis a word, so that each test says what is near to what."""

    def __init__(self) -> None:
        self.read: list[tuple[str, ...]] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        self.read.append(tuple(texts))
        vectors = np.full((len(texts), DIMENSIONS), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for axis, word in enumerate(("asleep", "alert", "glaze", "examination")):
                vectors[row, axis] += text.lower().count(word)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)


def test_texts_that_mean_alike_lie_nearer_than_texts_that_share_a_word() -> None:
    meant, alike, other = bundled_encoder().vectors(
        ["Readers who drink tea fall asleep later.", "Caffeine delays sleep.", "Readers who drink tea collect bowls."]
    )
    assert np.allclose([np.linalg.norm(each) for each in (meant, alike, other)], 1, atol=1e-5)
    cups, sleep = bundled_encoder().vectors(["A collection of porcelain cups.", "Insomnia after stimulants."])
    assert meant @ sleep > meant @ cups
    assert bundled_encoder().vectors([]).shape == (0, DIMENSIONS)


def test_a_text_is_read_once_and_then_recalled() -> None:
    shelf, axes = Shelf(), Axes()
    first = Meaning(shelf, encode=axes).papers(PAPERS)
    assert len(axes.read) == shelf.written == 2 * len(PAPERS)
    again = Meaning(shelf, encode=axes).papers(PAPERS)
    assert len(axes.read) == 2 * len(PAPERS)
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.whole, other.whole)
        assert np.array_equal(one.parts, other.parts)


def test_vectors_of_another_encoder_are_not_taken() -> None:
    shelf, axes = Shelf(), Axes()
    Meaning(shelf, encode=axes, name="one").vectors(["asleep"])
    Meaning(shelf, encode=axes, name="two").vectors(["asleep"])
    assert len(axes.read) == 2


def test_what_is_kept_is_close_to_what_was_read() -> None:
    read = bundled_encoder().vectors(["Readers who drink tea fall asleep later."])
    kept = Meaning().vectors(["Readers who drink tea fall asleep later."])
    assert float((read @ kept.T)[0, 0]) == pytest.approx(1, abs=1e-3)


def test_a_paper_is_read_whole_and_sentence_by_sentence() -> None:
    axes = Axes()
    (found,) = Meaning(encode=axes, name="axes").papers([AWAKE])
    assert axes.read[0] == (f"{AWAKE.title}. {AWAKE.abstract}",)
    assert axes.read[1][0] == AWAKE.title
    assert found.parts.shape == (4, DIMENSIONS)  # title, two sentences, and that it is invented


def test_a_line_without_a_claim_is_its_question() -> None:
    (bare,) = Meaning(encode=Axes(), name="axes").lines([Line(slug="x", question="Who is asleep?")])
    assert np.allclose(bare.claims[0], bare.whole, atol=1e-2)


def scores(meaning: Meaning | None, papers: Sequence[Paper] = PAPERS) -> dict[str, float]:
    found = Ranker(bundled(), floor=0.0, meaning=meaning).rank([LINE], papers)
    return {match.arxiv_id: match.score for match in found}


def test_of_papers_that_share_words_the_one_that_means_the_claim_comes_first() -> None:
    found = scores(Meaning(encode=Axes(), name="axes"))
    assert max(found, key=lambda arxiv_id: found[arxiv_id]) == AWAKE.arxiv_id
    assert found[AWAKE.arxiv_id] > scores(None)[AWAKE.arxiv_id] - 0.5
    assert found[CERAMICS.arxiv_id] < found[AWAKE.arxiv_id]


def test_a_score_does_not_depend_on_the_papers_beside_it() -> None:
    meaning = Meaning()
    together = scores(meaning)
    apart = {each.arxiv_id: scores(Meaning(), [each])[each.arxiv_id] for each in PAPERS}
    assert together == pytest.approx(apart, abs=2e-6)


def test_a_match_says_how_much_of_it_is_meaning() -> None:
    (by_terms,) = Ranker(bundled(), floor=0.0).rank([LINE], [AWAKE])
    (by_meaning,) = Ranker(bundled(), floor=0.0, meaning=Meaning(encode=Axes(), name="axes")).rank([LINE], [AWAKE])
    assert by_terms.semantic == 0
    assert 0 < by_meaning.semantic < 1
    assert by_meaning.sentence == "Those readers fell asleep an hour later."
    assert by_meaning.claim == "c1"


def test_what_hardly_shares_a_term_is_not_read() -> None:
    axes = Axes()
    fish = paper("2511.00004", "Herring", "Shoals of herring turn in the dark, silver in the deep.")
    found = Ranker(bundled(), floor=0.0, meaning=Meaning(encode=axes, name="axes")).rank([LINE], [fish])
    assert not any("herring" in text for group in axes.read for text in group)
    assert [match.semantic for match in found] == [0.0]
    assert found[0].score < 0.1


def test_a_ranker_is_named_by_what_it_reads_with() -> None:
    assert Ranker(bundled()).version != Ranker(bundled(), meaning=Meaning()).version


def test_a_paper_without_an_abstract_is_ranked_by_its_title() -> None:
    titled = replace(AWAKE, abstract="", title="Readers who drink tea fall asleep later")
    (found,) = Ranker(bundled(), floor=0.0, meaning=Meaning()).rank([LINE], [titled])
    assert found.sentence == titled.title
    assert found.score > 0.5


def test_a_line_of_few_words_keeps_its_papers() -> None:
    short = Line(slug="short", question="Do surface codes need many qubits?")
    fitting = paper("2511.00005", "Surface codes with few qubits", "Surface codes need fewer qubits than was thought.")
    scored = Ranker(bundled(), meaning=Meaning()).scores([short], [fitting])[0, 0]
    assert scored > 0.5
    assert scored > Ranker(bundled()).scores([short], [fitting])[0, 0] - 0.3


def test_words_that_latex_joins_in_the_abstract_alone_break_nothing() -> None:
    joined = paper("2511.00006", "Tea and readers", "We give tea to readers in context\\. Zymurgy keeps readers awake.")
    (found,) = Ranker(bundled(), floor=0.0, meaning=Meaning(encode=Axes(), name="axes")).rank([LINE], [joined])
    assert found.sentence in joined.abstract


def test_what_is_read_is_kept_as_it_is_read() -> None:
    shelf = Shelf()

    def breaks_down(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        if texts[0] == "text 150":
            raise MemoryError
        return Axes()(texts)

    with pytest.raises(MemoryError):
        Meaning(shelf, encode=breaks_down, name="axes").vectors([f"text {number}" for number in range(200)])
    assert shelf.written == 100


def test_a_line_without_a_word_is_read_all_the_same() -> None:
    (bare,) = Meaning(encode=Axes(), name="axes").lines([Line(slug="x", question="", claims=())])
    assert bare.claims.shape == (1, DIMENSIONS)
