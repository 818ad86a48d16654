"""What a reader's files may hold, by mistake or by somebody else's hand; and what may stand on a command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_arxiv import HostileArxiv
from hostile_checks import is_fine, is_harmless_mail, is_one_line, is_shown
from hostile_files import GOOD, NAMES, SETTINGS, URLS, WATCHLISTS, Setting
from hostile_pages import Page
from hostile_texts import CHOSEN, TEXTS

from conftest import Litwatch
from scripted_mail import Script, ScriptedMail


@pytest.fixture(scope="module")
def arxiv() -> Iterator[HostileArxiv]:
    service = HostileArxiv(TEXTS[:1])
    yield service
    service.close()


@pytest.fixture
def fresh(litwatch: Litwatch, arxiv: HostileArxiv) -> Litwatch:
    """Just made, and led to a service that answers at once."""
    assert litwatch("init").code == 0
    litwatch.env = {
        "LITWATCH_ARXIV__API_URL": f"{arxiv.others}/api",
        "LITWATCH_ARXIV__OAI_URL": arxiv.oai,
        "LITWATCH_ARXIV__RSS_URL": f"{arxiv.others}/rss",
        "LITWATCH_ARXIV__DELAY_SECONDS": "0",
    }
    return litwatch


@pytest.mark.parametrize("file", WATCHLISTS, ids=lambda file: file.name)
def test_a_hostile_watchlist_is_read_or_refused_in_one_line(fresh: Litwatch, file: Page) -> None:
    given = fresh.folder / "given.yaml"
    given.write_bytes(file.data)
    added = fresh("add-line", "given.yaml")
    is_fine(added, 0, 1)
    assert not (fresh.folder / "pwned").exists()
    (fresh.folder / "watchlists" / "by-hand.yaml").write_bytes(file.data)
    for words in (("lines",), ("show", "by-hand", "--json"), ("doctor",)):
        answer = fresh(*words)
        is_fine(answer, 0, 1, 3)
        if added.code and words != ("doctor",):
            assert answer.code == 1
            is_one_line(answer.err)
            assert "by-hand.yaml:" in answer.err


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_hostile_name_of_a_file_is_shown_harmless_or_refused(fresh: Litwatch, name: str) -> None:
    path = fresh.folder / "watchlists" / f"{name}.yaml"
    path.write_text(GOOD, encoding="utf-8")
    for words in (("lines",), ("lines", "--json"), ("show", name), ("digest",), ("doctor",), ("backup", "all.backup")):
        is_fine(fresh(*words), 0, 1, 2, 3)
    answer = fresh("add-line", str(path))
    is_fine(answer, 0, 1)
    assert {entry.name for entry in fresh.folder.iterdir()} <= {
        *("litwatch.toml", "watchlists", "all.backup", "litwatch.db", "litwatch.db-wal", "litwatch.db-shm")
    }
    if fresh("lines").code == 0 and not name.startswith("."):  # those are nobody's lines
        is_fine(fresh("remove", "--", name))
        assert not path.exists()


@pytest.mark.parametrize("called", ["../../x", "/etc/x", "a/b", "..", ".", "", "a\nb", "A" * 65, "сon", "a b", "-"])
def test_a_name_that_leads_elsewhere_is_wrong_usage(fresh: Litwatch, called: str) -> None:
    answer = fresh("add-line", "--question", "Can models plan?", "--claim", "No.", "--name", called)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert not list((fresh.folder / "watchlists").iterdir())
    assert {path.name for path in fresh.folder.iterdir()} == {"litwatch.toml", "watchlists"}


def test_a_link_in_the_folder_is_not_written_through_by_a_new_line(fresh: Litwatch, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    (fresh.folder / "watchlists" / "can-models-plan.yaml").symlink_to(outside)
    is_fine(fresh("add-line", "--question", "Can models plan?", "--claim", "No."), 0, 1)
    assert not outside.exists()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_hostile_configuration_is_refused_in_one_line(fresh: Litwatch, setting: Setting) -> None:
    (fresh.folder / "litwatch.toml").write_bytes(setting.toml)
    commands = [("add-line", "--question", "Can models plan?", "--claim", "No."), ("lines",)]
    if setting.toml.startswith(b"[arxiv]"):
        fresh.env = {}
    else:
        commands.append(("doctor", "--json"))
    for words in commands:
        is_fine(fresh(*words), 0, 1)
    assert {path.name for path in fresh.folder.iterdir()} <= {
        *("litwatch.toml", "watchlists", "litwatch.db", "litwatch.db-wal", "litwatch.db-shm", "x.db", "a" * 5000, "a"),
    }


@pytest.mark.parametrize("url", URLS, ids=lambda url: ascii(url)[:60])
def test_a_hostile_url_of_a_channel_adds_no_header_and_no_recipient(fresh: Litwatch, url: str) -> None:
    server = ScriptedMail(Script())
    try:
        at = url.replace("localhost:25", f"localhost:{server.port}")
        if at != url:
            at += "&mode=insecure" if "smtp=" in url else "&smtp=localhost&mode=insecure"
        fresh.env["LITWATCH_CHANNELS__A__URL"] = at
        is_fine(fresh("digest", "--channel", "a"), 0, 1)
        is_fine(fresh("digest", "--send"), 0, 1, 3)
        for raw in server.taken:
            is_harmless_mail(raw)
            assert b"evil@example.org" not in raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"From:")[0]
    finally:
        server.close()


@pytest.mark.parametrize("text", CHOSEN, ids=lambda text: text.name)
def test_hostile_words_on_a_command_line_are_answered_harmless(fresh: Litwatch, text: object) -> None:
    said = text.text.replace("\0", "")  # type: ignore[attr-defined]
    for words in (
        ("show", "--", said),
        ("mark", "--", "line", said, "useful"),
        ("digest", "--channel", said),
        ("papers", "line", "--since", said),
        ("replay", "--", said),
        ("add-line", "--", said),
    ):
        answer = fresh(*words)
        assert answer.code in (1, 2, 3), (words, answer)
        is_shown(answer.out)
        assert "Traceback" not in answer.err
        if answer.code != 2:
            is_one_line(answer.err)
        else:
            is_shown(answer.err)


def test_a_name_that_is_no_text_is_refused(fresh: Litwatch) -> None:
    path = os.fsencode(fresh.folder / "watchlists") + b"/\xff\xfe.yaml"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path of bytes
        file.write(GOOD)
    answer = fresh("lines")
    assert answer.code == 1
    is_one_line(answer.err)
