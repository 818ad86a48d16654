"""What the daemon works with: configuration and lines as they were when they were last whole.

Both are the reader's files and may be edited, or broken, at any time. Each beat asks here; a file is read again only
when it changed, and while one is broken what it said before goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from litwatch.config import Config
from litwatch.errors import ConfigError, LitwatchError
from litwatch.judge.base import Judge
from litwatch.judge.llm import Asks
from litwatch.judge.trained_judge import CALIBRATION_FILE, MODEL_FILE
from litwatch.lines.watchlist import find_files
from litwatch.model import Line
from litwatch.schedule import Schedule
from litwatch.service.digests import Channel, Settings
from litwatch.service.meaning import make_meaning
from litwatch.service.poll import Bench, judge_of, make_ranker
from litwatch.service.second_opinions import asks_of, budget_of
from litwatch.store.store import Store

log = logging.getLogger("litwatch.setting")

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A channel with when it is told and whether it wants likely challenges and trouble at once."""

    channel: Channel
    schedule: Schedule
    alerts: bool


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One state of the reader's files."""

    number: int
    """Grows with each change of the files."""
    config: Config
    config_file: Path | None = None
    """None where the environment alone configures litwatch."""
    lines: tuple[Line, ...]
    troubles: tuple[str, ...] = ()
    """What is broken, and what is done until it is mended."""

    @cached_property
    def channels(self) -> tuple[Told, ...]:
        return tuple(
            Told(
                channel=Channel(
                    name=name,
                    url=channel.url.get_secret_value(),
                    lines=channel.lines,
                    alerts_per_day=channel.alerts_per_day,
                ),
                schedule=Schedule.parse(channel.schedule),
                alerts=channel.alerts,
            )
            for name, channel in self.config.channels.items()
        )

    @cached_property
    def poll_schedule(self) -> Schedule:
        return Schedule.parse(self.config.arxiv.poll)

    @property
    def settings(self) -> Settings:
        return settings_of(self.config)


def settings_of(config: Config) -> Settings:
    """How digests are composed."""
    rank, judge = config.rank, config.judge
    return Settings(
        top=rank.top,
        threshold=judge.threshold,
        explore=rank.explore,
        floor=rank.floor,
        budget=budget_of(judge) if judge.method == "llm" else None,
    )


class _BenchKey(NamedTuple):
    floor: float
    semantic: bool
    threshold: float
    method: str
    model: str
    files: tuple[_Stamp, ...]
    """Of the model: one that is made anew in its place is another one."""
    asks: Asks | None


