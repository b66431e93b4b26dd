"""`backup` and `restore`: the store as one file, also to move it from one database to another."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from bot.commands.sign import clean_up_if_interrupted
from bot.commands.start import existing_store, start
from bot.secret import find_secret, fingerprint
from bot.settings import Settings

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@FILE
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
def backup(file: Path, force: bool) -> None:
    """Write all that the store holds to FILE, while the bot runs or not. The secret of anonymous polls is not in it."""
    from bot.store.backup import write_backup

    clean_up_if_interrupted()
    settings = start()
    mark = _fingerprint(settings)
    with closing(existing_store(settings)) as store:
        made = write_backup(store, file, datetime.now(UTC), version("finops-bot"), mark, force)
    click.echo(f"{file} holds all of the store: {_counted(made.rows, 'row')}.")
    if made.sealed:
        click.echo(
            f"Votes in {_counted(made.sealed, 'anonymous poll')} need the secret, which is not in that file: "
            "keep FINOPS_SECRET, or the file secret in the home, too, in another place than this file."
        )


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="Replace all that the store holds now.")
def restore(file: Path, replace: bool) -> None:
    """Read the backup FILE into the store, which has to be empty. Stop the bot first."""
    from bot.store.backup import read_manifest, restore_backup
    from bot.store.database import Store

    clean_up_if_interrupted()
    settings = start()
    read_manifest(file)  # no store is made for a file that cannot be restored
    mark = _fingerprint(settings)
    with closing(Store(settings.store)) as store:
        held = restore_backup(store, file, replace)
        click.echo(f"{store} holds what {file} does, as of {held.at:%Y-%m-%d %H:%M} UTC: {_counted(held.rows, 'row')}.")
    if held.sealed and held.secret != mark:
        click.echo(
            "The secret was another one when the backup was made: set FINOPS_SECRET to that, or votes in "
            f"{_counted(held.sealed, 'anonymous poll')} that it holds can no longer be counted."
        )


def _fingerprint(settings: Settings) -> str | None:
    found = find_secret(settings)
    return fingerprint(found) if found is not None else None


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
