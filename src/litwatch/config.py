"""litwatch.toml and its environment, parsed once into a frozen value.

Each value may come from the file, from LITWATCH_SECTION__KEY, or from the file named by
LITWATCH_SECTION__KEY_FILE; the environment wins. Messages name a key by its full path and never show a
channel's URL: it holds a password.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from litwatch.errors import ConfigError
from litwatch.schedule import Schedule

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

FILE_NAME = "litwatch.toml"
ENV_PREFIX = "LITWATCH_"
_ALONE = ("LITWATCH_STORE__URL", "LITWATCH_STORE__URL_FILE")
"""Without a file one of these must name the store: any other variable may be left over from elsewhere, and must not
make a new store where a command happens to run."""

_TOO_DEEP = "is not TOML that litwatch takes: it is nested too deeply"

# A name of ours goes into file names and ids of digests.
_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"


def _schedule(text: str) -> str:
    Schedule.parse(text)
    return text


def _address(url: str) -> str:
    if not re.match(r"https?://", url):
        raise ValueError("must begin with http:// or https://")
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and not re.search(r"\s", url) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise ValueError("is no address; write it as https://HOST/PATH")
    if parts.query or parts.fragment:
        raise ValueError("must end before its ? or #; litwatch adds what it asks")
    return url


def _own_address(url: str) -> str:
    if "@" in urlsplit(_address(url)).netloc:
        raise ValueError("holds a password, which would be shown; give it as api_key")
    return url


def _loopback(text: str) -> str:
    """ "" or HOST:PORT on this machine's own loopback: what is answered there is for nobody else."""
    if not text:
        return text
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    try:
        good = (host == "localhost" or ip_address(host).is_loopback) and 0 <= int(port) <= 65535
    except ValueError:
        good = False
    if not good:
        raise ValueError('must be a loopback address with a port, as "127.0.0.1:9477", or "" for none')
    return text


