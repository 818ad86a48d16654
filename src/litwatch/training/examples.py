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

from litwatch.bert.session import bundled_tokens
from litwatch.errors import DataError
from litwatch.evaluate.records import files_of, read_objects
from litwatch.judge.cross_encoder import STANCES
from litwatch.judge.passage import Passage, passage
from litwatch.judge.reading import bundled_idf, stems
from litwatch.model import Paper, Stance
from litwatch.text import sentences, squeeze

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_INFERENCE = {"entailment": Stance.SUPPORTS, "neutral": Stance.NONE, "contradiction": Stance.CONTRADICTS}
_LABELS = {
    "SUPPORT": Stance.SUPPORTS,
    "CONTRADICT": Stance.CONTRADICTS,
    "REFUTE": Stance.CONTRADICTS,
    "NEI": Stance.NONE,
}
_NAMED = {stance.value: stance for stance in Stance}
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

    Beside a stance's sentence may stand its number instead of its text. Of a paper without a stance on a claim the
    claims with which it shares most words are taken, for they are the hardest to tell: of relevance 3 the nearest and
    one by lot, of relevance 2 the nearest, of two in five others the nearest.
    Papers that `papers` does not hold are left out.
    """
    by_lot = random.Random(seed)
    lines = {row["line"]: row for _, row in read_objects(folder / "lines.jsonl", "line", "claims")}
    for number, row in read_objects(folder / "judgments.jsonl", "line", "paper", "relevance", "claims"):
        if row["line"] not in lines:
            raise DataError(f"{folder / 'judgments.jsonl'}:{number}: there is no line {row['line']}")
        claims = {claim["id"]: claim["text"] for claim in lines[row["line"]]["claims"]}
        if (paper := papers.get(row["paper"])) is None:
            continue
        said = {piece["claim"]: piece for piece in row["claims"] if piece["claim"] in claims}
        for name, piece in said.items():
            told = piece["sentence"]
            carried = [told] if isinstance(told, int) else _numbers(paper, [told])
            yield row["line"], _example(claims[name], paper, _NAMED[piece["stance"]], carried, source="lines")
        rest = _nearest([name for name in claims if name not in said], claims, paper)
        taken = rest[:1] if row["relevance"] >= 2 or by_lot.random() < 0.4 else []
        if row["relevance"] == 3 and len(rest) > 1:
            taken.append(by_lot.choice(rest[1:]))
        for name in taken:
            yield row["line"], _example(claims[name], paper, Stance.NONE, source="lines")


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
