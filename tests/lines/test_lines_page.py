"""Pages as people have them: every dress of one page gives one line, and what is missing is named."""

from __future__ import annotations

import html
import re
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lines_sample import LINE, PAGE

from litwatch.errors import PageError
from litwatch.lines.page import PageReading, line_from_words, read_page
from litwatch.model import ClaimKind


def read(page: str, name: str = "page.txt") -> PageReading:
    return read_page(page.encode(), name=name)


def refusal(data: bytes, name: str = "page.txt") -> str:
    """The message of the refusal; empty where the page is read."""
    try:
        read_page(data, name=name)
    except PageError as refused:
        return str(refused)
    return ""


def wrapped(page: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(row, width, break_long_words=False, break_on_hyphens=False) for row in page.split("\n")
    )


def as_html(page: str) -> str:
    rows = "\n".join(f"<p class='[&>a]:x'>{html.escape(row)}</p>" for row in page.split("\n") if row)
    return (
        "<!doctype html><html><head><title>A tab</title><style>p > a {}</style>"
        "<script>document.write('<p>Your task:</p>')</script></head>"
        f"<body><nav><p>Home?</p></nav><main>{rows}</main><footer>All rights</footer></body></html>"
    )


def prompt_in_pre(page: str) -> str:
    start, stop = page.index("You are"), page.index("Next inquiring")
    prompt = f"<pre>{html.escape(page[start:stop])}</pre>"
    return as_html(page[:start]).replace("</main>", prompt + as_html(page[stop:]) + "</main>")


def as_markdown(page: str) -> str:
    page = page.replace("INQUIRING LINE\n\nDo", "# Do").replace("Sources 3 notes", "## Sources (3 notes)")
    for title in ("Does a longer window replace a retriever?", "Do models use all of their context?"):
        page = page.replace(f"\n\n{title}\n\n", f"\n\n### {title}\n\n")
    page = page.replace("\n\nIs retrieval cheaper than reading everything?\n\n", "\n\n### Is retrieval cheaper than "
                        "reading everything?\n\n")  # fmt: skip
    page = page.replace("Research prompt for your LLMexpand ↓", "## Research prompt for your LLM")
    page = page.replace("What a curated library", "### What a curated library").replace("):\n•", ")\n\n•")
    page = page.replace("Anchor papers", "### Anchor papers").replace("Your task:", "### Your task\n")
    page = page.replace("Next inquiring lines\n", "## Next inquiring lines\n\n- ")
    page = re.sub(r"arXiv:(\S+) \(2", r"[arXiv:\1](https://arxiv.org/abs/\1) (2", page)
    return re.sub(r"(?m)^\((\d)\) ([^.\n]+\.)?", lambda m: f"{m[1]}. **{m[2]}**" if m[2] else f"{m[1]}. ", page)


DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": lambda page: page,
    "Windows line ends": lambda page: page.replace("\n", "\r\n"),
    "byte order mark": lambda page: "\ufeff" + page,
    "curly quotes": lambda page: re.sub(r'"([^"]*)"', "“\\1”", page),
    "hyphens as bullets": lambda page: page.replace("•", "-"),
    "stars as bullets": lambda page: page.replace("•", "*"),
    "no bullets": lambda page: page.replace("• ", ""),
    "no blank lines": lambda page: re.sub(r"\n+", "\n", page),
    "blank lines doubled": lambda page: page.replace("\n", "\n\n"),
    "wrapped at 60": lambda page: wrapped(page, 60),
    "wrapped at 80": lambda page: wrapped(page, 80),
    "wrapped, every break doubled": lambda page: wrapped(page, 80).replace("\n", "\n\n"),
    "wrapped, no blank lines": lambda page: re.sub(r"\n+", "\n", wrapped(page, 80)),
    "indented": lambda page: textwrap.indent(page, "   "),
    "quoted in a mail": lambda page: textwrap.indent(page, "> ", lambda row: True),
    "no banner": lambda page: page.replace("INQUIRING LINE\n", ""),
    "banner before the question": lambda page: page.replace("INQUIRING LINE\n\n", "Inquiring line: "),
    "lead given twice": lambda page: page.replace(LINE.about, f"{LINE.about}\n\n{LINE.about}"),
    "anchors as bare ids": lambda page: page.replace("• arXiv:", "• "),
    "anchors as links with a version": lambda page: re.sub(r"• arXiv:(\S+)", r"• https://arxiv.org/abs/\1v2.", page),
    "ids behind the title": lambda page: re.sub(r"• (arXiv:\S+) (\(\d+\)): (.*)", r"• \3 \2, \1v1.", page),
    "Markdown": as_markdown,
    "saved HTML": as_html,
    "saved HTML with the prompt in <pre>": prompt_in_pre,
    "saved HTML with breaks": lambda page: f"<html><body>{html.escape(page)}</body></html>".replace("\n", "<br>\n"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_page_gives_the_same_line_in_every_dress(dress: str) -> None:
    reading = read(DRESSES[dress](PAGE), name="-")

    assert reading.line == LINE
    assert reading.warnings == ()


def test_a_page_in_utf_16_is_read() -> None:
    assert read_page(PAGE.encode("utf-16"), name="page.txt").line == LINE


def test_a_page_in_windows_1252_is_read() -> None:
    page = PAGE.replace("\u2193", "")  # the arrow has no place in that encoding
    assert read_page(page.encode("cp1252"), name="page.txt").line == LINE


def test_a_number_of_notes_other_than_announced_is_named() -> None:
    assert read(PAGE.replace("3 notes", "9 notes")).warnings == ("heading says 9 notes, 3 found",)


def test_a_statement_that_lost_its_title_stays_a_note_of_its_own() -> None:
    reading = read(PAGE.replace("\nDo models use all of their context?\n\nAcc", "\nAcc"))

    assert [claim.title for claim in reading.line.claims[:3]] == [LINE.claims[0].title, "", LINE.claims[2].title]
    assert reading.warnings == ("note 'Accuracy was highest when the needed passage stood first...' has no title",)


def test_a_title_without_a_statement_is_kept_as_the_claim() -> None:
    text = LINE.claims[2].text
    reading = read(PAGE.replace(f"{text}\n", ""))

    assert reading.line.claims[2].text == LINE.claims[2].title
    assert "has no statement" in reading.warnings[0]


@pytest.mark.parametrize(
    ("cut", "until", "warning"),
    [
        ("This asks", "Sources", "no lead found"),
        ("Sources", "Research prompt", "no notes found"),
        ("What a curated", "Anchor papers", "no dated findings found"),
        ("Anchor papers", "Your task", "no anchors found: taken are the ids in the text (2307.03172)"),
        ("Your task", "Cite", "no tasks found"),
        ("What should", "", "no next lines found"),
    ],
)
def test_a_missing_part_is_named_and_the_rest_is_read(cut: str, until: str, warning: str) -> None:
    start = PAGE.index(cut)
    reading = read(PAGE[:start] + (PAGE[PAGE.index(until, start) :] if until else ""))

    assert reading.warnings == (warning,)
    assert reading.line.question == LINE.question
    assert reading.line.claims


def test_notes_without_their_heading_are_told_by_their_titles() -> None:
    reading = read(PAGE.replace("Sources 3 notes\n", ""))

    assert reading.line == LINE
    assert reading.warnings == ('no heading "Sources": notes were told by their titles',)


def test_a_page_without_title_takes_the_question_of_its_prompt() -> None:
    reading = read(PAGE.replace(f"{LINE.question}\n", "", 1))

    assert reading.line == LINE
    assert reading.warnings == ("no title: the question was taken from the research prompt",)


def test_an_ill_formed_arxiv_id_is_named_and_left_out() -> None:
    reading = read(PAGE.replace("• arXiv:2005.11401", "• arXiv:20X5.1"))

    assert [anchor.arxiv_id for anchor in reading.line.anchors] == ["2307.03172"]
    assert reading.warnings == ("anchor 'arXiv:20X5.1' is no arXiv id: left out",)


def test_a_paragraph_without_a_place_is_quoted_with_its_line() -> None:
    page = PAGE.replace("Next inquiring", "Sent from my telephone.\n\nNext inquiring")

    assert read(page).warnings == (f"line {page[: page.index('Sent')].count(chr(10)) + 1}: no place for "
                                   "'Sent from my telephone.'",)  # fmt: skip


@pytest.mark.parametrize(
    ("item", "arxiv_id", "title", "year"),
    [
        ("[Lost in the Middle](https://arxiv.org/abs/2307.03172v3)", "2307.03172", "Lost in the Middle", None),
        (
            "Lost in the Middle (2023), arxiv.org/pdf/2307.03172v1.pdf.",
            "2307.03172",
            "Lost in the Middle",
            2023,
        ),
        ("arXiv:hep-th/9901001", "hep-th/9901001", "", None),
        ('2307.03172: "Whose "middle" is it?" (2023)', "2307.03172", 'Whose "middle" is it?', 2023),
    ],
)
def test_an_anchor_is_read_in_any_order(item: str, arxiv_id: str, title: str, year: int | None) -> None:
    (anchor,) = read(f"Why?\n\nSources\n\nA claim.\n\nAnchor papers\n- {item}\n").line.anchors

    assert (anchor.arxiv_id, anchor.title, anchor.year) == (arxiv_id, title, year)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text"),
        (bytes(range(1, 256)) * 40, "no text"),
        (b"x" * 50_000_000, "more than 2 MB is too large"),
        (b"Just a remark.\n", "no question"),
        (b"Why?\n\nBecause.\n", "no claims"),
        (b"Why?\n" + b"a\n\n" * 5000, "too much"),
    ],
)
def test_what_cannot_become_a_line_is_refused_in_one_line(data: bytes, says: str) -> None:
    message = refusal(data)

    assert message.startswith("page.txt: ")
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 200_000,
        "<!--" * 200_000,
        '<a ">" ' * 200_000,
        "<nav>" * 200_000 + "</nav>",
        "&#" + "9" * 500_000 + ";",
        "http://" * 50_000,
        "[a](" * 100_000,
        "*a " * 200_000,
    ],
    ids=["tags", "comments", "quotes", "menus", "number", "links", "brackets", "stars"],
)
def test_hostile_markup_is_read_in_linear_time(hostile: str) -> None:
    page = as_html(PAGE).replace("</main>", f"{hostile}</main>")
    start = time.perf_counter()
    message = refusal(page.encode(), "page.html")

    assert message == "" or "too much" in message
    assert time.perf_counter() - start < 5


