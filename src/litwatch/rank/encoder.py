"""The sentence encoder that comes with litwatch: texts to vectors that lie near each other where they mean alike.

It is all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020; Apache-2.0), 6 layers with 8-bit weights, run by
ONNX Runtime on the processor: see bert/NOTICE.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litwatch.bert.session import bundled_tokens, open_session
from litwatch.bert.wordpiece import WordPiece

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

ENCODER = "minilm-l6-v2-int8.1"
"""Name of the model and of how it is read: vectors of another name are not to be compared with these."""
DIMENSIONS = 384
_TOKENS = 256
"""What the model was made for; of a longer text the end is not read."""
_SEVERAL = 6

Vectors = NDArray[np.float32]


class Encoder:
    def __init__(self, session: InferenceSession, tokens: WordPiece) -> None:
        self._session = session
        self._tokens = tokens

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """texts × DIMENSIONS, rows of length 1: the mean over a text's tokens.

        A text's vector depends a little on the others of the call, for their activations are scaled together.
        """
        read = [self._tokens.tokens(text, most=_TOKENS) for text in texts]
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Short texts beside long ones would be filled up to their length.
        by_length = np.argsort([len(tokens) for tokens in read], kind="stable")
        for part in np.array_split(by_length, 2) if len(texts) >= _SEVERAL else [by_length]:
            if len(part):
                found[part] = self._means([read[row] for row in part])
        return found

    def _means(self, read: Sequence[Sequence[int]]) -> Vectors:
        longest = max(map(len, read))
        numbers = np.zeros((len(read), longest), dtype=np.int64)
        there = np.zeros_like(numbers)
        for row, tokens in enumerate(read):
            numbers[row, : len(tokens)] = tokens
            there[row, : len(tokens)] = 1
        given = {"input_ids": numbers, "attention_mask": there, "token_type_ids": np.zeros_like(numbers)}
        states = np.asarray(self._session.run(None, given)[0], dtype=np.float32)
        means = (states * there[..., np.newaxis]).sum(axis=1, dtype=np.float32)
        found: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return found


@cache
def bundled_encoder() -> Encoder:
    """The encoder that comes with litwatch; read at the first call."""
    model = resources.files("litwatch.rank") / "minilm" / "model.onnx"
    return Encoder(open_session(model.read_bytes()), bundled_tokens())
