"""A conversation with a mail server that ends: smtplib, each reply of which may otherwise last and grow for ever."""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
import time
from typing import Any

LONGEST_REPLY = 65_536
"""Bytes. RFC 5321, 4.5.3.1.5, has 512 a line; what greets or refuses at length writes a few dozen lines."""
ENDLESS = "a reply without end"
_END = b"\r\n.\r\n"


class Conversation(smtplib.SMTP):
    """smtplib's time limit is for each read alone; this one has another for all together.

    timeout: the seconds that each read may take; patience: those that the conversation may. Where either is over, a
    reply raises SMTPServerDisconnected that says "timed out"; one that does not end, one that says `ENDLESS`.
    context: where TLS is spoken from the start.
    """

    def __init__(
        self, host: str, port: int, *, timeout: float, patience: float, context: ssl.SSLContext | None = None
    ) -> None:
        self._until = time.monotonic() + patience
        self._each = timeout
        self._context = context
        self._room = LONGEST_REPLY
        self.handed_over = False
        """Whether the server has a whole message: from then on a lost answer may mean that it arrived."""
        super().__init__(host, port, timeout=timeout)

    def send(self, data: Any) -> None:
        super().send(data)
        self.handed_over = self.handed_over or (isinstance(data, bytes) and data.endswith(_END))

    def getreply(self) -> tuple[int, bytes]:
        assert self.sock is not None
        if self.file is None:
            self.file = io.BufferedReader(_Reading(self))
        self._room = LONGEST_REPLY
        try:
            return super().getreply()
        except smtplib.SMTPResponseException:  # a single line that is too long
            raise smtplib.SMTPServerDisconnected(ENDLESS) from None

    def receive_into(self, buffer: memoryview) -> int:
        """What there is to read, at most as much as the reply has room for. Raises OSError."""
        assert self.sock is not None
        if self._room <= 0:
            raise ConnectionAbortedError(ENDLESS)
        self.sock.settimeout(self._time())
        read = self.sock.recv_into(buffer[: self._room])
        self._room -= read
        return read

    def _time(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return min(self._each, left)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """At the first of the host's addresses where somebody answers, all of them within the time."""
        refused: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                connection = socket.socket(family, kind, protocol)
            except OSError as error:  # as on a machine without IPv6, which tells nothing of the server
                refused = refused or error
                continue
            try:
                connection.settimeout(self._time())
                connection.connect(address)
            except OSError as error:
                connection.close()
                refused = error
                continue
            return self._context.wrap_socket(connection, server_hostname=host) if self._context else connection
        raise refused or OSError("the host has no address")


class _Reading(io.RawIOBase):
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._conversation.receive_into(memoryview(buffer))


def converse(host: str, port: int, *, mode: str, verify: bool, timeout: float, patience: float) -> Conversation:
    """Greeted by a mail server, over TLS where the mode says so ("starttls", "ssl", "insecure").

    Raises OSError, of which all that smtplib raises is a kind.
    """
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    conversation = Conversation(
        host, port, timeout=timeout, patience=patience, context=context if mode == "ssl" else None
    )
    if mode == "starttls":
        try:
            conversation.starttls(context=context)
        except BaseException:
            conversation.close()
            raise
    return conversation
