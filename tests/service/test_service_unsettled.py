"""Deliveries whose outcome nobody knows, or that was known and could not be taken down; by SMTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from outbox_sample import (
    DAY,
    HOUR,
    MINUTE,
    T,
    TroublesomeMail,
    beat,
    claimed_elsewhere,
    frozen,
    row,
    send_all,
)

from litwatch.errors import StoreError
from litwatch.model import DeliveryState
from litwatch.service.outbox import (
    Outbox,
    deliver_once,
    resolve,
    resolve_unknown,
    settle_abandoned,
)
from litwatch.store.holder import holder
from litwatch.store.leases import enlist
from litwatch.store.outbox import settle_unanswered
from litwatch.store.schema import leases
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

SENT, FAILED, DEAD = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DEAD
PENDING, SENDING, UNKNOWN = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN


@pytest.fixture
def mail(certificate: trustme.LeafCert) -> Iterator[TroublesomeMail]:
    server = TroublesomeMail(certificate)
    yield server
    server.close()


# --- nobody knows whether it arrived ------------------------------------------------------------------------------


def test_an_unanswered_send_is_sent_once_more_a_day_later_and_then_waits_for_a_person(
    store: Store, mail: TroublesomeMail
) -> None:
    outbox, urls = Outbox(), {"mail": mail.url()}
    frozen(store)
    mail.drops = True
    assert beat(outbox, store, urls, now=T)[0].state is UNKNOWN
    assert beat(outbox, store, urls, now=T + DAY - MINUTE) == []
    assert beat(outbox, store, urls, now=T + DAY)[0].state is UNKNOWN
    assert row(store).sent_again
    assert beat(outbox, store, urls, now=T + 30 * DAY) == []
    assert len(mail.taken) == 2


def test_by_the_other_rule_an_unanswered_send_waits_for_a_person(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    mail.drops = True
    send_all(store, {"mail": mail.url()}, now=T)
    assert resolve_unknown(store, rule="keep", now=T + 9 * DAY) == 0
    resolve(store, 1, now=T + 9 * DAY)
    assert row(store).state is SENT


def test_an_unanswered_send_that_a_person_saw_arrive_is_not_sent_again(store: Store, mail: TroublesomeMail) -> None:
    outbox, urls = Outbox(), {"mail": mail.url()}
    frozen(store)
    mail.drops = True
    beat(outbox, store, urls, now=T)
    resolve(store, 1, now=T + HOUR)
    assert beat(outbox, store, urls, now=T + 9 * DAY) == []


def test_what_became_unknown_by_a_clock_that_was_ahead_is_sent_again(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    mail.drops = True
    send_all(store, {"mail": mail.url()}, now=T + 3650 * DAY)
    assert resolve_unknown(store, rule="resend", now=T) == 1


@pytest.mark.parametrize(("minutes", "abandoned"), [(14, 0), (16, 1), (-14, 0), (-16, 1)])
def test_what_a_machine_that_nobody_hears_of_was_sending_is_unknown_after_a_quarter_of_an_hour_by_any_clock(
    store: Store, minutes: int, abandoned: int
) -> None:
    frozen(store)
    claimed_elsewhere(store)
    assert settle_abandoned(store, now=T + minutes * MINUTE) == abandoned
    assert row(store).state is (UNKNOWN if abandoned else SENDING)


def test_what_a_daemon_elsewhere_is_sending_is_its_own_while_it_keeps_its_place_and_unknown_when_that_lapsed(
    store: Store,
) -> None:
    frozen(store)
    claimed_elsewhere(store)
    with store.write() as db:
        enlist(db, who="elsewhere:7:12")
    assert settle_abandoned(store, now=T + 9 * DAY) == 0
    with store.write() as db:
        db.execute(leases.update().values(until=1.0))
    assert settle_abandoned(store, now=T) == 1


def test_what_a_process_that_is_seen_to_live_is_sending_is_its_own_even_when_its_place_lapsed(store: Store) -> None:
    frozen(store)
    claimed_elsewhere(store, by=holder())
    with store.write() as db:
        enlist(db)
        db.execute(leases.update().values(until=1.0))
    assert settle_abandoned(store, now=T + DAY) == 0


def test_one_taken_for_gone_that_was_only_slow_settles_what_it_knows(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    answer = mail.handle_DATA

    async def meanwhile(server: Any, session: Any, envelope: Any) -> str:
        with store.write() as db:
            assert settle_unanswered(db, 1, claimed_by=holder(), now=T, error="it seems to be gone")
        return await answer(server, session, envelope)

    mail.handle_DATA = meanwhile  # type: ignore[method-assign]
    send_all(store, {"mail": mail.url()}, now=T)
    assert row(store).state is SENT


# --- sent, and not taken down -------------------------------------------------------------------------------------


class Failing:
    """A store whose writes fail while `broken` is set, as on a disk that is full."""

    def __init__(self, store: Store) -> None:
        self.broken = False
        self.store = store.guarded(self._look)

    def _look(self, db: object) -> None:
        if self.broken:
            raise StoreError("the store has no room left on its disk")


class FillsTheDisk(TroublesomeMail):
    """Takes its first message, and at that moment the disk is full."""

    failing: Failing

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.failing.broken = not self.taken
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def filling(certificate: trustme.LeafCert, store: Store) -> Iterator[FillsTheDisk]:
    server = FillsTheDisk(certificate)
    server.failing = Failing(store)
    yield server
    server.close()


def test_a_message_that_was_sent_and_could_not_be_taken_down_is_never_sent_again(
    store: Store, filling: FillsTheDisk, caplog: pytest.LogCaptureFixture
) -> None:
    outbox, urls, full = Outbox(), {"mail": filling.url()}, filling.failing
    frozen(store), frozen(store, at=T + MINUTE)
    sent = outbox.deliver_once(full.store, urls, now=T + MINUTE)
    assert sent is not None
    assert sent.state is SENT
    assert "to be taken down later" in caplog.text
    assert row(store).state is SENDING
    with pytest.raises(StoreError, match="no room left"):
        outbox.deliver_once(full.store, urls, now=T + HOUR)
    assert settle_abandoned(store, now=T + DAY) == 0, "its process lives"
    full.broken = False
    assert [one.delivery for one in beat(outbox, full.store, urls, now=T + DAY)] == [2]
    assert [row(store, number).state for number in (1, 2)] == [SENT, SENT]
    assert len(filling.taken) == 2


def test_a_command_that_cannot_take_down_what_it_sent_says_how_to_settle_it(
    store: Store, filling: FillsTheDisk
) -> None:
    outbox, full, waits = Outbox(), filling.failing, []
    frozen(store)
    outbox.deliver_once(full.store, {"mail": filling.url()}, now=T)
    with pytest.raises(StoreError, match="`litwatch outbox resolve 1` when the store is well again"):
        outbox.finish(full.store, patience=3.0, sleep=waits.append)
    assert waits == [1.0, 1.0, 1.0]


def test_a_claim_of_which_nobody_knows_whether_it_was_kept_is_given_free(store: Store, mail: TroublesomeMail) -> None:
    """The answer to a commit may be lost: the row is claimed, and nothing was sent."""
    frozen(store)
    outbox, urls, full = Outbox(), {"mail": mail.url()}, Failing(store)
    full.broken = True
    with pytest.raises(StoreError):
        outbox.deliver_once(full.store, urls, now=T)
    claimed_elsewhere(store, by=holder(), at=T)
    full.broken = False
    assert [one.state for one in beat(outbox, full.store, urls, now=T)] == [SENT]
    assert len(mail.taken) == 1


def test_on_a_disk_without_room_nothing_is_sent_and_nothing_lost(
    store: Store, mail: TroublesomeMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.path is None:
        pytest.skip("a server's disk is not ours to see")
    urls, real = {"mail": mail.url()}, shutil.disk_usage
    assert deliver_once(store, urls, now=T) is None
    frozen(store)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=4_000_000))
        with pytest.raises(StoreError, match="almost no room left on its disk: nothing is sent"):
            deliver_once(store, urls, now=T)
    assert (row(store).state, mail.taken) == (PENDING, [])
    assert [one.state for one in send_all(store, urls, now=T)] == [SENT]
