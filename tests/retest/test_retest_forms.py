"""A report as text, Markdown, HTML and JSON.

The golden files show each form of one invented report; `LITWATCH_GOLDEN=write pytest tests/retest` writes them anew, to
be read before they are kept.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape
from retest_sample import LINE, NAPS, NOW, ON_NAPS, aged, paper, quiet, report, verdict

from litwatch.model import Claim, Stance, Status
from litwatch.retest import html, markdown, plain
from litwatch.retest.content import content
from litwatch.retest.questions import Question, from_what_is_known
from litwatch.retest.report import Known, Report
from litwatch.retest.traces import traces

GOLDEN = Path(__file__).parent / "golden"
FORMS = {
    "txt": plain.render,
    "md": markdown.render,
    "html": html.render,
    "json": lambda told: json.dumps(content(told), indent=2, ensure_ascii=False) + "\n",
}
HOSTILE = "<script>alert(1)</script> `rm -rf /` [x](http://evil.example) **b** | # arXiv:2511.90001 \x1b[31m"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "told"),
    [("sample", report()), ("quiet", quiet()), ("aged", aged())],
    ids=["sample", "quiet", "aged"],
)
def test_a_report_reads_as_it_was_approved(name: str, told: Report, form: str) -> None:
    written, file = FORMS[form](told), GOLDEN / f"{name}.{form}"
    if os.environ.get("LITWATCH_GOLDEN") == "write":
        file.write_text(written, encoding="utf-8")

    assert written == file.read_text(encoding="utf-8")


def test_text_keeps_its_width_but_for_commands() -> None:
    long = [row for row in plain.render(report()).splitlines() if len(row) > plain.WIDTH]

    assert all(row.strip().startswith("litwatch ") for row in long)


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_links_to_abstracts_and_its_own_claims_alone() -> None:
    page = _Page(html.render(report()))

    assert not {"script", "img", "link", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if {"src", "onclick", "style"} & set(attrs)]
    there = {f"#{attrs['id']}" for _, attrs in page.tags if "id" in attrs}
    links = {str(attrs["href"]) for tag, attrs in page.tags if tag == "a"}
    within, abroad = {link for link in links if link.startswith("#")}, {link for link in links if link[0] != "#"}
    assert within == there == {f"#claim-{claim.id}" for claim in LINE.claims}
    assert abroad
    assert all(link.startswith("https://arxiv.org/abs/") for link in abroad)
    assert "url(" not in html.render(report())


@pytest.mark.parametrize("told", [report(), aged()], ids=["new", "old"])
def test_the_page_folds_commands_away_and_keeps_them(told: Report) -> None:
    folded = "".join(re.findall(r"<details.*?</details>", html.render(told), re.DOTALL))

    commands = [str(escape(one.command)) for one in traces(told)]
    commands += [f"litwatch reject {one.verdict.id}" for one in told.challenges]
    assert [command for command in commands if command not in folded] == []


@pytest.mark.parametrize("form", ["txt", "md", "html"])
def test_no_claim_and_nothing_of_it_is_lost_where_claims_are_told_together(form: str) -> None:
    written = " ".join(unescape(FORMS[form](quiet())).replace("\\", "").split())

    for held in quiet().claims:
        assert written.count(held.claim.title or held.claim.text) >= 2, held.claim.id
        assert held.claim.text in written
        assert all(finding.text.rstrip(".") in written for finding in held.claim.findings)
    assert written.count("no evidence either way") == 1


def _hostile() -> Report:
    about = paper(66, f"Title {HOSTILE}")
    claim = Claim(id="c1", title=f"Really {HOSTILE}?", text=f"It rests {HOSTILE}.")
    marked = verdict(66, claim, about, Stance.CONTRADICTS, 0.9, f"Sentence {HOSTILE}")
    line = replace(LINE, question=f"Why {HOSTILE}?")
    told = report((Known(claim=claim, status=Status.CONTESTED, verdicts=(marked,)),), about, line=line)
    return replace(told, questions=(*from_what_is_known(told), Question(text=f"What {HOSTILE}?", method="llm/x/1")))


def test_in_html_what_a_paper_says_is_text() -> None:
    page = html.render(_hostile())

    assert "<script" not in page
    assert "\x1b" not in page
    hrefs = {attrs["href"] for tag, attrs in _Page(page).tags if tag == "a"}
    assert hrefs == {"https://arxiv.org/abs/2511.90066", "https://arxiv.org/abs/2511.90001", "#claim-c1"}
    assert "<code>rm -rf /</code>" not in page


def test_in_markdown_what_a_paper_says_is_text() -> None:
    written = markdown.render(_hostile())

    assert "\x1b" not in written
    assert not re.search(r"(?<!\\)<script", written)
    assert not re.search(r"(?<!\\)\[x", written)
    assert not re.search(r"(?<!\\)`rm", written)
    assert "evil.example" in written
    assert "http://evil" not in written
    assert not re.search(r"(?<!\\)\]\(http\\?:", written)


def test_in_text_what_a_paper_says_steers_no_terminal() -> None:
    assert "\x1b" not in plain.render(_hostile())


def test_json_tells_all_evidence_uncut() -> None:
    many = [paper(400 + n, f"Number {n}") for n in range(12)]
    marks = [verdict(400 + n, NAPS, one, Stance.CONTRADICTS, 0.6) for n, one in enumerate(many)]
    told = content(report((Known(claim=NAPS, status=Status.CONTESTED, verdicts=tuple(marks)),), *many))

    (claim,) = told["claims"]  # type: ignore[misc]
    assert len(claim["against"]) == 12
    assert claim["against"][0]["url"].startswith("https://arxiv.org/abs/")


def test_json_has_the_keys_that_scripts_rely_on() -> None:
    told = content(report())

    promised = {"line", "question", "as_of", "since", "claims", "strongest", "durable", "perishable", "questions"}
    promised |= {"looked_at", "not_looked_at", "traces"}
    assert promised <= set(told)
    (naps, *_) = told["claims"]  # type: ignore[misc]
    assert {"id", "text", "title", "status", "since", "durability", "for", "against", "stale"} <= set(naps)
    assert naps["durability"]["kind"] == "perishable"
    assert naps["against"][0]["verdict"] == ON_NAPS[1].id
    assert told["as_of"] == NOW.isoformat().replace("+00:00", "Z")
