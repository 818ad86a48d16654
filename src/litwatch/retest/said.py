"""How a report puts things, whatever its form: plain text on one line, with commands between backticks."""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.digest import coverage, marks
from litwatch.digest.wording import authors, clean, count, day, listed, quote, shorten, title
from litwatch.model import Durability, Stance, Status
from litwatch.retest.questions import TEMPLATE, Question
from litwatch.retest.report import Fresh, Held, Report, Shown

SHOWN = 3
"""Pieces of evidence of a claim for each side that are quoted; the rest is counted."""
AGAINST = "What speaks against it"
BELOW = "Below the threshold of a mark"
FRESH = "New work that bears on it"
CLAIMS = "The claims, one by one"
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
_STANCES = {
    Stance.SUPPORTS: "supports",
    Stance.CONTRADICTS: "contradicts",
    Stance.SUPERSEDES: "supersedes",
    Stance.NONE: "bears on",
}


def heading(report: Report) -> str:
    return f"Re-test: {shorten(report.line.question, 300)}"


def dateline(report: Report) -> str:
    window = f"window {day(report.since)} to {day(report.as_of)}"
    return f"{shorten(report.line.slug, 60)} · as of {coverage.moment(report.as_of)} · {window}"


def summary(report: Report) -> tuple[str, ...]:
    """The report in short: two or three sentences."""
    held = report.open_claims
    tally = [
        f"{n} {status}"
        for status in Status
        if status is not Status.RETIRED and (n := sum(one.status is status for one in held))
    ]
    said = (
        [f"Of {count(len(held), 'claim')}, {_are(listed(tally), tally)}."] if held else ["No claim is held any more."]
    )
    said.append(_against(report))
    shaken = sum(any(news.withdrawn for news in one.anchors) for one in held)
    if shaken:
        said.append(f"A paper that {count(shaken, 'claim')} {'rests' if shaken == 1 else 'rest'} on was withdrawn.")
    lasting, passing = (len(report.lasting(side)) for side in Durability)
    said.append(
        f"As far as can be told, {lasting:,} {'is' if lasting == 1 else 'are'} durable and {passing:,} perishable."
    )
    return tuple(said)


def _are(said: str, parts: Sequence[str]) -> str:
    return f"{said.split(' ', 1)[0]} {'is' if parts[0].startswith('1 ') else 'are'} {said.split(' ', 1)[1]}"


def _against(report: Report) -> str:
    """How much of the window is marked against the claims, and the strongest of it."""
    since = day(report.since)
    if not report.strongest:
        near = "; what comes nearest is shown below the threshold" if report.nearest else ""
        return f"No work since {since} is marked against them{near}."
    fresh = len(report.strongest) + report.further - report.revised
    parts = [count(fresh, f"paper submitted since {since}", f"papers submitted since {since}")] if fresh else []
    if report.revised:
        parts.append(count(report.revised, "newer version of an older paper", "newer versions of older papers"))
    one = len(report.strongest) + report.further == 1
    first = report.strongest[0]
    said = f"{' and '.join(parts)} {'is' if one else 'are'} marked against them"
    return f"{said}{'' if one else '; the strongest'}: arXiv:{first.paper.arxiv_id} {_does(first)}."


def _does(one: Shown) -> str:
    """ "likely contradicts c6 (a candidate, probability 0.71)"."""
    does, probability = _STANCES[one.verdict.evidence.stance], one.verdict.evidence.probability
    if one.confirmed:
        return f"{does} {shorten(one.claim.id, 20)} (confirmed by you)"
    figure = marks.figure(probability)
    return f"{marks.sure(probability)} {does} {shorten(one.claim.id, 20)} (a candidate, probability {figure})"


# --- evidence ------------------------------------------------------------------------------------------------


def no_challenge(report: Report) -> str:
    """What stands where nothing is marked against the claims; "" where something is."""
    if report.strongest:
        return ""
    return f"Nothing that was read of {day(report.since)} to {day(report.as_of)} is marked against a claim. {SILENCE}"


