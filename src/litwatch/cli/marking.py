"""Commands by which a reader says what was right and useful: confirm, reject, mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, LineName
from litwatch.cli.session import Session
from litwatch.errors import LitwatchError, NotFoundError
from litwatch.model import Mark, Review, Stance

if TYPE_CHECKING:
    from pathlib import Path

    from litwatch.model import Line
    from litwatch.service.feedback import TakenUp

VerdictNumber = Annotated[
    int, typer.Argument(metavar="VERDICT", min=1, max=2**63 - 1, help="A verdict's number, as digests show it.")
]


def register(app: typer.Typer) -> None:
    app.command("confirm")(confirm)
    app.command("reject")(reject)
    app.command("mark")(mark)


def confirm(number: VerdictNumber, config: Config = None) -> None:
    """Say that a verdict is right."""
    _review(number, config, Review.CONFIRMED)


def reject(number: VerdictNumber, config: Config = None) -> None:
    """Say that a verdict is wrong."""
    _review(number, config, Review.REJECTED)


def _review(number: int, config: Path | None, review: Review) -> None:
    from litwatch.store.claims import held_claims
    from litwatch.store.verdicts import add_review, is_about, verdict_by_id

    session = Session(config)
    with session.store.read() as db:
        known = verdict_by_id(db, number)
    line = session.line_of(known.line) if known else None
    with session.store.write() as db:
        verdict = verdict_by_id(db, number)
        if verdict is None or verdict.evidence.stance is Stance.NONE:
            raise NotFoundError(f"there is no verdict {number}; `litwatch claims LINE` shows them with their numbers")
        if verdict.review is not review:
            add_review(db, number, review, now=session.now)
        held = held_claims(db, [verdict.line])[verdict.line].get(verdict.claim)
        counts = held is not None and is_about(db, number, held.claim)
    show.say(f"{review}: arXiv:{verdict.arxiv_id} {verdict.evidence.stance} {verdict.claim} of {verdict.line}")
    if not counts:
        show.say(
            f"{verdict.claim} reads otherwise now, so it does not count for its standing; "
            "`litwatch review` asks about what you confirmed before."
        )
    if line is not None:
        _take_up(session, line)


def _take_up(session: Session, line: Line) -> None:
    """Moves the line's ranking, and says what that did."""
    from litwatch.service.feedback import take_up

    show.say(_taken_up(take_up(session.store, line, session.bench.ranker, now=session.now)))


def _taken_up(taken: TakenUp) -> str:
    if not taken.opinions:
        done = "Without marks the ranking is that of the line alone"
    elif taken.wanting:
        done = f"{taken.wanting} more mark{'s' if taken.wanting > 1 else ''} and the ranking goes by them"
    else:
        done = f"The ranking goes by {taken.opinions} marks and confirmed verdicts"
    of = f" of {taken.matches} papers" if taken.matches > 1 else ""
    moved = f"{taken.moved or 'none'}{of} changed place{'s' if taken.moved > 1 else ''}"
    return f"{done}; {moved}." if taken.moved or not taken.wanting else f"{done}."


def mark(
    name: LineName,
    arxiv_id: Annotated[str, typer.Argument(metavar="ARXIV_ID")],
    verdict: Annotated[Mark, typer.Argument(metavar="useful|not|none")],
    config: Config = None,
) -> None:
    """Say that a match was useful or not; "none" takes that back."""
    from litwatch.store.matches import add_mark, line_marks
    from litwatch.store.papers import get_papers
    from litwatch.text import split_arxiv_id

    try:
        wanted, _ = split_arxiv_id(arxiv_id)
    except ValueError as error:
        raise LitwatchError(str(error)) from error
    session = Session(config)
    line = session.line(name)
    session.catch_up()
    with session.store.write() as db:
        if not get_papers(db, [wanted]):
            raise NotFoundError(f"arXiv:{wanted} is not in the store; `litwatch papers {line.slug}` shows what is")
        before = line_marks(db, line.slug).get(wanted)
        if before or verdict is not Mark.NONE:
            add_mark(db, line.slug, wanted, verdict, now=session.now)
    if verdict is not Mark.NONE:
        show.say(f"arXiv:{wanted} is marked {verdict} for {line.slug}.")
    elif before:
        show.say(f"arXiv:{wanted} is no longer marked {before} for {line.slug}.")
    else:
        show.say(f"arXiv:{wanted} has no mark for {line.slug} that could be taken back.")
        return
    _take_up(session, line)
