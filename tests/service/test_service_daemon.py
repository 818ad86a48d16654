"""What the daemon does at a beat: by the hand clock, one beat at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.cli.running import make_daemon
from litwatch.deliver.channel import send
from litwatch.model import HarvestState
from litwatch.service import outbox
from litwatch.service.beat import Beat
from litwatch.service.journal import observe
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest, leave_harvest
from litwatch.store.leases import POLL, holder_of, take
from litwatch.store.outbox import delivered_content, digest_ends
from litwatch.store.store import open_store

SUNDAY = "2025-11-16T12:00:00Z"


@pytest.fixture
def at(
    litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch, slack_server: SlackServer
) -> Iterator[Callable[[str], Beat]]:
    """at(moment): the beat of that moment, on the demo's papers and a channel that is told on Mondays at eight."""
    litwatch("demo", ".")
    config = litwatch.folder / "litwatch.toml"
    nowhere = "".join(f'\n{name}_url = "http://127.0.0.1:9/"' for name in ("api", "oai", "rss"))
    written = config.read_text().replace("delay_seconds = 3.0", f"delay_seconds = 0{nowhere}")
    config.write_text(f'{written}\n[channels.lab]\nurl = "{SLACK_URL}"\nschedule = "mon 08:00 UTC"\n')
    store = open_store(f"sqlite:///{litwatch.folder}/litwatch.db")
    daemon = make_daemon(config, store)

    def beat(moment: str) -> Beat:
        monkeypatch.setenv("LITWATCH_NOW", moment)
        return daemon.beat()

    yield beat
    store.close()


def work_off(beat: Beat) -> None:
    for unit in (beat.harvest, beat.rank, beat.judge, beat.digests, beat.alerts, beat.deliveries):
        while unit():
            pass


def test_a_digest_is_told_once_when_its_time_has_come(at: Callable[[str], Beat], slack_server: SlackServer) -> None:
    for moment, told in (
        (SUNDAY, 0),
        ("2025-11-17T07:59:59Z", 0),
        ("2025-11-17T08:00:00Z", 1),
        ("2025-11-17T08:00:20Z", 1),
        ("2025-11-23T23:00:00Z", 1),
    ):
        work_off(at(moment))
        assert len(slack_server.taken) == told, moment


def test_what_came_due_while_the_daemon_was_down_is_told_once_late(
    at: Callable[[str], Beat], slack_server: SlackServer
) -> None:
    work_off(at(SUNDAY))
    work_off(at("2025-12-10T03:00:00Z"))
    assert len(slack_server.taken) == 1


def test_an_alert_tells_likely_challenges_at_once_and_the_digest_does_not_repeat_them(
    at: Callable[[str], Beat], litwatch: Litwatch, slack_server: SlackServer
) -> None:
    config = litwatch.folder / "litwatch.toml"
    config.write_text(config.read_text() + "alerts = true\n")
    work_off(at(SUNDAY))
    beat = at("2025-11-17T08:00:00Z")
    work_off(beat)
    with beat.store.read() as db:
        alert, digest = (delivered_content(db, number)["sections"] for number in (1, 2))
    told = [{entry["arxiv_id"] for section in each for entry in section["entries"]} for each in (alert, digest)]
    assert told[0]
    assert told[1]
    assert not told[0] & told[1]
    assert len(slack_server.taken) == 2


def test_a_poll_that_failed_waits_before_it_asks_again(at: Callable[[str], Beat], litwatch: Litwatch) -> None:
    for moment in ("2025-11-18T07:00:00Z", "2025-11-18T07:00:20Z", "2025-11-18T07:29:00Z", "2025-11-18T07:31:00Z"):
        at(moment).harvest()
    states = [(row["at"], row["state"]) for row in litwatch("harvests", "--json").json]
    assert [state for state in states if state[1] == "failed"] == [
        ("2025-11-18T07:31:00Z", "failed"),
        ("2025-11-18T07:00:00Z", "failed"),
    ]


