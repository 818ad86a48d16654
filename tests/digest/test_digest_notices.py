"""How a notice puts trouble with a channel, and that no reason it quotes can forge anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from litwatch.digest import frame
from litwatch.digest.content import content
from litwatch.digest.payload import Form, fit
from litwatch.digest.slack import LONGEST_SECTION, MOST_BLOCKS
from litwatch.model import Coverage, DeliveryState, Digest, DigestKind, Notice, NoticeKind, Undelivered

T = datetime(2025, 11, 17, 9, tzinfo=UTC)
STOPPED = Notice(
    kind=NoticeKind.STOPPED,
    channel="mail",
    since=T,
    reason="the mail server refuses the login; make an application password.",
    waiting=1,
    first=12,
)
HOSTILE = "<script>alert(1)</script> & <!channel> `x` \x1b[31m\u202e\n" * 40
LOST = Undelivered(
    delivery=3, channel="mail", subject="litwatch: 12 papers", state=DeliveryState.DEAD, reason="no answer", at=T
)


def telling(notice: Notice) -> Digest:
    return Digest(
        id="lab/notice-mail/2025-11-17T090000Z",
        kind=DigestKind.NOTICE,
        channel="lab",
        coverage=Coverage(period_start=T, period_end=T, papers_read=0),
        created=T,
        notice=notice,
    )


def test_a_stop_says_which_channel_since_when_why_what_waits_and_the_cures() -> None:
    digest = telling(STOPPED)
    assert frame.subject(digest) == (
        "litwatch: channel mail is stopped (the mail server refuses the login; make an application password)"
    )
    assert frame.warning(digest).startswith("Channel mail is stopped: the mail server refuses the login; make an")
    assert "Since 17 Nov 2025 09:00 UTC nothing is sent on it. 1 message waits for it." in frame.summary(digest)
    cures = frame.details(digest)[0]
    for cure in (
        "doctor --send-test`",
        "channel test mail`",
        "`url` stands under [channels.mail]",
        "`litwatch outbox retry 12`",
    ):
        assert cure in cures


def test_a_stop_for_which_nothing_waits_names_no_delivery() -> None:
    said = frame.details(telling(replace(STOPPED, waiting=0, first=None)))
    assert not any("outbox retry" in each for each in said)


def test_an_end_tells_what_it_was_and_warns_of_nothing() -> None:
    digest = telling(replace(STOPPED, kind=NoticeKind.GOES_ON, waiting=0))
    assert frame.warning(digest) == ""
    assert frame.details(digest) == ()
    assert frame.summary(digest).endswith("It is sent to again. What waited for it was sent.")


def test_of_many_messages_that_did_not_arrive_ten_are_told_and_the_rest_is_counted() -> None:
    lost = tuple(replace(LOST, delivery=n) for n in range(1, 31))
    digest = telling(Notice(kind=NoticeKind.UNDELIVERED, since=T, undelivered=lost))
    assert frame.subject(digest) == "litwatch: 30 messages given up"
    said = frame.details(digest)
    assert len(said) == 11
    assert said[-1] == "And 20 more messages: `litwatch outbox` lists them."


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_hostile_reason_forges_nothing_in_any_form(kind: NoticeKind) -> None:
    lost = (replace(LOST, reason=HOSTILE, subject=HOSTILE),)
    digest = telling(replace(STOPPED, kind=kind, reason=HOSTILE, undelivered=lost))
    html, slack = fit(digest, Form.MAIL).payload, fit(digest, Form.SLACK).payload
    assert "<script" not in html.html
    assert len(slack.slack) <= MOST_BLOCKS
    for block in slack.slack:
        assert "<!channel>" not in str(block)
        assert len(str(block.get("text", ""))) < LONGEST_SECTION + 100
    for text in (html.subject, html.text, slack.text):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\n" not in html.subject


def test_the_content_of_a_notice_is_there_for_scripts_and_of_other_digests_there_is_none() -> None:
    digest = telling(Notice(kind=NoticeKind.UNDELIVERED, since=T, undelivered=(LOST,)))
    told = content(digest)["notice"]
    assert isinstance(told, dict)
    assert told["undelivered"] == [
        {
            "delivery": 3,
            "channel": "mail",
            "subject": "litwatch: 12 papers",
            "state": "dead",
            "reason": "no answer",
            "at": "2025-11-17T09:00:00Z",
        }
    ]
    assert "notice" not in content(replace(digest, notice=None, kind=DigestKind.DIGEST))