def caution(report: Report) -> str:
    """What a mark is worth; "" without candidates."""
    if all(one.verdict.review for one in report.evidence):
        return ""
    return " ".join(filter(None, (marks.CANDIDATES, marks.record(report.tracks))))


def below(report: Report) -> str:
    return (
        f"None of these reaches the threshold of {report.threshold:g}, and none counts in a claim's standing. They are "
        "shown because so little is marked: on judged lines one in four of such was right. "
        f"`litwatch review {shorten(report.line.slug, 60)}` asks for your word on them."
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
    also = f"; also marked against {listed([claim.id for claim in one.also], most=4)}" if one.also else ""
    return f"{marks.badge(one.claim, one.verdict, one.verdict.line)}{also}"


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
    """Evidence in the list of a claim: how sure, and the sentence."""
    figure = marks.figure(one.verdict.evidence.probability)
    sure = "confirmed by you" if one.confirmed else f"candidate, probability {figure}"
    return f"{_STANCES[one.verdict.evidence.stance]} ({sure}): {quote(one.verdict.evidence.sentence, 300)}"


def source(one: Shown) -> str:
    return f"{title(one.paper, 120)} · {day(one.paper.published)} · arXiv:{one.paper.arxiv_id}v{one.verdict.version}"


# --- claims --------------------------------------------------------------------------------------------------


def claim_heading(held: Held) -> str:
    return f"{shorten(held.claim.id, 20)} · {shorten(held.claim.title or held.claim.text, 200)}"


def statement(held: Held) -> str:
    """What it states where its heading is another; "" where that is the heading."""
    return clean(held.claim.text) if held.claim.title else ""


def standing(held: Held) -> str:
    since = f" since {day(held.since)}" if held.since else ""
    parts = [f"{held.status.capitalize()}{since}"]
    if held.status is not Status.RETIRED:
        against, support = len(held.against), len(held.support)
        parts.append(
            f"{count(against, 'paper')} against it, {support:,} for it"
            if against or support
            else "no evidence either way"
        )
        if held.weaker:
            parts.append(f"{count(held.weaker, 'candidate')} below the threshold")
    if held.stale:
        unread = f", {count(held.stale.unread, 'candidate')} unread" if held.stale.unread else ""
        parts.append(f"neither confirmed nor challenged for {count(held.stale.days, 'day')}{unread}")
    return "; ".join(parts) + "."


def dated(held: Held) -> tuple[str, ...]:
    """What the page says of it, with its years."""
    found = [
        f"{clean(one.text).rstrip('.')}{f' ({clean(one.dated)})' if one.dated else ''}." for one in held.claim.findings
    ]
    own = f"The page dates it {clean(held.claim.dated)}." if held.claim.dated else ""
    return tuple(filter(None, (own, *found)))


def shaken(held: Held) -> tuple[str, ...]:
    """What became of the papers that it rests on."""
    said = []
    for news in held.anchors:
        what = "was withdrawn" if news.withdrawn else f"changed on {day(news.changes[-1].at)}"
        said.append(f"It rests on arXiv:{news.paper.arxiv_id} ({title(news.paper, 100)}), which {what}.")
    return tuple(said)


def rest(shown: Sequence[Shown], report: Report) -> str:
    """What is not quoted of one side's evidence, counted."""
    more = len(shown) - SHOWN
    return f"{count(more, 'more paper')}: `litwatch claims {report.line.slug} --json`" if more > 0 else ""


def lasting(held: Held) -> str:
    """Why a claim is durable or perishable, and by whose word."""
    name = f"{shorten(held.claim.id, 20)} ({shorten(held.claim.title or held.claim.text, 90)})"
    if not held.settled:
        return f"{name}: proposed, since {held.proposal.reason}."
    words = "say so, too" if held.proposal.durability is held.durability else "say otherwise"
    return f"{name}: settled by you. Its words alone {words}: {held.proposal.reason}."


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
