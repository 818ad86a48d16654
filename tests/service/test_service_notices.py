"""What channels say of each other: one is stopped, goes on again, or messages did not arrive."""

from __future__ import annotations

from datetime import datetime

import pytest
from outbox_sample import DAY, HOUR, MINUTE, T, frozen
from sqlalchemy import select

from conftest import SLACK_URL, MailServer, SlackServer
from litwatch.model import Delivery, DeliveryState
from litwatch.service.digests import Channel
from litwatch.service.notices import notices_once
from litwatch.service.outbox import deliver_once, retry
from litwatch.service.retention import Rules, Tidied, tidy
from litwatch.store.channels import fingerprint, let_go_on, stop_channel
from litwatch.store.outbox import get_delivery, settle
from litwatch.store.schema import deliveries, digests
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

MAIL = Channel(name="mail", url="mailtos://me:pw@example.org?to=me@example.org")
LAB = Channel(name="lab", url=SLACK_URL)
PHONE = Channel(name="phone", url="ntfy://127.0.0.1/papers")
ALL = ((MAIL, False), (LAB, True), (PHONE, False))
DEAD, UNKNOWN, SENT = DeliveryState.DEAD, DeliveryState.UNKNOWN, DeliveryState.SENT


def stop(
    store: Store, name: str = "mail", at: datetime = T, because: str = "the mail server refuses the login"
) -> None:
    with store.write() as db:
        stop_channel(db, name, because=because, refused=fingerprint(name, "its url"), now=at)


def become(store: Store, number: int, state: DeliveryState, error: str = "", at: datetime = T) -> None:
    with store.write() as db:
        settle(db, number, state, now=at, error=error)


def notices(store: Store) -> list[Delivery]:
    """Oldest first, with what they say."""
    query = select(deliveries.c.id).join(digests, digests.c.id == deliveries.c.digest)
    with store.read() as db:
        numbers = db.execute(query.where(digests.c.kind == "notice").order_by(deliveries.c.id)).scalars().all()
        return [found for number in numbers if (found := get_delivery(db, number))]


def said(delivery: Delivery) -> str:
    assert delivery.payload is not None
    return f"{delivery.payload.subject}\n{' '.join(delivery.payload.text.split())}".replace("`", "")


# --- a channel that is stopped ------------------------------------------------------------------------------------


def test_a_stopped_channel_is_told_once_on_the_one_that_wants_alerts_with_reason_and_cure(store: Store) -> None:
    number = frozen(store)
    frozen(store, at=T + MINUTE)
    stop(store)
    assert notices_once(store, ALL, now=T + HOUR) == 1
    assert notices_once(store, ALL, now=T + 9 * DAY) == 0
    (notice,) = notices(store)
    assert (notice.channel, notice.digest) == ("lab", "lab/notice-mail/2025-11-17T090000Z")
    told = said(notice)
    assert "litwatch: channel mail is stopped (the mail server refuses the login)" in told
    assert "Since 17 Nov 2025 09:00 UTC nothing is sent on it. 2 messages wait for it." in told
    for cure in ("litwatch doctor --send-test", "[channels.mail]", f"litwatch outbox retry {number}"):
        assert cure in told


def test_where_no_other_channel_wants_alerts_all_others_are_told(store: Store) -> None:
    frozen(store)
    stop(store)
    assert notices_once(store, ((MAIL, True), (LAB, False), (PHONE, False)), now=T) == 2
    assert {notice.channel for notice in notices(store)} == {"lab", "phone"}


def test_a_channel_that_is_stopped_itself_tells_of_no_other(store: Store) -> None:
    frozen(store), frozen(store, "lab")
    stop(store), stop(store, "lab")
    assert notices_once(store, ALL, now=T) == 2
    assert {notice.channel for notice in notices(store)} == {"phone"}


def test_of_channels_that_are_all_stopped_the_first_that_goes_on_tells_of_the_others(store: Store) -> None:
    frozen(store), frozen(store, "lab")
    stop(store), stop(store, "lab")
    channels = ALL[:2]
    assert notices_once(store, channels, now=T) == 0
    with store.write() as db:
        let_go_on(db, "lab")
    assert notices_once(store, channels, now=T + DAY) == 1
    assert [notice.channel for notice in notices(store)] == ["lab"]


def test_nobody_is_told_of_a_stopped_channel_that_is_configured_no_more(store: Store) -> None:
    frozen(store)
    stop(store)
    assert notices_once(store, ALL[1:], now=T) == 0


def test_its_end_is_told_when_something_was_sent_and_not_when_it_was_only_let_go_on(store: Store) -> None:
    number = frozen(store)
    frozen(store, at=T + MINUTE)
    stop(store)
    notices_once(store, ALL, now=T)
    (told,) = notices(store)
    become(store, told.id, SENT, at=T)
    with store.write() as db:
        let_go_on(db, "mail")
    assert notices_once(store, ALL, now=T + HOUR) == 0
    become(store, number, SENT, at=T + HOUR)
    assert notices_once(store, ALL, now=T + HOUR) == 1
    assert notices_once(store, ALL, now=T + 9 * DAY) == 0
    end = notices(store)[1]
    assert (end.channel, end.digest) == ("lab", "lab/goes-on-mail/2025-11-17T090000Z")
    assert "channel mail goes on again" in said(end)
    assert "1 message that waited for it is on the way" in said(end)


