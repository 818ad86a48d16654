"""Verdicts and reviews: rows are added and never changed, so that any day can be told again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, exists, insert, or_, select, true

from litwatch.model import LANGUAGE_MODEL, Claim, Evidence, Line, Paper, Review, Stance, Verdict
from litwatch.store.claims import claim_digest
from litwatch.store.schema import matches, paper_versions, papers, reviews, verdicts

_CHUNK = 900
CHALLENGES = tuple(stance.value for stance in Stance if stance.challenges)


class Pair(NamedTuple):
    """One claim, by line and id, and one paper."""

    line: str
    claim: str
    arxiv_id: str


def add_verdicts(db: Connection, slug: str, judged: Sequence[tuple[Claim, Paper, Evidence]], *, now: datetime) -> int:
    """Keeps what differs from the last that was said of its claim and paper; returns how much that was.

    It differs by version, method or stance; a claim with another wording (`claim_digest`) is another claim. What the
    default judge says is held against its own last word, and so is a language model's: the two stand side by side.
    "None" of the default judge is kept only after a verdict, which it then takes back, or which it stands beside: most
    pairs are never said anything of. A language model's is an answer, and kept.
    """
    said = _last_said(db, slug, {paper.arxiv_id for _, paper, _ in judged})
    rows: list[dict[str, Any]] = []
    for claim, paper, evidence in judged:
        pair = claim.id, claim_digest(claim), paper.arxiv_id
        now_said = paper.version, evidence.method, evidence.stance.value
        by_either = said.setdefault(pair, {})
        silent = evidence.stance is Stance.NONE and not evidence.by_language_model and not by_either
        if silent or by_either.get(evidence.by_language_model) == now_said:
            continue
        by_either[evidence.by_language_model] = now_said
        rows.append(_row(claim, paper.arxiv_id, paper.version, evidence) | {"line": slug, "at": now})
    if rows:
        db.execute(insert(verdicts), rows)
    return len(rows)


_Said = dict[bool, tuple[int, str, str]]
"""By whether it was a language model: version, method and stance of the last verdict of the kind."""


def _last_said(db: Connection, slug: str, ids: Iterable[str]) -> dict[tuple[str, str, str], _Said]:
    """By claim, its digest and paper."""
    columns = (verdicts.c[n] for n in ("claim", "claim_digest", "arxiv_id", "version", "method", "stance"))
    query = select(*columns).where(verdicts.c.line == slug).order_by(verdicts.c.id)
    wanted = sorted(ids)
    said: dict[tuple[str, str, str], _Said] = {}
    for start in range(0, len(wanted), _CHUNK):
        for row in db.execute(query.where(verdicts.c.arxiv_id.in_(wanted[start : start + _CHUNK]))):
            asked = row.method.startswith(LANGUAGE_MODEL)
            pair = row.claim, row.claim_digest, row.arxiv_id
            said.setdefault(pair, {})[asked] = row.version, row.method, row.stance
    return said


def line_verdicts(
    db: Connection, slug: str, claims: Sequence[Claim], *, as_of: datetime | None = None
) -> list[Verdict]:
    """All that was said of these claims in their present wording, oldest first; "none" where it took a verdict back.

    as_of: what was judged and reviewed up to then.
    """
    said, rows = _of_wordings(db, slug, claims, as_of)
    return _verdicts(rows, said)


def verdicts_by_wording(
    db: Connection, slug: str, claims: Sequence[Claim], *, as_of: datetime | None = None
) -> dict[tuple[str, str], list[Verdict]]:
    """The same, by the claim's id and digest: a claim may be given in several wordings."""
    said, rows = _of_wordings(db, slug, claims, as_of)
    found: dict[tuple[str, str], list[Verdict]] = {}
    for row, verdict in zip(rows, _verdicts(rows, said), strict=True):
        found.setdefault((row.claim, row.claim_digest), []).append(verdict)
    return found


def _of_wordings(
    db: Connection, slug: str, claims: Sequence[Claim], as_of: datetime | None
) -> tuple[dict[int, list[Row[Any]]], list[Row[Any]]]:
    """The reviews by verdict, and the verdicts."""
    wordings = {(claim.id, claim_digest(claim)) for claim in claims}
    query = select(verdicts).where(
        verdicts.c.line == slug, verdicts.c.claim_digest.in_({digest for _, digest in wordings})
    )
    rows = [row for row in db.execute(_until(query, as_of)) if (row.claim, row.claim_digest) in wordings]
    return _reviews(db, verdicts.c.line == slug, as_of), rows


