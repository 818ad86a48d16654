"""What a daemon does at a beat where another one keeps the lines, and how long a poll may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import pytest

from conftest import SLACK_URL, Litwatch
from litwatch.cli.running import make_daemon
from litwatch.errors import LitwatchError
from litwatch.model import HarvestState
from litwatch.service.beat import Beat
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest, last_harvest
from litwatch.store.keeper import keep_lines
from litwatch.store.leases import resign
from litwatch.store.lines import line_states, mark_backfilled
from litwatch.store.outbox import digest_ends
from litwatch.store.store import open_store

THEM = "two.example.org:12:5"
"""A daemon on a host that cannot be looked at from here."""


@pytest.fixture
def at(litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Beat]]:
    """at(time): the beat of that time of one day, on the demo's line and papers; arXiv cannot be reached."""
    litwatch("demo", ".")
    config = litwatch.folder / "litwatch.toml"
    nowhere = "".join(f'\n{name}_url = "http://127.0.0.1:9/"' for name in ("api", "oai", "rss"))
    config.write_text(config.read_text().replace("delay_seconds = 3.0", f"delay_seconds = 0{nowhere}"))
    store = open_store(f"sqlite:///{litwatch.folder}/litwatch.db")
    daemon = make_daemon(config, store)

    def beat(time: str) -> Beat:
        monkeypatch.setenv("LITWATCH_NOW", f"2025-11-18T{time}Z")
        return daemon.beat()

    yield beat
    store.close()


def add_line(litwatch: Litwatch) -> None:
    """A file that the store does not know of yet, of a line that is to be searched backwards for."""
    (litwatch.folder / "watchlists" / "here-only.yaml").write_text(
        "question: Do tides warm a harbour?\nclaims:\n- id: c1\n  text: Tides warm a harbour.\ncategories: [cs.IR]\n"
    )


def poll_well(beat: Beat) -> int:
    """As another daemon did: the number of its poll."""
    with beat.store.write() as db:
        ended = HarvestRecord(id=begin_harvest(db, at=beat.now), at=beat.now, state=HarvestState.FRESH)
        finish_harvest(db, ended)
    return ended.id


def last_poll(beat: Beat) -> int:
    with beat.store.read() as db:
        last = last_harvest(db)
    return last.id if last else 0


def keep_elsewhere(beat: Beat) -> None:
    with beat.store.write() as db:
        assert keep_lines(db, who=THEM)


def test_files_that_differ_are_told_of_when_they_have_for_a_while(
    at: Callable[[str], Beat], litwatch: Litwatch
) -> None:
    beat = at("07:00:00")
    beat.rank()
    with beat.store.write() as db:
        resign(db, who=beat.who)
    keep_elsewhere(beat)
    assert not beat.lines_agree()
    add_line(litwatch)
    assert not at("07:10:00").lines_agree()
    assert not at("07:14:59").lines_agree()
    with pytest.raises(
        LitwatchError, match=r"^here-only: differ here from the daemon of two\.example\.org, process 12,"
    ):
        at("07:15:00").lines_agree()
    (litwatch.folder / "watchlists" / "here-only.yaml").unlink()
    assert not at("07:16:00").lines_agree()
    add_line(litwatch)
    assert not at("07:30:00").lines_agree(), "it differs anew"


def test_a_line_that_the_daemon_that_keeps_the_lines_does_not_have_is_no_reason_to_poll(
    at: Callable[[str], Beat], litwatch: Litwatch
) -> None:
    beat = at("07:00:00")
    beat.rank()
    polled = poll_well(beat)
    with beat.store.write() as db:
        resign(db, who=beat.who)
        for slug in line_states(db):
            mark_backfilled(db, slug, now=beat.now)
    keep_elsewhere(beat)
    add_line(litwatch)
    beat = at("09:00:00")
    beat.rank()
    beat.harvest()
    assert last_poll(beat) == polled
    with beat.store.write() as db:
        assert "here-only" not in line_states(db)
        resign(db, who=THEM)
    at("09:00:20").harvest()
    assert last_poll(beat) > polled, "nobody else keeps them: it is searched for"


def test_a_poll_gives_a_sign_of_life_with_every_request(at: Callable[[str], Beat]) -> None:
    signs: list[str] = []

    def noted(job: str) -> AbstractContextManager[None]:
        signs.append(job)
        return nullcontext()

    beat = replace(at("07:00:00"), at_work=noted)
    beat.harvest()
    with beat.store.read() as db:
        record = last_harvest(db)
    assert record
    assert record.requests > 1
    assert signs == ["poll"] * (2 * record.requests)


def test_a_channel_whose_lines_differ_is_told_by_the_daemon_that_keeps_them(
    at: Callable[[str], Beat], litwatch: Litwatch
) -> None:
    config = litwatch.folder / "litwatch.toml"
    channels = (("all", '["*"]'), ("harbour", '["here-*"]'))
    for name, lines in channels:
        said = f'\n[channels.{name}]\nurl = "{SLACK_URL}"\nlines = {lines}\nschedule = "tue 08:00 UTC"\n'
        config.write_text(config.read_text() + said)
    beat = at("07:00:00")
    beat.rank()
    beat.digests()  # the channels are known from now on
    poll_well(beat)
    with beat.store.write() as db:
        resign(db, who=beat.who)
    keep_elsewhere(beat)
    add_line(litwatch)
    beat = at("09:30:00")
    beat.digests()
    with beat.store.read() as db:
        told = {name: len(digest_ends(db, name)) for name, _ in channels}
    assert (told["all"], told["harbour"]) == (0, 0)
    with beat.store.write() as db:
        resign(db, who=THEM)
    beat = at("09:30:20")
    beat.digests()
    with beat.store.read() as db:
        assert [len(digest_ends(db, name)) for name in ("all", "harbour")] == [1, 1]
