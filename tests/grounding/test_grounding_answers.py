"""What an answer cites: every id in any form, with the title, year and words that it gives of it, held to the paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answers_sample import ANSWERS, COLD, PAPERS, WARM, Answer
from hypothesis import given
from hypothesis import strategies as st

from litwatch.grounding.citations import citations_of
from litwatch.grounding.ids import canonical, is_possible
from litwatch.grounding.judged import Grounded, Known, State, ground
from litwatch.grounding.titles import holds, names

BY_ID = {canonical(paper.arxiv_id): paper for paper in PAPERS}


def judged(text: str) -> list[Grounded]:
    """With an arXiv that has the sample's papers."""
    return [ground(one, Known(paper=BY_ID.get(canonical(one.arxiv_id)))) for one in citations_of(text)]


def problems(text: str) -> list[str]:
    return [problem for one in judged(text) for problem in one.problems]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.says)
def test_every_id_is_found_and_judged(answer: Answer) -> None:
    grounded = judged(answer.text)
    assert {one.arxiv_id: one.state.value for one in grounded} == answer.states
    for one in grounded:
        expected = answer.problems.get(one.arxiv_id, ())
        assert len(one.problems) == len(expected), one.problems
        assert all(piece in problem for piece, problem in zip(expected, one.problems, strict=True))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.says)
def test_nothing_is_called_missing_that_was_not_looked_up(answer: Answer) -> None:
    unasked = Known(asked=False, reason="arXiv cannot be reached")
    judged_so = [ground(one, unasked) for one in citations_of(answer.text)]
    states = {one.arxiv_id: one.state.value for one in judged_so}
    assert states == {key: "missing" if key in answer.impossible else "unchecked" for key in answer.states}


NEW_IDS = st.builds(
    lambda year, month, number: f"{year:02}{month:02}.{number:05}",
    st.integers(15, 26),
    st.integers(1, 12),
    st.integers(1, 99_999),
)
EARLY_IDS = st.builds(
    lambda year, month, number: f"{year:02}{month:02}.{number:04}",
    st.integers(8, 14),
    st.integers(1, 12),
    st.integers(1, 9999),
)
OLD_IDS = st.builds(
    lambda archive, year, month, number: f"{archive}/{year:02}{month:02}{number:03}",
    st.sampled_from(["hep-th", "astro-ph", "math", "cs", "quant-ph", "q-bio"]),
    st.sampled_from([92, 99, 1, 6]),
    st.integers(1, 12),
    st.integers(1, 999),
)
IDS = NEW_IDS | EARLY_IDS | OLD_IDS
WRAPPERS = st.sampled_from([
    "{}", "see {}.", "[{}]", "({})", "`{}`", "**{}**", "arXiv:{}", "arXiv:{}v3,", "arXiv: {}",
    "arXiv preprint arXiv:{}",
    "ARXIV:{};", "https://arxiv.org/abs/{}", "(https://www.arxiv.org/pdf/{}v2.pdf)", "http://export.arxiv.org/abs/{}?a=b",
    "https://arxiv.org/html/{}#S1", "https://alphaxiv.org/abs/{}", "https://huggingface.co/papers/{}",
    "https://doi.org/10.48550/arXiv.{}", "10.48550/ARXIV.{}",
    "@misc{{a,\n eprint = {{{}}},\n archivePrefix={{arXiv}}}}",
    '{{"arxiv_id": "{}", "why": "it fits"}}', "[paper](https://arxiv.org/abs/{})", "<a href='https://arxiv.org/abs/{}'>x</a>",
    "| a | {} | b |", "{}: a paper", "- {} \u2013 a paper", "oai:arXiv.org:{}", "https:\\/\\/arxiv.org\\/abs\\/{}",
    "arXiv ID: {}", "\u201c{}\u201d", "[arXiv:{0}](https://arxiv.org/abs/{0})", "is it arXiv:{}?",
])  # fmt: skip


@given(IDS, WRAPPERS, st.sampled_from(["", "Before. ", "Some words\n\n", "- "]))
def test_an_id_in_any_wrapper_is_found_once(arxiv_id: str, wrapper: str, before: str) -> None:
    found = citations_of(before + wrapper.format(arxiv_id))
    assert [one.arxiv_id for one in found] == [arxiv_id]
    assert found[0].possible


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    for one in citations_of(text):
        assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in one.lines)