def test_trouble_that_stays_is_asked_over_ever_later(at: Callable[[str], Beat], litwatch: Litwatch) -> None:
    for clock in ("07:00:00", "07:29:59", "07:30:00", "08:29:59", "08:30:00", "10:29:59"):
        at(f"2025-11-18T{clock}Z").harvest()
    rows = [row["at"][11:16] for row in litwatch("harvests", "--json").json if row["state"] == "failed"]
    assert rows == ["08:30", "07:30", "07:00"]


def test_the_schedule_is_kept_while_trouble_lasts(at: Callable[[str], Beat], litwatch: Litwatch) -> None:
    for n in range(6):
        beat = at(f"2025-11-18T0{n}:00:00Z")
        with beat.store.write() as db:
            ended = HarvestRecord(id=begin_harvest(db, at=beat.now), at=beat.now, state=HarvestState.FAILED)
            finish_harvest(db, ended)
    for moment in ("2025-11-18T06:29:00Z", "2025-11-18T06:30:00Z"):
        at(moment).harvest()
    rows = [row["at"][11:16] for row in litwatch("harvests", "--json").json]
    assert rows[:2] == ["06:30", "05:00"]


def test_an_alarm_is_told_at_the_beat_whose_poll_failed_and_its_end_by_a_later_one(
    at: Callable[[str], Beat], litwatch: Litwatch, slack_server: SlackServer
) -> None:
    config = litwatch.folder / "litwatch.toml"
    config.write_text(config.read_text() + "alerts = true\n")
    for moment in ("2025-11-18T07:00:00Z", "2025-11-18T07:00:20Z", "2025-11-18T07:45:00Z"):
        beat = at(moment)
        beat.harvest()
        beat.alarms()
        beat.deliveries()
    (message,) = slack_server.taken
    assert "litwatch asks again on 18 Nov 2025 07:30 UTC" in str(message)
    beat = at("2025-11-18T09:00:00Z")
    with beat.store.write() as db:
        ended = HarvestRecord(id=begin_harvest(db, at=beat.now), at=beat.now, state=HarvestState.FRESH)
        finish_harvest(db, ended)
    beat.alarms()
    beat.deliveries()
    assert "harvests are well again" in str(slack_server.taken[1])
    assert "it lasted 2 hours" in str(slack_server.taken[1])


def test_a_delivery_that_was_not_taken_counts_as_a_unit_that_did_not_end_well(
    at: Callable[[str], Beat], slack_server: SlackServer
) -> None:
    ended: list[bool] = []
    leave = observe(lambda kind, seconds, well: ended.append(well) if kind == "send" else None)
    work_off(at(SUNDAY))
    slack_server.status, slack_server.answer = 503, b"busy"
    work_off(at("2025-11-17T08:00:00Z"))
    assert ended == [False]
    ended.clear()
    slack_server.status, slack_server.answer = 200, b"ok"
    work_off(at("2025-11-17T09:00:00Z"))
    leave()
    assert len(slack_server.taken) == 1
    assert ended
    assert all(ended)


def test_a_channel_whose_url_is_broken_holds_no_other_up_and_loses_nothing(
    at: Callable[[str], Beat], litwatch: Litwatch, slack_server: SlackServer
) -> None:
    config = litwatch.folder / "litwatch.toml"
    good = config.read_text()
    config.write_text(good + '[channels.other]\nurl = "mailtos:/me:geheim@example.org"\nschedule = "mon 08:00"\n')
    work_off(at(SUNDAY))
    beat = at("2025-11-17T08:00:00Z")
    work_off(beat)
    assert len(slack_server.taken) == 1
    (trouble,) = beat.channel_troubles.values()
    assert "geheim" not in trouble
    config.write_text(good + f'[channels.other]\nurl = "{SLACK_URL}"\nschedule = "mon 08:00"\n')
    work_off(at("2025-11-17T08:00:40Z"))
    work_off(at("2025-11-24T08:00:00Z"))
    rows = litwatch("outbox", "--json").json
    assert ("other", "sent") in {(row["channel"], row["state"]) for row in rows}


