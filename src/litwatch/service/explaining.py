"""Why a paper has the score that it has on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litwatch.model import Line, Match, Paper
from litwatch.rank.feedback import pulls, shift_between
from litwatch.rank.ranker import Ranker
from litwatch.service.feedback import Said
from litwatch.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What the reader's opinions did to a score."""

    before: float
    """The score without them."""
    after: float
    shift: float
    """What its logit moved by."""
    terms: tuple[tuple[str, float], ...]
    """(term, what it adds to the logit), strongest first: by what the opinions come to now."""
    opinions: int
    """That the line has; they may be too few to act."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    match: Match
    feedback: Feedback

    @property
    def semantic(self) -> float:
        """Share of the score without feedback that meaning has beside shared words, 0 to 1."""
        return self.match.semantic


def explain(
    store: Store, line: Line, found: Sequence[tuple[Match, Paper]], ranker: Ranker, *, now: datetime
) -> list[Explanation]:
    """Of each of these matches of the line, in their order."""
    with store.read() as db:
        said = Said.read(db, [line])
    opinions = len(said.opinions.get(line.slug, ()))
    leaning = said.leanings([line], ranker, now=now).get(line.slug)
    explained = []
    for match, paper in found:
        before = match.score if match.base is None else match.base
        acted = leaning is not None and match.base is not None
        feedback = Feedback(
            before=before,
            after=match.score,
            shift=round(shift_between(before, match.score), 4),
            terms=pulls(leaning, paper, ranker.background) if leaning is not None and acted else (),
            opinions=opinions,
        )
        explained.append(Explanation(match=match, feedback=feedback))
    return explained
