"""A Line → the text of its watchlist file, and the parts of it that edits put in."""

from __future__ import annotations

from collections.abc import Mapping

from litwatch.lines.yamltext import flow, quoted, scalar
from litwatch.model import Anchor, Claim, ClaimKind, Finding, Line

HEADER = """\
# A line that litwatch watches on arXiv. The file is yours: edit it, comment it, keep it in git. litwatch takes an
# edit up at its next command; when it changes something itself, your comments and the order of things stay.
#   claims      what you believe. A new one may be just "- some text"; it gets its id at the next command. Keep the
#               ids that are there: what was found is kept under them. "retired: true" rests a claim;
#               "durability: durable" or "perishable" settles what `litwatch retest` proposes.
#   categories  what is fetched from arXiv for this line
#   exclude     terms whose papers you do not want here
#   active      false pauses the line
"""
_PAGE_COMMENT = "# What the page said when it was read last; tells your wording from the page's. Leave it as it is.\n"


def dump_line(line: Line, *, page: Mapping[str, str] | None = None) -> str:
    """The line as a watchlist file; `load_line` gives the same line back. The slug is the file's name, not in it.

    page: fingerprints of what a page said, by claim id or key (`litwatch.lines.edits`).
    """
    rows = [
        HEADER,
        _entry("question", line.question),
        *([_entry("about", line.about)] if line.about else []),
        f"active: {'true' if line.active else 'false'}",
        f"categories: {flow(line.categories)}",
        f"exclude: {flow(line.exclude)}",
        "",
        *(["claims:"] if line.claims else ["claims: []"]),
        "\n\n".join(claim_item(claim, indent=2) for claim in line.claims),
    ]
    if line.anchors:
        rows += ["", "anchors:", *(anchor_item(anchor, indent=2) for anchor in line.anchors)]
    for key, texts in (("tasks", line.tasks), ("next_lines", line.next_lines)):
        if texts:
            rows += ["", f"{key}:", *(text_item(text, indent=2) for text in texts)]
    if page is not None:
        rows += ["", page_entry(page)]
    return "\n".join(rows).rstrip("\n") + "\n"


def _entry(key: str, text: str, indent: int = 0) -> str:
    return " " * indent + f"{key}: " + scalar(text, indent=indent + 2, room=108 - indent - len(key))


def text_item(text: str, *, indent: int) -> str:
    return " " * indent + "- " + scalar(text, indent=indent + 2, room=106 - indent)


def claim_item(claim: Claim, *, indent: int) -> str:
    """A claim as an item of a list whose dashes stand at `indent`."""
    inner = indent + 2
    rows = [_entry("id", claim.id, inner)]
    if claim.kind is not ClaimKind.PLAIN:
        rows.append(_entry("kind", claim.kind.value, inner))
    if claim.durability:
        rows.append(_entry("durability", claim.durability.value, inner))
    if claim.title:
        rows.append(_entry("title", claim.title, inner))
    rows.append(_entry("text", claim.text, inner))
    if claim.dated:
        rows.append(_entry("dated", claim.dated, inner))
    if claim.retired:
        rows.append(" " * inner + "retired: true")
    if claim.findings:
        rows.append(" " * inner + "findings:")
        rows += [finding_item(finding, indent=inner + 2) for finding in claim.findings]
    return _as_item("\n".join(rows), indent)


def finding_item(finding: Finding, *, indent: int) -> str:
    rows = [_entry("text", finding.text, indent + 2)]
    if finding.dated:
        rows.append(_entry("dated", finding.dated, indent + 2))
    return _as_item("\n".join(rows), indent)


def anchor_item(anchor: Anchor, *, indent: int) -> str:
    rows = [" " * (indent + 2) + f"id: {quoted(anchor.arxiv_id)}"]
    if anchor.title:
        rows.append(_entry("title", anchor.title, indent + 2))
    if anchor.year is not None:
        rows.append(" " * (indent + 2) + f"year: {anchor.year}")
    return _as_item("\n".join(rows), indent)


def _as_item(rows: str, indent: int) -> str:
    return " " * indent + "- " + rows[indent + 2 :]


def page_entry(page: Mapping[str, str]) -> str:
    return f"{_PAGE_COMMENT}page:\n" + "\n".join(f"  {key}: {quoted(mark)}" for key, mark in page.items())
