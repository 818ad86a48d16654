"""What the record of harvests says to one who watches some of its categories, and when to ask arXiv again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from litwatch.digest.coverage import is_nowhere
from litwatch.harvest.calendar import CategoryState, overall
from litwatch.model import NOWHERE, CategoryOutcome, Finish, Harvested, HarvestState
from litwatch.store.alarms import ToldTrouble
from litwatch.store.harvests import BROKEN_OFF, HarvestRecord

_FIRST_WAIT = timedelta(minutes=30)
_LONGEST_WAIT = timedelta(hours=6)
_BROKEN_OFF_TIMES = 3
_DAY = timedelta(days=1)

WHOLE = ""
"""In the place of a category: the harvest as a whole."""


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


def counted(recent: Sequence[HarvestRecord]) -> list[HarvestRecord]:
    """The harvests that say something of arXiv. One that was broken off does not: it is made again at once.

    recent: newest first. When three in a row were broken off, whatever breaks them off is trouble like any other.
    """
    row = 0
    while row < len(recent) and recent[row].reason == BROKEN_OFF:
        row += 1
    if row >= _BROKEN_OFF_TIMES:
        return list(recent)
    return [record for record in recent if record.reason != BROKEN_OFF]


# --- one harvest ---------------------------------------------------------------------------------------------


def outcomes_for(record: HarvestRecord, watched: Collection[str]) -> tuple[CategoryOutcome, ...]:
    """How it ended for each of these categories that it came to, in the order of their names."""
    return tuple(sorted((one for one in record.categories if one.category in watched), key=lambda one: one.category))


def finish_for(record: HarvestRecord, watched: Collection[str]) -> Finish:
    """How it ended for these categories together; trouble with others is none of theirs.

    A harvest that came to no category failed for everybody. So did one whose categories brought what there was, but
    something else that was asked did not come: the reason says what.
    """
    if not record.categories:
        return Finish(state=record.state, at=record.at, reason=record.reason)
    if _failed_beside(record) and _on_arxiv(outcomes_for(record, watched)):
        return Finish(state=HarvestState.FAILED, at=record.at, reason=_beside(record))
    state = papers_state(record, watched)
    reason = record.reason if state.complete and record.state.complete else ""
    return Finish(state=state, at=record.at, reason=reason)


def papers_state(record: HarvestRecord, watched: Collection[str]) -> HarvestState:
    """How it ended for the new papers of these categories, whatever else was asked.

    A category that arXiv does not have is left out, unless it is the only one.
    """
    outcomes = outcomes_for(record, watched)
    if not outcomes and (record.state.complete or not record.categories):
        return record.state
    counted = _on_arxiv(outcomes) or outcomes
    return overall({one.category: CategoryState(state=one.state) for one in counted})


def _on_arxiv(outcomes: Sequence[CategoryOutcome]) -> tuple[CategoryOutcome, ...]:
    return tuple(one for one in outcomes if not is_nowhere(one))


def _failed_beside(record: HarvestRecord) -> bool:
    """Whether it failed though no category did: an anchor or a search backwards."""
    there = _on_arxiv(record.categories)
    failed = any(one.state is HarvestState.FAILED for one in there)
    return record.state is HarvestState.FAILED and bool(there) and not failed


def _beside(record: HarvestRecord) -> str:
    """The record's reason without what its categories say themselves."""
    said = tuple(f": {one.reason}" for one in record.categories if one.reason)
    return "; ".join(part for part in without_absent(record.reason).split("; ") if not part.endswith(said))


def without_absent(reason: str) -> str:
    """A record's reason but for the categories that arXiv does not have."""
    absent = NOWHERE.partition(" it")[0]
    return "; ".join(part for part in reason.split("; ") if not part.startswith(absent))


def troubles_for(record: HarvestRecord, watched: Collection[str]) -> tuple[CategoryOutcome, ...]:
    """Those of these categories whose new papers are in trouble, in the order of their names.

    One without a name stands for a harvest that came to no category. One that arXiv does not have is no trouble.
    """
    if not record.categories and not record.state.complete:
        return (CategoryOutcome(category=WHOLE, state=record.state, reason=record.reason),)
    return tuple(one for one in _on_arxiv(outcomes_for(record, watched)) if not one.state.complete)


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
    well_before: datetime | None
    """The harvest before it; None where none is known."""
    over_at: datetime | None
    """The harvest after it; None while it lasts."""


def last_spell(recent: Sequence[HarvestRecord], watched: Collection[str]) -> Spell | None:
    """The last spell of trouble with new papers of these categories. recent: newest first."""
    well = [not troubles_for(record, watched) for record in recent]
    if all(well):
        return None
    first = well.index(False)
    end = well.index(True, first) if True in well[first:] else len(recent)
    return Spell(
        began=recent[end - 1].at,
        well_before=recent[end].at if end < len(recent) else None,
        over_at=recent[first - 1].at if first else None,
    )


def first_well(records: Sequence[HarvestRecord], watched: Collection[str]) -> datetime | None:
    """When the first of them was without trouble for these categories. records: oldest first."""
    return next((record.at for record in records if not troubles_for(record, watched)), None)


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


# --- what was told of it -------------------------------------------------------------------------------------


def untold(troubles: Sequence[CategoryOutcome], told: Sequence[ToldTrouble]) -> tuple[CategoryOutcome, ...]:
    """Those that were not told, or told as stalled and failed since. A harvest that failed whole was of all."""
    return tuple(one for one in troubles if not any(_covers(each, one) for each in told))


def followed(told: Sequence[ToldTrouble], troubles: Sequence[CategoryOutcome]) -> tuple[ToldTrouble, ...]:
    """What was told, after one harvest more: what is in trouble still lasts, the rest was well since.

    One that failed as a whole shows of no category that it was well.
    """
    now = {one.category for one in troubles}
    after = [replace(each, lasts=each.lasts and (each.category in now or WHOLE in now)) for each in told]
    whole = [each for each in told if each.lasts and each.category == WHOLE]
    for one in untold(troubles, [each for each in after if each.lasts]):
        if not untold([one], whole):
            after.append(replace(whole[0], category=one.category))
    return tuple(after)


def _covers(told: ToldTrouble, trouble: CategoryOutcome) -> bool:
    worse = trouble.state is HarvestState.FAILED and told.state is HarvestState.STALLED
    return told.category in (WHOLE, trouble.category) and not worse


def worst(outcomes: Sequence[CategoryOutcome]) -> HarvestState:
    """FAILED where one is, else STALLED."""
    failed = any(one.state is HarvestState.FAILED for one in outcomes)
    return HarvestState.FAILED if failed else HarvestState.STALLED
