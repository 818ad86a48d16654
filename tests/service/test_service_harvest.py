"""Nothing missed: papers that moderation held, services that fail alone, harvests that break off, long absences."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import Answer, ArxivSim, Litwatch
from raw_oai import RawOai, RawRecord

MONDAY, TUESDAY, WEDNESDAY = "2025-11-17T12:00:00Z", "2025-11-18T12:00:00Z", "2025-11-19T12:00:00Z"
WATCHED = {"cs.CY", "cs.HC"}
DOWN = {"kind": "status", "code": 503, "times": 999}


@pytest.fixture(scope="module")
def stream(shared: Path) -> list[dict[str, Any]]:
    """Four months of the stream, of the two categories that the tests watch and of one more."""
    with gzip.open(shared / "arxiv" / "stream-2025.jsonl.gz", "rt", encoding="utf-8") as rows:
        records = [json.loads(row) for row in rows]
    wanted = {*WATCHED, "cs.CR"}
    return [r for r in records if "2025-08-01" <= r["published"] < "2025-12-01" and wanted & set(r["categories"])]


@pytest.fixture
def start(
    arxivsim: Callable[..., ArxivSim], stream: list[dict[str, Any]], tmp_path: Path, litwatch: Litwatch
) -> Callable[..., ArxivSim]:
    """start(now, *options, scenario={…}): a simulator and a litwatch that watches its two categories."""

    def begin(now: str, *options: str, scenario: dict[str, Any] | None = None) -> ArxivSim:
        corpus, plan = tmp_path / "corpus.jsonl", tmp_path / "scenario.json"
        corpus.write_text("".join(json.dumps(record) + "\n" for record in stream), encoding="utf-8")
        plan.write_text(json.dumps(scenario or {}))
        sim = arxivsim(corpus, now, "--scenario", str(plan), *options)
        litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\ntimeout_seconds = 5\n")
        claim = "Language models cannot plan over long horizons."
        litwatch("add-line", "--question", "Can models plan?", "--claim", claim, "--categories", "cs.CY,cs.HC")
        return sim

    return begin


def poll(litwatch: Litwatch, sim: ArxivSim, now: str) -> Answer:
    sim.clock(now)
    return litwatch("poll", "--json", now=now)


def stored(litwatch: Litwatch) -> dict[str, int]:
    rows = map(json.loads, litwatch("papers", "--all").out.splitlines())
    return {row["arxiv_id"]: row["version"] for row in rows}


def missing(litwatch: Litwatch, sim: ArxivSim, since: str, stream: Iterable[dict[str, Any]]) -> set[str]:
    due = {record["id"] for record in stream if record["published"] >= since and WATCHED & set(record["categories"])}
    return (due & sim.visible()) - set(stored(litwatch))


def test_a_paper_held_for_months_is_stored_on_the_day_it_appears(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    held = next(
        r["id"] for r in stream if "2025-08-20" <= r["published"] < "2025-08-21" and WATCHED & set(r["categories"])
    )
    sim = start(MONDAY, scenario={"hold": {held: 90}})
    assert poll(litwatch, sim, MONDAY).json["state"] == "fresh"
    assert held not in stored(litwatch)
    poll(litwatch, sim, WEDNESDAY)  # announced on the evening of the 18th, 90 days after its submission
    assert held in sim.visible()
    assert held in stored(litwatch)


@pytest.mark.parametrize("service", ["/oai", "/rss"])
def test_one_service_that_is_down_costs_no_paper(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]], service: str
) -> None:
    sim = start(MONDAY, scenario={"hold_fraction": 0.2, "hold_days": [3, 30]})
    poll(litwatch, sim, MONDAY)
    sim.faults({**DOWN, "path": service})
    answer = poll(litwatch, sim, TUESDAY)
    assert (answer.code, answer.json["state"]) == (0, "fresh")
    assert "503" in answer.json["reason"]
    assert not missing(litwatch, sim, "2025-10-14", stream)


def test_new_versions_that_came_while_arxiv_was_down_are_caught_up_with(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    before = stored(litwatch)
    revised = sorted(before)[0]
    sim.revise({"id": revised, "at": "2025-11-17T15:00:00Z", "abstract": "An abstract that a test made up."})
    sim.faults({**DOWN})
    assert poll(litwatch, sim, TUESDAY).json["state"] == "failed"
    assert stored(litwatch)[revised] == before[revised]
    sim.faults()
    poll(litwatch, sim, "2025-11-27T12:00:00Z")
    assert stored(litwatch)[revised] == before[revised] + 1


def test_the_search_api_down_for_a_day_is_a_failure_that_loses_nothing(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    sim.faults({**DOWN, "path": "/api/query"})
    assert poll(litwatch, sim, TUESDAY).json["state"] == "failed"
    sim.faults()
    assert poll(litwatch, sim, WEDNESDAY).json["state"] == "fresh"
    assert not missing(litwatch, sim, "2025-10-14", stream)


@pytest.mark.parametrize("days", [1, 7, 92])
def test_an_absence_of_any_length_is_made_up_for(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]], days: int
) -> None:
    sim = start("2025-08-18T12:00:00Z", scenario={"hold_fraction": 0.2, "hold_days": [1, 60]})
    poll(litwatch, sim, "2025-08-18T12:00:00Z")
    back = {1: "2025-08-20", 7: "2025-08-26", 92: "2025-11-19"}[days]
    answer = poll(litwatch, sim, f"{back}T12:00:00Z")
    assert (answer.code, answer.json["state"]) == (0, "fresh")
    assert answer.json["declared"] == answer.json["received"]
    assert not missing(litwatch, sim, "2025-08-01", stream)


def test_a_listing_that_breaks_off_goes_on_at_the_page_where_it_broke(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start(MONDAY, "--oai-page", "20")
    poll(litwatch, sim, MONDAY)
    sim.stats()
    # The form that names versions is refused, then one page comes, then nothing any more.
    sim.faults({**DOWN, "path": "/oai", "skip": 3})
    poll(litwatch, sim, WEDNESDAY)
    sim.faults()
    sim.stats()
    poll(litwatch, sim, WEDNESDAY)
    listings = [query for query in sim.stats()["queries"] if "verb=ListRecords" in query]
    assert "resumptionToken" in listings[0]
    assert not missing(litwatch, sim, "2025-10-14", stream)
    states = litwatch("harvests", "--json", now=WEDNESDAY).json
    assert len(states) == 3


def test_a_first_look_that_breaks_off_goes_on_at_the_page_where_it_broke(
    arxivsim: Callable[..., ArxivSim], shared: Path, litwatch: Litwatch
) -> None:
    sim = arxivsim(shared / "arxiv" / "stream-2025.jsonl.gz", MONDAY)
    litwatch.configure(f"[arxiv]\n{sim.urls}\ndelay_seconds = 0\ntimeout_seconds = 20\n")
    litwatch("add-line", "--question", "Can models plan?", "--claim", "They cannot.", "--categories", "cs.AI,cs.LG")
    sim.faults({**DOWN, "path": "max_results=2000", "skip": 2})
    broken = poll(litwatch, sim, MONDAY)
    assert broken.json["state"] == "failed"
    assert broken.json["new"] == 4000
    sim.faults()
    again = poll(litwatch, sim, MONDAY).json
    assert again["state"] == "fresh"
    a_day = 1000
    assert again["received"] <= again["new"] + a_day, "papers that had come were asked for again"


def test_a_search_backwards_that_breaks_off_goes_on_where_it_was(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start("2025-11-28T12:00:00Z")
    sim.faults({**DOWN, "path": "all:", "skip": 1})
    sim.clock("2025-11-28T12:00:00Z")
    assert litwatch("poll", "--backfill", "--json", now="2025-11-28T12:00:00Z").json["state"] == "failed"
    sim.faults()
    sim.stats()
    assert litwatch("poll", "--backfill", "--json", now="2025-11-28T12:00:00Z").json["state"] in ("fresh", "waiting")
    assert len([query for query in sim.stats()["queries"] if "all:" in query]) == 1


def test_a_service_that_keeps_failing_is_asked_once_a_poll_until_it_answers(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    sim.faults({**DOWN})
    for _ in range(3):
        poll(litwatch, sim, TUESDAY)
    sim.stats()
    assert poll(litwatch, sim, TUESDAY).json["requests"] == 3
    assert sim.stats()["by_status"] == {"503": 3}
    sim.faults()
    assert poll(litwatch, sim, TUESDAY).json["state"] == "fresh"


def test_a_category_added_later_is_read_whole_and_the_others_are_not_asked_again(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    litwatch("add-line", "--question", "What is zed?", "--claim", "Zed is zed.", "--categories", "cs.CR")
    answer = poll(litwatch, sim, TUESDAY).json
    assert answer["categories"]["cs.CR"]["state"] == "fresh"
    what = [question for run in litwatch("harvests", "--json", now=TUESDAY).json[:1] for question in run["questions"]]
    assert {q["what"] for q in what if q["what"].startswith("papers submitted")} == {"papers submitted in cs.CR"}


def test_the_record_of_a_day_says_what_was_asked_and_that_it_came(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    poll(litwatch, sim, TUESDAY)
    run = litwatch("harvests", "--json", now=TUESDAY).json[0]
    assert run["source"].split(", ") == ["rss", "oai", "api"]
    assert all(question["whole"] for question in run["questions"])
    assert sum(question["requests"] for question in run["questions"]) == run["requests"]
    last_count = [question for question in run["questions"] if question["what"].startswith("count")][-1]
    assert last_count["declared"] == last_count["received"] > 0
    assert run["declared"] == run["received"]


def raw_records(shared: Path, stream: Iterable[dict[str, Any]], now: str) -> list[RawRecord]:
    """What arXiv's own service would list of the stream: each record with the dates of its versions."""
    spec = importlib.util.spec_from_file_location("arxivsim", shared / "arxivsim" / "arxivsim.py")
    assert spec is not None
    assert spec.loader is not None
    simulator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(simulator)
    found = []
    for record in stream:
        shown = simulator.Paper(record, 0).at(datetime.fromisoformat(now) - timedelta(hours=3))
        if shown:
            first = datetime.fromisoformat(record["published"])
            versions = tuple(
                first + n * (shown.submitted - first) / max(1, shown.number - 1) for n in range(shown.number)
            )
            found.append(
                RawRecord(
                    id=record["id"],
                    versions=versions,
                    datestamp=shown.announced.date(),
                    title=record["title"],
                    abstract=record["abstract"],
                    categories=" ".join(record["categories"]),
                    comment=record.get("comment") or "",
                )
            )
    return found


