"""`insights`: what people ask, what they lack and how they take part, in all places."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from bot.activities.insights import Report, begin, report, told
from bot.commands.answers import write_record
from bot.commands.likeness import likeness
from bot.commands.sign import sign
from bot.commands.start import existing_store, open_library, start
from bot.intents import Insight
from bot.store.scope import EVERYTHING

if TYPE_CHECKING:
    from bot.activities import Alike
    from bot.settings import Settings

COLUMNS = 100


@click.command()
@click.option("--days", type=click.IntRange(1, 36_500), metavar="DAYS", help="Only the last DAYS days.")
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def insights(days: int | None, as_json: bool) -> None:
    """Say what people ask most, what the sources lack, which answers help, and how many take part; nobody is named."""
    settings = start()
    since = begin(Insight(days), datetime.now(UTC), settings.retention_days)
    with closing(existing_store(settings)) as store:
        found = report(store.reading, since, _alike(settings), scope=EVERYTHING)
    sign().clear()
    if as_json:
        write_record(_record(found, settings.retention_days))
        return
    from adapters.terminal.layout import clean_line, wrap

    lines = "\n\n".join(told(found, "all places", settings.retention_days)).splitlines()
    for line in lines:
        click.echo(wrap(clean_line(line), COLUMNS))


def _alike(settings: Settings) -> Alike:
    @cache
    def of_library() -> Alike:
        return likeness(open_library(settings))

    # The library takes a second to open: only where there is something to compare.
    return lambda texts: of_library()(texts) if texts else []


def _record(found: Report, retention_days: int) -> dict[str, Any]:
    verdicts = found.verdicts
    return {
        "since": found.since.isoformat(),
        "remembered_days": retention_days,
        "questions": found.asked,
        "top": [asdict(one) for one in found.top],
        "not_covered": found.lacking,
        "gaps": [asdict(one) for one in found.gaps],
        **asdict(verdicts),
        "helpful_percent": round(100 * verdicts.helpful / verdicts.opinions) if verdicts.opinions else None,
        "people": {
            "asked": found.participation.asked,
            "voted_by_name": found.participation.voted,
            "took_quizzes": found.participation.quizzed,
            "replied": found.participation.replied,
        },
        "polls": found.participation.polls,
        "voters_in_anonymous_polls": found.participation.secret_voters,
    }
