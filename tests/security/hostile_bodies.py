"""Answers that mean harm by their form, as somebody in arXiv's place might give them."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

from answering import Answer

ID = "2511.90001"
BOMB = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
SQUARE = f'<!ENTITY a "{"a" * 50_000}">'

_OAI = (
    '<?xml version="1.0" encoding="UTF-8"?>{dtd}<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" {attribute}>'
    "<responseDate>{responded}</responseDate><request/>{inner}</OAI-PMH>"
)
_RAW = (
    "<ListRecords><record><header><identifier>oai:arXiv.org:{id}</identifier><datestamp>{stamp}</datestamp></header>"
    '<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{id}</id>{versions}<title>{title}</title>'
    "<authors>{authors}</authors><categories>{categories}</categories><comments>{comment}</comments>"
    "<abstract>{abstract}</abstract></arXivRaw></metadata></record>{token}</ListRecords>"
)
_VERSION = '<version version="v{version}"><date>{date}</date><source_type>D</source_type></version>'
_ATOM = (
    '<?xml version="1.0" encoding="UTF-8"?>{dtd}<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" {attribute}>'
    "<opensearch:totalResults>{total}</opensearch:totalResults><entry><id>{id}</id><updated>{date}</updated>"
    "<published>{date}</published><title>{title}</title><summary>{abstract}</summary>{authors}"
    '<arxiv:comment>{comment}</arxiv:comment><category term="{categories}"/>'
    '<arxiv:primary_category term="cs.CL"/></entry></feed>'
)
_RSS = (
    '<?xml version="1.0"?>{dtd}<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" {attribute}><channel>'
    "<title>{title}</title><pubDate>{date}</pubDate><item><title>{title}</title><guid>oai:arXiv.org:{id}</guid>"
    "<arxiv:announce_type>{kind}</arxiv:announce_type><category>{categories}</category></item></channel></rss>"
)


@dataclass(frozen=True, kw_only=True)
class Body:
    name: str
    service: str
    """ "oai", "api" or "rss"."""
    answer: Answer


def oai(name: str, *, inner: str | None = None, **said: str) -> Body:
    given = {
        "dtd": "",
        "attribute": "",
        "responded": "2025-11-20T12:00:00Z",
        "id": ID,
        "stamp": "2025-11-19",
        "version": "1",
        "date": "Tue, 18 Nov 2025 10:00:00 GMT",
        "title": "An invented title",
        "token": "",
        "abstract": "Invented.",
        "authors": "Ada Invented",
        "categories": "cs.CL",
        "comment": "",
        **said,
    }
    given.setdefault("versions", _VERSION.format_map(given))
    given["inner"] = _RAW.format_map(given) if inner is None else inner
    return Body(name=name, service="oai", answer=Answer(body=_OAI.format_map(given).encode()))


def api(name: str, **said: str) -> Body:
    given = {
        "dtd": "",
        "attribute": "",
        "total": "1",
        "id": f"http://arxiv.org/abs/{ID}v1",
        "comment": "",
        "date": "2025-11-18T10:00:00Z",
        "title": "An invented title",
        "abstract": "Invented.",
        "categories": "cs.CL",
        "authors": "<author><name>Ada Invented</name></author>",
        **said,
    }
    return Body(name=name, service="api", answer=Answer(body=_ATOM.format_map(given).encode()))


def rss(name: str, **said: str) -> Body:
    given = {
        "dtd": "",
        "attribute": "",
        "title": "Today",
        "date": "Thu, 20 Nov 2025 00:00:00 -0500",
        "kind": "new",
        "id": f"{ID}v1",
        "categories": "cs.CL",
        **said,
    }
    return Body(name=name, service="rss", answer=Answer(body=_RSS.format_map(given).encode()))


def _each(name: str, body: bytes, *headers: tuple[str, str], status: int = 200) -> tuple[Body, ...]:
    answer = Answer(body=body, headers=headers, status=status)
    return tuple(Body(name=f"{name} ({service})", service=service, answer=answer) for service in ("oai", "api", "rss"))


def _packed() -> bytes:
    """200 MB, as some 200 kB."""
    return gzip.compress(b"<OAI-PMH>" + b"a" * 200_000_000, 1)


_DOCTYPE = "<!DOCTYPE x [{}]>"
_FAR = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "99999-01-01T00:00:00Z", "yesterday", "", "１２")
_NUMBERS = ("9" * 5000, "9" * 30, "-1", "1e9", "0x10", "١", "1_000", "NaN", "")
_MAIL_DATES = ("Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 -1400", "Mon, 1 Jan 2020 00:00:00 -0000")
_PACKED = _packed()
_IDS = {
    oai: ("../../x", "2511.0000１", "2511.00001v2&#10;x", "&lt;b&gt;", "9" * 5000),
    api: ("javascript:alert(1)", "http://evil.example/abs/x", "", "2511.9000１v1"),
    rss: ("2511.90001v0", "2511.90001v999999", "&lt;!channel&gt;", ""),
}

BODIES: tuple[Body, ...] = (
    # as they should be: what is changed below is what is refused
    oai("whole"),
    api("whole"),
    rss("whole"),
    # entities and declarations
    oai("entities of entities", dtd=_DOCTYPE.format(BOMB), title="&a11;"),
    oai("entities in an attribute", dtd=_DOCTYPE.format(BOMB), attribute='a="&a11;"'),
    oai("a long entity, often", dtd=_DOCTYPE.format(SQUARE), abstract="&a;" * 20_000),
    oai("file", dtd=_DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/passwd">'), title="&x;"),
    oai("other host", dtd=_DOCTYPE.format('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;')),
    oai("declaration alone", dtd='<!DOCTYPE OAI-PMH SYSTEM "http://127.0.0.1:9/x.dtd">'),
    oai("entity nobody declared", title="&nothing;"),
    api("entities of entities", dtd=_DOCTYPE.format(BOMB), title="&a11;"),
    api("entities in an attribute", dtd=_DOCTYPE.format(BOMB), attribute='a="&a11;"'),
    api("file", dtd=_DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/passwd">'), title="&x;"),
    api("declaration alone", dtd="<!DOCTYPE feed>"),
    rss("entities of entities", dtd=_DOCTYPE.format(BOMB), title="&a11;"),
    rss("file", dtd=_DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/passwd">'), id="&x;"),
    # sizes
    oai("a title of 10 MB", title="x" * 9_900_000),
    oai("an abstract of 9 MB of words", abstract="word. " * 1_500_000),
    oai("a title of marks", title="a" + "\u0301\u0316" * 200_000),
    oai("authors in parentheses", authors="(" * 200_000 + "a" + ")" * 200_000),
    oai("authors without an end", authors="(" * 400_000),
    oai("100,000 authors", authors=", ".join(f"Ada Invented{n}" for n in range(100_000))),
    oai("an author of 1 MB", authors="x" * 1_000_000),
    oai("100,000 categories", categories=" ".join(f"cs.{'abcdefghij'[n % 10]}{'k' * (n % 9)}" for n in range(100_000))),
    oai("50,000 versions", versions="".join(
        _VERSION.format(version=n, date="Tue, 18 Nov 2025 10:00:00 GMT") for n in range(1, 50_001)
    )),
    oai("a token of 1 MB", token=f"<resumptionToken>{'x' * 1_000_000}</resumptionToken>"),
    oai("an error of 1 MB", inner=f'<error code="{"x" * 1_000_000}">{"y" * 1_000_000}</error>'),
    oai("an error that is only a code", inner='<error code="&#x202e;badArgument&#x9b;31m"></error>'),
    oai("nesting", inner="<a>" * 100_000 + "</a>" * 100_000),
    oai("100,000 attributes", inner="<a " + " ".join(f'b{n}=""' for n in range(100_000)) + "/>"),
    api("a title of 9 MB", title="x" * 9_000_000),
    api("100,000 authors", authors="<author><name>Ada Invented</name></author>" * 100_000),
    api("100,000 links", authors='<link href="javascript:alert(1)"/>' * 100_000),
    api("nesting", authors="<author>" * 10_000 + "</author>" * 10_000),
    rss("an id of 1 MB", id="9" * 1_000_000),
    rss("a kind of 1 MB", kind="x" * 1_000_000),
    # numbers, days, ids
    *(oai(f"answered {far[:30]!r}", responded=far) for far in _FAR),
    *(oai(f"changed {far[:30]!r}", stamp=far) for far in _FAR),
    *(oai(f"submitted {far!r}", date=far) for far in (*_MAIL_DATES, "(", "")),
    *(oai(f"version {number[:8]!r}", version=number) for number in _NUMBERS),
    *(oai(f"declares {number[:8]!r}", token=f'<resumptionToken completeListSize="{number}"/>') for number in _NUMBERS),
    *(api(f"declares {number[:8]!r}", total=number) for number in _NUMBERS),
    *(api(f"dated {far[:30]!r}", date=far) for far in _FAR),
    *(rss(f"dated {far!r}", date=far) for far in (*_MAIL_DATES, "(")),
    *(made(f"id {name[:20]!r}", id=name) for made, names in _IDS.items() for name in names),
    oai("categories of no kind", categories="68T50 I.2.7"),
    oai("no versions", versions=""),
    api("an error", id="http://arxiv.org/api/errors#x", abstract="&#x9b;31m&#x202e;&lt;b&gt; " + "wrong " * 100_000),
    # what is no XML at all, or not for us
    *_each("empty", b""),
    *_each("nulls", b"\0" * 10_000),
    *_each("a page", b"<!doctype html><html><script>alert(1)</script></html>"),
    *_each("JSON", b'{"a": [' * 100_000),
    *_each("two bytes a character", _OAI.format(dtd="", attribute="", responded="", inner="").encode("utf-16")),
    *_each("seven bits", b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-'),
    *_each("unknown letters", b'<?xml version="1.0" encoding="x-evil"?><a/>'),
    *_each("200 MB packed", _PACKED, ("Content-Encoding", "gzip")),
    *_each("200 MB packed twice", gzip.compress(_PACKED), ("Content-Encoding", "gzip, gzip")),
    *_each("packed often", gzip.compress(b"<a/>"), ("Content-Encoding", ", ".join(["gzip"] * 50))),
    *_each("packed wrongly", b"no gzip", ("Content-Encoding", "gzip")),
    *_each("packed in part", zlib.compress(b"<a/>" * 1000)[:20], ("Content-Encoding", "deflate")),
    *_each("wait for ever", b"", ("Retry-After", "9" * 400), status=429),
    *_each("wait for ages", b"", ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"), status=503),
    *_each("wait for what", b"", ("Retry-After", "(;-)"), status=503),
    *_each("an error in HTML", b"<script>\x9b31m</script>" * 1000, status=400),
    *_each("elsewhere", b"", ("Location", "file:///etc/passwd"), status=302),
    *_each("in a circle", b"", ("Location", "/"), status=302),
    *_each("hostile headers", b"<a/>", ("Date", "\x1b[31m"), ("X-A", "b" * 60_000)),
    *_each("a status of its own", b"<a/>", status=999),
)  # fmt: skip
