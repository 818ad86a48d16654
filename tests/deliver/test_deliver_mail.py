"""What each answer of a mail server means, on a real connection: try again, stop, leave the message, or not known."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from litwatch.deliver.channel import mail_of, send
from litwatch.errors import DeliveryError
from litwatch.model import Payload
from scripted_mail import DRIPPING, HANG_UP, SILENCE, Script, ScriptedMail

PAYLOAD = Payload(subject="Nothing new", text="Nothing new.\n.\n", html="<p>Nothing new.</p>")
WHEN = datetime(2025, 11, 24, 8, tzinfo=UTC)
NAMED = {"digest": "mail/digest/2025-11-24T080000Z", "number": 17, "date": WHEN}
SECRET = "g3he/m@s"

Start = Callable[..., ScriptedMail]


@pytest.fixture
def scripted() -> Iterator[Start]:
    started: list[ScriptedMail] = []

    def start(replies: dict[str, str] | None = None, **more: object) -> ScriptedMail:
        started.append(ScriptedMail(Script(replies=replies or {}, **more)))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def trouble(url: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send("mail", url, PAYLOAD, **NAMED)
    return caught.value


def kind(error: DeliveryError) -> str:
    kinds = ("unknown", "partial", "about_message", "permanent")
    said = next((name for name in kinds if getattr(error, name)), "transient")
    return f"{said}, {error.retry_after:.0f} s" if error.retry_after else said


ANSWERS = [
    ("a server that is closing", {"MAIL": "421 4.3.2 closing"}, "transient", "cannot take it for now"),
    ("a greeting that refuses", {"greeting": "554 5.7.1 go away"}, "transient", "refuses this machine"),
    ("a greeting that puts off", {"greeting": "421 4.7.0 too busy"}, "transient", "cannot take it for now"),
    ("no mail server", {"greeting": "SSH-2.0-OpenSSH_9.2"}, "transient", "no mail server"),
    ("a wrong password", {"AUTH": "535 5.7.8 bad credentials"}, "permanent", "`litwatch channel add`"),
    ("a provider that wants an app password", {"AUTH": "534 5.7.9 Application-specific password required"},
     "permanent", "wants an app password"),
    ("a provider that takes no passwords", {"AUTH": "535 5.7.139 basic authentication is disabled"},
     "permanent", "takes no passwords"),
    ("a login that must wait", {"AUTH": "454 4.7.0 Temporary authentication failure"}, "transient", "for now"),
    ("too many logins", {"AUTH": "454 4.7.0 Too many login attempts"}, "transient, 3600 s", "for now"),
    ("TLS first", {"MAIL": "530 5.7.0 Must issue a STARTTLS command first"}, "permanent", "mode=starttls"),
    ("login first", {"MAIL": "530 5.7.1 Authentication required"}, "permanent", "user name and password into the url"),
    ("a sender that may not", {"MAIL": "553 5.7.1 not owned by user"}, "permanent", "refuses the sender"),
    ("a message that is too long", {"MAIL": "552 5.3.4 exceeds the limit"}, "about_message", "too long"),
    ("an unknown recipient", {"RCPT": "550 5.1.1 no such user"}, "permanent", "knows no m***@example.org"),
    ("an unknown recipient, without code", {"RCPT": "550 no such user"}, "permanent", "correct to="),
    ("a relay that is closed", {"RCPT": "554 5.7.1 relay access denied"}, "permanent", "passes nothing on"),
    ("grey-listing", {"RCPT": "450 4.7.1 come back in five minutes"}, "transient", "cannot take it for now"),
    ("a full mailbox", {"RCPT": "452 4.2.2 over quota"}, "transient, 86400 s", "mailbox of m***@example.org is full"),
    ("a full mailbox, for good", {"RCPT": "552 5.2.2 mailbox full"}, "transient, 86400 s", "is full"),
    ("a day's limit", {"RCPT": "550 5.4.5 Daily user sending limit exceeded"}, "transient, 21600 s", "limit"),
    ("a day's limit at the end", {"message": "550 5.4.5 Daily sending quota exceeded"}, "transient, 21600 s", "limit"),
    ("a server without room", {"message": "452 4.3.1 insufficient system storage"}, "transient", "for now"),
    ("spam", {"message": "554 5.7.1 looks like spam"}, "about_message", "perhaps as spam"),
    ("content that is refused", {"message": "550 5.6.0 content rejected"}, "about_message", "refuses the message"),
    ("a body that is too long", {"message": "552 5.3.4 too big"}, "about_message", "too long"),
    ("a sender without proof", {"message": "550 5.7.26 unauthenticated email, check DMARC"}, "permanent", "SPF"),
    ("too many logins, for good", {"AUTH": "535 5.7.8 too many failed logins, account temporarily locked"},
     "transient, 3600 s", "locked the login for a while"),
    ("a day's limit at the login", {"AUTH": "550 5.4.5 Daily sending quota exceeded"}, "transient, 21600 s", "limit"),
    ("too many recipients", {"RCPT": "552 5.5.3 too many recipients"}, "permanent", "name fewer behind to="),
    ("a sender that the other side knows not", {"RCPT": "550 5.1.8 bad sender"}, "permanent", "refuses the sender"),
    ("commands out of order", {"RCPT": "503 5.5.1 Bad sequence"}, "transient", "commands in another order"),
    ("a message out of order", {"message": "503 5.5.1 Bad sequence"}, "transient", "commands in another order"),
    ("nonsense before the message", {"DATA": "what?"}, "transient", "before it had the message"),
    ("DATA that is refused", {"DATA": "451 4.3.0 later"}, "transient", "for now"),
    ("a server that hangs up at once", {"greeting": HANG_UP}, "transient", "hung up"),
    ("a server that hangs up at the recipient", {"RCPT": HANG_UP}, "transient", "hung up"),
    ("a server that hangs up before the message", {"DATA": HANG_UP}, "transient", "hung up"),
    ("a server that hangs up after the message", {"message": HANG_UP}, "unknown", "may have arrived"),
    ("nonsense after the message", {"message": "what?"}, "unknown", "may have arrived"),
]  # fmt: skip


@pytest.mark.parametrize(("replies", "means", "says"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_what_a_mail_server_answers_is_told_for_what_it_is(
    scripted: Start, caplog: pytest.LogCaptureFixture, replies: dict[str, str], means: str, says: str
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {stage: f"{reply} {SECRET}" if reply[:1].isdigit() else reply for stage, reply in replies.items()}
    error = trouble(scripted(echo).url(password=SECRET))
    assert (kind(error), says in str(error)) == (means, True), str(error)
    assert "\n" not in str(error)
    assert SECRET not in f"{error}{caplog.text}"
    # What the server repeated stays out even of a traceback.
    assert SECRET not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        ("552 Message size exceeds maximum permitted", "about_message"),
        ("552 5.2.3 Message exceeds maximum size", "about_message"),
        ("554 Message too large", "about_message"),
        ("552 5.7.0 content blocked", "about_message"),
        ("552 Message sent exceeds maximum size limit", "about_message"),
        ("552 mailbox size limit exceeded", "transient, 86400 s"),
        ("554 5.7.0 Too many messages today", "transient, 21600 s"),
        ("550 5.7.1 Daily message limit exceeded", "transient, 21600 s"),
        ("550-5.7.1 Our system has found that this mail\r\n550 5.7.1 is spam", "about_message"),
    ],
)
def test_what_is_too_long_and_what_is_too_much_are_told_apart(scripted: Start, reply: str, means: str) -> None:
    assert kind(trouble(scripted({"message": reply}).url())) == means


def test_a_host_name_that_cannot_be_is_no_bug(scripted: Start) -> None:
    error = trouble(scripted().url().replace("smtp=localhost", f"smtp={'x' * 70}.example.org"))
    assert (kind(error), "smtp=" in str(error)) == ("transient", True)


@pytest.mark.parametrize("reply", ["250 ok", "251 forwarded", "252 perhaps", "200 done"])
def test_every_reply_of_success_after_the_message_is_one(scripted: Start, reply: str) -> None:
    server = scripted({"message": reply})
    send("mail", server.url(), PAYLOAD, **NAMED)
    assert len(server.taken) == 1


def test_some_recipients_refused_is_partial_and_names_them_masked(scripted: Start) -> None:
    server = scripted({"gone@example.org": "550 5.1.1 no such user"})
    error = trouble(server.url(to="me@example.org,gone@example.org"))
    assert (error.partial, error.permanent, len(server.taken)) == (True, True, 1)
    assert "took it, but not for all" in str(error)
    assert "`litwatch replay 17`" in str(error)
    assert "g***@example.org" in str(error)
    assert "gone" not in str(error)


def test_recipients_refused_now_and_for_good_are_tried_again(scripted: Start) -> None:
    server = scripted({"gone@example.org": "550 5.1.1 no such user", "full@example.org": "452 4.2.2 over quota"})
    error = trouble(server.url(to="full@example.org,gone@example.org"))
    assert (kind(error), server.taken) == ("transient, 86400 s", [])


def test_recipients_that_are_put_off_get_it_later_with_all_others(scripted: Start) -> None:
    server = scripted({"b@example.org": "451 4.7.1 grey-listed, come back"})
    url = server.url(to="me@example.org,b@example.org")
    error = trouble(url)
    assert (kind(error), server.taken) == ("transient", [])
    assert "goes to nobody until" in str(error)
    assert "b***@example.org" in str(error)
    del server.script.replies["b@example.org"]
    send("mail", url, PAYLOAD, **NAMED, attempt=2)
    assert len(server.taken) == 1


def test_recipients_that_are_put_off_for_an_hour_are_told_and_the_others_get_it(scripted: Start) -> None:
    server = scripted({"b@example.org": "451 4.7.1 grey-listed, come back"})
    with pytest.raises(DeliveryError, match=r"took it, but not for all.*for b\*\*\*@example\.org") as caught:
        send("mail", server.url(to="me@example.org,b@example.org"), PAYLOAD, **NAMED, attempt=5)
    assert (caught.value.partial, len(server.taken)) == (True, 1)


def test_a_full_mailbox_keeps_nobody_else_waiting(scripted: Start) -> None:
    server = scripted({"full@example.org": "452 4.2.2 over quota"})
    error = trouble(server.url(to="me@example.org,full@example.org"))
    assert (error.partial, len(server.taken)) == (True, 1)


def test_no_such_host_for_a_day_stops_the_channel(scripted: Start) -> None:
    url = scripted().url().replace("smtp=localhost", "smtp=nowhere.invalid")
    with pytest.raises(DeliveryError, match="smtp=") as caught:
        send("mail", url, PAYLOAD, **NAMED, attempt=9)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("stage", "means"),
    [("greeting", "transient"), ("RCPT", "transient"), ("DATA", "transient"), ("message", "unknown")],
)
@pytest.mark.parametrize(("drips", "says"), [("2", "no answer in time"), ("220-more\r\n" * 2000, "without end")])
def test_a_reply_that_never_ends_holds_no_mail(scripted: Start, stage: str, means: str, drips: str, says: str) -> None:
    server = scripted({stage: f"{DRIPPING}{drips}"})
    with pytest.raises(DeliveryError) as caught:
        send("mail", server.url(), PAYLOAD, **NAMED, patience=1.0)
    assert (kind(caught.value), says in str(caught.value)) == (means, True), str(caught.value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litwatch.deliver.plugin.TIMEOUT", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("stage", "means"),
    [("greeting", "transient"), ("AUTH", "transient"), ("DATA", "transient"), ("message", "unknown")],
)
def test_silence_is_unknown_only_after_the_whole_message(scripted: Start, stage: str, means: str) -> None:
    error = trouble(scripted({stage: SILENCE}).url(cto="0.2", rto="0.2"))
    assert (kind(error), "no answer in time" in str(error)) == (means, True), str(error)


def test_nobody_at_the_port_is_tried_again(scripted: Start) -> None:
    server = scripted()
    url = server.url()
    server.close()
    error = trouble(url)
    assert kind(error) == "transient"
    assert "check server and port" in str(error)


def test_no_such_host_is_tried_again(scripted: Start) -> None:
    error = trouble(scripted().url().replace("smtp=localhost", "smtp=nowhere.invalid"))
    assert kind(error) == "transient"
    assert "smtp=" in str(error)


def test_a_server_without_starttls_is_told_with_port_and_mode(scripted: Start) -> None:
    error = trouble(scripted().url(mode="starttls"))
    assert error.permanent
    assert "offers no STARTTLS" in str(error)


def test_tls_to_a_port_without_is_told_with_port_and_mode(scripted: Start) -> None:
    error = trouble(scripted().url(mode="ssl"))
    assert error.permanent
    assert "mode=starttls" in str(error)


def test_a_certificate_that_nobody_vouches_for_stops_the_channel_with_a_cure(
    scripted: Start, tls: ssl.SSLContext
) -> None:
    error = trouble(scripted(starttls=tls).url(mode="starttls"))
    assert kind(error) == "permanent"
    assert "certificate" in str(error)


@pytest.mark.parametrize(
    ("name", "days", "says"), [("other.example.org", 1, "another host"), ("localhost", -1, "has expired")]
)
def test_a_certificate_for_another_host_or_out_of_date_says_so(
    scripted: Start, monkeypatch: pytest.MonkeyPatch, name: str, days: int, says: str
) -> None:
    authority = trustme.CA()
    leaf = authority.issue_cert(name, not_after=datetime.now(UTC) + timedelta(days=days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    with authority.cert_pem.tempfile() as bundle:
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        error = trouble(scripted(starttls=context).url(mode="starttls"))
    assert kind(error) == "permanent"
    assert says in str(error)


def test_a_challenge_that_cannot_be_read_has_sent_nothing(scripted: Start) -> None:
    server = scripted({"AUTH": "334 abc"}, logins_known="CRAM-MD5")
    error = trouble(server.url())
    assert (kind(error), "offers no login that litwatch can do" in str(error)) == ("permanent", True), str(error)
    assert not server.taken


def test_an_address_of_a_kind_that_this_machine_has_not_hides_no_other_one(
    scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, family_of_nobody = scripted(), 99
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
    odd = (family_of_nobody, *here[1:])
    for addresses in ([odd, here], [here, odd]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=addresses, **__: found)
        send("mail", server.url(), PAYLOAD, **NAMED)
    assert len(server.taken) == 2
    server.close()
    for addresses in ([odd, here], [here, odd]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=addresses, **__: found)
        assert "connection refused" in str(trouble(server.url()))


def test_a_server_without_login_says_so(scripted: Start) -> None:
    error = trouble(scripted(logins_known="").url())
    assert error.permanent
    assert "offers no login" in str(error)


@pytest.mark.parametrize("logins", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("password", ["plain", "grüße, 世界", "a b%40:/?#&+"])
def test_any_password_comes_to_the_server_as_it_is(scripted: Start, logins: str, password: str) -> None:
    server = scripted(logins_known=logins)
    send("mail", server.url(user="jürgen@example.org", password=password), PAYLOAD, **NAMED)
    assert server.logins == [("jürgen@example.org", password)]


def test_each_attempt_sends_the_same_bytes_and_so_does_making_it_again(scripted: Start, tls: ssl.SSLContext) -> None:
    server = scripted({"message": "451 later"}, from_the_start=tls)
    url = server.url(mode="ssl", verify="no", to="me@example.org,you@example.org", cc="c@example.org,a@example.org")
    trouble(url)
    server.script.replies["message"] = "250 ok"
    for _ in range(2):
        send("mail", url, PAYLOAD, **NAMED)
    first, second = server.taken
    assert first == second == mail_of("mail", url, PAYLOAD, **NAMED)


def test_the_longest_name_of_a_digest_stands_in_its_header_as_it_is(scripted: Start) -> None:
    server = scripted()
    digest = f"{'a' * 64}/goes-on-{'b' * 24}/2025-11-24T080000Z"
    send("mail", server.url(), PAYLOAD, **{**NAMED, "digest": digest})
    assert f"\r\nX-Litwatch-Digest: {digest}\r\n".encode() in server.taken[0]


def test_mails_that_cannot_be_encrypted_are_not_sent_in_the_clear(scripted: Start) -> None:
    server = scripted()
    error = trouble(server.url(pgp="encrypt"))
    assert error.permanent
    assert not server.taken
