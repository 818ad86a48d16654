"""Commands that begin: init, add-line."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import ConfigError, PageError

if TYPE_CHECKING:
    from litwatch.lines.edits import Added
    from litwatch.lines.page import PageReading


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("add-line")(add_line)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; here if not given.")] = Path(),
) -> None:
    """Write litwatch.toml and watchlists/, never over a file."""
    from litwatch.config import FILE_NAME, TEMPLATE

    target = folder / FILE_NAME
    try:
        (folder / "watchlists").mkdir(0o755, parents=True, exist_ok=True)
        if target.exists():
            show.say(f"{target} is there already and stays as it is.")
            return
        # The owner's alone from the beginning: a channel's url, which may be written into it, is a secret.
        private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(private, "w", encoding="utf-8") as file:
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
    called: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What a new line is called, as empathy-depth.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Read a page, a watchlist file or plain words; write watchlists/SLUG.yaml and say what was found."""
    if bool(files) == bool(question):
        raise typer.BadParameter("give either pages to read or --question TEXT with --claim TEXT")
    if claim and files:
        raise typer.BadParameter("--claim goes with --question, not with a page")
    if called is not None and len(files or []) > 1:
        raise typer.BadParameter("--name is for one line; add the pages one by one")
    named, called = _checked(categories or "", called)
    session = Session(config)
    pages = [_read_words(question, claim or [])] if question else [_read(name) for name in files or []]
    answers = []
    for page in pages:
        added = _with_breadth(session, _put(session, page, named, called))
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
    from litwatch.lines.blocks import LARGEST
    from litwatch.lines.page import read_page
    from litwatch.lines.watchlist import load_line

    if name == "-":
        return read_page(sys.stdin.buffer.read(LARGEST + 1), name="-")
    path = Path(name)
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            load_line(path)
            return path
        with path.open("rb") as file:
            return read_page(file.read(LARGEST + 1), name=path.name)
    except OSError as error:
        raise PageError(f"{name}: cannot be read ({error.strerror})") from error


def _put(session: Session, page: PageReading | Path, named: tuple[str, ...], called: str | None) -> Added:
    """Writes the line's file. Its categories: those named, else the page's, else those that its words suggest."""
    from litwatch.lines.categories import propose_categories
    from litwatch.lines.edits import add_file, add_line, edit_line

    folder = session.config.watchlist_folder
    try:
        if isinstance(page, Path):
            added = add_file(page, folder, name=called, used=session.used_ids)
        else:
            chosen = named or page.line.categories or propose_categories(page.line)
            line = replace(page.line, categories=chosen)
            added = add_line(line, folder, name=called, used=session.used_ids)
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


def _with_breadth(session: Session, added: Added) -> Added:
    """With a warning where the line is too broad or too narrow, and one of claims that lean on its question."""
    from litwatch.service.breadth import breadth_beforehand, leaning_beforehand

    said = breadth_beforehand(added.line, session.bench.ranker, top=session.config.rank.top)
    return replace(added, warnings=(*added.warnings, *filter(None, (said, leaning_beforehand(added.line)))))


def _checked(categories: str, called: str | None) -> tuple[tuple[str, ...], str | None]:
    """The categories and the name that a reader gives; wrong usage where one of them is none."""
    from litwatch.lines.names import category, line_name

    try:
        named = tuple(category(part.strip()) for part in categories.split(",") if part.strip())
    except ValueError as error:
        raise typer.BadParameter(f"--categories: {error}") from None
    try:
        return named, None if called is None else line_name(called)
    except ValueError as error:
        raise typer.BadParameter(f"--name: {error}") from None


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
