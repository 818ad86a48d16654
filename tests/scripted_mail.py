"""A small SMTP server that answers at each stage what it is told to, or hangs up, or stays silent."""

from __future__ import annotations

import base64
import contextlib
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

HANG_UP = "hang up"
SILENCE = "silence"
DRIPPING = "dripping: "
"""What follows is said over and over, each time soon enough, for ten seconds; then the server hangs up."""


@dataclass
class Script:
    """Replies by stage: greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, message. RCPT may be by address."""

    replies: dict[str, str] = field(default_factory=dict)
    starttls: ssl.SSLContext | None = None
    from_the_start: ssl.SSLContext | None = None
    logins_known: str = "PLAIN LOGIN"


class ScriptedMail(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.script = script
        self.taken: list[bytes] = []
        self.logins: list[tuple[str, str]] = []
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(
        self,
        *,
        user: str = "me",
        password: str = "geheim",
        mode: str = "insecure",
        to: str = "me@example.org",
        **more: str,
    ) -> str:
        login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        query = {"smtp": "localhost", "mode": mode, "from": "litwatch@example.org", "to": to, **more}
        parts = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return f"mailto{'s' if mode != 'insecure' else ''}://{login}localhost:{self.port}?{parts}"

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or that does not like the certificate, is what these tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    server: ScriptedMail

    def handle(self) -> None:
        script = self.server.script
        if script.from_the_start:
            self._secure(script.from_the_start)
        self._answer("greeting", "220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                known = ["localhost", *(["STARTTLS"] if script.starttls and not self._secured() else [])]
                known += [f"AUTH {script.logins_known}"] if script.logins_known else []
                rows = [*(f"250-{row}" for row in known), "250 SIZE 1000000"]
                self._answer("EHLO", "\r\n".join(rows))
            elif verb == "STARTTLS" and script.starttls:
                self._answer("STARTTLS", "220 go on")
                self._secure(script.starttls)
            elif verb == "AUTH":
                self._login(line)
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                self._answer(address if address in script.replies else "RCPT", "250 ok")
            elif verb == "DATA":
                self._answer("DATA", "354 go on")
                if not script.replies.get("DATA", "354").startswith("354"):
                    continue
                rows = []
                while (row := self.rfile.readline()) not in (b".\r\n", b""):
                    rows.append(row.removeprefix(b".") if row.startswith(b"..") else row)
                reply = script.replies.get("message", "250 ok")
                if reply[:1] not in "45":
                    self.server.taken.append(b"".join(rows))
                self._answer("message", "250 ok")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._answer(verb, "250 ok")

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def _login(self, line: str) -> None:
        _, mechanism, *initial = line.split(" ")
        if mechanism == "CRAM-MD5":
            self._answer("AUTH", "504 5.5.4 no challenge")
            return
        first = "".join(initial)
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            user = base64.b64decode(first).decode()
            self._say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.rfile.readline()).decode()
        self.server.logins.append((user, password))
        self._answer("AUTH", "235 welcome")

    def _answer(self, stage: str, usual: str) -> None:
        reply = self.server.script.replies.get(stage, usual)
        if reply == SILENCE:
            self.server.closing.wait(30)
            raise ConnectionAbortedError
        if reply == HANG_UP:
            raise ConnectionAbortedError
        if reply.startswith(DRIPPING):
            for _ in range(200):
                self.wfile.write(reply.removeprefix(DRIPPING).encode())
                if self.server.closing.wait(0.05):
                    break
            raise ConnectionAbortedError
        self._say(reply)

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())
        self.wfile.flush()

    def _secured(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def _secure(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.request = self.connection
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
