"""Today's announcements, in both forms that arXiv gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answering import Answer, answering, bounded
from conftest import ArxivSim
from litwatch.errors import HarvestError
from litwatch.harvest.rss import Announcement, AnnounceType, Feed, RssApi
from litwatch.harvest.session import Service

CORPUS = [
    '{"id": "2511.90001", "title": "An invented title", "abstract": "Invented.", "categories": ["cs.CL", "cs.AI"], '
    '"published": "2025-11-03T10:00:00Z"}',
    '{"id": "2511.90002", "title": "A second one", "abstract": "Invented, too.", "categories": ["cs.LG", "cs.CL"], '
    '"published": "2025-11-05T10:00:00Z"}',
    '{"id": "2511.90003", "title": "A third one", "abstract": "Invented again.", "categories": ["cs.AI"], '
    '"published": "2025-11-05T11:00:00Z"}',
    '{"id": "2511.90004", "title": "A fourth one", "abstract": "Invented again.", "categories": ["cs.RO"], '
    '"published": "2025-11-05T11:00:00Z"}',
]


@pytest.fixture
def sim(arxivsim: Callable[..., ArxivSim], tmp_path: Path) -> ArxivSim:
    corpus = tmp_path / "papers.jsonl"
    corpus.write_text("\n".join(CORPUS))
    return arxivsim(corpus, "2025-11-06T12:00:00Z")


def today(url: str, *categories: str) -> Feed:
    with bounded() as session:
        feed = RssApi(url, session).today(categories)
        assert set(session.asked_of) == {Service.RSS}
        return feed


def test_the_day_of_several_categories_is_one_feed(sim: ArxivSim) -> None:
    sim.revise({"id": "2511.90001", "at": "2025-11-05T12:00:00Z", "title": "Anew"})
    feed = today(f"{sim.url}/rss", "cs.CL", "cs.AI")
    assert {(item.arxiv_id, item.version, item.kind) for item in feed.announcements} == {
        ("2511.90001", 2, AnnounceType.REPLACE),
        ("2511.90002", 1, AnnounceType.CROSS),
        ("2511.90003", 1, AnnounceType.NEW),
    }
    assert feed.dated == datetime(2025, 11, 6, 5, tzinfo=UTC), "midnight, Eastern"
    assert sim.stats()["by_path"] == {"/rss/cs.CL+cs.AI": 1}


def test_a_day_without_announcements_is_a_valid_answer(sim: ArxivSim) -> None:
    sim.clock("2025-11-08T12:00:00Z")
    assert today(f"{sim.url}/rss/", "cs.CL").announcements == ()


RSS = (
    '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel><title>cs.CL</title>{date}{items}'
    "</channel></rss>"
)
ITEM = (
    "<item><title>T</title><guid isPermaLink='false'>{guid}</guid><category>cs.CL</category>"
    "<arxiv:announce_type>{kind}</arxiv:announce_type></item>"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{}</feed>'


def feed(guid: str, kind: str = "new", date: str = "") -> Answer:
    return Answer(body=RSS.format(date=date, items=ITEM.format(guid=guid, kind=kind)).encode())


@pytest.mark.parametrize("kind", AnnounceType)
def test_every_kind_of_announcement_is_known_and_ids_of_every_age(kind: AnnounceType) -> None:
    with answering(feed("oai:arXiv.org:hep-th/9901001v3", kind)) as server:
        assert today(server.url, "cs.CL").announcements == (
            Announcement(arxiv_id="hep-th/9901001", version=3, kind=kind, categories=("cs.CL",)),
        )


@pytest.mark.parametrize(
    ("date", "dated"),
    [
        ("<pubDate>Thu, 06 Nov 2025 00:00:00 -0500</pubDate>", datetime(2025, 11, 6, 5, tzinfo=UTC)),
        ("<lastBuildDate>Thu, 06 Nov 2025 05:00:18 +0000</lastBuildDate>", datetime(2025, 11, 6, 5, 0, 18, tzinfo=UTC)),
        ("<pubDate>today</pubDate>", None),
        ("", None),
    ],
)
def test_a_feed_says_when_it_was_made_where_it_can(date: str, dated: datetime | None) -> None:
    with answering(feed("oai:arXiv.org:2511.90001v1", date=date)) as server:
        assert today(server.url, "cs.CL").dated == dated


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=RSS.format(date="", items="").encode()),
        Answer(body=ATOM.format("<updated>2025-11-08T05:00:00+00:00</updated>").encode()),
    ],
    ids=["RSS", "Atom"],
)
def test_an_empty_feed_of_either_form_is_a_valid_answer(answer: Answer) -> None:
    with answering(answer) as server:
        assert today(server.url, "cs.CL").announcements == ()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(body=feed("oai:arXiv.org:2511.90001v1").body[:-20]), "something else where a feed was due"),
        (Answer(body=b"<!DOCTYPE html><html><body>Down</body></html>"), "an HTML page where a feed was due"),
        (Answer(body=b'<rss version="2.0"></rss>'), "something else where a feed was due"),
        (feed(""), "an item with an id of no known form"),
        (feed("https://example.org/2511"), "an item with an id of no known form"),
        (feed("oai:arXiv.org:2511.90001"), r"\(2511.90001\) without its version"),
        (feed("oai:arXiv.org:2511.90001v1", "withdrawn"), "unknown announce type, 'withdrawn'"),
        (Answer(body=ATOM.format("<entry><title>T</title></entry>").encode()), "an item with an id of no known form"),
    ],
)
def test_a_feed_that_cannot_be_trusted_is_asked_over_and_then_said_so(answer: Answer, says: str) -> None:
    with answering(answer) as server:
        with pytest.raises(HarvestError, match=f"arXiv's RSS feed .*{says}.*, 3 times in a row"):
            today(server.url, "cs.CL")
        assert len(server.paths) == 3


def test_a_feed_cut_short_once_is_asked_over() -> None:
    whole = feed("oai:arXiv.org:2511.90001v1")
    with answering(Answer(body=whole.body[:200]), whole) as server:
        assert [item.arxiv_id for item in today(server.url, "cs.CL").announcements] == ["2511.90001"]


def test_an_address_without_feeds_names_its_setting() -> None:
    with answering(Answer(status=404)) as server:
        with pytest.raises(HarvestError, match=r"arXiv's RSS feed answers 404; check arxiv\.rss_url"):
            today(server.url, "cs.CL")
        assert len(server.paths) == 1
