"""Trouble with harvests: told at once, once a spell and channel, and once more when it is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.digest.coverage import closing, trouble
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import CategoryOutcome, Claim, HarvestState, Line, Paper
from litwatch.service.alarms import alarm_once
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content, preview
from litwatch.service.trouble import add_up, ask_again_at, brought_something, finish_for, last_spell
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest
from litwatch.store.outbox import get_delivery, last_told_at
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store

T = datetime(2025, 11, 18, 6, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRESH, WAITING, QUIET = HarvestState.FRESH, HarvestState.WAITING, HarvestState.QUIET
STALLED, FAILED = HarvestState.STALLED, HarvestState.FAILED

PLANS = Line(slug="plans", question="Can models plan?", claims=(Claim(id="c1", text="No."),), categories=("cs.CL",))
GRAPHICS = replace(PLANS, slug="graphics", question="Can models draw?", categories=("cs.GR",))
LINES = (PLANS, GRAPHICS)
LAB = Channel(name="lab", url=SLACK_URL)
MAIL = Channel(name="mail", url="mailtos://me:pw@example.org?to=me@example.org", lines=("plans",))
DRAWING = Channel(name="drawing", url=SLACK_URL, lines=("graphics",))


def outcomes(**states: HarvestState) -> tuple[CategoryOutcome, ...]:
    """CL=STALLED: how a harvest ended for cs.CL."""
    return tuple(
        CategoryOutcome(category=f"cs.{name}", state=state, reason="" if state.complete else f"no luck in {name}")
        for name, state in states.items()
    )


def record(at: datetime, state: HarvestState, number: int = 1, **states: HarvestState) -> HarvestRecord:
    return HarvestRecord(
        id=number, at=at, state=state, categories=outcomes(**states), reason="" if state.complete else "no route"
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/litwatch.db")
    yield opened
    opened.close()


def harvested(store: Store, at: datetime, state: HarvestState, **states: HarvestState) -> None:
    with store.write() as db:
        finish_harvest(db, record(at, state, begin_harvest(db, at=at), **states))


Sound = Callable[..., list[str]]


@pytest.fixture
def sound(store: Store) -> Sound:
    """sound(now, *channels): the subjects of the alarms that are frozen then, one a channel."""

    def alarms(now: datetime, *channels: Channel, lines: Sequence[Line] = LINES) -> list[str]:
        subjects = []
        for channel in channels or (LAB,):
            number = alarm_once(store, lines, channel, now=now)
            if number is not None:
                with store.read() as db:
                    delivery = get_delivery(db, number)
                assert delivery is not None
                assert delivery.payload is not None
                assert delivery.channel == channel.name
                subjects.append(delivery.payload.subject)
        return subjects

    return alarms


# --- when there is an alarm ----------------------------------------------------------------------------------


def test_a_spell_is_told_once_and_once_more_when_it_is_over(store: Store, sound: Sound) -> None:
    told = []
    for hours, state in enumerate((FRESH, FAILED, FAILED, STALLED, STALLED, FRESH, FRESH)):
        harvested(store, T + hours * HOUR, state, CL=state)
        for minutes in (0, 1, 20):
            told.append((hours, sound(T + hours * HOUR + timedelta(minutes=minutes))))
    assert [each for each in told if each[1]] == [
        (1, ["litwatch: papers of cs.CL could not be fetched (failed)"]),
        (5, ["litwatch: harvests of cs.CL are well again (after 4 hours)"]),
    ]


@pytest.mark.parametrize("state", [FRESH, WAITING, QUIET])
def test_a_harvest_that_ended_well_raises_none(store: Store, sound: Sound, state: HarvestState) -> None:
    assert sound(T) == []
    harvested(store, T, state, CL=state)
    assert sound(T) == []


@pytest.mark.parametrize("state", [WAITING, QUIET])
def test_a_spell_is_over_though_nothing_new_is_due(store: Store, sound: Sound, state: HarvestState) -> None:
    harvested(store, T, STALLED, CL=STALLED)
    assert sound(T) == ["litwatch: arXiv gives nothing new in cs.CL (stalled)"]
    harvested(store, T + DAY, state, CL=state)
    assert sound(T + DAY) == ["litwatch: harvests of cs.CL are well again (after 24 hours)"]


def test_the_next_spell_is_told_again(store: Store, sound: Sound) -> None:
    subjects = []
    for hours, state in enumerate((STALLED, FRESH, STALLED, FRESH)):
        harvested(store, T + hours * HOUR, state, CL=state)
        subjects += sound(T + hours * HOUR)
    assert [subject.split()[1] for subject in subjects] == ["arXiv", "harvests", "arXiv", "harvests"]


def test_each_channel_hears_of_its_own_categories(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED, GR=FRESH)
    assert len(sound(T, LAB, MAIL, DRAWING)) == 2
    harvested(store, T + HOUR, STALLED, CL=FRESH, GR=STALLED)
    assert sound(T + HOUR, LAB, MAIL, DRAWING) == [
        "litwatch: harvests of cs.CL are well again (after 60 minutes)",
        "litwatch: arXiv gives nothing new in cs.GR (stalled)",
    ]
    harvested(store, T + 2 * HOUR, FRESH, CL=FRESH, GR=FRESH)
    assert sound(T + 2 * HOUR, LAB, MAIL, DRAWING) == [
        "litwatch: harvests of cs.CL and cs.GR are well again (after 2 hours)",
        "litwatch: harvests of cs.GR are well again (after 60 minutes)",
    ]


def test_a_harvest_that_failed_as_a_whole_concerns_every_channel_that_watches_something(
    store: Store, sound: Sound
) -> None:
    harvested(store, T, FAILED)
    nothing = Channel(name="nothing", url=SLACK_URL, lines=("no-such-*",))
    assert sound(T, LAB, MAIL, DRAWING, nothing) == ["litwatch: papers could not be fetched (failed)"] * 3


def test_trouble_that_is_of_no_category_concerns_all(store: Store, sound: Sound) -> None:
    harvested(store, T, FAILED, CL=FRESH, GR=FRESH)
    assert sound(T, MAIL) == ["litwatch: papers could not be fetched (failed)"]


def test_a_channel_that_watches_the_category_no_more_hears_no_end(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED, GR=FRESH)
    assert len(sound(T)) == 1
    assert sound(T + HOUR, lines=(GRAPHICS,)) == []
    assert sound(T + 2 * HOUR, lines=LINES) == ["litwatch: arXiv gives nothing new in cs.CL (stalled)"]


def test_a_spell_that_ended_while_alerts_were_off_does_not_hide_the_next(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED)
    assert len(sound(T)) == 1
    harvested(store, T + DAY, FRESH, CL=FRESH)
    harvested(store, T + 9 * DAY, FAILED, CL=FAILED)
    assert sound(T + 9 * DAY) == ["litwatch: papers of cs.CL could not be fetched (failed)"]
    assert sound(T + 9 * DAY + HOUR) == []


def test_a_clock_that_stands_raises_no_second_alarm(store: Store, sound: Sound) -> None:
    said = []
    for state in (FRESH, FAILED, FAILED, FRESH, FAILED, FAILED):
        harvested(store, T, state, CL=state)
        said += sound(T)
    assert len(said) == 2


# --- what it says --------------------------------------------------------------------------------------------


def text(store: Store, number: int | None) -> str:
    assert number is not None
    with store.read() as db:
        delivery = get_delivery(db, number)
    assert delivery is not None
    assert delivery.payload is not None
    return " ".join(delivery.payload.text.replace("\n!! ", " ").split())


def test_an_alarm_says_since_when_where_why_and_what_comes_next(store: Store) -> None:
    harvested(store, T - DAY, FRESH, CL=FRESH, GR=FRESH)
    harvested(store, T, STALLED, CL=STALLED, GR=FRESH)
    said = text(store, alarm_once(store, LINES, LAB, now=T, ask_again_at=T + HOUR))
    for part in (
        "cs.CL has stalled: no luck in CL.",
        "Since 18 Nov 2025 06:30 UTC; the harvest before, on 17 Nov 2025 06:30 UTC, ended well.",
        "Not touched by it: cs.GR.",
        "litwatch asks again on 18 Nov 2025 07:30 UTC",
        "Nothing is lost",
        "`litwatch doctor`",
        "`alerts = false` under [channels.lab]",
    ):
        assert part in said
    assert "The next poll asks again" in text(store, alarm_once(store, LINES, MAIL, now=T))


def paper(n: int, *categories: str) -> Paper:
    """Invented."""
    return Paper(
        arxiv_id=f"2511.9{n:04}",
        title=f"Paper {n}",
        abstract="It plans.",
        categories=categories,
        published=T,
        updated=T,
    )


def test_its_end_says_how_long_it_was_and_how_many_papers_came(store: Store) -> None:
    with store.write() as db:
        save_papers(db, [paper(0, "cs.CL")], now=T - DAY)
    harvested(store, T, FAILED, CL=FAILED, GR=FRESH)
    assert alarm_once(store, LINES, LAB, now=T) is not None
    with store.write() as db:
        save_papers(db, [paper(1, "cs.CL"), paper(2, "cs.CL", "cs.GR"), paper(3, "cs.GR")], now=T + 3 * DAY)
    harvested(store, T + 3 * DAY, FRESH, CL=FRESH, GR=FRESH)
    number = alarm_once(store, LINES, LAB, now=T + 3 * DAY)
    said = text(store, number)
    assert "The trouble with cs.CL began on 18 Nov 2025 06:30 UTC" in said
    assert "it lasted 3 days" in said
    assert "2 papers have come since it began. Now: cs.CL fresh." in said
    assert number is not None
    told = frozen_content(store, number)
    assert (told["kind"], told["sections"], told["alarm"]["papers"]) == ("alarm", [], 2)


# --- beside digests ------------------------------------------------------------------------------------------


def told_after(folder: Path, *, alarms: bool) -> tuple[str, ...]:
    """The papers of a second digest on the demo's, a week after the first; between them a poll failed."""
    store = open_store(f"sqlite:///{folder}/litwatch.db")
    lines, settings = load_watchlists(folder / "watchlists"), Settings(top=5, threshold=0.5)
    assert digest_once(store, lines, LAB, settings, now=T) is not None
    for days, state in ((1, FAILED), (2, FRESH)):
        harvested(store, T + days * DAY, state)
        if alarms:
            assert alarm_once(store, lines, LAB, now=T + days * DAY) is not None
    with store.read() as db:
        assert last_told_at(db, "lab") == T
    shown = preview(store, lines, LAB, settings, now=T + 7 * DAY).shown
    store.close()
    assert shown.coverage.period_start == T
    return tuple(entry.paper.arxiv_id for entry in shown.entries if entry.earlier)


