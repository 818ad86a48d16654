"""The circuit breaker: when a service is left alone, and when it is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from litwatch.harvest.session import Service
from litwatch.store.breaker import OPEN_AFTER, StoreBreaker
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

NOW = datetime(2025, 11, 20, 6, 30, tzinfo=UTC)


def fail(breaker: StoreBreaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(Service.API, "it answers 503")


def test_a_service_is_refused_for_the_rest_of_a_poll_once_it_failed_often_enough(store: Store) -> None:
    breaker = StoreBreaker(store, now=NOW)
    breaker.succeeded(Service.OAI)
    fail(breaker, OPEN_AFTER - 1)
    assert (breaker.refusal(Service.API), breaker.probing(Service.API)) == ("", False)
    fail(breaker, 1)
    assert "failed 5 times in a row, last because it answers 503" in breaker.refusal(Service.API)
    assert breaker.refusal(Service.OAI) == ""


def test_the_next_poll_asks_once_and_an_answer_closes_the_circuit(store: Store) -> None:
    fail(StoreBreaker(store, now=NOW), OPEN_AFTER)
    later = StoreBreaker(store, now=NOW + timedelta(minutes=30))
    assert (later.refusal(Service.API), later.probing(Service.API)) == ("", True)
    later.succeeded(Service.API)
    assert not later.probing(Service.API)
    assert not StoreBreaker(store, now=NOW + timedelta(minutes=31)).probing(Service.API)


def test_what_failed_yesterday_says_nothing_of_today(store: Store) -> None:
    fail(StoreBreaker(store, now=NOW), OPEN_AFTER)
    assert not StoreBreaker(store, now=NOW + timedelta(days=1)).probing(Service.API)


def test_where_nothing_answers_the_others_are_asked_once_too(store: Store) -> None:
    breaker = StoreBreaker(store, now=NOW)
    fail(breaker, 2)
    assert breaker.probing(Service.RSS)
    breaker.succeeded(Service.RSS)
    assert not breaker.probing(Service.OAI)
