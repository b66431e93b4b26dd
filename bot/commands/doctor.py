"""`doctor`: what is configured, reachable, missing; each failing line says what to do."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands.private import open_to_others
from bot.commands.start import existing_store, open_budget, start
from bot.settings import Settings, SettingsError
from bot.store import StoreError
from knowledge.errors import KnowledgeError

ENOUGH_MEGABYTES = 200


@click.command()
def doctor() -> None:
    """Say what is configured, reachable, missing. Ends with 1 if something that is configured does not work."""
    settings = start()
    healthy = True
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
        healthy &= _shown(name, look)
    click.echo("All of it works." if healthy else "Mend the lines marked FAIL, then run finops-bot doctor again.")
    sys.exit(0 if healthy else 1)


def _shown(name: str, look: Callable[[], Iterator[str]]) -> bool:
    """Show what `look` finds, a line each; False if it fails."""
    try:
        for line in look():
            click.echo(f"ok    {name}: {line}")
    except (KnowledgeError, SettingsError, StoreError, OSError) as error:
        for line in str(error).splitlines():
            click.echo(f"FAIL  {name}: {line}")
        return False
    return True


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
        yield f"note: others of this machine may look into {', '.join(readable)}; chmod -R go= {home} keeps them out"


def _scripts(home: Path) -> Iterator[str]:
    from knowledge.ingest import read_library, read_own_banks

    scripts = read_library(home)
    for script in scripts:
        yield f"{script.file}: {script.title}"
        yield from (f"note: {warning}" for warning in script.warnings)
    for bank in read_own_banks(home, scripts):
        yield f"{bank.file}: {len(bank.questions)} quiz questions"
        yield from (f"note: {warning}" for warning in bank.warnings)
    yield f"your own scripts belong in {home / 'scripts'}"


def _model(settings: Settings) -> Iterator[str]:
    from knowledge.embedder import find_model, verify_weights

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
        yield f"damaged ({damage}) and will be built again at the next start"
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
        yield "none (FINOPS_MONTHLY_BUDGET)" + (": a language model may cost anything" if settings.model else "")
        return
    if not settings.model:
        yield f"{dollars(limit)} a month, of which nothing is needed without a language model"
        return
    open_budget(settings)
    at = datetime.now(UTC)
    with closing(existing_store(settings)) as store, store.reading() as records:
        yield of_budget(limit, records.ledger.cost(at), at)
    yield f"prices of {list_of_prices()}"
