"""Watchlist files: what is written is read back, what a hand wrote wrong is named with its line and the cure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_sample import LINE

from litwatch.errors import WatchlistError
from litwatch.lines.watchlist import free_slug, load_line, load_watchlists, parse_watchlist
from litwatch.lines.writing import dump_line
from litwatch.model import Anchor, Claim, ClaimKind, Finding, Line


def line_of(text: str, slug: str = "here") -> Line:
    return parse_watchlist(text, Path(f"{slug}.yaml")).line


def test_a_line_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    full = replace(LINE, categories=("cs.CL", "hep-th"), exclude=("image: of", "c++ #1"), active=False)
    path = tmp_path / f"{full.slug}.yaml"
    path.write_text(dump_line(full), encoding="utf-8")

    assert load_line(path) == full


text = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=200).filter(str.strip)
prose = st.lists(
    st.sampled_from(["Warmth", "isn't", "50%", "a: b", "#x", "- y", "“é”", "...", ">-"]), min_size=1, max_size=60
)
texts = st.one_of(
    text, prose.map(" ".join), st.sampled_from(["true", "null", "2507.10", "~", "1e3", "---", "0x1", "yes"])
)
finding = st.builds(Finding, text=texts, dated=st.one_of(st.just(""), texts))
claim = st.builds(
    Claim,
    id=st.just(""),
    text=texts,
    title=st.one_of(st.just(""), texts),
    kind=st.sampled_from(ClaimKind),
    dated=st.one_of(st.just(""), texts),
    retired=st.booleans(),
    findings=st.lists(finding, max_size=2).map(tuple),
)
anchor = st.builds(
    Anchor,
    arxiv_id=st.sampled_from(["2507.10000", "0704.0001", "hep-th/9901001", "math.AG/0101001"]),
    title=st.one_of(st.just(""), texts),
    year=st.one_of(st.none(), st.integers(1991, 2099)),
)
lines = st.builds(
    Line,
    slug=st.just("here"),
    question=texts,
    about=st.one_of(st.just(""), texts),
    claims=st.lists(claim, min_size=1, max_size=4).map(
        lambda claims: tuple(replace(claim, id=f"c{number}") for number, claim in enumerate(claims, 1))
    ),
    anchors=st.lists(anchor, max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(["cs.CL", "hep-th", "cond-mat.mtrl-sci"]), max_size=2).map(tuple),
    exclude=st.lists(texts, max_size=2).map(tuple),
    tasks=st.lists(texts, max_size=2).map(tuple),
    next_lines=st.lists(texts, max_size=2).map(tuple),
    active=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(lines)
def test_any_line_is_the_same_after_writing_and_reading(line: Line) -> None:
    assert line_of(dump_line(line)) == line


def test_what_is_written_is_readable() -> None:
    written = dump_line(LINE)

    assert written.startswith("# A line that litwatch watches")
    assert max(map(len, written.splitlines())) <= 116
    assert "    text: >-\n" in written


def test_a_file_by_hand_needs_little() -> None:
    line = line_of(
        "question: Does it hold?\nclaims:\n- It holds.\n- text: Not always.\n  title: When?\n"
        "- id: c7\n  text: Never.\nanchors:\n- 2507.21910\n- arXiv:2507.21919v2\n- id: 2307.03172\n  year: 2023\n"
        "categories: [cs.CL]\nexclude:\n"
    )

    assert [(claim.id, claim.text) for claim in line.claims] == [
        ("c8", "It holds."),
        ("c9", "Not always."),
        ("c7", "Never."),
    ]
    assert [anchor.arxiv_id for anchor in line.anchors] == ["2507.21910", "2507.21919", "2307.03172"]
    assert line.active
    assert line.exclude == ()


HEAD = "question: Why?\nclaims:\n- Because.\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question: Why?\nclaims:\n\t- Because.\n", "here.yaml:3: a tab indents this line; use spaces"),
        ("question: Why? no: it\n", "here.yaml:1: mapping values are not allowed here; quote"),
        (
            HEAD + 'about: "half \\uD800"\n',
            "here.yaml:4: about holds '\\ud800', which is no character of a text; take it out",
        ),
        ('question: "a\\0b"\n', "here.yaml:1: question holds '\\x00', which is no character of a text; take it out"),
        (
            f"question: Why?\nclaims:\n  - id: {'c' * 33}\n    text: Because.\n",
            f"here.yaml:3: the id '{'c' * 33}' is no single word of at most 32 letters; write it as in c1",
        ),
        (HEAD + "categories: [cs.CL\n", "here.yaml:5: expected ',' or ']'"),
        (HEAD + "excludes: [x]\n", "here.yaml:4: unknown key 'excludes'; did you mean 'exclude'?"),
        (HEAD + "zzz: 1\n", "here.yaml:4: unknown key 'zzz'; known are question,"),
        (HEAD + "- text: x\n  tittle: y\n", "here.yaml:5: unknown key 'tittle'; did you mean 'title'?"),
        (HEAD + "- id: c1\n  text: x\n- id: c1\n  text: y\n", "here.yaml:6: two claims have the id 'c1'"),
        ("claims:\n- x\n", "here.yaml:1: the question is missing"),
        ("question: Why?\n", "here.yaml:1: no claims"),
        ("question: Why?\nclaims: []\n", "here.yaml:2: no claims"),
        ("question: Why?\nclaims: because\n", "here.yaml:2: claims must be a list"),
        ("question: Why?\nclaims:\n- id: c1\n", "here.yaml:3: the text of a claim is missing"),
        ("question: Why?\nclaims:\n- Because: it is\n", "here.yaml:3: unknown key 'Because'"),
        (HEAD + "-\n", "here.yaml:4: an empty entry in claims"),
        ("question: [Why?]\nclaims:\n- x\n", "here.yaml:1: question must be a text"),
        (HEAD + "anchors: [25X7.1]\n", "here.yaml:4: '25X7.1' is no arXiv id"),
        (HEAD + "anchors:\n- title: A paper\n", "here.yaml:5: an anchor without an arXiv id"),
        (HEAD + "anchors:\n- id: 2507.21919\n  year: soon\n", "here.yaml:6: the year is 'soon'"),
        (HEAD + "categories: [cs.cl]\n", "here.yaml:4: 'cs.cl' is no arXiv category; did you mean 'cs.CL'?"),
        (HEAD + "categories: [cs/CL]\n", "here.yaml:4: 'cs/CL' is no arXiv category; write it as in cs.CL"),
        (HEAD + "active: maybe\n", "here.yaml:4: active is 'maybe'; write true or false"),
        (HEAD + "question: Again?\n", "here.yaml:4: 'question' is given twice; keep one"),
        (HEAD + "tasks: &a [x]\nnext_lines: *a\n", 'here.yaml:4: "&" and "*" references are not taken'),
        (HEAD + "- &a x\n- &a y\n", 'here.yaml:4: "&" and "*" references are not taken'),
        (HEAD + "tasks: !!python/object:os.system x\n", "here.yaml:4: the tag"),
        (HEAD + "---\nquestion: More?\n", "here.yaml:4: but found another document"),
        ("", "here.yaml:1: the file is empty"),
        ("Why?", "here.yaml:1: this is no mapping"),
        (HEAD + "tasks: " + "[" * 2_000, "here.yaml:1: nested too deeply"),
        (HEAD + "about: \x07\n", "here.yaml:"),
        (HEAD + "? [a]\n: b\n", "here.yaml:4: a key must be a word"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_the_cure(text: str, says: str) -> None:
    with pytest.raises(WatchlistError) as refused:
        line_of(text)
    assert str(refused.value).startswith(says)
    assert "; " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(WatchlistError, match="references are not taken"):
        line_of(HEAD + "\n".join(rows))


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("question: Why?\nclaims:\n- Café\n".encode("latin-1"))
    with pytest.raises(WatchlistError, match=r"latin\.yaml:3: not UTF-8; save"):
        load_line(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"# x\n" * 500_000)
    with pytest.raises(WatchlistError, match=r"huge\.yaml:1: 2\.0 MB is too large"):
        load_line(path)


def test_a_folder_gives_its_lines_by_slug_and_leaves_removed_ones(tmp_path: Path) -> None:
    (tmp_path / "removed").mkdir()
    for name in ("zebra.yaml", "ant.yml", "removed/gone.yaml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text(HEAD)

    assert [line.slug for line in load_watchlists(tmp_path)] == ["ant", "zebra"]


def test_a_file_whose_name_is_too_long_for_a_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 65}.yaml"
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(WatchlistError, match="has over 64 letters; shorten it"):
        load_line(path)


def test_two_files_of_one_slug_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="no such folder"):
        load_watchlists(tmp_path / "none")
    for name in ("one.yaml", "one.yml"):
        (tmp_path / name).write_text(HEAD)
    with pytest.raises(WatchlistError, match=r"one\.yaml is the same line"):
        load_watchlists(tmp_path)


def test_a_new_line_never_gets_the_name_of_another(tmp_path: Path) -> None:
    for name in ("does-it-hold.yaml", "does-it-hold-2.yml"):
        (tmp_path / name).write_text(HEAD)

    assert free_slug("Does it hold?", tmp_path) == "does-it-hold-3"
    assert free_slug("Does it hold?", tmp_path / "none") == "does-it-hold"


def test_the_examples_are_good_lines() -> None:
    examples = load_watchlists(Path(__file__).parents[2] / "watchlists")

    assert len(examples) >= 2
    assert all(line.claims and line.anchors and line.categories for line in examples)
