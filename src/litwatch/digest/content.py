"""A digest as plain JSON values, for scripts."""

from __future__ import annotations

from datetime import datetime

from litwatch.digest.wording import clean
from litwatch.model import Claim, Coverage, Digest, Entry, Section, StatusChange, Verdict, utc


def content(digest: Digest) -> dict[str, object]:
    """Everything a digest tells, uncut; keys and their order stay. Times are ISO 8601 in UTC."""
    return {
        "id": digest.id,
        "channel": digest.channel,
        "kind": str(digest.kind),
        "created": _time(digest.created),
        "coverage": _coverage(digest.coverage),
        "sections": [_section(section) for section in digest.sections],
    }


def _coverage(coverage: Coverage) -> dict[str, object]:
    harvest = coverage.harvest
    return {
        "period_start": _time(coverage.period_start),
        "period_end": _time(coverage.period_end),
        "papers_read": coverage.papers_read,
        "categories": list(coverage.categories),
        "harvest": harvest and {"state": str(harvest.state), "at": _time(harvest.at), "reason": clean(harvest.reason)},
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "line": section.line,
        "question": clean(section.question),
        "left_out": section.left_out,
        "changes": [_change(change) for change in section.changes],
        "entries": [_entry(entry) for entry in section.entries],
    }


def _change(change: StatusChange) -> dict[str, object]:
    return {
        "claim": change.claim.id,
        "before": str(change.before),
        "after": str(change.after),
        "arxiv_id": change.arxiv_id,
        "sentence": clean(change.sentence),
    }


def _entry(entry: Entry) -> dict[str, object]:
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
        "also": list(entry.also),
        "marks": [_mark(claim, verdict) for claim, verdict in entry.marks],
    }


def _mark(claim: Claim, verdict: Verdict) -> dict[str, object]:
    evidence = verdict.evidence
    return {
        "line": verdict.line,
        "claim": claim.id,
        "verdict": verdict.id,
        "version": verdict.version,
        "stance": str(evidence.stance),
        "probability": round(evidence.probability, 4),
        "sentence": clean(evidence.sentence),
        "method": evidence.method,
        "reason": clean(evidence.reason),
        "review": str(verdict.review) if verdict.review else None,
    }


def _time(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