def test_one_that_was_let_go_on_and_refused_again_is_not_told_again(store: Store) -> None:
    frozen(store)
    stop(store)
    notices_once(store, ALL, now=T)
    with store.write() as db:
        let_go_on(db, "mail")
    stop(store, at=T + HOUR)
    assert notices_once(store, ALL, now=T + HOUR) == 0


def test_one_that_went_on_and_is_stopped_again_is_told_anew(store: Store) -> None:
    number = frozen(store)
    stop(store)
    notices_once(store, ALL, now=T)
    become(store, notices(store)[0].id, SENT)
    with store.write() as db:
        let_go_on(db, "mail")
    become(store, number, SENT, at=T + HOUR)
    notices_once(store, ALL, now=T + HOUR)
    stop(store, at=T + DAY)
    assert notices_once(store, ALL, now=T + DAY) == 1
    assert [notice.digest.split("/")[1] for notice in notices(store)] == ["notice-mail", "goes-on-mail", "notice-mail"]


def test_a_stop_that_was_over_before_it_could_be_told_is_not_told(store: Store) -> None:
    number = frozen(store)
    stop(store)
    notices_once(store, ALL, now=T)
    with store.write() as db:
        let_go_on(db, "mail")
    become(store, number, SENT, at=T + HOUR)
    assert notices_once(store, ALL, now=T + HOUR) == 0
    (told,) = notices(store)
    assert told.state is DEAD
    assert told.last_error == "overtaken: the channel went on before this could be sent"


def test_a_stop_that_lasts_longer_than_digests_are_kept_is_told_once_and_its_end_too(store: Store) -> None:
    number = frozen(store)
    stop(store)
    notices_once(store, ALL, now=T)
    become(store, notices(store)[0].id, SENT)
    much_later = T + 800 * DAY
    rules = Rules(papers_days=0, records_days=0, digests_days=400, backfill_days=180)
    assert tidy(store, rules, now=much_later) == Tidied(digests=1)
    assert notices_once(store, ALL, now=much_later) == 0
    with store.write() as db:
        let_go_on(db, "mail")
    become(store, number, SENT, at=much_later)
    assert notices_once(store, ALL, now=much_later) == 1
    assert "channel mail goes on again" in said(notices(store)[1])


def test_notices_of_which_nothing_is_left_hold_up_no_other(store: Store) -> None:
    frozen(store), frozen(store, at=T + MINUTE)
    stop(store)
    become(store, 2, DEAD, "no answer")
    notices_once(store, ALL, now=T)
    with store.write() as db:
        db.execute(digests.update().where(digests.c.kind == "notice").values(content={"emptied": "", "sections": []}))
    assert notices_once(store, ALL, now=T) == 0
    become(store, 1, DEAD, "no answer", at=T + DAY)
    assert notices_once(store, ALL, now=T + DAY) == 1


def test_names_of_any_length_fit_into_an_id(store: Store) -> None:
    long, longer = (Channel(name=letter * 64, url=SLACK_URL) for letter in "ab")
    frozen(store, long.name)
    stop(store, long.name)
    assert notices_once(store, ((long, True), (longer, True)), now=T) == 1
    assert len(notices(store)[0].digest) <= 128


def test_a_refused_login_is_told_by_slack_and_so_is_its_end(
    store: Store, mail_server: MailServer, slack_server: SlackServer
) -> None:
    frozen(store)
    wrong = {"mail": mail_server.url(password="wrong-secret"), "lab": SLACK_URL}
    right = wrong | {"mail": mail_server.url()}
    for urls, now in ((wrong, T), (right, T + HOUR)):
        while deliver_once(store, urls, now=now):
            pass
        channels = tuple((Channel(name=name, url=url), name == "lab") for name, url in urls.items())
        assert notices_once(store, channels, now=now) == 1
        while deliver_once(store, urls, now=now):
            pass
    headers = [message["attachments"][0]["blocks"][0]["text"]["text"] for message in slack_server.taken]
    assert headers == ["litwatch, a channel is stopped", "litwatch, a channel goes on again"]
    assert "secret" not in str(slack_server.taken)
    assert len(mail_server.taken) == 1


# --- a channel that cannot be used ---------------------------------------------------------------------------------

USABLE = ALL[1:]
UNUSABLE = {"mail": "channel mail: its url names no recipient"}


def test_a_channel_that_cannot_be_used_is_told_once_while_that_lasts_and_so_is_its_end(store: Store) -> None:
    for hours in (0, 1, 25, 50, 200):
        assert notices_once(store, USABLE, now=T + hours * HOUR, unusable=UNUSABLE) == (hours == 0)
    (notice,) = notices(store)
    assert (notice.channel, notice.digest) == ("lab", "lab/notice-mail/2025-11-17T090000Z")
    assert "litwatch: channel mail is stopped (its url names no recipient)" in said(notice)
    become(store, notice.id, SENT)
    assert notices_once(store, ALL, now=T + 9 * DAY) == 1
    assert notices_once(store, ALL, now=T + 9 * DAY) == 0
    assert "channel mail goes on again" in said(notices(store)[1])


