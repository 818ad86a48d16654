"""Several daemons on one store whose files, versions or settings differ: one keeps the lines, the others follow.

If each made the store's lines be as its own files say, each would undo what the other one ranked and judged, for
ever. So the first one keeps them for as long as it lives; the others work on those lines that are the same with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from litwatch import __version__
from litwatch.model import LANGUAGE_MODEL, Line
from litwatch.rank.ranker import Ranker
from litwatch.store.claims import claims_changed, held_claims
from litwatch.store.holder import spoken
from litwatch.store.keeper import judges_with, keeper, note_judging
from litwatch.store.lines import anchor_versions, line_states
from litwatch.store.store import Db, Store

_NAMED = 5


@lru_cache(maxsize=1024)
def fingerprint(line: Line, versions: tuple[int, ...], ranker: str, floor: float) -> str:
    """Names all that a line's matches depend on besides the papers; when it changes they are made anew.

    versions: of the line's anchors, in order; 0 of one that is not stored. ranker and floor: its version and floor.
    """
    said = [
        __version__,
        ranker,
        floor,
        line.question,
        line.about,
        [[claim.id, claim.full_text] for claim in line.open_claims],
        list(line.exclude),
        [[anchor.arxiv_id, version] for anchor, version in zip(line.anchors, versions, strict=True)],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def fingerprints(db: Db, lines: Sequence[Line], ranker: Ranker) -> dict[str, str]:
    """By slug: of the lines as they read here, with their anchors as they are stored."""
    versions = anchor_versions(db, (anchor.arxiv_id for line in lines for anchor in line.anchors))
    return {
        line.slug: fingerprint(
            line,
            tuple(versions.get(anchor.arxiv_id, 0) for anchor in line.anchors),
            ranker.version,
            ranker.floor,
        )
        for line in lines
    }


@dataclass(frozen=True, kw_only=True)
class Apart:
    """How another daemon, which keeps the store's lines, differs from this one."""

    keeper: str
    lines: tuple[str, ...]
    """Slugs of the lines that are not the same here and there, in order."""
    judges_with: str
    """What it judges with; "" where that is no other."""

    def __str__(self) -> str:
        who, said = f"the daemon of {spoken(self.keeper)}, which keeps the store's lines", []
        if self.lines:
            more = f" and {len(self.lines) - _NAMED} more" if len(self.lines) > _NAMED else ""
            said.append(
                f"{', '.join(self.lines[:_NAMED])}{more}: differ here from {who}, and are left to it: "
                "bring both to the same watchlists, litwatch version, rank.floor and rank.semantic"
            )
        if self.judges_with:
            # What a language model is asked with stands in it, too (judging.judged_with).
            keys = "judge.method, judge.threshold, judge.llm.model and judge.llm.ask_from"
            said.append(
                f"{who}, judges with {self.judges_with}, and judging is left to it: bring both to the same litwatch "
                f"version, {keys if f'+{LANGUAGE_MODEL}' in self.judges_with else 'judge.method and judge.threshold'}"
            )
        return "; ".join(said)


def apart(store: Store, lines: Sequence[Line], ranker: Ranker, judged_with: str, *, who: str) -> Apart | None:
    """What keeps `who` from ranking and judging all lines as here; None where nothing does.

    judged_with: what is judged with here.
    """
    with store.read() as db:
        other = keeper(db)
        if other in ("", who):
            return None
        here = fingerprints(db, lines, ranker)
        there = {slug: state.fingerprint for slug, state in line_states(db).items() if not state.removed}
        differ = {slug for slug in here.keys() | there.keys() if here.get(slug) != there.get(slug)}
        differ |= {line.slug for line in lines} - {line.slug for line in same_claims(db, lines)}
        theirs = judges_with(db)
    otherwise = theirs if theirs != judged_with else ""
    return Apart(keeper=other, lines=tuple(sorted(differ)), judges_with=otherwise) if differ or otherwise else None


def agreed_on(store: Store, judged_with: str, *, who: str) -> bool:
    """Whether `who` may judge with this: a method at a threshold, which is noted where they keep the lines."""
    with store.read() as db:
        kept_by, theirs = keeper(db), judges_with(db)
    if kept_by == who and theirs != judged_with:
        with store.write() as db:
            note_judging(db, judged_with, who=who)
    return kept_by in ("", who) or theirs in ("", judged_with)


def same_claims(db: Db, lines: Sequence[Line]) -> list[Line]:
    """Those of these lines whose claims read here as the store holds them."""
    held, states = held_claims(db, [line.slug for line in lines]), line_states(db)
    return [
        line
        for line in lines
        if (state := states.get(line.slug)) and not state.removed and not claims_changed(line, held[line.slug])
    ]
