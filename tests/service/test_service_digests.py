"""What a digest tells of very much that is untold, and what others do while it is composed. All papers are invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from telling_sample import TIDES, arxiv_id, harvest, paper, watch

from litwatch.digest.compose import Candidate, compose
from litwatch.errors import StoreError
from litwatch.model import Claim, DigestKind, Evidence, HarvestState, Line, Match, Review, Section, Stance
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content, preview
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.lines import sync_lines
from litwatch.store.matches import line_matches, replace_matches
from litwatch.store.papers import get_papers, save_papers
from litwatch.store.schema import told, verdicts
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import add_review, add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LAB = Channel(name="lab", url="json://127.0.0.1:9/", alerts_per_day=9)
SETTINGS = Settings(top=3, threshold=0.5)
ALERT, DIGEST = DigestKind.ALERT, DigestKind.DIGEST


class BesideOthers(Store):
    """A store on which others work, too: before each of our transactions that write, one of them does something."""

    def __init__(self, store: Store, *others: Callable[[], object]) -> None:
        self.store = store
        self.others = list(others)

    def read(self) -> Any:
        return self.store.read()

    @contextmanager
    def write(self) -> Iterator[Db]:
        if self.others:
            self.others.pop(0)()
        with self.store.write() as db:
            yield db


@pytest.fixture
def watched(store: Store) -> Store:
    """One line and one channel, which was told of paper 1."""
    watch(store, T - 9 * DAY)
    harvest(store, T - DAY, 1)
    assert digest(store, T - DAY + HOUR) is not None
    return store


def digest(store: Store, now: datetime, kind: DigestKind = DIGEST, due: datetime | None = None) -> int | None:
    return digest_once(store, [TIDES], LAB, SETTINGS, now=now, kind=kind, due=due)


def papers_of(store: Store, number: int | None) -> list[str]:
    assert number is not None
    return [entry["arxiv_id"] for part in frozen_content(store, number)["sections"] for entry in part["entries"]]


def ids(*numbers: int) -> list[str]:
    return [arxiv_id(number) for number in numbers]


# --- beside others ------------------------------------------------------------------------------------------------


def test_an_alert_with_nothing_to_say_waits_for_nobody_who_writes(watched: Store) -> None:
    harvest(watched, T, 2, 3)
    with watched.write():
        assert digest(watched, T, ALERT) is None


def test_what_a_poll_brings_while_a_digest_is_composed_is_told_by_the_next_one(watched: Store) -> None:
    harvest(watched, T, 2)
    store = BesideOthers(watched, lambda: harvest(watched, T + 3 * SECOND, 3, against=(4,)))
    assert papers_of(watched, digest(store, T + 2 * SECOND)) == ids(2)
    assert store.others == []
    assert papers_of(watched, digest(watched, T + HOUR, ALERT)) == ids(4)
    assert papers_of(watched, digest(watched, T + 2 * HOUR)) == ids(3)


def test_of_two_daemons_that_compose_at_once_one_tells(watched: Store) -> None:
    harvest(watched, T, 2)
    other: list[int | None] = []
    store = BesideOthers(watched, lambda: other.append(digest(watched, T + SECOND, due=T)))
    assert digest(store, T + 2 * SECOND, due=T) is None
    assert papers_of(watched, other[0]) == ids(2)


def test_what_an_alert_tells_while_a_digest_is_composed_is_not_told_again_by_it(watched: Store) -> None:
    harvest(watched, T, 2, against=(3,))
    number = digest(BesideOthers(watched, lambda: digest(watched, T, ALERT)), T + SECOND, due=T)
    assert papers_of(watched, number) == ids(2)
    assert number is not None
    assert [known["arxiv_id"] for known in frozen_content(watched, number)["alerted"]] == ids(3)


def test_who_is_overtaken_over_and_over_says_so(watched: Store) -> None:
    harvest(watched, T, 2, against=(3,))

    def tell(number: int) -> None:
        harvest(watched, T, against=(number,))
        digest(watched, T + number * SECOND, ALERT)

    store = BesideOthers(watched, *(lambda number=number: tell(number) for number in (4, 5, 6, 7)))  # type: ignore[misc]
    with pytest.raises(StoreError, match=r"channel lab: .* meanwhile"):
        digest(store, T + HOUR)
    assert len(store.others) == 1
    assert papers_of(watched, digest(watched, T + HOUR)) == ids(2)


# --- of very much -------------------------------------------------------------------------------------------------


def test_a_preview_shows_what_is_frozen_and_both_count_what_has_no_room(watched: Store) -> None:
    harvest(watched, T, *range(2, 40), against=(50, 51))
    shown = preview(watched, [TIDES], LAB, SETTINGS, now=T).payload
    number = digest(watched, T)
    assert papers_of(watched, number) == ids(50, 51, 2)
    assert number is not None
    (part,) = frozen_content(watched, number)["sections"]
    assert part["left_out"] == 37
    assert "37 more papers" in shown.text


MOOR = Line(
    slug="moor",
    question="How fast does an invented moor grow?",
    claims=(Claim(id="c1", text="It grows by a millimetre a year."), Claim(id="c2", text="It grows.", retired=True)),
    categories=("cs.CL",),
)
GLASS = replace(MOOR, slug="glass", question="Does invented glass flow?", claims=(Claim(id="c1", text="It does."),))
LINES = (TIDES, MOOR, GLASS)


@pytest.mark.parametrize("seed", range(4))
def test_what_the_database_chooses_is_what_would_be_told_of_all_there_is(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    with store.write() as db:
        sync_lines(db, LINES, {line.slug: "f" for line in LINES}, now=T - 30 * DAY)
        _bring(db, range(1, 90), T - DAY, dice)
        _harvested(db, T - DAY)
    assert digest_once(store, LINES, LAB, SETTINGS, now=T - HOUR) is not None
    with store.write() as db:
        _bring(db, range(90, 150), T, dice)
    for heard in (False, True):
        if heard:
            with store.write() as db:
                _harvested(db, T)
        for kind in (DIGEST, ALERT):
            for top in (0, 3, 500):
                settings = replace(SETTINGS, top=top)
                chosen = preview(store, LINES, LAB, settings, now=T + HOUR, kind=kind).shown
                assert chosen.entries or (kind, top) == (DIGEST, 0)
                all_there_is = _of_all(store, kind, top, earlier_too=heard or kind is ALERT)
                assert list(map(_told, chosen.sections)) == list(map(_told, all_there_is))


def _told(section: Section) -> tuple[object, ...]:
    return section.line, section.entries, section.left_out


def _of_all(store: Store, kind: DigestKind, top: int, *, earlier_too: bool) -> Sequence[Section]:
    """The sections of a digest for which all that is untold was read."""
    last = T - HOUR
    with store.read() as db:
        known = set(db.execute(select(told.c.arxiv_id).where(told.c.channel == LAB.name)).scalars())
        candidates = []
        for line in LINES:
            said = line_verdicts(db, line.slug, line.open_claims)
            found = [item for item in line_matches(db, line.slug) if item.match.arxiv_id not in known]
            papers = {each.arxiv_id: each for each in get_papers(db, [item.match.arxiv_id for item in found])}
            candidates += [
                Candidate(
                    match=item.match,
                    paper=papers[item.match.arxiv_id],
                    verdicts=tuple(verdict for verdict in said if verdict.arxiv_id == item.match.arxiv_id),
                    fresh=item.found_at > last,
                )
                for item in found
                if earlier_too or item.found_at > last
            ]
    return compose(
        digest_id="all",
        channel=LAB.name,
        kind=kind,
        lines=LINES,
        candidates=candidates,
        changes={},
        coverage=preview(store, LINES, LAB, SETTINGS, now=T + HOUR).shown.coverage,
        top=top,
        threshold=SETTINGS.threshold,
        now=T + HOUR,
    ).sections


def _harvested(db: Db, at: datetime) -> None:
    finish_harvest(db, HarvestRecord(id=begin_harvest(db, at=at), at=at, state=HarvestState.FRESH))


def _bring(db: Db, numbers: range, now: datetime, dice: random.Random) -> None:
    """Papers that match some of the lines, often alike; of some something is said, of some of that by a person."""
    for number in dice.sample(numbers, len(numbers)):
        found = replace(paper(number, now), version=dice.choice((1, 2)), withdrawn=dice.random() < 0.1)
        save_papers(db, [found], now=now)
        for line in dice.sample(LINES, dice.choice((1, 2, 3))):
            score = dice.choice((0.2, 0.3, 0.4, 0.5))
            match = Match(line=line.slug, arxiv_id=found.arxiv_id, version=found.version, score=score, claim="c1")
            replace_matches(db, [line.slug], [found.arxiv_id], [match], now=now - dice.choice((0, 1, 2)) * HOUR)
            if dice.random() < 0.4:
                claim = dice.choice((*line.claims, line.claims[0], Claim(id="c1", text="It read otherwise.")))
                judged = replace(found, version=dice.choice((1, found.version)))
                add_verdicts(db, line.slug, [(claim, judged, _evidence(dice))], now=now)
    for verdict in db.execute(select(verdicts.c.id).order_by(verdicts.c.id)).scalars().all():
        if dice.random() < 0.2:
            add_review(db, verdict, dice.choice(list(Review)), now=now)


def _evidence(dice: random.Random) -> Evidence:
    probability = dice.choice((0.3, 0.5, 0.8))
    return Evidence(
        stance=dice.choice([stance for stance in Stance if stance is not Stance.NONE]),
        probability=probability,
        challenge=probability,
        sentence="It does not.",
        reason="negation",
        method="cues/1",
    )
