"""The command that makes the judge's model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session

if TYPE_CHECKING:
    from litwatch.training.examples import Example

_OWN_WEIGHT = 2.0
_EVERY = 50
"""Steps between two lines of progress."""


def register(app: typer.Typer) -> None:
    app.command("train-judge")(train_judge)


def train_judge(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the model is written.", show_default=False)],
    claims: Annotated[Path, typer.Option("--claims", metavar="DIR", help="Folder of labelled claims and inference.")],
    judged: Annotated[Path, typer.Option("--judged", metavar="DIR", help="Judged lines, for the probabilities.")],
    papers: Annotated[Path, typer.Option("--papers", metavar="STREAM", help="arXiv records, JSON lines.")],
    base: Annotated[Path, typer.Option("--base", metavar="DIR", help="all-MiniLM-L6-v2 with model.safetensors.")],
    own: Annotated[bool, typer.Option("--own", help="Learn from your own reviewed verdicts, too.")] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Make the judge's model anew from its data, and from your own verdicts; it takes hours.

    What is written into DIR is used with `judge.model = "DIR"`; what comes with litwatch stays as it is.
    """
    from litwatch.errors import DataError

    try:
        from litwatch.training.train import Sources, train
    except ModuleNotFoundError as missing:
        raise DataError(
            f"train-judge needs {missing.name}, which is not installed; run pip install 'litwatch[train]'"
        ) from missing
    examples = _own(config) if own else []
    if own:
        show.note(f"{len(examples)} of your verdicts are learned from")
    sources = Sources(claims=claims, judged=judged, papers=papers, base=base)
    found = train(sources, out, examples, say=show.note, progress=_progress)
    if json:
        show.as_json(found)
    else:
        show.say(
            f'Wrote {out}; use it with judge.model = "{out.resolve()}". On judged lines that it was not fitted on:'
        )
        for name, value in dict(found["measured"]).items():  # type: ignore[call-overload]
            show.say(f"  {name}: {value:.3f}")


def _own(config: Path | None) -> list[Example]:
    from litwatch.service.reviews import reviewed_labels
    from litwatch.training.examples import of_label, times

    session = Session(config)
    labels = reviewed_labels(session.store, session.lines)
    return times((of_label(one.claim.full_text, one.paper, one.stance, one.sentence) for one in labels), _OWN_WEIGHT)


def _progress(step: int, steps: int, loss: float) -> None:
    if step % _EVERY == 0 or step == steps:
        show.note(f"step {step} of {steps}, loss {loss:.3f}")
