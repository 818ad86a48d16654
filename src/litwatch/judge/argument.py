"""What in a paper speaks expressly for a claim or against it, and in which words.

Nothing here is fitted. A challenge needs a statement about the claim's own subject that says the opposite (another
direction, a denial, the comparison the other way round), or the wording of a limit's removal where the claim states
a limit. A statement that says the same the same way is support, however loudly it says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litwatch.judge.opposites import ILLS, Axis
from litwatch.judge.reading import ClaimReading, Idf, PaperReading, Sentence, TurnKind, stems
from litwatch.judge.statements import Assertion, Comparison, Statement
from litwatch.model import Stance

# Share of a claim's statement, by weight, that must be met: below LEAST nothing is read, from FULL on no more is asked.
_LEAST, _FULL = 0.35, 0.75
# What a stem of the claim counts for where the clause lacks it: in its sentence, and elsewhere in title or abstract.
_IN_SENTENCE, _IN_PAPER = 0.6, 0.35
# A leaning is read from findings only, and where the claim's words beside it weigh half of this (in idf) or more.
_LEAN_ASSERTIVE, _LEAN_FULL = 0.7, 10.0
_OPPOSABLE = {Axis.QUALITY, Axis.AMOUNT}
# Share of the whole claim that title and abstract together must meet: an argument about a corner of it is chance.
_GROUND_LEAST, _GROUND_FULL = 0.2, 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Argument:
    stance: Stance
    strength: float
    """Above 0 to 1."""
    sentence: int
    """Index into the paper's sentences."""
    reason: str
    worded: bool = True
    """It rests on a word that decides, and not on the same words alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """The strongest on either side; None where nothing is said expressly."""

    challenge: Argument | None
    support: Argument | None
    leaning: Argument | None
    """Weaker than a challenge: a method that holds up where the claim states a limit, or a view of the claim's subject
    that is turned against, without a word on the claim itself. It is worth no more than the paper is near."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    agreement: float
    """-1 opposite to 1 alike."""
    claim: str
    paper: str
    """The words that decide."""


def argue(claim: ClaimReading, paper: PaperReading, idf: Idf) -> Arguments:
    found = list(_arguments(claim, paper, idf))
    return Arguments(
        challenge=max((a for a in found if a.stance.challenges), key=_by_strength, default=None),
        support=max((a for a in found if not a.stance.challenges), key=_by_strength, default=None),
        leaning=max(_lean(claim, paper, idf), key=_by_strength, default=None),
    )


def _by_strength(argument: Argument) -> float:
    return argument.strength


