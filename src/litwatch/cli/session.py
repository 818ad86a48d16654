"""What a command works with: configuration, clock, store, lines; each made when it is first needed."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import BadParameter

from litwatch.errors import ConfigError, NotFoundError
from litwatch.model import Line, utc
from litwatch.service.redaction import hide, secrets_of

if TYPE_CHECKING:
    from litwatch.config import Config
    from litwatch.service.asking import Services
    from litwatch.service.digests import Channel, Settings
    from litwatch.service.poll import Bench
    from litwatch.store.store import Store


_YEARS = range(1990, 2201)
"""arXiv began in 1991; and far from any paper, moments in other zones or weeks later leave what a calendar holds."""


def clock() -> datetime:
    """The time: $LITWATCH_NOW where it is set, so that a run can be made again as it was."""
    fixed = os.environ.get("LITWATCH_NOW")
    if not fixed:
        return datetime.now(UTC)
    try:
        return _moment(fixed)
    except ValueError as error:
        raise ConfigError(f"LITWATCH_NOW: {error}") from None


def parse_moment(text: str, option: str, *, end_of_day: bool = False) -> datetime:
    """An ISO 8601 date or time given with an option, in UTC where it names no zone. Any other text is wrong usage."""
    try:
        return _moment(text, end_of_day=end_of_day)
    except ValueError as error:
        raise BadParameter(f"{option}: {error}") from None


def _moment(text: str, *, end_of_day: bool = False) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is no date; write it as 2025-11-20 or 2025-11-20T12:00:00Z") from None
    if moment.year not in _YEARS:
        raise ValueError(f"{text!r} is out of range; give a year from {_YEARS[0]} to {_YEARS[-1]}")
    if end_of_day and _is_day(text):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else utc(moment)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def services_for(store: Store, config: Config, now: datetime) -> Services:
    """The ways to arXiv, as a poll of this moment asks them."""
    from litwatch.service.poll import make_services

    arxiv = config.arxiv
    return make_services(
        store,
        api_url=arxiv.api_url,
        oai_url=arxiv.oai_url,
        rss_url=arxiv.rss_url,
        delay=arxiv.delay_seconds,
        timeout=arxiv.timeout_seconds,
        contact=arxiv.contact,
        now=now,
    )


_open: list[Session] = []


def close_sessions() -> None:
    """Lets go of what the command's sessions hold, however it ended."""
    while _open:
        _open[-1].close()


