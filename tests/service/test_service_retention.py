"""What is kept no longer goes, and nothing that a digest, the ledger or the harvest needs goes with it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import count
from typing import Any

import pytest
from kept_sample import fill_every_table
from sqlalchemy import func, insert, select, update

from conftest import Litwatch
from litwatch.digest.compose import compose
from litwatch.errors import StoreError
from litwatch.harvest.oai_records import Change
from litwatch.model import Coverage, DigestKind, Harvested, HarvestState, Line, Match, Paper, Payload
from litwatch.service.demo import sample_papers
from litwatch.service.digests import Channel, Settings, digest_once
from litwatch.service.journal import observe
from litwatch.service.poll import Bench, catch_up, make_judge, make_ranker
from litwatch.service.retention import Rules, Tidied, retention_once, tidy
from litwatch.store.anchors import told_anchor_changes
from litwatch.store.harvests import (
    HarvestRecord,
    Question,
    add_question,
    begin_harvest,
    failing_since,
    finish_harvest,
    recent_harvests,
)
from litwatch.store.lines import mark_ranked, sync_lines
from litwatch.store.near_misses import replace_near_misses
from litwatch.store.outbox import delivered_content, get_delivery, list_deliveries
from litwatch.store.papers import all_papers, get_papers, last_text, papers_after, save_papers
from litwatch.store.schema import deliveries, harvests, lines, metadata, near_misses, paper_versions, papers, questions
from litwatch.store.store import Db, Store, open_store
from litwatch.store.upkeep import last_upkeep

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rules(papers_days=1100, records_days=400, digests_days=300, backfill_days=180)
LINE = Line(slug="plans", question="Can models plan?")


def paper(number: int, **changes: Any) -> Paper:
    made = Paper(
        arxiv_id=f"2201.{number:05d}",
        title=f"An invented title {number}",
        abstract="An invented abstract.",
        authors=("A. Nobody",),
        categories=("cs.CL",),
        primary_category="cs.CL",
        comment="Invented for a test",
        published=T - 1200 * DAY,
        updated=T - 1200 * DAY,
    )
    return replace(made, **changes)


def keep(store: Store, *batch: Paper, at: datetime = T - 1200 * DAY, **how: bool) -> None:
    with store.write() as db:
        save_papers(db, batch, now=at, **how)


def watch(store: Store, *slugs: str, ranked: bool = True) -> None:
    lines = [replace(LINE, slug=slug) for slug in slugs]
    with store.write() as db:
        sync_lines(db, lines, dict.fromkeys(slugs, "x"), now=T - 1300 * DAY)
        if ranked:
            mark_ranked(db, slugs, last_text(db))


def texts(store: Store) -> dict[str, str]:
    with store.read() as db:
        return {paper.arxiv_id: paper.abstract for paper in all_papers(db)}


def the_paper(store: Store, number: int) -> Paper:
    with store.read() as db:
        (found,) = get_papers(db, [f"2201.{number:05d}"])
    return found


# --- papers ----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_old_papers_that_nothing_needs_lose_their_text_and_stay_known(store: Store) -> None:
    keep(store, paper(1), paper(2), at=T - 1101 * DAY)
    keep(store, paper(3), at=T - 1099 * DAY)
    keep(store, paper(1, version=2, abstract="Revised, but long ago."), at=T - 1100.5 * DAY)
    watch(store, "plans")
    assert tidy(store, RULES, now=T, dry_run=True) == Tidied(papers=2)
    assert tidy(store, RULES, now=T) == Tidied(papers=2)
    assert texts(store) == {"2201.00001": "", "2201.00002": "", "2201.00003": "An invented abstract."}
    bare = the_paper(store, 1)
    assert not bare.has_text
    assert (bare.title, bare.version, bare.published) == ("An invented title 1", 2, paper(1).published)
    with store.read() as db:
        assert not db.execute(select(paper_versions)).all()
        assert [each.arxiv_id for each in papers_after(db, 0, 10)[0]] == ["2201.00003"]
    assert tidy(store, RULES, now=T) == Tidied()


NEEDED_BY = [
    table
    for table in metadata.sorted_tables
    if "arxiv_id" in table.c and table.name not in ("papers", "paper_categories", "paper_versions", "wanted")
]


@pytest.mark.both_databases
def test_what_was_matched_nearly_matched_told_judged_marked_or_rested_on_keeps_its_text(store: Store) -> None:
    fill_every_table(store)
    for number, table in enumerate(NEEDED_BY, start=1):
        keep(store, paper(number))
        with store.write() as db:
            row = dict(db.execute(select(table).limit(1)).one()._mapping)
            row |= {"arxiv_id": f"2201.{number:05d}", **({"id": 1000} if "id" in table.c else {})}
            db.execute(insert(table).values(**row))
    keep(store, paper(97), harvested=False)
    keep(store, paper(98))
    with store.write() as db:
        db.execute(update(lines).values(removed_at=T))
        db.execute(update(papers).values(text_seq=papers.c.text_seq + 10**6))  # what fills the tables is above all
    watch(store, "plans")
    tidy(store, replace(RULES, digests_days=0), now=T)
    names = {"anchors", "anchor_changes", "line_anchors", "marks", "matches", "near_misses"}
    names |= {"second_opinions", "taken", "told", "verdicts"}
    assert {table.name for table in NEEDED_BY} == names
    assert [arxiv_id for arxiv_id, abstract in texts(store).items() if not abstract] == ["2201.00098"]


def test_a_line_that_has_yet_to_be_ranked_for_a_paper_keeps_its_text(store: Store) -> None:
    keep(store, paper(1))
    watch(store, "plans")
    keep(store, paper(2))
    watch(store, "plans", "edited", ranked=False)
    assert tidy(store, RULES, now=T) == Tidied()
    with store.write() as db:
        mark_ranked(db, ["edited"], 1)
    assert tidy(store, RULES, now=T) == Tidied(papers=1)


@pytest.mark.both_databases
def test_near_misses_of_more_than_a_year_ago_go_whatever_the_rules(store: Store) -> None:
    keep(store, paper(1), paper(2))
    watch(store, "plans")
    for number, days in ((1, 364), (2, 366)):
        near = Match(line="plans", arxiv_id=paper(number).arxiv_id, version=1, score=0.05, claim="")
        with store.write() as db:
            replace_near_misses(db, ["plans"], [near.arxiv_id], [near], chance=1 / 32, now=T - days * DAY)
    assert tidy(store, replace(RULES, papers_days=0), now=T, dry_run=True) == Tidied(near_misses=1)
    assert tidy(store, replace(RULES, papers_days=0), now=T) == Tidied(near_misses=1)
    with store.read() as db:
        assert db.execute(select(near_misses.c.arxiv_id)).scalars().all() == [paper(1).arxiv_id]
    assert tidy(store, RULES, now=T) == Tidied(papers=1), "a near miss keeps its paper's text"
    assert texts(store)[paper(1).arxiv_id] != ""


def test_papers_are_kept_longer_than_a_new_line_looks_back_and_for_ever_if_asked(store: Store) -> None:
    keep(store, paper(1))
    watch(store, "plans")
    assert tidy(store, replace(RULES, backfill_days=1190), now=T) == Tidied()
    assert tidy(store, replace(RULES, papers_days=0), now=T) == Tidied()
    assert tidy(store, replace(RULES, backfill_days=1160), now=T) == Tidied(papers=1)


@pytest.fixture
def bare(store: Store) -> Store:
    """A store whose papers 1 and 2 have no text any more."""
    keep(store, paper(1), paper(2))
    watch(store, "plans")
    tidy(store, RULES, now=T)
    assert set(texts(store).values()) == {""}
    return store


def save(store: Store, *batch: Paper, **how: bool) -> tuple[int, int, int]:
    with store.write() as db:
        saved = save_papers(db, batch, now=T, **how)
    return saved.new, saved.revised, len(saved.moved)


def test_a_paper_without_text_that_is_listed_again_is_neither_new_nor_revised(bare: Store) -> None:
    assert save(bare, paper(1), paper(2)) == (0, 0, 0)
    assert set(texts(bare).values()) == {""}
    assert save(bare, paper(1, categories=("cs.CL", "cs.AI"), abstract="Edited.")) == (0, 0, 1)
    assert the_paper(bare, 1).categories == ("cs.CL", "cs.AI")
    assert not the_paper(bare, 1).has_text


@pytest.mark.parametrize(("title", "agrees"), [("An invented title 1", True), ("Another title", False)])
def test_a_record_that_shows_a_paper_without_text_as_it_is_needs_not_be_asked_for(
    bare: Store, title: str, agrees: bool
) -> None:
    change = Change(
        arxiv_id="2201.00001",
        datestamp=T.date(),
        categories=("cs.CL",),
        created=paper(1).published.date(),
        updated=paper(1).updated.date(),
        revised=False,
        title=title,
        abstract="An invented abstract.",
        comment="Invented for a test",
    )
    assert change.agrees_with(the_paper(bare, 1)) is agrees


def test_a_new_version_of_a_paper_without_text_has_one_and_is_ranked(bare: Store) -> None:
    assert save(bare, paper(1, version=2, abstract="It says more now.")) == (0, 1, 1)
    assert the_paper(bare, 1) == paper(1, version=2, abstract="It says more now.")
    with bare.read() as db:
        assert [each.arxiv_id for each in papers_after(db, 2, 10)[0]] == ["2201.00001"]
        assert not db.execute(select(paper_versions)).all()


def test_a_paper_that_a_search_backwards_finds_or_a_line_rests_on_has_its_text_again(bare: Store) -> None:
    assert save(bare, paper(1), revive=True) == (0, 0, 1)
    assert save(bare, paper(2), harvested=False) == (0, 0, 0)
    assert (the_paper(bare, 1), the_paper(bare, 2)) == (paper(1), paper(2))
    with bare.read() as db:
        assert [each.arxiv_id for each in papers_after(db, 2, 10)[0]] == ["2201.00001"]


# --- records ---------------------------------------------------------------------------------------------------


def harvested(store: Store, at: datetime, *, oai_whole: bool = True) -> None:
    with store.write() as db:
        number = begin_harvest(db, at=at)
        add_question(db, number, Question(source="oai", what="changes in cs", requests=1, whole=oai_whole))
        add_question(db, number, Question(source="api", what="count of papers in cs.CL", requests=1))
        finish_harvest(db, HarvestRecord(id=number, at=at, state=HarvestState.FRESH))


def counted(store: Store, table: Any) -> int:
    with store.read() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.both_databases
def test_old_records_of_polls_go_with_their_questions_but_for_the_newest(store: Store) -> None:
    for day in range(600):
        harvested(store, T - (600 - day) * DAY)
    with store.read() as db:
        before = recent_harvests(db)
    assert tidy(store, RULES, now=T, dry_run=True) == tidy(store, RULES, now=T) == Tidied(records=200)
    assert (counted(store, harvests), counted(store, questions)) == (400, 800)
    with store.read() as db:
        assert recent_harvests(db) == before
    assert tidy(store, replace(RULES, records_days=1), now=T) == Tidied(records=280), "120 days are always kept"
    assert tidy(store, RULES, now=T + 3000 * DAY) == Tidied(records=20), "the newest hundred are, too"


def test_the_record_since_when_changes_could_not_be_listed_is_kept(store: Store) -> None:
    for day in range(600):
        harvested(store, T - (600 - day) * DAY, oai_whole=day < 120)
    with store.read() as db:
        since = failing_since(db, "oai", "changes in", until=T)
    assert tidy(store, RULES, now=T) == Tidied(records=120)
    with store.read() as db:
        assert failing_since(db, "oai", "changes in", until=T) == since == T - 480 * DAY


# --- digests ---------------------------------------------------------------------------------------------------


def frozen(store: Store, at: datetime, state: str, number: count[int] = count(1)) -> int:
    """An invented digest in the outbox; the delivery's number."""
    from litwatch.store.outbox import freeze, know_channel

    coverage = Coverage(period_start=at - 7 * DAY, period_end=at, papers_read=0, categories=(), harvested=Harvested())
    digest = compose(
        digest_id=f"mail/digest/{next(number)}", channel="mail", kind=DigestKind.DIGEST, lines=(), candidates=(),
        changes={}, anchors={}, coverage=coverage, top=1, threshold=0.5, now=at,
    )  # fmt: skip
    payload = Payload(subject="Invented", text="Invented text", html="<p>Invented</p>", slack=({"type": "divider"},))
    with store.write() as db:
        know_channel(db, "mail", now=at)
        made = freeze(db, digest, payload, {"sections": [], "title": "Invented"}, due_at=at)
        settled = None if state in ("pending", "sending") else at
        db.execute(update(deliveries).where(deliveries.c.id == made).values(state=state, settled_at=settled))
    return made


