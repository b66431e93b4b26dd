"""Undo: once, by who did it, within ten minutes, and only as long as nobody has changed it since."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.assistant import Assistant
from bot.commands.start import make_assistant
from bot.intents.certainty import UNDONE_WITHIN
from bot.intents.understanding import Understanding
from bot.reply import Choices, Reply
from bot.settings import Settings
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.library import Library

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
HERE = Room("test", "here", server="S")
ANA, BO = Person("test:ana", "Ana", moderator=True), Person("test:bo", "Bo", moderator=True)
SECOND = timedelta(seconds=1)


class Talking:
    """Says things in one room, and keeps what can be undone."""

    def __init__(self, assistant: Assistant, store: Store) -> None:
        self.store = store
        self._assistant = assistant
        self._numbers = count(1)

    def say(self, words: str, at: timedelta = timedelta(0), person: Person = ANA, room: Room = HERE) -> Reply:
        turn = Turn(f"test:{next(self._numbers)}", room, person, words, NOON + at)

        async def said() -> list[Reply]:
            return [reply async for reply in self._assistant.hear(turn)]

        return asyncio.run(said())[-1]

    def undo_of(self, words: str, person: Person = ANA) -> str:
        """What the button says that undoes what these words do."""
        parts = self.say(words, person=person).parts
        offered = [choice for part in parts if isinstance(part, Choices) for choice in part.choices]
        return next(choice.says for choice in offered if choice.label == "Undo")


@pytest.fixture
def talking(library: Library, settings: Settings, understanding: Understanding) -> Iterator[Talking]:
    from bot.commands.start import no_store

    store = no_store()
    yield Talking(make_assistant(library, settings, lambda: store, understanding), store)
    store.close()


def open_polls(talking: Talking) -> int:
    with talking.store.reading() as records:
        return len(records.polls.open_in(HERE))


def test_a_close_is_undone_once_with_the_deadline_that_the_poll_had(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup for 2h")
    undo = talking.undo_of("close the poll")
    assert open_polls(talking) == 0
    talking.say(undo, SECOND)
    with talking.store.reading() as records:
        (poll,) = records.polls.open_in(HERE)
    assert poll.closes == NOON + timedelta(hours=2)
    assert "undone before" in talking.say(undo, SECOND).text


def test_an_undo_in_other_words_is_asked_about_and_done_by_a_yes(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    talking.say("close the poll", SECOND)
    asked = talking.say("blast, I did not mean to do that, put it back the way it was please", SECOND)
    assert asked.text.startswith("Do you mean: undo?")
    assert open_polls(talking) == 0
    talking.say("yes", SECOND)
    assert open_polls(talking) == 1


def test_what_is_older_than_something_else_is_named_and_asked_about(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    talking.say("close the poll", SECOND)
    talking.say("what is showback?", 2 * SECOND)
    asked = talking.say("undo", 3 * SECOND)
    assert asked.text.startswith("Do you mean: undo?\nWhere do we eat?")
    assert open_polls(talking) == 0
    talking.say("yes", 4 * SECOND)
    assert open_polls(talking) == 1


def test_a_vote_in_another_poll_than_the_newest_is_asked_about(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    talking.say("soup for me", SECOND)
    talking.say("poll: Which tool? Hammer, Saw", SECOND)
    assert talking.say("undo", 2 * SECOND).text.startswith("Do you mean: undo?\nWhere do we eat?")
    talking.say("saw for me", 3 * SECOND)
    assert talking.say("undo", 4 * SECOND).text.startswith("Undone: you have no vote in “Which tool?”")


def test_what_was_only_asked_cannot_be_undone_whatever_was_done_before(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    talking.say("soup for me", SECOND)
    asked = talking.say("everybody must see this, close the poll", 2 * SECOND)
    assert asked.text.startswith("Do you mean: close")
    assert "I only asked" in talking.say("undo", 3 * SECOND).text


def test_a_poll_that_is_open_is_not_opened_again(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    told = talking.say("open it", SECOND).text
    assert told == "“Where do we eat?” is open. To open one again that was closed, say “reopen the poll”."


def test_nobody_undoes_what_somebody_else_did(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    undo = talking.undo_of("close the poll")
    talking.say(undo, SECOND, BO)
    talking.say("undo", SECOND, BO)
    assert open_polls(talking) == 0
    talking.say(undo, SECOND, ANA)
    assert open_polls(talking) == 1


def test_it_is_said_when_it_is_too_late(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    undo = talking.undo_of("close the poll")
    assert "too late" in talking.say(undo, UNDONE_WITHIN).text
    assert open_polls(talking) == 0


def test_a_deadline_that_has_passed_keeps_a_poll_closed(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup for 5 minutes")
    undo = talking.undo_of("close the poll")
    assert "deadline" in talking.say(undo, timedelta(minutes=6)).text
    assert open_polls(talking) == 0


def test_the_close_of_an_anonymous_poll_is_not_offered_to_be_undone(talking: Talking) -> None:
    talking.say("anonymous poll: Where do we eat? Noodles, Soup")
    parts = talking.say("close the poll").parts
    offered = [choice.label for part in parts if isinstance(part, Choices) for choice in part.choices]
    assert "Undo" not in offered


def test_a_vote_goes_back_to_what_it_was(talking: Talking) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    talking.say("noodles")
    talking.say(talking.undo_of("soup"), SECOND)
    with talking.store.reading() as records:
        (poll,) = records.polls.open_in(HERE)
        assert records.polls.votes.choices_of(poll, ANA) == (1,)


def test_a_setting_stays_that_somebody_has_changed_since(talking: Talking) -> None:
    undo = talking.undo_of("be quiet here")
    talking.say("don't be quiet here", SECOND, BO)
    assert "stays as it is" in talking.say(undo, SECOND).text
    undo = talking.undo_of("switch quizzes off")
    assert "Undone" in talking.say(undo, SECOND).text


@pytest.mark.parametrize(
    "words", ["would you be so kind and shut down the voting", "I think we should wrap up this poll"]
)
def test_a_close_that_was_not_plainly_said_is_asked(talking: Talking, words: str) -> None:
    talking.say("poll: Where do we eat? Noodles, Soup")
    reply = talking.say(words)
    assert open_polls(talking) == 1
    (asked,) = [choice for part in reply.parts if isinstance(part, Choices) for choice in part.choices if choice.says]
    talking.say(asked.says)
    assert open_polls(talking) == 0


def test_what_can_be_undone_is_the_persons_own_and_goes_with_them(talking: Talking) -> None:
    talking.say("be quiet here")
    assert "1 change that you can undo" in talking.say("what do you keep about me?", SECOND).text
    talking.say("privacy delete everything", SECOND)
    assert "nothing here" in talking.say("undo", SECOND, replace(ANA)).text
