"""What an answer says of a paper in other lines than its id's is held to that paper, and nobody else's words are."""

from __future__ import annotations

import json

import pytest
from answers_sample import Answer
from forms_sample import BELLS, DAWN, HERONS, KITES, PAPERS, RIGHT, ROPES, UNFOUNDED
from hypothesis import given
from hypothesis import strategies as st

from litwatch.grounding.citations import Citation, citations_of
from litwatch.grounding.judged import Grounded, Known, ground_each

KNOWN = {paper.arxiv_id: Known(paper=paper) for paper in PAPERS}


def judged(text: str, **unlike: Known) -> dict[str, Grounded]:
    """With an arXiv that has the sample's papers. unlike: what is known otherwise, "n" and the id without its stop."""
    citations = citations_of(text)
    known = {one.arxiv_id: KNOWN.get(one.arxiv_id, Known()) for one in citations}
    known |= {f"{key[1:5]}.{key[5:]}": of for key, of in unlike.items()}
    return {one.arxiv_id: one for one in ground_each(citations, known)}


def cited(text: str) -> Citation:
    (one,) = citations_of(text)
    return one


@pytest.mark.parametrize("answer", [*RIGHT, *UNFOUNDED], ids=lambda answer: answer.says)
def test_what_stands_in_other_lines_than_the_id_is_judged(answer: Answer) -> None:
    grounded = judged(answer.text)
    assert {arxiv_id: one.state.value for arxiv_id, one in grounded.items()} == answer.states
    for arxiv_id, one in grounded.items():
        expected = answer.problems.get(arxiv_id, ())
        assert len(one.problems) == len(expected), one.problems
        assert all(piece in problem for piece, problem in zip(expected, one.problems, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "### A paper\n- Title: Moths and Lamps\n- Year: 2024\n- Quote: {q}\n- arXiv ID: {i}\n",
        "1. A paper\n   - Title: Moths and Lamps\n   - Year: 2024\n   - Quote: {q}\n   - arXiv: {i}\n",
        "- arXiv:{i}\n  - Title: Moths and Lamps\n  - Date: May 2024\n  - Verbatim: {q}\n",
        "1. arXiv:{i}\n- Title: Moths and Lamps\n- Year: 2024\n- Quote: {q}\n",
        "**Moths (arXiv:{i})**\n\n- Title: Moths and Lamps\n- Year: 2024\n- Quote: {q}\n",
        "| Quote | arXiv | Title | Date |\n|--|--|--|--|\n| {q} | {i} | Moths and Lamps | 2024 |\n",
        "<h3>A paper</h3><ul><li><b>Title:</b> Moths and Lamps</li><li><b>arXiv ID:</b> {i}</li>"
        "<li><b>Year:</b> 2024</li><li><b>Quote:</b> {q}</li></ul>",
    ],
)
def test_labelled_fields_are_of_the_one_paper_of_their_group(text: str) -> None:
    one = cited(text.replace("{i}", "2506.01234").replace("{q}", '"moths circle lamps at every hour"'))
    assert (one.titles, one.years, one.quotes) == (("Moths and Lamps",), (2024,), ("moths circle lamps at every hour",))


@pytest.mark.parametrize(
    "text",
    [
        "# Report\nTitle: Moths and Lamps at Night\nDate: May 2031\n\n## Found\n\nOnly arXiv:2506.01234 does.\n",
        "Title: Moths and Lamps at Night\nYear: 2031\n\nOnly arXiv:2506.01234 bears on it.\n",
        "### arXiv:2506.01234\n\n### Next\n- Title: Moths and Lamps at Night\n- Quote: “so much for the moths”\n",
        "- arXiv:2506.01234 holds.\n\n---\n\n- Year: 2031\n- Quote: “so much for all the moths”\n",
        "- arXiv:2506.01234\n  - Published: 2024 (v1), revised 2025\n  - Accessed: 1 May 2031\n",
        "- arXiv:2506.01234\n  - Title: not stated in the answer\n  - Quote: No verbatim sentence was found in it.\n",
        "- arXiv:2506.01234\n  - You wrote: “moths circle lamps at every hour”\n",
        "- arXiv:2506.01234\n  - Contradicts: “moths circle lamps at every hour”\n",
        "- **Strong Evidence That Moths Circle Lamps**\n  - arXiv: 2506.01234\n  - Authors: A. Invented\n",
        "In 2019 it was held that “moths circle lamps at every hour”. Then came work on it, arXiv:2506.01234.\n",
        "arXiv:2506.01234 contradicts “moths circle lamps at every hour”.\n",
        "arXiv:2506.01234 does not say that “moths circle lamps at every hour”.\n",
        "**Your claim:**\n\n> Moths circle lamps at every hour.\n\nIt is met by arXiv:2506.01234.\n",
    ],
)
def test_in_doubt_nothing_is_tied_to_a_paper(text: str) -> None:
    one = cited(text)
    assert (one.titles, one.years, one.quotes) == ((), (), ())


