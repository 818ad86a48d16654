"""What a page may hold, given to add-line in every form that it reads."""

from __future__ import annotations

import io
import sys
from html import escape
from pathlib import Path

import pytest
from hostile_checks import is_fine, is_one_line
from hostile_pages import PAGES, Page
from hostile_texts import TEXTS, Text

from conftest import Answer, Litwatch
from litwatch.lines.yamltext import quoted

FORMS = ("txt", "md", "html", "yaml", "words", "stdin")
CASES = {form: (*TEXTS[place::6], *TEXTS[(place + 3) % 6 :: 6]) for place, form in enumerate(FORMS)}
"""Each text in two forms; what attacks the same thing stands together, and so comes in all of them."""


@pytest.fixture
def fresh(litwatch: Litwatch) -> Litwatch:
    assert litwatch("init").code == 0
    return litwatch


def page_of(form: str, text: str) -> str:
    if form == "html":
        said = escape(text, quote=False)
        return (
            f"<html><head><title>{said}</title></head><body><h1>Can {said} plan?</h1><p>{text}</p><h2>Sources</h2>"
            f"<h3>{said}</h3><p>They fail beyond {said} a dozen steps.</p><h2>Anchor papers</h2>"
            f'<ul><li><a href="https://arxiv.org/abs/2507.21919">{text}</a> (2025)</li></ul></body></html>'
        )
    if form == "yaml":
        said = quoted(text)
        return (
            f"question: {said}\nabout: {said}\nclaims:\n  - title: {said}\n    text: {said}\n    dated: {said}\n"
            f"categories: [cs.CL]\nanchors:\n  - id: '2507.21919'\n    title: {said}\nexclude: [{said}]\n"
            f"tasks: [{said}]\nnext_lines: [{said}]\n"
        )
    return (
        f"Can {text} plan?\n\n{text}\n\nSources\n\n{text}\n\nThey fail beyond {text} a dozen steps.\n\n"
        f"What a curated library found\n\n- Models {text} fail at plans (2025)\n\nAnchor papers\n\n"
        f"- 2507.21919 {text} (2025)\n\nYour tasks:\n(1) {text}\n\nNext lines\n\n{text}\n"
    )


def added(litwatch: Litwatch, form: str, text: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> Answer:
    if form == "words":
        # A null cannot be said on a command line.
        said = text.replace("\0", "")
        return litwatch("add-line", "--question", f"{said} why?", "--claim", f"{said} So.", *more)
    page = page_of(form, text).encode()
    if form == "stdin":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page)))
        return litwatch("add-line", "-", *more)
    (litwatch.folder / f"page.{form}").write_bytes(page)
    return litwatch("add-line", f"page.{form}", *more)


def watchlists(litwatch: Litwatch) -> list[Path]:
    return sorted((litwatch.folder / "watchlists").glob("*"))


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_on_a_page_do_no_harm(fresh: Litwatch, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = sum(_stays_harmless(fresh, form, text, monkeypatch) for text in CASES[form])
    assert taken > len(CASES[form]) // 2, "most are taken for a line, and looked at as one"


def _stays_harmless(litwatch: Litwatch, form: str, text: Text, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Adds a page; True where it was taken for a line, which is then shown in every way and removed again."""
    before = {path for path in litwatch.folder.rglob("*") if not path.name.startswith("litwatch.db")}
    answer = added(litwatch, form, text.text, monkeypatch, "--categories", "cs.CL")
    is_fine(answer, 0, 1)
    made = {path for path in litwatch.folder.rglob("*") if not path.name.startswith("litwatch.db")} - before
    assert {path.parent.name for path in made if not path.name.startswith("page.")} <= {"watchlists"}
    if answer.code:
        is_one_line(answer.err)
        assert not watchlists(litwatch)
        return False
    (path,) = watchlists(litwatch)
    assert path.suffix == ".yaml"
    assert set(path.stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"), path
    assert path.stat().st_mode & 0o022 == 0
    again = added(litwatch, form, text.text, monkeypatch, "--categories", "cs.CL", "--json")
    is_fine(again)
    assert form == "yaml" or not again.json["changed"], text.name
    is_fine(litwatch("show", path.stem, *(["--json"] if len(text.text) % 2 else [])))
    path.unlink()
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_of_a_hostile_form_is_read_or_refused_in_one_line(fresh: Litwatch, page: Page) -> None:
    (fresh.folder / page.file).write_bytes(page.data)
    answer = fresh("add-line", page.file, "--categories", "cs.CL", "--json")
    is_fine(answer, 0, 1)
    if answer.code:
        is_one_line(answer.err)
        assert page.file in answer.err
        assert not watchlists(fresh)
    else:
        assert answer.json["claims"] > 0
        is_fine(fresh("show", answer.json["line"]))
