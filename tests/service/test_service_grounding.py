"""Citations looked up: in the store first, then at arXiv, and what either does not say is not said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conftest import ArxivSim
from litwatch.grounding.citations import citations_of
from litwatch.grounding.judged import Grounded
from litwatch.model import Paper
from litwatch.service.asking import Services
from litwatch.service.grounding import ground_all
from litwatch.service.poll import make_services
from litwatch.store.papers import all_papers, save_papers
from litwatch.store.store import Store

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def paper(arxiv_id: str, title: str) -> Paper:
    return Paper(
        arxiv_id=arxiv_id,
        title=title,
        abstract="An invented paper: lanterns dim when the wind is warm.",
        authors=("Ada Invented",),
        categories=("cs.CL",),
        primary_category="cs.CL",
        comment="invented",
        published=NOW - 60 * DAY,
        updated=NOW - 60 * DAY,
    )


LAMPS = paper("2509.00001", "Lamps in a row")
MOTHS = paper("2509.00002", "Moths around them")


@pytest.fixture
def sim(arxivsim: Callable[..., ArxivSim], tmp_path: Path) -> ArxivSim:
    corpus = tmp_path / "papers.jsonl"
    rows = [
        {
            "id": each.arxiv_id,
            "title": each.title,
            "abstract": each.abstract,
            "categories": ["cs.CL"],
            "published": each.published.isoformat(),
        }
        for each in (LAMPS, MOTHS)
    ]
    corpus.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return arxivsim(corpus, NOW.isoformat())


@pytest.fixture
def services(sim: ArxivSim, store: Store) -> Iterator[Services]:
    urls = {"api_url": sim.api, "oai_url": f"{sim.url}/oai", "rss_url": f"{sim.url}/rss"}
    made = make_services(store, **urls, delay=0, timeout=10, contact="", now=NOW)
    yield made
    made.close()


def keep(store: Store, *papers: Paper, at: datetime = NOW - 30 * DAY) -> None:
    with store.write() as db:
        save_papers(db, papers, now=at)


def ground(store: Store, services: Services, text: str) -> dict[str, Grounded]:
    found = ground_all(store, citations_of(text), lambda: services, watched=frozenset({"cs.CL"}), now=NOW)
    return {one.arxiv_id: one for one in found}


def unasked() -> Services:
    raise AssertionError("arXiv was asked")


def test_what_the_store_has_is_not_asked_for(store: Store) -> None:
    keep(store, LAMPS)
    (one,) = ground_all(
        store, citations_of('arXiv:2509.00001v1 (2025): "Lamps in a row"'), unasked, watched=(), now=NOW
    )
    assert one.well


def test_what_can_be_no_id_is_not_asked_for(store: Store) -> None:
    (one,) = ground_all(store, citations_of("arXiv:2513.00001"), unasked, watched=(), now=NOW)
    assert one.problems == ("no arXiv id can be this",)


def test_checking_stores_nothing(store: Store, services: Services) -> None:
    assert ground(store, services, "arXiv:2509.00001")["2509.00001"].well
    with store.read() as db:
        assert list(all_papers(db)) == []


def test_a_version_newer_than_the_stored_one_is_looked_up(store: Store, sim: ArxivSim, services: Services) -> None:
    keep(store, LAMPS)
    sim.revise({"id": "2509.00001", "at": "2025-11-10T10:00:00Z", "title": "Lamps in two rows"})
    found = ground(store, services, 'arXiv:2509.00001v2: "Lamps in two rows"')["2509.00001"]
    assert found.well
    assert found.paper
    assert found.paper.version == 2


def test_a_paper_whose_text_is_kept_no_longer_is_looked_up(store: Store, services: Services) -> None:
    keep(store, replace(LAMPS, abstract="", authors=()))
    assert ground(store, services, 'arXiv:2509.00001 has "lanterns dim when the wind is warm".')["2509.00001"].well


def test_an_answer_without_a_paper_that_arxiv_surely_has_says_nothing(
    store: Store, sim: ArxivSim, services: Services
) -> None:
    keep(store, MOTHS)
    sim.faults({"kind": "empty", "times": 2})
    found = ground(store, services, "arXiv:2509.00001 and arXiv:2509.09999")
    assert [one.state.value for one in found.values()] == ["unchecked", "unchecked"]
    found = ground(store, services, "arXiv:2509.00001 and arXiv:2509.09999")
    assert [one.state.value for one in found.values()] == ["found", "missing"]


def test_where_nothing_is_stored_an_empty_answer_counts_if_arxiv_answers_otherwise(
    store: Store, services: Services
) -> None:
    assert ground(store, services, "arXiv:2509.09999")["2509.09999"].state.value == "missing"


def test_an_arxiv_that_fails_leaves_the_stored_ones_judged(store: Store, sim: ArxivSim, services: Services) -> None:
    keep(store, LAMPS)
    sim.faults({"kind": "status", "code": 400, "body": "no", "times": 1}, {"kind": "status", "code": 404, "times": 99})
    found = ground(store, services, "arXiv:2509.00001 and arXiv:2509.00002 and arXiv:2509.00003")
    assert [one.state.value for one in found.values()] == ["found", "unchecked", "unchecked"]
    assert "answers 404" in found["2509.00002"].reason


def test_where_arxiv_refuses_everything_nothing_is_missing(store: Store, sim: ArxivSim, services: Services) -> None:
    sim.faults({"kind": "status", "code": 400, "body": "no", "times": 99})
    found = ground(store, services, "arXiv:2509.00001 and arXiv:2509.00002")
    assert [one.state.value for one in found.values()] == ["unchecked", "unchecked"]
