"""The default judge: a small trained model reads claim and paper together, and what it says is calibrated."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from litwatch.judge import cues
from litwatch.judge.argument import Arguments, argue
from litwatch.judge.base import Odds
from litwatch.judge.cross_encoder import CrossEncoder, Reading, bundled_cross_encoder, read_cross_encoder
from litwatch.judge.odds import Calibrations, bundled_calibrations, read_calibrations
from litwatch.judge.passage import Passage, passage
from litwatch.judge.reading import ClaimReading, Idf, PaperReading, bundled_idf, read_claim, read_paper, stems
from litwatch.judge.statements import stem
from litwatch.judge.weighing import Features, measure
from litwatch.model import Claim, Evidence, Paper, Stance

METHOD = "minilm-cross/2"
MODEL_FILE, CALIBRATION_FILE = "model.onnx", "calibration.json"
# The title names the subject; as evidence a sentence that says something of it is better.
_TITLE_HELD_BACK = 1.5
_WORDS_SHOWN = 4
_KEPT_AT_ONCE = 50
"""Readings: some seconds; what was read is kept when the process is stopped."""


class ReadingMemory(Protocol):
    """Where readings outlive the process: a pair is read once for each text of claim and paper."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """What is kept under these keys; those that are not are left out."""

    def keep(self, found: Mapping[str, bytes]) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Weighed:
    odds: Odds
    sentence: str
    """The one that carries the stance best, among those that were read; of an unread pair the title."""
    arguments: Arguments | None
    """None where the pair was not read."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    method: str
    encoder: CrossEncoder
    calibrations: Calibrations


@cache
def bundled_model() -> Model:
    """That which comes with litwatch; read at the first call."""
    return Model(method=METHOD, encoder=bundled_cross_encoder(), calibrations=bundled_calibrations())


def read_model(folder: Path) -> Model:
    """The model that `litwatch train-judge` wrote into a folder; its name tells it from others.

    Raises OSError where a file cannot be read, ValueError where one is not of its form.
    """
    network, calibration = (folder / MODEL_FILE).read_bytes(), (folder / CALIBRATION_FILE).read_bytes()
    mark = hashlib.sha256(network + calibration).hexdigest()[:8]
    try:
        calibrations = read_calibrations(json.loads(calibration))
    except ValueError as fault:
        raise ValueError(f"no {CALIBRATION_FILE} of the form that train-judge writes ({fault})") from fault
    return Model(method=f"{METHOD}+{mark}", encoder=read_cross_encoder(network), calibrations=calibrations)


