"""Leases: one process at a time, its time given again while it lives, taken over when it does not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from litwatch.errors import LeaseLostError
from litwatch.store import leases, schema
from litwatch.store.holder import holder, is_gone, spoken
from litwatch.store.leases import LEASE_SECONDS, POLL
from litwatch.store.store import Store

NOW = datetime(2025, 11, 20, tzinfo=UTC)
HERE, THERE, ELSEWHERE = "one.example.org:11:5", "two.example.org:12:5", "three.example.org:13:5"
"""Daemons on hosts that cannot be looked at from here."""

both_databases = pytest.mark.both_databases


def take(store: Store, name: str, who: str) -> bool:
    with store.write() as db:
        return leases.take(db, name, who=who)


def holder_of(store: Store, name: str) -> str:
    with store.read() as db:
        return leases.holder_of(db, name)


def set_until(store: Store, name: str, *, ahead: float) -> None:
    """Makes a lease end so many seconds from now."""
    with store.write() as db:
        until = leases.seconds(db) + ahead
        db.execute(update(schema.leases).where(schema.leases.c.name == name).values(until=until))


def rows(store: Store) -> set[str]:
    with store.read() as db:
        return set(db.execute(select(schema.leases.c.name)).scalars())


# --- one at a time -------------------------------------------------------------------------------------------


@both_databases
def test_only_one_holds_a_lease(store: Store) -> None:
    assert take(store, POLL, HERE)
    assert not take(store, POLL, THERE)
    assert take(store, POLL, HERE), "who holds it takes it again"
    assert take(store, "upkeep", THERE), "another lease is free"
    assert holder_of(store, POLL) == HERE


@both_databases
def test_a_lease_given_back_is_free_at_once_and_only_its_holder_gives_it_back(store: Store) -> None:
    take(store, POLL, HERE)
    with store.write() as db:
        leases.release(db, POLL, who=THERE)
    assert holder_of(store, POLL) == HERE
    with store.write() as db:
        leases.release(db, POLL, who=HERE)
    assert holder_of(store, POLL) == ""
    assert take(store, POLL, THERE)


@both_databases
def test_a_lease_whose_time_is_over_is_anybodys(store: Store) -> None:
    take(store, POLL, HERE)
    set_until(store, POLL, ahead=-0.001)
    assert holder_of(store, POLL) == ""
    assert take(store, POLL, THERE)
    assert not take(store, POLL, HERE)


@both_databases
def test_who_renews_keeps_what_is_theirs_and_not_what_was_taken_over(store: Store) -> None:
    take(store, POLL, HERE)
    take(store, "upkeep", HERE)
    set_until(store, POLL, ahead=-1)
    take(store, POLL, THERE)
    set_until(store, "upkeep", ahead=0.5)
    with store.write() as db:
        leases.renew(db, who=HERE)
        now = leases.seconds(db)
        until = {row.name: row.until for row in db.execute(select(schema.leases))}
    assert now + LEASE_SECONDS - 1 < until["upkeep"] <= now + LEASE_SECONDS
    assert (holder_of(store, POLL), holder_of(store, "upkeep")) == (THERE, HERE)


@both_databases
def test_a_time_far_off_that_a_wrong_clock_left_does_not_hold_for_long(store: Store) -> None:
    take(store, POLL, HERE)
    set_until(store, POLL, ahead=86_400)
    assert holder_of(store, POLL) == ""
    assert take(store, POLL, THERE)


@both_databases
def test_what_is_over_is_cleared_and_what_holds_is_not(store: Store) -> None:
    for name, ahead in (("over", -1.0), ("ahead", 9_000.0), ("held", 5.0)):
        take(store, name, HERE)
        set_until(store, name, ahead=ahead)
    with store.write() as db:
        leases.clear(db)
    assert rows(store) == {"held"}


@both_databases
def test_who_resigns_leaves_nothing_behind(store: Store) -> None:
    with store.write() as db:
        leases.enlist(db, who=HERE)
        leases.enlist(db, who=THERE)
        leases.take(db, POLL, who=HERE)
        leases.resign(db, who=HERE)
        assert leases.daemons(db) == [THERE]
    assert holder_of(store, POLL) == ""


# --- who writes under one ------------------------------------------------------------------------------------


@both_databases
def test_who_lost_its_lease_changes_nothing_any_more(store: Store) -> None:
    take(store, POLL, HERE)
    mine = leases.fenced(store, POLL, who=HERE)
    with mine.write() as db:
        db.execute(insert(schema.channels).values(name="before", known_since=NOW))
    set_until(store, POLL, ahead=-1)
    with mine.write() as db:
        db.execute(insert(schema.channels).values(name="late", known_since=NOW))
    take(store, POLL, THERE)
    with pytest.raises(LeaseLostError, match=r"another process took over .*\(poll\)"), mine.write() as db:
        db.execute(insert(schema.channels).values(name="too-late", known_since=NOW))
    with mine.read() as db:
        assert set(db.execute(select(schema.channels.c.name)).scalars()) == {"before", "late"}
    with store.write() as db:
        db.execute(insert(schema.channels).values(name="others-go-on", known_since=NOW))


@both_databases
def test_a_lease_given_back_no_longer_lets_its_holder_write(store: Store) -> None:
    take(store, POLL, HERE)
    mine = leases.fenced(store, POLL, who=HERE)
    with store.write() as db:
        leases.release(db, POLL, who=HERE)
    with pytest.raises(LeaseLostError), mine.write():
        pytest.fail("it wrote")


# --- waiting for one -----------------------------------------------------------------------------------------


@both_databases
def test_a_command_waits_for_a_lease_and_gives_it_back(store: Store) -> None:
    take(store, POLL, THERE)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        with store.write() as db:
            leases.release(db, POLL, who=THERE)

    with leases.held(store, POLL, patience=5, sleep=sleep, who=HERE) as other:
        assert other == ""
        assert holder_of(store, POLL) == HERE
    assert len(slept) == 1
    assert holder_of(store, POLL) == ""


@both_databases
def test_a_command_that_waited_in_vain_is_told_who_holds_the_lease(store: Store) -> None:
    take(store, POLL, THERE)
    slept: list[float] = []
    with leases.held(store, POLL, patience=2, sleep=slept.append, who=HERE) as other:
        assert other == THERE
    assert sum(slept) == 2
    assert holder_of(store, POLL) == THERE


# --- sharing lines -------------------------------------------------------------------------------------------

SLUGS = tuple(f"line-{number:02}" for number in range(10))


@both_databases
@pytest.mark.parametrize(("daemons", "shares"), [(1, [10]), (2, [5, 5]), (3, [4, 4, 2])])
def test_daemons_that_begin_together_divide_the_lines(store: Store, daemons: int, shares: list[int]) -> None:
    names = (HERE, THERE, ELSEWHERE)[:daemons]
    with store.write() as db:
        for who in names:
            leases.enlist(db, who=who)
    taken: list[list[str]] = []
    for who in names:
        with store.write() as db:
            taken.append(leases.take_lines(db, SLUGS, who=who))
    assert [len(slugs) for slugs in taken] == shares
    assert sorted(slug for slugs in taken for slug in slugs) == list(SLUGS)


@both_databases
def test_lines_that_were_given_back_or_whose_daemon_died_go_to_others(store: Store) -> None:
    with store.write() as db:
        leases.enlist(db, who=HERE)
        leases.enlist(db, who=THERE)
        first = leases.take_lines(db, SLUGS, who=HERE)
        leases.release_lines(db, first[:2], who=HERE)
    with store.write() as db:
        assert leases.take_lines(db, SLUGS, who=THERE) == [*first[:2], *SLUGS[5:8]]
    set_until(store, f"daemon/{HERE}", ahead=-1)
    for slug in first[2:]:
        set_until(store, f"line/{slug}", ahead=-1)
    with store.write() as db:
        assert leases.take_lines(db, SLUGS, who=THERE) == list(SLUGS)


# --- who we are ----------------------------------------------------------------------------------------------


def test_this_process_is_not_gone_and_one_elsewhere_may_not_be() -> None:
    assert not is_gone(holder())
    assert not is_gone(HERE)
    assert not is_gone("")
    assert spoken(holder()) == f"{socket.gethostname()}, process {os.getpid()}"


def test_a_process_id_that_was_given_anew_is_another_process() -> None:
    place, number, started = holder().split(":")
    assert is_gone(f"{place}:{number}:{int(started) - 1}")
    assert is_gone(f"{socket.gethostname()}:{number}:{int(started) - 1}"), "as the first versions wrote it"


def test_a_container_of_the_same_name_numbers_its_processes_for_itself() -> None:
    place, _, _ = holder().split(":")
    machine, _, namespace = place.rpartition(".")
    assert not is_gone(f"{machine}.{int(namespace) + 1}:{_free_number()}:5")
    assert is_gone(f"{place}:{_free_number()}:5")


def test_a_process_that_nobody_buried_is_gone() -> None:
    program = "import sys; from litwatch.store.holder import holder; print(holder(), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        name = child.stdout.readline().strip()
        assert not is_gone(name)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(name)


@both_databases
def test_the_lease_of_a_process_that_died_here_is_free_at_once(store: Store, store_url: str) -> None:
    ended = subprocess.run([sys.executable, "-c", _TAKES_AND_DIES, store_url], capture_output=True, text=True)
    assert ended.returncode == -9, ended.stderr
    assert rows(store) == {POLL}
    assert holder_of(store, POLL) == ""
    assert take(store, POLL, HERE)


_TAKES_AND_DIES = """
import os, signal, sys
from litwatch.store.leases import POLL, take
from litwatch.store.store import open_store
with open_store(sys.argv[1]).write() as db:
    assert take(db, POLL)
