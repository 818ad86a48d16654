"""Bad input: one clear line, the right exit code, and nothing changed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from conftest import Litwatch

CLAIM = "Language models fail at plans of more than a dozen steps."
GOOD = 'question: "Can models plan?"\nclaims:\n  - They cannot.\ncategories: [cs.AI]\n'


@pytest.fixture
def fresh(litwatch: Litwatch) -> Litwatch:
    assert litwatch("init").code == 0
    return litwatch


def written(litwatch: Litwatch) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (litwatch.folder / "watchlists").iterdir()}


def test_init_writes_what_doctor_and_lines_can_read_and_never_over_a_file(fresh: Litwatch) -> None:
    config = fresh.folder / "litwatch.toml"
    config.write_text(config.read_text() + "# mine\n")
    assert fresh("init").code == 0
    assert config.read_text().endswith("# mine\n")
    assert fresh("lines", "--json").json == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x00\x01\x02\xff" * 300, "this is no text"),
        (b"", "is empty"),
        (b"a" * 5_000_000, "too large"),
        (b"Can models plan?\n\nAnd some more words.", "no claims found"),
    ],
    ids=["binary", "empty", "huge", "no claim"],
)
def test_a_page_that_is_none_is_refused(fresh: Litwatch, data: bytes, says: str) -> None:
    (fresh.folder / "page.txt").write_bytes(data)
    answer = fresh("add-line", "page.txt")
    assert (answer.code, answer.out) == (1, "")
    assert "page.txt" in answer.err
    assert says in answer.err
    assert answer.err.count("\n") == 1
    assert written(fresh) == {}


def test_of_several_pages_none_is_added_when_one_is_bad(fresh: Litwatch) -> None:
    (fresh.folder / "good.yaml").write_text(GOOD)
    assert fresh("add-line", "good.yaml", "missing.txt").code == 1
    assert written(fresh) == {}


def test_the_same_line_again_changes_no_byte(fresh: Litwatch) -> None:
    words = ("add-line", "--question", "Can models plan?", "--claim", CLAIM)
    first = fresh(*words, "--json").json
    before = written(fresh)
    again = fresh(*words, "--json").json
    assert (first["changed"], again["changed"]) == (True, False)
    assert first["categories"], "some are proposed"
    assert written(fresh) == before


def test_a_watchlist_file_is_taken_in_with_its_comments(fresh: Litwatch) -> None:
    (fresh.folder / "mine.yaml").write_text("# my own words\n" + GOOD)
    assert fresh("add-line", "mine.yaml").code == 0
    (text,) = written(fresh).values()
    assert text.startswith(b"# my own words\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question: q\nclaims:\n\t- a\n", "bad.yaml:3: a tab"),
        ("question: q\nclams:\n  - a\n", "bad.yaml:2: unknown key 'clams'; did you mean 'claims'?"),
        (GOOD + "anchors: ['2501.1']\n", "bad.yaml:5: '2501.1' is no arXiv id"),
    ],
)
def test_a_mistake_in_a_watchlist_is_named_with_its_line(fresh: Litwatch, text: str, says: str) -> None:
    path = fresh.folder / "watchlists" / "bad.yaml"
    path.write_text(text)
    for command in (("lines",), ("digest",), ("poll",)):
        answer = fresh(*command)
        assert answer.code == 1
        assert says in answer.err
        assert answer.err.count("\n") == 1
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add-line",), 2),
        (("add-line", "a.txt", "--question", "b"), 2),
        (("add-line", "--question", "Why?"), 1),
        (("add-line", "--question", "Why?", "--claim", "So.", "--categories", "cs.C1"), 2),
        (("show", "nothing"), 3),
        (("papers", "nothing"), 3),
        (("papers",), 2),
        (("papers", "--all", "line"), 2),
        (("claims", "nothing"), 3),
        (("confirm", "7"), 3),
        (("reject", "seven"), 2),
        (("mark", "nothing", "2507.21919", "useful"), 3),
        (("mark", "nothing", "2507.2", "useful"), 1),
        (("mark", "nothing", "2507.21919", "perhaps"), 2),
        (("pause", "nothing"), 3),
        (("poll",), 3),
        (("digest", "--send"), 1),
        (("digest", "--channel", "none"), 3),
        (("digest", "--out", "digest.pdf"), 2),
        (("outbox", "fly"), 2),
        (("outbox", "retry"), 2),
        (("outbox", "retry", "1"), 3),
        (("evaluate", "lines", "nowhere", "--papers", "nothing"), 1),
        (("evaluate", "retrieval", "nowhere"), 1),
        (("evaluate", "stance", "nowhere"), 1),
        (("lines", "--config", "nowhere.toml"), 1),
        (("frobnicate",), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_command_that_cannot_be_done_says_so_by_its_exit_code(
    fresh: Litwatch, words: tuple[str, ...], code: int
) -> None:
    answer = fresh(*words)
    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err
    if code != 2:
        assert answer.err.startswith("litwatch: ")
        assert answer.err.count("\n") == 1


def test_a_time_that_is_none_is_refused(fresh: Litwatch) -> None:
    assert "LITWATCH_NOW: 'soon' is no date" in fresh("lines", now="soon").err


def test_a_line_is_found_by_its_beginning_and_a_slip_is_put_right(fresh: Litwatch) -> None:
    fresh("add-line", "--question", "Can models plan?", "--claim", CLAIM)
    fresh("add-line", "--question", "Can machines think?", "--claim", CLAIM)
    assert fresh("show", "can-mo", "--json").json["line"] == "can-models-plan"
    assert "is the beginning of 2 lines" in fresh("show", "can").err
    assert "did you mean can-models-plan?" in fresh("show", "can-model-plans").err


def test_a_line_rests_and_comes_back_and_its_file_is_kept_when_it_goes(fresh: Litwatch) -> None:
    fresh("add-line", "--question", "Can models plan?", "--claim", CLAIM)
    assert fresh("pause", "can").code == 0
    assert fresh("pause", "can").code == 3
    assert fresh("lines", "--json").json[0]["active"] is False
    assert fresh("poll").code == 3
    assert fresh("resume", "can").code == 0
    assert fresh("remove", "can").code == 0
    assert fresh("lines", "--json").json == []
    assert (fresh.folder / "watchlists" / "removed" / "can-models-plan.yaml").exists()


def test_an_edit_by_hand_is_taken_up_and_its_claim_gets_an_id_that_stays(fresh: Litwatch) -> None:
    path = fresh.folder / "watchlists" / "plan.yaml"
    path.write_text(GOOD)
    assert [claim["id"] for claim in fresh("show", "plan", "--json").json["claims"]] == ["c1"]
    path.write_text(path.read_text().replace("claims:\n", "claims:\n  - A claim put before it.\n"))
    claims = {claim["id"]: claim["text"] for claim in fresh("show", "plan", "--json").json["claims"]}
    assert claims == {"c2": "A claim put before it.", "c1": "They cannot."}


def test_a_store_of_a_newer_version_is_refused_in_one_line(fresh: Litwatch) -> None:
    fresh("lines")
    with sqlite3.connect(fresh.folder / "litwatch.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    answer = fresh("lines")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "newer litwatch" in answer.err


def test_doctor_names_each_trouble_with_its_cure_and_no_secret(fresh: Litwatch) -> None:
    fresh.configure(
        '[arxiv]\napi_url = "http://127.0.0.1:9/api"\ndelay_seconds = 0\n'
        '[channels.mail]\nurl = "mailtoo://joe:geheim@example.org"\n'
    )
    answer = fresh("doctor", "--json")
    assert answer.code == 1
    assert "geheim" not in answer.out + answer.err
    checks = {row["check"]: row for row in answer.json}
    ok = {"configuration", "secrets", "store", "judge", "harvest", "outbox", "set aside", "backup"}
    assert {name for name, row in checks.items() if row["ok"]} == ok
    assert "add-line" in checks["watchlists"]["says"]
    assert "connection refused" in checks["arxiv"]["says"]
    assert "check its form" in checks["channel mail"]["says"]


def test_the_environment_alone_can_configure_it(litwatch: Litwatch, tmp_path: Path) -> None:
    litwatch.env = {"LITWATCH_STORE__URL": f"sqlite:///{tmp_path}/env.db", "LITWATCH_WATCHLISTS__PATH": "mine"}
    assert litwatch("add-line", "--question", "Can models plan?", "--claim", CLAIM).code == 0
    assert (tmp_path / "mine" / "can-models-plan.yaml").exists()
    assert litwatch("lines", "--json").json[0]["claims"] == 1
    assert (tmp_path / "env.db").exists()


# --- the demo, as the first thing that a stranger types ------------------------------------------------------


def test_the_demo_tells_what_bears_on_the_line_and_nothing_else(litwatch: Litwatch) -> None:
    first = litwatch("demo", "there")
    assert first.code == 0
    page = litwatch.folder / "there" / "digest.html"
    assert str(page) in first.out
    assert "https://arxiv.org/abs/2511.9" in page.read_text(encoding="utf-8")
    again = litwatch("demo", "there")
    assert again.out == first.out
    content = litwatch("digest", "--json", "--config", "there/litwatch.toml", now="2025-11-17T09:00:00Z").json
    entries = content["sections"][0]["entries"]
    assert 10 <= len(entries) <= 20
    assert any(mark["stance"] in ("contradicts", "supersedes") for entry in entries for mark in entry["marks"])


def test_the_demo_leaves_a_litwatch_of_ones_own_alone(fresh: Litwatch) -> None:
    before = (fresh.folder / "litwatch.toml").read_text()
    answer = fresh("demo", ".")
    assert (answer.code, answer.out) == (1, "")
    assert (fresh.folder / "litwatch.toml").read_text() == before


def test_a_review_moves_the_standing_and_the_day_before_keeps_its_own(litwatch: Litwatch) -> None:
    litwatch("demo", ".")
    claims = litwatch("claims", "when", "--json", now="2025-11-17T09:00:00Z").json
    claim, verdict = next(
        (claim, verdict)
        for claim in claims
        for verdict in claim["verdicts"]
        if verdict["stance"] in ("contradicts", "supersedes") and verdict["probability"] >= 0.5
    )
    assert claim["status"] == "contested"
    assert litwatch("confirm", str(verdict["verdict"]), now="2025-11-18T09:00:00Z").code == 0

    def status(*words: str) -> str:
        rows = litwatch("claims", "when", "--json", *words, now="2025-11-20T09:00:00Z").json
        return str(next(row["status"] for row in rows if row["id"] == claim["id"]))

    assert status() in ("contradicted", "superseded", "contested")
    assert status("--as-of", "2025-11-17") == "contested"
    # The day before, litwatch had not read the line yet.
    assert status("--as-of", "2025-11-16") == "open"
    assert status("--as-of", "20251117") == status("--as-of", "2025-W47-1") == "contested"
    before = litwatch("claims", "when", "--as-of", "2025-11-16", now="2025-11-20T09:00:00Z")
    assert "is watched since 2025-11-17: of the time before, nothing was judged or said" in before.err
    assert litwatch("claims", "when", "--as-of", "").code == 2
    rows = litwatch("claims", "when", "--json", "--as-of", "2025-11-17", now="2025-11-20T09:00:00Z").json
    assert json.dumps(rows).count('"confirmed"') == 0
    litwatch("reject", str(verdict["verdict"]), now="2025-11-19T09:00:00Z")
    assert status("--as-of", "2025-11-18") in ("contradicted", "superseded", "contested")


def test_a_mark_is_kept_and_shown(litwatch: Litwatch) -> None:
    litwatch("demo", ".")
    now = "2025-11-17T09:00:00Z"
    best = litwatch("papers", "when", "--json", "--limit", "1", now=now).json[0]
    assert best["feedback"] is None
    assert litwatch("mark", "when", f"arXiv:{best['arxiv_id']}v1", "useful", now=now).code == 0
    assert litwatch("papers", "when", "--json", "--limit", "1", now=now).json[0]["feedback"] == "useful"
