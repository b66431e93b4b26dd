"""The README is true: its commands run, and its conversation is what the bot says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def commands() -> list[str]:
    """Each command line of the shell blocks; those of make are run by CI itself."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if not line.startswith("make ")]


@pytest.mark.parametrize("command", commands())
def test_command_runs(command: str, home: Path) -> None:
    environment = {
        **os.environ,
        "FINOPS_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or command == "finops-bot chat"
    assert "Traceback" not in done.stderr


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b", README):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_conversation_is_what_the_bot_says(home: Path, tmp_path: Path) -> None:
    recorded = blocks("text")[0]
    asked = re.findall(r"^> (.*)$", recorded, re.M)
    store = f"sqlite:///{tmp_path / 'store.db'}"
    environment = {**os.environ, "FINOPS_HOME": str(home), "FINOPS_DATABASE_URL": store, "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        cwd=ROOT,
        env=environment,
        input="\n".join(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    said = re.sub(r"^> .*\n", "", recorded, flags=re.M)
    assert done.stdout.split() == said.split()
    assert done.stdout.strip() == said.strip()


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
