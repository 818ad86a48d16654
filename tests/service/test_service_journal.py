"""The log: its forms, the unit that a record belongs to, and that no text in it forges a line or shows a secret."""

from __future__ import annotations

import base64
import contextvars
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.service import journal, redaction
from litwatch.service.redaction import harmless, hide, redacted, secrets_of

PASSWORD = "p@ss/w:rd%1"
MAIL = f"mailtos://reader%40example.org:{quote(PASSWORD, safe='')}@smtp.example.org?to=me@example.org"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C/#papers"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Logging, hooks and what is hidden are the process's: each test gives them back."""
    root = logging.getLogger()
    handlers, level, hooks = list(root.handlers), root.level, (sys.excepthook, threading.excepthook)
    known, pattern = redaction._hidden, redaction._pattern
    apprise = logging.getLogger("apprise")
    apart, apprise.propagate = not apprise.propagate, True  # a send in this process keeps its log to itself
    yield
    apprise.propagate = not apart
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    redaction._hidden, redaction._pattern = known, pattern


def begin(form: Literal["text", "json"]) -> io.StringIO:
    stream = io.StringIO()
    journal.set_up(form, stream)
    return stream


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


log = logging.getLogger("litwatch.daemon")

# --- forms ---------------------------------------------------------------------------------------------------


def test_a_line_of_text_says_when_how_grave_where_within_what_and_what() -> None:
    said = begin("text")
    with journal.unit("poll", "all") as name:
        log.warning("asked %d times", 3)
    when, *rest = said.getvalue().split(" ", 1)
    assert when.endswith("Z")
    assert when[10] == "T"
    assert rest == [f"WARNING litwatch.daemon [{name}] asked 3 times\n"]


def test_a_json_record_has_every_field_also_the_empty_ones() -> None:
    said = begin("json")
    with journal.unit("deliver", "weekly-mail") as name:
        log.info("sent")
    log.info("idle")
    within, outside = records(said)
    assert within.keys() == {"ts", "level", "logger", "unit", "kind", "subject", "message", "exc"}
    told = {key: within[key] for key in ("unit", "kind", "subject", "message", "exc", "level")}
    assert told == {
        "unit": name, "kind": "deliver", "subject": "weekly-mail", "message": "sent", "exc": "", "level": "INFO",
    }  # fmt: skip
    assert (outside["unit"], outside["kind"], outside["subject"]) == ("", "", "")


def test_set_up_again_replaces_the_log() -> None:
    first, second = begin("text"), begin("json")
    log.info("once")
    assert first.getvalue() == ""
    assert [record["message"] for record in records(second)] == ["once"]


@pytest.mark.parametrize("name", ["arxiv", "urllib3.connectionpool", "apprise", "alembic"])
def test_noisy_libraries_are_heard_from_warnings_on(name: str) -> None:
    said = begin("json")
    logging.getLogger(name).info("every request")
    logging.getLogger(name).warning("trouble")
    assert [record["message"] for record in records(said)] == ["trouble"]


def test_the_scheduler_that_warns_at_every_beat_of_a_long_poll_is_heard_from_errors_on() -> None:
    said = begin("json")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances reached")
    logging.getLogger("apscheduler.scheduler").error("trouble")
    assert [record["message"] for record in records(said)] == ["trouble"]


def test_an_error_that_nobody_caught_in_a_thread_is_logged() -> None:
    said = begin("json")

    def work() -> None:
        raise ValueError("of no use")

    thread = threading.Thread(target=work, name="deliveries")
    thread.start()
    thread.join()
    (record,) = records(said)
    assert record["level"] == "CRITICAL"
    assert "deliveries" in record["message"]
    assert record["exc"].endswith("ValueError: of no use")


def test_a_stream_that_takes_nothing_more_ends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = begin("text")
    said.close()
    log.info("to nobody")
    assert capsys.readouterr().err == ""


def test_a_stream_of_few_characters_gets_the_others_as_escapes() -> None:
    bytes_taken = io.BytesIO()
    journal.set_up("text", io.TextIOWrapper(bytes_taken, encoding="ascii", write_through=True))
    log.info("Müller")
    assert bytes_taken.getvalue().endswith(b"M\\xfcller\n")