@given(
    st.lists(
        st.sampled_from(
            ['"', "*", "[", "](", ")", "> ", "\n", "{", "}", "@misc{", "arXiv:2507.21919", "<p>", "Words of it "]
        )
    )
)
def test_any_markup_around_an_id_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert ("2507.21919" in [one.arxiv_id for one in citations_of(text)]) == ("arXiv:2507.21919" in text)


def test_one_paper_is_cited_once_with_all_its_places_and_versions() -> None:
    (one,) = citations_of("arXiv:2507.21919v1\n\nand again\n2507.21919, https://arxiv.org/abs/2507.21919v2\n")
    assert (one.lines, one.versions) == ((1, 4), (1, 2))


def test_a_subject_class_makes_no_other_paper() -> None:
    (one,) = citations_of("math.GT/0309136, also math/0309136")
    assert one.arxiv_id == "math.GT/0309136"


@pytest.mark.parametrize("arxiv_id", ["0703.0001", "2507.00000", "hep-th/0704001", "foo/9901001", "2500.12345"])
def test_ids_that_arxiv_never_gave_out_are_impossible(arxiv_id: str) -> None:
    assert not is_possible(arxiv_id)


@pytest.mark.parametrize(
    "cited",
    [
        "warm lanterns dim sooner: a study of harbor lights",
        "Warm Lanterns Dim Sooner",
        "{W}arm {L}anterns Dim Sooner: A Study of Harbour Lights",
        "Dim Sooner: A Study of Harbour Lights",
        "Warm Lanterns Dim Sooner: A Study of Harbour Lights (extended version)",
    ],
)
def test_a_title_may_be_cut_or_spelled_otherwise(cited: str) -> None:
    assert names(cited, WARM.title)


@pytest.mark.parametrize("cited", ["Cold lanterns keep their light", "Lanterns", "A Study", ""])
def test_another_title_names_another_paper(cited: str) -> None:
    assert not names(cited, WARM.title)


@pytest.mark.parametrize(
    ("quotation", "there"),
    [
        ("warm lanterns dim 30 % sooner", True),
        ("Warm lanterns \u2026 even where the oil is the same", True),
        ("[W]arm lanterns dim 30% sooner [...] lose less light", True),
        ("lose less light ... warm lanterns", False),
        ("warm lanterns dim 40% sooner", False),
        ("...", False),
    ],
)
def test_a_quotation_is_searched_by_its_words(quotation: str, there: bool) -> None:
    assert holds(WARM, quotation) == there


def test_a_quotation_is_the_nearest_papers() -> None:
    text = (
        'arXiv:2507.21920 is about cold. "Keepers who trim them often lose less light" says arXiv:2507.21919, '
        'whereas "we measured forty of them exactly" stands in neither.'
    )
    (cold, warm) = judged(text)
    assert cold.well
    assert [problem.split(":")[0] for problem in warm.problems] == [
        "quotation not in title or abstract (full texts are not read)"
    ]


def test_of_a_paper_under_a_wrong_title_no_words_are_searched() -> None:
    text = 'arXiv:2507.21919 (2025): "Moths that circle every lamp". It finds "that moths circle every lamp at night".'
    (one,) = judged(text)
    assert one.state is State.TITLE_DIFFERS
    assert len(one.problems) == 1


def test_a_title_that_an_earlier_version_had_is_no_wrong_one() -> None:
    (one,) = citations_of('arXiv:2507.21919v1 (2025): "Lamps by the sea and how they fade"')
    earlier = replace(WARM, title="Lamps by the sea and how they fade")
    assert ground(one, Known(paper=WARM, earlier=(earlier,))).well
    assert ground(one, Known(paper=WARM)).state is State.TITLE_DIFFERS


def test_a_withdrawn_paper_is_named_and_is_not_taken_in() -> None:
    (one,) = citations_of("arXiv:2507.21919")
    grounded = ground(one, Known(paper=replace(WARM, withdrawn=True)))
    assert (grounded.state, grounded.problems, grounded.is_meant) == (State.FOUND, ("withdrawn",), False)


