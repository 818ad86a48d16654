"""Pages that mean harm by their form: each would cost minutes, gigabytes or a traceback where nobody looked out."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = (
    "Can models plan?\n\nA lead about it.\n\nSources\n\nA title of a note\n\n"
    "They fail beyond a dozen steps in all cases that were looked at.\n\n"
)
HTML = "<html><body><h1>Can models plan?</h1><p>A lead about it.</p><h2>Sources</h2><h3>A title</h3><p>They fail.</p>"


@dataclass(frozen=True, kw_only=True)
class Page:
    name: str
    file: str
    data: bytes


def _text(name: str, more: str) -> Page:
    return Page(name=name, file="page.txt", data=(HEAD + more).encode())


def _marked(name: str, more: str) -> Page:
    return Page(name=name, file="page.md", data=(HEAD + more).encode())


def _html(name: str, more: str) -> Page:
    return Page(name=name, file="page.html", data=(HTML + more).encode())


def _notes(count: int) -> str:
    return "".join(f"Title number {n} here\n\nThey fail beyond {n} steps in all such cases.\n\n" for n in range(count))


def _findings(count: int) -> str:
    return "".join(f"- models fail beyond {n} steps in such cases (20{n % 90 + 10})\n" for n in range(count))


PAGES = (
    # what takes the square of its length where a pattern looks twice
    _text("heading of hashes", "# " + " #" * 100_000 + "x"),
    _text("opening of blanks", "a line\nsources" + " " * 100_000 + "x\nmore text"),
    _text("years without an end", "What a curated library found\n\n- a b c d (2020) then (" + "2000 " * 60_000),
    _text("full stops that end nothing", "e.g. A " * 50_000),
    _text("marks upon marks", "a" + "\u0301\u0316" * 60_000),
    _text("marks of a heading", "# " + "\u0316\u0301" * 60_000),
    _text("quotes without an end", '"' * 390_000),
    _text("parentheses without an end", "(" * 390_000),
    _text("parentheses in parentheses", "(" * 190_000 + ")" * 190_000),
    _text("brackets without an end", "[" * 390_000),
    _text("code without an end", "`" * 389_000),
    _text("one word", "a" * 390_000),
    _text("one number", "1" * 390_000),
    _text("one id of many versions", "Anchors\n\n2507.21919v" + "1" * 300_000),
    _text("ids alone", "Anchors\n\n" + "2507.21919 " * 30_000),
    _text("hosts alone", "Anchors\n\n" + "arxiv.org/" * 30_000),
    _text("words joined by hyphens", "a-" * 190_000),
    _text("tasks of one number", "Your tasks:\n" + "(1) " * 90_000),
    _text("a prompt of blanks", "Research prompt" + " " * 200_000 + "x"),
    _text("questions that remain open", "question remains open : " * 15_000),
    _text("rules", "- " * 190_000 + "x"),
    _text("quotations", "> " * 190_000 + "x"),
    _text("blanks", "a" + " " * 1_800_000 + "b"),
    _text("lines", "\n" * 99_000),
    _text("too many lines", "\n" * 1_000_000),
    _text("too many paragraphs", "a b c d\n\n" * 3_000),
    _text("many notes", _notes(900)),
    _text("many findings", _notes(300) + "What a curated library found\n\n" + _findings(900)),
    _marked("emphasis without an end", "**a" * 100_000),
    _marked("underscores without an end", "__a " * 90_000),
    _marked("links without an end", "[a](b" * 70_000),
    _marked("pictures", "![](" * 90_000),
    _marked("quotes in links", '[a](b "' * 50_000),
    # HTML
    _html("tags without an end", "<a '" * 200_000),
    _html("angle brackets", "<" * 1_000_000),
    _html("nesting", "<div>" * 200_000),
    _html("comments without an end", "<!--" * 300_000),
    _html("scripts without an end", "<script>" * 200_000),
    _html("pictures without an end", "<svg>" * 200_000),
    _html("attributes without an end", "<a " + "href='" * 200_000),
    _html("attributes without a value", "<a " + " href" * 200_000 + ">x"),
    _html("a tag of blanks", "<a " + " " * 1_500_000),
    _html("entities", "&amp;" * 70_000),
    _html("entities of entities", "&amp;lt;b&amp;gt;" * 20_000),
    _html("entity of a great number", "&#" + "9" * 100_000 + ";"),
    _html("entity of half a character", "&#xD800; &#xDFFF; &#0; &#x1b;[31m &#x9b; &#x202e;"),
    _html("declarations", "<!DOCTYPE a [" + '<!ENTITY a "aaaaaaaaaa">' * 20_000),
    _html("tables in tables", "<table><tr><td>" * 60_000),
    _html("headings in headings", "<h2>" * 100_000),
    # bytes
    Page(name="200 MB", file="page.txt", data=b"Can models plan?\n" + b"a b c\n" * 35_000_000),
    Page(name="empty", file="page.txt", data=b""),
    Page(name="blanks alone", file="page.txt", data=b" \n\t\r\n" * 1000),
    Page(name="nulls", file="page.txt", data=b"Can models plan?\0" * 1000),
    Page(name="two bytes a character, cut", file="page.txt", data=b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\xd8"),
    Page(name="half of a pair", file="page.txt", data=b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\x00\xd8"),
    Page(name="two bytes a character", file="page.txt", data=(HEAD + "\u202e\x1b[31m").encode("utf-16")),
    Page(name="no UTF-8", file="page.txt", data=HEAD.encode() + bytes(range(128, 256)) * 40),
    Page(name="four bytes a character", file="page.txt", data=HEAD.encode("utf-32")),
    Page(name="seven bits", file="page.txt", data=HEAD.encode() + b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    Page(name="long UTF-8", file="page.txt", data=HEAD.encode() + b"\xc0\xbcscript\xc0\xbe \xed\xa0\x80"),
    Page(name="a zip", file="page.txt", data=b"PK\x03\x04" + bytes(range(256)) * 20),
    Page(name="a PDF", file="page.html", data=b"%PDF-1.7\n" + bytes(range(256)) * 20),
    Page(name="a program", file="page.md", data=b"\x7fELF" + bytes(4000)),
)  # fmt: skip
