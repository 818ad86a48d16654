"""How commands tell marks in lines for a terminal: in the words of a digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from litwatch.cli import show
from litwatch.digest import marks
from litwatch.digest.wording import quote
from litwatch.model import Claim, Review, TakenBack, Track, Verdict

_HOW = "`litwatch confirm VERDICT` and `litwatch reject VERDICT` take its number."
_WIDTH = 80


def head(claim: Claim, verdict: Verdict) -> str:
    """ "Candidate: likely contradicts c2 (probability 0.71)"; of what the reader rejected, that."""
    if verdict.review is Review.REJECTED:
        evidence = verdict.evidence
        return f"{evidence.stance} {claim.id} · rejected by you (probability {marks.figure(evidence.probability)})"
    return marks.badge(claim, verdict, verdict.line)


def grounds(verdict: Verdict, other: Verdict | None, tracks: Sequence[Track]) -> Iterator[str]:
    """The sentence, the reason, and what else there is to know of a mark."""
    said = verdict.evidence.sentence
    below = (quote(said), marks.because(verdict), marks.beside(verdict, other), marks.near(verdict, tracks))
    return filter(None, below)


def taken_back(back: TakenBack) -> Iterator[str]:
    """What stands of a mark that a language model took back: first a heading."""
    yield marks.unmarked(back, back.verdict.line)
    yield from marks.both(back)
    yield marks.how_to_restore(back)


def say(rows: Iterable[str], inset: str) -> None:
    for row in rows:
        show.say(f"{inset}{row}")


def say_record(shown: Iterable[Verdict], tracks: Sequence[Track]) -> None:
    """Below all marks, where one of them is a candidate: what that is, and how often such marks proved right."""
    if any(verdict.review is None for verdict in shown):
        said = " ".join(filter(None, (marks.CANDIDATES, _HOW, marks.record(tracks))))
        show.say("\n".join(("", *wrap(said, _WIDTH, break_on_hyphens=False))))