class TrainedJudge:
    """threshold: probability from which the likelier of support and challenge is taken as stance; below it the judge
    abstains with `Stance.NONE`.
    model: that which comes with litwatch unless given. memory: where what was read is kept.

    The probability of a challenging stance is that of a challenge of either kind, so that a marked pair has
    `probability == challenge`; that of NONE is the probability that the paper takes no stance at all. Pairs that share
    too few words are not read (the gate) and have the probability that such pairs have on the whole. A withdrawn
    paper is never given a stance.
    """

    at_once = 100
    """A few seconds: who is told to end need not wait long."""

    def __init__(
        self,
        *,
        threshold: float = 0.5,
        model: Model | None = None,
        memory: ReadingMemory | None = None,
    ) -> None:
        self.method = model.method if model else METHOD
        self.threshold = threshold
        self.model = model
        self.memory = memory

    def judge(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        return tuple(
            self._decide(claim, paper, weighed)
            for (claim, paper), weighed in zip(pairs, self._weigh(pairs, gated=True), strict=True)
        )

    def weigh(self, pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Odds, ...]:
        """Of pairs that are known to bear on each other: all are read, but those of withdrawn papers."""
        return tuple(weighed.odds for weighed in self._weigh(pairs, gated=False))

    def _model(self) -> Model:
        return self.model or bundled_model()

    def _weigh(self, pairs: Sequence[tuple[Claim, Paper]], *, gated: bool) -> list[_Weighed]:
        idf, calibrations = bundled_idf(), self._model().calibrations
        claims = {claim: read_claim(claim, idf) for claim in {claim for claim, _ in pairs}}
        papers = {paper: read_paper(paper) for paper in {paper for _, paper in pairs}}
        features = [measure(claims[claim], papers[paper]) for claim, paper in pairs]
        wanted = [
            row
            for row, (_, paper) in enumerate(pairs)
            if not paper.withdrawn and (not gated or features[row].cover >= calibrations.gate)
        ]
        read = self._read([pairs[row] for row in wanted], idf) if wanted else []
        found = dict(zip(wanted, read, strict=True))
        return [
            self._weighed(claims[claim], papers[paper], features[row], found.get(row), idf, calibrations)
            for row, (claim, paper) in enumerate(pairs)
        ]

    def _weighed(
        self,
        claim: ClaimReading,
        paper: PaperReading,
        features: Features,
        read: tuple[Passage, Reading] | None,
        idf: Idf,
        calibrations: Calibrations,
    ) -> _Weighed:
        if read is None:
            low = calibrations.unread
            odds = Odds(supports=0.0, challenge=low, contradicts=low / 2, supersedes=low / 2, against=0.5)
            return _Weighed(odds=odds, sentence=paper.sentences[0].text, arguments=None)
        asked, reading = read
        arguments = argue(claim, paper, idf)
        return _Weighed(
            odds=calibrations.odds(reading, features, arguments),
            sentence=paper.sentences[_telling(asked, reading)].text,
            arguments=arguments,
        )

    def _read(self, pairs: Sequence[tuple[Claim, Paper]], idf: Idf) -> list[tuple[Passage, Reading]]:
        encoder = self._model().encoder
        passages = [passage(claim.full_text, paper, encoder.pieces, idf) for claim, paper in pairs]
        keys = [_key(self.method, asked) for asked in passages]
        known = {} if self.memory is None else dict(self.memory.recall(keys))
        wanted = {key: asked for key, asked in zip(keys, passages, strict=True) if key not in known}
        for first in range(0, len(wanted), _KEPT_AT_ONCE):
            some = list(wanted)[first : first + _KEPT_AT_ONCE]
            readings = encoder.read_all([wanted[key] for key in some])
            fresh = {key: _packed(reading) for key, reading in zip(some, readings, strict=True)}
            known.update(fresh)
            if self.memory is not None:
                self.memory.keep(fresh)
        return [(asked, _unpacked(known[key])) for key, asked in zip(keys, passages, strict=True)]

    def _decide(self, claim: Claim, paper: Paper, weighed: _Weighed) -> Evidence:
        odds = weighed.odds
        if paper.withdrawn:
            stance, probability, challenge = Stance.NONE, 1.0, 0.0
        elif weighed.arguments is not None and odds.challenge >= max(self.threshold, odds.supports):
            stance = Stance.CONTRADICTS if odds.contradicts >= odds.supersedes else Stance.SUPERSEDES
            probability = challenge = odds.challenge
        elif weighed.arguments is not None and odds.supports >= self.threshold:
            stance, probability, challenge = Stance.SUPPORTS, odds.supports, odds.challenge
        else:
            stance, challenge = Stance.NONE, odds.challenge
            probability = 1 - min(1.0, odds.supports + odds.challenge)
        return Evidence(
            stance=stance,
            probability=probability,
            challenge=challenge,
            sentence=weighed.sentence,
            reason=_reason(claim, stance, weighed),
            method=self.method,
        )


def _telling(asked: Passage, reading: Reading) -> int:
    """The unit that carries the stance best."""
    carried = [
        evidence - (0 if unit else _TITLE_HELD_BACK)
        for unit, evidence in zip(asked.units, reading.evidence, strict=True)
    ]
    return asked.units[carried.index(max(carried))]


def _reason(claim: Claim, stance: Stance, weighed: _Weighed) -> str:
    if weighed.arguments is None:
        return "it shares too few words with the claim to be read against it"
    if stance is Stance.NONE:
        return (
            f"no stance is likely enough (challenge {weighed.odds.challenge:.2f}, support {weighed.odds.supports:.2f})"
        )
    express = weighed.arguments.challenge if stance.challenges else weighed.arguments.support
    if express and express.worded and express.stance is stance:
        return express.reason
    both = _shared_words(claim, weighed.sentence)
    wording = next(filter(None, (cues.first(family, weighed.sentence) for family in _CUES[stance])), "")
    told = f"reads as {_READS[stance]}"
    if wording:
        told += f" ({wording!r})"
    return f"{told}, on {', '.join(map(repr, both))}" if both else told


_READS = {
    Stance.CONTRADICTS: "a finding against the claim",
    Stance.SUPERSEDES: "the limit of the claim left behind",
    Stance.SUPPORTS: "a finding that agrees with the claim",
}
_CUES = {
    Stance.CONTRADICTS: (cues.OVERTURN, cues.CONTRAST, cues.AGAINST, cues.NEGATION),
    Stance.SUPERSEDES: (cues.REMEDY, cues.EASE, cues.ADVANCE, cues.GAIN),
    Stance.SUPPORTS: (cues.FINDING,),
}


def _shared_words(claim: Claim, sentence: str) -> list[str]:
    """Words of the sentence that the claim has too, by stem, the most telling first."""
    idf = bundled_idf()
    held = set(stems(claim.full_text))
    words = {stem(word.lower()): word for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", sentence)}
    telling = sorted((s for s in words if s in held), key=lambda s: (-idf(s), s))
    return [words[s] for s in telling[:_WORDS_SHOWN]]


def _packed(reading: Reading) -> bytes:
    """Four scores, then one of evidence a unit, each in 4 bytes."""
    return struct.pack(f"<{4 + len(reading.evidence)}f", *reading.scores, *reading.evidence)


def _unpacked(data: bytes) -> Reading:
    numbers = struct.unpack(f"<{len(data) // 4}f", data)
    return Reading(scores=numbers[:4], evidence=numbers[4:])


def _key(method: str, asked: Passage) -> str:
    """What is read is all that a reading depends on, beside the model."""
    tokens = struct.pack(f"<{len(asked.tokens) + 1}i", asked.claim, *asked.tokens)
    return hashlib.sha256(method.encode() + tokens).hexdigest()
