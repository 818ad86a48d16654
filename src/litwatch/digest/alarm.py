"""How an alarm puts things: trouble with the harvest, or that it is over.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from litwatch.digest.coverage import in_short, is_nowhere, moment, nowhere, states, troubles
from litwatch.digest.wording import clean, count, listed, shorten
from litwatch.model import Alarm, HarvestState

_NAMED = 3
"""Categories that a subject names."""


def subject(alarm: Alarm) -> str:
    if absent := _absent(alarm):
        return f"litwatch: {absent}"
    names = [one.category for one in alarm.outcomes]
    if alarm.over_at:
        what = f"harvests of {_named(names)} are well again" if names else "harvests are well again"
        return f"litwatch: {what} (after {_lasting(alarm.over_at - alarm.began)})"
    failed = [one.category for one in alarm.outcomes if one.state is HarvestState.FAILED]
    stalled = [one.category for one in alarm.outcomes if one.state is HarvestState.STALLED]
    if alarm.state is HarvestState.FAILED:
        also = f", nothing new in {_named(stalled)} (stalled)" if stalled else ""
        return f"litwatch: {f'papers of {_named(failed)}' if names else 'papers'} could not be fetched (failed){also}"
    return f"litwatch: arXiv gives nothing new{f' in {_named(stalled)}' if names else ''} (stalled)"


def _named(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= _NAMED else count(len(names), "category", "categories")


def _absent(alarm: Alarm) -> str:
    """Of an alarm about categories that arXiv does not have, that; "" of any other."""
    return nowhere(alarm.outcomes) if alarm.outcomes and all(map(is_nowhere, alarm.outcomes)) else ""


def heading(alarm: Alarm) -> str:
    if _absent(alarm):
        return "litwatch, a category that arXiv does not have"
    return "litwatch, harvests are well again" if alarm.over_at else "litwatch, trouble with the harvest"


def warning(alarm: Alarm) -> str:
    """What is wrong; "" of one that is over."""
    if alarm.over_at:
        return ""
    if absent := _absent(alarm):
        return f"{absent}."
    if alarm.outcomes:
        return " ".join(f"{what}: {why}." if why else f"{what}." for what, why in troubles(alarm.outcomes))
    why = f": {in_short(alarm.reason)}" if clean(alarm.reason) else ""
    if alarm.state is HarvestState.STALLED:
        return f"arXiv has nothing new although an announcement was due{why}."
    return f"The harvest failed{why}."


def summary(alarm: Alarm, watched: Sequence[str]) -> str:
    """Since when, and what is not touched by it. watched: the categories that the channel's lines watch."""
    names = [one.category for one in alarm.outcomes]
    if alarm.over_at:
        where, lasted = f" with {listed(names)}" if names else "", _lasting(alarm.over_at - alarm.began)
        if clean(alarm.reason):
            # The message that was to tell of it could not be sent before: this one says both.
            return (
                f"There was trouble{where} from {moment(alarm.began)} to {moment(alarm.over_at)}: "
                f"{in_short(alarm.reason)}. It is over; it lasted {lasted}."
            )
        return (
            f"The trouble{where} began on {moment(alarm.began)} and was over on {moment(alarm.over_at)}; "
            f"it lasted {lasted}."
        )
    well = [category for category in watched if category not in names] if names else []
    others = f" Not touched by it: {listed(well)}." if well else ""
    if _absent(alarm):
        return f"Seen on {moment(alarm.began)}.{others}"
    before = f"; the harvest before, on {moment(alarm.well_before)}, ended well" if alarm.well_before else ""
    return f"Since {moment(alarm.began)}{before}.{others}"


def details(alarm: Alarm) -> tuple[str, ...]:
    """What litwatch does about it and what the reader may do: one entry a paragraph."""
    if alarm.over_at:
        came = f"{count(alarm.papers, 'paper')} {'has' if alarm.papers == 1 else 'have'} come since it began"
        now = f" Now: {states(alarm.outcomes)}." if alarm.outcomes else ""
        return (f"What was missed was asked for again: {came}.{now} Your digests tell of them as usual.",)
    if _absent(alarm):
        return (
            "Often it is misspelt. Once it is mended there, the next poll asks for it; `litwatch doctor` says whether "
            "one is left. You hear of this only here, and at the top of each digest until it is mended.",
        )
    again = "The next poll asks again"
    if alarm.ask_again_at:
        again = f"litwatch asks again on {moment(alarm.ask_again_at)}, and then at least every six hours"
    late = "; arXiv may only be late" if alarm.state is HarvestState.STALLED else ""
    return (
        f"{again}{late}. Nothing is lost: what was missed is asked for then, too. "
        "You hear of this once more, when it is over; and at once when another category is in trouble, too.",
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