@pytest.mark.both_databases
def test_bytes_of_digests_sent_long_ago_go_and_what_may_still_be_sent_stays(store: Store) -> None:
    old, long_ago = {}, T - 301 * DAY
    for state in ("sent", "unknown", "dead", "failed", "pending"):
        old[state] = frozen(store, long_ago, state)
    young = frozen(store, T - 299 * DAY, "sent")
    assert tidy(store, replace(RULES, digests_days=0), now=T) == Tidied()
    assert tidy(store, RULES, now=T, dry_run=True) == tidy(store, RULES, now=T) == Tidied(digests=1)
    with store.read() as db:
        gone = get_delivery(db, old.pop("sent"))
        assert gone
        assert gone.payload == Payload(subject="Invented", text="", html="", slack=())
        assert delivered_content(db, gone.id)["emptied"] == T.isoformat()
        for number in (*old.values(), young):
            kept = get_delivery(db, number)
            assert kept
            assert kept.payload
            assert kept.payload.text == "Invented text"
            assert delivered_content(db, number)["title"] == "Invented"
        assert len(list_deliveries(db)) == 6
        assert told_anchor_changes(db, "mail", since=T - 400 * DAY) == set()


def test_digests_that_the_next_ones_are_held_against_are_kept_whatever_the_rule(store: Store) -> None:
    frozen(store, T - 119 * DAY, "sent")
    assert tidy(store, replace(RULES, digests_days=1), now=T) == Tidied()


