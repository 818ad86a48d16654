"""Commands that measure: evaluate by the reader's own marks; evaluate retrieval, lines, stance on labelled data."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session, parse_moment

if TYPE_CHECKING:
    from litwatch.evaluate.peers import Method
    from litwatch.model import Paper
    from litwatch.rank.meaning import Meaning

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The labelled data.")]
Dump = Annotated[
    Path | None, typer.Option("--dump", metavar="OUT", help="Write rankings or verdicts into this folder.")
]

Peers = Annotated[bool, typer.Option("--peers/--no-peers", help="Measure other tools' methods beside ours.")]

Model = Annotated[
    Path | None, typer.Option("--model", metavar="DIR", help="A judge's model that train-judge wrote; else ours.")
]

_THRESHOLD = 0.5
_LEAST_IS_BEST = {"calibration_error"}
_SHORT = {"average_precision": "AP", "calibration_error": "calibration", "precision@10": "P@10"}


def register(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True)
    group.callback()(own)
    group.command("retrieval")(retrieval)
    group.command("lines")(lines)
    group.command("stance")(stance)
    app.add_typer(group, name="evaluate")


def own(
    context: typer.Context,
    name: Annotated[str | None, typer.Option("--line", metavar="LINE", help="Only this line.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only what was told then or later.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Measure ranking by your own marks on what was told: precision, its drift, recall.

    With a command: measure ranking and judging on labelled data.
    """
    if context.invoked_subcommand:
        if name or since or json or config:
            raise typer.BadParameter(f"options go behind the command: evaluate {context.invoked_subcommand} …")
        return
    from litwatch.cli.quality import say_quality
    from litwatch.evaluate.own import own_report
    from litwatch.store.quality import told_papers

    session = Session(config)
    slugs = [line.slug for line in session.lines]
    wanted = [session.line(name).slug] if name else slugs
    moment = parse_moment(since, "--since") if since is not None else None
    with session.store.read() as db:
        rows = told_papers(db, slugs)
    report = own_report(wanted, rows, floor=session.config.rank.floor, since=moment)
    if json:
        show.as_json(report.as_json())
    else:
        say_quality(report)


def retrieval(folder: Folder, dump: Dump = None, peers: Peers = True, json: Json = False) -> None:
    """Measure ranking on a folder in BEIR form (corpus.jsonl, queries.jsonl, qrels/test.tsv)."""
    from litwatch.evaluate.retrieval import evaluate_retrieval
    from litwatch.rank.meaning import Meaning
    from litwatch.service.poll import make_ranker

    meaning = Meaning()
    over = partial(_peers, meaning) if peers else None
    report = evaluate_retrieval(folder, make_ranker(0.0, meaning), dump=dump, peers=over)
    _answer(report.as_json(), json)


def lines(
    folder: Folder,
    papers: Annotated[Path, typer.Option("--papers", metavar="STREAM", help="arXiv records, JSON lines.")],
    dump: Dump = None,
    peers: Peers = True,
    model: Model = None,
    json: Json = False,
) -> None:
    """Measure ranking and marking on judged lines (lines.jsonl, judgments.jsonl)."""
    from litwatch.evaluate.judges import other_judges
    from litwatch.evaluate.lines import evaluate_lines
    from litwatch.rank.meaning import Meaning
    from litwatch.rank.ranker import FLOOR
    from litwatch.service.poll import make_judge, make_ranker

    meaning = Meaning()
    judge = make_judge(_THRESHOLD, model=model).judge
    report = evaluate_lines(
        folder,
        papers,
        make_ranker(FLOOR, meaning),
        judge,
        threshold=_THRESHOLD,
        dump=dump,
        peers=partial(_peers, meaning) if peers else None,
        judges=partial(other_judges, threshold=_THRESHOLD) if peers else None,
    )
    _answer(report.as_json(), json)


def stance(folder: Folder, dump: Dump = None, peers: Peers = True, model: Model = None, json: Json = False) -> None:
    """Measure stance on a folder in SciFact form (claims.jsonl, corpus.jsonl)."""
    from litwatch.evaluate.judges import other_sides
    from litwatch.evaluate.stance import evaluate_stance
    from litwatch.service.poll import make_judge

    judges = other_sides() if peers else ()
    judge = make_judge(_THRESHOLD, model=model)
    _answer(evaluate_stance(folder, judge, dump=dump, judges=judges).as_json(), json)


def _peers(meaning: Meaning, papers: Sequence[Paper], looked_at: Collection[str]) -> Iterator[Method]:
    """Other tools' methods, each named on the terminal while it is at work: they take a minute together."""
    from litwatch.evaluate.peers import peer_methods

    with show.spinner("ranking as others do") if sys.stderr.isatty() else nullcontext(lambda _: None) as working:
        for method in peer_methods(papers, looked_at, semantics=meaning):
            working(f"ranking as others do: {method.name}")
            yield method


def _answer(report: dict[str, Any], json: bool) -> None:
    if json:
        show.as_json(report)
        return
    peers, judges = report.pop("peers", ()), report.pop("judges", ())
    for name, value in report.items():
        if isinstance(value, dict):
            show.say(f"{name}: " + ", ".join(f"{key} {_figure(figure)}" for key, figure in value.items()))
        elif isinstance(value, list):
            show.say(f"{name}:")
            for row in value:
                show.say("  " + ", ".join(f"{key} {_figure(v)}" for key, v in row.items() if not isinstance(v, dict)))
        else:
            show.say(f"{name}: {_figure(value)}")
    if peers:
        _table(report, peers)
    if judges:
        _table(_flat(report), judges)


def _flat(report: dict[str, Any]) -> dict[str, Any]:
    """Our figures under the names that other judges' have."""
    if "challenges" in report:
        return dict(report["challenges"])
    return {**report, **{f"{side}_f1": report[side]["f1"] for side in ("supports", "contradicts")}}


def _table(ours: dict[str, Any], others: Sequence[dict[str, Any]]) -> None:
    """Our figures first, then the others', best first; the best of each measure has a star."""
    names = [name for name in others[0] if name not in ("method", "says", "difference")]
    best = {name: (min if name in _LEAST_IS_BEST else max)(row[name] for row in (ours, *others)) for name in names}
    rows = [
        (
            row.get("method", "litwatch"),
            *(_figure(row[name]) + ("*" if row[name] == best[name] else " ") for name in names),
            *(("{value:+.3f} [{low:+.3f}, {high:+.3f}]".format(**row["difference"]),) if "difference" in row else ()),
        )
        for row in (ours, *others)
    ]
    headings = [_SHORT.get(name, name) for name in names]
    ahead = (f"litwatch ahead in {headings[0]}, 95 %",) if "difference" in others[0] else ()
    width = 1 + len(names) + len(ahead)
    show.table(("method", *headings, *ahead), [row + ("",) * (width - len(row)) for row in rows])


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
