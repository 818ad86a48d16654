"""A line as its file holds it and the same line as its page now reads → one line (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from litwatch.lines.claims import counterparts
from litwatch.lines.watchlist import UsedIds, next_ids, none_used
from litwatch.model import Claim, Line

_TEXTS = ("about", "tasks", "next_lines")
"""Parts of a line, besides its claims and anchors, that come from the page."""

_WHOLE = "_all"
"""Key of the fingerprint of all that the page says; no claim's id begins like that."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    line: Line
    page: Mapping[str, str]
    """Fingerprints of what the page says now, by claim id and key; ids of claims that are no more stay, so that
    none is given twice."""
    warnings: tuple[str, ...] = ()


def fingerprint(value: object) -> str:
    """Eight hexadecimal digits that tell a value from its edited self."""
    if isinstance(value, Claim):
        value = (value.title, value.text, value.dated, tuple((f.text, f.dated) for f in value.findings))
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def fingerprints(line: Line) -> Mapping[str, str]:
    """What a page says, by claim id and key."""
    return {
        _WHOLE: _whole(line),
        **{f"_{key}": fingerprint(getattr(line, key)) for key in _TEXTS},
        **{claim.id: fingerprint(claim) for claim in line.claims},
    }


def _whole(line: Line) -> str:
    parts = (*(getattr(line, key) for key in _TEXTS), *((anchor.arxiv_id, anchor.title) for anchor in line.anchors))
    return fingerprint((*parts, *map(fingerprint, line.claims)))


def merge(existing: Line, reread: Line, *, page: Mapping[str, str] | None = None, used: UsedIds = none_used) -> Merged:
    """The existing line brought up to its page as read again.

    page: what the page said before (`fingerprints`); with it, what the reader changed or took out by hand is told
    from what the page changed. Unchanged pages change nothing. A claim keeps its id where its text is the same or
    similar; the page's new wording is taken unless the reader has a wording of their own; new claims get ids that
    were never `used`; a claim gone from the page stays. Question, categories, exclusions, retired claims and `active`
    are the reader's. Warnings name what was not taken over.
    """
    seen = page or {}
    if seen.get(_WHOLE) == _whole(reread):
        return Merged(line=existing, page=seen)
    warnings: list[str] = []
    now = {_WHOLE: _whole(reread)}
    texts: dict[str, object] = {}
    for key in _TEXTS:
        ours, theirs = getattr(existing, key), getattr(reread, key)
        before, now[f"_{key}"] = seen.get(f"_{key}"), fingerprint(theirs)
        if theirs and theirs != ours and now[f"_{key}"] != before:
            if not ours or fingerprint(ours) == before:
                texts[key] = theirs
            else:
                warnings.append(f"{key.replace('_', ' ')} changed on the page: kept as in the file")

    held = [claim for claim in reread.claims if fingerprint(claim) not in set(seen.values())]
    same = {mark: name for name, mark in seen.items()}
    place = {claim.id: at for at, claim in enumerate(existing.claims)}
    claims = list(existing.claims)
    on_page: set[str] = set()
    for claim in reread.claims:
        if name := same.get(fingerprint(claim)):
            on_page.add(name)
            now[name] = fingerprint(claim)

    open_places = [at for at, claim in enumerate(claims) if claim.id not in on_page]
    pairs = counterparts([claims[at] for at in open_places], held)
    ids = next_ids((*place, *seen, *(used(existing.slug) if len(pairs) < len(held) else ())))
    for number, claim in enumerate(held):
        if number in pairs:
            ours = claims[open_places[pairs[number]]]
            name = ours.id
            if fingerprint(ours) == seen.get(name):
                claims[place[name]] = replace(
                    claim, id=name, kind=ours.kind, retired=ours.retired, durability=ours.durability
                )
            elif fingerprint(ours) != fingerprint(claim):
                warnings.append(f"claim {name} changed on the page: kept as in the file")
        else:
            name = next(ids)
            claims.append(replace(claim, id=name))
        on_page.add(name)
        now[name] = fingerprint(claim)
    warnings += [
        f"claim {claim.id} is no longer on the page: kept" for claim in existing.claims if claim.id not in on_page
    ]
    # Ids that were in use once stay known, with what the page said under them.
    now = {**seen, **now}
    cited = {anchor.arxiv_id for anchor in existing.anchors}
    anchors = (*existing.anchors, *(anchor for anchor in reread.anchors if anchor.arxiv_id not in cited))
    line = replace(existing, claims=tuple(claims), anchors=anchors)
    for key, value in texts.items():
        line = replace(line, **{key: value})  # type: ignore[arg-type]
    return Merged(line=line, page=now, warnings=tuple(warnings))
