"""What the store says of deliveries: which are due, who may send one, what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from litwatch.model import Coverage, DeliveryState, Digest, Payload
from litwatch.store.channels import channel_states, let_go_on, stop_channel
from litwatch.store.outbox import (
    claim,
    conclude,
    due_channels,
    due_deliveries,
    freeze,
    get_delivery,
    know_channel,
    list_deliveries,
    long_unknown,
    oldest_due,
    overtake,
    postpone,
    send_again,
    settle,
    settle_unanswered,
)
from litwatch.store.store import Db, Store

pytestmark = pytest.mark.both_databases

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SENT, FAILED, DEAD = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DEAD
PENDING, SENDING, UNKNOWN = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN


def frozen(db: Db, n: int, channel: str = "mail", due_at: datetime = T) -> int:
    digest = Digest(
        id=f"{channel}/digest/{n}",
        channel=channel,
        coverage=Coverage(period_start=T - DAY, period_end=T, papers_read=0),
        created=T,
    )
    know_channel(db, channel, now=T)
    return freeze(db, digest, Payload(subject=f"subject {n}", text="text"), {}, due_at=due_at)


def state_of(db: Db, number: int) -> DeliveryState:
    found = get_delivery(db, number)
    assert found is not None
    return found.state


def test_one_of_two_that_claim_a_delivery_may_send_it(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
    won = []
    for who in ("a", "b"):
        with store.write() as db:
            won.append(claim(db, number, holder=who, now=T))
    assert won == [True, False]


def test_deliveries_are_due_in_the_order_in_which_they_were_composed(store: Store) -> None:
    with store.write() as db:
        late, early, lab = frozen(db, 1, due_at=T + HOUR), frozen(db, 2), frozen(db, 1, "lab")
        names = ["mail", "lab"]
        assert due_deliveries(db, now=T, channel_names=names) == [early, lab]
        assert due_deliveries(db, now=T + HOUR, channel_names=names) == [late, early, lab]
        assert due_deliveries(db, now=T + HOUR, channel_names=["mail"]) == [late, early]
        assert due_channels(db, now=T, channel_names=names) == ["mail", "lab"]
        settle(db, early, SENT, now=T)
        assert due_channels(db, now=T, channel_names=names) == ["lab"]
        assert due_channels(db, now=T, channel_names=[]) == []


@pytest.mark.parametrize(("hours", "due"), [(0, True), (1, False), (25, False), (26, True)])
def test_what_is_due_later_than_anything_is_put_off_is_due_now(store: Store, hours: int, due: bool) -> None:
    with store.write() as db:
        number = frozen(db, 1, due_at=T + hours * HOUR)
        assert bool(due_deliveries(db, now=T, channel_names=["mail"])) is due
        assert claim(db, number, holder="a", now=T) is due


def test_a_stopped_channel_has_nothing_due_and_all_at_once_when_it_goes_on(store: Store) -> None:
    with store.write() as db:
        first, second, lab = frozen(db, 1), frozen(db, 2), frozen(db, 1, "lab")
        assert claim(db, first, holder="a", now=T)
        conclude(db, first, FAILED, holder="a", claimed_at=T, now=T, error="no", due_at=T + 20 * HOUR)
        stop_channel(db, "mail", because="no", refused="print", now=T + MINUTE)
        stop_channel(db, "mail", because="no, again", refused="other", now=T + HOUR)
        state = channel_states(db)["mail"]
        assert (state.stopped_at, state.because, state.refused) == (T + MINUTE, "no, again", "print")
        assert due_deliveries(db, now=T + DAY, channel_names=["mail", "lab"]) == [lab]
        assert not claim(db, second, holder="a", now=T + DAY)
        assert oldest_due(db, T + DAY) == T
        assert not let_go_on(db, "mail", refused="other")
        assert let_go_on(db, "mail", refused="print")
        assert due_deliveries(db, now=T + HOUR, channel_names=["mail"]) == [first, second]
        assert channel_states(db)["mail"].stopped_at is None


def test_only_who_claimed_a_delivery_settles_it_and_only_that_claim(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
        claim(db, number, holder="a", now=T)
        assert not conclude(db, number, SENT, holder="b", claimed_at=T, now=T)
        assert not conclude(db, number, SENT, holder="a", claimed_at=T - HOUR, now=T)
        assert state_of(db, number) is SENDING
        assert conclude(db, number, SENT, holder="a", claimed_at=T, now=T)
        assert not conclude(db, number, DEAD, holder="a", claimed_at=T, now=T)
        assert state_of(db, number) is SENT


def test_one_that_was_taken_for_unanswered_is_settled_by_who_knows_better(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
        claim(db, number, holder="a", now=T)
        assert not settle_unanswered(db, number, claimed_by="b", now=T, error="gone")
        assert settle_unanswered(db, number, claimed_by="a", now=T, error="gone")
        assert conclude(db, number, SENT, holder="a", claimed_at=T, now=T)
        assert not settle_unanswered(db, number, claimed_by="a", now=T, error="gone")
        assert state_of(db, number) is SENT


def test_that_one_was_sent_counts_even_when_it_was_made_due_again_meanwhile(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
        claim(db, number, holder="a", now=T)
        settle_unanswered(db, number, claimed_by="a", now=T, error="gone")
        send_again(db, number, now=T + DAY)
        assert not conclude(db, number, FAILED, holder="a", claimed_at=T, now=T)
        assert conclude(db, number, SENT, holder="a", claimed_at=T, now=T)
        assert due_deliveries(db, now=T + DAY, channel_names=["mail"]) == []


def test_an_unknown_delivery_is_sent_again_once_by_rule(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
        settle(db, number, UNKNOWN, now=T)
        assert long_unknown(db, until=T - MINUTE, now=T) == []
        assert long_unknown(db, until=T, now=T + DAY) == [number]
        assert long_unknown(db, until=T - 400 * DAY, now=T - 399 * DAY) == [number]
        assert send_again(db, number, now=T + DAY)
        assert not send_again(db, number, now=T + DAY)
        settle(db, number, UNKNOWN, now=T + DAY)
        assert long_unknown(db, until=T + 9 * DAY, now=T + 9 * DAY) == []


def test_what_a_service_asks_for_puts_off_its_channel_alone_and_brings_nothing_forward(store: Store) -> None:
    with store.write() as db:
        soon, later, lab = frozen(db, 1), frozen(db, 2, due_at=T + 3 * HOUR), frozen(db, 1, "lab")
        postpone(db, "mail", until=T + HOUR)
        due = {one.id: one.due_at for one in list_deliveries(db)}
    assert due == {soon: T + HOUR, later: T + 3 * HOUR, lab: T}


def test_all_that_is_not_settled_as_sent_is_listed_with_the_newest_others(store: Store) -> None:
    with store.write() as db:
        numbers = [frozen(db, n) for n in range(8)]
        for number, state in zip(numbers, [PENDING, UNKNOWN, DEAD, SENT, SENT, SENT, SENT], strict=False):
            settle(db, number, state, now=T)
        assert overtake(db, "mail/digest/7", why="over", now=T)
        listed = [one.id for one in list_deliveries(db, limit=2)]
    assert listed == [numbers[n] for n in (7, 6, 2, 1, 0)]


def test_the_oldest_due_delivery_is_due_since_then(store: Store) -> None:
    with store.write() as db:
        assert oldest_due(db, T) is None
        frozen(db, 1, due_at=T + HOUR), frozen(db, 2, due_at=T)
        assert oldest_due(db, T - HOUR) is None
        assert oldest_due(db, T + 2 * HOUR) == T


def test_what_is_being_sent_is_overtaken_by_nothing(store: Store) -> None:
    with store.write() as db:
        number = frozen(db, 1)
        claim(db, number, holder="a", now=T)
        assert not overtake(db, "mail/digest/1", why="over", now=T)
        assert state_of(db, number) is SENDING
