"""Anchors under watch, and withdrawals, through the command line: from arXiv to digest, claims and ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anchor_sample import FASTING, NEWER, WITHDRAWAL

from conftest import ArxivSim, Litwatch, MailServer
from litwatch.model import Paper
from litwatch.service.anchors import keep_anchor_changes
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store

MONDAY, WEDNESDAY, FRIDAY = "2025-11-17T12:00:00Z", "2025-11-19T12:00:00Z", "2025-11-21T12:00:00Z"
NEXT_MONDAY, NEXT_WEDNESDAY = "2025-11-24T12:00:00Z", "2025-11-26T12:00:00Z"
AFTERNOON = {day: day.replace("T12", "T15") for day in (MONDAY, WEDNESDAY, FRIDAY)}

PAGE = f"""Does intermittent fasting help adults with obesity?

This asks what the hours of eating change.

Sources 2 notes

Does intermittent fasting lower blood pressure?

Intermittent fasting lowers blood pressure in adults with obesity.

Do chess players sleep well?

Chess players of all ages sleep badly before tournaments.

Anchor papers
- arXiv:2511.90001 (2025): "{FASTING.title}"
- arXiv:2511.99999 (2025): "An invented title of a paper that does not exist"
"""
AGAINST = replace(
    FASTING,
    arxiv_id="2511.90002",
    title="Fasting and blood pressure: a trial over two years",
    abstract="Adults with obesity were assigned to intermittent fasting or to usual meals. Weight fell in both groups."
    " Intermittent fasting did not lower blood pressure at any visit.",
    published=datetime(2025, 11, 12, 9, tzinfo=UTC),
    updated=datetime(2025, 11, 12, 9, tzinfo=UTC),
)


def record(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.arxiv_id,
        "version": paper.version,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": ["Ada Example"],
        "categories": list(paper.categories),
        "primary_category": paper.primary_category,
        "published": paper.published.isoformat().replace("+00:00", "Z"),
        "updated": paper.updated.isoformat().replace("+00:00", "Z"),
        "comment": paper.comment,
        "doi": None,
        "journal_ref": None,
    }


class Watch:
    """A litwatch that watches the page's line on a simulated arXiv, and a mail channel."""

    def __init__(self, litwatch: Litwatch, sim: ArxivSim) -> None:
        self.litwatch, self.sim = litwatch, sim

    def __call__(self, *words: str, now: str) -> Any:
        answer = self.litwatch(*words, "--json", now=now)
        assert answer.code == 0, answer.err
        return answer.json

    def say(self, *words: str, now: str) -> str:
        answer = self.litwatch(*words, now=now)
        assert answer.code == 0, answer.err
        return " ".join(answer.out.split())

    def poll(self, now: str, *changes: dict[str, Any]) -> None:
        """arXiv as it is then, with these new versions."""
        if changes:
            self.sim.revise(*changes)
        self.sim.clock(now)
        assert self.litwatch("poll", now=now).code == 0

    def told(self, now: str) -> dict[str, Any]:
        """The section of the digest that is sent then."""
        (section,) = self("digest", "--send", now=now)["sections"]
        return dict(section)

    def claim(self, name: str, now: str) -> dict[str, Any]:
        return next(claim for claim in self("claims", "fasting", now=now) if claim["id"] == name)


@pytest.fixture
def watch(arxivsim: Callable[..., ArxivSim], litwatch: Litwatch, mail_server: MailServer, tmp_path: Path) -> Watch:
    rest = [
        replace(
            FASTING,
            arxiv_id=f"2511.91{n:03}",
            title=f"Cells in a dish, part {n}",
            abstract="We grow cells in a dish and count them.",
            published=datetime(2025, 11, 4, 9, tzinfo=UTC) + timedelta(hours=6 * n),
        )
        for n in range(40)
    ]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(record(p)) + "\n" for p in (FASTING, AGAINST, *rest)), encoding="utf-8")
    sim = arxivsim(corpus, MONDAY)
    litwatch.configure(
        f'[arxiv]\n{sim.urls}\ndelay_seconds = 0\ntimeout_seconds = 5\n[channels.mail]\nurl = "{mail_server.url()}"\n'
    )
    (tmp_path / "fasting.txt").write_text(PAGE, encoding="utf-8")
    added = litwatch("add-line", "fasting.txt", "--categories", "q-bio.TO", "--json", now=MONDAY)
    assert added.json["anchors"] == 2, added.err
    return Watch(litwatch, sim)


