"""The way over from the tables of the revisions 0001 to 0009, which were never released, in databases and in backups.

It goes by what the rows hold, and so needs no migration of each: what they lack has a default in the tables of today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, inspect, select, text, update

from bot.store.models import OptionRow, PollRow
from bot.store.numbers import go_on_from, last_number
from bot.store.polling import FEWEST
from bot.store.rows import fill

Row = Mapping[str, Any]

REVISIONS = tuple(f"{number:04}" for number in range(1, 10))
# Before any moment of the bot.
EVER = "1970-01-01T00:00:00"
TABLES = frozenset(
    {
        "digests",
        "discussions",
        "drafts",
        "due",
        "events",
        "feedback",
        "invitations",
        "leaderboard",
        "messages",
        "options",
        "places",
        "poll_places",
        "polls",
        "posts",
        "quizzes",
        "remarks",
        "round_answers",
        "rounds",
        "schedules",
        "secret_votes",
        "spending",
        "templates",
        "unanswered",
        "votes",
    }
)


def bring_over(connection: Connection, make: Callable[[], None]) -> None:
    """Have the tables of today, which `make` makes, hold what those of an earlier revision held."""
    names = sorted(TABLES & set(inspect(connection).get_table_names()))
    earlier = MetaData()
    earlier.reflect(connection, only=names)
    last = {name: last_number(connection, earlier.tables[name]) for name in names}
    for name in names:
        connection.execute(text(f"CREATE TEMPORARY TABLE earlier_{name} AS SELECT * FROM {name}"))
    earlier.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    make()

    def read(name: str) -> Iterator[Row]:
        found = connection.execute(text(f"SELECT * FROM earlier_{name}"), execution_options={"yield_per": 1_000})
        for row in found:
            yield row._asdict()

    fill_from(connection, names, read, last)
    for name in names:
        connection.execute(text(f"DROP TABLE earlier_{name}"))


def fill_from(
    connection: Connection, names: Collection[str], read: Callable[[str], Iterator[Row]], last: Mapping[str, int | None]
) -> None:
    """Fill the empty tables of today with the rows that `read` gives of the earlier tables of those names; `last` are
    the last numbers that each gave to a row.
    """
    today = MetaData()
    today.reflect(connection, only=sorted(TABLES))
    for table in today.sorted_tables:
        if table.name in names:
            fill(connection, table, (_today(table.name, row) for row in read(table.name) if table.name != "events"))
            go_on_from(connection, table, last.get(table.name))
        elif table.name == "poll_places":
            # Before 0004 a poll was held where it was opened.
            fill(connection, table, ({"poll": row["id"], **_split(row["place"])} for row in read("polls")))
    # An anonymous poll with few voters keeps no result.
    few = select(PollRow.id).where(PollRow.anonymous, PollRow.voters < FEWEST)
    connection.execute(update(OptionRow).where(OptionRow.poll.in_(few)).values(votes=None))


def _today(table: str, row: Row) -> Row:
    """A row as it is today. Which server it was made in was not kept, nor whether its place was public."""
    held = dict(row)
    if "conversation" in held:
        place, _, thread = held.pop("conversation").rpartition("/")
        return {**held, **_split(place), "thread": thread}
    if table in ("schedules", "posts"):
        versions = _versions(held) if table == "posts" else {}
        return {**held, **versions, "server": "", "thread": held["thread"] or ""}
    if table == "votes" and "person" in held:
        return {"poll": held["poll"], "voter": held["person"], "choice": 0, "option": held["option"]}
    if table == "polls":
        # What an anonymous poll showed before its close is shown no more.
        held.pop("shown", None)
    if table == "spending":
        return {**held, "server": "", "place": _split(held["place"] or "")["place"]}
    if table == "unanswered":
        held["thread"] = ""
    return {**held, **_split(held["place"])} if "place" in held else held


def _versions(post: dict[str, Any]) -> Row:
    """What a message that stands shows, in versions: one that might still change is looked at once more."""
    settled = post.pop("settled")
    del post["claimed_until"]
    rests = {"rests_until": None if settled else EVER, "held_until": EVER, "eased_until": EVER, "refusals": 0}
    done = 1 if settled else 0
    return {"fingerprint": post["shown"], "wanted": 1, "begun": done, "shown": done, **rests}


def _split(place: str) -> dict[str, str]:
    """The columns of a place, which was kept as "slack/C1"."""
    platform, _, within = place.partition("/")
    return {"platform": platform, "server": "", "place": within}
