"""How a digest puts what was harvested: trouble that stands before everything else, and the coverage at its end.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from litwatch.digest.wording import clean, count, day, listed, shorten
from litwatch.model import NOWHERE, CategoryOutcome, Coverage, Finish, HarvestState

_STALE = timedelta(days=3, hours=12)
"""From Friday morning to Monday evening nobody need have asked arXiv."""
_MOST_GROUPS = 6


def moment(when: datetime) -> str:
    return f"{day(when)} {when:%H:%M} UTC"


def is_nowhere(outcome: CategoryOutcome) -> bool:
    """Whether that is a category that arXiv does not have."""
    return outcome.reason == NOWHERE


def nowhere(outcomes: Sequence[CategoryOutcome]) -> str:
    """Which of these categories arXiv does not have; "" where it has all."""
    names = [one.category for one in outcomes if is_nowhere(one)]
    return f"arXiv has no papers in {listed(names)}: check `categories` in the watchlists" if names else ""


def trouble(coverage: Coverage) -> str:
    """What the reader must know before trusting the rest; "" when all is well."""
    harvest = coverage.harvest
    if harvest is None:
        return "Nothing has been harvested yet, so this says nothing about arXiv. `litwatch poll` asks it."
    since, absent = _unheard(coverage), nowhere(coverage.outcomes)
    there = [one for one in coverage.outcomes if not is_nowhere(one)]
    if harvest.state.complete or (absent and not there):
        said = [f"{since} `litwatch poll` asks it now, `litwatch run` every day." if since else ""]
    elif harvest.state is HarvestState.FAILED and there and all(one.state.complete for one in there):
        why = f": {in_short(harvest.reason)}" if clean(harvest.reason) else ""
        said = [f"Not all that was asked of arXiv came{why}. New papers are not concerned.", since]
    else:
        cure = "What was missed is asked for again; `litwatch doctor` looks into it."
        said = [_troubled(there, harvest), since, cure]
    return " ".join(part for part in (*said, f"{absent}." if absent else "") if part)


def _troubled(outcomes: Sequence[CategoryOutcome], harvest: Finish) -> str:
    troubled = [one for one in outcomes if not one.state.complete]
    why = f" ({in_short(harvest.reason)})" if clean(harvest.reason) else ""
    if troubled:
        named = "; ".join(f"{what} ({because})" if because else what for what, because in troubles(troubled))
        these = listed([one.category for one in troubled]) if len(troubled) <= 3 else "these"
        well = "; the other categories are well" if len(troubled) < len(outcomes) else ""
        missing = f"Papers of {these} may be missing here{well}."
        # Of a harvest with categories in trouble the reason is what failed beside them.
        beside = f" Nor did all else come that was asked of arXiv: {in_short(harvest.reason)}." if why else ""
        return f"The last harvest, {moment(harvest.at)}, was in trouble: {named}. {missing}{beside}"
    if harvest.state is HarvestState.STALLED:
        return (
            f"The harvest has stalled: on {moment(harvest.at)} arXiv had nothing new although an announcement was "
            f"due{why}. Papers may be missing here."
        )
    return f"The last harvest failed on {moment(harvest.at)}{why}. Papers may be missing here."


def _unheard(coverage: Coverage) -> str:
    """That arXiv was last asked days ago; "" where it was asked of late, or nobody knows when."""
    last, harvest = coverage.last_well, coverage.harvest
    if last is None or harvest is None or coverage.period_end - last <= _STALE:
        return ""
    if harvest.state.complete:
        return f"arXiv was last asked on {moment(last)}: what it announced since is not here."
    return f"The last harvest that ended well was on {moment(last)}: what arXiv announced since is not here."


def troubles(outcomes: Sequence[CategoryOutcome]) -> list[tuple[str, str]]:
    """("cs.CL has stalled", why), one pair for all categories of one state and reason; at most six and a count."""
    groups: dict[tuple[HarvestState, str], list[str]] = {}
    for one in outcomes:
        groups.setdefault((one.state, clean(one.reason)), []).append(one.category)
    said = []
    for (state, reason), names in groups.items():
        stalled = "has stalled" if len(names) == 1 else "have stalled"
        verb = "could not be fetched whole" if state is HarvestState.FAILED else stalled
        said.append((f"{listed(names)} {verb}", in_short(reason)))
    if len(said) > _MOST_GROUPS:
        others = sum(map(len, list(groups.values())[_MOST_GROUPS:]))
        said[_MOST_GROUPS:] = [(f"{count(others, 'more category', 'more categories')} in trouble", "")]
    return said


def in_short(reason: str, longest: int = 200) -> str:
    """A reason without its full stop; of several, joined by semicolons, as many as have room."""
    parts = clean(reason).rstrip(".").split("; ")
    while len(parts) > 1 and len("; ".join(parts)) > longest:
        parts.pop()
    return shorten("; ".join(parts), longest)


def states(outcomes: Sequence[CategoryOutcome]) -> str:
    """ "cs.AI and cs.CL fresh, cs.GL quiet": the categories by how the last harvest ended for them."""
    found: dict[HarvestState, list[str]] = {}
    for one in outcomes:
        found.setdefault(one.state, []).append(one.category)
    return ", ".join(f"{listed(found[state])} {state}" for state in HarvestState if state in found)


def closing(coverage: Coverage) -> tuple[str, ...]:
    """What was looked at: one entry a line."""
    watched = f" in {listed(coverage.categories, most=20)}" if coverage.categories else ""
    window = f"{moment(coverage.period_start)} to {moment(coverage.period_end)}"
    said = [f"Window: {window}; {count(coverage.papers_read, 'paper')} read{watched}."]
    harvest = coverage.harvest
    if harvest is None:
        return (*said, "Last harvest: none yet.")
    by_category = states(coverage.outcomes)
    said.append(f"Last harvest: {moment(harvest.at)}; {by_category or harvest.state}.")
    said.append(_harvests(coverage))
    return tuple(said)


def _harvests(coverage: Coverage) -> str:
    done = coverage.harvested
    if not done.runs:
        return "Harvests in this window: none."
    # A paper that two harvests list counts in both, so these are no counts of papers.
    asked = f"in {count(done.requests, 'request')} arXiv declared {count(done.declared, 'record')}"
    came = f"{done.received:,} came"
    if done.well == done.runs:
        well = "ended well" if done.runs == 1 else "all ended well"
        came = "all of them came" if done.received == done.declared else came
        said = f"Harvests in this window: {done.runs:,}, {well}; {asked}, and {came}."
    else:
        # What broke off may not know what it would have had to declare: no sum says here that all came.
        ill = done.runs - done.well
        missed = "what it missed" if ill == 1 else "what they missed"
        again = "was asked for again" if coverage.harvest and coverage.harvest.state.complete else "is asked for again"
        said = f"Harvests in this window: {done.runs:,}; {asked}, and {came}. "
        said += f"{ill:,} did not end well: {missed} {again}."
    return f"{said} {_without(done.days_without)}" if done.days_without else said


def _without(days: Sequence[date]) -> str:
    if len(days) > 3:
        return f"None on {len(days):,} of its days."
    return f"None on {listed([day(one, year=False) for one in days])}."