def verdicts_on(db: Connection, lines: Sequence[Line], ids: Iterable[str]) -> list[Verdict]:
    """The same of all open claims of these lines, about these papers; those of one paper stand together."""
    wordings = {(line.slug, claim.id, claim_digest(claim)) for line in lines for claim in line.open_claims}
    wanted = sorted(ids)
    found: list[Verdict] = []
    for start in range(0, len(wanted), _CHUNK):
        about = verdicts.c.arxiv_id.in_(wanted[start : start + _CHUNK])
        rows = db.execute(select(verdicts).where(about).order_by(verdicts.c.arxiv_id, verdicts.c.id))
        said = [row for row in rows if (row.line, row.claim, row.claim_digest) in wordings]
        found += _verdicts(said, _reviews(db, about, None))
    return found


def claims_spoken_of(db: Connection, since: datetime) -> set[tuple[str, str]]:
    """Slug of the line and id of each claim of which something was said, or reviewed, after that."""
    query = select(verdicts.c.line, verdicts.c.claim)
    said = query.where(verdicts.c.at > since)
    reviewed = query.join(reviews, reviews.c.verdict == verdicts.c.id).where(reviews.c.at > since)
    return {(row.line, row.claim) for row in db.execute(said.union(reviewed))}


def reworded_verdicts(
    db: Connection, slug: str, claims: Sequence[Claim], *, as_of: datetime | None = None
) -> list[Verdict]:
    """What a person reviewed of these claims when they had another wording, oldest first: it counts no longer."""
    wordings = {claim.id: claim_digest(claim) for claim in claims}
    said, rows = _ever_reviewed(db, slug, as_of)
    return _verdicts([row for row in rows if wordings.get(row.claim, row.claim_digest) != row.claim_digest], said)


def challenge_verdicts(db: Connection, lines: Sequence[Line]) -> list[Verdict]:
    """Of all lines at once, what was said of each open claim and matched paper that was ever called a challenge."""
    wordings = {(line.slug, claim.id, claim_digest(claim)) for line in lines for claim in line.open_claims}
    challenge = verdicts.alias()
    query = (
        select(verdicts)
        .join(
            matches,
            and_(matches.c.line == verdicts.c.line, matches.c.arxiv_id == verdicts.c.arxiv_id),
        )
        .where(exists().where(_same_pair(challenge), challenge.c.stance.in_(CHALLENGES)))
    )
    rows = [row for row in db.execute(_until(query, None)) if (row.line, row.claim, row.claim_digest) in wordings]
    return _verdicts(rows, _reviews(db, true(), None))


def outdated_pairs(db: Connection, claims: Iterable[tuple[str, Claim]], *, withdrawn: str) -> list[Pair]:
    """Claims (each with its line's slug) and papers whose last verdict is not about the paper as it is now.

    It is about an earlier version, or the paper was withdrawn since. withdrawn: the method whose verdict says that.
    """
    later = verdicts.alias()
    # Says nothing that the versions do not, but spares looking at the papers themselves, which are large.
    revised = exists().where(
        paper_versions.c.arxiv_id == verdicts.c.arxiv_id, paper_versions.c.version >= verdicts.c.version
    )
    mended = or_(revised, verdicts.c.arxiv_id.in_(select(papers.c.arxiv_id).where(papers.c.withdrawn)))
    query = (
        select(verdicts.c.line, verdicts.c.claim, verdicts.c.claim_digest, verdicts.c.arxiv_id)
        .join(papers, papers.c.arxiv_id == verdicts.c.arxiv_id)
        .where(
            mended,
            or_(
                verdicts.c.version < papers.c.version,
                and_(papers.c.withdrawn, verdicts.c.method != withdrawn),
            ),
            ~exists().where(_same_pair(later), later.c.id > verdicts.c.id),
        )
        .order_by(verdicts.c.id)
    )
    return _pairs(db, query, claims)


