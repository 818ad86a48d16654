"""A small OAI-PMH service that lists plain records in the form arXivRaw, in pages, with tokens that expire."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from answering import Answer, Answering
from litwatch.harvest.oai import archive_spec, set_spec

_FORM = "arXivRaw"


@dataclass(frozen=True, kw_only=True)
class RawRecord:
    """An e-print as the service keeps it."""

    id: str
    versions: tuple[datetime, ...]
    """When version 1, 2, … were submitted."""
    datestamp: date | None = None
    """None: the day of the newest version."""
    title: str = "An invented title"
    abstract: str = "An invented abstract."
    authors: str = "Ada Invented and Bert Invented"
    categories: str = "cs.CL"
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    source: str = "D"
    """Source type of the newest version; "I" where it has no paper any more."""
    deleted: bool = False

    @property
    def day(self) -> date:
        return self.datestamp or self.versions[-1].date()


class RawOai:
    """The service on loopback. What its lists hold may be changed between requests.

    declares: whether it says how many records a list has. faults: what to do to the next requests, in order:
    "cut" (half a body, its length in agreement), "hang", "html", "503", "empty" (a list without records), or one
    of the protocol's error codes; "" is none. A fault is used up by its request.
    """

    def __init__(self, records: Iterable[RawRecord] = (), *, page: int = 1000, declares: bool = False) -> None:
        self.records = list(records)
        self.page = page
        self.declares = declares
        self.responded = datetime(2025, 11, 20, 12, tzinfo=UTC)
        self.faults: list[str] = []
        self.surplus = 0
        """Records that it declares and does not have."""
        self._tokens = 0
        self._server = Answering(self._answer)

    @property
    def url(self) -> str:
        return f"{self._server.url}/oai"

    @property
    def asked(self) -> list[dict[str, str]]:
        """The arguments of each request, in order."""
        return [dict(parse_qsl(urlsplit(path).query)) for path in self._server.paths]

    def expire_tokens(self) -> None:
        self._tokens += 1

    def close(self) -> None:
        self._server.close()

    def _answer(self, path: str) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "hang":
            return Answer(hang=True)
        if fault == "html":
            return Answer(body=b"<!DOCTYPE html><html><body>Down for maintenance</body></html>")
        if fault.isdecimal():
            return Answer(status=int(fault), body=b"not now")
        if fault == "empty":
            return Answer(body=self._wrap("<ListRecords></ListRecords>"))
        if fault and fault != "cut":
            return Answer(body=self._error(fault, f"an invented word on {fault}"))
        given = dict(parse_qsl(urlsplit(path).query))
        if given.get("verb") == "Identify":
            return Answer(body=self._wrap("<Identify><repositoryName>An invented archive</repositoryName></Identify>"))
        body = self._list(given)
        return Answer(body=body[: len(body) // 2] if fault == "cut" else body)

    def _list(self, given: dict[str, str]) -> bytes:
        start = 0
        if token := given.get("resumptionToken"):
            given = json.loads(urlsafe_b64decode(token))
            if given.pop("tokens") != str(self._tokens):
                return self._error("badResumptionToken", "the token has expired")
            start = int(given.pop("start"))
        if given["metadataPrefix"] != _FORM:
            return self._error("cannotDisseminateFormat", f"only {_FORM}")
        since, until = given.get("from", ""), given.get("until", "9999-12-31")
        rows = [
            record
            for record in sorted(self.records, key=lambda record: (record.day, record.id))
            if since <= record.day.isoformat() <= until and _in_set(record, given.get("set", ""))
        ]
        if not rows:
            return self._error("noRecordsMatch", "no records match")
        end = start + self.page
        size = f' cursor="{start}" completeListSize="{len(rows) + self.surplus}"' if self.declares else ""
        token = ""
        if end < len(rows):
            kept = {**given, "start": str(end), "tokens": str(self._tokens)}
            token = urlsafe_b64encode(json.dumps(kept).encode()).decode()
        tail = f"<resumptionToken{size}>{token}</resumptionToken>" if token or start or size else ""
        return self._wrap(f"<ListRecords>{''.join(map(_record, rows[start:end]))}{tail}</ListRecords>")

    def _error(self, code: str, text: str) -> bytes:
        return self._wrap(f'<error code="{code}">{text}</error>')

    def _wrap(self, inner: str) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.responded:%Y-%m-%dT%H:%M:%SZ}</responseDate><request/>{inner}</OAI-PMH>"
        ).encode()


def _in_set(record: RawRecord, spec: str) -> bool:
    categories = record.categories.split()
    return not spec or any(spec in (set_spec(category), archive_spec(category)) for category in categories)


def _record(record: RawRecord) -> str:
    gone = ' status="deleted"' if record.deleted else ""
    header = (
        f"<header{gone}><identifier>oai:arXiv.org:{record.id}</identifier><datestamp>{record.day}</datestamp></header>"
    )
    if record.deleted:
        return f"<record>{header}</record>"
    versions = "".join(
        f'<version version="v{number}"><date>{format_datetime(moment, usegmt=True)}</date><size>1kb</size>'
        f"<source_type>{record.source if number == len(record.versions) else 'D'}</source_type></version>"
        for number, moment in enumerate(record.versions, start=1)
    )
    optional = "".join(
        f"<{tag}>{escape(value)}</{tag}>"
        for tag, value in (("comments", record.comment), ("journal-ref", record.journal_ref), ("doi", record.doi))
        if value
    )
    return (
        f'<record>{header}<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{record.id}</id>{versions}'
        f"<title>{escape(record.title)}</title><authors>{escape(record.authors)}</authors>"
        f"<categories>{record.categories}</categories>{optional}<abstract>{escape(record.abstract)}</abstract>"
        "</arXivRaw></metadata></record>"
    )
