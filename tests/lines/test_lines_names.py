"""What a reader may call a category or a line."""

from __future__ import annotations

import pytest

from litwatch.lines.names import category, line_name


@pytest.mark.parametrize("name", ["cs.CL", "hep-th", "cond-mat.mtrl-sci", "physics.ao-ph", "astro-ph.CO", "quant-ph"])
def test_a_category_is_taken_as_arxiv_writes_it(name: str) -> None:
    assert category(name) == name


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("cs.cl", "did you mean 'cs.CL'?"),
        ("CS.CL", "did you mean 'cs.CL'?"),
        ("astro-ph.co", "did you mean 'astro-ph.CO'?"),
        ("HEP-TH", "did you mean 'hep-th'?"),
        ("Physics.Optics", "did you mean 'physics.optics'?"),
        ("cs/CL", "write it as in cs.CL or hep-th"),
        ("cs.C1", "write it as in cs.CL or hep-th"),
        ("", "write it as in cs.CL or hep-th"),
    ],
)
def test_a_category_in_another_form_is_refused_with_the_form_meant(name: str, cure: str) -> None:
    with pytest.raises(ValueError, match="is no arXiv category") as refused:
        category(name)
    assert str(refused.value).endswith(cure)


@pytest.mark.parametrize("name", ["empathy-depth", "a", "Line2", "x" * 64])
def test_a_line_may_be_called_by_words_and_hyphens(name: str) -> None:
    assert line_name(name) == name.lower()


@pytest.mark.parametrize("name", ["", "-a", "a--b", "a b", "a/b", "../a", "a.yaml", "é", "x" * 65])
def test_a_line_is_not_called_what_makes_no_file_or_pattern(name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        line_name(name)
