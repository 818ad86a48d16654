"""Commands that measure: evaluate retrieval, lines, stance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Json

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The labelled data.")]
Dump = Annotated[
    Path | None, typer.Option("--dump", metavar="OUT", help="Write rankings or verdicts into this folder.")
]

_THRESHOLD = 0.5


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Measure ranking and judging on labelled data.")
    group.command("retrieval")(retrieval)
    group.command("lines")(lines)
    group.command("stance")(stance)
    app.add_typer(group, name="evaluate")


def retrieval(folder: Folder, dump: Dump = None, json: Json = False) -> None:
    """Measure ranking on a folder in BEIR form (corpus.jsonl, queries.jsonl, qrels/test.tsv)."""
    from litwatch.evaluate.retrieval import evaluate_retrieval
    from litwatch.service.poll import make_ranker

    _answer(evaluate_retrieval(folder, make_ranker(0.0), dump=dump).as_json(), json)


def lines(
    folder: Folder,
    papers: Annotated[Path, typer.Option("--papers", metavar="STREAM", help="arXiv records, JSON lines.")],
    dump: Dump = None,
    json: Json = False,
) -> None:
    """Measure ranking and marking on judged lines (lines.jsonl, judgments.jsonl)."""
    from litwatch.evaluate.lines import evaluate_lines
    from litwatch.rank.ranker import FLOOR
    from litwatch.service.poll import make_judge, make_ranker

    judge = make_judge(_THRESHOLD).judge
    report = evaluate_lines(folder, papers, make_ranker(FLOOR), judge, threshold=_THRESHOLD, dump=dump)
    _answer(report.as_json(), json)


def stance(folder: Folder, dump: Dump = None, json: Json = False) -> None:
    """Measure stance on a folder in SciFact form (claims.jsonl, corpus.jsonl)."""
    from litwatch.evaluate.stance import evaluate_stance
    from litwatch.service.poll import make_judge

    _answer(evaluate_stance(folder, make_judge(_THRESHOLD), dump=dump).as_json(), json)


def _answer(report: dict[str, Any], json: bool) -> None:
    if json:
        show.as_json(report)
        return
    for name, value in report.items():
        if isinstance(value, dict):
            show.say(f"{name}: " + ", ".join(f"{key} {_figure(figure)}" for key, figure in value.items()))
        elif isinstance(value, list):
            show.say(f"{name}:")
            for row in value:
                show.say("  " + ", ".join(f"{key} {_figure(v)}" for key, v in row.items() if not isinstance(v, dict)))
        else:
            show.say(f"{name}: {_figure(value)}")


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
