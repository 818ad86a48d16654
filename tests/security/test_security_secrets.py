"""No secret in anything that is put out, and no file that others can read it in."""

from __future__ import annotations

import base64
import os
import stat
import zipfile
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from hostile_arxiv import CLAIM, QUESTION, HostileArxiv
from hostile_checks import is_shown
from hostile_texts import TEXTS

from conftest import SLACK_URL, Answer, Litwatch, SlackServer
from scripted_mail import Script, ScriptedMail

PASSWORD = "Ge/heim:W@rt%7"
DATABASE = "Daten:Geh@im/9"
TOKEN = "TIiajkdnlazkcOXrIdevi7C"
PLANTED = (PASSWORD, DATABASE, TOKEN, "A1BRTD4JD", "hidden-header-value", "T0p-Secret-Path")

COMMANDS = (
    ("lines",),
    ("lines", "--json"),
    ("show", "does"),
    ("papers", "does"),
    ("papers", "--all"),
    ("claims", "does", "--json"),
    ("harvests", "--questions"),
    ("harvests", "--json"),
    ("digest",),
    ("digest", "--json"),
    ("digest", "--channel", "lab", "--json"),
    ("digest", "--send"),
    ("digest", "--send", "--json"),
    ("outbox",),
    ("outbox", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("doctor", "--send-test"),
    ("channel", "list"),
    ("channel", "list", "--json"),
    ("channel", "test", "mail"),
    ("replay", "1"),
    ("replay", "1", "--form", "mail"),
    ("replay", "1", "--json"),
    ("poll", "--json"),
    ("poll",),
    ("tidy", "--json"),
    ("backup", "all.backup", "--json"),
    ("backup", "all.backup"),
    ("digest", "--channel", PASSWORD),
)


def forms(secret: str) -> set[str]:
    """A secret as libraries may write it."""
    coded = base64.b64encode(secret.encode()).decode().rstrip("=")
    found = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), coded, repr(secret)[1:-1]}
    return found | {form.lower() for form in found if "%" in form}


def has_no_secret(text: str, but: str = "") -> None:
    for secret in PLANTED:
        for form in forms(secret):
            assert form == but or form not in text, f"{form} in {text[:3000]}"


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


@pytest.fixture
def planted(litwatch: Litwatch, mail: ScriptedMail, slack_server: SlackServer) -> Iterator[Litwatch]:
    arxiv = HostileArxiv(TEXTS[:4])
    litwatch.configure(
        f"{arxiv.settings}"
        f'[channels.mail]\nurl = "{mail.url(password=PASSWORD)}"\nalerts = true\n'
        f'[channels.lab]\nurl = "{SLACK_URL}"\n'
        '[channels.hook]\nurl = "json://localhost:9/T0p-Secret-Path?+X-Token=hidden-header-value"\n'
    )
    litwatch("add-line", "--question", QUESTION, "--claim", CLAIM, "--categories", "cs.CL")
    yield litwatch
    arxiv.close()


def ran(litwatch: Litwatch, words: tuple[str, ...]) -> Answer:
    answer = litwatch(*words)
    said = PASSWORD if PASSWORD in words else ""
    has_no_secret(answer.out.replace(said, "") if said else answer.out)
    has_no_secret(answer.err.replace(said, "") if said else answer.err)
    return answer


@pytest.mark.parametrize("trouble", ["none", "the login repeated", "a reply that repeats it", "nobody there"])
def test_no_command_says_a_secret_of_a_channel(
    planted: Litwatch, mail: ScriptedMail, slack_server: SlackServer, trouble: str
) -> None:
    repeated = (
        f"535 5.7.8 {PASSWORD} {quote(PASSWORD, safe='')} {base64.b64encode(PASSWORD.encode()).decode()} \x1b[31m"
    )
    if trouble == "the login repeated":
        mail.script.replies = {"AUTH": repeated}
    elif trouble == "a reply that repeats it":
        mail.script.replies = {"RCPT": repeated.replace("535 5.7.8", "550 5.1.1")}
        slack_server.status, slack_server.answer = 403, f"invalid_token {TOKEN}".encode()
    elif trouble == "nobody there":
        mail.close()
    for words in COMMANDS:
        answer = ran(planted, words)
        is_shown(answer.err)
        assert "Traceback" not in answer.err, (words, answer.err[-3000:])
    for raw in mail.taken:
        has_no_secret(raw.decode("utf-8", "replace"))
    for message in slack_server.taken:
        has_no_secret(str(message))
    with zipfile.ZipFile(planted.folder / "all.backup") as made:
        has_no_secret(made.read("manifest.json").decode())


