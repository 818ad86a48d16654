"""The digest in a real browser: it fits a phone, also with words that have no place to break."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from digest_sample import alerted, explored, full, raised, sample

from litwatch.digest import html as page
from litwatch.model import Digest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def browser() -> str:
    if BROWSER is None:
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    return BROWSER


def long_words() -> Digest:
    """A digest whose titles, terms and sentences are words of a hundred letters."""
    word = "antidisestablishment" * 5
    digest = sample()
    sections = [
        replace(
            section,
            question=word,
            entries=tuple(
                replace(entry, paper=replace(entry.paper, title=word), terms=((word, 0.5),), sentence=word)
                for entry in section.entries
            ),
        )
        for section in digest.sections
    ]
    return replace(digest, sections=tuple(sections))


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize(
    "digest",
    [sample(), explored(), full(), long_words(), alerted(), raised()],
    ids=["sample", "explored", "full", "long words", "alerted", "alarm"],
)
def test_nothing_runs_over_the_edge(browser: str, tmp_path: Path, digest: Digest, width: int) -> None:
    script = "o=f.contentDocument.documentElement;document.title=o.scrollWidth+' of '+o.clientWidth"
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe id="f" style="width:{width}px;height:800px;border:0" onload="{script}" '
        f'srcdoc="{html.escape(page.render(digest))}"></iframe>',
        encoding="utf-8",
    )
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r"<title>(\d+) of (\d+)</title>", dom)
    assert found, dom[:500]
    assert int(found[1]) <= int(found[2])
