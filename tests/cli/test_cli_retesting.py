"""`retest` and `prompt`: what they show, write and refuse, and that each figure is given again by its command."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from test_cli_claims import AGAINST, DAYS, FOR, SLEEP, WHEN, Desk

from conftest import Litwatch
from litwatch.text import arxiv_ids
from scripted_model import ScriptedModel, completion

NOW = DAYS[1]
OLD = replace(
    FOR, arxiv_id="2411.90009", published=WHEN - timedelta(days=360), updated=WHEN - timedelta(days=360),
    title="Meal timing before",
)  # fmt: skip


@pytest.fixture
def desk(litwatch: Litwatch) -> Desk:
    desk = Desk(litwatch)
    desk.receive(AGAINST, FOR, SLEEP, OLD, now=DAYS[0])
    return desk


def traced(desk: Desk, trace: dict[str, Any]) -> Any:
    """What the command of a figure gives."""
    command, _, pattern = trace["command"].partition(" | ")
    answer = desk.litwatch(*shlex.split(command)[1:], now=NOW)
    assert answer.code == 0, answer.err
    filtered = subprocess.run(shlex.split(pattern), input=answer.out, capture_output=True, text=True, check=True)
    return json.loads(filtered.stdout)


def test_every_figure_is_given_again_by_its_command(desk: Desk) -> None:
    if not shutil.which("jq"):
        pytest.skip("needs jq")
    desk.litwatch("confirm", str(desk.verdict(FOR, now=NOW)), now=NOW)

    traces = desk("retest", "fasting", now=NOW)["traces"]

    assert len(traces) > 10
    assert [trace for trace in traces if traced(desk, trace) != trace["value"]] == []


def test_it_shows_standing_evidence_durability_and_questions(desk: Desk) -> None:
    found = desk("retest", "fasting", now=NOW)

    pressure, sleep = found["claims"]
    assert pressure["status"] == "contested"
    assert [one["arxiv_id"] for one in pressure["against"]] == [AGAINST.arxiv_id]
    assert {one["arxiv_id"] for one in pressure["for"]} == {FOR.arxiv_id, OLD.arxiv_id}
    assert [one["arxiv_id"] for one in sleep["for"]] == [SLEEP.arxiv_id]
    assert [one["arxiv_id"] for one in found["strongest"]] == [AGAINST.arxiv_id]
    assert found["strongest"][0]["sentence"] in AGAINST.abstract
    assert set(found["durable"]) | set(found["perishable"]) == {"c1", "c2"}
    assert len(found["questions"]) == 2
    assert found["since"] == "2025-05-13T00:00:00Z"


@pytest.mark.parametrize("options", [(), ("--markdown",), ("--json",)], ids=["text", "Markdown", "JSON"])
def test_every_id_in_it_is_one_of_the_store(desk: Desk, options: tuple[str, ...]) -> None:
    answer = desk.litwatch("retest", "fasting", *options, now=NOW)

    stored = {paper.arxiv_id for paper in (AGAINST, FOR, SLEEP, OLD)}
    assert set(arxiv_ids(answer.out)) <= stored
    assert AGAINST.arxiv_id in answer.out


@pytest.mark.parametrize("ending", [".html", ".md", ".txt", ".json"])
def test_it_is_written_in_the_form_that_the_ending_says(desk: Desk, ending: str) -> None:
    answer = desk.litwatch("retest", "fasting", "--out", f"report{ending}", now=NOW)

    assert (answer.code, answer.out) == (0, "")
    assert f"wrote report{ending}" in answer.err
    written = (desk.litwatch.folder / f"report{ending}").read_text(encoding="utf-8")
    begins = {".html": "<!DOCTYPE html>", ".md": "# Re-test: ", ".txt": "Re-test: ", ".json": "{"}
    assert written.startswith(begins[ending])
    assert AGAINST.arxiv_id in written


def test_the_same_moment_gives_the_same_report(desk: Desk) -> None:
    assert desk.say("retest", "fasting", now=NOW) == desk.say("retest", "fasting", now=NOW)


def test_a_shorter_window_tells_less_as_new(desk: Desk) -> None:
    late = (datetime.fromisoformat(NOW) + timedelta(days=60)).isoformat()

    assert [one["arxiv_id"] for one in desk("retest", "fasting", now=late)["strongest"]] == [AGAINST.arxiv_id]
    assert desk("retest", "fasting", "--months", "1", now=late)["strongest"] == []


def test_beyond_the_window_a_challenge_is_still_named_and_counted_by_a_command(desk: Desk) -> None:
    late = (datetime.fromisoformat(NOW) + timedelta(days=300)).isoformat()

    found = desk("retest", "fasting", now=late)
    text = " ".join(desk.say("retest", "fasting", now=late).split())

    assert (found["strongest"], [one["arxiv_id"] for one in found["older"]]) == ([], [AGAINST.arxiv_id])
    assert found["questions"][0]["grounds"] == [AGAINST.arxiv_id]
    assert "is marked against them, but 1 older paper is: arXiv:" in text
    assert "Older than the window" in text
    (trace,) = [one for one in found["traces"] if one["figure"].startswith("older papers")]
    assert (trace["value"], trace["command"].rpartition(" | jq ")[2]) == (1, "'.older | length'")


def test_a_mark_that_the_reader_rejected_is_called_so_beside_new_work(desk: Desk) -> None:
    desk.litwatch("reject", str(desk.verdict(AGAINST, now=NOW)), now=NOW)

    text = " ".join(desk.say("retest", "fasting", now=NOW).split())

    assert "You rejected that it contradicts c1." in text


def test_what_the_reader_settles_in_the_file_is_shown_at_once(desk: Desk) -> None:
    before = desk("retest", "fasting", now=NOW)["claims"][0]["durability"]
    desk.edit(
        "    text: Intermittent fasting lowers", "    durability: perishable\n    text: Intermittent fasting lowers"
    )

    after = desk("retest", "fasting", now=NOW)["claims"][0]["durability"]

    assert (before["settled"], after["settled"], after["kind"]) == (False, True, "perishable")
    assert desk("show", "fasting", now=NOW)["claims"][0]["durability"] == "perishable"
    assert desk.claim("c1", now=NOW)["status"] == "contested"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("retest", "nowhere"), 3, "there is no line 'nowhere'"),
        (("prompt", "nowhere"), 3, "there is no line 'nowhere'"),
        (("retest", "fasting", "--out", "report.pdf"), 2, "use one of .html, .md, .txt, .json"),
        (("retest", "fasting", "--json", "--markdown"), 2, "choose one of --json and --markdown"),
        (("retest", "fasting", "--out", "none/such.md"), 1, "none/such.md: cannot be written"),
        (("prompt", "fasting", "--out", "prompt.html"), 2, "a prompt is text"),
        (("prompt", "fasting", "--tokens", "120"), 1, "use --tokens "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(desk: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    answer = desk.litwatch(*words, now=NOW)

    assert answer.code == code
    assert says in " ".join(answer.err.replace("│", " ").split())
    assert "Traceback" not in answer.err


def test_a_prompt_fits_its_budget_and_says_what_it_left_out(desk: Desk) -> None:
    whole = desk("prompt", "fasting", now=NOW)
    tight = desk("prompt", "fasting", "--tokens", str(whole["tokens"] - 50), now=NOW)

    assert set(whole) == {"line", "tokens", "budget", "left_out", "prompt"}
    assert whole["left_out"] == {"fresh": 0, "evidence": 0, "findings": 0, "anchors": 0}
    assert tight["tokens"] <= tight["budget"] == whole["tokens"] - 50
    assert tight["left_out"]["evidence"] > 0
    assert AGAINST.arxiv_id in tight["prompt"]


def test_a_prompt_is_written_as_it_is_shown(desk: Desk) -> None:
    shown = desk.say("prompt", "fasting", now=NOW)
    desk.litwatch("prompt", "fasting", "--out", "prompt.md", now=NOW)

    assert (desk.litwatch.folder / "prompt.md").read_text(encoding="utf-8") == shown
    assert "litwatch check answer.md --take fasting" in shown


# --- with a language model -----------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    pytest.importorskip("openai", reason="needs the extra llm")
    running = ScriptedModel()
    yield running
    running.close()


def proposing(*ids: str) -> str:
    texts = (
        "If fasting leaves the pressure as it is, which of its effects on sleep would remain in a trial?",
        "How long would a trial have to last to tell a passing fall of pressure from a lasting one?",
    )
    return json.dumps({"questions": [{"text": text, "arxiv_ids": list(ids)} for text in texts]})


def with_model(desk: Desk, server: ScriptedModel) -> None:
    desk.litwatch.configure(f'[judge.llm]\nmodel = "sample"\nurl = "{server.url}"\ntimeout_seconds = 5\n')
    desk.litwatch.env["LITWATCH_JUDGE__METHOD"] = "llm"
    desk.litwatch.env["LITWATCH_JUDGE__THRESHOLD"] = "0.1"


def test_a_configured_language_model_proposes_the_questions(desk: Desk, server: ScriptedModel) -> None:
    with_model(desk, server)
    server.answer = lambda asked: completion(proposing(asked.data["papers"][0]["arxiv_id"]))

    found = desk("retest", "fasting", now=NOW)

    assert [one["method"] for one in found["questions"]] == ["llm/sample/1"] * 2
    assert found["looked_at"]["language_model"] == "llm/sample/1"
    assert "Proposed by a language model" in desk.say("retest", "fasting", now=NOW)
    assert len(server.taken) == 1


def test_one_that_invents_a_paper_is_not_believed_and_the_report_says_so(desk: Desk, server: ScriptedModel) -> None:
    with_model(desk, server)
    server.answer = lambda _: completion(proposing("2511.99999"))

    found = desk("retest", "fasting", now=NOW)

    assert [one["method"] for one in found["questions"]] == ["template"] * 2
    assert "cites a paper that it was not given" in found["questions_remark"]
    assert "2511.99999" not in json.dumps(found)


def test_none_is_asked_where_the_reader_says_so(desk: Desk, server: ScriptedModel) -> None:
    with_model(desk, server)

    found = desk("retest", "fasting", "--no-model", now=NOW)

    assert [one["method"] for one in found["questions"]] == ["template"] * 2
    assert server.taken == []
