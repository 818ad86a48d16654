"""Words and stems: how ranking reads English scientific text."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

from litwatch.text import normal_form

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LATEX_ACCENT = re.compile(r"\\[\"'`^~=.]\s*\{?([A-Za-z])\}?")
_PLURAL_ABBREVIATION = re.compile(r"[^\Waeiouys]{3,}s")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\*?")

STOP_WORDS = frozenset(
    """
    a about above across after afterwards again against all almost alone along already also although always am
    among amongst an and another any anyone anything anywhere are aren't around as at back be became because
    become becomes been before beforehand behind being below beside besides between beyond both but by can can't
    cannot could couldn't did didn't do does doesn't doing don't done down due during each either else elsewhere
    enough etc even ever every everyone everything everywhere except few first for former formerly from further
    get give given gives go had hadn't has hasn't have haven't having he hence her here hereby herein hers herself
    him himself his how however i ie eg if in indeed instead into is isn't it it's its itself just keep last
    latter least less let's like made make makes many may me meanwhile might mine more moreover most mostly much
    must my myself namely neither never nevertheless next no nobody none nor not nothing now nowhere of off often
    on once one only onto or other others otherwise our ours ourselves out over own per perhaps please put quite
    rather re really same see seem seemed seems several shall she should shouldn't since so some somehow someone
    something sometimes somewhere still such take than that that's the their theirs them themselves then thence
    there thereby therefore therein these they this those though three through throughout thus to together too
    toward towards two under unless until up upon us use used uses using various very via was wasn't we well were
    weren't what whatever when whenever where whereas whereby wherein whether which while who whoever whole whom
    whose why will with within without won't would wouldn't yet you your yours yourself yourselves
    """.replace("'", "").split()
)

_stemmer = snowballstemmer.stemmer("english")
_stemming = threading.Lock()


def words(text: str) -> list[str]:
    """The words of a text in order, as they are written: parts of a hyphenated word apart, accents and LaTeX
    commands gone, numbers and function words still there."""
    if not text.isascii():
        decomposed = normal_form("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    if "\\" in text:
        text = _LATEX_COMMAND.sub(" ", _LATEX_ACCENT.sub(r"\1", text))
    return _WORD.findall(text.replace("{", "").replace("}", "") if "{" in text else text)


def bare(word: str) -> str:
    """The word in lower case, without a possessive "s" and without apostrophes."""
    return word.lower().replace("’", "'").removesuffix("'s").replace("'", "")


@lru_cache(maxsize=300_000)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a word; "" for what tells papers apart badly: function words, bare numbers
    and single letters."""
    word = bare(word)
    if len(word) < 2 or word.isdigit() or word in STOP_WORDS:
        return ""
    if _PLURAL_ABBREVIATION.fullmatch(word):  # Snowball takes no "s" off where there is no vowel
        word = word[:-1]
    with _stemming:  # the stemmer keeps the word it works on in itself
        stemmed: str = _stemmer.stemWord(word)
    return stemmed


def stems(text: str) -> list[str]:
    """The stems of a text in order, without the empty ones."""
    return [stemmed for word in words(text) if (stemmed := stem(word))]


def singular(word: str) -> str:
    """The lower-case word without a plural "s": all the stemming that arXiv's own search does."""
    word = word.lower()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
