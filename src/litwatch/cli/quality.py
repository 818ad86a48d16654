"""The reader's own quality as text: a table of precision, below it its drift, what was missed, and how to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from litwatch.cli import show
from litwatch.evaluate.own import DRIFT_CUT, OwnReport, Quality
from litwatch.evaluate.shares import Change, Share, Unknown

_WIDTH = 80
_PERIODS = 12
"""So many of the last ones are shown."""
_NAMED = 5
"""So many lines without a mark are named."""
_HOW = "Mark a paper that was told: `litwatch mark LINE ARXIV_ID useful|not`"


def say_quality(report: OwnReport) -> None:
    if not report.lines:
        show.say("No line is watched; `litwatch add-line PAGE` adds one.")
        return
    if report.every.any_mark:
        _say_precision(report)
        _say_drift(report)
    for row in _remarks(report):
        _say(row)


def _say_precision(report: OwnReport) -> None:
    cuts = tuple(report.every.precision)
    rows = [_row(quality.line, quality) for quality in report.lines if quality.any_mark]
    if len(report.lines) > 1:
        rows.append(_row("all", report.every))
    show.table(("line", "told", "marked", "useful", *(f"first {k}" for k in cuts)), rows)
    _say(
        f"First {', '.join(map(str, cuts[:-1]))} and {cuts[-1]}: of the papers that were told at the first places of a"
        " line and that you marked, the share that was useful, and its interval at 95 %. What is not marked counts for"
        " nothing.\n"
    )


def _say_drift(report: OwnReport) -> None:
    every = report.every
    shown = every.drift[-_PERIODS:]
    if shown:
        rows = [(period.name, f"{period.share.marked:,}", _share(period.share)) for period in shown]
        show.table(("period", "marked", f"first {DRIFT_CUT}"), rows)
    if every.drift:
        _say(_change(every))
    for quality in report.lines if len(report.lines) > 1 else ():
        if isinstance(quality.change, Change) and quality.change.says != "not clear":
            _say(f"{quality.line}, {quality.drift[-1].name}: {_change(quality)}")
    show.say("")


def _say(text: str) -> None:
    show.say("\n".join(wrap(text, _WIDTH, break_on_hyphens=False)) + "\n" * text.endswith("\n"))


def _row(name: str, quality: Quality) -> tuple[str, ...]:
    shown = quality.shown
    shares = (_share(share) for share in quality.precision.values())
    return name, f"{shown.told:,}", f"{shown.marked:,}", f"{shown.useful:,}", *shares


def _share(share: Share) -> str:
    """ "80% (49-94)"."""
    if share.value is None or share.bounds is None:
        return "-"
    low, high = share.bounds
    return f"{share.value:.0%} ({low * 100:.0f}-{high * 100:.0f})"


def _remarks(report: OwnReport) -> Iterator[str]:
    every = report.every
    if report.before:
        told_before = _counted(report.before, "paper was", "papers were")
        yield f"{told_before} told before this version kept where, and none of them counts here."
    if every.any_mark:
        yield from _recall(every)
    elif every.shown.told + every.explored.told:
        told = every.shown.told + every.explored.told
        yield f"{_counted(told, 'paper was', 'papers were')} told, and none of them is marked."
        yield _HOW
    else:
        yet = "since" if report.before else "yet"
        yield f"Nothing was told {yet}, so there is nothing to measure: a sent digest tells."
        yield _HOW
    if every.aside:
        known = "not known to have been told under this line" if report.before else "told under no such line"
        yield (
            f"{_counted(every.aside, 'judged paper does', 'judged papers do')} not count: {known}, or"
            " judged before that, when the mark itself moved the paper."
        )
    if every.any_mark:
        yield from _unmarked(report.lines)


def _change(quality: Quality) -> str:
    change = quality.change
    if isinstance(change, Unknown):
        return f"{change.why[0].upper()}{change.why[1:]}."
    points = f"{change.value * 100:+.0f} points, {change.low * 100:+.0f} to {change.high * 100:+.0f} at 95 %"
    if change.says == "not clear":
        return f"Whether the last period differs from those before is not clear ({points})."
    return f"The last period is {change.says} than those before ({points})."


def _recall(quality: Quality) -> Iterator[str]:
    found = quality.recall
    if isinstance(found, Unknown):
        yield f"Recall: not enough to tell; {found.why}."
    else:
        yield (
            f"Recall: between {found.low:.0%} and {found.high:.0%}, at a guess {found.value:.0%}: useful papers that"
            " were told by their score, as a share of those and of some"
            f" {found.missed_useful:,.0f} below the floor, going by those that were drawn by chance and marked."
            " It looks as far as papers score a third of the floor or more."
        )
    if (no_place := quality.no_place) is not None:
        yield (
            f"Besides, some {no_place.value:,.0f} useful papers ({no_place.low:,.0f}-{no_place.high:,.0f}) above the"
            " floor had no place when it was drawn among them; a later digest may have told them, or may yet."
        )


def _unmarked(lines: Sequence[Quality]) -> Iterator[str]:
    without = [quality.line for quality in lines if not quality.any_mark]
    if without:
        named = ", ".join(without[:_NAMED]) + (f" and {len(without) - _NAMED} more" if len(without) > _NAMED else "")
        yield f"No mark yet on what was told under {named}."
        yield _HOW


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
