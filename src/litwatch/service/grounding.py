"""What an answer cites, looked up: in the store first, the rest at arXiv, in few requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from litwatch.errors import HarvestError
from litwatch.grounding.citations import Citation
from litwatch.grounding.ids import canonical
from litwatch.grounding.judged import Grounded, Known, ground_each
from litwatch.harvest.api import IDS_AT_ONCE
from litwatch.harvest.feeds import RefusedError
from litwatch.harvest.plan import category_query
from litwatch.model import Paper
from litwatch.service.asking import Services
from litwatch.store.papers import get_papers, newest_id, older_texts
from litwatch.store.store import Db, Store

_SURELY_LISTED = timedelta(days=4)
"""Since it was seen: what OAI-PMH brought of late the search API may not know yet."""
_PARTS = 8
"""So often an answer that one bad record spoils is asked for by halves."""
_ANYWHERE = ("astro-ph.GA", "cs.AI", "cs.CL", "cs.LG", "hep-th", "math.CO")
"""Categories that surely have papers, where no line watches any."""


def ground_all(
    store: Store,
    citations: Sequence[Citation],
    services: Callable[[], Services],
    *,
    watched: Collection[str],
    now: datetime,
) -> tuple[Grounded, ...]:
    """Each citation judged by what the store has of its paper, or else arXiv. Nothing is stored.

    services: called where arXiv has to be asked. watched: the categories of the lines. arXiv is asked of papers that
    the store does not have, or without their text, or in a version before the one cited. What it could not be asked of
    is told as unchecked: nothing is called missing that was not looked up.
    """
    with store.read() as db:
        known = _stored(db, citations)
        wanted = [one for one in citations if one.possible and not _suffices(known.get(canonical(one.arxiv_id)), one)]
        canary = newest_id(db, seen_before=now - _SURELY_LISTED, but_for=[one.arxiv_id for one in wanted])
    if wanted:
        lookup = _Lookup(services=services(), watched=watched, canary=canary)
        for name, found in lookup.of([canonical(one.arxiv_id) for one in wanted]).items():
            before = known.get(name, Known())
            # What the store has is worth more than no answer.
            known[name] = replace(found, paper=found.paper or before.paper, earlier=before.earlier)
    # An id that can be none is no paper that has a quotation.
    known |= {canonical(one.arxiv_id): Known() for one in citations if not one.possible}
    return ground_each(citations, known)


def _stored(db: Db, citations: Sequence[Citation]) -> dict[str, Known]:
    """By canonical id."""
    ids = {name for one in citations if one.possible for name in (one.arxiv_id, canonical(one.arxiv_id))}
    found = {}
    for paper in get_papers(db, ids):
        texts = older_texts(db, paper.arxiv_id)
        earlier = tuple(replace(paper, title=text.title, abstract=text.abstract) for text in texts)
        found[canonical(paper.arxiv_id)] = Known(paper=paper, earlier=earlier)
    return found


def _suffices(known: Known | None, citation: Citation) -> bool:
    paper = known.paper if known else None
    return paper is not None and paper.has_text and all(version <= paper.version for version in citation.versions)


@dataclass(kw_only=True)
class _Lookup:
    """Asking arXiv's search API of ids."""

    services: Services
    watched: Collection[str]
    canary: str | None
    """A paper that arXiv surely has: an answer without it says nothing of what it lacks."""
    found: dict[str, Known] = field(default_factory=dict)
    """By canonical id."""
    unreachable: str = ""
    """Why arXiv is asked no more."""
    answered: bool = False
    """Whether it answered a question that has results."""
    parts_left: int = _PARTS

    def of(self, ids: Sequence[str]) -> dict[str, Known]:
        for start in range(0, len(ids), IDS_AT_ONCE - 1):
            self._ask(ids[start : start + IDS_AT_ONCE - 1], self.canary)
        return self.found

    def _ask(self, ids: Sequence[str], canary: str | None) -> None:
        if self.unreachable:
            self._leave(ids, self.unreachable)
            return
        try:
            papers = self._given(ids, canary)
        except HarvestError as error:
            if isinstance(error, RefusedError) and len(ids) == 1:
                # It counts against the id only where arXiv refuses nothing else now.
                self.answered = False
            if self._answers(error):
                self._halves(ids, error)
            else:
                self._leave(ids, self.unreachable)
            return
        by_name = {canonical(paper.arxiv_id): paper for paper in papers}
        whole = (canonical(canary) in by_name) if canary else (bool(papers) or self._answers(None))
        reason = "" if whole else self.unreachable or "arXiv's answer was not whole"
        for name in map(canonical, ids):
            self.found[name] = Known(paper=by_name.get(name), asked=whole, reason=reason)

    def _given(self, ids: Sequence[str], canary: str | None) -> list[Paper]:
        """Asked again where the answer is empty, or lacks the canary: arXiv gives such now and then."""
        asked = [*ids, canary] if canary else list(ids)
        papers = self.services.api.by_id(asked)
        if not papers or (canary and canary not in {paper.arxiv_id for paper in papers}):
            papers = [*papers, *self.services.api.by_id(asked)]
        return papers

    def _halves(self, ids: Sequence[str], error: HarvestError) -> None:
        if len(ids) == 1 and isinstance(error, RefusedError):
            self.found[canonical(ids[0])] = Known()
        elif len(ids) == 1 or self.parts_left <= 0:
            self._leave(ids, str(error))
        else:
            self.parts_left -= 1
            middle = len(ids) // 2
            self._ask(ids[:middle], None)
            self._ask(ids[middle:], None)

    def _answers(self, error: HarvestError | None) -> bool:
        """Whether the search API answers a question that has results; notes where it does not."""
        if not self.answered:
            try:
                self.answered = self.services.api.count(category_query(sorted(self.watched or _ANYWHERE))) > 0
                self.unreachable = "" if self.answered else str(error or "arXiv's search API knows of no papers at all")
            except HarvestError as trouble:
                self.unreachable = str(trouble)
        return self.answered

    def _leave(self, ids: Sequence[str], reason: str) -> None:
        for arxiv_id in ids:
            self.found[canonical(arxiv_id)] = Known(asked=False, reason=reason)
