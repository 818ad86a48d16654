"""A digest as plain text, complete on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from litwatch.digest import anchors, frame, marks, wording
from litwatch.digest.difference import in_words
from litwatch.digest.room import Edition, whole
from litwatch.model import Alerted, AnchorNews, Digest, Entry, Section, Track

WIDTH = 76


def render(digest: Digest) -> str:
    """The whole digest in lines of at most `WIDTH` characters."""
    return page(whole(digest))


def page(edition: Edition) -> str:
    """What an edition tells, in lines of at most `WIDTH` characters; what it left out is counted."""
    digest = edition.whole
    blocks = [[frame.heading(digest), "=" * len(frame.heading(digest))]]
    if warning := frame.warning(digest):
        blocks.append(_wrapped(warning, "!! ", "!! "))
    blocks.append(_wrapped(frame.summary(digest)))
    blocks += [_wrapped(said) for said in (*frame.details(digest), *filter(None, (frame.caution(digest),)))]
    for section in edition.told:
        blocks.append(_opening(section))
        blocks += [_changed(news, section.line) for news in section.anchors]
        if section.changes:
            blocks.append(
                [row for moved in section.changes for row in _wrapped(wording.change(moved, section), "* ", "  ")]
            )
        drawn = wording.first_drawn(section)
        for n, entry in enumerate(section.entries, start=1):
            if n == drawn:
                blocks.append(_wrapped(f"{wording.LOOK_BEYOND}. {wording.WHY_BEYOND}"))
            blocks.append(_told(entry, n, section.line, digest.tracks))
        if rest := frame.rest(section, edition.hidden_changes(section), edition.hidden_anchors(section)):
            blocks.append(_wrapped(rest))
    if known := frame.alerted(digest):
        blocks.append(["", *_wrapped(f"{known}."), *(row for one in _last_alerted(digest) for row in _known(one))])
    foot = ["-" * WIDTH]
    for line in frame.foot(edition):
        foot += _wrapped(line, "", "  ")
    blocks.append(foot)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _opening(section: Section) -> list[str]:
    question = _wrapped(wording.shorten(section.question, 300))
    return ["", *question, "-" * max(map(len, question), default=0), f"line {wording.clean(section.line)}"]


def _changed(news: AnchorNews, line: str) -> list[str]:
    inset = " " * 4
    rows = _wrapped(f"{anchors.headline(news)}: {anchors.about(news)}", "!!  " if news.withdrawn else "*   ", inset)
    rows += [*_wrapped(anchors.byline(news), inset, inset), f"{inset}{news.paper.url}"]
    for change in news.changes:
        rows += _wrapped(anchors.change(change), inset, inset)
        for said in in_words(anchors.rows(change)):
            rows += _wrapped(said, f"{inset}| ", f"{inset}| ")
    rows += _wrapped(anchors.rests(news), inset, inset)
    return rows + _wrapped(anchors.consequence(news, line), inset, inset)


def _told(entry: Entry, n: int, line: str, tracks: Sequence[Track]) -> list[str]:
    paper = entry.paper
    inset = " " * 4
    rows = [
        *_wrapped(wording.title(paper), f"{n:>2}. ", inset),
        *_wrapped(" · ".join(wording.byline(paper)), inset, inset),
        f"{inset}{paper.url}",
    ]
    for claim, verdict in entry.marks[: marks.SHOWN]:
        sign = "!" if verdict.evidence.stance.challenges else "+"
        rows += _wrapped(marks.badge(claim, verdict, line), f"{inset}{sign} ", f"{inset}  ")
        for said in (
            marks.held(claim),
            wording.quote(verdict.evidence.sentence),
            marks.because(verdict),
            marks.beside(verdict, entry.other_opinion(verdict)),
            marks.near(verdict, tracks),
            marks.how_to_review(verdict),
        ):
            rows += _wrapped(said, f"{inset}  ", f"{inset}  ")
    for back in entry.taken_back[: marks.TAKEN_BACK_SHOWN]:
        rows += _wrapped(marks.unmarked(back, line), f"{inset}? ", f"{inset}  ")
        for said in (marks.held(back.claim), *marks.both(back), marks.how_to_restore(back)):
            rows += _wrapped(said, f"{inset}  ", f"{inset}  ")
    if more := marks.more(entry, line):
        rows += _wrapped(more, inset, inset)
    rows += _wrapped(wording.bears_on(entry), inset, inset)
    rows += _wrapped(wording.telling(entry), inset, inset)
    rows += _wrapped(" · ".join(part for part in (wording.terms(entry), wording.aside(entry)) if part), inset, inset)
    rows += _wrapped(wording.how_to_mark(entry, line), inset, inset)
    return rows


def _last_alerted(digest: Digest) -> Sequence[Alerted]:
    return digest.alerted[-wording.ALERTED_SHOWN :]


def _known(one: Alerted) -> list[str]:
    inset = " " * 4
    rows = [*_wrapped(wording.title(one.paper, 120), "  - ", inset), *_wrapped(wording.alerted(one), inset, inset)]
    return [*rows, f"{inset}{one.paper.url}"]


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    # Ids, links and commands stay whole, to be copied: hyphens are no place to break at, nor are the spaces of
    # a command, which a no-break space stands in for while the text is wrapped.
    kept = re.sub(r"`[^`]{1,60}`", lambda command: command[0].replace(" ", "\u00a0"), text)
    rows = wrap(kept, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
    return [row.replace("\u00a0", " ") for row in rows]
