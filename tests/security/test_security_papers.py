"""What arXiv sends as a paper, in every form that litwatch shows a paper in."""

from __future__ import annotations

import email.message
import json
from collections.abc import Iterator

import pytest
from hostile_arxiv import CLAIM, QUESTION, HostileArxiv
from hostile_checks import is_fine, is_harmless_html, is_harmless_mail, is_harmless_slack, is_shown
from hostile_texts import TEXTS

from conftest import SLACK_URL, Litwatch, SlackServer
from scripted_mail import Script, ScriptedMail

AT_ONCE = 14
BATCHES = [TEXTS[start : start + AT_ONCE] for start in range(0, len(TEXTS), AT_ONCE)]
LINE = "does-intermittent-fasting-lower-blood-pressure"


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    server = ScriptedMail(Script())
    yield server
    server.close()


@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_a_hostile_paper_is_told_in_every_form_and_does_no_harm(
    litwatch: Litwatch, mail: ScriptedMail, slack_server: SlackServer, number: int
) -> None:
    arxiv = HostileArxiv(BATCHES[number])
    try:
        litwatch.configure(
            f"{arxiv.settings}[rank]\ntop = 100\nfloor = 0.01\n[judge]\nthreshold = 0.05\n"
            f'[channels.mail]\nurl = "{mail.url()}"\nalerts = true\nalerts_per_day = 100\n'
            f'[channels.lab]\nurl = "{SLACK_URL}"\n'
        )
        litwatch("add-line", "--question", QUESTION, "--claim", CLAIM, "--categories", "cs.CL")
        polled = litwatch("poll", "--json")
        assert polled.json["new"] == len(arxiv.ids), polled
        # Else nothing below would look at a mark with the sentence that it quotes.
        assert polled.json["contradictions"] > 0
        is_fine(polled)
        is_fine(litwatch("doctor"), 0, 1)
    finally:
        arxiv.close()
    for words in (
        ("papers", LINE),
        ("papers", LINE, "--json"),
        ("papers", LINE, "--rank-all", "--json"),
        ("papers", "--all"),
        ("digest", "--channel", "mail"),
        ("digest", "--channel", "mail", "--json"),
    ):
        answer = litwatch(*words)
        is_fine(answer)
        missing = [name for name in arxiv.ids if name not in answer.out]
        assert not missing, f"{words} does not tell {missing}"
    for words in (
        ("lines",),
        ("show", LINE),
        ("show", LINE, "--json"),
        ("claims", LINE),
        ("claims", LINE, "--json"),
        ("harvests", "--questions"),
        ("harvests", "--json"),
    ):
        is_fine(litwatch(*words))
    _check_files(litwatch, arxiv.ids)
    _check_messages(litwatch, mail, slack_server, arxiv.ids)


def _check_files(litwatch: Litwatch, ids: list[str]) -> None:
    """The forms that a digest is written to a file in."""
    for name in ("digest.html", "digest.txt", "digest.json"):
        is_fine(litwatch("digest", "--channel", "mail", "--out", name))
    page, text, said = (
        (litwatch.folder / name).read_text(encoding="utf-8") for name in ("digest.html", "digest.txt", "digest.json")
    )
    is_harmless_html(page)
    is_shown(text)
    is_shown(said)
    json.loads(said)
    for form in (page, text, said):
        assert all(name in form for name in ids)


def _check_messages(litwatch: Litwatch, mail: ScriptedMail, slack: SlackServer, ids: list[str]) -> None:
    """What a mail server and Slack are sent, and what is said of it."""
    is_fine(litwatch("digest", "--send"))
    (raw,) = mail.taken
    is_harmless_mail(raw)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("html",))
    assert body is not None
    assert all(name in body.get_content() for name in ids)
    (posted,) = slack.taken
    is_harmless_slack(posted)
    assert sum(name in json.dumps(posted) for name in ids) > 5
    is_fine(litwatch("outbox"))
    is_fine(litwatch("outbox", "--json"))
    for form in ("text", "html", "mail", "json"):
        shown = litwatch("replay", "1", "--form", form).out
        is_shown(shown.replace("\r\n", "\n"))
