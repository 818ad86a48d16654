"""Claims and papers as a cue judge reads them: stems, their weights, and what each sentence does."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from litwatch.judge import cues
from litwatch.judge.statements import EMPTY, Statement, content_stem, statements, stem
from litwatch.model import Claim, Paper
from litwatch.text import sentences, squeeze

Idf = Callable[[str], float]
"""Weight of a stem (as `stems` gives it), 0 or more: how much it says about what a text is about."""

_WORD = re.compile(r"[a-z][a-z0-9]+(?:'[a-z]+)?")


def stems(text: str) -> list[str]:
    """The stems (Snowball, English) of the content words of a text, in order; numbers and empty words left out."""
    return [stem(word) for word in _WORD.findall(text.lower()) if word not in EMPTY]


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
    statements: tuple[Statement, ...]
    words: frozenset[str]
    """All stems that its statements speak of."""
    keys: frozenset[str]
    """`words` and the stems of all that they assert."""
    limited: bool
    """One of its statements is that something does not work."""


class TurnKind(StrEnum):
    """What is done with the thing named."""

    GONE = "gone"
    LESS = "less"
    BETTER = "better"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A wording by which a limit is said to be gone, made less or left behind, or what is held to be wrong."""

    word: str
    kind: TurnKind
    beside: frozenset[str]
    """Stems of the words that it is said of: a few on either side, for an ill made less those that follow."""


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
    assertive: float
    """0 to 1: how far the sentence states, as the authors' own, what came out: 0 for a question or a reported view."""
    contrast: str
    """The wording by which it speaks against something, or ""."""
    turns: tuple[Turn, ...]
    """In the order of their kinds."""
    statements: tuple[Statement, ...]
    words: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperReading:
    counts: Counter[str]
    """Stem → times it occurs, the title counted twice."""
    length: int
    sentences: tuple[Sentence, ...]
    """The title, then the abstract's."""
    words: frozenset[str]
    """All stems that its statements speak of."""
    method: float
    """-1 to 1: a study of what there is, or a new method."""
    made: bool
    """The authors say that they made something."""
    gains: float
    against: float
    """Cues per square root of the number of sentences."""


# Each kind's wordings, and how many words before and after are looked at for what is meant.
_TURNS = (
    (TurnKind.GONE, cues.REMEDY, 8, 8),
    (TurnKind.LESS, cues.EASE, 0, 8),
    (TurnKind.BETTER, cues.ADVANCE, 15, 15),
    (TurnKind.WRONG, cues.OVERTURN, 0, 12),
)


def read_claim(claim: Claim, idf: Idf) -> ClaimReading:
    counts = Counter(stems(claim.full_text))
    plain = {stem: idf(stem) for stem in counts}
    weights = {stem: plain[stem] * (1 + math.log(n)) for stem, n in counts.items()}
    # A claim may open with the question that it answers; a question asserts nothing.
    stated = [s for s in sentences(claim.text) if not s.endswith("?")] or [claim.text]
    last, whole = stated[-1], " ".join(stated)
    said: tuple[Statement, ...] = ()
    for sentence in stated:
        said += statements(sentence, said[-1].words if said else frozenset())
    return ClaimReading(
        weights=weights,
        total=sum(weights.values()),
        idf=plain,
        idf_total=sum(plain.values()),
        limit=cues.lean(cues.count(cues.LIMIT, last), cues.count(cues.MERIT, last)),
        limit_cue=cues.first(cues.LIMIT, last),
        direction=cues.lean(cues.count(cues.UP, whole), cues.count(cues.DOWN, whole)),
        negated=cues.NEGATION.search(whole) is not None,
        statements=said,
        words=_words(said),
        keys=_words(said) | {assertion.key for statement in said for assertion in statement.assertions},
        limited=any(statement.limitation for statement in said),
    )


def read_paper(paper: Paper) -> PaperReading:
    title = squeeze(paper.title)
    body = sentences(paper.abstract)
    last = max(1, len(body) - 1)
    read = [_read_sentence(title, None, "", frozenset())]
    for i, text in enumerate(body):
        following = body[i + 1] if i + 1 < len(body) else ""
        read.append(_read_sentence(text, i / last, following, read[-1].words if i else frozenset()))
    counts = Counter(stem for text in (title, title, *body) for stem in stems(text))
    whole = " ".join((title, *body))
    root = math.sqrt(len(read))
    methods, studies = cues.count(cues.METHOD, whole), cues.count(cues.STUDY, whole)
    return PaperReading(
        counts=counts,
        length=sum(counts.values()),
        sentences=tuple(read),
        words=frozenset(word for sentence in read for word in sentence.words),
        method=(methods - studies) / (methods + studies + 2),
        made=cues.MADE.search(whole) is not None,
        gains=sum(s.voice * s.gains for s in read) / root,
        against=sum(s.voice * s.against for s in read) / root,
    )


def _read_sentence(text: str, place: float | None, following: str, before: frozenset[str]) -> Sentence:
    """place: 0 at the abstract's first sentence to 1 at its last; None for the title. before: words of the last one."""
    finding = cues.FINDING.search(text) is not None
    voice = 1.0 if finding or place is None or place > 0.6 else 0.6
    asks = text.rstrip("\"')]").endswith("?")
    if asks or (not finding and cues.REPORTED.search(text)):
        voice *= 0.3
    own = cues.ASIDE.sub("", text)
    stated = statements(own, before)
    assertive = 0.0 if asks else _assertive(own, place, following)
    return Sentence(
        text=text,
        stems=frozenset(stems(text)),
        voice=voice,
        gains=min(2, cues.count(cues.GAIN, text)),
        against=min(2, cues.count(cues.AGAINST, text)),
        direction=cues.lean(cues.count(cues.UP, text), cues.count(cues.DOWN, text)),
        negated=cues.NEGATION.search(text) is not None,
        assertive=assertive,
        contrast=cues.first(cues.CONTRAST, text),
        turns=tuple(_turns(own)),
        statements=stated,
        words=_words(stated),
    )


def _assertive(text: str, place: float | None, following: str) -> float:
    if place is None:
        return 0.5  # a title may state a finding, but as evidence it is weak
    if cues.OWN.search(text):
        return 1.0
    if cues.HELD.search(text):
        return 0.0
    if cues.AIM.search(text):
        return 0.0 if cues.ASKED.search(text) else 0.3
    if cues.TURN.match(following):
        return 0.3
    if cues.FINDING.search(text):
        return 1.0
    return 0.5 if place < 0.2 else 0.7 if place < 0.4 else 1.0


def _turns(text: str) -> Iterator[Turn]:
    for kind, family, back, ahead in _TURNS:
        for found in family.finditer(text):
            before, after = text[: found.start()], text[found.end() :]
            if not cues.DENIED.search(before):
                beside = [*(before.split()[-back:] if back else ()), *after.split()[:ahead]]
                told = frozenset(content_stem(word) for word in _WORD.findall(" ".join(beside).lower()))
                yield Turn(word=found[0].lower().strip(), kind=kind, beside=told)


def _words(stated: tuple[Statement, ...]) -> frozenset[str]:
    return frozenset(stem for statement in stated for stem in statement.words)
