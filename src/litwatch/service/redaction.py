"""Text that may be shown: without secrets, and without characters that do something instead of being read."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterable, Iterator
from itertools import product
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HIDDEN = "***"

_SHORTEST = 4
"""A shorter piece is hidden only within what surrounds it: hidden alone, it would take pieces out of every word."""
_TOKEN = 8
"""From so many characters on, a piece whose meaning we do not know may be a token."""

_hidden: frozenset[str] = frozenset()
_pattern: re.Pattern[str] | None = None
_hiding = threading.Lock()


def hide(texts: Iterable[str]) -> None:
    """From now on each of these is written as ***, wherever it is `redacted`."""
    global _hidden, _pattern
    with _hiding:
        known = _hidden | {text for text in texts if text}
        if known != _hidden:
            longest_first = sorted(known, key=lambda text: (-len(text), text))
            _pattern = re.compile("|".join(map(re.escape, longest_first)))
            _hidden = known


def redacted(text: str) -> str:
    """The text without what is hidden."""
    return _pattern.sub(HIDDEN, text) if _pattern else text


def harmless(text: str, *, keep: str = "") -> str:
    """The text with every character escaped that begins a line, steers a terminal or cannot be seen, but `keep`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep or c == "\u00a0" else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


# --- what is secret of a URL ---------------------------------------------------------------------------------

_DATABASE = re.compile(r"(postgres|sqlite|mysql|mariadb|oracle|mssql)", re.I)
_TELLING = re.compile(r"pass|pwd|token|key|secret|auth|sig|cred|hash|code|session|bearer", re.I)
_USER = frozenset({"user", "username", "login"})
_PASSWORD = frozenset({"pass", "password", "pwd"})
_NO_SECRET = frozenset(
    {
        "to",
        "from",
        "cc",
        "bcc",
        "reply",
        "name",
        "smtp",
        "mode",
        "format",
        "verify",
        "overflow",
        "rto",
        "cto",
        "tz",
        "emojis",
        "method",
        "lang",
        "priority",
        "image",
        "footer",
        "blocks",
        "template",
        "timestamp",
        "markdown",
        "thread",
        "title",
        "avatar",
        "sound",
        "volume",
        "sslmode",
    }
)
"""Options of apprise and of databases that hold nothing secret."""
_NAMES = frozenset({"litwatch", "localhost", "services", "webhooks", "workflows", "messages", "notifications"})
"""Users, hosts, topics and paths that are no secret: hidden, they would be missing in half of what is said."""


def secrets_of(url: str) -> frozenset[str]:
    """What must not be shown of a channel's or a database's URL: the URL itself and its secret pieces, in every
    form in which a library may write them (percent-encoded and decoded, as Python and JSON quote them, in base64).

    Of a database's URL that is the password; of a channel's the user and password, a host that is a token, pieces of
    the path and values of the query. A URL that was written wrongly is taken apart in each way that it may be meant.
    """
    url = url.strip()
    scheme, separator, rest = url.partition("://")
    if not separator:
        return _forms(url) if len(url) >= _SHORTEST else frozenset()
    pieces: set[str] = set()
    database = bool(_DATABASE.match(scheme))
    for user_info, remainder in _split(rest):
        user, colon, password = user_info.partition(":")
        if len(password) >= _SHORTEST:
            pieces.add(password)
        if colon:
            pieces |= {f"{user}:{password}@", f":{password}@"}
        if not database and user not in _NAMES and len(user) >= _TOKEN:
            pieces.add(user)
        users, passwords = _logins(remainder)
        for name, word in product({unquote(user), *users} - {""}, {unquote(password), *passwords} - {""}):
            plain = f"\0{name}\0{word}"  # as SMTP's AUTH PLAIN has it
            pieces |= {_base64(f"{name}:{word}"), _base64(plain), _base64(word)}
        pieces |= set(_of_query(remainder)) | (set() if database else set(_of_place(remainder)))
    if not database or pieces:
        pieces |= {url, rest}
    return frozenset().union(*map(_forms, pieces))


def _split(rest: str) -> Iterator[tuple[str, str]]:
    """(user info, what follows it) of what stands after ://, in each way that it may be meant.

    A password may hold @, /, ? or # that were not encoded.
    """
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    yield authority.rpartition("@")[0], rest[len(authority.rpartition("@")[0]) :].removeprefix("@")
    before_query = rest.rpartition("?")[0] or rest
    for whole in (before_query, rest.partition("?")[0]):
        if "@" in whole:
            user_info = whole.rpartition("@")[0]
            if not re.search(r"/", user_info.partition(":")[0]):
                yield user_info, rest[len(user_info) + 1 :]


def _of_place(remainder: str) -> Iterator[str]:
    """Host and path of a channel, where they are tokens: "TokenA/TokenB" of Slack, "bot:token" of Telegram."""
    place = re.split(r"[?#]", remainder, maxsplit=1)[0]
    host, *path = place.split("/")
    name, _, port = host.partition(":")
    if port and not port.isdecimal():
        yield from (name, port, host)
    elif "." not in name and len(name) >= _TOKEN and name not in _NAMES:
        yield name
    for segment in path:
        readable = unquote(segment)
        if readable[:1] in ("#", "@", "+") or re.fullmatch(r"[^@]+@[^@]+\.[a-z]+", readable, re.I):
            continue  # whom it goes to
        for piece in {segment, *segment.split(":")}:
            if len(piece) >= _TOKEN and piece not in _NAMES:
                yield piece


def _options(remainder: str) -> Iterator[tuple[str, str]]:
    """(name, value as it is written) of each option in the query."""
    query = remainder.partition("?")[2]
    for pair in re.split(r"[&;]", query.partition("#")[0]):
        key, _, value = pair.partition("=")
        yield unquote(key), value


def _logins(remainder: str) -> tuple[set[str], set[str]]:
    """The users and the passwords in the query: apprise and databases take them there, too."""
    options = [(name.lower(), unquote_plus(value)) for name, value in _options(remainder)]
    users = {value for name, value in options if name in _USER}
    return users, {value for name, value in options if name in _PASSWORD}


def _of_query(remainder: str) -> Iterator[str]:
    for name, value in _options(remainder):
        telling = _TELLING.search(name) or name[:1] in ("+", "-", ":")  # apprise's marks of a header or field
        if (telling and len(value) >= _SHORTEST) or (len(value) >= _TOKEN and name.lower() not in _NO_SECRET):
            yield value
            last = unquote_plus(value).rpartition(" ")[2]  # "Bearer TOKEN"
            if len(last) >= _SHORTEST:
                yield last


def _forms(piece: str) -> frozenset[str]:
    read = {piece, unquote(piece), unquote_plus(piece)}
    written = {encode(text) for text in read for encode in (quote, quote_plus, _quote_all)}
    shown = {quoted[1:-1] for text in read for quoted in (repr(text), json.dumps(text), ascii(text))}
    shown |= {repr(text.encode(errors="surrogatepass"))[2:-1] for text in read}  # as what a server was sent is shown
    lower = {re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), text) for text in written}
    return frozenset(text for text in read | written | shown | lower if len(text) >= _SHORTEST)


def _quote_all(text: str) -> str:
    return quote(text, safe="")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")
