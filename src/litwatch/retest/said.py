"""How a report puts things, whatever its form: plain text on one line, with commands between backticks."""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.digest import coverage, marks
from litwatch.digest.wording import authors, clean, count, day, listed, quote, shorten, title
from litwatch.model import Durability, Review, Status, Verdict
from litwatch.retest.questions import TEMPLATE, Question
from litwatch.retest.report import Fresh, Report, Shown
from litwatch.retest.standings import STANCES, sure

SHOWN = 3
"""Pieces of evidence of a claim for each side that are quoted; the rest is counted."""
MOST_OLDER = 8
"""Papers from before the window that are told under what speaks against the claims; the rest is counted."""
AGAINST = "What speaks against it"
BELOW = "Below the threshold of a mark"
OLDER = "Older than the window"
REVIEW = "Right or wrong?"
"""Over the command that says so, where a form folds it away."""
FRESH = "New work that bears on it"
DURABLE, PERISHABLE = "Durable", "Perishable"
QUESTIONS = "Questions, assuming that the regime has shifted"
LOOKED = "What was looked at"
NOT_LOOKED = "What was not looked at"
TRACES = "Where the figures come from"
SILENCE = (
    "That is no sign that the claims hold: measured on judged papers, the judge misses nearly all real challenges, and "
    "it reads abstracts alone."
)
LASTING = (
    "Durable is what would outlive better systems, perishable what was measured on some systems at some time. Where "
    "you have not settled it, this is a proposal from the words of the claim; `durability: durable` or `perishable` in "
    "the watchlist settles it."
)


def heading(report: Report) -> str:
    return f"Re-test: {shorten(report.line.question, 300)}"


def dateline(report: Report) -> str:
    window = f"window {day(report.since)} to {day(report.as_of)}"
    return f"{shorten(report.line.slug, 60)} · as of {coverage.moment(report.as_of)} · {window}"


def summary(report: Report) -> tuple[str, ...]:
    """The report in short: a few sentences."""
    held = report.open_claims
    if not held:
        return ("No claim is held any more.",)
    said = [_tally(report), _against(report)]
    if shaken := sum(any(news.withdrawn for news in one.anchors) for one in held):
        said.append(f"A paper that {count(shaken, 'claim')} {'rests' if shaken == 1 else 'rest'} on was withdrawn.")
    lasting = [(side, len(report.lasting(side))) for side in Durability]
    said.append(f"As far as can be told, {_shares(lasting, len(held))}.")
    return tuple(said)


def _tally(report: Report) -> str:
    held = report.open_claims
    found = [(status, sum(one.status is status for one in held)) for status in Status]
    if len(held) == 1:
        return f"The one claim is {held[0].status}."
    said = _shares(found, len(held))
    alike = f"all {len(held):,} "
    if said.startswith(alike):
        return f"All {len(held):,} claims {said.removeprefix(alike)}."
    return f"Of {len(held):,} claims, {said}."


def _shares(parts: Sequence[tuple[str, int]], whole: int) -> str:
    """ "1 is open and 2 contested", "all 9 are open", "it is open"."""
    (first, number), *rest = [(what, number) for what, number in parts if number]
    if whole == 1:
        return f"it is {first}"
    if not rest:
        return f"all {number:,} are {first}"
    said = [f"{number:,} {'is' if number == 1 else 'are'} {first}", *(f"{number:,} {what}" for what, number in rest)]
    return listed(said)


def _them(report: Report) -> str:
    return "it" if len(report.open_claims) == 1 else "them"


def _against(report: Report) -> str:
    """How much is marked against the claims, in the window and before, and the strongest of it."""
    since, them, older = day(report.since), _them(report), len(report.older)
    is_one = "is" if older == 1 else "are"
    if not report.strongest:
        if older:
            strongest = f"{'' if older == 1 else '; the strongest'}: {_striking(report.older[0])}"
            older_ones = f"{count(older, 'older paper')} {is_one}{strongest}"
            return f"No work since {since} is marked against {them}, but {older_ones}."
        near = "; what comes nearest is shown below the threshold" if report.nearest else ""
        return f"No work is marked against {them}, neither since {since} nor before{near}."
    fresh = len(report.strongest) + report.further - report.revised
    parts = [count(fresh, f"paper submitted since {since}", f"papers submitted since {since}")] if fresh else []
    if report.revised:
        parts.append(count(report.revised, "newer version of an older paper", "newer versions of older papers"))
    one = len(report.strongest) + report.further == 1
    said = f"{' and '.join(parts)} {'is' if one else 'are'} marked against {them}"
    said = f"{said}{'' if one else '; the strongest'}: {_striking(report.strongest[0])}."
    return f"{said} So {is_one} {count(older, 'older paper')}." if older else said


def _striking(one: Shown) -> str:
    """ "arXiv:2511.01234 likely contradicts c6 (a candidate, probability 0.71)"."""
    does, probability = STANCES[one.verdict.evidence.stance], one.verdict.evidence.probability
    paper, claim = f"arXiv:{one.paper.arxiv_id}", shorten(one.claim.id, 20)
    if one.confirmed:
        return f"{paper} {does} {claim} (confirmed by you)"
    return f"{paper} {marks.sure(probability)} {does} {claim} (a candidate, probability {marks.figure(probability)})"


# --- evidence ------------------------------------------------------------------------------------------------


def no_challenge(report: Report) -> str:
    """What stands where nothing of the window is marked against the claims; "" where something is."""
    if report.strongest:
        return ""
    older = "; what is older stands below" if report.older else ", and nothing older is"
    window = f"{day(report.since)} to {day(report.as_of)}"
    return f"Nothing that was read of {window} is marked against a claim{older}. {SILENCE}"


