"""Claims and papers as a cue judge reads them: stems, their weights, and what each sentence does."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import snowballstemmer

from litwatch.judge import cues
from litwatch.model import Claim, Paper
from litwatch.text import sentences, squeeze

Idf = Callable[[str], float]
"""Weight of a stem (as `stems` gives it), 0 or more: how much it says about what a text is about."""

_WORD = re.compile(r"[a-z][a-z0-9]+(?:'[a-z]+)?")
_EMPTY_WORDS = """
    an and are as at be been being but by can could did do does for from had has have how if in into
    is it its may might more most much must no nor not of on only or our out over should so some
    such than that the their them then there these they this those through to under up was we were
    what when where which while who whom why will with within without would you your also both each
    via yet however thus therefore moreover furthermore between across using use used based show
    shows shown paper work study results result propose proposed approach
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    return stem


def stems(text: str) -> list[str]:
    """The stems (Snowball, English) of the content words of a text, in order; numbers and empty words left out."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY]


@lru_cache(maxsize=1)
def bundled_idf() -> Idf:
    """ln((N + 1) / (df + 1)) over the arXiv abstracts counted in words.json; unlisted stems count as df = 0."""
    table = json.loads((files("litwatch.judge") / "words.json").read_text(encoding="utf-8"))
    papers: int = table["papers"]
    counts: dict[str, int] = table["counts"]
    weights = {stem: math.log((papers + 1) / (count + 1)) for stem, count in counts.items()}
    rarest = math.log(papers + 1)
    return lambda stem: weights.get(stem, rarest)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimReading:
    weights: dict[str, float]
    """Stem → idf × (1 + ln count)."""
    total: float
    idf: dict[str, float]
    idf_total: float
    limit: float
    """-1 to 1: how far the claim's last statement is one of a limitation."""
    limit_cue: str
    direction: float
    negated: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    text: str
    stems: frozenset[str]
    voice: float
    """0 to 1: how far the authors speak here for themselves, as in a finding, and not for others."""
    gains: int
    against: int
    direction: float
    negated: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperReading:
    counts: Counter[str]
    """Stem → times it occurs, the title counted twice."""
    length: int
    sentences: tuple[Sentence, ...]
    """The title, then the abstract's."""
    method: float
    """-1 to 1: a study of what there is, or a new method."""
    gains: float
    against: float
    """Cues per square root of the number of sentences."""


def read_claim(claim: Claim, idf: Idf) -> ClaimReading:
    counts = Counter(stems(claim.full_text))
    plain = {stem: idf(stem) for stem in counts}
    weights = {stem: plain[stem] * (1 + math.log(n)) for stem, n in counts.items()}
    # A claim may open with the question that it answers; a question asserts nothing.
    stated = [s for s in sentences(claim.text) if not s.endswith("?")] or [claim.text]
    last, whole = stated[-1], " ".join(stated)
    return ClaimReading(
        weights=weights,
        total=sum(weights.values()),
        idf=plain,
        idf_total=sum(plain.values()),
        limit=cues.lean(cues.count(cues.LIMIT, last), cues.count(cues.MERIT, last)),
        limit_cue=cues.first(cues.LIMIT, last),
        direction=cues.lean(cues.count(cues.UP, whole), cues.count(cues.DOWN, whole)),
        negated=cues.NEGATION.search(whole) is not None,
    )


def read_paper(paper: Paper) -> PaperReading:
    title = squeeze(paper.title)
    body = sentences(paper.abstract)
    last = max(1, len(body) - 1)
    read = (_read_sentence(title, None), *(_read_sentence(s, i / last) for i, s in enumerate(body)))
    counts = Counter(stem for text in (title, title, *body) for stem in stems(text))
    whole = " ".join((title, *body))
    root = math.sqrt(len(read))
    methods, studies = cues.count(cues.METHOD, whole), cues.count(cues.STUDY, whole)
    return PaperReading(
        counts=counts,
        length=sum(counts.values()),
        sentences=read,
        method=(methods - studies) / (methods + studies + 2),
        gains=sum(s.voice * s.gains for s in read) / root,
        against=sum(s.voice * s.against for s in read) / root,
    )


def _read_sentence(text: str, place: float | None) -> Sentence:
    """place: 0 at the abstract's first sentence to 1 at its last; None for the title."""
    finding = cues.FINDING.search(text) is not None
    voice = 1.0 if finding or place is None or place > 0.6 else 0.6
    asks = text.rstrip("\"')]").endswith("?")
    if asks or (not finding and cues.REPORTED.search(text)):
        voice *= 0.3
    return Sentence(
        text=text,
        stems=frozenset(stems(text)),
        voice=voice,
        gains=min(2, cues.count(cues.GAIN, text)),
        against=min(2, cues.count(cues.AGAINST, text)),
        direction=cues.lean(cues.count(cues.UP, text), cues.count(cues.DOWN, text)),
        negated=cues.NEGATION.search(text) is not None,
    )
