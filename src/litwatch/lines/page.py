"""A page → a Line: what stands in which part of it, and a warning for what is missing or finds no place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from litwatch.errors import PageError
from litwatch.lines.blocks import Block, BlockKind, decode, text_blocks
from litwatch.lines.claims import claims_of
from litwatch.lines.markup import html_blocks, looks_like_html
from litwatch.lines.parts import Part, opening, without_banner, without_buttons
from litwatch.lines.pieces import begins_with_id, cited, finding, ill_formed_id, tasks_of
from litwatch.model import Anchor, Claim, ClaimKind, Finding, Line
from litwatch.text import arxiv_ids, plain, slug, squeeze

MOST_BLOCKS = 2000
"""Headings, paragraphs and list items; a page of this form has some eighty."""

MOST_TEXT = 400_000
"""Characters in them; a page of this form has some ten thousand."""

_LONGEST_QUESTION = 300
_LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class PageReading:
    line: Line
    warnings: tuple[str, ...] = ()
    """What is missing or found no place, one line each; empty where the page was read whole."""


def read_page(data: bytes, *, name: str) -> PageReading:
    """The line that a page in plain text, Markdown or saved HTML describes.

    name: the page's file name, or "-"; stands in messages, and its ending tells Markdown from plain text. The
    line's slug is made from the question. Raises PageError where the page is empty, too large, no text, or has no
    question or no claim.
    """
    text = decode(data, name=name)
    ending = name.lower().rpartition(".")[2]
    if ending in ("html", "htm", "xhtml") or looks_like_html(text):
        found: Iterable[Block] = html_blocks(text)
    elif text.count("\n") > MOST_TEXT // 4:
        raise _too_much(name)
    else:
        found = text_blocks(text, markdown=ending in ("md", "markdown"))
    blocks = tuple(islice(found, MOST_BLOCKS + 1))
    if len(blocks) > MOST_BLOCKS or sum(len(block.text) for block in blocks) > MOST_TEXT:
        raise _too_much(name)
    parts, count = _parts(blocks)
    return _Reading(name=name, parts=parts, declared=count).line()


def _too_much(name: str) -> PageError:
    return PageError(
        f"{name}: more than {MOST_BLOCKS:,} paragraphs or {MOST_TEXT:,} characters is too much for a page; "
        "save the text of the page alone"
    )


def line_from_words(
    question: str, claims: Sequence[str] = (), categories: Sequence[str] = (), *, about: str = ""
) -> PageReading:
    """A line of plain words. Raises PageError without a question or without a claim."""
    question = squeeze(plain(question))
    statements = tuple(dict.fromkeys(text for claim in claims if (text := squeeze(plain(claim)))))
    if not question:
        raise PageError("the question is empty; say what the line asks with --question TEXT")
    if not statements:
        raise PageError("a line needs a claim to test; give at least one with --claim TEXT")
    line = Line(
        slug=slug(question),
        question=question,
        about=squeeze(plain(about)),
        claims=tuple(Claim(id=f"c{number}", text=text) for number, text in enumerate(statements, 1)),
        categories=tuple(dict.fromkeys(categories)),
    )
    return PageReading(line=line, warnings=("no anchors given",))


def _parts(blocks: Sequence[Block]) -> tuple[dict[Part, list[Block]], int | None]:
    """The blocks under the part that they stand in, openings taken out, and the number of notes announced."""
    parts: dict[Part, list[Block]] = {part: [] for part in Part}
    part, declared = Part.HEAD, None
    for block in blocks:
        text = without_buttons(block.text)
        if not text:
            continue
        opened = opening(text)
        if opened is None:
            parts[part].append(_with_text(block, text))
            continue
        part, found = opened
        if part is Part.NOTES and (count := found.groupdict().get("count")):
            declared = int(count)
        if part is Part.PROMPT:
            parts[part].append(_with_text(block, text))
        elif part is Part.TASKS and (rest := text[found.end() :].strip()):
            parts[part].append(_with_text(block, rest))
    return parts, declared


def _with_text(block: Block, text: str) -> Block:
    return Block(kind=block.kind, text=text, line=block.line, links=block.links)


_TITLE_AND_REST = re.compile(r"(?P<title>[^?]{8,200}\?)[\"')\]]*\s+(?P<rest>[\"'(\[]?[A-Z0-9].{20,})$")
_SPAN = re.compile(r"\(?findings span\b", re.IGNORECASE)
_REMAINS_OPEN = re.compile(r"question remains open\s*:\s*(?P<question>[^?]{8,300}\?)", re.IGNORECASE)


def _quote(text: str, longest: int = 60) -> str:
    return repr(text if len(text) <= longest else text[: longest - 3].rstrip() + "...")


# --- the whole page ------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """One page while it is read; every method takes what is its own out of `parts` and warns of the rest."""

    name: str
    parts: dict[Part, list[Block]]
    declared: int | None
    warnings: list[str] = field(default_factory=list)

    def line(self) -> PageReading:
        head = self.parts[Part.HEAD]
        question = self._question()
        notes = self._notes()
        about = self._about(head)
        findings = self._findings()
        anchors = self._anchors()
        claims = claims_of(notes, findings)
        if not claims:
            raise PageError(
                f'{self.name}: no claims found; a page needs notes (a title and a statement under "Sources") or '
                'findings in a list under "What a curated library found"'
            )
        tasks = tasks_of(self.parts[Part.TASKS])
        next_lines = tuple(dict.fromkeys(block.text for block in self.parts[Part.NEXT]))
        for what, found in (("tasks", tasks), ("next lines", next_lines)):
            if not found:
                self.warnings.append(f"no {what} found")
        for block in self.parts[Part.FOOT]:
            self._unplaced(block)
        line = Line(
            slug=slug(question),
            question=question,
            about=about,
            claims=claims,
            anchors=anchors,
            tasks=tasks,
            next_lines=next_lines,
        )
        return PageReading(line=line, warnings=tuple(self.warnings))

    def _unplaced(self, block: Block) -> None:
        self.warnings.append(f"line {block.line}: no place for {_quote(block.text)}")

    def _question(self) -> str:
        """Takes the question, and what stands before it, out of the head."""
        head = self.parts[Part.HEAD]
        head[:] = [_with_text(block, text) for block in head if (text := without_banner(block.text))]
        at = self._question_place(head)
        if at is not None:
            for block in head[:at]:
                self._unplaced(block)
            question = head[at].text
            del head[: at + 1]
            return question
        for block in (*self.parts[Part.PROMPT], *head):
            if found := _REMAINS_OPEN.search(block.text):
                self.warnings.append("no title: the question was taken from the research prompt")
                question = found["question"]
                return question[0].upper() + question[1:]
        raise PageError(f'{self.name}: no question found; put it on the first line of the page, ending in "?"')

    @staticmethod
    def _question_place(head: Sequence[Block]) -> int | None:
        # A saved page's banners ask things too, but not in a heading.
        for at, block in enumerate(head[:10]):
            if block.kind is BlockKind.HEADING and block.text.endswith("?") and len(block.text) <= _LONGEST_QUESTION:
                return at
        for at, block in enumerate(head[:10]):
            if block.kind is BlockKind.HEADING and len(block.text) <= _LONGEST_QUESTION:
                return at
            if block.kind is BlockKind.PARAGRAPH and block.text.endswith("?") and len(block.text) <= _LONGEST_QUESTION:
                return at
            if len(block.text) > _LONGEST_TITLE:
                break
        if (
            head
            and head[0].kind is BlockKind.PARAGRAPH
            and len(head[0].text) <= 150
            and head[0].text[-1] not in ".:!;,"
        ):
            return 0
        return None

    def _notes(self) -> tuple[Claim, ...]:
        """Titles and statements under "Sources"; without that heading, the titled paragraphs before the prompt."""
        blocks = self.parts[Part.NOTES]
        if not blocks:
            head = self.parts[Part.HEAD]
            first = next((at for at in range(len(head) - 1) if at and _is_title(head, at)), None)
            if first is not None:
                blocks = head[first:]
                del head[first:]
                self.warnings.append('no heading "Sources": notes were told by their titles')
        notes: list[list[str]] = []  # title, then paragraphs
        for at, block in enumerate(blocks):
            if begins_with_id(block):
                self.parts[Part.ANCHORS].append(block)
            elif _is_title(blocks, at):
                notes.append([block.text])
            elif notes and len(notes[-1]) == 1 and notes[-1][0]:
                notes[-1].append(block.text)
            elif both := _TITLE_AND_REST.match(block.text):
                notes.append([both["title"], both["rest"]])
            else:
                notes.append(["", block.text])
        titled = sum(bool(note[0]) for note in notes)
        if titled and len(notes) != self.declared:
            # A paragraph without a title goes on with the note above, unless the heading counts it as a note.
            joined: list[list[str]] = []
            for note in notes:
                if note[0] or not joined:
                    joined.append(note)
                else:
                    joined[-1].append(note[1])
            notes = joined
        if not notes:
            self.warnings.append("no notes found")
        elif self.declared is not None and self.declared != len(notes):
            self.warnings.append(f"heading says {self.declared} notes, {len(notes)} found")
        return tuple(map(self._note, notes))

    def _note(self, note: list[str]) -> Claim:
        title, text = note[0], " ".join(note[1:])
        if not text:
            self.warnings.append(f"note {_quote(title)} has no statement: its title is taken as the claim")
            title, text = "", title
        elif not title:
            self.warnings.append(f"note {_quote(text)} has no title")
        return Claim(id="", kind=ClaimKind.NOTE, title=title, text=text)

    def _about(self, head: Sequence[Block]) -> str:
        lead = next((block.text for block in head if block.kind is BlockKind.PARAGRAPH), "")
        if not lead:
            self.warnings.append("no lead found")
        return lead

    def _findings(self) -> tuple[Finding, ...]:
        found: list[Finding] = []
        for block in self.parts[Part.FINDINGS]:
            if begins_with_id(block):
                self.parts[Part.ANCHORS].append(block)
            elif _SPAN.match(block.text) and block.kind is BlockKind.PARAGRAPH:
                continue
            elif block.kind is BlockKind.HEADING or len(block.text.split()) < 4:
                self._unplaced(block)
            else:
                found.append(finding(block.text))
        if not found:
            self.warnings.append("no dated findings found")
        return tuple(found)

    def _anchors(self) -> tuple[Anchor, ...]:
        anchors: dict[str, Anchor] = {}
        for block in self.parts[Part.ANCHORS]:
            cited_here = cited(block)
            for anchor in cited_here:
                anchors.setdefault(anchor.arxiv_id, anchor)
            if not cited_here:
                self._no_anchor(block)
        if not anchors:
            mentioned = arxiv_ids(" ".join(block.text for blocks in self.parts.values() for block in blocks))
            anchors = {arxiv_id: Anchor(arxiv_id=arxiv_id) for arxiv_id in mentioned}
            self.warnings.append(
                f"no anchors found: taken are the ids in the text ({', '.join(mentioned[:5])})"
                if mentioned
                else "no anchors found"
            )
        return tuple(anchors.values())

    def _no_anchor(self, block: Block) -> None:
        meant = ill_formed_id(block.text)
        what = f"{_quote(meant)} is no arXiv id" if meant else f"{_quote(block.text)} has no arXiv id"
        self.warnings.append(f"anchor {what}: left out")


def _is_title(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block heads a note: a heading, a short question, or a short line over a longer paragraph."""
    block = blocks[at]
    if block.kind is BlockKind.HEADING:
        return True
    if len(block.text) > _LONGEST_TITLE:
        return False
    if block.text.endswith("?"):
        return True
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    return (
        block.kind is BlockKind.PARAGRAPH
        and below is not None
        and below.kind is BlockKind.PARAGRAPH
        and len(block.text) <= 120
        and block.text[-1] not in ".!:;,\"'"
        and len(below.text) > len(block.text)
    )
