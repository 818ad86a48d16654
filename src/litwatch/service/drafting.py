"""A cluster of papers as a page that `add-line` reads: a draft for its reader to reword."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from litwatch.errors import PageError
from litwatch.model import Line
from litwatch.rank.suggesting import states_result
from litwatch.service.suggesting import Candidate, Suggestion
from litwatch.text import ARXIV_ID, plain, squeeze

_NOTES, _FINDINGS = 5, 4
_LONGEST_TITLE = 140


def draft_page(line: Line, suggestion: Suggestion, *, now: datetime) -> str:
    """The page in plain text: a question and a lead made of the cluster's terms, then what its best papers say.

    Each note and finding is one sentence of one abstract, quoted, with the paper's id: what a paper says of itself,
    for the reader to keep, reword or strike. A paper of which no sentence states a result, or only one that leans on
    another, is among the anchors alone. Where that is so of all, what the best found is left to be written.
    """
    papers = suggestion.papers[: _NOTES + _FINDINGS]
    saying = [each for each in papers if each.sentence and states_result(each.sentence)]
    notes = saying[: min(_NOTES, (3 * len(saying) + 4) // 5)] or papers[:_NOTES]
    findings = saying[len(notes) :]
    first, last = span(suggestion.papers)
    blocks = [
        "INQUIRING LINE",
        f"What holds of {_joined(suggestion.headline)}?",
        f"A draft of {now:%Y-%m-%d}, to be reworded. Of the papers that match the line {line.slug}, "
        f"{len(suggestion.papers)}, submitted from {first} to {last}, bear on none of its claims and lie near each "
        f"other by these terms: {', '.join(suggestion.terms)}. Each statement below is one sentence of one abstract, "
        "which nobody has reviewed.",
        f"Sources {len(notes)} notes",
    ]
    for note in notes:
        # The period tells it from a note's title, however short it is.
        blocks += [f'What does "{_title(note)}" find?', f"{_statement(note, dated=True)}."]
    if findings:
        blocks.append("Dated findings:")
        blocks.append("\n".join(f"- {_statement(found)} ({found.paper.published:%Y})." for found in findings))
    blocks.append("Anchor papers:")
    blocks.append("\n".join(f'- arXiv:{_cited(each)}: "{_title(each)}"' for each in papers))
    blocks.append("Your task:")
    blocks.append(
        "(1) Keep, reword or strike each statement: a sentence in which a paper speaks of itself is seldom a claim.\n"
        "(2) Say which of them newer work contradicts or supersedes.\n"
        f"(3) Decide whether this is a line of its own or a claim of {line.slug}."
    )
    blocks += ["Next inquiring lines", squeeze(plain(line.question))]
    return "\n\n".join(blocks) + "\n"


def write_draft(path: Path, page: str) -> None:
    """Writes the page into a new file. Raises PageError where there is one already, or none can be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(page)
    except FileExistsError:
        raise PageError(f"{path} is there already and stays as it is; name another file") from None
    except OSError as error:
        raise PageError(f"{path} cannot be written ({error.strerror}); name a file in a folder of yours") from error


def span(papers: Sequence[Candidate]) -> tuple[str, str]:
    """The days on which the first and the last of them were submitted, as 2025-11-20."""
    days = sorted(f"{each.paper.published:%Y-%m-%d}" for each in papers)
    return days[0], days[-1]


def _statement(candidate: Candidate, *, dated: bool = False) -> str:
    """The sentence with the paper's id; words to be replaced where it states no result."""
    said = squeeze(plain(candidate.sentence)) if states_result(candidate.sentence) else ""
    year = f", {candidate.paper.published:%Y}" if dated else ""
    paper = f"[arXiv:{candidate.paper.arxiv_id}{year}]"
    return f'"{said}" {paper}' if said else f"To be written: what the paper found {paper}"


def _cited(candidate: Candidate) -> str:
    return f"{candidate.paper.arxiv_id} ({candidate.paper.published:%Y})"


def _title(candidate: Candidate) -> str:
    """Without quotation marks, ids of papers and a period at the end, and not so long that it would be no title."""
    title = ARXIV_ID.sub("…", squeeze(plain(candidate.paper.title))).replace('"', "'").rstrip(".")
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _joined(terms: Sequence[str]) -> str:
    *most, last = terms
    return f"{', '.join(most)} and {last}" if most else last
