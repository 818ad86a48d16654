"""Where a campaign's digests go: a mail server, a Slack and a desk that take, refuse, stall and forget to answer.

Each keeps what it took. What it does with a message is drawn at random, or ordered; when they are calm they take all.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import random
import select
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

MAIL, SLACK, DESK = "mail", "slack", "desk"
CHANNELS = (MAIL, SLACK, DESK)

TAKE = "take"
MOODS = {
    TAKE: 45,
    "refuse": 9,  # 451 or 503
    "hang up": 5,  # before it took anything
    "forget": 8,  # it had the whole message, did not take it, and gave no answer
    "drop": 12,  # took it, and hung up without an answer
    "stall": 3,  # took it, and gives no answer at all
    "quota": 5,  # 452 or 429, for the next messages too
    "revoked": 4,  # a refusal for good: only a person can help
}
KILLS = ("killed before it took it", "killed before the answer", "killed at the answer")
_QUOTA_LASTS = 3


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that a channel's other end took. run: the number of the command that sent it."""

    channel: str
    run: int
    ident: str
    """A mail's Message-ID; "" elsewhere."""
    content: Any
    """A mail's text, Slack's blocks, the desk's text."""
    answered: bool


class StandIns:
    """The other ends. kill: ends the sender at once; it is called when that was ordered."""

    def __init__(self, seed: int, kill: Callable[[], None]) -> None:
        self.taken: list[Taken] = []
        self.moods: Counter[str] = Counter()
        self.run = 0
        self.calm = False
        self.ordered = ""
        """One of KILLS, for the next message."""
        self.killed = False
        self._dice = random.Random(seed)
        self._kill = kill
        self._quota: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._web = _Web(self)
        threading.Thread(target=self._web.serve_forever, args=(0.05,), daemon=True).start()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._mail_port = probe.getsockname()[1]
        self._mail = Controller(_Mail(self), hostname="127.0.0.1", port=self._mail_port)
        self._mail.start()

    @property
    def urls(self) -> dict[str, str]:
        mail = f"mailto://localhost:{self._mail_port}?mode=insecure&smtp=localhost"
        patience = "cto=1&rto=1"
        return {
            MAIL: f"{mail}&from=litwatch@example.org&to=me@example.org&{patience}",
            SLACK: f"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7C/#papers?{patience}",
            DESK: f"json://127.0.0.1:{self._web.server_port}/desk?{patience}",
        }

    @property
    def slack_hook(self) -> str:
        return f"http://127.0.0.1:{self._web.server_port}/slack"

    def mood(self, channel: str) -> str:
        """What becomes of the next message."""
        with self._lock:
            mood = self._drawn(channel)
            self.moods[mood] += 1
            return mood

    def _drawn(self, channel: str) -> str:
        if self.ordered:
            ordered, self.ordered = self.ordered, ""
            return ordered
        if self.calm:
            return TAKE
        if self._quota[channel]:
            self._quota[channel] -= 1
            return "quota"
        (mood,) = self._dice.choices(list(MOODS), weights=list(MOODS.values()))
        if mood == "quota":
            self._quota[channel] = _QUOTA_LASTS
        return mood

    def take(self, channel: str, content: Any, *, ident: str = "", answered: bool) -> None:
        self.taken.append(Taken(channel=channel, run=self.run, ident=ident, content=content, answered=answered))

    def kill(self) -> None:
        self.killed = True
        self._kill()

    def close(self) -> None:
        self._mail.stop()
        self._web.shutdown()
        self._web.server_close()


class _Mail:
    """aiosmtpd's handler."""

    def __init__(self, outer: StandIns) -> None:
        self._outer = outer

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mood = self._outer.mood(MAIL)
        if envelope.mood == "hang up":
            server.transport.abort()
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if envelope.mood == "revoked":
            return "550 5.1.1 No such user here"
        if envelope.mood == "quota":
            return "452 4.2.2 Over quota, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mood = envelope.mood
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if mood == "refuse":
            return "451 4.3.0 Try again later"
        if mood == "killed before it took it":
            self._outer.kill()
        if mood in ("forget", "killed before it took it"):
            server.transport.abort()
            return "451 Nobody hears this"
        body: Any = message.get_body(("plain",))
        answered = mood in (TAKE, "killed at the answer")
        self._outer.take(MAIL, body.get_content(), ident=message["Message-ID"], answered=answered)
        if mood == "stall":
            await asyncio.sleep(10)
        if mood in ("killed before the answer", "killed at the answer"):
            if mood == "killed at the answer":
                server.transport.write(b"250 OK\r\n")
            self._outer.kill()
        if not answered or mood != TAKE:
            server.transport.abort()
        return "250 OK"


class _Web(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, outer: StandIns) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.outer = outer

    def handle_error(self, *_: Any) -> None:
        """A sender that is gone needs no traceback."""


class _Hook(BaseHTTPRequestHandler):
    server: _Web

    def do_POST(self) -> None:
        outer, channel = self.server.outer, SLACK if self.path.startswith("/slack") else DESK
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = message["attachments"][0]["blocks"] if channel == SLACK else message["message"]
        mood = outer.mood(channel)
        refusals = {"refuse": 503, "quota": 429, "revoked": 403}
        if mood in refusals:
            self._answer(refusals[mood])
            return
        if mood in KILLS[:1]:
            outer.kill()
        if mood in ("hang up", "forget", *KILLS[:1]):
            self.close_connection = True
            return
        outer.take(channel, content, answered=mood in (TAKE, "killed at the answer"))
        if mood == "stall":
            select.select([self.connection], [], [], 10)
        elif mood in (TAKE, "killed at the answer"):
            self._answer(200)
        if mood in KILLS:
            outer.kill()
        self.close_connection = True

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass
