"""A digest as HTML, text, Slack blocks and JSON.

The golden files show each form of one invented digest; `LITWATCH_GOLDEN=write pytest tests/digest` writes them
anew, to be read before they are kept.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from compared_sample import by_model, reviewed
from digest_sample import (
    COVERAGE,
    LINES,
    NOW,
    SLEEP,
    STALLED,
    alarm,
    alerted,
    every_form,
    explored,
    full,
    match,
    over,
    paper,
    quiet,
    raised,
    sample,
    verdict,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from litwatch.digest import frame, html, marks, plain, slack, wording
from litwatch.digest.compose import Candidate, compose
from litwatch.digest.content import content
from litwatch.digest.payload import Form, fit
from litwatch.digest.room import whole
from litwatch.model import (
    Alarm,
    Alerted,
    CategoryOutcome,
    Claim,
    Digest,
    DigestKind,
    Entry,
    Finish,
    HarvestState,
    Line,
    Section,
    Stance,
    Status,
    StatusChange,
)
from litwatch.text import squeeze

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "2511.90013"
WORDS = st.text(max_size=60) | st.sampled_from(["<!channel>", "&" * 700, "`" * 40, "𝔘" * 900, "a b " * 300, "\ud800"])


def checked(name: str, shown: str) -> None:
    file = GOLDEN / name
    if os.environ.get("LITWATCH_GOLDEN") == "write":
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def pretty(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ["sample", "explored", "quiet", "alerted", "raised", "over"])
def test_the_forms_are_as_the_golden_files_show_them(name: str) -> None:
    made = {"sample": sample, "explored": explored, "quiet": quiet, "alerted": alerted, "raised": raised, "over": over}
    digest = made[name]()
    message = every_form(digest)
    checked(f"{name}.txt", f"Subject: {message.subject}\n\n{message.text}")
    checked(f"{name}.html", message.html)
    checked(f"{name}.slack.json", pretty(message.slack))
    checked(f"{name}.content.json", pretty(content(digest)))


class Page(HTMLParser):
    """Tags, links and text of an HTML page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def slack_texts(blocks: tuple[dict[str, object], ...]) -> list[str]:
    parts = [part for block in blocks for part in (block.get("text"), *block.get("elements", ())) if part]  # type: ignore[misc]
    return [part["text"] for part in parts]  # type: ignore[index]


def test_html_links_each_title_to_its_abstract_and_loads_nothing() -> None:
    digest = sample()
    page = Page(html.render(digest))
    assert page.links == [entry.paper.url for entry in digest.entries]
    assert not page.tags & {"img", "script", "link", "iframe", "svg", "table", "i18n"}


def test_hostile_text_stays_text_in_html() -> None:
    page = html.render(sample())
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Consortium" not in page


def test_hostile_text_forges_no_mention_or_link_in_slack() -> None:
    found = re.findall(r"<([^>]*)>", "\n".join(slack_texts(slack.render(sample()))))
    assert found
    assert all(target.startswith("https://arxiv.org/abs/") for target in found)


def test_a_title_wakes_nobody_in_a_chat_that_takes_plain_text_and_stays_as_it_is_in_a_mail() -> None:
    entry = Entry(paper=paper(1, "Hello @everyone and @channel"), score=0.5, claim=None, sentence="")
    section = Section(line=SLEEP.slug, question=SLEEP.question, entries=(entry,))
    digest = Digest(id="lab/1", channel="lab", sections=(section,), coverage=COVERAGE, created=NOW)
    assert "Hello @\u200beveryone and @\u200bchannel" in fit(digest, Form.TEXT).payload.text
    assert "Hello @everyone and @channel" in fit(digest, Form.MAIL).payload.text


def test_slack_is_told_to_make_no_links_of_its_own() -> None:
    for block in slack.render(sample()):
        for part in (block.get("text"), *block.get("elements", ())):  # type: ignore[misc]
            assert part is None or part["type"] == "plain_text" or part["verbatim"] is True


