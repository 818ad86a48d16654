"""Invented papers that match a line, put into a store as a harvest would have done."""

from __future__ import annotations

from datetime import datetime, timedelta

from litwatch.model import Claim, Evidence, HarvestState, Line, Match, Paper, Stance
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.lines import sync_lines
from litwatch.store.matches import replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.store import Store
from litwatch.store.verdicts import add_verdicts

TIDES = Line(
    slug="tides",
    question="How far inland does a dredged channel carry the tide?",
    claims=(Claim(id="c1", text="Dredging raises high water more than low water."),),
    categories=("cs.CL",),
)


def watch(store: Store, now: datetime) -> None:
    with store.write() as db:
        sync_lines(db, (TIDES,), {TIDES.slug: "f"}, now=now)


def harvest(
    store: Store, now: datetime, *numbers: int, against: tuple[int, ...] = (), probability: float = 0.8
) -> None:
    """A harvest that brings the papers of these numbers; those of `against` contradict the claim."""
    found = [paper(number, now) for number in (*numbers, *against)]
    with store.write() as db:
        finish_harvest(db, HarvestRecord(id=begin_harvest(db, at=now), at=now, state=HarvestState.FRESH))
        save_papers(db, found, now=now)
        matched = [
            Match(line=TIDES.slug, arxiv_id=each.arxiv_id, version=1, score=0.5, claim="c1", sentence=each.title)
            for each in found
        ]
        replace_matches(db, [TIDES.slug], [each.arxiv_id for each in found], matched, now=now)
        evidence = Evidence(
            stance=Stance.CONTRADICTS,
            probability=probability,
            challenge=probability,
            sentence="It does not.",
            reason="negation",
            method="cues/1",
        )
        challenging = found[len(numbers) :]
        add_verdicts(db, TIDES.slug, [(TIDES.claims[0], each, evidence) for each in challenging], now=now)


def paper(number: int, now: datetime) -> Paper:
    day = now - timedelta(days=1)
    return Paper(
        arxiv_id=arxiv_id(number),
        title=f"Gauge {number} of an invented estuary",
        abstract="",
        authors=("Ada Example",),
        published=day,
        updated=day,
        categories=("cs.CL",),
    )


def arxiv_id(number: int) -> str:
    return f"2511.{number:05}"
