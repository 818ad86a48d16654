"""Stance measured on labelled claims in SciFact form: each claim against the abstracts that it cites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from litwatch.errors import DataError
from litwatch.evaluate.judges import OtherSide
from litwatch.evaluate.measures import average_precision, precision_recall_f1
from litwatch.evaluate.records import files_of, read_objects, write_objects
from litwatch.judge.base import Judge
from litwatch.model import Claim, Paper, Stance

# REFUTE and NEI are what data sets in the same form, but of another house, say.
_LABELS = {
    "SUPPORT": Stance.SUPPORTS,
    "CONTRADICT": Stance.CONTRADICTS,
    "REFUTE": Stance.CONTRADICTS,
    "NEI": Stance.NONE,
}
# The corpora give no dates, and a Paper must have one; no judge reads it.
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class CitedPair:
    claim: Claim
    paper: Paper
    """Its `arxiv_id` is the corpus's own document id."""
    gold: Stance
    """SUPPORTS, CONTRADICTS, or NONE where the abstract holds no evidence."""


@dataclass(frozen=True, kw_only=True)
class StanceScore:
    precision: float
    recall: float
    f1: float
    average_precision: float


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Scores over the pairs whose gold is SUPPORTS or CONTRADICTS."""

    supports: StanceScore
    contradicts: StanceScore

    @classmethod
    def of(cls, labelled: Sequence[tuple[Stance, float]]) -> Sides:
        """labelled: gold and probability of "contradicts" of each pair."""
        return cls(
            supports=_score([(gold is Stance.SUPPORTS, 1 - chance, chance < 0.5) for gold, chance in labelled]),
            contradicts=_score([(gold is Stance.CONTRADICTS, chance, chance >= 0.5) for gold, chance in labelled]),
        )

    @property
    def macro_f1(self) -> float:
        return (self.supports.f1 + self.contradicts.f1) / 2


@dataclass(frozen=True, kw_only=True)
class SideReport:
    method: str
    says: str
    sides: Sides

    def as_json(self) -> dict[str, object]:
        return {
            "method": self.method,
            "says": self.says,
            "macro_f1": self.sides.macro_f1,
            "supports_f1": self.sides.supports.f1,
            "contradicts_f1": self.sides.contradicts.f1,
        }


@dataclass(frozen=True, kw_only=True)
class StanceReport(Sides):
    pairs: int
    judges: tuple[SideReport, ...] = ()
    """How others decide the same pairs, best first."""

    def as_json(self) -> dict[str, object]:
        return {
            "macro_f1": self.macro_f1,
            "supports": vars(self.supports),
            "contradicts": vars(self.contradicts),
            "pairs": self.pairs,
            "judges": [row.as_json() for row in self.judges],
        }


def evaluate_stance(
    folder: Path, judge: Judge, *, dump: Path | None = None, judges: Iterable[OtherSide] = ()
) -> StanceReport:
    """Scores a judge on `folder`; writes `dump`/stances.jsonl, all cited pairs, where `dump` is given.

    The choice is forced: the pair is known to bear on the claim, so the answer is the likelier of supports and
    contradicts by `Odds.against`, and a judge that abstains in the field is measured on what it would say. In the
    dump "contradicts" is `Odds.against`, "supports" what is left of 1, and "stance" the likelier. judges: others to
    be measured on the same pairs.

    Raises DataError when a file is missing or not of SciFact's form.
    """
    pairs = cited_pairs(folder)
    labelled = [pair for pair in pairs if pair.gold is not Stance.NONE]
    if not labelled:
        raise DataError(f"{folder}: no claim has evidence with a label; SUPPORT or CONTRADICT is needed to measure by")
    against = [odds.against for odds in judge.weigh([(pair.claim, pair.paper) for pair in pairs])]
    if dump is not None:
        write_objects(dump / "stances.jsonl", map(_row, pairs, against))
    ours = Sides.of([(p.gold, chance) for p, chance in zip(pairs, against, strict=True) if p.gold is not Stance.NONE])
    reports = [SideReport(method=other.name, says=other.says, sides=_sides_by(other, labelled)) for other in judges]
    return StanceReport(
        supports=ours.supports,
        contradicts=ours.contradicts,
        pairs=len(labelled),
        judges=tuple(sorted(reports, key=lambda report: (-report.sides.macro_f1, report.method))),
    )


def _sides_by(other: OtherSide, labelled: Sequence[CitedPair]) -> Sides:
    against = other.against([(pair.claim, pair.paper) for pair in labelled])
    return Sides.of([(pair.gold, chance) for pair, chance in zip(labelled, against, strict=True)])


def cited_pairs(folder: Path) -> tuple[CitedPair, ...]:
    """Every claim of `folder` with each abstract that it cites, in the order of the claims file."""
    corpus = dict(_rows(_only(folder, "corpus"), _document))
    pairs: list[CitedPair] = []
    source = _only(folder, "claims")
    for claim, cited, labels in _rows(source, _labelled_claim):
        for document in cited:
            if document not in corpus:
                raise DataError(f"{source}: claim {claim.id} cites {document}, which the corpus does not hold")
            pairs.append(CitedPair(claim=claim, paper=corpus[document], gold=labels.get(document, Stance.NONE)))
    return tuple(pairs)


def _only(folder: Path, name: str) -> Path:
    """The one NAME*.jsonl or NAME*.jsonl.gz of a folder; NAME.jsonl(.gz) itself goes before longer names."""
    endings = (".jsonl", ".jsonl.gz")
    found = [path for path in files_of(folder) if path.name.startswith(name) and path.name.endswith(endings)]
    exact = [path for path in found if path.name in (f"{name}.jsonl", f"{name}.jsonl.gz")]
    chosen = exact or found
    if not chosen:
        raise DataError(f"{folder}: no {name}.jsonl or {name}.jsonl.gz here; name a folder in SciFact form")
    if len(chosen) > 1:
        names = ", ".join(path.name for path in chosen)
        raise DataError(f"{folder}: {names} all look like {name}.jsonl; keep one of them in the folder")
    return chosen[0]


def _rows(path: Path, read: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    for number, record in read_objects(path):
        try:
            yield read(record)
        except KeyError as problem:
            raise DataError(f"{path}:{number}: {problem} is missing or not one of SciFact's labels") from problem
        except (ValueError, TypeError, AttributeError) as problem:
            raise DataError(f"{path}:{number}: not of SciFact's form ({problem})") from problem


def _document(row: dict[str, Any]) -> tuple[str, Paper]:
    name, abstract = str(row["doc_id"]), row["abstract"]
    if not isinstance(abstract, list) or not all(isinstance(sentence, str) for sentence in abstract):
        raise ValueError("abstract must be a list of sentences")
    title = str(row.get("title") or "")
    paper = Paper(arxiv_id=name, title=title, abstract=" ".join(abstract), published=_UNDATED, updated=_UNDATED)
    return name, paper


def _labelled_claim(row: dict[str, Any]) -> tuple[Claim, list[str], dict[str, Stance]]:
    labels: dict[str, Stance] = {}
    for document, evidence in (row.get("evidence") or {}).items():
        found = {_LABELS[piece["label"]] for piece in evidence} - {Stance.NONE}
        if len(found) > 1:
            raise ValueError(f"document {document} is labelled both SUPPORT and CONTRADICT")
        if found:
            labels[str(document)] = found.pop()
    cited = dict.fromkeys([*(str(document) for document in row.get("cited_doc_ids") or ()), *labels])
    return Claim(id=str(row["id"]), text=str(row["claim"])), list(cited), labels


def _score(judged: Sequence[tuple[bool, float, bool]]) -> StanceScore:
    """judged: (gold, probability, said) of each pair."""
    precision, recall, f1 = precision_recall_f1([said for _, _, said in judged], [gold for gold, _, _ in judged])
    ranked = [gold for gold, _, _ in sorted(judged, key=lambda pair: -pair[1])]
    return StanceScore(precision=precision, recall=recall, f1=f1, average_precision=average_precision(ranked))


def _row(pair: CitedPair, chance: float) -> dict[str, object]:
    stance = Stance.CONTRADICTS if chance >= 0.5 else Stance.SUPPORTS
    return {
        "claim": pair.claim.id,
        "paper": pair.paper.arxiv_id,
        "stance": stance.value,
        "supports": round(1 - chance, 6),
        "contradicts": round(chance, 6),
    }
