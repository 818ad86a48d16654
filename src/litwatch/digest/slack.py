"""A digest as Slack blocks (Block Kit).

Limits are Slack's: 50 blocks a message, 150 characters a header, 3,000 a section's text.
https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.digest import anchors, frame, marks, wording
from litwatch.digest.difference import Difference, Fate, Row, is_whole, remark
from litwatch.digest.room import Edition, fitting
from litwatch.model import Alerted, AnchorNews, Digest, Entry, Section, Track

MOST_BLOCKS = 50
LONGEST_HEADER = 150
LONGEST_SECTION = 3000

Block = dict[str, object]


def render(digest: Digest) -> tuple[Block, ...]:
    """At most 50 blocks; what has no room is counted in them."""
    return tuple(blocks_of(edition_of(digest)))


def edition_of(digest: Digest) -> Edition:
    """As much of a digest as has room in one message."""
    return fitting(digest, lambda edition: len(blocks_of(edition)) <= MOST_BLOCKS)


def blocks_of(edition: Edition) -> list[Block]:
    """An edition as Slack's blocks."""
    digest = edition.whole
    head = wording.shorten(frame.heading(digest), LONGEST_HEADER)
    blocks: list[Block] = [{"type": "header", "text": {"type": "plain_text", "text": head, "emoji": False}}]
    if warning := frame.warning(digest):
        blocks.append(_section(f":warning: {_bounded(warning)}"))
    blocks += [_section(_bounded(said)) for said in (frame.summary(digest), *frame.details(digest))]
    if caution := frame.caution(digest):
        blocks.append(_small(_escaped(caution)))
    for section in edition.told:
        blocks.append({"type": "divider"})
        blocks.append(_section(_opening(section)))
        blocks += [_section(_changed(news, section.line)) for news in section.anchors]
        moves = [f":repeat: {_escaped(wording.change(moved, section))}" for moved in section.changes]
        blocks += [_section(text) for text in _together(moves)]
        drawn = wording.first_drawn(section)
        for n, entry in enumerate(section.entries, start=1):
            if n == drawn:
                blocks.append(_small(f"*{wording.LOOK_BEYOND}*\n{wording.WHY_BEYOND}"))
            blocks.append(_section(_told(entry, section.line, digest.tracks)))
        if rest := frame.rest(section, edition.hidden_changes(section), edition.hidden_anchors(section)):
            blocks.append(_small(_escaped(rest)))
    blocks.append({"type": "divider"})
    if known := frame.alerted(digest):
        rows = [_known(one) for one in digest.alerted[-wording.ALERTED_SHOWN :]]
        blocks += [_small(text) for text in _together([_escaped(f"{known}."), *rows])]
    blocks += [_small(text) for text in _together([_escaped(line) for line in frame.foot(edition)])]
    return blocks


def _opening(section: Section) -> str:
    question, slug = wording.shorten(section.question, 300), wording.shorten(section.line, 60)
    return f"*{_escaped(question)}*\n{_escaped(slug)}"


def _changed(news: AnchorNews, line: str) -> str:
    """What became of one anchor in at most 3,000 characters: the later changes and the marks go where it is more, and
    in the end whatever row has no room."""
    for longest, most in ((300, 6), (150, 3), (60, 1)):
        text = "\n".join(_change_rows(news, line, longest, most))
        if len(text) <= LONGEST_SECTION:
            return text
    said = ""
    for row in _change_rows(news, line, 40, 0):
        if len(said) + len(row) < LONGEST_SECTION:
            said += f"\n{row}" if said else row
    return said


def _change_rows(news: AnchorNews, line: str, longest: int, most: int) -> list[str]:
    sign = ":no_entry:" if news.withdrawn else ":pencil2:"
    rows = [
        f"{sign} *{_escaped(anchors.headline(news))}*",
        f"<{news.paper.url}|{_escaped(anchors.about(news, longest))}>",
        _escaped(anchors.byline(news)),
    ]
    for change in news.changes[:most]:
        rows.append(_escaped(anchors.change(change, longest)))
        if most > 1:
            rows += [f"> {said}" for said in _difference(anchors.rows(change))]
    if len(news.changes) > most:
        more = wording.count(len(news.changes) - most, "more change" if most else "change")
        rows.append(_escaped(f"{'And ' if most else ''}{more}: `litwatch show {wording.shorten(line, 60)}`"))
    rows.append(_escaped(anchors.rests(news, min(longest, 70))))
    return [*rows, *filter(None, (_escaped(anchors.consequence(news, line)),))]


