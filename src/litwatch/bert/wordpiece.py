"""WordPiece tokens as BERT's uncased models read them (Wu et al. 2016; Devlin et al. 2019).

Our own since it is small: the library that has it brings along a client for downloading models, and we download none.
A test holds it to what the reference implementation gives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

_LONGEST_WORD = 100
"""A word of more characters is unknown as a whole."""
_REMEMBERED = 100_000
"""Words whose pieces are remembered; a service that reads for years meets ever more."""
_UNKNOWN, _START, _END = "[UNK]", "[CLS]", "[SEP]"


class WordPiece:
    def __init__(self, vocabulary: Iterable[str]) -> None:
        """vocabulary: the pieces in the order of their numbers; one that goes on a word begins with "##"."""
        self._number: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}

    def tokens(self, text: str, *, most: int) -> list[int]:
        """The numbers of the text's pieces between those of start and end, cut to `most` in all."""
        read: list[int] = []
        for word in _words(text):
            if len(read) >= most - 2:
                break
            pieces = self._known.get(word)
            if pieces is None:
                pieces = self._pieces(word)
                if len(self._known) < _REMEMBERED:
                    self._known[word] = pieces
            read += pieces
        return [self._number[_START], *read[: most - 2], self._number[_END]]

    def pieces(self, text: str, *, most: int) -> list[int]:
        """The numbers of the text's pieces, cut to `most`, without those of start and end."""
        return self.tokens(text, most=most + 2)[1:-1]

    @property
    def start(self) -> int:
        return self._number[_START]

    @property
    def end(self) -> int:
        return self._number[_END]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The longest known beginning, then the longest known piece that goes on from there, and so forth."""
        if len(word) > _LONGEST_WORD:
            return (self._number[_UNKNOWN],)
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                if (number := self._number.get(prefix + word[start:end])) is not None:
                    break
            else:
                return (self._number[_UNKNOWN],)
            found.append(number)
            start = end
        return tuple(found)


def _words(text: str) -> list[str]:
    spaced = []
    # Each character by itself: Python writes a sigma at a word's end otherwise than within it.
    for character in unicodedata.normalize("NFD", "".join(map(str.lower, _clean(text)))):
        if unicodedata.category(character) == "Mn":
            continue
        spaced.append(f" {character} " if _stands_alone(character) else character)
    return "".join(spaced).split()


def _clean(text: str) -> str:
    """Without control characters; every kind of space is one."""
    kept = []
    for character in text:
        if character in "\t\n\r" or unicodedata.category(character) == "Zs":
            kept.append(" ")
        elif character not in "\0\ufffd" and not unicodedata.category(character).startswith("C"):
            kept.append(character)
    return "".join(kept)


def _stands_alone(character: str) -> bool:
    """Whether it is a token by itself: punctuation, ASCII's symbols, Chinese characters."""
    code = ord(character)
    if code < 128:
        return not (character.isalnum() or character.isspace())
    return unicodedata.category(character).startswith("P") or any(first <= code <= last for first, last in _CHINESE)


_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
