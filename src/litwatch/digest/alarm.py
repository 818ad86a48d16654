"""How an alarm puts things: trouble with the harvest, or that it is over.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from litwatch.digest.coverage import in_short, moment, states, troubles
from litwatch.digest.wording import clean, count, listed, shorten
from litwatch.model import Alarm, HarvestState

_NAMED = 3
"""Categories that a subject names."""


def subject(alarm: Alarm) -> str:
    names = [one.category for one in alarm.outcomes]
    where = listed(names) if len(names) <= _NAMED else count(len(names), "category", "categories")
    if alarm.over_at:
        what = f"harvests of {where} are well again" if names else "harvests are well again"
        return f"litwatch: {what} (after {_lasting(alarm.over_at - alarm.began)})"
    if alarm.state is HarvestState.FAILED:
        return f"litwatch: {f'papers of {where}' if names else 'papers'} could not be fetched (failed)"
    return f"litwatch: arXiv gives nothing new{f' in {where}' if names else ''} (stalled)"


def heading(alarm: Alarm) -> str:
    return "litwatch, harvests are well again" if alarm.over_at else "litwatch, trouble with the harvest"


def warning(alarm: Alarm) -> str:
    """What is wrong; "" of one that is over."""
    if alarm.over_at:
        return ""
    if alarm.outcomes:
        return " ".join(f"{what}: {why}." if why else f"{what}." for what, why in troubles(alarm.outcomes))
    why = f": {in_short(alarm.reason)}" if clean(alarm.reason) else ""
    if alarm.state is HarvestState.STALLED:
        return f"arXiv has nothing new although an announcement was due{why}."
    return f"The harvest failed{why}."


def summary(alarm: Alarm, watched: Sequence[str]) -> str:
    """Since when, and what is not touched by it. watched: the categories that the channel's lines watch."""
    if alarm.over_at:
        names = [one.category for one in alarm.outcomes]
        return (
            f"The trouble{f' with {listed(names)}' if names else ''} began on {moment(alarm.began)} and was over on "
            f"{moment(alarm.over_at)}; it lasted {_lasting(alarm.over_at - alarm.began)}."
        )
    before = f"; the harvest before, on {moment(alarm.well_before)}, ended well" if alarm.well_before else ""
    touched = {one.category for one in alarm.outcomes}
    well = [category for category in watched if category not in touched] if touched else []
    others = f" Not touched by it: {listed(well)}." if well else ""
    return f"Since {moment(alarm.began)}{before}.{others}"


def details(alarm: Alarm) -> tuple[str, ...]:
    """What litwatch does about it and what the reader may do: one entry a paragraph."""
    if alarm.over_at:
        came = f"{count(alarm.papers, 'paper')} {'has' if alarm.papers == 1 else 'have'} come since it began"
        now = f" Now: {states(alarm.outcomes)}." if alarm.outcomes else ""
        return (f"What was missed was asked for again: {came}.{now} Your digests tell of them as usual.",)
    again = "The next poll asks again"
    if alarm.ask_again_at:
        again = f"litwatch asks again on {moment(alarm.ask_again_at)}, and then at least every six hours"
    late = "; arXiv may only be late" if alarm.state is HarvestState.STALLED else ""
    return (
        f"{again}{late}. Nothing is lost: what was missed is asked for then, too. "
        "You hear of this once more, when it is over.",
        "To look into it: `litwatch doctor` checks the way to arXiv, `litwatch harvests --questions` shows what was "
        "asked and what came.",
    )


def foot(channel: str) -> str:
    name = shorten(channel, 60)
    return (
        f"Sent at once by your channel {name}, which wants alerts; `alerts = false` under [channels.{name}] stops it."
    )


def _lasting(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes < 90:
        return count(minutes, "minute")
    hours = round(minutes / 60)
    return count(hours, "hour") if hours < 48 else count(round(hours / 24), "day")
