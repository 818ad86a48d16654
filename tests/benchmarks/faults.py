"""Days of litwatch in which its process is killed over and over, and its channels refuse, stall and forget to answer.

One house lives through it, and a twin beside it only polls, undisturbed: what the twin found is what must have been
told. Every command is a process of its own (see victim.py); the clock is moved by hand.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.houses import House
from benchmarks.killing import Ended, Victim
from benchmarks.reckoning import CRASHES, STORE, Outcome, Seen, account, compare, is_of, untold
from benchmarks.simulated import Plan as SimulatorPlan
from benchmarks.simulated import Simulator
from benchmarks.standins import CHANNELS, KILLS, StandIns, Taken
from benchmarks.victim import PHASES
from litwatch.store import schema

POLL, DIGEST, DELIVER = clock_time(6, 30), clock_time(8), (clock_time(12), clock_time(18))
CATEGORIES = ("cs.IR", "cs.CY")
LINES = (
    (
        "Does dense retrieval replace sparse retrieval?",
        "Dense retrieval outperforms sparse lexical retrieval such as BM25.",
        "Query expansion with language models improves retrieval.",
    ),
    (
        "Do language models recommend better?",
        "Large language models improve recommender systems.",
        "Scaling up recommendation models improves their accuracy.",
    ),
    (
        "Does retrieval keep a model from inventing facts?",
        "Retrieval does not improve generation.",
        "Retrieval-augmented generation improves accuracy.",
    ),
    ("Do language models fail as recommenders?", "Large language models do not improve recommendation."),
)
"""Chosen for having something said for and against them in these categories, in most weeks."""
_TRIES = 4
_LEAST_CALM, _CALM_DAYS = 2, 40
"""Days at the end on which all goes well: until everything is told, but no more than the second."""
_GUESS = 12
"""So many points a phase is taken to have before it was seen."""
_TURNS = {"poll": 6.0, "judge": 2.0, "compose": 1.5, "send": 0.5}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is lived through. kills: so many, as long as there are days."""

    corpus: Path
    kills: int = 50
    seed: int = 1
    start: date = date(2025, 10, 6)
    most_days: int = 40
    patience: float = 1.0
    """Seconds that litwatch waits for a channel's answer."""


def run_faults(plan: Plan, folder: Path, url: str = "") -> Outcome:
    """Lives through the plan in `folder`. url: of the house's store, empty; "" for a SQLite file in the folder."""
    begun = time.monotonic()
    simulated = SimulatorPlan(
        start=plan.start, seed=plan.seed, corpus=plan.corpus, categories=CATEGORIES, hold_days=(1, 20), delay=0.0
    )
    sim = Simulator(simulated, _at(plan, 0, POLL))
    victims: list[Victim] = []
    ends = StandIns(plan.seed, lambda: victims[0].kill())
    victims.append(Victim(folder, slack=ends.slack_hook, patience=plan.patience))
    house = House(folder / "house", url or f"sqlite:///{folder}/house.db", sim.url, ends.urls)
    twin = House(folder / "twin", f"sqlite:///{folder}/twin.db", sim.url, {})
    try:
        outcome = _Campaign(plan, sim, ends, victims[0], house, twin).run()
    finally:
        victims[0].close()
        ends.close()
        sim.close()
    outcome.seconds = time.monotonic() - begun
    return outcome


def _at(plan: Plan, day: int, hour: clock_time) -> datetime:
    return datetime.combine(plan.start + timedelta(days=day), hour, UTC)