@pytest.mark.parametrize("form", ["subject", "text", "html", "slack"])
def test_no_form_holds_control_characters(form: str) -> None:
    shown = getattr(every_form(sample()), form)
    text = "\n".join(slack_texts(shown)) if form == "slack" else shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_text_keeps_to_its_width_and_breaks_no_command_or_address() -> None:
    digest = sample()
    text = plain.render(digest)
    assert max(map(len, text.splitlines())) <= plain.WIDTH
    for kept in ("`litwatch confirm 12`", "`litwatch claims LINE`", *(e.paper.url for e in digest.entries)):
        assert kept in text


def test_a_mark_says_that_it_is_a_candidate_and_how_to_review_it() -> None:
    text = " ".join(plain.render(sample()).split())
    assert "Candidate: likely contradicts c2 (probability 0.71) You hold: Ten minutes of wakeful rest keep" in text
    assert "Right or wrong? `litwatch confirm 12` or `litwatch reject 12`" in text


@pytest.mark.parametrize(
    ("harvest", "says"),
    [
        (None, "Nothing has been harvested yet"),
        (Finish(state=HarvestState.STALLED, at=NOW), "The harvest has stalled"),
        (
            Finish(state=HarvestState.FAILED, at=NOW, reason="HTTP 503 <b>"),
            "Not all that was asked of arXiv came: HTTP 503",
        ),
    ],
)
def test_trouble_stands_before_the_summary_in_every_form(harvest: Finish | None, says: str) -> None:
    message = every_form(sample(harvest))
    forms = (" ".join(message.text.replace("\n!! ", " ").split()), Page(message.html).text, str(message.slack))
    for shown in forms:
        assert 0 <= shown.index(says) < shown.index("7 papers on 2 lines")


@pytest.mark.parametrize("state", [HarvestState.FRESH, HarvestState.WAITING, HarvestState.QUIET])
def test_a_harvest_that_ended_well_raises_no_alarm(state: HarvestState) -> None:
    assert frame.trouble(replace(COVERAGE, harvest=Finish(state=state, at=NOW))) == ""


def test_the_subject_counts_papers_and_likely_challenges() -> None:
    assert frame.subject(sample()) == (
        "litwatch: 7 papers, 1 likely contradiction, 1 likely superseding (weekly-mail, 17–24 Nov)"
    )
    assert frame.subject(quiet()) == "litwatch: no new papers (weekly-mail, 17–24 Nov)"
    assert frame.subject(replace(quiet(), kind=DigestKind.ALERT)).startswith("litwatch alert: ")


@pytest.mark.parametrize(
    ("state", "categories", "over", "says"),
    [
        (HarvestState.STALLED, 1, False, "arXiv gives nothing new in cs.C0 (stalled)"),
        (HarvestState.FAILED, 2, False, "papers of cs.C0 and cs.C1 could not be fetched (failed)"),
        (HarvestState.FAILED, 4, False, "papers of 4 categories could not be fetched (failed)"),
        (HarvestState.FAILED, 0, False, "papers could not be fetched (failed)"),
        (HarvestState.STALLED, 0, False, "arXiv gives nothing new (stalled)"),
        (HarvestState.FRESH, 1, True, "harvests of cs.C0 are well again (after 3 hours)"),
        (HarvestState.FRESH, 0, True, "harvests are well again (after 3 hours)"),
    ],
)
def test_the_subject_of_an_alarm_says_it_all(state: HarvestState, categories: int, over: bool, says: str) -> None:
    outcomes = tuple(CategoryOutcome(category=f"cs.C{n}", state=state) for n in range(categories))
    ended = NOW if over else None
    told = Alarm(state=state, began=NOW - timedelta(hours=3), outcomes=outcomes, over_at=ended)
    assert frame.subject(alarm(told)) == f"litwatch: {says}"


