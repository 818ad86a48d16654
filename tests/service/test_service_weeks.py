"""Four weeks of real records, from the page to the mail and Slack message: the main promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SLACK_URL, ArxivSim, Litwatch, MailServer, SlackServer
from litwatch.text import arxiv_ids

WEEKS = ("2025-11-20T12:00:00Z", "2025-11-27T12:00:00Z", "2025-12-04T12:00:00Z", "2025-12-11T12:00:00Z")


@pytest.mark.timeout(400)
def test_a_page_becomes_four_weekly_digests_that_tell_each_paper_once(
    arxivsim: Callable[..., ArxivSim],
    shared: Path,
    litwatch: Litwatch,
    mail_server: MailServer,
    slack_server: SlackServer,
) -> None:
    sim = arxivsim(shared / "arxiv" / "stream-2025.jsonl.gz", WEEKS[0])
    litwatch.configure(
        f"""
[arxiv]
{sim.urls}
delay_seconds = 0
backfill_days = 60
[channels.weekly-mail]
url = "{mail_server.url()}"
[channels.lab-slack]
url = "{SLACK_URL}"
"""
    )
    added = litwatch("add-line", str(shared / "lines" / "pages" / "empathy.txt"), "--json").json
    assert (added["claims"], added["anchors"]) == (9, 4)
    line = added["line"]

    for week, now in enumerate(WEEKS):
        sim.clock(now)
        poll = litwatch("poll", "--json", *(["--backfill"] if week == 0 else []), now=now)
        assert (poll.code, poll.json["state"]) == (0, "fresh")
        previews = litwatch("digest", "--json", now=now).json
        sent = litwatch("digest", "--send", "--json", now=now)
        assert sent.code == 0, sent.err
        for preview, frozen in zip(previews, sent.json, strict=True):
            assert frozen.pop("state") == "sent"
            frozen.pop("delivery")
            assert frozen == preview
        assert litwatch("digest", "--send", now=now).code == 3

    anchors = litwatch("show", line, "--json", now=WEEKS[-1]).json["anchors"]
    assert {anchor["state"] for anchor in anchors} == {"found"}
    told_by_mail = [arxiv_ids(part(mail, "plain")) for mail in mail_server.taken]
    told_by_slack = [
        [arxiv_id for block in message["attachments"][0]["blocks"] for arxiv_id in linked(block)]
        for message in slack_server.taken
    ]
    for told in (told_by_mail, told_by_slack):
        assert len(told) == 4
        assert all(len(ids) >= 10 for ids in told)
        assert max(Counter(arxiv_id for ids in told for arxiv_id in set(ids)).values()) == 1
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 4
    assert all(len(part(mail, "html").encode()) < 95_000 for mail in mail_server.taken)
    outbox = litwatch("outbox", "--json", now=WEEKS[-1]).json
    assert Counter(row["state"] for row in outbox) == {"sent": 8}


def part(mail: object, subtype: str) -> str:
    body = mail.get_body((subtype,))  # type: ignore[attr-defined]
    return str(body.get_content())


def linked(block: dict[str, object]) -> list[str]:
    """The papers that a Slack block tells: those whose abstract page its title links to."""
    text = block.get("text")
    said = str(text.get("text", "")) if isinstance(text, dict) else ""
    return list(arxiv_ids(" ".join(said.split("https://arxiv.org/abs/")[1:]).split("|")[0])) if "/abs/" in said else []
