"""What arXiv announced today: its feeds in RSS 2.0 (rss.arxiv.org/rss/) and Atom (rss.arxiv.org/atom/).

Strict, as every reader here: a feed parser that recovers would take half a feed for a whole one. A day's feed is
empty at weekends and on holidays, and holds at most 2,000 announcements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from litwatch.harvest.feeds import ATOM, TransientError, iso_moment, mail_moment, no_such_root, text_of, whole_xml
from litwatch.harvest.session import BoundedSession, Service
from litwatch.text import split_arxiv_id, squeeze

_ARXIV = "{http://arxiv.org/schemas/atom}"
_NAME = "oai:arXiv.org:"
_SENDER = Service.RSS.sender


class AnnounceType(StrEnum):
    NEW = "new"
    CROSS = "cross"
    """New to the category: the paper's primary one is another."""
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, kw_only=True)
class Announcement:
    arxiv_id: str
    version: int
    kind: AnnounceType
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Feed:
    announcements: tuple[Announcement, ...]
    dated: datetime | None
    """When arXiv says that it made the feed. It once dated a stale one afresh: compare ids, not this."""


class RssApi:
    """The feeds under `url`, over a bounded session."""

    def __init__(self, url: str, session: BoundedSession) -> None:
        self.session = session
        self._url = url.rstrip("/")

    def today(self, categories: Sequence[str]) -> Feed:
        """The announcements of the day in any of the categories; none is a valid answer.

        Raises HarvestError when arXiv cannot be asked or keeps sending what is no whole feed.
        """
        feeds: list[Feed] = []
        url = f"{self._url}/{'+'.join(categories)}"
        self.session.fetch(url, service=Service.RSS, check=lambda body: feeds.append(read_feed(body)))
        return feeds[-1]


def read_feed(body: bytes) -> Feed:
    """A feed of either form. Raises TransientError where it is none, or an item cannot be told by its id."""
    root = whole_xml(body, sender=_SENDER)
    channel = root.find("channel")
    if root.tag == "rss" and channel is not None:
        return Feed(
            announcements=tuple(map(_rss_item, channel.findall("item"))),
            dated=mail_moment(text_of(channel, "pubDate") or text_of(channel, "lastBuildDate")),
        )
    if root.tag == f"{ATOM}feed":
        return Feed(
            announcements=tuple(map(_atom_entry, root.findall(f"{ATOM}entry"))),
            dated=iso_moment(text_of(root, f"{ATOM}updated")),
        )
    raise no_such_root(root, sender=_SENDER)


def _rss_item(item: etree._Element) -> Announcement:
    categories = tuple(squeeze(category.text or "") for category in item.findall("category"))
    return _announcement(item, text_of(item, "guid"), categories)


def _atom_entry(entry: etree._Element) -> Announcement:
    categories = tuple(category.get("term", "") for category in entry.findall(f"{ATOM}category"))
    return _announcement(entry, text_of(entry, f"{ATOM}id"), categories)


def _announcement(item: etree._Element, name: str, categories: tuple[str, ...]) -> Announcement:
    try:
        arxiv_id, version = split_arxiv_id(name.removeprefix(_NAME))
    except ValueError as problem:
        raise TransientError(f"{_SENDER} holds an item with an id of no known form: {problem}") from problem
    if version is None:
        raise TransientError(f"{_SENDER} holds an item ({arxiv_id}) without its version")
    kind = text_of(item, f"{_ARXIV}announce_type")
    if kind not in set(AnnounceType):
        raise TransientError(f"{_SENDER} holds an item ({arxiv_id}) of an unknown announce type, {kind[:30]!r}")
    return Announcement(arxiv_id=arxiv_id, version=version, kind=AnnounceType(kind), categories=categories)
