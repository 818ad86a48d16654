"""How a digest puts things, whatever its form: counts and dates, a paper.

Everything here returns plain text on one line, with the control characters of its sources removed and commands
between backticks. Escaping is the form's own business.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from litwatch.model import Alerted, Claim, Edit, Entry, Paper, Review, Section, Stance, StatusChange
from litwatch.text import squeeze

# Not strftime's: those follow the locale of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INVISIBLE = ("Cc", "Cf", "Cs")


def clean(text: str) -> str:
    """One line without control, invisible or broken characters; everything else as it is written."""
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return squeeze(text)


def shorten(text: str, longest: int) -> str:
    """`clean` text of at most `longest` characters, cut between words where it can be, with "…" for the rest."""
    text = clean(text)
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    words = head.rpartition(" ")[0]
    return (words if len(words) > longest // 2 else head).rstrip(" ,;:.") + "…"


def count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 12) -> str:
    """ "a, b and c"; beyond `most` names the rest is counted."""
    names = [shorten(name, 40) for name in names]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} others"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def percent(share: float) -> str:
    """A whole percentage, never broken across lines; 100 % and 0 % are kept for what is certain."""
    shown = round(100 * share)
    if 0 < share < 1:
        shown = min(max(shown, 1), 99)
    return f"{shown}\u00a0%"


def day(moment: date, year: bool = True) -> str:
    name = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return f"{name} {moment.year}" if year else name


def period(start: datetime, end: datetime) -> str:
    """ "17–24 Nov", "27 Oct – 3 Nov", "29 Dec 2025 – 5 Jan 2026"."""
    if start.date() == end.date():
        return day(end, year=False)
    if start.year != end.year:
        return f"{day(start)} – {day(end)}"
    if start.month != end.month:
        return f"{day(start, year=False)} – {day(end, year=False)}"
    return f"{start.day}–{day(end, year=False)}"


# --- a paper -------------------------------------------------------------------------------------------------


def title(paper: Paper, longest: int = 300) -> str:
    return shorten(paper.title, longest) or f"arXiv:{paper.arxiv_id}"


def authors(names: Sequence[str]) -> str:
    """ "A. Author, B. Author and 12 others"; up to three are all named."""
    known = [_initial(name) for name in map(clean, names) if name]
    return listed(known, most=3 if len(known) <= 3 else 2)


def _initial(name: str) -> str:
    first, _, rest = name.partition(" ")
    if first == "The" or name.casefold().endswith(("collaboration", "team", "group", "consortium")):
        return name
    return f"{first[0]}. {rest}" if rest and first[0].isalpha() and not first.endswith(".") else name


def byline(paper: Paper) -> tuple[str, ...]:
    """Authors, date and id, the parts that are known."""
    parts = (authors(paper.authors), day(paper.published), f"arXiv:{paper.arxiv_id}v{paper.version}")
    return tuple(part for part in parts if part)


def aside(entry: Entry) -> str:
    """The score and what else there is to know, for small print."""
    parts = [f"fit {entry.score:.2f}"]
    if entry.also:
        parts.append(f"also on {listed(entry.also, most=3)}")
    if entry.earlier:
        parts.append("found earlier, had no room until now")
    if entry.chance is not None:
        parts.append("below the floor" if entry.near else "had no place")
        parts.append(f"drawn by chance{_odds(entry.chance)}")
    return " · ".join(parts)


_EXACT = 0.3
"""From there on a chance is not rounded to 1 in something: that would make 2 in 3 of 1 in 2."""


def _odds(chance: float) -> str:
    """ ", 1 in 40", ", 2 in 3"; "" where there was no other paper to draw."""
    if chance >= 1:
        return ""
    if chance < _EXACT:
        return f", 1\u00a0in\u00a0{round(1 / chance):,}"
    odds = Fraction(min(chance, 0.9)).limit_denominator(10)
    return f", {odds.numerator}\u00a0in\u00a0{odds.denominator}"


LOOK_BEYOND = "A look beyond"
"""What stands over the papers of a section that were drawn by chance."""
WHY_BEYOND = "Drawn by chance from what had no place by its score: your mark on it helps to tell what is missed."


def first_drawn(section: Section) -> int:
    """Place of the first paper that was drawn by chance, from 1; 0 where there is none."""
    return next((place for place, entry in enumerate(section.entries, start=1) if entry.chance is not None), 0)


def how_to_mark(entry: Entry, line: str) -> str:
    """Of a paper that was drawn by chance; "" of any other."""
    if entry.chance is None:
        return ""
    return f"Useful? `litwatch mark {shorten(line, 60)} {entry.paper.arxiv_id} useful`, or the same with `not`"


def bears_on(entry: Entry, longest: int = 100) -> str:
    how = "Nearest to" if entry.near else "Bears on"
    if entry.claim is None:
        return f"{how} the question as a whole"
    return f"{how} {_id(entry.claim)}: {shorten(entry.claim.title or entry.claim.text, longest)}"


def telling(entry: Entry, longest: int = 300) -> str:
    """The sentence that the paper matched by, quoted; "" where a mark quotes one already, or it is the title."""
    if any(verdict.evidence.sentence for _, verdict in entry.marks) or entry.sentence == entry.paper.title:
        return ""
    return quote(entry.sentence, longest)


def _id(claim: Claim) -> str:
    return shorten(claim.id, 20)


def terms(entry: Entry, most: int = 6) -> str:
    """ "warmth 31 %, sycophancy 12 %": the shared terms with their shares of the score."""
    return ", ".join(f"{shorten(term, 40)} {percent(weight)}" for term, weight in entry.terms[:most])


ALERTED_SHOWN = 12
"""More than alerts tell in a usual week; they have the rest."""


def alerted(one: Alerted) -> str:
    """What stands beside the title of a paper that an alert told."""
    parts = [f"arXiv:{one.paper.arxiv_id}v{one.paper.version}", f"told {day(one.at, year=False)}"]
    if one.paper.withdrawn:
        parts.append("withdrawn since")
    if one.lost:
        parts.append("that alert was not delivered: `litwatch outbox`")
    return " · ".join(parts)


def quote(sentence: str, longest: int = 600) -> str:
    return f"“{shorten(sentence, longest)}”" if clean(sentence) else ""


_EDITED = {
    Edit.REWORDED: "reworded it",
    Edit.RETIRED: "retired it",
    Edit.TAKEN_UP: "took it up again",
    Edit.RETURNED: "put it into the file again",
    Edit.BESIDE: "edited the claims beside it",
}


def change(moved: StatusChange, section: Section | None = None) -> str:
    """ "c6: supported → contested, by arXiv:2511.01234 because “…”"; less of the sentence where the section tells the
    paper."""
    reworded = f", reworded on {day(moved.reworded, year=False)}" if moved.reworded else ""
    head = f"{_id(moved.claim)}{reworded}: {moved.before} → {moved.after}"
    if moved.edit:
        on = f" on {day(moved.at, year=False)}" if moved.at else ""
        return f"{head}, since you {_EDITED[moved.edit]}{on}"
    paper = f"arXiv:{moved.arxiv_id}"
    if moved.anchor:
        went = "was withdrawn" if moved.withdrawn else "stands again, or is cited no more"
        return f"{head}, because {paper}, which it {'rests' if moved.withdrawn else 'rested'} on, {went}"
    if moved.withdrawn:
        return f"{head}, because {paper} was withdrawn"
    if moved.review is Review.REJECTED:
        does = "takes no stance on" if moved.stance is Stance.NONE else moved.stance
        return f"{head}, because you rejected that {paper} {does} it"
    if moved.stance is Stance.NONE and moved.arxiv_id:
        return f"{head}, because {paper} is now read as taking no stance"
    if moved.weaker is not None:
        likely = f"less likely to be one that {moved.stance} it ({moved.weaker:.2f})"
        return f"{head}, because {paper} is now read as {likely}"
    below = section is not None and any(entry.paper.arxiv_id == moved.arxiv_id for entry in section.entries)
    said = f" because {quote(moved.sentence, 160 if below else 300)}" if clean(moved.sentence) else ""
    remarks = {"a candidate": moved.candidate, "confirmed by you": moved.review is Review.CONFIRMED, "below": below}
    told = ", ".join(remark for remark, fits in remarks.items() if fits)
    by = f", by {paper}{f' ({told})' if told else ''}" if moved.arxiv_id else ""
    return f"{head}{by}{said}"