class Session:
    """One run of a command with the configuration at `config_path` (None: where it is looked for)."""

    def __init__(self, config_path: Path | None) -> None:
        self._config_path = config_path
        self.now = clock()
        _open.append(self)

    def close(self) -> None:
        """Lets go of the store and of the connection to arXiv, where there were any."""
        self.leave()
        if "services" in self.__dict__:
            self.services.close()
        if "store" in self.__dict__:
            self.store.close()

    def use(self, store: Store) -> None:
        """Works with a store that is open already, and that whoever opened it closes."""
        self.__dict__["store"] = store
        self.leave()

    def leave(self) -> None:
        """Leaves the store and the connection to whoever took them, who closes them then."""
        if self in _open:
            _open.remove(self)

    @cached_property
    def config_file(self) -> Path | None:
        """None where the environment alone configures litwatch."""
        from litwatch.config import find_config

        return find_config(self._config_path, os.environ, Path.cwd())

    @cached_property
    def config(self) -> Config:
        from litwatch.config import load_config

        config = load_config(self.config_file, os.environ, Path.cwd())
        urls = [config.store_url, *(channel.url.get_secret_value() for channel in config.channels.values())]
        urls.append(config.judge.llm.api_key.get_secret_value())
        hide(secret for url in urls for secret in secrets_of(url))
        return config

    @cached_property
    def store(self) -> Store:
        from litwatch.store.store import open_store

        return open_store(self.config.store_url)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines as their files are now; a claim that a reader added without an id has one from here on."""
        return tuple(map(self.read_line, self.line_files()))

    def line_files(self) -> tuple[Path, ...]:
        from litwatch.lines.watchlist import watchlist_files

        folder = self.config.watchlist_folder
        return watchlist_files(folder) if folder.is_dir() else ()

    def read_line(self, path: Path) -> Line:
        from litwatch.lines.edits import settle
        from litwatch.lines.watchlist import load_line

        read = settle if os.access(path, os.W_OK) else load_line
        return read(path, used=self.used_ids)

    def used_ids(self, slug: str) -> set[str]:
        """Every id that a claim of the line ever had."""
        from litwatch.store.claims import claim_ids

        with self.store.read() as db:
            return claim_ids(db, slug)

    def line(self, name: str) -> Line:
        """The line of that name, else the only one that begins with it or has it within. Raises NotFoundError."""
        for line in self.lines:
            if line.slug == name:
                return line
        slugs = {line.slug: line for line in self.lines} if name else {}
        beginning = [slug for slug in slugs if slug.startswith(name)]
        meant = beginning or [slug for slug in slugs if name in slug]
        if len(meant) == 1:
            return slugs[meant[0]]
        if meant:
            some = ", ".join(meant[:3]) + (" …" if len(meant) > 3 else "")
            what = "the beginning" if beginning else "a part"
            raise NotFoundError(f"{name!r} is {what} of {len(meant)} lines ({some}); write more of the name")
        near = get_close_matches(name, [line.slug for line in self.lines], n=1, cutoff=0.4)
        cure = f"did you mean {near[0]}?" if near else "`litwatch lines` lists them"
        raise NotFoundError(f"there is no line {name!r}; {cure}")

    def line_of(self, slug: str) -> Line | None:
        """The line of exactly that name, whatever the other files hold; None where it is watched no more."""
        return next((self.read_line(path) for path in self.line_files() if path.stem == slug), None)

    def path_of(self, line: Line) -> Path:
        return next(
            path
            for ending in ("yaml", "yml")
            if (path := self.config.watchlist_folder / f"{line.slug}.{ending}").exists()
        )

    @cached_property
    def bench(self) -> Bench:
        from litwatch.service.meaning import make_meaning
        from litwatch.service.poll import Bench, judge_of, make_ranker
        from litwatch.service.second_opinions import asks_of

        return Bench(
            ranker=make_ranker(self.config.rank.floor, make_meaning(self.store, semantic=self.config.rank.semantic)),
            judge=judge_of(self.config, self.store),
            threshold=self.config.judge.threshold,
            asks=asks_of(self.config.judge),
        )

    @cached_property
    def services(self) -> Services:
        return services_for(self.store, self.config, self.now)

    @property
    def settings(self) -> Settings:
        from litwatch.service.setting import settings_of

        return settings_of(self.config)

    @property
    def channels(self) -> tuple[Channel, ...]:
        from litwatch.service.digests import Channel

        return tuple(
            Channel(name=name, url=channel.url.get_secret_value(), lines=channel.lines)
            for name, channel in self.config.channels.items()
        )

    def channel(self, name: str) -> Channel:
        """Raises NotFoundError for a channel that the configuration does not have."""
        for channel in self.channels:
            if channel.name == name:
                return channel
        names = ", ".join(channel.name for channel in self.channels)
        raise NotFoundError(
            f"there is no channel {name!r}; " + (f"there are {names}" if names else "none is configured")
        )

    def catch_up(self) -> None:
        """Ranks and judges what is stored for lines that were added or edited since the last command."""
        from litwatch.service.poll import catch_up

        with self.working("ranking") as progress:
            catch_up(self.store, self.lines, self.bench, now=self.now, progress=progress)

    def working(self, what: str) -> AbstractContextManager[Any]:
        """A line on the terminal that says what is being done; silent where nobody looks."""
        if not sys.stderr.isatty():
            return nullcontext(lambda _: None)
        from litwatch.cli.show import spinner

        return spinner(what)
