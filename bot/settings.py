"""Settings from the environment or a `.env` file: typed, built once, handed down."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32
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

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        from bot.intents.moments import known_zone

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
            name = str(problem["loc"][0])
            expected = Settings.model_fields[name].description if name in Settings.model_fields else "another value"
            told = problem.get("ctx", {}).get("error", f"set it to {expected}")
            # A secret that is wrong is one all the same.
            given = "what it is" if name == "secret" else repr(problem["input"])
            lines.append(f"FINOPS_{name.upper()} cannot be {given}: {told}.")
        raise SettingsError("\n".join(lines)) from error
