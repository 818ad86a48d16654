"""How well and how fast the default judge tells stances: `python tests/benchmarks/bench_judge.py SHARED [--model DIR]`.

Side by side in one run, the trained judge and the untrained rule: on SciFact's documents that no model was trained on
and on those it was, on claims of two sources of another kind, which train nothing; then how fast pairs are read, what
a day of papers takes for a hundred lines, and what the gates before reading let through. SHARED: the folder with
claims/, lines/ and arxiv/. --model: one that `litwatch train-judge` wrote, instead of the one that comes along.
--only: some of the parts.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from itertools import islice, permutations
from pathlib import Path
from xml.etree import ElementTree

from litwatch.evaluate.lines import JudgedLine, read_judged
from litwatch.evaluate.records import read_stream
from litwatch.evaluate.stance import Sides, cited_pairs
from litwatch.judge.base import Judge
from litwatch.judge.cue_judge import CueJudge
from litwatch.judge.passage import passage
from litwatch.judge.reading import bundled_idf, read_claim, read_paper
from litwatch.judge.trained_judge import Model, TrainedJudge, bundled_model, read_model
from litwatch.judge.weighing import measure
from litwatch.model import Claim, Line, Paper, Stance
from litwatch.rank.background import bundled
from litwatch.rank.ranker import FLOOR, Ranker

Labelled = Sequence[tuple[Claim, Paper, Stance]]
Pairs = Sequence[tuple[Claim, Paper]]

LINES, DAY, DAY_FROM = 100, 1200, 20000
"""A weekday of the five categories, taken where `bench_rank.py` takes its own."""
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_HEALTHVER = {"Supports": Stance.SUPPORTS, "Refutes": Stance.CONTRADICTS}


def _paper(name: str, abstract: str) -> Paper:
    return Paper(arxiv_id=name, title="", abstract=abstract, published=_UNDATED, updated=_UNDATED)


# --- stance, the choice forced --------------------------------------------------------------------------------


def scifact(shared: Path, *, trained_on: bool) -> Labelled:
    """Half of the documents train, by their ids."""
    return [
        (pair.claim, pair.paper, pair.gold)
        for pair in cited_pairs(shared / "claims" / "scifact")
        if pair.gold is not Stance.NONE
        and (hashlib.sha256(pair.paper.arxiv_id.encode()).digest()[0] % 2 == 0) is trained_on
    ]


def healthver(shared: Path) -> Labelled:
    with (shared / "claims" / "healthver" / "healthver_dev.csv").open(encoding="utf-8", newline="") as file:
        return [
            (Claim(id=row["id"], text=row["claim"]), _paper(row["id"], row["evidence"]), _HEALTHVER[row["label"]])
            for row in csv.DictReader(file)
            if row["label"] in _HEALTHVER
        ]


def mancon(shared: Path) -> Labelled:
    """Every two answers to one question: the second speaks for the first where both say yes, or both no."""
    answers: dict[str, list[ElementTree.Element]] = {}
    for answer in ElementTree.parse(shared / "claims" / "mancon" / "mancon.xml").iter("CLAIM"):
        answers.setdefault(answer.attrib["QUESTION"], []).append(answer)
    found = []
    for group in answers.values():
        for held, told in permutations(group, 2):
            alike = held.attrib["ASSERTION"] == told.attrib["ASSERTION"]
            claim = Claim(id=held.attrib["PMID"], text=held.text or "")
            paper = _paper(told.attrib["PMID"], told.text or "")
            found.append((claim, paper, Stance.SUPPORTS if alike else Stance.CONTRADICTS))
    return found


def stances(name: str, labelled: Labelled, judges: Mapping[str, Judge]) -> None:
    against = sum(gold is Stance.CONTRADICTS for *_, gold in labelled)
    print(f"{name}: {len(labelled)} pairs, {against} contradict", flush=True)
    for method, judge in judges.items():
        odds = judge.weigh([(claim, paper) for claim, paper, _ in labelled])
        sides = Sides.of([(gold, said.against) for (*_, gold), said in zip(labelled, odds, strict=True)])
        print(
            f"  {method}: macro-F1 {sides.macro_f1:.3f}, supports {sides.supports.f1:.3f}, contradicts "
            f"{sides.contradicts.f1:.3f}, average precision of contradicts {sides.contradicts.average_precision:.3f}"
        )


# --- speed ----------------------------------------------------------------------------------------------------


def speed(judged: Sequence[JudgedLine], papers: Mapping[str, Paper], judges: Mapping[str, Judge], model: Model) -> None:
    """200 judged papers with two claims of their line."""
    asked = [(claim, papers[name]) for one in judged for name in one.relevance for claim in one.line.claims[:2]][:400]
    read = [passage(claim.full_text, paper, model.encoder.pieces, bundled_idf()) for claim, paper in asked]
    units = sum(len(one.units) for one in read)
    print(f"speed, {len(asked)} pairs, of each a claim with {units / len(asked):.1f} sentences, the title one of them")
    taken = {}
    for method, judge in judges.items():
        judge.weigh(asked[:2])  # the model is read, and stems are kept: a daemon has met most words before
        taken[method] = _seconds(lambda judge=judge: judge.weigh(asked))  # type: ignore[misc]
        print(
            f"  {method}: {len(asked) / taken[method]:.0f} pairs a second, {units / taken[method]:.0f} sentence pairs"
        )
    first, second = taken.values()
    print(f"  the first takes {first / second:.1f} times as long as the second")


def a_day(lines: Sequence[Line], papers: Sequence[Paper], judge: Judge, model: Model) -> None:
    ranked: list[tuple[Claim, Paper]] = []
    by_id = {paper.arxiv_id: paper for paper in papers}
    claims = {(line.slug, claim.id): claim for line in lines for claim in line.open_claims}
    ranking = _seconds(
        lambda: ranked.extend(
            (claims[match.line, name], by_id[match.arxiv_id])
            for match in Ranker(bundled()).rank(lines, papers)
            for name, _ in match.claim_scores
        )
    )
    passed = sum(_read(ranked, model))
    print(
        f"a day: {len(papers)} papers, {len(lines)} lines of {len(claims)} claims: ranking by terms {ranking:.1f} s, "
        f"{len(ranked)} pairs to judge, of which {passed} pass the gate and are read",
        flush=True,
    )
    print(f"  judging {_seconds(lambda: judge.judge(ranked)):.1f} s")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# --- gates ----------------------------------------------------------------------------------------------------


def gates(judged: Sequence[JudgedLine], papers: Mapping[str, Paper], model: Model) -> None:
    """Of the challenges that a person found, those that the judge would ever see."""
    pairs, true, ranked = [], [], []
    for one in judged:
        found = Ranker(bundled()).rank([one.line], [papers[name] for name in one.relevance], anchors=papers)
        reached = {(name, match.arxiv_id) for match in found for name, _ in match.claim_scores}
        for claim in one.line.claims:
            for name in one.relevance:
                pairs.append((claim, papers[name]))
                true.append((claim.id, name) in one.challenges)
                ranked.append((claim.id, name) in reached)
    read = _read(pairs, model)
    for what, through in (
        (f"ranking by terms, floor {FLOOR}", ranked),
        (f"the judge's gate, cover {model.calibrations.gate:.2f}", read),
        ("both", [one and other for one, other in zip(ranked, read, strict=True)]),
    ):
        kept = sum(one and hit for one, hit in zip(through, true, strict=True))
        print(
            f"gate, {what}: {kept} of {sum(true)} challenges ({kept / sum(true):.1%}), "
            f"{sum(through)} of {len(pairs)} pairs ({sum(through) / len(pairs):.1%})"
        )


def _read(pairs: Pairs, model: Model) -> list[bool]:
    """Of each pair whether it is read, or shares too few words."""
    idf = bundled_idf()
    claims = {claim: read_claim(claim, idf) for claim in {claim for claim, _ in pairs}}
    papers = {paper: read_paper(paper) for paper in {paper for _, paper in pairs}}
    return [measure(claims[claim], papers[paper]).cover >= model.calibrations.gate for claim, paper in pairs]


PARTS = ("scifact", "healthver", "mancon", "speed", "day", "gates")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    stream = asked.shared / "arxiv" / "stream-2025.jsonl.gz"
    if not stream.is_file():
        sys.exit(f"{asked.shared} has no arxiv/stream-2025.jsonl.gz; name the folder with claims/, lines/ and arxiv/")
    model = read_model(asked.model) if asked.model else bundled_model()
    trained = TrainedJudge(model=model)
    judges: dict[str, Judge] = {trained.method: trained, CueJudge.method: CueJudge()}
    if "scifact" in asked.only:
        stances("SciFact, documents held out", scifact(asked.shared, trained_on=False), judges)
        stances("SciFact, documents trained on", scifact(asked.shared, trained_on=True), judges)
    if "healthver" in asked.only:
        stances("HealthVer", healthver(asked.shared), judges)
    if "mancon" in asked.only:
        stances("ManConCorpus, pairs of answers", mancon(asked.shared), judges)
    judged = read_judged(asked.shared / "lines" / "judged")
    if "day" in asked.only:
        with resources.as_file(resources.files("litwatch.training") / "lines") as folder:
            others = [one.line for one in read_judged(folder)]
        day = list(islice(read_stream(stream), DAY_FROM, DAY_FROM + DAY))
        a_day([*(one.line for one in judged), *others][:LINES], day, trained, model)
    wanted = {name for one in judged for name in one.relevance}
    wanted |= {anchor.arxiv_id for one in judged for anchor in one.line.anchors}
    papers = {paper.arxiv_id: paper for paper in read_stream(stream) if paper.arxiv_id in wanted}
    if "speed" in asked.only:
        speed(judged, papers, judges, model)
    if "gates" in asked.only:
        gates(judged, papers, model)


if __name__ == "__main__":
    main()