def test_an_alarm_opens_with_the_trouble_and_names_no_paper() -> None:
    message = every_form(raised())
    for shown in (message.text, Page(message.html).text, "\n".join(slack_texts(message.slack))):
        assert "nothing new since 19 Nov" in " ".join(shown.replace("\n!! ", " ").split())
        assert "papers LINE" not in shown
    assert Page(message.html).links == []


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40), st.booleans(), st.booleans())
def test_any_alarm_fits_every_form(words: list[str], whole: bool, over: bool) -> None:
    outcomes = tuple(CategoryOutcome(category=word, state=HarvestState.FAILED, reason=word) for word in words)
    told = Alarm(
        state=HarvestState.FAILED,
        began=NOW - timedelta(days=400),
        outcomes=() if whole else outcomes,
        reason=words[0],
        over_at=NOW if over else None,
    )
    digest = replace(alarm(told), coverage=replace(COVERAGE, categories=tuple(words)), channel=words[-1])
    message = every_form(digest)
    assert not Page(message.html).tags & {"script", "img", "i18n"}
    for block in message.slack:
        for text in slack_texts((block,)):
            assert 0 < len(text) <= (150 if block["type"] == "header" else 3000)
            assert not re.findall(r"<([^>]*)>", text)
    assert max(map(len, message.text.splitlines())) <= plain.WIDTH
    assert "\n" not in message.subject
    json.dumps(content(digest))


@pytest.mark.parametrize("hours", [0, 84, 85])
def test_a_digest_says_when_arxiv_was_not_asked_for_days(hours: int) -> None:
    last = COVERAGE.period_end - timedelta(hours=hours)
    said = frame.trouble(replace(COVERAGE, last_well=last))
    assert said.startswith("arXiv was last asked on 20 Nov 2025 18:00 UTC") if hours > 84 else said == ""


def test_categories_of_one_trouble_are_named_together_and_the_well_ones_are_mentioned() -> None:
    failed = [CategoryOutcome(category=f"cs.{name}", state=HarvestState.FAILED, reason="503.") for name in ("AI", "HC")]
    finish = Finish(state=HarvestState.FAILED, at=NOW)
    said = frame.trouble(replace(COVERAGE, harvest=finish, outcomes=(*failed, STALLED, *COVERAGE.outcomes)))
    assert "cs.AI and cs.HC could not be fetched whole (503); cs.CL has stalled (nothing new since" in said
    assert "the other categories are well" in said
    said = frame.trouble(replace(COVERAGE, harvest=finish, outcomes=tuple(failed)))
    assert "the other categories" not in said


def test_of_many_reasons_as_many_are_told_as_have_room() -> None:
    reasons = [f"service {n} answers 503, many times in a row" for n in range(9)]
    said = frame.trouble(
        replace(COVERAGE, harvest=Finish(state=HarvestState.FAILED, at=NOW, reason="; ".join(reasons)), outcomes=())
    )
    assert said.startswith(f"The last harvest failed on 24 Nov 2025 07:00 UTC ({'; '.join(reasons[:4])}).")


def test_the_foot_tells_how_to_stop_what_is_sent() -> None:
    assert "remove [channels.weekly-mail]" in frame.foot(whole(quiet()))[-1]
    assert "`alerts = false`" in frame.foot(whole(replace(quiet(), kind=DigestKind.ALERT)))[-1]
    assert "no channel sends it" in frame.foot(whole(replace(quiet(), channel="preview")))[-1]


def test_an_empty_digest_says_that_it_looked() -> None:
    text = plain.render(quiet())
    assert "Nothing new bore on your lines; 1,912 papers read." in text
    assert "Nothing new on sleep-and-memory, tides-and-harbours and old-glass." in text


def test_three_lines_of_twenty_papers_fit_a_mail_whole() -> None:
    digest = full(lines=3, papers=20)
    assert len(digest.entries) == 60
    assert fit(digest, Form.MAIL).shown == digest


