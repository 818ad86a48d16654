"""Words with an opposite: which of them speak of the same thing, and from which end."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Axis(StrEnum):
    """What a word with an opposite speaks of."""

    QUALITY = "quality"
    AMOUNT = "amount"
    KEEPING = "keeping"
    SUCCESS = "success"
    NOTICE = "notice"
    NEED = "need"
    SPEED = "speed"
    PRICE = "price"
    SAFETY = "safety"
    HELP = "help"
    RELATION = "relation"
    CALIBRATION = "calibration"
    POSSIBILITY = "possibility"


# For each axis the words of its good or greater end, then those of the other.
_POLES: dict[Axis, tuple[str, str]] = {
    Axis.QUALITY: (
        r"better|improv(?:e|es|ed|ing|ements?)|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?"
        r"|beat|beats|beating|superior|superiority|enhanc(?:e|es|ed|ing)|excels?",
        r"worse|worsen(?:s|ed|ing)?|degrad(?:e|es|ed|ing)|deteriorat(?:e|es|ed|ing)|inferior"
        r"|underperform(?:s|ed|ing)?|impair(?:s|ed|ing)?|harm(?:s|ed|ing|ful)?|hurt(?:s|ing)?|trail(?:s|ed|ing)?"
        r"|lag|lags|lagged",
    ),
    Axis.AMOUNT: (
        r"increas(?:e|es|ed|ing)|higher|ris(?:e|es|en|ing)|rose|rais(?:e|es|ed|ing)|grows?|growing|grew|gained"
        r"|boost(?:s|ed|ing)?|greater|amplif(?:y|ies|ied)|elevat(?:e|es|ed)|intensif(?:y|ies|ied)|more",
        r"decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing|tions?)|lower(?:s|ed|ing)?|declin(?:e|es|ed|ing)|drop(?:s|ped)?"
        r"|dropping|falls?|falling|fell|less|fewer|diminish(?:es|ed|ing)?|shrinks?|shrank|suppress(?:es|ed)?"
        r"|inhibit(?:s|ed)?|weaken(?:s|ed)?|lessen(?:s|ed)?|cuts?",
    ),
    Axis.KEEPING: (
        r"keeps?|kept|keeping|retain(?:s|ed|ing)?|preserv(?:e|es|ed|ing)|maintain(?:s|ed|ing)?|recover(?:s|ed|ing)?"
        r"|restor(?:e|es|ed|ing)|surviv(?:e|es|ed)|lossless",
        r"los(?:e|es|t|ing)|forget(?:s|ting)?|forgot|forgotten|erod(?:e|es|ed)|destroy(?:s|ed)?|disrupt(?:s|ed)?",
    ),
    Axis.SUCCESS: (
        r"succeed(?:s|ed)?|success|successful(?:ly)?|reliabl[ey]|reliability",
        r"fail(?:s|ed|ing)?|struggl(?:e|es|ed|ing)|unreliabl[ey]|collaps(?:e|es|ed)|unsolved",
    ),
    Axis.NOTICE: (
        r"notic(?:e|es|ed)|attend(?:s|ed)?",
        r"overlook(?:s|ed|ing)?|ignor(?:e|es|ed|ing)|miss(?:es|ed|ing)?|neglect(?:s|ed)?",
    ),
    Axis.NEED: (
        r"needs?|needed|necessary|requir(?:e|es|ed)|essential|indispensable",
        r"unnecessary|needless|superfluous|obsolete|dispensable|redundant|unneeded",
    ),
    Axis.SPEED: (r"faster|quicker|quickly", r"slow|slower|slowly|slows?|slowed"),
    Axis.PRICE: (r"cheap|cheaper|cheapest|inexpensive", r"expensive|costly|costlier"),
    Axis.SAFETY: (
        r"robust|robustness|robustly|resistant|resilient|immune|secure",
        r"vulnerable|vulnerability|susceptible|fragile|fragility|brittle|sensitive",
    ),
    Axis.HELP: (
        r"help(?:s|ed|ful)?|benefit(?:s|ed)?|beneficial|effective(?:ly)?|useful",
        r"useless|ineffective|unhelpful",
    ),
    Axis.RELATION: (r"related|correlated?|correlates", r"unrelated|uncorrelated|independent"),
    Axis.CALIBRATION: (r"calibrated", r"uncalibrated|miscalibrated|overconfident"),
    Axis.POSSIBILITY: (r"possible|feasible", r"impossible|infeasible"),
}
_POLE_WORDS = [
    (axis, sign, re.compile(words)) for axis, both in _POLES.items() for sign, words in zip((1, -1), both, strict=True)
]
# What goes up when things get worse: "improves" says nothing of the amount of these, nor "drops" of their quality.
_ILL_STEMS = "error cost risk loss pain bias hallucin latenc memori time token attack failur gap harm rate"
ILLS = frozenset(_ILL_STEMS.split())
_GOOD_STEMS = "accuraci perform qualiti product reliabl calibr recal precis robust divers employ success valid safeti"
GOODS = frozenset(_GOOD_STEMS.split())


@lru_cache(maxsize=200_000)
def pole(word: str) -> tuple[Axis, int] | None:
    """Axis and end (1 or -1) of a word with an opposite."""
    for axis, sign, words in _POLE_WORDS:
        if words.fullmatch(word):
            return axis, sign
    return None
