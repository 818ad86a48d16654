"""Alarms through the command line: poll sends them, doctor looks into what they tell of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from alarm_sample import FAILED, FRESH, HOUR, LAB, NO_SUCH, STALLED, T, harvested, keep, outcomes, record

from conftest import SLACK_URL, Litwatch, SlackServer
from litwatch.lines.watchlist import load_watchlists
from litwatch.service.alarms import alarm_once
from litwatch.service.outbox import deliver_once
from litwatch.store.store import open_store


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
    store = open_store(cut_off.store_url)
    harvested(store, T, FAILED, CL=STALLED, GR=FAILED, LG=FRESH)
    store.close()
    (says,) = (row["says"] for row in cut_off("doctor", "--json").json if row["check"] == "harvest")
    assert says.startswith("failed at 2025-11-18T06:30:00Z, cs.GR failed, cs.CL stalled (no route); ")
    assert "asked for again by `litwatch poll`" in says
    assert "see whether arXiv announced" in says
    assert "cs.LG" not in says


def test_doctor_says_which_category_arxiv_does_not_have_though_the_rest_is_well(cut_off: Litwatch) -> None:
    store = open_store(cut_off.store_url)
    keep(store, replace(record(T, FRESH), categories=(*outcomes(CL=FRESH), NO_SUCH)))
    store.close()
    cure = "arXiv has no papers in cs.XX: mend `categories` in the watchlists, then `litwatch poll`"
    for now, says in (
        ("2025-11-18T12:00:00Z", f"fresh at 2025-11-18T06:30:00Z; {cure}"),
        ("2025-12-18T12:00:00Z", "ask by `litwatch poll`, or keep `litwatch run` going; " + cure),
    ):
        (row,) = (row for row in cut_off("doctor", "--json", now=now).json if row["check"] == "harvest")
        assert not row["ok"]
        assert row["says"].endswith(says)


def test_doctor_tells_trouble_and_the_category_that_arxiv_does_not_have_each_with_its_cure(cut_off: Litwatch) -> None:
    reason = "HTTP 503; arXiv has no papers in cs.XX: check `categories` in the watchlists"
    store = open_store(cut_off.store_url)
    keep(store, replace(record(T, FAILED), categories=(*outcomes(CL=FAILED), NO_SUCH), reason=reason))
    store.close()
    (says,) = (row["says"] for row in cut_off("doctor", "--json").json if row["check"] == "harvest")
    assert says.startswith("failed at 2025-11-18T06:30:00Z, cs.CL failed (HTTP 503); what was missed is asked for")
    assert says.endswith("; arXiv has no papers in cs.XX: mend `categories` in the watchlists, then `litwatch poll`")


def test_doctor_asks_nobody_to_mend_an_alarm_that_was_overtaken(cut_off: Litwatch, slack_server: SlackServer) -> None:
    slack_server.status = 503
    assert cut_off("poll", now="2025-11-18T07:00:00Z").code == 1
    store = open_store(cut_off.store_url)
    harvested(store, T + 2 * HOUR, FRESH, CL=FRESH)
    line = load_watchlists(cut_off.folder / "watchlists")
    assert alarm_once(store, line, LAB, now=T + 2 * HOUR) is not None
    slack_server.status = 200
    while deliver_once(store, {"lab": SLACK_URL}, now=T + 2 * HOUR):
        pass
    store.close()
    assert [(row["state"], row["last_error"]) for row in cut_off("outbox", "--json").json] == [
        ("sent", None),
        ("dead", "overtaken: it was over before this could be sent; a later message says both"),
    ]
    (row,) = (row for row in cut_off("doctor", "--json").json if row["check"] == "outbox")
    assert (row["ok"], row["says"]) == (True, "nothing waits to be sent")
    (message,) = slack_server.taken
    assert "There was trouble with cs.CL" in str(message)


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
    env = {**os.environ, "LITWATCH_NOW": "2025-11-18T07:00:00Z", "LITWATCH_STORE__URL": cut_off.store_url}
    command = [sys.executable, "-c", KILLED_BEFORE_SENDING, "poll"]
    killed = subprocess.run(command, cwd=cut_off.folder, env=env, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert [row["state"] for row in cut_off("outbox", "--json").json] == ["pending"]
    for now in ("2025-11-18T08:00:00Z", "2025-11-18T09:00:00Z"):
        cut_off("poll", now=now)
    assert [row["state"] for row in cut_off("outbox", "--json").json] == ["sent"]
    assert len(slack_server.taken) == 1
