"""Real answers of arXiv, each through the code that reads its kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import arxiv
import pytest

from answering import Answer, answering, bounded
from litwatch.errors import HarvestError
from litwatch.harvest.api import SearchApi, as_paper
from litwatch.harvest.feeds import categories_of, check_feed
from litwatch.harvest.oai import BadTokenError, Listing, OaiApi
from litwatch.harvest.rss import AnnounceType, RssApi
from litwatch.model import Paper

# (start, max_results) that each page of a query was asked with. The answers of 2016 differ in form only (titles
# over several lines, namespaces declared late, DOIs linked by their old resolver): they lack nothing of what is read.
PAGES = {
    "api_q_testing_s0_m10_bc5a6c384fe9.xml": (0, 10),
    "api_q_testing_s0_m15_80c242b59d59.xml": (0, 15),
    "api_q_testing_s0_m100_cfe7536492ca.xml": (0, 100),
    "api_q_testing_s5_m10_c0e94a259d4a.xml": (5, 10),
    "api_q_testing_s5_m15_bbcf6b23085b.xml": (5, 15),
    "api_q_testing_s9_m15_0b78d4b4d476.xml": (9, 15),
    "api_q_testing_s10_m10_34e56e15aaac.xml": (10, 10),
    "api_q_testing_s20_m10_348a237fecab.xml": (20, 10),
    "api_q_testing_s30_m10_f2e39f0143dc.xml": (30, 10),
    "api_q_testing_s40_m10_96dd32eb854c.xml": (40, 10),
    "api_q_testing_s50_m10_7f488ab8598c.xml": (50, 10),
    "api_2016_search_query_au_del_maestro.xml": (0, 10),
    "api_2016_search_query_au_del_maestro_ANDNOT__28ti_checkerboard_OR_ti_Pyrochlore_29.xml": (0, 10),
    "api_2016_search_query_au_del_maestro_AND_ti__quantum_criticality_.xml": (0, 10),
    "api_2016_search_query_au_del_maestro_AND_ti_checkerboard.xml": (0, 10),
}
WHOLE_QUERIES = {
    "api_2016_search_query_au_del_maestro_AND_ti__quantum_criticality_.xml": ["1111.2011", "cond-mat/0607501"],
    "api_2016_search_query_au_del_maestro_AND_ti_checkerboard.xml": ["cond-mat/0603029"],
}
"""All that a query has in one answer, and the ids it has."""
BY_ID = {
    "api_2016_id_list_1111.2011v2.xml": (["1111.2011v2"], [("1111.2011", 2)]),
    "api_id_0000.0000_s0_m100_8b51d9633a68.xml": (["0000.0000"], []),
    "api_id_0808.05394_s0_m100_7b0c7d0a7cdd.xml": (["0808.05394"], []),
    "api_id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.xml": (["0808.05394", "1707.08567"], [("1707.08567", 1)]),
    "api_id_1605.08386_s0_m100_199195aa31ad.xml": (["1605.08386"], [("1605.08386", 1)]),
    "api_id_1707.08567_s0_m100_6a1afebfc6a3.xml": (["1707.08567"], [("1707.08567", 1)]),
    "api_id_2104.12255v1_s0_m100_6ae69987ffe1.xml": (["2104.12255v1"], [("2104.12255", 1)]),
    "api_id_astro-ph_0601001_s0_m100_3150dca9dc76.xml": (["astro-ph/0601001"], [("astro-ph/0601001", 1)]),
    "api_id_quant-ph_0201082v1_s0_m100_86989fe779ef.xml": (["quant-ph/0201082v1"], [("quant-ph/0201082", 1)]),
}
REFUSED = "api_id_abc_s0_m100_b79c8dcf6bc3.xml"
OAI = "oai_arXivRaw_2026-10.xml"
ATOM = "rss_atom_cs.AI_2025-08-20.xml"


@contextmanager
def replayed(path: Path, status: int = 200) -> Iterator[SearchApi]:
    with answering(Answer(body=path.read_bytes(), status=status)) as server, bounded() as session:
        yield SearchApi(f"{server.url}/api/query", session)


@pytest.fixture
def recordings(shared: Path) -> Path:
    return shared / "arxiv" / "recordings"


def test_no_recording_lies_unused(recordings: Path) -> None:
    assert {path.name for path in recordings.iterdir()} == {*PAGES, *BY_ID, REFUSED, OAI, ATOM}
    assert set(WHOLE_QUERIES) <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_is_taken_as_whole_with_what_it_was_asked(recordings: Path, name: str) -> None:
    start, size = PAGES[name]
    with answering(Answer(body=(recordings / name).read_bytes())) as server, bounded() as session:
        client = arxiv.Client(page_size=size, delay_seconds=0, num_retries=0)
        client.query_url_format, client._session = server.url + "/?{}", session
        papers = [as_paper(result) for result in islice(client.results(arxiv.Search("q"), offset=start), size)]
        declared = session.declared
    assert len({paper.arxiv_id for paper in papers}) == len(papers) == min(size, declared - start) > 0
    for paper in papers:
        assert paper.title == " ".join(paper.title.split()) != ""
        assert paper.abstract == " ".join(paper.abstract.split()) != ""
        assert all(paper.authors)
        assert paper.primary_category in paper.categories
        assert paper.version >= 1
        assert datetime(1991, 8, 14, tzinfo=UTC) < paper.published <= paper.updated


@pytest.mark.parametrize("name", sorted(PAGES.keys() - WHOLE_QUERIES.keys()))
def test_a_recorded_page_is_not_taken_for_a_longer_one(recordings: Path, name: str) -> None:
    start, size = PAGES[name]
    with pytest.raises(HarvestError, match="were due"):
        check_feed((recordings / name).read_bytes(), f"http://x/?start={start}&max_results={size + 7}")


@pytest.mark.parametrize("name", WHOLE_QUERIES)
def test_a_query_that_was_answered_in_one_page_is_harvested_whole(recordings: Path, name: str) -> None:
    with replayed(recordings / name) as api:
        (page,) = api.submitted("au:del_maestro")
    assert [paper.arxiv_id for paper in page.papers] == WHOLE_QUERIES[name]
    assert page.declared == len(page.papers)
    assert all(paper.doi.startswith("10.1103/") and paper.journal_ref for paper in page.papers)


@pytest.mark.parametrize("name", BY_ID)
def test_ids_of_every_age_are_read_and_those_that_do_not_exist_have_no_paper(recordings: Path, name: str) -> None:
    asked, due = BY_ID[name]
    with replayed(recordings / name) as api:
        papers = api.by_id(asked)
    assert [(paper.arxiv_id, paper.version) for paper in papers] == due
    for paper in papers:
        assert paper.published.tzinfo is not None
        assert paper.title
        assert paper.abstract == " ".join(paper.abstract.split())


def test_an_old_answer_gives_the_paper_that_it_gave_then(recordings: Path) -> None:
    with replayed(recordings / "api_2016_id_list_1111.2011v2.xml") as api:
        (paper,) = api.by_id(["1111.2011v2"])
    assert (paper.published, paper.updated) == (
        datetime(2011, 11, 8, 18, 48, 36, tzinfo=UTC),
        datetime(2012, 4, 2, 12, 38, 54, tzinfo=UTC),
    )
    assert paper.categories == ("cond-mat.str-el", "cond-mat.stat-mech")
    assert paper.primary_category == "cond-mat.str-el"
    assert len(paper.authors) == 3
    assert paper.doi == "10.1103/PhysRevB.85.115117"
    assert not paper.withdrawn


def test_a_paper_titled_0_keeps_its_title(recordings: Path) -> None:
    with replayed(recordings / "api_id_2104.12255v1_s0_m100_6ae69987ffe1.xml") as api:
        assert api.by_id(["2104.12255"])[0].title == "0"


def test_an_ill_formed_id_is_refused_in_arxivs_words(recordings: Path) -> None:
    with (
        replayed(recordings / REFUSED, status=400) as api,
        pytest.raises(HarvestError, match="refuses the query: incorrect id format"),
    ):
        api.by_id(["abc"])


CHANGED = Listing(set_spec="cs", since=date(2026, 10, 6), until=date(2026, 10, 6))
OAI_ANSWER = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-10-09T18:02:44Z</responseDate>{}</OAI-PMH>'


def test_a_recorded_listing_tells_what_changed_and_is_not_whole_without_its_next_page(recordings: Path) -> None:
    expired = OAI_ANSWER.format('<error code="badResumptionToken">expired</error>').encode()
    first = Answer(body=(recordings / OAI).read_bytes())
    with answering(first, Answer(body=expired)) as server, bounded() as session:
        pages = OaiApi(f"{server.url}/oai", session).pages(CHANGED)
        page = next(pages)
        with pytest.raises(BadTokenError, match="expired"):
            next(pages)
        assert server.paths == [
            "/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs&from=2026-10-06&until=2026-10-06",
            "/oai?verb=ListRecords&resumptionToken=fixture-set-cs-2026-10-06-p2",
        ]
    assert (page.declared, page.responded) == (100, datetime(2026, 10, 9, 18, 2, 41, tzinfo=UTC))
    assert [change.datestamp for change in page.changes] == [date(2026, 10, 6)] * 3
    papers: list[Paper] = [change.paper for change in page.changes if change.paper]
    assert [(paper.arxiv_id, paper.version, paper.published, paper.updated) for paper in papers] == [
        (
            "1506.04782",
            2,
            datetime(2015, 6, 15, 21, 42, 45, tzinfo=UTC),
            datetime(2015, 6, 18, 22, 40, 51, tzinfo=UTC),
        ),
        (
            "1901.04629",
            2,
            datetime(2019, 1, 15, 1, 35, 20, tzinfo=UTC),
            datetime(2026, 10, 3, 11, 1, 17, tzinfo=UTC),
        ),
        (
            "2502.20651",
            1,
            datetime(2025, 2, 28, 2, 12, 24, tzinfo=UTC),
            datetime(2025, 2, 28, 2, 12, 24, tzinfo=UTC),
        ),
    ]
    assert [len(paper.authors) for paper in papers] == [4, 7, 4]
    assert papers[0].authors[-1] == "R\\' emi Munos", "LaTeX as it was sent, its character reference read"
    assert [paper.primary_category for paper in papers] == ["cs.LG", "quant-ph", "cs.CV"]
    assert [bool(paper.doi and paper.journal_ref) for paper in papers] == [False, False, True]
    assert [paper.comment for paper in papers] == ["To be presented at ICML 2015", "34 pages", ""]
    assert not any(paper.withdrawn for paper in papers)


def test_a_recorded_listing_of_which_most_is_missing_is_not_taken_for_whole(recordings: Path) -> None:
    recorded = (recordings / OAI).read_bytes()
    begin, end = recorded.index(b"<resumptionToken"), recorded.index(b"</ListRecords>")
    last = recorded[:begin].replace(b"2502.20651", b"2502.20652") + recorded[end:]
    with answering(Answer(body=recorded), Answer(body=last)) as server, bounded() as session:
        pages = OaiApi(f"{server.url}/oai", session).pages(CHANGED)
        next(pages)
        with pytest.raises(HarvestError, match="declared 100 records and 4 different ones arrived"):
            next(pages)


def test_a_recorded_feed_tells_what_was_announced(recordings: Path) -> None:
    with answering(Answer(body=(recordings / ATOM).read_bytes())) as server, bounded() as session:
        feed = RssApi(f"{server.url}/atom", session).today(["cs.AI"])
        assert server.paths == ["/atom/cs.AI"]
    assert feed.dated == datetime(2025, 8, 20, 4, 0, 19, 866337, tzinfo=UTC)
    kinds = [AnnounceType.CROSS] * 5 + [AnnounceType.NEW] * 2
    assert [(item.version, item.kind) for item in feed.announcements] == [(1, kind) for kind in kinds]
    assert [item.arxiv_id for item in feed.announcements][:2] == ["2508.13426", "2508.13428"]
    assert all("cs.AI" in item.categories for item in feed.announcements)
    assert feed.announcements[1].categories == ("cs.CV", "cs.AI", "cs.MM")


ENTRY = (
    "<entry><id>http://arxiv.org/abs/2511.90001v1</id><title>T</title><summary>{abstract}</summary>"
    "<published>2025-11-03T00:00:00Z</published><updated>2025-11-03T00:00:00Z</updated>{rest}</entry>"
)
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><opensearch:totalResults>1</opensearch:totalResults>'
    "{entry}</feed>"
)


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        ("This paper has been withdrawn by the author", "A. B.", True),
        ("Withdrawn: an error in section 3", "A. B.", True),
        ("", "This paper has been withdrawn.", True),
        ("12 pages, 3 figures", "We study how often consent is withdrawn by patients.", False),
        ("", "The offer was withdrawn by the buyer.", False),
    ],
)
def test_a_withdrawal_is_known_by_its_comment_not_by_its_subject(
    tmp_path: Path, comment: str, abstract: str, withdrawn: bool
) -> None:
    path = tmp_path / "feed.xml"
    rest = f"<arxiv:comment>{comment}</arxiv:comment>" if comment else ""
    path.write_text(FEED.format(entry=ENTRY.format(abstract=abstract, rest=rest)))
    with replayed(path) as api:
        assert api.by_id(["2511.90001"])[0].withdrawn is withdrawn


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    head = f'<!DOCTYPE feed [<!ENTITY x SYSTEM "file://{secret}">]>'
    path.write_text(head + FEED.format(entry=ENTRY.format(abstract="&x;", rest="")))
    with replayed(path) as api, pytest.raises(HarvestError, match="document type declaration") as refused:
        api.by_id(["2511.90001"])
    assert "geheim" not in str(refused.value)


def test_classes_of_other_schemes_are_no_categories() -> None:
    words = [
        "cs.CL",
        "68T50, 68T07",
        "I.2.7; I.2.10; H.3.1; F.2.2; D.3.4; K.4.1",
        "cond-mat.stat-mech",
        "cs.CL",
        "hep-th",
    ]
    assert categories_of(words) == ("cs.CL", "cond-mat.stat-mech", "hep-th")
    assert categories_of(["a" * 40, "cs." + "L" * 40, ""]) == ()
