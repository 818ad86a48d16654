"""Channels as they are configured and as they are: told, and one added to the configuration."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from litwatch.config import Config, load_config
from litwatch.deliver.channel import service_of
from litwatch.errors import ConfigError
from litwatch.model import DeliveryState
from litwatch.store.channels import channel_states
from litwatch.store.outbox import list_deliveries
from litwatch.store.store import Store

_PRIVATE = 0o600
_TO_SEND = (DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.SENDING)


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """A channel for people: nothing of its URL but the kind of service."""

    name: str
    service: str
    lines: tuple[str, ...]
    schedule: str
    alerts: bool
    stopped_at: datetime | None
    because: str
    """Why it is stopped."""
    waiting: int
    """Deliveries that are to be sent."""


def view_channels(store: Store, config: Config) -> tuple[ChannelView, ...]:
    with store.read() as db:
        states = channel_states(db)
        waiting = [delivery.channel for delivery in list_deliveries(db) if delivery.state in _TO_SEND]
    views = []
    for name, channel in config.channels.items():
        state = states.get(name)
        views.append(
            ChannelView(
                name=name,
                service=service_of(channel.url.get_secret_value()) or "unknown",
                lines=channel.lines,
                schedule=channel.schedule,
                alerts=channel.alerts,
                stopped_at=state.stopped_at if state else None,
                because=state.because if state else "",
                waiting=waiting.count(name),
            )
        )
    return tuple(views)


@dataclass(frozen=True, kw_only=True)
class NewChannel:
    name: str
    url: str
    lines: tuple[str, ...] = ("*",)
    schedule: str = "mon 08:00 UTC"
    alerts: bool = False

    @property
    def section(self) -> str:
        """As litwatch.toml has it."""
        rows = [
            f"[channels.{self.name}]",
            f"url = {_toml(self.url)}",
            f"lines = [{', '.join(map(_toml, self.lines))}]",
            f"schedule = {_toml(self.schedule)}",
            *(["alerts = true"] if self.alerts else []),
        ]
        return "".join(f"{row}\n" for row in rows)

    def variables(self, url_file: Path) -> dict[str, str]:
        """The environment that configures it with the URL in a file of its own."""
        prefix = f"LITWATCH_CHANNELS__{self.name.upper().replace('-', '_')}__"
        found = {f"{prefix}URL_FILE": str(url_file)}
        found |= {f"{prefix}LINES": ",".join(self.lines), f"{prefix}SCHEDULE": self.schedule}
        return found | ({f"{prefix}ALERTS": "true"} if self.alerts else {})


def _toml(text: str) -> str:
    """A string of JSON is one of TOML, but that DEL is escaped in it and no surrogate stands for a character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_new(new: NewChannel, path: Path | None, env: Mapping[str, str]) -> bytes:
    """What is to be added to the configuration file for a channel, in its kind of line ends.

    Raises ConfigError where there is such a channel already or the configuration would not be good with it.
    """
    written = _read(path) if path else b""
    here = path.parent if path else Path.cwd()
    if new.name in load_config(path, env, here).channels:
        raise ConfigError(f"there is a channel {new.name} already; `litwatch channel list` shows all")
    try:
        section = new.section.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"channel {new.name}: what is given for it is not UTF-8 text") from None
    added = (b"" if not written or written.endswith(b"\n") else b"\n") + (b"\n" if written else b"") + section
    if b"\r\n" in written:
        added = added.replace(b"\n", b"\r\n")
    try:
        with TemporaryDirectory() as folder:
            trial = Path(folder) / "litwatch.toml"
            trial.touch(_PRIVATE)
            trial.write_bytes(written + added)
            load_config(trial, env, here)
    except OSError as error:
        raise ConfigError(f"no temporary file can be written ({error.strerror}); $TMPDIR names a folder") from error
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(trial), f"{path or 'the configuration'} with it")) from None
    return added


def add_to_file(path: Path, added: bytes) -> str:
    """Appends to the configuration file, which holds a secret from then on; returns what its owner should know, or "".

    Nobody but its owner can read it afterwards where everybody could before. What was in it stays to the byte.
    Raises ConfigError, the file being as it was.
    """
    said = ""
    try:
        with path.open("r+b", buffering=0) as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & stat.S_IROTH:
                # Before it is written: the secret is never in a file that everybody reads.
                os.fchmod(file.fileno(), _PRIVATE)
                said = f"everybody could read {path}, which holds a secret now: its mode is 0600 from here on"
            elif mode & stat.S_IRGRP:
                said = f"the group of {path} can read the secret that it holds now; `chmod 600` keeps it to you"
            end = file.seek(0, os.SEEK_END)
            try:
                if file.write(added) < len(added):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                os.fchmod(file.fileno(), mode)
                raise
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be written ({error.strerror}); --url-file writes the url to another file"
        ) from error
    return said


def check_new_file(path: Path) -> None:
    """Raises ConfigError where `write_secret` would not write it: something is there, or there is no such folder."""
    if path.exists() or path.is_symlink():
        raise ConfigError(f"{path} is there already; name another file, or remove it first")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(f"{path}: cannot be written; name a file in a folder that is there and yours")


def write_secret(path: Path, url: str) -> None:
    """A new file that its owner alone can read. Raises ConfigError when there is one of that name."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"{url}\n")
    except FileExistsError:
        raise ConfigError(f"{path} is there already; name another file, or remove it first") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
