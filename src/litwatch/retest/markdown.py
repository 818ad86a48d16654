"""A report as Markdown (CommonMark with tables).

What a paper or a page says is escaped: it stands as it is written, and is never a link, a heading or code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from litwatch.model import Durability
from litwatch.retest import looked, said, standings
from litwatch.retest.report import Fresh, Held, Report, Shown
from litwatch.retest.traces import HOW, traces

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$]|:(?=//)|(?<=\bwww)\.|@)")
_LIST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")
_ID = re.compile(r"arXiv:((?:[a-z-]+(?:\\?\.[A-Z]{2})?/)?[0-9.]+[0-9])(v[0-9]+)?")


def render(report: Report) -> str:
    blocks = [f"# {_text(said.heading(report))}", f"*{_text(said.dateline(report))}*"]
    if warning := looked.trouble(report):
        blocks.append(f"> **{_ours(warning)}**")
    blocks.append(_text(" ".join(said.summary(report))))
    rows = ["| | claim | standing | since | by what | lasting |", "|---|---|---|---|---|---|"]
    blocks += [f"## {standings.GLANCE}", "\n".join([*rows, *map(_glance, report.claims)])]
    blocks += [_text(text) for text in (standings.legend(report),) if text]
    blocks.append(f"## {said.AGAINST}")
    blocks += [_text(text) for text in (said.no_challenge(report),) if text]
    blocks += [_strongest(one) for one in report.strongest]
    blocks += [_ours(text) for text in (said.further(report),) if text]
    if report.older:
        blocks += [f"### {said.OLDER}", _text(said.older(report))]
        blocks += ["\n".join(map(_older, report.older[: said.MOST_OLDER]))]
        blocks += [_ours(text) for text in (said.further_older(report),) if text]
    blocks += [_ours(text) for text in (said.caution(report),) if text]
    if report.nearest:
        blocks += [f"### {said.BELOW}", _ours(said.below(report)), *map(_strongest, report.nearest)]
    if report.fresh:
        blocks += [f"## {said.FRESH}", _ours(said.fresh(report)), "\n".join(map(_fresh, report.fresh))]
    blocks.append(f"## {standings.CLAIMS}")
    for group in standings.groups(report):
        blocks += [_text(group.remark)] if group.remark else []
        blocks += [block for held in group.claims for block in _claim(held, group, report)]
    for side, name in ((Durability.DURABLE, said.DURABLE), (Durability.PERISHABLE, said.PERISHABLE)):
        blocks += [f"## {name}", _claims(standings.lasting(report, side))]
    blocks += [_ours(said.LASTING), f"## {said.QUESTIONS}"]
    for n, question in enumerate(report.questions, start=1):
        blocks.append(f"{n}. {_text(said.question_text(question))}\n\n   *{_text(said.question_note(question))}*")
    blocks += [_text(said.remark(report))] if said.remark(report) else []
    blocks += [f"## {said.LOOKED}", _items(looked.looked_at(report))]
    blocks += [f"## {said.NOT_LOOKED}", _items(looked.not_looked_at(report))]
    blocks += [f"## {said.TRACES}", _ours(HOW)]
    rows = ["| figure | value | command |", "|---|---:|---|"]
    rows += [f"| {_text(one.figure)} | {one.value:,} | {_code(one.command)} |" for one in traces(report)]
    return "\n\n".join([*blocks, "\n".join(rows)]) + "\n"


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"- {_ours(text)}" for text in texts)


def _claims(texts: Sequence[str]) -> str:
    return "\n".join(f"- {_text(text)}" for text in texts) or "None."


def _glance(held: Held) -> str:
    since = standings.since(held).removeprefix("since ")
    cells = (standings.name(held), standings.short(held), f"**{held.status}**", since, standings.by_what(held))
    escaped = [cell if cell.startswith("**") else _text(cell) for cell in (*cells, standings.kind(held))]
    return f"| {' | '.join(escaped)} |"


def _older(one: Shown) -> str:
    rows = [f"- [{_escaped(said.paper_title(one))}]({one.paper.url})", f"  {_text(said.byline(one))}"]
    rows += [f"  {_text(said.older_brief(one))}", f"  {_ours(said.how_to_review(one))}"]
    return "  \n".join(rows)


def _fresh(one: Fresh) -> str:
    texts = (said.fresh_byline(one), said.fresh_said(one), said.fresh_quote(one))
    rows = [f"- [{_escaped(said.paper_title(one))}]({one.paper.url})", *(f"  {_text(text)}" for text in texts if text)]
    return "  \n".join(rows)


def _strongest(one: Shown) -> str:
    quoted = f"> {_text(said.quoted(one))}"
    rows = [f"**[{_escaped(said.paper_title(one))}]({one.paper.url})**  ", f"{_text(said.byline(one))}", ""]
    rows += [f"**{_text(said.badge(one))}**  ", _text(said.held_against(one)), "", quoted, ""]
    return "\n".join([*rows, f"{_text(said.why(one))}  ", _ours(said.how_to_review(one))])


def _claim(held: Held, group: standings.Group, report: Report) -> list[str]:
    blocks = [f"### {_text(standings.claim_heading(held))}"]
    blocks += [f"**{_text(text)}**" for text in (standings.standing(held, group),) if text]
    texts = (standings.statement(held), *standings.dated(held), *standings.shaken(held))
    blocks += [_text(text) for text in texts if text]
    for name, shown in (("Against", held.against), ("For", held.support)):
        if shown:
            blocks.append(f"{name}:\n\n{_side(shown, report)}")
    return blocks


def _side(shown: Sequence[Shown], report: Report) -> str:
    rows = [f"- {_text(said.source(one))}  \n  {_text(said.brief(one))}" for one in shown[: said.SHOWN]]
    more = said.rest(shown, report)
    return "\n".join([*rows, *([f"- {_ours(more)}"] if more else [])])


def _text(text: str) -> str:
    """Escaped, with arXiv ids as links."""
    return _ID.sub(lambda found: f"[{found[0]}](https://arxiv.org/abs/{found[1].replace(chr(92), '')})", _escaped(text))


def _ours(text: str) -> str:
    """The same of what litwatch says itself, with commands as code."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if n % 2 else _text(part) for n, part in enumerate(parts))


def _escaped(text: str) -> str:
    return _LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def _code(command: str) -> str:
    """In a cell of a table, where a bar ends the cell even within code."""
    return f"`{command.replace('|', chr(92) + '|')}`"
