"""What a cluster of papers is about, in terms that tell it from a line's other papers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from litwatch.model import Claim, Line, Paper
from litwatch.rank.background import Background
from litwatch.rank.queries import line_text
from litwatch.rank.words import stem, stems, words
from litwatch.text import sentences

_MOST, _ENOUGH = 8, 5
_LONGEST = 3
"""Words of a term."""
_SHARE = 0.25
"""Of a cluster's papers, at least, have each of its terms, and no fewer than two have."""
_WEAK = 0.35
"""Beyond the fifth, a term must weigh so much of the heaviest."""
_JOINED = (0.4, 0.6)
"""Share of the papers with a word, and with a pair of words, from which on the longer term that holds it stands for
it."""
_USUAL = 0.02
"""What is added to the share that other papers have, so that a word of two papers does not weigh without bound."""
_SAME = 0.5
"""Share of its terms that stand in one claim from which on a cluster tells nothing new."""
_LARGE = 10
_FAR = 1 / 3
_EVERYWHERE = 0.5
"""A word of so many of the line's papers is what they were found by, and no part of a longer term:"""
_READ = 800
"""Of a line's papers so many are read to tell how usual a term is among them."""
_BOUND = 0.8
"""unless another word of that term has it beside it in so many of its own papers, as "vibe" has "coding"."""
_PHRASE_END = re.compile(r"[.,;:!?()\[\]\"“”]+(?=\s|$)|[(\[\"“]")
_SAYS_NOTHING = frozenset(
    stems("""
    ability academic access accurately achieve across additionally address adopt advance advanced aid aim analysis
    analyze apply approach ask aspect assess assessment assign associate baseline benchmark best broad capability
    capture category caused challenge code com combine common compared complex comprehensive conduct consequently
    consider consistent consistently construct contribute contribution core course cover critical crucial current
    data dataset datasets demonstrate design detailed develop difference different dimension direct distinct diverse
    drive driven dynamic early easy effective effectively effectiveness efficient emergence emerging employ employs
    enable end enhance ensure essential establish evaluate evaluation evidence examine examined example exhibit
    existing expand experiment explicit explicitly explore extend extensive facilitate factor feature field finding
    findings focus form foster framework fully fundamental further future gap general generate github goal grow
    growing guide help high highlight hold https hypothesize identify impact implement implication important improve
    include increase increasingly infer inform initial insight integrate integration interesting introduce
    investigate involve issue iterative just key known lack large level leverage like limit limitation line link
    long low main maintain major make match mean measure method minimal model multiple natural nature necessary need
    new notably novel number obtain offer open operate operation outcome outperform paper part particular perform
    performance play potential practical precise present previous primary principle problem process profound
    progress promising propose prove provide public quantify quick range rapid rapidly rate real recent reduce
    refine reflect relate relation relative relevant rely remain report represent require research respond result
    resulting reveal rise robust role scale scenario score select sense serve set setting several shift short show
    significant significantly similar simple single small solution solve source specific standard state step
    strategy strong structured study substantial success suggest support system systematic systematically target
    task technique test today track traditional train transform trend type underlie underscore understand
    understanding unified unique usage useful valid validate variation variety vary volume way widely work world
    yield
    """)
)
"""Stems that abstracts have whatever they are about; a longer term may hold one, but not end in it."""

Term = tuple[str, ...]
"""The stems of consecutive words."""