def test_a_listing_that_names_versions_needs_no_other_question(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]], shared: Path
) -> None:
    """As arXiv's own service gives it; the simulator's form does not name versions."""
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    service = RawOai(raw_records(shared, stream, TUESDAY), page=50)
    service.responded = datetime.fromisoformat(TUESDAY)
    litwatch.env = {"LITWATCH_ARXIV__OAI_URL": service.url}
    sim.stats()
    answer = poll(litwatch, sim, TUESDAY).json
    service.close()
    assert (answer["state"], answer["new"] > 20) == ("fresh", True)
    assert len(service.asked) > 1
    assert not [query for query in sim.stats()["queries"] if "id_list=2" in query]
    assert not missing(litwatch, sim, "2025-10-14", stream)
    listed = {record.id: len(record.versions) for record in service.records}
    assert all(version == listed[arxiv_id] for arxiv_id, version in stored(litwatch).items())


def test_a_listing_ahead_of_the_search_api_is_no_trouble(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]], shared: Path
) -> None:
    """At four o'clock, UTC, OAI-PMH lists what the search API shows from five on."""
    sim = start(MONDAY)
    (litwatch.folder / "page.txt").write_text(PAGE.replace("ID", stream[-1]["id"]), encoding="utf-8")
    litwatch("add-line", "page.txt", "--categories", "cs.CY,cs.HC")
    poll(litwatch, sim, MONDAY)
    service = RawOai()
    litwatch.env = {"LITWATCH_ARXIV__OAI_URL": service.url}
    states = []
    for day in range(18, 24):
        now = f"2025-11-{day}T04:00:00Z"
        service.records = raw_records(shared, stream, now)
        service.responded = datetime.fromisoformat(now)
        answer = poll(litwatch, sim, now).json
        states.append((answer["state"], answer["new"] > 0))
    service.close()
    assert states == [("fresh", True)] * 4 + [("waiting", False), ("quiet", False)]


