"""The command that grounds an answer which came back: check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import PageError

if TYPE_CHECKING:
    from litwatch.grounding.judged import Grounded
    from litwatch.model import Line
    from litwatch.service.taking import TakenIn


def register(app: typer.Typer) -> None:
    app.command("check")(check)


def check(
    name: Annotated[str, typer.Argument(metavar="FILE|-", help="A text that cites arXiv papers.")],
    take: Annotated[
        str | None, typer.Option("--take", metavar="LINE", help="Make matches of the line of what is grounded.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Ground a text: look up every arXiv id in it, hold titles, years and quotations against the papers."""
    from litwatch.grounding.citations import citations_of
    from litwatch.grounding.judged import State
    from litwatch.service.grounding import ground_all

    session = Session(config)
    try:
        citations = citations_of(_read(name))
    except ValueError as error:
        raise PageError(f"{name}: {error}") from None
    line = session.line(take) if take is not None else None
    watched = {category for each in session.lines for category in each.categories} if citations else set()
    with session.working("looking papers up"):
        grounded = ground_all(
            session.store, citations, lambda: session.services, watched=frozenset(watched), now=session.now
        )
    taken = _take(session, line, grounded, name) if line else ()
    if json:
        rows = [_row(one) for one in grounded]
        show.as_json([row | {"taken": one.taken} for row, one in zip(rows, taken, strict=True)] if line else rows)
    else:
        _say(grounded, name)
        if line and grounded:
            _say_taken(taken, line, session.config.rank.floor)
    if not grounded:
        raise typer.Exit(3)
    unchecked = [one for one in grounded if one.state is State.UNCHECKED]
    if unchecked:
        ids = "1 id" if len(unchecked) == 1 else f"{len(unchecked)} ids"
        show.note(f"{ids} could not be looked up, which says nothing against them ({unchecked[0].reason})")
    if not all(one.well for one in grounded):
        raise typer.Exit(1)


def _read(name: str) -> str:
    """The text of the file, or of standard input. Raises PageError where it cannot be read or is none."""
    from litwatch.lines.blocks import LARGEST, decode

    if name == "-":
        if sys.stdin is None:
            raise PageError("-: standard input is closed; name a text file, or give - something to read")
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise PageError(f"{name}: cannot be read ({error.strerror}); name a text file, or - for input") from error
    if not data.strip():
        raise PageError(f"{name}: the text is empty; give the answer that is to be checked")
    return decode(data, name=name)


def _take(session: Session, line: Line, grounded: Sequence[Grounded], name: str) -> tuple[TakenIn, ...]:
    """Takes in what is grounded without a problem, and has it judged as any match is."""
    from litwatch.grounding.judged import State
    from litwatch.service.taking import TakenIn, take_in

    session.catch_up()
    source = "standard input" if name == "-" else Path(name).name
    well = [one for one in grounded if one.well]
    taken = iter(take_in(session.store, line, well, session.bench.ranker, source=source, now=session.now))
    told = tuple(
        next(taken)
        if one.well
        else TakenIn(arxiv_id=one.arxiv_id, refusal=one.problems[0] if one.state is State.FOUND else one.state.value)
        for one in grounded
    )
    if any(one.fresh for one in told):
        session.catch_up()
    return told


def _row(one: Grounded) -> dict[str, Any]:
    citation, paper = one.citation, one.paper
    return {
        "arxiv_id": one.arxiv_id,
        "state": one.state.value,
        "title": paper.title if paper else None,
        "cited_title": one.cited_title or None,
        "version": paper.version if paper else None,
        "cited_versions": list(citation.versions),
        "published": paper.published if paper else None,
        "cited_years": list(citation.years),
        "withdrawn": paper.withdrawn if paper else None,
        "quotes": list(citation.quotes),
        "compared": list(citation.said),
        "problems": list(one.problems),
        "lines": list(citation.lines),
        "url": f"https://arxiv.org/abs/{one.arxiv_id}" if citation.possible else None,
    }


def _by_id_alone(one: Grounded) -> bool:
    """Whether it is grounded, and the text gives nothing that could be held against the paper."""
    return one.well and set(one.citation.said) <= {"version"}


def _say(grounded: Sequence[Grounded], name: str) -> None:
    if not grounded:
        show.say(f"{show.safe(name)} cites no arXiv id: nothing in it is grounded in a paper.")
        return
    for one in grounded:
        rows = ", ".join(map(str, one.citation.lines[:5])) + (", …" if len(one.citation.lines) > 5 else "")
        where = "line" if len(one.citation.lines) == 1 else "lines"
        show.say(f"{one.state.value:<14} {one.arxiv_id}  ({where} {rows})")
        if one.paper:
            show.say(f"               {show.safe(one.paper.title)} ({one.paper.published:%Y})")
            if _by_id_alone(one):
                show.say("               cited by its id alone: no title, year or quotation to compare")
        elif one.cited_title:
            show.say(f"               cited as {show.safe(one.cited_title)}")
        for problem in one.problems:
            show.say(f"             ! {show.safe(problem)}")
    well = sum(one.well for one in grounded)
    alone = sum(map(_by_id_alone, grounded))
    papers = "paper" if len(grounded) == 1 else "papers"
    by_id = f", {alone} of them by {'its' if alone == 1 else 'their'} id alone" if alone else ""
    rest = "" if well == len(grounded) else "; see the rest above"
    show.say(f"{well} of {len(grounded)} cited {papers} grounded{by_id}{rest}.")


def _say_taken(taken: Sequence[TakenIn], line: Line, floor: float) -> None:
    show.say("")
    for one in taken:
        if not one.taken:
            show.say(f"not taken  {one.arxiv_id}  {show.safe(one.refusal)}")
            continue
        match = one.match
        score = f"score {match.score:.2f}, " + (match.claim or "no claim") if match else ""
        if match and match.score < floor:
            score += f"; below the floor of {floor:g}: it is a match by your word alone"
        show.say(f"{'taken' if one.fresh else 'already':<10} {one.arxiv_id}  {score}")
    if any(one.fresh for one in taken):
        asks = f"`litwatch review {line.slug}` asks about them"
        show.say(f"They are matches of {line.slug} now, and claims of nothing; {asks}.")