def _difference(changed: Difference) -> list[str]:
    """What went ~struck out~ and what came *in bold*."""
    rows = [_marked(row) for row in changed.rows]
    return [*rows, *filter(None, (_escaped(remark(changed)),))]


def _marked(row: Row) -> str:
    if is_whole(row):
        return f"{'−' if row[0].fate is Fate.GONE else '+'} {_piece(row[0].text, row[0].fate)}"
    said = ""
    for piece in row:
        if piece.fate is Fate.COME and said.endswith("~"):
            said += " "
        said += _piece(piece.text, piece.fate)
    return said


def _piece(text: str, fate: Fate) -> str:
    # Slack's own marks within a text would end the mark around it.
    if fate is Fate.GONE:
        return f"~{_escaped(text.replace('~', ' ').strip())}~"
    return f"*{_escaped(text.replace('*', '∗'))}*" if fate is Fate.COME else _escaped(text)


def _told(entry: Entry, line: str, tracks: Sequence[Track]) -> str:
    """One paper in at most 3,000 characters. Escaping may make a text five times as long: then it is cut more."""
    for longest, most in ((300, marks.SHOWN), (150, 2)):
        text = "\n".join(_rows(entry, line, tracks, longest, most, brief=False))
        if len(text) <= LONGEST_SECTION:
            return text
    return "\n".join(_rows(entry, line, tracks, 60, 1, brief=True))


def _rows(entry: Entry, line: str, tracks: Sequence[Track], longest: int, most_marks: int, *, brief: bool) -> list[str]:
    paper = entry.paper
    rows = [
        f"<{paper.url}|{_escaped(wording.title(paper, longest))}>",
        " · ".join(map(_escaped, wording.byline(paper))),
    ]
    for claim, verdict in entry.marks[:most_marks]:
        sign = ":small_red_triangle:" if verdict.evidence.stance.challenges else ":small_blue_diamond:"
        rows.append(f"{sign} *{_escaped(marks.badge(claim, verdict, line))}*")
        rows.append(_escaped(marks.held(claim, min(longest, 200))))
        if quote := wording.quote(verdict.evidence.sentence, 2 * longest):
            rows.append(f"> {_escaped(quote)}")
        if not brief:
            rows.append(_escaped(marks.because(verdict, min(longest, 200))))
        if other := marks.beside(verdict, entry.other_opinion(verdict), min(longest, 200)):
            rows.append(_escaped(other))
        if not brief:
            rows += map(_escaped, filter(None, (marks.near(verdict, tracks),)))
        rows.append(_escaped(marks.how_to_review(verdict)))
    most_back = 0 if brief and entry.marks else min(most_marks, marks.TAKEN_BACK_SHOWN)
    for back in entry.taken_back[:most_back]:
        rows.append(f":scales: *{_escaped(marks.unmarked(back, line))}*")
        rows.append(_escaped(marks.held(back.claim, min(longest, 200))))
        rows += [f"> {_escaped(said)}" for said in marks.both(back, min(longest, 200))]
        rows.append(_escaped(marks.how_to_restore(back)))
    if more := marks.more(entry, line, most_marks, most_back):
        rows.append(_escaped(more))
    rows.append(_escaped(wording.bears_on(entry, min(longest, 100))))
    if telling := wording.telling(entry, longest):
        rows.append(f"> {_escaped(telling)}")
    if not brief:
        terms = wording.terms(entry)
        rows.append(_escaped(" · ".join(part for part in (terms, wording.aside(entry)) if part)))
    if ask := wording.how_to_mark(entry, line):
        rows.append(_escaped(ask))
    return rows


def _known(one: Alerted) -> str:
    title = wording.title(one.paper, 120)
    return f"• <{one.paper.url}|{_escaped(title)}> · {_escaped(wording.alerted(one))}"


def _section(text: str) -> Block:
    # verbatim: Slack makes no link or mention of what merely looks like one.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _bounded(text: str) -> str:
    """Escaped, with room for a sign before it. Escaping may make a text five times as long: then it is cut more."""
    escaped = _escaped(wording.shorten(text, LONGEST_SECTION))
    return escaped if len(escaped) < LONGEST_SECTION - 20 else _escaped(wording.shorten(text, 580))


def _together(lines: list[str]) -> list[str]:
    """The lines in as few texts of a block's length as hold them."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) < LONGEST_SECTION:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def _escaped(text: str) -> str:
    """Slack's three control characters as entities, so that no text can forge a mention, a link or a date."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
