"""Two research questions that assume that the regime has shifted: built by template from what is known, and no further.

They take the strongest challenges at their word, those of the window before older ones; where there are fewer than two,
they take away what the most perishable claims rest on. Each says by what it was built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litwatch.digest.wording import day, listed, quote, shorten
from litwatch.model import Claim, Durability, Stance

if TYPE_CHECKING:
    from litwatch.retest.report import Held, Report, Shown

WANTED = 2
TEMPLATE = "template"
_QUOTED = 160
_NAMED = 100


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    grounds: tuple[str, ...] = ()
    """arXiv ids without versions."""
    method: str = TEMPLATE
    """`TEMPLATE`, or the language model's as its verdicts name it."""
    because: str = ""
    """By what it was built, in words."""


def from_what_is_known(report: Report) -> tuple[Question, ...]:
    """Two; none where no claim is held."""
    against = _distinct(report.challenges)[:WANTED]
    found = [_beyond(one, report) if place == 0 else _either(one) for place, one in enumerate(against)]
    asked = {one.claim.id for one in against}
    spare = [held for held in _most_perishable(report) if held.claim.id not in asked]
    for place, held in enumerate(spare[: WANTED - len(found)]):
        found.append(_gone(held, report, against) if place == 0 else _repeated(held, against))
    if len(found) == 1:
        # A line of one claim, or of one that is marked: the same is asked from its other side.
        found.append(_either(against[0]) if against else _repeated(spare[0], against))
    return tuple(found)


def _distinct(challenges: Sequence[Shown]) -> list[Shown]:
    """The first against each claim, then the others."""
    first = {one.claim.id: one for one in reversed(challenges)}
    ahead = [one for one in challenges if first[one.claim.id] is one]
    return ahead + [one for one in challenges if one not in ahead]


def _most_perishable(report: Report) -> list[Held]:
    """The perishable claims, those first whose words say most that they are; then the durable ones."""
    claims = [*report.lasting(Durability.PERISHABLE), *report.lasting(Durability.DURABLE)]
    return sorted(claims, key=lambda held: (held.durability is Durability.DURABLE, -_weight(held)))


def _weight(held: Held) -> float:
    return sum(cue.weight for cue in held.proposal.cues if cue.side is Durability.PERISHABLE)


def _beyond(one: Shown, report: Report) -> Question:
    says = quote(one.verdict.evidence.sentence.rstrip("."), _QUOTED)
    does = "removes" if one.verdict.evidence.stance is Stance.SUPERSEDES else "refutes"
    text = (
        f"Suppose that what arXiv:{one.paper.arxiv_id} ({day(one.paper.published)}) says, "
        f"{says}, holds beyond the setting that it tested and {does} "
        f"{_named(one.claim)}: {_others(one.claim, report)}, and what would have to be measured to see it?"
    )
    return Question(text=text, grounds=(one.paper.arxiv_id,), because=_because(one))


def _either(one: Shown) -> Question:
    text = (
        f"If {_named(one.claim)} and arXiv:{one.paper.arxiv_id} ({day(one.paper.published)}) cannot both hold as they "
        "stand, for which models, data and measures does each hold, and which single comparison would decide it?"
    )
    return Question(text=text, grounds=(one.paper.arxiv_id,), because=_because(one))


def _because(one: Shown) -> str:
    what = "a challenge that you confirmed" if one.confirmed else "a candidate that nobody has confirmed"
    old = ", submitted before the window" if one.earlier else ""
    return f"built from {what}: arXiv:{one.paper.arxiv_id} against {one.claim.id}{old}"


def _gone(held: Held, report: Report, against: Sequence[Shown]) -> Question:
    cues = [cue.words for cue in held.proposal.cues if cue.side is Durability.PERISHABLE][:2]
    rests = f", which rests on {listed([f'“{words}”' for words in cues])}," if cues else ""
    text = (
        f"Suppose that the next systems put to the same test no longer show {_named(held.claim)}{rests} at all: "
        f"{_others(held.claim, report)}, and which property of those systems would explain it?"
    )
    return Question(text=text, because=_no_challenge(held, against))


def _repeated(held: Held, against: Sequence[Shown]) -> Question:
    text = (
        f"If the work behind {_named(held.claim)} were repeated with the newest systems, which result would refute it, "
        "and which would only narrow it?"
    )
    return Question(text=text, because=_no_challenge(held, against))


def _no_challenge(held: Held, against: Sequence[Shown]) -> str:
    other = "other " if against else ""
    return (
        f"built from {held.claim.id}, which is {held.durability}: no {other}paper of any date is marked against a claim"
    )


def _others(claim: Claim, report: Report) -> str:
    """ "which of c2 and c3 would still stand"."""
    others = [held.claim.id for held in report.lasting(Durability.DURABLE) if held.claim.id != claim.id]
    if len(others) == 1:
        return f"would {others[0]} still stand"
    return f"which of {listed(others, most=4)} would still stand" if others else "what of the line would still stand"


def _named(claim: Claim) -> str:
    """ "c6 (“Models trained for warmth …”)"."""
    return f"{shorten(claim.id, 20)} ({quote((claim.text or claim.title).rstrip('.'), _NAMED)})"
