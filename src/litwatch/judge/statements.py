"""What a sentence states, clause by clause: of which things it says what, in which direction, and what it denies.

No grammar is parsed. A statement is a piece of a sentence between clause marks; an assertion in it is a word with an
opposite ("worse", "drops", "overlook"), or any word that is denied ("does not replace"). Two texts can then be held
against each other word by word, and what decides can be shown to a reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from litwatch.judge.opposites import GOODS, ILLS, Axis, pole

_EMPTY_WORDS = """
    a an and are as at be been being but by can could did do does for from had has have how if in into
    is it its may might more most much must no nor not of on only or our out over should so some
    such than that the their them then there these they this those through to under up was we were
    what when where which while who whom why will with within without would you your also both each
    via yet however thus therefore moreover furthermore between across using use used based show
    shows shown paper work study results result propose proposed approach
    """
EMPTY = frozenset(_EMPTY_WORDS.split())
# Words that carry no statement of their own: what is denied or asserted stands behind them.
_LIGHT_WORDS = """
    give gives gave given make makes made get gets got become becomes became lead leads led cause causes show showed
    have having take takes took find finds found remain remains very any further all other one even just ever always
    necessarily fully entirely often usually generally able seem seems appear appears evidence
    """
_LIGHT = frozenset(_LIGHT_WORDS.split())
_DENIAL_WORDS = """
    not cannot never no neither nor without hardly rarely barely seldom poorly unable lack lacks lacking lacked
    unlikely none
    """
_DENIALS = frozenset(_DENIAL_WORDS.split())
_DENYING_VERB = re.compile(r"fail(?:s|ed|ing)?|struggl(?:e|es|ed|ing)|ceas(?:e|es|ed)|refus(?:e|es|ed)|stopped")
_CARRIES = re.compile(r"associat(?:ed|ion|ions)|linked|related|correlat(?:ed|ion)")
_TOKEN = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?|\d[\d.,]*|[-,]")
_CLAUSE_MARK = re.compile(
    r"[;:()]|\s[–—]\s|—|,\s(?:and|but|so|yet|or|while|whereas|although|though|because|which|since|where|even|with)\b"
    r"|\b(?:but|while|whereas|although|though|because|since)\b"
)
_POINTING = re.compile(r"(?:it|they|this|these|them|he|she|both)\b")
# The rest of the clause is what the authors deny.
_OUTER_DENIAL = re.compile(
    r"\b(?:no|little|without|scant|find no|not find) (?:\w+ )?(?:evidence|support|indication|sign) (?:that|for|of)\b"
    r"|\b(?:challeng\w*|overturn\w*|refut\w*|contradict\w*|disprov\w*|reject\w*|question\w*|dispel\w*|against|rebut\w*"
    r"|falsif\w*|debunk\w*|undermin\w*|contrary to)"
    r" (?:the |this |that |a |an |current |common |prevailing |widespread |conventional |popular |widely held )*"
    r"(?:belief|view|assumption|idea|notion|claim|claims|hypothesis|expectation|position|intuition|statement|statements"
    r"|wisdom|premise|conclusion|thesis)s?(?: that| of| about| on)?\b"
    r"|\bnot (?:true|the case|so) that\b|\b(?:false|wrong|myth|misconception) that\b|^(?:no|none|neither)\b(?! longer)"
)
_LIMIT = re.compile(
    r"\b(?:limit(?:s|ed|ation|ations)?|lack(?:s|ing)?|poor(?:ly)?|too (?:\w+)|unfit|unable|insufficient|hardly"
    r"|vulnerable|never|trade-?off|plateaus?|bias(?:es|ed)?|mislead(?:s|ing)?|shortens?|breaks?|costs?|prevents?"
    r"|far (?:from|below)|untested|overconfident|hallucinat\w+|errors?|damage|accuracy risks?)\b"
)
_COMPARING_VERB = re.compile(r"outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|beat|beats|beating")
_YIELDING_VERB = re.compile(r"underperform(?:s|ed|ing)?|trail(?:s|ed|ing)?|lag|lags|lagged")
_COMPARATIVE = re.compile(r"better|worse|more|less|fewer|higher|lower|greater|[a-z]{3,}er")

_stemmer = snowballstemmer.stemmer("english")


# Verbs that say the same in an abstract, by stem.
_ALIKE = {"elimin": "remov", "abolish": "remov", "supplant": "replac", "substitut": "replac", "forecast": "predict"}


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    found: str = _stemmer.stemWord(word)
    return found


def content_stem(word: str) -> str:
    """The stem by which statements are compared: one for verbs that say the same."""
    return _ALIKE.get(stem(word), stem(word))


@dataclass(frozen=True, kw_only=True, slots=True)
class Assertion:
    word: str
    """As written, in lower case."""
    key: str
    """Its stem."""
    axis: Axis | None
    """None for a word without a listed opposite, which is an assertion only where it is denied."""
    sign: int
    denied: bool
    apart: bool
    """Denied by "without" or "lack": the thing is absent, and what is said of it is not denied."""
    near: frozenset[str]
    """Stems of the content words around it: what it is said of."""

    @property
    def phrase(self) -> str:
        return f"not {self.word}" if self.denied else self.word


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    word: str
    sign: int
    """1 where the left is said to have more (or be better), -1 where the right is; already turned where denied."""
    denied: bool
    left: frozenset[str]
    right: frozenset[str]
    measure: frozenset[str]
    """What there is more of: "vulnerable" in "more vulnerable than"."""

    @property
    def phrase(self) -> str:
        return f"not {self.word} than" if self.denied else self.word if self.word[-1] in "sdg" else f"{self.word} than"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    stems: frozenset[str]
    """Of the content words; the words with an opposite are left to the assertions."""
    borrowed: frozenset[str]
    """Stems of the clause before, where this one points back to it ("does not remove it")."""
    assertions: tuple[Assertion, ...]
    comparison: Comparison | None
    denied: str
    """The wording by which the whole clause is denied ("no evidence that", "challenge the view that"), or ""."""
    limit: str
    """A word of failing or lacking that has no listed opposite ("limits", "lack"), or ""."""

    @property
    def words(self) -> frozenset[str]:
        return self.stems | self.borrowed

    @property
    def denies(self) -> bool:
        return bool(self.denied) or any(a.denied and not a.apart for a in self.assertions)

    @property
    def limitation(self) -> str:
        """The words by which it says that something does not work; "" where it states no limit."""
        for assertion in self.assertions:
            if assertion.axis is None and assertion.denied:
                return assertion.phrase
            if assertion.axis in (Axis.AMOUNT, Axis.RELATION, Axis.SPEED, Axis.PRICE) and not assertion.denied:
                if assertion.near & ILLS or self.limit:
                    return assertion.phrase if assertion.sign > 0 else ""
                if assertion.near & GOODS and assertion.sign < 0:
                    return assertion.phrase
            elif assertion.axis and (assertion.sign < 0) != assertion.denied:
                return assertion.phrase
        return self.denied or self.limit


_NEAR = 4
_ABSENCES = frozenset({"without", "lack", "lacks", "lacking", "lacked"})


class _Word(NamedTuple):
    word: str
    key: str
    end: tuple[Axis, int] | None
    denied: bool
    apart: bool
    place: int


def statements(sentence: str, before: frozenset[str] = frozenset()) -> tuple[Statement, ...]:
    """The statements of a sentence in order. before: stems of the sentence before, for a first clause that points."""
    found: list[Statement] = []
    for clause in _clauses(sentence.lower().replace("\u2019", "'")):
        statement = _read(clause, before)
        if statement.stems or statement.assertions:
            found.append(statement)
            before = statement.words
    return tuple(found)


def _clauses(text: str) -> list[str]:
    pieces = [piece.strip(" ,") for piece in _CLAUSE_MARK.split(text)]
    return [piece for piece in pieces if piece]


def _read(clause: str, before: frozenset[str]) -> Statement:
    outer = _OUTER_DENIAL.search(clause)
    body = clause[outer.end() :] if outer else clause
    tokens = _TOKEN.findall(body)
    content: list[_Word] = []
    denying = 0  # how many more tokens a denial may look ahead
    by, verb_denied = "", False
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        if token == ",":
            denying = 0
            continue
        if (token in _DENIALS or token.endswith("n't")) and following not in ("only", "just", "merely", "-"):
            denying, by = 4, token
            continue
        if _DENYING_VERB.fullmatch(token) and following == "to":
            denying, by = 4, token
            continue
        denying -= denying > 0
        if token == "-" or token[0].isdigit() or (token == "longer" and tokens[i - 1 : i] == ["no"]):
            continue
        end = pole(token)
        hyphened = following == "-" or (i > 0 and tokens[i - 1] == "-")
        if end and (hyphened or (token in ("more", "less", "fewer") and not _compares(tokens, i))):
            end = None
        if not end and (token in EMPTY or token in _LIGHT or len(token) < 2):
            continue
        adverb = token.endswith("ly")
        apart = by in _ABSENCES
        # "cannot tell reliably": the adverb after a denied verb is denied with it.
        denied = verb_denied if adverb and end else denying > 0 and not (adverb and not end)
        if adverb and end and denying:
            denied = True
        content.append(_Word(token, content_stem(token), end, denied, denied and apart, i))
        if denied and not apart:
            verb_denied = True
        if denied and _CARRIES.fullmatch(token):
            denying = 5  # "not associated with an increased risk" denies the increase
        elif not adverb:
            denying = 0
    neutral = [(n, word.key) for n, word in enumerate(content) if not word.end]
    assertions = tuple(
        Assertion(
            word=word.word,
            key=word.key,
            axis=word.end[0] if word.end else None,
            sign=word.end[1] if word.end else 1,
            denied=word.denied,
            apart=word.apart,
            near=frozenset(key for m, key in neutral if 0 < abs(m - n) <= _NEAR),
        )
        for n, word in enumerate(content)
        if word.end or word.denied
    )
    own = frozenset(key for _, key in neutral)
    pointing = len(own) < 2 or _POINTING.match(clause) is not None or body.rstrip(" .").endswith((" it", " them"))
    return Statement(
        stems=own,
        borrowed=before - own if pointing else frozenset(),
        assertions=assertions,
        comparison=_comparison(tokens, content),
        denied=outer[0] if outer else "",
        limit=limit[0] if (limit := _LIMIT.search(body)) else "",
    )


def _compares(tokens: list[str], at: int) -> bool:
    return "than" in tokens[at + 1 : at + 12] or tokens[at + 1 : at + 2] in (["often"], ["likely"], ["frequently"])


def _comparison(tokens: list[str], content: list[_Word]) -> Comparison | None:
    pivot = edge = -1
    sign = 0
    for i, token in enumerate(tokens):
        if _COMPARING_VERB.fullmatch(token) or _YIELDING_VERB.fullmatch(token):
            pivot, edge, sign = i, i, -1 if _YIELDING_VERB.fullmatch(token) else 1
            break
        if token == "than" and i:
            words = [j for j in range(max(0, i - 9), i) if _COMPARATIVE.fullmatch(tokens[j])]
            if not words:
                continue
            # "more vulnerable than", but "gives better answers for larger networks than": a listed word goes first.
            pivot = next((j for j in reversed(words) if pole(tokens[j])), words[-1])
            edge, sign = i, (pole(tokens[pivot]) or (None, 1))[1]
            break
    if pivot < 0:
        return None
    denied = any(word.denied for word in content if word.place == pivot)
    left = frozenset(word.key for word in content if word.place < pivot and not word.end)
    right = frozenset(word.key for word in content if word.place > edge and not word.end)
    return Comparison(
        word=tokens[pivot],
        sign=-sign if denied else sign,
        denied=denied,
        left=left - right,
        right=right - left,
        measure=frozenset(word.key for word in content if pivot < word.place < edge),
    )
