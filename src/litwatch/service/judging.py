"""Judging what is ranked: each call does one unit of work and says whether there may be more."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litwatch import __version__, ledger
from litwatch.judge.base import Judge
from litwatch.judge.llm import Asks
from litwatch.model import Claim, Evidence, Line, Match, Paper, Stance
from litwatch.service.agreement import agreed_on, same_claims
from litwatch.service.poison import Judged, Trouble, judge_around
from litwatch.service.sharing import taken
from litwatch.store.claims import claim_digest
from litwatch.store.lines import line_states
from litwatch.store.matches import judge_again, lines_to_judge, mark_judged, matches_to_judge
from litwatch.store.papers import get_papers
from litwatch.store.second_opinions import add_questions
from litwatch.store.set_aside import CLAIM, JUDGING, Row, bring_back, reason_of, rows_by_name, set_aside
from litwatch.store.store import Db, Store
from litwatch.store.verdicts import (
    Pair,
    add_verdicts,
    challenge_verdicts,
    judged_pairs,
    outdated_pairs,
    texts_as_they_are,
)

log = logging.getLogger("litwatch.matching")

_WITHDRAWAL = Evidence(
    stance=Stance.NONE,
    probability=1.0,
    challenge=0.0,
    sentence="",
    reason="the paper was withdrawn",
    method=ledger.WITHDRAWN,
)


def judged_with(judge: Judge, asks: Asks | None = None) -> str:
    """What a match was judged with is kept with it, by this name: another one means judging again.

    asks: a language model that is asked besides; another one is asked anew of all that is judged.
    """
    besides = f"+{asks.method}@{asks.ask_from:g}" if asks else ""
    return f"{judge.method}@{judge.threshold:g}{besides}"


def judge_once(
    store: Store,
    lines: Sequence[Line],
    judge: Judge,
    *,
    now: datetime,
    who: str | None = None,
    asks: Asks | None = None,
) -> bool:
    """Judges the next matches of all lines, each with the claims that it bears on, paper by paper.

    What has a verdict is asked again with every new text, method and threshold, also where the paper bears on the
    claim no more: so that no verdict stands on what its paper no longer says. A claim that the judge fails with, or
    a paper, is set aside for a day; what was left out is judged then.
    who: a daemon, which works on the lines that it can take and no other one holds; none where the one that keeps the
    lines judges with another method or threshold, and only those whose claims are the same there (see agreement).
    asks: of what a language model is to be asked afterwards (see second_opinions).
    """
    active = [line for line in lines if line.active]
    key = judged_with(judge, asks)
    _bring_back_due(store, now=now)
    if who is None:
        return _judge(store, active, judge, key, asks, now=now)
    if not agreed_on(store, key, who=who):
        return False
    with store.read() as db:
        active = same_claims(db, active)
        aside = _Aside.read(db, active, key, now)
        waiting = lines_to_judge(db, [line.slug for line in active], key)
        waiting.update(pair.line for pair in _outdated(db, active, aside))
    with taken(store, [line.slug for line in active if line.slug in waiting], who) as mine:
        return _judge(store, [line for line in active if line.slug in mine], judge, key, asks, now=now)


def count_challenges(db: Db, lines: Sequence[Line], threshold: float) -> dict[str, int]:
    """By slug: how many of the line's matched papers have a likely challenge (`ledger.is_marked`); 0 is left out."""
    marked = {
        (verdict.line, verdict.arxiv_id)
        for verdict in ledger.counted(challenge_verdicts(db, lines))
        if ledger.is_marked(verdict, threshold)
    }
    return dict(Counter(slug for slug, _ in marked))