def test_a_quotation_is_right_where_any_paper_of_its_sentence_has_it() -> None:
    text = f'arXiv:2506.01234 and arXiv:2507.04321 report that "{DAWN}" again.'
    assert all(one.well for one in judged(text).values())
    assert [(one.arxiv_id, one.quoted_with) for one in citations_of(text) if one.quotes] == [
        ("2507.04321", ((DAWN, "2506.01234"),))
    ]


def test_a_quotation_of_a_sentence_is_not_looked_for_in_the_next_ones_paper() -> None:
    text = f'arXiv:2507.04321 reports that "{DAWN}" again. Then there is arXiv:2506.01234.'
    assert [one.arxiv_id for one in judged(text).values() if one.problems] == ["2507.04321"]


def test_nothing_is_said_of_a_quotation_that_a_paper_may_have_which_was_not_looked_up() -> None:
    text = 'arXiv:2506.01234 and arXiv:2507.04321 report that "moths circle lamps at every hour".'
    assert judged(text)["2507.04321"].problems
    unasked = Known(asked=False, reason="arXiv is silent")
    assert judged(text, n250601234=unasked)["2507.04321"].well
    assert judged(text, n250601234=Known())["2507.04321"].problems


def test_a_number_that_two_lists_explain_otherwise_is_nobodys() -> None:
    lists = "## References\n[1] arXiv:{}\n\n## More\nWords.\n\n## References\n[1] arXiv:{}\n"
    said = 'They say "moths circle lamps at every hour" [1].\n\n'
    assert judged(said + lists.format("2506.01234", "2506.01234"))["2506.01234"].problems
    assert not any(one.problems for one in judged(said + lists.format("2506.01234", "2507.04321")).values())


def test_a_range_of_numbers_cites_all_within() -> None:
    text = (
        f'They say "{DAWN}" [1-3].\n\nReferences:\n[1] arXiv:2506.01234\n[2] arXiv:2507.04321\n[3] arXiv:2508.11111\n'
    )
    assert all(one.well for one in judged(text).values())
    assert any(len(one.quoted_with) == 2 for one in citations_of(text))


def test_ids_in_texts_within_json_are_told_with_the_line_of_the_string() -> None:
    text = json.dumps({"a": 1, "report": "See arXiv:2506.01234.\n\nAnd, far below,\n\narXiv:2507.04321."}, indent=1)
    assert [(one.arxiv_id, one.lines) for one in citations_of(text)] == [("2506.01234", (3,)), ("2507.04321", (3,))]


def test_a_key_of_json_names_the_paper_that_its_object_tells_of() -> None:
    one = cited('{"2506.01234": {"title": "Moths and Lamps", "year": 2024}}')
    assert (one.titles, one.years) == (("Moths and Lamps",), (2024,))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[1,\n" * 20_000, '{"a": b}\n' * 2000])
def test_what_only_begins_like_json_is_read(text: str) -> None:
    assert [one.arxiv_id for one in citations_of(f"{text}\n\narXiv:2506.01234")] == ["2506.01234"]


PIECES = st.sampled_from([
    "arXiv:2506.01234 ", "arXiv:2507.04321. ", "### Head\n", "# H\n", "**Bold Line of Words**\n", "- ", "  - ",
    "    - ", "1. ", "   ", "\n", "\n\n", "---\n", "> ", "Title: ", "Year: 2025", "Quote: ",
    '"five words and some more"', "[1]", "[^1]: ", "[1, 2] ", "## References\n", "| ", "| Title | arXiv |\n|---|---|\n",
    "{", "}", '{"a": "arXiv:2506.01234"}', "Words of it. ", "<li>", "<h3>", "</p>",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40))
def test_any_structure_is_read_and_loses_no_id(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = {one.arxiv_id for one in citations_of(text)}
    assert found == {arxiv_id for arxiv_id in ("2506.01234", "2507.04321") if f"arXiv:{arxiv_id}" in text}


def test_titles_of_the_sample_are_told_apart() -> None:
    text = "\n".join(
        f"### Paper\n- Title: {one.title}\n- arXiv: {one.arxiv_id}\n" for one in (ROPES, HERONS, KITES, BELLS)
    )
    assert [one.titles for one in citations_of(text)] == [(one.title,) for one in (ROPES, HERONS, KITES, BELLS)]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("- Moths and Lamps in the Night (2024). arXiv:2506.01234", ("Moths and Lamps in the Night",)),
        ("Moths and Lamps in the Night (2024), arXiv:2506.01234.", ("Moths and Lamps in the Night",)),
        ("- Night Moths, Ada and Lamp, Ben (2024). arXiv:2506.01234", ()),
        ("- Night M, Lamp B, Wing Carla (2024). arXiv:2506.01234", ()),
        ('In "Do Moths Agree on Lamps?" (2506.01234), they do.', ("Do Moths Agree on Lamps?",)),
        ('It bears on "Do moths agree on lamps?" (2506.01234).', ()),
        ("Strong Signs Against the Third Claim (2024): arXiv:2506.01234", ()),
    ],
)
def test_a_title_before_its_year_is_one_and_names_are_none(text: str, titles: tuple[str, ...]) -> None:
    assert cited(text).titles == titles
