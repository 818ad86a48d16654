from __future__ import annotations

from datetime import UTC, datetime

import pytest

from litwatch.model import Paper
from litwatch.rank.background import bundled
from litwatch.rank.reference import Reference, bundled_reference

AT = datetime(2025, 11, 3, tzinfo=UTC)


def paper(title: str, abstract: str, *categories: str) -> Paper:
    return Paper(arxiv_id="2511.00001", title=title, abstract=abstract, categories=categories, published=AT, updated=AT)


def barn(*papers: Paper) -> Reference:
    return Reference.counted(papers, known={"owl", "mice", "chees"}, version="barn.1", weekly=30.04, arxiv_weekly=100.0)


BARN = barn(
    paper("Owls", "Owls hear mice; mice hear owls.", "q-bio.PE", "cs.SD"),
    paper("It ripens", "It does.", "cs.SD"),
    paper("Cheese", "Mice love cheese.", "q-bio.PE"),
)


def test_it_counts_the_stems_that_are_kept_and_measures_the_whole_paper() -> None:
    assert BARN.stems == ("chees", "mice", "owl")
    assert BARN.counts.toarray().tolist() == [[0, 2, 4], [0, 0, 0], [3, 1, 0]]  # titles count twice
    assert BARN.lengths.tolist() == [8, 2, 5]


def test_what_is_written_is_read_again() -> None:
    data = BARN.written()
    again = Reference.read(data)
    assert again.written() == data
    assert (again.version, again.papers, again.weekly, again.arxiv_weekly) == ("barn.1", 3, 30.0, 100.0)
    assert again.stems == BARN.stems
    assert again.counts.toarray().tolist() == BARN.counts.toarray().tolist()
    assert again.lengths.tolist() == BARN.lengths.tolist()
    assert again.categories == (("q-bio.PE", "cs.SD"), ("cs.SD",), ("q-bio.PE",))


@pytest.mark.parametrize("papers", [(), (paper("It ripens", ""),)])
def test_what_holds_no_stem_is_read_again_too(papers: tuple[Paper, ...]) -> None:
    again = Reference.read(barn(*papers).written())
    assert (again.papers, again.stems, again.counts.nnz) == (len(papers), (), 0)


@pytest.mark.parametrize(
    ("categories", "within"),
    [
        (("cs.SD",), [True, True, False]),
        (("q-bio.PE", "cs.SD"), [True, True, True]),
        (("hep-th",), [False, False, False]),
        ((), [True, True, True]),
    ],
)
def test_papers_stand_in_any_of_the_categories_asked_for(categories: tuple[str, ...], within: list[bool]) -> None:
    assert BARN.within(categories).tolist() == within


def test_the_bundled_one_is_a_sample_of_what_the_background_counted() -> None:
    reference, background = bundled_reference(), bundled()
    assert reference is bundled_reference()
    assert reference.papers == 3000
    assert reference.stems == tuple(sorted(set(reference.stems)))
    assert set(reference.stems) <= set(background.frequencies)
    assert abs(reference.lengths.mean() / background.mean_length - 1) < 0.03
    model = (reference.counts[:, reference.stems.index("model")].toarray() > 0).mean()
    assert abs(model - background.share("model")) < 0.03
    assert 0.2 < reference.weekly / reference.arxiv_weekly < 0.4