def test_one_that_is_stopped_and_cannot_be_used_either_is_told_once(store: Store) -> None:
    frozen(store)
    stop(store)
    assert notices_once(store, ALL, now=T) == 1
    assert notices_once(store, USABLE, now=T + HOUR, unusable=UNUSABLE) == 0
    assert notices_once(store, ALL, now=T + DAY) == 0


def test_that_a_channel_cannot_be_used_is_not_told_when_it_can_before_that_was_sent(store: Store) -> None:
    notices_once(store, USABLE, now=T, unusable=UNUSABLE)
    assert notices_once(store, ALL, now=T + HOUR) == 0
    (told,) = notices(store)
    assert told.last_error == "overtaken: the channel went on before this could be sent"


def test_what_one_daemon_can_use_and_another_cannot_is_told_once_a_day(store: Store) -> None:
    for hours in range(0, 3 * 24, 3):
        now = T + hours * HOUR
        notices_once(store, USABLE, now=now, unusable=UNUSABLE)
        for notice in notices(store):
            become(store, notice.id, SENT, at=now)
        notices_once(store, ALL, now=now)
    kinds = [notice.digest.split("/")[1] for notice in notices(store)]
    assert kinds == ["notice-mail", "goes-on-mail"] * 3


def test_a_channel_that_refuses_what_it_is_told_of_another_is_told_so_once_a_day(store: Store) -> None:
    for hours in range(0, 49, 4):
        notices_once(store, USABLE, now=T + hours * HOUR, unusable=UNUSABLE)
        for notice in notices(store):
            become(store, notice.id, DEAD, "the message is too long", at=T + hours * HOUR)
    assert len(notices(store)) == 3


# --- messages that did not arrive ---------------------------------------------------------------------------------


def test_what_did_not_arrive_is_told_together_at_most_once_a_day_and_each_once(store: Store) -> None:
    for n in range(4):
        frozen(store, at=T + n * MINUTE, said=f"News {n}")
    become(store, 1, DEAD, "channel mail: the mail server gave no answer in time")
    become(store, 2, SENT, "channel mail: it refused m***@example.org")
    assert notices_once(store, ALL, now=T + HOUR) == 1
    become(store, 3, DEAD, "channel mail: again", at=T + 2 * HOUR)
    assert notices_once(store, ALL, now=T + 3 * HOUR) == 0
    assert notices_once(store, ALL, now=T + DAY) == 1
    assert notices_once(store, ALL, now=T + 2 * DAY) == 0
    first, second = notices(store)
    assert "litwatch: 1 message given up, 1 message refused for some recipients" in said(first)
    assert "Delivery 1 on mail, “litwatch: News 0”, was given up on 17 Nov 2025 09:00 UTC" in said(first)
    assert "litwatch outbox retry 1" in said(first)
    assert "Delivery 3" in said(second)
    assert "Delivery 1" not in said(second)


def test_one_that_a_person_retried_and_that_died_again_is_told_again(store: Store) -> None:
    frozen(store)
    become(store, 1, DEAD, "no answer")
    notices_once(store, ALL, now=T)
    retry(store, 1, now=T + DAY)
    assert notices_once(store, ALL, now=T + DAY) == 0
    become(store, 1, DEAD, "no answer", at=T + 2 * DAY)
    assert notices_once(store, ALL, now=T + 2 * DAY) == 1


@pytest.mark.parametrize(("rule", "again", "told"), [("resend", False, 0), ("resend", True, 1), ("keep", False, 1)])
def test_an_unknown_outcome_is_told_when_no_rule_resolves_it_any_more(
    store: Store, rule: str, again: bool, told: int
) -> None:
    frozen(store)
    become(store, 1, UNKNOWN, "its sender ended before the answer came")
    with store.write() as db:
        db.execute(deliveries.update().values(sent_again=again))
    assert notices_once(store, ALL, now=T, rule=rule) == told
    if told:
        assert "litwatch outbox resolve 1 if it did, litwatch outbox retry 1 if not" in said(notices(store)[0])


def test_a_message_that_died_on_the_only_channel_is_told_there(store: Store) -> None:
    frozen(store)
    become(store, 1, DEAD, "the message is too long")
    assert notices_once(store, ALL[:1], now=T) == 1
    assert notices(store)[0].channel == "mail"


def test_a_notice_that_did_not_arrive_makes_no_other(store: Store) -> None:
    frozen(store)
    stop(store)
    notices_once(store, ALL, now=T)
    become(store, notices(store)[0].id, DEAD, "no answer")
    assert notices_once(store, ALL, now=T + HOUR) == 0


def test_what_a_later_message_overtook_and_what_is_long_gone_is_not_told(store: Store) -> None:
    frozen(store), frozen(store, at=T + MINUTE)
    become(store, 1, DEAD, "overtaken: it was over before this could be sent")
    become(store, 2, DEAD, "no answer", at=T - 8 * DAY)
    assert notices_once(store, ALL, now=T) == 0