def test_an_anchor_is_followed_from_its_new_version_to_its_withdrawal_and_back(
    watch: Watch, mail_server: MailServer
) -> None:
    watch.poll(MONDAY)
    assert watch.told(MONDAY)["anchors"] == []
    rows = {row["arxiv_id"]: row for row in watch("show", "fasting", now=MONDAY)["anchors"]}
    assert {key: row["state"] for key, row in rows.items()} == {"2511.90001": "found", "2511.99999": "missing"}
    assert (rows["2511.90001"]["version"], rows["2511.90001"]["changes"]) == (1, [])
    assert (rows["2511.99999"]["version"], rows["2511.99999"]["withdrawn"]) == (None, None)

    watch.poll(WEDNESDAY, {"id": "2511.90001", "at": AFTERNOON[MONDAY], "abstract": NEWER.abstract})
    difference = ["In 412 adults with obesity, intermittent fasting lowered systolic blood pressure by [12 → 3] mmHg."]
    (news,) = watch.told(WEDNESDAY)["anchors"]
    assert (news["arxiv_id"], news["version"], news["claims"]) == ("2511.90001", 2, ["c1"])
    assert [(change["kind"], change["difference"]) for change in news["changes"]] == [("version", difference)]
    body = mail_server.taken[-1].get_body(("html",))
    assert body is not None
    assert 'line-through">12</del>' in body.get_content()
    assert "1 anchor changed" in mail_server.taken[-1]["Subject"]
    assert [row["kind"] for row in watch.claim("c1", WEDNESDAY)["anchors"][0]["changes"]] == ["version"]
    assert watch.claim("c2", WEDNESDAY)["anchors"] == []
    assert "rests on arXiv:2511.90001v2, changed: version 2 on 2025-11-19" in watch.say(
        "claims", "fasting", now=WEDNESDAY
    )
    assert "2025-11-19 arXiv:2511.90001. Version 2 has another abstract: In 412 adults" in watch.say(
        "show", "fasting", now=WEDNESDAY
    )

    watch.poll(FRIDAY, {"id": "2511.90001", "at": AFTERNOON[WEDNESDAY], "comment": WITHDRAWAL})
    (news,) = watch.told(FRIDAY)["anchors"]
    assert (news["withdrawn"], [change["kind"] for change in news["changes"]]) == (True, ["withdrawn"])
    assert news["changes"][0]["after"] == WITHDRAWAL
    assert "1 anchor withdrawn" in mail_server.taken[-1]["Subject"]
    (row, _) = watch("show", "fasting", now=FRIDAY)["anchors"]
    assert (row["state"], row["withdrawn"]) == ("withdrawn", True)
    assert [change["kind"] for change in row["changes"]] == ["version", "withdrawn"]
    said = watch.say("claims", "fasting", now=FRIDAY)
    assert "changed: version 2 on 2025-11-19, withdrawn on 2025-11-21" in said
    earlier = watch.say("claims", "fasting", "--as-of", "2025-11-20", now=FRIDAY)
    assert "version 2 on 2025-11-19" in earlier
    assert "withdrawn" not in earlier

    watch.poll(NEXT_MONDAY)
    assert watch.told(NEXT_MONDAY)["anchors"] == []

    back = {"id": "2511.90001", "at": AFTERNOON[FRIDAY], "abstract": NEWER.abstract, "comment": "Corrected"}
    watch.poll(NEXT_WEDNESDAY, back)
    (news,) = watch.told(NEXT_WEDNESDAY)["anchors"]
    assert [change["kind"] for change in news["changes"]] == ["reinstated"]
    assert "difference" not in news["changes"][0]
    assert watch("show", "fasting", now=NEXT_WEDNESDAY)["anchors"][0]["state"] == "found"


def test_a_change_that_was_stored_while_a_digest_was_composed_is_told_by_the_next(watch: Watch) -> None:
    watch.poll(MONDAY)
    watch.told(MONDAY)
    watch.poll(WEDNESDAY)
    # The harvest of Wednesday noon stores what it found a little later, when the digest is frozen already.
    watch.told("2025-11-19T12:05:00Z")
    store = open_store(watch.litwatch.store_url)
    with store.write() as db:
        saved = save_papers(db, [NEWER], now=datetime.fromisoformat(WEDNESDAY))
        keep_anchor_changes(db, saved.moved, {"2511.90001"}, now=datetime.fromisoformat(WEDNESDAY))
    store.close()
    watch.poll(FRIDAY)
    assert [len(news["changes"]) for news in watch.told(FRIDAY)["anchors"]] == [1]
    watch.poll(NEXT_MONDAY)
    assert watch.told(NEXT_MONDAY)["anchors"] == []


