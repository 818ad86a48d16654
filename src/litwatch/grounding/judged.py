"""What a text cites, held against what is known of the papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litwatch.grounding.citations import Citation
from litwatch.grounding.ids import canonical
from litwatch.grounding.titles import fits, holds, names
from litwatch.model import Paper

_LONGEST_SHOWN = 160
"""Characters of a quotation that is told."""
_FEWEST_QUOTED = 3
"""Words from which on it says something that an abstract has them."""


class State(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    """arXiv, asked, has no such paper, or the id can be none."""
    TITLE_DIFFERS = "title differs"
    UNCHECKED = "unchecked"
    """arXiv could not be asked."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What store and arXiv say of an id."""

    paper: Paper | None = None
    asked: bool = True
    """False where arXiv gave no answer; a paper is then as the store has it, perhaps older or without its text."""
    reason: str = ""
    """Why it gave none."""
    earlier: tuple[Paper, ...] = ()
    """The paper with the texts of its earlier versions, as far as they are kept."""


@dataclass(frozen=True, kw_only=True)
class Grounded:
    """One citation, judged."""

    citation: Citation
    state: State
    paper: Paper | None = None
    cited_title: str = ""
    """The one that differs, else the first that the text gives."""
    problems: tuple[str, ...] = ()
    """What is unfounded, each in words."""
    reason: str = ""
    """Of one that is unchecked: why arXiv gave no answer."""

    @property
    def arxiv_id(self) -> str:
        """As arXiv keeps it; as it is written where no paper can have it."""
        cited = self.citation.arxiv_id
        return self.paper.arxiv_id if self.paper else canonical(cited) if self.citation.possible else cited

    @property
    def well(self) -> bool:
        """Whether all that was said of it holds."""
        return self.state is State.FOUND and not self.problems

    @property
    def is_meant(self) -> bool:
        """Whether the paper is the one that the text means, and stands: it may be taken in."""
        return self.state is State.FOUND and self.paper is not None and not self.paper.withdrawn


_UNASKED = Known(asked=False)


def ground_each(citations: Sequence[Citation], known: Mapping[str, Known]) -> tuple[Grounded, ...]:
    """Judges the citations of a text. known: by canonical id; of what it lacks nobody was asked."""
    return tuple(ground(one, known.get(canonical(one.arxiv_id), _UNASKED), known) for one in citations)


def ground(citation: Citation, known: Known, others: Mapping[str, Known] | None = None) -> Grounded:
    """Judges one citation. A title, a year or a quotation is judged only where the paper is known; a quotation that
    another paper may be meant by, only where that one is known, too, and it is right where either has it.

    others: by canonical id.
    """
    cited = citation.titles[0] if citation.titles else ""
    if not citation.possible:
        said = "no arXiv id can be this"
        return Grounded(citation=citation, state=State.MISSING, cited_title=cited, problems=(said,))
    paper = known.paper
    if paper is None:
        state = State.MISSING if known.asked else State.UNCHECKED
        said = "arXiv has no such paper" if known.asked else "not looked up: arXiv could not be asked"
        reason = "" if known.asked else known.reason
        return Grounded(citation=citation, state=state, cited_title=cited, problems=(said,), reason=reason)
    texts = (paper, *known.earlier)
    wrong = [title for title in citation.titles if not _is_of(title, texts)]
    problems = []
    if wrong:
        problems.append(f'cited as "{_short(wrong[0])}", its title is "{_short(paper.title)}"')
    problems += [_version_problem(version, paper, known) for version in citation.versions if _is_off(version, paper)]
    if paper.withdrawn:
        problems.append("withdrawn")
    problems += [
        f"cited as of {year}, submitted {paper.published:%Y-%m-%d}" for year in citation.years if not fits(paper, year)
    ]
    # Where another paper is meant, its words are not looked for in this one's.
    missing = [
        quote
        for quote in citation.quotes
        if not wrong and not _is_of(quote, texts) and not _may_be_anothers(quote, citation, others or {})
    ]
    where = "not in title or abstract (full texts are not read)" if paper.has_text else f"not looked up: {known.reason}"
    problems += [f'quotation {where}: "{_short(quote)}"' for quote in missing]
    return Grounded(
        citation=citation,
        state=State.TITLE_DIFFERS if wrong else State.FOUND,
        paper=paper,
        cited_title=wrong[0] if wrong else cited,
        problems=tuple(problems),
    )


def _is_off(version: int, paper: Paper) -> bool:
    return not 1 <= version <= paper.version


def _version_problem(version: int, paper: Paper, known: Known) -> str:
    if version == 0:
        return "no paper has a version 0"
    if not known.asked:
        return f"version {version} is cited, and was not looked up: {known.reason}"
    return f"version {version} is cited, the newest is {paper.version}"


def _is_of(words: str, texts: tuple[Paper, ...]) -> bool:
    """Whether words are a title of the paper or stand in its abstract: which of both is meant, marks tell ill."""
    in_full = len(words.split()) >= _FEWEST_QUOTED
    return any(names(words, text.title) or (in_full and holds(text, words)) for text in texts)


def _may_be_anothers(quote: str, citation: Citation, known: Mapping[str, Known]) -> bool:
    """Whether one of the other papers that are cited with a quotation has it, or may have it for all that is known."""
    for other in (other for said, other in citation.quoted_with if said == quote):
        of = known.get(other, _UNASKED)
        texts = (of.paper, *of.earlier) if of.paper else of.earlier
        if not of.asked and (of.paper is None or not of.paper.has_text):
            return True
        if _is_of(quote, texts):
            return True
    return False


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN].rstrip() + "…"
