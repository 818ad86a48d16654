"""Fits the cue judge and says how good it is on lines that it was not fitted on.

    python tools/fit_cue_judge.py --lines DIR --papers STREAM --claims DIR [--write]

`--lines` holds lines.jsonl and judgments.jsonl, STREAM is a JSONL(.gz) of arXiv records, `--claims` a folder in
SciFact form. `--write` counts document frequencies into words.json and writes weights.json beside the judge.
Needs scikit-learn; the judge itself does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from litwatch.evaluate.stance import cited_pairs
from litwatch.judge.argument import argue
from litwatch.judge.base import Odds
from litwatch.judge.cue_judge import CueJudge
from litwatch.judge.reading import bundled_idf, read_claim, read_paper, stems
from litwatch.judge.weighing import Features, measure, settle
from litwatch.model import Claim, Paper, Stance

ROOM = Path(__file__).parents[1] / "src/litwatch/judge"
# The bearing logits are held back strongly: fourteen lines are few, and at this strength they travel best.
STRENGTH = 0.01
COLUMNS = {
    "supports": ("cover", "sentence", "method", "limit", "remedy"),
    "contradicts": ("cover", "method", "against"),
    "supersedes": ("cover", "sentence", "method", "limit", "gains", "remedy"),
    "against": ("clash", "negation", "against"),
}


def records(path: Path) -> Iterator[dict[str, Any]]:
    packed = path.read_bytes()
    for row in (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8").split("\n"):
        if row.strip():
            yield json.loads(row)


def count_words(papers: Path, least: int = 40) -> None:
    """Document frequencies of the stems in at least `least` papers, in words.json."""
    counts: Counter[str] = Counter()
    total = 0
    for record in records(papers):
        counts.update(set(stems(f"{record['title']} {record['abstract']}")))
        total += 1
    kept = {stem: n for stem, n in sorted(counts.items()) if n >= least}
    text = json.dumps({"papers": total, "counts": kept}, ensure_ascii=False, separators=(",", ":"))
    (ROOM / "words.json").write_text(text + "\n", encoding="utf-8")


def judged_pairs(lines: Path, stream: Path) -> list[tuple[str, Claim, Paper, str, str]]:
    """(line, claim, paper, gold stance, gold sentence) of every claim and judged paper."""
    judgments = list(records(lines / "judgments.jsonl"))
    wanted = {row["paper"] for row in judgments}
    claims = {
        row["line"]: [Claim(id=c["id"], text=c["text"]) for c in row["claims"]]
        for row in records(lines / "lines.jsonl")
    }
    papers = {r["id"]: paper_of(r) for r in records(stream) if r["id"] in wanted}
    pairs = []
    for row in judgments:
        gold = {c["claim"]: c for c in row["claims"]}
        for claim in claims[row["line"]]:
            told = gold.get(claim.id, {"stance": "none", "sentence": ""})
            pairs.append((row["line"], claim, papers[row["paper"]], told["stance"], told["sentence"]))
    return pairs


def paper_of(record: dict[str, Any]) -> Paper:
    return Paper(
        arxiv_id=record["id"],
        title=record["title"],
        abstract=record["abstract"],
        published=datetime.fromisoformat(record["published"]),
        updated=datetime.fromisoformat(record["updated"]),
    )


def table(features: list[Features], columns: tuple[str, ...]) -> np.ndarray[Any, Any]:
    return np.array([[f.value(name) for name in columns] for f in features])


def fit(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], strength: float, even: bool = False
) -> tuple[float, np.ndarray[Any, Any]]:
    """(bias, weights) on the features as they are, fitted on standardised ones.

    even: as if both classes were equally many.
    """
    odds = "balanced" if even else None
    scale = StandardScaler().fit(x)
    model = LogisticRegression(C=strength, max_iter=2000, class_weight=odds).fit(scale.transform(x), y)
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - weights @ scale.mean_)
    # Holding the weights back flattens the probabilities too; Platt's scaling gives them their spread again.
    spread = LogisticRegression(C=1e3, max_iter=2000, class_weight=odds).fit((bias + x @ weights)[:, None], y)
    slope = float(spread.coef_[0, 0])
    return bias * slope + float(spread.intercept_[0]), weights * slope


def probability(fitted: tuple[float, np.ndarray[Any, Any]], x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    bias, weights = fitted
    return np.asarray(1 / (1 + np.exp(-(bias + x @ weights))))


def held_out(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], groups: np.ndarray[Any, Any], *args: Any) -> Any:
    out = np.zeros(len(y))
    for group in np.unique(groups):
        rest = groups != group
        out[~rest] = probability(fit(x[rest], y[rest], *args), x[~rest])
    return out


def average_precision(y: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> float:
    hits = y[np.argsort(-scores, kind="stable")]
    return float((hits * np.cumsum(hits) / np.arange(1, len(hits) + 1)).sum() / max(1, hits.sum()))


def tell(name: str, y: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> None:
    order = np.argsort(-scores, kind="stable")
    marks = ", ".join(
        f"at {least}: {len(hit)} marked, precision {hit.mean() if len(hit) else 0:.2f}"
        for least, hit in ((least, y[scores >= least]) for least in (0.2, 0.3, 0.4, 0.5))
    )
    print(
        f"{name}: AP {average_precision(y, scores):.4f}, p@10 {y[order[:10]].mean():.2f},"
        f" p@30 {y[order[:30]].mean():.2f}, p@100 {y[order[:100]].mean():.2f}; {marks}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the cue judge.")
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--papers", type=Path, required=True)
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if args.write:
        count_words(args.papers)

    idf = bundled_idf()
    pairs = judged_pairs(args.lines, args.papers)
    claims = {claim: read_claim(claim, idf) for _, claim, *_ in pairs}
    papers = {paper: read_paper(paper) for _, _, paper, *_ in pairs}
    features = [measure(claims[claim], papers[paper]) for _, claim, paper, *_ in pairs]
    groups = np.array([line for line, *_ in pairs])
    stances = np.array([stance for *_, stance, _ in pairs])
    weights: dict[str, tuple[float, np.ndarray[Any, Any]]] = {}
    scores = {}
    for name in ("supports", "contradicts", "supersedes"):
        x, y = table(features, COLUMNS[name]), (stances == name).astype(float)
        scores[name] = held_out(x, y, groups, STRENGTH)
        weights[name] = fit(x, y, STRENGTH)
        tell(f"{name}, a line held out", y, scores[name])
    challenged = np.isin(stances, ("contradicts", "supersedes")).astype(float)
    topical = [
        Odds(supports=s, contradicts=c, supersedes=n, against=0.5)
        for s, c, n in zip(scores["supports"], scores["contradicts"], scores["supersedes"], strict=True)
    ]
    tell("challenge by nearness alone, a line held out", challenged, np.array([odds.challenge for odds in topical]))
    arguments = [argue(claims[claim], papers[paper], idf) for _, claim, paper, *_ in pairs]
    settled = [settle(odds, said).odds for odds, said in zip(topical, arguments, strict=True)]
    challenge = np.array([odds.challenge for odds in settled])
    tell("challenge, a line held out", challenged, challenge)
    for threshold in (0.5, 0.6, 0.7, 0.8):
        marked = challenge >= threshold
        print(
            f"marks at {threshold}, a line held out: {int(marked.sum())} in {len(set(groups[marked]))} lines,"
            f" precision {challenged[marked].mean():.2f}, recall {challenged[marked].sum() / challenged.sum():.3f}"
        )

    supports = np.array([odds.supports for odds in settled])
    tell("supports, a line held out", (stances == "supports").astype(float), supports)

    gold = [pair for pair in cited_pairs(args.claims) if pair.gold is not Stance.NONE]
    near = [measure(read_claim(pair.claim, idf), read_paper(pair.paper)) for pair in gold]
    x, y = table(near, COLUMNS["against"]), np.array([float(pair.gold is Stance.CONTRADICTS) for pair in gold])
    documents = np.array([zlib.crc32(pair.paper.arxiv_id.encode()) % 5 for pair in gold])
    against = held_out(x, y, documents, 1.0, True)
    weights["against"] = fit(x, y, 1.0, True)
    said = against >= 0.5
    f1 = [2 * (said == v)[y == v].sum() / ((said == v).sum() + (y == v).sum()) for v in (0, 1)]
    print(
        f"against, a fifth of the documents held out: AP {average_precision(y, against):.3f},"
        f" F1 of supports {f1[0]:.3f}, of contradicts {f1[1]:.3f}"
    )

    for name, (bias, fitted) in weights.items():
        print(name, round(bias, 3), dict(zip(COLUMNS[name], fitted.round(3).tolist(), strict=True)))
    if args.write:
        told = {
            name: {
                "bias": round(bias, 4),
                "weights": dict(zip(COLUMNS[name], fitted.round(4).tolist(), strict=True)),
            }
            for name, (bias, fitted) in weights.items()
        }
        (ROOM / "weights.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    start = time.perf_counter()
    evidence = CueJudge().judge([(claim, paper) for _, claim, paper, *_ in pairs])
    took = time.perf_counter() - start
    found = [
        e.sentence == " ".join(sentence.split()) for e, (*_, sentence) in zip(evidence, pairs, strict=True) if sentence
    ]
    print(f"{len(pairs) / took:.0f} pairs a second; the gold sentence chosen in {np.mean(found):.0%} of {len(found)}")


if __name__ == "__main__":
    main()
