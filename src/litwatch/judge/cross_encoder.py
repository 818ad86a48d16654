"""The model that comes with the judge: it reads a claim and a passage of a paper together.

A cross-encoder (Devlin et al. 2019; Nogueira and Cho 2019) of 6 layers over MiniLM (Wang et al. 2020), 8-bit weights,
run by ONNX Runtime on the processor. From the state of the first token it gives four scores, one a stance, and from
the token that ends each sentence how well that sentence carries the stance, as MultiVerS does (Wadden et al. 2022).
How it was trained: docs/judging.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from litwatch.bert.session import bundled_tokens, open_session, processors
from litwatch.bert.wordpiece import WordPiece
from litwatch.judge.passage import Passage
from litwatch.model import Stance

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_AT_ONCE = 8
"""Passages, at most one a processor: processors that share one passage lose more than they win."""
_GIVEN = {"input_ids", "attention_mask", "token_type_ids"}
STANCES = (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.SUPERSEDES, Stance.NONE)
"""In the order of the model's scores."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    scores: tuple[float, ...]
    """For each of STANCES a logit."""
    evidence: tuple[float, ...]
    """For each unit of the passage, how well it carries the stance: comparable within the passage only."""


class CrossEncoder:
    """at_once: passages that are read side by side; as many as there are processors, up to a few, unless given."""

    def __init__(self, session: InferenceSession, pieces: WordPiece, *, at_once: int | None = None) -> None:
        self._session = session
        self.pieces = pieces
        self._at_once = at_once or min(processors(), _AT_ONCE)

    def read_all(self, passages: Sequence[Passage]) -> list[Reading]:
        """In order, several at a time, each by itself."""
        if len(passages) < 2 or self._at_once < 2:
            return [self.read(one) for one in passages]
        with ThreadPoolExecutor(self._at_once) as threads:
            return list(threads.map(self.read, passages))

    def read(self, passage: Passage) -> Reading:
        """One passage at a time: activations that are read together are scaled together, and what is said of a pair
        shall not depend on the others."""
        tokens = np.asarray([passage.tokens], dtype=np.int64)
        types = np.ones_like(tokens)
        types[0, : passage.claim] = 0
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": types}
        scores, evidence = self._session.run(["stance", "evidence"], given)
        return Reading(
            scores=tuple(map(float, scores[0])), evidence=tuple(float(evidence[0, end]) for end in passage.ends)
        )


@cache
def bundled_cross_encoder() -> CrossEncoder:
    """The model that comes with litwatch; read at the first call."""
    return read_cross_encoder((resources.files("litwatch.judge") / "minilm" / "model.onnx").read_bytes())


def read_cross_encoder(model: bytes) -> CrossEncoder:
    """model: in ONNX form, as `litwatch train-judge` writes it. Raises ValueError for what is none."""
    try:
        session = open_session(model, threads=1)
    except Exception as fault:  # the library has an error of its own for each thing that can be wrong with a file
        raise ValueError(f"no model in ONNX form ({type(fault).__name__})") from fault
    given = {one.name for one in session.get_inputs()}
    if given != _GIVEN or {one.name for one in session.get_outputs()} != {"stance", "evidence"}:
        raise ValueError("a model in ONNX form, but none that train-judge wrote")
    return CrossEncoder(session, bundled_tokens())
