"""Settings: where they come from, and what is said of a wrong one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without `.env` to start in, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FINOPS_{name.upper()}", raising=False)
    return tmp_path


def test_defaults() -> None:
    settings = read_settings()
    assert settings.home.is_absolute()
    assert settings.home.name == "finops-bot"
    assert settings.embedding_model == "all-MiniLM-L6-v2"
    assert settings.log_level == "WARNING"


def test_the_environment_sets(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINOPS_HOME", str(nowhere / "bot"))
    monkeypatch.setenv("FINOPS_EMBEDDING_MODEL", "other/model")
    monkeypatch.setenv("FINOPS_LOG_LEVEL", "debug")
    settings = read_settings()
    assert (settings.home, settings.embedding_model, settings.log_level) == (nowhere / "bot", "other/model", "DEBUG")


@pytest.mark.parametrize(
    ("written", "meant"), [("~/bot", "{user}/bot"), ("bot", "{here}/bot"), ("./a/../b", "{here}/b")]
)
def test_the_home_is_absolute(written: str, meant: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/users/ana")
    monkeypatch.setenv("FINOPS_HOME", written)
    assert str(read_settings().home) == meant.format(user="/users/ana", here=nowhere)


def test_a_file_sets_and_the_environment_wins(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / ".env").write_text(
        "FINOPS_LOG_LEVEL=ERROR\nFINOPS_EMBEDDING_MODEL=from-file\nSLACK_BOT_TOKEN=xoxb-x\nOTHER=1\n"
    )
    monkeypatch.setenv("FINOPS_LOG_LEVEL", "INFO")
    settings = read_settings()
    assert (settings.log_level, settings.embedding_model) == ("INFO", "from-file")


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"FINOPS_{name.upper()}", "")
    assert read_settings() == Settings()
    assert read_settings().log_level == "WARNING"


def test_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINOPS_NO_SUCH_THING", "1")
    monkeypatch.setenv("HOME_OF_OTHERS", "2")
    assert not hasattr(read_settings(), "no_such_thing")


@pytest.mark.parametrize("level", ["LOUD", "10", "warn ing"])
def test_a_wrong_level_is_named_with_what_it_should_be(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINOPS_LOG_LEVEL", level)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value).lower() == (
        f"finops_log_level cannot be '{level.lower()}': set it to one of debug, info, warning, error."
    )


def test_every_setting_says_what_it_should_look_like() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("20 EUR", "prices are known in US dollars only, so set it in USD, for example 20 USD."),
        ("a lot", "set it to an amount of US dollars for a month, from 0.01 USD on, for example 20 USD."),
    ],
)
def test_a_wrong_budget_is_named_with_what_is_wrong(written: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINOPS_MONTHLY_BUDGET", written)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value) == f"FINOPS_MONTHLY_BUDGET cannot be {written!r}: {said}"


def test_a_language_model_and_what_it_may_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (read_settings().model, read_settings().monthly_budget) == ("", None)
    monkeypatch.setenv("FINOPS_MODEL", "openai:gpt-4.1-mini")
    monkeypatch.setenv("FINOPS_MONTHLY_BUDGET", "$20")
    assert (read_settings().model, read_settings().monthly_budget) == ("openai:gpt-4.1-mini", Decimal(20))


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-hush", "what it is: set it to a token that begins with xoxb-."),
        ("SLACK_APP_TOKEN", "xoxb-1-hush", "what it is: set it to a token that begins with xapp-."),
        ("FINOPS_PORT", "70000", "'70000': set it to a port from 1 to 65535, for the health page and Slack's events;"),
        ("FINOPS_MODERATORS", "U1", "'U1': set it to ids of people, groups or roles with their platform, such as"),
        ("FINOPS_SLACK_API_URL", "slack.com", "'slack.com': set it to an address such as https://slack.com/api/."),
        ("FINOPS_DISCORD_SHARD_IDS", "0,x", "'x': set it to the shards of this process, counted from 0, such as 0,1."),
    ],
)
def test_a_wrong_setting_of_a_platform_is_named(
    name: str, written: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, written)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value).startswith(f"{name} cannot be {said}")
    assert "hush" not in str(raised.value)


def test_lists_are_read_however_they_are_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINOPS_MODERATORS", " slack:U1, slack:S2;discord:33 ")
    monkeypatch.setenv("FINOPS_DISCORD_SHARD_IDS", "0, 1")
    assert read_settings().moderators == ("slack:U1", "slack:S2", "discord:33")
    assert read_settings().discord_shard_ids == (0, 1)


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN"):
        monkeypatch.setenv(name, "xoxb-hush")
    assert "hush" not in repr(read_settings())
