"""The reader's files as the daemon reads them: again where they changed, as they last were where they are broken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from litwatch.config import Config, load_config
from litwatch.errors import ConfigError
from litwatch.lines.watchlist import load_line
from litwatch.model import Line
from litwatch.service.setting import LastGood

WORKING = """question: Do invented lines stay?
about: A line invented for this test.
categories: [cs.CL]
claims:
  - id: c1
    text: They do.
"""


class Desk:
    """A folder with a configuration and one line, and how often each file was read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.toml = folder / "litwatch.toml"
        self.line = folder / "watchlists" / "stay.yaml"
        self.line.parent.mkdir()
        self.toml.write_text('[arxiv]\npoll = "daily 06:30 UTC"\n')
        self.line.write_text(WORKING)
        self.read: list[str] = []
        self.files = LastGood(self._config, [self.toml], self._line)

    def _config(self) -> Config:
        self.read.append("config")
        return load_config(self.toml, {}, self.folder)

    def _line(self, path: Path) -> Line:
        self.read.append(path.name)
        return load_line(path)

    def edit(self, path: Path, text: str) -> None:
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_text(text)
        # An edit within the file system's smallest step of time would be seen by its size alone.
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_files_that_did_not_change_are_not_read_again(desk: Desk) -> None:
    first = desk.files.current()
    assert desk.files.current() is first
    assert desk.read == ["config", "stay.yaml"]


def test_an_edited_line_is_taken_up(desk: Desk) -> None:
    first = desk.files.current()
    desk.edit(desk.line, WORKING.replace("They do.", "They go."))
    now = desk.files.current()
    assert now.lines[0].claims[0].text == "They go."
    assert now.number > first.number


def test_a_broken_line_stays_as_it_was_and_is_named(desk: Desk) -> None:
    desk.files.current()
    desk.edit(desk.line, "question: [")
    now = desk.files.current()
    assert [line.question for line in now.lines] == ["Do invented lines stay?"]
    assert "stay.yaml" in now.troubles[0]
    assert "stays as it was" in now.troubles[0]
    desk.edit(desk.line, WORKING)
    assert desk.files.current().troubles == ()


def test_a_line_that_was_broken_from_the_start_holds_no_other_up(desk: Desk) -> None:
    (desk.line.parent / "broken.yaml").write_text("claims: 7\n")
    now = desk.files.current()
    assert [line.slug for line in now.lines] == ["stay"]
    assert "it is no line" in now.troubles[0]


def test_an_unforeseen_error_of_one_file_holds_no_other_up(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    other = desk.line.parent / "other.yaml"
    other.write_text(WORKING.replace("stay", "go"))

    def read(path: Path) -> Line:
        if path == other:
            raise RecursionError("deep")
        return load_line(path)

    now = LastGood(desk._config, [desk.toml], read).current()
    assert [line.slug for line in now.lines] == ["stay"]
    assert "RecursionError" in now.troubles[0]


def test_a_removed_file_takes_its_line_away_and_a_missing_folder_none(desk: Desk) -> None:
    desk.files.current()
    aside = desk.folder / "aside"
    desk.line.parent.rename(aside)
    now = desk.files.current()
    assert [line.slug for line in now.lines] == ["stay"]
    assert "is gone" in now.troubles[0]
    aside.rename(desk.line.parent)
    assert desk.files.current().troubles == ()
    (desk.line.parent / "removed").mkdir()
    desk.line.unlink()
    assert desk.files.current().lines == ()


def test_a_broken_configuration_stays_as_it_was(desk: Desk) -> None:
    desk.files.current()
    desk.edit(desk.toml, '[arxiv]\npoll = "never"\n')
    now = desk.files.current()
    assert now.config.arxiv.poll == "daily 06:30 UTC"
    assert "arxiv.poll" in now.troubles[0]
    desk.edit(desk.toml, '[arxiv]\npoll = "daily 07:00 UTC"\n')
    now = desk.files.current()
    assert (now.config.arxiv.poll, now.troubles) == ("daily 07:00 UTC", ())


def test_a_configuration_that_never_was_whole_ends_it(desk: Desk) -> None:
    desk.edit(desk.toml, "[nothing]\n")
    with pytest.raises(ConfigError, match="nothing"):
        desk.files.current()


def test_reading_anew_takes_up_what_no_stamp_tells(desk: Desk) -> None:
    first = desk.files.current()
    again = desk.files.current(anew=True)
    assert again.number > first.number
    assert desk.read == ["config", "stay.yaml"] * 2


def test_a_second_file_of_the_same_name_holds_no_line_up_and_the_known_one_stays(desk: Desk) -> None:
    desk.files.current()
    double = desk.line.with_suffix(".yml")
    double.write_text(WORKING.replace("stay", "go"))
    now = desk.files.current()
    assert [line.question for line in now.lines] == ["Do invented lines stay?"]
    assert "is the same line; keep one of the two" in now.troubles[0]
    assert desk.files.current() is now
    desk.line.unlink()
    now = desk.files.current()
    assert [line.question for line in now.lines] == ["Do invented lines go?"]
    assert now.troubles == ()


def test_a_folder_that_is_suddenly_empty_takes_no_line_away_and_one_whose_last_line_was_removed_does(
    desk: Desk,
) -> None:
    desk.files.current()
    desk.line.rename(desk.folder / "aside.yaml")
    now = desk.files.current()
    assert [line.slug for line in now.lines] == ["stay"]
    assert "is gone" in now.troubles[0]
    (desk.line.parent / "removed").mkdir()
    now = desk.files.current()
    assert now.lines == ()
    assert "holds no line" in now.troubles[0]
