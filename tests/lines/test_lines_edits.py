"""Edits of watchlist files: what the reader wrote stays to the byte, and ids stay with their claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_sample import LINE, PAGE

from litwatch.errors import WatchlistError
from litwatch.lines.edits import add_line, edit_line, settle, update_file
from litwatch.lines.page import read_page
from litwatch.lines.watchlist import load_line
from litwatch.model import Claim, Line

BY_HAND = """\
# my line
question: Why?   # really

active: true   # for now
exclude:  # not these
  - images   # too many
  - speech
  # an end
claims:
  # the first
  - It is so.   # seen twice
  - >-
    It is folded
    over lines.

  # the third
  - text: It has
      two lines
    retired: true
  - {text: "in braces"}   # odd
  - id: c4
    text: Named already.
categories: [cs.CL]   # and no more
"""


def page_line(page: str = PAGE) -> Line:
    return read_page(page.encode(), name="page.txt").line


def written(folder: Path, text: str, *, newline: str = "\n") -> Path:
    path = folder / "here.yaml"
    path.write_bytes(text.replace("\n", newline).encode())
    return path


def text_of(path: Path) -> str:
    return path.read_bytes().decode()


def test_settle_writes_missing_ids_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)

    line = settle(path)

    assert text_of(path) == (
        BY_HAND.replace("  - It is so.   # seen", "  - id: c5\n    text: It is so.   # seen")
        .replace("  - >-\n    It is folded\n    over lines.\n", "  - id: c6\n    text: It is folded over lines.\n")
        .replace("  - text: It has", "  - id: c7\n    text: It has")
        .replace('{text: "in', '{id: c8, text: "in')
    )
    assert [claim.id for claim in line.claims] == ["c5", "c6", "c7", "c8", "c4"]
    assert load_line(path) == line


def test_settle_leaves_a_settled_file_alone(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    settle(path)
    before = path.stat()

    settle(path)

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ({"active": False}, "active: true   # for", "active: false   # for"),
        ({"exclude": ["speech"]}, "  - images   # too many\n", ""),
        ({"exclude": ["images", "speech", "a: b"]}, "  - speech\n", '  - speech\n  - "a: b"\n'),
        ({"exclude": ["video", "images"]}, "  - images   # too many\n  - speech\n", "  - video\n  - images\n"),
        ({"categories": ["cs.CL", "hep-th"]}, "[cs.CL]   # and", "[cs.CL, hep-th]   # and"),
        ({"categories": []}, "[cs.CL]   # and", "[]   # and"),
        ({"active": True, "categories": ["cs.CL"]}, "", ""),
    ],
)
def test_an_edit_changes_its_key_and_no_other_byte(
    tmp_path: Path, newline: str, change: dict[str, object], old: str, new: str
) -> None:
    path = written(tmp_path, BY_HAND, newline=newline)
    before = load_line(path)

    after = edit_line(path, **change)  # type: ignore[arg-type]

    assert text_of(path) == BY_HAND.replace(old, new).replace("\n", newline)
    values = {key: value if isinstance(value, bool) else tuple(value) for key, value in change.items()}  # type: ignore[call-overload]
    assert after == load_line(path) == replace(before, **values)


@pytest.mark.parametrize(
    "text", ["question: Why?\nclaims: [Because]", "question: Why?\nactive:\nclaims:\n- Because\n# end\n"]
)
def test_a_key_that_is_missing_or_empty_is_filled(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)

    assert edit_line(path, active=False, exclude=["x"]).exclude == ("x",)
    assert not load_line(path).active
    assert text_of(path).startswith(text.split("active")[0])


def test_a_file_with_a_byte_order_mark_is_read_and_edited(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + BY_HAND)

    assert not edit_line(path, active=False).active
    assert load_line(path).question == "Why?"


def test_an_edit_keeps_the_mode_of_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    path.chmod(0o640)

    edit_line(path, active=False)

    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_an_edit_through_a_link_changes_the_file_it_names(tmp_path: Path) -> None:
    (tmp_path / "git").mkdir()
    path = written(tmp_path / "git", BY_HAND)
    link = tmp_path / "linked.yaml"
    link.symlink_to(path)

    edit_line(link, active=False)

    assert link.is_symlink()
    assert not load_line(path).active


def test_a_page_added_twice_changes_nothing(tmp_path: Path) -> None:
    first = add_line(replace(page_line(), categories=("cs.CL",)), tmp_path)
    before = first.path.read_bytes()

    second = add_line(page_line(), tmp_path)

    assert (first.changed, second.changed) == (True, False)
    assert second.path == first.path
    assert second.line == first.line == replace(LINE, categories=("cs.CL",))
    assert first.path.read_bytes() == before


def test_a_page_added_twice_undoes_no_edit_by_hand(tmp_path: Path) -> None:
    path = add_line(page_line(), tmp_path).path
    text = text_of(path)
    start, stop = text.index("  - id: c3"), text.index("  - id: c4")
    edited = "# mine\n" + text[:start] + text[stop:].replace("Tables extracted", "# note\n      Tables extracted")
    edited = edited.replace("categories: []", "categories: [hep-th]").replace(
        "kind: finding", "kind: finding\n    retired: true"
    )
    path.write_text(edited.replace('title: "Lost', 'title: "Found').replace("# note\n      ", ""))
    before = path.read_bytes()

    again = add_line(page_line(), tmp_path)

    assert not again.changed
    assert path.read_bytes() == before
    assert again.warnings == ()


def test_an_edited_page_keeps_ids_and_hands_and_loses_no_claim(tmp_path: Path) -> None:
    path = add_line(page_line(), tmp_path).path
    path.write_text(
        text_of(path)
        .replace("categories: []", "categories: [cs.IR]  # mine")
        .replace("    title: Do models", "    retired: true  # old hat\n    title: Do models")
    )
    page = (
        PAGE.replace("hundreds of times the tokens", "many hundred times the tokens")
        .replace("Do models use", "A new one?\n\nNobody asked about rerankers before.\n\nDo models use")
        .replace("\u2022 Tables extracted by hand were never compared at all (2020\u20132021).\n", "")
        .replace("Your task:", '\u2022 arXiv:2404.06654 (2024): "RULER"\n\nYour task:')
    )

    added = add_line(page_line(page), tmp_path)

    claims = {claim.id: claim for claim in added.line.claims}
    assert list(claims) == ["c1", "c2", "c3", "c4", "c5"]
    assert claims["c2"].retired
    assert "many hundred times" in claims["c3"].text
    assert claims["c5"].text == "Nobody asked about rerankers before."
    assert [anchor.arxiv_id for anchor in added.line.anchors] == ["2005.11401", "2307.03172", "2404.06654"]
    assert added.warnings == ("claim c4 is no longer on the page: kept",)
    assert load_line(path) == added.line
    assert "categories: [cs.IR]  # mine" in text_of(path)
    assert "retired: true  # old hat" in text_of(path)
    assert not add_line(page_line(page), tmp_path).changed


def test_a_wording_of_the_readers_own_is_kept_against_a_changed_page(tmp_path: Path) -> None:
    path = add_line(page_line(), tmp_path).path
    path.write_text(text_of(path).replace("a top-five lookup", "one lookup"))

    added = add_line(page_line(PAGE.replace("hundreds of times", "a thousand times")), tmp_path)

    assert added.warnings == ("claim c3 changed on the page: kept as in the file",)
    assert added.line.claims[2].text.endswith("hundreds of times the tokens of one lookup.")


def test_the_id_of_a_claim_taken_out_by_hand_is_not_given_again(tmp_path: Path) -> None:
    path = add_line(page_line(), tmp_path).path
    text = text_of(path)
    path.write_text(text[: text.index("  - id: c4")] + "  - A new thought.\n\n" + text[text.index("anchors:") :])

    assert [claim.id for claim in settle(path).claims] == ["c1", "c2", "c3", "c5"]


def test_an_id_that_was_ever_in_use_is_not_given_again(tmp_path: Path) -> None:
    path = written(tmp_path, "question: Why?\nclaims:\n  - id: c1\n    text: It is so.\n  - Another.\n")

    def used(slug: str) -> set[str]:
        return {"c1", "c2", "mine", "c3"} if slug == "here" else set()

    assert [claim.id for claim in load_line(path, used=used).claims] == ["c1", "c4"]
    assert [claim.id for claim in settle(path, used=used).claims] == ["c1", "c4"]
    assert "- id: c4" in text_of(path)


def test_what_was_in_use_is_asked_only_where_an_id_is_missing(tmp_path: Path) -> None:
    def used(slug: str) -> set[str]:
        raise AssertionError(slug)

    path = written(tmp_path, "question: Why?\nclaims:\n  - id: c1\n    text: It is so.\n")
    assert settle(path, used=used) == load_line(path)


def test_a_claim_new_on_a_page_gets_an_id_that_was_never_in_use(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    settle(path)
    added = update_file(path, page_line(), used=lambda _: {"c30"})
    assert [claim.id for claim in added.line.claims[-4:]] == ["c31", "c32", "c33", "c34"]


def test_a_file_by_hand_takes_what_a_page_adds(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    before = settle(path)

    added = update_file(path, page_line())

    assert added.line.claims[: len(before.claims)] == before.claims
    assert [claim.id for claim in added.line.claims[len(before.claims) :]] == ["c9", "c10", "c11", "c12"]
    assert added.line.tasks == LINE.tasks
    assert added.line.question == "Why?"
    assert text_of(path).startswith(BY_HAND[: BY_HAND.index("  - It is so")])
    assert not update_file(path, page_line()).changed


def test_lines_of_another_question_go_into_files_of_their_own(tmp_path: Path) -> None:
    first = add_line(LINE, tmp_path)
    second = add_line(replace(LINE, question=LINE.question[:-1] + "!"), tmp_path)

    assert second.path != first.path
    assert second.line.slug == second.path.stem == f"{LINE.slug}-2"
    assert load_line(first.path) == LINE


def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(WatchlistError, match=r"file"):
        add_line(LINE, blocked / "watchlists")


STYLES = st.sampled_from(
    (
        "- {}\n",
        "- text: {}\n",
        "-   {}\n",
        "- >-\n    {}\n",
        "- |\n    {}\n    more\n",
        '- "{}"\n',
        "- {{text: '{}'}}\n",
        "-\n    text: {}\n",
        "- id: c{n}\n  text: {}\n",
        "# note\n- {}  # note\n\n",
        "- id:\n  text: {}\n",
        "- id: ''  # note\n  text: {}\n",
        "- {}\n  more\n",
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(STYLES, min_size=1, max_size=6), st.sampled_from(["", "  "]), st.sampled_from(["\n", "\r\n"]))
def test_claims_in_any_style_get_their_ids(
    tmp_path_factory: pytest.TempPathFactory, styles: list[str], indent: str, newline: str
) -> None:
    items = "".join(style.format(f"claim {n}", n=n) for n, style in enumerate(styles, 20))
    rows = "".join(indent + row if row.strip() else row for row in items.splitlines(keepends=True))
    path = written(
        tmp_path_factory.mktemp("styles"), f"question: Why?\nclaims:\n{rows}active: true # end\n", newline=newline
    )
    before = load_line(path)

    assert settle(path) == before == load_line(path)
    assert text_of(path).count("id: c") == len(before.claims)
    assert text_of(path).count("# note") == items.count("# note")
    other = Claim(id="", text="Quite another matter.")
    added = update_file(path, replace(before, claims=(*before.claims, other)))
    assert [claim.text for claim in added.line.claims] == [claim.text for claim in (*before.claims, other)]
