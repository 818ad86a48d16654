"""How a report says what was looked at and what was not: plain text on one line, with commands between backticks."""

from __future__ import annotations

from litwatch.digest import coverage
from litwatch.digest.wording import count, day, listed, shorten
from litwatch.retest.report import Report

_ALWAYS = (
    "Full texts: only titles and abstracts were read.",
    "Challenges that the judge does not see: measured on judged papers it misses nearly all real ones, and a mark is "
    "right little more often than not.",
)


def trouble(report: Report) -> str:
    """What the reader must know of the last harvest before trusting the rest; "" when all is well."""
    return coverage.trouble(report.looked.coverage)


def looked_at(report: Report) -> tuple[str, ...]:
    """An entry a line."""
    looked, since = report.looked, day(report.since)
    said = [
        f"Watched on arXiv: {_categories(report)}. Stored of all that you watch: {count(looked.stored, 'paper')} "
        f"submitted since {since}.",
        f"Of them {count(looked.matched, 'paper')} matched this line, and {'was' if looked.matched == 1 else 'were'} "
        f"read against its claims; {looked.marked:,} {'has' if looked.marked == 1 else 'have'} a likely challenge. "
        f"The line has {count(looked.matched_ever, 'match', 'matches')} of any date.",
        f"You have reviewed {count(looked.reviewed, 'verdict')}; {count(looked.unread, 'likely challenge')} nobody has "
        f"reviewed: `litwatch review {report.line.slug}`.",
        _harvests(report),
    ]
    if looked.whole_since:
        days = sorted({when for _, when in looked.whole_since})
        named = {when: listed([name for name, of in looked.whole_since if of == when], most=20) for when in days}
        said.append(f"Received whole: {'; '.join(f'{names} since {day(when)}' for when, names in named.items())}.")
    if looked.anchors:
        gone = f", {looked.anchors_withdrawn:,} withdrawn" if looked.anchors_withdrawn else ""
        said.append(f"Papers that the line cites: {looked.anchors:,}{gone}.")
    if looked.asked:
        said.append(f"A language model was asked about the likeliest pairs ({shorten(looked.asked, 60)}).")
    return tuple(said)


def _harvests(report: Report) -> str:
    looked, since = report.looked, day(report.since)
    if not looked.harvests:
        return f"arXiv was not asked since {since}."
    asked = f"Harvests since {since}: {looked.harvests:,}"
    if not looked.harvests_ill:
        return f"{asked}; none stalled or failed."
    return f"{asked}; {looked.harvests_ill:,} stalled or failed, and what they missed is asked for again."


def not_looked_at(report: Report) -> tuple[str, ...]:
    """An entry a line."""
    looked, slug = report.looked, report.line.slug
    late = [name for name, when in looked.whole_since if when > report.since.date()]
    whole = {name for name, _ in looked.whole_since}
    never = [name for name in looked.coverage.categories if name not in whole]
    said = [
        *_ALWAYS,
        f"Other categories than {_categories(report)}, and work that is not on arXiv, in whatever language.",
        f"As news: papers submitted before {day(report.since)}. In the standing of a claim they count.",
        f"Papers that share too little with the line (score below {looked.floor:g}): they are not judged. What is "
        f"missed so, as far as your marks tell: `litwatch evaluate --line {slug}`.",
    ]
    if late:
        said.append(
            f"All papers of the whole window in {listed(late)}: what is older than the date above was searched for by "
            "words, not received whole."
        )
    if never and looked.coverage.harvest is None:
        said.append(f"Anything in {listed(never, most=20)}: not harvested yet.")
    elif never:
        said.append(f"All papers in {listed(never, most=20)}: what is stored of them was not received whole.")
    if looked.anchors_unresolved:
        said.append(
            f"{count(looked.anchors_unresolved, 'cited paper')} that arXiv does not have, has under another title, or "
            f"was not asked for yet: `litwatch show {slug}`."
        )
    if looked.unknown:
        named = listed([f"arXiv:{arxiv_id}" for arxiv_id in looked.unknown])
        said.append(
            f"Papers that the words of the line name and that are not in the store: {named}; `litwatch check` on its "
            "watchlist looks them up."
        )
    if not looked.asked:
        said.append("What a language model would say of the papers: none is asked.")
    return tuple(said)


def _categories(report: Report) -> str:
    return listed(report.looked.coverage.categories, most=20) or "no category"
