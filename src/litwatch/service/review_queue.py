"""What waits for the reader's word, the most useful first.

A review is worth as much as it is likely to move: the probability that the verdict is right, where confirming it would
change the claim's standing, and the probability that it is wrong, where rejecting it would. A challenge weighs twice
what a support weighs, since it is for those that the reader watches. So a mark comes before a candidate below the
threshold, and what could change nothing comes last. What was put off follows all else, the longest ago first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from litwatch import ledger
from litwatch.errors import NotFoundError
from litwatch.ledger import Fallen
from litwatch.model import Claim, Line, Mark, Paper, Review, Stance, Status, Verdict
from litwatch.service.fallen import fallen_anchors
from litwatch.store.matches import add_mark, line_marks
from litwatch.store.papers import get_papers
from litwatch.store.skips import skip, skipped
from litwatch.store.store import Db, Store
from litwatch.store.taken import taken_anew
from litwatch.store.verdicts import add_review, carry_over, line_verdicts, reworded_verdicts, verdict_by_id

_CHALLENGE_WEIGHS = 2.0
_SURELY = 1.0
"""Of a verdict that the reader confirmed when its claim read otherwise."""
_TAKEN_WEIGHS = 0.5
"""Of a paper that the reader took in, of which no verdict speaks: it moves the ranking, and no standing."""


class ItemKind(StrEnum):
    MARK = "mark"
    CANDIDATE = "candidate"
    """A verdict below the threshold of marks."""
    REWORDED = "reworded"
    """A verdict that the reader confirmed when its claim read otherwise."""
    TAKEN = "taken"
    """A paper that came in with a text (`check --take`) and was no match before."""


@dataclass(frozen=True, kw_only=True)
class Item:
    kind: ItemKind
    line: str
    paper: Paper
    claim: Claim | None = None
    """None of TAKEN alone."""
    verdict: Verdict | None = None
    """None of TAKEN alone."""
    now_stands: Status | None = None
    if_confirmed: Status | None = None
    if_rejected: Status | None = None
    worth: float
    """Expected changes of standing, challenges counted twice."""
    skipped_at: datetime | None = None

    @property
    def key(self) -> str:
        if self.verdict:
            return f"verdict/{self.verdict.id}"
        return f"paper/{self.line}/{self.paper.arxiv_id}"


def review_queue(store: Store, lines: Sequence[Line], threshold: float) -> list[Item]:
    """All that waits on these lines, the most useful first."""
    with store.read() as db:
        fallen = fallen_anchors(db, lines)
        found = [item for line in lines for item in _of_line(db, line, fallen.get(line.slug, ()), threshold)]
        put_off = skipped(db)
    items = [replace(item, skipped_at=put_off.get(item.key)) for item in found]
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[bool, float, float, str, int, str]:
    """Those put off last, longest ago first; else by worth, then the newest."""
    at = item.skipped_at.timestamp() if item.skipped_at else 0.0
    return bool(at), at, -item.worth, item.line, -(item.verdict.id if item.verdict else 0), item.paper.arxiv_id


def _of_line(db: Db, line: Line, fallen: Sequence[Fallen], threshold: float) -> list[Item]:
    verdicts = line_verdicts(db, line.slug, line.open_claims)
    of_claim: dict[str, list[Verdict]] = {claim.id: [] for claim in line.open_claims}
    for verdict in verdicts:
        of_claim[verdict.claim].append(verdict)
    of_pair: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        of_pair.setdefault((verdict.claim, verdict.arxiv_id), []).append(verdict)
    counting = {name: ledger.counted(own) for name, own in of_claim.items()}
    waiting = {name: [verdict for verdict in own if ledger.is_unread(verdict)] for name, own in counting.items()}
    again = _again(db, line, verdicts)
    taken = [one.arxiv_id for one in taken_anew(db, line.slug)]
    ids = {verdict.arxiv_id for found in (*waiting.values(), again) for verdict in found}
    papers = {paper.arxiv_id: paper for paper in get_papers(db, {*ids, *taken})}
    items = []
    for claim in line.open_claims:
        own = ledger.telling(counting[claim.id], threshold)
        stands = ledger.status_of_counted(claim, own, threshold=threshold, fallen=fallen)
        for verdict in (*waiting[claim.id], *(one for one in again if one.claim == claim.id)):
            if not papers[verdict.arxiv_id].withdrawn:
                of_paper = of_pair.get((claim.id, verdict.arxiv_id), ())
                paper = papers[verdict.arxiv_id]
                items.append(_item(claim, verdict, paper, stands, own, of_paper, fallen, threshold))
    spoken_of = {verdict.arxiv_id for verdict in verdicts if verdict.evidence.stance is not Stance.NONE}
    marked = line_marks(db, line.slug)
    items += [
        Item(kind=ItemKind.TAKEN, line=line.slug, paper=papers[arxiv_id], worth=_TAKEN_WEIGHS)
        for arxiv_id in taken
        if arxiv_id not in spoken_of and arxiv_id not in marked and not papers[arxiv_id].withdrawn
    ]
    return items


def _again(db: Db, line: Line, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What the reader confirmed under another wording, where no stance is taken and nothing reviewed under the present
    one; of each claim and paper the last."""
    known = {
        (verdict.claim, verdict.arxiv_id)
        for verdict in verdicts
        if verdict.review or verdict.evidence.stance is not Stance.NONE
    }
    reviewed = reworded_verdicts(db, line.slug, line.open_claims)
    confirmed = [verdict for verdict in reviewed if verdict.review is Review.CONFIRMED]
    last = {(verdict.claim, verdict.arxiv_id): verdict for verdict in confirmed}
    return [verdict for pair, verdict in last.items() if pair not in known]