def test_what_slack_has_no_room_for_is_counted_and_pointed_to() -> None:
    digest = full(lines=3, papers=20)
    blocks = slack.render(digest)
    shown = fit(digest, Form.SLACK).shown
    assert len(blocks) == slack.MOST_BLOCKS
    for before, after in zip(digest.sections, shown.sections, strict=True):
        assert len(after.entries) + after.left_out == len(before.entries)
        assert f"{after.left_out} more papers had no room: `litwatch papers {after.line}`" in str(blocks)


def test_lines_beyond_all_room_are_named_in_the_foot() -> None:
    digest = full(lines=70, papers=2)
    text = "\n".join(slack_texts(slack.render(digest)))
    cut = fit(digest, Form.SLACK).shown
    beyond = [section for section in cut.sections if not section.entries]
    assert beyond
    assert f"No room here for {sum(s.left_out for s in beyond)} papers on {beyond[0].line}, " in text


def test_content_is_json_and_tells_the_whole_digest() -> None:
    digest = full(lines=3, papers=20)
    told = json.loads(json.dumps(content(digest)))
    assert [len(section["entries"]) for section in told["sections"]] == [20, 20, 20]
    mark = told["sections"][0]["entries"][0]["marks"][0]
    assert list(mark) == [
        "line", "claim", "verdict", "version", "stance", "probability", "sentence", "method", "reason", "review",
        "beside", "track",
    ]  # fmt: skip


def hostile_digest(words: list[str], watched: int, papers: int, moves: int, top: int) -> Digest:
    """A digest of any size whose every outside text is one of six words that may break things."""
    claims = tuple(Claim(id=f"c{n}", text=words[n % 6], title=words[(n + 1) % 6]) for n in range(1, 7))
    lines = tuple(Line(slug=f"line-{n}", question=words[n % 6], claims=claims) for n in range(watched))
    candidates = []
    for n in range(papers):
        line = lines[n % len(lines)]
        found = paper(n, words[n % 6], tuple(words[: n % 7]))
        stance = (Stance.CONTRADICTS, Stance.SUPPORTS, Stance.NONE, Stance.SUPERSEDES)[n % 4]
        verdicts = tuple(
            verdict(n * 10 + i, found, line, claim.id, stance, 0.6, words[i % 6] or "x", words[-1])
            for i, claim in enumerate(claims[: n % 7])
        )
        # A language model was asked about every third paper, and says something else.
        other = (Stance.NONE, Stance.CONTRADICTS)[n % 2]
        verdicts += tuple(
            by_model(1000 + n * 10 + i, found, line, one.claim, other, 0.9, words[0] or "x", words[i % 6])
            for i, one in enumerate(verdicts if n % 3 == 0 else ())
        )
        terms = tuple((word, 0.1) for word in words)
        candidates.append(Candidate(match=match(found, line, 0.5, "c1", *terms), paper=found, verdicts=verdicts))
    moved = StatusChange(
        claim=claims[0],
        before=Status.OPEN,
        after=Status.CONTESTED,
        stance=Stance.CONTRADICTS,
        arxiv_id="2511.90001",
        sentence=words[0],
    )
    finish = Finish(state=HarvestState.FAILED, at=NOW, reason=words[1])
    return compose(
        digest_id="d",
        channel=words[2],
        lines=lines,
        candidates=candidates,
        changes={line.slug: (moved,) * moves for line in lines},
        coverage=replace(COVERAGE, harvest=finish, categories=tuple(words)),
        reviewed=reviewed("cues/1", 20, 5, 0.6),
        top=top,
        threshold=0.5,
        now=NOW,
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(WORDS, min_size=6, max_size=6),
    st.integers(1, 60),
    st.integers(0, 120),
    st.integers(0, 3),
    st.integers(0, 30),
)
def test_any_digest_fits_every_form(words: list[str], watched: int, papers: int, moves: int, top: int) -> None:
    digest = hostile_digest(words, watched, papers, moves, top)
    message = every_form(digest)
    assert len(message.html.encode()) < 95_000
    assert not Page(message.html).tags & {"script", "img"}
    assert len(message.slack) <= 50
    for block in message.slack:
        limit = 150 if block["type"] == "header" else 3000
        for text in slack_texts((block,)):
            assert 0 < len(text) <= limit
            assert all(target.startswith("https://arxiv.org/abs/") for target in re.findall(r"<([^>]*)>", text))
    assert max(map(len, message.text.splitlines())) <= plain.WIDTH
    message.text.encode()
    for cut in (fit(digest, Form.MAIL).shown, fit(digest, Form.SLACK).shown):
        for before, after in zip(digest.sections, cut.sections, strict=True):
            assert len(after.entries) + after.left_out == len(before.entries) + before.left_out
    told = [entry.paper.arxiv_id for entry in digest.entries]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ((), ""),
        (("Ada Lovelace",), "A. Lovelace"),
        (("Ada Lovelace", "J. P. Tan", "Plato"), "A. Lovelace, J. P. Tan and Plato"),
        (("Ada Lovelace", "Bo Vik", "Plato", "Cy Young"), "A. Lovelace, B. Vik and 2 others"),
        (("The Tide Collaboration",), "The Tide Collaboration"),
        (("Élodie van der Berg",), "É. van der Berg"),
    ],
)
def test_authors_are_shortened(names: tuple[str, ...], shown: str) -> None:
    assert wording.authors(names) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.714, "71 %"), (0.999, "99 %"), (1.0, "100 %"), (0.001, "1 %"), (0.0, "0 %")]
)
def test_only_what_is_certain_is_a_hundred_per_cent(share: float, shown: str) -> None:
    assert wording.percent(share) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("days", "shown"),
    [(0, "24 Nov"), (7, "17–24 Nov"), (28, "27 Oct – 24 Nov"), (365, "24 Nov 2024 – 24 Nov 2025")],
)
def test_a_period_is_told_as_short_as_it_is_clear(days: int, shown: str) -> None:
    assert wording.period(NOW - timedelta(days=days), NOW) == shown


