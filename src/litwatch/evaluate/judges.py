"""How other tools tell that a paper speaks against a claim, to be measured beside our judge in the same run.

Keyword tools look for words of contrast and negation, similarity tools for what is near the claim. Where similarity
has a form that is better with abstracts, that form is here too, so that ours is held against the strongest. (The two
multiplied were no better on the judged lines than similarity by itself.) None of them is trained.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litwatch.evaluate.peers import fitted
from litwatch.judge.cue_judge import CueJudge
from litwatch.model import Claim, Evidence, Paper, Stance
from litwatch.text import sentences

Pairs = Sequence[tuple[Claim, Paper]]
JudgePairs = Callable[[Pairs], Sequence[Evidence]]
"""One piece of evidence for each pair, in order."""

_WORD = re.compile(r"[a-z]{3,}")


def _words(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


_NEGATION = _words(
    r"no|not|nor|none|never|neither|without|cannot|nothing|hardly|absence|fail(?:s|ed)?|lack(?:s|ed|ing)?",
    r"[a-z]+n['’]t",
)
_CONTRAST = _words(
    r"however|but|although|though|despite|contrary|contrast|whereas|unlike|yet|nevertheless|nonetheless|instead|rather",
    r"surprisingly|contradict(?:s|ing|ory)?|refut(?:es?|ing)|disproves?|challeng(?:es?|ing)|disputes?|questions?",
    r"overturns?",
)
_MORE = _words(
    r"increas(?:e|es|ed|ing)|higher|more|greater|better|ris(?:e|es|ing)|rose|improv(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|promot(?:e|es|ed)",
    r"enhanc(?:e|es|ed)|activat(?:e|es|ed)|longer|faster|larger|gains?|outperforms?",
)
_LESS = _words(
    r"decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)?|less|fewer|worse|reduc(?:e|es|ed|ing)|impair(?:s|ed)?|inhibit(?:s|ed)?",
    r"prevent(?:s|ed)?|suppress(?:es|ed)?|shorter|slower|smaller|decline[sd]?|degrade[sd]?",
)
_AGAINST, _FOR = 0.75, 0.25
"""What the rule on polarity says of the side: it knows no more than two degrees."""


@dataclass(frozen=True, kw_only=True)
class OtherJudge:
    """A way to mark what contradicts or supersedes."""

    name: str
    says: str
    """What it does, in a sentence."""
    judge: JudgePairs


@dataclass(frozen=True, kw_only=True)
class OtherSide:
    """A way to tell on which side a paper is that is known to be on one."""

    name: str
    says: str
    against: Callable[[Pairs], Sequence[float]]
    """For each pair the probability that the paper contradicts the claim, given that it supports or contradicts it."""


def other_judges(papers: Sequence[Paper], *, threshold: float = 0.5) -> Iterator[OtherJudge]:
    """papers: those that are judged; similarity weighs its words by them. threshold: from where on a pair is marked.

    Raises DataError where no paper has a word.
    """
    yield OtherJudge(
        name="polarity cues",
        says="n / (n + 1) of the n words of contrast and negation in sentences with a content word of the claim",
        judge=PolarityCues(threshold).judge,
    )
    words = Words(papers)
    yield OtherJudge(
        name="sentence similarity",
        says="cosine of TF-IDF vectors, sublinear, no stop words, of the claim with the nearest sentence or the title",
        judge=Similarity(words, threshold).judge,
    )
    yield OtherJudge(
        name="abstract similarity",
        says="the same of the claim with title and abstract as one text",
        judge=Similarity(words, threshold, whole=True).judge,
    )
    yield OtherJudge(
        name="untrained rule",
        says="cues/1, wordings and opposites without a trained network; its few weights for nearness and kind of paper "
        "were fitted on the project's judged lines",
        judge=CueJudge(threshold=threshold).judge,
    )


def other_sides() -> tuple[OtherSide, ...]:
    return (
        OtherSide(
            name="majority",
            says='"supports" of every pair, which is all that similarity alone can say of the side',
            against=lambda pairs: [0.0] * len(pairs),
        ),
        OtherSide(
            name="polarity cues",
            says="claim and nearest sentence, by the content words that they share, have another sign by the "
            "negations and the words for more and less in them",
            against=lambda pairs: [_opposed(claim, paper) for claim, paper in pairs],
        ),
        OtherSide(
            name="untrained rule",
            says="cues/1, wordings and opposites without a trained network",
            against=lambda pairs: [odds.against for odds in CueJudge().weigh(pairs)],
        ),
    )


class PolarityCues:
    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    def judge(self, pairs: Pairs) -> list[Evidence]:
        return [self._judge(content_words(claim.full_text), paper) for claim, paper in pairs]

    def _judge(self, asked: frozenset[str], paper: Paper) -> Evidence:
        counts = [polar_words(unit) if asked & content_words(unit) else 0 for unit in _units(paper)]
        found = sum(counts)
        sentence = _units(paper)[counts.index(max(counts))]
        return _evidence(found / (found + 1), sentence, self._threshold, "polarity cues")


class Words:
    """TF-IDF vectors, sublinear and without stop words, weighed by how many of these papers have a word."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._papers = papers

    @cached_property
    def _weigher(self) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        weigher = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        fitted(weigher, [f"{paper.title} {paper.abstract}" for paper in self._papers])
        return weigher

    def cosines(self, texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        """texts × others, 0 to 1"""
        product = self._weigher.transform(texts) @ self._weigher.transform(others).T
        return np.clip(np.asarray(product.toarray(), dtype=np.float64), 0.0, 1.0)


class Similarity:
    """whole: of title and abstract together, not of the nearest of the title and the sentences."""

    def __init__(self, words: Words, threshold: float, *, whole: bool = False) -> None:
        self._words, self._threshold, self._whole = words, threshold, whole

    def judge(self, pairs: Pairs) -> list[Evidence]:
        if not pairs:
            return []
        claims = {claim: row for row, claim in enumerate(dict.fromkeys(claim for claim, _ in pairs))}
        read: list[str] = []
        place: dict[Paper, slice] = {}
        for paper in dict.fromkeys(paper for _, paper in pairs):
            texts = self._texts(paper)
            place[paper] = slice(len(read), len(read) + len(texts))
            read += texts
        cosines = self._words.cosines([claim.full_text for claim in claims], read)
        found = []
        for claim, paper in pairs:
            near = cosines[claims[claim], place[paper]]
            best = int(near.argmax())
            sentence = paper.title if self._whole else self._texts(paper)[best]
            found.append(_evidence(float(near[best]), sentence, self._threshold, "similarity"))
        return found

    def _texts(self, paper: Paper) -> tuple[str, ...]:
        return (f"{paper.title} {paper.abstract}",) if self._whole else _units(paper)


@lru_cache(maxsize=8192)
def _units(paper: Paper) -> tuple[str, ...]:
    return (paper.title, *sentences(paper.abstract))


@lru_cache(maxsize=65536)
def content_words(text: str) -> frozenset[str]:
    """As they are written, without scikit-learn's English stop words and words of less than three letters."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(word for word in _WORD.findall(text.lower()) if word not in ENGLISH_STOP_WORDS)


@lru_cache(maxsize=65536)
def polar_words(text: str) -> int:
    """How many words of contrast or negation a text has."""
    return len(_NEGATION.findall(text)) + len(_CONTRAST.findall(text))


def _sign(text: str) -> int:
    less = len(_LESS.findall(text)) > len(_MORE.findall(text))
    denied = len(_NEGATION.findall(text)) % 2 == 1
    return -1 if less != denied else 1


def _opposed(claim: Claim, paper: Paper) -> float:
    asked = content_words(claim.full_text)
    nearest = max(_units(paper), key=lambda unit: len(asked & content_words(unit)))
    return _AGAINST if _sign(claim.full_text) != _sign(nearest) else _FOR


def _evidence(challenge: float, sentence: str, threshold: float, method: str) -> Evidence:
    marked = challenge >= threshold
    return Evidence(
        stance=Stance.CONTRADICTS if marked else Stance.NONE,
        probability=challenge if marked else 1 - challenge,
        challenge=challenge,
        sentence=sentence,
        method=method,
    )
