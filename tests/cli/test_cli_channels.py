"""Adding a channel by asking, listing channels, and testing one; no secret is ever shown."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import resource
import select
import stat
import subprocess
import sys
import termios
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import SLACK_URL, Answer, Litwatch, MailServer, SlackServer
from litwatch.errors import ConfigError
from litwatch.service.channels import add_to_file
from scripted_mail import Script, ScriptedMail

SECRET = "p@ss/w:rd#1? ü"
HOOK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C"
NOW = "2025-11-17T09:00:00Z"

Add = Callable[..., Answer]


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


@pytest.fixture
def add(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> Add:
    litwatch.configure("# mine\n[rank]\ntop = 7  # few\n")

    def run(*words: str, secret: str = SECRET) -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
        answer = litwatch("channel", "add", *words, "--password-stdin", now=NOW)
        for form in {secret, quote(secret, safe=""), secret.rpartition("/")[2]} - {""}:
            assert form not in answer.out + answer.err
        return answer

    return run


def mail_words(server: ScriptedMail, *more: str) -> tuple[str, ...]:
    words = ("weekly", "--service", "mail", "--server", "localhost", "--port", str(server.port), "--tls", "none")
    return (*words, "--user", "me@example.org", "--to", "you@example.org", *more)


def test_a_mail_channel_is_appended_and_everything_else_stays_to_the_byte(
    add: Add, litwatch: Litwatch, mail: ScriptedMail
) -> None:
    config = litwatch.folder / "litwatch.toml"
    config.chmod(0o600)
    before = config.read_bytes()
    answer = add(*mail_words(mail, "--schedule", "fri 17:00 Europe/Berlin", "--alerts", "--test"))
    assert (answer.code, answer.err) == (0, "")
    after = config.read_bytes()
    assert after.startswith(before)
    (channel,) = tomllib.loads(after.decode())["channels"].values()
    assert (channel["lines"], channel["schedule"], channel["alerts"]) == (["*"], "fri 17:00 Europe/Berlin", True)
    assert mail.logins == [("me@example.org", SECRET)]
    assert b"Subject: litwatch: a test message (weekly)" in mail.taken[0]
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert litwatch("channel", "test", "weekly", now=NOW).code == 0
    assert mail.logins[1:] == [("me@example.org", SECRET)]


def test_a_file_that_everybody_reads_is_closed_before_it_holds_a_secret(
    add: Add, litwatch: Litwatch, mail: ScriptedMail
) -> None:
    config = litwatch.folder / "litwatch.toml"
    config.chmod(0o644)
    answer = add(*mail_words(mail))
    assert answer.code == 0
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert "its mode is 0600" in answer.err
    assert not mail.taken, "a test message is only sent when it is wanted"


def test_the_line_ends_of_the_file_are_kept(add: Add, litwatch: Litwatch, mail: ScriptedMail) -> None:
    config = litwatch.folder / "litwatch.toml"
    config.write_bytes(b"[rank]\r\ntop = 7")
    assert add(*mail_words(mail)).code == 0
    written = config.read_bytes()
    assert written.startswith(b"[rank]\r\ntop = 7\r\n\r\n[channels.weekly]\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_a_refused_test_message_adds_nothing_and_names_the_cure(
    add: Add, litwatch: Litwatch, mail: ScriptedMail
) -> None:
    mail.script.replies["AUTH"] = "535 5.7.8 bad credentials"
    before = (litwatch.folder / "litwatch.toml").read_bytes()
    answer = add(*mail_words(mail, "--test"))
    assert answer.code == 1
    assert "refuses the login" in answer.err
    assert (litwatch.folder / "litwatch.toml").read_bytes() == before


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_disk_without_room_leaves_the_file_as_it_was(tmp_path: Path, mode: int) -> None:
    config = tmp_path / "litwatch.toml"
    config.write_bytes(b"[rank]\ntop = 7\n")
    config.chmod(mode)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(config.read_bytes()) + 10, limits[1]))
    try:
        with pytest.raises(ConfigError, match="cannot be written"):
            add_to_file(config, b"[channels.lab]\nurl = 'slack://'\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert config.read_bytes() == b"[rank]\ntop = 7\n"
    assert stat.S_IMODE(config.stat().st_mode) == mode


def test_slacks_webhook_is_taken_as_slack_shows_it(add: Add, litwatch: Litwatch, slack_server: SlackServer) -> None:
    answer = add("lab", "--service", "slack", "--lines", "empathy-*", "--test", secret=HOOK)
    assert (answer.code, len(slack_server.taken)) == (0, 1)
    written = tomllib.loads((litwatch.folder / "litwatch.toml").read_text())["channels"]["lab"]
    assert written["url"] == "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C"
    assert written["lines"] == ["empathy-*"]


def test_only_the_url_can_go_to_a_file_of_its_own_that_the_environment_names(add: Add, litwatch: Litwatch) -> None:
    before = (litwatch.folder / "litwatch.toml").read_bytes()
    words = ("my-lab", "--service", "slack", "--schedule", "mon 09:00 UTC", "--url-file", "lab.url")
    answer = add(*words, secret=HOOK)
    path = litwatch.folder / "lab.url"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"LITWATCH_CHANNELS__MY_LAB__URL_FILE={path}" in answer.out
    assert f"LoadCredential=my-lab-url:{path}" in answer.out
    assert "Environment=LITWATCH_CHANNELS__MY_LAB__URL_FILE=%d/my-lab-url" in answer.out
    assert (litwatch.folder / "litwatch.toml").read_bytes() == before
    lines = [row.strip() for row in answer.out.splitlines() if row.startswith("  LITWATCH_")]
    litwatch.env = dict(row.split("=", 1) for row in lines)
    (row,) = litwatch("channel", "list", "--json").json
    assert (row["channel"], row["service"], row["schedule"]) == ("my-lab", "slack", "mon 09:00 UTC")
    again = add(*words, secret=HOOK)
    assert again.code == 1


def test_another_service_is_taken_by_its_url(add: Add, litwatch: Litwatch) -> None:
    answer = add("phone", "--service", "other", secret="ntfys://me:geheim@ntfy.example.org/papers")
    assert answer.code == 0
    assert litwatch("channel", "list", "--json").json[0]["service"] == "ntfys"


def test_a_webhook_as_slack_shows_it_is_slack_whatever_it_is_called(
    add: Add, litwatch: Litwatch, slack_server: SlackServer
) -> None:
    assert add("lab", "--service", "other", "--test", secret=HOOK).code == 0
    assert litwatch("channel", "list", "--json").json[0]["service"] == "slack"
    assert "blocks" in slack_server.taken[0]["attachments"][0]


def test_every_character_is_read_from_the_file_as_it_was_given(add: Add, litwatch: Litwatch) -> None:
    (litwatch.folder / "litwatch.toml").chmod(0o600)
    url = "ntfys://me:ge\u007fheim\U0001f600@ntfy.example.org/papers"
    answer = add("phone", "--service", "other", "--lines", "\U0001f600-*", "--lines", 'a"\\\u007f', secret=url)
    assert (answer.code, answer.err) == (0, "")
    written = tomllib.loads((litwatch.folder / "litwatch.toml").read_text(encoding="utf-8"))["channels"]["phone"]
    assert (written["url"], written["lines"]) == (url, ["\U0001f600-*", 'a"\\\u007f'])


def test_what_is_no_text_is_one_line(add: Add) -> None:
    answer = add("phone", "--service", "other", "--lines", "\udcff", secret="ntfys://me:geheim@ntfy.example.org/papers")
    assert (answer.code, answer.err.count("\n"), "not UTF-8" in answer.err) == (1, 1, True)


def test_a_file_for_the_url_that_is_there_already_is_told_before_a_message_is_sent(
    add: Add, litwatch: Litwatch, mail: ScriptedMail
) -> None:
    (litwatch.folder / "weekly.url").write_text("mine")
    answer = add(*mail_words(mail, "--test", "--url-file", "weekly.url"))
    assert (answer.code, "is there already" in answer.err, mail.taken) == (1, True, [])


@pytest.mark.parametrize("command", [("channel", "test", "lab"), ("doctor", "--send-test")])
def test_what_a_channels_library_does_not_foresee_is_told_without_the_secret(
    litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    import requests

    def bad(url: str, **_: object) -> None:
        raise ValueError(f"something about {url}")

    nowhere = "".join(f'{kind}_url = "http://127.0.0.1:9/"\n' for kind in ("api", "oai", "rss"))
    litwatch.configure(f'[arxiv]\n{nowhere}[channels.lab]\nurl = "{SLACK_URL}"\n')
    monkeypatch.setattr(requests, "post", bad)
    answer = litwatch(*command, now=NOW)
    assert answer.code == 1
    assert "unexpected error (ValueError in" in answer.out + answer.err
    assert "Traceback" not in answer.err
    assert "TIiajkdnlazkcOXrIdevi7C" not in answer.out + answer.err


def test_a_bug_keeps_its_traceback_without_the_secret(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    import apprise

    def bad(url: str, **_: object) -> None:
        raise ValueError(f"something about {url}")

    litwatch.configure(f'[channels.lab]\nurl = "{SLACK_URL}"\n')
    monkeypatch.setattr(apprise.Apprise, "instantiate", bad)
    answer = litwatch("digest", "--send", now=NOW)
    assert (answer.code, "Traceback" in answer.err, "ValueError: something about ***" in answer.err) == (1, True, True)
    assert "TIiajkdnlazkcOXrIdevi7C" not in answer.err


@pytest.mark.parametrize(
    ("words", "secret", "says"),
    [
        (("lab", "--service", "slack"), "https://example.org/hook/geheim", "neither a webhook's address"),
        (("lab", "--service", "slack", "--schedule", "never"), HOOK, "schedule"),
        (("a b", "--service", "slack"), HOOK, "letters, digits"),
        (("lab", "--service", "other"), "nosuch://geheim", "apprise cannot use its url"),
        (("lab", "--service", "other"), "mailtos://me:p@geheim@smtp.example.org", "a raw @"),
        (("w", "--service", "mail", "--server", "smtp x", "--user", "a@b.org"), "geheim", "no host name"),
        (("w", "--service", "mail", "--server", "s.org", "--from", "nobody"), "geheim", "no mail address"),
    ],
)
def test_what_cannot_be_is_one_line_and_adds_nothing(
    add: Add, litwatch: Litwatch, words: tuple[str, ...], secret: str, says: str
) -> None:
    before = (litwatch.folder / "litwatch.toml").read_bytes()
    answer = add(*words, secret=secret)
    assert (answer.code, answer.err.count("\n")) == (1, 1), answer.err
    assert says in answer.err
    assert "geheim" not in answer.err
    assert (litwatch.folder / "litwatch.toml").read_bytes() == before


def test_a_name_that_is_taken_is_refused(add: Add, litwatch: Litwatch, mail: ScriptedMail) -> None:
    assert add(*mail_words(mail)).code == 0
    again = add(*mail_words(mail))
    assert (again.code, "there is a channel weekly already" in again.err) == (1, True)


def test_without_anybody_to_ask_what_is_missing_is_wrong_usage(add: Add) -> None:
    answer = add("weekly", "--service", "mail")
    assert (answer.code, "--server is missing" in " ".join(answer.err.split())) == (2, True)


def test_a_secret_on_standard_input_must_be_there(add: Add) -> None:
    answer = add("lab", "--service", "slack", secret="")
    assert answer.code == 1
    assert "holds no secret" in answer.err


class Terminal:
    """litwatch at a terminal, where somebody reads the questions and types."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._own, theirs = pty.openpty()
        env = {name: value for name, value in os.environ.items() if not name.startswith("LITWATCH_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "litwatch", *words],
            cwd=folder,
            env=env | {"LITWATCH_NOW": NOW, "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.shown = ""

    def answer(self, question: str, answer: str) -> None:
        self._read_until(question)
        os.write(self._own, f"{answer}\n".encode())

    def end(self) -> int:
        self._read_until("")
        os.close(self._own)
        return self.process.wait(20)

    def _read_until(self, text: str) -> None:
        begun = len(self.shown)
        while not (text and text in self.shown[begun:]):
            ready, _, _ = select.select([self._own], [], [], 30)
            assert ready, f"waited for {text!r} after {self.shown!r}"
            try:
                said = os.read(self._own, 4096)
            except OSError:  # what Linux says at the end of a terminal
                said = b""
            if not said:
                assert not text, f"ended before {text!r} after {self.shown!r}"
                return
            self.shown += said.decode()


def test_at_a_terminal_everything_is_asked_and_the_password_is_not_shown(
    litwatch: Litwatch, mail: ScriptedMail
) -> None:
    litwatch.configure("")
    terminal = Terminal(litwatch.folder, "channel", "add")
    terminal.answer("Name of the channel", "")
    terminal.answer("What kind of channel", "letter")
    terminal.answer("What kind of channel", "mail")
    terminal.answer("Mail server", "localhost")
    terminal.answer("TLS", "none")
    terminal.answer("Port", str(mail.port))
    terminal.answer("User name", "me@example.org")
    terminal.answer("From which address", "")
    terminal.answer("To which addresses", "you@example.org")
    terminal.answer("not shown): ", SECRET)  # the space comes when nothing is shown any more
    terminal.answer("Lines", "")
    terminal.answer("When digests go out", "")
    terminal.answer("at once", "y")
    terminal.answer("Send a test message", "")
    assert terminal.end() == 0
    assert SECRET not in terminal.shown
    assert quote(SECRET, safe="") not in terminal.shown
    assert mail.logins == [("me@example.org", SECRET)]
    written = tomllib.loads((litwatch.folder / "litwatch.toml").read_text())["channels"]["weekly-mail"]
    assert (written["schedule"], written["alerts"]) == ("mon 08:00 UTC", True)


def test_a_wrong_answer_is_asked_for_again_and_loses_no_other(litwatch: Litwatch, mail: ScriptedMail) -> None:
    litwatch.configure('[channels.taken]\nurl = "ntfys://ntfy.example.org/papers"\n')
    terminal = Terminal(litwatch.folder, "channel", "add")
    for question, wrong, right in (
        ("Name of the channel", "a b", "taken"),
        ("Name of the channel", "", None),
        ("What kind of channel", "mail", None),
        ("Mail server", "smtp x", "localhost"),
        ("TLS", "none", None),
        ("Port", "many", str(mail.port)),
        ("User name", "me@example.org", None),
        ("From which address", "me", ""),
        ("To which addresses", "you@example.org and others", "you@example.org, me@example.org"),
        ("not shown): ", SECRET, None),
        ("Lines", ",", "*"),
        ("When digests go out", "never", "fri 17:00 Europe/Berlin"),
        ("at once", "n", None),
        ("Send a test message", "n", None),
    ):
        terminal.answer(question, wrong)
        if right is not None:
            terminal.answer(question, right)
    assert terminal.end() == 0, terminal.shown
    written = tomllib.loads((litwatch.folder / "litwatch.toml").read_text())["channels"]["weekly-mail"]
    assert (written["lines"], written["schedule"]) == (["*"], "fri 17:00 Europe/Berlin")


def test_a_stopped_channel_is_listed_with_its_reason_and_goes_on_after_a_test(
    litwatch: Litwatch, slack_server: SlackServer
) -> None:
    litwatch("demo", ".")
    with (litwatch.folder / "litwatch.toml").open("a") as file:
        file.write(f'[channels.lab]\nurl = "{SLACK_URL}"\nalerts = true\n')
    slack_server.status, slack_server.answer = 404, b"no_service"
    first = litwatch("digest", "--send", now=NOW)
    assert (first.code, "no such webhook" in first.err) == (1, True)
    (row,) = litwatch("channel", "list", "--json", now=NOW).json
    assert (row["state"], row["stopped_at"], row["waiting"]) == ("stopped", NOW, 1)
    assert "no such webhook" in row["because"]
    again = litwatch("digest", "--send", now="2025-11-17T10:00:00Z")
    assert (again.code, "channel lab is stopped" in again.err) == (1, True)
    assert "litwatch channel test lab" in again.err
    assert litwatch("channel", "test", "lab", now=NOW).code == 1
    slack_server.status, slack_server.answer = 200, b"ok"
    tested = litwatch("channel", "test", "lab", now=NOW)
    assert (tested.code, "goes on now" in tested.out) == (0, True)
    assert litwatch("digest", "--send", now="2025-11-17T10:00:00Z").code == 0
    test, digest = (message["attachments"][0]["fallback"] for message in slack_server.taken)
    assert test == "litwatch: a test message (lab)"
    assert digest.startswith("litwatch: ")
    shown = litwatch("channel", "list", now=NOW)
    assert "ok" in shown.out
    assert "TIiajkdnlazkcOXrIdevi7C" not in shown.out + tested.out + first.err + again.err


def test_a_test_message_is_like_a_digest(litwatch: Litwatch, mail_server: MailServer) -> None:
    litwatch.configure(f'[channels.mail]\nurl = "{mail_server.url()}"\n')
    assert litwatch("channel", "test", "mail", now=NOW).code == 0
    (mail,) = mail_server.taken
    html = mail.get_body(("html",))
    assert html is not None
    assert "the papers below are invented" in html.get_content()
    assert html.get_content().count("https://arxiv.org/abs/") == 12


def test_no_channel_of_that_name_is_told(litwatch: Litwatch) -> None:
    litwatch.configure("")
    assert litwatch("channel", "test", "lab").code == 3
    assert "litwatch channel add" in litwatch("channel", "list").out
    assert litwatch("channel", "list", "--json").json == []
