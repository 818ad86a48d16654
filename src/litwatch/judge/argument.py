"""What in a paper speaks expressly for a claim or against it, and in which words.

Nothing here is fitted. A challenge needs a statement about the claim's own subject that says the opposite (another
direction, a denial, the comparison the other way round), or the wording of a limit's removal where the claim states
a limit. A statement that says the same the same way is support, however loudly it says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litwatch.judge import cues
from litwatch.judge.reading import ClaimReading, Idf, PaperReading, Sentence
from litwatch.judge.statements import ILLS, Assertion, Axis, Comparison, Statement
from litwatch.model import Stance

# Share of a claim's statement, by weight, that must be met: below LEAST nothing is read, from FULL on no more is asked.
_LEAST, _FULL = 0.35, 0.75
# What a stem of the claim counts for where the clause itself lacks it: in the sentence; in title or sentence before.
_IN_SENTENCE, _NEARBY = 0.6, 0.35
_OPPOSABLE = frozenset({Axis.QUALITY, Axis.AMOUNT, Axis.KEEPING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Argument:
    stance: Stance
    strength: float
    """Above 0 to 1."""
    sentence: int
    """Index into the paper's sentences."""
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """The strongest on either side; None where nothing is said expressly."""

    challenge: Argument | None
    support: Argument | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    agreement: float
    """-1 opposite to 1 alike."""
    claim: str
    paper: str
    """The words that decide."""


def argue(claim: ClaimReading, paper: PaperReading, idf: Idf) -> Arguments:
    challenge: Argument | None = None
    support: Argument | None = None
    for found in _arguments(claim, paper, idf):
        if found.stance.challenges:
            if challenge is None or found.strength > challenge.strength:
                challenge = found
        elif support is None or found.strength > support.strength:
            support = found
    return Arguments(challenge=challenge, support=support)


def _arguments(claim: ClaimReading, paper: PaperReading, idf: Idf) -> Iterator[Argument]:
    around = paper.sentences[0].stems
    for index, sentence in enumerate(paper.sentences):
        nearby = around | (paper.sentences[index - 1].stems if index > 1 else frozenset())
        if sentence.assertive > 0 and sentence.words & claim.words:
            for stated in claim.statements:
                yield from _from_sentence(stated, sentence, index, nearby, paper, idf)


def _from_sentence(
    stated: Statement, sentence: Sentence, index: int, nearby: frozenset[str], paper: PaperReading, idf: Idf
) -> Iterator[Argument]:
    limit = limitation(stated)
    needed = stated.stems | stated.borrowed
    if len(needed & sentence.words) < min(2, len(needed)):
        return
    remedy = sentence.remedy
    for said in sentence.statements:
        near = _met(needed, said, sentence, nearby, idf)
        if near <= 0 or not (relation := relate(stated, said)):
            continue
        strength = near * abs(relation.agreement) * sentence.assertive
        if relation.agreement > 0:
            yield Argument(
                stance=Stance.SUPPORTS,
                strength=strength,
                sentence=index,
                reason=f"it says the same as the claim ({relation.paper!r})"
                if relation.paper
                else "it restates the claim without a word against it",
            )
            continue
        removed = bool(limit) and (bool(remedy) or paper.method > 0.15)
        words = f"the claim says {relation.claim!r}, the paper {relation.paper!r}"
        yield Argument(
            stance=Stance.SUPERSEDES if removed else Stance.CONTRADICTS,
            strength=strength,
            sentence=index,
            reason=f"{words}, after {sentence.contrast!r}" if sentence.contrast else words,
        )
    if limit and remedy and index:
        met = _share(needed, dict.fromkeys(sentence.words, 1.0), nearby, idf)
        if met > 0:
            yield Argument(
                stance=Stance.SUPERSEDES,
                strength=0.9 * met * sentence.assertive,
                sentence=index,
                reason=f"the claim states a limit ({limit!r}), the paper its removal ({remedy!r})",
            )


def limitation(stated: Statement) -> str:
    """The words by which a statement says that something does not work; "" where it states no limit."""
    for assertion in stated.assertions:
        if assertion.axis is None and assertion.denied:
            return assertion.phrase
        if assertion.axis in (Axis.AMOUNT, Axis.RELATION, Axis.SPEED, Axis.PRICE) and not assertion.denied:
            if assertion.near & ILLS and assertion.sign > 0:
                return assertion.phrase
            if assertion.near & cues.GOODS and assertion.sign < 0:
                return assertion.phrase
        elif assertion.axis and (assertion.sign < 0) != assertion.denied:
            return assertion.phrase
    return stated.denied or stated.limit


