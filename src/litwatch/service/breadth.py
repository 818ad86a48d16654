"""Lines that are too broad or too narrow, told with what mends them: when one is added, and by what came since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from litwatch.model import Line
from litwatch.rank.advice import Advice, advice_to_narrow, advice_to_widen, leaning_claims
from litwatch.rank.breadth import (
    Fit,
    Floats,
    Sample,
    fit_to_reference,
    most_weekly,
    reference_sample,
    reference_scores,
    too_many,
    too_narrow,
)
from litwatch.rank.ranker import Ranker
from litwatch.rank.reference import bundled_reference
from litwatch.service.doctor import Check
from litwatch.store.cursors import get_cursors
from litwatch.store.lines import line_states
from litwatch.store.papers import last_text
from litwatch.store.recent import matches_between, papers_between
from litwatch.store.store import Db, Store

_LOOKED_AT = timedelta(weeks=4)
_SHORTEST = timedelta(weeks=2)
"""Over less than this the weeks differ too much."""


# --- when it is added ----------------------------------------------------------------------------------------


def breadth_beforehand(line: Line, ranker: Ranker, *, top: int) -> str:
    """What is to be said of the line's breadth before any paper came, by the bundled reference; "" where it is fine
    or cannot be told. top: papers that a digest has room for."""
    scores = _scores(line, ranker)
    reference = bundled_reference()
    fit = fit_to_reference(line, scores, ranker, reference, most=most_weekly(top))
    sample = reference_sample(line, scores, ranker.floor, reference)
    if fit is Fit.BROAD:
        # The reference has the papers of some categories only in part.
        found = f"some {_rounded(sample.weekly)} papers a week or more will match, and a digest has room for {top}"
        return _too_broad(found, _advice(fit, line, scores, ranker))
    if fit is Fit.NARROW:
        where = " of its categories" if line.categories else ""
        found = f"{sample.matched or 'none'} of {sample.papers:,} sample papers{where} would match"
        return _too_narrow(found, _advice(fit, line, scores, ranker))
    return ""


def leaning_beforehand(line: Line) -> str:
    """A warning of claims that cannot be matched by themselves, since they do not say what they are about; or ""."""
    leaning = leaning_claims(line)
    if not leaning:
        return ""
    if len(leaning) == 1:
        says = (
            f'claim {leaning[0].id} does not say what it is about ("{_cut(leaning[0].full_text, 60)}"): name it there'
        )
    else:
        says = f"claims {_ids([claim.id for claim in leaning])} do not say what they are about: name it in each"
    return f"{says}, for a claim is matched by itself too"


# --- by what came since --------------------------------------------------------------------------------------


def breadth_found(store: Store, lines: Sequence[Line], ranker: Ranker, *, top: int, now: datetime) -> dict[str, str]:
    """By line, what is to be said of its breadth by the papers of the last weeks, "" where it is fine.

    A line is left out while its categories were not harvested whole for two weeks, or it is not ranked through yet.
    top: papers that a digest has room for.
    """
    with store.read() as db:
        samples = _samples(db, lines, now)
    said = {}
    for line in lines:
        if (sample := samples.get(line.slug)) is None:
            continue
        over = f"{sample.weeks:.0f} weeks"
        said[line.slug] = ""
        if too_many(sample, most_weekly(top)):
            found = (
                f"{_rounded(sample.weekly)} papers a week matched over the last {over}, and a digest has room for {top}"
            )
            said[line.slug] = _too_broad(found, _advice(Fit.BROAD, line, _scores(line, ranker), ranker))
        elif too_narrow(sample):
            found = f"none of the {sample.papers:,} papers of its categories in the last {over} matches"
            said[line.slug] = _too_narrow(found, _advice(Fit.NARROW, line, _scores(line, ranker), ranker))
    return said


def check_breadth(store: Store, lines: Sequence[Line], ranker: Ranker, *, top: int, now: datetime) -> tuple[Check, ...]:
    """A check for each active line that is too broad or too narrow; all are ok, for the line works as it is written."""
    active = [line for line in lines if line.active]
    said = breadth_found(store, active, ranker, top=top, now=now)
    return tuple(Check(check=f"line {slug}", ok=True, says=says) for slug, says in said.items() if says)


def _samples(db: Db, lines: Sequence[Line], now: datetime) -> dict[str, Sample]:
    """Of the lines of which it can be told."""
    cursors = get_cursors(db, sorted({category for line in lines for category in line.categories}))
    states, newest = line_states(db), last_text(db)
    papers: dict[tuple[tuple[str, ...], datetime, datetime], int] = {}
    samples = {}
    for line in lines:
        state = states.get(line.slug)
        known = [cursors[category] for category in line.categories if category in cursors]
        if not known or len(known) < len(line.categories) or state is None or state.ranked_through < newest:
            continue
        end = min(now, *(cursor.submitted_through for cursor in known))
        start = max(end - _LOOKED_AT, *(cursor.whole_since for cursor in known))
        if end - start < _SHORTEST or now - end > _SHORTEST:
            continue
        asked = (line.categories, start, end)
        if asked not in papers:
            papers[asked] = papers_between(db, *asked)
        samples[line.slug] = Sample(
            matched=matches_between(db, line.slug, *asked),
            papers=papers[asked],
            weeks=(end - start) / timedelta(weeks=1),
        )
    return samples


# --- in words ------------------------------------------------------------------------------------------------


def _scores(line: Line, ranker: Ranker) -> Floats:
    scores: Floats = reference_scores([line], ranker, bundled_reference())[:, 0]
    return scores


def _advice(fit: Fit, line: Line, scores: Floats, ranker: Ranker) -> Advice:
    advise = advice_to_narrow if fit is Fit.BROAD else advice_to_widen
    return advise(line, scores, ranker.floor, ranker.background, bundled_reference())


def _too_broad(found: str, advice: Advice) -> str:
    says = [f"{Fit.BROAD}: {found}"]
    rarer = f", such as its own {_words(advice.rarer)}" if advice.rarer else ""
    if advice.carriers:
        carry = "carries" if len(advice.carriers) == 1 else "carry"
        says.append(f"{_words(advice.carriers)} {carry} most of them: narrow its claims down by rarer words{rarer}")
    else:
        says.append(f"narrow its claims down by rarer words{rarer}")
    if advice.loose:
        bring, it = ("brings", "it") if len(advice.loose) == 1 else ("bring", "them")
        says.append(f"{', '.join(advice.loose)} alone {bring} many and hardly a close one: leave {it} out")
    if advice.short:
        claims, say = ("claim", "says") if len(advice.short) == 1 else ("claims", "say")
        says.append(f"{claims} {_ids(advice.short)} {say} too little")
    return "; ".join(says)


def _too_narrow(found: str, advice: Advice) -> str:
    says = [f"{Fit.NARROW}: {found}"]
    if advice.unknown:
        unknown = (_words([word]) + (f" ({_words([meant])}?)" if meant else "") for word, meant in advice.unknown)
        says.append(f"hardly a paper has {', '.join(unknown)}: write its claims in the words that papers use")
    if advice.elsewhere:
        says.append(f"papers that fit stand in {', '.join(advice.elsewhere)}, which it does not watch")
    if advice.brief:
        says.append("it has few words: add a claim of a sentence or two")
    if len(says) == 1:
        says.append("see whether its claims are in the words that papers use, and its categories are the right ones")
    return "; ".join(says)


def _words(words: Sequence[str]) -> str:
    return ", ".join(f"`{_cut(word, 40)}`" for word in words)


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _rounded(number: float) -> str:
    """To two figures: no more is known of it."""
    return f"{float(f'{number:.2g}'):,.0f}"
