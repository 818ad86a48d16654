"""Verdicts and reviews in, a claim's standing and its history out.

What counts of a paper:

- nothing, once it was withdrawn;
- the last verdict that the reader confirmed, that on the newest version before others;
- the last one judged on its newest version, while nobody reviewed it, unless one on that version is confirmed; where
  a language model was asked of that version, what it said, though the default judge spoke later, unless that is
  "none" and the reader rejected it.

A rejected verdict counts for nothing. With it go the verdicts for the same side (a challenge, a support): those on
earlier versions, and what any method says unreviewed of the same version, or of any version by the same sentence.
So a machine's silence or second thought never undoes the reader's word; a newer version that the reader has not
seen stands beside it as a candidate. Of what counts, the first row that fits gives the status:

| what counts | status |
|---|---|
| the claim is retired | retired |
| a confirmed challenge and a confirmed support | contested |
| a confirmed contradiction | contradicted |
| a confirmed supersession | superseded |
| an unreviewed challenge whose probability reaches the threshold | contested |
| a paper that the claim rests on was withdrawn, and is still cited for it | contested |
| a confirmed support | supported |
| unreviewed supports from two papers, each reaching the threshold | supported |
| anything else, also where all that moved the claim was withdrawn | open |

So a machine alone never says more than "contested" against a claim, and one paper that only a machine has read
never makes it "supported": single candidates are too often wrong. Between a confirmed contradiction and a confirmed
supersession the contradiction tells: what is false cannot be merely overtaken.

A withdrawn anchor contests until a later version takes the withdrawal back, or the reader takes the anchor out of the
line's file. It says nothing of the claim but that one of its grounds is gone, so a confirmed verdict tells before it.

As of a date, a verdict judged later does not exist, a review given later is not yet given, and a paper withdrawn
later still stands. Whether the claim was retired is for the caller to say: a claim is taken as it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litwatch.model import Claim, Edit, Review, Stance, Status, Verdict

READER = "reader"
WITHDRAWN = "withdrawn"
"""The method of the verdict, of no stance, by which a paper's withdrawal is kept in the ledger."""
ANCHOR = "anchor"
"""By what a claim moved where an anchor's withdrawal, or its end, did it."""
STALE_AFTER = timedelta(days=180)
"""So long a claim may be neither confirmed nor challenged before it is called stale."""
_SUPPORTS_NEEDED = 2


@dataclass(frozen=True, kw_only=True)
class Fallen:
    """A withdrawn paper that a claim rests on."""

    claim: str
    """Its id."""
    arxiv_id: str
    version: int
    """The withdrawn one."""
    says: str
    """What that version says of its withdrawal; "" where it says nothing."""
    at: datetime
    """From when on it counts: the withdrawal as litwatch saw it, or when the line came to rest on the paper."""
    until: datetime | None = None
    """When the paper came back, or the line rested on it no more; None where neither happened."""


@dataclass(frozen=True, kw_only=True)
class Edited:
    """An edit of the line's file, by which what counts for a claim became another."""

    claim: str
    """Its id."""
    edit: Edit
    at: datetime
    """When litwatch read it."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    status: Status
    since: datetime | None = None
    """When this status was reached; None where nothing ever moved the claim, or it is retired and nobody noted when."""
    because: Verdict | Fallen | Edited | None = None
    """What last moved the claim, as known at the time asked about: a verdict by its judging or review, an anchor, or
    the reader's pen."""


@dataclass(frozen=True, kw_only=True)
class Change:
    at: datetime
    before: Status
    after: Status
    because: Verdict | Fallen | Edited
    """As known at `at`."""
    borne: bool = True
    """Whether `because` bears the new status, and not the end of what bore the one before."""
    by: str
    """`READER` where a review or an edit moved the claim, `ANCHOR` where a withdrawal did, else the method of the
    verdict."""


@dataclass(frozen=True, kw_only=True)
class Stale:
    """A claim that nothing has tested for long."""

    days: int
    """Whole days since it was last confirmed or challenged, or first held where it never was."""
    since: datetime
    unread: int
    """Verdicts that count and that nobody reviewed."""