def _met(needed: frozenset[str], said: Statement, sentence: Sentence, nearby: frozenset[str], idf: Idf) -> float:
    counted = dict.fromkeys(sentence.words, _IN_SENTENCE)
    counted |= dict.fromkeys(said.stems | said.borrowed, 1.0)
    return _share(needed, counted, nearby, idf)


def _share(needed: frozenset[str], counted: dict[str, float], nearby: frozenset[str], idf: Idf) -> float:
    """0 to 1: how much of what the claim speaks of is met, LEAST being 0 and FULL 1."""
    total = met = 0.0
    for stem in needed:
        weight = idf(stem)
        total += weight
        met += weight * counted.get(stem, _NEARBY if stem in nearby else 0.0)
    if not total:
        return 0.0
    return max(0.0, min(1.0, (met / total - _LEAST) / (_FULL - _LEAST)))


def relate(stated: Statement, said: Statement) -> Relation | None:
    """How a statement of a paper stands to one of a claim; None where they share no word that decides."""
    found = _relations(stated, said)
    if not found:
        # Nothing asserted on either side that could differ: the same words, denied as a whole or not.
        could_differ = stated.assertions or any(a.axis is None for a in said.assertions)
        if could_differ and not (stated.denied or said.denied):
            return None
        found = [Relation(agreement=0.8, claim="", paper="")]
    total = sum(relation.agreement for relation in found)
    telling = max(found, key=lambda r: (r.agreement * total > 0, abs(r.agreement)))
    agreement = max(-1.0, min(1.0, total))
    if bool(stated.denied) != bool(said.denied):
        return Relation(
            agreement=-agreement,
            claim=stated.denied or telling.claim or "so",
            paper=said.denied or telling.paper or "so",
        )
    if not agreement:
        return None
    return Relation(agreement=agreement, claim=telling.claim, paper=telling.paper)


def _relations(stated: Statement, said: Statement) -> list[Relation]:
    found: list[Relation] = []
    compared = ""
    if stated.comparison and said.comparison and (relation := _compare(stated.comparison, said.comparison)):
        found.append(relation)
        compared = stated.comparison.word
    taken = {a.key for a in stated.assertions if a.axis}
    for claimed in stated.assertions:
        if claimed.word == compared:
            continue
        if claimed.axis:
            if relation := _same_axis(claimed, said, taken):
                found.append(relation)
        elif relation := _denied_word(claimed, said):
            found.append(relation)
    for told in said.assertions:
        # Denied in the paper, plainly said in the claim.
        if not told.axis and told.key in stated.stems and not any(a.key == told.key for a in stated.assertions):
            found.append(Relation(agreement=-0.9, claim=told.word, paper=told.phrase))
    return found


def _same_axis(claimed: Assertion, said: Statement, taken: set[str]) -> Relation | None:
    best: tuple[float, Assertion] | None = None
    for told in said.assertions:
        if told.axis is None or (told.key != claimed.key and told.key in taken):
            continue
        shared = len(claimed.near & told.near)
        if told.axis is claimed.axis:
            fit = 2.0 if told.key == claimed.key else 1.0
        elif {told.axis, claimed.axis} <= _OPPOSABLE and not (claimed.near | told.near) & ILLS:
            fit = 0.8
        else:
            continue
        if claimed.near and not shared:
            continue
        if best is None or fit + shared / 100 > best[0]:
            best = (fit + shared / 100, told)
    if best is None:
        return None
    told, weight = best[1], min(1.0, best[0])
    if claimed.denied == told.denied:
        same = told.sign == claimed.sign
        # Two different words denied: "not better" and "not worse" leave it open.
        agreement = weight if same else (0.0 if claimed.denied else -weight)
    else:
        agreement = -weight if told.sign == claimed.sign else 0.4 * weight
    return Relation(agreement=agreement, claim=claimed.phrase, paper=told.phrase) if agreement else None


def _denied_word(claimed: Assertion, said: Statement) -> Relation | None:
    if claimed.key not in said.stems:
        return None
    told = next((a for a in said.assertions if a.key == claimed.key and not a.axis), None)
    if told:
        return Relation(agreement=1.0, claim=claimed.phrase, paper=told.phrase)
    return Relation(agreement=-0.9, claim=claimed.phrase, paper=claimed.word)


def _compare(claimed: Comparison, told: Comparison) -> Relation | None:
    straight = len(claimed.left & told.left) + len(claimed.right & told.right)
    crossed = len(claimed.left & told.right) + len(claimed.right & told.left)
    if straight == crossed:
        return None
    turn = 1 if straight > crossed else -1
    agreement = turn * claimed.sign * told.sign
    paper = told.phrase
    if turn < 0 and agreement < 0:
        paper = f"{told.phrase}, the other way round"
    return Relation(agreement=float(agreement), claim=claimed.phrase, paper=paper)
