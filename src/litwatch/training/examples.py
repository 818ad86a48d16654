"""What the judge's model is trained on: claims and passages with the stance that people gave them.

Readers of the forms in which such data comes: inference pairs, claims in SciFact's form, statements on trials, and
judged lines. What may train a model that is shipped, and what only measures, is said in docs/judging.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litwatch.bert.session import bundled_tokens
from litwatch.errors import DataError
from litwatch.evaluate.records import files_of, read_objects
from litwatch.judge.cross_encoder import STANCES
from litwatch.judge.passage import Passage, passage
from litwatch.judge.reading import bundled_idf, read_claim, read_paper, stems
from litwatch.judge.weighing import measure
from litwatch.model import Claim, Paper, Stance
from litwatch.text import sentences, squeeze

GATE = -1.2
"""Pairs whose `cover` is less are not read: see docs/judging.md for what that misses."""
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_INFERENCE = {"entailment": Stance.SUPPORTS, "neutral": Stance.NONE, "contradiction": Stance.CONTRADICTS}
_LABELS = {
    "SUPPORT": Stance.SUPPORTS,
    "CONTRADICT": Stance.CONTRADICTS,
    "REFUTE": Stance.CONTRADICTS,
    "NEI": Stance.NONE,
}
_NAMED = {stance.value: stance for stance in Stance}
_BY_LOT, _VARIED = 0.4, 0.25
# What a claim turned round says is not always the whole of the contrary.
_REVERSED = 0.7
_MATCHES_FROM = 20
"""Characters: a shorter piece of text is found in too many sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    passage: Passage
    stance: int
    """Index into STANCES."""
    carried: tuple[bool, ...]
    """For each unit of the passage, whether it carries the stance; all False where that is not known."""
    weight: float
    source: str


def _example(
    claim: str, paper: Paper, stance: Stance, carried: Iterable[int] = (), *, weight: float = 1.0, source: str
) -> Example:
    """carried: numbers of the abstract's sentences from 1; 0 for the title."""
    read = passage(claim, paper, bundled_tokens(), bundled_idf())
    numbers = set(carried)
    return Example(
        passage=read,
        stance=STANCES.index(stance),
        carried=tuple(unit in numbers for unit in read.units),
        weight=weight,
        source=source,
    )


def _paper(title: str, abstract: str, name: str = "") -> Paper:
    return Paper(arxiv_id=name, title=title, abstract=abstract, published=_UNDATED, updated=_UNDATED)


def of_label(claim: str, paper: Paper, stance: Stance, sentence: str) -> Example:
    """One pair as a reader judged it. sentence: verbatim, "" where none is known."""
    return _example(claim, paper, stance, _numbers(paper, [sentence]) if sentence else (), source="own")


def inference(files: Mapping[Path, int | None], *, seed: int, weight: float = 1.0) -> list[Example]:
    """Pairs of a premise and a hypothesis. files: how many of each are taken by lot, None for all."""
    by_lot = random.Random(seed)
    found: dict[tuple[str, str], str] = {}
    for path, count in files.items():
        rows = [row for _, row in read_objects(path, "premise", "hypothesis", "label") if row["label"] in _INFERENCE]
        by_lot.shuffle(rows)
        for row in rows[:count]:
            found.setdefault((row["hypothesis"], row["premise"]), row["label"])
    return [
        _example(hypothesis, _paper("", premise), _INFERENCE[label], weight=weight, source="inference")
        for (hypothesis, premise), label in found.items()
    ]


def cited_claims(
    folder: Path, *, keep: Callable[[str], bool] = lambda _: True, weight: float = 1.0
) -> Iterator[Example]:
    """Claims in SciFact's form against what they cite. keep: which documents are taken, by their id."""
    corpus = {
        str(row["doc_id"]): row
        for path in _all(folder, "corpus")
        for _, row in read_objects(path, "doc_id", "abstract")
    }
    for path in _all(folder, "claims"):
        for number, row in read_objects(path, "claim", "evidence", "cited_doc_ids"):
            evidence = {str(document): pieces for document, pieces in row["evidence"].items()}
            for document in dict.fromkeys([*map(str, row["cited_doc_ids"]), *evidence]):
                if document in corpus and keep(document):
                    pieces = evidence.get(document, [])
                    if pieces and pieces[0].get("label") not in _LABELS:
                        raise DataError(f"{path}:{number}: a label must be one of {', '.join(_LABELS)}")
                    abstract = corpus[document]["abstract"]
                    told = [abstract[number] for piece in pieces for number in piece["sentences"]]
                    yield _example(
                        _without_marks(row["claim"]),
                        paper := _paper(corpus[document].get("title") or "", " ".join(abstract), document),
                        _LABELS[pieces[0]["label"]] if pieces else Stance.NONE,
                        _numbers(paper, told),
                        weight=weight,
                        source=folder.name,
                    )


def trials(path: Path, *, count: int, seed: int, weight: float) -> list[Example]:
    """Statements made by template from the results of trials; those whose sentence the abstract holds."""
    rows = [row for _, row in read_objects(path, "claim", "label", "title", "abstract")]
    random.Random(seed).shuffle(rows)
    found = []
    for row in rows[:count]:
        paper = _paper(row["title"], row["abstract"])
        if told := _numbers(paper, row.get("evidence", ())):
            found.append(_example(row["claim"], paper, _LABELS[row["label"]], told, weight=weight, source="trials"))
    return found


