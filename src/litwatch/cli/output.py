"""Standard output that may be full or gone: a disk that ends an answer is told in one line, a closed pipe in none."""

from __future__ import annotations

import errno
import io
import sys
from contextlib import suppress

from litwatch.errors import LitwatchError


class OutputError(LitwatchError):
    """What standard output goes to does not take it."""


class _Output(io.FileIO):
    """After one failure nothing more is written, so that what is still buffered fails no second time at the end."""

    failed = False

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.failed:
            return len(data)
        try:
            return super().write(data)
        except OSError as error:
            self.failed = True
            if error.errno == errno.EPIPE:
                raise
            raise OutputError(
                f"standard output cannot be written ({error.strerror}): the answer is cut off; make room and run "
                "the command again"
            ) from error


def guard() -> None:
    """Puts such a stream in the place of the process's own standard output; one that was exchanged is left alone."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    # A title in Greek ends no command on a Latin-1 terminal.
    sys.stdout.reconfigure(errors="replace")
    if sys.stdout is sys.__stdout__:
        own = sys.stdout
        raw = _Output(own.fileno(), "wb", closefd=False)
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=own.encoding,
            errors=own.errors,
            line_buffering=own.line_buffering,
            write_through=own.write_through,
        )


def finish() -> None:
    """Writes out what is still buffered. Raises OutputError."""
    if sys.stdout is not None:
        with suppress(BrokenPipeError):  # whoever read it has seen enough
            sys.stdout.flush()
