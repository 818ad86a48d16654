"""A digest as an HTML mail.

Mail clients drop style sheets, so each element carries its own style; the one sheet there is only turns the
colours for those that honour a dark scheme. Nothing is loaded from anywhere. Gmail hides what goes beyond 102 kB
of a message, hence the limit.
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from litwatch.digest import anchors, difference, frame, marks, wording
from litwatch.digest.room import Edition, fitting
from litwatch.model import Digest

MOST_BYTES = 95_000
"""Exclusive."""


def render(digest: Digest) -> str:
    """A whole HTML document under 95 kB in UTF-8; what has no room is counted in it."""
    return page(edition_of(digest))


def edition_of(digest: Digest) -> Edition:
    """As much of a digest as has room in the page."""
    return fitting(digest, lambda edition: len(page(edition).encode()) < MOST_BYTES)


def page(edition: Edition) -> str:
    """An edition as a whole HTML document."""
    return _template().render(
        edition=edition,
        digest=edition.whole,
        frame=frame,
        say=wording,
        marks=marks,
        anchors=anchors,
        difference=difference,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("litwatch.digest", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["commands"] = _commands
    return environment.get_template("digest.html")


def _commands(text: str, style: str) -> Markup:
    """Escaped text with what stands between backticks set as code."""
    code = Markup('<code class="c" style="{}">').format(style)
    return Markup(re.sub(r"`([^`]+)`", rf"{code}\1</code>", str(escape(text))))
