"""How many hostile inputs there are, so that the figure which the documentation gives is one that was counted."""

from __future__ import annotations

import re
from pathlib import Path

from hostile_bodies import BODIES
from hostile_files import NAMES, SETTINGS, URLS, WATCHLISTS
from hostile_pages import PAGES
from hostile_texts import CHOSEN, GENERATED, TEXTS

COUNTED = {
    "texts": len(TEXTS),
    "pages": len(PAGES),
    "answers": len(BODIES),
    "watchlists": len(WATCHLISTS),
    "names of files": len(NAMES),
    "configurations": len(SETTINGS),
    "urls of channels": len(URLS),
}
"""Inputs, each counted once, however many ways it goes."""


def test_there_are_more_than_three_hundred_hostile_inputs_and_no_two_alike() -> None:
    assert sum(COUNTED.values()) >= 500
    assert len(GENERATED) >= 100
    assert len(CHOSEN) >= 80
    assert len({text.text for text in TEXTS}) == len(TEXTS)
    for cases in (PAGES, WATCHLISTS, SETTINGS):
        assert len({case.name for case in cases}) == len(cases)  # type: ignore[attr-defined]
    assert len({(body.service, body.answer) for body in BODIES}) == len(BODIES)


def test_the_documentation_gives_the_figures_that_were_counted() -> None:
    said = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    found = re.search(r"(\d+) hostile inputs \(([^)]*)\)", " ".join(said.split()))
    assert found
    assert int(found[1]) == sum(COUNTED.values())
    assert {what: int(number) for number, what in re.findall(r"(\d+) ([a-z ]+)", found[2])} == COUNTED
