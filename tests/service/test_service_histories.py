"""Standings through edits of the line's file: reworded, retired, taken out and back; all is invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naps_sample import NAPS, T, paper

from litwatch.model import (
    Anchor,
    AnchorChange,
    AnchorChangeKind,
    Claim,
    Edit,
    Evidence,
    Line,
    Review,
    Stance,
    Status,
    StatusChange,
)
from litwatch.service.moves import changes_of_standing
from litwatch.service.reading import claim_rows
from litwatch.service.timeline import EventKind, timelines
from litwatch.store.anchors import add_anchor_changes
from litwatch.store.lines import sync_lines
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store
from litwatch.store.verdicts import add_review, add_verdicts, line_verdicts

WORDINGS = (
    "Short naps keep word pairs.",
    f"Short naps keep most word pairs (arXiv:{NAPS}).",
    "Coffee shifts the tide.",
)


def hour(number: int) -> datetime:
    return T + timedelta(hours=number)


class Desk:
    """A line whose file, papers and verdicts change hour by hour."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hour = 0
        self.claims: dict[str, Claim] = {"c1": Claim(id="c1", text=WORDINGS[0]), "c2": Claim(id="c2", text="Tides.")}
        with store.write() as db:
            save_papers(
                db, [paper(), paper(arxiv_id="2511.90001"), paper(arxiv_id="2511.90002")], now=T, harvested=False
            )
        self._sync()

    @property
    def line(self) -> Line:
        cited = (Anchor(arxiv_id=NAPS),)
        return Line(slug="naps", question="Do naps help?", claims=tuple(self.claims.values()), anchors=cited)

    def _sync(self) -> None:
        with self.store.write() as db:
            sync_lines(db, [self.line], {"naps": str(self.hour)}, now=hour(self.hour))

    def write(self, wording: int, *, retired: bool = False, name: str = "c1") -> None:
        self.hour += 1
        self.claims[name] = Claim(id=name, text=WORDINGS[wording], retired=retired)
        self._sync()

    def take_out(self) -> None:
        self.hour += 1
        self.claims.pop("c1", None)
        self._sync()

    def judge(self, stance: Stance, number: int = 1, probability: float = 0.8) -> None:
        self.hour += 1
        if "c1" not in self.claims:
            return
        sentence = "" if stance is Stance.NONE else "Short naps lost word pairs."
        said = Evidence(
            stance=stance, probability=probability, challenge=probability, sentence=sentence, method="cues/1"
        )
        with self.store.write() as db:
            about = self.claims["c1"], paper(arxiv_id=f"2511.9000{number}"), said
            add_verdicts(db, "naps", [about], now=hour(self.hour))

    def review(self, review: Review, place: int = -1) -> None:
        self.hour += 1
        with self.store.write() as db:
            known = line_verdicts(db, "naps", self.line.claims)
            if known:
                add_review(db, known[place % len(known)].id, review, now=hour(self.hour))

    def withdraw(self, *, back: bool = False) -> None:
        self.hour += 1
        version = self.hour + 1
        kind = AnchorChangeKind.REINSTATED if back else AnchorChangeKind.WITHDRAWN
        said = AnchorChange(arxiv_id=NAPS, kind=kind, version=version, before="", after="An error.", at=hour(self.hour))
        with self.store.write() as db:
            save_papers(db, [paper(version, withdrawn=not back)], now=hour(self.hour), harvested=False)
            add_anchor_changes(db, [said])

    def stands(self, at: int | None = None) -> dict[str, Status]:
        as_of = None if at is None else hour(at)
        return {row.claim.id: row.standing.status for row in claim_rows(self.store, self.line, 0.5, as_of=as_of)}

    def told(self, start: int, told: Mapping[tuple[str, str], str] | None = None) -> list[StatusChange]:
        with self.store.read() as db:
            moved = changes_of_standing(
                db, [self.line], start=hour(start), now=hour(self.hour), threshold=0.5, told=told
            )
        return list(moved.get("naps", ()))


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


STEPS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("judge"), st.sampled_from(Stance), st.integers(1, 2)),
    st.tuples(st.just("review"), st.sampled_from(Review), st.integers(0, 9)),
    st.tuples(st.just("take out"), st.none(), st.none()),
    st.tuples(st.just("withdraw"), st.booleans(), st.none()),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=12))
