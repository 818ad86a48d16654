"""How an alarm puts things that the golden files do not show."""

from __future__ import annotations

from dataclasses import replace

from digest_sample import NOW, STALLED, alarm, over

from litwatch.digest import frame
from litwatch.model import NOWHERE, Alarm, CategoryOutcome, HarvestState


def test_the_subject_of_an_alarm_tells_what_failed_from_what_stalled() -> None:
    failed = replace(STALLED, category="cs.AI", state=HarvestState.FAILED)
    told = Alarm(state=HarvestState.FAILED, began=NOW, outcomes=(failed, STALLED))
    assert frame.subject(alarm(told)) == (
        "litwatch: papers of cs.AI could not be fetched (failed), nothing new in cs.CL (stalled)"
    )


def test_an_end_that_no_alarm_came_before_tells_the_trouble_too() -> None:
    ended = over()
    assert ended.alarm is not None
    digest = replace(ended, alarm=replace(ended.alarm, reason="cs.CL: nothing new since 19 Nov."))
    assert frame.subject(digest) == frame.subject(ended)
    assert frame.summary(digest) == (
        "There was trouble with cs.CL from 22 Nov 2025 07:00 UTC to 24 Nov 2025 06:59 UTC: cs.CL: nothing new since "
        "19 Nov. It is over; it lasted 2 days."
    )


def test_an_alarm_about_a_category_that_arxiv_does_not_have_promises_no_end() -> None:
    absent = CategoryOutcome(category="cs.XX", state=HarvestState.FAILED, reason=NOWHERE)
    digest = alarm(Alarm(state=HarvestState.FAILED, began=NOW, outcomes=(absent,)))
    assert frame.warning(digest) == "arXiv has no papers in cs.XX: check `categories` in the watchlists."
    assert frame.summary(digest) == "Seen on 24 Nov 2025 07:00 UTC. Not touched by it: cs.CL."
    said = " ".join((frame.heading(digest), *frame.details(digest)))
    assert "Often it is misspelt." in said
    assert "over" not in said
    assert "asks again" not in said
