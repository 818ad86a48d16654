"""Threads that send: one a channel, and what they fail by."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from litwatch.errors import StoreError
from litwatch.service.senders import Senders


@pytest.fixture
def senders() -> Iterator[Senders]:
    made = Senders()
    yield made
    made.close()


def fail() -> None:
    raise StoreError("the store is away")


def test_a_channel_that_is_at_work_is_not_begun_again(senders: Senders) -> None:
    go = threading.Event()
    assert senders.start("mail", go.wait)
    assert not senders.start("mail", fail)
    assert senders.start("slack", lambda: None)
    go.set()
    senders.wait()
    assert senders.failures(of=["mail", "slack"]) == []


def test_a_failure_stands_until_the_channels_next_work_ends_well(senders: Senders) -> None:
    senders.start("mail", fail)
    senders.wait()
    for _ in range(2):
        assert [str(error) for error, _ in senders.failures(of=["mail"])] == ["the store is away"]
    senders.start("mail", lambda: None)
    senders.wait()
    assert senders.failures(of=["mail"]) == []


def test_a_failure_is_forgotten_where_nothing_is_left_to_send(senders: Senders) -> None:
    senders.start("mail", fail)
    senders.wait()
    assert senders.failures(of=[]) == []
    assert senders.failures(of=["mail"]) == []