def standing(
    claim: Claim,
    verdicts: Sequence[Verdict],
    *,
    as_of: datetime | None = None,
    threshold: float = 0.5,
    retired_at: datetime | None = None,
    fallen: Sequence[Fallen] = (),
) -> Standing:
    """The claim's status by the table above.

    verdicts: those of the claim's line, in any order; those of other claims are passed over, and so is what fell of
    theirs. as_of: aware; None for all that is known. retired_at: when the claim was retired, where that is known.
    """
    changes = history(claim, _known(verdicts, as_of), threshold=threshold, fallen=_fallen_by(fallen, as_of))
    return last_standing(claim, changes, retired_at=retired_at)


def last_standing(claim: Claim, changes: Sequence[Change], *, retired_at: datetime | None = None) -> Standing:
    """What the claim's history comes to."""
    if claim.retired:
        return Standing(status=Status.RETIRED, since=retired_at)
    if not changes:
        return Standing(status=Status.OPEN)
    last = changes[-1]
    return Standing(status=last.after, since=last.at, because=last.because)


def history(
    claim: Claim, verdicts: Sequence[Verdict], *, threshold: float = 0.5, fallen: Sequence[Fallen] = ()
) -> tuple[Change, ...]:
    """Every change of the claim's status, oldest first, beginning from open; one change a moment at most.

    That it read otherwise, or was retired, is for the caller to tell (`Edited`): a claim is taken as it is given.
    """
    events: dict[datetime, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.claim == claim.id:
            for moment in _moments(verdict):
                events.setdefault(moment, []).append(verdict)
    falls = [one for one in fallen if one.claim == claim.id]
    moments = events.keys() | {moment for one in falls for moment in (one.at, one.until) if moment}
    said: dict[str, dict[int, Verdict]] = {}
    likely: dict[str, list[Verdict]] = {}
    changes: list[Change] = []
    status = Status.OPEN
    for moment in sorted(moments):
        moved = [_as_known(verdict, moment) for verdict in events.get(moment, ())]
        for verdict in moved:
            said.setdefault(verdict.arxiv_id, {})[verdict.id] = verdict
        for arxiv_id in {verdict.arxiv_id for verdict in moved}:
            likely[arxiv_id] = [v for v in counted(said[arxiv_id].values()) if is_likely(v, threshold)]
        down = [one for one in falls if one.at <= moment and (one.until is None or one.until > moment)]
        after, bearers = _status([verdict for of_paper in likely.values() for verdict in of_paper], down)
        if after is status:
            continue
        because, by = _cause(moment, moved, falls, bearers)
        borne = because in bearers
        changes.append(Change(at=moment, before=status, after=after, because=because, borne=borne, by=by))
        status = after
    return tuple(changes)


def _cause(
    moment: datetime, moved: Sequence[Verdict], falls: Sequence[Fallen], bearers: Sequence[Verdict | Fallen]
) -> tuple[Verdict | Fallen, str]:
    """`because` and `by` of a change: of what moved at that moment what bears the new status, a review first."""
    bearing = set(bearers)
    turned = [one for one in falls if moment in (one.at, one.until)]
    if turned and bearing.isdisjoint(moved):
        return max(turned, key=lambda one: (one in bearing, one.arxiv_id)), ANCHOR
    because = max(moved, key=lambda verdict: (verdict in bearing, _reviewed_at(verdict) == moment, verdict.id))
    return because, READER if _reviewed_at(because) == moment else because.evidence.method


def stale(
    claim: Claim,
    verdicts: Sequence[Verdict],
    *,
    held_since: datetime,
    as_of: datetime,
    threshold: float = 0.5,
    fallen: Sequence[Fallen] = (),
) -> Stale | None:
    """That nothing confirmed or challenged the claim for `STALE_AFTER`; None where something did, or it is retired.

    What confirms is a support, what challenges a challenge, each reviewed as right or, unreviewed, as probable as the
    threshold; or a withdrawn anchor. held_since: when the claim was first held as it reads. as_of: aware.
    """
    if claim.retired or held_since > as_of:
        return None
    known = [verdict for verdict in _known(verdicts, as_of) if verdict.claim == claim.id]
    counting, first = counted(known), _first_said(known)
    tested = [_reviewed_at(v) or first[_side(v)] for v in counting if is_likely(v, threshold)]
    tested += [one.at for one in _fallen_by(fallen, as_of) if one.claim == claim.id]
    since = max((held_since, *tested))
    if as_of - since < STALE_AFTER:
        return None
    return Stale(days=(as_of - since).days, since=since, unread=sum(is_unread(verdict) for verdict in counting))


def _first_said(known: Iterable[Verdict]) -> dict[tuple[str, int, bool], datetime]:
    """When each side was first taken of each text: judging it again tests nothing anew."""
    first: dict[tuple[str, int, bool], datetime] = {}
    for verdict in known:
        if verdict.evidence.stance is not Stance.NONE:
            side = _side(verdict)
            first[side] = min(verdict.at, first.get(side, verdict.at))
    return first


def _side(verdict: Verdict) -> tuple[str, int, bool]:
    return verdict.arxiv_id, verdict.version, verdict.evidence.stance.challenges


def is_unread(verdict: Verdict) -> bool:
    """Whether a verdict that counts takes a stance that nobody reviewed."""
    return verdict.review is None and verdict.evidence.stance is not Stance.NONE


def status(
    claim: Claim, verdicts: Iterable[Verdict], *, threshold: float = 0.5, fallen: Iterable[Fallen] = ()
) -> Status:
    """The claim's status by all that is known, without its history: what `standing` comes to."""
    own = counted(verdict for verdict in verdicts if verdict.claim == claim.id)
    return status_of_counted(claim, own, threshold=threshold, fallen=fallen)


def status_of_counted(
    claim: Claim, counting: Iterable[Verdict], *, threshold: float = 0.5, fallen: Iterable[Fallen] = ()
) -> Status:
    """The same by those of the claim's verdicts that count."""
    if claim.retired:
        return Status.RETIRED
    down = [one for one in fallen if one.claim == claim.id and one.until is None]
    return _status([verdict for verdict in counting if is_likely(verdict, threshold)], down)[0]


def telling(counting: Iterable[Verdict], threshold: float) -> list[Verdict]:
    """So few of a claim's verdicts that count that they give the status that all give, also without any one paper.

    Of each stance, confirmed or not, those of one paper more than could ever be asked for.
    """
    papers: dict[tuple[Stance, Review | None], set[str]] = {}
    found = []
    for verdict in counting:
        if is_likely(verdict, threshold):
            of_kind = papers.setdefault((verdict.evidence.stance, verdict.review), set())
            if len(of_kind) <= _SUPPORTS_NEEDED or verdict.arxiv_id in of_kind:
                of_kind.add(verdict.arxiv_id)
                found.append(verdict)
    return found


def counted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Of these verdicts those that count, by the rules above: of each claim and paper none, one or two.

    Verdicts on several lines, claims and papers may be mixed; all that was said of a claim and a paper must be there.
    """
    pairs: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        pairs.setdefault((verdict.line, verdict.claim, verdict.arxiv_id), []).append(verdict)
    return [verdict for said in pairs.values() for verdict in _counted_of_pair(said)]


def is_likely(verdict: Verdict, threshold: float) -> bool:
    """Whether a verdict that counts takes a stance that is confirmed, or probable enough to be shown."""
    if verdict.evidence.stance is Stance.NONE or verdict.review is Review.REJECTED:
        return False
    return verdict.review is Review.CONFIRMED or verdict.evidence.probability >= threshold


def is_marked(verdict: Verdict, threshold: float) -> bool:
    """Whether a verdict that counts is a likely challenge: what "with a likely challenge" means everywhere."""
    return verdict.evidence.stance.challenges and is_likely(verdict, threshold)


def beside(verdict: Verdict, verdicts: Iterable[Verdict]) -> Verdict | None:
    """What the other kind of method, a language model or the default judge, said last of the same claim and version
    of the paper, reviewed or not.

    None where it said nothing. For a language model's verdict that means that the default judge takes no stance: its
    silence is kept only where it takes something back. verdicts: in any order, of the claim as it reads.
    """
    said = [
        other
        for other in verdicts
        if (other.line, other.claim, other.arxiv_id, other.version)
        == (verdict.line, verdict.claim, verdict.arxiv_id, verdict.version)
        and other.evidence.by_language_model is not verdict.evidence.by_language_model
        and WITHDRAWN not in (other.evidence.method, verdict.evidence.method)
    ]
    return max(said, key=_order, default=None)


def _counted_of_pair(verdicts: Sequence[Verdict]) -> list[Verdict]:
    newest = max(verdict.version for verdict in verdicts)
    of_newest = [verdict for verdict in verdicts if verdict.version == newest]
    judged = [verdict for verdict in of_newest if not verdict.evidence.by_language_model]
    if judged and max(judged, key=_order).evidence.method == WITHDRAWN:
        return []
    asked = [verdict for verdict in of_newest if verdict.evidence.by_language_model]
    # A rejected "none" takes no mark back.
    standing = [one for one in asked if one.evidence.stance is not Stance.NONE or one.review is not Review.REJECTED]
    latest = max(standing or judged or asked, key=_order)
    rejected = [verdict for verdict in verdicts if verdict.review is Review.REJECTED]
    held = [
        verdict
        for verdict in verdicts
        if verdict.review is not Review.REJECTED and not any(_strikes(other, verdict) for other in rejected)
    ]
    confirmed = max((verdict for verdict in held if verdict.review is Review.CONFIRMED), key=_order, default=None)
    if confirmed and confirmed.version == latest.version:
        return [confirmed]
    candidates = [latest] if latest in held else []
    return [confirmed, *candidates] if confirmed else candidates


def _strikes(rejected: Verdict, other: Verdict) -> bool:
    one, two = rejected.evidence, other.evidence
    if one.stance is not two.stance and not (one.stance.challenges and two.stance.challenges):
        return False
    if other.version < rejected.version:
        return True
    return other.review is None and (other.version == rejected.version or one.sentence == two.sentence)


def _order(verdict: Verdict) -> tuple[int, datetime, int]:
    return verdict.version, verdict.at, verdict.id


def _reviewed_at(verdict: Verdict) -> datetime | None:
    """A review without a date counts from the judging on; none is older than the verdict that it is about."""
    if verdict.review is None:
        return None
    return max(verdict.at, verdict.reviewed_at or verdict.at)


def _moments(verdict: Verdict) -> set[datetime]:
    said = {max(verdict.at, at) for _, at in verdict.overruled}
    reviewed = _reviewed_at(verdict)
    return {verdict.at, *said} if reviewed is None else {verdict.at, reviewed, *said}


def _as_known(verdict: Verdict, moment: datetime) -> Verdict:
    """The verdict with the last that the reader had said of it by then."""
    reviewed = _reviewed_at(verdict)
    if reviewed is None or reviewed <= moment:
        return verdict
    said = tuple(one for one in verdict.overruled if max(verdict.at, one[1]) <= moment)
    review, at = said[-1] if said else (None, None)
    return replace(verdict, review=review, reviewed_at=at, overruled=said[:-1])


def _known(verdicts: Iterable[Verdict], as_of: datetime | None) -> list[Verdict]:
    """The verdicts as they stood: later ones left out, later reviews taken back."""
    if as_of is None:
        return list(verdicts)
    return [_as_known(verdict, as_of) for verdict in verdicts if verdict.at <= as_of]


def _fallen_by(fallen: Iterable[Fallen], as_of: datetime | None) -> list[Fallen]:
    """What had fallen by then, as it was known then."""
    if as_of is None:
        return list(fallen)
    return [
        one if one.until is None or one.until <= as_of else replace(one, until=None)
        for one in fallen
        if one.at <= as_of
    ]


def _status(likely: Sequence[Verdict], fallen: Sequence[Fallen]) -> tuple[Status, Sequence[Verdict | Fallen]]:
    """The status by the table from the likely ones of what counts and what has fallen, and what of these bears it."""
    challenges = [verdict for verdict in likely if verdict.evidence.stance.challenges]
    supports = [verdict for verdict in likely if verdict.evidence.stance is Stance.SUPPORTS]
    against = [verdict for verdict in challenges if verdict.review is Review.CONFIRMED]
    contradictions = [verdict for verdict in against if verdict.evidence.stance is Stance.CONTRADICTS]
    behind = [verdict for verdict in supports if verdict.review is Review.CONFIRMED]

    if against and behind:
        return Status.CONTESTED, against + behind
    if contradictions:
        return Status.CONTRADICTED, contradictions
    if against:
        return Status.SUPERSEDED, against
    if challenges or fallen:
        return Status.CONTESTED, [*challenges, *fallen]
    if behind:
        return Status.SUPPORTED, behind
    if len(supports) >= _SUPPORTS_NEEDED:
        return Status.SUPPORTED, supports
    return Status.OPEN, []
