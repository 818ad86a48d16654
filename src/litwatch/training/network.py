"""The judge's cross-encoder as PyTorch trains it, and its export to ONNX with 8-bit weights.

BERT (Devlin et al. 2019) in the form of all-MiniLM-L6-v2, whose weights it begins with; parts have the names that the
Transformers library gives them, so that its files can be read. It is trained without dropout: each pair is seen a few
times at most.
"""

from __future__ import annotations

import json
import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from litwatch.errors import DataError
from litwatch.training.examples import Example

_WORDS, _PLACES, _TYPES = 30_522, 512, 2
_WIDTH, _INNER, _HEADS, _LAYERS = 384, 1536, 12, 6
_EPSILON = 1e-12
_STANCES = 4
# Lengths come in steps: what computes is made ready anew for each length that was not met before.
_STEP = 16
_SHORT = 80
"""Tokens."""
_UNSEEN = -1e4
_OPSET = 17


class _Embeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(_WORDS, _WIDTH)
        self.position_embeddings = nn.Embedding(_PLACES, _WIDTH)
        self.token_type_embeddings = nn.Embedding(_TYPES, _WIDTH)
        self.LayerNorm = nn.LayerNorm(_WIDTH, eps=_EPSILON)

    def forward(self, tokens: Tensor, types: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device)
        summed = self.word_embeddings(tokens) + self.position_embeddings(places) + self.token_type_embeddings(types)
        found: Tensor = self.LayerNorm(summed)
        return found


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Module()
        self.attention.self = nn.Module()
        for name in ("query", "key", "value"):
            setattr(self.attention.self, name, nn.Linear(_WIDTH, _WIDTH))
        self.attention.output = _output(_WIDTH)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(_WIDTH, _INNER)
        self.output = _output(_INNER)

    def forward(self, states: Tensor, there: Tensor) -> Tensor:
        """there: texts × 1 × 1 × tokens, what may be attended to."""
        texts, tokens, _ = states.shape
        query, key, value = (
            getattr(self.attention.self, name)(states).view(texts, tokens, _HEADS, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        plainly = self.training and tokens <= _SHORT
        attend = _attended if plainly else functional.scaled_dot_product_attention
        attended = attend(query, key, value, there)
        states = self._added(self.attention.output, attended.transpose(1, 2).reshape(texts, tokens, _WIDTH), states)
        return self._added(self.output, functional.gelu(self.intermediate.dense(states)), states)

    def _added(self, part: nn.Module, states: Tensor, before: Tensor) -> Tensor:
        found: Tensor = part.LayerNorm(part.dense(states) + before)
        return found


def _attended(query: Tensor, key: Tensor, value: Tensor, there: Tensor) -> Tensor:
    """Scaled dot-product attention (Vaswani et al. 2017), all texts × heads × tokens × width of a head.

    PyTorch's own, fused, is slow on a processor in its backward pass: without it a third more short texts are trained
    in the same time.
    """
    scores = (query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2)).float().masked_fill(~there, _UNSEEN)
    return torch.softmax(scores, -1).to(value.dtype) @ value


def _output(width: int) -> nn.Module:
    part = nn.Module()
    part.dense = nn.Linear(width, _WIDTH)
    part.LayerNorm = nn.LayerNorm(_WIDTH, eps=_EPSILON)
    return part


class Network(nn.Module):
    """Claim and passage to four logits of stance, and for each token how well the sentence that it ends carries it."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = nn.Module()
        self.bert.embeddings = _Embeddings()
        self.bert.encoder = nn.Module()
        self.bert.encoder.layer = nn.ModuleList(_Layer() for _ in range(_LAYERS))
        self.dense = nn.Linear(_WIDTH, _WIDTH)
        self.out = nn.Linear(_WIDTH, _STANCES)
        self.ev = nn.Linear(_WIDTH, 1)

    def forward(self, tokens: Tensor, there: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """All texts × tokens; gives texts × 4 and texts × tokens."""
        states = self.bert.embeddings(tokens, types)
        seen = there[:, None, None, :].bool()
        for layer in self.bert.encoder.layer:
            states = layer(states, seen)
        return self.out(torch.tanh(self.dense(states[:, 0]))).float(), self.ev(states).squeeze(-1).float()


def begin_with(network: Network, base: Path) -> None:
    """Takes over the encoder's weights from a model.safetensors in `base` (all-MiniLM-L6-v2's folder).

    Raises DataError where there is none, or one of another shape.
    """
    source = base / "model.safetensors"
    try:
        weights = _read_safetensors(source)
        network.bert.load_state_dict({name: weights[name] for name in network.bert.state_dict()})
    except FileNotFoundError as missing:
        raise DataError(f"{source} is not there; name the folder of all-MiniLM-L6-v2 with --base") from missing
    except (KeyError, ValueError, RuntimeError, struct.error) as problem:
        raise DataError(f"{source} is no all-MiniLM-L6-v2 in safetensors form ({type(problem).__name__})") from problem


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    """The form is a length in 8 bytes, a JSON object that says where each tensor lies, and the tensors."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    table = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    found = {}
    for name, told in table.items():
        if name != "__metadata__" and told["dtype"] == "F32":
            first, end = told["data_offsets"]
            numbers = np.frombuffer(body[first:end], dtype="<f4").reshape(told["shape"])
            found[name] = torch.from_numpy(numbers.copy())
    return found


def filled(examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, which of them are there, and types, each examples × the longest, filled up with zeros."""
    longest = max(len(example.passage.tokens) for example in examples)
    longest += -longest % _STEP
    tokens, there, types = (torch.zeros(len(examples), longest, dtype=torch.long) for _ in range(3))
    for row, example in enumerate(examples):
        length = len(example.passage.tokens)
        tokens[row, :length] = torch.tensor(example.passage.tokens)
        there[row, :length] = 1
        types[row, example.passage.claim : length] = 1
    return tokens, there, types


def export(network: Network, target: Path) -> None:
    """Writes the network to `target` in ONNX form, weights in 8 bits, one scale a channel."""
    network.eval()
    tokens = torch.randint(1000, 2000, (1, 40))
    ones = torch.ones_like(tokens)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network,
            (tokens, ones, ones),
            str(whole),
            input_names=names,
            output_names=["stance", "evidence"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*names, "evidence")},
            opset_version=_OPSET,
            dynamo=False,
        )
        quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)