def test_an_anchor_that_was_withdrawn_before_litwatch_first_saw_it_is_told(
    watch: Watch, mail_server: MailServer
) -> None:
    watch.poll(MONDAY, {"id": "2511.90001", "at": "2025-11-13T15:00:00Z", "comment": WITHDRAWAL})
    told = [change["kind"] for change in watch.claim("c1", MONDAY)["anchors"][0]["changes"]]
    assert told == ["withdrawn"]
    (news,) = watch.told(MONDAY)["anchors"]
    assert (news["withdrawn"], news["claims"]) == (True, ["c1"])
    assert [(change["kind"], change["after"]) for change in news["changes"]] == [("withdrawn", WITHDRAWAL)]
    assert "1 anchor withdrawn" in mail_server.taken[-1]["Subject"]
    watch.poll(WEDNESDAY)
    assert watch.told(WEDNESDAY)["anchors"] == []
    assert len(watch.claim("c1", WEDNESDAY)["anchors"][0]["changes"]) == 1


def test_a_paper_that_was_withdrawn_before_a_line_rested_on_it_is_told_with_the_line(watch: Watch) -> None:
    watch.poll(MONDAY)
    watch.poll(WEDNESDAY, {"id": "2511.90002", "at": AFTERNOON[MONDAY], "comment": WITHDRAWAL})
    assert watch.told(WEDNESDAY)["anchors"] == []
    page = PAGE.replace("2511.90001", "2511.90002").replace(FASTING.title, AGAINST.title)
    (watch.litwatch.folder / "second.txt").write_text(f"Is it so that {page[0].lower()}{page[1:]}", encoding="utf-8")
    assert watch.litwatch("add-line", "second.txt", "--categories", "q-bio.TO", now=WEDNESDAY).code == 0
    watch.poll(FRIDAY)
    first, second = watch("digest", "--send", now=FRIDAY)["sections"]
    told = first["anchors"] + second["anchors"]
    assert [(news["arxiv_id"], news["withdrawn"]) for news in told] == [("2511.90002", True)]
    (slug,) = (section["line"] for section in (first, second) if section["anchors"])
    claims = watch("claims", slug, now=FRIDAY)
    assert [row["arxiv_id"] for claim in claims for row in claim["anchors"]] == ["2511.90002"]


def test_a_withdrawn_paper_leaves_the_digests_and_reopens_the_claim_until_it_is_back(watch: Watch) -> None:
    watch.poll(MONDAY)
    contested = watch.claim("c1", MONDAY)
    (verdict,) = contested["verdicts"]
    assert (contested["status"], verdict["arxiv_id"], verdict["counts"]) == ("contested", "2511.90002", True)
    assert "2511.90002" in previewed(watch, MONDAY)

    watch.poll(WEDNESDAY, {"id": "2511.90002", "at": AFTERNOON[MONDAY], "comment": WITHDRAWAL})
    reopened = watch.claim("c1", WEDNESDAY)
    assert (reopened["status"], reopened["since"]) == ("open", WEDNESDAY)
    (verdict,) = reopened["verdicts"]
    assert (verdict["counts"], verdict["withdrawn"]) == (False, True)
    assert "counts no longer: the paper was withdrawn" in watch.say("claims", "fasting", now=WEDNESDAY)
    assert watch.say("claims", "fasting", "--as-of", MONDAY, now=WEDNESDAY).startswith("c1 contested")
    assert "2511.90002" not in previewed(watch, WEDNESDAY)
    (section,) = watch("digest", now=WEDNESDAY)["sections"]
    assert section["changes"] == []

    back = {"id": "2511.90002", "at": AFTERNOON[WEDNESDAY], "comment": "Corrected"}
    watch.poll(FRIDAY, back)
    again = watch.claim("c1", FRIDAY)
    assert (again["status"], [row["withdrawn"] for row in again["verdicts"]]) == ("contested", [False, False])
    assert "2511.90002" in previewed(watch, FRIDAY)


def previewed(watch: Watch, now: str) -> list[str]:
    (section,) = watch("digest", now=now)["sections"]
    return [entry["arxiv_id"] for entry in section["entries"]]


def test_a_digest_says_that_a_claim_is_open_again_because_a_paper_was_withdrawn(
    watch: Watch, mail_server: MailServer
) -> None:
    watch.poll(MONDAY)
    assert [change["after"] for change in watch.told(MONDAY)["changes"]] == ["contested"]
    watch.poll(WEDNESDAY, {"id": "2511.90002", "at": AFTERNOON[MONDAY], "comment": WITHDRAWAL})
    section = watch.told(WEDNESDAY)
    (change,) = section["changes"]
    assert (change["before"], change["after"], change["withdrawn"]) == ("contested", "open", True)
    body = mail_server.taken[-1].get_body(("plain",))
    assert body is not None
    assert "c1: contested → open, because arXiv:2511.90002 was withdrawn" in body.get_content()
