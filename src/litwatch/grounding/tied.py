"""What blocks that name no paper say of the one that their group names: by labels, and in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from litwatch.grounding.blocks import Block
from litwatch.grounding.entries import is_title
from litwatch.grounding.fields import Says, fields_of, is_verbatim
from litwatch.grounding.groups import Group, Groups, Kind, Owner, heading_level
from litwatch.grounding.quotes import quotes_in, tidy
from litwatch.grounding.setoff import is_readers, quotation

_HEAD = re.compile(
    r"\s*(?:[-*+\u2022][ \t]+|#{1,6}[ \t]+)?(?:\(?[0-9]{1,3}[.)][ \t]+)?(?P<bold>[*_]{2,3})?(?:[0-9]{1,3}[.)][ \t]+)?"
    r"(?P<text>[^*\n]{10,300}?)(?(bold)[*_]{2,3})[ \t]*(?:\([^()\n]{1,80}\))?\s*"
)
_QUOTED = re.compile(r"\"[^\"]*\"")
_NUMBER = re.compile(r"^\s*\(?[0-9]{1,3}[.)]\s")
_REPORTS = re.compile(
    r"\b(?:says?|said|states?|stated|writes?|wrote|reports?|reported|finds?|found|concludes?|concluded|shows?|showed"
    r"|argues?|argued|observes?|observed|warns?|notes|noted|quotes?|quoted|reads|abstract|authors|sentence)"
    r"(?:,? (?:that|how))?[\s,:*_(\u2013\u2014-]*$",
    re.IGNORECASE,
)
_ANOTHERS = re.compile(r"\bet al\b|\([^()]*[0-9]{4}[a-z]?\)|\b(?:you|I|we|who|others?|earlier|older|previous\w*)\b")
_LONGEST_TOLD = 120
"""Characters before a quotation that say whose it is."""
_NO_NAME = re.compile(
    r"\b(?:evidence|contradict\w*|supports?|findings?|claims?|challeng\w*|verdict|update|takeaways?|summary)\b", re.I
)
_MOST_BLOCKS = 40
"""Of a group that is a record of one paper."""


@dataclass(frozen=True, kw_only=True)
class Tied:
    arxiv_id: str
    titles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()


def tied(blocks: Sequence[Block], at: int, groups: Groups) -> Tied | None:
    """What a block says of its group's paper. In doubt nothing: what is set off or quoted without a label may be
    anyone's unless it stands behind the id, and a title or a year is a field of the paper only beside others."""
    owner = groups.owner(at)
    if not owner:
        return None
    block, behind = blocks[at], owner.named_at < at
    if block.quoted:
        is_its = behind and not is_readers(blocks[at - 1])
        words = quotation(block.text) if is_its else ""
        return Tied(arxiv_id=owner.arxiv_id, quotes=(words,) if words else ())
    if heading_level(block):
        return None
    firm, near = _is_record(owner, blocks), behind and _is_near(owner, blocks)
    titles, years, quotes = list[str](), list[int](), list[str]()
    fields = list(fields_of(block.text))
    for field, label in fields:
        if firm and (title := field.title()):
            titles.append(title)
        elif firm and field.says is Says.YEAR and (year := field.year()):
            years.append(year)
        elif field.says is Says.QUOTE and (firm or behind):
            quotes += field.quotes(verbatim=is_verbatim(label))
        elif field.says is Says.OTHER and near:
            quotes += _reported(field.text)
    if not fields and near:
        quotes += _reported(block.text)
    return Tied(arxiv_id=owner.arxiv_id, titles=tuple(titles), years=tuple(years), quotes=tuple(quotes))


def head_of(blocks: Sequence[Block], group: Group, groups: Groups) -> Tied | None:
    """The title that the head of a record is, where no field gives one: a head in bold, or a heading above authors."""
    if group.end - group.first > _MOST_BLOCKS or not (owner := groups.sole(group)) or owner.in_head:
        return None
    head = _HEAD.fullmatch(blocks[group.first].text)
    if not head or _NO_NAME.search(head["text"]) or not is_title(head["text"], set_off=False):
        return None
    given = {field.says for block in blocks[group.first + 1 : group.end] for field, _ in fields_of(block.text)}
    if Says.TITLE in given or Says.ID not in given:
        return None
    is_entry = Says.AUTHORS in given or (Says.YEAR in given and head["bold"] and group.kind is Kind.ITEM)
    return Tied(arxiv_id=owner.arxiv_id, titles=(tidy(head["text"]),)) if is_entry else None


def _reported(text: str) -> list[str]:
    """What is quoted alone, or with a word that says so and no other source."""
    quotes = quotes_in(text)
    alone = not re.search(r"\w", _QUOTED.sub("", _NUMBER.sub("", text)))
    found = []
    for said in quotes:
        before = text[max(0, said.start - _LONGEST_TOLD) : said.start]
        if alone or (_REPORTS.search(before) and not _ANOTHERS.search(before)):
            found.append(tidy(said.text))
    return found


def _is_record(owner: Owner, blocks: Sequence[Block]) -> bool:
    """Whether fields of the group are surely of its paper: it stands close, or heads them, or is a field itself."""
    if owner.group.kind is not Kind.SECTION or _heads(owner, blocks):
        return True
    return any(field.says is Says.ID for field, _ in fields_of(blocks[owner.named_at].text))


def _is_near(owner: Owner, blocks: Sequence[Block]) -> bool:
    """Whether what is quoted without a label is surely the paper's."""
    return owner.group.kind is Kind.ITEM or _heads(owner, blocks)


def _heads(owner: Owner, blocks: Sequence[Block]) -> bool:
    return owner.in_head and heading_level(blocks[owner.named_at]) > 0