def test_a_digest_after_an_alarm_tells_what_it_would_have_told_without(litwatch: Litwatch) -> None:
    litwatch("demo", "with")
    litwatch("demo", "without")
    told = told_after(litwatch.folder / "with", alarms=True)
    assert told
    assert told == told_after(litwatch.folder / "without", alarms=False)


# --- the record, purely --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("newest_first", "minutes"),
    [
        ("", None),
        ("F", None),
        ("xF", 30),
        ("sF", 30),
        ("sxF", 60),
        ("xxxF", 120),
        ("xxxxF", 240),
        ("xxxxxF", 360),
        ("x" * 50, 360),
        ("Fxxx", None),
        ("xFxxx", 30),
    ],
)
def test_trouble_is_asked_over_after_half_an_hour_and_then_ever_later(newest_first: str, minutes: int | None) -> None:
    states = {"F": FRESH, "x": FAILED, "s": STALLED}
    recent = [record(T - n * DAY, states[letter]) for n, letter in enumerate(newest_first)]
    assert ask_again_at(recent) == (None if minutes is None else T + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("whole", "states", "watched", "found"),
    [
        (FAILED, {}, ("cs.CL",), FAILED),
        (FRESH, {}, ("cs.CL",), FRESH),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.CL",), FRESH),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.CL", "cs.GR"), STALLED),
        (STALLED, {"CL": FRESH, "GR": STALLED}, ("cs.LG",), WAITING),
        (FAILED, {"CL": FRESH, "GR": QUIET}, ("cs.CL",), FAILED),
        (FRESH, {"CL": FRESH, "GR": QUIET}, ("cs.GR",), QUIET),
    ],
)
def test_a_harvest_ended_for_a_channel_as_for_its_categories(
    whole: HarvestState, states: dict[str, HarvestState], watched: tuple[str, ...], found: HarvestState
) -> None:
    assert finish_for(record(T, whole, **states), watched).state is found


