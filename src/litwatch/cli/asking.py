"""Answers that options give, or a person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import typer

from litwatch.cli import show
from litwatch.errors import ConfigError, LitwatchError

Choice = TypeVar("Choice", bound=StrEnum)
Check = Callable[[str], object]
"""Raises ValueError or LitwatchError where an answer cannot be."""


class Kind(StrEnum):
    MAIL = "mail"
    SLACK = "slack"
    OTHER = "other"


class Tls(StrEnum):
    STARTTLS = "starttls"
    SSL = "ssl"
    NONE = "none"


class Asker:
    """Takes what an option gives, and asks for the rest where somebody is there to be asked.

    Each answer is checked when it is given. A wrong one is asked for again; that of an option is a ConfigError.
    """

    def __init__(self, *, asks: bool) -> None:
        self.asks = asks and sys.stdin.isatty()

    def text(
        self, given: str | None, option: str, question: str, default: str | None = None, check: Check | None = None
    ) -> str:
        """Where nobody is asked, the default counts; without one it is wrong usage."""
        if given is not None:
            return _checked(given, check)
        while self.asks:
            answer: str = typer.prompt(question, default=default, err=True)
            try:
                return _checked(answer.strip(), check)
            except LitwatchError as error:
                show.note(str(error))
        if default is None or option == "NAME":
            raise typer.BadParameter(f"{option} is missing, and nobody is there to be asked")
        return default

    def choice(
        self, given: Choice | None, option: str, question: str, kinds: type[Choice], default: Choice | None = None
    ) -> Choice:
        known = ", ".join(kinds)
        while True:
            answer = self.text(given, option, f"{question} ({known})", default and default.value).lower()
            if answer in list(kinds):
                return kinds(answer)
            typer.echo(f"{answer!r} is none of {known}", err=True)

    def yes(self, given: bool | None, question: str, *, default: bool) -> bool:
        if given is not None or not self.asks:
            return default if given is None else given
        answer: bool = typer.confirm(question, default=default, err=True)
        return answer

    def secret(self, from_stdin: bool, question: str, check: Check) -> str:
        """From standard input, or typed unseen."""
        if from_stdin:
            return _checked(secret_from_stdin(), check)
        while self.asks:
            answer: str = typer.prompt(f"{question} (it is not shown)", hide_input=True, err=True)
            try:
                return _checked(answer, check)
            except LitwatchError as error:
                show.note(str(error))
        raise typer.BadParameter("a secret is wanted, and nobody is there to be asked: --password-stdin reads it")


def _checked(answer: str, check: Check | None) -> str:
    try:
        if check:
            check(answer)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    return answer


def secret_from_stdin() -> str:
    """The first line of standard input."""
    try:
        secret = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError("what standard input gives is not UTF-8 text") from None
    if not secret:
        raise ConfigError("standard input holds no secret; give it as `… --password-stdin < FILE`")
    return secret


@dataclass(frozen=True, kw_only=True)
class MailAnswers:
    server: str
    port: int
    mode: str
    user: str
    sender: str
    recipients: tuple[str, ...]


def mail_answers(
    asker: Asker,
    *,
    server: str | None,
    port: int | None,
    tls: Tls | None,
    user: str | None,
    sender: str | None,
    to: Sequence[str] | None,
) -> MailAnswers:
    """All that a mail channel wants but its password. Raises ConfigError for what is no port or no address."""
    from litwatch.deliver.address import MODES, check_part, check_server

    server = asker.text(server, "--server", "Mail server, as smtp.example.org", check=check_server)
    usual = Tls.SSL if port == MODES["ssl"] else Tls.STARTTLS
    tls = asker.choice(tls, "--tls", "TLS", Tls, usual)
    mode = "insecure" if tls is Tls.NONE else tls.value
    if port is None:
        port = int(asker.text(None, "--port", "Port", str(MODES[mode]), _check_port))
    question = "User name (empty for no login)"
    user = asker.text(user, "--user", question, "", lambda text: check_part("user name", text))
    sender = asker.text(sender, "--from", "From which address", user if "@" in user else None, _check_addresses)
    given = " ".join(to) if to else None
    recipients = listed(asker.text(given, "--to", "To which addresses", sender, _check_addresses))
    return MailAnswers(server=server, port=port, mode=mode, user=user, sender=sender, recipients=recipients)


def listed(text: str) -> tuple[str, ...]:
    """What stands in a list that a person writes, with commas or without."""
    return tuple(text.replace(",", " ").split())


def _check_port(text: str) -> None:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536):
        raise ValueError(f"{text!r} is no port; write a number from 1 to 65535")


def _check_addresses(text: str) -> None:
    for address in listed(text) or ("",):
        if not _is_address(address):
            raise ValueError(f"{address!r} is no mail address; write it as me@example.org")


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    named = "." in domain.strip(".") or domain == "localhost"
    return bool(local and at and named) and text.isascii() and not any(map(str.isspace, text))
