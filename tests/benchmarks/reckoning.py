"""What a campaign came to: what must have been found and told, held against what was."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, func, select

from benchmarks.simulated import told_papers
from benchmarks.standins import CHANNELS, DESK, MAIL, SLACK, Taken
from litwatch.store import schema

PAPERS, MATCHES, VERDICTS = "papers", "matches", "verdicts"
UNTOLD, TOLD_TWICE = "matches never told", "papers told twice"
PERIODS, NOT_SENT, NOT_TAKEN, TWICE = "periods", "not sent", "sent, but nobody took it", "sent twice, outcome known"
STORE, CRASHES, STRANGERS, CONTENT = "store", "tracebacks", "messages of no delivery", "told, but not in the message"


@dataclass(kw_only=True)
class Outcome:
    """What a campaign came to."""

    kills: Counter[str] = field(default_factory=Counter)
    """By phase."""
    places: Counter[str] = field(default_factory=Counter)
    """Where: a statement, a commit, a moment of sending."""
    commands: int = 0
    days: int = 0
    moods: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    papers: int = 0
    matches: int = 0
    verdicts: int = 0
    told: int = 0
    digests: int = 0
    messages: int = 0
    repeats: int = 0
    """Messages that were taken once more after their outcome had been unknown."""
    by_hand: int = 0
    """Deliveries that a person retried or resolved."""
    seconds: float = 0.0
    flaws: dict[str, list[str]] = field(default_factory=dict)
    """What must not be, by name; empty when all is well."""

    def wrong(self, name: str, what: Sequence[object]) -> None:
        if what:
            self.flaws.setdefault(name, []).extend(map(str, what))

    def add(self, other: Outcome) -> None:
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            elif name == "flaws":
                for flaw, what in value.items():
                    self.wrong(flaw, what)
            else:
                setattr(self, name, getattr(self, name) + value)

    def table(self) -> str:
        def counted(counts: Counter[str]) -> str:
            return ", ".join(f"{count} {name}" for name, count in counts.most_common())

        def flaw(*names: str) -> int:
            return sum(len(self.flaws.get(name, ())) for name in names)

        rows = [
            ("killed", f"{sum(self.kills.values())} of {self.commands} commands, {self.days} days"),
            ("  by phase", counted(self.kills)),
            ("  at", counted(self.places)),
            ("channels did", counted(self.moods)),
            ("commands ended", counted(self.codes)),
            ("papers, missing", f"{self.papers:,}, {flaw(PAPERS)}"),
            ("matches, lost", f"{self.matches:,}, {flaw(MATCHES, UNTOLD)}"),
            ("verdicts, lost or twice", f"{self.verdicts:,}, {flaw(VERDICTS)}"),
            ("digests, lost", f"{self.digests:,}, {flaw(PERIODS, NOT_SENT, NOT_TAKEN)}"),
            ("messages taken", f"{self.messages:,}"),
            ("  again, outcome unknown", f"{self.repeats}"),
            ("  again, outcome known", f"{flaw(TWICE)}"),
            ("deliveries in the end", counted(self.states)),
            ("retried or resolved by hand", f"{self.by_hand}"),
            ("store broken after a kill", f"{flaw(STORE)}"),
            ("took", f"{self.seconds:.0f} s"),
        ]
        return "\n".join(f"  {name:28} {value}" for name, value in rows)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of the outbox meanwhile. Commands by number, deliveries by id."""

    states: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """By delivery: after each command, its state."""
    killed: set[int] = field(default_factory=set)
    """Commands that were killed."""
    resolved: set[int] = field(default_factory=set)
    """Deliveries that a person settled as sent."""


def compare(own: Connection, other: Connection, outcome: Outcome) -> None:
    """A store against that of the twin whom nobody killed."""
    for name, read in ((PAPERS, _papers), (MATCHES, _matches), (VERDICTS, _verdicts)):
        here, there = read(own), read(other)
        outcome.wrong(name, [f"lost: {row}" for row in (there - here).elements()])
        outcome.wrong(name, [f"too many: {row}" for row in (here - there).elements()])
        setattr(outcome, name, sum(there.values()))
    outcome.told = own.execute(select(func.count()).select_from(schema.told)).scalar_one()
    for channel in CHANNELS:
        outcome.wrong(UNTOLD, [f"{channel}: {arxiv_id}" for arxiv_id in untold(own, channel)])


