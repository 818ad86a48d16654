"""What became of an abstract, made readable: sentence by sentence, and word by word within a sentence that changed.

Sentences that stayed are left out. Formulas and numbers are never cut apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile, zip_longest

from litwatch.digest.wording import clean, count, shorten
from litwatch.text import sentences

MOST_ROWS = 6
LONGEST_ROW = 480
"""Characters; a sentence with longer marks is told as one that went and one that came."""

_LONGEST_SENTENCE = 220
_LONGEST_BEFORE = 100
"""So much of it may stand before its first change: less than half, which `shorten` always leaves."""
_LONGEST_TEXT = 4_000
_MOST_SENTENCES = 60
"""Far above what arXiv takes (1,920 characters): bounds on the work alone."""
_SAME_SENTENCE = 0.5
"""Share of equal words (Ratcliff and Obershelp) from which two sentences are one that changed."""
_REWRITTEN = 0.35
"""Share of kept words below which marks would hide more than they show."""
_FEW_WORDS = 25
"""A text shorter than this is never too much changed to be shown."""
_CONTEXT = 7
"""Words shown on either side of a change, where more than twice as many stand between two."""

_CLOSING = r"[.,;:!?)\]\"'’”]"
_OPENING = r"[(\[\"'‘“]"
_TOKEN = re.compile(rf"\s*(?:{_OPENING}+|(?:\$[^$]*\$|\S)+?(?={_CLOSING}*(?:\s|$))|{_CLOSING}+)")


class Fate(StrEnum):
    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True)
class Piece:
    text: str
    """Spaces at its ends only where it is kept; between what went and what came in its place there is no piece."""
    fate: Fate


Row = tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    rows: tuple[Row, ...] = ()
    """One for each sentence that changed, went or came, in the order of the text."""
    more: int = 0
    """How many such sentences had no row."""
    rewritten: tuple[int, int] | None = None
    """(words before, words after) of a text so much changed that there are no rows."""

    def __bool__(self) -> bool:
        """Whether anything changed that is worth a mark."""
        return bool(self.rows or self.rewritten)


@lru_cache(maxsize=256)
def difference(before: str, after: str) -> Difference:
    """What `after` says otherwise than `before`. Spaces, line ends, marks of punctuation and the order of
    sentences make no difference; a sign (≤, ±, °, %) and a hyphen between spaces do."""
    old, new = (sentences(clean(text[:_LONGEST_TEXT])) for text in (before, after))
    rows: list[Row] = []
    kept = 0
    pairs = list(_pairs(old, new))
    elsewhere = {was for was, now in pairs if not now} & {now for was, now in pairs if not was}
    gone, come = {was for was, now in pairs if was != now}, {now for was, now in pairs if was != now}
    for was, now in pairs:
        if was == now or now in elsewhere:
            kept += len(now.split())
        if was == now or {was, now} & elsewhere:
            continue
        row = _row(was, now)
        kept += sum(len(piece.text.split()) for piece in row if piece.fate is Fate.KEPT)
        if any(piece.fate is not Fate.KEPT for piece in row):
            rows += _bounded(row, (was, [now] if now else come), (now, [was] if was else gone))
    words = len(" ".join(old).split()), len(" ".join(new).split())
    if max(words) >= _FEW_WORDS and kept < _REWRITTEN * max(words):
        return Difference(rewritten=words)
    return Difference(rows=tuple(rows[:MOST_ROWS]), more=len(rows[MOST_ROWS:]))


def in_words(changed: Difference) -> tuple[str, ...]:
    """As lines of plain text: "[12 → 3]" changed, "[− word]" went, "[+ word]" came, and whole sentences with them."""
    if changed.rewritten:
        return (remark(changed),)
    return (*map(_in_words, changed.rows), *filter(None, (remark(changed),)))


def remark(changed: Difference) -> str:
    """What rows do not show: "" where they show all."""
    if changed.rewritten:
        was, now = changed.rewritten
        return f"It was rewritten as a whole: {was:,} words before, {now:,} now."
    if changed.more:
        return f"And {count(changed.more, 'more sentence')} changed."
    return ""


def is_whole(row: Row) -> bool:
    """Whether a row is a sentence that went or came as a whole."""
    return len(row) == 1


def _in_words(row: Row) -> str:
    if is_whole(row):
        return f"{'−' if row[0].fate is Fate.GONE else '+'} {row[0].text}"
    said = ""
    for piece, follower in zip(row, (*row[1:], None), strict=True):
        came_instead = follower is not None and follower.fate is Fate.COME
        if piece.fate is Fate.KEPT:
            said += piece.text
        elif piece.fate is Fate.GONE:
            said += f"[{piece.text} → " if came_instead else f"[− {piece.text}]"
        else:
            said += f"{piece.text}]" if said.endswith(" → ") else f"[+ {piece.text}]"
    return said


# --- sentences -----------------------------------------------------------------------------------------------


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(before, after) of each sentence in order; "" where it came or went."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from zip(old[a:b], new[c:d], strict=True) if tag == "equal" else _aligned(old[a:b], new[c:d])


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """The pairing, in order, of the sentences that are most alike."""
    if max(len(old), len(new)) > _MOST_SENTENCES:
        return [*((was, "") for was in old), *(("", now) for now in new)]
    likeness = [[_likeness(was, now) for now in new] for was in old]
    # best[i][j]: the most likeness that the sentences from the i-th and the j-th on can have together.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            both = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[str, str]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], ""))
            i += 1
        else:
            pairs.append(("", new[j]))
            j += 1
    return [*pairs, *((was, "") for was in old[i:]), *(("", now) for now in new[j:])]


def _likeness(was: str, now: str) -> float:
    """0 where it is too small for one sentence that changed."""
    words = SequenceMatcher(None, _keys(_tokens(was)), _keys(_tokens(now)), autojunk=False)
    if words.quick_ratio() < _SAME_SENTENCE or (ratio := words.ratio()) < _SAME_SENTENCE:
        return 0.0
    return ratio


# --- words ---------------------------------------------------------------------------------------------------


def _tokens(sentence: str) -> list[str]:
    """Words with the space before them, the marks around them by themselves; together the sentence."""
    return _TOKEN.findall(sentence)


def _keys(tokens: Sequence[str]) -> list[str]:
    """By what tokens are compared: without space, and the first without its capital."""
    return [token.strip() if place else token.strip().casefold() for place, token in enumerate(tokens)]


def _row(was: str, now: str) -> Row:
    if not was or not now:
        return (Piece(was or now, Fate.GONE if was else Fate.COME),)
    old, new = _tokens(was), _tokens(now)
    runs: list[tuple[str, str, bool]] = []
    for tag, a, b, c, d in SequenceMatcher(None, _keys(old), _keys(new), autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        runs.append((gone, come, tag == "equal" or not _tells(gone + come)))
    pieces: list[Piece] = []
    for gone, come, same in _joined(runs):
        if same:
            pieces.append(Piece(come, Fate.KEPT))
            continue
        if pieces and (gone or come).startswith(" "):
            pieces[-1] = Piece(pieces[-1].text + " ", Fate.KEPT)
        pieces += [Piece(text, fate) for text, fate in ((gone.strip(), Fate.GONE), (come.strip(), Fate.COME)) if text]
    return tuple(piece for piece in pieces if piece.text)


def _tells(text: str) -> bool:
    """Whether there is more to it than marks of punctuation. Signs of order, sums and money are Unicode's S."""
    return any(c.isalnum() or c in "-%‰" or unicodedata.category(c)[0] == "S" for c in text)


