"""A small arXiv of three services on loopback whose papers hold hostile texts in every field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from hostile_texts import Text

from answering import Answer, Answering
from raw_oai import RawOai, RawRecord

SUBMITTED = datetime(2025, 11, 18, 10, tzinfo=UTC)
CLAIM = "Intermittent fasting lowers blood pressure in adults with obesity."
QUESTION = "Does intermittent fasting lower blood pressure?"
ABSTRACT = (
    "Adults with obesity kept to intermittent fasting or to usual meals, {text}. Intermittent fasting did not lower "
    "blood pressure in adults with obesity {text}. Their blood pressure stayed the same {text}."
)
_FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
    "<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
)
_RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>None today</title></channel></rss>'


def record(number: int, text: Text) -> RawRecord:
    """An invented paper on the line's question with a text in each field."""
    said = text.in_xml
    return RawRecord(
        id=f"2511.{number:05}",
        versions=(SUBMITTED,),
        title=f"Intermittent fasting and blood pressure {said}",
        abstract=ABSTRACT.format(text=said),
        authors=f"Ada {said}, Bert Invented ({said})",
        comment=said,
        doi=said,
        journal_ref=said,
    )


class HostileArxiv:
    """Each second paper comes by OAI-PMH, the others by the search API, which counts all of them."""

    def __init__(self, texts: Sequence[Text], *, first: int = 1) -> None:
        self.records = [record(number, text) for number, text in enumerate(texts, first)]
        self._oai = RawOai(self.records[::2])
        self._others = Answering(self._answer)

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.records]

    @property
    def oai(self) -> str:
        return self._oai.url

    @property
    def others(self) -> str:
        """Where search API and RSS feeds are, under /api and /rss."""
        return self._others.url

    @property
    def settings(self) -> str:
        """The section of litwatch.toml that leads here."""
        return (
            f'[arxiv]\napi_url = "{self.others}/api"\noai_url = "{self.oai}"\nrss_url = "{self.others}/rss"\n'
            "delay_seconds = 0\ntimeout_seconds = 20\n"
        )

    def close(self) -> None:
        self._oai.close()
        self._others.close()

    def _answer(self, path: str) -> Answer:
        if urlsplit(path).path.startswith("/rss"):
            return Answer(body=_RSS.encode())
        asked = parse_qs(urlsplit(path).query)
        found = self.records
        if ids := "".join(asked.get("id_list", [])):
            found = [each for each in found if each.id in ids.split(",")]
        if between := re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", "".join(asked.get("search_query", []))):
            found = [each for each in found if between[1] <= f"{each.versions[0]:%Y%m%d%H%M}" <= between[2]]
        start, size = int(asked.get("start", ["0"])[0]), int(asked.get("max_results", ["10"])[0])
        entries = "".join(map(_entry, found[start : start + size]))
        return Answer(body=_FEED.format(total=len(found), entries=entries).encode())


def _entry(paper: RawRecord) -> str:
    moment = f"{paper.versions[0]:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v1</id><updated>{moment}</updated><published>{moment}</published>"
        f"<title>{escape(paper.title)}</title><summary>{escape(paper.abstract)}</summary>"
        f"<author><name>{escape(paper.authors)}</name></author><arxiv:comment>{escape(paper.comment)}</arxiv:comment>"
        f"<arxiv:doi>{escape(paper.doi)}</arxiv:doi><arxiv:journal_ref>{escape(paper.journal_ref)}</arxiv:journal_ref>"
        f'<category term="cs.CL"/><category term="{escape(paper.comment, {chr(34): "&quot;"})}"/>'
        '<arxiv:primary_category term="cs.CL"/></entry>'
    )
