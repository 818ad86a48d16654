"""backup, restore and tidy as commands: their answers, and what they say of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Litwatch

NOBODY = "http://127.0.0.1:9/"
CONFIG = f"""
[arxiv]
api_url = "{NOBODY}"
oai_url = "{NOBODY}"
rss_url = "{NOBODY}"
delay_seconds = 0
[channels.desk]
url = "json://user:geheim@127.0.0.1:9/"
"""


@pytest.fixture
def kept(litwatch: Litwatch) -> Litwatch:
    """A litwatch with a line, a poll's worth of nothing, and a channel that the store knows."""
    litwatch.configure(CONFIG)
    litwatch("add-line", "--question", "Can models plan?", "--claim", "No.", "--categories", "cs.CL", "--name", "plans")
    litwatch("lines")
    litwatch("digest", "--send")
    return litwatch


def elsewhere(kept: Litwatch, config: str = CONFIG) -> Path:
    """Another folder with a configuration, an empty store to be and no line."""
    folder = kept.folder / "elsewhere"
    folder.mkdir()
    (folder / "litwatch.toml").write_text(config, encoding="utf-8")
    return folder / "litwatch.toml"


def test_a_backup_says_in_json_what_it_holds_and_warns_of_the_secrets_in_it(kept: Litwatch) -> None:
    made = kept("backup", "it.backup", "--json")
    path = kept.folder / "it.backup"
    assert made.code == 0
    assert set(made.json) == {"path", "tables", "bytes"}
    assert (made.json["path"], made.json["bytes"]) == (str(path), path.stat().st_size)
    assert made.json["tables"]["lines"] == 1
    assert "leases" not in made.json["tables"]
    assert "secrets" in made.err
    assert "geheim" not in made.out + made.err


def test_a_backup_goes_over_no_file_unless_forced(kept: Litwatch) -> None:
    (kept.folder / "mine").write_text("mine", encoding="utf-8")
    refused = kept("backup", "mine")
    assert (refused.code, (kept.folder / "mine").read_text(encoding="utf-8")) == (1, "mine")
    assert refused.err.count("\n") == 1
    assert "--force" in refused.err
    assert kept("backup", "mine", "--force").code == 0
    assert (kept.folder / "mine").stat().st_size > 1000
    assert kept("backup", ".").code == 1
    assert kept("backup", "no/such/folder/it").code == 1


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_dash_is_no_file(kept: Litwatch, command: str) -> None:
    assert kept(command, "-").code == 2


def test_what_is_backed_up_here_is_restored_there(kept: Litwatch) -> None:
    kept("backup", "it.backup")
    there = elsewhere(kept, config="# another\n")
    done = kept("restore", "it.backup", "--config", str(there), "--json")
    assert done.code == 0
    assert done.json["restored"] == str(kept.folder / "it.backup")
    assert done.json["bytes"] == (kept.folder / "it.backup").stat().st_size
    assert (done.json["tables"]["lines"], done.json["watchlists"], done.json["kept"]) == (1, 1, [])
    assert "elsewhere/litwatch.toml.restored" in done.err
    assert "geheim" not in done.out + done.err
    (line,) = json.loads(kept("lines", "--config", str(there), "--json").out)
    assert line["line"] == "plans"


def test_a_restore_says_what_may_be_told_again_unless_it_is_a_move(kept: Litwatch) -> None:
    kept("backup", "it.backup", now="2025-11-20T12:00:00Z")
    there = elsewhere(kept)
    said = kept("restore", "it.backup", "--config", str(there)).err
    assert "what channels were told after 2025-11-20T12:00:00Z is not in the backup" in said
    assert "tell" not in kept("restore", "it.backup", "--config", str(there), "--force", "--moved").err


def test_a_restore_over_a_store_that_holds_something_is_refused_and_says_how(kept: Litwatch) -> None:
    kept("backup", "it.backup")
    refused = kept("restore", "it.backup")
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert "--force" in refused.err
    done = kept("restore", "it.backup", "--force", "--json")
    assert done.json["kept"] == [str(kept.folder / "litwatch.db.before-restore")]
    assert "litwatch.db.before-restore" in done.err


@pytest.mark.parametrize("content", [None, b"", b"no backup", b"PK\x03\x04" + b"\x00" * 200])
def test_a_file_that_is_no_backup_is_refused_in_one_line(kept: Litwatch, content: bytes | None) -> None:
    if content is not None:
        (kept.folder / "it.backup").write_bytes(content)
    refused = kept("restore", "it.backup", "--force")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "it.backup" in refused.err


def test_doctor_says_how_the_backups_are(kept: Litwatch) -> None:
    def said() -> dict[str, object]:
        found = kept("doctor", "--json").json
        (check,) = [check for check in found if check["check"] == "backup"]
        return dict(check)

    assert "litwatch backup FILE" in str(said()["says"])
    kept.configure(CONFIG + '[backup]\npath = "backups"\n')
    assert "backups" in str(said()["says"])


def test_tidy_says_what_it_cleared_and_without_harm_what_it_would(kept: Litwatch) -> None:
    nothing = {"papers": 0, "records": 0, "digests": 0, "near_misses": 0, "vectors": 0, "questions": 0}
    assert kept("tidy", "--dry-run", "--json").json == {**nothing, "dry_run": True}
    assert kept("tidy", "--json").json == {**nothing, "dry_run": False}
    assert kept("tidy").out.startswith("Cleared the texts of 0 papers")


@pytest.mark.parametrize("begun", [False, True], ids=["an empty folder", "a folder that init made"])
def test_on_a_new_machine_the_backups_configuration_is_in_force(kept: Litwatch, begun: bool) -> None:
    kept("backup", "it.backup")
    there = Litwatch.__new__(Litwatch)
    there.__dict__.update(kept.__dict__)
    there.folder = kept.folder / "new"
    there.folder.mkdir()
    if begun:
        assert there("init").code == 0
    broken = kept.folder / "broken.backup"
    broken.write_bytes((kept.folder / "it.backup").read_bytes()[:-9])
    before = {path.name: path.read_bytes() for path in there.folder.glob("litwatch.toml")}
    assert there("restore", str(broken)).code == 1
    assert {path.name: path.read_bytes() for path in there.folder.glob("litwatch.toml")} == before
    done = there("restore", "../it.backup")
    assert done.code == 0
    assert "is in force" in done.err
    assert (there.folder / "litwatch.toml").read_text(encoding="utf-8") == CONFIG
    assert (there.folder / "litwatch.toml").stat().st_mode & 0o777 == 0o600
    assert [row["line"] for row in there("lines", "--json").json] == ["plans"]
    assert not (there.folder / "litwatch.toml.restored").exists()