def test_the_last_spell_reaches_from_its_first_harvest_to_the_one_after_it() -> None:
    states = (FRESH, QUIET, STALLED, FAILED, WAITING, FAILED)
    recent = [record(T - n * DAY, state, CL=state) for n, state in enumerate(states)]
    spell = last_spell(recent, {"cs.CL"})
    assert spell is not None
    assert (spell.began, spell.well_before, spell.over_at) == (T - 3 * DAY, T - 4 * DAY, T - DAY)
    assert spell.categories == ("cs.CL",)
    assert last_spell(recent, {"cs.GR"}) is None


def test_the_days_without_a_harvest_lie_whole_in_the_period_and_after_the_first_of_all() -> None:
    start, end = datetime(2025, 11, 10, 8, tzinfo=UTC), datetime(2025, 11, 17, 8, tzinfo=UTC)
    done = [record(datetime(2025, 11, day, 6, tzinfo=UTC), FRESH) for day in (12, 13, 15, 17)]
    without = [date(2025, 11, day) for day in (11, 14, 16)]
    assert list(add_up(done, (), start, end, first=False).days_without) == without
    assert list(add_up(done, (), start, end, first=True).days_without) == without[1:]


def test_a_harvest_that_brought_one_category_whole_brought_something() -> None:
    assert brought_something(record(T, FAILED, CL=FAILED, GR=FRESH), {"cs.CL", "cs.GR"})
    assert not brought_something(record(T, FAILED, CL=FAILED, GR=FRESH), {"cs.CL"})
    assert not brought_something(record(T, FAILED), {"cs.CL"})


