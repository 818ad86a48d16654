"""Quotations that are set off from the text by signs ">": their words, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litwatch.grounding.blocks import Block
from litwatch.grounding.entries import joins
from litwatch.text import squeeze

_LONGEST_SOURCE = 300
"""Characters of a line that says where a quotation is from."""
_LONGEST_LABEL = 200
"""Characters of a line that says what is quoted below it."""
_SOURCE_LINE = re.compile(r"\n\s*[-\u2013\u2014]+\s?(?=[^\n]*$)")
_SOURCE_SIGN = re.compile(r"(?<=\s)(?:[\u2013\u2014]\s|[\[(])")
_READERS = re.compile(
    r"\b(?:claims?|questions?|hypothes[ie]s|your?|my|belief|position|statement|assumption|prompt)\b", re.IGNORECASE
)
_FEWEST_QUOTED = 5


def quotation(text: str) -> str:
    """The words of a quotation that is set off; "" where they are too few to be one."""
    words = squeeze(text).strip(' "*_').rstrip(" (\u2013\u2014-").strip(' "*_')
    return words if len(words.split()) >= _FEWEST_QUOTED else ""


def above_source(text: str) -> str:
    """Of what a quotation has before its id, what stands above the line, dash or bracket that names the source."""
    if line := _SOURCE_LINE.search(text):
        return text[: line.start()]
    signs = list(_SOURCE_SIGN.finditer(text[-_LONGEST_SOURCE:]))
    source = next(
        (sign for sign in signs if joins(text[-_LONGEST_SOURCE:][sign.end() :])), signs[-1] if signs else None
    )
    return text[: max(0, len(text) - _LONGEST_SOURCE) + source.start()] if source else text


def source_below(below: Block, ids: Sequence[str]) -> str:
    """The one paper that a line names which begins as the source of a quotation above it does; "" where none.

    ids: those of the papers that the line names.
    """
    begins = below.text.lstrip()[:1]
    is_source = begins in {"\u2013", "\u2014", "("} or (begins == "-" and below.apart)
    if not is_source or (below.item and not below.apart) or len(below.text) > _LONGEST_SOURCE:
        return ""
    return ids[0] if len(set(ids)) == 1 else ""


def is_readers(above: Block | None) -> bool:
    """Whether the block above a quotation says that it is of the reader: a heading or a label of claims."""
    if above is None or len(above.text) > _LONGEST_LABEL:
        return False
    said = above.text.strip()
    labels = said.startswith(("#", "**", "__")) or said.rstrip("*_ ").endswith(":")
    return labels and _READERS.search(said) is not None
