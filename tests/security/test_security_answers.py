"""What a service may answer in arXiv's place: taken whole, or refused in one line that can be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hostile_arxiv import CLAIM, QUESTION, HostileArxiv
from hostile_bodies import BODIES, ID, Body
from hostile_checks import is_fine, is_shown
from hostile_texts import TEXTS

from answering import OpenGate, answering, bounded
from conftest import Litwatch
from litwatch.errors import HarvestError
from litwatch.harvest.api import SearchApi
from litwatch.harvest.feeds import LONGEST_ABSTRACT, LONGEST_NAME, LONGEST_REMARK, LONGEST_TITLE, MOST_AUTHORS
from litwatch.harvest.oai import Listing, OaiApi
from litwatch.harvest.rss import RssApi
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import Paper
from litwatch.service.asking import Services
from litwatch.service.poll import Bench, make_judge, make_ranker, poll_once
from litwatch.store.store import open_store

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
NOVEMBER = Listing(set_spec="cs:cs:CL", since=date(2025, 11, 1))
LONGEST_PAUSE = 24 * 3600.0


def asked(body: Body, gate: OpenGate) -> list[Paper]:
    """The papers that litwatch takes from an answer."""
    with answering(body.answer) as server, bounded(gate=gate, timeout=30) as session:
        if body.service == "oai":
            pages = OaiApi(server.url, session).pages(NOVEMBER)
            return [change.paper for page in pages for change in page.changes if change.paper]
        if body.service == "api":
            return SearchApi(server.url, session).by_id([ID])
        RssApi(server.url, session).today(["cs.CL"])
        return []


@pytest.mark.parametrize("body", BODIES, ids=lambda body: f"{body.service}: {body.name}")
def test_a_hostile_answer_is_taken_bounded_or_refused_in_one_line(body: Body) -> None:
    gate, papers, said = OpenGate(), [], ""
    try:
        papers = asked(body, gate)
    except HarvestError as refused:
        said = str(refused)
    is_shown(said)
    assert "\n" not in said
    assert len(said) < 1000
    assert "root:" not in said
    assert body.name != "whole" or papers or body.service == "rss"
    assert all(pause <= LONGEST_PAUSE for pause in gate.pauses)
    for paper in papers:
        _is_bounded(paper)


def _is_bounded(paper: Paper) -> None:
    assert "root:" not in f"{paper.title} {paper.abstract}"
    assert paper.url.startswith("https://arxiv.org/abs/")
    assert paper.url.isascii()
    assert len(paper.title) <= LONGEST_TITLE
    assert len(paper.abstract) <= LONGEST_ABSTRACT
    assert max(map(len, (paper.comment, paper.doi, paper.journal_ref))) <= LONGEST_REMARK
    assert len(paper.authors) <= MOST_AUTHORS
    assert all(len(name) <= LONGEST_NAME for name in paper.authors)
    assert 1 <= paper.version <= 99_999


ONE_OF_THREE = [body for body in BODIES if not body.name.endswith(f"({body.service})")]


@pytest.mark.parametrize("body", ONE_OF_THREE, ids=lambda body: f"{body.service}: {body.name}")
def test_a_harvest_with_a_hostile_answer_ends_and_what_is_stored_can_be_shown(litwatch: Litwatch, body: Body) -> None:
    litwatch.configure("")
    litwatch("add-line", "--question", QUESTION, "--claim", CLAIM, "--categories", "cs.CL")
    lines = load_watchlists(litwatch.folder / "watchlists")
    store = open_store(litwatch.store_url)
    arxiv = HostileArxiv(TEXTS[:2])
    try:
        with answering(body.answer) as hostile, bounded(timeout=30) as session:
            at = {
                "oai": arxiv.oai,
                "api": f"{arxiv.others}/api",
                "rss": f"{arxiv.others}/rss",
                body.service: hostile.url,
            }
            services = Services(
                api=SearchApi(at["api"], session), oai=OaiApi(at["oai"], session), rss=RssApi(at["rss"], session)
            )
            bench = Bench(ranker=make_ranker(0.01), judge=make_judge(0.05, trained=False), threshold=0.05)
            poll_once(store, lines, services, bench, now=NOW, backfill_days=30)
    finally:
        arxiv.close()
        store.close()
    for words in (("harvests", "--questions"), ("digest",)):
        is_fine(litwatch(*words))
