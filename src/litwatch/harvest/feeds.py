"""What makes an answer of arXiv whole: strict XML, and for a search feed as many dated entries as it declares.

`arxiv.Client` recovers half a feed without a word and takes an HTML page for "no results", so no body goes on
to it, or to a reader of ours, before it was held against the rules here.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from lxml import etree

from litwatch.errors import HarvestError
from litwatch.text import plain, squeeze

ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_LONGEST_SAYING = 300


class TransientError(HarvestError):
    """Worth asking again. `slow`: it cost a whole timeout, so once is enough."""

    def __init__(self, message: str, *, retry_after: float | None = None, slow: bool = False) -> None:
        super().__init__(message, retry_after=retry_after)
        self.slow = slow


class RefusedError(HarvestError):
    """arXiv answered, and took the question for a wrong one: no trouble of its service, and no use to ask again."""


def whole_xml(body: bytes, *, sender: str, due: str = "feed") -> etree._Element:
    """The root of a well-formed document; nothing is recovered, no entity expanded, nothing fetched.

    sender: who sent it, in words. due: what was expected. Raises TransientError for a body that is anything else.
    """
    try:
        return etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        html = body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
        raise _not_due(sender, due, html=html, more=" (or one cut short)") from error


def no_such_root(root: etree._Element, *, sender: str, due: str = "feed") -> TransientError:
    """What to raise for a well-formed document that is not the one that was due."""
    return _not_due(sender, due, html="html" in str(root.tag).lower())


def text_of(element: etree._Element, tag: str) -> str:
    """The text of a child on one line; "" where there is none."""
    return squeeze(element.findtext(tag) or "")


def saying(text: str) -> str:
    """What arXiv says of a question, on one line and at a length that a line may have."""
    return squeeze(plain(text))[:_LONGEST_SAYING]


def check_feed(body: bytes, url: str, *, sender: str = "arXiv's search API") -> int:
    """The totalResults of a whole search feed. `url` says what was asked: start and max_results.

    Raises RefusedError for an error feed, and TransientError when the body is no feed, holds an entry without
    dates, or holds another number of entries than declared.
    """
    root = whole_xml(body, sender=sender)
    if root.tag != f"{ATOM}feed":
        raise no_such_root(root, sender=sender)
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        if "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
            raise RefusedError(f"arXiv refuses the query: {_summary(entry)}")
        if not entry.findtext(f"{ATOM}published") or not entry.findtext(f"{ATOM}updated"):
            raise TransientError(f"{sender} sent an entry without its dates")
    try:
        declared = int((root.findtext(_TOTAL) or "").strip())
    except ValueError:
        raise TransientError(f"{sender} sent a feed that does not say how many results there are") from None
    asked = parse_qs(urlsplit(url).query)
    start, size = int(asked.get("start", ["0"])[0]), int(asked.get("max_results", ["10"])[0])
    due = max(0, min(size, declared - start))
    if len(entries) != due:
        raise TransientError(f"{sender} declared {declared} results and sent {len(entries)} where {due} were due")
    return declared


def error_summary(body: bytes) -> str:
    """What an error feed says; "" where the body is none."""
    try:
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError:
        return ""
    entry = root.find(f"{ATOM}entry")
    return "" if entry is None else _summary(entry)


def _summary(entry: etree._Element) -> str:
    return saying(entry.findtext(f"{ATOM}summary") or "")


def _not_due(sender: str, due: str, *, html: bool, more: str = "") -> TransientError:
    what = "an HTML page" if html else "something else"
    return TransientError(f"{sender} sent {what} where a {due} was due{more}")


def _parser() -> etree.XMLParser:
    # Without comments and instructions an element's text is in one piece.
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
