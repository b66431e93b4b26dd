"""The tables of the revisions 0001 to 0009, which were never released: what the way over begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Integer, MetaData, String, Table, Text, false
from sqlalchemy import insert as insert_into
from sqlalchemy.types import TypeEngine

from bot.store.engines import open_engine, read_url, writing
from tests.bot.conftest import Place

KINDS: Mapping[str, TypeEngine[Any]] = {
    "key": String(255),
    "text": Text(),
    "number": Integer(),
    "large": BigInteger(),
    "bool": Boolean(),
    "moment": DateTime(),
}
# A line a table: the revision it came with, its name ("+" where numbers are never given again), and its columns.
# "!" is a part of the key, "?" may be empty, "=" has the default false, ">" refers to a table; a number at the end is
# the revision that the column came with.
TABLES = """
1 events: id!key claimed_until-moment done-bool
1 messages+: id!number conversation-key person-key activity?text content-text private-bool at-moment sources?text8
1 places: place!key script?text zone?text4 automatic=bool9 quiet=bool9 off?text9 moderators?text9
1 polls: id!number place-key question-text opened_by-key opened-moment closed?moment several=bool4 anonymous=bool4 \
hidden=bool4 closes?moment4 remind?number4 zone?text4 script?text4 section?text4 schedule?number4 key?text4 \
voters?number4 shown?text4
1 options: poll!polls number!number text-text votes?number4
1 quizzes+: id!number person-key place-key script-text section-text opened-moment tries-number hints-number first?text \
outcome?text question?text5 round?number5
1 feedback: message!number person!key helpful-bool reason?text at-moment
1 unanswered: id!number place-key person-key question-text at-moment outside=bool3
2 spending: id!number platform-key place?key private-bool message?number model-text input_tokens-large \
output_tokens-large nanodollars?large at-moment
4 poll_places: poll!polls place!key
4 invitations: code!key poll-polls until-moment
4 votes: poll!polls voter!key choice!number option-number name?text
4 secret_votes: poll!polls voter!key choice!number option-number
4 templates+: id!number place-key name-key content-text
4 schedules: id!number kind-text platform-text place-text thread?text private-bool content-text rule-text first-moment \
zone-text ended=bool
4 due: what!key number!number at-moment
4 posts: id!number platform-key place-text thread?text private-bool slot-key reference?text shown?text settled-bool \
claimed_until?moment
5 rounds+: id!number place-key person-key together-bool questions-text at-number revealed-bool asked-moment \
opened-moment ended?moment
5 round_answers: round!rounds at!number person!key grade-text option?number
5 leaderboard: place!key person!key name-text
6 discussions: id!number platform-key place-key private-bool overheard-bool question-text script-text section-text \
zone-text opened-moment closes-moment closed?moment
6 remarks: id!number discussion-discussions person-key name-text text-text at-moment
6 digests: id!number platform-key place-key schedule-number zone-text since-moment until-moment
7 drafts+: id!number person-key content-text at-moment
"""
FIRST_VOTES = "1 votes: poll!polls person!key option-number"


def make_earlier(place: Place, revision: str) -> MetaData:
    """Make the tables of an earlier revision in an empty database."""
    made = tables_of(revision)
    engine = writing(open_engine(read_url(place)))
    with engine.begin() as connection:
        made.create_all(connection)
        connection.execute(insert_into(made.tables["alembic_version"]).values(version_num=revision))
    engine.dispose()
    return made


def tables_of(revision: str) -> MetaData:
    """The tables of an earlier revision."""
    number, made = int(revision), MetaData()
    lines = TABLES.strip().replace("\\\n", "").splitlines()
    if number < 4:
        lines.append(FIRST_VOTES)
    for line in lines:
        head, _, columns = line.partition(":")
        since, name = head.split()
        if int(since) <= number:
            of_table = [_column(told) for told in columns.split() if int("".join(_digits(told)) or 1) <= number]
            Table(name.rstrip("+"), made, *of_table, sqlite_autoincrement=name.endswith("+"))
    Table("alembic_version", made, Column("version_num", String(32), primary_key=True))
    return made


def _digits(told: str) -> list[str]:
    return [letter for letter in told if letter.isdigit()]


def _column(told: str) -> Column[Any]:
    mark = next(letter for letter in told if letter in "!-?=")
    name, kind = told.rstrip("0123456789").split(mark)
    if kind in KINDS:
        own = name == "id" and kind == "number"
        is_key = mark == "!"
        return Column(
            name,
            KINDS[kind],
            primary_key=is_key,
            autoincrement=own,
            nullable=mark == "?",
            server_default=false() if mark == "=" else None,
        )
    return Column(name, ForeignKey(f"{kind}.id"), primary_key=mark == "!", nullable=False)
