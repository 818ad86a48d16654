"""Three weeks of arXiv with held papers, revisions, faults and a week down: nothing missed, nothing told twice."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.campaign import Outcome, run_campaign
from benchmarks.simulated import Plan

pytestmark = pytest.mark.timeout(300)

CATEGORIES = ("cs.IR", "cs.CY")


@pytest.fixture(scope="module")
def campaign(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Three weeks of two smaller categories, with a fault on every fifth request and nobody there in the middle."""
    folder = tmp_path_factory.mktemp("campaign")
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as stream:
        records = [row for row in stream if "2025-09-15" <= json.loads(row)["published"] < "2025-11-15"]
    chosen = [row for row in records if set(CATEGORIES) & set(json.loads(row)["categories"])]
    (folder / "corpus.jsonl").write_text("".join(chosen), encoding="utf-8")
    plan = Plan(
        start=date(2025, 10, 20),
        days=21,
        down=7,
        seed=3,
        categories=CATEGORIES,
        corpus=folder / "corpus.jsonl",
        hold_days=(1, 20),
        timeout=0.5,
    )
    return run_campaign(plan, folder / "litwatch")


def test_the_weeks_were_worth_living_through(campaign: Outcome) -> None:
    assert campaign.expected > 500
    assert campaign.withdrawals > 5
    assert campaign.told > 10
    assert campaign.faults > 5


def test_no_paper_that_was_announced_is_missing(campaign: Outcome) -> None:
    assert campaign.missed == ()


def test_every_stored_paper_is_at_the_version_that_arxiv_shows(campaign: Outcome) -> None:
    assert campaign.behind == ()


def test_every_withdrawal_was_noticed(campaign: Outcome) -> None:
    assert campaign.unnoticed == ()


def test_no_paper_was_told_twice(campaign: Outcome) -> None:
    assert campaign.told_twice == ()


def test_no_quiet_day_was_taken_for_trouble(campaign: Outcome) -> None:
    assert campaign.quiet_troubles == []


def test_arxiv_was_asked_one_thing_at_a_time_and_never_too_soon(campaign: Outcome) -> None:
    assert campaign.unordered_429 == 0
    assert campaign.most_at_once == 1
    assert campaign.counted == sum(campaign.requests), "what polls say they asked is what was asked"