# --- by the day ------------------------------------------------------------------------------------------------


def test_it_is_done_once_a_day_in_pieces(store: Store) -> None:
    keep(store, *(paper(number) for number in range(2500)))
    watch(store, "plans")
    left = []
    for _ in range(5):
        more = retention_once(store, RULES, now=T)
        left.append((more, sum(text != "" for text in texts(store).values())))
    assert left == [(True, 500), (True, 0), (False, 0), (False, 0), (False, 0)]
    with store.read() as db:
        done = last_upkeep(db, "retention")
    assert done
    assert (done.at, done.ok) == (T, True)
    keep(store, paper(9000), at=T - 1100.5 * DAY)
    watch(store, "plans")
    assert not retention_once(store, RULES, now=T + DAY / 2)
    assert retention_once(store, RULES, now=T + DAY)
    assert not retention_once(store, RULES, now=T + DAY)


def test_a_failure_is_noted_and_tried_again_after_an_hour(store: Store) -> None:
    keep(store, paper(1))
    watch(store, "plans")
    ended: list[tuple[str, bool]] = []
    forget = observe(lambda kind, took, well: ended.append((kind, well)))
    try:
        troubles = [StoreError("the store has no room left on its disk, by invention")]

        def guard(_: Db) -> None:
            if troubles:
                raise troubles.pop()

        assert not retention_once(store.guarded(guard), RULES, now=T)
        with store.read() as db:
            done = last_upkeep(db, "retention")
        assert done
        assert (done.ok, "no room left" in done.says) == (False, True)
        assert not retention_once(store, RULES, now=T + DAY / 48)
        assert retention_once(store, RULES, now=T + DAY / 24)
        assert not retention_once(store, RULES, now=T + DAY / 24)
        assert not retention_once(store, RULES, now=T + DAY / 12)
    finally:
        forget()
    assert ended == [("retention", False), ("retention", True), ("retention", True)]