# --- what a digest says of it --------------------------------------------------------------------------------


def opening(store: Store, now: datetime) -> str:
    return trouble(preview(store, LINES, LAB, Settings(top=5, threshold=0.5), now=now).shown.coverage)


def test_a_digest_opens_with_the_categories_in_trouble(store: Store) -> None:
    harvested(store, T, FAILED, CL=FAILED, GR=FRESH)
    assert opening(store, T) == (
        "The last harvest, 18 Nov 2025 06:30 UTC, was in trouble: cs.CL could not be fetched whole (no luck in CL). "
        "Papers of cs.CL may be missing here; the other categories are well. "
        "What was missed is asked for again; `litwatch doctor` looks into it."
    )


def test_a_digest_opens_with_arxiv_not_having_been_asked_for_days(store: Store) -> None:
    harvested(store, T, FRESH, CL=FRESH, GR=QUIET)
    assert opening(store, T + 3 * DAY) == ""
    assert opening(store, T + 4 * DAY).startswith(
        "arXiv was last asked on 18 Nov 2025 06:30 UTC: what it announced since is not here."
    )
    harvested(store, T + 4 * DAY, FAILED)
    assert "The last harvest that ended well was on 18 Nov 2025 06:30 UTC" in opening(store, T + 4 * DAY)


