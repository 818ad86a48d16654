"""Trouble with harvests: told at once, once a spell and channel, and once more when it is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alarm_sample import (
    DAY,
    DRAWING,
    FAILED,
    FRESH,
    GRAPHICS,
    HOUR,
    LAB,
    LINES,
    MAIL,
    MISSPELT,
    NO_SUCH,
    PLANS,
    QUIET,
    STALLED,
    WAITING,
    T,
    harvested,
    keep,
    outcomes,
    record,
)

from conftest import SLACK_URL, Litwatch
from litwatch.lines.watchlist import load_watchlists
from litwatch.model import DeliveryState, HarvestState, Line, Paper
from litwatch.service.alarms import alarm_once
from litwatch.service.digests import Channel, Settings, digest_once, frozen_content, preview
from litwatch.store.outbox import claim, digest_ends, get_delivery, list_deliveries, settle
from litwatch.store.papers import save_papers
from litwatch.store.store import Store, open_store

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
    for days, state in enumerate((STALLED, FRESH, STALLED, FRESH)):
        harvested(store, T + days * DAY, state, CL=state)
        subjects += sound(T + days * DAY)
    assert [subject.split()[1] for subject in subjects] == ["arXiv", "harvests", "arXiv", "harvests"]


def test_each_channel_hears_of_its_own_categories(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED, GR=FRESH)
    assert len(sound(T, LAB, MAIL, DRAWING)) == 2
    harvested(store, T + HOUR, STALLED, CL=FRESH, GR=STALLED)
    assert sound(T + HOUR, MAIL, DRAWING) == [
        "litwatch: harvests of cs.CL are well again (after 60 minutes)",
        "litwatch: arXiv gives nothing new in cs.GR (stalled)",
    ]
    harvested(store, T + 2 * HOUR, FRESH, CL=FRESH, GR=FRESH)
    assert sound(T + 2 * HOUR, LAB, MAIL, DRAWING) == [
        "litwatch: harvests of cs.CL are well again (after 2 hours)",
        "litwatch: harvests of cs.GR are well again (after 60 minutes)",
    ]


def test_a_harvest_that_failed_as_a_whole_concerns_every_channel_that_watches_something(
    store: Store, sound: Sound
) -> None:
    harvested(store, T, FAILED)
    nothing = Channel(name="nothing", url=SLACK_URL, lines=("no-such-*",))
    assert sound(T, LAB, MAIL, DRAWING, nothing) == ["litwatch: papers could not be fetched (failed)"] * 3


def test_new_papers_that_came_while_an_anchor_did_not_are_no_trouble(store: Store, sound: Sound) -> None:
    keep(store, replace(record(T, FAILED, CL=FRESH, GR=WAITING), reason="anchors: HTTP 503"))
    assert sound(T, LAB, MAIL, DRAWING) == []
    harvested(store, T + HOUR, FAILED, CL=FAILED, GR=FRESH)
    assert len(sound(T + HOUR, LAB, MAIL, DRAWING)) == 2
    harvested(store, T + 2 * HOUR, FAILED, CL=FRESH, GR=FRESH)
    assert (
        sound(T + 2 * HOUR, LAB, MAIL, DRAWING) == ["litwatch: harvests of cs.CL are well again (after 60 minutes)"] * 2
    )


def test_a_channel_that_watches_the_category_no_more_hears_no_end(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED, GR=FRESH)
    assert len(sound(T)) == 1
    assert sound(T + HOUR, lines=(GRAPHICS,)) == []
    assert sound(T + DAY, lines=LINES) == ["litwatch: arXiv gives nothing new in cs.CL (stalled)"]


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


# --- a spell that changes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "then", "says"),
    [
        ({"CL": STALLED, "GR": FRESH}, {"CL": STALLED, "GR": FAILED}, "papers of cs.GR could not be fetched (failed)"),
        ({"CL": STALLED, "GR": FRESH}, {"CL": STALLED, "GR": STALLED}, "gives nothing new in cs.CL and cs.GR"),
        ({"CL": STALLED, "GR": STALLED}, {"CL": STALLED, "GR": FAILED}, "papers of cs.GR could not be fetched"),
        ({"CL": STALLED, "GR": FRESH}, {}, "litwatch: papers could not be fetched (failed)"),
        ({"CL": STALLED, "GR": FAILED}, {"CL": STALLED, "GR": STALLED}, ""),
        ({"CL": STALLED, "GR": FAILED}, {"CL": STALLED, "GR": FRESH}, ""),
        ({"CL": FAILED, "GR": FAILED}, {"CL": FRESH, "GR": FAILED}, ""),
        ({}, {"CL": FRESH, "GR": FAILED}, ""),
    ],
)
def test_it_is_told_again_when_a_category_joins_or_gets_worse_and_not_when_one_leaves(
    store: Store, sound: Sound, told: dict[str, HarvestState], then: dict[str, HarvestState], says: str
) -> None:
    harvested(store, T, FAILED, **told)
    assert len(sound(T)) == 1
    harvested(store, T + HOUR, FAILED, **then)
    said = sound(T + HOUR) + sound(T + 2 * HOUR)
    assert len(said) == bool(says)
    assert says in "".join(said)
    harvested(store, T + 3 * HOUR, FRESH, CL=FRESH, GR=FRESH)
    (end,) = sound(T + 3 * HOUR)
    assert "well again (after 3 hours)" in end


def test_a_harvest_that_failed_whole_makes_no_news_of_a_stall_that_goes_on(store: Store, sound: Sound) -> None:
    for hours, whole, alarms in (
        (0, False, 1),
        (1, True, 1),
        (2, False, 0),
        (3, True, 0),
        (4, False, 0),
        (72, False, 0),
    ):
        harvested(store, T + hours * HOUR, FAILED if whole else STALLED, **({} if whole else {"CL": STALLED}))
        assert len(sound(T + hours * HOUR)) == alarms, hours


def test_what_was_told_of_all_is_not_told_of_one_of_them_days_later(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED)
    harvested(store, T + HOUR, FAILED)
    assert len(sound(T + HOUR)) == 1
    harvested(store, T + DAY, FAILED, CL=FAILED)
    assert sound(T + DAY) == []
    harvested(store, T + 3 * DAY, FAILED, CL=FAILED, GR=FAILED)
    assert sound(T + 3 * DAY) == ["litwatch: papers of cs.CL and cs.GR could not be fetched (failed)"]


def test_a_category_that_was_well_between_is_told_again_in_a_long_stall_of_another(store: Store, sound: Sound) -> None:
    harvested(store, T, STALLED, CL=STALLED, GR=FAILED)
    assert len(sound(T)) == 1
    for hours, state, alarms in ((1, FRESH, 0), (2, FAILED, 0), (3, FRESH, 0), (240, FRESH, 0), (241, FAILED, 1)):
        harvested(store, T + hours * HOUR, STALLED, CL=STALLED, GR=state)
        assert len(sound(T + hours * HOUR)) == alarms, hours


def test_a_day_in_which_every_second_poll_fails_is_four_messages(store: Store, sound: Sound) -> None:
    said = []
    for n in range(48):
        now = T + n * HOUR / 2
        state = FAILED if n % 2 else FRESH
        harvested(store, now, state, CL=state)
        for minutes in (0, 15):
            said += sound(now + timedelta(minutes=minutes))
    assert len(said) == 4
    assert [subject.split()[1] for subject in said] == ["papers", "harvests"] * 2


def test_two_categories_that_fail_in_turn_are_told_once_each_in_half_a_day(store: Store, sound: Sound) -> None:
    said = []
    for n in range(24):
        now = T + n * HOUR / 2
        harvested(store, now, FAILED, CL=FAILED if n % 2 else FRESH, GR=FRESH if n % 2 else FAILED)
        said += sound(now)
    assert len(said) == 2


def test_trouble_soon_after_the_last_is_told_when_it_still_lasts_half_a_day_after_that_was(
    store: Store, sound: Sound
) -> None:
    for hours, state in enumerate((FAILED, FRESH, FAILED)):
        harvested(store, T + hours * HOUR, state, CL=state)
        assert len(sound(T + hours * HOUR)) == (hours < 2)
    assert sound(T + 12 * HOUR - timedelta(seconds=1)) == []
    assert sound(T + 12 * HOUR) == ["litwatch: papers of cs.CL could not be fetched (failed)"]
    assert sound(T + 13 * HOUR) == []


# --- when it was over ----------------------------------------------------------------------------------------


def test_it_was_over_with_the_first_harvest_that_ended_well_however_many_followed(store: Store, sound: Sound) -> None:
    harvested(store, T, FAILED, CL=FAILED)
    assert len(sound(T)) == 1
    for n in range(60):
        harvested(store, T + HOUR + n * HOUR, FRESH, CL=FRESH)
    assert sound(T + 2 * DAY + 12 * HOUR) == ["litwatch: harvests of cs.CL are well again (after 60 minutes)"]


def test_an_end_of_more_than_three_days_ago_is_not_told(store: Store, sound: Sound) -> None:
    harvested(store, T, FAILED, CL=FAILED)
    assert len(sound(T)) == 1
    harvested(store, T + DAY, FRESH, CL=FRESH)
    harvested(store, T + 60 * DAY, FRESH, CL=FRESH)
    assert sound(T + 60 * DAY) == []
    harvested(store, T + 61 * DAY, FAILED, CL=FAILED)
    assert sound(T + 61 * DAY) == ["litwatch: papers of cs.CL could not be fetched (failed)"]


# --- a category that arXiv does not have ---------------------------------------------------------------------


def test_a_category_that_arxiv_does_not_have_is_told_once_to_who_watches_it(store: Store, sound: Sound) -> None:
    lines = (*LINES, MISSPELT)
    wrong = Channel(name="wrong", url=SLACK_URL, lines=("misspelt",))
    said = []
    for days in range(3):
        keep(store, replace(record(T + days * DAY, FRESH), categories=(*outcomes(CL=FRESH, GR=QUIET), NO_SUCH)))
        for minutes in (0, 1):
            said += sound(T + days * DAY + timedelta(minutes=minutes), LAB, MAIL, wrong, lines=lines)
    assert said == ["litwatch: arXiv has no papers in cs.XX: check `categories` in the watchlists"] * 2


def test_a_category_that_arxiv_does_not_have_keeps_no_trouble_open(store: Store, sound: Sound) -> None:
    lines = (PLANS, replace(MISSPELT, categories=("cs.CL", "cs.XX")))
    said = []
    for days, state in enumerate((FAILED, FRESH, FAILED)):
        keep(store, replace(record(T + days * DAY, state), categories=(*outcomes(CL=state), NO_SUCH)))
        for minutes in (0, 1):
            said += sound(T + days * DAY + timedelta(minutes=minutes), lines=lines)
    assert [subject.split()[1:4] for subject in said] == [
        ["papers", "of", "cs.CL"],
        ["arXiv", "has", "no"],
        ["harvests", "of", "cs.CL"],
        ["papers", "of", "cs.CL"],
    ]


# --- an alarm that could not be sent -------------------------------------------------------------------------


def states_of(store: Store) -> dict[int, tuple[str, str]]:
    with store.read() as db:
        return {each.id: (str(each.state), each.last_error.partition(":")[0]) for each in list_deliveries(db)}


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.FAILED])
def test_an_end_overtakes_the_alarm_that_was_not_sent_and_says_both(store: Store, state: DeliveryState) -> None:
    harvested(store, T, FAILED, CL=FAILED, GR=FRESH)
    raised = alarm_once(store, LINES, LAB, now=T)
    assert raised is not None
    if state is DeliveryState.FAILED:
        with store.write() as db:
            settle(db, raised, state, now=T, error="no route to mail.example.org", due_at=T + HOUR)
    harvested(store, T + 3 * HOUR, FRESH, CL=FRESH, GR=FRESH)
    number = alarm_once(store, LINES, LAB, now=T + 3 * HOUR)
    said = text(store, number)
    assert "There was trouble with cs.CL from 18 Nov 2025 06:30 UTC to 18 Nov 2025 09:30 UTC: cs.CL: no luck" in said
    assert "It is over; it lasted 3 hours." in said
    assert number is not None
    assert states_of(store) == {raised: ("dead", "overtaken"), number: ("pending", "")}


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.SENDING])
def test_an_alarm_that_was_sent_or_may_have_been_is_left_as_it_is(store: Store, state: DeliveryState) -> None:
    harvested(store, T, FAILED, CL=FAILED)
    raised = alarm_once(store, LINES, LAB, now=T)
    assert raised is not None
    with store.write() as db:
        assert claim(db, raised, holder="somebody", now=T)
        if state is not DeliveryState.SENDING:
            settle(db, raised, state, now=T)
    harvested(store, T + 3 * HOUR, FRESH, CL=FRESH)
    assert "There was" not in text(store, alarm_once(store, LINES, LAB, now=T + 3 * HOUR))
    assert states_of(store)[raised] == (state.value, "")


def test_an_alarm_that_was_not_sent_is_overtaken_by_the_next_of_its_spell(store: Store) -> None:
    harvested(store, T, FAILED, CL=STALLED, GR=FRESH)
    first = alarm_once(store, LINES, LAB, now=T)
    harvested(store, T + HOUR, FAILED, CL=STALLED, GR=FAILED)
    second = alarm_once(store, LINES, LAB, now=T + HOUR)
    assert states_of(store) == {first: ("dead", "overtaken"), second: ("pending", "")}
    said = text(store, second)
    assert "Since 18 Nov 2025 06:30 UTC" in said
    assert "cs.CL has stalled" in said


def test_an_alarm_that_was_not_sent_is_not_sent_when_its_end_is_old(store: Store) -> None:
    harvested(store, T, FAILED, CL=FAILED)
    raised = alarm_once(store, LINES, LAB, now=T)
    harvested(store, T + DAY, FRESH, CL=FRESH)
    assert alarm_once(store, LINES, LAB, now=T + 9 * DAY) is None
    assert states_of(store) == {raised: ("dead", "overtaken")}


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
    raised = alarm_once(store, LINES, LAB, now=T)
    assert raised is not None
    with store.write() as db:
        settle(db, raised, DeliveryState.SENT, now=T)
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
        assert digest_ends(db, "lab") == [T]
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
