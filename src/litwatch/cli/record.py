"""The record of polls as text of at most eighty columns: a row of numbers a poll, one below it a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from litwatch.cli.show import day, iso, safe
from litwatch.model import HarvestState

if TYPE_CHECKING:
    from litwatch.store.harvests import HarvestRecord, Question

WIDTH = 80
_LABEL = 33
_NUMBER = 9
_HEADINGS = ("requests", "declared", "received", "new", "revised")


def record_rows(records: Sequence[HarvestRecord], asked: Mapping[int, Sequence[Question]] | None) -> Iterator[str]:
    """asked: by the id of a poll, what it asked; None: the questions are not shown."""
    yield f"{'at':<22}{'state':<{_LABEL - 22}}" + "".join(f"{name:>{_NUMBER}}" for name in _HEADINGS)
    for record in records:
        if asked is not None and record is not records[0]:
            yield ""
        yield _numbers(f"{iso(record.at):<22}{record.state}", record)
        yield from _below(states(record))
        yield from _below(record.reason)
        for question in asked[record.id] if asked is not None else ():
            yield from _asked(question)
    if asked is not None:
        yield ""
        yield from wrap(_verdict([asked[record.id] for record in records]), WIDTH)


def states(record: HarvestRecord) -> str:
    """ "fresh: cs.AI, cs.CL; stalled: cs.GL"."""
    found: dict[HarvestState, list[str]] = {}
    for one in record.categories:
        found.setdefault(one.state, []).append(one.category)
    return safe("; ".join(f"{state}: {', '.join(found[state])}" for state in HarvestState if state in found))


def _asked(question: Question) -> Iterator[str]:
    """What was asked, with the numbers beside it where they have room; else they stand under it, by its window."""
    what = wrap(f"  {question.source:<4} {safe(question.what)}", WIDTH, subsequent_indent=" " * 7)
    window = f"       {_window(question)}".rstrip()
    if not window and len(what[-1]) < _LABEL:
        window = what.pop()
    yield from what
    yield _numbers(window, question)
    if not question.whole:
        yield from _below(f"not whole: {question.reason or 'not all of it came'}", inset=7)


def _numbers(label: str, counted: HarvestRecord | Question) -> str:
    numbers = (counted.requests, counted.declared, counted.received, counted.new, counted.revised)
    return f"{label:<{_LABEL}}" + "".join(f"{number:>{_NUMBER},}" for number in numbers)


def _below(text: str, inset: int = 2) -> list[str]:
    return wrap(safe(text), WIDTH, initial_indent=" " * inset, subsequent_indent=" " * (inset + 2))


def _window(question: Question) -> str:
    """ "2025-11-10 to 2025-11-18"; "" where the question had none."""
    start, end = question.window_start, question.window_end
    if start and end:
        return f"{day(start)} to {day(end)}"
    if start:
        return f"since {day(start)}"
    return f"until {day(end)}" if end else ""


def _verdict(polls: Sequence[Sequence[Question]]) -> str:
    """Whether what arXiv declared and what came agree, in each poll."""
    questions = [question for asked in polls for question in asked]
    if not questions:
        return "No question is on record."
    broken = sum(not question.whole for question in questions)
    if broken:
        which = f"Of {len(questions):,} questions, {broken:,} {'was' if broken == 1 else 'were'} not answered whole"
    else:
        which = "The one question was" if len(questions) == 1 else f"All {len(questions):,} questions were"
        which += " answered whole"
    if all(map(_agrees, polls)):
        return f"{which}; in the end, what arXiv declared is what came."
    return f"{which}; not all that arXiv declared is known to have come."


def _agrees(asked: Sequence[Question]) -> bool:
    """Whether all that a poll asked was answered whole in the end.

    A count that found papers missing is followed by the papers and by a count that says how it stands then; what
    broke off may have been asked again.
    """
    last: dict[tuple[object, ...], Question] = {}
    for question in asked:
        subject = question.source, question.what.removesuffix(", again"), question.window_start, question.window_end
        if question.whole or not (subject in last and last[subject].whole):
            last[subject] = question
    return all(question.whole and question.received >= question.declared for question in last.values())
