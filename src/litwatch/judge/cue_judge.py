"""The first judge: stance by wordings that a reader can check."""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.judge.argument import Argument, argue
from litwatch.judge.base import Odds
from litwatch.judge.reading import Idf, PaperReading, bundled_idf, read_claim, read_paper
from litwatch.judge.weighing import Features, Settled, Weights, bundled_weights, measure, settle
from litwatch.model import Claim, Evidence, Paper, Stance


class CueJudge:
    """Takes a stance only where a sentence says something expressly for or against the claim; see argument.py.

    threshold: probability from which a stance is taken; below it the judge abstains with `Stance.NONE`.
    idf: weight of a stem; by default that of the bundled counts, which the weights were fitted with.

    The probability of a challenging stance is that of a challenge of either kind, so that a marked pair has
    `probability == challenge`, at most 0.9; that of NONE is the probability that the paper takes no stance at all.
    Without an argument a pair has a challenge below 0.5 by how near the paper is and of what kind, to order pairs by.
    A withdrawn paper is never given a stance.
    """

    method = "cues/1"
    at_once = 4000

    def __init__(self, *, threshold: float = 0.5, idf: Idf | None = None, weights: Weights | None = None) -> None:
        self.threshold = threshold
        self.idf = idf
        self.weights = weights

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        weighed = self._weighed(pairs)
        return tuple(self._decide(paper, *found) for (_, paper), found in zip(pairs, weighed, strict=True))

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        return tuple(settled.odds for *_, settled in self._weighed(pairs))

    def _weighed(self, pairs: Sequence[tuple[Claim, Paper]]) -> list[tuple[PaperReading, Features, Settled]]:
        idf, weights = self.idf or bundled_idf(), self.weights or bundled_weights()
        claims = {claim: read_claim(claim, idf) for claim in {claim for claim, _ in pairs}}
        papers = {paper: read_paper(paper) for paper in {paper for _, paper in pairs}}
        weighed = []
        for claim, paper in pairs:
            features = measure(claims[claim], papers[paper])
            arguments = argue(claims[claim], papers[paper], idf)
            weighed.append((papers[paper], features, settle(weights.odds(features), arguments)))
        return weighed

    def _decide(self, paper: Paper, reading: PaperReading, features: Features, settled: Settled) -> Evidence:
        odds, argument = settled.odds, settled.argument
        stance, probability, challenge = Stance.NONE, (1 - odds.supports) * (1 - odds.challenge), odds.challenge
        if paper.withdrawn:
            argument, probability, challenge = None, 1.0, 0.0
        elif argument:
            said = odds.challenge if argument.stance.challenges else odds.supports
            if said >= self.threshold:
                stance, probability = argument.stance, said
        sentence = argument.sentence if argument else _nearest(reading, features)
        return Evidence(
            stance=stance,
            probability=probability,
            challenge=challenge,
            sentence=reading.sentences[sentence].text,
            reason=_reason(stance, argument),
            method=self.method,
        )


def _nearest(reading: PaperReading, features: Features) -> int:
    """The sentence nearest to the claim among those in which the authors speak for themselves."""

    def merit(index: int) -> float:
        # The title names the subject; as evidence a sentence that says something of it is better.
        return (features.shared[index] + 0.02) * reading.sentences[index].voice ** 2 * (0.6 if index == 0 else 1.0)

    return max(range(len(reading.sentences)), key=lambda i: (merit(i), -i))


def _reason(stance: Stance, argument: Argument | None) -> str:
    if stance is not Stance.NONE and argument:
        return argument.reason
    return (
        f"too weak to take a stance: {argument.reason}" if argument else "no word that speaks for or against the claim"
    )