def test_entities_that_a_page_defines_are_not_expanded() -> None:
    page = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + as_html(PAGE).replace("library still", "&b; still")

    assert "&b;" in read(page, "page.html").line.about


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
@example(b"Sources\n?")
@example(b"<p>&#x110000;")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert "\n" not in refusal(data)


PIECES = st.sampled_from(
    [*re.split(r"(?<=\n)", PAGE), "<p>", "</p>", "<pre>", "- ", "(2) ", "\n", "# ", "> ", "\r", "**"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_page_in_any_disorder_is_read_or_refused(page: str) -> None:
    try:
        line = read(page, "-").line
    except PageError:
        return
    assert line.question
    assert all(claim.text for claim in line.claims)
    assert [claim.id for claim in line.claims] == [f"c{number + 1}" for number in range(len(line.claims))]


def test_plain_words_become_a_line() -> None:
    reading = line_from_words(" Does it\n hold? ", ["It holds.", "It holds.", "Not always."], ["cs.CL"])

    assert reading.line.question == "Does it hold?"
    assert [(claim.id, claim.text, claim.kind) for claim in reading.line.claims] == [
        ("c1", "It holds.", ClaimKind.PLAIN),
        ("c2", "Not always.", ClaimKind.PLAIN),
    ]
    assert reading.line.categories == ("cs.CL",)


@pytest.mark.parametrize(("question", "claims", "cure"), [(" ", ["x"], "--question"), ("Why?", ["", " "], "--claim")])
def test_plain_words_need_a_question_and_a_claim(question: str, claims: list[str], cure: str) -> None:
    with pytest.raises(PageError, match=cure):
        line_from_words(question, claims)


@pytest.mark.parametrize(
    ("page", "linked"),
    [
        ("empathy.txt", {"c2": 1, "c3": 1, "c7": 2, "c9": 1}),
        ("llm-judges.md", {"c1": 1, "c3": 1, "c4": 1, "c5": 1, "c6": 1, "c9": 1}),
    ],
)
def test_findings_of_the_shared_pages_are_linked_to_the_notes_they_restate(
    shared: Path, page: str, linked: dict[str, int]
) -> None:
    reading = read_page((shared / "lines/pages" / page).read_bytes(), name=page)

    assert {claim.id: len(claim.findings) for claim in reading.line.claims if claim.findings} == linked
    assert [claim.kind for claim in reading.line.claims] == [ClaimKind.NOTE] * 9
    assert len(reading.line.tasks) == 3
    assert all(anchor.title and anchor.year for anchor in reading.line.anchors)


def test_a_banner_that_asks_something_is_not_the_question() -> None:
    page = (
        "<html><body><p>We use cookies. Accept?</p><h1>Can models plan?</h1><p>This asks how far ahead.</p>"
        "<h2>Sources 1 notes</h2><h3>Do plans break?</h3><p>Plans break after a dozen steps.</p></body></html>"
    )
    assert read_page(page.encode(), name="page.html").line.question == "Can models plan?"