def test_a_message_that_does_not_fit_its_arguments_is_told_all_the_same() -> None:
    logging.getLogger().handlers.clear()  # pytest's own would raise
    said = begin("json")
    log.info("asked %d times", "often")
    assert records(said)[0]["message"] == "asked %d times ('often',)"


# --- units ---------------------------------------------------------------------------------------------------


def test_units_have_ids_of_their_own_and_the_outer_one_comes_back() -> None:
    said = begin("json")
    with journal.unit("poll") as outer:
        with journal.unit("judge") as inner:
            log.info("within")
        log.info("after")
    assert outer != inner
    assert [record["unit"] for record in records(said)] == [inner, outer]


def test_a_thread_in_a_copied_context_belongs_to_the_unit_and_another_does_not() -> None:
    said = begin("json")
    with journal.unit("deliver") as name:
        here = contextvars.copy_context()
        for work in (lambda: here.run(log.info, "copied"), lambda: log.info("bare")):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    assert {record["message"]: record["unit"] for record in records(said)} == {"copied": name, "bare": ""}


def test_observers_learn_how_each_unit_ended_until_they_leave() -> None:
    ended: list[tuple[str, bool]] = []
    leave = journal.observe(lambda kind, seconds, well: ended.append((kind, well and seconds >= 0)))
    with journal.unit("poll"):
        pass
    with pytest.raises(ValueError, match="broken"), journal.unit("judge"):
        raise ValueError("broken")
    leave()
    with journal.unit("deliver"):
        pass
    assert ended == [("poll", True), ("judge", False)]


def test_a_unit_that_went_on_after_trouble_did_not_end_well() -> None:
    ended: list[tuple[str, bool]] = []
    leave = journal.observe(lambda kind, seconds, well: ended.append((kind, well)))
    journal.trouble()  # within no unit: nobody's
    with journal.unit("upkeep"):
        with journal.unit("backup"):
            journal.trouble()
        with journal.unit("retention"):
            pass
    leave()
    assert ended == [("backup", False), ("retention", True), ("upkeep", True)]


def test_an_observer_that_fails_holds_no_unit_up() -> None:
    said = begin("json")

    def fail(*_: object) -> None:
        raise RuntimeError("counting is broken")

    leave = journal.observe(fail)
    with journal.unit("poll"):
        log.info("done")
    leave()
    assert [record["message"] for record in records(said)] == ["done", "an observer of units failed"]


# --- hostile text --------------------------------------------------------------------------------------------

HOSTILE = [
    "first\n2026-01-01T00:00:00.000Z INFO litwatch.daemon forged",
    "first\r\nforged",
    "\x1b[2J\x1b]0;owned\x07 clear",
    "\x9b31m C1",
    "right \u202e to left",
    "a\u2028line\u2029paragraph\x85next",
    "half of a pair \ud800",
    "zero\0byte and \x7f delete",
]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_begins_another_line_or_steers_a_terminal(form: Literal["text", "json"], text: str) -> None:
    said = begin(form)
    log.info("the title is %s", text)
    line = said.getvalue()
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    if form == "json":
        assert json.loads(line)["message"].isprintable()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_text_within_a_traceback_passes_for_a_record(form: Literal["text", "json"]) -> None:
    said = begin(form)
    try:
        raise ValueError("trouble\n2026-01-01T00:00:00.000Z INFO litwatch.daemon forged\x1b[2J")
    except ValueError:
        log.exception("a unit failed")
    first, *others = said.getvalue().splitlines()
    assert "\x1b" not in said.getvalue()
    assert "a unit failed" in first
    assert all(line.startswith("    ") for line in others)


@given(st.text())
def test_harmless_text_is_always_printable_and_plain_text_stays(text: str) -> None:
    assert harmless(text).replace("\u00a0", " ").isprintable()
    if text.isprintable():
        assert harmless(text) == text


# --- secrets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_form_of_a_password_is_logged_by_anybody(form: Literal["text", "json"]) -> None:
    said = begin(form)
    hide(secrets_of(MAIL))
    hide(secrets_of(SLACK))
    other = logging.getLogger("somebody.else")
    other.warning("cannot use %s", MAIL)
    other.warning("login with %r failed", PASSWORD)
    other.warning("POST /services/%s", "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C")
    try:
        raise ConnectionError(f"no answer from {MAIL} nor {quote(PASSWORD)}")
    except ConnectionError:
        other.exception("trouble")
    with journal.unit("deliver", SLACK):
        other.warning("within")
    text = said.getvalue()
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "w:rd", "T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7C"):
        assert secret not in text
    assert text.count("***") >= 6


