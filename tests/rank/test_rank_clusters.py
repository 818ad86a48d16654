"""Papers and lines here are invented."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import bundled
from litwatch.rank.clusters import clusters_of
from litwatch.rank.suggesting import Phrases, is_line, said_sentence, states_result, told_by

AT = datetime(2025, 11, 20, tzinfo=UTC)

TOPICS = {
    "tide": ["tidal harbour", "moorings", "sluice gates", "brackish water", "estuary dredging"],
    "bees": ["honeybee foraging", "pollen", "hive temperature", "waggle dance", "nectar flow"],
    "clay": ["kiln firing", "glaze chemistry", "stoneware", "porcelain shrinkage", "potter's wheel"],
}


def paper(number: int, title: str, abstract: str) -> Paper:
    return Paper(arxiv_id=f"2511.{number:05}", title=title, abstract=abstract, published=AT, updated=AT)


def of_topic(topic: str, first: int, count: int) -> list[Paper]:
    chance = random.Random(topic)
    found = []
    for number in range(first, first + count):
        said = chance.sample(TOPICS[topic], 4)
        found.append(
            paper(number, f"On {said[0]} and {said[1]}", f"Robots meet {said[2]}. We find that {said[3]} matters.")
        )
    return found


def papers() -> list[Paper]:
    return [*of_topic("tide", 0, 9), *of_topic("bees", 20, 9), *of_topic("clay", 40, 9)]


def topic_of(arxiv_id: str) -> str:
    return {"0": "tide", "2": "bees", "4": "clay"}[arxiv_id[-2].replace("1", "0").replace("3", "2").replace("5", "4")]


def test_papers_on_one_thing_come_together_and_apart_from_others() -> None:
    found = clusters_of(papers(), bundled())
    assert {topic_of(cluster.papers[0]) for cluster in found} == set(TOPICS)
    for cluster in found:
        assert len({topic_of(arxiv_id) for arxiv_id in cluster.papers}) == 1
        assert len(cluster.papers) >= 3


def test_the_order_of_the_papers_makes_no_difference() -> None:
    mixed = papers()
    random.Random(3).shuffle(mixed)
    assert clusters_of(mixed, bundled()) == clusters_of(papers(), bundled())


def test_the_papers_nearest_to_the_middle_come_first() -> None:
    for cluster in clusters_of(papers(), bundled()):
        assert list(cluster.nearness) == sorted(cluster.nearness, reverse=True)
        assert cluster.likeness(cluster) == pytest.approx(1.0)


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_few_papers_have_nothing_to_be_apart_from(count: int) -> None:
    assert clusters_of(of_topic("tide", 0, count), bundled()) == ()


def test_papers_with_one_and_the_same_text_are_no_clusters() -> None:
    assert clusters_of([paper(n, "Tides", "Tides warm.") for n in range(30)], bundled()) == ()


def test_papers_without_a_common_word_are_no_clusters() -> None:
    names = "".join(chr(ord("a") + n) for n in range(20))
    assert clusters_of([paper(n, f"{name * 5}x", f"{name * 4}q") for n, name in enumerate(names)], bundled()) == ()


# --- terms ---------------------------------------------------------------------------------------------------


def terms(texts: Sequence[str], others: Sequence[str] = ()) -> tuple[str, ...]:
    own = [paper(number, "On this", text) for number, text in enumerate(texts)]
    rest = [paper(number, "On that", text) for number, text in enumerate(others, start=500)]
    return Phrases([*own, *rest]).terms([each.arxiv_id for each in own], bundled())


def test_terms_tell_a_cluster_from_the_other_papers() -> None:
    found = terms(
        ["Robots learn the waggle dance in a hive.", "In a hive robots watch the waggle dance."] * 2,
        ["Robots dredge an estuary.", "Robots fire a kiln."] * 4,
    )
    assert "waggle dance" in found
    assert not {"robots", "Robots"} & set(found)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("the agents show a theory of mind", "theory of mind"),
        ("it is text-to-SQL that they study", "text-to-SQL"),
        ("it is in-context pottery that they study", "in-context pottery"),
        ("they rate the Big Five traits", "Big Five traits"),
    ],
)
def test_a_term_reads_as_its_papers_write_it(text: str, term: str) -> None:
    assert term in terms([f"Here {text}.", f"There {text}."] * 2, ["Robots fire a kiln."] * 8)


def test_no_two_terms_say_the_same() -> None:
    said = "the PLK and the PLKs of potters, the porcelain lattice kiln of a potter, in porcelains"
    found = terms([f"Here is {said}."] * 3, ["Robots dredge an estuary."] * 8)
    assert sum(term.lower() in ("plk", "plks", "porcelain lattice kiln") for term in found) == 1
    assert not {"potter", "potters"} <= set(found)


def test_what_every_abstract_says_is_no_term() -> None:
    found = terms(["We propose a novel framework and extensive experiments on hives."] * 4, ["Robots fire kilns."] * 8)
    assert found == ("hives",)


# --- against the line ----------------------------------------------------------------------------------------


def test_a_cluster_whose_terms_a_claim_has_tells_nothing_new() -> None:
    hive = Claim(id="c1", text="A hive's temperature follows its honeybees' foraging.")
    tide = Claim(id="c2", text="A sluice gate keeps the harbour calm.")
    assert told_by(("hive temperature", "honeybee", "pollen"), (tide, hive)) == hive
    assert told_by(("pollen", "nectar", "honeybee"), (tide, hive)) is None


@pytest.mark.parametrize(
    ("named", "size", "line"),
    [(("pollen", "nectar", "wax"), 12, True), (("pollen", "nectar", "wax"), 9, False), (("hive", "bees"), 30, False)],
)
def test_a_line_of_its_own_is_large_and_far(named: tuple[str, ...], size: int, line: bool) -> None:
    asked = Line(slug="bees", question="Do bees keep their hive warm?")
    assert is_line(named, size, asked) is line


def test_the_sentence_that_tells_a_result_is_quoted() -> None:
    abstract = (
        "Recent hives are studied by many groups of people. We introduce a new hive for all kinds of bees. "
        "Our results show that the hive keeps its bees warm. The code is available at https://example.org/hive."
    )
    found = said_sentence(paper(1, "Hives", abstract), ("hive", "bees"))
    assert found == "Our results show that the hive keeps its bees warm."


def test_a_sentence_that_leans_on_another_is_quoted_only_where_no_other_is() -> None:
    leaning = "Moreover, this mechanism significantly improves how warm the hive and its bees stay."
    alone = "Hives of straw kept their bees warmer than hives of wood did."
    assert said_sentence(paper(1, "Hives", f"{leaning} {alone}"), ("hive", "bees")) == alone
    assert said_sentence(paper(1, "Hives", leaning), ("hive", "bees")) == leaning


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("Our results show that straw hives keep bees warm.", True),
        ("Straw outperforms wood in every winter.", True),
        ("These findings show that straw keeps bees warm.", False),
        ("In contrast, straw improves the winter.", False),
        ("We examine whether straw improves the winter.", False),
        ("Various studies have shown that straw improves the winter.", False),
        ("We conclude by discussing how straw improves the winter.", False),
        ("Bees are insects.", False),
    ],
)
def test_what_states_a_result_and_can_be_read_alone(sentence: str, states: bool) -> None:
    assert states_result(sentence) is states


def test_an_abstract_without_a_fitting_sentence_says_nothing() -> None:
    assert said_sentence(paper(1, "Hives", "Hives are warm."), ("hive",)) == ""
    assert said_sentence(paper(1, "Hives", "hive " * 200), ("hive",)) == ""
