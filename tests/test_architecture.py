"""What may be loaded when: the core and the terminal stay light, and a question needs no torch."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import adapters.terminal
import bot.activities
import bot.intents
from tests.waiting import PATIENCE

ROOT = Path(__file__).parent.parent
HEAVY = {"chromadb", "dateparser", "discord", "langchain", "langchain_core", "matplotlib", "numpy", "onnxruntime"} | {
    "PIL",
    "recurrent",
    "sentence_transformers",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "torch",
    "transformers",
}
PLATFORMS = {"discord", "slack_bolt", "slack_sdk"}
LIGHT = [
    "bot",
    "bot.__main__",
    "bot.assistant",
    "bot.charts",
    "bot.costs.budget",
    "bot.costs.money",
    "bot.costs.prices",
    "bot.logs",
    "bot.renewal",
    "bot.reply",
    "bot.settings",
    "bot.shelf",
    "bot.store",
    "bot.turn",
    "bot.withholding",
    "knowledge.answer",
    "knowledge.errors",
    *(f"bot.activities.{module.name}" for module in pkgutil.iter_modules(bot.activities.__path__)),
    *(module.name for module in pkgutil.walk_packages(bot.intents.__path__, "bot.intents.")),
    *(f"adapters.terminal.{module.name}" for module in pkgutil.iter_modules(adapters.terminal.__path__)),
]


def loaded(code: str, home: Path | None = None) -> set[str]:
    """The modules at the top that `code` has loaded, in a process of its own."""
    report = "\nimport sys\nprint(' '.join(name for name in sys.modules if '.' not in name), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        cwd=ROOT,
        env={**os.environ, "FINOPS_HOME": str(home)} if home else None,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_the_core_and_the_terminal_are_light() -> None:
    # One after another, and the first that loads anything heavy is named.
    code = f"""
import importlib, sys
for name in {LIGHT!r}:
    importlib.import_module(name)
    assert not sys.modules.keys() & {HEAVY!r}, (name, *sorted(sys.modules.keys() & {HEAVY!r}))
"""
    loaded(code)


def test_help_loads_nothing_heavy() -> None:
    assert loaded("from bot.__main__ import run\nassert run(['--help']) == 0") & HEAVY == set()


@pytest.mark.trial
def test_a_prepared_home_needs_no_torch(home: Path) -> None:
    commands = [["ask", "What is FinOps?"], ["doctor"]]
    code = f"""
from bot.__main__ import run
for command in {commands!r}:
    try:
        run(command)
    except SystemExit as end:
        assert not end.code, command
"""
    unneeded = {"torch", "transformers", "sentence_transformers", "onnx", "sklearn", *PLATFORMS}
    assert loaded(code, home) & unneeded == set()


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    # A migration is never changed once it has run somewhere.
    frozen = ROOT / "bot" / "store" / "migrations" / "versions"
    modules = [one for room in ("bot", "knowledge", "adapters") for one in (ROOT / room).rglob("*.py")]
    lengths = {
        one.relative_to(ROOT): len(one.read_text("utf-8").splitlines()) for one in modules if frozen not in one.parents
    }
    assert {path: length for path, length in lengths.items() if length > 300} == {}
