"""A report as a page of its own: nothing is loaded from anywhere, and it prints."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from litwatch.model import Durability
from litwatch.retest import looked, said, standings
from litwatch.retest.report import Report
from litwatch.retest.traces import HOW, traces

_ID = re.compile(r"arXiv:((?:[a-z-]+(?:\.[A-Z]{2})?/)?[0-9.]+[0-9])(?:v[0-9]+)?")


def render(report: Report) -> str:
    """A whole HTML document."""
    return _template().render(
        report=report,
        durable=standings.lasting(report, Durability.DURABLE),
        perishable=standings.lasting(report, Durability.PERISHABLE),
        traces=traces(report),
        how=HOW,
        say=said,
        standings=standings,
        looked=looked,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("litwatch.retest", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ids"] = _ids
    environment.filters["commands"] = _commands
    return environment.get_template("retest.html")


def _ids(text: str) -> Markup:
    """Escaped text with its arXiv ids as links."""
    link = r'<a href="https://arxiv.org/abs/\1">\g<0></a>'
    return Markup(_ID.sub(link, str(escape(text))))


def _commands(text: str) -> Markup:
    """The same of what litwatch says itself, with what stands between backticks set as code."""
    parts = re.split(r"`([^`]+)`", text)
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else _ids(p) for n, p in enumerate(parts))
