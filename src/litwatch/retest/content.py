"""A report as plain JSON values, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litwatch.digest.content import mark, status_change
from litwatch.digest.wording import clean
from litwatch.model import Durability, Track, Verdict, utc
from litwatch.retest import looked as coverage
from litwatch.retest.questions import Question
from litwatch.retest.report import Held, Report, Shown
from litwatch.retest.traces import traces


def content(report: Report) -> dict[str, object]:
    """Everything that a report tells, uncut; keys and their order stay. Times are ISO 8601 in UTC."""
    return {
        "line": report.line.slug,
        "question": clean(report.line.question),
        "as_of": _time(report.as_of),
        "since": _time(report.since),
        "claims": [_claim(held, report.tracks) for held in report.claims],
        "strongest": [_evidence(one, report.tracks) for one in report.strongest],
        "against": {
            "submitted": len(report.strongest) + report.further - report.revised,
            "revised": report.revised,
        },
        "older": [_evidence(one, report.tracks) for one in report.older],
        "below_threshold": [_evidence(one, report.tracks) for one in report.nearest],
        "fresh": [
            {
                "arxiv_id": one.paper.arxiv_id,
                "title": clean(one.paper.title),
                "published": _time(one.paper.published),
                "claim": one.claim.id if one.claim else None,
                "score": round(one.score, 4),
                "sentence": clean(one.sentence),
                "url": one.paper.url,
                "said": [_known(verdict) for verdict in one.said],
            }
            for one in report.fresh
        ],
        "durable": [held.claim.id for held in report.lasting(Durability.DURABLE)],
        "perishable": [held.claim.id for held in report.lasting(Durability.PERISHABLE)],
        "questions": [_question(one) for one in report.questions],
        "questions_remark": clean(report.remark),
        "looked_at": _looked(report),
        "not_looked_at": list(coverage.not_looked_at(report)),
        "traces": [{"figure": one.figure, "value": one.value, "command": one.command} for one in traces(report)],
    }


def _claim(held: Held, tracks: Sequence[Track]) -> dict[str, object]:
    stale = held.stale
    return {
        "id": held.claim.id,
        "text": clean(held.claim.text),
        "title": clean(held.claim.title),
        "status": str(held.status),
        "since": held.since and _time(held.since),
        "moved": held.moved and status_change(held.moved),
        "durability": {
            "kind": str(held.durability),
            "settled": held.settled,
            "proposed": str(held.proposal.durability),
            "reason": held.proposal.reason,
        },
        "for": [_evidence(one, tracks) for one in held.support],
        "against": [_evidence(one, tracks) for one in held.against],
        "below_threshold": held.weaker,
        "anchors": [
            {"arxiv_id": news.paper.arxiv_id, "title": clean(news.paper.title), "withdrawn": news.withdrawn}
            for news in held.anchors
        ],
        "stale": stale and {"days": stale.days, "unread": stale.unread},
    }


def _evidence(one: Shown, tracks: Sequence[Track]) -> dict[str, object]:
    return {
        "arxiv_id": one.paper.arxiv_id,
        "title": clean(one.paper.title),
        "published": _time(one.paper.published),
        "url": one.paper.url,
        "revised": one.revised,
        "older": one.earlier,
        "also": [claim.id for claim in one.also],
        **mark(one.verdict, one.other, tracks),
    }


def _known(verdict: Verdict) -> dict[str, object]:
    return {
        "claim": verdict.claim,
        "verdict": verdict.id,
        "version": verdict.version,
        "stance": str(verdict.evidence.stance),
        "probability": round(verdict.evidence.probability, 4),
        "review": str(verdict.review) if verdict.review else None,
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "text": clean(question.text),
        "grounds": list(question.grounds),
        "method": question.method,
        "because": clean(question.because),
    }


def _looked(report: Report) -> dict[str, object]:
    looked = report.looked
    harvest = looked.coverage.harvest
    return {
        "categories": list(looked.coverage.categories),
        "whole_since": {name: when.isoformat() for name, when in looked.whole_since},
        "stored": looked.stored,
        "matched": looked.matched,
        "matched_ever": looked.matched_ever,
        "marked": looked.marked,
        "unread": looked.unread,
        "reviewed": looked.reviewed,
        "harvests": looked.harvests,
        "harvests_in_trouble": looked.harvests_ill,
        "last_harvest": harvest and {"state": str(harvest.state), "at": _time(harvest.at)},
        "trouble": coverage.trouble(report),
        "anchors": looked.anchors,
        "anchors_withdrawn": looked.anchors_withdrawn,
        "anchors_unresolved": looked.anchors_unresolved,
        "language_model": looked.asked or None,
        "threshold": report.threshold,
        "floor": looked.floor,
    }


def _time(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
