"""Withdrawn papers that claims rest on: what they do to a standing, as of any day; all is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from naps_sample import NAPS, T, paper

from litwatch.ledger import ANCHOR
from litwatch.model import Anchor, AnchorChange, AnchorChangeKind, Claim, Line, Status
from litwatch.service.moves import changes_of_standing
from litwatch.service.reading import claim_rows
from litwatch.service.timeline import EventKind, timelines
from litwatch.store.anchors import add_anchor_changes
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

RESTS = Claim(id="c1", text="Short naps keep word pairs (arXiv:2401.00001).")
OTHER = Claim(id="c2", text="Coffee shifts the tide of a harbour.")


def day(number: int) -> datetime:
    return T + timedelta(days=number)


def line(*anchors: str) -> Line:
    cited = tuple(Anchor(arxiv_id=arxiv_id) for arxiv_id in anchors)
    return Line(slug="naps", question="Do naps help?", claims=(RESTS, OTHER), anchors=cited)


def changed(store: Store, kind: AnchorChangeKind, version: int, at: datetime) -> None:
    said = AnchorChange(arxiv_id=NAPS, kind=kind, version=version, before="", after="An error was found.", at=at)
    with store.write() as db:
        save_papers(db, [paper(version, withdrawn=kind is AnchorChangeKind.WITHDRAWN)], now=at, harvested=False)
        add_anchor_changes(db, [said])


def cited(store: Store, *anchors: str, at: datetime) -> None:
    with store.write() as db:
        sync_lines(db, [line(*anchors)], {"naps": f"{at}"}, now=at)


@pytest.fixture
def store(store: Store) -> Store:
    with store.write() as db:
        save_papers(db, [paper(1)], now=T, harvested=False)
    cited(store, NAPS, at=T)
    return store


def stands(store: Store, as_of: datetime | None = None) -> dict[str, Status]:
    return {row.claim.id: row.standing.status for row in claim_rows(store, line(NAPS), 0.5, as_of=as_of)}


def test_what_rests_on_a_withdrawn_paper_is_contested_from_then_on_and_nothing_else_is(store: Store) -> None:
    changed(store, AnchorChangeKind.WITHDRAWN, 2, day(3))
    assert stands(store) == {"c1": Status.CONTESTED, "c2": Status.OPEN}
    assert stands(store, day(2)) == {"c1": Status.OPEN, "c2": Status.OPEN}


def test_a_paper_that_comes_back_lets_the_claim_be_and_the_days_between_stay_told(store: Store) -> None:
    changed(store, AnchorChangeKind.WITHDRAWN, 2, day(3))
    changed(store, AnchorChangeKind.REINSTATED, 3, day(7))
    assert stands(store)["c1"] is Status.OPEN
    assert stands(store, day(5))["c1"] is Status.CONTESTED


def test_taking_the_anchor_out_of_the_file_lets_the_claim_be_from_then_on(store: Store) -> None:
    changed(store, AnchorChangeKind.WITHDRAWN, 2, day(3))
    cited(store, at=day(5))
    assert (stands(store)["c1"], stands(store, day(4))["c1"]) == (Status.OPEN, Status.CONTESTED)
    cited(store, NAPS, at=day(9))
    assert (stands(store)["c1"], stands(store, day(6))["c1"]) == (Status.CONTESTED, Status.OPEN)


def test_a_digest_and_the_timeline_say_that_the_ground_is_gone(store: Store) -> None:
    changed(store, AnchorChangeKind.WITHDRAWN, 2, day(3))
    with store.read() as db:
        moved = changes_of_standing(db, [line(NAPS)], start=day(1), now=day(8), threshold=0.5)
        later = changes_of_standing(db, [line(NAPS)], start=day(4), now=day(8), threshold=0.5)
    (change,) = moved["naps"]
    assert (change.claim.id, change.after, change.arxiv_id, change.anchor, change.withdrawn) == (
        "c1",
        Status.CONTESTED,
        NAPS,
        True,
        True,
    )
    assert not later.get("naps")
    rows = claim_rows(store, line(NAPS), 0.5)
    assert [change.by for change in rows[0].history] == [ANCHOR]
    told = timelines(store, line(NAPS), rows)["c1"]
    assert [event.kind for event in told] == [EventKind.HELD, EventKind.STANDING]


def test_a_timeline_tells_every_wording_retirement_and_return(store: Store) -> None:
    for number, claim in enumerate(
        (
            Claim(id="c1", text="Short naps keep most word pairs."),
            Claim(id="c1", text="Short naps keep most word pairs.", retired=True),
            Claim(id="c1", text="Short naps keep most word pairs."),
        ),
        start=1,
    ):
        with store.write() as db:
            now_read = Line(slug="naps", question="Do naps help?", claims=(claim, OTHER))
            sync_lines(db, [now_read], {"naps": str(number)}, now=day(number))
    rows = claim_rows(store, now_read, 0.5)
    kinds = [event.kind for event in timelines(store, now_read, rows)["c1"]]
    assert kinds == [EventKind.HELD, EventKind.REWORDED, EventKind.RETIRED, EventKind.TAKEN_UP]
    then = claim_rows(store, now_read, 0.5, as_of=day(1))
    early = timelines(store, now_read, then, as_of=day(1))["c1"]
    assert [event.kind for event in early] == [EventKind.HELD, EventKind.REWORDED]
