"""Daemons whose files or settings differ: one keeps the lines, and neither undoes what the other one did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from matching_sample import NOW, TOMORROW, AllSupport, EveryMatch, keep, lines, papers

from litwatch.model import Line
from litwatch.service.agreement import apart
from litwatch.service.judging import judge_once, judged_with
from litwatch.service.matching import rank_once, sync
from litwatch.store import leases
from litwatch.store.lines import line_states
from litwatch.store.matches import line_matches
from litwatch.store.papers import last_text
from litwatch.store.store import Store

pytestmark = pytest.mark.both_databases

US, THEM = "one.example.org:11:5", "two.example.org:12:5"
"""Daemons on hosts that cannot be looked at from here."""
_ENDS = 20
"""So many units are more than there is work."""


def rank(store: Store, watched: Sequence[Line], ranker: EveryMatch, who: str, *, most: int = _ENDS) -> int:
    """One beat of a daemon that ranks: how many units it did."""
    for done in range(most):
        sync(store, watched, ranker, now=NOW, who=who)
        if not rank_once(store, watched, ranker, now=NOW, who=who):
            return done
    return most


def judge(store: Store, watched: Sequence[Line], judge: AllSupport, who: str) -> int:
    for done in range(_ENDS):
        if not judge_once(store, watched, judge, now=NOW, who=who):
            return done
    return _ENDS


def by_text(watched: Sequence[Line], question: str) -> list[Line]:
    return [replace(watched[0], question=question), *watched[1:]]


def test_two_daemons_whose_lines_differ_both_come_to_an_end(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    here, there = EveryMatch(), EveryMatch()
    other = by_text(watched, "Does another tide warm?")
    for _ in range(4):
        rank(store, watched, here, US, most=1)
        rank(store, other, there, THEM, most=1)
    assert (rank(store, watched, here, US), rank(store, other, there, THEM)) == (0, 0)
    assert sum((here.ranked + there.ranked).values()) == 15, "each line and paper once"
    assert {slug for slug, _ in there.ranked} <= {"line-1", "line-2"}, "what differs is left to the one that keeps it"


def test_one_whose_ranking_differs_ranks_nothing_of_its_own(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    here, there = EveryMatch(), EveryMatch()
    there.floor = 0.3
    sync(store, watched, here, now=NOW, who=US)
    assert rank(store, watched, there, THEM) == 0
    rank(store, watched, here, US)
    assert not there.ranked
    assert len(here.ranked) == 10


def test_a_line_that_only_the_other_daemon_has_is_not_taken_away(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    here, there = EveryMatch(), EveryMatch()
    rank(store, watched[:2], here, US)
    rank(store, watched[1:], there, THEM)
    with store.read() as db:
        assert {slug: state.removed for slug, state in line_states(db).items()} == {"line-0": False, "line-1": False}
        assert len(line_matches(db, "line-0")) == 5


def test_the_lines_fall_to_the_other_daemon_when_the_one_that_kept_them_resigns(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    here, there = EveryMatch(), EveryMatch()
    rank(store, watched, here, US)
    with store.write() as db:
        leases.resign(db, who=US)
    rank(store, by_text(watched, "Does another tide warm?"), there, THEM)
    assert {slug for slug, _ in there.ranked} == {"line-0"}, "what was the same stands"
    assert rank(store, watched, here, US) == 0


def test_an_edit_is_taken_up_when_the_daemon_that_keeps_the_lines_reads_it(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    here, there = EveryMatch(), EveryMatch()
    edited = by_text(watched, "Does another tide warm?")
    rank(store, watched, here, US)
    assert rank(store, edited, there, THEM) == 0
    sync(store, edited, here, now=NOW, who=US)
    assert rank(store, edited, there, THEM) == 1
    assert there.ranked == {("line-0", paper.arxiv_id): 1 for paper in papers(5)}


def test_a_command_takes_up_what_the_files_say_whoever_keeps_the_lines(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    rank(store, watched, EveryMatch(), US)
    command = EveryMatch()
    edited = by_text(watched, "Does another tide warm?")
    sync(store, edited, command, now=NOW)
    assert rank_once(store, edited, command, now=NOW)
    assert {slug for slug, _ in command.ranked} == {"line-0"}


def test_a_paper_that_was_set_aside_waits_for_the_daemon_that_knows_all_lines(store: Store) -> None:
    watched, spoilt = lines(2), papers(3)[1].arxiv_id
    keep(store, papers(3))
    failing = EveryMatch(lambda _, paper: paper.arxiv_id == spoilt)
    rank(store, watched, failing, US)
    here, there = EveryMatch(), EveryMatch()
    assert not rank_once(store, watched[:1], there, now=TOMORROW, who=THEM)
    assert rank_once(store, watched, here, now=TOMORROW, who=US)
    assert set(here.ranked) == {("line-0", spoilt), ("line-1", spoilt)}


# --- judging -------------------------------------------------------------------------------------------------


def at(threshold: float) -> AllSupport:
    made = AllSupport()
    made.threshold = threshold
    return made


def test_two_daemons_that_judge_otherwise_do_not_judge_over_and_over(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    rank(store, watched, EveryMatch(), US)
    here, there = at(0.5), at(0.3)
    assert judge(store, watched, here, US) == 1
    for _ in range(3):
        assert (judge(store, watched, there, THEM), judge(store, watched, here, US)) == (0, 0)
    assert there.calls == 0
    with store.write() as db:
        leases.resign(db, who=US)
    assert judge(store, watched, there, THEM) == 1, "nobody else keeps the lines"


def test_a_threshold_that_the_keeper_of_the_lines_takes_up_is_everybody_s(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    rank(store, watched, EveryMatch(), US)
    judge(store, watched, at(0.5), US)
    with store.write() as db:
        assert leases.take_lines(db, ["line-1"], who="three.example.org:13:5"), "it leaves this one"
    assert judge(store, watched, at(0.3), US) == 1
    with store.write() as db:
        leases.resign(db, who="three.example.org:13:5")
    assert judge(store, watched, at(0.5), THEM) == 0
    assert judge(store, watched, at(0.3), THEM) == 1


def test_matches_of_a_line_whose_claims_differ_are_left_to_be_judged_by_what_they_say_there(store: Store) -> None:
    watched = lines(2)
    claims = tuple(replace(claim, text=claim.text.replace("warms", "cools")) for claim in watched[0].claims)
    other = [replace(watched[0], claims=claims), watched[1]]
    keep(store, papers(5))
    rank(store, watched, EveryMatch(), US)
    there, here = AllSupport(), AllSupport()
    assert judge(store, other, there, THEM) == 1
    assert judge(store, watched, here, US) == 1, "line-0 was not marked as judged"


# --- what is said of it --------------------------------------------------------------------------------------


def said(store: Store, watched: Sequence[Line], ranker: EveryMatch, judge: AllSupport, who: str) -> str:
    found = apart(store, watched, ranker, judged_with(judge), who=who)
    return str(found) if found else ""


def test_who_differs_is_told_of_whom_in_what_and_the_cure(store: Store) -> None:
    watched, ranker = lines(4), EveryMatch()
    sync(store, watched[:3], ranker, now=NOW, who=US)
    judge_once(store, watched[:3], at(0.5), now=NOW, who=US)
    other = [replace(watched[0], question="Another?"), watched[1], watched[3]]
    assert said(store, other, ranker, at(0.5), THEM) == (
        "line-0, line-2, line-3: differ here from the daemon of one.example.org, process 11, which keeps the store's"
        " lines, and are left to it: bring both to the same watchlists, litwatch version, rank.floor and rank.semantic"
    )
    assert said(store, watched[:3], ranker, at(0.3), THEM) == (
        "the daemon of one.example.org, process 11, which keeps the store's lines, judges with sample/1@0.5, and"
        " judging is left to it: bring both to the same litwatch version, judge.method and judge.threshold"
    )
    assert said(store, watched[:3], ranker, at(0.5), THEM) == ""
    assert said(store, other, ranker, at(0.3), US) == "", "who keeps them is right"


def test_many_lines_that_differ_are_counted(store: Store) -> None:
    here, there = EveryMatch(), EveryMatch()
    there.floor = 0.3
    sync(store, lines(9), here, now=NOW, who=US)
    assert said(store, lines(9), there, at(0.5), THEM).startswith(
        "line-0, line-1, line-2, line-3, line-4 and 4 more: differ here"
    )


def test_where_nobody_keeps_the_lines_nothing_differs(store: Store) -> None:
    sync(store, lines(2), EveryMatch(), now=NOW)
    assert said(store, lines(1), EveryMatch(), at(0.5), THEM) == ""
    with store.read() as db:
        assert last_text(db) == 0
