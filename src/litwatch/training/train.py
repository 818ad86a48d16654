"""The judge's model made from its data.

The one that comes with litwatch was made from the same data in more steps, which docs/judging.md tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryFile

from litwatch.errors import DataError
from litwatch.evaluate.lines import JudgedLine, read_judged
from litwatch.evaluate.records import read_stream
from litwatch.judge.cross_encoder import read_cross_encoder
from litwatch.judge.trained_judge import CALIBRATION_FILE, MODEL_FILE
from litwatch.judge.weighing import Logit
from litwatch.model import Paper
from litwatch.training.calibration import calibrated, judged_pairs, topical
from litwatch.training.examples import Example, cited_claims, inference, judged_lines, trials
from litwatch.training.fitting import Progress, Stage, fit
from litwatch.training.network import Network, begin_with, export

# General inference first: many short pairs, by lot from each set where a number stands.
_INFERENCE: Mapping[str, int | None] = {
    "mnli_train15k": None,
    "mnli_dev_matched": None,
    "taxinli_mnli": None,
    "snli_dev": None,
    "snli_test": None,
    "wanli_15k": None,
    "cad_nli": None,
    "negation_nli": None,
    "fever_sup_ref": None,
    "fever_nei_matched": None,
    "fever_symmetric": None,
    "scitail_devtest": 2000,
    "conjnli_adv15k": 2500,
    "conjnli_dev": None,
    "breaking_nli": 3000,
    "disco_e2n_n2c": 5000,
    "wice_claims": None,
    "ambient_disamb": None,
    "help_monotonicity": 2500,
    "med": 2000,
    "scone_monli": None,
    "fragments_logic": 1500,
}
# Some of them beside the claims, so that what was learned of inference is kept.
_KEPT: Mapping[str, int | None] = {
    "mnli_train15k": 2500,
    "wanli_15k": 2500,
    "fever_sup_ref": 1200,
    "negation_nli": None,
}
_TRIALS = 1200
_SCIFACT = 2
"""Times that each of them is read."""
# Other people's claims count for less than those of inquiring lines.
_OTHER, _GENERAL = 0.7, 0.5
FIRST = Stage(rate=1.5e-4, batch=48, passes=2, warm=150, seed=7)
SECOND = Stage(rate=1e-4, batch=24, seed=11)


@dataclass(frozen=True, kw_only=True)
class Sources:
    claims: Path
    """Folder with nli/, scifact/, citint/ and evidence-inference/."""
    judged: Path
    """Judged lines, to fit the probabilities on: the network does not see them."""
    papers: Path
    """arXiv records, JSON lines, with the papers of the bundled and of the judged lines."""
    base: Path
    """Folder of all-MiniLM-L6-v2 with model.safetensors."""


def train(
    sources: Sources,
    target: Path,
    own: Sequence[Example] = (),
    *,
    say: Callable[[str], None] = lambda _: None,
    progress: Progress = lambda *_: None,
) -> dict[str, object]:
    """Writes model.onnx and calibration.json into `target`; gives what calibration.json holds.

    own: the reader's own verdicts. The same sources give the same model on the same machine and library. Raises
    DataError for sources that are missing or not of their form, before anything is written.
    """
    papers = {paper.arxiv_id: paper for paper in read_stream(sources.papers)}
    measured = _measured(sources, papers)
    general = _inference(sources.claims, _INFERENCE, seed=1, weight=1.0)
    special = claims_and_lines(sources.claims, papers) + list(own)
    words = by_words(papers)
    network = Network()
    begin_with(network, sources.base)
    _make(target)
    say(f"general inference: {len(general):,} pairs")
    fit(network, general, FIRST, progress)
    say(f"claims and lines: {len(special):,} pairs")
    fit(network, special, SECOND, progress)
    export(network, target / MODEL_FILE)
    say("probabilities: on the judged lines")
    encoder = read_cross_encoder((target / MODEL_FILE).read_bytes())
    found = calibrated(list(judged_pairs(measured, papers, encoder)), words)
    (target / CALIBRATION_FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def _measured(sources: Sources, papers: Mapping[str, Paper]) -> list[JudgedLine]:
    lines = read_judged(sources.judged)
    if missing := sorted({name for line in lines for name in line.relevance} - papers.keys()):
        raise DataError(f"{sources.papers} lacks {len(missing)} of the judged papers, first {missing[0]}")
    if sum(1 for line in lines if line.challenges) < 2:
        raise DataError(f"{sources.judged}: two lines with challenges are needed to fit probabilities on")
    return lines


def _make(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=target):
            pass
    except OSError as fault:
        raise DataError(f"{target} cannot be written: {fault.strerror}; name another folder with --out") from fault


def claims_and_lines(claims: Path, papers: Mapping[str, Paper]) -> list[Example]:
    """What the second stage learns from: claims on cited abstracts and the lines that come with litwatch."""
    bundled = resources.files("litwatch.training") / "lines"
    with resources.as_file(bundled) as folder:
        lines = [example for _, example in judged_lines(folder, papers, seed=0)]
    if not lines:
        raise DataError("the papers given hold none of those that the bundled lines judge; name the stream of 2025")
    return [
        *list(cited_claims(claims / "scifact", keep=is_for_training)) * _SCIFACT,
        *cited_claims(claims / "citint", weight=_OTHER),
        *trials(_file(claims / "evidence-inference", "templated_claims"), count=_TRIALS, seed=0, weight=_OTHER),
        *_inference(claims, _KEPT, seed=0, weight=_GENERAL),
        *lines,
    ]


def by_words(papers: Mapping[str, Paper]) -> Logit:
    """The regression over words alone, on the bundled lines."""
    with resources.as_file(resources.files("litwatch.training") / "lines") as folder:
        lines = [
            replace(line, relevance={name: grade for name, grade in line.relevance.items() if name in papers})
            for line in read_judged(folder)
        ]
    return topical(list(judged_pairs(lines, papers, None)))


def is_for_training(document: str) -> bool:
    """Of SciFact's documents half train and half measure, by their ids: half of its claims negate another one on the
    same abstract, and a network that remembers abstracts must not be asked about them."""
    return hashlib.sha256(document.encode()).digest()[0] % 2 == 0


def _inference(claims: Path, counts: Mapping[str, int | None], *, seed: int, weight: float) -> list[Example]:
    files = {_file(claims / "nli", name): count for name, count in counts.items()}
    return inference(files, seed=seed, weight=weight)


def _file(folder: Path, name: str) -> Path:
    for ending in ("jsonl", "jsonl.gz"):
        if (path := folder / f"{name}.{ending}").is_file():
            return path
    raise DataError(f"{folder} has no {name}.jsonl (nor .gz); name the folder of the labelled claims with --claims")