@pytest.mark.parametrize("words", [("lines",), ("doctor",), ("doctor", "--json"), ("backup", "x.backup"), ("poll",)])
@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://reader:{quote(DATABASE, safe='')}@127.0.0.1:9/litwatch",
        f"postgresql+psycopg://reader:{DATABASE}@127.0.0.1:9/litwatch",
        f"postgresql+psycopg://127.0.0.1:9/litwatch?user=reader&password={quote(DATABASE, safe='')}",
        f"evil://reader:{quote(DATABASE, safe='')}@127.0.0.1:9/litwatch",
        f"sqlite://reader:{quote(DATABASE, safe='')}@127.0.0.1:9/litwatch",
    ],
    ids=["encoded", "raw", "option", "unknown kind", "wrong kind"],
)
def test_no_command_says_the_password_of_a_database(litwatch: Litwatch, url: str, words: tuple[str, ...]) -> None:
    litwatch.configure('[arxiv]\napi_url = "http://127.0.0.1:9"\n')
    litwatch.env = {"LITWATCH_STORE__URL": url}
    (litwatch.folder / "watchlists" / "a.yaml").write_text("question: q\nclaims: [{id: c1, text: a}]\n")
    answer = ran(litwatch, words)
    assert answer.code == 1
    assert "Traceback" not in answer.err


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_what_holds_texts_or_secrets_is_the_owners_alone_whatever_the_umask(litwatch: Litwatch, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert litwatch("init").code == 0
        assert litwatch("add-line", "--question", QUESTION, "--claim", CLAIM).code == 0
        assert litwatch("lines").code == 0
        assert litwatch("backup", "all.backup").code == 0
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in litwatch.folder.iterdir() if path.is_file()}
    assert modes.keys() >= {"litwatch.toml", "litwatch.db", "all.backup"}
    assert set(modes.values()) == {0o600}, modes
    for path in [litwatch.folder / "watchlists", *(litwatch.folder / "watchlists").iterdir()]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o022, path


def test_the_files_that_sqlite_writes_beside_the_store_are_private_too(litwatch: Litwatch) -> None:
    from litwatch.store.store import open_store

    before = os.umask(0)
    store = open_store(f"sqlite:///{litwatch.folder}/own.db")
    try:
        with store.write():
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in litwatch.folder.glob("own.db*")}
    finally:
        os.umask(before)
        store.close()
    assert modes == {"own.db": 0o600, "own.db-wal": 0o600, "own.db-shm": 0o600}


@pytest.mark.parametrize(
    ("mode", "held", "ok", "says"),
    [
        (0o600, True, True, "other users cannot read it"),
        (0o640, True, True, "other users cannot read it"),
        (0o644, True, False, "every user here can read"),
        (0o604, True, False, "channels.lab.url"),
        (0o644, False, True, "holds none"),
        (0o622, False, False, "every user here can write"),
    ],
)
def test_doctor_names_a_configuration_whose_secrets_others_can_read(
    litwatch: Litwatch, mode: int, held: bool, ok: bool, says: str
) -> None:
    channel = f'[channels.lab]\nurl = "{SLACK_URL}"\n' if held else ""
    arxiv = HostileArxiv(TEXTS[:1])
    try:
        litwatch.configure(f"{arxiv.settings}{channel}")
        if not held:
            litwatch.env = {"LITWATCH_CHANNELS__LAB__URL": SLACK_URL}
        (litwatch.folder / "litwatch.toml").chmod(mode)
        rows = {row["check"]: row for row in litwatch("doctor", "--json").json}
    finally:
        arxiv.close()
    assert rows["secrets"]["ok"] is ok
    assert says in rows["secrets"]["says"]
    assert ok or f"chmod 600 {litwatch.folder}/litwatch.toml" in rows["secrets"]["says"]
    assert TOKEN not in rows["secrets"]["says"]
