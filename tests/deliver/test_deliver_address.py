"""Channel URLs: built from their parts so that apprise reads the same, and refused where it would read them wrongly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from litwatch.deliver.address import mail_url, raw_character, slack_url
from litwatch.deliver.channel import check_url, send
from litwatch.deliver.plugin import plugin_of
from litwatch.errors import DeliveryError
from litwatch.model import Payload
from scripted_mail import Script, ScriptedMail

PAYLOAD = Payload(subject="Nothing new", text="Nothing new.")
NAMED = {"digest": "mail/digest/2025-11-24T080000Z", "number": 17, "date": datetime(2025, 11, 24, 8, tzinfo=UTC)}

SECRETS = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" @:/%#?&+=;,*[]"), min_size=1)
# A name that begins or ends with spaces is none that a server gives.
NAMES = SECRETS.map(str.strip).filter(bool)


def url_of(user: str, password: str, port: int = 587) -> str:
    return mail_url(
        server="localhost",
        port=port,
        mode="insecure",
        user=user,
        password=password,
        sender="litwatch@example.org",
        recipients=["me@example.org", "a+b@example.org"],
    )


@settings(deadline=None)
@given(user=NAMES, password=SECRETS)
@example(user="reader@example.org", password="p@ss/w:rd%1")
@example(user="reader", password="%40%2540 +&=#?;")
@example(user="a b", password=" with spaces around ")
def test_apprise_reads_every_user_and_password_as_they_were_given(user: str, password: str) -> None:
    url = url_of(user, password)
    plugin = plugin_of("mail", url)
    assert (plugin.user, plugin.password) == (user, password)
    assert (plugin.smtp_host, plugin.port) == ("localhost", 587)
    assert [address for _, address in plugin.targets] == ["me@example.org", "a+b@example.org"]
    assert raw_character(url) == ""


def test_every_user_and_password_comes_to_the_server_as_they_were_given() -> None:
    server = ScriptedMail(Script())

    @settings(max_examples=40, deadline=None)
    @given(user=NAMES, password=SECRETS)
    def log_in(user: str, password: str) -> None:
        send("mail", url_of(user, password, server.port), PAYLOAD, **NAMED)
        assert server.logins[-1] == (user, password)

    try:
        log_in()
    finally:
        server.close()


@pytest.mark.parametrize(
    ("login", "raw"),
    [
        ("me:p@ss", "@"),
        ("me@example.org:pass", "@"),
        ("me:p:ss", ":"),
        ("me:p/ss", "/"),
        ("me:p#ss", "#"),
        ("me:p?ss", "?"),
        ("me:p%40ss", ""),
        ("me", ""),
        ("me:p+s&s=!", ""),
    ],
)
def test_a_raw_special_character_is_refused_by_name_and_the_password_not_shown(login: str, raw: str) -> None:
    url = f"mailtos://{login}@smtp.example.org:587?smtp=smtp.example.org&from=a@example.org&to=b@example.org"
    assert raw_character(url) == raw
    if raw:
        with pytest.raises(DeliveryError, match=r"raw .*`litwatch channel add`") as caught:
            check_url("mail", url)
        assert caught.value.permanent
        assert "ss" not in str(caught.value).replace("password", "")
    else:
        check_url("mail", url)


@pytest.mark.parametrize(
    "url",
    [
        "mailto://smtp.example.org:25/b@example.org?from=a@example.org",
        "mailto://[::1]:25/b@example.org?from=a@example.org",
        "mailtos://smtp.example.org?to=b@example.org&from=a@example.org",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C/#papers",
        "mailtos",
    ],
)
def test_urls_without_login_hold_no_raw_character(url: str) -> None:
    assert raw_character(url) == ""


def test_a_mail_to_nobody_is_refused() -> None:
    with pytest.raises(DeliveryError, match="to="):
        check_url("mail", "mailtos://me:pw@smtp.example.org?to=nobody")


@pytest.mark.parametrize(
    ("secret", "channel", "url"),
    [
        ("https://hooks.slack.com/services/T1/B2/x3Y", "", "slack://T1/B2/x3Y"),
        (" https://hooks.slack.com/services/T1/B2/x3Y/\n", "#papers", "slack://T1/B2/x3Y/%23papers"),
        ("https://hooks.slack-gov.com/services/T1/B2/x3Y", "", "slack://T1/B2/x3Y/?mode=gov-hook"),
        ("https://hooks.slack.com/triggers/T1/22/x3Y", "", "slack://T1/22/x3Y/?mode=trigger"),
        ("xoxb-12-34-aB", "papers", "slack://xoxb-12-34-aB/%23papers"),
        ("xoxb-12-34-aB", "C0123456789", "slack://xoxb-12-34-aB/%2BC0123456789"),
    ],
)
def test_slack_is_taken_as_slack_shows_it(secret: str, channel: str, url: str) -> None:
    assert slack_url(secret, channel) == url
    check_url("lab", url)


@pytest.mark.parametrize(("secret", "channel"), [("xoxb-12-34-aB", ""), ("https://example.org/services/T/B/X", "")])
def test_what_is_no_address_of_slacks_is_refused_unseen(secret: str, channel: str) -> None:
    with pytest.raises(ValueError, match=r"token") as caught:
        slack_url(secret, channel)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("server", ["smtp.example.org/x", "a b", "smtp.example.org:25", "", "a@b"])
def test_a_server_that_is_no_host_is_refused(server: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        mail_url(
            server=server, port=25, mode="insecure", user="", password="", sender="a@b.org", recipients=["a@b.org"]
        )


def test_control_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="control character"):
        url_of("me", "pass\r\nword")