@dataclass(frozen=True)
class _Aside:
    """What is left out of judging, as it was read."""

    rows: Mapping[tuple[str, str], Row]
    """By kind and name, in force or not."""
    claims: Mapping[tuple[str, str], str]
    """By line and id, what each open claim among them is `of`."""
    key: str
    now: datetime

    @classmethod
    def read(cls, db: Db, lines: Sequence[Line], key: str, now: datetime) -> _Aside:
        rows = {(kind, name): row for kind in (CLAIM, JUDGING) for name, row in rows_by_name(db, kind).items()}
        names = {name for kind, name in rows if kind == CLAIM}
        claims = {
            (line.slug, claim.id): _of(claim_digest(claim), key)
            for line in lines
            for claim in line.open_claims
            if f"{line.slug}/{claim.id}" in names
        }
        return cls(rows, claims, key, now)

    def row_that_holds(self, pair: Pair, version: int, withdrawn: bool) -> Row | None:
        """Why this pair is not judged now; None where it is. Of a withdrawn paper no judge is asked."""
        claim = self.rows.get((CLAIM, f"{pair.line}/{pair.claim}"))
        paper = self.rows.get((JUDGING, pair.arxiv_id))
        if withdrawn:
            return None
        if claim and claim.holds(self.claims.get((pair.line, pair.claim), ""), self.now):
            return claim
        return paper if paper and paper.holds(_of(str(version), self.key), self.now) else None


@dataclass(frozen=True)
class _Work:
    """What is due to be judged, as it was read."""

    waiting: Sequence[Match]
    asked: Sequence[tuple[Pair, Claim, Paper]]
    left_out: Sequence[Row]
    """Why some of what is due is not asked."""
    aside: _Aside
    fingerprints: Mapping[str, str]

    @classmethod
    def read(cls, db: Db, lines: Sequence[Line], key: str, at_once: int, now: datetime) -> _Work:
        aside = _Aside.read(db, lines, key, now)
        claims = {(line.slug, claim.id): claim for line in lines for claim in line.open_claims}
        waiting = [stored.match for stored in matches_to_judge(db, [line.slug for line in lines], key, at_once)]
        outdated = _outdated(db, lines, aside)[:at_once]
        if not waiting and not outdated:
            return cls((), (), (), aside, {})
        pairs = [Pair(match.line, name, match.arxiv_id) for match in waiting for name, _ in match.claim_scores]
        due = {(match.line, match.arxiv_id) for match in waiting}
        judged = judged_pairs(db, _known(lines), sorted({match.arxiv_id for match in waiting}))
        pairs += [pair for pair in judged if (pair.line, pair.arxiv_id) in due]
        papers = {paper.arxiv_id: paper for paper in get_papers(db, {pair.arxiv_id for pair in (*pairs, *outdated)})}
        asked: list[tuple[Pair, Claim, Paper]] = []
        left_out: dict[tuple[str, str], Row] = {}
        for pair in dict.fromkeys((*pairs, *outdated)):
            if (claim := claims.get((pair.line, pair.claim))) is None:
                continue
            paper = papers[pair.arxiv_id]
            if row := aside.row_that_holds(pair, paper.version, paper.withdrawn):
                left_out[row.kind, row.name] = row
            else:
                asked.append((pair, claim, paper))
        states = line_states(db)
        fingerprints = {line.slug: states[line.slug].fingerprint for line in lines if line.slug in states}
        return cls(waiting, asked, tuple(left_out.values()), aside, fingerprints)


def _judge(store: Store, lines: Sequence[Line], judge: Judge, key: str, asks: Asks | None, *, now: datetime) -> bool:
    if not lines:
        return False
    with store.read() as db:
        work = _Work.read(db, lines, key, judge.at_once, now)
    if not work.waiting and not work.asked:
        return False
    told = [each for each in work.asked if not each[2].withdrawn]
    outcome = judge_around(judge.judge, told) if told else Judged(evidence={})
    with store.write() as db:
        fresh = _set_aside(db, work, outcome, now=now)
        if outcome.whole and _still_left_out(db, work):
            _write(db, work, outcome, key, asks, now=now)
    for trouble in outcome.troubles:
        what = f"{trouble.kind} {trouble.name}"
        trace = trouble.error if trouble in fresh else None
        log.error("%s is set aside for a day: %s", what, reason_of(trouble.error), exc_info=trace)
    return True