class LastGood:
    """The reader's files, read again where they changed.

    read_config: reads the configuration anew; sources: the files that it is read from. read_line: reads one watchlist
    file. Both raise LitwatchError for what the reader can mend.
    """

    def __init__(
        self,
        read_config: Callable[[], Config],
        sources: Sequence[Path],
        read_line: Callable[[Path], Line],
        *,
        config_file: Path | None = None,
    ) -> None:
        self._config_file = config_file
        self._read_config = read_config
        self._sources = tuple(sources)
        self._read_line = read_line
        self._config: Config | None = None
        self._config_stamps: tuple[_Stamp, ...] = ()
        self._config_trouble = ""
        self._lines: dict[Path, Line] = {}
        self._stamps: dict[Path, _Stamp] = {}
        self._line_troubles: dict[Path, str] = {}
        self._folder_trouble = ""
        self._setting: Setting | None = None
        self._bench: tuple[_BenchKey, Bench] | None = None

    def current(self, *, anew: bool = False) -> Setting:
        """The setting as the files are now. anew: read all of them, changed or not.

        Raises ConfigError when the configuration is broken and was never whole.
        """
        if anew:
            self._config_stamps, self._stamps = (), {}
        changed = self._take_config()
        changed = self._take_lines() or changed
        if self._setting is None or changed or anew:
            assert self._config is not None
            troubles = (self._config_trouble, self._folder_trouble, *self._line_troubles.values())
            self._setting = Setting(
                number=self._setting.number + 1 if self._setting else 1,
                config=self._config,
                config_file=self._config_file,
                lines=tuple(self._lines.values()),
                troubles=tuple(filter(None, troubles)),
            )
        return self._setting

    def bench(self, setting: Setting, store: Store) -> Bench:
        """What ranks and judges by this setting; made again only for other values. store: keeps what was read.

        Raises ConfigError where a judge's model that is configured from the start cannot be read; a later one is
        logged, and what judged before goes on judging.
        """
        rank, judge = setting.config.rank, setting.config.judge
        model = setting.config.judge_model
        files = tuple(_stamp(model / name) for name in (MODEL_FILE, CALIBRATION_FILE)) if model else ()
        key = _BenchKey(rank.floor, rank.semantic, judge.threshold, judge.method, judge.model, files, asks_of(judge))
        if self._bench is None or self._bench[0] != key:
            ranker = make_ranker(rank.floor, make_meaning(store, semantic=rank.semantic))
            self._bench = (
                key,
                Bench(
                    ranker=ranker,
                    judge=self._judge(setting.config, store),
                    threshold=judge.threshold,
                    asks=key.asks,
                ),
            )
        return self._bench[1]

    def _judge(self, config: Config, store: Store) -> Judge:
        try:
            return judge_of(config, store)
        except ConfigError as error:
            if self._bench is None:
                raise
            log.error("judging goes on as before: %s", error)
            return self._bench[1].judge

    def _take_config(self) -> bool:
        """Whether it differs from before, its trouble included."""
        stamps = tuple(_stamp(path) for path in self._sources)
        if stamps == self._config_stamps and self._config is not None:
            return False
        self._config_stamps = stamps
        before = self._config, self._config_trouble
        try:
            self._config, self._config_trouble = self._read_config(), ""
        except ConfigError as error:
            if self._config is None:
                raise
            self._config_trouble = f"{error}; until then the configuration stays as it was"
        return (self._config, self._config_trouble) != before

    def _take_lines(self) -> bool:
        """Whether any line, or any trouble with one, differs from before."""
        assert self._config is not None
        folder = self._config.watchlist_folder
        before = self._folder_trouble
        try:
            files, doubles = find_files(folder, known=self._lines.keys()) if folder.is_dir() else ((), {})
            # A disk that is not mounted takes no line away: they would be begun anew when it is back.
            gone = self._lines and not (folder.is_dir() and any(folder.iterdir()))
        except OSError as error:
            files, doubles, gone = (), {}, True
            log.debug("%s: %s", folder, error)
        if gone:
            self._folder_trouble = f"{folder} is gone; bring it back: until then the lines stay as they were"
            return self._folder_trouble != before
        self._folder_trouble = "" if files or doubles else f"{folder} holds no line; `litwatch add-line PAGE` adds one"
        changed = self._folder_trouble != before
        for path in files:
            stamp = _stamp(path)
            if path not in self._stamps or self._stamps[path] != stamp:
                changed = True
                self._take_line(path, stamp)
        for path, trouble in doubles.items():
            changed = changed or self._line_troubles.get(path) != trouble
            self._line_troubles[path] = trouble
        for path in [
            path for path in (*self._lines, *self._line_troubles) if path not in files and path not in doubles
        ]:
            changed = True
            self._line_troubles.pop(path, None)
        changed = changed or any(path not in files for path in self._lines)
        self._lines = {path: self._lines[path] for path in files if path in self._lines}
        self._stamps = {path: self._stamps[path] for path in files}
        return changed

    def _take_line(self, path: Path, stamp: _Stamp) -> None:
        try:
            self._lines[path] = self._read_line(path)
            self._line_troubles.pop(path, None)
        except Exception as error:
            said = str(error) if isinstance(error, LitwatchError) else f"{path}: {type(error).__name__}"
            if not isinstance(error, LitwatchError):
                log.exception("%s could not be read", path)
            until = "its line stays as it was" if path in self._lines else "it is no line"
            self._line_troubles[path] = f"{said}; until then {until}"
        # Reading may have written the file, to give a new claim its id.
        self._stamps[path] = stamp if path in self._line_troubles else _stamp(path)


def _stamp(path: Path) -> _Stamp:
    """What changes with a file's content, as far as the file system tells without reading it."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
