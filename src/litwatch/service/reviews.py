"""What the reader said of verdicts, as labels to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litwatch.model import Claim, Line, Paper, Review, Stance
from litwatch.store.papers import get_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import line_verdicts


@dataclass(frozen=True, kw_only=True)
class Label:
    claim: Claim
    paper: Paper
    stance: Stance
    """As confirmed; NONE where the verdict was rejected."""
    sentence: str


def reviewed_labels(store: Store, lines: Sequence[Line]) -> list[Label]:
    """One for each claim as it reads now and each paper in a version that was reviewed and is still that.

    Where several methods' verdicts on a pair were reviewed, a confirmed one goes before rejected ones, and the later
    before the earlier.
    """
    found: dict[tuple[str, str, str], Label] = {}
    with store.read() as db:
        for line in lines:
            reviewed = [verdict for verdict in line_verdicts(db, line.slug, line.open_claims) if verdict.review]
            claims = {claim.id: claim for claim in line.open_claims}
            papers = {paper.arxiv_id: paper for paper in get_papers(db, {verdict.arxiv_id for verdict in reviewed})}
            for verdict in sorted(reviewed, key=lambda verdict: verdict.review is Review.CONFIRMED):
                paper = papers.get(verdict.arxiv_id)
                if paper is None or paper.version != verdict.version or paper.withdrawn:
                    continue
                confirmed = verdict.review is Review.CONFIRMED
                found[line.slug, verdict.claim, verdict.arxiv_id] = Label(
                    claim=claims[verdict.claim],
                    paper=paper,
                    stance=verdict.evidence.stance if confirmed else Stance.NONE,
                    sentence=verdict.evidence.sentence if confirmed else "",
                )
    return list(found.values())
