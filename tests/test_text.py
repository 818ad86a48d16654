"""Sentences, arXiv ids and file names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litwatch.text import arxiv_ids, plain, sentences, slug, split_arxiv_id, squeeze


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see arXiv:2507.21919v2.", ["2507.21919"]),
        ("https://arxiv.org/abs/hep-th/9901001, and math.GT/0309136", ["hep-th/9901001", "math.GT/0309136"]),
        ("doi 10.48550/arXiv.2510.07364; (0704.0001v1)", ["2510.07364", "0704.0001"]),
        ("2507.2191 has a digit too few, 1234.56789 no such month, 2507.219199 one too many", []),
        ("version 3.11.4 of 2024.12345.6 and 12.2510.07364", []),
        ("twice 2507.21919 and 2507.21919v3", ["2507.21919"]),
    ],
)
def test_ids_are_found_in_running_text(text: str, found: list[str]) -> None:
    assert list(arxiv_ids(text)) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2507.21919", ("2507.21919", None)),
        ("arXiv:2507.21919v3", ("2507.21919", 3)),
        ("https://arxiv.org/pdf/2507.21919v3.pdf", ("2507.21919", 3)),
        ("http://arxiv.org/abs/quant-ph/0201082v1", ("quant-ph/0201082", 1)),
        ("2507.21919.", ("2507.21919", None)),
    ],
)
def test_an_id_is_read_in_all_its_forms(text: str, parts: tuple[str, int | None]) -> None:
    assert split_arxiv_id(text) == parts


@pytest.mark.parametrize("text", ["", "2501.1", "2513.00001", "arXiv", "hep-th/99", "2507.21919v0"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no arXiv id"):
        split_arxiv_id(text)


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = "We tried it, e.g. On mice (cf. Fig. 3). Does it hold? Yes: by 3.5 points. J. Doe disagrees."
    assert sentences(text) == (
        "We tried it, e.g. On mice (cf. Fig. 3).",
        "Does it hold?",
        "Yes: by 3.5 points.",
        "J. Doe disagrees.",
    )


@given(st.text())
def test_sentences_are_verbatim_pieces_and_leave_nothing_out(text: str) -> None:
    found = sentences(text)
    assert all(sentence in squeeze(text) for sentence in found)
    assert squeeze(" ".join(found)) == squeeze(text)


@given(st.text())
def test_plain_text_has_no_control_characters_and_is_plain_already(text: str) -> None:
    assert not any(ord(c) < 32 and c not in "\n\t" for c in plain(text))
    assert plain(plain(text)) == plain(text)


@given(st.text())
def test_a_slug_is_a_safe_file_name(text: str) -> None:
    assert 0 < len(slug(text)) <= 48
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