def _path(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds characters that cannot be seen; write a path without them")
    if len(text) > 4000 or any(len(part.encode()) > 255 for part in text.split("/")):
        raise ValueError("is too long for a path")
    return text


PathText = Annotated[str, AfterValidator(_path)]
ListenText = Annotated[str, AfterValidator(_loopback)]
Address = Annotated[str, AfterValidator(_address)]
OwnAddress = Annotated[str, AfterValidator(_own_address)]
ScheduleText = Annotated[str, AfterValidator(_schedule)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSection(_Section):
    url: PathText = "sqlite:///litwatch.db"


class WatchlistsSection(_Section):
    path: PathText = "watchlists"


class ArxivSection(_Section):
    api_url: Address = "https://export.arxiv.org/api/query"
    oai_url: Address = "https://oaipmh.arxiv.org/oai"
    rss_url: Address = "https://rss.arxiv.org/rss"
    delay_seconds: float = Field(3.0, ge=0, le=3600)
    timeout_seconds: float = Field(60.0, gt=0, le=3600)
    contact: str = Field("", pattern=r"^[\x20-\x7e]*$")
    poll: ScheduleText = "daily 06:30 UTC"
    backfill_days: int = Field(180, ge=1, le=3650)


class RankSection(_Section):
    floor: float = Field(0.1, ge=0, le=1)
    top: int = Field(20, ge=1, le=500)
    explore: int = Field(2, ge=0, le=20)
    semantic: bool = True


class LanguageModelSection(_Section):
    url: OwnAddress = "http://127.0.0.1:11434/v1"
    model: str = Field("", max_length=200, pattern=r"^[\x21-\x7e]*$")
    api_key: SecretStr = SecretStr("")
    tokens_per_month: int = Field(2_000_000, ge=0, le=10**12)
    money_per_month: float | None = Field(None, ge=0, le=10**9)
    price_in: float = Field(0.0, ge=0, le=10**6)
    price_out: float = Field(0.0, ge=0, le=10**6)
    timeout_seconds: float = Field(60.0, gt=0, le=600)
    ask_from: float = Field(0.2, ge=0, le=1)

    @model_validator(mode="after")
    def _has_a_price(self) -> LanguageModelSection:
        if self.money_per_month is not None and not (self.price_in or self.price_out):
            raise ValueError(
                "money_per_month bounds nothing without a price: set judge.llm.price_in and "
                "judge.llm.price_out, or bound judge.llm.tokens_per_month alone"
            )
        return self


class JudgeSection(_Section):
    method: Literal["default", "cues", "llm"] = "default"
    model: PathText = ""
    threshold: float = Field(0.5, ge=0, le=1)
    llm: LanguageModelSection = LanguageModelSection()

    @model_validator(mode="after")
    def _names_the_model(self) -> JudgeSection:
        if self.method == "llm" and not self.llm.model:
            raise ValueError('with method = "llm" judge.llm.model must name the language model, as its server does')
        return self


class ChannelSection(_Section):
    url: SecretStr
    lines: tuple[str, ...] = ("*",)
    schedule: ScheduleText = "mon 08:00 UTC"
    alerts: bool = False
    alerts_per_day: int = Field(3, ge=1, le=1000)


class DeliverySection(_Section):
    unknown: Literal["resend", "keep"] = "resend"


class ServiceSection(_Section):
    listen: ListenText = "127.0.0.1:9477"
    log: Literal["text", "json"] = "text"


class BackupSection(_Section):
    path: PathText = ""
    schedule: ScheduleText = "sun 04:00 UTC"
    keep: int = Field(4, ge=1, le=1000)


class RetentionSection(_Section):
    papers_days: int = Field(1100, ge=0, le=36500)
    records_days: int = Field(400, ge=0, le=36500)
    digests_days: int = Field(0, ge=0, le=36500)


class Config(_Section):
    """The whole configuration; `folder` is where relative paths start."""

    store: StoreSection = StoreSection()
    watchlists: WatchlistsSection = WatchlistsSection()
    arxiv: ArxivSection = ArxivSection()
    rank: RankSection = RankSection()
    judge: JudgeSection = JudgeSection()
    delivery: DeliverySection = DeliverySection()
    service: ServiceSection = ServiceSection()
    backup: BackupSection = BackupSection()
    retention: RetentionSection = RetentionSection()
    channels: dict[Annotated[str, Field(pattern=_NAME)], ChannelSection] = {}
    folder: Path = Field(exclude=True)

    @property
    def watchlist_folder(self) -> Path:
        return self.folder / self.watchlists.path

    @property
    def judge_model(self) -> Path | None:
        """The folder of a model made by `litwatch train-judge`; None for the one that comes along."""
        return self.folder / self.judge.model if self.judge.model else None

    @property
    def store_url(self) -> str:
        """The store's URL, a relative SQLite path made absolute from the configuration's folder."""
        kind, _, path = self.store.url.partition(":///")
        if not kind.startswith("sqlite") or not path or path == ":memory:" or Path(path).is_absolute():
            return self.store.url
        return f"{kind}:///{(self.folder / path).resolve()}"


def find_config(named: Path | None, env: Mapping[str, str], here: Path) -> Path | None:
    """The configuration file to read: the one named, $LITWATCH_CONFIG, ./litwatch.toml, the user's own.

    None where there is none but the environment names the store: then it configures litwatch alone, as in a
    container.

    Raises ConfigError when the named file does not exist, none is found anywhere, or a folder may not be looked into.
    """
    if named is None and env.get("LITWATCH_CONFIG"):
        named = Path(env["LITWATCH_CONFIG"])
    if named is not None:
        if not _is_file(named):
            raise ConfigError(f"{named}: no such configuration file; `litwatch init {named.parent}` writes one")
        return named
    user = Path(env.get("XDG_CONFIG_HOME") or Path(env.get("HOME", "~")).expanduser() / ".config") / "litwatch"
    for folder in (here, user):
        if _is_file(folder / FILE_NAME):
            return folder / FILE_NAME
    if any(env.get(name) for name in _ALONE):
        return None
    raise ConfigError(
        f"no {FILE_NAME} in {here} nor in {user}; `litwatch init` writes one here, --config PATH names another, "
        f"{_ALONE[0]} does without one"
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise ConfigError(
            f"{path}: this user cannot look whether it is there ({error.strerror}); "
            "name another with --config PATH, or start elsewhere"
        ) from error


def sources(path: Path | None, env: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that the configuration is read from: its own, and those that the environment names."""
    named = [
        Path(value)
        for name, value in sorted(env.items())
        if name.startswith(ENV_PREFIX) and name.endswith("_FILE") and "__" in name and value
    ]
    return (*([path] if path else []), *named)


def load_config(path: Path | None, env: Mapping[str, str], here: Path) -> Config:
    """The configuration of `path` (None: defaults) with the environment's values on top.

    Raises ConfigError with the full path of the key at fault, or the variable, and the nearest known one.
    """
    written = _read(path) if path else {}
    try:
        data = deepcopy(written)
    except RecursionError:
        raise ConfigError(f"{path}: {_TOO_DEEP}") from None
    variables = {_put(data, keys, value): name for name, keys, value in _environment(env)}
    source = str(path) if path else "environment"
    if "folder" in data:
        raise ConfigError(f"{source}: unknown key folder")
    try:
        return Config.model_validate({**data, "folder": (path.parent if path else here).resolve()})
    except ValidationError as error:
        trouble = error.errors(include_url=False, include_input=False, include_context=False)[0]
        blamed = _variable(trouble, variables, written) or source
        raise ConfigError(f"{blamed}: {_says(trouble)}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    except ValueError as error:  # a number of thousands of digits
        raise ConfigError(f"{path}: is not TOML: it holds a number that is too long") from error
    except RecursionError:
        raise ConfigError(f"{path}: {_TOO_DEEP}") from None


def _environment(env: Mapping[str, str]) -> Iterator[tuple[str, list[str], Any]]:
    """(variable, path of the key, value) of each variable that holds a key."""
    for name, value in sorted(env.items()):
        if not name.startswith(ENV_PREFIX) or "__" not in name:
            continue
        keys = [key.lower() for key in name.removeprefix(ENV_PREFIX).split("__")]
        if keys[-1].endswith("_file"):
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "not UTF-8 text"
                raise ConfigError(f"{name}: the file it names cannot be read ({reason})") from error
            keys[-1] = keys[-1].removesuffix("_file")
        yield name, keys, [part.strip() for part in value.split(",")] if keys[-1] == "lines" else value


def _put(data: dict[str, Any], keys: list[str], value: Any) -> tuple[str, ...]:
    """Sets a key of the environment and says its place."""
    place: list[str] = []
    for depth, key in enumerate(keys[:-1]):
        if depth == 1 and keys[0] == "channels":  # a shell's variable holds no hyphen, and its capitals say nothing
            key = next((name for name in data if name.lower().replace("-", "_") == key), key.replace("_", "-"))
        place.append(key)
        data = data.setdefault(key, {})
        if not isinstance(data, dict):
            return (*place, *keys[depth + 1 :])  # validation will say what stands there instead of a section
    data[keys[-1]] = value
    return (*place, keys[-1])


# --- what is wrong, in our words -----------------------------------------------------------------------------


def _variable(trouble: ErrorDetails, variables: Mapping[tuple[str, ...], str], written: dict[str, Any]) -> str | None:
    """The environment's variable that a trouble comes from; None where the file is at fault."""
    place = _place(trouble)
    if trouble["type"] == "missing":
        place = place[:-1]
    for keys, name in variables.items():
        value_is_its = keys == place[: len(keys)]
        section_is_its = place == keys[: len(place)] and not _holds(written, place)
        if value_is_its or section_is_its:
            return name
    return None


def _place(trouble: ErrorDetails) -> tuple[str, ...]:
    return tuple(str(part) for part in trouble["loc"] if part != "[key]")


def _holds(written: dict[str, Any], place: tuple[str, ...]) -> bool:
    found: Any = written
    for key in place:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return True


_FORMS = {
    "tuple_type": 'write a list, as lines = ["*"]',
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "string_type": "write a text in quotes",
}


def _says(trouble: ErrorDetails) -> str:
    place = _place(trouble)
    where, kind = ".".join(place), trouble["type"]
    section = _section(place)
    field = section.model_fields.get(place[-1])
    if kind == "extra_forbidden":
        known = [name for name in section.model_fields if name != "folder"]
        near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
        cure = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        return f"unknown key {where}; {cure}"
    if kind == "missing":
        return f"{where} is missing"
    if "lines" in place[2:]:
        return f"{'.'.join(place[:3])}: {_FORMS['tuple_type']}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{where}: write " + (
            "each as a section, [channels.NAME]" if kind == "dict_type" else f"it as a section, [{where}]"
        )
    if "pattern" in kind:
        return f"{where}: {_pattern_says(place)}"
    if kind == "literal_error" and field:
        choices = " or ".join(f'"{choice}"' for choice in get_args(field.annotation))
        return f"{where}: write {choices}"
    if field and field.annotation in (int, float, float | None) and kind != "value_error":
        return f"{where}: write a {'whole ' if field.annotation is int else ''}number {_range(field)}"
    return f"{where}: {_FORMS.get(kind) or trouble['msg'].removeprefix('Value error, ')}"


def _pattern_says(place: tuple[str, ...]) -> str:
    if place[0] == "channels":
        return "a channel's name is made of letters, digits, '-' and '_'"
    if place[-1] == "model":
        return "write the model's name as its server has it, without blanks"
    return "must begin with http:// or https://" if place[-1].endswith("_url") else "write it in plain ASCII characters"


def _range(field: FieldInfo) -> str:
    bounds = {
        name: getattr(bound, name) for bound in field.metadata for name in ("ge", "gt", "le") if hasattr(bound, name)
    }
    least = f"from {bounds['ge']} to" if "ge" in bounds else f"above {bounds['gt']}, up to"
    return f"{least} {bounds['le']}"


def _section(place: tuple[str, ...]) -> type[BaseModel]:
    """The section that the last key of a place stands in."""
    if len(place) < 2:
        return Config
    if place[0] == "channels":
        return ChannelSection
    section: BaseModel = Config(folder=Path())
    for key in place[:-1]:
        section = getattr(section, key)
    return type(section)


TEMPLATE = """\
# litwatch's configuration. Every key can also be given as LITWATCH_SECTION__KEY, and any value as
# LITWATCH_SECTION__KEY_FILE, read from that file (good for passwords). Relative paths start here.

[store]
url = "sqlite:///litwatch.db"

[watchlists]
path = "watchlists"

[arxiv]
# arXiv asks for one request every three seconds at most, and likes to know who asks.
delay_seconds = 3.0
timeout_seconds = 60
contact = ""                            # your mail address, for the User-Agent
poll = "daily 06:30 UTC"                # arXiv's contents change once a day
backfill_days = 180                     # how far back a new line looks

[rank]
floor = 0.1                             # below it a paper is no match
top = 20                                # papers per line and digest
semantic = true                         # reads likely papers by meaning, too: some 55 ms a paper on two cores, once
explore = 2                             # papers per digest drawn by chance, to see what is missed; 0: none

[judge]
threshold = 0.5                         # from here on a likely contradiction is marked
# method = "llm"                        # asks a language model, too, of what may be a challenge; it needs
#                                       # `pip install "litwatch[llm]"`
# [judge.llm]
# url = "http://127.0.0.1:11434/v1"     # any that speaks as OpenAI's does: Ollama, vLLM, a paid one
# model = "qwen3:8b"
# api_key = ""                          # better as LITWATCH_JUDGE__LLM__API_KEY_FILE
# tokens_per_month = 2000000            # when they are used up, nothing is asked until the next month
# price_in = 0.0                        # of a million tokens, and
# price_out = 0.0                       # of those that it answers, with
# money_per_month = 0.0                 # a bound on what a month may cost

[backup]
path = "backups"                        # a folder, best on another disk; "" for none
schedule = "sun 04:00 UTC"              # made by `litwatch run`; `litwatch restore FILE` puts one back
keep = 4                                # the newest ones

# What is kept, in days; 0 is for ever. Of old papers that bear on no line only the text goes.
# [retention]
# papers_days = 1100
# records_days = 400                    # of polls
# digests_days = 0                      # the bytes of digests sent; what was told stays known

# [service]
# listen = "127.0.0.1:9477"             # /healthz, /readyz and /metrics on this machine alone; "" for none
# log = "text"                          # or "json"

# [delivery]
# unknown = "resend"                    # once, where a channel did not answer whether it took a message; or "keep"

# Where digests go: any address that apprise knows (mail, Slack and some 180 others).
# `litwatch doctor` checks it, `litwatch digest` previews what would be sent.
#
# [channels.weekly-mail]
# url = "mailtos://user:password@smtp.example.org?to=me@example.org"
# lines = ["*"]
# schedule = "mon 08:00 Europe/Berlin"
#
# [channels.lab-slack]
# url = "slack://TokenA/TokenB/TokenC/#papers"
# lines = ["*"]
# schedule = "mon 09:00 Europe/Berlin"
# alerts = true                         # likely contradictions, and trouble with harvests, at once
"""
