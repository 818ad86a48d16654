"""How `papers --explain` answers: where a paper's score comes from, for a script or a person."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from litwatch.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from litwatch.model import Line
    from litwatch.service.explaining import Explanation, Feedback

_WIDTH = 80
_INDENT, _LABEL = 6, 10
_NEAR = 4
"""Claims that a person is shown besides the best."""


def as_row(explained: Explanation) -> dict[str, Any]:
    match, feedback = explained.match, explained.feedback
    return {
        "claim": match.claim or None,
        "claims": [[claim, round(score, 4)] for claim, score in match.claim_scores],
        "terms": [[term, round(share, 4)] for term, share in match.terms],
        "semantic": round(explained.semantic, 4),
        "feedback": {
            "before": round(feedback.before, 4),
            "after": round(feedback.after, 4),
            "shift": feedback.shift,
            "terms": [[term, part] for term, part in feedback.terms],
            "opinions": feedback.opinions,
        },
    }


def say(explained: Explanation, line: Line) -> None:
    for label, told in _rows(explained, line):
        rows = wrap(show.safe(told), _WIDTH - _INDENT - _LABEL) or [""]
        for place, row in enumerate(rows):
            show.say(f"{'':{_INDENT}}{label if place == 0 else '':{_LABEL}}{row}")


def _rows(explained: Explanation, line: Line) -> Iterator[tuple[str, str]]:
    match = explained.match
    scores = dict(match.claim_scores)
    claim = line.claim(match.claim) if match.claim else None
    if claim is not None:
        yield "claim", f"{claim.id} ({scores.get(claim.id, 0.0):.2f}): {claim.text}"
    if others := [f"{each} {score:.2f}" for each, score in match.claim_scores if each != match.claim]:
        more = f", and {len(others) - _NEAR} more" if len(others) > _NEAR else ""
        yield "also near", ", ".join(others[:_NEAR]) + more
    if match.terms:
        shares = ", ".join(f"{term} {share:.0%}" for term, share in match.terms)
        yield "words", f"{1 - explained.semantic:.0%} of the score; of that {shares}"
    if explained.semantic:
        yield "meaning", f"{explained.semantic:.0%} of the score"
    yield from _feedback(explained.feedback)


def _feedback(feedback: Feedback) -> Iterator[tuple[str, str]]:
    given = f"{feedback.opinions} opinion{'' if feedback.opinions == 1 else 's'} of yours"
    if not feedback.shift and not feedback.terms:
        none = "none on this line yet" if not feedback.opinions else f"{given}: no part in it"
        yield "feedback", none
        return
    before, after = _apart(feedback.before, feedback.after)
    yield "feedback", f"{before} before, {after} after {given}"
    if up := _pulls([(term, part) for term, part in feedback.terms if part > 0]):
        yield "", f"up: {up}"
    if down := _pulls([(term, part) for term, part in feedback.terms if part < 0]):
        yield "", f"down: {down}"


def _apart(before: float, after: float) -> tuple[str, str]:
    """Two scores with as many digits as it takes to tell them apart, two to six."""
    pairs = [(f"{before:.{digits}f}", f"{after:.{digits}f}") for digits in range(2, 7)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def _pulls(terms: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{term} {part:+.2f}" for term, part in terms)
