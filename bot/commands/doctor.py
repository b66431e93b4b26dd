"""`doctor`: what is configured, reachable, missing; each failing line says what to do."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands.answers import write_record
from bot.commands.contents import problems_of
from bot.commands.private import open_to_others
from bot.commands.start import existing_store, open_budget, start
from bot.settings import Settings, SettingsError
from bot.store import StoreError
from knowledge.errors import KnowledgeError
from knowledge.script import ScriptError

ENOUGH_MEGABYTES = 200
OK, WARN, FAIL = "ok", "warn", "FAIL"
# How a line begins that says what is left out though all works.
NOTE = "note: "


@dataclass(frozen=True)
class Line:
    """One thing that was found: `state` is "ok", "warn" where something is left out, "FAIL" where it does not work."""

    check: str
    state: str
    told: str

    def __str__(self) -> str:
        return f"{self.state:<6}{self.check}: {self.told}"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def doctor(as_json: bool) -> None:
    """Say what is configured, reachable, missing. Ends with 1 if something that is configured does not work."""
    settings = start()
    lines: list[Line] = []
    for name, look in (
        ("Python", _python),
        ("Home", lambda: _home(settings.home)),
        ("Scripts", lambda: _scripts(settings.home)),
        ("Embedding model", lambda: _model(settings)),
        ("Index", lambda: _index(settings)),
        ("Store", lambda: _store(settings)),
        ("Secret", lambda: _secret(settings)),
        ("Language model", lambda: _language_model(settings)),
        ("Budget", lambda: _budget(settings)),
        ("Slack", lambda: _slack(settings)),
        ("Discord", lambda: _discord(settings)),
    ):
        for line in _looked(name, look):
            lines.append(line)
            if not as_json:
                click.echo(str(line))
    states = {line.state for line in lines}
    if as_json:
        write_record({"works": FAIL not in states, "lines": [asdict(line) for line in lines]})
    elif FAIL in states:
        click.echo("Mend the lines marked FAIL, then run finops-bot doctor again.")
    else:
        click.echo(
            "All of it works." if WARN not in states else "It works; the lines marked warn say what is left out."
        )
    sys.exit(1 if FAIL in states else 0)


def _looked(name: str, look: Callable[[], Iterator[str]]) -> Iterator[Line]:
    """What `look` finds, a line each; what begins with NOTE is a warning."""
    try:
        for line in look():
            yield Line(name, WARN if line.startswith(NOTE) else OK, line.removeprefix(NOTE))
    except (KnowledgeError, SettingsError, StoreError, OSError) as error:
        for told in str(error).splitlines():
            yield Line(name, FAIL, told)


def _python() -> Iterator[str]:
    yield f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _home(home: Path) -> Iterator[str]:
    from knowledge.errors import HomeError

    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
        free = shutil.disk_usage(home).free // 1_000_000
    except OSError as error:
        raise HomeError(
            f"{home} cannot be written to ({error.strerror}): set FINOPS_HOME to a folder of yours."
        ) from error
    if free < ENOUGH_MEGABYTES:
        raise HomeError(
            f"{home} has {free} MB free: make room for {ENOUGH_MEGABYTES} MB, or set FINOPS_HOME elsewhere."
        )
    yield f"{home} can be written to, {free:,} MB free"
    if readable := [str(path) for path in open_to_others(home)]:
        yield f"{NOTE}others of this machine may look into {', '.join(readable)}; chmod -R go= {home} keeps them out"


def _scripts(home: Path) -> Iterator[str]:
    from knowledge.ingest import read_library, read_own_banks, read_whole_handbook

    if problems := problems_of(home):
        raise ScriptError(problems)
    scripts = read_library(home)
    for script in scripts:
        yield f"{script.file}: {script.title}"
        yield from (f"{NOTE}{warning}" for warning in script.warnings)
    for bank in read_own_banks(home, scripts):
        yield f"{bank.file}: {len(bank.questions)} quiz questions"
        yield from (f"{NOTE}{warning}" for warning in bank.warnings)
    handbook = read_whole_handbook(home)
    yield f"handbook: {len(handbook.documents)} topics, {len(handbook.terms)} terms"
    yield from (f"{NOTE}{warning}" for warning in handbook.warnings)
    yield f"your own scripts belong in {home / 'scripts'}"


def _model(settings: Settings) -> Iterator[str]:
    from knowledge.embedding_model import find_model, verify_weights

    model = find_model(settings.embedding_model)
    verify_weights(model)
    prepared = (settings.home / "models" / model.slug).is_dir()
    yield f"{model.name}, {'prepared for fast answers' if prepared else 'will be prepared at the first question'}"


def _index(settings: Settings) -> Iterator[str]:
    from knowledge.generations import IndexFolder
    from knowledge.manifest import DamagedIndex

    try:
        generation = IndexFolder(settings.home).open()
    except DamagedIndex as damage:
        yield f"{NOTE}damaged ({damage}) and will be built again at the next start"
        return
    if generation is None:
        yield "not built yet; it will be at the first start"
    else:
        yield f"generation {generation.number}, {len(generation.passages)} passages, checked"


def _store(settings: Settings) -> Iterator[str]:
    """The store as it is; one that is not there yet is not made by looking."""
    if isinstance(settings.store, Path) and not settings.store.exists():
        yield f"{settings.store} will be made at the first talk"
        return
    from bot.store.database import Store

    store = Store(settings.store)
    yield f"{store} opened, messages are kept for {settings.retention_days} days"
    store.close()


def _secret(settings: Settings) -> Iterator[str]:
    """Where it comes from, never what it is; one that is not there yet is not made by looking."""
    from bot.secret import NAME, find_secret

    if find_secret(settings) is None:
        yield "will be made at the first anonymous poll"
    elif settings.secret.get_secret_value():
        yield "from FINOPS_SECRET"
    else:
        yield f"from {settings.home / NAME}: keep a copy apart from the store"


def _language_model(settings: Settings) -> Iterator[str]:
    """What can be told without calling it, which would cost money."""
    if not settings.model:
        yield "none (FINOPS_MODEL): answers are composed from the sources, and cost nothing"
        return
    from knowledge.model import open_model

    yield f"{open_model(settings.model).name} can be called"


def _slack(settings: Settings) -> Iterator[str]:
    if not settings.slack_bot_token.get_secret_value():
        yield "not connected: it needs SLACK_BOT_TOKEN"
        return
    from adapters.slack.checkup import examine

    yield from _found(examine(settings))


def _discord(settings: Settings) -> Iterator[str]:
    if not settings.discord_token.get_secret_value():
        yield "not connected: it needs DISCORD_TOKEN"
        return
    from adapters.discord.checkup import examine

    yield from _found(examine(settings))


def _found(lines: AsyncIterator[str]) -> Iterator[str]:
    """Each line as it is found, by a loop of its own."""
    with asyncio.Runner() as runner:
        while (line := runner.run(anext(lines, None))) is not None:
            yield line


def _budget(settings: Settings) -> Iterator[str]:
    from bot.activities.usage import of_budget
    from bot.costs.money import dollars
    from bot.costs.prices import list_of_prices

    limit = settings.monthly_budget
    if limit is None:
        none = "none (FINOPS_MONTHLY_BUDGET)"
        yield f"{NOTE}{none}: a language model may cost anything" if settings.model else none
        return
    if not settings.model:
        yield f"{dollars(limit)} a month, of which nothing is needed without a language model"
        return
    open_budget(settings)
    at = datetime.now(UTC)
    with closing(existing_store(settings)) as store, store.reading() as records:
        yield of_budget(limit, records.ledger.cost(at), at)
    yield f"prices of {list_of_prices()}"