def _write(db: Db, work: _Work, outcome: Judged, key: str, asks: Asks | None, *, now: datetime) -> None:
    """Keeps what is still due as it was judged: of papers and lines that are what they were."""
    now_of = {slug: state.fingerprint for slug, state in line_states(db).items() if not state.removed}
    texts = texts_as_they_are(db, {pair.arxiv_id for pair, _, _ in work.asked})
    by_line: dict[str, list[tuple[Claim, Paper, Evidence]]] = {}
    changed: set[str] = set()
    for pair, claim, paper in work.asked:
        if texts[pair.arxiv_id] != (paper.version, paper.withdrawn):
            changed.add(pair.arxiv_id)
            continue
        said = _WITHDRAWAL if paper.withdrawn else outcome.evidence.get(pair)
        if said and now_of.get(pair.line) == work.fingerprints.get(pair.line):
            by_line.setdefault(pair.line, []).append((claim, paper, said))
    for slug, judgments in by_line.items():
        add_verdicts(db, slug, judgments, now=now)
        if asks:
            add_questions(db, slug, judgments, method=asks.method, ask_from=asks.ask_from, now=now)
    for slug in {match.line for match in work.waiting}:
        if now_of.get(slug) == work.fingerprints[slug]:
            told = [match.arxiv_id for match in work.waiting if match.line == slug]
            mark_judged(db, slug, [arxiv_id for arxiv_id in told if arxiv_id not in changed], key)


def _set_aside(db: Db, work: _Work, outcome: Judged, *, now: datetime) -> list[Trouble]:
    """Keeps aside what failed, and brings back what failed once and works now. Gives what is new."""
    versions = {pair.arxiv_id: str(paper.version) for pair, _, paper in work.asked}
    fresh = []
    for trouble in outcome.troubles:
        if trouble.kind == CLAIM:
            line, _, claim = trouble.name.rpartition("/")
            of = next(_of(claim_digest(c), work.aside.key) for p, c, _ in work.asked if p[:2] == (line, claim))
        else:
            of = _of(versions[trouble.name], work.aside.key)
        if set_aside(db, trouble.kind, trouble.name, reason_of(trouble.error), of, now):
            fresh.append(trouble)
    failed = {(trouble.kind, trouble.name) for trouble in outcome.troubles}
    worked = {(CLAIM, f"{pair.line}/{pair.claim}") for pair in outcome.evidence}
    worked |= {(JUDGING, pair.arxiv_id) for pair in outcome.evidence}
    for kind, name in work.aside.rows.keys() & (worked - failed):
        bring_back(db, kind, name)
    return fresh


def _still_left_out(db: Db, work: _Work) -> bool:
    """False where another process meanwhile brought back what was left out here."""
    return all(rows_by_name(db, row.kind).get(row.name) == row for row in work.left_out)


def _bring_back_due(store: Store, *, now: datetime) -> None:
    """Lets what was set aside a day ago be judged again, with all that was left out meanwhile."""
    with store.read() as db:
        if not _due(db, now):
            return
    with store.write() as db:
        for row in _due(db, now):
            if row.kind == CLAIM:
                judge_again(db, line=row.name.rpartition("/")[0])
            else:
                judge_again(db, arxiv_id=row.name)
            bring_back(db, row.kind, row.name)


def _due(db: Db, now: datetime) -> list[Row]:
    return [row for kind in (CLAIM, JUDGING) for row in rows_by_name(db, kind).values() if row.until <= now]


def _outdated(db: Db, lines: Sequence[Line], aside: _Aside) -> list[Pair]:
    pairs = outdated_pairs(db, _known(lines), withdrawn=ledger.WITHDRAWN)
    if not aside.rows:
        return pairs
    texts = texts_as_they_are(db, {pair.arxiv_id for pair in pairs})
    return [pair for pair in pairs if aside.row_that_holds(pair, *texts[pair.arxiv_id]) is None]


def _known(lines: Sequence[Line]) -> list[tuple[str, Claim]]:
    return [(line.slug, claim) for line in lines for claim in line.open_claims]


def _of(what: str, key: str) -> str:
    """Another wording, version or method, or another litwatch, is reason to try again."""
    return hashlib.sha256(f"{what} {key} {__version__}".encode()).hexdigest()[:32]
