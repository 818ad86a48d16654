"""Commands on the lines that there are: lines, show, pause, resume, remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session
from litwatch.errors import ConfigError

if TYPE_CHECKING:
    from litwatch.model import Line
    from litwatch.service.reading import AnchorRow


def register(app: typer.Typer) -> None:
    app.command("lines")(lines)
    app.command("show")(show_line)
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("remove")(remove)


def lines(json: Json = False, config: Config = None) -> None:
    """List every line with its counts and when it is told next."""
    session = Session(config)
    rows = _line_rows(session)
    if json:
        show.as_json(rows)
        return
    if not rows:
        show.say("No lines yet: `litwatch add-line PAGE` adds one.")
        return
    for row in rows:
        counts = ", ".join(
            (
                _count(row["claims"], "claim"),
                _count(row["anchors"], "anchor"),
                _count(row["matches"], "match"),
                f"{row['contradictions']:,} with a likely challenge",
            )
        )
        due = f"next digest {row['next_digest']}" if row["next_digest"] else "told on no channel"
        show.say(f"{row['line']}{'' if row['active'] else ' (paused)'}")
        show.say(f"    {show.safe(row['question'])}")
        show.say(f"    {counts}; {due}")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 'es' if what.endswith('ch') else 's'}"


def _line_rows(session: Session) -> list[dict[str, Any]]:
    from litwatch.service.reading import line_counts, next_digest

    session.catch_up()
    counts = line_counts(session.store, session.lines, session.config.judge.threshold)
    schedules = {name: channel.schedule for name, channel in session.config.channels.items()}
    rows = []
    for line in session.lines:
        due = next_digest(line, session.channels, schedules, now=session.now)
        rows.append(
            {
                "line": line.slug,
                "question": line.question,
                "claims": len(line.open_claims),
                "anchors": len(line.anchors),
                "matches": counts[line.slug].matches,
                "contradictions": counts[line.slug].challenges,
                "active": line.active,
                "next_digest": show.iso(due) if due else None,
            }
        )
    return rows


def show_line(name: LineName, json: Json = False, config: Config = None) -> None:
    """Show one line: its claims with their standing, its anchors with their state."""
    from litwatch.service.reading import anchor_rows, standings, whole_since

    session = Session(config)
    line = session.line(name)
    row = next(row for row in _line_rows(session) if row["line"] == line.slug)
    stands = standings(session.store, line, session.config.judge.threshold)
    anchors = anchor_rows(session.store, line)
    breadth = _breadth(session, line)
    if json:
        claims = [
            {
                "id": claim.id,
                "title": claim.title,
                "text": claim.text,
                "kind": str(claim.kind),
                "durability": str(claim.durability) if claim.durability else None,
                "status": str(stands[claim.id].status),
            }
            for claim in line.claims
        ]
        show.as_json(
            {
                **row,
                "about": line.about,
                "categories": list(line.categories),
                "path": str(session.path_of(line)),
                "breadth": breadth or None,
                "whole_since": whole_since(session.store, line.categories),
                "claims": claims,
                "anchors": [_anchor(row) for row in anchors],
            }
        )
        return
    show.say(show.safe(line.question))
    show.say(f"{line.slug}, {'active' if line.active else 'paused'}, {', '.join(line.categories) or 'no categories'}")
    if breadth:
        show.say(show.safe(breadth))
    show.say("")
    show.table(
        ("id", "claim", "standing"),
        [(claim.id, claim.title or claim.text, str(stands[claim.id].status)) for claim in line.claims],
        wide=1,
    )
    if anchors:
        show.say("")
        titles = [a.title if not a.found_title else f"{a.title} (arXiv says: {a.found_title})" for a in anchors]
        rows = [(a.arxiv_id, title, str(a.state)) for a, title in zip(anchors, titles, strict=True)]
        show.table(("anchor", "title", "state"), rows, wide=1)
        _say_changes(anchors)


def _breadth(session: Session, line: Line) -> str:
    """Whether it is too broad or too narrow, by what came of late, and before enough did by the bundled sample."""
    from litwatch.service.breadth import breadth_beforehand, breadth_found

    ranker, top = session.bench.ranker, session.config.rank.top
    found = breadth_found(session.store, [line], ranker, top=top, now=session.now)
    return found[line.slug] if line.slug in found else breadth_beforehand(line, ranker, top=top)


def _anchor(row: AnchorRow) -> dict[str, Any]:
    from litwatch.digest.content import anchor_change

    paper = row.paper
    return {
        "arxiv_id": row.arxiv_id,
        "title": row.title,
        "state": str(row.state),
        "found_title": row.found_title,
        "version": paper.version if paper else None,
        "withdrawn": paper.withdrawn if paper else None,
        "journal_ref": paper.journal_ref if paper else None,
        "doi": paper.doi if paper else None,
        "changes": [anchor_change(change) for change in row.changes],
    }


def _say_changes(anchors: Sequence[AnchorRow]) -> None:
    """What became of the anchors, oldest first; nothing where nothing did."""
    from litwatch.digest import anchors as wording
    from litwatch.digest.difference import in_words

    changes = [change for row in anchors for change in row.changes]
    if changes:
        show.say("\nChanges of anchors:")
    for change in sorted(changes, key=lambda change: change.at):
        show.say(f"{show.day(change.at)}  arXiv:{change.arxiv_id}. {show.safe(wording.change(change))}")
        for said in in_words(wording.rows(change)):
            show.say(f"            {show.safe(said)}")


def pause(name: LineName, config: Config = None) -> None:
    """Stop polling, judging and telling a line; its file says `active: false`."""
    _set_active(name, config, active=False)


def resume(name: LineName, config: Config = None) -> None:
    """Take a paused line up again; what was stored meanwhile is ranked for it."""
    _set_active(name, config, active=True)


def _set_active(name: str, config: Path | None, *, active: bool) -> None:
    from litwatch.lines.edits import edit_line

    session = Session(config)
    line = session.line(name)
    if line.active == active:
        show.say(f"{line.slug} is {'active' if active else 'paused'} already.")
        raise typer.Exit(3)
    try:
        edit_line(session.path_of(line), active=active)
    except OSError as error:
        raise ConfigError(f"{session.path_of(line)}: cannot be written ({error.strerror})") from error
    show.say(f"{line.slug} is {'active again' if active else 'paused'}.")


def remove(name: LineName, config: Config = None) -> None:
    """Take a line out of the watch: its file moves to watchlists/removed/, what was found for it stays."""
    from litwatch.lines.removed import set_aside

    session = Session(config)
    line = session.line(name)
    path = session.path_of(line)
    try:
        target = set_aside(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be moved to removed/ beside it ({error.strerror})") from error
    show.say(f"{line.slug} is removed; its file is {target} now, and what was found for it stays in the store.")
    show.say("The same question added again brings it back.")