def texts_as_they_are(db: Connection, ids: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """By arXiv id: the paper's version, and whether it was withdrawn."""
    wanted = sorted(ids)
    found: dict[str, tuple[int, bool]] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(papers.c.arxiv_id, papers.c.version, papers.c.withdrawn)
        rows = db.execute(query.where(papers.c.arxiv_id.in_(wanted[start : start + _CHUNK])))
        found.update({row.arxiv_id: (row.version, row.withdrawn) for row in rows})
    return found


def judged_pairs(db: Connection, claims: Iterable[tuple[str, Claim]], ids: Sequence[str]) -> list[Pair]:
    """Which of these claims (each with its line's slug) and papers have verdicts."""
    columns = (verdicts.c.line, verdicts.c.claim, verdicts.c.claim_digest, verdicts.c.arxiv_id)
    wanted = list(claims)
    found: list[Pair] = []
    for start in range(0, len(ids), _CHUNK):
        query = select(*columns).where(verdicts.c.arxiv_id.in_(ids[start : start + _CHUNK])).distinct()
        found += _pairs(db, query, wanted)
    return found


def verdict_by_id(db: Connection, number: int) -> Verdict | None:
    rows = db.execute(select(verdicts).where(verdicts.c.id == number)).all()
    found = _verdicts(rows, _reviews(db, verdicts.c.id == number, None))
    return found[0] if found else None


def is_about(db: Connection, number: int, claim: Claim) -> bool:
    """Whether the verdict of this number is about the claim as it reads now."""
    digest = db.execute(select(verdicts.c.claim_digest).where(verdicts.c.id == number)).scalar()
    return digest == claim_digest(claim)


def add_review(db: Connection, number: int, review: Review, *, now: datetime) -> None:
    db.execute(insert(reviews).values(verdict=number, review=review.value, at=now))


def reviewed_verdicts(db: Connection, slug: str, *, as_of: datetime | None = None) -> list[Verdict]:
    """Every verdict of the line that the reader ever reviewed, whatever its claim read then, oldest first."""
    said, rows = _ever_reviewed(db, slug, as_of)
    return _verdicts(rows, said)


def _ever_reviewed(
    db: Connection, slug: str, as_of: datetime | None
) -> tuple[dict[int, list[Row[Any]]], list[Row[Any]]]:
    """The reviews by verdict, and the verdicts."""
    said = _reviews(db, verdicts.c.line == slug, as_of)
    query = select(verdicts).where(verdicts.c.line == slug, verdicts.c.id.in_(select(reviews.c.verdict)))
    return said, [row for row in db.execute(_until(query, as_of)) if row.id in said]


def carry_over(db: Connection, verdict: Verdict, claim: Claim, *, now: datetime) -> int:
    """Keeps what was said of the claim in another wording as said of the present one; returns the new number."""
    evidence = verdict.evidence
    row = _row(claim, verdict.arxiv_id, verdict.version, evidence) | {"line": verdict.line, "at": now}
    return int(db.execute(insert(verdicts).values(**row).returning(verdicts.c.id)).scalar_one())


def _row(claim: Claim, arxiv_id: str, version: int, evidence: Evidence) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "claim_digest": claim_digest(claim),
        "arxiv_id": arxiv_id,
        "version": version,
        "stance": evidence.stance.value,
        "probability": evidence.probability,
        "challenge": evidence.challenge,
        "sentence": evidence.sentence,
        "reason": evidence.reason,
        "method": evidence.method,
    }


def _same_pair(other: Any) -> Any:
    return and_(*(other.c[name] == verdicts.c[name] for name in ("line", "claim_digest", "claim", "arxiv_id")))


def _pairs(db: Connection, query: Select[Any], claims: Iterable[tuple[str, Claim]]) -> list[Pair]:
    rows = db.execute(query).all()
    if not rows:
        return []
    wordings = {(slug, claim.id, claim_digest(claim)) for slug, claim in claims}
    return [
        Pair(row.line, row.claim, row.arxiv_id) for row in rows if (row.line, row.claim, row.claim_digest) in wordings
    ]


def _until(query: Select[Any], as_of: datetime | None) -> Select[Any]:
    if as_of is not None:
        query = query.where(verdicts.c.at <= as_of)
    return query.order_by(verdicts.c.id)


def _reviews(db: Connection, of: Any, as_of: datetime | None) -> dict[int, list[Row[Any]]]:
    """The reviews, oldest first, of each verdict that fits the condition and has one."""
    query = select(reviews).join(verdicts, verdicts.c.id == reviews.c.verdict).where(of).order_by(reviews.c.id)
    if as_of is not None:
        query = query.where(reviews.c.at <= as_of)
    found: dict[int, list[Row[Any]]] = {}
    for row in db.execute(query):
        found.setdefault(row.verdict, []).append(row)
    return found


def _verdicts(rows: Sequence[Row[Any]], said: Mapping[int, Sequence[Row[Any]]]) -> list[Verdict]:
    return [_reviewed(_verdict(row), said.get(row.id, ())) for row in rows]


def _reviewed(verdict: Verdict, said: Sequence[Row[Any]]) -> Verdict:
    if not said:
        return verdict
    *before, last = ((Review(row.review), row.at) for row in said)
    return replace(verdict, review=last[0], reviewed_at=last[1], overruled=tuple(before))


def _verdict(row: Row[Any]) -> Verdict:
    """Without what was said of it."""
    return Verdict(
        id=row.id,
        line=row.line,
        claim=row.claim,
        arxiv_id=row.arxiv_id,
        version=row.version,
        evidence=Evidence(
            stance=Stance(row.stance),
            probability=row.probability,
            challenge=row.challenge,
            sentence=row.sentence,
            reason=row.reason,
            method=row.method,
        ),
        at=row.at,
    )
