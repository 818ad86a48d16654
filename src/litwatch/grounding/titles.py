"""Whether a title, a quotation or a year that a text gives of a paper is the paper's own."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from litwatch.model import Paper
from litwatch.text import normal_form, plain, squeeze

_SAME_TITLE = 0.85
"""Share of equal characters (Ratcliff and Obershelp) from which two titles name one paper: a new version's title may
differ by a word, another paper's by most."""
_COMPARED = 500
"""Characters of a title: comparing takes the product of two lengths in steps."""
_WORDS_OF_PART = 5
"""So many words in a row of a title name it, wherever they stand."""
_LEFT_OUT = re.compile(r"\[\s*(?:\.\.\.|…|[^\[\]]{0,80})\s*\]|\.(?:\s?\.){2,}|…")
_TEX = re.compile(r"\\(?:[a-zA-Z]+|.)|[{}$~]")


def alike(cited: str, real: str) -> bool:
    """Whether two titles name one paper, as far as their letters go."""
    a, b = (letters(text[:_COMPARED]) for text in (cited, real))
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SAME_TITLE


def names(cited: str, real: str) -> bool:
    """Whether a text that cites this title means the paper of that one: its title, the part of it before or behind a
    colon, five of its words in a row, or all of it with something around."""
    bare = _TEX.sub("", cited), _TEX.sub("", real)
    if alike(cited, real) or alike(*bare):
        return True
    told, whole = f" {letters(bare[0])} ", f" {letters(bare[1])} "
    if not told.strip() or not whole.strip():
        return False
    parts = [f" {letters(part)} " for part in re.split(r"[:?\u2013\u2014]|\s-\s", bare[1]) if letters(part)]
    in_full = len(whole.split()) >= 3 and whole in told
    in_part = len(told.split()) >= _WORDS_OF_PART and told in whole
    return told in parts or in_full or in_part


def holds(paper: Paper, quotation: str) -> bool:
    """Whether title or abstract have the quotation: letters and figures count alone, and what an ellipsis or brackets
    leave out may be anything, so that the parts stand in order."""
    text = _spelled(f"{paper.title} {paper.abstract}")
    # What stands in brackets is the quoting hand's: "[the models] are", "[w]arm".
    parts = [spelled for part in _LEFT_OUT.split(quotation) if (spelled := _spelled(part))]
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return bool(parts)


def fits(paper: Paper, year: int) -> bool:
    """Whether a paper may be cited with this year: from its submission to the year after its newest version, when it
    may have appeared in print; or that of its journal reference."""
    return paper.published.year <= year <= paper.updated.year + 1 or str(year) in paper.journal_ref


def letters(text: str) -> str:
    """Lower-case words of letters and figures, single blanks between."""
    return squeeze("".join(c if c.isalnum() else " " for c in plain(text).casefold()))


def _spelled(text: str) -> str:
    """Letters and figures alone: how a text breaks, hyphenates or accents its words makes no other words of them."""
    return "".join(c for c in normal_form("NFKD", _TEX.sub("", text)).casefold() if c.isalnum())
