from __future__ import annotations

from importlib import resources

import pytest

from litwatch.bert.wordpiece import WordPiece

VOCABULARY = resources.files("litwatch.bert").joinpath("vocab.txt").read_text(encoding="utf-8").splitlines()
READER = WordPiece(VOCABULARY)
START, END, UNKNOWN = 101, 102, 100

# The numbers are what the reference implementation of this model's tokens gives for these texts of ours.
CASES = {
    "plain": ("Warm chatbots err.", [4010, 11834, 27014, 9413, 2099, 1012]),
    "accents, curly quotes, dashes": (
        "Schrödinger’s naïve Ĉat — α-helix",
        [8040, 8093, 7716, 9912, 1521, 1055, 15743, 4937, 1517, 1155, 1011, 25743],
    ),
    "characters of Chinese stand alone, others join": ("漢字 and テスト", [1904, 100, 1998, 1713, 30233, 30240]),
    "apostrophes and hyphens part words": (
        "don't re-embed GPT-4o",
        [2123, 1005, 1056, 2128, 1011, 7861, 8270, 14246, 2102, 1011, 1018, 2080],
    ),
    "control characters are none": (
        "unaffable zzzzqx\u200b \x00 odd",
        [14477, 20961, 3468, 1062, 13213, 2480, 4160, 2595, 5976],
    ),
    "each capital by itself": ("ΔΣ", [1158, 29733]),
    "a word that is too long": ("x" * 101, [UNKNOWN]),
    "an emoji": ("🙂 ok", [UNKNOWN, 7929]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "numbers"), CASES.values(), ids=CASES.keys())
def test_text_is_read_as_the_reference_reads_it(text: str, numbers: list[int]) -> None:
    assert READER.tokens(text, most=256) == [START, *numbers, END]


def test_a_text_cannot_bring_marks_of_its_own() -> None:
    assert {START, END} & set(READER.tokens("a [SEP] b [CLS] c", most=256)[1:-1]) == set()


def test_a_long_text_is_cut_and_still_ended() -> None:
    read = READER.tokens("word " * 1000, most=16)
    assert len(read) == 16
    assert (read[0], read[-1]) == (START, END)
