"""What the parts of a harvest share: the services, where papers go, and the record of every question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from litwatch.errors import HarvestError
from litwatch.harvest.api import SearchApi
from litwatch.harvest.oai import OaiApi
from litwatch.harvest.plan import category_query, is_news
from litwatch.harvest.rss import RssApi
from litwatch.harvest.session import Service
from litwatch.model import Cursor, Paper
from litwatch.service.anchors import keep_anchor_changes, keep_standing_withdrawals
from litwatch.store.cursors import get_cursors, save_cursors
from litwatch.store.harvests import Question, add_question
from litwatch.store.papers import harvested_ids, save_papers
from litwatch.store.store import Db, Store

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Services:
    """arXiv's three ways of saying what there is, over one session."""

    api: SearchApi
    oai: OaiApi
    rss: RssApi

    @property
    def requests(self) -> int:
        """Sent so far, to all three."""
        return self.api.session.asked

    def on_request(self, call: Callable[[], None]) -> None:
        """Has `call` called with every request, as a sign of life: before its turn is waited for, and when it came."""
        self.api.session.on_request = call

    def close(self) -> None:
        self.api.session.close()


@dataclass(kw_only=True)
class Tally:
    """A question under way: what arXiv declared so far, and what came."""

    declared: int = 0
    received: int = 0
    new: int = 0
    revised: int = 0
    short: str = ""
    """What did not come although every answer was whole; "" where nothing is missing."""


@dataclass(frozen=True, kw_only=True)
class Records:
    """What the search API gave of some ids."""

    papers: tuple[Paper, ...] = ()
    unread: tuple[str, ...] = ()
    """Those whose record is no good."""


@dataclass(kw_only=True)
class Asking:
    """One harvest at `now`. What it receives is kept at once; whatever stops it, nothing received is lost."""

    store: Store
    services: Services
    harvest: int
    """Its number in the record."""
    anchors: Collection[str]
    """Ids of the papers that lines rest on: what becomes of them is noted."""
    watched: frozenset[str]
    """The categories of all lines."""
    now: datetime
    progress: Progress
    asked: list[Question] = field(default_factory=list)
    came: Counter[str] = field(default_factory=Counter)
    """By category, how many papers came that were new to it."""
    _parts_left: int = 3
    """How many answers may still be asked for again by halves."""
    given: str | None = None
    """The id of a paper that the search API gave in this harvest."""

    @contextmanager
    def question(
        self,
        source: Service,
        what: str,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        counts: bool = True,
    ) -> Iterator[Tally]:
        """Records what is asked within, also when it fails. counts: False for what asks how many, not for papers."""
        self.progress(what)
        tally, before = Tally(), self.services.requests
        try:
            yield tally
        except HarvestError as error:
            tally.short = str(error)
            raise
        finally:
            question = Question(
                source=source.value,
                what=what,
                window_start=start,
                window_end=end,
                requests=self.services.requests - before,
                declared=max(tally.declared, tally.received),
                received=tally.received,
                new=tally.new,
                revised=tally.revised,
                whole=not tally.short,
                reason=tally.short,
            )
            with self.store.write() as db:
                add_question(db, self.harvest, question)
            self.asked.append(question if counts else replace(question, declared=0, received=0))

    def by_id(self, ids: Sequence[str]) -> Records:
        """The records of these ids. One bad record spoils an answer: where arXiv answers otherwise, it is found by
        halves, in few requests a harvest; what is left is unread.

        Raises HarvestError where arXiv cannot be asked.
        """
        api = self.services.api
        try:
            # An empty answer is asked again: arXiv gives it now and then for what has results.
            papers = tuple(api.by_id(ids) or api.by_id(ids))
        except HarvestError:
            if not self._answers():
                raise
            if len(ids) == 1 or self._parts_left <= 0:
                return Records(unread=tuple(ids))
            self._parts_left -= 1
            middle = len(ids) // 2
            one, other = self.by_id(ids[:middle]), self.by_id(ids[middle:])
            return Records(papers=one.papers + other.papers, unread=one.unread + other.unread)
        self.given = papers[0].arxiv_id if papers else self.given
        return Records(papers=papers)

    def _answers(self) -> bool:
        """Whether the search API answers another question. Raises HarvestError where it does not."""
        return self.services.api.count(category_query(sorted(self.watched))) > 0

    def sums(self) -> tuple[int, int]:
        """How many papers arXiv declared and how many came, over all questions that asked for papers.

        What broke off and was asked again counts with what came of it: the rest is in the later question.
        """
        again = {_subject(question) for question in self.asked if question.whole}
        declared = sum(
            question.received if not question.whole and _subject(question) in again else question.declared
            for question in self.asked
        )
        return declared, sum(question.received for question in self.asked)

    def keep(
        self, db: Db, papers: Sequence[Paper], tally: Tally, *, news: bool = True, listed_since: date | None = None
    ) -> None:
        """Stores papers, inside the transaction that moves what they move, and counts what that did.

        news: whether new ones are news of their categories, as those of a search backwards are not. listed_since:
        where papers were listed because they changed, an anchor announced before that, or in no watched category,
        stays one that is not ranked.
        """
        resting = []
        if listed_since and (anchors := [paper for paper in papers if paper.arxiv_id in self.anchors]):
            met = harvested_ids(db, [paper.arxiv_id for paper in anchors])
            resting = [
                paper
                for paper in anchors
                if paper.arxiv_id not in met
                and not (is_news(paper.published.date(), listed_since) and self.watched.intersection(paper.categories))
            ]
        saved = save_papers(db, [paper for paper in papers if paper not in resting], now=self.now, revive=not news)
        tally.new += saved.new
        tally.revised += saved.revised
        keep_anchor_changes(db, saved.moved, self.anchors, now=self.now)
        self.keep_anchors(db, resting)
        if news and saved.added:
            came = Counter(category for paper in saved.added for category in dict.fromkeys(paper.categories))
            self.came.update(came)
            # With the papers, not at the end: a harvest that is broken off brought them all the same.
            self.move(db, list(came), lambda cursor: replace(cursor, news_at=self.now))

    def keep_anchors(self, db: Db, papers: Sequence[Paper]) -> None:
        """Stores papers that lines rest on; they are no news."""
        saved = save_papers(db, papers, now=self.now, harvested=False)
        keep_anchor_changes(db, saved.moved, self.anchors, now=self.now)
        keep_standing_withdrawals(db, [paper.arxiv_id for paper in papers], now=self.now)

    def move(self, db: Db, categories: Sequence[str], moved: Callable[[Cursor], Cursor]) -> None:
        """Moves the cursors of these categories, inside the transaction that keeps what they move past."""
        cursors = get_cursors(db, categories)
        save_cursors(db, {category: moved(cursor) for category, cursor in cursors.items()})


def _subject(question: Question) -> tuple[str, str, datetime | None, datetime | None]:
    return question.source, question.what, question.window_start, question.window_end
