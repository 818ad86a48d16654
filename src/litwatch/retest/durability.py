"""Whether a claim, right today, would outlive the next better model: proposed from its words, settled by its reader.

Each cue of the tables below weighs for one side and counts once; what a claim's heading asks is no part of what it
states. Perishable is what was measured on some systems at some time, durable what says how things hang together. The
heavier side is proposed. On a tie, and where nothing speaks, that is "durable": a statement that names no figure, no
system and no time gives nothing away by which it would end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from litwatch.model import Claim, Durability
from litwatch.text import plain, sentences, squeeze

_LONGEST_QUOTE = 60
_QUOTED = 3
"""Cues that a reason quotes of a side."""
_LONGEST = 6_000
"""Characters of a claim that are read."""
_NO_FIGURE = 0.5
"""Weight, for "durable", of having no figure at all."""


@dataclass(frozen=True, kw_only=True)
class Cue:
    side: Durability
    what: str
    """In words that follow "it rests on": "a figure"."""
    words: str
    """Verbatim from the claim, typography aside."""
    weight: float


@dataclass(frozen=True, kw_only=True)
class Proposal:
    durability: Durability
    reason: str
    """A clause that quotes the cues: 'it rests on a figure ("5–9pp") and on a state of the art ("current models")'."""
    cues: tuple[Cue, ...] = ()


_NUMBER = r"(?<![\w.,-])[<>~≈]?\$?\d[\d,]{0,15}(?:\.\d{1,15})?(?:\s?(?:-|–|to)\s?\d[\d,]{0,15}(?:\.\d{1,15})?)?"
_NAMED_NUMBER = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundreds? thousands? dozens?"
)
_TESTED = (
    r"(?:LLMs?|models?|systems?|agents?|datasets?|benchmarks?|tasks|tests|participants|people|annotators|experts"
    r"|writers|students|experiments|trainees?|frameworks|languages|detectors|methods|domains|polls|studies|corpora)"
)


def _words(listed: str) -> str:
    """A pattern for any of these words; _ stands for a blank."""
    return r"\b(?:" + "|".join(word.replace("_", " ") for word in listed.split()) + r")\b"


_PERISHABLE = (
    ("a figure", 2.5, rf"{_NUMBER}\s?(?:%|percent(?:age points?)?|pp\b|points?\b|x\b|×|times\b|-fold|fold\b)"),
    ("a figure", 1.0, rf"{_NUMBER}\s?(?:K|M|B|T|bits?|-bit|tokens?|minutes?|hours?|months?|epochs?|weeks?|ms|GB)\b"),
    ("a figure", 1.0, r"\$\d[\d,.]*|\b\d+(?:\.\d+)? of \d+\b|(?<![\w.-])0\.\d+"),
    ("a date", 1.5, rf"\b(?:19[89]|20[0-4])\d\b(?! (?:tokens?|words|{_TESTED})\b)"),
    (
        "a named model",
        1.0,
        r"\b(?:GPT|Llama|LLaMA|Qwen|Gemini|Gemma|Claude|Mistral|Mixtral|DeepSeek|PaLM|Flan|Vicuna|Phi(?=-)|BERT|T5)"
        r"(?:-?\s?\d[\w.]*|-[\w.]+)?\b|\bChatGPT\b|\bo[134](?:-\w+)?\b|\bR1\b",
    ),
    (
        "a named method",
        1.0,
        r"(?:^|(?<=[.;:] ))(?!LLM|AI|RLHF|RL\b|US)[\w-]{0,20}[A-Z][\w-]{0,20}[A-Z][\w-]{0,20}(?=,? [a-z]+)",
    ),
    (
        "the state of the art",
        1.5,
        r"\b(?:current(?:ly)?|today's|present-day|existing|state-of-the-art|frontier|popular|widely used|off-the-shelf|"
        r"newer|recent|latest|top|best)\s+(?:[\w-]+\s+){0,2}" + _TESTED + r"\b|\bcurrent(?:ly)?\b|\btoday's?\b",
    ),
    (
        "a limit of its time",
        1.5,
        r"\bso far\b|\b(?:not|as) yet\b|\byet to\b|\bno longer\b|\bremains? (?:\w+ )?(?:un\w+|hard|difficult|open|"
        r"misaligned|to be \w+)|\bnever (?:been )?(?:tested|compared|tried|measured|studied)\b|\bunsolved\b"
        r"|\bstill (?:do|fail|lag|struggle|lack|cannot|trail|far)\b",
    ),
    (
        "the setting it was seen in",
        1.0,
        r"\bsingle-turn\b|\bin isolated \w+|\bstandard (?:\w+ )?(?:tests|benchmarks?)\b|\bpreliminary\b"
        r"|\bone (?:study|experiment|benchmark)\b|\bin (?:our|the) (?:study|experiments?|tests)\b",
    ),
    (
        "what systems fail at",
        1.0,
        r"\b(?:models?|LLMs?|AIs?|agents?|systems?|detectors?|judges?|they|benchmarks?|methods?|personas?)\b"
        r"(?:\s[\w-]+){0,3}\s(?:cannot|fails?|failed|struggles?|lacks?|trails?|trailed|misclassify|miss|lags?|perform "
        r"(?:significantly |substantially )?(?:worse|poorly))\b|\bperform(?:s|ed)? (?:\w+ )?(?:worse|poorly)\b",
    ),
    (
        "a comparison of what there is",
        1.0,
        r"\b(?:beats?|beating|outperform(?:s|ed|ing)?|surpass(?:es|ed)?|match(?:es|ed)? or beat|highest|lowest"
        r"|best(?!-of| possible)|scored? (?:\w+ )?(?:higher|lower)|cheaper than|faster than"
        r"|(?:significantly|only slightly|no|far) (?:better|worse|more|less)(?= \w+))\b",
    ),
    ("a sample", 0.5, rf"(?:{_NUMBER}|{_words(_NAMED_NUMBER)})\s+(?:[\w-]+\s+){{0,3}}?{_TESTED}\b"),
)
_DURABLE = (
    (
        "a distinction",
        2.0,
        r"≠|\b(?:is|are) not (?:the same|just|only|merely|a|an)\b|\b(?:isn't|aren't) (?:just|the same)\b"
        r"|\bis more than\b|\brather than\b|\bas opposed to\b|\bversus\b|\bdiffers? from\b|\bdistinct\b"
        r"|\bseparate\b|\bdoes not (?:imply|mean|carry over|amount)\b|\bnot \w+ but\b"
        r"|\bthe difference lies in\b",
    ),
    (
        "what something depends on",
        1.5,
        r"\bdepend(?:s|ing)? (?:\w+ )?on\b|\brequires?\b|\bpresupposes?\b|\bdecides whether\b|\bvaries with\b"
        r"|\bonly (?:where|when|if|on|as)\b|\bwhether or not\b|\bmatters\b|\b(?:do|does|to) matter\b",
    ),
    (
        "a cause",
        1.0,
        r"\bbecause\b|\bcomes? from\b|\bcauses?\b|\barises?\b|\bexplains?\b|\bdue to\b|\bowing to\b|\btherefore\b"
        r"|\bhence\b|\bmechanism\b|\bby a\b(?= \w+ mechanism)|\breflects?\b|\bas a (?:result|byproduct)\b"
        r"|\bby itself\b",
    ),
    (
        "a proof or a necessity",
        2.0,
        r"\bimpossible\b|\bwhatever the\b|\bin principle\b|\bunder (?:natural |mild )?assumptions\b"
        r"|\btheorems?\b|\bprov(?:es|ed|ably)\b|\binevitabl\w+|\bnecessarily\b|\bany (?:language model|system|watermark"
        r"|model|detector)\b",
    ),
    (
        "an insight without measure",
        0.5,
        r"\bgenuine\b|\bauthentic\b|\bintrinsic(?:ally)?\b|\bfundamental(?:ly)?\b|\binherent(?:ly)?\b|\bnever\b"
        r"|\b(?:has|have|lack) (?:no|agency)\b|\balone (?:cannot|does not|do not)\b|\bno underlying\b|\bby nature\b",
    ),
    (
        "a law over many cases",
        1.0,
        r"\bpredictabl[ye]\b|\bscales? (?:\w+ )?with\b|\b(?:rises|grows|follows|falls) (?:\w+ )?"
        r"(?:linearly|log-linearly|with|a \w+)\b|\bmore (?:\w+ )?with (?:more|length)\b|\bwhenever\b|\bin general\b",
    ),
)  # fmt: skip


_AS_WRITTEN = frozenset({"a named model", "a named method"})
"""Cues that letter case tells."""


@cache
def _patterns() -> tuple[tuple[Durability, str, float, re.Pattern[str]], ...]:
    tables = ((Durability.PERISHABLE, _PERISHABLE), (Durability.DURABLE, _DURABLE))
    return tuple(
        (side, what, weight, re.compile(pattern, 0 if what in _AS_WRITTEN else re.IGNORECASE))
        for side, table in tables
        for what, weight, pattern in table
    )


def proposed(claim: Claim) -> Proposal:
    """What a claim's statement and findings speak for; see the head of this file."""
    stated = _stated(claim)
    cues: list[Cue] = []
    for side, what, weight, pattern in _patterns():
        if any((cue.side, cue.what) == (side, what) for cue in cues):
            continue  # a second figure makes a claim no more perishable
        if found := pattern.search(stated):
            words = squeeze(found[0])
            cues.append(Cue(side=side, what=what, words=words[:_LONGEST_QUOTE], weight=weight))
    measured = re.search(r"\d", stated) is not None
    lasting = sum(cue.weight for cue in cues if cue.side is Durability.DURABLE) + (0.0 if measured else _NO_FIGURE)
    passing = sum(cue.weight for cue in cues if cue.side is Durability.PERISHABLE)
    side = Durability.PERISHABLE if passing > lasting else Durability.DURABLE
    cues.sort(key=lambda cue: -cue.weight)
    return Proposal(durability=side, reason=_reason(side, cues, measured=measured), cues=tuple(cues))


def _stated(claim: Claim) -> str:
    """What the claim states, without questions: its heading may stand before its text."""
    said = [piece for text in (claim.text, *(finding.text for finding in claim.findings)) for piece in sentences(text)]
    return " ".join(plain(piece) for piece in said if not piece.rstrip().endswith("?"))[:_LONGEST]


def _reason(side: Durability, cues: Sequence[Cue], *, measured: bool) -> str:
    own = [cue for cue in cues if cue.side is side]
    other = [cue for cue in cues if cue.side is not side]
    if side is Durability.PERISHABLE:
        said = f"it rests on {_listed(own)}"
        return f"{said}; what speaks for more: {_listed(other)}" if other else said
    if own:
        said = f"it states {_listed(own)}" + ("" if measured else " and gives no figure")
    elif measured or other:
        said = "little in its words says when it would end"
    else:
        return "it names no figure, no date, no system and no limit of its time"
    return f"{said}; what would pass: {_listed(other)}" if other else said


def _listed(cues: Sequence[Cue]) -> str:
    """'a figure ("5–9pp") and the state of the art ("current")'; the heaviest alone."""
    said = [f"{cue.what} (“{cue.words}”)" for cue in cues[:_QUOTED]]
    return " and ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)