def test_a_clock_that_was_ahead_holds_it_up_no_longer_than_it_was(store: Store) -> None:
    assert not retention_once(store, RULES, now=T + 4000 * DAY)
    keep(store, paper(1))
    watch(store, "plans")
    assert retention_once(store, RULES, now=T)


# --- a year ----------------------------------------------------------------------------------------------------

START = datetime(2022, 1, 9, 9, tzinfo=UTC)
PERIODS, PERIOD = 13, timedelta(days=28)
LATER = START + PERIODS * PERIOD + timedelta(days=1101)


def a_months_papers(period: int) -> list[Paper]:
    """The bundled samples, invented ones, as of another month."""
    at = START + period * PERIOD - timedelta(days=3)
    return [
        replace(sample, arxiv_id=f"22{period:02d}.{number:05d}", published=at, updated=at)
        for number, sample in enumerate(sample_papers(), start=1)
    ]


@pytest.fixture
def year(litwatch: Litwatch) -> tuple[Litwatch, str]:
    """A line that was polled, judged and told of every four weeks for a year, some years ago; its name."""
    litwatch.configure('[channels.desk]\nurl = "json://127.0.0.1:9/"\n[retention]\ndigests_days = 0\n')
    page = litwatch.folder / "page.txt"
    page.write_bytes(resources.files("litwatch.demo").joinpath("page.txt").read_bytes())
    slug = litwatch("add-line", str(page), "--json", now=START.isoformat()).json["line"]
    from litwatch.lines.watchlist import load_watchlists

    lines = load_watchlists(litwatch.folder / "watchlists")
    bench = Bench(ranker=make_ranker(0.1), judge=make_judge(0.5, trained=False), threshold=0.5)
    with closing(open_store(litwatch.store_url)) as store:
        for period in range(PERIODS):
            now = START + period * PERIOD
            keep(store, *a_months_papers(period), at=now)
            harvested(store, now)
            catch_up(store, lines, bench, now=now)
            channel = Channel(name="desk", url="json://127.0.0.1:9/")
            number = digest_once(store, lines, channel, Settings(top=20, threshold=0.5), now=now)
            with store.write() as db:
                db.execute(update(deliveries).where(deliveries.c.id == number).values(state="sent", settled_at=now))
    return litwatch, slug


