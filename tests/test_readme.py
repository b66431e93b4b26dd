"""The README is true: its commands run, and its conversation is what the bot says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Done, environment
from tests.waiting import PATIENCE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def commands() -> list[Any]:
    """Each command line of the shell blocks; those of make are run by CI itself, and `eval` reads whole files."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith("make ")]
    return [pytest.param(line, marks=pytest.mark.trial if " eval " in line else ()) for line in lines]


@pytest.mark.parametrize("command", commands())
def test_command_runs(command: str, bot: Callable[..., Done], tmp_path: Path) -> None:
    said, _, called = command.rpartition(" | ")
    stdin = shlex.split(said)[1] if said else ""
    program, *arguments = shlex.split(called)
    assert program == "finops-bot"
    done = bot(*arguments, stdin=stdin.encode(), FINOPS_DATABASE_URL=f"sqlite:///{tmp_path / 'store.db'}")
    assert done.returncode == 0, done.stderr
    assert done.stdout or arguments == ["chat"]
    assert b"Traceback" not in done.stderr


def test_the_program_is_installed(home: Path) -> None:
    program = Path(sys.executable).with_name("finops-bot")
    done = subprocess.run([program, "--version"], env=environment(home), capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"finops-bot, version ")


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b", README):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_conversation_is_what_the_bot_says(bot: Callable[..., Done], tmp_path: Path) -> None:
    recorded = blocks("text")[0]
    asked = "\n".join(re.findall(r"^> (.*)$", recorded, re.M))
    store = f"sqlite:///{tmp_path / 'store.db'}"
    done = bot("chat", stdin=asked.encode(), FINOPS_DATABASE_URL=store, COLUMNS="100")
    assert (done.returncode, done.stderr) == (0, b"")
    said = re.sub(r"^> .*\n", "", recorded, flags=re.M)
    assert done.stdout.decode().split() == said.split()
    assert done.stdout.decode().strip() == said.strip()


def test_every_setting_is_in_the_table_and_the_example() -> None:
    from bot.settings import Settings

    example = (ROOT / ".env.example").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        written = alias if isinstance(alias, str) else f"FINOPS_{name.upper()}"
        assert f"`{written}`" in README
        assert f"# {written}=" in example


def test_every_permission_in_discord_is_named() -> None:
    from adapters.discord.rights import NEEDED

    section = README.partition("\n## Discord\n")[2].partition("\n## ")[0]
    listed = re.search(r"and no more: (.*?)\. Open the link", section, re.S)
    assert listed is not None
    named = [re.sub(r"\s+", " ", one) for one in re.sub(r"\([^)]*\)", "", listed[1]).split(",")]
    assert [one.strip() for one in named] == [called for called, _ in NEEDED.values()]
