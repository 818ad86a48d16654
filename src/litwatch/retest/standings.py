"""How a report puts the standing of the claims: at a glance, one by one, and how long they may hold.

Like `said`: plain text on one line, with commands between backticks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litwatch.digest import marks, wording
from litwatch.digest.wording import clean, count, day, listed, shorten, title
from litwatch.model import Durability, Stance, Status
from litwatch.retest.report import Held, Report, Shown

GLANCE = "At a glance"
CLAIMS = "The claims, one by one"
UNSETTLED = "A question mark: proposed from the words of the claim, for the reasons given under Durable and Perishable."
SETTLED, PROPOSED = "settled by you", "proposed"
STANCES = {
    Stance.SUPPORTS: "supports",
    Stance.CONTRADICTS: "contradicts",
    Stance.SUPERSEDES: "supersedes",
    Stance.NONE: "bears on",
}


def name(held: Held) -> str:
    return shorten(held.claim.id, 20)


def short(held: Held, longest: int = 120) -> str:
    """Its heading, or what it states."""
    return shorten(held.claim.title or held.claim.text, longest)


def claim_heading(held: Held) -> str:
    return f"{name(held)} · {short(held, 200)}"


def statement(held: Held) -> str:
    """What it states where its heading is another; "" where that is the heading."""
    return clean(held.claim.text) if held.claim.title else ""


def since(held: Held) -> str:
    return f"since {day(held.since)}" if held.since else ""


def stands(held: Held) -> str:
    """ "contested since 20 Nov 2025"."""
    return " ".join(filter(None, (str(held.status), since(held))))


# --- at a glance ---------------------------------------------------------------------------------------------


def by_what(held: Held) -> str:
    """What its standing rests on now; "" where nothing was ever marked."""
    if held.status is Status.RETIRED:
        return ""
    said = [_side(what, shown) for what, shown in (("against it", held.against), ("for it", held.support)) if shown]
    said += [f"arXiv:{one.paper.arxiv_id}, which it rests on, was withdrawn" for one in held.anchors if one.withdrawn]
    if not said and held.moved and held.status is Status.OPEN:
        said.append(_moved(held))
    if held.weaker:
        said.append(_below(held))
    return "; ".join(said)


def _side(what: str, shown: Sequence[Shown]) -> str:
    """ "against it arXiv:2511.01234 (supersedes it, confirmed by you) and 2 more"."""
    first, *rest = shown
    does = f"{_does(first)}, " if first.verdict.evidence.stance.challenges else ""
    more = f" and {len(rest):,} more" if rest else ""
    return f"{what} arXiv:{first.paper.arxiv_id} ({does}{sure(first)}){more}"


def _does(one: Shown) -> str:
    return f"{STANCES[one.verdict.evidence.stance]} it"


def _moved(held: Held) -> str:
    """ "contested → open, because arXiv:2511.01234 was withdrawn"; "" where nothing moved it."""
    return wording.change(held.moved).removeprefix(f"{name(held)}: ") if held.moved else ""


def _below(held: Held) -> str:
    return f"{count(held.weaker, 'candidate')} below the threshold"


def sure(one: Shown) -> str:
    """ "confirmed by you", "candidate, probability 0.71"."""
    figure = marks.figure(one.verdict.evidence.probability)
    return "confirmed by you" if one.confirmed else f"candidate, probability {figure}"


def legend(report: Report) -> str:
    """What the question marks mean; "" where there are none."""
    return "" if all(held.settled for held in report.open_claims) else UNSETTLED


# --- one by one ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Group:
    """Claims that are told together."""

    claims: tuple[Held, ...]
    remark: str = ""
    """What is true of all of them."""
    days: int | None = None
    """For how long nothing tested any of them, where the remark says it."""


def groups(report: Report) -> tuple[Group, ...]:
    """The claims in the order of the file, but for those without any evidence: where they are several, they come
    last, and what is the same of all of them is told once."""
    silent = tuple(held for held in report.claims if _is_silent(held))
    if len(silent) < 2:
        return (Group(claims=report.claims),)
    told = tuple(held for held in report.claims if held not in silent)
    days = {held.stale.days if held.stale else None for held in silent}
    same = days.pop() if len(days) == 1 else None
    every = len(silent) == len(report.claims)
    which = f"{'All' if every else 'The other'} {len(silent):,} claims"
    remark = f"{which} are open: no evidence either way."
    if same:
        remark += f" None of them has been confirmed or challenged for {count(same, 'day')}."
    last = Group(claims=silent, remark=remark, days=same)
    return (Group(claims=told), last) if told else (last,)


def _is_silent(held: Held) -> bool:
    return held.status is Status.OPEN and not (held.against or held.support or held.anchors or held.moved)


def standing(held: Held, group: Group) -> str:
    """One sentence; "" where what its group says is all. group: the one that it is told in."""
    return _sentence(([] if group.remark else [stands(held)]) + _details(held, group))


def details(held: Held, group: Group) -> str:
    """The same without the standing itself."""
    return _sentence(_details(held, group))


def _details(held: Held, group: Group) -> list[str]:
    parts = []
    if held.status is not Status.RETIRED:
        against, support = len(held.against), len(held.support)
        if against or support:
            parts.append(f"{count(against, 'paper')} against it, {support:,} for it")
        elif not group.remark:
            parts.append("no evidence either way")
            parts += [_moved(held)] if held.moved and held.status is Status.OPEN else []
        if held.weaker:
            parts.append(_below(held))
    if held.stale and not group.days:
        parts.append(_untested(held, held.stale.days, held.stale.unread))
    return parts


def _sentence(parts: Sequence[str]) -> str:
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _untested(held: Held, days: int, unread: int) -> str:
    """unread: candidates; those below the threshold are told without it."""
    tested = held.against or held.support or held.anchors
    since = "nothing has confirmed or challenged it anew for" if tested else "neither confirmed nor challenged for"
    left = f", {count(unread, 'candidate')} unread" if unread > held.weaker else ""
    return f"{since} {count(days, 'day')}{left}"


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


# --- how long they may hold ----------------------------------------------------------------------------------


def kind(held: Held) -> str:
    """ "durable", with a question mark where nobody settled it; "" of a claim that is held no more."""
    if held.status is Status.RETIRED:
        return ""
    return str(held.durability) if held.settled else f"{held.durability}?"


def lasting(report: Report, side: Durability) -> tuple[str, ...]:
    """Why the claims of one side are so, and by whose word: those for the same reason together."""
    alike: dict[tuple[bool, str], list[Held]] = {}
    for held in report.lasting(side):
        alike.setdefault((held.settled, held.proposal.reason), []).append(held)
    return tuple(_lasting(claims) for claims in alike.values())


def _lasting(claims: Sequence[Held]) -> str:
    first, reason = claims[0], claims[0].proposal.reason
    if len(claims) > 1:
        which = listed([name(held) for held in claims], most=len(claims))
        reason = f"each {reason.removeprefix('it ')}" if reason.startswith("it ") else reason
    else:
        which = f"{name(first)} ({short(first, 90)})"
    if not first.settled:
        return f"{which}: {PROPOSED}, since {reason}."
    words = "say so, too" if first.proposal.durability is first.durability else "say otherwise"
    return f"{which}: {SETTLED}. {'Its' if len(claims) == 1 else 'Their'} words alone {words}: {reason}."