def test_an_edit_since_the_last_poll_is_in_the_digest_that_the_daemon_composes(
    at: Callable[[str], Beat], litwatch: Litwatch
) -> None:
    work_off(at(SUNDAY))
    (path,) = (litwatch.folder / "watchlists").glob("*.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("exclude: []", "exclude: [retrieval]"), encoding="utf-8")
    beat = at("2025-11-17T08:00:00Z")
    for unit in (beat.harvest, beat.rank, beat.judge, beat.digests):
        while unit():
            pass
    with beat.store.read() as db:
        sections = delivered_content(db, 1)["sections"]
    assert not any("retrieval" in entry["title"].lower() for section in sections for entry in section["entries"])


def test_a_channel_that_does_not_answer_holds_no_other_up(
    at: Callable[[str], Beat], litwatch: Litwatch, slack_server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = litwatch.folder / "litwatch.toml"
    slow = "mailto://user:secret@127.0.0.1:9?to=me@example.org&from=me@example.org"
    config.write_text(f'{config.read_text()}[channels.slow]\nurl = "{slow}"\nschedule = "mon 08:00 UTC"\n')
    answer = threading.Event()

    def send_to_the_deaf(channel: str, *args: Any, **options: Any) -> None:
        if channel == "slow":
            assert answer.wait(300)
        else:
            send(channel, *args, **options)

    monkeypatch.setattr(outbox, "send", send_to_the_deaf)
    beat = at(SUNDAY)
    beat.harvest()
    while beat.rank() or beat.judge():
        pass
    beat.digests()
    beat = at("2025-11-17T08:00:00Z")
    beat.harvest()
    beat.digests()
    beat.deliveries(wait=False)
    states: dict[str, str] = {}
    end = time.monotonic() + 120
    while states != {"lab": "sent", "slow": "sending"} and time.monotonic() < end:
        # Each beat leaves the one that is at it alone, and does not wait for it, either.
        at("2025-11-17T08:00:10Z").deliveries(wait=False)
        states = {row["channel"]: row["state"] for row in litwatch("outbox", "--json").json}
    answer.set()
    beat.senders.close()
    assert states == {"lab": "sent", "slow": "sending"}
    assert {row["state"] for row in litwatch("outbox", "--json").json} == {"sent"}


def test_a_digest_waits_for_papers_that_are_stored_and_not_ranked_yet_but_an_hour_at_most(
    at: Callable[[str], Beat],
) -> None:
    work_off(at(SUNDAY))
    beat = at("2025-11-17T08:00:00Z")
    beat.harvest()
    with beat.store.write() as db:
        db.execute(text("UPDATE lines SET ranked_through = 0"))
    composed = []
    for moment in ("2025-11-17T08:00:20Z", "2025-11-17T08:59:59Z", "2025-11-17T09:00:00Z"):
        late = at(moment)
        late.digests()
        with late.store.read() as db:
            composed.append(len(digest_ends(db, "lab")))
    assert composed == [0, 0, 1]


def test_a_lease_that_could_not_be_given_back_is_given_back_later(at: Callable[[str], Beat]) -> None:
    work_off(at(SUNDAY))
    beat = at("2025-11-16T12:00:10Z")
    with beat.store.write() as db:
        assert take(db, POLL)
    beat.harvest()
    with beat.store.read() as db:
        assert holder_of(db, POLL) == ""


def test_a_poll_whose_process_dies_is_made_again_at_once_and_after_three_times_ever_later(
    at: Callable[[str], Beat],
) -> None:
    work_off(at(SUNDAY))
    polls = 0
    for minute in range(6 * 60):
        beat = at(f"2025-11-17T{6 + (30 + minute) // 60:02}:{(30 + minute) % 60:02}:00Z")
        if beat.poll_is_due:
            polls += 1
            with beat.store.write() as db:
                leave_harvest(db, begin_harvest(db, at=beat.now))
    # At 06:30, 06:31 and 06:32, then half an hour later and ever further apart.
    assert 4 <= polls <= 8
