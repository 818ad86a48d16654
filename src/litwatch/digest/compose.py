"""What a digest tells: which papers, under which line, in which order, with which marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from litwatch import ledger
from litwatch.digest.beside import takes_back
from litwatch.digest.track import tracks
from litwatch.model import (
    Alerted,
    AnchorNews,
    Claim,
    Coverage,
    Digest,
    DigestKind,
    Entry,
    Line,
    Match,
    Paper,
    Review,
    Reviewed,
    Section,
    Stance,
    StatusChange,
    TakenBack,
    Track,
    Verdict,
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A match that the channel has not been told of, with all that is known about it."""

    match: Match
    paper: Paper
    """The paper of the match."""
    verdicts: tuple[Verdict, ...] = ()
    """All on this paper, also those that count no more; those on other lines are passed over."""
    fresh: bool = True
    """Found since the channel's last digest."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A paper that was drawn by chance among those that a digest has no place for."""

    candidate: Candidate
    """Under the line that it is told under."""
    chance: float
    """With which it was drawn, above 0 to 1."""
    near: bool = False
    """Whether it is no match of the line, its score being a little below the floor."""
    also: tuple[str, ...] = ()
    """Slugs of the other lines that it fits."""


def compose(
    *,
    digest_id: str,
    channel: str,
    kind: DigestKind = DigestKind.DIGEST,
    lines: Sequence[Line],
    candidates: Sequence[Candidate],
    changes: Mapping[str, Sequence[StatusChange]],
    anchors: Mapping[str, Sequence[AnchorNews]] | None = None,
    alerted: Sequence[Alerted] = (),
    reviewed: Sequence[Reviewed] = (),
    beyond: Mapping[str, int] | None = None,
    coverage: Coverage,
    top: int,
    threshold: float,
    floor: float = 0.0,
    now: datetime,
) -> Digest:
    """The digest of one channel; the order of `candidates` has no influence on it.

    lines: in the order of the sections. candidates: those of other lines are passed over, and so are withdrawn
    papers. changes: by the slug of their line, oldest first. anchors: by the slug of the line that rests on
    them, in the order in which they are told. alerted: what alerts told since the last digest, oldest first; an alert
    itself does not repeat it. reviewed: every challenge that the reader reviewed, on any line. beyond: by slug, how
    many papers more a line has, none of them a likely challenge nor before the first `top` of its candidates: they are
    counted as left out. top: papers a line, at least 0. threshold: from this probability on a verdict that counts in
    the ledger is shown as a mark, where it is about the paper's present version; a confirmed one is always shown.
    floor: what scores less on a line is told there only where it is a likely challenge.

    A paper stands once, under the line where it has its best score; a line where it likely challenges a claim
    goes before any other, and what the paper challenges on its other lines is marked there too. Every likely
    challenge is told, also beyond `top`. A digest holds a section for each
    line, empty where there is nothing to tell, so that its foot can name the quiet ones; an alert holds likely
    challenges alone, with the changes that they made, and counts nothing as left out: what it passes over is
    for the next digest.
    """
    line_of = {line.slug: line for line in lines}
    place = {line.slug: position for position, line in enumerate(lines)}
    found: dict[str, list[tuple[Candidate, Entry]]] = {}
    for candidate in candidates:
        if candidate.match.line in line_of and not candidate.paper.withdrawn:
            entry = _entry(candidate, line_of[candidate.match.line], threshold)
            if entry.challenge or entry.score >= floor:
                found.setdefault(candidate.paper.arxiv_id, []).append((candidate, entry))

    homes: dict[str, list[Entry]] = {line.slug: [] for line in lines}
    for fits in found.values():
        fits.sort(key=lambda fit: (not fit[1].challenge, -fit[1].score, place[fit[0].match.line]))
        home, entry = fits[0]
        others = {candidate.match.line: other for candidate, other in fits[1:]}
        others.pop(home.match.line, None)
        elsewhere = tuple(mark for other in others.values() for mark in other.marks if _challenging(mark))
        own = tuple(mark for mark in entry.marks if _challenging(mark))
        marks = (*own, *elsewhere, *entry.marks[len(own) :])
        also = tuple(slug for slug in homes if slug in others)
        homes[home.match.line].append(
            replace(
                entry,
                marks=marks,
                beside=(*entry.beside, *(one for other in others.values() for one in other.beside)),
                taken_back=(*entry.taken_back, *(one for other in others.values() for one in other.taken_back)),
                also=also,
            )
        )

    sections = []
    for line in lines:
        moved = tuple(changes.get(line.slug, ()))
        news = tuple((anchors or {}).get(line.slug, ()))
        entries = sorted(homes[line.slug], key=_precedence)
        challenges = sum(entry.challenge for entry in entries)
        if kind is DigestKind.ALERT:
            if not challenges:
                continue
            entries = entries[:challenges]
            shown = {entry.paper.arxiv_id for entry in entries}
            moved, room = tuple(change for change in moved if change.arxiv_id in shown), challenges
            news, more = (), 0
        else:
            room, more = max(top, challenges), (beyond or {}).get(line.slug, 0)
        sections.append(
            Section(
                line=line.slug,
                question=line.question,
                entries=tuple(entries[:room]),
                left_out=len(entries[room:]) + more,
                changes=moved,
                anchors=news,
            )
        )
    told = [entry for section in sections for entry in section.entries]
    return Digest(
        id=digest_id,
        kind=kind,
        channel=channel,
        sections=tuple(sections),
        coverage=coverage,
        created=now,
        alerted=tuple(alerted) if kind is DigestKind.DIGEST else (),
        tracks=_tracks(told, reviewed, threshold),
    )