class _Campaign:
    def __init__(self, plan: Plan, sim: Simulator, ends: StandIns, victim: Victim, house: House, twin: House) -> None:
        self._plan, self._sim, self._ends, self._victim = plan, sim, ends, victim
        self._house, self._twin = house, twin
        self._dice = random.Random(plan.seed)
        self._outcome = Outcome()
        self._passed: dict[str, Counter[str]] = {}
        """By command, the points that it passed the last time it was not killed."""
        self._lasted: dict[str, float] = {}
        self._seen = Seen()

    def run(self) -> Outcome:
        self._add_lines()
        day = 0
        while day < self._plan.most_days and sum(self._outcome.kills.values()) < self._plan.kills:
            self._live(day)
            day += 1
        self._outcome.days = day
        self._ends.calm = True
        self._house.configure(top=12)
        begun = day
        while day < begun + _LEAST_CALM or (day < begun + _CALM_DAYS and self._is_untold()):
            self._live(day, calm=True)
            day += 1
        self._outcome.moods = self._ends.moods
        with self._house.reading() as own, self._twin.reading() as other:
            compare(own, other, self._outcome)
            # On the first day a channel may have become known after its time.
            days = [self._plan.start + timedelta(days=number) for number in range(1, day)]
            account(own, self._ends.taken, self._seen, days, self._outcome)
        return self._outcome

    def _add_lines(self) -> None:
        now = _at(self._plan, 0, POLL)
        for question, *claims in LINES:
            words = ["add-line", "--question", question, "--categories", ",".join(CATEGORIES)]
            words += [word for claim in claims for word in ("--claim", claim)]
            for house in (self._house, self._twin):
                self._victim(words, house.folder, house.env(now))

    def _live(self, day: int, *, calm: bool = False) -> None:
        at = [_at(self._plan, day, hour) for hour in (POLL, DIGEST, *DELIVER)]
        self._sim.clock(at[0])
        backfill = ["--backfill"] if day == 0 else []
        ended = self._victim(["poll", "--json", *backfill], self._twin.folder, self._twin.env(at[0]))
        assert ended.code in (0, 1), ended.err
        self._slot(at[0], self._either("poll", *backfill), calm=calm)
        self._slot(at[1], self._either("digest", "--send"), calm=calm)
        for hour in at[2:]:
            self._slot(hour, ["beat"], calm=calm)
        self._by_hand(at[-1] + timedelta(hours=1), calm=calm)

    def _either(self, *words: str) -> list[str]:
        return list(words) if self._dice.random() < 0.5 else ["beat"]

    def _slot(self, now: datetime, words: list[str], *, calm: bool) -> Ended:
        """Runs a command until it is not killed."""
        for attempt in range(_TRIES):
            ended = self._command(now + attempt * _MINUTE, words, may_kill=not calm and attempt < _TRIES - 1)
            if not ended.killed:
                break
        return ended

    def _command(self, now: datetime, words: list[str], *, may_kill: bool) -> Ended:
        ends, outcome, name = self._ends, self._outcome, " ".join(words[:2])
        outcome.commands += 1
        ends.run, ends.ordered, ends.killed = outcome.commands, "", False
        what = f"{name} at {now:%H}"
        phase, kill, after = self._draw(what) if may_kill else ("", None, None)
        ended = self._victim(words, self._house.folder, self._house.env(now), kill=kill, after=after)
        ends.ordered = ""
        if ended.killed:
            self._seen.killed.add(ends.run)
            outcome.kills[phase] += 1
            where = ended.at.split(" ")[0].lower() if ended.at and not ended.at.startswith(("bef", "aft")) else ended.at
            outcome.places[where or ("at any moment" if not ends.killed else "a moment of sending")] += 1
            troubles = self._house.troubles()
            outcome.wrong(
                STORE, [f"{trouble} (command {ends.run}, {name}, {phase} {ended.at})" for trouble in troubles]
            )
        else:
            self._passed[what], self._lasted[what] = ended.passed, ended.seconds
            outcome.codes[f"{name}: {ended.code}"] += 1
        if "Traceback" in ended.err:
            outcome.wrong(CRASHES, [f"command {ends.run}, {name} at {now}: {ended.err[-1500:]}"])
        with self._house.reading() as db:
            for row in db.execute(select(schema.deliveries.c.id, schema.deliveries.c.state)):
                self._seen.states.setdefault(row.id, []).append((ends.run, row.state))
        return ended

    def _draw(self, what: str) -> tuple[str, dict[str, Any] | None, float | None]:
        """Where the next command is to be killed: its phase, and the point, a moment of sending, or any moment."""
        dice, passed = self._dice, self._passed.get(what, Counter())
        if dice.random() < 0.25:
            return "", None, None
        how = dice.random()
        if how < 0.12 and what in self._lasted:
            return "any", None, dice.uniform(0.0, self._lasted[what])
        if how < 0.3 and passed["send"]:
            self._ends.ordered = dice.choice(KILLS)
            return "send", None, None
        phases = [phase for phase in PHASES[:-1] if passed[phase] or not passed]
        # Each command looks into the outbox: what fewer commands do must have its turn.
        (phase,) = dice.choices(phases, weights=[_TURNS.get(phase, 1.0) for phase in phases])
        return phase, {"phase": phase, "at": dice.randint(1, passed[phase] or _GUESS)}, None

    def _by_hand(self, now: datetime, *, calm: bool) -> None:
        """What a person does who looks at the outbox of an evening.

        What is dead is tried again, and so is a channel that was stopped. What is unknown is tried again, or settled
        as sent after a look into the inbox.
        """
        with self._house.reading() as db:
            stopped = set(
                db.execute(select(schema.channels.c.name).where(schema.channels.c.stopped_at.is_not(None))).scalars()
            )
        ended = self._victim(["outbox", "--json"], self._house.folder, self._house.env(now))
        for row in sorted(json.loads(ended.out), key=lambda row: row["delivery"]):
            number, state, channel = row["delivery"], row["state"], row["channel"]
            waits = state in ("pending", "failed") and channel in stopped
            if not (state in ("dead", "unknown") or waits) or (not calm and self._dice.random() < 0.6):
                continue
            stopped.discard(channel)
            looks = state == "unknown" and (calm or self._dice.random() < 0.5)
            action = "resolve" if looks and self._takes(number) else "retry"
            self._outcome.by_hand += 1
            self._slot(now, ["outbox", action, str(number)], calm=calm)
            if action == "resolve":
                self._seen.resolved.add(number)
        if calm:
            self._slot(now + _MINUTE, ["beat"], calm=calm)

    def _takes(self, number: int) -> list[Taken]:
        """The messages of a delivery that were taken."""
        with self._house.reading() as db:
            row = db.execute(select(schema.deliveries).where(schema.deliveries.c.id == number)).one()
        return [taken for taken in self._ends.taken if is_of(taken, row)]

    def _is_untold(self) -> bool:
        with self._house.reading() as db:
            return any(untold(db, channel) for channel in CHANNELS)
