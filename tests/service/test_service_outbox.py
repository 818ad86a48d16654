"""What becomes of a delivery that is refused or put off, by SMTP and Slack's hook."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import trustme
from outbox_sample import (
    DAY,
    HOUR,
    MINUTE,
    T,
    TroublesomeMail,
    frozen,
    row,
    send_all,
)

from conftest import SLACK_URL, SlackServer
from litwatch.model import DeliveryState
from litwatch.service.outbox import (
    ATTEMPTS,
    Outbox,
    deliver_once,
    retry,
    wait_after,
)
from litwatch.store.channels import channel_states, fingerprint, is_refused, let_go_on, stop_channel
from litwatch.store.holder import holder
from litwatch.store.outbox import claim
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

SENT, FAILED, DEAD = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DEAD
PENDING, SENDING, UNKNOWN = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN
GONE = 404, b"no_service"
"""What Slack answers where the hook was taken away."""


@pytest.fixture
def mail(certificate: trustme.LeafCert) -> Iterator[TroublesomeMail]:
    server = TroublesomeMail(certificate)
    yield server
    server.close()


# --- a channel that refuses for good ------------------------------------------------------------------------------


def test_a_refused_login_stops_the_channel_and_loses_nothing(store: Store, mail: TroublesomeMail) -> None:
    frozen(store), frozen(store, at=T + HOUR)
    wrong = {"mail": mail.url(password="wrong-secret")}
    (refused,) = send_all(store, wrong, now=T + HOUR)
    assert (refused.state, refused.stopped) == (FAILED, True)
    with store.read() as db:
        state = channel_states(db)["mail"]
    assert state.stopped_at == T + HOUR
    assert state.because
    assert not state.because.startswith("channel mail")
    assert "secret" not in state.because + state.refused
    assert send_all(store, wrong, now=T + 24 * HOUR) == []
    assert [row(store, number).state for number in (1, 2)] == [FAILED, PENDING]


def test_a_stopped_channel_is_tried_once_a_day_with_its_oldest_message(store: Store, slack_server: SlackServer) -> None:
    frozen(store, "lab"), frozen(store, "lab", at=T + HOUR)
    urls, since = {"lab": SLACK_URL}, T + HOUR
    slack_server.status, slack_server.answer = 404, b"no_service"
    send_all(store, urls, now=since)
    for hours, tried in ((23, []), (25, [1]), (26, []), (48, []), (50, [1])):
        assert [outcome.delivery for outcome in send_all(store, urls, now=since + hours * HOUR)] == tried, hours
    with store.read() as db:
        assert channel_states(db)["lab"].stopped_at == since
    slack_server.status, slack_server.answer = 200, b"ok"
    assert [outcome.delivery for outcome in send_all(store, urls, now=since + 75 * HOUR)] == [1, 2]
    with store.read() as db:
        assert channel_states(db)["lab"].stopped_at is None


def test_what_waits_for_a_stopped_channel_is_sent_in_order_once_its_url_is_another_one(
    store: Store, mail: TroublesomeMail
) -> None:
    for hours in range(3):
        frozen(store, at=T + hours * HOUR, said=f"News {hours}")
    send_all(store, {"mail": mail.url(password="wrong")}, now=T + 2 * HOUR)
    sent = send_all(store, {"mail": mail.url()}, now=T + 2 * HOUR)
    assert [outcome.delivery for outcome in sent] == [1, 2, 3]
    assert [message["Subject"] for message in mail.taken] == [f"litwatch: News {n}" for n in range(3)]


def test_a_retry_by_hand_lets_a_stopped_channel_go_on(store: Store, mail: TroublesomeMail) -> None:
    frozen(store), frozen(store, at=T + HOUR)
    urls = {"mail": mail.url()}
    mail.answer = "550 5.7.1 sender refused"
    send_all(store, {"mail": mail.url(password="wrong")}, now=T + HOUR)
    mail.answer = "250 OK"
    retry(store, 2, now=T + 2 * HOUR)
    assert [outcome.delivery for outcome in send_all(store, urls, now=T + 2 * HOUR)] == [1, 2]


def test_a_test_message_that_arrives_lets_a_stopped_channel_go_on_with_its_old_url(
    store: Store, slack_server: SlackServer
) -> None:
    frozen(store, "lab")
    slack_server.status, slack_server.answer = 404, b"no_service"
    assert send_all(store, {"lab": SLACK_URL}, now=T)[0].stopped
    slack_server.status, slack_server.answer = 200, b"ok"
    assert send_all(store, {"lab": SLACK_URL}, now=T + HOUR) == []
    with store.write() as db:
        assert let_go_on(db, "lab")
        assert not let_go_on(db, "lab")
    assert [outcome.state for outcome in send_all(store, {"lab": SLACK_URL}, now=T + DAY)] == [SENT]


def test_a_message_that_is_refused_for_its_content_is_given_up_and_the_next_one_goes_out(
    store: Store, mail: TroublesomeMail
) -> None:
    frozen(store), frozen(store, at=T + HOUR)
    mail.answer = "552 5.3.4 message size exceeds fixed limit"
    assert deliver_once(store, {"mail": mail.url()}, now=T + HOUR).state is DEAD  # type: ignore[union-attr]
    mail.answer = "250 OK"
    assert [outcome.delivery for outcome in send_all(store, {"mail": mail.url()}, now=T + HOUR)] == [2]


def test_a_message_that_some_recipients_refuse_is_sent_and_says_so(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    mail.refused = {"gone@example.org"}
    url = mail.url().replace("to=me@example.org", "to=me@example.org,gone@example.org")
    (outcome,) = send_all(store, {"mail": url}, now=T)
    assert outcome.state is SENT
    assert row(store).last_error
    assert len(mail.taken) == 1


def test_a_refusal_for_good_counts_for_no_attempt_so_that_trouble_after_it_gives_nothing_up(
    store: Store, slack_server: SlackServer
) -> None:
    frozen(store, "lab")
    urls = {"lab": SLACK_URL}
    slack_server.status, slack_server.answer = GONE
    for days in range(ATTEMPTS + 5):
        (outcome,) = send_all(store, urls, now=T + 2 * days * DAY)
        assert outcome.stopped
    slack_server.status, slack_server.answer = 429, b"rate_limited"
    (outcome,) = send_all(store, urls, now=T + 90 * DAY)
    assert (outcome.state, row(store).attempts) == (FAILED, 1)


def test_two_urls_that_are_both_refused_let_the_channel_go_on_once_each(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    urls = [{"mail": mail.url(password=f"wrong-{n}")} for n in range(2)]
    tried = [one for minutes in range(30) for url in urls for one in send_all(store, url, now=T + minutes * MINUTE)]
    assert [outcome.stopped for outcome in tried] == [True, True]
    assert len(send_all(store, urls[0], now=T + 26 * HOUR)) == 1
    assert [outcome.state for outcome in send_all(store, {"mail": mail.url()}, now=T + 27 * HOUR)] == [SENT]


def test_a_url_that_was_refused_before_something_was_sent_may_let_the_channel_go_on_again(
    store: Store, slack_server: SlackServer
) -> None:
    frozen(store, "lab"), frozen(store, "lab", at=T + DAY)
    old, new = {"lab": SLACK_URL}, {"lab": SLACK_URL.replace("/#", "/#new-")}
    for refused, taken, now in ((old, new, T), (new, old, T + DAY)):
        slack_server.status, slack_server.answer = GONE
        assert [outcome.stopped for outcome in send_all(store, refused, now=now)] == [True]
        slack_server.status, slack_server.answer = 200, b"ok"
        assert [outcome.state for outcome in send_all(store, taken, now=now)] == [SENT]


def test_a_channel_that_was_stopped_by_a_clock_that_was_ahead_is_tried_daily_by_the_right_one(
    store: Store, slack_server: SlackServer
) -> None:
    number, urls = frozen(store, "lab"), {"lab": SLACK_URL}
    slack_server.status, slack_server.answer = GONE
    assert send_all(store, urls, now=T + 3650 * DAY)[0].stopped
    assert len(send_all(store, urls, now=T)) == 1
    assert send_all(store, urls, now=T + 23 * HOUR) == []
    slack_server.status, slack_server.answer = 200, b"ok"
    assert [outcome.delivery for outcome in send_all(store, urls, now=T + 25 * HOUR)] == [number]


def test_a_fingerprint_tells_only_whether_the_url_is_the_same() -> None:
    print_ = fingerprint("mail", "mailtos://me:pw@example.org")
    assert is_refused("mail", "mailtos://me:pw@example.org", print_)
    assert not is_refused("mail", "mailtos://me:pW@example.org", print_)
    assert not is_refused("other", "mailtos://me:pw@example.org", print_)
    assert print_ != fingerprint("mail", "mailtos://me:pw@example.org")
    assert len(print_) <= 128


# --- trouble that passes ------------------------------------------------------------------------------------------


def test_waits_double_from_five_minutes_to_a_day_and_last_more_than_four_days() -> None:
    assert all(3 * MINUTE < wait_after(1) <= 5 * MINUTE for _ in range(50))
    assert all(wait_after(n) <= DAY for n in range(1, 10_000))
    assert all(4.3 * DAY < sum(map(wait_after, range(2, ATTEMPTS)), wait_after(1)) < 5.8 * DAY for _ in range(50))


def test_a_server_that_stays_away_is_tried_fourteen_times_over_days_and_then_given_up_for_a_person(
    store: Store,
) -> None:
    frozen(store)
    away = {"mail": "mailto://me:pw@localhost:1?from=a@example.org&to=b@example.org&smtp=localhost"}
    now = T
    while row(store).state is not DEAD:
        assert send_all(store, away, now=now)
        now = max(now, row(store).due_at)
    assert row(store).attempts == ATTEMPTS
    assert now - T > 4 * DAY
    assert send_all(store, away, now=now + DAY) == []
    retry(store, 1, now=now + DAY)
    assert (row(store).state, row(store).attempts) == (PENDING, 0)


def test_a_server_that_asks_for_time_is_sent_nothing_on_that_channel_before(
    store: Store, mail: TroublesomeMail, slack_server: SlackServer
) -> None:
    urls = {"mail": mail.url(), "lab": SLACK_URL}
    frozen(store), frozen(store, at=T + MINUTE), frozen(store, "lab", at=T + MINUTE)
    mail.answer = "550 5.4.5 Daily user sending limit exceeded"
    assert [outcome.state for outcome in send_all(store, urls, now=T + HOUR)] == [FAILED, SENT]
    mail.answer = "250 OK"
    assert send_all(store, urls, now=T + 7 * HOUR - MINUTE) == []
    assert [outcome.delivery for outcome in send_all(store, urls, now=T + 7 * HOUR)] == [1, 2]


def test_an_older_delivery_that_fails_holds_no_newer_one_up(store: Store, mail: TroublesomeMail) -> None:
    frozen(store), frozen(store, at=T + HOUR)
    mail.answer = "451 4.3.0 try again later"
    assert deliver_once(store, {"mail": mail.url()}, now=T + HOUR).state is FAILED  # type: ignore[union-attr]
    mail.answer = "250 OK"
    assert [outcome.delivery for outcome in send_all(store, {"mail": mail.url()}, now=T + HOUR)] == [2]


def test_what_a_clock_that_was_ahead_put_off_by_years_is_due_once_the_clock_is_right(
    store: Store, mail: TroublesomeMail
) -> None:
    frozen(store, at=T + 3650 * DAY)
    assert [outcome.state for outcome in send_all(store, {"mail": mail.url()}, now=T)] == [SENT]


def test_each_attempt_sends_the_same_bytes_but_for_the_way(store: Store, mail: TroublesomeMail) -> None:
    frozen(store)
    mail.drops = True
    send_all(store, {"mail": mail.url()}, now=T)
    retry(store, 1, now=T + DAY)
    mail.drops = False
    send_all(store, {"mail": mail.url()}, now=T + DAY)
    first, second = mail.taken
    assert first.as_bytes() == second.as_bytes()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_channel_that_fails_in_a_way_that_nobody_foresaw_leaves_it_unknown_and_tells_no_secret(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from apprise.plugins.slack import NotifySlack

    def broken(self: object, *_: object, **__: object) -> bool:
        raise TypeError(f"cannot use {SLACK_URL}")

    frozen(store, "lab")
    monkeypatch.setattr(NotifySlack, "send", broken)
    with caplog.at_level(logging.ERROR):
        (outcome,) = send_all(store, {"lab": SLACK_URL}, now=T)
    assert outcome.state is UNKNOWN
    assert outcome.error == "channel lab: unexpected error (TypeError)"
    assert "in broken" in caplog.text
    assert "TIiajkdnlazkcOXrIdevi7C" not in caplog.text


# --- several at once ----------------------------------------------------------------------------------------------


def test_four_threads_on_one_outbox_send_each_delivery_once(store: Store, mail: TroublesomeMail) -> None:
    names = [f"mail-{n}" for n in range(4)]
    for n in range(3):
        for name in names:
            frozen(store, name, at=T + n * MINUTE)
    outbox, urls, sent = Outbox(), dict.fromkeys(names, mail.url()), []

    def work() -> None:
        while outcome := outbox.deliver_once(store, urls, now=T + HOUR):
            sent.append(outcome.delivery)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == list(range(1, 13))
    assert len({message["Message-ID"] for message in mail.taken}) == len(mail.taken) == 12


def test_a_channel_that_is_stopped_between_the_look_and_the_claim_is_sent_nothing(
    store: Store, mail: TroublesomeMail
) -> None:
    number = frozen(store)
    with store.write() as db:
        stop_channel(db, "mail", because="refused", refused=fingerprint("mail", mail.url()), now=T)
        assert not claim(db, number, holder=holder(), now=T)
    assert row(store) == replace(row(store), state=PENDING, attempts=0)