def older(report: Report) -> str:
    return (
        f"{'It was' if len(report.older) == 1 else 'They were'} submitted before {day(report.since)}, and "
        f"{'counts' if len(report.older) == 1 else 'count'} in the standing of the claims as ever."
    )


def older_brief(one: Shown) -> str:
    """How a paper of before the window speaks against a claim, where it is told in short."""
    return f"{shorten(one.claim.id, 20)}: {brief(one)}{_also(one)}"


def further_older(report: Report) -> str:
    more = len(report.older) - MOST_OLDER
    return f"{count(more, 'more older paper')}: `litwatch claims {report.line.slug}`" if more > 0 else ""


def caution(report: Report) -> str:
    """What a mark is worth; "" without candidates."""
    if all(one.verdict.review for one in report.evidence):
        return ""
    return " ".join(filter(None, (marks.CANDIDATES, marks.record(report.tracks))))


def below(report: Report) -> str:
    one = len(report.nearest) == 1
    which = "This does not reach" if one else "None of these reaches"
    return (
        f"{which} the threshold of {report.threshold:g}, and {'counts' if one else 'none counts'} in "
        f"{'no' if one else 'a'} claim's standing. {'It is' if one else 'They are'} shown because so little is marked: "
        "on judged lines one in four of such was right. "
        f"`litwatch review {shorten(report.line.slug, 60)}` asks for your word."
    )


def fresh(report: Report) -> str:
    command = f"`litwatch papers {shorten(report.line.slug, 60)} --since {report.since:%Y-%m-%d}`"
    return f"The nearest of the window that are not told above, whatever they say of a claim; all of them: {command}."


def fresh_byline(one: Fresh) -> str:
    near = f"bears on {shorten(one.claim.id, 20)}" if one.claim else "bears on the question as a whole"
    parts = (day(one.paper.published), f"arXiv:{one.paper.arxiv_id}v{one.paper.version}", near, f"fit {one.score:.2f}")
    return " · ".join(parts)


def fresh_quote(one: Fresh) -> str:
    return "" if one.sentence == one.paper.title else quote(one.sentence, 300)


def fresh_said(one: Fresh) -> str:
    """What is known of what it says: "You rejected that it contradicts c3."; "" where nothing is."""
    return " ".join(f"{_known(verdict, one)}." for verdict in one.said)


def _known(verdict: Verdict, one: Fresh) -> str:
    claim, does = shorten(verdict.claim, 20), STANCES[verdict.evidence.stance]
    it = "it" if verdict.version == one.paper.version else f"version {verdict.version}"
    if verdict.review is Review.REJECTED:
        return f"You rejected that {it} {does} {claim}"
    if verdict.review is Review.CONFIRMED:
        return f"You confirmed that {it} {does} {claim}"
    figure = marks.figure(verdict.evidence.probability)
    return f"Candidate: {it} {does} {claim} (probability {figure})"


def paper_title(one: Shown | Fresh) -> str:
    return title(one.paper)


def byline(one: Shown) -> str:
    parts = [authors(one.paper.authors), day(one.paper.published), f"arXiv:{one.paper.arxiv_id}v{one.verdict.version}"]
    if one.revised:
        parts.append(f"the version of {day(one.paper.updated)} says so")
    elif one.verdict.version != one.paper.version:
        parts.append(f"now version {one.paper.version}")
    return " · ".join(part for part in parts if part)


def badge(one: Shown) -> str:
    return f"{marks.badge(one.claim, one.verdict, one.verdict.line)}{_also(one)}"


def _also(one: Shown) -> str:
    return f"; also marked against {listed([claim.id for claim in one.also], most=4)}" if one.also else ""


def held_against(one: Shown) -> str:
    return marks.held(one.claim)


def quoted(one: Shown) -> str:
    return quote(one.verdict.evidence.sentence)


def why(one: Shown) -> str:
    """How the verdict was come by, and what else is said of it."""
    other = marks.beside(one.verdict, one.other)
    return ". ".join(part.rstrip(".") for part in (marks.because(one.verdict), other) if part) + "."


def how_to_review(one: Shown) -> str:
    return marks.how_to_review(one.verdict)


def further(report: Report) -> str:
    if not report.further:
        return ""
    return f"{count(report.further, 'more paper')} marked against the claims: `litwatch claims {report.line.slug}`"


def brief(one: Shown) -> str:
    """Evidence in a list: what it does, how sure that is, and the sentence."""
    return f"{STANCES[one.verdict.evidence.stance]} ({sure(one)}): {quote(one.verdict.evidence.sentence, 300)}"


def source(one: Shown) -> str:
    """Where evidence in the list of a claim is from."""
    parts = [title(one.paper, 120), day(one.paper.published), f"arXiv:{one.paper.arxiv_id}v{one.verdict.version}"]
    return " · ".join([*parts, *(["before the window"] if one.earlier else [])])


def rest(shown: Sequence[Shown], report: Report) -> str:
    """What is not quoted of one side's evidence, counted."""
    more = len(shown) - SHOWN
    return f"{count(more, 'more paper')}: `litwatch claims {report.line.slug} --json`" if more > 0 else ""


# --- questions ----------------------------------------------------------------------------------


def question_text(question: Question) -> str:
    return clean(question.text)


def remark(report: Report) -> str:
    return clean(report.remark)


def question_note(question: Question) -> str:
    by = (
        ""
        if question.method == TEMPLATE
        else f"Proposed by a language model ({shorten(question.method, 60)}), a candidate like any other. "
    )
    on = f"Grounds: {listed([f'arXiv:{name}' for name in question.grounds])}. " if question.grounds else ""
    because = f"{question.because[:1].upper()}{question.because[1:]}." if question.because else ""
    return f"{by}{on}{because}".strip()