@pytest.mark.parametrize(
    ("url", "hidden", "shown"),
    [
        (MAIL, ["reader@example.org", PASSWORD], ["smtp.example.org", "me@example.org"]),
        ("mailtos://me:pa?ss#wo/rd@smtp.example.org?to=a@example.org", ["pa?ss#wo/rd"], ["smtp.example.org"]),
        ("mailtos://me:p@ssw@rd@smtp.example.org?to=a@example.org", ["p@ssw@rd"], ["a@example.org"]),
        ("mailto://u:secret99@mx.example.org?smtp=relay.example.org&pass=other-one", ["other-one"], ["relay.example"]),
        (SLACK, ["T1JJ3T3L2", "TIiajkdnlazkcOXrIdevi7C"], ["papers"]),
        ("tgram://123456789:AAbbCCddEE_ff/12315544/", ["AAbbCCddEE_ff", "123456789:AAbbCCddEE_ff"], []),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", ["JHMHI8qBe7bk2ZwO5U711o3dV_js"], []),
        ("jsons://hooks.example.org/x?+Authorization=Bearer%20abc123", ["abc123"], ["hooks.example.org"]),
        ("jsons://hooks.example.org/x?token=abc123&format=markdown", ["abc123"], ["markdown"]),
        ("ntfys://tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2@ntfy.example.org/alerts", ["tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"], []),
        (
            "postgresql+psycopg://litwatch:s3cret%21@db.example.org/litwatch",
            ["s3cret!"],
            ["litwatch", "db.example.org"],
        ),
        ("postgresql+psycopg://db/litwatch?password=hunter22", ["hunter22"], ["litwatch"]),
        ("sqlite:////var/lib/litwatch/litwatch.db", [], ["/var/lib/litwatch/litwatch.db"]),
        ("mailtos://me:a1@smtp.example.org", [], ["a1 and me stay readable elsewhere"]),
    ],
)
def test_the_secrets_of_a_url_are_its_secrets_and_no_more(url: str, hidden: list[str], shown: list[str]) -> None:
    hide(secrets_of(url))
    for secret in hidden:
        assert secret not in redacted(
            f"it said {secret} and {quote(secret, safe='')}, {secret!r}, {json.dumps(secret)}"
        )
    for text in shown:
        assert redacted(text) == text
    if hidden or "@" in url:
        assert redacted(f"at {url} now") == "at *** now"


def test_a_password_is_hidden_as_bytes_that_python_shows() -> None:
    hide(secrets_of("mailtos://reader:pässwörd@smtp.example.org"))
    assert redacted(f"sent {'pässwörd'.encode()!r}") == "sent b'***'"


@pytest.mark.parametrize(
    "url",
    [
        "mailtos://smtp.example.org?user=reader@example.org&pass=hunter22",
        "mailtos://smtp.example.org?user=reader%40example.org&pass=hunter22&to=me@example.org",
        "mailtos://reader%40example.org@smtp.example.org?pass=hunter22",
        "mailtos://reader%40example.org:hunter22@smtp.example.org",
    ],
)
@pytest.mark.parametrize("form", ["reader@example.org:hunter22", "\0reader@example.org\0hunter22"])
def test_a_login_is_hidden_as_it_goes_over_the_wire_wherever_the_url_has_it(url: str, form: str) -> None:
    hide(secrets_of(url))
    sent = base64.b64encode(form.encode()).decode()
    assert redacted(f"AUTH {sent}").rstrip("=") == "AUTH ***"


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_its_secrets(text: str) -> None:
    assert "" not in secrets_of(text)
    assert "" not in secrets_of(f"mailto://{text}")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=20))
def test_a_password_is_hidden_however_it_is_written(password: str) -> None:
    hidden = secrets_of(f"mailtos://reader@example.org:{quote(password, safe='')}@smtp.example.org")
    assert {password, quote(password, safe=""), repr(password)[1:-1]} <= hidden


def test_logging_of_a_warning_is_redacted_too(recwarn: pytest.WarningsRecorder) -> None:
    said = begin("text")
    hide(["hunter22"])
    logging.getLogger("py.warnings").warning("%s", "the password hunter22 is short")
    assert "hunter22" not in said.getvalue()
