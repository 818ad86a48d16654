"""Channel URLs as text: what kind one is, whether it is written right, and building one from its parts (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

_MAIL = ("mailto", "mailtos")
_HOOK = re.compile(
    r"https?://hooks\.slack(?P<gov>-gov)?\.com/services/(?P<tokens>[A-Z0-9]+/[A-Z0-9]+/[A-Z0-9]+)/?", re.I
)
_WORKFLOW = re.compile(
    r"https?://hooks\.slack\.com/(?P<kind>workflows|triggers)/(?P<path>[A-Z0-9]+(?:/[A-Z0-9]+){2,3})/?", re.I
)
_BOT = re.compile(r"(?:xoxe\.)?xox[abp]-[A-Z0-9-]+", re.I)
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{7,}")

MODES = {"starttls": 587, "ssl": 465, "insecure": 25}
"""How a mail server is spoken to, each with its usual port: STARTTLS, TLS from the start, neither."""


def service_of(url: str) -> str:
    """What kind of channel a URL is, for people: "mailtos", "slack"; "" where it does not say."""
    found = re.match(r"([a-z][a-z0-9+.-]*)://", url.strip(), re.I)
    return found[1].lower() if found else ""


def is_mail(url: str) -> bool:
    return service_of(url) in _MAIL


def raw_character(url: str) -> str:
    """The first of @ : / # ? that stands raw in the user name or password of a mail URL; "" where none is seen.

    apprise takes such a URL and reads it wrongly: it logs in with half of the password, or mails to the rest of it.
    """
    if not is_mail(url):
        return ""
    before, _, query = url.strip().partition("://")[2].partition("?")
    authority, _, path = before.partition("/")
    if "#" in before:
        return "#"
    login, at, _ = authority.rpartition("@")
    if at:
        return "@" if "@" in login else ":" if login.count(":") > 1 else ""
    host, colon, port = authority.partition(":")
    if not colon or port.isdigit() or host.startswith("["):
        return ""
    # What looks like HOST:PORT has no port: it is USER:PASSWORD, cut off where the password goes on.
    if "@" in path:
        return "/"
    return "?" if "@" in query.partition("=")[0] else ""


def check_part(part: str, text: str) -> None:
    """Raises ValueError where the text cannot be said to a mail server. part: what it is, for people."""
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError(f"the {part} holds a control character")


def check_server(server: str) -> None:
    """Raises ValueError where it is neither a host's name nor an address in brackets."""
    check_part("server", server)
    if not re.fullmatch(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]", server):
        raise ValueError("the server is no host name; write it as smtp.example.org")


def mail_url(
    *, server: str, port: int, mode: str, user: str, password: str, sender: str, recipients: Sequence[str]
) -> str:
    """The URL of a mail channel, everything in it percent-encoded. mode: one of MODES. user: "" for no login.

    Raises ValueError where a part cannot stand in a URL or in what is said to a mail server.
    """
    check_server(server)
    for part, text in (("user name", user), ("password", password), ("sender", sender)):
        check_part(part, text)
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    # Named in the query, too: without smtp= apprise would put another server in place of those it knows.
    parts = {"mode": mode, "smtp": server.strip("[]"), "from": sender, "to": ",".join(recipients)}
    kind = "mailto" if mode == "insecure" else "mailtos"
    return f"{kind}://{login}{server}:{port}/?{urlencode(parts, quote_via=quote, safe='')}"


def is_slacks_own(text: str) -> bool:
    """Whether it is a webhook's address as Slack shows it, which apprise takes, but which names no kind of service."""
    return bool(re.match(r"https?://hooks\.slack(-gov)?\.com(/|$)", text.strip(), re.I))


def slack_url(secret: str, channel: str = "") -> str:
    """The URL of a Slack channel. secret: a webhook's address as Slack shows it, or a bot's token. channel: "#papers",
    a channel's id or "@user"; a bot needs one, a webhook has its own.

    Raises ValueError where the secret is neither.
    """
    secret = secret.strip()
    if _CHANNEL_ID.fullmatch(channel):
        channel = f"+{channel}"
    elif channel and channel[0] not in "#@+":
        channel = f"#{channel}"
    target = f"/{quote(channel, safe='')}" if channel else ""
    if found := _HOOK.fullmatch(secret):
        return f"slack://{found['tokens']}{target}" + ("/?mode=gov-hook" if found["gov"] else "")
    if found := _WORKFLOW.fullmatch(secret):
        mode = "trigger" if found["kind"].lower() == "triggers" else "workflow"
        return f"slack://{found['path']}/?mode={mode}"
    if _BOT.fullmatch(secret):
        if not channel:
            raise ValueError("a bot's token needs a channel to post in, as #papers")
        return f"slack://{secret}{target}"
    raise ValueError(
        "this is neither a webhook's address (https://hooks.slack.com/services/T…/B…/…) nor a bot's token (xoxb-…)"
    )