def what_is_told(litwatch: Litwatch, slug: str) -> dict[str, Any]:
    now = LATER.isoformat()
    commands = [
        ("lines", "--json"),
        ("show", slug, "--json"),
        ("papers", slug, "--json"),
        ("papers", "--all"),
        ("claims", slug, "--json"),
        *(("claims", slug, "--as-of", f"{START + n * PERIOD:%Y-%m-%d}", "--json") for n in range(PERIODS)),
        ("digest", "--json"),
        ("digest", "--channel", "desk", "--json"),
        ("outbox", "--json"),
        ("harvests", "--json"),
    ]
    answers = {" ".join(words): litwatch(*words, now=now) for words in commands}
    assert all(answer.code == 0 for answer in answers.values())
    return {words: answer.out for words, answer in answers.items()}


@pytest.mark.both_databases
def test_after_a_year_is_tidied_every_answer_is_as_it_was(year: tuple[Litwatch, str]) -> None:
    litwatch, slug = year
    before = what_is_told(litwatch, slug)
    done = litwatch("tidy", "--json", now=LATER.isoformat()).json
    assert done["papers"] > 400, "most samples bear on no claim"
    assert what_is_told(litwatch, slug) == before
    with closing(open_store(litwatch.store_url)) as store:
        again = [paper for period in range(PERIODS) for paper in a_months_papers(period)]
        with store.write() as db:
            saved = save_papers(db, again, now=LATER)
        assert (saved.new, saved.revised, saved.moved) == (0, 0, ())
    assert what_is_told(litwatch, slug) == before