def explore(digest: Digest, drawn: Sequence[Drawn], *, lines: Sequence[Line], threshold: float) -> Digest:
    """The digest with papers that have no place in it and were drawn by chance, after all others of their sections.

    They take nobody's place. lines, threshold: as `compose` takes them. Papers of other lines are passed over; those
    drawn have no likely challenge. Their scores are those without the reader's feedback, by which they are of the one
    kind or the other.
    """
    line_of = {line.slug: line for line in lines}
    sections = []
    for section in digest.sections:
        here = [one for one in drawn if one.candidate.match.line == section.line]
        entries = [
            replace(
                _entry(one.candidate, line_of[section.line], threshold),
                score=_unmoved(one.candidate.match),
                chance=one.chance,
                near=one.near,
                also=one.also,
            )
            for one in here
        ]
        entries.sort(key=lambda entry: (-entry.score, entry.paper.arxiv_id))
        left_out = section.left_out - sum(not one.near for one in here)
        sections.append(replace(section, entries=(*section.entries, *entries), left_out=left_out))
    return replace(digest, sections=tuple(sections))


def _unmoved(match: Match) -> float:
    return match.score if match.base is None else match.base


def _tracks(told: Sequence[Entry], reviewed: Sequence[Reviewed], threshold: float) -> tuple[Track, ...]:
    """Of the methods by which what is told was marked and is still to be reviewed."""
    open_marks = (mark[1] for entry in told for mark in entry.marks if _challenging(mark) and mark[1].review is None)
    return tracks(reviewed, {verdict.evidence.method for verdict in open_marks}, threshold)


def _entry(candidate: Candidate, line: Line, threshold: float) -> Entry:
    claim = line.claim(candidate.match.claim)
    own = [v for v in candidate.verdicts if v.line == line.slug and v.arxiv_id == candidate.paper.arxiv_id]
    counted = [
        (verdict, ledger.beside(verdict, own))
        for verdict in ledger.counted(own)
        if verdict.version == candidate.paper.version or verdict.review is Review.CONFIRMED
    ]
    marks = _marks([verdict for verdict, _ in counted], line, threshold)
    shown = [verdict for _, verdict in marks]
    return Entry(
        paper=candidate.paper,
        score=candidate.match.score,
        claim=None if claim is None or claim.retired else claim,
        terms=candidate.match.terms,
        sentence=candidate.match.sentence,
        marks=marks,
        beside=tuple(other for verdict, other in counted if other and verdict in shown),
        taken_back=tuple(
            TakenBack(claim=held, verdict=other, by=verdict)
            for verdict, other in counted
            if (held := line.claim(verdict.claim)) and not held.retired and other
            if takes_back(verdict, other, threshold) and verdict not in shown
        ),
        earlier=not candidate.fresh,
    )


def _marks(counted: Sequence[Verdict], line: Line, threshold: float) -> tuple[tuple[Claim, Verdict], ...]:
    """Likely challenges, strongest first, then the one likeliest support."""
    of_claim: dict[str, Verdict] = {}
    for verdict in counted:
        if ledger.is_likely(verdict, threshold):
            # One mark a claim: a support that the reader confirmed does not hide what a newer version challenges.
            of_claim[verdict.claim] = max(of_claim.get(verdict.claim, verdict), verdict, key=_weight)
    shown = [(claim, of_claim[claim.id]) for claim in line.open_claims if claim.id in of_claim]
    shown.sort(key=lambda mark: -_strength(mark[1]))
    challenges = [mark for mark in shown if _challenging(mark)]
    supports = [mark for mark in shown if mark[1].evidence.stance is Stance.SUPPORTS]
    return (*challenges, *supports[:1])


def _challenging(mark: tuple[Claim, Verdict]) -> bool:
    return mark[1].evidence.stance.challenges


def _weight(verdict: Verdict) -> tuple[bool, float]:
    return verdict.evidence.stance.challenges, _strength(verdict)


def _strength(verdict: Verdict) -> float:
    return 1.0 if verdict.review is Review.CONFIRMED else verdict.evidence.probability


def _precedence(entry: Entry) -> tuple[bool, bool, float, float, str]:
    strength = _strength(entry.marks[0][1]) if entry.challenge else 0.0
    return not entry.challenge, entry.earlier, -strength, -entry.score, entry.paper.arxiv_id
