"""What texts mean, as vectors: of papers whole and sentence by sentence, of lines by question and claim.

The encoder takes some tens of milliseconds a paper, so vectors are kept: the last ones here, and all of them in a
memory that outlives the process, where one is given. They are kept and used with 8 bits a number, so that a score is
the same whether they were kept or not.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from litwatch.model import Line, Paper
from litwatch.rank.encoder import DIMENSIONS, ENCODER, Vectors, bundled_encoder
from litwatch.text import sentences

_KEPT_HERE = 40_000
"""Groups of vectors in this process, some 2 KB each."""
_KEPT_AT_ONCE = 100
"""Groups that are read before they are put into the memory: what a process has read is kept when it is stopped."""
_SENTENCES = 32
"""Of an abstract, read by themselves; arXiv's longest has about so many."""
_SCALE = np.dtype("<f4")

Encode = Callable[[Sequence[str]], Vectors]


class VectorMemory(Protocol):
    """Where vectors outlive the process."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """What is kept under these keys; those that are not are left out."""

    def keep(self, found: Mapping[str, bytes]) -> None: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperMeaning:
    whole: Vectors
    """Of title and abstract; of length 1."""
    parts: Vectors
    """Title and sentences × DIMENSIONS, in the order of the text."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LineMeaning:
    whole: Vectors
    """The mean of question, lead and open claims; of length 1."""
    claims: Vectors
    """Open claims × DIMENSIONS; the question alone where there is none."""


class Meaning:
    def __init__(
        self, memory: VectorMemory | None = None, *, encode: Encode | None = None, name: str = ENCODER
    ) -> None:
        """encode: texts to vectors of length 1, texts × DIMENSIONS; the bundled encoder's unless given. name: of what
        encodes, for vectors of another are not to be compared."""
        self.name = name
        self._encode = encode
        self._memory = memory
        self._here: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def papers(self, papers: Sequence[Paper]) -> list[PaperMeaning]:
        """In the same order. A paper's vectors depend on its text alone, whatever else is asked for."""
        groups: list[tuple[str, ...]] = []
        for paper in papers:
            groups.append((f"{paper.title}. {paper.abstract}",))
            groups.append((paper.title, *sentences(paper.abstract)[:_SENTENCES]))
        read = self._read(groups)
        return [PaperMeaning(whole=whole[0], parts=parts) for whole, parts in zip(read[::2], read[1::2], strict=True)]

    def lines(self, lines: Sequence[Line]) -> list[LineMeaning]:
        """In the same order."""
        texts = [
            [line.question, *filter(None, [line.about]), *(claim.full_text for claim in line.open_claims)]
            for line in lines
        ]
        read = iter(self._read([(text,) for of_line in texts for text in of_line]))
        found = []
        for line, of_line in zip(lines, texts, strict=True):
            vectors = np.vstack([next(read) for _ in of_line])
            mean = vectors.sum(axis=0, dtype=np.float32)
            found.append(
                LineMeaning(
                    whole=mean / np.float32(max(float(np.linalg.norm(mean)), 1e-9)),
                    claims=vectors[-len(line.open_claims) :] if line.open_claims else vectors[:1],
                )
            )
        return found

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """texts × DIMENSIONS, each text read by itself."""
        read = self._read([(text,) for text in texts])
        return np.vstack(read) if read else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _read(self, groups: Sequence[tuple[str, ...]]) -> list[Vectors]:
        """The vectors of each group, its texts × DIMENSIONS."""
        keys = [self._key(group) for group in groups]
        known = self._known(keys)
        if missing := {key: group for key, group in zip(keys, groups, strict=True) if key not in known}:
            encode = self._encode or bundled_encoder().vectors
            for some in _batched(missing.items(), _KEPT_AT_ONCE):
                # One group at a time: a vector depends a little on what is read beside it.
                fresh = {key: packed(encode(group)) for key, group in some}
                self._keep_here(fresh)
                if self._memory:
                    self._memory.keep(fresh)
                known |= fresh
        return [unpacked(known[key]) for key in keys]

    def _known(self, keys: Sequence[str]) -> dict[str, bytes]:
        with self._lock:
            known = {key: self._here[key] for key in keys if key in self._here}
            for key in known:
                self._here.move_to_end(key)
        if self._memory and (missing := [key for key in dict.fromkeys(keys) if key not in known]):
            recalled = dict(self._memory.recall(missing))
            self._keep_here(recalled)
            known |= recalled
        return known

    def _keep_here(self, found: Mapping[str, bytes]) -> None:
        with self._lock:
            self._here.update(found)
            while len(self._here) > _KEPT_HERE:
                self._here.popitem(last=False)

    def _key(self, group: tuple[str, ...]) -> str:
        return hashlib.sha256("\0".join((self.name, *group)).encode("utf-8", "replace")).hexdigest()


def _batched(items: Iterable[tuple[str, tuple[str, ...]]], size: int) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some


def packed(vectors: Vectors) -> bytes:
    """Per vector the size of its greatest number, then all numbers as whole ones of -127 to 127 of it."""
    greatest = np.abs(vectors).max(axis=1, keepdims=True)
    whole = np.rint(vectors / np.maximum(greatest, 1e-9) * 127).astype(np.int8)
    packed: bytes = greatest.astype(_SCALE).tobytes() + whole.tobytes()
    return packed


def unpacked(data: bytes) -> Vectors:
    """From the bytes that `packed` gives."""
    count = len(data) // (DIMENSIONS + _SCALE.itemsize)
    greatest = np.frombuffer(data, dtype=_SCALE, count=count).astype(np.float32)
    whole = np.frombuffer(data, dtype=np.int8, offset=count * _SCALE.itemsize).reshape(count, DIMENSIONS)
    return np.asarray(whole.astype(np.float32) * (greatest[:, np.newaxis] / 127), dtype=np.float32)