def _joined(runs: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """(before, after, kept) with what is kept by chance, between two longer changes, counted to them."""
    joined: list[tuple[str, str, bool]] = []
    for gone, come, same in runs:
        if joined and joined[-1][2] == same:
            joined[-1] = joined[-1][0] + gone, joined[-1][1] + come, same
        elif not same and len(joined) > 1 and _by_chance(joined[-2], joined[-1], (gone, come)):
            (gone_1, come_1, _), (gone_2, come_2, _) = joined[-2:]
            joined[-2:] = [(gone_1 + gone_2 + gone, come_1 + come_2 + come, False)]
        else:
            joined.append((gone, come, same))
    return joined


def _by_chance(one: tuple[str, str, bool], kept: tuple[str, str, bool], other: tuple[str, str]) -> bool:
    return any(c.isalnum() for c in kept[1]) and len(kept[1]) <= min(
        max(len(one[0]), len(one[1])), max(len(other[0]), len(other[1]))
    )


def _bounded(row: Row, old: tuple[str, Collection[str]], new: tuple[str, Collection[str]]) -> tuple[Row, ...]:
    """The row with long stretches that were kept, and long sentences that were not, cut to what tells.

    old, new: the sentence before and after, "" for none, each with the others that it is to be told apart from.
    """
    whole = tuple(
        (Piece(_cut(text, others), fate),) for (text, others), fate in ((old, Fate.GONE), (new, Fate.COME)) if text
    )
    if is_whole(row):
        return whole
    last = len(row) - 1
    cut = tuple(
        Piece(_elided(piece.text, starts=place == 0, ends=place == last), piece.fate)
        if piece.fate is Fate.KEPT
        else piece
        for place, piece in enumerate(row)
    )
    if sum(len(piece.text) for piece in cut) <= LONGEST_ROW:
        return (cut,)
    return whole


def _cut(text: str, others: Collection[str]) -> str:
    """At most 220 characters of a sentence, with the place in them from which on it is none of the others."""
    if len(text) <= _LONGEST_SENTENCE:
        return text
    at = max((_parting(text, other) for other in others), default=0)
    if at <= _LONGEST_BEFORE:
        return shorten(text, _LONGEST_SENTENCE)
    words = text[:at].split(" ")[-_CONTEXT - 1 :]
    while len(" ".join(words)) > _LONGEST_BEFORE:
        del words[0]
    before = " ".join(words)
    return shorten(f"…{' ' if text[: at - len(before)].endswith(' ') else ''}{before}{text[at:]}", _LONGEST_SENTENCE)


def _parting(text: str, other: str) -> int:
    """After how many characters a sentence says otherwise than another, marks of punctuation aside."""
    words, theirs = ([token for token in _tokens(one) if _tells(token)] for one in (text, other))
    at = 0
    for word, key, their in zip_longest(words, _keys(words), _keys(theirs)[: len(words)]):
        at = text.index(word.strip(), at)
        if key != their:
            return at + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(key, their or "", strict=False)))
        at += len(word.strip())
    return at


def _elided(text: str, *, starts: bool, ends: bool) -> str:
    """starts, ends: whether the sentence does so with this stretch, which then has a change on its other side only."""
    words = text.split()
    if len(words) <= 2 * _CONTEXT + 1:
        return text
    opening, closing = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    head = "" if starts else f"{opening}{' '.join(words[:_CONTEXT])} "
    tail = "" if ends else f" {' '.join(words[-_CONTEXT:])}{closing}"
    return f"{head}…{tail}"
