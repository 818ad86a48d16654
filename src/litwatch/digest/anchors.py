"""How a digest puts what became of the papers that a line rests on.

Like `wording`: plain text on one line, with commands between backticks.
"""

from __future__ import annotations

from litwatch.digest.difference import Difference, difference
from litwatch.digest.wording import clean, count, day, quote, shorten, title
from litwatch.model import AnchorChange, AnchorChangeKind, AnchorNews, Digest

_TEXTS = (AnchorChangeKind.VERSION, AnchorChangeKind.REINSTATED)
_MOST_CLAIMS = 5


def headline(news: AnchorNews) -> str:
    """What happened; the title follows it."""
    if news.withdrawn:
        return "A paper this line rests on was withdrawn"
    if any(change.kind is AnchorChangeKind.REINSTATED for change in news.changes):
        return "A paper this line rests on is back after its withdrawal"
    return "A paper this line rests on changed"


def byline(news: AnchorNews) -> str:
    return f"arXiv:{news.paper.arxiv_id}v{news.paper.version} · seen {day(news.changes[-1].at)}"


def rests(news: AnchorNews, longest: int = 70) -> str:
    """ "Rests on it: c2 (…), c5 (…)": the claims that this touches; beyond five the rest is counted."""
    if not news.claims:
        return "Rests on it: the line as a whole"
    claims = (f"{shorten(c.id, 20)} ({shorten(c.title or c.text, longest)})" for c in news.claims[:_MOST_CLAIMS])
    hidden = len(news.claims) - _MOST_CLAIMS
    more = f" and {count(hidden, 'more claim')}" if hidden > 0 else ""
    return f"Rests on it: {', '.join(claims)}{more}"


def consequence(news: AnchorNews, line: str) -> str:
    """What a withdrawal does; "" for other news."""
    if not news.withdrawn:
        return ""
    return f"No verdict on it counts any more. Where each claim stands: `litwatch claims {shorten(line, 60)}`"


def change(change: AnchorChange, longest: int = 300) -> str:
    """One change in words, a difference of its text left to `rows`."""
    after = quote(change.after, longest)
    if change.kind is AnchorChangeKind.WITHDRAWN:
        return f"Withdrawn with version {change.version}" + (f": {after}" if after else ".")
    if change.kind is AnchorChangeKind.REINSTATED:
        said = f"Version {change.version} is no withdrawal; the paper counts again."
        return f"{said} Its abstract differs from the last that stood:" if rows(change) else said
    if change.kind is AnchorChangeKind.VERSION:
        said = "has another abstract:" if rows(change) else "says the same in its abstract."
        return f"Version {change.version} {said}"
    if change.kind is AnchorChangeKind.TITLE:
        return f"Its title was {quote(change.before, longest)}"
    name = "Published as" if change.kind is AnchorChangeKind.JOURNAL_REF else "DOI"
    before = f" (was {shorten(change.before, longest)})" if clean(change.before) else ""
    return f"{name}: {shorten(change.after, longest)}{before}"


def rows(change: AnchorChange) -> Difference:
    """How the text changed; empty for a change that is told in words."""
    return difference(change.before, change.after) if change.kind in _TEXTS else Difference()


def about(news: AnchorNews, longest: int = 200) -> str:
    return title(news.paper, longest)


def tally(digest: Digest) -> tuple[str, ...]:
    """ "1 anchor withdrawn", "2 anchors changed": each paper once, however many lines rest on it."""
    withdrawn, changed = _touched(digest)
    parts = (f"{count(withdrawn, 'anchor')} withdrawn", f"{count(changed, 'anchor')} changed")
    return tuple(part for part, n in zip(parts, (withdrawn, changed), strict=True) if n)


def summed_up(digest: Digest) -> str:
    """ "1 paper that your lines rest on was withdrawn, 2 changed"; "" where none did."""
    withdrawn, changed = _touched(digest)
    if withdrawn:
        said = f"{count(withdrawn, 'paper')} that your lines rest on {'was' if withdrawn == 1 else 'were'} withdrawn"
        return f"{said}, {changed:,} changed" if changed else said
    return f"{count(changed, 'paper')} that your lines rest on changed" if changed else ""


def _touched(digest: Digest) -> tuple[int, int]:
    """How many anchors were withdrawn, and how many changed otherwise."""
    papers = {news.paper.arxiv_id: news.withdrawn for section in digest.sections for news in section.anchors}
    return sum(papers.values()), sum(not withdrawn for withdrawn in papers.values())
