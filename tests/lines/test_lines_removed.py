"""Lines that were removed: their files rest in removed/, and come back with all that the reader made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lines_sample import PAGE

from litwatch.errors import WatchlistError
from litwatch.lines.edits import add_file, add_line, edit_line
from litwatch.lines.page import read_page
from litwatch.lines.removed import set_aside
from litwatch.lines.watchlist import free_slug, load_line
from litwatch.model import Line


@pytest.fixture
def line() -> Line:
    return replace(read_page(PAGE.encode(), name="page.txt").line, categories=("cs.CL",))


def test_a_line_added_again_comes_back_as_its_reader_left_it(tmp_path: Path, line: Line) -> None:
    first = add_line(line, tmp_path)
    kept = edit_line(first.path, categories=("hep-th",), exclude=("image",))
    rested = replace(kept, claims=(replace(kept.claims[0], retired=True), *kept.claims[1:]))
    text = first.path.read_text(encoding="utf-8").replace("  - id: c1\n", "  - id: c1\n    retired: true\n", 1)
    first.path.write_text(text + "# my remark\n", encoding="utf-8")
    aside = set_aside(first.path)
    assert (aside, first.path.exists()) == (tmp_path / "removed" / first.path.name, False)

    again = add_line(line, tmp_path)

    assert (again.path, again.changed) == (first.path, True)
    assert again.line == load_line(first.path) == rested
    assert "# my remark" in first.path.read_text(encoding="utf-8")
    assert not aside.exists()
    assert f"taken back from removed/{first.path.name}" in again.warnings[0]


def test_a_page_that_changed_meanwhile_is_merged_into_what_comes_back(tmp_path: Path, line: Line) -> None:
    first = add_line(line, tmp_path)
    set_aside(first.path)
    longer = replace(line, claims=(*line.claims, replace(line.claims[0], id="c99", title="", text="Bees dance.")))

    again = add_line(longer, tmp_path)

    assert len(again.line.claims) == len(line.claims) + 1
    assert load_line(first.path) == again.line


def test_a_file_of_the_readers_finds_its_removed_line_too(tmp_path: Path) -> None:
    source = tmp_path / "mine.yaml"
    source.write_text("question: Why?\nclaims:\n  - Because.\n", encoding="utf-8")
    folder = tmp_path / "watchlists"
    path = add_file(source, folder).path
    edit_line(path, exclude=("speech",))
    set_aside(path)
    assert add_file(source, folder).line.exclude == ("speech",)


def test_of_two_removed_files_the_later_one_comes_back(tmp_path: Path, line: Line) -> None:
    first = add_line(line, tmp_path).path
    early = first.read_text(encoding="utf-8")
    set_aside(first)
    first.write_text(early.replace("[cs.CL]", "[cs.AI]"), encoding="utf-8")
    assert set_aside(first).name == f"{first.stem}.2.yaml"
    again = add_line(line, tmp_path)
    assert (again.path, again.line.categories) == (first, ("cs.AI",))


def test_a_broken_removed_file_holds_no_new_line_up(tmp_path: Path, line: Line) -> None:
    (tmp_path / "removed").mkdir()
    (tmp_path / "removed" / "bad.yaml").write_text("question: [", encoding="utf-8")
    assert add_line(line, tmp_path).warnings == ()


def test_the_name_of_a_removed_line_is_not_given_to_another(tmp_path: Path) -> None:
    (tmp_path / "removed").mkdir()
    (tmp_path / "removed" / "does-it-hold.yaml").write_text("question: Does it, hold?\nclaims:\n  - x\n")
    assert free_slug("Does it hold?", tmp_path) == "does-it-hold-2"


# --- names of the reader's choice ----------------------------------------------------------------------------


def test_a_line_gets_the_name_that_its_reader_gives(tmp_path: Path, line: Line) -> None:
    added = add_line(line, tmp_path, name="empathy-depth")
    assert (added.line.slug, added.path.name) == ("empathy-depth", "empathy-depth.yaml")
    again = add_line(line, tmp_path, name="empathy-depth")
    assert (again.path, again.changed, again.warnings) == (added.path, False, ())


def test_a_line_keeps_the_name_under_which_things_were_found(tmp_path: Path, line: Line) -> None:
    first = add_line(line, tmp_path)
    again = add_line(line, tmp_path, name="other")
    assert again.path == first.path
    assert f"called {first.line.slug} already" in again.warnings[0]


@pytest.mark.parametrize("taken", ["taken.yaml", "TAKEN.yml", "removed/taken.yaml"])
def test_a_name_that_another_question_has_is_refused(tmp_path: Path, line: Line, taken: str) -> None:
    (tmp_path / "removed").mkdir()
    (tmp_path / taken).write_text("question: Why?\nclaims:\n  - x\n", encoding="utf-8")
    with pytest.raises(WatchlistError, match="taken"):
        add_line(line, tmp_path, name="taken")
    assert not (tmp_path / "taken.yaml").exists() or taken == "taken.yaml"


# --- nothing is written that cannot be read ------------------------------------------------------------------


def test_a_line_that_could_not_be_read_back_is_not_written(tmp_path: Path, line: Line) -> None:
    with pytest.raises(WatchlistError, match=r"'cs\.cl' is no arXiv category; did you mean 'cs\.CL'\?"):
        add_line(replace(line, categories=("cs.cl",)), tmp_path)
    assert list(tmp_path.iterdir()) == []
