"""How a mark is put: as a candidate, with its probability, the sentence, the reason, and what else is said of it.

Like `wording`: plain text on one line, with commands between backticks. Commands of the terminal put marks alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from litwatch.digest.track import FEWEST, alike, track_of
from litwatch.digest.wording import clean, count, quote, shorten
from litwatch.model import Claim, Entry, Evidence, Review, Stance, TakenBack, Track, Verdict

SHOWN = 4
"""A paper rarely bears on more claims than this; the ledger has the rest."""
TAKEN_BACK_SHOWN = 2
_TIGHT = 60
"""Characters a text may have where there is no room for reasons beside what is quoted."""

_DOES = {Stance.SUPPORTS: "supports", Stance.CONTRADICTS: "contradicts", Stance.SUPERSEDES: "supersedes"}


def sure(probability: float) -> str:
    """A probability as an adverb."""
    if probability >= 0.9:
        return "very likely"
    return "likely" if probability >= 0.5 else "possibly"


def figure(probability: float) -> str:
    """ "0.71"; 0 and 1 are kept for what is certain."""
    shown = min(max(probability, 0.01), 0.99) if 0 < probability < 1 else probability
    return f"{shown:.2f}"


def stance(evidence: Evidence) -> str:
    """ "likely contradicts (probability 0.71)", "no stance (probability 0.90)"."""
    if evidence.stance is Stance.NONE:
        return f"no stance (probability {figure(evidence.probability)})"
    return f"{sure(evidence.probability)} {_DOES[evidence.stance]} (probability {figure(evidence.probability)})"


def badge(claim: Claim, verdict: Verdict, line: str) -> str:
    """line: slug of the section; a claim of another line is named with it."""
    does = _DOES.get(verdict.evidence.stance, "bears on")
    name = _named(claim, verdict, line)
    if verdict.review is Review.CONFIRMED:
        return f"{does} {name} · confirmed by you"
    probability = verdict.evidence.probability
    return f"Candidate: {sure(probability)} {does} {name} (probability {figure(probability)})"


def _named(claim: Claim, verdict: Verdict, line: str) -> str:
    name = shorten(claim.id, 20)
    return name if verdict.line == line else f"{name} of {shorten(verdict.line, 40)}"


def held(claim: Claim, longest: int = 200) -> str:
    """What the claim states, for the reader to hold the quoted sentence against."""
    return f"You hold: {shorten(claim.text or claim.title, longest)}"


def because(verdict: Verdict, longest: int = 200) -> str:
    """How the verdict was come by."""
    method = f"method {shorten(verdict.evidence.method, 40)}"
    reason = shorten(verdict.evidence.reason, longest).rstrip(".")
    return f"Why: {reason} ({method})" if reason else f"Found by {method}"


def how_to_review(verdict: Verdict) -> str:
    if verdict.review is Review.CONFIRMED:
        return f"You confirmed this; `litwatch reject {verdict.id}` takes it back."
    return f"Right or wrong? `litwatch confirm {verdict.id}` or `litwatch reject {verdict.id}`"


def more(entry: Entry, line: str, shown: int = SHOWN, taken_back: int = TAKEN_BACK_SHOWN) -> str:
    """The marks and what was taken back beyond those shown, counted; "" where there are none."""
    marked, fallen = len(entry.marks) - shown, len(entry.taken_back) - taken_back
    parts = [f"{count(marked, 'more claim')} marked"] if marked > 0 else []
    parts += [f"the methods differ on {count(fallen, 'more claim')}"] if fallen > 0 else []
    return f"{', '.join(parts)}: `litwatch claims {shorten(line, 60)}`" if parts else ""


# --- two methods ---------------------------------------------------------------------------------------------


def _who(verdict: Verdict) -> str:
    return "The language model" if verdict.evidence.by_language_model else "The default judge"


def beside(verdict: Verdict, other: Verdict | None, longest: int = 200) -> str:
    """What the other kind of method says of a mark; "" where the reader has spoken, or a language model was not asked.

    other: None where it said nothing; the default judge then takes no stance. longest: of its sentence, and of its
    reason.
    """
    if verdict.review is not None:
        return ""
    if other is None:
        asked = verdict.evidence.by_language_model
        return "The default judge reads this otherwise: no stance." if asked else ""
    if other.evidence.stance is verdict.evidence.stance:
        return f"{_who(other)} says so, too (probability {figure(other.evidence.probability)})."
    return f"{_who(other)} reads this otherwise: {_said(other, longest)}"


def _said(verdict: Verdict, longest: int) -> str:
    """ "likely contradicts (probability 0.71), “…” Why: …"."""
    evidence = verdict.evidence
    parts = [
        f"{stance(evidence)}, {quote(evidence.sentence, longest)}"
        if clean(evidence.sentence)
        else f"{stance(evidence)}."
    ]
    if longest > _TIGHT and clean(evidence.reason):
        parts.append(f"Why: {shorten(evidence.reason, longest).rstrip('.')}.")
    return " ".join(parts)


def unmarked(back: TakenBack, line: str) -> str:
    """What stands over a mark that is taken back."""
    return f"Not marked: the two methods differ on {_named(back.claim, back.verdict, line)}"


def both(back: TakenBack, longest: int = 200) -> tuple[str, str]:
    """What the default judge says, and what the language model: a line each."""
    one, two = back.verdict, back.by
    return f"{_who(one)}: {_said(one, longest)}", f"{_who(two)}: {_said(two, longest)}"


def how_to_restore(back: TakenBack) -> str:
    return f"Is the default judge right? `litwatch confirm {back.verdict.id}` marks it."


# --- how often they proved right -----------------------------------------------------------------------------

CANDIDATES = "A mark is a program's opinion: a candidate, until you confirm or reject it."


def record(tracks: Sequence[Track]) -> str:
    """ "Of the marks against your claims you have reviewed 23 so far; 17 were right." One sentence a method; "" without
    a record."""
    return " ".join(_record(track, alone=len(tracks) == 1) for track in tracks)


def _record(track: Track, *, alone: bool) -> str:
    by = f" by {shorten(track.method, 40)}" if track.method and not alone else ""
    by = by if track.method else " by any method"
    reviewed = f"{track.reviewed:,}" if track.reviewed else "none"
    said = f"Of the marks against your claims{by} you have reviewed {reviewed} so far"
    return f"{said}; {_right(track.right)} right." if track.reviewed >= FEWEST else f"{said}."


def _right(n: int) -> str:
    return f"{n:,} {'was' if n == 1 else 'were'}" if n else "none was"


def near(verdict: Verdict, tracks: Sequence[Track]) -> str:
    """The same of marks about as probable as this one; "" where too few were reviewed, or it is no open challenge."""
    evidence = verdict.evidence
    track = track_of(tracks, evidence.method) if evidence.stance.challenges and verdict.review is None else None
    band = alike(track, evidence.probability) if track else None
    if band is None:
        return ""
    return f"Of marks about as probable you have reviewed {band.reviewed:,}; {_right(band.right)} right."