def _arguments(claim: ClaimReading, paper: PaperReading, idf: Idf) -> Iterator[Argument]:
    ground = _ramp(_share(claim.words, dict.fromkeys(paper.words, 1.0), idf), _GROUND_LEAST, _GROUND_FULL)
    if not ground:
        return
    for index, sentence in enumerate(paper.sentences):
        if sentence.assertive and len(sentence.words & claim.words) > 1:
            counted = dict.fromkeys(paper.words, _IN_PAPER) | dict.fromkeys(sentence.words, _IN_SENTENCE)
            place = _Place(index=index, sentence=sentence, counted=counted, weight=ground * sentence.assertive)
            for stated in claim.statements:
                if len(stated.words & sentence.words) >= min(2, len(stated.words)):
                    yield from _from_statements(claim, stated, paper, place, idf)
                    yield from _from_remedy(claim, stated, place, idf)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where in a paper an argument is looked for."""

    index: int
    sentence: Sentence
    counted: dict[str, float]
    """What each stem of the paper counts for here."""
    weight: float


def _from_statements(
    claim: ClaimReading, stated: Statement, paper: PaperReading, place: _Place, idf: Idf
) -> Iterator[Argument]:
    sentence = place.sentence
    gone = any(turn.kind is TurnKind.GONE and not claim.keys & set(stems(turn.word)) for turn in sentence.turns)
    for said in sentence.statements:
        relation = relate(stated, said, idf)
        if relation is None:
            continue
        # Without a word that decides, the clause itself must hold what the claim speaks of.
        counted = (place.counted if relation.claim or relation.paper else {}) | dict.fromkeys(said.words, 1.0)
        met = _ramp(_share(stated.words, counted, idf), _LEAST, _FULL)
        strength = met * abs(relation.agreement) * place.weight
        if not strength:
            continue
        if relation.agreement > 0:
            yield Argument(
                stance=Stance.SUPPORTS,
                # Where a removal is told, the limit is named only to say that it is gone.
                strength=strength * (0.3 if stated.limitation and gone else 1.0),
                sentence=place.index,
                reason=f"it says the same as the claim ({relation.paper!r})"
                if relation.paper
                else "it restates the claim without a word against it",
                worded=bool(relation.paper),
            )
        else:
            removed = bool(gone and claim.limited) or bool(stated.limitation and paper.made)
            words = _difference(relation)
            yield Argument(
                stance=Stance.SUPERSEDES if removed else Stance.CONTRADICTS,
                strength=strength,
                sentence=place.index,
                reason=f"{words}, after {sentence.contrast!r}" if _tells_contrast(sentence, relation) else words,
            )


def _tells_contrast(sentence: Sentence, relation: Relation) -> bool:
    """Its wording of contrast is worth naming beside the words that decide."""
    return sentence.contrast not in ("", "however") and sentence.contrast not in relation.paper


def _difference(relation: Relation) -> str:
    if relation.claim and relation.paper:
        return f"the claim says {relation.claim!r}, the paper {relation.paper!r}"
    if relation.paper:
        return f"the paper denies what the claim says ({relation.paper!r})"
    return f"the paper says what the claim denies ({relation.claim!r})"


def _from_remedy(claim: ClaimReading, stated: Statement, place: _Place, idf: Idf) -> Iterator[Argument]:
    """A limit's removal, told right beside words of the statement that states the limit."""
    limit = stated.limitation
    if not limit or not place.index:  # a title promises only
        return
    counted = place.counted | dict.fromkeys(place.sentence.words, 1.0)
    met = _ramp(_share(stated.words, counted, idf), _LEAST, _FULL)
    for turn in place.sentence.turns:
        # A wording that is the claim's own ("removes more than it adds") removes nothing.
        if turn.kind not in (TurnKind.GONE, TurnKind.LESS) or claim.keys & set(stems(turn.word)):
            continue
        gone = turn.kind is TurnKind.GONE
        beside = stated.words & turn.beside
        near = _ramp(_share(stated.words, dict.fromkeys(beside, 1.0), idf), 0.1, 0.35)
        strength = (0.9 if gone else 0.75) * met * near * place.weight
        if strength and (gone or len(beside) > 1):
            done = "its removal" if gone else "that it is made less"
            yield Argument(
                stance=Stance.SUPERSEDES,
                strength=strength,
                sentence=place.index,
                reason=f"the claim states a limit ({limit!r}), the paper {done} ({turn.word!r})",
            )


def _lean(claim: ClaimReading, paper: PaperReading, idf: Idf) -> Iterator[Argument]:
    """Something made that holds up, or a view that is turned against, right beside words of the claim.

    Strength: what those words weigh, 0.5 to 1.
    """
    limit = next((stated.limitation for stated in claim.statements if stated.limitation), "")
    for index, sentence in enumerate(paper.sentences):
        if not index or sentence.assertive < _LEAN_ASSERTIVE:
            continue
        for turn in sentence.turns:
            wrong = turn.kind is TurnKind.WRONG
            if not wrong and not (limit and paper.made):
                continue
            shared = claim.words & turn.beside
            strength = min(1.0, sum(idf(stem) for stem in shared) / _LEAN_FULL)
            if strength >= (0.5 if len(shared) > 1 else 0.65):
                yield Argument(
                    stance=Stance.CONTRADICTS if wrong else Stance.SUPERSEDES,
                    strength=strength,
                    sentence=index,
                    reason=f"the paper speaks against what is held of the claim's subject ({turn.word!r})"
                    if wrong
                    else f"the claim states a limit ({limit!r}); the paper's method, on the same things, {turn.word!r}",
                )


def _share(needed: frozenset[str], counted: dict[str, float], idf: Idf) -> float:
    """0 to 1: how much of the needed stems, by weight, is there, each counting as far as `counted` says."""
    total = met = 0.0
    for stem in needed:
        weight = idf(stem)
        total += weight
        met += weight * counted.get(stem, 0.0)
    return met / total if total else 0.0


def _ramp(value: float, least: float, full: float) -> float:
    return max(0.0, min(1.0, (value - least) / (full - least)))


