"""A report as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from litwatch.model import Durability
from litwatch.retest import looked, said, standings
from litwatch.retest.report import Fresh, Held, Report, Shown
from litwatch.retest.traces import HOW, traces

WIDTH = 76


def render(report: Report) -> str:
    """The whole report in lines of at most `WIDTH` characters, but for commands, which stay whole."""
    blocks = [[*_wrapped(said.heading(report)), "=" * WIDTH, *_wrapped(said.dateline(report))]]
    if warning := looked.trouble(report):
        blocks.append(_wrapped(warning, "!! ", "!! "))
    blocks.append(_wrapped(" ".join(said.summary(report))))
    blocks += [_headed(standings.GLANCE), [row for held in report.claims for row in _glance(held)]]
    blocks += [_wrapped(text) for text in (standings.legend(report),) if text]
    blocks.append(_headed(said.AGAINST))
    if none := said.no_challenge(report):
        blocks.append(_wrapped(none))
    blocks += [_strongest(one, n) for n, one in enumerate(report.strongest, start=1)]
    blocks += [_wrapped(text) for text in (said.further(report),) if text]
    if report.older:
        blocks += [_headed(said.OLDER), _wrapped(said.older(report)), *map(_older, report.older[: said.MOST_OLDER])]
        blocks += [_wrapped(more) for more in (said.further_older(report),) if more]
    blocks += [_wrapped(text) for text in (said.caution(report),) if text]
    if report.nearest:
        blocks += [_headed(said.BELOW), _wrapped(said.below(report))]
        blocks += [_strongest(one, n) for n, one in enumerate(report.nearest, start=1)]
    if report.fresh:
        blocks += [_headed(said.FRESH), _wrapped(said.fresh(report)), *map(_fresh, report.fresh)]
    blocks.append(_headed(standings.CLAIMS))
    for group in standings.groups(report):
        blocks += [_wrapped(group.remark)] if group.remark else []
        blocks += [_claim(held, group, report) for held in group.claims]
    for side, name in ((Durability.DURABLE, said.DURABLE), (Durability.PERISHABLE, said.PERISHABLE)):
        blocks += [_headed(name), _items(standings.lasting(report, side) or ["None."])]
    blocks += [_wrapped(said.LASTING), _headed(said.QUESTIONS)]
    for n, question in enumerate(report.questions, start=1):
        blocks.append(
            [
                *_wrapped(said.question_text(question), f"{n:>2}. ", _IN),
                *_wrapped(said.question_note(question), _IN, _IN),
            ]
        )
    if said.remark(report):
        blocks.append(_wrapped(said.remark(report)))
    blocks += [_headed(said.LOOKED), _items(looked.looked_at(report))]
    blocks += [_headed(said.NOT_LOOKED), _items(looked.not_looked_at(report))]
    blocks += [_headed(said.TRACES), _wrapped(HOW)]
    blocks.append(
        [row for one in traces(report) for row in (f"{one.value:>8,}  {one.figure}", f"{'':10}{one.command}")]
    )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


_IN = " " * 4


def _headed(text: str) -> list[str]:
    return ["", text, "-" * len(text)]


def _items(texts: Iterable[str]) -> list[str]:
    return [row for text in texts for row in _wrapped(text, "* ", "  ")]


def _strongest(one: Shown, n: int) -> list[str]:
    rows = _wrapped(said.paper_title(one), f"{n:>2}. ", _IN)
    rows += [*_wrapped(said.byline(one), _IN, _IN), f"{_IN}{one.paper.url}"]
    rows += _wrapped(said.badge(one), f"{_IN}! ", f"{_IN}  ")
    for text in (said.held_against(one), said.quoted(one), said.why(one), said.how_to_review(one)):
        rows += _wrapped(text, f"{_IN}  ", f"{_IN}  ")
    return rows


def _older(one: Shown) -> list[str]:
    rows = _wrapped(said.paper_title(one), "* ", "  ")
    for text in (said.byline(one), said.older_brief(one), said.how_to_review(one)):
        rows += _wrapped(text, "  ", "  ")
    return rows


def _glance(held: Held) -> list[str]:
    rows = _wrapped(standings.short(held), f"{standings.name(held):<3} ", _IN)
    about = " · ".join(filter(None, (standings.stands(held), standings.kind(held))))
    return rows + _wrapped(about, _IN, _IN) + _wrapped(standings.by_what(held), _IN, _IN)


def _fresh(one: Fresh) -> list[str]:
    rows = _wrapped(said.paper_title(one), "* ", "  ")
    for text in (said.fresh_byline(one), said.fresh_said(one), said.fresh_quote(one)):
        rows += _wrapped(text, "  ", "  ")
    return rows


def _claim(held: Held, group: standings.Group, report: Report) -> list[str]:
    rows = _wrapped(standings.claim_heading(held), "", _IN)
    texts = (standings.standing(held, group), standings.statement(held))
    for text in (*texts, *standings.dated(held), *standings.shaken(held)):
        rows += _wrapped(text, _IN, _IN)
    for sign, shown in (("-", held.against), ("+", held.support)):
        rows += _side(sign, shown, report)
    return rows


def _side(sign: str, shown: Sequence[Shown], report: Report) -> list[str]:
    rows = []
    for one in shown[: said.SHOWN]:
        rows += _wrapped(said.source(one), f"{_IN}{sign} ", f"{_IN}  ")
        rows += _wrapped(said.brief(one), f"{_IN}  ", f"{_IN}  ")
    return rows + _wrapped(said.rest(shown, report), f"{_IN}{sign} ", f"{_IN}  ")


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    # Ids, links and commands stay whole, to be copied: a no-break space stands in for the spaces of a command.
    kept = re.sub(r"`[^`]{1,90}`", lambda command: command[0].replace(" ", "\u00a0"), text)
    rows = wrap(
        kept, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, break_long_words=False
    )
    return [row.replace("\u00a0", " ") for row in rows]
