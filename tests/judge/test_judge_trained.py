"""The trained judge around a network that says what the test wants. All texts are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litwatch.bert.session import bundled_tokens
from litwatch.judge.cross_encoder import CrossEncoder
from litwatch.judge.odds import Calibration, Calibrations, read_calibrations
from litwatch.judge.passage import passage
from litwatch.judge.reading import bundled_idf
from litwatch.judge.trained_judge import Model, TrainedJudge, read_model
from litwatch.judge.weighing import Logit
from litwatch.model import Claim, Paper, Stance

DAY = datetime(2025, 6, 2, tzinfo=UTC)
CLAIM = Claim(id="c1", text="Chatbots trained for warmth err more often on medical questions.")
PAPER = Paper(
    arxiv_id="2506.90001",
    title="Warm chatbots on medical questions",
    abstract="Chatbots answer medical questions. We train chatbots for warmth. Contrary to belief, they err less.",
    published=DAY,
    updated=DAY,
)
ELSEWHERE = replace(PAPER, arxiv_id="2506.90002", title="Lighthouses", abstract="Lighthouses are white.")
EVEN = Calibrations(
    topical=Logit(bias=0.0, weights={}),
    contradicts=Calibration(bias=-2.0, weights={"contradicts": 1.0, "supersedes": -0.2, "supports": -0.5}),
    supersedes=Calibration(bias=-2.0, weights={"supersedes": 1.0, "contradicts": -0.2, "supports": -0.5}),
    supports=Calibration(bias=0.0, weights={"supports": 1.0, "contradicts": -0.2, "supersedes": -0.2}),
    gate=-1.0,
    unread=0.01,
)


class Network:
    """Stands in for the session: gives these scores, and the evidence to the sentence at this place."""

    def __init__(self, *scores: float, place: int = -1) -> None:
        self.scores = scores
        self.place = place
        self.read = 0

    def run(self, names: list[str], given: Mapping[str, Any]) -> list[Any]:
        assert names == ["stance", "evidence"]
        self.read += 1
        tokens = given["input_ids"]
        ends = np.flatnonzero(tokens[0] == bundled_tokens().end)[1:]
        evidence = np.zeros(tokens.shape, dtype=np.float32)
        evidence[0, ends[self.place]] = 5.0
        return [np.array([self.scores], dtype=np.float32), evidence]


def judge(network: Network, **more: Any) -> TrainedJudge:
    encoder = CrossEncoder(network, bundled_tokens())  # type: ignore[arg-type]
    return TrainedJudge(model=Model(method="test/1", encoder=encoder, calibrations=EVEN), **more)


SUPPORTS, CONTRADICTS, SUPERSEDES, NONE = (
    (4.0, 0.0, 0.0, 0.0),
    (0.0, 5.0, 0.0, 0.0),
    (0.0, 0.0, 5.0, 0.0),
    (0.0, 0.0, 0.0, 4.0),
)


@pytest.mark.parametrize(
    ("scores", "stance"),
    [
        (SUPPORTS, Stance.SUPPORTS),
        (CONTRADICTS, Stance.CONTRADICTS),
        (SUPERSEDES, Stance.SUPERSEDES),
        (NONE, Stance.NONE),
    ],
)
def test_the_likeliest_stance_is_taken(scores: tuple[float, ...], stance: Stance) -> None:
    (evidence,) = judge(Network(*scores)).judge([(CLAIM, PAPER)])
    assert evidence.stance is stance
    assert evidence.method == "test/1"


def test_a_mark_says_the_probability_of_a_challenge_of_either_kind() -> None:
    (evidence,) = judge(Network(0.0, 2.0, 1.9, 0.0)).judge([(CLAIM, PAPER)])
    assert evidence.stance is Stance.CONTRADICTS
    assert evidence.probability == evidence.challenge
    each = [1 / (1 + np.exp(2 - score + 0.2 * other)) for score, other in ((2.0, 1.9), (1.9, 2.0))]
    assert evidence.probability == pytest.approx(sum(each), abs=1e-6)


def test_words_alone_make_no_mark_against_what_the_network_reads_as_support() -> None:
    sure = replace(EVEN, contradicts=Calibration(bias=3.0, weights={}))

    def challenge(*scores: float) -> float:
        model = Model(method="test/1", encoder=CrossEncoder(Network(*scores), bundled_tokens()), calibrations=sure)  # type: ignore[arg-type]
        return TrainedJudge(model=model).judge([(CLAIM, PAPER)])[0].challenge

    assert challenge(2.0, 1.9, -9.0, 0.0) == 0.4
    assert challenge(1.9, 2.0, -9.0, 0.0) == 0.9


AGAINST = "Contrary to what is commonly held, chatbots trained for warmth do not give worse answers than others."


def test_which_kind_of_challenge_it_is_says_an_express_argument_before_the_regressions() -> None:
    claim = Claim(id="c1", text="Chatbots trained for warmth give worse answers than others.")
    beyond = replace(EVEN, contradicts=Calibration(bias=0.0, weights={}), supersedes=Calibration(bias=0.5, weights={}))
    encoder = CrossEncoder(Network(*CONTRADICTS), bundled_tokens())  # type: ignore[arg-type]
    judge = TrainedJudge(model=Model(method="test/1", encoder=encoder, calibrations=beyond))
    plain = replace(PAPER, abstract="Chatbots trained for warmth were watched. They are often liked.")
    express = replace(PAPER, abstract=AGAINST)
    assert judge.judge([(claim, plain)])[0].stance is Stance.SUPERSEDES
    assert judge.judge([(claim, express)])[0].stance is Stance.CONTRADICTS


def test_below_the_threshold_it_abstains_and_still_says_how_likely_a_challenge_is() -> None:
    (evidence,) = judge(Network(*CONTRADICTS), threshold=0.95).judge([(CLAIM, PAPER)])
    assert evidence.stance is Stance.NONE
    assert evidence.challenge == 0.9
    assert "challenge 0.90" in evidence.reason


def test_the_sentence_is_the_one_that_carries_the_stance_verbatim() -> None:
    (evidence,) = judge(Network(*CONTRADICTS, place=2)).judge([(CLAIM, PAPER)])
    assert evidence.sentence == "We train chatbots for warmth."


def test_the_title_is_evidence_only_where_it_is_far_the_best() -> None:
    class Level(Network):
        def run(self, names: list[str], given: Mapping[str, Any]) -> list[Any]:
            scores, evidence = super().run(names, given)
            evidence[evidence == 0] = 4.5
            return [scores, evidence]

    (evidence,) = judge(Level(*CONTRADICTS, place=0)).judge([(CLAIM, PAPER)])
    assert evidence.sentence != PAPER.title
    (evidence,) = judge(Network(*CONTRADICTS, place=0)).judge([(CLAIM, PAPER)])
    assert evidence.sentence == PAPER.title


def test_an_express_argument_is_the_reason_and_else_the_wording_and_what_both_speak_of() -> None:
    (evidence,) = judge(Network(*SUPERSEDES)).judge([(CLAIM, PAPER)])
    assert evidence.reason.startswith("reads as the limit of the claim left behind")
    (evidence,) = judge(Network(*CONTRADICTS)).judge([(CLAIM, PAPER)])
    assert "contrary to" in evidence.reason or "'more" in evidence.reason


def test_a_pair_that_shares_too_few_words_is_not_read() -> None:
    network = Network(*CONTRADICTS)
    (evidence,) = judge(network).judge([(CLAIM, ELSEWHERE)])
    assert network.read == 0
    assert (evidence.stance, evidence.challenge) == (Stance.NONE, 0.01)
    assert "too few words" in evidence.reason


def test_pairs_that_are_known_to_bear_on_each_other_are_all_read() -> None:
    network = Network(*CONTRADICTS)
    (odds,) = judge(network).weigh([(CLAIM, ELSEWHERE)])
    assert network.read == 1
    assert odds.against > 0.9


def test_a_withdrawn_paper_takes_no_stance_and_is_not_read() -> None:
    network = Network(*CONTRADICTS)
    (evidence,) = judge(network).judge([(CLAIM, replace(PAPER, withdrawn=True))])
    assert network.read == 0
    assert (evidence.stance, evidence.probability, evidence.challenge) == (Stance.NONE, 1.0, 0.0)


class Memory(dict[str, bytes]):
    def recall(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self[key] for key in keys if key in self}

    def keep(self, found: Mapping[str, bytes]) -> None:
        self.update(found)


def test_a_pair_is_read_once_for_each_text_of_claim_and_paper() -> None:
    network, memory = Network(*CONTRADICTS), Memory()
    first = judge(network, memory=memory).judge([(CLAIM, PAPER)])
    again = judge(network, memory=memory).judge([(CLAIM, PAPER), (CLAIM, PAPER)])
    assert network.read == 1
    assert again == (*first, *first)
    judge(network, memory=memory).judge([(replace(CLAIM, text=f"{CLAIM.text} So it was."), PAPER)])
    judge(network, memory=memory).judge([(CLAIM, replace(PAPER, version=2, abstract=f"{PAPER.abstract} Or more."))])
    assert network.read == 3


def test_what_was_read_is_kept_when_reading_breaks_off() -> None:
    class Breaks(Network):
        def run(self, names: list[str], given: Mapping[str, Any]) -> list[Any]:
            if self.read >= 55:
                raise RuntimeError("out of memory")
            return super().run(names, given)

    memory = Memory()
    pairs = [(replace(CLAIM, text=f"{CLAIM.text} That was in {year}."), PAPER) for year in range(1900, 1970)]
    with pytest.raises(RuntimeError):
        judge(Breaks(*CONTRADICTS), memory=memory).judge(pairs)
    assert len(memory) == 50


def test_readings_come_in_the_order_of_the_passages() -> None:
    class Counts(Network):
        def run(self, names: list[str], given: Mapping[str, Any]) -> list[Any]:
            _, evidence = super().run(names, given)
            return [np.array([[float(given["input_ids"].sum()), 0.0, 0.0, 0.0]]), evidence]

    encoder = CrossEncoder(Counts(*NONE), bundled_tokens(), at_once=4)  # type: ignore[arg-type]
    texts = [f"Chatbots err in {count} ways." for count in range(40)]
    asked = [passage(text, PAPER, encoder.pieces, bundled_idf()) for text in texts]
    assert [reading.scores[0] for reading in encoder.read_all(asked)] == [float(sum(one.tokens)) for one in asked]


def test_another_model_reads_anew() -> None:
    memory = Memory()
    judge(Network(*CONTRADICTS), memory=memory).judge([(CLAIM, PAPER)])
    network = Network(*SUPPORTS)
    other = judge(network, memory=memory)
    other.method = "test/2"
    (evidence,) = other.judge([(CLAIM, PAPER)])
    assert evidence.stance is Stance.SUPPORTS


def test_a_folder_without_a_model_is_told_from_one_with_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_model(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "calibration.json").write_text("{}")
    with pytest.raises(ValueError, match="no calibration"):
        read_model(tmp_path)
    (tmp_path / "calibration.json").write_text(
        '{"topical": {"bias": 0, "weights": {}}, "contradicts": {"bias": 0, "weights": {}},'
        ' "supersedes": {"bias": 0, "weights": {}}, "supports": {"bias": 0, "weights": {}}, "gate": 0, "unread": 0}'
    )
    with pytest.raises(ValueError, match="no model in ONNX form"):
        read_model(tmp_path)


def test_a_signal_that_is_none_is_refused() -> None:
    none, fit = {"bias": 0.0, "weights": {}}, {"bias": 0.0, "weights": {"horoscope": 1.0}}
    with pytest.raises(ValueError, match="horoscope"):
        read_calibrations(
            {"topical": none, "contradicts": fit, "supersedes": none, "supports": none, "gate": 0, "unread": 0}
        )
