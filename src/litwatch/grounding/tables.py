"""Tables of Markdown: what the head of a column says of the cells below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litwatch.grounding.blocks import Block
from litwatch.grounding.fields import Field, Says, is_verbatim, says

_RULED = re.compile(r"[\s|:-]*-[\s|:-]*")


def is_row(block: Block) -> bool:
    return not block.quoted and not block.record and not block.document and block.text.lstrip()[:1] == "|"


def heads_of(blocks: Sequence[Block], named: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For each block the labels of the columns of its table, in lower case; none of what is no row, or the head."""
    found: list[tuple[str, ...]] = []
    heads: tuple[str, ...] = ()
    in_table = False
    for at, block in enumerate(blocks):
        if not is_row(block):
            in_table, heads = False, ()
            found.append(())
        elif not in_table or block.apart:
            labels = tuple(re.sub(r"[*_`]", "", cell).strip().lower() for cell in cells(block.text))
            known = any(says(label, "") not in (Says.OTHER, Says.READERS) or label == "paper" for label in labels)
            heads = labels if known and not named[at] else ()
            in_table = True
            found.append(())
        else:
            found.append(() if _RULED.fullmatch(block.text) else heads)
    return found


def cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [part.strip() for part in re.split(r"(?<!\\)\|", inner)]


def fields_of_row(row: str, heads: Sequence[str]) -> list[tuple[Field, str]]:
    """The cells of a row as fields, each with its label."""
    return [(Field(says=says(label, cell), text=cell), label) for label, cell in zip(heads, cells(row), strict=False)]


def quotes_of(field: Field, label: str) -> list[str]:
    return [] if field.says is Says.READERS else field.quotes(verbatim=is_verbatim(label))
