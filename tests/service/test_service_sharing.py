"""Commands at the same time on one store: one asks arXiv after the other, and nothing is kept twice."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from conftest import ArxivSim, Litwatch
from litwatch.store import schema
from litwatch.store.store import open_store

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(240)]

NOW = "2025-11-18T12:00:00Z"
DELAY = 0.1


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks of two smaller categories."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as rows:
        chosen = [row for row in rows if _is_wanted(json.loads(row))]
    path.write_text("".join(chosen), encoding="utf-8")
    return path


def _is_wanted(record: dict[str, Any]) -> bool:
    return "2025-10-06" <= record["published"] < "2025-11-18" and bool({"cs.CY", "cs.IR"} & set(record["categories"]))


@pytest.fixture
def arxiv(arxivsim: Callable[..., ArxivSim], corpus: Path, litwatch: Litwatch) -> ArxivSim:
    """A simulator that takes offence at requests that come too soon, and a litwatch with two lines on it."""
    sim = arxivsim(corpus, NOW, "--min-interval", str(DELAY * 0.5))
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = {DELAY}\ntimeout_seconds = 20\n")
    for question, claim in (
        ("Do recommenders narrow what people read?", "Recommender systems narrow what people read."),
        ("Does retrieval help language models?", "Retrieval makes the answers of language models more correct."),
    ):
        litwatch("add-line", "--question", question, "--claim", claim, "--categories", "cs.CY,cs.IR", now=NOW)
    return sim


def begin(litwatch: Litwatch, *words: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
    return subprocess.Popen(
        [sys.executable, "-m", "litwatch", *words],
        cwd=litwatch.folder,
        env=kept
        | {
            "LITWATCH_NOW": NOW,
            "LITWATCH_STORE__URL": litwatch.store_url,
            "LITWATCH_RANK__SEMANTIC": "false",
            "LITWATCH_JUDGE__METHOD": "cues",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kept(litwatch: Litwatch) -> dict[str, int]:
    """Rows by table, of what polls bring."""
    store = open_store(litwatch.store_url)
    with store.read() as db:
        counts = {
            name: db.execute(select(func.count()).select_from(schema.metadata.tables[name])).scalar_one()
            for name in ("papers", "paper_categories", "paper_versions", "matches", "verdicts", "claim_texts")
        }
        pairs = select(schema.verdicts.c.line, schema.verdicts.c.claim, schema.verdicts.c.arxiv_id)
        told = [tuple(row) for row in db.execute(pairs)]
        assert len(told) == len(set(told)), "a pair was judged twice"
        assert not db.execute(select(schema.leases)).all(), "a lease was not given back"
    store.close()
    return counts


def test_two_polls_at_once_ask_one_after_the_other_and_keep_all_of_it_once(
    arxiv: ArxivSim, litwatch: Litwatch, corpus: Path
) -> None:
    polls = [begin(litwatch, "poll", "--json") for _ in range(2)]
    said = [poll.communicate(timeout=200) for poll in polls]
    assert [poll.returncode for poll in polls] == [0, 0], said
    answers = [json.loads(out) for out, _ in said]
    asked = arxiv.stats()
    assert asked["most_at_once"] == 1
    assert asked["requests"] == sum(answer["requests"] for answer in answers)
    assert not any("429" in key for key in asked["by_status"])
    assert sorted(answer["new"] > 0 for answer in answers) == [False, True], "the second one found nothing new"
    counts = kept(litwatch)
    assert counts["papers"] == max(answer["new"] for answer in answers)
    assert counts["matches"] > 5
    assert litwatch("poll", now=NOW).code == 0
    assert kept(litwatch) == counts


def test_a_poll_that_is_killed_leaves_the_next_one_all_that_it_did_not_do(
    arxiv: ArxivSim, litwatch: Litwatch, corpus: Path
) -> None:
    first = begin(litwatch, "poll")
    while not arxiv.stats()["requests"]:
        assert first.poll() is None, first.communicate()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert litwatch("poll", now=NOW).code == 0
    rows = litwatch("harvests", "--json", now=NOW).json
    assert rows[0]["state"] in ("fresh", "waiting")
    assert [row["state"] for row in rows[1:]] in ([], ["failed"]), "it was broken off, if it had begun"
    stored = {json.loads(row)["arxiv_id"] for row in litwatch("papers", "--all").out.splitlines()}
    due = {
        row["id"]
        for row in map(json.loads, corpus.read_text(encoding="utf-8").splitlines())
        if row["published"] >= "2025-10-20"
    }
    assert due & arxiv.visible() <= stored
    assert kept(litwatch)["papers"] == len(stored)
