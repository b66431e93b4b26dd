"""Settings from the environment or a `.env` file: typed, built once, handed down."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.intents.behaviour import is_id

SHORTEST_SECRET = 32
WEB = "^https?://."
HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


class SettingsError(Exception):
    """A setting has a value that it cannot have; one line a setting, each says what it should look like."""


class Settings(BaseSettings):
    """What can be set; the names in the environment are these in capitals after `FINOPS_`."""

    model_config = SettingsConfigDict(env_prefix="FINOPS_", env_file=".env", env_ignore_empty=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("finops-bot", appauthor=False),
        description="folder for the index, the prepared model and your own scripts, for example ~/finops-bot",
    )
    embedding_model: str = Field(
        default="all-MiniLM-L6-v2",
        description="a sentence-transformers model: a folder, or a name that can be downloaded",
    )
    prefer: Annotated[tuple[Literal["handbook", "video"], ...], NoDecode] = Field(
        default=("handbook", "video"),
        description="kinds of source in the order in which they are preferred: handbook,video or video,handbook",
    )
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("FINOPS_DATABASE_URL", "DATABASE_URL"),
        description="a database such as sqlite:////var/lib/finops-bot/store.db or postgresql://name:password@host/finops",
    )
    retention_days: int = Field(
        default=90, ge=1, le=3650, description="a number of days from 1 to 3650, after which messages are deleted"
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description=f"at least {SHORTEST_SECRET} characters, made with {HOW_TO_MAKE_ONE}",
    )
    timezone: str = Field(
        default="UTC", description="a time zone such as Europe/Berlin, in which moments are read and told"
    )
    model: str = Field(default="", description="a language model as provider:model, for example openai:gpt-4.1-mini")
    monthly_budget: Decimal | None = Field(
        default=None, description="an amount of US dollars for a month, for example 20 USD"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="one of DEBUG, INFO, WARNING, ERROR"
    )

    moderators: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="ids of people, groups or roles with their platform, such as slack:U0123ABCD, discord:1234567890",
    )
    host: str = Field(
        default="127.0.0.1",
        description="the address that the port is opened on, such as 0.0.0.0 to be reached from other machines",
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="a port from 1 to 65535, for the health page and Slack's events; 0 for none",
    )
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN", description="a token that begins with xoxb-"
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="SLACK_APP_TOKEN", description="a token that begins with xapp-"
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias="SLACK_SIGNING_SECRET",
        description="the signing secret on the app's page Basic Information",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", pattern=WEB, description="an address such as https://slack.com/api/"
    )
    discord_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="DISCORD_TOKEN", description="the token on the application's page Bot"
    )
    discord_api_url: str = Field(
        default="", pattern=f"^$|{WEB}", description="an address such as https://discord.com/api/v10"
    )
    discord_gateway_url: str = Field(
        default="", pattern="^$|^wss?://.", description="an address such as wss://gateway.discord.gg/"
    )
    discord_message_content: bool = Field(
        default=False, description="1 where the application was granted the Message Content intent, else 0"
    )
    discord_shards: int | None = Field(
        default=None, ge=1, description="the number of shards of all processes together, for example 4"
    )
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="the shards of this process, counted from 0, such as 0,1"
    )

    @property
    def store(self) -> str | Path:
        """The database of the store: a SQLite file in the home, unless another one is set."""
        return self.database_url or self.home / "store.db"

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return Path(os.path.abspath(home.expanduser()))

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"set it to {cls.model_fields['secret'].description}")
        return secret

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _of_its_kind(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        # What people mix up most often.
        expected = "xapp-" if info.field_name == "slack_app_token" else "xoxb-"
        if (told := token.get_secret_value()) and not told.startswith(expected):
            raise ValueError(f"set it to a token that begins with {expected}")
        return token

    @field_validator("prefer", mode="before")
    @classmethod
    def _in_order(cls, given: object) -> object:
        named = tuple(re.split(r"[\s,;]+", given.strip(" ,;").lower())) if isinstance(given, str) else given
        if not isinstance(named, tuple) or sorted(named) != ["handbook", "video"]:
            raise ValueError(f"set it to {cls.model_fields['prefer'].description}")
        return named

    @field_validator("moderators", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        named = re.split(r"[\s,;]+", given.strip(" ,;")) if isinstance(given, str) else given
        if isinstance(named, list) and not all(is_id(one) for one in named):
            raise ValueError(f"set it to {cls.model_fields['moderators'].description}")
        return named

    @field_validator("discord_shard_ids", mode="before")
    @classmethod
    def _numbered(cls, given: object) -> object:
        return re.split(r"[\s,;]+", given.strip(" ,;")) if isinstance(given, str) else given

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        from bot.intents.times.moments import known_zone

        if (known := known_zone(zone)) is None:
            raise ValueError("set it to a time zone such as Europe/Berlin")
        return known

    @field_validator("monthly_budget", mode="before")
    @classmethod
    def _in_dollars(cls, budget: object) -> object:
        from bot.costs.money import read_budget

        return read_budget(budget) if isinstance(budget, str) else budget

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level


def read_settings() -> Settings:
    """The settings. Raises SettingsError naming each wrong one with what it should look like."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = str(problem["loc"][0]).lower()
            field = Settings.model_fields.get(name)
            told = problem.get("ctx", {}).get("error", f"set it to {field.description if field else 'another value'}")
            # A secret that is wrong is one all the same.
            given = "what it is" if field is None or field.annotation is SecretStr else repr(problem["input"])
            alias = field.validation_alias if field else None
            written = alias if isinstance(alias, str) else f"FINOPS_{name.upper()}"
            lines.append(f"{written} cannot be {given}: {told}.")
        # A list has as many problems as wrong entries: one line tells them.
        raise SettingsError("\n".join(dict.fromkeys(lines))) from error