class Phrases:
    """The terms of a line's papers, each paper read once."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._papers = {paper.arxiv_id: paper for paper in papers}
        ids = sorted(self._papers)
        self._sample = ids[:: max(1, math.ceil(len(ids) / _READ))]
        self._terms: dict[str, frozenset[Term]] = {}
        self._have = Counter(term for arxiv_id in self._sample for term in self._of(arxiv_id))

    def _of(self, arxiv_id: str) -> frozenset[Term]:
        if arxiv_id not in self._terms:
            paper = self._papers[arxiv_id]
            self._terms[arxiv_id] = frozenset(term for term, _ in _phrases(f"{paper.title}. {paper.abstract}"))
        return self._terms[arxiv_id]

    def terms(self, ids: Sequence[str], background: Background) -> tuple[str, ...]:
        """Five to eight terms of a cluster, most telling first and as its papers write them; each brings new words.

        A term weighs p ln(p / (q + 0.02)), p its share of the cluster's papers and q the greater of its share of the
        other papers and of the background: class-based TF-IDF, with papers in the place of occurrences. Fewer where
        its papers have fewer in common.
        """
        held = Counter(term for arxiv_id in ids for term in self._of(arxiv_id))
        least = max(2, math.ceil(_SHARE * len(ids)))
        inside = set(ids).intersection(self._sample)
        here = Counter(term for arxiv_id in inside for term in self._of(arxiv_id))
        others = max(len(self._sample) - len(inside), 1)
        weights: dict[Term, float] = {}
        for term, count in held.items():
            if count < least or term[-1] in _SAYS_NOTHING:
                continue
            if len(term) > 1 and self._is_loose(term, held):
                continue
            share = count / len(ids)
            usual = max((self._have[term] - here[term]) / others, min(map(background.share, term)) / len(term))
            weight = share * math.log(share / (usual + _USUAL))
            if weight > 0:
                weights[term] = weight
        _prefer_longer(weights, held)
        chosen = _apart(weights)
        written = self._as_written(chosen, ids)
        return tuple(written[term] for term in chosen)

    def _is_loose(self, term: Term, held: Mapping[Term, int]) -> bool:
        """Whether one of its words is everywhere, and the others do well without it."""
        rare = [word for word in term if self._have[word,] <= _EVERYWHERE * len(self._sample)]
        return len(rare) < len(term) and not any(held[term] >= _BOUND * held[word,] for word in rare)

    def _as_written(self, terms: Sequence[Term], ids: Sequence[str]) -> dict[Term, str]:
        forms: dict[Term, Counter[str]] = {term: Counter() for term in terms}
        for arxiv_id in ids:
            paper = self._papers[arxiv_id]
            # A title and the start of a sentence have capitals that a term has not.
            for text in sentences(paper.abstract):
                for term, form in _phrases(text[:1].lower() + text[1:]):
                    if term in forms:
                        forms[term][form] += 1
            for term, form in _phrases(paper.title):
                if term in forms and not forms[term]:
                    forms[term][form.lower()] += 0
        return {term: min(found, key=lambda form: (-found[form], form)) for term, found in forms.items()}


def _phrases(text: str) -> Iterable[tuple[Term, str]]:
    """Every term with its form: words that stand together, none of them a function word or a number.

    Function words within a hyphenated word are no break, nor is "of": "in-context", "text-to-SQL", "theory of mind".
    """
    for piece in _PHRASE_END.split(text):
        run: list[tuple[str, str, str]] = []  # stem, what stands before it, and the word
        between = " "
        for chunk in piece.split():
            own = words(chunk)
            begun = ""
            for place, word in enumerate(own):
                if place and between[0] != "-":
                    between = "-" if run and not begun else " "
                if stemmed := _stem(word):
                    run = [*run[1 - _LONGEST :], (stemmed, between, begun + word)]
                    for start in range(len(run)):
                        part = run[start:]
                        written = "".join(before + word for _, before, word in part)
                        written = written[len(part[0][1]) :].removesuffix("'s").removesuffix("’s")
                        yield tuple(s for s, _, _ in part), written
                    between, begun = " ", ""
                elif place and between[0] == "-":
                    between += f"{word}-"
                elif word.lower() == "of" and run:
                    between = " of "
                else:
                    run.clear()
                    between, begun = " ", f"{begun}{word}-" if "-" in chunk and place + 1 < len(own) else ""
            if between[0] == "-":  # it ended in a function word
                run.clear()
                between = " "


def _stem(word: str) -> str:
    # An abbreviation in the plural, whatever its letters: SLMs.
    return stem(word[:-1] if word.endswith("s") and len(word) > 2 and word[:-1].isupper() else word)


def _prefer_longer(weights: dict[Term, float], held: Mapping[Term, int]) -> None:
    """Puts a longer term in the place of the shorter ones within it that hardly stand without it."""
    for length in (2, 3):
        for term in sorted(term for term in weights if len(term) == length):
            for within in (term[:-1], term[1:], *((t,) for t in term)):
                if within in weights and held[term] >= _JOINED[min(len(within), 2) - 1] * held[within]:
                    weights[term] = max(weights[term], weights[within])
                    if length == 2 or len(within) == 2:
                        weights[within] = min(weights[within], weights[term] * 0.5)


def _apart(weights: Mapping[Term, float]) -> list[Term]:
    chosen: list[Term] = []
    used: list[str] = []
    ordered = sorted(weights, key=lambda term: (-weights[term], -len(term), term))
    for term in ordered:
        weak = weights[term] < _WEAK * weights[ordered[0]]
        if len(chosen) == _MOST or (len(chosen) >= _ENOUGH and weak):
            break
        times = [sum(_alike(word, other) for other in used) for word in term]
        old = sum(map(bool, times))
        if 2 * old > len(term) or old == len(term) or max(times) > 1:
            continue
        if any(_short_for(term, other) for other in chosen):
            continue
        chosen.append(term)
        used += term
    return chosen


def _alike(word: str, other: str) -> bool:
    """Whether two stems are forms of one word, as far as their beginnings tell: "persuas" and "persuad"."""
    least = min(len(word), len(other))
    same = next((n for n in range(least) if word[n] != other[n]), least)
    return same >= max(4, least - 2) or word == other


def _short_for(term: Term, other: Term) -> bool:
    """Whether one of the two is made of the first letters of the other."""
    short, long = sorted((term, other), key=len)
    letters = "o?".join(re.escape(word[0]) for word in long)  # "of" counts in CoT, not in RAG
    return len(short) == 1 and len(long) > 1 and re.fullmatch(letters, short[0]) is not None


# --- against the line ----------------------------------------------------------------------------------------


def told_by(terms: Sequence[str], claims: Sequence[Claim]) -> Claim | None:
    """The claim that already has half of these terms or more, word by word; None where there is none."""
    best: tuple[float, Claim] | None = None
    for claim in claims:
        share = _share_in(terms, set(stems(claim.full_text)))
        if share >= _SAME and (best is None or share > best[0]):
            best = share, claim
    return best[1] if best else None


def is_line(terms: Sequence[str], size: int, line: Line) -> bool:
    """Whether a cluster would rather be a line than a claim: ten papers and more, and fewer than a third of its terms
    in what the line says."""
    return size >= _LARGE and _share_in(terms, set(stems(line_text(line)))) < _FAR


def _share_in(terms: Sequence[str], held: set[str]) -> float:
    read = [set(stems(term)) for term in terms]
    return sum(bool(each) and each <= held for each in read) / max(len(terms), 1)


# --- what its papers say -------------------------------------------------------------------------------------

_RESULT = re.compile(
    r"\b(?:we (?:find|found|show|demonstrate|observe|reveal|argue|conclude|identify)|(?:results?|findings?|analys[ie]s"
    r"|experiments?|evaluations?|study) (?:\w+ ){0,3}(?:show|shows|reveal|reveals|indicate|indicates|suggest|suggests"
    r"|demonstrate|demonstrates|find|finds|confirm|confirms)|outperform\w*|fails? to|reduces?|improves?"
    r"|increases?|achieves?)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 280
_SHORTEST_SENTENCE = 40
_NO_CLAIM = re.compile(r"\"|\?$|\b(?:https?|github|code (?:is|and)|available at|project page)\b", re.IGNORECASE)
_TELLS_NO_RESULT = re.compile(
    r"^(?:although|conventional|current|despite|existing|however|little|many|previous|prior|recent|recently"
    r"|these methods|traditional|various|while)\b|\b(?:works?|studies|research) (?:has|have)\b|\bby discussing\b"
    r"|\bplays? an? \w+ role|\bhas (?:become|emerged)|\bis crucial|\bremains? (?:\w+ )?(?:a |an |under|challeng)"
    r"|\b(?:aims?|seeks?|wants?) to\b|\bis proposed\b|\bwhether\b"
    r"|\b(?:we|paper|study|work) (?:\w+ )?(?:propose|introduce|present|address|assess|examine|explore|investigate"
    r"|develop|shift|test)",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:(?:accordingly|additionally|also|besides|consequently|conversely|finally|further|furthermore|here|hence"
    r"|importantly|in (?:addition|contrast|particular|turn)|instead|interestingly|likewise|moreover|nevertheless"
    r"|nonetheless|notably|overall|second(?:ly)?|similarly|specifically|still|surprisingly|then|therefore|third(?:ly)?"
    r"|thus|together|yet),?\s+)?(?:although |despite |given |while )?"
    r"(?:all of (?:these|this|which)|both|he|it|its|our (?:approach|framework|method|model|system)|she|such|that|the"
    r" (?:former|latter|proposed)|their|them|these|they|this|those|two of)\b"
    r"|^(?:but|conversely|however|in contrast|instead|on the (?:contrary|other hand)|yet)\b",
    re.IGNORECASE,
)


def states_result(sentence: str) -> bool:
    """Whether a sentence says what was found and can be read without the one before it, as far as its words tell."""
    return bool(_RESULT.search(sentence)) and not _TELLS_NO_RESULT.search(sentence) and not _LEANS.match(sentence)


def said_sentence(paper: Paper, terms: Sequence[str]) -> str:
    """The sentence of the abstract that states most of what the paper found on these terms, verbatim; "" where none of
    a fitting length is there."""
    wanted = {s for term in terms for s in stems(term)}
    texts = sentences(paper.abstract)
    best, chosen = 0.0, ""
    for place, text in enumerate(texts, 1):
        if not _SHORTEST_SENTENCE <= len(text) <= _LONGEST_SENTENCE or _NO_CLAIM.search(text):
            continue
        worth = 4 + len(wanted.intersection(stems(text))) + 2 * place / len(texts)
        worth += 3 * bool(_RESULT.search(text)) - 3 * bool(_TELLS_NO_RESULT.search(text))
        worth -= 3 * bool(_LEANS.match(text))
        if worth > best:
            best, chosen = worth, text
    return chosen
