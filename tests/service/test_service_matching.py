"""Ranking and judging what is stored: verdicts keep up with their papers, and several processes share the work."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from matching_sample import NOW, AllSupport, EveryMatch, judge_all, keep, lines, papers, rank_all

from litwatch.judge.cue_judge import CueJudge
from litwatch.model import Anchor, Claim, Evidence, Line, Match, Paper, Stance
from litwatch.service.judging import count_challenges, judge_once
from litwatch.service.matching import rank_once, sync
from litwatch.store import leases
from litwatch.store.lines import line_states, sync_lines
from litwatch.store.matches import line_matches, replace_matches
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store
from litwatch.store.verdicts import add_verdicts, line_verdicts

pytestmark = pytest.mark.both_databases

LINE = Line(slug="here", question="Do tides warm?", claims=(Claim(id="c1", text="Tides warm a harbour."),))
PAPER = Paper(
    arxiv_id="2511.90001", title="Harbours", abstract="We count the boats of a harbour.", published=NOW, updated=NOW
)


@pytest.fixture
def judged(store: Store) -> Store:
    """A store where another method once said that the paper contradicts the claim, of which it no longer speaks."""
    said = Evidence(
        stance=Stance.CONTRADICTS, probability=0.9, challenge=0.9, sentence="We count the boats.", method="old/1"
    )
    match = Match(line=LINE.slug, arxiv_id=PAPER.arxiv_id, version=1, score=0.3, claim="")
    with store.write() as db:
        save_papers(db, [PAPER], now=NOW)
        sync_lines(db, [LINE], {LINE.slug: "1"}, now=NOW)
        replace_matches(db, [LINE.slug], [PAPER.arxiv_id], [match], now=NOW)
        add_verdicts(db, LINE.slug, [(LINE.claims[0], PAPER, said)], now=NOW)
    return store


def test_a_method_that_abstains_takes_back_what_another_said(judged: Store) -> None:
    with judged.read() as db:
        assert count_challenges(db, [LINE], 0.5) == {LINE.slug: 1}
    assert judge_once(judged, [LINE], CueJudge(), now=NOW)
    assert not judge_once(judged, [LINE], CueJudge(), now=NOW)
    with judged.read() as db:
        verdicts = line_verdicts(db, LINE.slug, LINE.claims)
        assert [verdict.evidence.stance for verdict in verdicts] == [Stance.CONTRADICTS, Stance.NONE]
        assert count_challenges(db, [LINE], 0.5) == {}


def test_another_threshold_is_judged_with_once(judged: Store) -> None:
    told = [judge_once(judged, [LINE], CueJudge(threshold=threshold), now=NOW) for threshold in (0.5, 0.3, 0.3)]
    assert told == [True, True, False]


# --- several processes ---------------------------------------------------------------------------------------


def verdicts_of(store: Store, line: Line) -> Counter[tuple[str, str]]:
    """How many verdicts there are of each claim and paper."""
    with store.read() as db:
        return Counter((said.claim, said.arxiv_id) for said in line_verdicts(db, line.slug, line.claims))


def enlist(store: Store, *names: str) -> None:
    with store.write() as db:
        for name in names:
            leases.enlist(db, who=name)


def test_two_daemons_share_the_lines_and_rank_and_judge_each_once(store: Store, store_url: str) -> None:
    watched, batch = lines(40), papers(60)
    keep(store, batch)
    names = ("one-host:1:1", "another-host:1:1")
    enlist(store, *names)
    rankers, judges = [EveryMatch() for _ in names], [AllSupport() for _ in names]
    sync(store, watched, rankers[0], now=NOW)
    together = threading.Barrier(len(names))

    def wait() -> None:
        """Neither has done its share before the other has taken its own."""
        together.wait(60)

    for ranker, judge in zip(rankers, judges, strict=True):
        ranker.meanwhile = judge.meanwhile = wait

    def work(place: int) -> None:
        own = open_store(store_url)
        try:
            while rank_once(own, watched, rankers[place], now=NOW, who=names[place]):
                rankers[place].meanwhile = lambda: None
            wait()
            while judge_once(own, watched, judges[place], now=NOW, who=names[place]):
                judges[place].meanwhile = lambda: None
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rankers[0].ranked + rankers[1].ranked == Counter((a.slug, b.arxiv_id) for a in watched for b in batch)
    assert [len({slug for slug, _ in ranker.ranked}) for ranker in rankers] == [20, 20]
    assert [judge.calls for judge in judges] == [1, 1]
    everything = Counter((claim, paper.arxiv_id) for claim in ("c1", "c2") for paper in batch)
    assert all(verdicts_of(store, line) == everything for line in watched)


def test_a_line_that_another_daemon_holds_is_left_to_it(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    enlist(store, "us:1:1")
    with store.write() as db:
        assert leases.take_lines(db, ["line-1"], who="them:1:1") == ["line-1"]
    ranker, judge = EveryMatch(), AllSupport()
    sync(store, watched, ranker, now=NOW)
    while rank_once(store, watched, ranker, now=NOW, who="us:1:1"):
        pass
    while judge_once(store, watched, judge, now=NOW, who="us:1:1"):
        pass
    assert {slug for slug, _ in ranker.ranked} == {"line-0", "line-2"}
    with store.write() as db:
        leases.resign(db, who="them:1:1")
    assert rank_once(store, watched, ranker, now=NOW, who="us:1:1")
    assert judge_once(store, watched, judge, now=NOW, who="us:1:1")
    assert [sum(verdicts_of(store, line).values()) for line in watched] == [10, 10, 10]


def test_the_lines_are_given_back_when_a_unit_ends_and_when_it_fails(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    enlist(store, "us:1:1")
    well, broken = EveryMatch(), EveryMatch(lambda *_: True)
    sync(store, watched, well, now=NOW)
    with pytest.raises(TypeError):
        rank_once(store, watched, broken, now=NOW, who="us:1:1")
    assert rank_once(store, watched, well, now=NOW, who="us:1:1")
    with store.write() as db:
        assert len(leases.take_lines(db, [line.slug for line in watched], who="them:1:1")) == 3


def test_all_lines_of_a_daemon_by_itself_are_ranked_by_one_call(store: Store) -> None:
    watched = lines(40)
    keep(store, papers(5))
    enlist(store, "us:1:1")
    ranker = EveryMatch()
    sync(store, watched, ranker, now=NOW)
    while rank_once(store, watched, ranker, now=NOW, who="us:1:1"):
        pass
    assert ranker.calls == 1


def test_what_another_process_ranked_meanwhile_is_not_written_again(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    ours, theirs = EveryMatch(), EveryMatch()
    sync(store, watched, ours, now=NOW)
    ours.meanwhile = lambda: rank_all(store, watched, theirs, now=NOW - timedelta(hours=1))
    assert rank_once(store, watched, ours, now=NOW)
    assert not rank_once(store, watched, ours, now=NOW)
    with store.read() as db:
        found = {stored.found_at for line in watched for stored in line_matches(db, line.slug)}
    assert found == {NOW - timedelta(hours=1)}


def test_a_line_that_is_edited_while_it_is_ranked_is_ranked_anew(store: Store) -> None:
    (line,) = lines(1)
    edited = [replace(line, question="Another?")]
    keep(store, papers(5))
    ours = EveryMatch()
    sync(store, [line], ours, now=NOW)
    ours.meanwhile = lambda: sync(store, edited, ours, now=NOW)
    assert rank_once(store, [line], ours, now=NOW)
    with store.read() as db:
        assert not line_matches(db, line.slug)
        assert line_states(db)[line.slug].ranked_through == 0


def test_what_another_process_judged_meanwhile_is_not_judged_twice(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    rank_all(store, watched, EveryMatch())
    ours = AllSupport()
    ours.meanwhile = lambda: judge_all(store, watched, AllSupport())
    assert judge_once(store, watched, ours, now=NOW)
    assert not judge_once(store, watched, ours, now=NOW)
    assert all(set(verdicts_of(store, line).values()) == {1} for line in watched)


def test_a_text_that_is_no_longer_the_newest_when_its_verdict_comes_is_judged_anew(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(5))
    rank_all(store, watched, EveryMatch())
    ours = AllSupport()

    def revised_and_judged() -> None:
        ours.meanwhile = lambda: None
        keep(store, papers(1, version=2))
        rank_all(store, watched, EveryMatch())
        judge_all(store, watched, AllSupport())

    ours.meanwhile = revised_and_judged
    judge_all(store, watched, ours)
    with store.read() as db:
        said = [verdict for line in watched for verdict in line_verdicts(db, line.slug, line.claims)]
    assert {verdict.version for verdict in said if verdict.arxiv_id == "2511.00000"} == {2}
    assert len(said) == 20


def test_a_match_that_was_made_anew_meanwhile_waits_to_be_judged(store: Store) -> None:
    watched = lines(1, claims=1)
    keep(store, papers(3))
    rank_all(store, watched, EveryMatch())
    (claim,) = watched[0].claims
    edited = [replace(watched[0], claims=(replace(claim, text="Tide 0 cools harbour 1."),))]
    ours = AllSupport()
    ours.meanwhile = lambda: rank_all(store, edited, EveryMatch())
    assert judge_once(store, watched, ours, now=NOW)
    judge_all(store, edited, AllSupport())
    assert sum(verdicts_of(store, edited[0]).values()) == 3
    assert not verdicts_of(store, watched[0])


# --- what a line's matches depend on -------------------------------------------------------------------------


def test_a_line_is_ranked_anew_when_an_anchor_has_a_new_version_and_only_then(store: Store) -> None:
    (line,) = lines(1)
    watched, ranker = [replace(line, anchors=(Anchor(arxiv_id="2511.00001"),))], EveryMatch()
    keep(store, papers(3))
    rank_all(store, watched, ranker)
    keep(store, papers(3, version=2)[2:])
    rank_all(store, watched, ranker)
    assert ranker.ranked["line-0", "2511.00000"] == 1
    keep(store, papers(3, version=2)[1:2])
    rank_all(store, watched, ranker)
    assert ranker.ranked["line-0", "2511.00000"] == 2
    with store.read() as db:
        assert {stored.match.arxiv_id for stored in line_matches(db, "line-0")} == {"2511.00000", "2511.00002"}


def test_a_line_that_changes_back_is_known_as_what_it_was(store: Store) -> None:
    (line,) = lines(1)
    ranker, prints = EveryMatch(), []
    for question in ("One?", "Another?", "One?"):
        sync(store, [replace(line, question=question)], ranker, now=NOW)
        with store.read() as db:
            prints.append(line_states(db)["line-0"].fingerprint)
    assert prints[0] == prints[2] != prints[1]
