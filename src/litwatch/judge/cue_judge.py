"""The first judge: stance by wordings that a reader can check."""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.judge import cues
from litwatch.judge.base import Odds
from litwatch.judge.reading import (
    ClaimReading,
    Idf,
    PaperReading,
    Sentence,
    bundled_idf,
    read_claim,
    read_paper,
)
from litwatch.judge.weighing import Features, Weights, bundled_weights, measure
from litwatch.model import Claim, Evidence, Paper, Stance


class CueJudge:
    """Weighs how near a paper is to a claim, what kind of paper it is and which cues its findings hold.

    threshold: probability from which a stance is taken; below it the judge abstains with `Stance.NONE`. A challenge
        must also be likelier than support.
    idf: weight of a stem; by default that of the bundled counts, which the weights were fitted with.

    The probability of a challenging stance is that of a challenge of either kind, so that a marked pair has
    `probability == challenge`; that of NONE is the probability that the paper takes no stance at all.
    A withdrawn paper is never given a stance.
    """

    method = "cues/1"

    def __init__(self, *, threshold: float = 0.5, idf: Idf | None = None, weights: Weights | None = None) -> None:
        self.threshold = threshold
        self.idf = idf
        self.weights = weights

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        weighed = self._weighed(pairs)
        return tuple(self._decide(paper, *found) for (_, paper), found in zip(pairs, weighed, strict=True))

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        return tuple(odds for _, _, _, odds in self._weighed(pairs))

    def _weighed(self, pairs: Sequence[tuple[Claim, Paper]]) -> list[tuple[ClaimReading, PaperReading, Features, Odds]]:
        idf, weights = self.idf or bundled_idf(), self.weights or bundled_weights()
        claims = {claim: read_claim(claim, idf) for claim in {claim for claim, _ in pairs}}
        papers = {paper: read_paper(paper) for paper in {paper for _, paper in pairs}}
        weighed = []
        for claim, paper in pairs:
            features = measure(claims[claim], papers[paper])
            weighed.append((claims[claim], papers[paper], features, weights.odds(features)))
        return weighed

    def _decide(
        self, paper: Paper, claim: ClaimReading, reading: PaperReading, features: Features, odds: Odds
    ) -> Evidence:
        challenge = odds.challenge
        if paper.withdrawn:
            stance, probability, challenge = Stance.NONE, 1.0, 0.0
        elif challenge >= self.threshold and challenge > odds.supports:
            stance = Stance.SUPERSEDES if odds.supersedes >= odds.contradicts else Stance.CONTRADICTS
            probability = challenge
        elif odds.supports >= self.threshold:
            stance, probability = Stance.SUPPORTS, odds.supports
        else:
            stance, probability = Stance.NONE, (1 - odds.supports) * (1 - challenge)
        # A candidate below the threshold is still shown by the sentence that speaks for its likelier challenge.
        leaning = Stance.SUPERSEDES if odds.supersedes >= odds.contradicts else Stance.CONTRADICTS
        sentence = _best(reading.sentences, features.shared, stance if stance is not Stance.NONE else leaning)
        return Evidence(
            stance=stance,
            probability=probability,
            challenge=challenge,
            sentence=sentence.text,
            reason=_reason(stance, claim, sentence),
            method=self.method,
        )


def _best(sentences: Sequence[Sentence], shared: Sequence[float], stance: Stance) -> Sentence:
    """The sentence nearest to the claim among those in which the authors speak for themselves and of the stance."""

    def merit(index: int) -> float:
        sentence = sentences[index]
        telling = sentence.gains if stance is Stance.SUPERSEDES else sentence.against
        bonus = 0.5 * telling if stance.challenges else 0.0
        # The title names the subject; as evidence a sentence that says something of it is better.
        return (shared[index] + 0.02) * sentence.voice**2 * (1 + bonus) * (0.6 if index == 0 else 1.0)

    return sentences[max(range(len(sentences)), key=lambda i: (merit(i), -i))]


def _reason(stance: Stance, claim: ClaimReading, sentence: Sentence) -> str:
    if stance is Stance.SUPERSEDES:
        said = _quoted(cues.first(cues.GAIN, sentence.text), "it reports", "it offers a method for the claim's subject")
        limit = _quoted(claim.limit_cue, "the claim states a limit", "") if claim.limit > 0 else ""
        return "; ".join(part for part in (limit, said) if part)
    if stance is Stance.CONTRADICTS:
        if cue := cues.first(cues.AGAINST, sentence.text):
            return f"it turns against what is held ({cue!r})"
        if claim.negated != sentence.negated:
            return "one of the two says not, the other does not"
        if claim.direction * sentence.direction < 0:
            return "claim and finding point in opposite directions"
        return "it studies the claim's subject and finds otherwise"
    if stance is Stance.SUPPORTS:
        return _quoted(
            cues.first(cues.FINDING, sentence.text), "a finding near the claim", "close to the claim's words"
        )
    return "no cue strong enough"


def _quoted(cue: str, said: str, otherwise: str) -> str:
    return f"{said} ({cue!r})" if cue else otherwise
