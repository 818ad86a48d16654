"""A store that the first version wrote: it opens, is migrated, and goes on where it stood.

data/first_store.sql is the demo of the first version (revision 0001) after a second line, reviews, marks, two polls
and two digests, of which the second could not be sent; data/first_watchlists are its lines. All papers in it are
invented.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from benchmarks.simulated import Postbox, told_papers
from conftest import ArxivSim, Litwatch
from litwatch.store import schema
from litwatch.store.store import open_store

DATA = Path(__file__).parent / "data"
THURSDAY = "2025-11-20T06:30:00Z"
"""The morning after the last poll of the first version."""
RETRIEVAL, PLANNING = "when-does-retrieval-help-a-language-model-more", "can-language-models-plan-over-long-horizons"

KEPT = {
    "anchors": 5,
    "channels": 1,
    "claim_texts": 10,
    "cursors": 5,
    "deliveries": 2,
    "digests": 2,
    "gates": 1,
    "harvests": 3,
    "lines": 2,
    "marks": 2,
    "matches": 19,
    "paper_categories": 91,
    "paper_versions": 1,
    "papers": 64,
    "reviews": 2,
    "told": 19,
    "verdicts": 11,
}
STANDINGS = {
    "c1": ("contested", "2025-11-17T09:00:00Z"),
    "c2": ("contradicted", "2025-11-17T09:40:00Z"),
    "c3": ("contested", "2025-11-17T09:00:00Z"),
    "c4": ("supported", "2025-11-17T09:00:00Z"),
    "c5": ("contested", "2025-11-17T09:00:00Z"),
    "c6": ("contested", "2025-11-17T09:00:00Z"),
    "c7": ("open", None),
    "c8": ("open", None),
}


@pytest.fixture
def store(litwatch: Litwatch) -> Path:
    """The first version's store and lines, in litwatch's folder."""
    litwatch.configure("")
    for page in (DATA / "first_watchlists").iterdir():
        shutil.copy(page, litwatch.folder / "watchlists")
    path = litwatch.folder / "litwatch.db"
    db = sqlite3.connect(path)
    db.executescript((DATA / "first_store.sql").read_text(encoding="utf-8"))
    db.close()
    return path


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(path)
    found = db.execute(query).fetchall()
    db.close()
    return found


def test_it_opens_in_the_form_that_the_schema_says(store: Path) -> None:
    opened = open_store(f"sqlite:///{store}")
    with opened.read() as db:
        assert compare_metadata(MigrationContext.configure(db), schema.metadata) == []
    opened.close()
    assert rows(store, "PRAGMA foreign_key_check") == []


def test_every_row_that_mattered_is_there(store: Path) -> None:
    open_store(f"sqlite:///{store}").close()
    assert {table: rows(store, f"SELECT count(*) FROM {table}")[0][0] for table in KEPT} == KEPT


def test_what_the_reader_said_and_was_told_is_as_it_was(store: Path) -> None:
    said = {
        "reviews": "SELECT verdict, review, at FROM reviews ORDER BY id",
        "marks": "SELECT line, arxiv_id, mark, at FROM marks ORDER BY id",
        "told": "SELECT channel, arxiv_id, digest FROM told ORDER BY arxiv_id",
        "deliveries": "SELECT id, digest, state, due_at, subject, text FROM deliveries ORDER BY id",
        "texts": "SELECT arxiv_id, version, title, abstract, published, first_seen, text_seq FROM papers ORDER BY 1",
        "older texts": "SELECT arxiv_id, version, title FROM paper_versions",
        "claims": "SELECT line, claim, title, text, findings, since FROM claim_texts ORDER BY id",
    }
    before = {name: rows(store, query) for name, query in said.items()}
    open_store(f"sqlite:///{store}").close()
    for name, query in said.items():
        assert rows(store, query) == before[name], name


def test_claims_stand_as_they_stood(store: Path, litwatch: Litwatch) -> None:
    claims = litwatch("claims", RETRIEVAL, "--json", now=THURSDAY).json
    assert {claim["id"]: (claim["status"], claim["since"]) for claim in claims} == STANDINGS
    reviews = {row["verdict"]: row["review"] for claim in claims for row in claim["verdicts"] if row["review"]}
    assert reviews == {2: "confirmed", 9: "rejected"}


def test_every_listing_works_on_it(store: Path, litwatch: Litwatch) -> None:
    lines = {row["line"]: row for row in litwatch("lines", "--json", now=THURSDAY).json}
    assert {name: (row["claims"], row["matches"]) for name, row in lines.items()} == {
        RETRIEVAL: (8, 16),
        PLANNING: (2, 3),
    }
    papers = litwatch("papers", RETRIEVAL, "--json", now=THURSDAY).json
    assert {row["arxiv_id"]: row["feedback"] for row in papers if row["feedback"]} == {
        "2511.90020": "useful",
        "2511.90065": "not",
    }
    stored = [json.loads(row) for row in litwatch("papers", "--all", now=THURSDAY).out.splitlines()]
    assert (len(stored), {row["version"] for row in stored if row["arxiv_id"] == "2511.90061"}) == (64, {2})
    outbox = litwatch("outbox", "--json", now=THURSDAY).json
    assert [(row["delivery"], row["state"]) for row in outbox] == [(2, "failed"), (1, "sent")]
    harvests = litwatch("harvests", "--json", now=THURSDAY).json
    assert [(row["at"], row["state"], row["new"]) for row in harvests] == [
        ("2025-11-19T06:30:00Z", "fresh", 2),
        ("2025-11-18T06:30:00Z", "fresh", 3),
        ("2025-11-17T09:00:00Z", "fresh", 59),
    ]
    anchors = litwatch("show", PLANNING, "--json", now=THURSDAY).json["anchors"]
    assert [anchor["state"] for anchor in anchors] == ["found"]


# --- going on --------------------------------------------------------------------------------------------------


def known_records(path: Path) -> list[dict[str, Any]]:
    """The store's papers as an arXiv that has them would serve them, and two that are announced on Wednesday."""
    fields = "arxiv_id, version, title, abstract, authors, categories, published, updated, comment"
    known = [
        {
            "id": arxiv_id,
            "version": version,
            "title": title,
            "abstract": abstract,
            "authors": json.loads(authors),
            "categories": json.loads(categories),
            "published": published,
            "updated": updated,
            "comment": comment,
        }
        for arxiv_id, version, title, abstract, authors, categories, published, updated, comment in rows(
            path, f"SELECT {fields} FROM papers"
        )
    ]
    fresh = [
        {
            "id": f"2511.9007{number}",
            "title": title,
            "abstract": abstract,
            "categories": ["cs.CL"],
            "published": f"2025-11-19T1{number}:00:00Z",
            "comment": "Invented sample paper for a test of litwatch.",
        }
        for number, title, abstract in (
            (0, "Long Plans with Help from Outside", "Language models fail at long plans. With help from outside a "
             "language model plans over a long horizon of sixty steps, as we show on three invented puzzles."),
            (1, "Retrieved Passages and a Long Context", "A longer context window does not replace retrieval: on an "
             "invented collection a few retrieved passages give better answers than all of it in a long context."),
        )
    ]  # fmt: skip
    return known + fresh


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    yield box
    box.close()