def relate(stated: Statement, said: Statement, idf: Idf) -> Relation | None:
    """How a statement of a paper stands to one of a claim; None where they share no word that decides."""
    found = list(_relations(stated, said, idf))
    if not found:
        # Nothing asserted on either side that could differ: the same words, denied as a whole or not.
        could_differ = stated.assertions or any(a.axis is None for a in said.assertions)
        if len(stated.stems) < 3 or (could_differ and not (stated.denied or said.denied)):
            return None
        found = [Relation(agreement=0.7 if stated.denied or said.denied else 0.5, claim="", paper="")]
    total = sum(relation.agreement for relation in found)
    telling = max(found, key=lambda r: (r.agreement * total > 0, abs(r.agreement)))
    if total < 0:
        # "Reduced A suppresses B" is not denied by "raised A": one turned word out of two may turn nothing.
        total /= max(1, sum(a.axis in _OPPOSABLE for a in stated.assertions))
    agreement = max(-1.0, min(1.0, total))
    if bool(stated.denied) != bool(said.denied):
        return Relation(
            agreement=-agreement,
            claim=stated.denied or telling.claim,
            paper=said.denied or telling.paper,
        )
    if agreement > 0 and said.denies and not stated.denies:
        agreement *= 0.4  # what is denied here the claim does not speak of: too little is understood
    return Relation(agreement=agreement, claim=telling.claim, paper=telling.paper) if agreement else None


def _relations(stated: Statement, said: Statement, idf: Idf) -> Iterator[Relation]:
    if stated.comparison and said.comparison:
        if relation := _compare(stated.comparison, said.comparison, idf):
            yield relation
        return
    taken = {a.key for a in stated.assertions if a.axis}
    for claimed in stated.assertions:
        if claimed.axis:
            if relation := _same_axis(claimed, stated, said, taken, idf):
                yield relation
        elif claimed.key in said.stems:
            bound = _bound(claimed.near or stated.borrowed, said.words, idf)
            told = next((a for a in said.assertions if a.key == claimed.key), None)
            if told:
                agreement = (0.2 if claimed.apart else 1.0) * bound
                yield Relation(agreement=agreement, claim=claimed.phrase, paper=told.phrase)
            elif not claimed.apart:
                yield Relation(agreement=-0.9 * bound, claim=claimed.phrase, paper=claimed.word)
    for told in said.assertions:
        plainly = told.key in stated.stems and not any(a.key == told.key for a in stated.assertions)
        if plainly and not told.axis and not told.apart:
            bound = _bound(told.near or said.borrowed, stated.words, idf)
            yield Relation(agreement=-0.9 * bound, claim=told.word, paper=told.phrase)


def _same_axis(claimed: Assertion, stated: Statement, said: Statement, taken: set[str], idf: Idf) -> Relation | None:
    """The claim's word with an opposite against the one of the paper that fits best and is said of the same things."""
    best, weight = None, 0.0
    for told in said.assertions:
        if told.axis is None or (told.key != claimed.key and told.key in taken):
            continue
        if told.key == claimed.key:
            fit = 1.0
        elif told.axis is claimed.axis:
            fit = 0.95
        elif {told.axis, claimed.axis} == _OPPOSABLE and not (claimed.near | told.near) & ILLS:
            fit = 0.55
        else:
            continue
        fit *= _bound(claimed.near or stated.borrowed, told.near or said.borrowed, idf)
        if fit > weight:
            best, weight = told, fit
    if best is None:
        return None
    if claimed.denied == best.denied:
        same = best.sign == claimed.sign
        # Two different words denied: "not better" and "not worse" leave it open.
        agreement = weight if same else (0.0 if claimed.denied else -weight)
    else:
        agreement = -weight if best.sign == claimed.sign else 0.4 * weight
    return Relation(agreement=agreement, claim=claimed.phrase, paper=best.phrase) if agreement else None


def _bound(of: frozenset[str], told_of: frozenset[str], idf: Idf) -> float:
    """0 to 1: how far two assertions are about the same things; one shared word out of many is chance."""
    shared = len(of & told_of)
    if not shared or (shared == 1 and len(of) > 2):
        return 0.0
    return _ramp(_share(of, dict.fromkeys(told_of, 1.0), idf), 0.1, 0.5)


def _compare(claimed: Comparison, told: Comparison, idf: Idf) -> Relation | None:
    if claimed.measure and told.measure and not claimed.measure & told.measure:
        return None

    def weight(one: frozenset[str], other: frozenset[str]) -> float:
        return sum(idf(stem) for stem in one & other)

    left, right = weight(claimed.left, told.left), weight(claimed.right, told.right)
    turned = weight(claimed.left, told.right), weight(claimed.right, told.left)
    if left + right == sum(turned):
        return None
    turn = 1 if left + right > sum(turned) else -1
    # Both things must be named again, or the second left unsaid; one alone may be compared with anything.
    if not (left and (right or not told.right) if turn > 0 else min(turned)):
        return None
    sure = _ramp(_share(claimed.left | claimed.right, dict.fromkeys(told.left | told.right, 1.0), idf), 0.1, 0.4)
    agreement = turn * claimed.sign * told.sign * sure
    paper = f"{told.phrase}, the other way round" if turn < 0 and agreement < 0 else told.phrase
    return Relation(agreement=agreement, claim=claimed.phrase, paper=paper) if agreement else None
