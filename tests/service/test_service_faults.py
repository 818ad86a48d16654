"""arXiv's faults, one by one: a named state, an exit code, and everything there once the fault is gone."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import ArxivSim, Litwatch

MONDAY, TUESDAY = "2025-11-17T12:00:00Z", "2025-11-18T12:00:00Z"
TIMEOUT = 1.5

FAULTS: dict[str, dict[str, Any]] = {
    "503 that says when to come back": {"kind": "status", "code": 503, "retry_after": 1},
    "HTML page": {"kind": "html"},
    "feed cut short, its length in agreement": {"kind": "truncate"},
    "connection closed within the answer": {"kind": "cut"},
    "connection closed before the answer": {"kind": "reset"},
    "no answer": {"kind": "hang", "seconds": 4},
    "well-formed feed without entries": {"kind": "empty"},
    "page with fewer entries than declared": {"kind": "short"},
    "entry without dates": {"kind": "badentry"},
    "bytes that are no XML": {"kind": "garbage"},
}


@pytest.fixture(scope="module")
def november(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the stream: enough to lose something of, and quick to serve."""
    corpus = tmp_path_factory.mktemp("corpus") / "november.jsonl"
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [row for row in stream if "2025-11-05" <= json.loads(row)["published"] < "2025-11-20"]
    corpus.write_text("".join(rows), encoding="utf-8")
    return corpus


@pytest.fixture
def watched(arxivsim: Callable[..., ArxivSim], november: Path, litwatch: Litwatch) -> Iterator[ArxivSim]:
    sim = arxivsim(november, MONDAY)
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\ntimeout_seconds = {TIMEOUT}\n")
    claim = "Language models cannot plan over long horizons."
    litwatch("add-line", "--question", "Can models plan?", "--claim", claim, "--categories", "cs.CL,cs.AI")
    return sim


def stored(litwatch: Litwatch) -> set[str]:
    return {json.loads(row)["arxiv_id"] for row in litwatch("papers", "--all").out.splitlines()}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_stays_fails_the_poll_and_loses_nothing(
    watched: ArxivSim, litwatch: Litwatch, fault: dict[str, Any]
) -> None:
    assert litwatch("poll", "--json", now=MONDAY).json["state"] == "fresh"
    before = stored(litwatch)
    watched.clock(TUESDAY)
    watched.faults({**fault, "times": 99})

    failed = litwatch("poll", "--json", now=TUESDAY)
    assert failed.json["requests"] <= 80
    assert (failed.code, failed.json["state"]) == (1, "failed")
    assert failed.json["reason"] in failed.err
    assert failed.err.count("\n") == 1
    assert stored(litwatch) == before

    watched.faults()
    again = litwatch("poll", "--json", now=TUESDAY)
    assert (again.code, again.json["state"]) == (0, "fresh")
    assert again.json["new"] == len(stored(litwatch) - before) > 0
    states = [row["state"] for row in litwatch("harvests", "--json").json]
    assert states == ["fresh", "failed", "fresh"]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_passes_is_asked_over(watched: ArxivSim, litwatch: Litwatch, fault: dict[str, Any]) -> None:
    watched.faults(fault)
    poll = litwatch("poll", "--json", now=MONDAY)
    assert (poll.code, poll.json["state"]) == (0, "fresh")
    assert poll.json["received"] == poll.json["declared"] == len(stored(litwatch)) > 500


def test_the_pause_that_arxiv_asks_for_is_kept(watched: ArxivSim, litwatch: Litwatch) -> None:
    watched.faults({"kind": "status", "code": 503, "retry_after": 2})
    begun = time.monotonic()
    assert litwatch("poll", now=MONDAY).code == 0
    assert time.monotonic() - begun >= 2


def test_a_pause_too_long_to_wait_for_is_left_to_the_next_poll(watched: ArxivSim, litwatch: Litwatch) -> None:
    watched.faults({"kind": "status", "code": 429, "retry_after": 3600})
    first = litwatch("poll", "--json", now=MONDAY)
    assert (first.code, first.json["requests"]) == (1, 1)
    assert "3600 s" in first.json["reason"]
    second = litwatch("poll", "--json", now=MONDAY)
    assert (second.code, second.json["requests"]) == (1, 0)