@pytest.fixture
def arxiv(arxivsim: Callable[..., ArxivSim], store: Path, litwatch: Litwatch, postbox: Postbox) -> ArxivSim:
    corpus = litwatch.folder / "corpus.jsonl"
    corpus.write_text("".join(f"{json.dumps(record)}\n" for record in known_records(store)), encoding="utf-8")
    sim = arxivsim(corpus, THURSDAY)
    litwatch.configure(
        f'[arxiv]\n{sim.urls}\ndelay_seconds = 0\n[channels.desk]\nurl = "json://127.0.0.1:{postbox.server_port}/"\n'
    )
    return sim


def test_the_next_poll_finds_what_is_new_and_nothing_else(arxiv: ArxivSim, store: Path, litwatch: Litwatch) -> None:
    before = dict(rows(store, "SELECT category, submitted_through FROM cursors"))
    poll = litwatch("poll", "--json", now=THURSDAY)
    assert (poll.code, poll.json["state"]) == (0, "fresh"), poll.err
    assert (poll.json["new"], poll.json["revised"]) == (2, 0)
    after = dict(rows(store, "SELECT category, submitted_through FROM cursors"))
    assert after.keys() == before.keys()
    assert all(after[category] >= through for category, through in before.items())
    assert max(after.values()) > max(before.values())


def test_what_was_told_is_not_told_again_and_what_was_frozen_is_sent_once(
    arxiv: ArxivSim, store: Path, litwatch: Litwatch, postbox: Postbox
) -> None:
    told_before = {key for (key,) in rows(store, "SELECT arxiv_id FROM told WHERE digest LIKE '%2025-11-17%'")}
    frozen = rows(store, "SELECT text FROM deliveries WHERE id = 2")[0][0]
    assert litwatch("poll", now=THURSDAY).code == 0
    assert litwatch("digest", "--send", now=THURSDAY).code == 0
    assert [message.strip() for message in postbox.taken[:1]] == [frozen.strip()]
    told = [set(told_papers(message)) for message in postbox.taken]
    assert len(told) == 2
    assert told[1] == {"2511.90070", "2511.90071"}
    assert not any(papers & told_before for papers in told)
    assert litwatch("digest", "--send", now=THURSDAY).code == 3
    assert Counter(row["state"] for row in litwatch("outbox", "--json", now=THURSDAY).json) == {"sent": 3}
