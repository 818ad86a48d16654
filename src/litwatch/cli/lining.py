"""Commands on lines: init, add-line, lines, show, pause, resume, remove."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session
from litwatch.errors import ConfigError, PageError

if TYPE_CHECKING:
    from litwatch.lines.edits import Added
    from litwatch.lines.page import PageReading

_MOST_BYTES = 4_000_000
"""Read no more of a page than this: the reader of pages refuses half of it already."""


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("add-line")(add_line)
    app.command("lines")(lines)
    app.command("show")(show_line)
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("remove")(remove)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; here if not given.")] = Path(),
) -> None:
    """Write litwatch.toml and watchlists/, never over a file."""
    from litwatch.config import FILE_NAME, TEMPLATE

    target = folder / FILE_NAME
    try:
        (folder / "watchlists").mkdir(parents=True, exist_ok=True)
        if target.exists():
            show.say(f"{target} is there already and stays as it is.")
            return
        with target.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written ({error.strerror}); name a folder of yours") from error
    show.say(f"Wrote {target} and {folder / 'watchlists'}/.")
    show.say("Next: `litwatch add-line PAGE`, then `litwatch poll --backfill`, then `litwatch digest`.")


def add_line(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…|-", help="Pages (text, Markdown, HTML) or YAML.")
    ] = None,
    question: Annotated[str | None, typer.Option("--question", help="A question, instead of a page.")] = None,
    claim: Annotated[list[str] | None, typer.Option("--claim", help="A claim about it; may be repeated.")] = None,
    categories: Annotated[
        str | None, typer.Option("--categories", metavar="cs.CL,cs.AI", help="arXiv categories to watch.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Read a page, a watchlist file or plain words; write watchlists/SLUG.yaml and say what was found."""
    if bool(files) == bool(question):
        raise typer.BadParameter("give either pages to read or --question TEXT with --claim TEXT")
    if claim and files:
        raise typer.BadParameter("--claim goes with --question, not with a page")
    named = tuple(part.strip() for part in (categories or "").split(",") if part.strip())
    _check_categories(named)
    session = Session(config)
    pages = [_read_words(question, claim or [])] if question else [_read(name) for name in files or []]
    folder = session.config.watchlist_folder
    answers = []
    for page in pages:
        added = _put(page, folder, named)
        answers.append(_answer(added))
        if not json:
            _say_added(added, answers[-1])
    if json:
        show.as_json(answers[0] if len(answers) == 1 else answers)


def _read_words(question: str, claims: list[str]) -> PageReading:
    from litwatch.lines.page import line_from_words

    return line_from_words(question, claims)


def _read(name: str) -> PageReading | Path:
    """A page as read, or the path of a watchlist file that was found to be one."""
    from litwatch.lines.page import read_page
    from litwatch.lines.watchlist import load_line

    if name == "-":
        return read_page(sys.stdin.buffer.read(_MOST_BYTES), name="-")
    path = Path(name)
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            load_line(path)
            return path
        with path.open("rb") as file:
            return read_page(file.read(_MOST_BYTES), name=path.name)
    except OSError as error:
        raise PageError(f"{name}: cannot be read ({error.strerror})") from error


def _put(page: PageReading | Path, folder: Path, named: tuple[str, ...]) -> Added:
    """Writes the line's file. Its categories: those named, else the page's, else those that its words suggest."""
    from litwatch.lines.categories import propose_categories
    from litwatch.lines.edits import add_file, add_line, edit_line

    try:
        if isinstance(page, Path):
            added = add_file(page, folder)
        else:
            chosen = named or page.line.categories or propose_categories(page.line)
            added = add_line(replace(page.line, categories=chosen), folder)
            added = replace(added, warnings=(*page.warnings, *added.warnings))
        line = added.line
        wanted = named or line.categories or propose_categories(line)
        if wanted != line.categories:
            added = replace(added, line=edit_line(added.path, categories=wanted), changed=True)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written ({error.strerror}); see watchlists.path") from error
    if added.line.categories:
        return added
    warning = "no category fits its words: name some with --categories, or nothing new will be fetched for it"
    return replace(added, warnings=(*added.warnings, warning))


def _check_categories(names: tuple[str, ...]) -> None:
    import re

    for name in names:
        if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2,}(?:-[a-z]+)*)?", name):
            raise typer.BadParameter(f"--categories: {name!r} is no arXiv category; they look like cs.CL or math.CO")


def _answer(added: Added) -> dict[str, Any]:
    line = added.line
    return {
        "line": line.slug,
        "question": line.question,
        "claims": len(line.open_claims),
        "anchors": len(line.anchors),
        "categories": list(line.categories),
        "warnings": list(added.warnings),
        "path": str(added.path),
        "changed": added.changed,
    }


def _say_added(added: Added, answer: dict[str, Any]) -> None:
    line = added.line
    linked = sum(len(claim.findings) for claim in line.claims)
    show.say(f"{line.slug}" if added.changed else f"{line.slug} (nothing changed)")
    show.say(f"  question    {show.safe(line.question)}")
    show.say(f"  claims      {answer['claims']}" + (f", {linked} dated findings among them" if linked else ""))
    show.say(f"  anchors     {answer['anchors']}")
    show.say(f"  categories  {', '.join(line.categories) or 'none'}")
    show.say(f"  written to  {answer['path']}")
    for warning in answer["warnings"]:
        show.warn(f"{line.slug}: {warning}")


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
    from litwatch.service.reading import anchor_rows, standings

    session = Session(config)
    line = session.line(name)
    row = next(row for row in _line_rows(session) if row["line"] == line.slug)
    stands = standings(session.store, line, session.config.judge.threshold)
    anchors = anchor_rows(session.store, line)
    if json:
        claims = [
            {
                "id": claim.id,
                "title": claim.title,
                "text": claim.text,
                "kind": str(claim.kind),
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
                "claims": claims,
                "anchors": [
                    {"arxiv_id": a.arxiv_id, "title": a.title, "state": str(a.state), "found_title": a.found_title}
                    for a in anchors
                ],
            }
        )
        return
    show.say(show.safe(line.question))
    show.say(f"{line.slug}, {'active' if line.active else 'paused'}, {', '.join(line.categories) or 'no categories'}\n")
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
    session = Session(config)
    line = session.line(name)
    path = session.path_of(line)
    target = path.parent / "removed" / path.name
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    try:
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be moved to {target.parent} ({error.strerror})") from error
    show.say(f"{line.slug} is removed; its file is {target} now, and what was found for it stays in the store.")
