"""What a digest is composed of: the papers that have a chance to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from litwatch import ledger
from litwatch.digest.compose import Candidate
from litwatch.model import DigestKind, Reviewed, Verdict
from litwatch.service.second_opinions import Budget
from litwatch.store.claims import claim_digest
from litwatch.store.matches import StoredMatch
from litwatch.store.papers import get_papers
from litwatch.store.reviewed import reviewed_challenges
from litwatch.store.second_opinions import awaited, pause_now
from litwatch.store.spending import month_of, spent
from litwatch.store.store import Db
from litwatch.store.untold import Untold, best, challenging, matches_with
from litwatch.store.verdicts import verdicts_on

_SECOND_OPINION = timedelta(hours=1)
"""So long an alert waits at most for what a language model says of a mark."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    candidates: tuple[Candidate, ...] = ()
    beyond: dict[str, int] = field(default_factory=dict)
    """By slug, how many papers there are besides; as `compose` takes it."""
    reviewed: tuple[Reviewed, ...] = ()
    """What marks are held against; as `compose` takes it."""


def choose(
    db: Db,
    untold: Untold,
    kind: DigestKind,
    top: int,
    *,
    last: datetime | None,
    now: datetime | None = None,
    budget: Budget | None = None,
) -> Chosen:
    """Of what is untold all that `compose` can have a place for: the likely challenges and, but for an alert, the
    `top` of each line. An alert leaves out for a while what a language model is about to be asked of.

    last: up to when the channel's digests told; what was found since is fresh. now: None where nothing is to wait.
    budget: what a month of asking a language model may take; None for no bound.
    """
    alert = kind is DigestKind.ALERT
    ids = challenging(db, untold, reworded=not alert)
    beyond: dict[str, int] = {}
    if not alert:
        rest = best(db, untold, top, told_until=last)
        ids, beyond = ids.union(rest.ids), dict(rest.beyond)
    candidates = candidates_of(db, untold, matches_with(db, untold, ids), last)
    if alert and now is not None and candidates:
        waiting = _waiting(db, untold, candidates, budget, now=now)
        candidates = [one for one in candidates if one.paper.arxiv_id not in waiting]
    reviewed = reviewed_challenges(db) if candidates else []
    return Chosen(candidates=tuple(candidates), beyond=beyond, reviewed=tuple(reviewed))


def _waiting(
    db: Db, untold: Untold, candidates: Sequence[Candidate], budget: Budget | None, *, now: datetime
) -> set[str]:
    """Ids of the papers all of whose marks are the default judge's, given just now, and not yet looked at by the
    language model that will be asked, nor by the reader. None while it cannot be asked."""
    if pause_now(db, now=now):
        return set()
    used = spent(db, month_of(now))
    claims = {(line.slug, claim.id): claim for line in untold.lines for claim in line.open_claims}
    papers = {one.paper.arxiv_id: one.paper for one in candidates}
    open_ = awaited(db, {one.paper.arxiv_id for one in candidates})
    marks: dict[str, list[Verdict]] = {}
    for one in candidates:
        marked = [verdict for verdict in ledger.counted(one.verdicts) if ledger.is_marked(verdict, untold.threshold)]
        marks.setdefault(one.paper.arxiv_id, []).extend(marked)

    def waits(mark: Verdict) -> bool:
        claim = claims[mark.line, mark.claim]
        if not timedelta() <= now - mark.at < _SECOND_OPINION:
            return False
        if mark.review is not None or mark.evidence.by_language_model:
            return False
        if (mark.line, mark.claim, claim_digest(claim), mark.arxiv_id, mark.version) not in open_:
            return False
        return budget is None or (used + budget.bound(claim, papers[mark.arxiv_id])).fits(budget.most)

    return {arxiv_id for arxiv_id, of_paper in marks.items() if of_paper and all(map(waits, of_paper))}


def candidates_of(db: Db, untold: Untold, found: Sequence[StoredMatch], last: datetime | None) -> list[Candidate]:
    """The same with all that is known about each, in the same order."""
    ids = {item.match.arxiv_id for item in found}
    papers = {paper.arxiv_id: paper for paper in get_papers(db, ids)}
    verdicts: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts_on(db, untold.lines, ids):
        verdicts.setdefault((verdict.line, verdict.arxiv_id), []).append(verdict)
    return [
        Candidate(
            match=item.match,
            paper=papers[item.match.arxiv_id],
            verdicts=tuple(verdicts.get((item.match.line, item.match.arxiv_id), ())),
            fresh=last is None or item.found_at > last,
        )
        for item in found
    ]