def account(db: Connection, taken: Sequence[Taken], seen: Seen, days: Collection[date], outcome: Outcome) -> None:
    """The outbox against what the channels' other ends took. days: on each of them every channel was to be told."""
    query = select(schema.deliveries, schema.digests.c.kind, schema.digests.c.period_end)
    rows = db.execute(query.join(schema.digests, schema.digests.c.id == schema.deliveries.c.digest)).all()
    told: dict[str, list[str]] = {}
    for row in db.execute(select(schema.told)):
        told.setdefault(row.digest, []).append(row.arxiv_id)
    outcome.digests, outcome.messages = len(rows), len(taken)
    outcome.states = Counter(row.state for row in rows)
    known: set[int] = set()
    entries: Counter[tuple[str, str]] = Counter()
    for row in rows:
        takes = [message for message in taken if is_of(message, row)]
        known.update(map(id, takes))
        if row.state == "dead" and row.kind == "notice" and row.last_error.startswith("overtaken"):
            continue  # what it had to say was over before it could be said
        if row.state != "sent":
            history = [state for _, state in seen.states[row.id]]
            said = f"delivery {row.id} of {row.digest} is {row.state} ({row.claimed_by}): {row.last_error}"
            outcome.wrong(NOT_SENT, [f"{said}; {len(takes)} taken; {' '.join(history[-12:])}"])
        elif not takes and row.id not in seen.resolved:
            outcome.wrong(NOT_TAKEN, [f"delivery {row.id} of {row.digest}"])
        _look_for_repeats(row, takes, seen, outcome)
        if takes:
            said, papers = json.dumps(takes[0].content), told.get(row.digest, ())
            outcome.wrong(CONTENT, [f"{key} in {row.digest}" for key in papers if key not in said])
            if row.channel != SLACK:
                entries.update((row.channel, key) for key in set(told_papers(takes[0].content)))
    outcome.wrong(TOLD_TWICE, [f"{channel}: {key}" for (channel, key), count in entries.items() if count > 1])
    strangers = [message for message in taken if id(message) not in known]
    outcome.wrong(STRANGERS, [f"{one.channel}, command {one.run}: {str(one.content)[:80]}" for one in strangers])
    for channel in CHANNELS:
        ends = [row.period_end for row in rows if row.channel == channel and row.kind == "digest"]
        have = Counter(end.date() for end in ends)
        outcome.wrong(PERIODS, [f"{channel}: none on {day}" for day in sorted(set(days) - have.keys())])
        outcome.wrong(PERIODS, [f"{channel}: {count} on {day}" for day, count in have.items() if count > 1])


def _look_for_repeats(row: Row[Any], takes: Sequence[Taken], seen: Seen, outcome: Outcome) -> None:
    """A message may be taken once more only where, between the two, nobody could know what became of the first."""
    for first, second in pairwise(takes):
        between = [(run, state) for run, state in seen.states[row.id] if first.run <= run < second.run]
        if any(state == "unknown" or (state == "sending" and run in seen.killed) for run, state in between):
            outcome.repeats += 1
        else:
            said = f"delivery {row.id} of {row.digest}: commands {first.run} and {second.run}, {between}"
            outcome.wrong(TWICE, [said])
    if len({message.ident for message in takes}) > 1:
        outcome.wrong(TWICE, [f"delivery {row.id} under two names: {[message.ident for message in takes]}"])


def is_of(taken: Taken, row: Row[Any]) -> bool:
    """Whether this message is that delivery's."""
    if taken.channel != row.channel:
        return False
    if taken.channel == MAIL:
        return bool(row.digest.replace("/", ".") in taken.ident)
    if taken.channel == SLACK:
        blocks = list(row.slack)
        return bool(taken.content[: len(blocks)] == blocks)
    assert taken.channel == DESK
    return _words(row.text) in _words(taken.content)


def _words(text: str) -> str:
    return " ".join(text.split())


def untold(db: Connection, channel: str) -> list[str]:
    told = select(schema.told.c.arxiv_id).where(schema.told.c.channel == channel)
    query = select(schema.matches.c.arxiv_id).where(schema.matches.c.arxiv_id.not_in(told)).distinct()
    return list(db.execute(query).scalars())


def _papers(db: Connection) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row) for row in db.execute(select(schema.papers.c.arxiv_id, schema.papers.c.version)))


def _matches(db: Connection) -> Counter[tuple[Any, ...]]:
    row = schema.matches.c
    found = db.execute(select(row.line, row.arxiv_id, row.version, row.claim, row.score))
    return Counter((*rest, round(score, 6)) for *rest, score in found)


def _verdicts(db: Connection) -> Counter[tuple[Any, ...]]:
    row = schema.verdicts.c
    columns = (row.line, row.claim, row.claim_digest, row.arxiv_id, row.version, row.stance, row.method)
    return Counter(tuple(found) for found in db.execute(select(*columns)))