def test_the_timeline_replayed_to_any_hour_gives_the_standing_as_of_that_hour(
    steps: list[tuple[str, object, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('edited')}/litwatch.db")
    desk = Desk(store)
    down = False
    for what, one, two in steps:
        if what == "write" and isinstance(one, int):
            desk.write(one, retired=bool(two))
        elif what == "judge" and isinstance(one, Stance) and isinstance(two, int):
            desk.judge(one, two)
        elif what == "review" and isinstance(one, Review) and isinstance(two, int):
            desk.review(one, two)
        elif what == "take out":
            desk.take_out()
        elif what == "withdraw" and down is bool(one):
            desk.withdraw(back=down)
            down = not down
    as_of = [desk.stands(number) for number in range(desk.hour + 1)]
    final = claim_rows(store, desk.line, 0.5)
    befell = timelines(store, desk.line, final)
    for row in final:
        moves = iter([(event.at, event.change) for event in befell[row.claim.id] if event.change])
        ahead = next(moves, None)
        stands = ahead[1].before if ahead else row.standing.status
        assert stands in (Status.OPEN, Status.RETIRED)
        for number, known in enumerate(as_of):
            while ahead and ahead[0] <= hour(number):
                assert ahead[1].before is stands
                stands = ahead[1].after
                ahead = next(moves, None)
            assert known.get(row.claim.id, stands) is stands
        assert ahead is None
        assert row.standing.status is stands
        for start in range(desk.hour + 1):
            before = as_of[start].get(row.claim.id)
            told = next((change for change in desk.told(start) if change.claim.id == row.claim.id), None)
            if before is not None:
                assert (told is not None) is (before is not stands)
                assert told is None or (told.before, told.after) == (before, stands)
    store.close()


def contradicted(desk: Desk) -> None:
    desk.judge(Stance.CONTRADICTS)
    desk.review(Review.CONFIRMED)
    assert desk.stands()["c1"] is Status.CONTRADICTED


def chain(desk: Desk) -> Iterator[tuple[EventKind, Status | None]]:
    rows = claim_rows(desk.store, desk.line, 0.5)
    for event in timelines(desk.store, desk.line, rows)["c1"]:
        yield event.kind, event.change.after if event.change else None


def test_what_a_rewording_undid_is_told_once_and_stays_in_the_timeline(desk: Desk) -> None:
    contradicted(desk)
    desk.write(2)
    (told,) = desk.told(2)
    assert (told.before, told.after, told.edit, told.at) == (
        Status.CONTRADICTED,
        Status.OPEN,
        Edit.REWORDED,
        hour(desk.hour),
    )
    assert list(chain(desk)) == [
        (EventKind.HELD, None),
        (EventKind.STANDING, Status.CONTESTED),
        (EventKind.STANDING, Status.CONTRADICTED),
        (EventKind.REWORDED, Status.OPEN),
    ]
    (row, _) = claim_rows(desk.store, desk.line, 0.5)
    assert row.standing.since == hour(desk.hour)
    assert desk.told(desk.hour) == []


def test_a_claim_judged_anew_after_a_rewording_is_told_from_what_it_stood_at_before(desk: Desk) -> None:
    contradicted(desk)
    desk.write(2)
    reworded = hour(desk.hour)
    desk.judge(Stance.CONTRADICTS, 2)
    (told,) = desk.told(2)
    assert (told.before, told.after, told.arxiv_id, told.edit, told.reworded) == (
        Status.CONTRADICTED,
        Status.CONTESTED,
        "2511.90002",
        None,
        reworded,
    )


def test_the_old_words_bring_back_what_was_said_of_them(desk: Desk) -> None:
    contradicted(desk)
    desk.write(2)
    desk.write(0)
    assert desk.stands()["c1"] is Status.CONTRADICTED
    assert desk.told(2) == []
    (told,) = desk.told(3)
    assert (told.before, told.after, told.edit) == (Status.OPEN, Status.CONTRADICTED, Edit.REWORDED)


def test_a_claim_retired_and_taken_up_again_tells_both(desk: Desk) -> None:
    contradicted(desk)
    desk.write(0, retired=True)
    (told,) = desk.told(2)
    assert (told.before, told.after, told.edit) == (Status.CONTRADICTED, Status.RETIRED, Edit.RETIRED)
    desk.write(0)
    (told,) = desk.told(3)
    assert (told.before, told.after, told.edit) == (Status.RETIRED, Status.CONTRADICTED, Edit.TAKEN_UP)
    assert claim_rows(desk.store, desk.line, 0.5)[0].standing.since == hour(desk.hour)
    assert list(chain(desk))[-2:] == [
        (EventKind.RETIRED, Status.RETIRED),
        (EventKind.TAKEN_UP, Status.CONTRADICTED),
    ]


def test_what_was_found_while_an_edit_came_and_went_is_told_by_what_found_it(desk: Desk) -> None:
    desk.judge(Stance.CONTRADICTS)
    desk.write(0, retired=True)
    desk.write(0)
    (told,) = desk.told(0)
    assert (told.before, told.after, told.arxiv_id, told.edit) == (
        Status.OPEN,
        Status.CONTESTED,
        "2511.90001",
        None,
    )


def test_a_claim_first_read_as_retired_is_no_news(desk: Desk) -> None:
    desk.write(2, retired=True, name="c3")
    assert desk.stands()["c3"] is Status.RETIRED
    assert desk.told(0) == []


def test_a_claim_out_of_the_file_has_no_standing_and_comes_back_with_its_old_one(desk: Desk) -> None:
    contradicted(desk)
    desk.take_out()
    assert "c1" not in desk.stands()
    assert desk.told(2) == []
    desk.write(2)
    (told,) = desk.told(2)
    assert (told.before, told.after, told.edit) == (Status.CONTRADICTED, Status.OPEN, Edit.RETURNED)
    desk.write(0)
    assert desk.told(2) == []


def test_new_words_that_name_a_withdrawn_paper_are_told_as_resting_on_it(desk: Desk) -> None:
    desk.write(2)
    desk.withdraw()
    assert desk.stands()["c1"] is Status.OPEN
    desk.write(1)
    (told,) = desk.told(1)
    assert (told.after, told.edit) == (Status.CONTESTED, Edit.REWORDED)


def test_what_an_alert_told_since_is_where_a_digest_goes_on_from(desk: Desk) -> None:
    desk.judge(Stance.CONTRADICTS)
    told = {("naps", "c1"): "contested"}
    assert desk.told(0, told) == []
    desk.write(2)
    (change,) = desk.told(0, told)
    assert (change.before, change.after, change.edit) == (Status.CONTESTED, Status.OPEN, Edit.REWORDED)
