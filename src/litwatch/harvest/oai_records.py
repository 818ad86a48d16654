"""One OAI-PMH answer as values: bytes in, a page of changes or arXiv's word of error out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from lxml import etree

from litwatch.harvest.feeds import (
    LONGEST_ABSTRACT,
    LONGEST_NAME,
    LONGEST_REMARK,
    LONGEST_TITLE,
    MOST_AUTHORS,
    TransientError,
    categories_of,
    iso_moment,
    mail_moment,
    no_such_root,
    number,
    saying,
    text_of,
    whole_xml,
)
from litwatch.harvest.withdrawal import says_withdrawn
from litwatch.model import Paper
from litwatch.text import split_arxiv_id, squeeze

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_ARXIV = "{http://arxiv.org/OAI/arXiv/}"
_NAME = "oai:arXiv.org:"
_WITHDRAWN_SOURCE = "I"
"""arXiv's mark, among the letters of a version's <source_type>, for a version without a paper."""

_LONGEST_TOKEN = 2000
"""Characters; arXiv's have some hundred."""

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """One record that arXiv says changed: an announcement, a new version or an edit in place."""

    arxiv_id: str
    datestamp: date
    """Day of the change, not of a submission."""
    categories: tuple[str, ...]
    """The first is the primary one."""
    created: date
    """Day of version 1's submission."""
    updated: date
    """Day of the shown version's submission."""
    revised: bool
    """Whether a version after the first is shown; its day may be the first one's."""
    title: str
    abstract: str
    comment: str = ""
    doi: str = ""
    journal_ref: str = ""
    paper: Paper | None = None
    """None where the record's form does not name the version: the search API then has to be asked."""

    def agrees_with(self, stored: Paper) -> bool:
        """Whether a stored paper is what this record shows. Authors are left out: each form writes them its way.

        Of a paper that is kept without its text the rest has to agree.
        """
        if self.paper and (self.paper.version, self.paper.withdrawn) != (stored.version, stored.withdrawn):
            return False
        return set(self.categories) == set(stored.categories) and (
            self.revised,
            self.updated,
            self.title,
            self.abstract if stored.has_text else "",
            self.comment if stored.has_text else "",
            self.doi,
            self.journal_ref,
        ) == (
            stored.version > 1,
            stored.updated.date(),
            stored.title,
            stored.abstract,
            stored.comment,
            stored.doi,
            stored.journal_ref,
        )


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    changes: tuple[Change, ...]
    token: str
    """What to ask with for the next page; "" on the last one."""
    declared: int | None
    """How many records arXiv says the whole listing has; None where it does not say."""
    responded: datetime
    listed: frozenset[str] = field(default=frozenset(), repr=False)
    """The ids of all records of the page, deleted ones included."""


@dataclass(frozen=True, kw_only=True)
class OaiError:
    """What the service says instead of a list: one of the protocol's codes, with its words."""

    code: str
    text: str
    responded: datetime


def read_answer(body: bytes, sender: str) -> ChangePage | OaiError:
    """The answer to ListRecords. Raises TransientError where it is not whole, or a record of it is not."""
    root, responded = _open(body, sender)
    error = root.find(f"{_OAI}error")
    if error is not None:
        code = saying(error.get("code", ""))
        return OaiError(code=code, text=saying(error.text or "") or code, responded=responded)
    records = root.findall(f"{_OAI}ListRecords/{_OAI}record")
    if not records:
        # The protocol has an error for a list without records, so this is none.
        raise TransientError(f"{sender} sent a list without records")
    token = root.find(f"{_OAI}ListRecords/{_OAI}resumptionToken")
    to_ask = "" if token is None else (token.text or "").strip()
    if len(to_ask) > _LONGEST_TOKEN:
        raise TransientError(f"{sender} sent a token of {len(to_ask):,} characters, which no question has room for")
    try:
        read = [_read_record(record) for record in records]
    except ValueError as problem:
        raise TransientError(f"{sender} sent {problem}") from problem
    return ChangePage(
        changes=tuple(change for _, change in read if change),
        token=to_ask,
        declared=None if token is None else number(token.get("completeListSize", "")),
        responded=responded,
        listed=frozenset(arxiv_id for arxiv_id, _ in read),
    )


def read_identity(body: bytes, sender: str) -> str:
    """The name in an answer to Identify. Raises TransientError where it is none."""
    root, _ = _open(body, sender, due="description of the service")
    name = text_of(root, f"{_OAI}Identify/{_OAI}repositoryName")
    if not name:
        raise TransientError(f"{sender} does not say what it is")
    return name


def _open(body: bytes, sender: str, due: str = "list of records") -> tuple[etree._Element, datetime]:
    """The root of an answer, and when it was given."""
    root = whole_xml(body, sender=sender, due=due)
    if root.tag != f"{_OAI}OAI-PMH":
        raise no_such_root(root, sender=sender, due=due)
    responded = iso_moment(text_of(root, f"{_OAI}responseDate"))
    if responded is None:
        raise TransientError(f"{sender} sent an answer without its date")
    return root, responded


