"""Papers and lines here are invented."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from conftest import Litwatch
from litwatch.model import Paper
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store

NOW = datetime(2025, 11, 20, tzinfo=UTC)
TOPICS = (
    ("honeybee foraging", "waggle dance", "nectar flow", "hive temperature", "pollen"),
    ("kiln firing", "porcelain glaze", "stoneware pottery", "potter's wheel", "clay"),
)


def papers() -> list[Paper]:
    found = []
    chance = random.Random(5)
    for number in range(20):
        first, second, third = chance.sample(TOPICS[number % 2], 3)
        found.append(
            Paper(
                arxiv_id=f"2511.{number:05}",
                title=f"Rigid robot grippers\x1b[31m for {first} and {second}",
                abstract=f"Robot grippers are rigid. We find that rigid grippers do well in {third} and {first}.",
                published=NOW - timedelta(days=number),
                updated=NOW,
                categories=("cs.RO",),
                primary_category="cs.RO",
            )
        )
    return found


@pytest.fixture
def watched(litwatch: Litwatch) -> Litwatch:
    """A line whose twenty matches bear on none of its claims."""
    litwatch.configure("[rank]\nfloor = 0.01\n")
    added = litwatch(
        "add-line",
        *("--question", "Are rigid robot grippers good?", "--claim", "Underwater octopus suckers tire by evening."),
        *("--name", "grippers", "--categories", "cs.RO"),
    )
    assert added.code == 0
    store = open_store(litwatch.store_url)
    with store.write() as db:
        save_papers(db, papers(), now=NOW)
    store.close()
    return litwatch


def test_suggest_names_what_no_claim_covers(watched: Litwatch) -> None:
    answer = watched("suggest", "grippers", "--json")
    assert answer.code == 0
    found = answer.json
    assert 2 <= len(found) <= 5
    for cluster in found:
        topic = TOPICS[int(cluster["papers"][0][-1]) % 2]
        assert any(said in term for term in cluster["terms"] for said in topic)
        assert len(set(cluster["papers"])) == cluster["size"] >= 3
        assert len({int(arxiv_id[-1]) % 2 for arxiv_id in cluster["papers"]}) == 1
        assert cluster["command"] == f"litwatch suggest grippers --cluster {cluster['cluster']} --draft FILE"


def test_the_text_fits_a_terminal_and_steers_none(watched: Litwatch) -> None:
    answer = watched("suggest", "grippers")
    assert answer.code == 0
    assert "20 of the 20 papers that match grippers bear on none of its claims" in answer.out.replace("\n", " ")
    assert "\x1b" not in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_one_cluster_is_shown_with_all_its_papers(watched: Litwatch) -> None:
    (second,) = watched("suggest", "grippers", "--cluster", "2", "--json").json
    assert second["cluster"] == 2
    assert second["size"] > 5
    said = watched("suggest", "grippers", "--cluster", "2").out
    assert all(f"arXiv:{arxiv_id}" in said for arxiv_id in second["papers"])
    assert f"and {second['size'] - 5} more; --cluster 2 shows all" in watched("suggest", "grippers").out


def test_a_draft_becomes_a_line(watched: Litwatch) -> None:
    wrote = watched("suggest", "grippers", "--cluster", "2", "--draft", "second.txt")
    assert (wrote.code, wrote.out) == (0, "")
    assert "litwatch add-line second.txt" in wrote.err
    added = watched("add-line", "second.txt", "--categories", "cs.RO", "--json")
    assert added.code == 0
    assert added.json["warnings"] == []
    assert added.json["anchors"] > 3
    assert added.json["question"].startswith("What holds of ")


def test_a_file_that_is_there_is_not_written_over(watched: Litwatch) -> None:
    (watched.folder / "mine.txt").write_text("mine", encoding="utf-8")
    answer = watched("suggest", "grippers", "--draft", "mine.txt")
    assert answer.code == 1
    assert answer.err.startswith("litwatch: mine.txt is there already")
    assert (watched.folder / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_cluster_that_is_not_there_is_not_found(watched: Litwatch) -> None:
    answer = watched("suggest", "grippers", "--cluster", "7")
    assert answer.code == 3
    there = len(watched("suggest", "grippers", "--json").json)
    assert answer.err == f"litwatch: grippers has no cluster 7; there are {there}: `litwatch suggest grippers`\n"


def test_a_line_without_papers_has_nothing_to_suggest(litwatch: Litwatch) -> None:
    litwatch.configure("")
    litwatch("add-line", "--question", "Do tides warm?", "--claim", "Tides warm.", "--name", "tides")
    assert litwatch("suggest", "tides", "--json").json == []
    said = litwatch("suggest", "tides")
    assert (said.code, said.out) == (0, "No paper matches tides yet; `litwatch poll` asks arXiv.\n")
    assert litwatch("suggest", "tides", "--draft", "none.txt").code == 3
    assert not (litwatch.folder / "none.txt").exists()


def test_a_line_that_is_not_there_is_not_found(litwatch: Litwatch) -> None:
    litwatch.configure("")
    assert litwatch("suggest", "tides").code == 3