def test_what_the_store_has_too_old_and_arxiv_did_not_tell_is_not_said_to_be_wrong() -> None:
    (one,) = citations_of('arXiv:2507.21920v3 finds "cold lanterns outlast the winter by far".')
    stored = replace(COLD, abstract="", authors=())
    grounded = ground(one, Known(paper=stored, asked=False, reason="arXiv is silent"))
    assert grounded.problems == (
        "version 3 is cited, and was not looked up: arXiv is silent",
        'quotation not looked up: arXiv is silent: "cold lanterns outlast the winter by far"',
    )


def test_a_citation_of_the_print_year_is_right_and_of_an_earlier_one_wrong() -> None:
    assert problems("arXiv:2507.21920 (2026)") == []
    assert problems("arXiv:2507.21920 (2024)") == ["cited as of 2024, submitted 2025-07-29"]
    assert problems("arXiv:2507.21920 was read in the autumn of 2024.") == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (r"\cite{2506.00081,2506.00430}", ["2506.00081", "2506.00430"]),
        ("(2506.07180,2506.02659) [2506.02431/2506.05598]", ["2506.07180", "2506.02659", "2506.02431", "2506.05598"]),
        ('"Moths",2506.00430,2020\n', ["2506.00430"]),
        ("arXiv:2506.02368,2506.99999", ["2506.02368", "2506.99999"]),
        ("1,234.56789 and 3.5,2506.1 and 12/2506.00081", []),
    ],
)
def test_ids_that_a_comma_or_slash_joins_are_all_found(text: str, ids: list[str]) -> None:
    assert [one.arxiv_id for one in citations_of(text)] == ids


@pytest.mark.parametrize(
    "text",
    [
        "See arXiv:2212.10983 (2022) and arXiv:2507.21919.",
        "arXiv:2507.21919 (n = 2000) and (GPT-4, 2023 snapshot)",
        "arXiv:2507.21919 (GPT-4, 2023 snapshot)",
        "arXiv:2507.21919, 2024 participants",
    ],
)
def test_a_number_or_another_papers_year_is_not_its_year(text: str) -> None:
    assert citations_of(text)[-1].years == ()


@pytest.mark.parametrize(
    "source",
    [
        "\n> \u2014 Naik et al. (2025), arXiv:2507.21919",
        " \u2014 Naik et al. (2025), arXiv:2507.21919",
        " [arXiv:2507.21919]",
    ],
)
def test_who_is_quoted_is_no_part_of_the_quotation(source: str) -> None:
    (one,) = citations_of(f"> Keepers who trim them often lose less light.{source}\n")
    assert one.quotes == ("Keepers who trim them often lose less light.",)


@pytest.mark.parametrize(
    "text",
    [
        'c2 ("Moths circle every lamp in sight") \u2014 arXiv:2507.21919',
        '| c1 | "Moths circle every lamp in sight" | arXiv:2507.21919 |',
        '**c5: "Moths circle every lamp in sight"** (arXiv:2507.21919)',
        'The claim that "Moths circle every lamp in sight" (arXiv:2507.21919)',
        'c6 \u2014 "Moths circle every lamp in sight", arXiv:2507.21919',
        'You wrote that "Moths circle every lamp in sight" (arXiv:2507.21919).',
        'The statement "Moths circle every lamp in sight" (arXiv:2507.21919).',
        '"Do moths circle every lamp in sight?" arXiv:2507.21919',
        '{"claim": "c1", "title": "Moths and lamps at night", "arxiv_id": "2507.21919"}',
        '{"evidence": "in short, moths circle lamps", "arxiv_id": "2507.21919"}',
    ],
)
def test_the_readers_own_words_are_no_title_and_no_quotation(text: str) -> None:
    (one,) = citations_of(text)
    assert (one.titles, one.quotes) == ((), ())


def test_evidence_in_quotation_marks_is_a_quotation() -> None:
    (one,) = citations_of(r'{"evidence": "\"moths circle all lamps\"", "arxiv_id": "2507.21919"}')
    assert one.quotes == ("moths circle all lamps",)


def test_spaced_dots_leave_words_out() -> None:
    assert holds(WARM, "Warm lanterns . . . even where the oil is the same")
