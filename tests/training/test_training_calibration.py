"""Probabilities fitted on judged pairs; the pairs are made up."""

from __future__ import annotations

import math
import random

import pytest

from litwatch.errors import DataError
from litwatch.judge.cross_encoder import Reading
from litwatch.judge.odds import read_calibrations
from litwatch.judge.weighing import Features
from litwatch.model import Stance
from litwatch.training.calibration import TOPICAL, JudgedPair, calibrated, left_out, topical

LINES, PAPERS = 6, 60


def features(cover: float) -> Features:
    others = dict.fromkeys(("sentence", "method", "limit", "gains", "against", "remedy", "clash", "negation"), 0.0)
    return Features(cover=cover, shared=(), **others)


def pairs(*, told: float = 3.0) -> list[JudgedPair]:
    """One pair in five is a challenge; of these the network's score is higher by `told`, and they share more words."""
    by_lot = random.Random(5)
    found = []
    for number in range(LINES * PAPERS):
        challenge = number % 5 == 0
        read = by_lot.random() < 0.8
        score = by_lot.gauss(told if challenge else 0.0, 1.0)
        found.append(
            JudgedPair(
                line=f"line-{number % LINES}",
                claim="c1",
                paper=f"2506.{number:05}",
                stance=Stance.SUPERSEDES if challenge else Stance.SUPPORTS if number % 5 == 1 else Stance.NONE,
                features=features(by_lot.gauss(0.5 if challenge else 0.0, 0.5)),
                reading=Reading(scores=(0.0, score, score, 1.0), evidence=(0.0,)) if read else None,
            )
        )
    return found


def test_what_is_fitted_can_be_read_again_and_says_how_well_it_does() -> None:
    found = pairs()
    made = calibrated(found, topical(found))
    calibrations = read_calibrations(made)
    assert calibrations.gate == made["gate"]
    measured = made["measured"]
    assert isinstance(measured, dict)
    assert measured["pairs"] == len(found)
    assert measured["precision"] > 0.7
    assert measured["calibration_error"] < 0.1


def test_a_network_that_tells_nothing_is_not_believed() -> None:
    found = pairs(told=0.0)
    measured = calibrated(found, topical(found))["measured"]
    assert isinstance(measured, dict)
    assert measured["average_precision"] < 0.5


def test_a_stance_that_no_pair_has_is_never_likely() -> None:
    made = calibrated(pairs(), topical(pairs()))
    fit = read_calibrations(made).contradicts
    assert 1 / (1 + math.exp(-fit.bias)) < 0.01
    assert not any(fit.weights.values())


def test_one_line_is_too_few_to_fit_on() -> None:
    one = [pair for pair in pairs() if pair.line == "line-0"]
    with pytest.raises(DataError, match="fewer than two lines"):
        calibrated(one, topical(pairs()))


def test_words_are_weighed_by_all_their_features() -> None:
    fit = topical(pairs())
    assert set(fit.weights) == set(TOPICAL)
    assert fit.weights["cover"] > 0


def test_a_line_has_no_part_in_its_own_probabilities() -> None:
    read = [pair for pair in pairs() if pair.reading]
    by_words = topical(read)
    before = left_out(read, by_words)
    turned = [
        JudgedPair(
            line=pair.line,
            claim=pair.claim,
            paper=pair.paper,
            stance=Stance.SUPPORTS if pair.line == "line-0" else pair.stance,
            features=pair.features,
            reading=pair.reading,
        )
        for pair in read
    ]
    after = left_out(turned, by_words)
    own = [row for row, pair in enumerate(read) if pair.line == "line-0"]
    assert after[own] == pytest.approx(before[own])
    others = [row for row, pair in enumerate(read) if pair.line == "line-1"]
    assert after[others] != pytest.approx(before[others])
