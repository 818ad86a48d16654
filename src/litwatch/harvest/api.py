"""Asking arXiv's search API through the `arxiv` package, page by page, until all that it declared is here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import arxiv

from litwatch.errors import HarvestError
from litwatch.harvest.feeds import (
    LONGEST_ABSTRACT,
    LONGEST_NAME,
    LONGEST_REMARK,
    LONGEST_TITLE,
    MOST_AUTHORS,
    categories_of,
)
from litwatch.harvest.session import BoundedSession
from litwatch.harvest.withdrawal import says_withdrawn
from litwatch.model import Paper, utc
from litwatch.text import split_arxiv_id, squeeze

PAGE_SIZE = 2000
RESULT_LIMIT = 30_000
"""arXiv lists no more of one result set."""
IDS_AT_ONCE = 250
"""Ids asked for in one request: an address of some 3 kB."""


class TooManyResultsError(HarvestError):
    """More than arXiv lists in one result set: ask for less at once."""


@dataclass(frozen=True, kw_only=True)
class Page:
    papers: tuple[Paper, ...]
    declared: int
    """How many results arXiv says the whole query has."""


class SearchApi:
    """The search API at `url`, over a bounded session."""

    def __init__(self, url: str, session: BoundedSession) -> None:
        self.session = session
        self._client = arxiv.Client(page_size=PAGE_SIZE, delay_seconds=0, num_retries=0)
        self._client.query_url_format = url + "?{}"
        self._client._session = session

    def submitted(self, query: str, *, newest_first: bool = False) -> Iterator[Page]:
        """All papers of a query by their submission; ends only when every declared one was received.

        Raises HarvestError when arXiv cannot be asked or its pages do not add up, TooManyResultsError when the
        query has more than RESULT_LIMIT.
        """
        order = arxiv.SortOrder.Descending if newest_first else arxiv.SortOrder.Ascending
        for attempt in (1, 2):
            seen: set[str] = set()
            declared = 0
            for page in self._pages(query, order):
                declared = page.declared
                if declared > RESULT_LIMIT:
                    raise TooManyResultsError(f"a query has {declared} results, more than arXiv lists")
                seen.update(paper.arxiv_id for paper in page.papers)
                yield page
            if len(seen) >= declared:
                return
            # Papers that appear while we page push others over a page's edge: ask once more.
            if attempt == 2:
                raise HarvestError(f"arXiv declared {declared} papers and {len(seen)} different ones arrived")

    def count(self, query: str) -> int:
        """How many results arXiv declares for a query."""
        search = arxiv.Search(query=query, max_results=1)
        client = arxiv.Client(page_size=1, delay_seconds=0, num_retries=0)
        client.query_url_format, client._session = self._client.query_url_format, self.session
        list(client.results(search))
        return self.session.declared

    def by_id(self, ids: Sequence[str]) -> list[Paper]:
        """The papers with these ids, in their newest version; an id that arXiv does not know has none."""
        found: list[Paper] = []
        for start in range(0, len(ids), IDS_AT_ONCE):
            search = arxiv.Search(id_list=list(ids[start : start + IDS_AT_ONCE]), max_results=None)
            found += map(as_paper, self._client.results(search))
        return found

    def _pages(self, query: str, order: arxiv.SortOrder) -> Iterator[Page]:
        by = arxiv.SortCriterion.SubmittedDate
        search = arxiv.Search(query=query, max_results=None, sort_by=by, sort_order=order)
        start, declared = 0, 1
        while start < min(declared, RESULT_LIMIT):
            # One page at a time, so that each can be kept before the next is asked for.
            papers = tuple(map(as_paper, islice(self._client.results(search, offset=start), PAGE_SIZE)))
            declared = self.session.declared
            yield Page(papers=papers, declared=declared)
            start += PAGE_SIZE


def as_paper(result: arxiv.Result) -> Paper:
    """One entry of a feed as our value. Raises HarvestError when its id is none of arXiv's."""
    try:
        arxiv_id, version = split_arxiv_id(result.entry_id)
    except ValueError as error:
        raise HarvestError(f"arXiv sent an entry with an id of no known form: {error}") from error
    comment = squeeze(result.comment or "")[:LONGEST_REMARK]
    abstract = squeeze(result.summary)[:LONGEST_ABSTRACT]
    return Paper(
        arxiv_id=arxiv_id,
        version=version or 1,
        title=squeeze(result.title)[:LONGEST_TITLE],
        abstract=abstract,
        authors=tuple(squeeze(author.name)[:LONGEST_NAME] for author in result.authors[:MOST_AUTHORS]),
        categories=categories_of(result.categories),
        primary_category=next(iter(categories_of([result.primary_category])), ""),
        published=utc(result.published),
        updated=utc(result.updated),
        comment=comment,
        doi=squeeze(result.doi or "")[:LONGEST_REMARK],
        journal_ref=squeeze(result.journal_ref or "")[:LONGEST_REMARK],
        withdrawn=says_withdrawn(comment, abstract),
    )