def test_a_clock_that_was_a_year_ahead_loses_no_held_paper(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start("2025-09-01T12:00:00Z", scenario={"hold_fraction": 0.2, "hold_days": [25, 60]})
    poll(litwatch, sim, "2025-09-01T12:00:00Z")
    litwatch("poll", now="2026-11-01T12:00:00Z")
    for day in ("09-05", "09-20", "10-05", "10-20", "11-19"):
        assert poll(litwatch, sim, f"2025-{day}T12:00:00Z").code == 0
    assert not missing(litwatch, sim, "2025-08-01", stream)


def test_a_service_that_is_down_for_days_is_trouble_though_the_others_carry_the_poll(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    sim.faults({**DOWN, "path": "/oai"})
    states = {day: poll(litwatch, sim, f"2025-11-{day}T12:00:00Z").json["state"] for day in (18, 19, 20, 21, 24)}
    assert states == {18: "fresh", 19: "fresh", 20: "fresh", 21: "failed", 24: "failed"}
    sim.faults()
    assert poll(litwatch, sim, "2025-11-25T12:00:00Z").json["state"] == "fresh"


@pytest.mark.parametrize("service", ["/oai", "/api/query"])
def test_a_service_that_is_down_on_the_first_day_back_is_no_trouble_of_weeks(
    start: Callable[..., ArxivSim], litwatch: Litwatch, service: str
) -> None:
    sim = start("2025-11-03T12:00:00Z")
    poll(litwatch, sim, "2025-11-03T12:00:00Z")
    sim.faults({**DOWN, "path": "submittedDate" if service == "/api/query" else service})
    assert poll(litwatch, sim, TUESDAY).json["state"] == "fresh"


def test_one_bad_record_among_the_papers_named_keeps_no_other_away(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    sim.clock(TUESDAY)
    bad = min(missing(litwatch, sim, "2025-10-14", stream))
    sim.faults({"kind": "badentry", "path": bad, "times": 99}, {**DOWN, "path": "submittedDate:[20251014"})
    answer = poll(litwatch, sim, TUESDAY)
    assert answer.code == 0
    assert answer.json["new"] > 20
    poll(litwatch, sim, WEDNESDAY)
    assert missing(litwatch, sim, "2025-10-14", stream) <= {bad}


def test_a_category_first_watched_by_a_clock_ahead_begins_anew(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start("2025-09-01T12:00:00Z")
    litwatch("poll", now="2025-11-01T12:00:00Z")
    for day in ("09-02", "09-03", "09-20", "10-20"):
        assert poll(litwatch, sim, f"2025-{day}T12:00:00Z").code == 0
    assert not missing(litwatch, sim, "2025-08-01", stream)


def test_edits_of_old_papers_are_no_news_where_the_days_feed_was_read(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    for now in (MONDAY, TUESDAY, WEDNESDAY):
        poll(litwatch, sim, now)
    old = datetime.fromisoformat("2025-03-01T12:00:00+00:00")
    edited = [
        RawRecord(id=f"2503.9{n:04}", versions=(old,), datestamp=day, categories="cs.LG cs.CY")
        for n, day in enumerate((datetime.fromisoformat(TUESDAY).date(), datetime.fromisoformat(WEDNESDAY).date()))
    ]
    service = RawOai(edited)
    litwatch.env = {"LITWATCH_ARXIV__OAI_URL": service.url}
    poll(litwatch, sim, "2025-11-20T12:00:00Z")
    service.close()
    assert not {record.id for record in edited} & set(stored(litwatch))


def test_a_cross_list_of_an_old_paper_is_taken_where_nobody_read_that_days_feed(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    old = datetime.fromisoformat("2025-03-01T12:00:00+00:00")
    crossed = RawRecord(
        id="2503.90001",
        versions=(old,),
        datestamp=datetime.fromisoformat(WEDNESDAY).date(),
        categories="cs.LG cs.CY",
    )
    service = RawOai([crossed])
    litwatch.env = {"LITWATCH_ARXIV__OAI_URL": service.url}
    poll(litwatch, sim, TUESDAY)
    assert "2503.90001" not in stored(litwatch), "the feed of every day was read, and none named it"
    service.responded = datetime.fromisoformat("2025-11-21T12:00:00+00:00")
    poll(litwatch, sim, "2025-11-21T12:00:00Z")
    service.close()
    assert "2503.90001" in stored(litwatch)


def test_a_listing_that_is_shorter_than_declared_is_no_whole_one_later_either(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]], shared: Path
) -> None:
    sim = start(MONDAY)
    poll(litwatch, sim, MONDAY)
    service = RawOai(raw_records(shared, stream, TUESDAY), page=50, declares=True)
    service.responded = datetime.fromisoformat(TUESDAY)
    service.surplus = 300
    litwatch.env = {"LITWATCH_ARXIV__OAI_URL": service.url}
    answer = poll(litwatch, sim, TUESDAY).json
    service.close()
    assert "arrived" in answer["reason"]
    run = litwatch("harvests", "--json", now=TUESDAY).json[0]
    assert not any(question["whole"] for question in run["questions"] if question["source"] == "oai")


def test_a_category_that_does_not_exist_is_no_good_one_and_holds_no_other_up(
    start: Callable[..., ArxivSim], litwatch: Litwatch
) -> None:
    sim = start(MONDAY)
    litwatch("add-line", "--question", "What is zed?", "--claim", "Zed is zed.", "--categories", "cs.QQ")
    answer = poll(litwatch, sim, MONDAY)
    assert (answer.code, answer.json["state"]) == (0, "fresh")
    assert answer.json["categories"]["cs.QQ"]["state"] == "failed"
    assert "check `categories`" in answer.json["categories"]["cs.QQ"]["reason"]


def test_one_bad_record_among_the_anchors_spoils_no_other(
    start: Callable[..., ArxivSim], litwatch: Litwatch, stream: list[dict[str, Any]]
) -> None:
    sim = start(MONDAY)
    ids = [record["id"] for record in stream[:4]]
    anchors = "".join(f'- arXiv:{arxiv_id} (2025): "An invented title"\n' for arxiv_id in ids)
    page = PAGE.replace('- arXiv:ID (2025): "An invented title"\n', anchors)
    (litwatch.folder / "page.txt").write_text(page, encoding="utf-8")
    line = litwatch("add-line", "page.txt", "--categories", "cs.CY", "--json").json["line"]
    sim.faults({"kind": "badentry", "path": ids[0], "times": 99})
    answer = poll(litwatch, sim, MONDAY)
    assert (answer.code, answer.json["state"]) == (0, "fresh")
    assert f"1 anchor cannot be read ({ids[0]})" in answer.json["reason"]
    states = [anchor["state"] for anchor in litwatch("show", line, "--json").json["anchors"]]
    assert states == ["unchecked", *["title differs"] * 3]


PAGE = """Can models plan over long horizons?

This asks how far ahead a language model can plan.

Sources 1 notes

Do plans of language models break after a dozen steps?

Plans of language models break after a dozen steps because errors add up.

Anchor papers
- arXiv:ID (2025): "An invented title"
"""
