"""The command that proposes what a line might ask next: suggest."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session

if TYPE_CHECKING:
    from litwatch.service.suggesting import Candidate, Suggestion, Suggestions

_WIDTH = 80
_SHOWN = 5
"""Papers of a cluster that a person is shown, unless the one cluster is asked for."""


def register(app: typer.Typer) -> None:
    app.command("suggest")(suggest)


def suggest(
    name: LineName,
    cluster: Annotated[
        int | None, typer.Option("--cluster", metavar="N", min=1, help="This one alone, with all its papers.")
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option("--draft", metavar="FILE", help="Write the cluster (or the first) as a page for add-line."),
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Name what a line's matches are about that none of its claims covers, as drafts of claims or lines."""
    from litwatch.rank.background import bundled
    from litwatch.service.drafting import draft_page, write_draft
    from litwatch.service.suggesting import suggestions

    session = Session(config)
    line = session.line(name)
    session.catch_up()
    with session.working("grouping"):
        told = suggestions(session.store, line, bundled())
    wanted = told.numbered(cluster or 1) if cluster or draft else None
    if draft and wanted:
        write_draft(draft, draft_page(line, wanted, now=session.now))
        show.note(f"Wrote {draft}; reword it, then `litwatch add-line {draft}`.")
    shown = (wanted,) if cluster and wanted else told.found
    if json:
        show.as_json([_row(each, told) for each in shown])
    elif not draft:
        _say(told, shown, whole=cluster is not None)


def _row(suggestion: Suggestion, told: Suggestions) -> dict[str, Any]:
    return {
        "cluster": suggestion.number,
        "title": suggestion.title,
        "kind": str(suggestion.kind),
        "near": suggestion.near.id if suggestion.near else None,
        "terms": list(suggestion.terms),
        "papers": [each.paper.arxiv_id for each in suggestion.papers],
        "titles": [each.paper.title for each in suggestion.papers],
        "scores": [round(each.score, 4) for each in suggestion.papers],
        "sentences": [each.sentence for each in suggestion.papers],
        "size": len(suggestion.papers),
        "cohesion": suggestion.cohesion,
        "command": f"litwatch suggest {told.line.slug} --cluster {suggestion.number} --draft FILE",
    }


def _say(told: Suggestions, shown: tuple[Suggestion, ...], *, whole: bool) -> None:
    from litwatch.service.suggesting import COVERED

    matched = (
        f"{told.uncovered} of the {told.matches} papers that match {told.line.slug} bear on none of its claims "
        f"(each scores them below {COVERED})"
    )
    if not shown:
        _wrapped(
            f"{matched}; no three of them lie near each other and apart from the rest."
            if told.matches
            else f"No paper matches {told.line.slug} yet; `litwatch poll` asks arXiv."
        )
        return
    if not whole:
        _wrapped(
            f"{matched}. What they are about, the most telling first; before each title stands its fit to the line as "
            "a whole:"
        )
    for suggestion in shown:
        _say_one(suggestion, whole=whole)
    show.say("")
    number = str(shown[0].number) if whole else "N"
    _wrapped("As a page to reword, and then to give to `litwatch add-line`:")
    show.say(f"  litwatch suggest {told.line.slug} --cluster {number} --draft FILE")


def _say_one(suggestion: Suggestion, *, whole: bool) -> None:
    from litwatch.service.drafting import span

    show.say("")
    _wrapped(", ".join(map(show.safe, suggestion.terms)), first=f"{suggestion.number}  ", rest="   ")
    first, last = span(suggestion.papers)
    kind = "large and far enough for a line of its own" if suggestion.kind == "line" else "may be a claim of this line"
    near = f"; weakly near {suggestion.near.id}" if suggestion.near else ""
    _wrapped(f"{len(suggestion.papers)} papers, {first} to {last}; {kind}{near}", first="   ", rest="   ")
    papers = suggestion.papers if whole else suggestion.papers[:_SHOWN]
    for each in papers:
        _say_paper(each, sentence=whole or each is papers[0])
    if more := len(suggestion.papers) - len(papers):
        show.say(f"   and {more} more; --cluster {suggestion.number} shows all")


def _say_paper(each: Candidate, *, sentence: bool) -> None:
    head = f"   {each.score:.2f}  "
    _wrapped(show.safe(each.paper.title), first=head, rest=" " * len(head))
    show.say(f"{' ' * len(head)}arXiv:{each.paper.arxiv_id}, {show.day(each.paper.published)}")
    if sentence and each.sentence:
        _wrapped(f'"{show.safe(each.sentence)}"', first=" " * len(head), rest=" " * len(head))


def _wrapped(text: str, *, first: str = "", rest: str = "") -> None:
    rows = wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )
    show.say("\n".join(rows))
