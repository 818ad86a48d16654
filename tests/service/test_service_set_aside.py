"""What ranking or judging fails with in a way that nobody foresaw is set aside with a reason; the rest goes on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from matching_sample import NOW, TOMORROW, AllSupport, EveryMatch, judge_all, keep, lines, papers, rank_all

from litwatch.errors import DataError
from litwatch.model import Claim, Evidence, Line, Match, Paper
from litwatch.service.doctor import check_set_aside
from litwatch.service.judging import judge_once
from litwatch.service.matching import rank_once, sync
from litwatch.service.poison import judge_around, rank_around
from litwatch.service.poll import make_judge, make_ranker
from litwatch.store.matches import line_matches
from litwatch.store.set_aside import (
    SetAside,
    bring_back,
    list_set_aside,
    reason_of,
    rows_by_name,
    set_aside,
)
from litwatch.store.store import Store
from litwatch.store.verdicts import Pair, line_verdicts

pytestmark = pytest.mark.both_databases


def matched(store: Store, slug: str) -> set[str]:
    with store.read() as db:
        return {stored.match.arxiv_id for stored in line_matches(db, slug)}


def judged(store: Store, line: Line) -> Counter[tuple[str, str]]:
    """How many verdicts there are of each claim and paper."""
    with store.read() as db:
        return Counter((said.claim, said.arxiv_id) for said in line_verdicts(db, line.slug, line.claims))


def aside(store: Store) -> dict[tuple[str, str], SetAside]:
    with store.read() as db:
        return {(one.kind, one.name): one for one in list_set_aside(db, now=NOW)}


def ids(batch: list[Paper]) -> set[str]:
    return {paper.arxiv_id for paper in batch}


# --- ranking -------------------------------------------------------------------------------------------------


def test_a_line_that_cannot_be_ranked_is_set_aside_and_the_others_go_on(store: Store) -> None:
    watched, batch = lines(7), papers(30)
    keep(store, batch)
    rank_all(store, watched, EveryMatch(lambda line, _: line.slug == "line-3"))
    assert [len(matched(store, line.slug)) for line in watched] == [30, 30, 30, 0, 30, 30, 30]
    (one,) = aside(store).values()
    assert (one.kind, one.name, one.since, one.until) == ("line", "line-3", NOW, TOMORROW)
    assert one.reason == "TypeError: cannot rank 0000.00000 for line-3"


def test_a_line_that_is_set_aside_is_ranked_from_where_it_was_a_day_later(store: Store) -> None:
    watched, batch = lines(3), papers(30)
    keep(store, batch[:10])
    rank_all(store, watched, EveryMatch())
    keep(store, batch)
    rank_all(store, watched, EveryMatch(lambda line, _: line.slug == "line-1"))
    assert matched(store, "line-1") == ids(batch[:10])
    well = EveryMatch()
    rank_all(store, watched, well, now=TOMORROW - timedelta(seconds=1))
    assert well.calls == 0
    rank_all(store, watched, well, now=TOMORROW)
    assert well.ranked == Counter(("line-1", paper.arxiv_id) for paper in batch[10:])
    assert matched(store, "line-1") == ids(batch)
    assert not aside(store)


def test_a_line_that_was_edited_is_ranked_at_once(store: Store) -> None:
    watched = list(lines(3))
    keep(store, papers(5))
    rank_all(store, watched, EveryMatch(lambda line, _: line.slug == "line-1"))
    watched[1] = replace(watched[1], question="Another?")
    rank_all(store, watched, EveryMatch())
    assert len(matched(store, "line-1")) == 5
    assert not aside(store)


def test_what_fails_again_is_set_aside_for_another_day_and_told_since_when(store: Store) -> None:
    watched = lines(3)
    keep(store, papers(5))
    for now in (NOW, TOMORROW):
        rank_all(store, watched, EveryMatch(lambda line, _: line.slug == "line-1"), now=now)
    assert aside(store)["line", "line-1"].since == NOW
    assert aside(store)["line", "line-1"].until == TOMORROW + timedelta(days=1)


def test_its_traceback_is_logged_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    watched = lines(3)
    keep(store, papers(5))
    for now in (NOW, TOMORROW):
        rank_all(store, watched, EveryMatch(lambda line, _: line.slug == "line-1"), now=now)
    told = [record for record in caplog.records if record.name == "litwatch.matching"]
    assert [record.levelno for record in told] == [logging.ERROR] * 2
    assert [bool(record.exc_info and record.exc_info[0] is TypeError) for record in told] == [True, False]


def test_a_paper_that_cannot_be_ranked_is_set_aside_and_all_others_are(store: Store) -> None:
    watched, batch = lines(4), papers(30)
    keep(store, batch)
    rank_all(store, watched, EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00017"))
    assert all(matched(store, line.slug) == ids(batch) - {"2511.00017"} for line in watched)
    assert aside(store).keys() == {("paper", "2511.00017")}


def test_a_paper_that_is_set_aside_is_ranked_a_day_later_for_all_lines_that_passed_it(store: Store) -> None:
    watched, batch = lines(4), papers(30)
    keep(store, batch)
    rank_all(store, watched, EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00017"))
    paused = [*watched[:3], replace(watched[3], active=False)]
    well = EveryMatch()
    rank_all(store, paused, well, now=TOMORROW)
    assert well.ranked == Counter((line.slug, "2511.00017") for line in watched)
    assert all(matched(store, line.slug) == ids(batch) for line in watched)
    assert not aside(store)


def test_a_paper_that_works_with_a_new_line_is_not_forgotten_for_those_that_passed_it(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    rank_all(store, watched[:1], EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00001"))
    rank_all(store, watched, EveryMatch(), now=TOMORROW)
    assert all(len(matched(store, line.slug)) == 3 for line in watched)
    assert not aside(store)


def test_a_new_version_of_a_paper_that_is_set_aside_is_ranked_at_once(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    rank_all(store, watched, EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00001"))
    keep(store, papers(3, version=2)[1:2])
    rank_all(store, watched, EveryMatch())
    assert all(len(matched(store, line.slug)) == 3 for line in watched)
    assert not aside(store)


def test_what_a_paper_once_matched_stays_while_its_new_version_is_set_aside(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    rank_all(store, watched, EveryMatch())
    keep(store, papers(3, version=2))
    rank_all(store, watched, EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00001"))
    with store.read() as db:
        versions = {stored.match.arxiv_id: stored.match.version for stored in line_matches(db, "line-0")}
    assert versions == {"2511.00000": 2, "2511.00001": 1, "2511.00002": 2}


def test_of_a_paper_that_fails_with_one_line_the_others_have_their_matches(store: Store) -> None:
    watched, batch = lines(5), papers(20)
    keep(store, batch)
    ranker = EveryMatch(lambda line, paper: (line.slug, paper.arxiv_id) == ("line-2", "2511.00007"))
    for now in (NOW, TOMORROW):
        rank_all(store, watched, ranker, now=now)
        assert [len(matched(store, line.slug)) for line in watched] == [20, 20, 19, 20, 20]
        assert aside(store).keys() == {("paper", "2511.00007")}


def test_a_few_papers_that_fail_with_every_line_are_no_fault_of_the_lines(store: Store) -> None:
    watched, batch = lines(6), papers(40)
    keep(store, batch)
    bad = ids(batch[3:33:10])
    ranker = EveryMatch(lambda line, paper: line.slug != "probe" and paper.arxiv_id in bad)
    rank_all(store, watched, ranker)
    assert ranker.calls < 120
    assert aside(store).keys() == {("paper", name) for name in bad}
    assert all(matched(store, line.slug) == ids(batch) - bad for line in watched)


def test_a_line_that_fails_with_paper_after_paper_is_to_blame_itself(store: Store) -> None:
    watched, batch = lines(6), papers(40)
    keep(store, batch)
    ranker = EveryMatch(lambda line, paper: line.slug == "line-4" and paper.arxiv_id[-1] in "13579")
    rank_all(store, watched, ranker)
    assert aside(store).keys() == {("line", "line-4")}
    assert [len(matched(store, line.slug)) for line in watched] == [40, 40, 40, 40, 0, 40]


def test_one_bad_paper_in_four_thousand_is_found_with_few_looks(store: Store) -> None:
    watched = lines(8)
    keep(store, papers(4000))
    ranker = EveryMatch(lambda _, paper: paper.arxiv_id == "2511.02345")
    rank_all(store, watched, ranker)
    assert len(matched(store, "line-7")) == 3999
    assert ranker.calls < 60


def test_more_culprits_than_are_looked_for_at_a_time_are_found_all_the_same(store: Store) -> None:
    watched, batch = lines(2), papers(200)
    keep(store, batch)
    bad = ids(batch[::4])
    rank_all(store, watched, EveryMatch(lambda _, paper: paper.arxiv_id in bad))
    assert aside(store).keys() == {("paper", name) for name in bad}
    assert all(matched(store, line.slug) == ids(batch) - bad for line in watched)


def test_a_ranker_that_is_broken_is_no_fault_of_what_it_ranks(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    with pytest.raises(TypeError):
        rank_all(store, watched, EveryMatch(lambda *_: True))
    assert not aside(store)


def test_trouble_that_an_operator_can_mend_sets_nothing_aside(store: Store) -> None:
    def fails(line: Line, paper: Paper) -> bool:
        raise DataError("the background cannot be read")

    watched = lines(2)
    keep(store, papers(3))
    with pytest.raises(DataError):
        rank_all(store, watched, EveryMatch(fails))
    assert not aside(store)


def test_a_paper_that_another_process_brings_back_meanwhile_is_not_passed_over(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    rank_all(store, watched[:1], EveryMatch(lambda _, paper: paper.arxiv_id == "2511.00001"))
    other, ours = EveryMatch(), EveryMatch()

    def another_process() -> None:
        ours.meanwhile = lambda: None
        while rank_once(store, watched[:1], other, now=TOMORROW):
            pass

    ours.meanwhile = another_process
    sync(store, watched, ours, now=NOW)
    assert rank_once(store, watched, ours, now=NOW)
    assert ("line-0", "2511.00001") in other.ranked
    rank_all(store, watched, ours)
    assert all(len(matched(store, line.slug)) == 3 for line in watched)


def test_the_bundled_ranker_and_judge_are_not_taken_for_broken_where_one_line_or_claim_fails() -> None:
    ranker, judge = make_ranker(0.1), make_judge(0.5, trained=False)
    watched, batch = lines(3, claims=1), papers(4)

    def rank(lines: Sequence[Line], papers: Sequence[Paper]) -> list[Match]:
        if watched[1] in lines:
            raise RecursionError("too deep")
        return ranker.rank(lines, papers)

    def weigh(pairs: Sequence[tuple[Claim, Paper]]) -> tuple[Evidence, ...]:
        if watched[1].claims[0] in [claim for claim, _ in pairs]:
            raise RecursionError("too deep")
        return judge.judge(pairs)

    asked = [(Pair(line.slug, "c1", paper.arxiv_id), line.claims[0], paper) for line in watched for paper in batch]
    assert rank_around(rank, watched, batch).lines == {"line-1"}
    judged = judge_around(weigh, asked)
    assert [(trouble.kind, trouble.name) for trouble in judged.troubles] == [("claim", "line-1/c1")]
    assert len(judged.evidence) == 8


# --- judging -------------------------------------------------------------------------------------------------


def fails_claim(text: str) -> AllSupport:
    return AllSupport(lambda claim, _: claim.text == text)


def test_a_claim_that_cannot_be_judged_is_set_aside_and_the_others_go_on(store: Store) -> None:
    watched, batch = lines(3), papers(20)
    keep(store, batch)
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, fails_claim(watched[1].claims[0].text))
    assert aside(store).keys() == {("claim", "line-1/c1")}
    assert aside(store)["claim", "line-1/c1"].reason.startswith("ZeroDivisionError: cannot judge")
    assert judged(store, watched[0]) == Counter((c, p) for c in ("c1", "c2") for p in ids(batch))
    assert judged(store, watched[1]) == Counter(("c2", p) for p in ids(batch))


def test_a_claim_that_is_set_aside_is_judged_a_day_later_by_all_that_was_left_out(store: Store) -> None:
    watched, batch = lines(2), papers(20)
    keep(store, batch[:10])
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, fails_claim(watched[1].claims[0].text))
    keep(store, batch[10:])
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, AllSupport())
    assert judged(store, watched[1]) == Counter(("c2", p) for p in ids(batch))
    judge_all(store, watched, AllSupport(), now=TOMORROW)
    assert all(judged(store, line) == Counter((c, p) for c in ("c1", "c2") for p in ids(batch)) for line in watched)
    assert not aside(store)


def test_a_claim_that_reads_otherwise_is_judged_at_once(store: Store) -> None:
    watched = list(lines(2))
    keep(store, papers(4))
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, fails_claim(watched[1].claims[0].text))
    reworded = (Claim(id="c1", text="No tide warms."), watched[1].claims[1])
    watched[1] = replace(watched[1], claims=reworded)
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, AllSupport())
    assert sum(judged(store, watched[1]).values()) == 8
    assert not aside(store)


def test_a_claim_is_left_out_also_where_the_papers_it_was_judged_by_are_revised(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(4))
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, AllSupport())
    keep(store, papers(4, version=2))
    bad = fails_claim(watched[1].claims[0].text)
    judge_all(store, watched, bad)
    judge_all(store, watched, AllSupport(), now=TOMORROW)
    assert all(set(judged(store, line).values()) == {2} for line in watched)


def test_a_withdrawal_takes_back_what_was_said_of_a_claim_that_is_set_aside(store: Store) -> None:
    watched, batch = lines(1, claims=1), papers(4)
    keep(store, batch)
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, AllSupport())
    bad = fails_claim(watched[0].claims[0].text)
    keep(store, [replace(paper, version=2) for paper in batch[2:]])
    judge_all(store, watched, bad)
    assert aside(store).keys() == {("claim", "line-0/c1")}
    keep(store, [replace(batch[0], version=2, withdrawn=True), replace(batch[1], version=2)])
    judge_all(store, watched, bad)
    assert [judged(store, watched[0])["c1", paper.arxiv_id] for paper in batch] == [2, 1, 1, 1]


def test_a_claim_that_another_process_brings_back_meanwhile_is_not_passed_over(store: Store) -> None:
    def stops(claim: Claim, paper: Paper) -> bool:
        raise DataError("the weights cannot be read")

    def another_process() -> None:
        ours.meanwhile = lambda: None
        with pytest.raises(DataError):
            judge_once(store, watched, AllSupport(stops), now=TOMORROW)

    watched, batch = lines(2), papers(6)
    keep(store, batch[:3])
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, fails_claim(watched[1].claims[0].text))
    keep(store, batch[3:])
    rank_all(store, watched, EveryMatch())
    ours = AllSupport()
    ours.meanwhile = another_process
    judge_all(store, watched, ours)
    assert [sum(judged(store, line).values()) for line in watched] == [12, 12]


def test_a_paper_that_cannot_be_judged_stays_a_match_and_is_judged_a_day_later(store: Store) -> None:
    watched, batch = lines(3), papers(20)
    keep(store, batch)
    rank_all(store, watched, EveryMatch())
    judge_all(store, watched, AllSupport(lambda _, paper: paper.arxiv_id == "2511.00004"))
    assert aside(store).keys() == {("judging", "2511.00004")}
    assert all(matched(store, line.slug) == ids(batch) for line in watched)
    assert all(sum(judged(store, line).values()) == 38 for line in watched)
    judge_all(store, watched, AllSupport(), now=TOMORROW)
    assert all(sum(judged(store, line).values()) == 40 for line in watched)
    assert not aside(store)


def test_of_a_paper_that_fails_with_one_claim_the_others_have_their_verdicts(store: Store) -> None:
    watched, batch = lines(3), papers(20)
    keep(store, batch)
    rank_all(store, watched, EveryMatch())
    text = watched[2].claims[1].text
    judge = AllSupport(lambda claim, paper: (claim.text, paper.arxiv_id) == (text, "2511.00004"))
    judge_all(store, watched, judge)
    assert [sum(judged(store, line).values()) for line in watched] == [40, 40, 39]
    assert aside(store).keys() == {("judging", "2511.00004")}


def test_a_judge_that_is_broken_is_no_fault_of_what_it_judges(store: Store) -> None:
    watched = lines(2)
    keep(store, papers(3))
    rank_all(store, watched, EveryMatch())
    with pytest.raises(ZeroDivisionError):
        judge_once(store, watched, AllSupport(lambda *_: True), now=NOW)
    assert not aside(store)


# --- the table -----------------------------------------------------------------------------------------------


def test_what_is_set_aside_is_so_until_it_changes_or_a_day_is_over(store: Store) -> None:
    with store.write() as db:
        assert set_aside(db, "channel", "lab", "KeyError: 'x'", "url-1", NOW)
        assert not set_aside(db, "channel", "lab", "KeyError: 'y'", "url-1", NOW)
        row = rows_by_name(db, "channel")["lab"]
        assert [row.holds("url-1", NOW), row.holds("url-2", NOW), row.holds("url-1", TOMORROW)] == [True, False, False]
        assert [one.reason for one in list_set_aside(db, now=NOW)] == ["KeyError: 'y'"]
        assert list_set_aside(db, now=TOMORROW) == ()
        bring_back(db, "channel", "lab")
        assert list_set_aside(db, now=NOW) == ()


def test_doctor_says_what_is_left_out_why_and_the_cure(store: Store) -> None:
    assert check_set_aside(store, now=NOW).ok
    with store.write() as db:
        set_aside(db, "claim", "tides/c1", "KeyError: 'x'", "1", NOW)
    check = check_set_aside(store, now=NOW)
    assert not check.ok
    assert check.says == (
        "claim tides/c1 since 2025-11-20 (KeyError: 'x'); each is tried again within a day; "
        "edit its file, or report a bug"
    )


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2Jgone", "two\nlines\r\n", "\u202eturned", "\x00nothing", "\ud800 half a sign", "long " * 9999],
    ids=["escape", "lines", "bidi", "nul", "surrogate", "long"],
)
def test_a_reason_is_one_short_line_that_moves_no_cursor(store: Store, hostile: str) -> None:
    with store.write() as db:
        set_aside(db, "line", "here", reason_of(ValueError(hostile)), "1", NOW)
    with store.read() as db:
        (one,) = list_set_aside(db, now=NOW)
    assert one.reason.startswith("ValueError: ")
    assert one.reason.isprintable()
    assert len(one.reason) <= 300
