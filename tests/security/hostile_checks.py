"""What has to hold of everything that litwatch puts out, whatever was put in."""

from __future__ import annotations

import email
import email.policy
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from conftest import Answer, slack_trouble

_ELEMENTS = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "name", "content"},
    "title": set(),
    "style": set(),
    "body": {"class", "style"},
    **{name: {"class", "style"} for name in ("div", "h1", "h2", "p", "b", "code", "del", "ins")},
    "a": {"class", "href", "style"},
    "i": set(),
    "br": set(),
}
"""What a digest is made of, and the attributes of each."""
_PAPER = re.compile(r"https://arxiv\.org/abs/(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})")
_MADE = re.compile(r"<(?P<target>[^<>|\n]*)(?:\|[^<>\n]*)?>")
"""What Slack takes for a link or a mention."""


def is_shown(text: str) -> None:
    """Nothing in it steers a terminal, turns the order of letters or cannot be seen; it may have several lines."""
    bad = {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert not bad, f"{[f'U+{ord(c):04X}' for c in sorted(bad)]} in {text[:2000]!a}"


def is_one_line(err: str, begins: str = "litwatch: ") -> None:
    is_shown(err)
    assert err.startswith(begins), err[:500]
    assert err.count("\n") == 1, err[:2000]
    assert len(err) < 2000, len(err)


def is_fine(answer: Answer, *codes: int) -> None:
    """A command ended as it may, and what it says can be shown; where it failed it says so in one line."""
    is_shown(answer.out)
    is_shown(answer.err)
    assert "Traceback" not in answer.err, answer.err[-3000:]
    assert answer.code in (codes or (0, 3)), (answer.code, answer.err[:2000])
    if answer.code in (1, 3) and not answer.out:
        is_one_line(answer.err)


def is_harmless_html(page: str) -> None:
    """It has no element and attribute but the digest's own, and leads to nowhere but arXiv's abstract pages."""
    is_shown(page)
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    styles = 0
    for element in root.iter():
        assert isinstance(element.tag, str), f"a comment or instruction: {html.tostring(element)[:200]!r}"
        assert element.tag in _ELEMENTS, f"<{element.tag}>"
        assert set(element.attrib) <= _ELEMENTS[element.tag], (element.tag, dict(element.attrib))
        styles += element.tag == "style"
        assert "url(" not in element.get("style", "")
        if element.tag == "a":
            assert _PAPER.fullmatch(element.get("href", "")), element.get("href")
    assert styles == 1
    (sheet,) = root.iterfind(".//style")
    assert "@import" not in (sheet.text or "")
    assert "url(" not in (sheet.text or "")


def is_harmless_slack(message: dict[str, Any]) -> None:
    """Slack would take it, and finds no mention and no link in it but to arXiv's abstract pages."""
    assert slack_trouble(message) == ""
    for text in _strings(message):
        is_shown(text)
    for part in (message, *message.get("attachments", [])):
        for block in part.get("blocks", []):
            _is_harmless_block(block)
        # Without blocks a text is read for marks, too.
        if "blocks" not in part:
            for key in ("text", "pretext"):
                _has_no_marks(str(part.get(key, "")))


def _is_harmless_block(block: dict[str, Any]) -> None:
    texts = [block[key] for key in ("text",) if key in block] + list(block.get("elements", []))
    for text in texts:
        if text["type"] == "mrkdwn":
            assert text["verbatim"] is True, "Slack would look for links and mentions in plain words"
            _has_no_marks(text["text"])
        else:
            assert text["type"] == "plain_text"


def _has_no_marks(text: str) -> None:
    for found in _MADE.finditer(text):
        assert _PAPER.fullmatch(found["target"]), found[0]
    rest = _MADE.sub("", text)
    assert "<" not in rest, rest
    assert not re.search(r"&(?!(?:amp|lt|gt);)", rest), rest
    # A quote is a ">" that we put at the beginning of a row.
    assert not re.search(r"(?<!^)>", rest, re.MULTILINE), rest


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *_strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


_HEADERS = {
    *("subject", "from", "to", "date", "message-id", "x-litwatch-digest", "auto-submitted", "list-id"),
    *("mime-version", "content-type", "content-transfer-encoding"),
}


def is_harmless_mail(raw: bytes, *, to: str = "me@example.org") -> None:
    """It has the headers that litwatch writes and no other, one recipient, and two parts that do no harm."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    names = [name.lower() for name in message.keys()]  # noqa: SIM118 - a message iterates over no keys
    assert len(names) == len(set(names)), names
    assert set(names) <= _HEADERS, names
    assert not message.defects
    assert [address.addr_spec for address in message["to"].addresses] == [to]
    for name in ("subject", "from", "to"):
        is_shown(str(message[name]))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain, page = message.iter_parts()
    is_shown(plain.get_content().replace("\r\n", "\n"))
    is_harmless_html(page.get_content().replace("\r\n", "\n"))


def is_log(text: str, *, form: str = "text") -> None:
    """Each record is a line that begins as litwatch's do; what goes on is indented."""
    is_shown(text)
    for line in text.splitlines():
        if form == "json":
            assert set(json.loads(line)) == {"ts", "level", "logger", "unit", "kind", "subject", "message", "exc"}
        else:
            assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ [\w.]+ |    ", line), line


def is_for_arxiv(url: str) -> bool:
    return urlsplit(url).hostname == "arxiv.org"
