"""What the record of harvests says to one who watches some of its categories, and when to ask arXiv again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from litwatch.harvest.calendar import CategoryState, overall
from litwatch.model import CategoryOutcome, Finish, Harvested, HarvestState
from litwatch.store.harvests import HarvestRecord

_FIRST_WAIT = timedelta(minutes=30)
_LONGEST_WAIT = timedelta(hours=6)
_DAY = timedelta(days=1)


def ask_again_at(recent: Sequence[HarvestRecord]) -> datetime | None:
    """When to ask arXiv over after harvests in trouble; None where the last one ended well.

    recent: newest first. Half an hour after the first of a row, then doubling up to six hours: arXiv may only be
    late, or be down for a day.
    """
    row = 0
    while row < len(recent) and not recent[row].state.complete:
        row += 1
    if not row:
        return None
    # Beyond the longest wait the power would soon be more than a span of time can hold.
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(row - 1, 10), _LONGEST_WAIT)
    return recent[0].at + wait


# --- one harvest ---------------------------------------------------------------------------------------------


def outcomes_for(record: HarvestRecord, watched: Collection[str]) -> tuple[CategoryOutcome, ...]:
    """How it ended for each of these categories that it came to, in the order of their names."""
    return tuple(sorted((one for one in record.categories if one.category in watched), key=lambda one: one.category))


def finish_for(record: HarvestRecord, watched: Collection[str]) -> Finish:
    """How it ended for these categories together; trouble with others is none of theirs.

    A harvest that failed as a whole, without trouble in any one category, failed for everybody.
    """
    outcomes = outcomes_for(record, watched)
    as_a_whole = not any(not one.state.complete for one in record.categories)
    if as_a_whole and (not record.state.complete or not outcomes):
        return Finish(state=record.state, at=record.at, reason=record.reason)
    state = overall({one.category: CategoryState(state=one.state) for one in outcomes})
    reason = record.reason if state.complete and record.state.complete else ""
    return Finish(state=state, at=record.at, reason=reason)


def in_trouble(record: HarvestRecord, watched: Collection[str]) -> tuple[CategoryOutcome, ...]:
    """Those of these categories that are stalled or failed."""
    return tuple(one for one in outcomes_for(record, watched) if not one.state.complete)


def brought_something(record: HarvestRecord, watched: Collection[str]) -> bool:
    """Whether what there was came in at least one of these categories."""
    outcomes = outcomes_for(record, watched)
    if not outcomes:
        return finish_for(record, watched).state.complete
    return any(one.state.complete for one in outcomes)


# --- a row of them -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Harvests in trouble, one after the other."""

    began: datetime
    categories: tuple[str, ...]
    """That were in trouble in one of them; none where one failed as a whole."""
    well_before: datetime | None
    """The harvest before it; None where none is known."""
    over_at: datetime | None
    """The harvest after it; None while it lasts."""


def last_spell(recent: Sequence[HarvestRecord], watched: Collection[str]) -> Spell | None:
    """The last spell of trouble with these categories. recent: newest first."""
    well = [finish_for(record, watched).state.complete for record in recent]
    if all(well):
        return None
    first = well.index(False)
    end = well.index(True, first) if True in well[first:] else len(recent)
    spell = recent[first:end]
    troubled = [{one.category for one in in_trouble(record, watched)} for record in spell]
    return Spell(
        began=spell[-1].at,
        categories=tuple(sorted(set().union(*troubled))) if all(troubled) else (),
        well_before=recent[end].at if end < len(recent) else None,
        over_at=recent[first - 1].at if first else None,
    )


def add_up(
    harvests: Sequence[HarvestRecord], watched: Collection[str], start: datetime, end: datetime, *, first: bool
) -> Harvested:
    """The harvests of a period. first: there was none before it, so that no day before them lacks one."""
    seen = {record.at.astimezone(UTC).date() for record in harvests}
    days = _whole_days(start, end)
    if first:
        days = [day for day in days if seen and day > min(seen)]
    return Harvested(
        runs=len(harvests),
        well=sum(finish_for(record, watched).state.complete for record in harvests),
        requests=sum(record.requests for record in harvests),
        declared=sum(record.declared for record in harvests),
        received=sum(record.received for record in harvests),
        days_without=tuple(day for day in days if day not in seen),
    )


def _whole_days(start: datetime, end: datetime) -> list[date]:
    first, last = (moment.astimezone(UTC).date() for moment in (start, end))
    return [first + n * _DAY for n in range(1, (last - first).days)]


def worst(outcomes: Sequence[CategoryOutcome]) -> HarvestState:
    """FAILED where one is, else STALLED."""
    failed = any(one.state is HarvestState.FAILED for one in outcomes)
    return HarvestState.FAILED if failed else HarvestState.STALLED
