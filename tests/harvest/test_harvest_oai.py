"""What changed, as OAI-PMH tells it: paging, tokens, versions, and answers that are no whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from answering import Answer, NotingBreaker, answering, bounded
from conftest import ArxivSim
from litwatch.errors import HarvestError
from litwatch.harvest.api import SearchApi
from litwatch.harvest.oai import BadTokenError, Change, ChangePage, Listing, OaiApi, archive_spec, set_spec
from litwatch.harvest.oai_records import split_authors
from litwatch.harvest.session import Service
from raw_oai import RawOai, RawRecord

NOVEMBER = Listing(set_spec="cs:cs:CL", since=date(2025, 11, 1))


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2025, 11, day, hour, 30, 15, tzinfo=UTC)


def record(number: int, **more: object) -> RawRecord:
    base = RawRecord(id=f"2511.9{number:04}", versions=(at(number),), title=f"Invented paper {number}")
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.fixture
def five() -> Iterator[RawOai]:
    """Five records of cs.CL, on pages of two."""
    service = RawOai([record(number) for number in (3, 4, 5, 6, 7)], page=2)
    yield service
    service.close()


@pytest.fixture
def api(five: RawOai) -> Iterator[OaiApi]:
    with bounded() as session:
        yield OaiApi(five.url, session)


def changes(pages: Iterator[ChangePage]) -> list[Change]:
    return [change for page in pages for change in page.changes]


def listed(api: OaiApi, listing: Listing = NOVEMBER) -> list[str]:
    return [change.arxiv_id for change in changes(api.pages(listing))]


def test_every_record_of_every_page_comes(api: OaiApi, five: RawOai) -> None:
    pages = list(api.pages(NOVEMBER))
    assert [len(page.changes) for page in pages] == [2, 2, 1]
    assert [bool(page.token) for page in pages] == [True, True, False]
    assert [change.arxiv_id for change in changes(iter(pages))] == [row.id for row in five.records]
    assert pages[0].responded == five.responded
    first, *rest = five.asked
    assert first == {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "cs:cs:CL", "from": "2025-11-01"}
    assert all(set(words) == {"verb", "resumptionToken"} for words in rest), "a token stands alone"
    assert api.session.asked_of == {Service.OAI: 3}


def test_a_listing_goes_on_from_a_token(api: OaiApi, five: RawOai) -> None:
    first = next(api.pages(NOVEMBER))
    with bounded() as session:
        later = OaiApi(five.url, session)
        rest = [change.arxiv_id for change in changes(later.pages(NOVEMBER, token=first.token))]
    assert rest == ["2511.90005", "2511.90006", "2511.90007"]


def test_a_token_that_has_expired_is_told_apart(api: OaiApi, five: RawOai) -> None:
    pages = api.pages(NOVEMBER)
    next(pages)
    five.expire_tokens()
    with pytest.raises(BadTokenError, match="the token has expired"):
        next(pages)
    assert len(five.asked) == 2, "asking again with it would not help"


def test_until_and_set_bound_a_listing(api: OaiApi, five: RawOai) -> None:
    five.records.append(record(5, id="2511.95555", categories="hep-th math-ph"))
    listing = Listing(set_spec="physics:hep-th", since=date(2025, 11, 4), until=date(2025, 11, 6))
    assert listed(api, listing) == ["2511.95555"]
    assert five.asked[0]["until"] == "2025-11-06"
    assert listed(api, replace(listing, set_spec="cs")) == ["2511.90004", "2511.90005", "2511.90006"]


def test_a_record_tells_its_versions_with_their_times(api: OaiApi, five: RawOai) -> None:
    five.records[:] = [
        record(
            9,
            versions=(datetime(2024, 12, 31, 23, 59, 58, tzinfo=UTC), at(2), at(9, 4)),
            datestamp=date(2025, 11, 10),
            title="Tea\n  & invented  cakes",
            abstract="  We bake.\n It is <0.5 invented.\n",
            authors="Ada Invented (1), Bert B. Invented (2 and 3), Ren\\'e Invented and the Cake Group ((1) Tea (UK))",
            categories="cs.AI cs.CL",
            doi="10.1000/invented.9",
            journal_ref="Inv. J. 1 (2025)",
            comment="3 cakes",
        )
    ]
    (change,) = changes(api.pages(NOVEMBER))
    assert (change.datestamp, change.created, change.updated) == (
        date(2025, 11, 10),
        date(2024, 12, 31),
        date(2025, 11, 9),
    )
    paper = change.paper
    assert paper is not None
    assert (paper.version, paper.published, paper.updated) == (
        3,
        datetime(2024, 12, 31, 23, 59, 58, tzinfo=UTC),
        at(9, 4),
    )
    assert paper.title == "Tea & invented cakes"
    assert paper.abstract == "We bake. It is <0.5 invented."
    assert paper.authors == ("Ada Invented", "Bert B. Invented", "Ren\\'e Invented", "the Cake Group")
    assert (paper.primary_category, paper.categories) == ("cs.AI", ("cs.AI", "cs.CL"))
    assert (paper.doi, paper.journal_ref, paper.comment) == ("10.1000/invented.9", "Inv. J. 1 (2025)", "3 cakes")
    assert not paper.withdrawn


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Invented", ("Ada Invented",)),
        ("Ada Invented, Bert Invented, and Cleo Invented", ("Ada Invented", "Bert Invented", "Cleo Invented")),
        ("A. Invented, Jr. and B. Andersand", ("A. Invented, Jr.", "B. Andersand")),
        ("", ()),
    ],
)
def test_the_one_string_of_authors_is_taken_apart(text: str, names: tuple[str, ...]) -> None:
    assert split_authors(text) == names


@pytest.mark.parametrize(
    ("more", "withdrawn"),
    [
        ({"comment": "This paper has been withdrawn by its invented authors"}, True),
        ({"comment": "An error was found", "source": "I"}, True),
        ({"comment": "12 pages"}, False),
    ],
)
def test_a_withdrawal_is_known_by_its_comment_or_its_missing_source(
    api: OaiApi, five: RawOai, more: dict[str, str], withdrawn: bool
) -> None:
    five.records[:] = [record(9, versions=(at(2), at(9)), **more)]
    (change,) = changes(api.pages(NOVEMBER))
    assert change.paper is not None
    assert change.paper.withdrawn is withdrawn


def test_a_listing_that_matches_nothing_is_one_empty_page(api: OaiApi) -> None:
    (page,) = api.pages(Listing(set_spec="stat:stat:ML", since=date(2025, 11, 1)))
    assert (page.changes, page.token) == ((), "")


def test_deleted_records_are_no_changes(api: OaiApi, five: RawOai) -> None:
    five.records[1] = replace(five.records[1], deleted=True)
    five.records[2] = replace(five.records[2], deleted=True)
    five.records[3] = replace(five.records[3], deleted=True)
    assert listed(api) == ["2511.90003", "2511.90007"]


def test_what_arxiv_refuses_is_said_in_its_words(api: OaiApi, five: RawOai) -> None:
    five.faults = ["badArgument"]
    with pytest.raises(HarvestError, match=r"refuses to list cs:cs:CL: an invented word on badArgument"):
        listed(api)
    assert len(five.asked) == 1


@pytest.mark.parametrize("fault", ["cut", "html", "503", "empty"])
def test_a_page_that_is_not_whole_is_asked_for_again(api: OaiApi, five: RawOai, fault: str) -> None:
    five.faults = ["", fault, fault]
    assert listed(api) == [row.id for row in five.records]
    assert len(five.asked) == 5


@pytest.mark.parametrize("fault", ["cut", "html", "503", "empty"])
def test_a_page_that_stays_broken_ends_the_listing(api: OaiApi, five: RawOai, fault: str) -> None:
    five.faults = ["", *[fault] * 9]
    pages = api.pages(NOVEMBER)
    assert len(next(pages).changes) == 2, "what came whole is handed on"
    with pytest.raises(HarvestError, match=r"arXiv's OAI-PMH service .*, 3 times in a row"):
        next(pages)
    assert len(five.asked) == 4


def test_a_service_that_hangs_costs_two_timeouts(five: RawOai) -> None:
    five.faults = ["hang"] * 9
    with bounded(timeout=0.2) as session, pytest.raises(HarvestError, match=r"no answer within 0\.2 s, 2 times"):
        listed(OaiApi(five.url, session))
    assert len(five.asked) == 2


def test_fewer_records_than_declared_are_no_whole_listing(api: OaiApi, five: RawOai) -> None:
    five.declares = True
    assert len(listed(api)) == 5
    five.surplus = 1
    pages = api.pages(NOVEMBER)
    assert [next(pages).declared, next(pages).declared] == [6, 6]
    with pytest.raises(HarvestError, match="declared 6 records and 5 different ones arrived"):
        next(pages)


def page_of(ids: list[str], token: str) -> Answer:
    """A page of the form arXiv, which a service without histories gives."""
    rows = "".join(
        f"<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>2025-11-05</datestamp></header>"
        f'<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{name}</id><created>2025-11-03</created>'
        "<title>T</title><categories>cs.CL</categories><abstract>A.</abstract></arXiv></metadata></record>"
        for name in ids
    )
    return oai(f"<ListRecords>{rows}<resumptionToken>{token}</resumptionToken></ListRecords>")


def oai(inner: str, responded: str = "2025-11-20T12:00:00Z") -> Answer:
    head = f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{responded}</responseDate>'
    return Answer(body=f"{head}{inner}</OAI-PMH>".encode())


A, B, C = "2511.90001", "2511.90002", "2511.90003"


@pytest.mark.parametrize(
    "answers",
    [
        [page_of([A], "one"), page_of([B], "one")],
        [page_of([A], "one"), page_of([B], "two"), page_of([C], "one")],
        [page_of([A, B], "one"), page_of([B], "two"), page_of([C], "three")],
    ],
    ids=["the token that was asked with", "an earlier token", "a page that adds nothing"],
)
def test_a_listing_that_goes_round_in_circles_is_left(answers: list[Answer]) -> None:
    with answering(*answers) as server, bounded() as session:
        pages = OaiApi(server.url, session).pages(NOVEMBER)
        with pytest.raises(HarvestError, match="goes round in circles"):
            list(pages)
        assert len(server.paths) <= len(answers)


RECORD = (
    "<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>{day}</datestamp></header><metadata>"
    '<{form} xmlns="http://arxiv.org/OAI/{form}/">{inner}<title>T</title><categories>cs.CL</categories></{form}>'
    "</metadata></record>"
)
VERSION = '<version version="{number}"><date>{date}</date></version>'


def broken(name: str = A, day: str = "2025-11-05", form: str = "arXivRaw", inner: str = "") -> Answer:
    return oai(f"<ListRecords>{RECORD.format(name=name, day=day, form=form, inner=inner)}</ListRecords>")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (broken(), "without a version"),
        (broken(inner=VERSION.format(number="v1", date="")), "a version without its date"),
        (broken(inner=VERSION.format(number="v1", date="lately")), "a version without its date"),
        (broken(inner=VERSION.format(number="x", date="Mon, 03 Nov 2025 21:42:45 GMT")), "without its number"),
        (broken(name="invented/1"), "an id of no known form"),
        (broken(day="lately"), "'lately' where a day is due"),
        (broken(form="arXiv"), "where a day is due"),
        (broken(form="oai_dc"), "in a form that was not asked for"),
        (oai("<ListRecords><record/></ListRecords>"), "a record without a header"),
        (oai("", responded=""), "without its date"),
        (oai("", responded="2025-11-20"), "without its date"),
        (oai("<ListRecords/>"), "a list without records"),
        (Answer(body=b"<feed/>"), "something else where a list of records was due"),
        (Answer(body=b"\x00 not XML"), "something else where a list of records was due"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_asked_over_and_then_said_so(answer: Answer, says: str) -> None:
    breaker = NotingBreaker()
    with answering(answer) as server, bounded(breaker=breaker) as session:
        with pytest.raises(HarvestError, match=f"arXiv's OAI-PMH service sent .*{says}.*, 3 times in a row"):
            listed(OaiApi(server.url, session))
        assert len(server.paths) == len(breaker.told) == 3


def test_no_entity_of_a_listing_is_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    body = page_of([A], "").body.replace(b"<title>T", b"<title>T &x;")
    head = f'<!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    with answering(Answer(body=head + body)) as server, bounded() as session:
        pages = OaiApi(server.url, session).pages(NOVEMBER)
        with pytest.raises(HarvestError, match="document type declaration") as refused:
            changes(pages)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("category", "own", "whole"),
    [
        ("cs.CL", "cs:cs:CL", "cs"),
        ("stat.ML", "stat:stat:ML", "stat"),
        ("q-bio.NC", "q-bio:q-bio:NC", "q-bio"),
        ("hep-th", "physics:hep-th", "physics:hep-th"),
        ("math-ph", "physics:math-ph", "physics:math-ph"),
        ("math.MP", "math:math:MP", "math"),
        ("astro-ph.GA", "physics:astro-ph:GA", "physics:astro-ph"),
        ("physics.optics", "physics:physics:optics", "physics:physics"),
        ("cond-mat.str-el", "physics:cond-mat:str-el", "physics:cond-mat"),
    ],
)
def test_categories_have_sets(category: str, own: str, whole: str) -> None:
    assert (set_spec(category), archive_spec(category)) == (own, whole)


def test_a_stored_paper_agrees_until_anything_shown_differs(api: OaiApi, five: RawOai) -> None:
    five.records[:] = [record(9, versions=(at(2), at(9)), comment="9 pages", doi="10.1/9", journal_ref="Inv. 9")]
    (change,) = changes(api.pages(NOVEMBER))
    stored = change.paper
    assert stored is not None
    same = replace(stored, authors=("Ada Invented",), updated=at(9, 3))
    assert change.agrees_with(same)
    assert replace(change, paper=None).agrees_with(replace(same, version=7)), "the form arXiv names no version"
    for other in (
        replace(stored, version=1),
        replace(stored, withdrawn=True),
        replace(stored, title="Another invented title"),
        replace(stored, abstract="Another."),
        replace(stored, comment=""),
        replace(stored, doi=""),
        replace(stored, journal_ref=""),
        replace(stored, categories=("cs.CL", "cs.AI")),
        replace(stored, updated=at(8)),
    ):
        assert not change.agrees_with(other)


def test_a_service_says_what_it_is(api: OaiApi, five: RawOai) -> None:
    assert api.identify() == "An invented archive"
    assert five.asked == [{"verb": "Identify"}]


@pytest.mark.parametrize("answer", [oai(""), oai("<Identify/>"), Answer(body=b"<html/>"), Answer(status=404)])
def test_a_server_that_is_no_such_service_is_not_taken_for_one(answer: Answer) -> None:
    with (
        answering(answer) as server,
        bounded() as session,
        pytest.raises(HarvestError, match="arXiv's OAI-PMH service"),
    ):
        OaiApi(server.url, session).identify()


# --- a service that has no histories -------------------------------------------------------------------------


CORPUS = [
    '{"id": "2511.90001", "title": "An invented title", "abstract": "An  invented\\nabstract.", '
    '"categories": ["cs.CL"], "published": "2025-11-03T10:00:00Z"}',
    '{"id": "2511.90002", "title": "A second one", "abstract": "Invented, too.", "categories": ["cs.AI", "cs.CL"], '
    '"published": "2025-11-04T10:00:00Z", "comment": "2 pages", "doi": "10.1000/2", "journal_ref": "Inv. J."}',
    '{"id": "2511.90003", "title": "A third one", "abstract": "Invented again.", "categories": ["cs.CL"], '
    '"published": "2025-11-05T10:00:00Z"}',
]


def test_a_service_without_histories_shows_what_to_compare(arxivsim: Callable[..., ArxivSim], tmp_path: Path) -> None:
    corpus = tmp_path / "papers.jsonl"
    corpus.write_text("\n".join(CORPUS))
    sim = arxivsim(corpus, "2025-11-12T12:00:00Z", "--oai-page", "2")
    with bounded() as session:
        api = OaiApi(f"{sim.url}/oai", session)
        stored = {paper.arxiv_id: paper for paper in SearchApi(f"{sim.url}/api/query", session).by_id([A, B, C])}
        assert api.identify() == "arXiv"
        session.asked_of.clear()
        before = changes(api.pages(NOVEMBER))
        asked = session.asked_of[Service.OAI]
        assert asked == 3, "one to learn that there is no arXivRaw, then two pages"
        assert [change.paper for change in before] == [None] * 3
        assert all(change.agrees_with(stored[change.arxiv_id]) for change in before)
        sim.revise({"id": B, "at": "2025-11-10T15:00:00Z", "abstract": "Invented anew."})
        changed = [change for change in changes(api.pages(NOVEMBER)) if not change.agrees_with(stored[change.arxiv_id])]
    assert [(change.arxiv_id, change.created, change.updated) for change in changed] == [
        (B, date(2025, 11, 4), date(2025, 11, 10))
    ]
    assert session.asked_of[Service.OAI] == asked + 2, "it is not asked for arXivRaw again"
