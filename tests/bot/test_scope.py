"""Scopes: what is listed or summed is of one place, or of the public places of one server; never of another one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.reply import Reply, Text
from bot.store import Draft
from bot.store.polling import write_draft
from bot.store.records import Records
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person, Room, Turn
from knowledge.answer import Spent
from tests.bot.conftest import Talk

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=300)
# The same channel id in two workspaces, a private channel, a direct talk, and a row of which the server is not known.
HOME, AWAY = (Room("slack", "C1", server=team, public=True) for team in ("T1", "T2"))
NEXT = Room("slack", "C2", "17.5", server="T1", public=True)
CLOSED = Room("slack", "C3", server="T1")
DIRECT = Room("slack", "D1", private=True)
UNKNOWN = Room("slack", "C1")
ROOMS = (HOME, AWAY, NEXT, CLOSED, DIRECT, UNKNOWN)


def gathered(records: Records, scope: Scope) -> list[Any]:
    """What a digest of the scope tells."""
    plan = records.plans.repeat(HOME, "digest", "{}", "FREQ=WEEKLY", NOON, "UTC")
    return records.discussions.gathered(records.discussions.start_digest(plan, NOON), scope=scope)


def answers(sums: dict[Any, Any]) -> int:
    """How many answers some sums are of."""
    return sum(one.answers for one in sums.values())


# Each listing, as the number of what it lists.
LISTINGS: dict[str, Callable[[Records, Scope], int]] = {
    "insights.questions": lambda records, scope: len(records.insights.questions(LONG_AGO, scope=scope)),
    "insights.gaps": lambda records, scope: len(records.insights.gaps(LONG_AGO, scope=scope)),
    "insights.verdicts": lambda records, scope: records.insights.verdicts(LONG_AGO, scope=scope).answers,
    "insights.participation": lambda records, scope: records.insights.participation(LONG_AGO, scope=scope).polls,
    "records.unanswered": lambda records, scope: len(records.unanswered(LONG_AGO, scope=scope)),
    "records.answers_since": lambda records, scope: records.answers_since(LONG_AGO, scope=scope),
    "ledger.month": lambda records, scope: records.ledger.month(NOON, scope=scope).answers,
    "ledger.places": lambda records, scope: answers(records.ledger.places(NOON, scope=scope)),
    "ledger.models": lambda records, scope: answers(records.ledger.models(NOON, scope=scope)),
    "ledger.months": lambda records, scope: answers(records.ledger.months(NOON + timedelta(31), 1, scope=scope)),
    "polls.all": lambda records, scope: len(records.polls.all(scope=scope)),
    "discussions.gathered": lambda records, scope: len(gathered(records, scope)),
}


def make_one_of_each(records: Records, room: Room) -> None:
    """What every listing counts as one, in a room."""
    ana = Person("slack:U1", "Ana")
    turn = Turn("slack:1", room, ana, "What is FinOps?", NOON)
    message = records.remember(turn, Reply((Text("A practice."),), "question"))
    records.note_unanswered(turn)
    records.ledger.enter(turn, Spent("openai:gpt-4.1-mini", 20, 5), 16, message)
    records.polls.start(room, "slack:U1", NOON, Draft("Which?", ("a", "b")))
    discussion = records.discussions.start(room, "How?", ("script", "section"), "UTC", NOON)
    records.discussions.gather(discussion, ana, "so", NOON)


SCOPES = {
    "a place": (Scope(HOME), 1),
    "another one, in all its threads": (Scope(NEXT.whole), 1),
    "the same id in another workspace": (Scope(AWAY), 1),
    "a private channel": (Scope(CLOSED), 1),
    "a direct talk": (Scope(DIRECT), 1),
    "a place where nothing was": (Scope(Room("slack", "C9", server="T1", public=True)), 0),
    "the public places of a workspace": (Scope(CLOSED, server=True), 2),
    "those of another": (Scope(AWAY, server=True), 1),
    "all, for the shell": (EVERYTHING, len(ROOMS)),
}


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_tells_what_is_in_its_scope_and_nothing_else(name: str, records: Records) -> None:
    for room in ROOMS:
        make_one_of_each(records, room)
    told = {named: LISTINGS[name](records, scope) for named, (scope, _) in SCOPES.items()}
    assert told == {named: count for named, (_, count) in SCOPES.items()}


def test_every_listing_of_the_store_is_tried(records: Records) -> None:
    """Whatever takes a scope has no default for it, and stands in the list above."""
    subjects = {"records": records, **{name: part for name, part in vars(records).items() if not name.startswith("_")}}
    taking = {
        f"{subject}.{name}": method
        for subject, part in subjects.items()
        for name, method in inspect.getmembers(part, inspect.ismethod)
        if not name.startswith("_") and "scope" in inspect.signature(method).parameters
    }
    assert taking.keys() == LISTINGS.keys()
    assert all(inspect.signature(one).parameters["scope"].default is inspect.Parameter.empty for one in taking.values())


def test_a_talk_is_of_one_workspace(records: Records) -> None:
    make_one_of_each(records, HOME)
    bo = Person("slack:U2", "Bo")
    here, there = (records.scene(Turn("slack:2", room, bo, "hi", NOON)) for room in (HOME, AWAY))
    assert None not in (here.poll, here.discussion)
    assert (there.history, there.poll, there.discussion) == ((), None, None)


def test_a_direct_talk_has_no_server_to_be_listed() -> None:
    with pytest.raises(ValueError, match="no server"):
        Scope(DIRECT, server=True)


# --- In chat ---

SERVERS = (
    *(Room("slack", "C1", server=team, public=True) for team in ("T1", "T2")),
    *(Room("slack", "C2", server="T1", public=True), Room("slack", "C3", server="T1")),
    *(Room("discord", "7", server=guild, public=True) for guild in ("1", "2")),
    *(Room("slack", "D1", private=True), Room("discord", "8", private=True)),
)
# Whatever lists or sums what others said, asked, opened or planned.
ASKED = (
    *(
        "insights",
        "show usage role-of-finops",
        "digest",
        "show the replies with names",
        "polls",
        "results",
        "votes by name",
        "trend",
    ),
    *("templates", "schedules", "leaderboard", "settings", "privacy", "use template lunch", "repeat the poll daily"),
)


def secret_of(room: Room) -> str:
    """A word that only this room has."""
    return f"zebra{SERVERS.index(room)}x"


def fill(records: Records, room: Room, at: datetime) -> None:
    """Something in a room of all that can be listed, with the room's word in it."""
    ana, word = Person(f"{room.platform}:U1", secret_of(room)), secret_of(room)
    turn = Turn(f"test:{word}", room, ana, f"What is {word}?", at)
    message = records.remember(turn, Reply((Text("A practice."),), "question"))
    records.note_unanswered(turn)
    records.ledger.enter(turn, Spent(f"openai:{word}", 20, 5), 16, message)
    records.polls.start(room, ana.id, at, Draft(f"{word}?", ("a", "b")))
    records.plans.keep(room, word, Draft(f"{word}?", ("a", "b")))
    records.plans.repeat(room, "poll", write_draft(Draft(f"{word}?", ("a", "b"))), "FREQ=DAILY", at, "UTC")
    discussion = records.discussions.start(room, f"How {word}?", ("script", "section"), "UTC", at)
    records.discussions.gather(discussion, ana, f"so {word}", at)


@pytest.mark.parametrize("administrator", [pytest.param(False, marks=pytest.mark.trial), True])
@pytest.mark.parametrize("room", SERVERS, ids=str)
def test_nobody_is_told_of_another_place_server_or_workspace(talk: Talk, room: Room, administrator: bool) -> None:
    with talk.store.writing() as records:
        for one in SERVERS:
            fill(records, one, talk.now)
    cy = Person(f"{room.platform}:U9", "Cy", moderator=True, administrator=administrator)
    told = "\n".join(reply.text for words in ASKED for reply in talk.replies(talk.turn(words, cy, room)))
    assert "Sorry" not in told
    assert secret_of(room) in told
    open_to = {room}
    if administrator and room.public:
        open_to |= {one for one in SERVERS if one.public and one.server is not None and one.server == room.server}
    leaked = {str(one) for one in SERVERS if secret_of(one) in told} - {str(one) for one in open_to}
    assert not leaked