def _read_record(record: etree._Element) -> tuple[str, Change | None]:
    """(id, the change), with None for a deleted record. Raises ValueError, which goes on from "arXiv sent …"."""
    header = record.find(f"{_OAI}header")
    if header is None:
        raise ValueError("a record without a header")
    name = text_of(header, f"{_OAI}identifier")
    try:
        arxiv_id, _ = split_arxiv_id(name.removeprefix(_NAME))
    except ValueError as problem:
        raise ValueError(f"a record with an id of no known form: {problem}") from problem
    if header.get("status") == "deleted":
        return arxiv_id, None
    shown = next(iter(record.findall(f"{_OAI}metadata/*")), None)
    datestamp = _day(text_of(header, f"{_OAI}datestamp"), arxiv_id)
    if shown is not None and shown.tag == f"{_RAW}arXivRaw":
        return arxiv_id, _read_raw(shown, arxiv_id, datestamp)
    if shown is not None and shown.tag == f"{_ARXIV}arXiv":
        return arxiv_id, _read_arxiv(shown, arxiv_id, datestamp)
    raise ValueError(f"a record ({arxiv_id}) in a form that was not asked for")


def _read_raw(shown: etree._Element, arxiv_id: str, datestamp: date) -> Change:
    """A record of the form arXivRaw, with its history of versions."""
    versions = sorted(_read_version(version, arxiv_id) for version in shown.findall(f"{_RAW}version"))
    if not versions:
        raise ValueError(f"a record ({arxiv_id}) without a version")
    (_, published, _), (newest, updated, source) = versions[0], versions[-1]
    categories = _categories(shown, _RAW, arxiv_id)
    title = text_of(shown, f"{_RAW}title")[:LONGEST_TITLE]
    abstract = text_of(shown, f"{_RAW}abstract")[:LONGEST_ABSTRACT]
    comment = text_of(shown, f"{_RAW}comments")[:LONGEST_REMARK]
    paper = Paper(
        arxiv_id=arxiv_id,
        version=newest,
        title=title,
        abstract=abstract,
        authors=split_authors(text_of(shown, f"{_RAW}authors")),
        categories=categories,
        primary_category=categories[0],
        published=published,
        updated=updated,
        comment=comment,
        doi=text_of(shown, f"{_RAW}doi")[:LONGEST_REMARK],
        journal_ref=text_of(shown, f"{_RAW}journal-ref")[:LONGEST_REMARK],
        withdrawn=_WITHDRAWN_SOURCE in source or says_withdrawn(comment, abstract),
    )
    return Change(
        arxiv_id=arxiv_id,
        datestamp=datestamp,
        categories=categories,
        created=published.date(),
        updated=updated.date(),
        revised=paper.version > 1,
        title=title,
        abstract=abstract,
        comment=comment,
        doi=paper.doi,
        journal_ref=paper.journal_ref,
        paper=paper,
    )


def _read_version(version: etree._Element, arxiv_id: str) -> tuple[int, datetime, str]:
    """(number, time of submission, letters of its source type)."""
    name = version.get("version", "").removeprefix("v")
    moment = mail_moment(text_of(version, f"{_RAW}date"))
    if moment is None:
        raise ValueError(f"a record ({arxiv_id}) with a version without its date")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", name):
        raise ValueError(f"a record ({arxiv_id}) with a version without its number")
    return int(name), moment, text_of(version, f"{_RAW}source_type")


def _read_arxiv(shown: etree._Element, arxiv_id: str, datestamp: date) -> Change:
    """A record of the form arXiv, which names days and no version."""
    created = _day(text_of(shown, f"{_ARXIV}created"), arxiv_id)
    updated = text_of(shown, f"{_ARXIV}updated")
    return Change(
        arxiv_id=arxiv_id,
        datestamp=datestamp,
        categories=_categories(shown, _ARXIV, arxiv_id),
        created=created,
        updated=_day(updated, arxiv_id) if updated else created,
        revised=bool(updated),
        title=text_of(shown, f"{_ARXIV}title")[:LONGEST_TITLE],
        abstract=text_of(shown, f"{_ARXIV}abstract")[:LONGEST_ABSTRACT],
        comment=text_of(shown, f"{_ARXIV}comments")[:LONGEST_REMARK],
        doi=text_of(shown, f"{_ARXIV}doi")[:LONGEST_REMARK],
        journal_ref=text_of(shown, f"{_ARXIV}journal-ref")[:LONGEST_REMARK],
    )


def _categories(shown: etree._Element, form: str, arxiv_id: str) -> tuple[str, ...]:
    found = categories_of(text_of(shown, f"{form}categories").split())
    if not found:
        raise ValueError(f"a record ({arxiv_id}) without a category")
    return found


def _day(text: str, arxiv_id: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"a record ({arxiv_id}) with {text[:30]!r} where a day is due") from None


def split_authors(text: str) -> tuple[str, ...]:
    """The names of arXivRaw's one string, LaTeX left as it is: without affiliations, which stand in parentheses."""
    names: list[str] = []
    for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", squeeze(_without_asides(text))):
        if name in _SUFFIXES and names:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return tuple(name[:LONGEST_NAME] for name in names[:MOST_AUTHORS])


def _without_asides(text: str) -> str:
    """The text without what stands in pairs of parentheses, and the blanks before them."""
    # Read once, however deep they nest.
    opened: list[int] = []
    asides: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")" and opened:
            start = opened.pop()
            while asides and asides[-1][0] > start:
                asides.pop()
            asides.append((start, place + 1))
    kept, end = [], 0
    for start, stop in asides:
        kept.append(text[end:start].rstrip())
        end = stop
    return "".join([*kept, text[end:]])
