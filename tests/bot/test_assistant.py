"""The assistant: who takes a turn, what is remembered, and what happens when something fails."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot import assistant as module
from bot.activities import Activity
from bot.activities.help import EXAMPLES, Help
from bot.activities.questions import Questions
from bot.assistant import REMEMBERED, Assistant
from bot.reply import Reply, Sources, Text
from bot.turn import Person, Room, Turn
from knowledge.answer import Answer, Message, Source

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ANA = Person("test:ana", "Ana")
HERE = Room("test", "here")


class Echo:
    """Takes turns that hold `trigger`; keeps what it was given."""

    def __init__(self, trigger: str = "") -> None:
        self.trigger = trigger
        self.heard: list[tuple[str, tuple[Message, ...]]] = []

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        if self.trigger not in turn.words:
            return None
        self.heard.append((turn.words, tuple(history)))
        return Reply((Text(f"{self.trigger or 'any'}: {turn.words}"),), "question")


class Broken:
    """Raises, whatever is said."""

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        raise OSError("disk on fire")


class Known:
    """Answers with what it was made with, and keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[tuple[str, int]] = []

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        self.asked.append((question, len(history)))
        return self._answer


def hear(assistant: Assistant, words: str, room: Room = HERE) -> list[Reply]:
    async def replies() -> list[Reply]:
        return [reply async for reply in assistant.hear(Turn("test:1", room, ANA, words, NOON))]

    return asyncio.run(replies())


def test_the_first_that_takes_a_turn_has_it() -> None:
    cats, dogs, rest = Echo("cat"), Echo("dog"), Echo()
    activities: list[Activity] = [cats, dogs, rest]
    assistant = Assistant(activities)
    said = [hear(assistant, words)[0].text for words in ("a dog", "a cat and a dog", "a fish")]
    assert said == ["dog: a dog", "cat: a cat and a dog", "any: a fish"]
    assert [len(activity.heard) for activity in (cats, dogs, rest)] == [1, 1, 1]


def test_a_turn_is_heard_with_what_was_said_before_it() -> None:
    echo = Echo()
    assistant = Assistant([echo])
    hear(assistant, "one")
    hear(assistant, "two")
    assert echo.heard == [("one", ()), ("two", (Message("user", "one"), Message("assistant", "any: one")))]


def test_rooms_do_not_hear_each_other() -> None:
    echo = Echo()
    assistant = Assistant([echo])
    hear(assistant, "one")
    hear(assistant, "two", Room("test", "here", thread="7"))
    hear(assistant, "three", Room("other", "here"))
    assert [history for _, history in echo.heard] == [(), (), ()]


def test_a_failure_is_an_apology_with_a_reference_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    echo = Echo("fine")
    assistant = Assistant([echo, Broken()])
    hear(assistant, "fine")
    with caplog.at_level(logging.ERROR):
        (reply,) = hear(assistant, "secret words")
    match = re.fullmatch(r"Sorry, that went wrong on my side \(reference ([0-9a-f]{8})\)\.", reply.text)
    assert match is not None
    assert reply.abstained
    assert reply.sources == ()
    (record,) = caplog.records
    assert match[1] in record.getMessage()
    assert record.exc_info is not None
    assert "disk on fire" not in reply.text
    assert "secret words" not in caplog.text
    # The failed turn leaves the room as it was.
    hear(assistant, "fine again")
    assert [message.content for message in echo.heard[-1][1]] == ["fine", "fine: fine"]


def test_every_failure_has_a_reference_of_its_own() -> None:
    assistant = Assistant([Broken()])
    assert len({hear(assistant, "?")[0].text for _ in range(5)}) == 5


def test_nobody_taking_a_turn_is_a_failure() -> None:
    (reply,) = hear(Assistant([Echo("cat")]), "dog")
    assert reply.text.startswith("Sorry, ")


def test_memory_of_a_room_is_bounded() -> None:
    echo = Echo()
    assistant = Assistant([echo])
    for number in range(30):
        hear(assistant, str(number))
    _, history = echo.heard[-1]
    assert len(history) == REMEMBERED
    assert history[-1] == Message("assistant", "any: 28")
    assert history[0].role == "user"


def test_memory_of_rooms_is_bounded_and_the_silent_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOMS", 3)
    echo = Echo()
    assistant = Assistant([echo])
    for place in ("a", "b", "c", "a", "d"):  # b has been silent for longest
        hear(assistant, "hello", Room("test", place))
    for place, remembered in (("a", 4), ("c", 2), ("d", 2), ("b", 0)):
        hear(assistant, "and now", Room("test", place))
        assert len(echo.heard[-1][1]) == remembered, place


def test_responding_remembers_nothing() -> None:
    echo = Echo()
    assistant = Assistant([echo])
    turn = Turn("test:1", HERE, ANA, "one", NOON)
    assert asyncio.run(assistant.respond(turn, ())).text == "any: one"
    hear(assistant, "two")
    assert echo.heard[-1] == ("two", ())


# --- Activities ---


@pytest.mark.parametrize(
    "words",
    ["help", "/help", "Hi!", "hello", "Good morning", "?", "what can you do?", "Who are you?", " HELP ", "menu"],
)
def test_help_is_given_to_those_who_ask_or_greet(words: str) -> None:
    reply = asyncio.run(Help().take(Turn("test:1", HERE, ANA, words, NOON), ()))
    assert reply is not None
    assert reply.activity == "help"
    assert not reply.abstained
    assert all(f"- {example}" in reply.text for example in EXAMPLES)


@pytest.mark.parametrize(
    "words", ["How does FinOps help?", "hi, what is FinOps?", "who are they", "", "helpful", "start the poll"]
)
def test_help_leaves_questions_to_others(words: str) -> None:
    assert asyncio.run(Help().take(Turn("test:1", HERE, ANA, words, NOON), ())) is None


def test_an_answer_becomes_a_reply_with_its_sources() -> None:
    source = Source("Video", "Part", "0:00-0:30", None)
    known = Known(Answer("So it is.", "answer", (source,)))
    reply = asyncio.run(Questions(known).take(Turn("test:1", HERE, ANA, "Is it?", NOON), [Message("user", "Hm")]))
    assert reply == Reply((Text("So it is."), Sources((source,))), "question", abstained=False)
    assert known.asked == [("Is it?", 1)]


def test_the_nearest_place_is_no_source_of_what_is_not_answered() -> None:
    known = Known(Answer("I do not know.", "decline", (Source("Video", "Part", None, None),)))
    reply = asyncio.run(Questions(known).take(Turn("test:1", HERE, ANA, "Is it?", NOON), ()))
    assert reply == Reply((Text("I do not know."),), "question", abstained=True)


def test_parts_of_a_reply() -> None:
    one, other = Source("A", None, None, None), Source("B", None, None, None)
    reply = Reply((Text("first"), Sources((one,)), Text("second"), Sources((other,))), "question")
    assert reply.text == "first\n\nsecond"
    assert reply.sources == (one, other)
