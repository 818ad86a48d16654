"""What a digest tells of the papers that its lines rest on, in each form."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from anchored_sample import anchor_change, anchored
from digest_sample import LINES, NOW, SLEEP, every_form, full, paper, quiet, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from litwatch.digest import anchors, frame, html, plain, slack
from litwatch.digest.compose import compose
from litwatch.digest.content import content
from litwatch.digest.payload import Form, fit
from litwatch.digest.room import Edition, shed, whole
from litwatch.model import AnchorChangeKind, AnchorNews, Claim, Digest, DigestKind

GOLDEN = Path(__file__).parent / "golden"


def checked(name: str, shown: str) -> None:
    file = GOLDEN / name
    if os.environ.get("LITWATCH_GOLDEN") == "write":
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def pretty(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def test_the_forms_are_as_the_golden_files_show_them() -> None:
    digest = anchored()
    message = every_form(digest)
    checked("anchored.txt", f"Subject: {message.subject}\n\n{message.text}")
    checked("anchored.html", message.html)
    checked("anchored.slack.json", pretty(message.slack))
    checked("anchored.content.json", pretty(content(digest)))


def texts(message_blocks: tuple[dict[str, object], ...]) -> list[str]:
    parts = [part for block in message_blocks for part in (block.get("text"), *block.get("elements", ())) if part]  # type: ignore[misc]
    return [part["text"] for part in parts]  # type: ignore[index]


def test_a_withdrawal_stands_first_and_names_what_rests_on_it() -> None:
    message = every_form(anchored())
    for shown in (
        " ".join(message.text.split()),
        re.sub(r"<[^>]+>", "", message.html),
        "\n".join(texts(message.slack)),
    ):
        assert shown.index("was withdrawn") < shown.index("A paper this line rests on changed")
        assert (
            "Rests on it: c1 (Does slow-wave sleep replay strengthen word pairs?), c2 (Can a quiet break"
            in " ".join(shown.split())
        )


def test_what_went_and_what_came_are_told_apart_without_colours() -> None:
    message = every_form(anchored())
    assert "kept [12 → only 3] % fewer word pairs" in " ".join(message.text.replace("\n    | ", " ").split())
    assert re.search(
        r"<del [^>]*line-through[^>]*>12</del> <ins [^>]*underline[^>]*>only 3</ins> % fewer", message.html
    )
    assert "kept ~12~ *only 3* % fewer word pairs" in "\n".join(texts(message.slack))


def test_subject_and_summary_count_withdrawn_and_changed_anchors_once_each() -> None:
    digest = anchored()
    twice = replace(digest, sections=(*digest.sections, replace(digest.sections[0], line="again", entries=())))
    for told in (digest, twice):
        assert "1 paper, 1 anchor withdrawn, 3 anchors changed (" in frame.subject(told)
        assert "1 paper that your lines rest on was withdrawn, 3 changed." in frame.summary(told)
    assert "anchor" not in frame.subject(sample())


def only_anchors() -> Digest:
    digest = anchored()
    bare = tuple(replace(section, entries=(), changes=()) for section in digest.sections)
    return replace(digest, sections=bare)


def test_a_line_of_which_only_an_anchor_changed_is_not_quiet() -> None:
    digest = only_anchors()
    assert whole(digest).quiet == ("old-glass",)
    assert [section.line for section in whole(digest).told] == ["sleep-and-memory", "tides-and-harbours"]
    assert frame.summary(digest) == (
        "Nothing new bore on your lines, but 1 paper that your lines rest on was withdrawn, 3 changed; "
        "1,912 papers read."
    )
    assert "litwatch: no new papers, 1 anchor withdrawn" in frame.subject(digest)


def test_an_alert_leaves_anchors_to_the_digest() -> None:
    digest = anchored()
    alert = compose(
        digest_id="a",
        channel="weekly-mail",
        kind=DigestKind.ALERT,
        lines=LINES,
        candidates=(),
        changes={},
        anchors={section.line: section.anchors for section in digest.sections},
        coverage=digest.coverage,
        top=5,
        threshold=0.5,
        now=NOW,
    )
    assert alert.sections == ()


def test_to_make_room_papers_go_first_then_news_of_anchors_and_the_withdrawn_ones_last() -> None:
    digest = anchored()
    most = 1 + 1 + 4
    kept = [shed(digest, n).sections for n in range(most + 1)]
    assert [sum(len(section.anchors) for section in sections) for sections in kept] == [4, 4, 3, 2, 1, 1, 0]
    (last,) = (news for section in kept[most - 1] for news in section.anchors)
    assert last.withdrawn
    assert shed(digest, most + 1) == shed(digest, most)


def test_news_of_anchors_never_pushes_out_a_likely_challenge() -> None:
    digest = full(lines=1, papers=3)
    (section,) = digest.sections
    challenges = [entry for entry in section.entries if entry.challenge]
    assert challenges
    crowded = replace(digest, sections=(replace(section, anchors=anchored().sections[0].anchors),))
    n = len(section.entries) - len(challenges) + sum(not news.withdrawn for news in crowded.sections[0].anchors)
    (left,) = shed(crowded, n).sections
    assert [entry for entry in left.entries if entry.challenge] == challenges
    assert all(news.withdrawn for news in left.anchors)


def test_what_had_no_room_is_counted_and_pointed_to() -> None:
    digest = only_anchors()
    edition = Edition(whole=digest, cut=shed(digest, 2))
    text = " ".join(plain.page(edition).split())
    assert "1 more anchor changed: `litwatch show sleep-and-memory`" in text
    assert "No room here for what became of 1 anchor on tides-and-harbours" in text


def test_many_changed_anchors_leave_the_papers_that_have_room() -> None:
    digest = full(lines=3, papers=20)
    news = anchored().sections[0].anchors
    crowded = replace(digest, sections=tuple(replace(section, anchors=news) for section in digest.sections))
    for form in (Form.MAIL, Form.SLACK):
        shown = fit(crowded, form).shown
        assert [section.anchors for section in shown.sections] == [news] * 3
        assert any(section.entries for section in shown.sections)


HOSTILE = st.text(max_size=40) | st.sampled_from(
    ["<!channel>", "&" * 2500, "`" * 40, "𝔘 " * 900, "a~b*c " * 300, "\ud800", "<https://example.org|x>", "* * *~ ~"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(HOSTILE, min_size=4, max_size=4), st.integers(1, 40), st.integers(1, 8))
def test_any_news_of_anchors_fit_every_form(words: list[str], watched: int, changes: int) -> None:
    found = paper(1, words[0], version=2)
    kinds = list(AnchorChangeKind)
    news = AnchorNews(
        paper=replace(found, withdrawn=changes % 2 == 0),
        changes=tuple(
            anchor_change(found, kinds[n % len(kinds)], words[n % 4], words[(n + 1) % 4]) for n in range(changes)
        ),
        claims=tuple(Claim(id=f"c{n}", text=words[n]) for n in range(4)),
    )
    digest = quiet()
    sections = tuple(replace(digest.sections[0], line=f"line-{n}", anchors=(news,) * 3) for n in range(watched))
    digest = replace(digest, sections=sections)
    message = every_form(digest)
    assert len(message.html.encode()) < html.MOST_BYTES
    assert "<script" not in message.html
    assert len(message.slack) <= slack.MOST_BLOCKS
    for text in texts(message.slack):
        assert 0 < len(text) <= slack.LONGEST_SECTION
        assert all(target.startswith("https://arxiv.org/abs/") for target in re.findall(r"<([^>]*)>", text))
    assert max(map(len, message.text.splitlines())) <= plain.WIDTH
    message.text.encode()
    json.dumps(content(digest)).encode()


def rested_on(claims: int, *texts: str) -> Digest:
    """News of one anchor that so many claims rest on, with these texts by turns."""
    news = anchored().sections[0].anchors[0]
    resting = tuple(Claim(id=f"c{n}", text=texts[n % len(texts)]) for n in range(claims))
    digest = quiet()
    return replace(digest, sections=(replace(digest.sections[0], anchors=(replace(news, claims=resting),)),))


@pytest.mark.parametrize(
    ("claims", "says"), [(5, "c3 (Rest), c4 (Rest)"), (6, "c4 (Rest) and 1 more claim"), (100, "and 95 more claims")]
)
def test_of_the_claims_that_rest_on_an_anchor_five_are_named_and_the_rest_counted(claims: int, says: str) -> None:
    message = every_form(rested_on(claims, "Rest"))
    for shown in (" ".join(message.text.split()), message.html, "\n".join(texts(message.slack))):
        assert says in shown
        assert "c5 (" not in shown
        assert ("more claim" in shown) is (claims > 5)


@pytest.mark.parametrize("text", ["What a rest of ten minutes keeps of a night " * 4, "&" * 900])
@pytest.mark.parametrize("slug", ["rest", "&" * 900])
def test_an_anchor_named_by_a_hundred_claims_has_room_in_a_section_of_slack(text: str, slug: str) -> None:
    digest = rested_on(100, text)
    (news,) = digest.sections[0].anchors
    changes = tuple(replace(news.changes[0], after="<" * 900, before=">" * 900, kind=kind) for kind in AnchorChangeKind)
    news = replace(news, changes=changes * 3, paper=replace(news.paper, title="&" * 900))
    digest = replace(digest, sections=(replace(digest.sections[0], line=slug, anchors=(news,)),))
    (said,) = (text for text in texts(slack.render(digest)) if "was withdrawn*" in text)
    assert len(said) <= slack.LONGEST_SECTION
    assert "and 95 more claims" in said


def test_whatever_an_anchor_is_called_its_section_of_slack_has_room() -> None:
    digest = rested_on(3, "Rest")
    (news,) = digest.sections[0].anchors
    news = replace(news, paper=replace(news.paper, arxiv_id="2511.90091" * 400))
    digest = replace(digest, sections=(replace(digest.sections[0], anchors=(news,)),))
    assert max(map(len, texts(slack.render(digest)))) <= slack.LONGEST_SECTION


@pytest.mark.parametrize(
    ("kind", "before", "after", "says"),
    [
        (AnchorChangeKind.WITHDRAWN, "", "Withdrawn by the authors.", "Withdrawn with version 2: “Withdrawn by the"),
        (AnchorChangeKind.WITHDRAWN, "", "", "Withdrawn with version 2."),
        (AnchorChangeKind.REINSTATED, "A.", "A.", "Version 2 is no withdrawal; the paper counts again."),
        (AnchorChangeKind.REINSTATED, "A.", "B.", "Its abstract differs from the last that stood:"),
        (AnchorChangeKind.VERSION, "Rest helps.", "Rest helps.", "Version 2 says the same in its abstract."),
        (AnchorChangeKind.VERSION, "Rest helps.", "Rest harms.", "Version 2 has another abstract:"),
        (AnchorChangeKind.TITLE, "Old title", "New title", "Its title was “Old title”"),
        (AnchorChangeKind.JOURNAL_REF, "", "J. Rest 1", "Published as: J. Rest 1"),
        (AnchorChangeKind.DOI, "10.5555/a", "10.5555/b", "DOI: 10.5555/b (was 10.5555/a)"),
    ],
)
def test_each_kind_of_change_is_put_in_words(kind: AnchorChangeKind, before: str, after: str, says: str) -> None:
    assert says in anchors.change(anchor_change(paper(1, "A paper", version=2), kind, before, after))


def test_an_anchor_that_no_claim_rests_on_is_one_of_the_line_as_a_whole() -> None:
    news = replace(anchored().sections[0].anchors[0], claims=())
    assert anchors.rests(news) == "Rests on it: the line as a whole"
    assert anchors.rests(replace(news, claims=SLEEP.claims[:1])).startswith("Rests on it: c1 (")
