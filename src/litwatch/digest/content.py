"""A digest as plain JSON values, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litwatch.digest.anchors import rows
from litwatch.digest.difference import in_words
from litwatch.digest.track import alike, track_of
from litwatch.digest.wording import clean
from litwatch.model import (
    Alarm,
    Alerted,
    AnchorChange,
    AnchorNews,
    CategoryOutcome,
    Coverage,
    Digest,
    Entry,
    Notice,
    Section,
    StatusChange,
    Track,
    Undelivered,
    Verdict,
    utc,
)


def content(digest: Digest) -> dict[str, object]:
    """Everything a digest tells, uncut; keys and their order stay. Times are ISO 8601 in UTC."""
    told: dict[str, object] = {
        "id": digest.id,
        "channel": digest.channel,
        "kind": str(digest.kind),
        "created": _time(digest.created),
        "coverage": _coverage(digest.coverage),
        "sections": [_section(section, digest.tracks) for section in digest.sections],
        "alerted": [_alerted(one) for one in digest.alerted],
        "alarm": digest.alarm and _alarm(digest.alarm),
    }
    return told | ({"notice": _notice(digest.notice)} if digest.notice else {})


def _coverage(coverage: Coverage) -> dict[str, object]:
    harvest, done = coverage.harvest, coverage.harvested
    return {
        "period_start": _time(coverage.period_start),
        "period_end": _time(coverage.period_end),
        "papers_read": coverage.papers_read,
        "categories": list(coverage.categories),
        "harvest": harvest and {"state": str(harvest.state), "at": _time(harvest.at), "reason": clean(harvest.reason)},
        "states": _states(coverage.outcomes),
        "last_well": coverage.last_well and _time(coverage.last_well),
        "harvests": {
            "runs": done.runs,
            "well": done.well,
            "requests": done.requests,
            "declared": done.declared,
            "received": done.received,
            "days_without": [each.isoformat() for each in done.days_without],
        },
    }


def _states(outcomes: Sequence[CategoryOutcome]) -> dict[str, object]:
    return {one.category: {"state": str(one.state), "reason": clean(one.reason)} for one in outcomes}


def _alerted(one: Alerted) -> dict[str, object]:
    return {
        "arxiv_id": one.paper.arxiv_id,
        "version": one.paper.version,
        "title": clean(one.paper.title),
        "url": one.paper.url,
        "withdrawn": one.paper.withdrawn,
        "told_at": _time(one.at),
        "lost": one.lost,
    }


def _alarm(alarm: Alarm) -> dict[str, object]:
    return {
        "state": str(alarm.state),
        "began": _time(alarm.began),
        "categories": _states(alarm.outcomes),
        "reason": clean(alarm.reason),
        "well_before": alarm.well_before and _time(alarm.well_before),
        "ask_again_at": alarm.ask_again_at and _time(alarm.ask_again_at),
        "over_at": alarm.over_at and _time(alarm.over_at),
        "papers": alarm.papers,
    }


def _notice(notice: Notice) -> dict[str, object]:
    return {
        "kind": str(notice.kind),
        "channel": notice.channel,
        "since": _time(notice.since),
        "over_at": notice.over_at and _time(notice.over_at),
        "reason": clean(notice.reason),
        "waiting": notice.waiting,
        "undelivered": [_undelivered(one) for one in notice.undelivered],
    }


def _undelivered(one: Undelivered) -> dict[str, object]:
    return {
        "delivery": one.delivery,
        "channel": one.channel,
        "subject": clean(one.subject),
        "state": str(one.state),
        "reason": clean(one.reason),
        "at": _time(one.at),
    }


def _section(section: Section, tracks: Sequence[Track]) -> dict[str, object]:
    return {
        "line": section.line,
        "question": clean(section.question),
        "left_out": section.left_out,
        "changes": [status_change(change) for change in section.changes],
        "anchors": [_anchor(news) for news in section.anchors],
        "entries": [_entry(entry, tracks) for entry in section.entries],
    }


def status_change(change: StatusChange) -> dict[str, object]:
    return {
        "claim": change.claim.id,
        "before": str(change.before),
        "after": str(change.after),
        "arxiv_id": change.arxiv_id,
        "sentence": clean(change.sentence),
        "stance": str(change.stance),
        "review": str(change.review) if change.review else None,
        "anchor": change.anchor,
        "withdrawn": change.withdrawn,
        "candidate": change.candidate,
        "edit": str(change.edit) if change.edit else None,
        "at": _time(change.at) if change.at else None,
        "reworded": _time(change.reworded) if change.reworded else None,
    }


def _anchor(news: AnchorNews) -> dict[str, object]:
    return {
        "arxiv_id": news.paper.arxiv_id,
        "version": news.paper.version,
        "title": clean(news.paper.title),
        "url": news.paper.url,
        "withdrawn": news.paper.withdrawn,
        "claims": [claim.id for claim in news.claims],
        "changes": [anchor_change(change) for change in news.changes],
    }


def anchor_change(change: AnchorChange) -> dict[str, object]:
    """One change of an anchor; "difference" where its text changed: a line of plain text for each sentence."""
    told: dict[str, object] = {
        "at": _time(change.at),
        "kind": str(change.kind),
        "version": change.version,
        "before": clean(change.before),
        "after": clean(change.after),
    }
    return told | ({"difference": list(said)} if (said := in_words(rows(change))) else {})


def _entry(entry: Entry, tracks: Sequence[Track]) -> dict[str, object]:
    return {
        "arxiv_id": entry.paper.arxiv_id,
        "version": entry.paper.version,
        "title": clean(entry.paper.title),
        "url": entry.paper.url,
        "published": _time(entry.paper.published),
        "score": round(entry.score, 4),
        "claim": entry.claim.id if entry.claim else None,
        "terms": [[clean(term), round(weight, 4)] for term, weight in entry.terms],
        "sentence": clean(entry.sentence),
        "earlier": entry.earlier,
        "explored": entry.chance,
        "also": list(entry.also),
        "marks": [mark(verdict, entry.other_opinion(verdict), tracks) for _, verdict in entry.marks],
        "taken_back": [mark(back.verdict, back.by, ()) for back in entry.taken_back],
    }


def mark(verdict: Verdict, other: Verdict | None, tracks: Sequence[Track]) -> dict[str, object]:
    """A mark; "beside" is what the other kind of method said, null where it said nothing, and "track" how many of the
    marks that the reader reviewed were right, null of what is no challenge."""
    evidence = verdict.evidence
    return {
        "line": verdict.line,
        "claim": verdict.claim,
        "verdict": verdict.id,
        "version": verdict.version,
        "stance": str(evidence.stance),
        "probability": round(evidence.probability, 4),
        "sentence": clean(evidence.sentence),
        "method": evidence.method,
        "reason": clean(evidence.reason),
        "review": str(verdict.review) if verdict.review else None,
        "beside": beside(other),
        "track": track(verdict, tracks),
    }


def beside(other: Verdict | None) -> dict[str, object] | None:
    """What stands beside a verdict."""
    if other is None:
        return None
    return {
        "verdict": other.id,
        "stance": str(other.evidence.stance),
        "probability": round(other.evidence.probability, 4),
        "sentence": clean(other.evidence.sentence),
        "method": other.evidence.method,
        "reason": clean(other.evidence.reason),
        "review": str(other.review) if other.review else None,
    }


def track(verdict: Verdict, tracks: Sequence[Track]) -> dict[str, object] | None:
    """The record that speaks for a challenge; "method" is null of all methods together, "alike" where too few marks
    about as probable were reviewed."""
    evidence = verdict.evidence
    record = track_of(tracks, evidence.method) if evidence.stance.challenges else None
    if record is None:
        return None
    band = alike(record, evidence.probability)
    return {
        "method": record.method or None,
        "reviewed": record.reviewed,
        "right": record.right,
        "alike": band
        and {
            "from": round(band.low, 4),
            "to": round(band.high, 4),
            "reviewed": band.reviewed,
            "right": band.right,
        },
    }


def _time(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
