"""The service's log: one line or one JSON object a record, which unit of work it belongs to, and no secret in it.

A title from arXiv or an answer of a server may end up in a message. So every character that could begin another line
or steer a terminal is written as an escape, and secrets that were named to `hide` are written as ***.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO

from litwatch.service.redaction import harmless, hide, redacted, secrets_of

__all__ = ["Observer", "harmless", "hide", "observe", "redacted", "secrets_of", "set_up", "trouble", "unit"]

log = logging.getLogger("litwatch.units")

Observer = Callable[[str, float, bool], None]
"""Called with the kind of a unit that ended, its seconds, and whether it ended well."""

_QUIETER = {
    "apscheduler": logging.ERROR,  # it warns at every beat while the last one is at work, as in a long poll
    "arxiv": logging.WARNING,
    "urllib3": logging.WARNING,
    "apprise": logging.WARNING,
    "alembic": logging.WARNING,
    "openai": logging.WARNING,  # and it shows what is asked, where OPENAI_LOG wants it
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpcore2": logging.WARNING,
}
"""These tell every request or beat at a level where only ours should speak."""


def set_up(form: Literal["text", "json"], stream: TextIO) -> None:
    """Sends all logging, warnings, and exceptions that nobody catches, to `stream`; called again, it replaces that."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
    handler = _Handler(stream)
    handler.setFormatter(_JsonForm() if form == "json" else _TextForm())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name, level in _QUIETER.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


# --- units of work -------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class _Unit:
    id: str = ""
    kind: str = ""
    subject: str = ""
    well: bool = True
    """False from where it met trouble that it went on after."""


_NO_UNIT = _Unit()
_current: ContextVar[_Unit] = ContextVar("litwatch_unit", default=_NO_UNIT)
_observers: list[Observer] = []


@contextmanager
def unit(kind: str, subject: str = "") -> Iterator[str]:
    """Every record within carries the id that this yields, as "poll-7f3a2c"; its end is told to the observers.

    A thread that is started meanwhile carries it only where it runs in a copy of this context:
    `Thread(target=contextvars.copy_context().run, args=(work,))`.
    """
    this = _Unit(id=f"{kind}-{secrets.token_hex(3)}", kind=kind, subject=subject)
    before = _current.set(this)
    start = time.monotonic()
    well = False
    try:
        yield this.id
        well = this.well
    finally:
        took = time.monotonic() - start
        log.debug("ended %s after %.3f s", "well" if well else "in trouble", took)
        for observer in tuple(_observers):
            try:
                observer(kind, took, well)
            except Exception:
                log.exception("an observer of units failed")
        _current.reset(before)


def trouble() -> None:
    """The unit of work at hand counts as one that ended in trouble, though it raises nothing."""
    if (this := _current.get()) is not _NO_UNIT:
        this.well = False


def observe(observer: Observer) -> Callable[[], None]:
    """Has `observer` told of every unit that ends, in that unit's thread; what this returns ends that."""
    _observers.append(observer)

    def forget() -> None:
        if observer in _observers:
            _observers.remove(observer)

    return forget


# --- forms ---------------------------------------------------------------------------------------------------


class _Handler(logging.StreamHandler[TextIO]):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record) + self.terminator
            encoding = getattr(self.stream, "encoding", None) or "utf-8"
            self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            self.flush()
        except Exception:
            pass  # a full disk or a closed pipe; logging's own answer would print the record with its secrets


class _Form(logging.Formatter):
    """What both forms are made of. Secrets are taken out before anything is escaped: an escape could split one."""

    def message(self, record: logging.LogRecord) -> str:
        try:
            text = record.getMessage()
        except Exception:  # as logging itself: a message that does not fit its arguments is a bug, but ends nothing
            text = f"{record.msg} {record.args}"
        return harmless(redacted(text))

    def trace(self, record: logging.LogRecord) -> str:
        """The traceback and stack; "" without any."""
        parts = [self.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        if record.stack_info:
            parts.append(record.stack_info)
        return harmless(redacted("\n".join(parts)), keep="\n")

    def moment(self, record: logging.LogRecord) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _TextForm(_Form):
    def format(self, record: logging.LogRecord) -> str:
        this = _current.get()
        within = f" [{harmless(this.id)}]" if this.id else ""
        line = f"{self.moment(record)} {record.levelname} {record.name}{within} {self.message(record)}"
        # Indented, so that no text within it can pass for a record.
        return "\n    ".join([line, *self.trace(record).splitlines()])


class _JsonForm(_Form):
    def format(self, record: logging.LogRecord) -> str:
        this = _current.get()
        return json.dumps(
            {
                "ts": self.moment(record),
                "level": record.levelname,
                "logger": record.name,
                "unit": this.id,
                "kind": this.kind,
                "subject": harmless(redacted(this.subject)),
                "message": self.message(record),
                "exc": self.trace(record),
            }
        )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("ended by an error that nobody caught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread else "?"
        told = (args.exc_type, args.exc_value, args.exc_traceback)
        log.critical("the thread %s ended by an error that nobody caught", name, exc_info=told)