def judged_lines(folder: Path, papers: Mapping[str, Paper], *, seed: int) -> Iterator[tuple[str, Example]]:
    """Every stance of judged lines (lines.jsonl, judgments.jsonl), and some of the pairs without one, by line.

    Beside a stance's sentence may stand its number instead of its text. variants.jsonl, where it is there, has claims
    in other words ("reworded") and turned round ("reversed"): a stance is an example with each of them, on the other
    side with the reversed one, so that the side cannot be told from the paper alone.
    Of pairs without a stance those are taken that are hardest to tell, where claim and paper share most words: of
    relevance 3 the nearest and one by lot, of relevance 2 the nearest, of two in five others the nearest. Beside them
    two in five by lot of all that the judge would read, some with a variant of the claim.
    Papers that `papers` does not hold are left out.
    """
    lot = random.Random(seed)
    idf = bundled_idf()
    lines = {row["line"]: row for _, row in read_objects(folder / "lines.jsonl", "line", "claims")}
    variants = _variants(folder / "variants.jsonl")
    readings = {
        (line, claim["id"]): read_claim(Claim(id=claim["id"], text=claim["text"]), idf)
        for line, row in lines.items()
        for claim in row["claims"]
    }
    for number, row in read_objects(folder / "judgments.jsonl", "line", "paper", "relevance", "claims"):
        if (line := row["line"]) not in lines:
            raise DataError(f"{folder / 'judgments.jsonl'}:{number}: there is no line {line}")
        if (paper := papers.get(row["paper"])) is None:
            continue
        claims = {claim["id"]: claim["text"] for claim in lines[line]["claims"]}
        said: dict[str, Mapping[str, Any]] = {}
        for piece in row["claims"]:
            # Of two stances on one claim the challenge counts, as where they measure.
            if piece["claim"] in claims and (piece["claim"] not in said or _NAMED[piece["stance"]].challenges):
                said[piece["claim"]] = piece
        for name, piece in said.items():
            stance, told = _NAMED[piece["stance"]], piece["sentence"]
            carried = [told] if isinstance(told, int) else _numbers(paper, [told])
            yield line, _example(claims[name], paper, stance, carried, source="lines")
            if variant := variants.get((line, name)):
                against = Stance.CONTRADICTS if stance is Stance.SUPPORTS else Stance.SUPPORTS
                yield line, _example(variant["reworded"], paper, stance, carried, source="lines")
                yield line, _example(variant["reversed"], paper, against, carried, weight=_REVERSED, source="lines")
        rest = _nearest([name for name in claims if name not in said], claims, paper)
        taken = rest[:1] if row["relevance"] >= 2 or lot.random() < _BY_LOT else []
        if row["relevance"] == 3 and len(rest) > 1:
            taken.append(lot.choice(rest[1:]))
        read = read_paper(paper)
        for name in rest:
            text = claims[name]
            if name not in taken:
                if lot.random() >= _BY_LOT or measure(readings[line, name], read).cover < GATE:
                    continue
                if (variant := variants.get((line, name))) and lot.random() < _VARIED:
                    text = variant[lot.choice(("reworded", "reversed"))]
            yield line, _example(text, paper, Stance.NONE, source="lines")


def _variants(path: Path) -> dict[tuple[str, str], Mapping[str, str]]:
    if not path.exists():
        return {}
    rows = read_objects(path, "line", "claim", "reworded", "reversed")
    return {(row["line"], row["claim"]): row for _, row in rows}


def _nearest(names: Sequence[str], claims: Mapping[str, str], paper: Paper) -> list[str]:
    idf = bundled_idf()
    held = set(stems(f"{paper.title} {paper.abstract}"))

    def shared(name: str) -> float:
        weights = {stem: idf(stem) for stem in stems(claims[name])}
        return sum(weight for stem, weight in weights.items() if stem in held) / (sum(weights.values()) or 1.0)

    return sorted(names, key=lambda name: (-shared(name), name))


def _numbers(paper: Paper, told: Iterable[str]) -> list[int]:
    """Of the abstract's sentences those that hold one of these texts, or are held by one; from 1."""
    wanted = [squeeze(text) for text in told]
    return [
        number
        for number, sentence in enumerate(sentences(paper.abstract), 1)
        if any(
            text == sentence
            or (len(text) > _MATCHES_FROM and text in sentence)
            or (len(sentence) > _MATCHES_FROM and sentence in text)
            for text in wanted
        )
    ]


def _without_marks(claim: str) -> str:
    """A citing statement without the marks that stand for its citations."""
    kept, rest = "", claim
    while (start := rest.find("<|")) >= 0 and (end := rest.find("|>", start)) >= 0:
        kept, rest = kept + rest[:start].rstrip(" ["), rest[end + 2 :].lstrip("],;0123456789 ")
        rest = f" {rest}"
    return squeeze(kept + rest).replace(" .", ".").replace(" ,", ",")


def _all(folder: Path, name: str) -> list[Path]:
    found = [path for path in files_of(folder) if path.name.startswith(name) and ".jsonl" in path.name]
    if not found:
        raise DataError(f"{folder}: no {name}*.jsonl here; name a folder in SciFact's form")
    return found


def times(examples: Iterable[Example], weight: float) -> list[Example]:
    return [replace(example, weight=example.weight * weight) for example in examples]