def test_a_count_below_what_is_stored_is_not_believed(watched: ArxivSim, litwatch: Litwatch) -> None:
    litwatch("poll", now=MONDAY)
    watched.clock(TUESDAY)
    watched.faults(
        {"kind": "status", "code": 503, "path": "/oai", "times": 99},
        {"kind": "empty", "path": "submittedDate", "times": 99},
    )
    poll = litwatch("poll", "--json", now=TUESDAY)
    assert (poll.code, poll.json["state"]) == (1, "failed")
    assert "are stored already" in poll.json["reason"]
    watched.faults()
    assert litwatch("poll", now=TUESDAY).code == 0


def test_an_unknown_category_is_named_and_holds_no_other_up(watched: ArxivSim, litwatch: Litwatch) -> None:
    litwatch("poll", now=MONDAY)
    litwatch("add-line", "--question", "What is zed?", "--claim", "Zed is zed.", "--categories", "cs.ZZ")
    watched.clock(TUESDAY)
    poll = litwatch("poll", "--json", now=TUESDAY)
    assert (poll.code, poll.json["state"]) == (0, "fresh")
    assert poll.json["new"] > 0
    assert "no papers in cs.ZZ" in poll.json["reason"]


PAGE = """Can models plan over long horizons?

This asks how far ahead a language model can plan.

Sources 1 notes

Do plans of language models break after a dozen steps?

Plans of language models break after a dozen steps because errors add up.

Anchor papers
- arXiv:2511.05018 (2025): "An invented title"
- arXiv:2511.99999 (2025): "An invented title of a paper that does not exist"
"""


@pytest.fixture
def with_anchors(watched: ArxivSim, litwatch: Litwatch, november: Path) -> list[str]:
    """A second line, with an anchor that exists, one that does not, and a past to search."""
    real = json.loads(november.read_text(encoding="utf-8").splitlines()[0])["id"]
    (litwatch.folder / "page.txt").write_text(PAGE.replace("2511.05018", real), encoding="utf-8")
    assert litwatch("add-line", "page.txt", "--categories", "cs.CL,cs.AI").code == 0
    return [real, "2511.99999"]


def anchor_states(litwatch: Litwatch) -> list[str]:
    return [row["state"] for row in litwatch("show", "can-models-plan-over", "--json").json["anchors"]]


def test_an_answer_on_anchors_that_lacks_what_arxiv_has_is_not_believed(
    watched: ArxivSim, litwatch: Litwatch, with_anchors: list[str]
) -> None:
    watched.faults({"kind": "empty", "path": "id_list=2", "times": 99})
    assert litwatch("poll", "--json", now=MONDAY).json["state"] == "failed"
    assert anchor_states(litwatch)[1] == "unchecked"
    watched.faults()
    assert litwatch("poll", now=MONDAY).code == 0
    assert anchor_states(litwatch)[1] == "missing"
    assert anchor_states(litwatch)[0] in ("found", "title differs")


def test_a_backfill_that_gets_an_empty_answer_is_not_done(watched: ArxivSim, litwatch: Litwatch) -> None:
    # Seen from December, the two weeks of the stream lie where a backfill looks.
    now = "2025-12-29T12:00:00Z"
    watched.clock(now)
    watched.faults({"kind": "empty", "path": "all:", "times": 99})
    poll = litwatch("poll", "--backfill", "--json", now=now)
    assert (poll.code, poll.json["state"]) == (1, "failed")
    watched.faults({"kind": "empty", "path": "all:", "times": 1})
    poll = litwatch("poll", "--backfill", "--json", now=now)
    assert poll.code == 0, poll.err
    assert poll.json["new"] > 100


def test_nothing_new_is_waiting_on_a_weekday_and_quiet_at_a_weekend(watched: ArxivSim, litwatch: Litwatch) -> None:
    watched.clock("2025-11-14T12:00:00Z")
    assert litwatch("poll", "--json", now="2025-11-14T12:00:00Z").json["state"] == "fresh"
    assert litwatch("poll", "--json", now="2025-11-14T18:00:00Z").json["state"] == "waiting"
    watched.clock("2025-11-15T18:00:00Z")
    assert litwatch("poll", "--json", now="2025-11-15T18:00:00Z").json["state"] == "quiet"


