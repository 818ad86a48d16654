"""Commands that re-test a line: retest, prompt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json, LineName
from litwatch.cli.session import Session
from litwatch.errors import ConfigError

if TYPE_CHECKING:
    from litwatch.model import Line
    from litwatch.retest.report import Report

_FORMS = (".html", ".md", ".txt", ".json")
_TEXTS = (".md", ".txt")


def register(app: typer.Typer) -> None:
    app.command("retest")(retest)
    app.command("prompt")(prompt)


def retest(
    name: LineName,
    months: Annotated[float, typer.Option("--months", min=0.25, max=120, help="How far back work counts as new.")] = 6,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it as .html, .md, .txt or .json.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Show it as Markdown.")] = False,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Ask no language model for questions, even where one is configured.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Report how each claim stands, what speaks against it, what is durable and what perishable."""
    if out and out.suffix.lower() not in _FORMS:
        raise typer.BadParameter(f"--out: the file's ending says its form; use one of {', '.join(_FORMS)}")
    if json and markdown:
        raise typer.BadParameter("choose one of --json and --markdown")
    session = Session(config)
    line = session.line(name)
    session.catch_up()
    report = _with_questions(session, _report(session, line, months), ask=not no_model)
    if out:
        _write(out, _form(report, out.suffix.lower()))
    if json:
        print(_form(report, ".json"))
    elif markdown:
        show.say(_form(report, ".md").rstrip("\n"))
    elif not out:
        show.say(_form(report, ".txt").rstrip("\n"))


def _report(session: Session, line: Line, months: float = 6) -> Report:
    from litwatch.service.retest import retest as gather
    from litwatch.service.second_opinions import asks_of

    settings = session.config
    asks = asks_of(settings.judge)
    return gather(
        session.store,
        line,
        threshold=settings.judge.threshold,
        floor=settings.rank.floor,
        asked=asks.method if asks else "",
        months=months,
        now=session.now,
    )


def _with_questions(session: Session, report: Report, *, ask: bool) -> Report:
    from litwatch.retest.questions import from_what_is_known

    built = from_what_is_known(report)
    judge = session.config.judge
    if not ask or judge.method != "llm":
        return replace(report, questions=built)
    from litwatch.service.language_model import make_language_model
    from litwatch.service.proposals import propose
    from litwatch.service.second_opinions import budget_of

    model = make_language_model(judge.llm)
    with session.working("asking for questions"):
        said = propose(session.store, report, model, budget_of(judge), name=judge.llm.model, now=session.now)
    return replace(report, questions=said.questions or built, remark=said.remark)


def _form(report: Report, form: str) -> str:
    if form == ".json":
        from litwatch.retest.content import content

        return show.json_text(content(report), indent=2)
    if form == ".html":
        from litwatch.retest import html

        return html.render(report)
    if form == ".md":
        from litwatch.retest import markdown

        return markdown.render(report)
    from litwatch.retest import plain

    return plain.render(report)


def prompt(
    name: LineName,
    tokens: Annotated[
        int, typer.Option("--tokens", min=100, max=10_000_000, help="At most so many, by a count that is no less.")
    ] = 4000,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it as .md or .txt.")] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Write a research prompt for any language model, with what is known of the line now."""
    from litwatch.retest.prompt import NoRoom
    from litwatch.retest.prompt import prompt as compose

    if out and out.suffix.lower() not in _TEXTS:
        raise typer.BadParameter(f"--out: a prompt is text; use one of {', '.join(_TEXTS)}")
    session = Session(config)
    line = session.line(name)
    session.catch_up()
    from litwatch.service.proposals import giving_orders

    report = _report(session, line)
    made = compose(report, budget=tokens, suspicious=giving_orders(report))
    if isinstance(made, NoRoom):
        raise ConfigError(
            f"the claims of {line.slug} and the task alone take {made.least:,} tokens by litwatch's count, and "
            f"{tokens:,} are given: use --tokens {made.least} or more"
        )
    if out:
        _write(out, made.text)
    if json:
        show.as_json(
            {
                "line": line.slug,
                "tokens": made.tokens,
                "budget": made.budget,
                "left_out": {
                    "fresh": made.left_out.fresh,
                    "evidence": made.left_out.evidence,
                    "findings": made.left_out.findings,
                    "anchors": made.left_out.anchors,
                },
                "prompt": made.text,
            }
        )
    elif not out:
        show.say(made.text.rstrip("\n"))


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    show.note(f"wrote {out}")
