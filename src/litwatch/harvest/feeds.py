"""What makes an answer of arXiv whole: strict XML, and for a search feed as many dated entries as it declares.

`arxiv.Client` recovers half a feed without a word and takes an HTML page for "no results", so no body goes on
to it, or to a reader of ours, before it was held against the rules here.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from litwatch.errors import HarvestError
from litwatch.model import utc
from litwatch.text import plain, squeeze

ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_LONGEST_SAYING = 300
_MOST_DECLARED = 1_000_000_000
"""No number of papers, and none that every database can hold, is larger."""

MOST_CATEGORIES, MOST_AUTHORS = 50, 10_000
LONGEST_TITLE, LONGEST_ABSTRACT, LONGEST_REMARK, LONGEST_NAME = 1000, 20_000, 4000, 300
"""Characters that are kept of a paper's title, of its abstract, of comment, journal reference and DOI, and of an
author's name. Of 49,119 records of 2025 the longest have 240, 3,488, 399 and 58, and 3,435 authors."""
_CATEGORY = re.compile(r"[a-z][a-z-]{1,14}(?:\.[A-Za-z][A-Za-z-]{1,15})?")


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
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        html = body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
        raise _not_due(sender, due, html=html, more=" (or one cut short)") from error
    if root.getroottree().docinfo.doctype:
        # arXiv's answers have none; in one are entities that another reader might expand.
        if _is_html(root):
            raise no_such_root(root, sender=sender, due=due)
        raise TransientError(f"{sender} sent a {due} with a document type declaration, which is not read")
    return root


def no_such_root(root: etree._Element, *, sender: str, due: str = "feed") -> TransientError:
    """What to raise for a well-formed document that is not the one that was due."""
    return _not_due(sender, due, html=_is_html(root))


def _is_html(root: etree._Element) -> bool:
    return "html" in str(root.tag).lower()


def text_of(element: etree._Element, tag: str) -> str:
    """The text of a child on one line; "" where there is none."""
    return squeeze(element.findtext(tag) or "")


def categories_of(words: Iterable[str]) -> tuple[str, ...]:
    """Those of these words that can name a category of arXiv's, each once.

    The search API mixes the classes of other schemes among them, as "68T50; I.2.7", at any length.
    """
    return tuple(dict.fromkeys(word for word in words if _CATEGORY.fullmatch(word)))[:MOST_CATEGORIES]


def number(text: str) -> int | None:
    """How many papers or records a text declares; None where it is no such number."""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= _MOST_DECLARED else None


def iso_moment(text: str) -> datetime | None:
    """An ISO 8601 time; None where the text is none, names no zone, or lies beyond the calendar in UTC."""
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def mail_moment(text: str) -> datetime | None:
    """A time as in mails and HTTP (RFC 5322); None where the text is none, or names no zone."""
    try:
        return utc(email.utils.parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


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
        if not all(iso_moment(entry.findtext(f"{ATOM}{tag}") or "") for tag in ("published", "updated")):
            raise TransientError(f"{sender} sent an entry without its dates")
        if not entry.findtext(f"{ATOM}id"):
            raise TransientError(f"{sender} sent an entry without its id")
    declared = number((root.findtext(_TOTAL) or "").strip())
    if declared is None:
        raise TransientError(f"{sender} sent a feed that does not say how many results there are")
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