os.kill(os.getpid(), signal.SIGKILL)
"""

_TAKES_AND_COUNTS = """
import sys
from sqlalchemy import select, update
from litwatch.store.leases import fenced, release, take
from litwatch.store.schema import lines
from litwatch.store.store import open_store
store, who, won = open_store(sys.argv[1]), f"elsewhere:{sys.argv[2]}:1", 0
while won < 25:
    with store.write() as db:
        mine = take(db, "counting", who=who)
    if mine:
        with fenced(store, "counting", who=who).read() as db:
            seen = db.execute(select(lines.c.ranked_through)).scalar_one()
        with fenced(store, "counting", who=who).write() as db:
            db.execute(update(lines).values(ranked_through=seen + 1))
        with store.write() as db:
            release(db, "counting", who=who)
        won += 1
store.close()
"""


@both_databases
def test_processes_that_want_the_same_lease_have_it_one_after_the_other(store: Store, store_url: str) -> None:
    line = {"slug": "a", "question": "?", "known_since": NOW, "fingerprint": "", "ranked_through": 0}
    with store.write() as db:
        db.execute(insert(schema.lines).values(**line))
    children = [
        subprocess.Popen([sys.executable, "-c", _TAKES_AND_COUNTS, store_url, str(number)], stderr=subprocess.PIPE)
        for number in range(1, 4)
    ]
    said = [child.communicate(timeout=60)[1] for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], said
    with store.read() as db:
        assert db.execute(select(schema.lines.c.ranked_through)).scalar_one() == 75, "no count was lost"


def _free_number() -> int:
    """A process id that is not given to anybody here."""
    return next(number for number in range(4_000_000, 2, -1) if not Path(f"/proc/{number}").exists())


def test_a_machine_of_the_same_name_is_another_one() -> None:
    place, _, _ = holder().split(":")
    host, _, here = place.partition("/")
    namespace = here.rpartition(".")[2]
    assert not is_gone(f"{host}/0fabcdef.{namespace}:{_free_number()}:5")
    assert is_gone(f"{place}:{_free_number()}:5")
