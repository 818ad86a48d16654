"""Invented lines, channels and records of harvests, and how to put them into a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conftest import SLACK_URL
from litwatch.model import NOWHERE, CategoryOutcome, Claim, HarvestState, Line
from litwatch.service.digests import Channel
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.store import Store

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRESH, WAITING, QUIET = HarvestState.FRESH, HarvestState.WAITING, HarvestState.QUIET
STALLED, FAILED = HarvestState.STALLED, HarvestState.FAILED

PLANS = Line(slug="plans", question="Can models plan?", claims=(Claim(id="c1", text="No."),), categories=("cs.CL",))
GRAPHICS = replace(PLANS, slug="graphics", question="Can models draw?", categories=("cs.GR",))
LINES = (PLANS, GRAPHICS)
LAB = Channel(name="lab", url=SLACK_URL)
MAIL = Channel(name="mail", url="mailtos://me:pw@example.org?to=me@example.org", lines=("plans",))
DRAWING = Channel(name="drawing", url=SLACK_URL, lines=("graphics",))

MISSPELT = replace(PLANS, slug="misspelt", categories=("cs.XX",))
NO_SUCH = CategoryOutcome(category="cs.XX", state=FAILED, reason=NOWHERE)
"""Of a category that arXiv does not have."""


def outcomes(**states: HarvestState) -> tuple[CategoryOutcome, ...]:
    """CL=STALLED: how a harvest ended for cs.CL."""
    return tuple(
        CategoryOutcome(category=f"cs.{name}", state=state, reason="" if state.complete else f"no luck in {name}")
        for name, state in states.items()
    )


def record(at: datetime, state: HarvestState, number: int = 1, **states: HarvestState) -> HarvestRecord:
    return HarvestRecord(
        id=number, at=at, state=state, categories=outcomes(**states), reason="" if state.complete else "no route"
    )


def harvested(store: Store, at: datetime, state: HarvestState, **states: HarvestState) -> None:
    keep(store, record(at, state, **states))


def keep(store: Store, ended: HarvestRecord) -> None:
    with store.write() as db:
        finish_harvest(db, replace(ended, id=begin_harvest(db, at=ended.at)))