def test_a_digest_closes_with_its_coverage(store: Store) -> None:
    for days, state in ((0, FRESH), (1, FRESH), (3, FAILED), (4, FRESH)):
        with store.write() as db:
            number = begin_harvest(db, at=T + days * DAY)
            ended = record(T + days * DAY, state, number, CL=state, GR=QUIET if state.complete else FAILED)
            finish_harvest(db, replace(ended, requests=3, declared=500, received=500))
    coverage = preview(store, LINES, LAB, Settings(top=5, threshold=0.5), now=T + 4 * DAY).shown.coverage
    assert closing(coverage)[1:] == (
        "Last harvest: 22 Nov 2025 06:30 UTC; cs.CL fresh, cs.GR quiet.",
        "Harvests in this window: 4, 3 ended well; in 12 requests arXiv declared 2,000 records, and all of them came. "
        "None on 20 Nov.",
    )


# --- through the command line --------------------------------------------------------------------------------


@pytest.fixture
def cut_off(litwatch: Litwatch) -> Litwatch:
    """litwatch with two channels, one of which wants alerts, and an arXiv that refuses every connection."""
    litwatch.configure(
        '[arxiv]\napi_url = "http://127.0.0.1:9/api"\noai_url = "http://127.0.0.1:9/oai"\n'
        f'rss_url = "http://127.0.0.1:9/rss"\ndelay_seconds = 0\n[channels.lab]\nurl = "{SLACK_URL}"\nalerts = true\n'
        f'[channels.calm]\nurl = "{SLACK_URL}"\n'
    )
    litwatch("add-line", "--question", "Can models plan?", "--claim", "They cannot.", "--categories", "cs.CL")
    return litwatch


def test_a_poll_that_fails_tells_the_channel_that_wants_alerts_once(
    cut_off: Litwatch, slack_server: SlackServer
) -> None:
    for now in ("2025-11-18T07:00:00Z", "2025-11-18T09:00:00Z"):
        poll = cut_off("poll", "--json", now=now)
        assert (poll.code, poll.json["state"]) == (1, "failed")
    (message,) = slack_server.taken
    assert "trouble with the harvest" in str(message)
    assert [row["channel"] for row in cut_off("outbox", "--json").json] == ["lab"]


def test_a_channel_in_trouble_is_one_line_and_leaves_the_polls_exit_code(
    cut_off: Litwatch, slack_server: SlackServer
) -> None:
    slack_server.status = 404
    poll = cut_off("poll", "--json", now="2025-11-18T07:00:00Z")
    assert (poll.code, poll.json["state"]) == (1, "failed")
    warning, reason = poll.err.splitlines()
    assert warning.startswith("warning: channel lab: ")
    assert reason.startswith("litwatch: the harvest failed: ")


def test_doctor_names_the_categories_in_trouble_with_the_cure(cut_off: Litwatch) -> None:
    store = open_store(f"sqlite:///{cut_off.folder}/litwatch.db")
    harvested(store, T, FAILED, CL=STALLED, GR=FAILED, LG=FRESH)
    store.close()
    (says,) = (row["says"] for row in cut_off("doctor", "--json").json if row["check"] == "harvest")
    assert says.startswith("failed at 2025-11-18T06:30:00Z, cs.GR failed, cs.CL stalled (no route); ")
    assert "asked for again by `litwatch poll`" in says
    assert "see whether arXiv announced" in says
    assert "cs.LG" not in says


KILLED_BEFORE_SENDING = """
import os, signal
import litwatch.service.outbox as outbox
outbox.deliver_once = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from litwatch.cli.main import main
main()
"""


def test_killed_between_freezing_and_sending_the_alarm_is_sent_once_by_the_next_poll(
    cut_off: Litwatch, slack_server: SlackServer
) -> None:
    env = {**os.environ, "LITWATCH_NOW": "2025-11-18T07:00:00Z"}
    command = [sys.executable, "-c", KILLED_BEFORE_SENDING, "poll"]
    killed = subprocess.run(command, cwd=cut_off.folder, env=env, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert [row["state"] for row in cut_off("outbox", "--json").json] == ["pending"]
    for now in ("2025-11-18T08:00:00Z", "2025-11-18T09:00:00Z"):
        cut_off("poll", now=now)
    assert [row["state"] for row in cut_off("outbox", "--json").json] == ["sent"]
    assert len(slack_server.taken) == 1
