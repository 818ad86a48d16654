"""Whether the service counts as alive and ready."""

from __future__ import annotations

import threading

import pytest

from litwatch.service.vitals import Vitals


class Clock:
    """A monotonic clock set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vitals(clock: Clock) -> Vitals:
    return Vitals(beat_seconds=20, monotonic=clock)


def test_a_service_whose_beat_comes_is_alive(vitals: Vitals, clock: Clock) -> None:
    for _ in range(5):
        clock.now += 20
        vitals.beat()
        assert vitals.alive() == (True, "")


def test_three_beats_may_be_late_and_no_more(vitals: Vitals, clock: Clock) -> None:
    vitals.beat()
    clock.now += 60
    assert vitals.alive()[0]
    clock.now += 1
    assert vitals.alive() == (False, "no beat came for 61 s; one is due every 20 s")
    assert vitals.alive(clock.now - 1)[0]
    vitals.beat()
    assert vitals.alive()[0]


@pytest.mark.parametrize(("job", "limit"), [("poll", 1800), ("upkeep", 7200), ("send", 1200), ("judge", 600)])
def test_a_unit_is_stuck_when_it_takes_longer_than_its_limit(
    vitals: Vitals, clock: Clock, job: str, limit: float
) -> None:
    vitals.began(job)
    clock.now += limit
    vitals.beat()
    assert vitals.alive()[0]
    clock.now += 1
    alive, says = vitals.alive()
    assert not alive
    assert says.startswith(f"{job} has been at one unit for {limit + 1} s")
    vitals.ended(job)
    assert vitals.alive()[0]


def test_many_short_units_are_no_long_one(vitals: Vitals, clock: Clock) -> None:
    for _ in range(3):
        with vitals.at("deliver"):
            clock.now += 400
        vitals.beat()
        assert vitals.alive()[0]


def test_a_unit_may_take_long_where_units_within_it_begin_and_end(vitals: Vitals, clock: Clock) -> None:
    with vitals.at("digests"):
        for _ in range(3):
            with vitals.at("digest"):
                clock.now += 400
            clock.now += 400
            vitals.beat()
            assert vitals.alive()[0]
        clock.now += 201
        vitals.beat()
        assert vitals.alive() == (False, "digests has been at one unit for 601 s, more than its 600 s")
        with vitals.at("digest"):
            clock.now += 601
            vitals.beat()
            assert vitals.alive() == (False, "digest has been at one unit for 601 s, more than its 600 s")
    assert vitals.alive()[0]


def test_a_sign_of_another_thread_is_none_of_this_one_s_unit(vitals: Vitals, clock: Clock) -> None:
    vitals.began("poll")
    clock.now += 1801

    def other() -> None:
        with vitals.at("poll"):
            vitals.beat()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert not vitals.alive()[0]


def test_a_unit_that_fails_is_over(vitals: Vitals, clock: Clock) -> None:
    with pytest.raises(ValueError, match="broken"), vitals.at("judge"):
        raise ValueError("broken")
    clock.now += 601
    vitals.beat()
    assert vitals.alive()[0]


def test_one_thread_that_ends_leaves_the_other_one_s_unit(vitals: Vitals, clock: Clock) -> None:
    vitals.began("deliver")

    def other() -> None:
        with vitals.at("deliver"):
            pass

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    clock.now += 601
    vitals.beat()
    assert not vitals.alive()[0]


def test_it_is_ready_from_its_first_beat_on(vitals: Vitals) -> None:
    assert vitals.ready() == (False, {"start": "is under way"})
    vitals.beat()
    assert vitals.ready() == (True, {})


def test_it_is_not_ready_while_the_store_is_away(vitals: Vitals) -> None:
    vitals.beat()
    vitals.trouble("store", "cannot be reached")
    assert vitals.ready() == (False, {"store": "cannot be reached"})
    vitals.trouble("store", "")
    assert vitals.ready() == (True, {})


def test_a_broken_line_is_told_and_leaves_it_ready(vitals: Vitals) -> None:
    vitals.beat()
    vitals.trouble("watchlists/a.yaml", "line 3 is no mapping")
    assert vitals.ready() == (True, {"watchlists/a.yaml": "line 3 is no mapping"})
