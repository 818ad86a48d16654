"""Training the judge's network: batches, loss and schedule."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from litwatch.training.examples import Example
from litwatch.training.network import Network, filled

_TOGETHER = 50
"""Batches over whose examples lengths are sorted, so that few are filled up."""
_SMOOTHED = 0.03
_CARRIED = 0.3
"""What finding the sentence counts for beside finding the stance."""
_DECAY, _STEEPEST, _LEAST = 0.01, 1.0, 0.02

Progress = Callable[[int, int, float], None]
"""Step, steps in all, mean loss of late."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    rate: float
    """Highest learning rate of AdamW, reached after `warm` steps and falling from there in a line."""
    batch: int
    passes: float = 1.0
    warm: int = 100
    seed: int = 0


def fit(network: Network, examples: Sequence[Example], stage: Stage, progress: Progress) -> None:
    """Trains all but the embeddings of words. The network is left ready for use.

    Loss: cross-entropy of the stance, weighed by example, and a share of that of the sentence where one is known.
    """
    torch.manual_seed(stage.seed)
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    trained = [weights for weights in network.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=stage.rate, weight_decay=_DECAY, fused=True)
    steps = max(1, math.floor(stage.passes * len(examples) / stage.batch))
    mean = 0.0
    network.train()
    for step, batch in zip(range(1, steps + 1), _batches(examples, stage), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = stage.rate * min(step / stage.warm, max(_LEAST, 1 - step / steps))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores, evidence = network(*filled(batch))
        loss = _loss(scores, evidence, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, _STEEPEST)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        progress(step, steps, mean)
    network.eval()


def _loss(scores: Tensor, evidence: Tensor, batch: Sequence[Example]) -> Tensor:
    stances = torch.tensor([example.stance for example in batch])
    weights = torch.tensor([example.weight for example in batch])
    each = functional.cross_entropy(scores, stances, reduction="none", label_smoothing=_SMOOTHED)
    loss = (each * weights).sum() / weights.sum()
    missed = []
    for row, example in enumerate(batch):
        if any(example.carried):
            carried = torch.tensor(example.carried, dtype=torch.float)
            told = torch.log_softmax(evidence[row, list(example.passage.ends)], 0)
            missed.append(-(told * carried).sum() / carried.sum())
    return loss + _CARRIED * torch.stack(missed).mean() if missed else loss


def _batches(examples: Sequence[Example], stage: Stage) -> Iterator[list[Example]]:
    """Without end; those of a batch are of about one length."""
    by_lot = random.Random(stage.seed)
    while True:
        order = list(examples)
        by_lot.shuffle(order)
        found = []
        for start in range(0, len(order), stage.batch * _TOGETHER):
            near = sorted(order[start : start + stage.batch * _TOGETHER], key=lambda e: len(e.passage.tokens))
            found += [near[first : first + stage.batch] for first in range(0, len(near), stage.batch)]
        by_lot.shuffle(found)
        yield from found