def test_an_index_that_stands_still_on_a_weekday_is_stalled(watched: ArxivSim, litwatch: Litwatch) -> None:
    litwatch("poll", now=MONDAY)
    poll = litwatch("poll", "--json", now=TUESDAY)  # the simulator's clock was not moved
    assert (poll.code, poll.json["state"]) == (1, "stalled")


def test_papers_that_a_failed_poll_brought_are_no_standstill_for_the_next(
    watched: ArxivSim, litwatch: Litwatch
) -> None:
    litwatch("poll", now=MONDAY)
    watched.clock(TUESDAY)
    watched.faults({"kind": "html", "path": "all:", "times": 99})
    failed = litwatch("poll", "--backfill", "--json", now=TUESDAY).json
    assert (failed["state"], failed["new"] > 0) == ("failed", True)
    watched.faults()
    assert litwatch("poll", "--json", now=TUESDAY).json["state"] == "waiting"


def test_a_poll_under_way_is_no_failed_one(watched: ArxivSim, litwatch: Litwatch) -> None:
    from litwatch.store.harvests import begin_harvest
    from litwatch.store.leases import POLL, take
    from litwatch.store.store import open_store

    litwatch("poll", now=MONDAY)
    store = open_store(litwatch.store_url)
    with store.write() as db:
        assert take(db, POLL)
        begin_harvest(db, at=datetime.fromisoformat(TUESDAY))
    store.close()
    assert [row["state"] for row in litwatch("harvests", "--json").json] == ["fresh"]
    coverage = litwatch("digest", "--json", now=TUESDAY).json["coverage"]
    assert coverage["harvest"]["state"] == "fresh"


def test_a_new_version_replaces_the_text_and_keeps_the_old_one(watched: ArxivSim, litwatch: Litwatch) -> None:
    litwatch("poll", now=MONDAY)
    row = json.loads(litwatch("papers", "--all").out.splitlines()[0])
    watched.revise({"id": row["arxiv_id"], "at": "2025-11-17T15:00:00Z", "title": "A new title of our own"})
    watched.clock("2025-11-19T12:00:00Z")
    poll = litwatch("poll", "--json", now="2025-11-19T12:00:00Z")
    assert poll.json["revised"] >= 1
    rows = {paper["arxiv_id"]: paper for paper in map(json.loads, litwatch("papers", "--all").out.splitlines())}
    assert rows[row["arxiv_id"]]["title"] == "A new title of our own"
    assert rows[row["arxiv_id"]]["version"] == row["version"] + 1


def test_a_withdrawn_paper_is_known_as_withdrawn(watched: ArxivSim, litwatch: Litwatch) -> None:
    litwatch("poll", now=MONDAY)
    row = json.loads(litwatch("papers", "--all").out.splitlines()[0])
    comment = "This paper has been withdrawn by the authors because of an error"
    watched.revise({"id": row["arxiv_id"], "at": "2025-11-17T15:00:00Z", "comment": comment})
    watched.clock("2025-11-19T12:00:00Z")
    litwatch("poll", now="2025-11-19T12:00:00Z")
    rows = {paper["arxiv_id"]: paper for paper in map(json.loads, litwatch("papers", "--all").out.splitlines())}
    assert rows[row["arxiv_id"]]["withdrawn"] is True


def test_requests_keep_their_distance_over_processes(
    arxivsim: Callable[..., ArxivSim], november: Path, litwatch: Litwatch
) -> None:
    sim = arxivsim(november, MONDAY, "--min-interval", "0.4")
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0.5\n")
    litwatch("add-line", "--question", "Can models plan?", "--claim", "They cannot.", "--categories", "cs.CL")
    for _ in range(3):
        assert litwatch("poll", now=MONDAY).code == 0
    stats = sim.stats()
    assert stats["by_status"] == {"200": stats["requests"]}
    assert stats["most_at_once"] == 1
    assert stats["smallest_gap_s"] >= 0.5
    assert all("litwatch/" in agent for agent in stats["user_agents"])
