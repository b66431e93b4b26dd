"""`polls`: a moderator's shell access to polls: list, show, close, export."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.activities.polls.ballots import TOO_FEW
from bot.activities.polls.closing import close as close_poll
from bot.commands.answers import write_record
from bot.commands.start import existing_store, start
from bot.intents.times.moments import in_words
from bot.reply import Tally, so_far, standing, tally_lines
from bot.store import Poll
from bot.store.scope import EVERYTHING

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.records import Records

# What a spreadsheet takes for a formula when a cell begins with it, in their wide forms too.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|")
NUMBER = click.argument("number", type=click.IntRange(min=1))


@click.group()
def polls() -> None:
    """List, show, close and export polls of all places.

    \b
    finops-bot polls list --open
    finops-bot polls show 12
    finops-bot polls export 12 > result.csv
    """


@polls.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that are open.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_polls(only_open: bool, as_json: bool) -> None:
    """List the polls, newest first, with their numbers."""
    settings = start()
    with closing(existing_store(settings)) as store, store.reading() as records:
        found = records.polls.all(only_open, scope=EVERYTHING)
        for poll in found:
            if as_json:
                write_record(record(poll, records))
            else:
                click.echo(_line(poll, records, settings))
        if not found and not as_json:
            click.echo("No poll is open." if only_open else "No poll has been held yet.")


@polls.command()
@NUMBER
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def show(number: int, as_json: bool) -> None:
    """Show how the poll of that NUMBER stands, as far as people may see it."""
    settings = start()
    with closing(existing_store(settings)) as store, store.reading() as records:
        poll = _found(number, records)
        if as_json:
            write_record(record(poll, records))
            return
        click.echo(_line(poll, records, settings))
        click.echo(f"in {', '.join(records.polls.places(poll))}")
        for line in results(poll, records):
            click.echo(line)


@polls.command()
@NUMBER
def close(number: int) -> None:
    """Close the poll of that NUMBER; its messages change wherever the bot is connected."""
    at = datetime.now(UTC)
    with closing(existing_store(start())) as store, store.writing() as records:
        poll = _found(number, records)
        closed = close_poll(poll, at, records)
        click.echo("It was closed before." if poll.closed is not None else f"Poll {number} is closed.")
        for line in results(closed, records):
            click.echo(line)


@polls.command()
@NUMBER
@click.option("--csv", is_flag=True, help="As comma-separated values (RFC 4180): the only form that there is.")
def export(number: int, csv: bool) -> None:
    """Write the result of the poll of that NUMBER to standard output as CSV; with names where they are no secret."""
    with closing(existing_store(start())) as store, store.reading() as records:
        poll = _found(number, records)
        written = as_csv(poll, records)
        if written is None and poll.closed is None:
            raise click.UsageError(
                f"Poll {number} is open and its results are not to be seen yet: close it first, finops-bot polls close "
                f"{number}."
            )
        if written is None:
            raise click.UsageError(f"Poll {number} has no result to write. {TOO_FEW}")
        sys.stdout.buffer.write(written.encode("utf-8", "replace"))


def as_csv(poll: Poll, records: Records) -> str | None:
    """The result as CSV: one row an option, with the names of those who chose it where they are no secret.

    None where nobody may see it.
    """
    tally = records.polls.votes.shown_tally(poll)
    if tally is None:
        return None
    heading = ["poll", "question", "option", "votes", "percent", "voters"]
    chose = records.polls.votes.names(poll)
    if not poll.anonymous:
        heading.append("names")
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(heading)
    rows = zip(poll.options, poll.numbers, tally.counts, tally.shares, strict=True)
    for option, number, votes, share in rows:
        row: list[object] = [poll.id, harmless(poll.question), harmless(option), votes, share, tally.voters]
        table.writerow(row if poll.anonymous else [*row, harmless("; ".join(chose.get(number, ())))])
    return written.getvalue()


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula; everything else stays as it is."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULAS) else cell


def _found(number: int, records: Records) -> Poll:
    poll = records.polls.find(number)
    if poll is None:
        raise click.UsageError(f"There is no poll {number}: finops-bot polls list shows their numbers.")
    return poll


def _line(poll: Poll, records: Records, settings: Settings) -> str:
    state = "closed" if poll.closed is not None else "open"
    if poll.closed is None and poll.closes is not None:
        state = f"open until {in_words(poll.closes, poll.zone or settings.timezone, poll.opened)}"
    kind = "".join((", anonymous" if poll.anonymous else "", ", several choices" if poll.several else ""))
    return f"{poll.id:>5}  {state}{kind}  {poll.question}  ({so_far(records.polls.votes.voters(poll)).rstrip('.')})"


def results(poll: Poll, records: Records) -> Iterator[str]:
    """How a poll stands or ended, a line each, as far as people may see it."""
    tally = records.polls.votes.shown_tally(poll)
    if tally is None:
        yield from (f"- {option}" for option in poll.options)
        voters = records.polls.votes.voters(poll)
        yield f"{so_far(voters)} Its results are not to be seen yet." if poll.closed is None else TOO_FEW
        return
    yield from tally_lines(tally)
    yield standing(tally)


def record(poll: Poll, records: Records) -> dict[str, Any]:
    """A poll as it is written as JSON; its votes are null where nobody may see them."""
    tally: Tally | None = records.polls.votes.shown_tally(poll)
    counts = dict(zip(poll.options, tally.counts, strict=True)) if tally else None
    return {
        "poll": poll.id,
        "question": poll.question,
        "options": list(poll.options),
        "open": poll.closed is None,
        "anonymous": poll.anonymous,
        "several": poll.several,
        "hidden": poll.hidden,
        "opened": poll.opened.isoformat(),
        "closes": poll.closes and poll.closes.isoformat(),
        "closed": poll.closed and poll.closed.isoformat(),
        "places": records.polls.places(poll),
        "voters": records.polls.votes.voters(poll),
        "votes": counts,
    }
