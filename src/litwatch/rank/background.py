"""The background: in how many arXiv papers a term occurs, so that the first day ranks as well as the hundredth.

The bundled counts were taken from titles and abstracts of arXiv's records (metadata under CC0) by
tools/build_background.py.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from litwatch.model import Paper
from litwatch.rank.words import stems

TITLE_WEIGHT = 2
"""A word of the title counts as so many of the abstract."""

_BUNDLED = "background.tsv.gz"


@dataclass(frozen=True, kw_only=True)
class Background:
    version: str
    """Name of the records that were counted, as "arxiv-2025.1"."""
    papers: int
    mean_length: float
    """Stems of a paper on average, those of the title counted TITLE_WEIGHT times."""
    frequencies: Mapping[str, int]
    """Stem to the number of papers that have it in title or abstract."""

    def share(self, stem: str) -> float:
        """Share of papers that have the term, 0 to 1; a term never seen counts as seen once."""
        return max(self.frequencies.get(stem, 0), 1) / max(self.papers, 1)

    def idf(self, stem: str) -> float:
        """ln(1 + (N - df + 1/2) / (df + 1/2)), positive for every term (Robertson and Zaragoza 2009, eq. 3.3, with
        the 1 inside the logarithm that Lucene adds)."""
        seen = max(self.frequencies.get(stem, 0), 1)
        return _idf(max(self.papers, seen), seen)

    @classmethod
    def counted(cls, papers: Iterable[Paper], *, version: str) -> Background:
        """The background that these papers make."""
        frequencies: Counter[str] = Counter()
        read = length = 0
        for paper in papers:
            title, abstract = stems(paper.title), stems(paper.abstract)
            frequencies.update({*title, *abstract})
            length += TITLE_WEIGHT * len(title) + len(abstract)
            read += 1
        return cls(
            version=version,
            papers=read,
            mean_length=length / max(read, 1),
            frequencies=MappingProxyType(frequencies),
        )

    def written(self, *, at_least: int) -> bytes:
        """The form that `read` takes, with the terms of `at_least` papers; the same bytes for the same counts."""
        head = {"version": self.version, "papers": self.papers, "mean_length": round(self.mean_length, 2)}
        kept = sorted((term, df) for term, df in self.frequencies.items() if df >= at_least)
        text = "\n".join([json.dumps(head), *(f"{term}\t{df}" for term, df in kept)]) + "\n"
        return gzip.compress(text.encode(), compresslevel=9, mtime=0)

    @classmethod
    def read(cls, data: bytes) -> Background:
        """From the bytes that `written` gives."""
        first, *rows = gzip.decompress(data).decode().splitlines()
        head = json.loads(first)
        frequencies = {term: int(df) for term, _, df in (row.partition("\t") for row in rows)}
        return cls(
            version=head["version"],
            papers=head["papers"],
            mean_length=head["mean_length"],
            frequencies=MappingProxyType(frequencies),
        )


@lru_cache(maxsize=100_000)
def _idf(papers: int, seen: int) -> float:
    return math.log1p((papers - seen + 0.5) / (seen + 0.5))


@cache
def bundled() -> Background:
    """The background that comes with litwatch; read at the first call."""
    return Background.read(resources.files("litwatch.rank").joinpath(_BUNDLED).read_bytes())