def _item(
    claim: Claim,
    verdict: Verdict,
    paper: Paper,
    stands: Status,
    counting: Sequence[Verdict],
    of_paper: Sequence[Verdict],
    fallen: Sequence[Fallen],
    threshold: float,
) -> Item:
    """counting: what tells the claim's status (`ledger.telling`). of_paper: all on the claim and the paper."""
    reworded = verdict.review is not None
    # A word on one paper changes nothing of what counts of the others.
    others = [one for one in counting if one.arxiv_id != verdict.arxiv_id]
    beside = [one for one in of_paper if one.id != verdict.id]

    def after(review: Review) -> Status:
        own = ledger.counted([*beside, replace(verdict, review=review, reviewed_at=None)])
        return ledger.status_of_counted(claim, [*others, *own], threshold=threshold, fallen=fallen)

    if_confirmed = after(Review.CONFIRMED)
    if_rejected = stands if reworded else after(Review.REJECTED)
    chance = _SURELY if reworded else verdict.evidence.probability
    worth = chance * (if_confirmed is not stands) + (1 - chance) * (if_rejected is not stands)
    kind = ItemKind.MARK if verdict.evidence.probability >= threshold else ItemKind.CANDIDATE
    return Item(
        kind=ItemKind.REWORDED if reworded else kind,
        line=verdict.line,
        paper=paper,
        claim=claim,
        verdict=verdict,
        now_stands=stands,
        if_confirmed=if_confirmed,
        if_rejected=if_rejected,
        worth=worth * (_CHALLENGE_WEIGHS if verdict.evidence.stance.challenges else 1.0),
    )


def answer(store: Store, item: Item, review: Review, *, now: datetime) -> None:
    """Keeps the reader's word on an item. Of a verdict on an earlier wording: that it holds for the present one, or a
    rejection of that. Of a paper that was taken in: whether it is useful.

    Raises NotFoundError where the verdict is gone.
    """
    with store.write() as db:
        if item.verdict is None:
            mark = Mark.USEFUL if review is Review.CONFIRMED else Mark.NOT
            add_mark(db, item.line, item.paper.arxiv_id, mark, now=now)
            return
        number = item.verdict.id
        if item.kind is ItemKind.REWORDED and item.claim:
            number = _carried(db, item.verdict, item.claim) or carry_over(db, item.verdict, item.claim, now=now)
        known = verdict_by_id(db, number)
        if known is None:
            raise NotFoundError(f"verdict {number} is gone")
        if known.review is not review:
            add_review(db, number, review, now=now)


def _carried(db: Db, verdict: Verdict, claim: Claim) -> int | None:
    """The number of what was carried over from this verdict before, as when the reader says otherwise."""
    said = verdict.arxiv_id, verdict.version, verdict.evidence
    found = line_verdicts(db, verdict.line, [claim])
    return next((one.id for one in reversed(found) if (one.arxiv_id, one.version, one.evidence) == said), None)


def put_off(store: Store, item: Item, *, now: datetime) -> None:
    with store.write() as db:
        skip(db, item.key, now=now)
