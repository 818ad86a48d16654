"""litwatch.toml: what is refused, with which words, and what the environment may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from litwatch.config import TEMPLATE, Config, find_config, load_config
from litwatch.errors import ConfigError


def load(folder: Path, text: str, **env: str) -> Config:
    path = folder / "litwatch.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, env, folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[arxiv]\ndelay_secnds = 1", "unknown key arxiv.delay_secnds; did you mean delay_seconds?"),
        ("[arxvi]\n", "unknown key arxvi; did you mean arxiv?"),
        ("[channels.mail]\nurl = 'json://x'\nline = ['a']", "unknown key channels.mail.line; did you mean lines?"),
        ("[channels.mail]\nschedule = 'mon 08:00'", "channels.mail.url is missing"),
        ("[arxiv]\npoll = 'now and then'", "arxiv.poll: 'now and then' is no schedule"),
        ("[arxiv]\napi_url = 'export.arxiv.org'", "arxiv.api_url: must begin with http:// or https://"),
        ("[arxiv]\noai_url = 'http://u:secret@[::1/oai'", "arxiv.oai_url: is no address"),
        ("[arxiv]\noai_url = 'http://host:99999/oai'", "arxiv.oai_url: is no address"),
        ("[arxiv]\nrss_url = 'http://no such host/rss'", "arxiv.rss_url: is no address"),
        ("[arxiv]\napi_url = 'http://host/api?x=1'", "arxiv.api_url: must end before its ? or #"),
        ("[rank]\ntop = 0", "rank.top: write a whole number from 1 to 500"),
        ("[rank]\ntop = 2.5", "rank.top: write a whole number from 1 to 500"),
        ("[rank]\nfloor = 'low'", "rank.floor: write a number from 0 to 1"),
        ("[rank]\nfloor = nan", "rank.floor: write a number from 0 to 1"),
        ("[arxiv]\ntimeout_seconds = 0", "arxiv.timeout_seconds: write a number above 0, up to 3600"),
        ("[arxiv]\ncontact = 'jö@example.org'", "arxiv.contact: write it in plain ASCII characters"),
        ("[judge]\nmethod = 'llm'", 'judge: with method = "llm" judge.llm.model must name the language model'),
        ("[judge]\nmethod = 'oracle'", 'judge.method: write "default" or "cues" or "llm"'),
        ("[judge.llm]\nmodle = 'x'", "unknown key judge.llm.modle; did you mean model?"),
        ("[judge.llm]\nmodel = 'a b'", "judge.llm.model: write the model's name as its server has it"),
        ("[judge.llm]\nurl = 'http://me:geheim@host/v1'", "judge.llm.url: holds a password"),
        ("[judge.llm]\nurl = 'host/v1'", "judge.llm.url: must begin with http:// or https://"),
        ("[judge.llm]\nmoney_per_month = -1", "judge.llm.money_per_month: write a number from 0 to"),
        ("[judge.llm]\ntokens_per_month = 2.5", "judge.llm.tokens_per_month: write a whole number from 0 to"),
        ("[judge]\nllm = 3", "judge.llm: write it as a section, [judge.llm]"),
        ("[service]\nlog = 'xml'", 'service.log: write "text" or "json"'),
        ("[channels.m]\nurl = 'json://x'\nlines = 'a-*'", 'channels.m.lines: write a list, as lines = ["*"]'),
        ("[channels.m]\nurl = 'json://x'\nlines = [3]", 'channels.m.lines: write a list, as lines = ["*"]'),
        ("[channels.m]\nurl = 'json://x'\nalerts = 'oft'", "channels.m.alerts: write true or false"),
        ("[watchlists]\npath = 3", "watchlists.path: write a text in quotes"),
        ("rank = 3", "rank: write it as a section, [rank]"),
        ("channels = 3", "channels: write each as a section, [channels.NAME]"),
        ("[channels]\nmail = 3", "channels.mail: write it as a section, [channels.mail]"),
        ("[channels.'a b']\nurl = 'json://x'", "channels.a b: a channel's name is made of"),
        ("[arxiv\n", "is not TOML"),
        ("folder = '/'", "unknown key folder"),
    ],
)
def test_a_mistake_is_named_with_its_full_path_and_a_cure(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("mistake", ["schedule = 'x'", "lines = 3", "alerts = 'perhaps'", "shedule = 'x'"])
def test_no_message_shows_a_channels_password(tmp_path: Path, mistake: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, f"[channels.mail]\nurl = 'mailtos://me:geheim@example.org'\n{mistake}")
    assert "geheim" not in str(refused.value)


def test_the_key_of_a_language_model_is_never_shown_and_may_lie_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("sk-geheim-geheim\n", encoding="utf-8")
    env = {"LITWATCH_JUDGE__LLM__API_KEY_FILE": str(secret), "LITWATCH_JUDGE__LLM__MODEL": "sample"}
    (tmp_path / "litwatch.toml").write_text("[judge]\nmethod = 'llm'\n", encoding="utf-8")
    judge = load_config(tmp_path / "litwatch.toml", env, tmp_path).judge
    assert judge.llm.api_key.get_secret_value() == "sk-geheim-geheim"
    assert judge.llm.money_per_month is None
    assert "geheim" not in repr(judge)
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, "[judge.llm]\napi_key = 'sk-geheim-geheim'\nask_from = 'x'")
    assert "geheim" not in str(refused.value)


def test_the_file_that_init_writes_says_the_defaults(tmp_path: Path) -> None:
    written, bare = load(tmp_path, TEMPLATE), load(tmp_path, "")
    assert written.backup.path == "backups"
    kept = written.backup.model_copy(update={"path": ""})
    assert written.model_copy(update={"backup": kept}) == bare
    assert "geheim" not in repr(load(tmp_path, "[channels.mail]\nurl = 'mailtos://me:geheim@example.org'"))


def test_the_environment_wins_and_secrets_may_lie_in_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("json://hook.example.org/token\n", encoding="utf-8")
    config = load(
        tmp_path,
        "[arxiv]\ndelay_seconds = 9\n[channels.weekly-mail]\nurl = 'json://old'",
        LITWATCH_ARXIV__DELAY_SECONDS="4.5",
        LITWATCH_CHANNELS__WEEKLY_MAIL__URL_FILE=str(secret),
        LITWATCH_CHANNELS__WEEKLY_MAIL__LINES="a-*, b",
        LITWATCH_NOW="2025-11-20",
    )
    assert config.arxiv.delay_seconds == 4.5
    assert config.channels["weekly-mail"].url.get_secret_value() == "json://hook.example.org/token"
    assert config.channels["weekly-mail"].lines == ("a-*", "b")


def test_a_channel_with_capitals_takes_its_url_from_the_environment(tmp_path: Path) -> None:
    config = load(
        tmp_path, "[channels.Lab-Slack]\nalerts = true", LITWATCH_CHANNELS__LAB_SLACK__URL="json://hook.example.org/"
    )
    assert list(config.channels) == ["Lab-Slack"]
    assert config.channels["Lab-Slack"].url.get_secret_value() == "json://hook.example.org/"
    assert config.channels["Lab-Slack"].alerts


def test_a_secret_file_that_is_missing_is_named_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="LITWATCH_STORE__URL_FILE: the file it names cannot be read"):
        load(tmp_path, "", LITWATCH_STORE__URL_FILE=str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("LITWATCH_RANK__TOP", "many", "LITWATCH_RANK__TOP: rank.top: write a whole number from 1 to 500"),
        ("LITWATCH_RNAK__TOP", "5", "LITWATCH_RNAK__TOP: unknown key rnak; did you mean rank?"),
        ("LITWATCH_CHANNELS__LAB__ALERTS", "true", "LITWATCH_CHANNELS__LAB__ALERTS: channels.lab.url is missing"),
        (
            "LITWATCH_CHANNELS__MY_MAIL__LINE",
            "*",
            "LITWATCH_CHANNELS__MY_MAIL__LINE: unknown key channels.my-mail.line",
        ),
    ],
)
def test_a_mistake_in_the_environment_is_named_by_its_variable(
    tmp_path: Path, variable: str, value: str, says: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, "[channels.my-mail]\nurl = 'json://x'", **{variable: value})
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[channels.mail]\nalerts = true", r"litwatch\.toml: channels\.mail\.url is missing"),
        ("channels = 3", r"litwatch\.toml: channels: write each"),
    ],
)
def test_a_mistake_in_the_file_is_not_blamed_on_the_environment(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(tmp_path, text, LITWATCH_CHANNELS__MAIL__LINES="*")


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, "[watchlists]\npath = 'my lines'")
    assert config.store_url == f"sqlite:///{tmp_path.resolve()}/litwatch.db"
    assert config.watchlist_folder == tmp_path.resolve() / "my lines"


def test_the_configuration_is_looked_for_in_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    own = home / ".config" / "litwatch" / "litwatch.toml"
    own.parent.mkdir(parents=True)
    env = {"HOME": str(home)}
    with pytest.raises(ConfigError, match="`litwatch init` writes one here"):
        find_config(None, env, tmp_path)
    with pytest.raises(ConfigError, match="LITWATCH_STORE__URL"):
        find_config(None, {**env, "LITWATCH_RANK__TOP": "5"}, tmp_path)
    assert find_config(None, {**env, "LITWATCH_STORE__URL": "sqlite://"}, tmp_path) is None
    assert find_config(None, {**env, "LITWATCH_STORE__URL_FILE": "secret"}, tmp_path) is None
    own.touch()
    assert find_config(None, env, tmp_path) == own
    (tmp_path / "litwatch.toml").touch()
    assert find_config(None, env, tmp_path) == tmp_path / "litwatch.toml"
    with pytest.raises(ConfigError, match="no such configuration file"):
        find_config(None, {**env, "LITWATCH_CONFIG": str(tmp_path / "gone.toml")}, tmp_path)


def test_a_place_that_cannot_be_looked_at_is_said_with_its_reason(tmp_path: Path) -> None:
    # Too long for a name: also for root, who may look everywhere, the system refuses to say whether it is there.
    unseen = tmp_path / ("x" * 300)
    for named, env, here in (
        (unseen, {}, tmp_path),
        (None, {"LITWATCH_CONFIG": str(unseen)}, tmp_path),
        (None, {"HOME": str(tmp_path)}, unseen),
        (None, {"XDG_CONFIG_HOME": str(unseen)}, tmp_path),
    ):
        with pytest.raises(ConfigError, match=r"cannot look whether it is there \(File name too long\); name another"):
            find_config(named, env, here)