def test_latex_stays_readable() -> None:
    found = paper(1, r"Bounds of $\mathcal{O}(n^2)$ for \emph{quiet} rest")
    assert wording.title(found) == found.title


def test_a_claim_of_another_line_is_named_with_its_line() -> None:
    found = paper(1, "A paper")
    mark = verdict(1, found, SLEEP, "c1", Stance.CONTRADICTS, 0.8)
    assert marks.badge(SLEEP.claims[0], mark, LINES[1].slug) == (
        "Candidate: likely contradicts c1 of sleep-and-memory (probability 0.80)"
    )


def test_of_many_papers_that_alerts_told_the_last_are_named_and_all_counted() -> None:
    many = tuple(
        Alerted(paper=paper(200 + n, f"{n} " + "<&>" * 60), at=NOW - timedelta(hours=60 - n), lost=True)
        for n in range(60)
    )
    message = every_form(replace(full(), alerted=many))
    assert len(message.html.encode()) < 95_000
    assert len(message.slack) <= slack.MOST_BLOCKS
    said = " ".join(slack_texts(message.slack))
    for shown in (message.text, Page(message.html).text, said):
        assert "60 papers, the last 12 here." in squeeze(shown)
        told = {one for one in many if f"arXiv:{one.paper.arxiv_id}v1" in shown}
        assert told == set(many[-12:])
    assert len(content(replace(full(), alerted=many))["alerted"]) == 60  # type: ignore[arg-type]
    assert all(len(text) <= 3000 for text in slack_texts(message.slack))


def test_what_alerts_told_is_no_paper_of_the_subject() -> None:
    assert frame.subject(alerted()).startswith("litwatch: no new papers (")
    assert "Told by alert" not in every_form(quiet()).text
